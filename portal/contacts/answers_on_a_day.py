"""Loads the facts of a day for the rules, and the answers of the rules for a page; and what is new for a row: who is
absent, who answers instead, and what changes soon.

Days are Amsterdam dates. Without a residence, an answer is for a pupil who lives in the school's own municipality.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.contacts import timeline, who_to_call
from portal.contacts.timeline import TimelineEvent
from portal.contacts.who_to_call import ContactAnswer, ContactFacts
from portal.directory import schools_and_kernen as directory
from portal.directory.contact_details import Contact, ContactPointRow, list_contact_points
from portal.directory.models import CheckedBy
from portal.directory.places import MunicipalityRow
from portal.directory.schools_and_kernen import RoleRow, SchoolRow, count_workplaces
from portal.directory.who_works_or_is_absent import (
    PersonRow,
    Post,
    PostHolder,
    VacancyRow,
    list_absent,
    list_holders,
    list_vacancies,
)
from portal.region import current_region


class MunicipalContactPoint(NamedTuple):
    """A contact point for a role in a municipality."""

    contact: Contact
    sectors: tuple[str, ...]  # keys; empty: for schools of every sector


def kernteam(school: SchoolRow, on: date, residence: MunicipalityRow | None = None) -> list[ContactAnswer]:
    """The answer for each role around a school on the day `on`, in the order of the page."""
    facts = load_facts([school], on, [residence] if residence else [])[school.code]
    return [who_to_call.answer(role, facts) for role in facts.roles if role.is_around(school)]


def kernteams(schools: Sequence[SchoolRow], on: date) -> list[tuple[SchoolRow, list[ContactAnswer]]]:
    """The shown members of the kernteam of each school on the day `on`, with as many statements
    for many schools as for one."""
    facts, teams = load_facts(schools, on), []
    for school in schools:
        answers = (
            who_to_call.answer(role, facts[school.code])
            for role in directory.list_roles()
            if role.member and role.is_around(school)
        )
        teams.append((school, [answer for answer in answers if answer.is_shown]))
    return teams


def load_facts(
    schools: Collection[SchoolRow],
    on: date,
    residences: Sequence[MunicipalityRow] = (),
    roles: Collection[str] | None = None,
) -> dict[str, ContactFacts]:
    """The facts per school (code) on this day, for a pupil with the residence that
    `find_other_residence` chooses; with the holders of all `roles` (keys) or of these."""
    if not schools:
        return {}
    codes = list(dict.fromkeys(code for school in schools for code in school.around))
    holders: dict[str, list[PostHolder]] = defaultdict(list)
    for holder in list_holders(on, codes, roles):
        holders[holder.school].append(holder)
    vacancies: dict[str, list[VacancyRow]] = defaultdict(list)
    for vacancy in list_vacancies(on, codes):
        vacancies[vacancy.school].append(vacancy)
    all_roles, region = directory.list_roles(), current_region()
    points: dict[str, list[ContactPointRow]] = defaultdict(list)
    for point in list_contact_points(on):
        points[point.municipality].append(point)
    facts = {}
    for school in schools:
        own = MunicipalityRow(school.municipality, school.municipality_name, school.municipality_slug, True)
        residence = find_other_residence(school, residences)
        facts[school.code] = ContactFacts(
            school=school,
            residence=residence or own,
            roles=all_roles,
            holders=[holder for code in school.around for holder in holders[code]],
            vacancies=[vacancy for code in school.around for vacancy in vacancies[code]],
            contact_points=points[own.code] + (points[residence.code] if residence else []),
            guide=region.guide,
            fallback_role=region.fallback_role,
        )
    return facts


def first_answers(
    schools: Sequence[SchoolRow], asked: Collection[str], on: date, residences: Sequence[MunicipalityRow] = ()
) -> dict[str, ContactAnswer]:
    """Per school (code) the answer to show beside its name: for the first of the `asked` roles
    (keys) that the school has, or else for the role that the region shows first; for a pupil with
    the residence that `find_other_residence` chooses."""
    roles = directory.list_roles()
    chosen = {school: role for school in schools if (role := who_to_call.first_role(school, asked, roles))}
    facts = load_facts(chosen, on, residences, {role.key for role in chosen.values()})
    return {school.code: who_to_call.answer(role, facts[school.code]) for school, role in chosen.items()}


def stand_ins(posts: Sequence[Post], on: date) -> dict[int, Counter[Contact]]:
    """Per absent person (id) with these posts the contacts who answer in their place on the day
    `on`, each with the number of schools."""
    absent = list_absent(on)
    posts = [post for post in posts if post.person_id in absent]
    facts = load_facts(directory.list_schools_by_code({post.school for post in posts}, on), on)
    roles = {role.key: role for role in directory.list_roles()}
    found: dict[int, Counter[Contact]] = defaultdict(Counter)
    for post in posts:
        first = who_to_call.answer(roles[post.role], facts[post.school]).escalation[0]
        # The same contact at every school: source and check may be of one post.
        found[post.person_id][first._replace(source="", checked_on=None, checked_by=CheckedBy.SOURCE)] += 1
    return found


def find_other_residence(school: SchoolRow, residences: Sequence[MunicipalityRow]) -> MunicipalityRow | None:
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


class PersonNews(NamedTuple):
    """The person to whom a row belongs, and their news."""

    person: PersonRow
    instead: Counter[Contact]  # who answer while they are absent, with the number of schools
    coming: Counter[TimelineEvent]  # the events in the coming weeks, with the number of schools
    schools: int
    said: str  # the number of schools and kernen, in words

    @property
    def caller(self) -> Contact:
        """The contact whose number stands in the row."""
        return next((contact for contact, _ in self.instead.most_common()), self.person.contact)


def list_news(
    people: Iterable[PersonRow], posts: Sequence[Post], coming: Mapping[str, Sequence[TimelineEvent]], on: date
) -> dict[int, PersonNews]:
    """The news about these people by their id, on the day `on`. `posts` are all that they have
    then; `coming` holds the events of the schools (codes) of these."""
    instead, events = stand_ins(posts, on), timeline.by_person(coming)
    schools: dict[int, set[str]] = defaultdict(set)
    for post in posts:
        schools[post.person_id].add(post.school)
    return {
        person.id: PersonNews(
            person,
            instead.get(person.id, Counter()),
            events.get(person.id, Counter()),
            len(schools[person.id]),
            count_workplaces(schools[person.id]),
        )
        for person in people
    }


def first_of_each_role(events: Collection[TimelineEvent]) -> dict[str, TimelineEvent]:
    """The first of these events for each role (label)."""
    return {event.role: event for event in sorted(events, key=lambda event: event.on, reverse=True)}


class KernteamChange(NamedTuple):
    """An event, the schools where it happened, and who answers there now."""

    event: TimelineEvent
    schools: list[SchoolRow]
    answer: ContactAnswer | None  # None: nobody is shown for the role


def list_changes(
    kernteams: Iterable[tuple[SchoolRow, Sequence[ContactAnswer]]], events: Mapping[str, Iterable[TimelineEvent]]
) -> list[KernteamChange]:
    """These events of schools (codes) of the kernteams, the last one first."""
    changes: dict[TimelineEvent, KernteamChange] = {}
    for school, team in kernteams:
        answers = {answer.role.label: answer for answer in team}
        for event in events.get(school.code, ()):
            change = KernteamChange(event, [], answers.get(event.role))
            changes.setdefault(event, change).schools.append(school)
    return sorted(changes.values(), key=lambda change: change.event.on, reverse=True)
