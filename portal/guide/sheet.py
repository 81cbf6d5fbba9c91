"""What stands on a poster. Pure.

Everybody who passes reads it: only details that are for everybody, and for parents no mobile
number, nobody's own mail address, and not the kernteam project's mailbox, which is for schools
(domain row A17).
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from portal.contacts.rules import ContactAnswer
from portal.directory.models import DetailKind
from portal.directory.read_models import Contact, Detail
from portal.phones import is_mobile


class Line(NamedTuple):
    """One role on the poster: who, and how to reach them."""

    role: str
    team: str
    about: str
    names: tuple[str, ...]  # empty: nobody is known
    organisation: str  # or the contact_point that answers; "": neither may be shown
    detail: Detail | None
    via: str  # whose number it is, where it is not theirs


def lines(team: Sequence[ContactAnswer], fallback_role: str, *, for_parents: bool) -> list[Line]:
    """The members of a kernteam, in the order of the page."""
    for_schools = {
        contact_point
        for a in team
        if a.role.key == fallback_role
        for contact_point in a.contact_points
    }
    return [
        _line(answer, for_parents, for_schools if for_parents else set())
        for answer in team
        if answer.role.member and answer.is_shown
    ]


def _line(answer: ContactAnswer, for_parents: bool, left_out: Collection[Contact]) -> Line:
    names = tuple(contact.name for contact in answer.primary if contact.person_id)
    escalation = [contact for contact in answer.escalation if contact not in left_out]
    contact, detail = _reach(escalation, for_parents) or (None, None)
    first = answer.primary[0]
    own = "" if first in left_out else first.name
    return Line(
        role=answer.role.label,
        team=answer.role.team,
        about=answer.role.call_about.split(". ")[0].rstrip(".") + ".",
        names=names,
        organisation=first.organisation if first.person_id else own,
        detail=detail,
        via=contact.name if contact and contact.name not in (*names, first.name) else "",
    )


def _reach(escalation: Sequence[Contact], for_parents: bool) -> tuple[Contact, Detail] | None:
    """The first number, or else address, that may stand on the wall."""
    fit = [
        (contact, detail)
        for contact in escalation
        for detail in contact.details
        if not detail.label
        and detail.kind != DetailKind.WEBSITE
        and not (for_parents and _is_private(contact, detail))
    ]
    phones = [pair for pair in fit if pair[1].kind == DetailKind.PHONE]
    return next(iter(phones or fit), None)


def _is_private(contact: Contact, detail: Detail) -> bool:
    if detail.kind == DetailKind.PHONE:
        return is_mobile(detail.value)
    return contact.person_id is not None
