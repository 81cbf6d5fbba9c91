"""Lists the differences between a file and the directory, and writes the chosen ones in one change set."""

import secrets
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from portal import clock
from portal.database import Outdated, db, fetch_tuples
from portal.database.directory_version import lock_directory
from portal.database.validity import overlaps
from portal.directory import assignments, new_people_and_details, who_works_or_is_absent
from portal.directory.change_sets import MODELS, ChangeSet, ChangeSetKind, ChangeSetState, RuleViolation
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    DetailKind,
    Kern,
    Organisation,
    Person,
    Role,
    School,
    Substitute,
    Visibility,
    Workplace,
)
from portal.directory.schools_and_kernen import has_kernen
from portal.imports.decisions_and_clearing import EMPTY, list_unknown, lock_import
from portal.imports.difference import Difference, Terms, choose, compare, fingerprint, identify, merge_people
from portal.imports.directory_snapshot import HeldPost, read_present
from portal.imports.json_tuples import dump
from portal.imports.models import Import, ImportState
from portal.imports.posts_and_questions import ImportedPerson, ImportedPost, RejectedRow
from portal.imports.reading_now_or_later import Opened, list_decisions, open_import
from portal.imports.remembered_words import remember
from portal.search.index import update_documents
from portal.text import slug


class Refused(NamedTuple):
    """A difference that was not done, and why in Dutch."""

    difference: Difference
    reason: str


def list_differences(opened: Opened) -> list[Difference]:
    """The differences between the file of an import and the directory."""
    row, found = opened
    decisions = list_decisions(row)
    columns = [column for sheet in found.sheets for column in sheet.columns]
    empties = frozenset(c.field for c in columns if EMPTY + c.key in decisions)
    terms = Terms(row.effective_on, row.coverage, empties)
    return compare(found, read_present(row.made_on, clock.today()), terms)


def apply_import(number: int, ticked: Collection[str], seen: str, author: int) -> list[Refused]:
    """Write the differences that need no tick or have one (keys) in one change set, for an account
    (id) that saw the `fingerprint` of all; gives what contradicts the directory, which is not done.

    Raises Outdated where the import was applied already, or what was seen is not so any more.
    """
    with db.atomic():
        lock_directory()
        row = lock_import(number, ImportState.OPEN)
        opened = open_import(row)
        if opened is None or list_unknown(opened.found):
            raise Outdated
        differences = list_differences(opened)
        if fingerprint(differences) != seen:
            raise Outdated
        return write(opened, choose(differences, ticked), author)


def apply(change_set: ChangeSet, chosen: Collection[Difference], people: Iterable[ImportedPerson]) -> list[Refused]:
    """Change the directory as the chosen differences say; gives those that contradict it, which are
    not done. `people` are all people of the file."""
    writer = _Writer(change_set, people)
    writer.fill_free(one for one in chosen if one.is_free and not one.conflict)
    refused = []
    for difference in sorted(chosen, key=_turn):
        if difference.is_free and not difference.conflict:
            continue
        try:
            with db.atomic():
                writer.write(difference)
        except RuleViolation as error:
            refused.append(Refused(difference, str(error)))
            writer.forget_undone()
    return refused


def write(opened: Opened, chosen: Collection[Difference], author: int | None) -> list[Refused]:
    """Write these differences in one change set, in a transaction of the caller."""
    row, found = opened
    if not chosen:
        remember(row.sender, list_decisions(row), None)
        row.state = ImportState.APPLIED
        row.save(only=["state"])
        return []
    change_set = ChangeSet.begin(
        ChangeSetKind.IMPORT, author, ref=row.id, reason=f"{row.label}, van {row.sender}", effective_on=row.effective_on
    )
    refused = apply(change_set, chosen, merge_people(found.posts).values())
    remember(row.sender, list_decisions(row), change_set)
    update_documents(change_set.list_rows())
    rejected = [RejectedRow(key, one.reason) for one in refused for key in one.difference.rows]
    row.interpretation = dump(found._replace(rejected=(*found.rejected, *rejected)))
    row.state, row.change_set = ImportState.APPLIED, change_set.id
    row.save(only=["state", "change_set", "interpretation"])
    return refused


def reopen_undone() -> None:
    """Open the imports again of which the changes were undone."""
    changed = Import.select(Import.id).join(ChangeSet, on=Import.change_set == ChangeSet.id)
    undone = changed.where(ChangeSet.state == ChangeSetState.UNDONE)
    if numbers := [number for (number,) in fetch_tuples(undone)]:
        again = Import.update(state=ImportState.OPEN, change_set=None)
        again.where(Import.id.in_(numbers)).execute()


def _turn(one: Difference) -> int:
    """The place of a difference in the order of writing. Rows that make room come first; a vacancy
    may follow a holder, and an absence is about a post."""
    if one.is_absence:
        return 3
    if not one.post or one.kept:
        return 0
    return 1 if one.post.person else 2


