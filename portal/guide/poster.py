"""What stands on a poster. Pure.

Everybody who passes reads it: only details that are for everybody, and for parents no mobile
number and nobody's own mail address (domain row A17).
"""

from collections.abc import Sequence
from typing import NamedTuple

from portal.directory.models import ContactDetail
from portal.directory.phones import is_mobile
from portal.directory.routing import Answer
from portal.directory.rows import Detail, Party


class Line(NamedTuple):
    """One role on the poster: who, and how to reach them."""

    role: str
    team: str
    about: str
    names: tuple[str, ...]  # empty: nobody is known
    organisation: str
    detail: Detail | None
    via: str  # whose number it is, where it is not theirs


def lines(team: Sequence[Answer], *, for_parents: bool) -> list[Line]:
    """The members of a kernteam, in the order of the page."""
    return [_line(answer, for_parents) for answer in team if answer.role.member and answer.is_shown]


def _line(answer: Answer, for_parents: bool) -> Line:
    names = tuple(party.name for party in answer.lead if party.person_id)
    reached = _reach(answer.chain, for_parents)
    party, detail = reached or (None, None)
    first = answer.lead[0]
    return Line(
        role=answer.role.label,
        team=answer.role.team,
        about=answer.role.calls_for.split(". ")[0].rstrip(".") + ".",
        names=names,
        organisation=first.organisation if first.person_id else first.name,
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
