"""The people who are expected at a meeting on its day, and those who lead it. Each function runs a fixed number of
statements. Days are Amsterdam dates."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from portal import clock
from portal.database import fetch_tuples
from portal.directory.contact_details import Contact
from portal.directory.models import Role
from portal.directory.who_works_or_is_absent import PostHolder, list_holders
from portal.meetings.models import Meeting
from portal.meetings.permissions import IS_MEMBER, list_workplaces
from portal.web.long_lists import Options


class Expected(NamedTuple):
    person: int
    name: str
    organisation: str
    roles: tuple[str, ...]  # labels
    is_staff: bool  # works for a school of the group
    leads: bool
    email: str = ""  # where it is asked for


def is_expected(*, is_staff: bool, is_member: bool, schools_only: bool) -> bool:
    """Whether the holder of a role takes part."""
    return is_staff or (is_member and not schools_only)


def list_expected(meeting: Meeting, on: date | None = None) -> list[Expected]:
    """The people who are expected at a meeting, on its day or another one: the holders, and the
    substitutes of those who are absent then."""
    day = on or meeting.day
    roles = _find_roles()
    found: dict[int, Expected] = {}
    for holder in list_holders(day, list_workplaces(meeting.workplace_id, day)):
        label, is_staff, is_member = roles[holder.role]
        contact = _find_present(holder)
        expected = is_expected(is_staff=is_staff, is_member=is_member, schools_only=meeting.schools_only)
        if not expected or contact is None or contact.person_id is None:
            continue
        leads = holder.role == meeting.leader.key
        known = found.get(contact.person_id)
        found[contact.person_id] = Expected(
            contact.person_id, contact.name, contact.organisation,
            (*(known.roles if known else ()), *([] if known and label in known.roles else [label])),
            is_staff or bool(known and known.is_staff), leads or bool(known and known.leads),
        )  # fmt: skip
    return list(found.values())


def list_leaders(meeting: Meeting) -> list[Contact]:
    """The people who lead a meeting, with their numbers."""
    group = list_workplaces(meeting.workplace_id, meeting.day)
    found = map(_find_present, list_holders(meeting.day, group, [meeting.leader.key]))
    return list({contact.person_id: contact for contact in found if contact}.values())


def _find_present(holder: PostHolder) -> Contact | None:
    """The holder of a post, or who stands in."""
    return holder.substitute if holder.is_absent else holder.contact


def _find_roles() -> dict[str, tuple[str, bool, bool]]:
    """The label of each role (key), and whether it is of the school and of the kernteam."""
    query = Role.select(Role.key, Role.label, Role.is_school_staff, IS_MEMBER)
    return {key: tuple(row) for key, *row in fetch_tuples(query)}


def list_leading_roles(
    workplaces: Collection[str] | None = None, on: date | None = None, *, schools_only: bool = False
) -> Options:
    """Key and label of the roles that can lead a meeting; all, or those of which somebody works at
    these schools and kernen (codes) on a day."""
    holders = [] if workplaces is None else list_holders(on or clock.today(), workplaces)
    present = {holder.role for holder in holders}
    return [
        (key, label)
        for key, (label, is_staff, is_member) in _find_roles().items()
        if (workplaces is None or key in present)
        and is_expected(is_staff=is_staff, is_member=is_member, schools_only=schools_only)
    ]
