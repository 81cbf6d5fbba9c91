"""Loads the facts for a day and asks the rules: the one place where the two meet."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from portal.contacts import rules
from portal.contacts.rules import ContactAnswer, Facts
from portal.directory import people
from portal.directory import schools as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.models import DetailKind
from portal.directory.read_models import (
    Contact,
    ContactPointRow,
    Detail,
    MunicipalityRow,
    PostHolder,
    RoleRow,
    SchoolRow,
    VacancyRow,
)
from portal.region import current_region


class MunicipalContactPoint(NamedTuple):
    """A contact point for a role in a municipality."""

    contact: Contact
    sectors: tuple[str, ...]  # keys; empty: for schools of every sector


def kernteam(
    school: SchoolRow, on: date, home: MunicipalityRow | None = None
) -> list[ContactAnswer]:
    """One answer for each role around a school on the day `on` (Amsterdam), in the order of the
    page, for a pupil who lives in `home` (without it: in the school's own municipality)."""
    facts = load_facts(school, on, home or _own_municipality(school))
    return [
        rules.answer(role, facts)
        for role in facts.roles
        if role.applies(school.sector, school.municipality)
    ]


def kernteams(
    schools: Sequence[SchoolRow], on: date
) -> list[tuple[SchoolRow, list[ContactAnswer]]]:
    """The members of the kernteam of each school on the day `on`, for pupils from there; in as
    many statements for many schools as for one."""
    roles, contact_points = directory.list_roles(), list_contact_points(on)
    codes = [school.code for school in schools]
    holders, vacancies = people.list_holders(on, codes), people.list_vacancies(on, codes)
    found = []
    for school in schools:
        facts = _facts_of(school, roles, holders, vacancies, contact_points)
        team = (
            rules.answer(role, facts)
            for role in roles
            if role.member and role.applies(school.sector, school.municipality)
        )
        found.append((school, [answer for answer in team if answer.is_shown]))
    return found


def load_facts(school: SchoolRow, on: date, home: MunicipalityRow) -> Facts:
    """Everything that the rules look at for this school, day and home."""
    region = current_region()
    return Facts(
        school=school,
        home=home,
        roles=directory.list_roles(),
        holders=people.list_holders(on, schools=[school.code]),
        vacancies=people.list_vacancies(on, [school.code]),
        contact_points=list_contact_points(on, municipalities=[school.municipality, home.code]),
        guide=region.guide,
        fallback_role=region.fallback_role,
    )


def first_calls(
    schools: Sequence[SchoolRow],
    asked: Collection[str],
    on: date,
    roles: Sequence[RoleRow],
    contact_points: Sequence[ContactPointRow],
) -> dict[str, ContactAnswer]:
    """Per school (code) the answer to show beside its name, for a pupil from its own municipality.

    For the first of the `asked` roles (keys) that the school has; without any, for the role that
    the region calls first.
    """
    chosen = {
        school.code: role for school in schools if (role := _first_role(school, asked, roles))
    }
    holders = people.list_holders(
        on, schools=list(chosen), roles={role.key for role in chosen.values()}
    )
    vacancies = people.list_vacancies(on, list(chosen))
    in_town: dict[str, list[ContactPointRow]] = defaultdict(list)
    for contact_point in contact_points:
        in_town[contact_point.municipality].append(contact_point)
    return {
        school.code: rules.answer(
            chosen[school.code],
            _facts_of(school, roles, holders, vacancies, in_town[school.municipality]),
        )
        for school in schools
        if school.code in chosen
    }


def in_municipality(
    code: str, roles: Sequence[RoleRow], contact_points: Sequence[ContactPointRow]
) -> list[tuple[RoleRow, list[MunicipalContactPoint]]]:
    """The roles that have a contact point in a municipality (code), each with those to ask, in
    order; a contact point that serves several sectors stands there once."""
    found = []
    here = [contact_point for contact_point in contact_points if contact_point.municipality == code]
    for role in roles:
        sectors: dict[Contact, list[str]] = {}
        for contact_point in here:
            if contact_point.role == role.key:
                sectors.setdefault(contact_point.contact, []).extend(
                    filter(None, [contact_point.sector])
                )
        if sectors:
            found.append(
                (role, [MunicipalContactPoint(p, tuple(keys)) for p, keys in sectors.items()])
            )
    return found


def first_reach(contacts: Sequence[Contact]) -> tuple[Contact, Detail] | None:
    """Whom of `contacts` one would call first, and on which number; an address where nobody has a
    number; None where there is neither."""
    reached = [(contact, detail) for contact in contacts if (detail := contact.first())]
    with_number = [pair for pair in reached if pair[1].kind == DetailKind.PHONE]
    return next(iter(with_number or reached), None)


def fallbacks(answers: Sequence[ContactAnswer]) -> list[tuple[Contact, list[RoleRow]]]:
    """Each contact point once, with the roles that it answers for, in the order of the page."""
    roles: dict[Contact, list[RoleRow]] = {}
    for answer in answers:
        for contact_point in answer.contact_points:
            roles.setdefault(contact_point, []).append(answer.role)
    return list(roles.items())


def _facts_of(
    school: SchoolRow,
    roles: Sequence[RoleRow],
    holders: Sequence[PostHolder],
    vacancies: Sequence[VacancyRow],
    contact_points: Sequence[ContactPointRow],
) -> Facts:
    """The facts of one school out of those of many, for a pupil from its own municipality."""
    region = current_region()
    return Facts(
        school=school,
        home=_own_municipality(school),
        roles=roles,
        holders=[holder for holder in holders if holder.school == school.code],
        vacancies=[vacancy for vacancy in vacancies if vacancy.school == school.code],
        contact_points=contact_points,
        guide=region.guide,
        fallback_role=region.fallback_role,
    )


def _own_municipality(school: SchoolRow) -> MunicipalityRow:
    return MunicipalityRow(
        school.municipality, school.municipality_name, school.municipality_slug, True
    )


def _first_role(
    school: SchoolRow, asked: Collection[str], roles: Sequence[RoleRow]
) -> RoleRow | None:
    fitting = [role for role in roles if role.applies(school.sector, school.municipality)]
    # A school for VO has no intern begeleider, but a zorgcoördinator does the same work.
    services = {role.service for role in roles if role.key in asked and role.service}
    wanted = [role for role in fitting if role.key in asked or role.service in services]
    return next(iter(wanted or [role for role in fitting if role.shown_first]), None)
