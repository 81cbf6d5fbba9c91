"""The organisation that a person works for, on a day.

`Person.organisation` is the first one; an employment says for which other organisation the person
works in a period. Days are Amsterdam dates.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.validity import current_or_future, valid_on
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.models import Employment, Organisation, Person


class Employer(NamedTuple):
    """An organisation."""

    id: int
    key: str
    name: str


@cached_until_change
def list_moved(on: date) -> Mapping[int, Employer]:
    """The people (ids) who work for another than their first organisation on the day `on`."""
    query = (
        Employment.select(
            Employment.person, Organisation.id, Organisation.key, Organisation.name
        ).join(Organisation).where(valid_on(Employment, on) & ~Employment.is_pending)
    )  # fmt: skip
    return {person: Employer(*employer) for person, *employer in fetch_tuples(query)}


def list_joining(organisations: Collection[int], on: date) -> set[int]:
    """The people (ids) who move to one of these organisations on the day `on` or later, or did."""
    there = Employment.organisation.in_(list(organisations)) & ~Employment.is_pending
    there &= current_or_future(Employment, on)
    return {person for (person,) in fetch_tuples(Employment.select(Employment.person).where(there))}


def find_employer(person: Person, on: date) -> int:
    """The organisation (id) of a person on the day `on`."""
    moved = list_moved(on).get(person.id)
    return moved.id if moved else int(person.organisation_id)


def works_for(organisations: Collection[int], on: date) -> Any:
    """The condition that a person works for one of these organisations on the day `on`."""
    moved = list_moved(on)
    joined = [person for person, employer in moved.items() if employer.id in organisations]
    first = Person.organisation.in_(list(organisations)) & Person.id.not_in(list(moved))
    return first | Person.id.in_(joined)


def move(
    change_set: ChangeSet, person: Person, organisation: int, on: date, *, is_pending: bool = False
) -> None:
    """Let a person work for another organisation from the day `on`; a pending employment changes
    nothing until the organisation confirms it.

    Raises RuleViolation where they do already, or move again later.
    """
    if find_employer(person, on) == organisation:
        raise RuleViolation(f"{person.name} werkt daar dan al. Kies een andere organisatie.")
    later = current_or_future(Employment, on) & (Employment.person == person)
    for employment in Employment.select().where(later):
        if employment.valid_from >= on:
            raise RuleViolation(
                f"{person.name} gaat later al naar een andere organisatie. Kies een dag daarna."
            )
        change_set.end(employment, on)
    change_set.change(person)  # its document in the search names both organisations
    change_set.add(
        Employment, person=person, organisation=organisation, valid_from=on, is_pending=is_pending
    )
