"""The drafts of divisions: one per author, role and day, kept until published or old."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from peewee import DateField, ForeignKeyField, IntegerField, TextField

from portal import clock
from portal.accounts.forgetting import Forgotten
from portal.accounts.models import Account
from portal.database import BaseModel, Outdated, db
from portal.database.directory_version import lock_directory
from portal.database.fields import TimestampField
from portal.directory.models import Role

Cells = dict[str, str]  # name of a cell of the table: who comes there, as in notices.drafts


class DivisionDraft(BaseModel):
    """The answers of an author about the holders of a role from a day on."""

    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: Any
    role = ForeignKeyField(Role, on_delete="CASCADE")
    role_id: Any
    valid_from = DateField()
    cells = TextField()  # JSON, see Cells
    saved_at = TimestampField(index=True)
    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("account", "role", "valid_from"), True),)

    @property
    def answers(self) -> Cells:
        """The cells that get somebody else."""
        return dict(json.loads(self.cells))


def list_drafts(role: int, on: date) -> list[DivisionDraft]:
    """The drafts about a role (id) and a day, each with its author."""
    query = DivisionDraft.select(DivisionDraft, Account).join(Account)
    same = (DivisionDraft.role == role) & (DivisionDraft.valid_from == on)
    return list(query.where(same).order_by(DivisionDraft.id))


def save_draft(
    account: int, role: int, on: date, version: int, asked: set[str], answers: Mapping[str, str]
) -> DivisionDraft | None:
    """Keep the answers to the cells `asked`; those to other cells stay, and a draft without answers
    is gone. Raises Outdated where it has another version and other answers."""
    with db.atomic():
        lock_directory()
        draft = DivisionDraft.get_or_none(account=account, role=role, valid_from=on)
        old = draft.answers if draft else {}
        new = {name: old[name] for name in old if name not in asked} | dict(answers)
        if draft and new != old and draft.row_version != version:
            raise Outdated
        if not new:
            delete_draft(account, role, on)
            return None
        draft = draft or DivisionDraft(account=account, role=role, valid_from=on, row_version=0)
        draft.cells, draft.saved_at = json.dumps(new), clock.now()
        draft.row_version += new != old or not draft.row_version
        draft.save()
        return draft


def delete_draft(account: int, role: int, on: date) -> None:
    """Delete a draft that is published or given up."""
    DivisionDraft.delete().where(
        (DivisionDraft.account == account) & (DivisionDraft.role == role) & (DivisionDraft.valid_from == on)
    ).execute()


def forget_person(one: Forgotten) -> None:
    """Leave nobody in the place of a person who is forgotten."""
    for draft in DivisionDraft.select():
        kept = {cell: who for cell, who in draft.answers.items() if who != str(one.person)}
        if kept != draft.answers:
            draft.cells, draft.row_version = json.dumps(kept), draft.row_version + 1
            draft.save()
