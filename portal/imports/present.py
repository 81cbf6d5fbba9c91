"""The directory as it is, to compare a file with: posts, people, their details and absences."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from peewee import JOIN

from portal.accounts.models import Account
from portal.clock import AMSTERDAM, day_of
from portal.database import fetch_tuples
from portal.directory.change_sets import OF_FILES, Change, ChangeSet
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    Organisation,
    Person,
    Role,
    Vacancy,
)
from portal.directory.school_names import label_schools
from portal.directory.schools import list_schools
from portal.person_names import full_name
from portal.web.formatting import day

TableRow = tuple[str, int]  # a table and an id in it


class HeldPost(NamedTuple):
    """An assignment, or without a person a vacancy."""

    id: int
    school: str  # code
    role: str  # key
    person: int | None
    valid_from: date
    valid_until: date | None  # exclusive

    @property
    def row(self) -> TableRow:
        """The row that it is."""
        return ("assignment" if self.person else "vacancy", self.id)

    def overlaps(self, valid_from: date, valid_until: date | None) -> bool:
        """Whether it is valid on some day of a period; without an end, of that day or later."""
        return (self.valid_until is None or self.valid_until > valid_from) and (
            valid_until is None or self.valid_from < valid_until
        )

    def is_valid_on(self, on: date) -> bool:
        """Whether it is valid on the day `on`."""
        return self.valid_from <= on and self.overlaps(on, None)


class KnownRole(NamedTuple):
    """A role."""

    label: str
    one_holder: bool


class KnownAs(NamedTuple):
    """A person."""

    name: str
    working_days: str
    hours: str


class KnownDetail(NamedTuple):
    """A contact detail of a person."""

    id: int
    kind: str
    value: str
    valid_until: date | None


class Present(NamedTuple):
    """The directory as far as an import touches it."""

    posts: Mapping[tuple[str, str], list[HeldPost]]  # per school (code) and role (key)
    roles: Mapping[str, KnownRole]
    schools: Mapping[str, str]  # the label of each open school, by code
    people: Mapping[int, KnownAs]
    details: Mapping[int, list[KnownDetail]]
    absences: Mapping[int, list[tuple[date, date | None]]]
    organisations: Mapping[int, str]
    with_account: frozenset[int]  # people (ids)
    changed: Mapping[TableRow, str]  # by a person since the file was made, in Dutch
    former: Mapping[tuple[int, str], str]  # details of people (ids) that were so before that


def read_present(made_on: date, today: date) -> Present:
    """The directory, for a file of the day `made_on`; contact details of `today` and later."""
    posts: dict[tuple[str, str], list[HeldPost]] = defaultdict(list)
    assignments = Assignment.select(
        Assignment.id, Assignment.school, Role.key, Assignment.person, Assignment.valid_from,
        Assignment.valid_until,
    ).join(Role)  # fmt: skip
    vacancies = Vacancy.select(
        Vacancy.id, Vacancy.school, Role.key, Vacancy.valid_from, Vacancy.valid_until
    ).join(Role)
    for row in fetch_tuples(assignments.order_by(Assignment.valid_from, Assignment.id)):
        posts[row[1], row[2]].append(HeldPost(*row))
    for number, school, role, *period in fetch_tuples(vacancies.order_by(Vacancy.id)):
        posts[school, role].append(HeldPost(number, school, role, None, *period))
    details: dict[int, list[KnownDetail]] = defaultdict(list)
    current = ContactDetail.valid_until.is_null() | (ContactDetail.valid_until > today)
    query = ContactDetail.select(
        ContactDetail.person, ContactDetail.id, ContactDetail.kind, ContactDetail.value,
        ContactDetail.valid_until,
    ).where(ContactDetail.person.is_null(False) & current)  # fmt: skip
    for person, *detail in fetch_tuples(query.order_by(ContactDetail.position, ContactDetail.id)):
        details[person].append(KnownDetail(*detail))
    absences: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for person, first, until in fetch_tuples(
        Absence.select(Absence.person, Absence.valid_from, Absence.valid_until)
    ):
        absences[person].append((first, until))
    changed = _list_changed(made_on)
    return Present(
        posts=posts,
        roles={
            key: KnownRole(label, one_holder)
            for key, label, one_holder in fetch_tuples(
                Role.select(Role.key, Role.label, Role.one_holder)
            )
        },
        schools=label_schools(list_schools()),
        people={
            number: KnownAs(full_name(*name), days, hours)
            for number, *name, days, hours in fetch_tuples(
                Person.select(
                    Person.id,
                    Person.given_name,
                    Person.infix,
                    Person.family_name,
                    Person.working_days,
                    Person.hours,
                )
            )
        },
        details=details,
        absences=absences,
        organisations=dict(fetch_tuples(Organisation.select(Organisation.id, Organisation.name))),
        with_account=frozenset(
            number for (number,) in fetch_tuples(Account.select(Account.person))
        ),
        changed={(table, row): by for table, row, _, _, by in changed},
        former=_list_former(changed),
    )


def _list_former(
    changed: Iterable[tuple[str, int, int | None, str, str]],
) -> dict[tuple[int, str], str]:
    """The numbers and addresses, with the person (id), that a person changed, ended or removed."""
    of_details = [row for row in changed if row[0] == "contact_detail" and row[2]]
    values = dict(
        fetch_tuples(
            ContactDetail.select(ContactDetail.id, ContactDetail.value).where(
                ContactDetail.id.in_([row for _, row, *_ in of_details])
            )
        )
    )
    return {
        (person or 0, value): by
        for _, row, person, before, by in of_details
        for value in (json.loads(before or "{}").get("value"), values.get(row))
        if value
    }


def _list_changed(since: date) -> list[tuple[str, int, int | None, str, str]]:
    """The rows that a person changed on the day `since` or later: table, id, person, what it was
    (JSON), and by whom and when."""
    query = (
        Change.select(
            Change.table, Change.row, Change.person, Change.before, ChangeSet.at, Account.name
        )
        .join(ChangeSet)
        .join(Account, JOIN.LEFT_OUTER, on=ChangeSet.author == Account.id)
        .where(
            ChangeSet.kind.not_in(OF_FILES)
            & (ChangeSet.at >= datetime.combine(since, time(), AMSTERDAM))
            & ~Change.undone
            & Change.table.in_(["assignment", "vacancy", "contact_detail", "person", "absence"])
        )
        .order_by(Change.id)
    )
    return [
        (table, int(row), person, before or "", f"{name or 'iemand'} op {day(day_of(at))}")
        for table, row, person, before, at, name in fetch_tuples(query)
    ]
