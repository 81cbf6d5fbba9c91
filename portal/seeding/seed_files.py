"""Reads the TOML and CSV files of the seeds; a fault is one Dutch sentence that names the file."""

import csv
import io
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import DoesNotExist

from portal.readers.duo import DuoError
from portal.text import clean


class SeedError(Exception):
    """Seeds that contradict themselves or the database; one Dutch sentence says where."""


class SeedRow(dict[str, Any]):
    """A table of a TOML file or a row of a CSV file. A missing field raises SeedError."""

    def __init__(self, values: dict[str, Any], file: str) -> None:
        super().__init__({key: _with_file(value, file) for key, value in values.items()})
        self._file = file

    def __missing__(self, key: str) -> Any:
        raise SeedError(f"{self._file}: {key} ontbreekt, of is verkeerd gespeld.")

    def pick(self, *required: str, **optional: object) -> dict[str, Any]:
        """The values of these fields; of `optional` ones the given value where they are missing."""
        picked = {name: self[name] for name in required}
        return picked | {name: self.get(name, missing) for name, missing in optional.items()}


def read_toml(path: Path) -> SeedRow:
    """The tables of the TOML file at `path`. Raises SeedError where it is missing or not TOML."""
    try:
        return SeedRow(tomllib.loads(_read(path)), path.name)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{path.name}: dit is geen goed TOML-bestand ({error}).") from error


def read_csv(path: Path) -> list[SeedRow]:
    """The rows of the CSV file at `path`, whose first line names the columns. Raises SeedError where it is missing."""
    return [SeedRow(row, path.name) for row in csv.DictReader(io.StringIO(_read(path)))]


@contextmanager
def faults_in(file: str) -> Iterator[None]:
    """Raise SeedError, with the name of the file, for a reference to something that is missing and
    for a field with a wrong name or value."""
    try:
        yield
    except DuoError:  # it names its file, line and column
        raise
    except (LookupError, TypeError, ValueError, OSError, DoesNotExist) as error:
        detail = str(error).splitlines()[-1]  # of peewee only the parameters, without the SQL
        raise SeedError(f"{file}: hier staat iets dat er niet is of niet past ({detail}).") from error


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        raise SeedError(f"{path.name}: dit bestand ontbreekt of is niet te lezen.") from None


def _with_file(value: Any, file: str) -> Any:
    if isinstance(value, dict):
        return SeedRow(value, file)
    if isinstance(value, str):
        return clean(value)
    return [_with_file(one, file) for one in value] if isinstance(value, list) else value
