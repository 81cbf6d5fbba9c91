"""Builds the documents of the search index from the directory and the registered pages."""

import re
from collections import defaultdict

from portal.database import by_family_name, fetch_tuples, in_order
from portal.directory.contact_details import list_contact_point_names
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    Municipality,
    Organisation,
    Person,
    Place,
    Postcode,
    Role,
    School,
    Sector,
    Visibility,
)
from portal.search.index import FIRST_PAGE_KIND, Document, replace_documents
from portal.search.registry import list_page_kinds
from portal.search.spellings import other_spellings

ROLE, MUNICIPALITY, PLACE, DESK = "role", "municipality", "place", "desk"
SCHOOL, PERSON = "school", "person"


def reindex() -> None:
    """Rebuild the whole index, in the transaction of the caller."""
    places = list(
        Place.select(Place, Municipality).join(Municipality).order_by(in_order(Place.name))
    )
    postcodes: dict[int, list[str]] = defaultdict(list)
    for postcode in Postcode.select().where(Postcode.place.is_null(False)):
        postcodes[postcode.place_id].append(postcode.pc4)
    replace_documents(ROLE, 1, map(_role, Role.select().order_by(Role.position)))
    # A place with the name of its municipality is found as the municipality.
    namesakes = {p.municipality_id: p for p in places if p.name == p.municipality.name}
    municipalities = Municipality.select().order_by(
        Municipality.in_region.desc(), in_order(Municipality.name)
    )
    replace_documents(
        MUNICIPALITY,
        2,
        (
            _municipality(municipality, namesakes.get(municipality.code), postcodes)
            for municipality in municipalities
        ),
    )
    replace_documents(
        PLACE,
        3,
        (
            Document(str(place.id), place.name, place.aliases, " ".join(postcodes[place.id]))
            for place in sorted(places, key=lambda p: not p.municipality.in_region)
            if namesakes.get(place.municipality_id) != place
        ),
    )
    replace_documents(DESK, 4, _desks())
    replace_documents(SCHOOL, 5, map(_school, _schools()))
    reindex_people()
    for order, kind in enumerate(list_page_kinds(), start=FIRST_PAGE_KIND):
        replace_documents(kind.name, order, kind.documents())


def reindex_people() -> None:
    """Rebuild the documents of the people, after one was created or removed."""
    replace_documents(PERSON, 6, map(_person, _people()))


def _role(role: Role) -> Document:
    return Document(role.key, role.label, role.aliases)


def _municipality(
    municipality: Municipality, namesake: Place | None, postcodes: dict[int, list[str]]
) -> Document:
    return Document(
        municipality.code,
        municipality.name,
        f"gemeente {municipality.name} {namesake.aliases if namesake else ''}",
        " ".join(postcodes[namesake.id]) if namesake else "",
    )


def _desks() -> list[Document]:
    """The contact points, also by the people whom everybody sees beside their numbers."""
    labels: dict[str, set[str]] = defaultdict(set)
    seen = ContactDetail.select(ContactPoint.key, ContactDetail.label).join(ContactPoint)
    for key, label in fetch_tuples(seen.where(ContactDetail.visibility == Visibility.OPEN)):
        labels[key].add(label)
    return [
        Document(key, name, f"{aliases} {organisation}", " ".join(sorted(labels[key])))
        for key, name, aliases, organisation in list_contact_point_names()
    ]


def _schools() -> list[School]:
    return list(
        School.select(School, Place, Municipality, Sector)
        .join(Place)
        .join(Municipality)
        .switch(School)
        .join(Sector)
        .where(School.closed_on.is_null())
        .order_by(in_order(School.name), School.code)
    )


def _school(school: School) -> Document:
    digits, letters = school.postcode.split()
    # Without the house number: a short number is more often part of a telephone number.
    names = (school.name, *school.aliases.split("; "))
    street = re.sub(r"\s\d{1,5}\S{0,10}$", "", school.street)
    return Document(
        school.code,
        school.name,
        " ".join([school.duo_name, school.aliases, *map(other_spellings, names)]),
        f"{school.code} {street} {digits} {letters} {digits}{letters} "
        f"{school.place.name} {school.place.aliases} {school.place.municipality.name} "
        f"school {school.sector.label}",
    )


def _people() -> list[Person]:
    return list(
        Person.select(Person, Organisation)
        .join(Organisation)
        .order_by(by_family_name(Person), Person.id)
    )


def _person(person: Person) -> Document:
    return Document(
        str(person.id),
        person.name,
        person.infix.replace(" ", ""),
        f"{person.organisation.name} {person.given_name[:1]}",
    )
