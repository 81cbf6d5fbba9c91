"""The choices that the form of a notice offers to its author."""

from collections.abc import Collection
from functools import cached_property
from typing import Any, NamedTuple

from peewee import fn
from wtforms import ValidationError

from portal import clock
from portal.database.cache import fetch_kept
from portal.database.validity import current_or_future, valid_on
from portal.directory import schools_and_kernen as directory
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
    is_kern,
)
from portal.directory.schools_and_kernen import label_schools, list_kernen
from portal.directory.who_works_or_is_absent import list_holders, list_vacancies, works_for
from portal.notices.drafts import NEW
from portal.notices.permissions_and_confirmation import Author, list_trusted, may_be_subject
from portal.notices.titles_differences_and_warnings import Staffing, describe_posts
from portal.search import choices
from portal.search.choices import EVERY, find_organisations, find_people, list_with_words
from portal.search.choices import PersonChoice as PersonChoice
from portal.search.index import PERSON, SCHOOL
from portal.text import fold
from portal.web.forms import read_number
from portal.web.long_lists import LONGEST, Findable
from portal.web.long_lists import Options as Options

REGION = "regio"  # instead of an organisation
NEW_COLLEAGUE = (NEW, "iemand die hier nog niet staat")
MOST_SCHOOLS = 120  # that are found


