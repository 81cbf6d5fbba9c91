"""Writes the chosen differences between a file and the directory, in one change set.

Everything runs in the transaction of the caller, which locked the directory.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from portal.database import db
from portal.database.validity import overlaps
from portal.directory import absences, assignments, contact_details
from portal.directory.change_sets import MODELS, ChangeSet, RuleViolation
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    DetailKind,
    Organisation,
    Person,
    Role,
    School,
    Substitute,
    Visibility,
)
from portal.imports.difference import Difference, Kind, identify
from portal.imports.interpretation import ImportedPerson, ImportedPost
from portal.imports.present import TableRow
from portal.text import slug


class Refused(NamedTuple):
    """A difference that was not done, and why in Dutch."""

    difference: Difference
    reason: str


def apply(
    change_set: ChangeSet, chosen: Collection[Difference], people: Iterable[ImportedPerson]
) -> list[Refused]:
    """Change the directory as the chosen differences say; gives those that contradict it, which are
    not done. `people` are all people of the file."""
    writer = _Writer(change_set, people)
    refused = []
    # First what makes room. A vacancy may follow a holder, an absence is about a post.
    for write in (
        writer.end, writer.keep, writer.fill, writer.open_vacancy, writer.change_details,
        writer.report_absence,
    ):  # fmt: skip
        for difference in chosen:
            try:
                with db.atomic():
                    write(difference)
            except RuleViolation as error:
                refused.append(Refused(difference, str(error)))
                writer.forget_undone()
    return refused


class _Writer:
    """The rows that a file refers to, each read once."""

    def __init__(self, change_set: ChangeSet, people: Iterable[ImportedPerson]) -> None:
        self._change_set = change_set
        self._told = {identify(person): person for person in people}
        self._people: dict[tuple[object, ...], Person] = {}
        self._roles = {role.key: role for role in Role.select()}
        self._schools = {school.code: school for school in School.select()}
        self._absences: dict[tuple[int, date, date | None], Absence] = {}

    def forget_undone(self) -> None:
        """Forget who was created by what was rolled back."""
        ids = {row.id for row in Person.select(Person.id)}
        self._people = {key: row for key, row in self._people.items() if row.id in ids}

    def end(self, difference: Difference) -> None:
        """End a post that the file does not tell."""
        if difference.kind is Kind.ENDS:
            for row in difference.ended:
                self._change_set.end(_get(row.row), difference.start)

    def keep(self, difference: Difference) -> None:
        """Move the last day of a post."""
        if difference.kept:
            assignments.check_period(difference.start, difference.until)
            self._change_set.change(_get(difference.kept.row), valid_until=difference.until)

    def fill(self, difference: Difference) -> None:
        """Give a post to its holder, in the place of who had it."""
        if difference.is_post and difference.post and difference.post.person:
            self._make_room(difference)
            assignments.assign(
                self._change_set, self._find(difference.post.person),
                *self._place(difference.post), difference.start, difference.until,
            )  # fmt: skip

    def open_vacancy(self, difference: Difference) -> None:
        """Record that a post is open."""
        if difference.is_post and difference.post and not difference.post.person:
            self._make_room(difference)
            assignments.open_vacancy(
                self._change_set, *self._place(difference.post), difference.start, difference.until
            )

    def _make_room(self, difference: Difference) -> None:
        for row in difference.ended:
            if row.person:  # `assign` ends a vacancy
                self._change_set.end(_get(row.row), difference.start)

    def change_details(self, difference: Difference) -> None:
        """Give somebody who is known other details."""
        if difference.school or not (difference.person and difference.person.person):
            return
        person, start = self._find(difference.person), difference.start
        for number in difference.gone:
            self._change_set.end(ContactDetail.get_by_id(number), start)
        for detail in difference.details:
            if detail.replaced:
                old = ContactDetail.get_by_id(detail.replaced)
                contact_details.replace_detail(self._change_set, old, detail.value, start)
            else:
                self._add_detail(person, detail.kind, detail.value)
        if difference.times:
            self._change_set.change(person, **dict(difference.times))

    def report_absence(self, difference: Difference) -> None:
        """Report an absence once, and let somebody stand in at this post."""
        if not difference.is_absence or not difference.person or not difference.post:
            return
        person, post = self._find(difference.person), difference.post
        key = (person.id, difference.start, difference.until)
        if key not in self._absences:
            self._absences[key] = absences.report_absence(self._change_set, person, *key[1:])
        held = Assignment.get_or_none(
            (Assignment.person == person)
            & (Assignment.role == self._roles[post.role])
            & (Assignment.school == post.school)
            & overlaps(Assignment, difference.start, difference.until)
        )
        if held and post.absence and post.absence.substitute:
            self._change_set.add(
                Substitute, absence=self._absences[key], assignment=held,
                person=self._find(post.absence.substitute),
            )  # fmt: skip

    def _place(self, post: ImportedPost) -> tuple[Role, School]:
        return self._roles[post.role], self._schools[post.school]

    def _find(self, person: ImportedPerson) -> Person:
        """The person of the directory; somebody new is created once, with all that is told."""
        key = identify(person)
        if key not in self._people:
            told = self._told[key]
            known = Person.get_or_none(Person.id == told.person) if told.person else None
            self._people[key] = known or self._create(told)
        return self._people[key]

    def _create(self, told: ImportedPerson) -> Person:
        person: Person = self._change_set.add(
            Person,
            organisation=told.organisation or self._find_organisation(told.new_organisation),
            given_name=told.given_name,
            infix=told.infix,
            family_name=told.family_name,
            working_days=told.working_days,
            hours=told.hours,
        )
        for value in told.phones:
            self._add_detail(person, DetailKind.PHONE, value)
        for value in told.emails:
            self._add_detail(person, DetailKind.EMAIL, value)
        return person

    def _find_organisation(self, name: str) -> Organisation:
        """The organisation of this name; a new one is created once."""
        known = Organisation.get_or_none(Organisation.name == name)
        taken = Organisation.get_or_none(Organisation.key == slug(name))
        return known or self._change_set.add(
            Organisation,
            key=f"{slug(name)}-{secrets.token_hex(3)}" if taken else slug(name),
            name=name,
            kind=Organisation.PARTNER,
        )

    def _add_detail(self, person: Person, kind: DetailKind, value: str) -> None:
        """Add a detail; a mobile number that its owner did not open is for members."""
        is_mobile = value.startswith("+316")
        visibility = Visibility.MEMBERS if is_mobile else Visibility.OPEN
        contact_details.add_detail(self._change_set, person, kind, value, None, visibility)


def _get(row: TableRow) -> Any:
    table, number = row
    return MODELS[table].get_by_id(number)
