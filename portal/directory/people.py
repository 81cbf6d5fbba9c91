"""The people: a new one, their contact details, and the posts of one person.

Each function that reads runs a fixed number of statements, for any number of rows. Days are
Amsterdam dates.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, SQL, fn

from portal import phones
from portal.database import fetch_tuples
from portal.database.cache import fetch_kept
from portal.database.compiled import prepared
from portal.database.validity import current_or_future, valid_on
from portal.directory.change_sets import ChangeSet
from portal.directory.contact_details import add_detail, list_person_details
from portal.directory.employers import list_moved
from portal.directory.holders_and_substitutes import PERSON_COLUMNS, list_absent, make_contact
from portal.directory.kernen import WORKPLACE_KEY, with_workplace
from portal.directory.models import (
    Assignment,
    CheckedBy,
    DetailKind,
    Employment,
    Kern,
    Organisation,
    Person,
    Place,
    Role,
    School,
    is_open,
)
from portal.directory.read_models import PersonRow, Post
from portal.person_names import full_name


class NewPerson(NamedTuple):
    """A person who is not in the directory yet."""

    given_name: str
    infix: str
    family_name: str
    organisation: int  # id
    phone: str  # normalised by portal.phones; may be empty
    email: str  # may be empty

    @property
    def name(self) -> str:
        """The whole name."""
        return full_name(self.given_name, self.infix, self.family_name)

    @property
    def details(self) -> list[str]:
        """The number and the address, as people write them."""
        return [text for text in (phones.grouped(self.phone), self.email) if text]


def register(change_set: ChangeSet, new: NewPerson) -> Person:
    """Create a person with contact details. Idempotent: a notice that is applied again gives the
    person whom it created before."""
    person: Person = find_registered(change_set) or change_set.add(
        Person,
        organisation=new.organisation,
        given_name=new.given_name,
        infix=new.infix,
        family_name=new.family_name,
    )
    for kind, value in ((DetailKind.PHONE, new.phone), (DetailKind.EMAIL, new.email)):
        if value:
            add_detail(change_set, person, kind, value, None)
    return person


def find_registered(change_set: ChangeSet) -> Person | None:
    """The person whom a change set created."""
    return Person.get_or_none(Person.id.in_(change_set.created(Person)))


def count_people_in_role(on: date, role: str, ids: Any = None) -> list[tuple[str, int]]:
    """The number of people who hold the role (key) on the day `on`, of all or of those whom the
    query `ids` finds, per first letter of the sort key of their organisation."""
    held, key = _people_in_role(on, role, ids)
    letter = fn.UPPER(fn.SUBSTR(key, 1, 1)).alias("letter")
    counts = held.select(letter, fn.COUNT(SQL("*"))).group_by(letter).order_by(letter)
    return fetch_kept(counts) if ids is None else fetch_tuples(counts)


def list_people_in_role(
    on: date, role: str, ids: Any = None, skipped: int = 0, most: int | None = None
) -> list[tuple[int, str]]:
    """The same people (ids) by organisation and name, `most` of them after the first `skipped`;
    each with the sort key of their organisation."""
    held, key = _people_in_role(on, role, ids)
    ordered = held.select(Person.id, key).order_by(key, Person.sort_key, Person.id)
    return fetch_tuples(ordered.offset(skipped).limit(most))


def _people_in_role(on: date, role: str, ids: Any) -> tuple[Any, Any]:
    """The query for the people who hold a role, and the sort key of their organisation of that
    day."""
    held = Assignment.select(Assignment.person).join(Role).switch(Assignment)
    held = held.left_outer_join(School).where(
        (Role.key == role) & valid_on(Assignment, on) & is_open(on)
    )
    later = Organisation.alias()
    moved = valid_on(Employment, on) & ~Employment.is_pending & (Employment.person == Person.id)
    query = Person.select().join(Organisation).switch(Person)
    query = query.join(Employment, JOIN.LEFT_OUTER, on=moved)
    query = query.join(later, JOIN.LEFT_OUTER, on=Employment.organisation == later.id)
    query = query.where(Person.id.in_(held))
    query = query if ids is None else query.where(Person.id.in_(ids))
    return query, fn.COALESCE(later.sort_key, Organisation.sort_key)


def list_people(on: date, ids: Collection[int]) -> list[PersonRow]:
    """The people with these ids, with their contact details and absence on the day `on`."""
    # Ordered by check date: of a person's assignments, the one checked last remains.
    people = {row[0]: row for row in _people(list(ids))}
    details, absent, moved = list_person_details(ids, on), list_absent(on), list_moved(on)
    return [
        PersonRow(
            number,
            make_contact(
                person, details, moved, source or "", (checked_on, checked_by or CheckedBy.SOURCE)
            ),
            number in absent,
            absent.get(number),
        )
        for number, (*person, source, checked_on, checked_by) in people.items()
    ]


@prepared
def _people(ids: list[int]) -> Any:
    return (
        Person.select(
            *PERSON_COLUMNS, Assignment.source, Assignment.checked_on, Assignment.checked_by
        )
        .join(Organisation)
        .switch(Person)
        .join(Assignment, JOIN.LEFT_OUTER)
        .where(Person.id.in_(ids))
        .order_by(Person.id, Assignment.checked_on.asc(nulls="first"), Assignment.id)
    )


def find_names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Per person (id) the given name and the family name with its infix, as in an address book."""
    query = Person.select(Person.id, Person.given_name, Person.infix, Person.family_name)
    return {
        person: (given, f"{infix} {family}".strip())
        for person, given, infix, family in fetch_tuples(query.where(Person.id.in_(ids)))
    }


def list_schools_of(on: date, person: int) -> list[str]:
    """The schools (codes) where a person (id) works on the day `on`."""
    return list(dict.fromkeys(post.school for post in list_posts(on, [person])))


def list_posts(on: date, people: Collection[int]) -> list[Post]:
    """The posts of these people (ids) on the day `on`, by role and school."""
    return [Post(*row) for row in _posts(on, list(people))]


def list_posts_ahead(on: date, person: int) -> list[Post]:
    """The posts of a person (id) on the day `on` or later, by role and school."""
    return [Post(*row) for row in _posts_ahead(on, [person])]


@prepared
def _posts(on: date, people: list[int]) -> Any:
    return _posts_of(people, valid_on(Assignment, on) & is_open(on))


@prepared
def _posts_ahead(on: date, people: list[int]) -> Any:
    return _posts_of(people, current_or_future(Assignment, on) & is_open(on))


def _posts_of(people: list[int], when: Any) -> Any:
    posts = with_workplace(
        Assignment.select(
            Assignment.person,
            Role.key,
            Role.label,
            Assignment.code(),
            fn.COALESCE(School.name, Kern.name),
            fn.COALESCE(School.slug, Kern.code),
            fn.COALESCE(Place.name, ""),
            Assignment.valid_from,
            Assignment.valid_until,
        )
    )
    return (
        posts.join(Role)
        .where(Assignment.person.in_(people) & when)
        .order_by(Role.position, WORKPLACE_KEY, School.code, Assignment.id)
    )
