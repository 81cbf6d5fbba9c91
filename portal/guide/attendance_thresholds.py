"""The numbers that decide on the attendance card, as dated records with their source."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple


class Threshold(NamedTuple):
    """A number that decides, from a day on."""

    key: str
    value: int
    text: str  # the rule in one sentence
    valid_from: date
    source: str


Limits = dict[str, Threshold]


def read_thresholds(rows: Iterable[Mapping[str, Any]]) -> tuple[Threshold, ...]:
    """The records out of the rows of a file. Raises TypeError for a field that is missing or
    unknown."""
    return tuple(Threshold(**row) for row in rows)


def limits_on(records: Iterable[Threshold], day: date) -> Limits:
    """The threshold that holds on `day`, by key; before its first record, that one."""
    limits: Limits = {}
    for record in sorted(records, key=lambda record: record.valid_from):
        if record.key not in limits or record.valid_from <= day:
            limits[record.key] = record
    return limits
