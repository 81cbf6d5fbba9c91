"""The directory as it is, to compare a file with: posts, people, their details and absences."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from peewee import JOIN, SQL

from portal.accounts.models import Account
from portal.clock import AMSTERDAM, day_of
from portal.database import fetch_tuples
from portal.database.validity import current_or_future
from portal.directory.change_sets import OF_FILES, Change, ChangeSet
from portal.directory.models import Absence, Assignment, ContactDetail, Organisation, Person, Role, Vacancy
from portal.directory.schools_and_kernen import label_schools, list_workplaces
from portal.web.formatting import day

TableRow = tuple[str, int]  # a table and an id in it


def overlap(valid_from: date, valid_until: date | None, other_from: date, other_until: date | None) -> bool:
    """Whether two half-open periods have a day in common; one without an end goes on."""
    return valid_from < (other_until or date.max) and other_from < (valid_until or date.max)


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
        return overlap(self.valid_from, self.valid_until, valid_from, valid_until)

    def is_valid_on(self, on: date) -> bool:
        """Whether it is valid on the day `on`."""
        return self.valid_from <= on and self.overlaps(on, None)


class Present(NamedTuple):
    """The directory as far as an import touches it."""

    posts: Mapping[tuple[str, str], list[HeldPost]]  # per school (code) and role (key)
    one_holder: frozenset[str]  # roles (keys) that a school has one of
    schools: Mapping[str, str]  # the label of each open school, by code
    people: Mapping[int, Person]
    details: Mapping[int, list[ContactDetail]]  # per person (id)
    absences: Mapping[int, list[tuple[date, date | None]]]  # per person (id)
    organisations: Mapping[int, str]
    with_account: frozenset[int]  # people (ids)
    changed: Mapping[TableRow, str]  # by a person since the file was made, in Dutch
    former: Mapping[tuple[int, str], str]  # details of people (ids) that were so before that


def read_present(made_on: date, today: date) -> Present:
    """The directory, for a file of the day `made_on`; contact details of `today` and later."""
    posts: dict[tuple[str, str], list[HeldPost]] = defaultdict(list)
    for model, person in ((Assignment, Assignment.person), (Vacancy, SQL("NULL"))):
        rows = model.select(model.id, model.code(), Role.key, person, model.valid_from, model.valid_until).join(Role)
        for row in fetch_tuples(rows.order_by(model.valid_from, model.id)):
            posts[row[1], row[2]].append(HeldPost(*row))
    details: dict[int, list[ContactDetail]] = defaultdict(list)
    of_people = ContactDetail.person.is_null(False) & current_or_future(ContactDetail, today)
    order = ContactDetail.position, ContactDetail.id
    for detail in ContactDetail.select().where(of_people).order_by(*order):
        details[detail.person_id].append(detail)
    absences: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for absence in Absence.select():
        absences[absence.person_id].append((absence.valid_from, absence.valid_until))
    changed = list(_list_changed(made_on))
    return Present(
        posts=posts,
        one_holder=frozenset(role.key for role in Role.select().where(Role.one_holder)),
        schools=label_schools(list_workplaces()),
        people={person.id: person for person in Person.select()},
        details=details,
        absences=absences,
        organisations=dict(fetch_tuples(Organisation.select(Organisation.id, Organisation.name))),
        with_account=frozenset(one for (one,) in fetch_tuples(Account.select(Account.person))),
        changed={(change.table, int(change.row)): _say_by_whom(change) for change in changed},
        former=_list_former(changed),
    )


def _list_former(changed: Iterable[Any]) -> dict[tuple[int, str], str]:
    """The numbers and addresses, with the person (id), that a person changed, ended or removed."""
    of_people = [one for one in changed if one.table == "contact_detail" and one.person]
    details = ContactDetail.select(ContactDetail.id, ContactDetail.value)
    ids = [int(change.row) for change in of_people]
    values = dict(fetch_tuples(details.where(ContactDetail.id.in_(ids))))
    return {
        (change.person, value): _say_by_whom(change)
        for change in of_people
        for value in (json.loads(change.before or "{}").get("value"), values.get(int(change.row)))
        if value
    }


def _list_changed(since: date) -> Iterable[Any]:
    """The changes by a person on the day `since` or later, with their moment and author."""
    return (
        Change.select(Change, ChangeSet.at, Account.name)
        .join(ChangeSet)
        .join(Account, JOIN.LEFT_OUTER, on=ChangeSet.author == Account.id)
        .where(
            ChangeSet.kind.not_in(OF_FILES)
            & (ChangeSet.at >= datetime.combine(since, time(), AMSTERDAM))
            & ~Change.undone
            & Change.table.in_(["assignment", "vacancy", "contact_detail", "person", "absence"])
        )
        .order_by(Change.id)
        .namedtuples()
    )


def _say_by_whom(change: Any) -> str:
    return f"{change.name or 'iemand'} op {day(day_of(change.at))}"