class PostChoice(NamedTuple):
    """A post that the person holds, to hand over or to fill with a substitute."""

    assignment: int
    role: str
    school: str
    place: str
    present: str = ""  # who is there, in words; "" where nobody is


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
    def details(self) -> list[ContactDetail]:
        """The numbers and addresses that the person has today."""
        own = (ContactDetail.person == (self.person.id if self.person else 0)) & valid_on(ContactDetail, clock.today())
        reached = ContactDetail.kind.in_([DetailKind.PHONE, DetailKind.EMAIL])
        return list(ContactDetail.select().where(own & reached).order_by(ContactDetail.kind.desc(), ContactDetail.id))

    @cached_property
    def successors(self) -> Findable:
        """The people (ids) who can come in the place of the person: colleagues first, then the holders of the same
        roles elsewhere; without a person those about whom the author may post."""
        return self._find_people()

    @cached_property
    def substitutes(self) -> Findable:
        """The same people without those whom an organisation would have to confirm."""
        return self._find_people(list_trusted(self.author))

    def _find_people(self, employers: Collection[int] | None = None) -> Findable:
        person, today = self.person, clock.today()
        which = may_be_subject(self.author)
        if person:
            roles = Assignment.select(Assignment.role).where(Assignment.person == person.id)
            held = Assignment.role.in_(roles) & current_or_future(Assignment, today)
            same_role = Person.id.in_(Assignment.select(Assignment.person).where(held))
            colleagues = works_for([person.organisation], today)
            which = (Person.id != person.id) & (colleagues | same_role)
        if employers is not None:
            which &= works_for(employers, today)
        return find_people(which, lambda one: person is None or one.organisation == person.organisation)

    @cached_property
    def roles(self) -> Options:
        """The roles whose posts the author may fill: those that the people or contact points of
        the organisation have; for a school its own posts."""
        query = Role.select(Role.id, Role.label).order_by(Role.position)
        if not self.author.is_coordinator:
            query = query.where(self._may_fill())
        return [(str(id), label) for id, label in fetch_kept(query)]

    def _may_fill(self) -> Any:
        organisations = self.author.speaks_for - self.author.leads
        held = (
            Assignment.select(Assignment.role)
            .join(Person)
            .where(works_for(organisations, clock.today()) & current_or_future(Assignment, clock.today()))
        )
        points = ContactPoint.select(ContactPoint.id).where(ContactPoint.organisation.in_(organisations))
        answered = Responsibility.select(Responsibility.role).where(Responsibility.contact_point.in_(points))
        own = Role.is_school_staff & bool(self.author.leads)
        return Role.id.in_(held) | Role.id.in_(answered) | own

    @cached_property
    def own_roles(self) -> set[str]:
        """The roles (ids) that the author may fill at their own schools only."""
        if self.author.is_coordinator:
            return set()
        return {str(id) for (id,) in fetch_kept(Role.select(Role.id).where(Role.is_school_staff))}

    @cached_property
    def kern_roles(self) -> set[str]:
        """The roles (ids) that are held at a kern, not at a school."""
        return {str(id) for (id,) in fetch_kept(Role.select(Role.id).where(Role.of_kern))}

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
        return {code for (code,) in fetch_kept(query)}

    @cached_property
    def _has_schools(self) -> Any:
        """The condition on a school that the author may post about it."""
        author = self.author
        leads_only = bool(author.speaks_for) and author.speaks_for == author.leads
        own = leads_only and not author.is_coordinator
        return directory.chosen_schools(codes=list(self.own_schools) if own else None)

    @cached_property
    def has_many_schools(self) -> bool:
        """Whether the schools are too many for one page, so that one finds them by typing."""
        number = School.select(fn.COUNT(School.code)).where(self._has_schools)
        return bool(fetch_kept(number)[0][0] > LONGEST)

    def list_schools(
        self, text: str | None = "", chosen: Collection[str] = (), role: str | None = None
    ) -> dict[str, Options]:
        """The schools (codes) about which the author may post, by name of the municipality. Where they are many, the
        `chosen` ones, and those with these words or with a holder of the `role` (id) who has them."""
        which = self._has_schools
        if self.has_many_schools:
            rows = directory.list_schools(which & School.code.in_(list(chosen)))
            there = Assignment.role == read_number(role)
            there &= valid_on(Assignment, clock.today())
            there &= Assignment.person.in_(list_with_words(PERSON, text or ""))
            found = School.code.in_(list_with_words(SCHOOL, text or ""))
            found |= School.code.in_(Assignment.select(Assignment.school).where(there))
            which &= found & School.code.not_in(list(chosen))
            rows += directory.list_schools(which, most=MOST_SCHOOLS) if text else []
        else:
            rows = directory.list_schools(which)
        labels = label_schools(rows)
        options: dict[str, Options] = {}
        for school in sorted(rows, key=lambda row: fold(row.municipality_name)):
            option = (school.code, labels[school.code])
            options.setdefault(school.municipality_name, []).append(option)
        if kernen := list_kernen(clock.today()):
            options["Kernen"] = [(kern.code, kern.name) for kern in kernen]
        return options

    def holders(self, role: str | None, codes: Collection[str]) -> dict[str, str]:
        """The holder of a role (id) at each of these schools (codes) today, in words."""
        chosen = Role.select(Role.key).where(Role.id == (read_number(role) or 0))
        keys = [key for (key,) in fetch_kept(chosen)]
        holders = list_holders(clock.today(), codes, keys)
        vacancies = [row for row in list_vacancies(clock.today(), codes) if row.role in keys]
        words = describe_posts(Staffing(holders, vacancies), "none")
        return {school: text for (school, _), text in words.items()}

    @cached_property
    def organisations(self) -> Findable:
        """The organisations (ids) in whose name the author may post."""
        speaks_for = Organisation.id.in_(list(self.author.speaks_for))
        return find_organisations(EVERY if self.author.is_coordinator else speaks_for)

    @cached_property
    def employers(self) -> Findable:
        """The organisations (ids) of a new colleague, the most likely one first. A coordinator who
        posts about no person has to choose (`no_employer`)."""
        return self._find_employers()

    @cached_property
    def substitute_employers(self) -> Findable:
        """The organisations (ids) of a new substitute."""
        return self._find_employers(list_trusted(self.author))

    @property
    def no_employer(self) -> Options:
        """The option that stands before the employers, where none of them is likely."""
        return [("", "kies")] if self.person is None and self.author.is_coordinator else []

    def _find_employers(self, ids: Collection[int] | None = None) -> Findable:
        author, person = self.author, self.person
        if self.no_employer:
            return self.organisations
        which = EVERY if ids is None else Organisation.id.in_(list(ids))
        if person is None:
            which &= Organisation.id.in_(list(author.speaks_for))
        return find_organisations(which, person.organisation if person else author.organisation)


def find_person(person: int, which: Any = EVERY) -> PersonChoice | None:
    """The person with this id, who meets a condition."""
    return next(iter(choices.list_people(which=(Person.id == person) & which)), None)
