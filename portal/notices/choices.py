"""The choices that the form of a notice offers to its author."""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from wtforms import ValidationError

from portal import clock, phones
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, valid_on
from portal.directory import choices
from portal.directory import schools as directory
from portal.directory.assignments import list_assignments
from portal.directory.choices import Options as Options
from portal.directory.choices import PersonChoice as PersonChoice
from portal.directory.choices import label_schools, list_organisations
from portal.directory.employers import list_joining, works_for
from portal.directory.holders_and_substitutes import list_holders, list_vacancies
from portal.directory.kernen import list_kernen
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
    is_kern,
)
from portal.notices.differences import Staffing, describe_posts, no_details
from portal.notices.drafts import NEW
from portal.notices.permissions import Author, may_post_about, needs_confirmation
from portal.text import fold
from portal.web.forms import read_number

REGION = "regio"  # instead of an organisation
_NEW_COLLEAGUE = (NEW, "iemand die hier nog niet staat")


class PostChoice(NamedTuple):
    """A post that the person holds, to hand over or to fill with a substitute."""

    assignment: int
    role: str
    school: str
    place: str
    present: str = ""  # who is there, in words; "" where nobody is


class DetailChoice(NamedTuple):
    """A number or address of the person."""

    id: int
    kind: str
    value: str

    @property
    def is_phone(self) -> bool:
        """Whether it is a telephone number."""
        return self.kind == DetailKind.PHONE

    @property
    def shown(self) -> str:
        """The value as people write it."""
        return phones.grouped(self.value) if self.is_phone else self.value


