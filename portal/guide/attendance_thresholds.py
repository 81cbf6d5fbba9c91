"""The numbers that decide, as dated records with their source (`guide/thresholds.toml`)."""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.guide.chapters import guide_folder


class Threshold(NamedTuple):
    """A number that decides, from a day on."""

    key: str
    value: int
    text: str  # the rule in one sentence
    valid_from: date
    source: str


Limits = dict[str, Threshold]


def load_thresholds(folder: Path | None = None) -> tuple[Threshold, ...]:
    """Every record of the region (or in `folder`)."""
    return _load_thresholds(folder or guide_folder())


@cache
def _load_thresholds(folder: Path) -> tuple[Threshold, ...]:
    rows = tomllib.loads((folder / "thresholds.toml").read_text("utf-8"))["thresholds"]
    return tuple(Threshold(**row) for row in rows)


def limits_on(records: Iterable[Threshold], day: date) -> Limits:
    """Per key the number that holds on `day`; before the first record, that one."""
    found: Limits = {}
    for record in sorted(records, key=lambda record: record.valid_from):
        if record.key not in found or record.valid_from <= day:
            found[record.key] = record
    return found
