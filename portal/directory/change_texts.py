"""Words for changes: what a row is called, and what was there before and after, in plain Dutch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from string import Formatter
from typing import Any, NamedTuple

from peewee import chunked

from portal import phones
from portal.database.cache import fetch_kept
from portal.database.validity import last_day
from portal.directory.change_sets import MODELS, PERSONAL, Change, read_values
from portal.directory.models import CHILDREN_FIRST
from portal.labelled_enum import LabelledEnum
from portal.web.formatting import weekday_names

ERASED = "gewist"
GONE = "is er niet meer"
CHECKED = "nagekeken"  # nothing else changed
_AT_ONCE = 1000  # rows of a statement; PostgreSQL takes some 65,000 parameters


class ChangeText(NamedTuple):
    """A change in words, and the person, school and organisation that it is about."""

    noun: str
    name: str
    difference: str
    person: int | None
    school: str | None
    organisation: int | None


# Per table: the noun, and the name of a row out of its fields.
_TABLES = {
    "person": ("persoon", "{given_name} {infix} {family_name}"),
    "employment": ("werk", "{person} bij {organisation}"),
    "assignment": ("plek", "{person}, {role} bij {school}{kern}"),
    "absence": ("afwezigheid", "{person}"),
    "substitute": ("vervanger", "{person}, voor {assignment}"),
    "vacancy": ("vacature", "{role} bij {school}{kern}"),
    "contact_detail": ("nummer of adres", "{person}{contact_point} ({kind})"),
    "contact_point": ("contactpunt", "{name}"),
    "responsibility": ("wie antwoordt", "{role} in {municipality}"),
    "organisation": ("organisatie", "{name}"),
    "school": ("school", "{name}"),
    "kern": ("kern", "{name}"),
    "kern_membership": ("school in kern", "{school} in {kern}"),
    "role": ("functie", "{label}"),
    "role_in_sector": ("functie", "{role} in het {sector}"),
    "sector": ("soort onderwijs", "{label}"),
    "municipality": ("gemeente", "{name}"),
    "place": ("plaats", "{name}"),
    "postcode": ("postcode", "{pc4}"),
    "holiday": ("vrije dagen", "{name}"),
    "setting": ("instelling", "{key}"),
}
_HIDDEN = {"id", "row_version", "source", "checked_on", "checked_by", "position", "rank", "slug", "sort_key"}
FIELD_NAMES = {
    "organisation": "organisatie", "given_name": "voornaam", "infix": "tussenvoegsel",
    "family_name": "achternaam", "working_days": "werkdagen", "hours": "uren",
    "reached_by": "liefst bereikt door te", "person": "persoon",
    "role": "functie", "school": "school", "valid_from": "vanaf", "valid_until": "tot en met",
    "is_pending": "nog te bevestigen", "absence": "afwezigheid", "assignment": "plek",
    "contact_point": "contactpunt", "kind": "soort", "value": "waarde", "label": "naam",
    "visibility": "zichtbaar voor", "name": "naam", "note": "uitleg", "key": "sleutel",
    "municipality": "gemeente", "place": "plaats", "sector": "soort onderwijs",
    "aliases": "andere namen", "hint": "uitleg", "duo_name": "naam bij DUO", "street": "straat",
    "postcode": "postcode", "phone": "telefoon", "website": "website", "code": "code",
    "board_website": "website van het bestuur", "closed_on": "gesloten vanaf", "team": "team",
    "call_about": "hiervoor kun je bellen", "one_holder": "voor één persoon", "pc4": "postcode",
    "shown_first": "vooraan bij zoeken", "municipalities": "gemeenten", "member": "in kernteam",
    "unconfirmed_in": "te bevestigen in", "is_school_staff": "werkt voor de school",
    "service": "dienst", "case_by": "regel", "why": "waarom", "expected": "verwacht",
    "to_confirm": "te bevestigen", "also_by_school": "ook naar school", "in_region": "in de regio",
    "check_months": "maanden tussen controles", "kern": "kern", "of_kern": "van een kern",
    "known_on": "bekend rond",
}  # fmt: skip


def describe(changes: Iterable[Change]) -> dict[int, ChangeText]:
    """The texts of these changes by their id; a change that only records a dependency is left out.
    Runs one statement per table at most, for a thousand rows."""
    shown = [change for change in changes if (change.before, change.after) != ("{}", "{}")]
    names = _Names(shown)
    return {change.id: names.describe(change) for change in shown}


class _Names:
    """The names of the rows that some changes are about or refer to."""

    def __init__(self, changes: Iterable[Change]) -> None:
        needed: defaultdict[Any, dict[Any, dict[str, Any]]] = defaultdict(dict)
        for change in changes:
            table = MODELS[change.table]
            for text in (change.before, change.after):
                values = read_values(table, text)
                if values is not None:
                    needed[table].setdefault(change.row, {}).update(values)
                    _add_references(needed, table, values)
        # Children first: a row refers to rows of tables that are read after its own.
        model: Any
        for model in CHILDREN_FIRST:
            wanted = needed[model]
            if not wanted:
                continue
            named = _list_named(_TABLES[model._meta.table_name][1])
            key = model._meta.primary_key
            for keys in chunked(list(wanted), _AT_ONCE):
                for row in fetch_kept(model.select().where(key.in_(keys))):
                    values = dict(zip(model._meta.sorted_field_names, row, strict=True))
                    wanted[str(values[key.name])] = values
                    _add_references(needed, model, {name: values[name] for name in named})
        self._rows = needed
        self._name_once = cache(self._name)

    def describe(self, change: Change) -> ChangeText:
        model = MODELS[change.table]
        noun, _ = _TABLES[change.table]
        before, after = read_values(model, change.before), read_values(model, change.after)
        return ChangeText(
            noun, self._name_once(model, change.row), self._difference(model, before, after),
            change.person, change.school, change.organisation,
        )  # fmt: skip

    def _name(self, model: Any, key: Any) -> str:
        _, template = _TABLES[model._meta.table_name]
        values = self._rows[model].get(str(key), {})
        texts = {name: self._text(model, name, values.get(name)) for name in _list_named(template)}
        if ERASED in texts.values():
            return ERASED
        filled = {name: text if values.get(name) else "" for name, text in texts.items()}
        return " ".join(template.format_map(filled).split()) if any(filled.values()) else GONE

    def _difference(self, model: Any, before: Any, after: Any) -> str:
        if before is None or after is None:
            named = _list_named(_TABLES[model._meta.table_name][1])
            values = after if before is None else before
            facts = [
                f"{FIELD_NAMES[name]} {self._text(model, name, value)}"
                for name, value in values.items()
                if value not in ("", None, False) and name not in (*named, *_HIDDEN)
            ]
            return ", ".join(["nieuw" if before is None else "weg", *facts])
        shown = "; ".join(
            f"{FIELD_NAMES[name]}: eerst {self._text(model, name, value)}, nu {self._text(model, name, after[name])}"
            for name, value in before.items()
            if name not in _HIDDEN and (value != after[name] or value is None)
        )
        return shown or (CHECKED if "checked_on" in before else "")

    def _text(self, model: Any, name: str, value: Any) -> str:
        target = model._meta.fields[name].rel_model if name in _foreign(model) else None
        if value is None:
            return ERASED if name in PERSONAL.get(model, ()) else "geen"
        if target:
            return self._name_once(target, value)
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(value, date):
            day = last_day(value) if name == "valid_until" else value
            return f"{day.day}-{day.month}-{day.year}"
        if isinstance(value, LabelledEnum):
            return value.label
        if name == "working_days":
            return weekday_names(value) or "leeg"
        # No-break spaces keep a number on one line.
        text = str(value)
        number = phones.grouped(text)
        return number.replace(" ", "\N{NO-BREAK SPACE}") if number != text else text or "leeg"


@cache
def _foreign(model: Any) -> set[str]:
    return {field.name for field in model._meta.refs}


def _add_references(needed: Any, model: Any, values: Mapping[str, Any]) -> None:
    for field, target in model._meta.refs.items():
        if values.get(field.name) is not None:
            needed[target].setdefault(str(values[field.name]), {})


@cache
def _list_named(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]
