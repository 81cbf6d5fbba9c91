"""Enumerations that are stored as text and shown by a Dutch label."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """An enumeration whose members are declared as `NAME = "stored value", "Dutch label"`."""

    label: str

    # mypy takes a look-up such as State("open") for this call, hence the default.
    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Stored values with labels, in the order of declaration, for a choice field."""
        return [(member.value, member.label) for member in cls]
