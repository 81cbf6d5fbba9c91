"""All data of the owner of an account (AVG, art. 15 and 20), by the register of data, with Dutch names. What cannot
be traced to an account, such as a form that was saved for later, is not in it; neither are the lists of others that
somebody imported."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import product
from operator import or_
from typing import Any, NamedTuple

from peewee import CharField, IntegerField, fn

from portal import phones
from portal.accounts.models import Account
from portal.accounts.sign_in_addresses import list_addresses
from portal.audit.event_texts import describe_event
from portal.data_register import Column, Mark, list_columns
from portal.database import BaseModel, fetch_each
from portal.database.compiled import make_row
from portal.directory.change_texts import FIELD_NAMES, describe
from portal.directory.models import Assignment, Kern, Person, School
from portal.directory.schools_and_kernen import with_workplace
from portal.labelled_enum import LabelledEnum
from portal.retention_periods import Kept
from portal.web.formatting import capital, day, moment, weekday_names

_ADDRESS = ("email", "recipient")
# Columns with the id of a person or account that the row outlives.
_OUTLIVED: dict[str, Any] = {"person": Person, "author": Account, "actor": Account, "account": Account}
# Columns that are not shown: numbers of people and rows, keys, and what is of somebody else.
HIDDEN = frozenset([
    "account", "person", "owner", "actor", "author", "planned_by", "set_by", "answered_by",
    "change_set", "ref", "row", "table", "round", "series", "absence", "key", "topic", "network",
    "detail", "calendar", "unsubscribe", "draft", "cells", "removed", "file", "tables", "decisions",
    "asked", "interpretation", "roles", "request.kind",
])  # fmt: skip
# The page says only how many of these there are.
_COUNTED = {
    "change": ("wijziging van jouw gegevens staat", "wijzigingen van jouw gegevens staan"),
    "change_set": ("bewerking door jou staat", "bewerkingen door jou staan"),
    "audit_entry": ("handeling van jou staat", "handelingen van jou staan"),
    "outgoing_mail": ("mail aan jou staat", "mails aan jou staan"),
}
_TITLES = ("name", "label", "title", "reference", "day")  # columns with the name of a row
_PAIRS = ("answers", "fields")  # JSON: a list of names and values
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
    "proved_at": "tweede stap op", "factor_due_on": "tweede stap nodig vanaf",
    "account.role": "rol", "second_factor.kind": "soort",
    "request_step.kind": "stap", "sort_key": "plaats in lijsten",
    "source": "bron", "path": "pagina",
    "announced_at": "aangekondigd op", "effective_on": "per", "reason": "reden",
    "done_at": "verstuurd op", "recipient": "aan", "subject": "onderwerp", "body": "tekst",
    "error": "fout", "level": "voor", "unread_since": "ongelezen sinds", "answers": "antwoorden",
    "fields": "ingevuld", "recipients": "gestuurd naar", "made_on": "gemaakt op",
    "refusal": "waarom niet", "fault": "wat klopt niet", "answered_at": "beantwoord op",
    "since": "sinds", "month": "maand", "outcome": "uitkomst", "called_on": "gebeld op",
    "day": "dag", "begins": "begint", "ends": "eindigt", "leader": "wie leidt",
    "schools_only": "alleen voor scholen", "changed_at": "gewijzigd op", "cases": "casussen",
    "points": "andere punten", "present": "aanwezig", "meeting": "overleg", "reply": "antwoord",
    "was_present": "was er",
}  # fmt: skip


class Held(NamedTuple):
    """The rows of a table about somebody; each has its values by their Dutch names."""

    kept: Kept
    rows: list[dict[str, Any]]
    counted: tuple[str, str] | None  # one, and several; where the page only counts them


def list_held(account: Account) -> list[Held]:
    """The rows about the owner of an account, per table; tables without any are left out."""
    emails = {account.email, account.moved_to} - {""}
    emails |= list_addresses(account.person_id) if account.person_id else set()
    models: dict[str, Any] = {model._meta.table_name: model for model in BaseModel.__subclasses__()}
    columns: defaultdict[str, list[Column]] = defaultdict(list)
    for column in list_columns():
        if column.mark is not Mark.NONE:
            columns[column.table].append(column)
    queries = {}
    for table, marked in columns.items():
        if conditions := list(_list_conditions(models[table], marked, account, emails)):
            queries[table] = models[table].select().where(reduce(or_, conditions))
    held = {
        table: [make_row(models[table], values) for values in rows]
        for table, rows in zip(queries, fetch_each(list(queries.values())), strict=True)
    }
    shown = {table: list_shown(columns[table]) for table in held}
    titles = _list_titles(held, shown)
    found = []
    for table, rows in held.items():
        if table == "change":
            told = [{"Wat": f"{text.noun} {text.name}", "Verschil": text.difference}
                    for text in describe(rows).values()]  # fmt: skip
        elif table == "audit_entry":
            told = [{"Op": row.at, "Wat": describe_event(row.action, row.subject, row.subject_id)} for row in rows]
        else:
            told = list(filter(None, _read(models[table], shown[table], rows, titles, emails)))
        if told:
            found.append(Held(columns[table][0].kept, told, _COUNTED.get(table)))
    return found


def list_shown(columns: list[Column]) -> list[str]:
    """The names of the columns that are shown, of those of a table."""
    return [c.name for c in columns if not {c.name, f"{c.table}.{c.name}"} & HIDDEN]


def _read(
    model: Any, names: list[str], rows: list[Any], titles: dict[Any, dict[Any, Any]], emails: set[str]
) -> Iterator[dict[str, Any]]:
    """The values of rows by their Dutch names; the address of somebody else in a row is theirs."""
    table, fields = model._meta.table_name, model._meta.fields
    for row in rows:
        held = {name: row.__data__[name] for name in names}
        yield {
            capital(NAMES.get(f"{table}.{name}", NAMES[name])): titles[target].get(value)
            if (target := model._meta.refs.get(fields[name])) else _tell(name, value)
            for name, value in held.items()
            if value not in ("", None) and (name not in _ADDRESS or value in emails)
        }  # fmt: skip


def _list_titles(held: dict[str, list[Any]], shown: dict[str, list[str]]) -> dict[Any, dict[Any, Any]]:
    """The names of the rows that these refer to, by their model and key; of a post its school or kern."""
    keys: defaultdict[Any, set[Any]] = defaultdict(set)
    for table, rows in held.items():
        for row, name in product(rows, shown[table]):
            keys[row._meta.refs.get(row._meta.fields[name])].add(row.__data__[name])
    keys.pop(None, None)  # of the columns that refer to nothing
    queries = []
    for model, of_model in keys.items():
        key, fields, query = model._meta.primary_key, model._meta.fields, model.select()
        if model is Assignment:
            query, title = with_workplace(query), fn.COALESCE(School.name, Kern.name)
        else:
            title = next(fields[name] for name in _TITLES if name in fields)
        queries.append(query.select(key, title).where(key.in_(of_model - {None})))
    return dict(zip(keys, map(dict, fetch_each(queries)), strict=True))


def _list_conditions(model: Any, columns: list[Column], account: Account, emails: set[str]) -> Iterator[Any]:
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
    """All of it as JSON (UTF-8), of an aware moment; dates by ISO 8601."""
    held = [
        {"gegevens": kept.what, "waarom": kept.purpose, "tot": kept.until, "rijen": rows}
        for kept, rows, _ in list_held(account)
    ]
    content = {"van": account.address, "op": at, "gegevens": held}
    return json.dumps(content, default=_plain, ensure_ascii=False, indent=1).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _tell(name: str, value: Any) -> Any:
    """A value without codes; a day is the last one of a period, not the first after it."""
    if name in ("valid_until", "active_until"):
        return value - timedelta(days=1)
    if name == "working_days":
        return weekday_names(value)
    if name in _PAIRS:
        return "; ".join(f"{one}: {other}" for one, other in json.loads(value))
    return value.label if isinstance(value, LabelledEnum) else value


def say(value: Any) -> str:
    """A value as text on a page."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return phones.grouped(str(value))
