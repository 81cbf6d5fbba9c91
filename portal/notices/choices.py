"""What the form of a notice offers to choose from: people, posts, numbers, roles, schools."""

from typing import NamedTuple

from portal import clock, phones
from portal.accounts.models import Account
from portal.database import fetch_tuples
from portal.directory import schools as directory
from portal.directory.assignments import list_assignments
from portal.directory.models import (
    Assignment,
    ContactDetail,
    ContactPoint,
    DetailKind,
    Organisation,
    Person,
    Responsibility,
    Role,
    School,
)
from portal.directory.validity import current_or_future, valid_on
from portal.notices.permissions import Author, may_tell_about, must_be_confirmed
from portal.notices.recipients import leading

Choices = list[tuple[str, str]]


class PersonChoice(NamedTuple):
    """Somebody about whom, or to whom, a notice can be."""

    id: int
    name: str
    organisation: int
    organisation_name: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.organisation_name})"


class PostChoice(NamedTuple):
    """A post that somebody holds, to hand over or to stand in for."""

    assignment: int
    role: str
    school: str
    place: str


class DetailChoice(NamedTuple):
    """A number or address that somebody has."""

    id: int
    kind: str
    value: str

    @property
    def shown(self) -> str:
        return phones.grouped(self.value) if self.kind == DetailKind.PHONE else self.value


def get_author(account: Account) -> Author:
    """What somebody speaks for, today."""
    person = Person.get_or_none(Person.id == account.person_id) if account.person_id else None
    leads = (
        School.select(School.organisation)
        .join(Assignment)
        .join(Role)
        .where((Assignment.person == (person.id if person else 0)) & leading())
    )
    return Author(
        account=account.id,
        name=account.name,
        email=account.email,
        role=account.role,
        person=account.person_id,
        organisation=account.organisation_id or (person.organisation_id if person else None),
        leads=frozenset(organisation for (organisation,) in fetch_tuples(leads)),
    )


def list_people(author: Author) -> list[PersonChoice]:
    """Whom somebody may tell about, by name."""
    return [
        person for person in _people() if may_tell_about(author, person.id, person.organisation)
    ]


def can_add_person(person: PersonChoice | None, author: Author) -> bool:
    """Whether somebody new can stand in for a person without anybody who confirms it."""
    return person is not None and not must_be_confirmed(author, person.organisation, is_new=True)


def list_successors(
    person: PersonChoice | None, author: Author, *, at_once: bool = False
) -> list[PersonChoice]:
    """Who can take posts over: colleagues first, then who holds the same roles elsewhere; with
    `at_once` only those whom nobody must confirm. Without a person, the people whom the author may
    tell about."""
    if person is None:
        return list_people(author)
    roles = Assignment.select(Assignment.role).where(Assignment.person == person.id)
    same = {
        holder
        for (holder,) in fetch_tuples(
            Assignment.select(Assignment.person)
            .where(Assignment.role.in_(roles) & current_or_future(Assignment, clock.today()))
            .distinct()
        )
    }
    found = [
        other
        for other in _people()
        if other.id != person.id
        and (other.organisation == person.organisation or other.id in same)
        and not (at_once and must_be_confirmed(author, other.organisation, is_new=False))
    ]
    return sorted(found, key=lambda other: other.organisation != person.organisation)


def list_posts(person: int) -> list[PostChoice]:
    """The posts that somebody holds today or later."""
    return [
        PostChoice(row.id, row.role.label, row.school.name, row.school.place.name)
        for row in list_assignments(person, clock.today())
    ]


def list_details(person: int) -> list[DetailChoice]:
    """The numbers and addresses that somebody has today."""
    query = ContactDetail.select(ContactDetail.id, ContactDetail.kind, ContactDetail.value).where(
        (ContactDetail.person == person)
        & ContactDetail.kind.in_([DetailKind.PHONE, DetailKind.EMAIL])
        & valid_on(ContactDetail, clock.today())
    )
    return [DetailChoice(*row) for row in fetch_tuples(query.order_by(ContactDetail.kind.desc()))]


def list_roles(author: Author) -> Choices:
    """The roles whose posts somebody may fill: those that the people or contact points of their
    organisation have; for a school its own posts."""
    query = Role.select(Role.id, Role.label).order_by(Role.position)
    if not author.is_coordinator:
        theirs = author.speaks_for - author.leads
        held = (
            Assignment.select(Assignment.role)
            .join(Person)
            .where(Person.organisation.in_(theirs) & current_or_future(Assignment, clock.today()))
        )
        answered = Responsibility.select(Responsibility.role).where(
            Responsibility.contact_point.in_(
                ContactPoint.select(ContactPoint.id).where(ContactPoint.organisation.in_(theirs))
            )
        )
        query = query.where(
            Role.id.in_(held)
            | Role.id.in_(answered)
            | (Role.is_school_staff & (len(author.leads) > 0))
        )
    return [(str(key), label) for key, label in fetch_tuples(query)]


def own_roles_and_schools(author: Author) -> tuple[set[str], set[str]]:
    """The roles (ids) that somebody may fill at their own schools only, and those schools."""
    if author.is_coordinator:
        return set(), set()
    roles = Role.select(Role.id).where(Role.is_school_staff)
    schools = School.select(School.code).where(School.organisation.in_(author.speaks_for))
    return {str(role) for (role,) in fetch_tuples(roles)}, {
        code for (code,) in fetch_tuples(schools)
    }


def list_schools(author: Author) -> dict[str, Choices]:
    """The schools (codes) for which somebody may tell, by municipality."""
    found: dict[str, Choices] = {}
    own = None
    if not author.is_coordinator and author.speaks_for and author.speaks_for == author.leads:
        query = School.select(School.code).where(School.organisation.in_(author.leads))
        own = [code for (code,) in fetch_tuples(query)]
    schools = directory.list_schools() if own is None else directory.list_schools_by_code(own)
    for school in sorted(schools, key=lambda s: (s.municipality_name, s.name)):
        label = f"{school.name}, {school.place}"
        found.setdefault(school.municipality_name, []).append((school.code, label))
    return found


def list_organisations(author: Author) -> Choices:
    """The organisations in whose name somebody may post; "" stands for the whole region."""
    query = Organisation.select(Organisation.id, Organisation.name).order_by(
        Organisation.kind, Organisation.name
    )
    if not author.is_coordinator:
        query = query.where(Organisation.id.in_(author.speaks_for))
    named = [(str(key), name) for key, name in fetch_tuples(query)]
    return [("regio", "alle scholen van de regio"), *named] if author.is_coordinator else named


def list_employers(author: Author, person: PersonChoice | None) -> Choices:
    """Where a new colleague can work: the organisation of who hands over, or of who posts, first.
    Whoever posts for all chooses."""
    query = Organisation.select(Organisation.id, Organisation.name).order_by(
        Organisation.kind, Organisation.name
    )
    if not author.is_coordinator and person is None:
        query = query.where(Organisation.id.in_(author.speaks_for))
    named = [(str(key), name) for key, name in fetch_tuples(query)]
    if author.is_coordinator and person is None:
        return [("", "maak een keuze"), *named]
    first = person.organisation if person else author.organisation
    return sorted(named, key=lambda row: row[0] != str(first))


def _people() -> list[PersonChoice]:
    query = (
        Person.select(Person, Organisation)
        .join(Organisation)
        .order_by(Person.given_name, Person.family_name, Person.id)
    )
    return [
        PersonChoice(row.id, row.name, row.organisation_id, row.organisation.name) for row in query
    ]
