"""Named tuples as JSON: lists in the order of their fields."""

import json
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def dump(value: Any) -> str:
    """A named tuple, or a list of them, as JSON."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def load(kind: Any, text: str) -> Any:
    """The value of the type `kind` that `dump` wrote; a field that came behind the others since has its default."""
    return _reader(kind)(json.loads(text))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else sorted(value)


@cache
def _reader(kind: Any) -> Any:
    """The function that reads a value of this type."""
    origin, parts = get_origin(kind), [part for part in get_args(kind) if part is not Ellipsis]
    if origin is UnionType:  # with None
        inner = _reader(next(part for part in parts if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin in (tuple, list, frozenset):
        if origin is tuple and len(parts) > 1:
            return tuple
        inner = _reader(parts[0])
        return lambda value: origin(map(inner, value))
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        readers = [_reader(hints[name]) for name in kind._fields]
        return lambda value: kind(*(read(part) for read, part in zip(readers, value, strict=False)))
    return lambda value: value
