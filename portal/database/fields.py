"""Fields that more than one model uses, and how the values of columns are read."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    Field,
    ForeignKeyField,
    IntegerField,
    TextField,
)

Readers = list[tuple[int, Callable[[Any], Any]]]  # column number, and what reads its value
_PLAIN = {AutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField, TextField}


class TimestampField(BigIntegerField):
    """A moment: an aware datetime in UTC, stored as microseconds so that it sorts and compares."""

    def db_value(self, value: datetime | None) -> int | None:
        return None if value is None else round(value.timestamp() * 1_000_000)

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


class EnumField(CharField):
    """A member of a string enumeration, stored as its value. Raises ValueError for any other."""

    def __init__(self, enumeration: type[StrEnum], **options: Any) -> None:
        super().__init__(**options)
        self.enumeration = enumeration
        self.read = lru_cache(lambda value: None if value is None else enumeration(value))

    def db_value(self, value: str | None) -> str | None:
        return None if value is None else self.enumeration(value).value

    def python_value(self, value: str | None) -> StrEnum | None:
        return self.read(value)


def choose_reader(column: Any) -> Callable[[Any], Any] | None:
    """The function that reads a value of this column, or None where the driver gives it as Python knows it."""
    if isinstance(column, DateField):
        return _read_date
    if isinstance(column, BooleanField):
        return {None: None, False: False, True: True}.get
    if isinstance(column, EnumField):
        return column.read
    if not isinstance(column, Field) or type(column) in _PLAIN:
        return None
    read: Callable[[Any], Any] = column.python_value
    return read


@lru_cache(10_000)
def _read_date(value: str | date | None) -> date | None:
    """SQLite gives a date as text, other drivers as a date."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def read_rows(rows: list[tuple[Any, ...]], readers: Readers) -> list[tuple[Any, ...]]:
    """The rows as Python knows their values. Not row by row: most is then done without Python."""
    if not readers or not rows:
        return rows
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for number, reader in readers:
        columns[number] = map(reader, columns[number])
    return list(zip(*columns, strict=True))
