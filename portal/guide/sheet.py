"""What stands on a poster. Pure.

Everybody who passes reads it: only details that are for everybody, and for parents no mobile
number, nobody's own mail address, and not the kernteam project's mailbox, which is for schools
(domain row A17).
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from portal.contacts.rules import MAILBOX_OF, Answer
from portal.directory.models import ContactDetail
from portal.directory.read_models import Detail, Party
from portal.phones import is_mobile


class Line(NamedTuple):
    """One role on the poster: who, and how to reach them."""

    role: str
    team: str
    about: str
    names: tuple[str, ...]  # empty: nobody is known
    organisation: str  # or the desk that answers; "": neither may be shown
    detail: Detail | None
    via: str  # whose number it is, where it is not theirs


def lines(team: Sequence[Answer], *, for_parents: bool) -> list[Line]:
    """The members of a kernteam, in the order of the page."""
    for_schools = {desk for a in team if a.role.key == MAILBOX_OF for desk in a.desks}
    return [
        _line(answer, for_parents, for_schools if for_parents else set())
        for answer in team
        if answer.role.member and answer.is_shown
    ]


def _line(answer: Answer, for_parents: bool, left_out: Collection[Party]) -> Line:
    names = tuple(party.name for party in answer.lead if party.person_id)
    chain = [party for party in answer.chain if party not in left_out]
    party, detail = _reach(chain, for_parents) or (None, None)
    first = answer.lead[0]
    own = "" if first in left_out else first.name
    return Line(
        role=answer.role.label,
        team=answer.role.team,
        about=answer.role.calls_for.split(". ")[0].rstrip(".") + ".",
        names=names,
        organisation=first.organisation if first.person_id else own,
        detail=detail,
        via=party.name if party and party.name not in (*names, first.name) else "",
    )


def _reach(chain: Sequence[Party], for_parents: bool) -> tuple[Party, Detail] | None:
    """The first number, or else address, that may stand on the wall."""
    fit = [
        (party, detail)
        for party in chain
        for detail in party.details
        if not detail.label
        and detail.kind != ContactDetail.WEBSITE
        and not (for_parents and _is_private(party, detail))
    ]
    phones = [pair for pair in fit if pair[1].kind == ContactDetail.PHONE]
    return next(iter(phones or fit), None)


def _is_private(party: Party, detail: Detail) -> bool:
    if detail.kind == ContactDetail.PHONE:
        return is_mobile(detail.value)
    return party.person_id is not None