class Choices:
    """The choices of one author about one person, or about no person; read when a form asks."""

    def __init__(self, author: Author, person: PersonChoice | None) -> None:
        self.author = author
        self.person = person

    @cached_property
    def posts(self) -> list[PostChoice]:
        """The posts that the person holds today or later."""
        return [
            PostChoice(row.id, row.role.label, row.workplace.name, row.place_name)
            for row in list_assignments(self.person.id if self.person else 0, clock.today())
        ]

    @cached_property
    def details(self) -> list[DetailChoice]:
        """The numbers and addresses that the person has today."""
        query = ContactDetail.select(
            ContactDetail.id, ContactDetail.kind, ContactDetail.value
        ).where(
            (ContactDetail.person == (self.person.id if self.person else 0))
            & ContactDetail.kind.in_([DetailKind.PHONE, DetailKind.EMAIL])
            & valid_on(ContactDetail, clock.today())
        )
        rows = fetch_tuples(query.order_by(ContactDetail.kind.desc(), ContactDetail.id))
        return [DetailChoice(*row) for row in rows]

    @cached_property
    def successors(self) -> Options:
        """The people (ids) who can come in the place of the person, or a new colleague."""
        return [_NEW_COLLEAGUE, *_as_options(self._candidates)]

    @cached_property
    def substitutes(self) -> Options:
        """The same people without those whom an organisation would have to confirm."""
        confirmed = (other for other in self._candidates if self._needs_nobody(other.organisation))
        return [_NEW_COLLEAGUE, *_as_options(confirmed)]

    @cached_property
    def substitute_employers(self) -> Options:
        """The organisations (ids) of a new substitute."""
        return [option for option in self.employers if self._needs_nobody(int(option[0]))]

    def _needs_nobody(self, organisation: int) -> bool:
        return not needs_confirmation(self.author, organisation, is_new=False)

    @cached_property
    def _candidates(self) -> list[PersonChoice]:
        """Colleagues of the person first, then the holders of the same roles elsewhere; without a
        person everybody about whom the author may post."""
        person = self.person
        if person is None:
            return list_people(self.author)
        roles = Assignment.select(Assignment.role).where(Assignment.person == person.id)
        query = Assignment.select(Assignment.person).where(
            Assignment.role.in_(roles) & current_or_future(Assignment, clock.today())
        )
        same_role = {holder for (holder,) in fetch_tuples(query.distinct())}
        others = [
            other
            for other in choices.list_people()
            if other.id != person.id
            and (other.organisation == person.organisation or other.id in same_role)
        ]
        return sorted(others, key=lambda other: other.organisation != person.organisation)

    @cached_property
    def roles(self) -> Options:
        """The roles whose posts the author may fill: those that the people or contact points of
        the organisation have; for a school its own posts."""
        query = Role.select(Role.id, Role.label).order_by(Role.position)
        if not self.author.is_coordinator:
            query = query.where(self._may_fill())
        return [(str(id), label) for id, label in fetch_tuples(query)]

    def _may_fill(self) -> Any:
        organisations = self.author.speaks_for - self.author.leads
        held = (
            Assignment.select(Assignment.role)
            .join(Person)
            .where(
                works_for(organisations, clock.today())
                & current_or_future(Assignment, clock.today())
            )
        )
        points = ContactPoint.select(ContactPoint.id).where(
            ContactPoint.organisation.in_(organisations)
        )
        answered = Responsibility.select(Responsibility.role).where(
            Responsibility.contact_point.in_(points)
        )
        own = Role.is_school_staff & bool(self.author.leads)
        return Role.id.in_(held) | Role.id.in_(answered) | own

    @cached_property
    def own_roles(self) -> set[str]:
        """The roles (ids) that the author may fill at their own schools only."""
        if self.author.is_coordinator:
            return set()
        return {str(id) for (id,) in fetch_tuples(Role.select(Role.id).where(Role.is_school_staff))}

    @cached_property
    def kern_roles(self) -> set[str]:
        """The roles (ids) that are held at a kern, not at a school."""
        return {str(id) for (id,) in fetch_tuples(Role.select(Role.id).where(Role.of_kern))}

    def refuse_elsewhere(self, role: str, codes: Collection[str]) -> None:
        """Raise ValidationError where a role (id) cannot be at one of these schools or kernen
        (codes): that of school staff at one's own school only, that of a kern at kernen only."""
        if role in self.own_roles and not set(codes) <= self.own_schools:
            raise ValidationError("Kies bij deze functie alleen je eigen school.")
        if any(is_kern(code) != (role in self.kern_roles) for code in codes):
            noun = "kern" if role in self.kern_roles else "school"
            raise ValidationError(f"Deze functie hoort bij een {noun}. Kies een {noun}.")

    @cached_property
    def own_schools(self) -> set[str]:
        """The codes of the schools for which the author speaks."""
        organisations = self.author.speaks_for
        query = School.select(School.code).where(School.organisation.in_(organisations))
        return {code for (code,) in fetch_tuples(query)}

    @cached_property
    def schools(self) -> dict[str, Options]:
        """The schools (codes) about which the author may post, by name of the municipality."""
        author = self.author
        leads_only = bool(author.speaks_for) and author.speaks_for == author.leads
        if leads_only and not author.is_coordinator:
            rows = directory.list_schools_by_code(self.own_schools)
        else:
            rows = directory.list_schools()
        labels = label_schools(rows)
        options: dict[str, Options] = {}
        for school in sorted(rows, key=lambda row: fold(row.municipality_name)):
            option = (school.code, labels[school.code])
            options.setdefault(school.municipality_name, []).append(option)
        if kernen := list_kernen(clock.today()):
            options["Kernen"] = [(kern.code, kern.name) for kern in kernen]
        return options

    def holders(self, role: str | None) -> dict[str, str]:
        """The holder of a role (id) at each school (code) today, in words."""
        keys = [key for (key,) in fetch_tuples(
            Role.select(Role.key).where(Role.id == (read_number(role) or 0)))]  # fmt: skip
        holders = list_holders(clock.today(), roles=keys)
        vacancies = [row for row in list_vacancies(clock.today(), self.codes) if row.role in keys]
        words = describe_posts(Staffing(holders, vacancies), no_details)
        return {school: text for (school, _), text in words.items()}

    @property
    def codes(self) -> list[str]:
        """The codes of these schools."""
        return [code for options in self.schools.values() for code, _ in options]

    @cached_property
    def organisations(self) -> Options:
        """The organisations (ids) in whose name the author may post, or the whole region."""
        if self.author.is_coordinator:
            return [(REGION, "alle scholen van de regio"), *list_organisations()]
        return list_organisations(Organisation.id.in_(self.author.speaks_for))

    @cached_property
    def employers(self) -> Options:
        """The organisations (ids) of a new colleague, the most likely one first. A coordinator who
        posts about no person has to choose."""
        author, person = self.author, self.person
        if person is None and author.is_coordinator:
            return [("", "kies"), *list_organisations()]
        if person is None:
            options = list_organisations(Organisation.id.in_(author.speaks_for))
        else:
            options = list_organisations()
        first = str(person.organisation if person else author.organisation)
        return sorted(options, key=lambda option: option[0] != first)


def find_person(person: int) -> PersonChoice | None:
    """The person with this id."""
    return next((other for other in choices.list_people() if other.id == person), None)


def list_people(author: Author) -> list[PersonChoice]:
    """The people about whom the author may post, by name: also those who come to work for the
    author's organisation."""
    joining = list_joining(author.speaks_for, clock.today())
    return [
        person
        for person in choices.list_people()
        if person.id in joining or may_post_about(author, person.id, person.organisation)
    ]


def _as_options(people: Iterable[PersonChoice]) -> Options:
    return [(str(person.id), person.label) for person in people]
