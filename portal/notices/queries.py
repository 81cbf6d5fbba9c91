"""Statements about a notice, with its draft and history."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import NamedTuple

from portal import audit, clock, phones
from portal.database import db
from portal.database.cache import fetch_kept
from portal.database.validity import current_or_future
from portal.directory.change_sets import OF_NOTICES, ChangeSet, ChangeSetKind
from portal.directory.contact_details import list_person_details
from portal.directory.models import Assignment
from portal.directory.new_people_and_details import NewPerson
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, NoticeEvent
from portal.notices.permissions_and_confirmation import Author
from portal.web.formatting import short_day


def find_notice(notice: int) -> Notice | None:
    return Notice.get_or_none(Notice.id == notice)


def list_of_change_sets(change_sets: Collection[int]) -> list[Notice]:
    """The notices of these change sets (ids), the first posted in front."""
    refs = ChangeSet.select(ChangeSet.ref).where(ChangeSet.id.in_(change_sets) & ChangeSet.kind.in_(OF_NOTICES))
    return list(Notice.select().where(Notice.id.in_(refs)).order_by(Notice.id))


def describe_others(change_sets: Collection[int]) -> str:
    """The change sets (ids) that are of no notice, by kind and day: "import op 3-12-2026"."""
    of_notice = ChangeSet.kind.in_(OF_NOTICES)
    rows = ChangeSet.select().where(ChangeSet.id.in_(change_sets) & ~of_notice)
    rows = rows.order_by(ChangeSet.id)
    return " en ".join(f"{row.kind.label} op {short_day(clock.day_of(row.at))}" for row in rows)


def list_departed(on: date) -> set[int]:
    """The people (ids) who left by a notice before the day `on`, and hold no post since."""
    departures = list_departures(on)
    if not departures:
        return set()
    posts = Assignment.select(Assignment.person).where(current_or_future(Assignment, on))
    holding = {person for (person,) in fetch_kept(posts.distinct())}
    return {person for person, _ in departures} - holding


def list_departures(until: date) -> list[tuple[int, Notice]]:
    """The notices that say who leaves, up to and including a first day without them (`until`): each
    with the person (id)."""
    left = (Notice.kind == NoticeKind.DEPARTURE) & Notice.withdrawn_at.is_null()
    left &= Notice.valid_until.is_null()  # always so; found by an index
    notices = Notice.select().where(left & (Notice.valid_from <= until)).order_by(Notice.id)
    told = ((json.loads(notice.draft).get("person"), notice) for notice in notices)
    return [(person, notice) for person, notice in told if person]


def add_notice(author: Author, draft: Draft, key: str) -> tuple[Notice, ChangeSet]:
    """Store a draft as a notice, without a title yet, and begin its change set; in the caller's transaction."""
    notice: Notice = Notice.create(
        key=key,
        kind=draft.kind,
        title="",
        text=draft.text,
        draft=_dump_draft(draft),
        account=author.account,
        author_name=author.name,
        reply_to=author.email,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        published_at=clock.now(),
        announced_at=clock.now(),
    )
    change_set = ChangeSet.begin(ChangeSetKind.NOTICE, author.account, ref=notice.id, effective_on=draft.valid_from)
    return notice, change_set


def was_cleared(notice: int) -> bool:
    """Whether there was a notice with this id, which is gone; its change set stays for a time."""
    of_notice = (ChangeSet.kind == ChangeSetKind.NOTICE) & (ChangeSet.ref == notice)
    return bool(ChangeSet.select().where(of_notice).exists())


def get_draft(notice: Notice) -> Draft:
    """The draft of a notice as it is now. Kind, text and days are columns; the other answers are JSON."""
    answers = json.loads(notice.draft)
    if answers.get("new_person"):
        answers["new_person"] = NewPerson(*answers["new_person"])
    answers["schools"] = tuple(answers.get("schools", ()))
    if answers.get("known_on"):
        answers["known_on"] = date.fromisoformat(answers["known_on"])
    for name in ("posts", "details"):
        answers[name] = {int(key): value for key, value in answers.get(name, {}).items()}
    return Draft(**answers | {name: getattr(notice, name) for name in _COLUMNS})


def list_new_details(notice: Notice) -> list[str]:
    """The number and the address of the person of a notice from its first day on, as people write
    them: those that the viewer may see, none once it was withdrawn."""
    draft = get_draft(notice)
    typed = list_typed_details(draft)
    person = draft.person if typed and not notice.withdrawn_at else None
    details = list_person_details([person], notice.valid_from)[person] if person else ()
    shown = {phones.grouped(detail.value) for detail in details}
    return [text for text in typed if text in shown]


def list_typed_details(draft: Draft) -> list[str]:
    """The number and the address from the first day on, as people write them."""
    return [text for text in (phones.grouped(draft.more_phone), draft.more_email) if text]


def update_draft(notice: Notice, draft: Draft) -> None:
    """Give a notice another draft; the caller saves the notice."""
    notice.draft, notice.text = _dump_draft(draft), draft.text
    notice.valid_from, notice.valid_until = draft.valid_from, draft.valid_until


_COLUMNS = ("kind", "text", "valid_from", "valid_until")


def _dump_draft(draft: Draft) -> str:
    answers = asdict(draft)
    answers = {name: answers[name] for name in answers if name not in _COLUMNS}
    return json.dumps(answers, default=date.isoformat)


def add_event(notice: Notice, author: Author, text: str, action: str, old_text: str | None = None) -> None:
    """Record a step in the history of a notice, and in the audit trail under `action`; with the
    text of the notice that this step replaced."""
    NoticeEvent.create(notice=notice, at=clock.now(), author_name=author.name, text=text, old_text=old_text)
    audit.record(author.account, action, "notice", notice.id)


class Step(NamedTuple):
    """A step in the history of a notice, with the text of the notice after it."""

    event: NoticeEvent
    new_text: str


def list_events(notice: Notice) -> list[Step]:
    """The history of a notice."""
    events = NoticeEvent.select().where(NoticeEvent.notice == notice.id).order_by(NoticeEvent.id.desc())
    steps, text = [], notice.text
    for event in events:
        steps.append(Step(event, text))
        text = text if event.old_text is None else event.old_text
    return steps[::-1]


def wipe_old_texts(author: Author, notice: Notice) -> None:
    """Delete the earlier texts of a notice: one may name somebody who should not stand there."""
    with db.atomic():
        NoticeEvent.update(old_text=None).where(NoticeEvent.notice == notice.id).execute()
        add_event(notice, author, "De eerdere teksten zijn gewist.", "changed")
