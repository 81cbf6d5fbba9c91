"""Fields that more than one model uses."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from peewee import BigIntegerField, CharField


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

    def db_value(self, value: str | None) -> str | None:
        return None if value is None else self.enumeration(value).value

    def python_value(self, value: str | None) -> StrEnum | None:
        return None if value is None else self.enumeration(value)
