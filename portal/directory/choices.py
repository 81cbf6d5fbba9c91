"""People and organisations as the options of a list."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from portal import clock
from portal.database.cache import fetch_kept
from portal.directory.employers import list_moved
from portal.directory.models import (
    ContactPoint,
    Municipality,
    Organisation,
    Person,
    Responsibility,
    School,
)
from portal.directory.read_models import SchoolRow
from portal.directory.schools import list_schools
from portal.person_names import full_name, name_in_list

Options = list[tuple[str, str]]  # value and label of each option of a list


class PersonChoice(NamedTuple):
    """A person who can be chosen, with the organisation of a day."""

    id: int
    name: str
    organisation: int
    organisation_name: str

    @property
    def label(self) -> str:
        """The person in a list."""
        return name_in_list(self.name, self.organisation_name)


def list_people(
    on: date | None = None, which: Any = None, most: int | None = None, skipped: int = 0
) -> list[PersonChoice]:
    """The people that meet a condition, at most so many after the first `skipped`, or all; by name,
    as they are on the day `on`, by default today (Amsterdam)."""
    # Tuples: a model for each of a region's people would take most of the time of a form.
    query = Person.select(
        Person.id, Person.given_name, Person.infix, Person.family_name, Person.organisation,
        Organisation.name,
    ).join(Organisation)  # fmt: skip
    query = query if which is None else query.where(which)
    people = []
    moved = list_moved(on or clock.today())
    ordered = query.order_by(Person.sort_key, Person.id).limit(most).offset(skipped)
    for id, *names, organisation, organisation_name in fetch_kept(ordered):
        if employer := moved.get(id):
            organisation, organisation_name = employer.id, employer.name
        people.append(PersonChoice(id, full_name(*names), organisation, organisation_name))
    return people


def list_organisations(condition: Any = None, most: int | None = None) -> Options:
    """The organisations (ids) that meet a condition, at most so many, or all: partners first, an
    open school with its place."""
    query = Organisation.select(Organisation.id, Organisation.name, School.code)
    query = query.left_outer_join(School, on=School.organisation == Organisation.id)
    if condition is not None:
        query = query.where(condition)
    ordered = query.order_by(Organisation.kind, Organisation.sort_key, Organisation.id)
    rows = fetch_kept(ordered.limit(most))
    labels = label_schools(list_schools(School.code.in_([code for _, _, code in rows if code])))
    return [(str(id), labels.get(code, name)) for id, name, code in rows]


def label_contact_points(points: Collection[ContactPoint]) -> dict[int, str]:
    """Per contact point (id) its name; where two of them have the same, with the municipalities
    for which it answers: the desks of one organisation may share their number too."""
    counts = Counter(point.name for point in points)
    labels = {point.id: point.name for point in points}
    alike = [point.id for point in points if counts[point.name] > 1]
    query = Responsibility.select(Responsibility.contact_point, Municipality.name).distinct()
    there = query.join(Municipality).where(Responsibility.contact_point.in_(alike))
    for id, municipality in fetch_kept(there.order_by(Municipality.name)) if alike else ():
        labels[id] += f", {municipality}"
    return labels


def label_schools(schools: Collection[SchoolRow]) -> dict[str, str]:
    """Per school (code) its name and place, in the given order; where two of them have the same,
    with the street, and where that is the same too, with DUO's code."""
    labels = {school.code: school.title for school in schools}
    streets = {school.code: school.street for school in schools}
    for more in (streets, {code: code for code in streets}):
        counts = Counter(labels.values())
        labels = {
            code: f"{label}, {more[code]}" if counts[label] > 1 else label
            for code, label in labels.items()
        }
    return labels
