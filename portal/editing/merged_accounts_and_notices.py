"""Merges two people with all that is theirs, parts them, and shows beforehand what changes."""

import json
from datetime import datetime
from typing import Any

from peewee import CharField, IntegerField, TextField

from portal.accounts.forgetting import Forgotten
from portal.accounts.models import Account, MergedAccount
from portal.database import BaseModel
from portal.directory import merged_people
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, preview
from portal.directory.change_texts import ChangeText, describe
from portal.directory.models import Person, at_workplace
from portal.meetings.models import Participant
from portal.notices.models import MutedKind, Recipient, RecipientSchool

# Each with the column that a person has once.
_GO_ALONG: dict[Any, Any] = {Recipient: Recipient.notice, MutedKind: MutedKind.kind, Participant: Participant.meeting}


class MergedRow(BaseModel):
    """A row of notices or meetings that went along when its person (id) was merged by a change set
    (id), or that was removed because the one who stays had it too; undoing that gives it back."""

    change_set = IntegerField(index=True)
    table = CharField()
    row = IntegerField()  # id
    person = IntegerField()
    removed = TextField(null=True)  # JSON: the columns of a row that was removed


def merge(change_set: ChangeSet, kept: Person, removed: Person) -> None:
    """Let one person be in the place of two: also their accounts, what they read and muted of
    the notices, and their answers to invitations."""
    for account in Account.select().where(Account.person == removed):
        MergedAccount.create(change_set=change_set.id, account=account, person=removed.id)
    Account.update(person=kept).where(Account.person == removed).execute()
    for model, about in _GO_ALONG.items():
        there = {row.__data__[about.name] for row in model.select().where(model.person == kept)}
        for row in model.select().where(model.person == removed):
            is_twice = row.__data__[about.name] in there
            MergedRow.create(
                change_set=change_set.id, table=model._meta.table_name, row=row.id,
                person=removed.id, removed=_write(row) if is_twice else None,
            )  # fmt: skip
            if not is_twice:
                model.update(person=kept).where(model.id == row.id).execute()
    merged_people.merge(change_set, kept, removed)


def part(change_set: int) -> None:
    """Give the rows that went along with a merged person back to that person: the change set (id) was undone."""
    merged = MergedRow.change_set == change_set
    for one in MergedRow.select().where(merged).order_by(MergedRow.id):
        [model] = [model for model in _GO_ALONG if model._meta.table_name == one.table]
        if one.removed is None:
            model.update(person=one.person).where(model.id == one.row).execute()
        else:
            _restore(model, json.loads(one.removed))
    MergedRow.delete().where(merged).execute()


def forget_person(one: Forgotten) -> None:
    """Keep no row that went along for somebody who was merged into a person who is forgotten."""
    people = [one.person, *merged_people.list_merged(one.person)]
    MergedRow.delete().where(MergedRow.person.in_(people)).execute()


def clear_old(before: datetime) -> int:
    """Delete what went along with people who were merged before an aware moment, and are parted no
    more; gives the number of rows."""
    old = ChangeSet.select(ChangeSet.id).where(ChangeSet.at < before)
    return sum(int(model.delete().where(model.change_set.in_(old)).execute()) for model in (MergedRow, MergedAccount))


def list_effects(kept: Person, removed: Person) -> list[ChangeText]:
    """The changes that merging them would make, in words."""
    with preview():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        merge(change_set, kept, removed)
        changes = Change.select().where(Change.change_set == change_set.id).order_by(Change.id)
        return list(describe(changes).values())


def _write(row: Any) -> str:
    """The columns of a row as JSON, without its id, which may be used again."""
    columns = {f.name: f.db_value(row.__data__[f.name]) for f in row._meta.sorted_fields[1:]}
    schools = RecipientSchool.select().where(RecipientSchool.recipient == row.id)
    own = [one.workplace_id for one in schools] if isinstance(row, Recipient) else []
    return json.dumps([columns, own])


def _restore(model: Any, removed: list[Any]) -> None:
    columns, schools = removed
    values = {f.name: f.python_value(columns[f.name]) for f in model._meta.sorted_fields[1:]}
    row = model.create(**values)
    for school in schools:
        RecipientSchool.create(recipient=row, **at_workplace(school))
