"""The texts of the database, without the traces of a person: every column that the register of data
marks as one that can name somebody."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from peewee import CharField, TextField, Value

from portal.data_register import Mark, list_columns
from portal.database import BaseModel, fetch_tuples
from portal.database.fields import EnumField
from portal.privacy.traces import Traces

# Tables with the names of other people, each in cells of its own.
_OF_PEOPLE = ("person", "account", "search_document", "change", "merged_row")


class Rewritten(NamedTuple):
    """A row in which texts were cleared, or that holds a family name which may be the person's."""

    model: Any
    key: Any
    is_cleared: bool
    doubt: str  # the text around that family name, or ""


def rewrite_texts(traces: Traces, notices: Collection[int]) -> Iterator[Rewritten]:
    """Clear the traces from all texts. A row with one trace, or of these notices (ids), is about
    the person."""
    names = defaultdict(list)
    for column in list_columns():
        if column.mark is Mark.PERSON:
            names[column.table].append(column.name)
    model: Any
    for model in BaseModel.__subclasses__():
        fields = [model._meta.fields[name] for name in names[model._meta.table_name]]
        texts = [
            field for field in fields
            if isinstance(field, CharField | TextField) and not isinstance(field, EnumField)
        ]  # fmt: skip
        if texts:
            yield from _rewrite(model, texts, traces, notices)


def _rewrite(
    model: Any, columns: list[Any], traces: Traces, notices: Collection[int]
) -> Iterator[Rewritten]:
    key, fields = model._meta.primary_key, model._meta.fields
    notice = key if model._meta.table_name == "notice" else fields.get("notice", Value(None))
    for number, of, *texts in fetch_tuples(model.select(key, notice, *columns)):
        there = [text or "" for text in texts]
        cleared = [traces.clear(text) for text in there]
        if of in notices or cleared != there:
            cleared = [traces.clear(text, is_about=True) for text in there]
        is_cleared = cleared != there
        if is_cleared:
            # All of them, as a sort key needs the whole name that it is made of.
            values: dict[Any, Any] = {
                column: f"gewist-{number}" if column.unique and old != new else new
                for column, old, new in zip(columns, texts, cleared, strict=True)
                if old is not None
            }
            if "row_version" in fields:
                values[model.row_version] = model.row_version + 1
            model.update(values).where(key == number).execute()
        looked_at = [] if model._meta.table_name in _OF_PEOPLE else cleared
        doubt = next(filter(None, map(traces.find_family_name, looked_at)), "")
        if is_cleared or doubt:
            yield Rewritten(model, number, is_cleared, doubt)
