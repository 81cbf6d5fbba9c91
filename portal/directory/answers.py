"""Who answers: loads the facts for a day and puts people and contact points together."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from portal.directory import queries
from portal.directory.models import ContactDetail
from portal.directory.queries import (
    Desk,
    Detail,
    Holder,
    MunicipalityRow,
    Party,
    RoleRow,
    SchoolRow,
)


class Answer(NamedTuple):
    """Who answers for a role: the people who hold it, and whom to turn to without them."""

    role: RoleRow
    people: tuple[Party, ...]
    desks: tuple[Party, ...]
    expected: bool
    to_confirm: bool

    @property
    def first(self) -> tuple[Party, Detail] | None:
        """Whom one would call first, and on which number; an address where nobody has a number."""
        parties = (*self.people, *self.desks)
        for kind in (ContactDetail.PHONE, ContactDetail.EMAIL):
            for party in parties:
                for detail in party.of_kind(kind):
                    if not detail.label:
                        return party, detail
        return None


def kernteam(school: SchoolRow, on: date) -> list[Answer]:
    """One answer for each role that the school has around it, in the order of the page."""
    holders = queries.list_holders(on, schools=[school.code])
    desks = queries.list_desks(on, municipalities=[school.municipality])
    return [
        _answer(role, school, holders, desks)
        for role in queries.list_roles()
        if role.applies(school.sector, school.municipality)
    ]


def fallbacks(answers: Sequence[Answer]) -> list[tuple[Party, list[RoleRow]]]:
    """Each contact point once, with the roles that it answers for, in the order of the page."""
    roles: dict[Party, list[RoleRow]] = {}
    for answer in answers:
        for desk in answer.desks:
            roles.setdefault(desk, []).append(answer.role)
    return list(roles.items())


def first_calls(
    schools: Sequence[SchoolRow], asked: Collection[str], on: date
) -> dict[str, Answer]:
    """Per school (code) the answer to show beside its name.

    For the first of the `asked` roles (keys) that the school has; without any, for the role that
    the region calls first.
    """
    roles = queries.list_roles()
    chosen = {
        school.code: role for school in schools if (role := _first_role(school, asked, roles))
    }
    holders = queries.list_holders(
        on, schools=list(chosen), roles={role.key for role in chosen.values()}
    )
    desks = queries.list_desks(on, municipalities={school.municipality for school in schools})
    return {
        school.code: _answer(chosen[school.code], school, holders, desks)
        for school in schools
        if school.code in chosen
    }


def in_municipality(codes: Collection[str], on: date) -> dict[str, list[Answer]]:
    """Per municipality (code) the contact points of each role that has one there."""
    desks = queries.list_desks(on, municipalities=codes)
    roles = queries.list_roles()
    return {
        code: [
            Answer(
                role=role,
                people=(),
                desks=tuple(dict.fromkeys(desk.party for desk in matching)),
                expected=True,
                to_confirm=any(desk.to_confirm for desk in matching),
            )
            for role in roles
            if (matching := [d for d in desks if (d.municipality, d.role) == (code, role.key)])
        ]
        for code in codes
    }


def per_municipality(role: RoleRow, on: date) -> list[tuple[MunicipalityRow, Answer]]:
    """The municipalities where a contact point answers for `role`, the region's first."""
    towns = queries.list_municipalities()
    answering = in_municipality([town.code for town in towns], on)
    return [
        (town, answer)
        for town in sorted(towns, key=lambda town: (not town.in_region, town.name))
        for answer in answering[town.code]
        if answer.role.key == role.key
    ]


def _first_role(
    school: SchoolRow, asked: Collection[str], roles: Sequence[RoleRow]
) -> RoleRow | None:
    fitting = [role for role in roles if role.applies(school.sector, school.municipality)]
    wanted = [role for role in fitting if role.key in asked]
    return next(iter(wanted or [role for role in fitting if role.first_call]), None)


def _answer(
    role: RoleRow, school: SchoolRow, holders: Sequence[Holder], desks: Sequence[Desk]
) -> Answer:
    people = tuple(
        holder.party
        for holder in holders
        if (holder.school, holder.role) == (school.code, role.key)
    )
    matching = [
        desk
        for desk in desks
        if (desk.role, desk.municipality) == (role.key, school.municipality)
        and desk.sector in ("", school.sector)
    ]
    return Answer(
        role=role,
        people=people,
        desks=tuple(desk.party for desk in matching) or (_school_itself(school),),
        expected=school.sector in role.expected_in,
        to_confirm=school.sector in role.to_confirm_in or any(d.to_confirm for d in matching),
    )


def _school_itself(school: SchoolRow) -> Party:
    """The school's own number: whom to turn to for its director and its intern begeleider."""
    details = []
    if school.phone:
        details.append(Detail(ContactDetail.PHONE, school.phone, ""))
    if school.website:
        details.append(Detail(ContactDetail.WEBSITE, school.website, ""))
    return Party(
        name="De school zelf",
        organisation=school.name,
        person_id=None,
        days="",
        note="" if details else "Van deze school is geen nummer bekend.",
        details=tuple(details),
        source=school.source,
        checked_on=school.checked_on,
    )
