"""Everything that the portal holds about the owner of an account (AVG, art. 15 and 20), by the
register of data. What cannot be traced to an account, such as a form that was saved for later, is
not in it; neither are the lists of others that somebody imported."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import CharField, IntegerField

from portal import phones
from portal.accounts.addresses import list_addresses
from portal.accounts.models import Account
from portal.data_register import Column, Kept, Mark, list_columns
from portal.database import BaseModel, fetch_tuples
from portal.directory.change_texts import FIELD_NAMES
from portal.directory.models import Organisation, Person, Role, School
from portal.labelled_enum import LabelledEnum
from portal.web.formatting import capital, day, moment, weekday_names

_ADDRESS = ("email", "recipient")
# Columns with the id of a person or account that the row outlives.
_OUTLIVED: dict[str, Any] = {
    "person": Person, "author": Account, "actor": Account, "account": Account,
}  # fmt: skip
# Columns that are not shown: of somebody else, where the row is about the owner.
_OF_OTHERS = {
    "import": {"file", "tables", "decisions", "asked", "interpretation"},
    "report": {"account", "network", "answered_by"},
}
_COUNTED = ("change", "change_set", "audit_entry", "outgoing_mail")  # on the page
NAMES = FIELD_NAMES | {
    "email": "e-mailadres", "name": "naam", "created_at": "sinds",
    "active_until": "toegang tot en met", "moved_to": "nieuw e-mailadres",
    "visited_on": "laatste bezoek", "device": "apparaat",
    "visited_before_on": "bezoek daarvoor", "seen_at": "gezien op", "title": "titel",
    "warned_on": "gewaarschuwd op", "asked_on": "gevraagd op", "reminded_on": "herinnerd op",
    "step": "stap", "text": "tekst", "author_name": "geschreven door", "reply_to": "antwoord naar",
    "published_at": "geplaatst op", "notice": "melding", "mailed": "mail gestuurd",
    "reminded_at": "herinnerd op", "request": "aanvraag", "reference": "nummer", "state": "stand",
    "planned_on": "gepland op", "received_at": "ontvangen op", "closed_at": "afgesloten op",
    "taken_at": "gedaan op", "saved_at": "bewaard op", "sender": "van", "at": "op",
    "address": "adres", "set_at": "gekozen op", "withdrawn_at": "ingetrokken op",
}  # fmt: skip


class Held(NamedTuple):
    """The rows of a table about somebody; each row has its columns by name."""

    table: str
    kept: Kept
    rows: list[dict[str, Any]]

    @property
    def is_counted(self) -> bool:
        """Whether the page says only how many rows there are."""
        return self.table in _COUNTED


def list_held(account: Account) -> list[Held]:
    """The rows about the owner of an account, per table; tables without any are left out."""
    emails = {account.email, account.moved_to} - {""}
    emails |= list_addresses(account.person_id) if account.person_id else set()
    models: dict[str, Any] = {model._meta.table_name: model for model in BaseModel.__subclasses__()}
    columns: defaultdict[str, list[Column]] = defaultdict(list)
    for column in list_columns():
        if column.mark is not Mark.NONE:
            columns[column.table].append(column)
    found = []
    for table, marked in columns.items():
        conditions = list(_list_conditions(models[table], marked, account, emails))
        if not conditions:
            continue
        shown = [column for column in marked if column.name not in _OF_OTHERS.get(table, ())]
        fields = [models[table]._meta.fields[column.name] for column in shown]
        rows = [
            {
                column.name: value
                for column, value in zip(shown, row, strict=True)
                # The address of somebody else in the same row is theirs.
                if value not in ("", None) and (column.name not in _ADDRESS or value in emails)
            }
            for row in fetch_tuples(models[table].select(*fields).where(reduce(or_, conditions)))
        ]
        if rows:
            found.append(Held(table, shown[0].kept, rows))
    return found


def _list_conditions(
    model: Any, columns: list[Column], account: Account, emails: set[str]
) -> Iterator[Any]:
    """The conditions of which one holds for each row about the owner."""
    own: dict[Any, int | None] = {Account: account.id, Person: account.person_id}
    if own.get(model):
        yield model.id == own[model]
    for column in columns:
        field = model._meta.fields[column.name]
        target = model._meta.refs.get(field)
        if isinstance(field, IntegerField):
            target = _OUTLIVED.get(column.name)
        # The text of a report is not about the one who answered it.
        if column.name == "answered_by":
            continue
        if column.mark is Mark.PERSON and own.get(target):
            yield field == own[target]
        elif column.name in _ADDRESS and isinstance(field, CharField) and model is not Account:
            yield field.in_(sorted(emails))  # in lower case, as they are stored


def write_json(account: Account, at: datetime) -> bytes:
    """All of it as JSON (UTF-8), of an aware moment, with the names of tables and columns."""
    held = [
        {
            "tabel": table, "gegevens": kept.what, "waarom": kept.purpose, "tot": kept.until,
            "rijen": rows,
        }
        for table, kept, rows in list_held(account)
    ]  # fmt: skip
    content = {"van": account.address, "op": at, "gegevens": held}
    return json.dumps(content, default=_plain, ensure_ascii=False, indent=1).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def make_reader(account: Account) -> Callable[[dict[str, Any]], list[tuple[str, str]]]:
    """A function that gives the columns of a row by their Dutch names, as text, without those that
    only refer to the owner."""
    own = {"account": account.id, "person": account.person_id}
    labels: dict[str, dict[Any, str]] = {
        "organisation": dict(fetch_tuples(Organisation.select(Organisation.id, Organisation.name))),
        "role": dict(fetch_tuples(Role.select(Role.id, Role.label))),
        "school": dict(fetch_tuples(School.select(School.code, School.name))),
    }

    def read(row: dict[str, Any]) -> list[tuple[str, str]]:
        return [
            (capital(NAMES[name]), labels.get(name, {}).get(value) or _say(name, value))
            for name, value in row.items()
            if name in NAMES and (name not in own or value != own[name])
        ]

    return read


def _say(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value - timedelta(days=name in ("valid_until", "active_until")))
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, LabelledEnum):
        return value.label
    return weekday_names(value) if name == "working_days" else phones.grouped(str(value))
