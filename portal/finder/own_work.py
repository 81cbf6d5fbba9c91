"""The kernteams in which somebody works, on their search page, with what changed there since their last visit."""

from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.accounts.access import current_user_or_none
from portal.contacts import timeline, who_to_call
from portal.contacts.timeline import first_of_each_role, list_changes
from portal.database.remembered_pieces import People, remembered
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.web.fragments import render_piece

FIRST_LOOK_BACK = timedelta(days=14)  # without an earlier visit


def show_own_work() -> dict[str, Any] | None:
    """The kernteams in which the signed-in person works today, and what changed in them since the
    day of their last visit, as HTML with the number of changes; None for a person who works in none."""
    user = current_user_or_none()
    if user is None or user.account.person_id is None:
        return None
    person, since = user.account.person_id, user.account.visited_before_on
    own = remembered("own work", person, since, make=lambda: _make_own_work(person, since))
    return dict(own) if own else None


def _make_own_work(person: int, since: date | None) -> tuple[dict[str, Any], int, People | None]:
    """The HTML as above for a person (id) and the day of their last visit, its size, and their id; {} and None for a
    person who works in none."""
    today = clock.today()
    codes = who_works_or_is_absent.list_schools_of(today, person)
    kernteams = who_to_call.kernteams(directory.list_schools_by_code(codes), today)
    if not kernteams:
        return {}, 0, None
    begin, coming = since or today - FIRST_LOOK_BACK, timeline.list_coming(codes, today)
    changes = list_changes(kernteams, timeline.list_coming(codes, begin, today))
    facts = {
        "kernteams": kernteams,
        "coming": {code: first_of_each_role(events) for code, events in coming.items()},
        "day": today,
        "since": begin,
        "is_first_visit": since is None,
        "changes": changes,
    }
    content = {
        "kernteams": render_piece("finder/_own_kernteams.html", facts),
        "changes": render_piece("finder/_own_changes.html", facts),
        "number": len(changes),
    }
    return content, sum(len(str(part)) for part in content.values()), {person}
