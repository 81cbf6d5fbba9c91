"""A long list in sheets: the part that one page shows, and the addresses of the others."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from flask import request

from portal.web.access import add_query

Row = TypeVar("Row")
PARAMETER = "blad"


class Sheet(NamedTuple):
    """A part of a list of `total` rows, of which a sheet holds `size`; the first is number 1."""

    number: int
    size: int
    total: int

    @classmethod
    def asked(cls, size: int, total: int = 1_000_000) -> "Sheet":
        """The sheet in the address; the first for a wrong number, the last beyond the end."""
        asked = request.args.get(PARAMETER, 1, type=int)
        return cls(max(1, min(asked, -(-total // size))), size, total)

    def cut(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Of all rows those of this sheet."""
        return rows[self.skipped : self.skipped + self.size]

    def holding(self, rows: Sequence[Any]) -> "Sheet":
        """The same sheet, where the rows were asked for and one more, of an unknown total."""
        return self._replace(total=self.skipped + len(rows))

    @property
    def skipped(self) -> int:
        """The number of rows before it."""
        return (self.number - 1) * self.size

    @property
    def has_more(self) -> bool:
        """Whether another sheet follows."""
        return self.skipped + self.size < self.total

    def address(self, number: int, anchor: str | None = None) -> str:
        """The address of the same list at another sheet."""
        address = add_query(str(request.endpoint), request.view_args or {}, **{PARAMETER: number})
        return address + (f"#{anchor}" if anchor else "")

    def link_letters(self, counts: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
        """The address of the first row of each letter, of which `counts` tells how many rows it
        has, in the order of the list."""
        links, before = [], 0
        for letter, number in counts:
            first = before // self.size + 1
            anchor = f"letter-{letter}"
            here = first == self.number
            links.append((letter, f"#{anchor}" if here else self.address(first, anchor)))
            before += number
        return links


def by_letter(rows: Iterable[Row], key_of: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """These rows in the given order, per first letter of their sort key."""
    groups = groupby(rows, lambda row: key_of(row)[:1].upper())
    return [(letter, list(group)) for letter, group in groups]