class _Writer:
    """The rows that a file refers to, each read once."""

    def __init__(self, change_set: ChangeSet, people: Iterable[ImportedPerson]) -> None:
        self._change_set = change_set
        self._told = {identify(person): person for person in people}
        self._people: dict[tuple[object, ...], Person] = {}
        self._roles = {role.key: role for role in Role.select()}
        self._schools: dict[str, Workplace] = {school.code: school for school in School.select()}
        self._schools |= {kern.code: kern for kern in Kern.select()} if has_kernen() else {}
        self._absences: dict[tuple[int, date, date | None], Absence] = {}

    def forget_undone(self) -> None:
        """Forget who was created by what was rolled back."""
        ids = {row.id for row in Person.select(Person.id)}
        self._people = {key: row for key, row in self._people.items() if row.id in ids}

    def fill_free(self, differences: Iterable[Difference]) -> None:
        """Give the posts that nobody ever held to their holders."""
        rows = [
            {"person": self._find(one.post.person), "role": self._roles[one.role],
             **assignments.columns_of(self._schools[one.school]), "valid_from": one.start,
             "valid_until": one.until}
            for one in differences
            if one.post and one.post.person
        ]  # fmt: skip
        self._change_set.add_many(Assignment, rows)

    def write(self, one: Difference) -> None:
        """Write one difference. Raises RuleViolation."""
        change_set, post, start, until = self._change_set, one.post, one.start, one.until
        for row in one.ended:
            if row.person or not post:  # a new holder ends a vacancy
                change_set.end(_get(row), start)
        if one.kept:
            assignments.check_period(start, until)
            change_set.change(_get(one.kept), valid_until=until)
        elif one.person and not one.school:
            # Somebody new comes by their first post.
            if one.person.person:
                self._change_details(one, self._find(one.person))
        elif one.person and post:
            self._report_absence(one, post, self._find(one.person))
        elif post:
            role, school = self._roles[one.role], self._schools[one.school]
            if post.person:
                person = self._find(post.person)
                assignments.assign(change_set, person, role, school, start, until)
            else:
                assignments.open_vacancy(change_set, role, school, start, until)

    def _change_details(self, difference: Difference, person: Person) -> None:
        start = difference.start
        for number in difference.gone:
            self._change_set.end(ContactDetail.get_by_id(number), start)
        for detail in difference.details:
            if detail.replaced:
                old = ContactDetail.get_by_id(detail.replaced)
                new_people_and_details.replace_detail(self._change_set, old, detail.value, start)
            else:
                self._add_details(person, detail.kind, [detail.value], start)
        if difference.times:
            self._change_set.change(person, **dict(difference.times))

    def _report_absence(self, difference: Difference, post: ImportedPost, person: Person) -> None:
        """Report an absence once, and let somebody stand in at this post."""
        key = (person.id, difference.start, difference.until)
        if key not in self._absences:
            self._absences[key] = who_works_or_is_absent.report_absence(self._change_set, person, *key[1:])
        held = Assignment.get_or_none(
            (Assignment.person == person)
            & (Assignment.role == self._roles[difference.role])
            & Assignment.at([difference.school])
            & overlaps(Assignment, difference.start, difference.until)
        )
        if held and post.absence and post.absence.substitute:
            self._change_set.add(
                Substitute, absence=self._absences[key], assignment=held, person=self._find(post.absence.substitute)
            )

    def _find(self, person: ImportedPerson) -> Person:
        """The person of the directory; somebody new is created once, with all that is told."""
        key = identify(person)
        if key not in self._people:
            told = self._told[key]
            known = Person.get_or_none(Person.id == told.person) if told.person else None
            self._people[key] = known or self._create(told)
        return self._people[key]

    def _create(self, told: ImportedPerson) -> Person:
        organisation = told.organisation or self._find_organisation(told.new_organisation)
        person: Person = self._change_set.add(
            Person, organisation=organisation,
            given_name=told.given_name, infix=told.infix, family_name=told.family_name,
            working_days=told.working_days, hours=told.hours,
        )  # fmt: skip
        self._add_details(person, DetailKind.PHONE, told.phones)
        self._add_details(person, DetailKind.EMAIL, told.emails)
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

    def _add_details(self, person: Person, kind: DetailKind, values: Iterable[str], start: date | None = None) -> None:
        """Add details; a mobile number is for members until somebody opens it."""
        rows = [
            {"person": person, "kind": kind, "value": value, "valid_from": start,
             "visibility": Visibility.MEMBERS if value.startswith("+316") else Visibility.OPEN}
            for value in values
        ]  # fmt: skip
        self._change_set.add_many(ContactDetail, rows)


def _get(held: HeldPost) -> Any:
    table, number = held.row
    return MODELS[table].get_by_id(number)
