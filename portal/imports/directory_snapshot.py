"""The directory as it is: as the interpretation of a file needs it, read once; and to compare a file with, the posts,
people, their details and absences."""

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
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    ContactPoint,
    Organisation,
    Person,
    Responsibility,
    Role,
    School,
    Vacancy,
)
from portal.directory.places import PlaceRow, list_places
from portal.directory.schools_and_kernen import RoleRow, SchoolRow, label_schools, list_roles, list_workplaces
from portal.directory.similar_people import KnownPeople, load_people
from portal.web.formatting import day

TableRow = tuple[str, int]  # a table and an id in it


class OrganisationRow(NamedTuple):
    id: int
    key: str
    name: str
    names: tuple[str, ...]
    school: str  # code; "": no school


class Snapshot(NamedTuple):
    """The directory on a day."""

    on: date
    schools: tuple[SchoolRow, ...]
    places: tuple[PlaceRow, ...]
    roles: tuple[RoleRow, ...]
    one_holder: frozenset[str]  # roles that a school has one of
    organisations: tuple[OrganisationRow, ...]
    school_staff: frozenset[str]  # roles that the school employs
    # The organisation (id) whose desk answers for a role in a municipality for a sector.
    employers: Mapping[tuple[str, str, str], int]
    people: KnownPeople
    not_names: tuple[str, ...]  # see `portal.privacy.pupil_data`


def load_snapshot(on: date, not_names: tuple[str, ...]) -> Snapshot:
    """Read the directory as it is on the day `on` (Amsterdam)."""
    names: dict[int, list[str]] = {}
    points = ContactPoint.select(ContactPoint.organisation, ContactPoint.name, ContactPoint.aliases).order_by(
        ContactPoint.id
    )
    for organisation, name, aliases in fetch_tuples(points):
        names.setdefault(organisation, []).extend(filter(None, (name, *aliases.split("; "))))
    schools = dict(fetch_tuples(School.select(School.organisation, School.code)))
    organisations = Organisation.select(Organisation.id, Organisation.key, Organisation.name)
    kept = {role.key: role for role in Role.select()}
    return Snapshot(
        on=on,
        schools=tuple(list_workplaces()),
        places=tuple(list_places()),
        roles=list_roles(),
        one_holder=frozenset(key for key, role in kept.items() if role.one_holder),
        organisations=tuple(
            OrganisationRow(id, key, name, tuple(names.get(id, ())), schools.get(id, ""))
            for id, key, name in fetch_tuples(organisations.order_by(Organisation.sort_key))
        ),
        school_staff=frozenset(key for key, role in kept.items() if role.is_school_staff),
        employers=_load_employers(),
        people=load_people(on),
        not_names=not_names,
    )


def _load_employers() -> dict[tuple[str, str, str], int]:
    query = Responsibility.select(
        Role.key, Responsibility.municipality, Responsibility.sector, ContactPoint.organisation
    )
    query = query.join(Role).join_from(Responsibility, ContactPoint)
    query = query.where(~Responsibility.to_confirm)
    rows = fetch_tuples(query.order_by(Responsibility.rank.desc(), Responsibility.id))
    return {row[:3]: row[3] for row in rows}  # the first rank remains


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
