"""Tells the search index what can be found: roles, municipalities, places, schools, people, and
the pages of features."""

import re
from collections import defaultdict

from portal.directory.models import (
    Municipality,
    Organisation,
    Person,
    Place,
    Postcode,
    Role,
    School,
    Sector,
)
from portal.search.index import FIRST_PAGE, Document, replace_documents
from portal.search.registry import page_kinds

ROLE, MUNICIPALITY, PLACE, SCHOOL, PERSON = "role", "municipality", "place", "school", "person"


def reindex() -> None:
    """Make the index anew from the tables; to be called in the transaction that changed them."""
    places = list(Place.select(Place, Municipality).join(Municipality).order_by(Place.name))
    postcodes: dict[int, list[str]] = defaultdict(list)
    for postcode in Postcode.select().where(Postcode.place.is_null(False)):
        postcodes[postcode.place_id].append(postcode.pc4)
    replace_documents(ROLE, 1, map(_role, Role.select().order_by(Role.position)))
    # A town that gives its municipality its name is found as the municipality.
    capitals = {p.municipality_id: p for p in places if p.name == p.municipality.name}
    replace_documents(
        MUNICIPALITY,
        2,
        (
            _municipality(municipality, capitals.get(municipality.code), postcodes)
            for municipality in Municipality.select().order_by(
                Municipality.in_region.desc(), Municipality.name
            )
        ),
    )
    replace_documents(
        PLACE,
        3,
        (
            Document(str(place.id), place.name, place.aliases, " ".join(postcodes[place.id]))
            for place in sorted(places, key=lambda p: (not p.municipality.in_region, p.name))
            if capitals.get(place.municipality_id) != place
        ),
    )
    replace_documents(SCHOOL, 4, map(_school, _schools()))
    reindex_people()


def reindex_people() -> None:
    """The same, for the people only: where a change made or removed somebody."""
    replace_documents(PERSON, 5, map(_person, _people()))
    for order, kind in enumerate(page_kinds(), start=FIRST_PAGE):
        replace_documents(kind.name, order, kind.documents())


def _role(role: Role) -> Document:
    return Document(role.key, role.label, role.aliases)


def _municipality(
    municipality: Municipality, capital: Place | None, postcodes: dict[int, list[str]]
) -> Document:
    return Document(
        municipality.code,
        municipality.name,
        f"gemeente {municipality.name} {capital.aliases if capital else ''}",
        " ".join(postcodes[capital.id]) if capital else "",
    )


def _schools() -> list[School]:
    return list(
        School.select(School, Place, Municipality, Sector)
        .join(Place)
        .join(Municipality)
        .switch(School)
        .join(Sector)
        .where(School.closed_on.is_null())
        .order_by(School.name, School.code)
    )


def _school(school: School) -> Document:
    digits, letters = school.postcode.split()
    # Without its house number: a short number is more often a piece of a telephone number.
    street = re.sub(r"\s\d{1,5}\S{0,10}$", "", school.street)
    return Document(
        school.code,
        school.name,
        f"{school.duo_name} {school.aliases}",
        f"{school.code} {street} {digits} {letters} {digits}{letters} "
        f"{school.place.name} {school.place.aliases} {school.place.municipality.name} "
        f"school {school.sector.label}",
    )


def _people() -> list[Person]:
    return list(
        Person.select(Person, Organisation)
        .join(Organisation)
        .order_by(Person.family_name, Person.given_name, Person.id)
    )


def _person(person: Person) -> Document:
    return Document(
        str(person.id), person.name, person.infix.replace(" ", ""), person.organisation.name
    )
