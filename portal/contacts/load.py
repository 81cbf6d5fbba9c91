"""Loads the facts of a day for the rules, and the answers of the rules for a page.

Days are Amsterdam dates. Without a residence, an answer is for a pupil who lives in the school's
own municipality.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from portal.contacts import who_to_call
from portal.contacts.who_to_call import ContactAnswer, ContactFacts
from portal.directory import schools as directory
from portal.directory.contact_details import Contact, ContactPointRow, list_contact_points
from portal.directory.holders_and_substitutes import list_absent, list_holders, list_vacancies
from portal.directory.read_models import (
    MunicipalityRow,
    Post,
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
    school: SchoolRow, on: date, residence: MunicipalityRow | None = None
) -> list[ContactAnswer]:
    """The answer for each role around a school on the day `on`, in the order of the page."""
    facts = load_facts(school, on, residence or _own_municipality(school))
    return [
        who_to_call.answer(role, facts)
        for role in facts.roles
        if role.applies(school.sector, school.municipality)
    ]


def kernteams(
    schools: Sequence[SchoolRow], on: date
) -> list[tuple[SchoolRow, list[ContactAnswer]]]:
    """The shown members of the kernteam of each school on the day `on`, with as many statements
    for many schools as for one."""
    roles, contact_points = directory.list_roles(), list_contact_points(on)
    codes = [school.code for school in schools]
    holders, vacancies = list_holders(on, codes), list_vacancies(on, codes)
    teams = []
    for school in schools:
        facts = _facts_of(school, roles, holders, vacancies, contact_points)
        answers = (
            who_to_call.answer(role, facts)
            for role in roles
            if role.member and role.applies(school.sector, school.municipality)
        )
        teams.append((school, [answer for answer in answers if answer.is_shown]))
    return teams


def load_facts(school: SchoolRow, on: date, residence: MunicipalityRow) -> ContactFacts:
    """The facts for this school, day and residence."""
    holders, vacancies = list_holders(on, [school.code]), list_vacancies(on, [school.code])
    points = list_contact_points(on, municipalities=[school.municipality, residence.code])
    return _facts_of(school, directory.list_roles(), holders, vacancies, points, residence)


def first_answers(
    schools: Sequence[SchoolRow],
    asked: Collection[str],
    on: date,
    roles: Sequence[RoleRow],
    contact_points: Sequence[ContactPointRow],
    residences: Sequence[MunicipalityRow] = (),
) -> dict[str, ContactAnswer]:
    """Per school (code) the answer to show beside its name: for the first of the `asked` roles
    (keys) that the school has, or else for the role that the region shows first; for a pupil with
    the residence that `find_other_residence` chooses."""
    chosen = {
        school.code: role
        for school in schools
        if (role := who_to_call.first_role(school, asked, roles))
    }
    holders = list_holders(on, schools=list(chosen), roles={role.key for role in chosen.values()})
    vacancies = list_vacancies(on, list(chosen))
    by_municipality: dict[str, list[ContactPointRow]] = defaultdict(list)
    for contact_point in contact_points:
        by_municipality[contact_point.municipality].append(contact_point)
    answers = {}
    for school in (school for school in schools if school.code in chosen):
        points = by_municipality[school.municipality]
        if residence := find_other_residence(school, residences):
            points = points + by_municipality[residence.code]
        facts = _facts_of(school, roles, holders, vacancies, points, residence)
        answers[school.code] = who_to_call.answer(chosen[school.code], facts)
    return answers


def stand_ins(posts: Sequence[Post], on: date) -> dict[int, Counter[Contact]]:
    """Per absent person (id) with these posts the contacts who answer in their place on the day
    `on`, each with the number of schools."""
    posts = [post for post in posts if post.person_id in list_absent(on)]
    codes = list({post.school for post in posts})
    schools = {school.code: school for school in directory.list_schools_by_code(codes, on)}
    roles, contact_points = directory.list_roles(), list_contact_points(on)
    holders, vacancies = list_holders(on, codes), list_vacancies(on, codes)
    found: dict[int, Counter[Contact]] = defaultdict(Counter)
    for post in posts:
        facts = _facts_of(schools[post.school], roles, holders, vacancies, contact_points)
        (role,) = (role for role in roles if role.key == post.role)
        # The check date is of one post.
        first = who_to_call.answer(role, facts).escalation[0]._replace(source="", checked_on=None)
        found[post.person_id][first] += 1
    return found


def find_other_residence(
    school: SchoolRow, residences: Sequence[MunicipalityRow]
) -> MunicipalityRow | None:
    """The first of the `residences` that is not the municipality of the school."""
    return next((row for row in residences if row.code != school.municipality), None)


def in_municipality(
    code: str, roles: Sequence[RoleRow], contact_points: Sequence[ContactPointRow]
) -> list[tuple[RoleRow, list[MunicipalContactPoint]]]:
    """The roles with a contact point in a municipality (code), each with its contact points in the
    order of calling. A contact point for several sectors is listed once."""
    local = [point for point in contact_points if point.municipality == code]
    contacts = []
    for role in roles:
        sectors: dict[Contact, list[str]] = defaultdict(list)
        for point in local:
            if point.role == role.key:
                sectors[point.contact].extend(filter(None, [point.sector]))
        if sectors:
            points = [MunicipalContactPoint(c, tuple(keys)) for c, keys in sectors.items()]
            contacts.append((role, points))
    return contacts


def _facts_of(
    school: SchoolRow,
    roles: Sequence[RoleRow],
    holders: Sequence[PostHolder],
    vacancies: Sequence[VacancyRow],
    contact_points: Sequence[ContactPointRow],
    residence: MunicipalityRow | None = None,
) -> ContactFacts:
    """The facts of one school, from rows of many schools."""
    return ContactFacts(
        school=school,
        residence=residence or _own_municipality(school),
        roles=roles,
        holders=[holder for holder in holders if holder.school == school.code],
        vacancies=[vacancy for vacancy in vacancies if vacancy.school == school.code],
        contact_points=contact_points,
        guide=current_region().guide,
        fallback_role=current_region().fallback_role,
    )


def _own_municipality(school: SchoolRow) -> MunicipalityRow:
    return MunicipalityRow(
        school.municipality, school.municipality_name, school.municipality_slug, True
    )
