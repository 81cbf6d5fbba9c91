"""Long lists: how many rows a page shows of each, the addresses of its other sheets, and from when on a list gets a
find box. A list of choices that is too long to send is searched by a part of the name; that works by sending the form,
which keeps its answers."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from flask import request
from wtforms import Field
from wtforms.validators import StopValidation

from portal.text import clean_line
from portal.web.declared_access import add_query

Row = TypeVar("Row")
PARAMETER = "blad"
Options = list[tuple[str, str]]  # value and label of each

FIND_BOX_FROM = 30  # rows of the finder; a longer list has a find box and letters
LONGEST = 350  # options of a field, some 25 kB; a page has several
SHOWN = 40  # options that are found
# Rows on a page. A form has at most 1,000 fields (web/form_size.py).
PER_PAGE = 50  # people, mails, and lines of the trail
FOUND_PER_PAGE = 120  # schools or people of the finder, some 90 kB
SCHOOLS_PER_PAGE = 300  # of Beheer
DIVIDED_PER_PAGE = 200  # schools of a division, with several fields and 64 kB for all
DIFFERENCES_PER_PAGE, QUESTIONS_PER_PAGE, HIDDEN_SHOWN = 200, 100, 200  # of an import
REJECTED_SHOWN, READINGS_SHOWN = 50, 500  # of an import: rows, and cells that were read otherwise
LINKS_FROM = 200  # changes by a file; above so many, links lead to each group
LEAK_SHOWN, LEAK_ON_SHEET = 200, 20  # downloads or sign-ins in a data leak
OWN_ROWS_SHOWN = 20  # per table, of what is held about an account
INVITED_PER_PAGE, UNABLE_SHOWN = 500, 20  # people who can be invited, and at least those who cannot
GAPS_PER_PAGE, SUSPICIONS_PER_PAGE = 25, 40  # of coverage
REQUESTS_PER_PAGE, OWN_REQUESTS_SHOWN = 100, 20  # of Beheer, and the newest of an account
MEETINGS_OF_KERN = 6
HOLIDAYS_SHOWN = 3  # beside the days of a request


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


class Findable(NamedTuple):
    """The rows that can be chosen: all of them, whether they are more than so many, those with some words (at most so
    many), the one with a value, if there is one, and those that are offered before one types."""

    every: Callable[[], Options]
    exceeds: Callable[[int], bool]
    find: Callable[[str, int], Options]
    choose: Callable[[str], Options]
    usual: Callable[[], Options] = list


def read_find_box(field: Any) -> tuple[str, bool]:
    """Give a field a find box; tells the text that is typed there, and whether it is another one
    than the page showed."""
    field.find_name = f"zoek-{field.name}"
    field.find_text = clean_line(request.values.get(field.find_name, ""))[:100]
    shown = clean_line(request.values.get(f"_{field.find_name}", ""))
    return field.find_text, field.find_text != shown


def offer(field: Any, rows: Findable, first: Options, every: Callable[[], Any] | None = None) -> None:
    """Let a select field offer the `first` options and every row (or what `every` gives), or where
    the rows are many, those that are found by the text typed in the find box that `labelled` shows.

    A text that fits one row chooses it; with more, or none, the field is invalid, until one
    chooses while the text stays the same.
    """
    if not rows.exceeds(LONGEST):
        field.choices = every() if every else [*first, *rows.every()]
        return
    first = [*first, *rows.usual()]
    text, is_new = read_find_box(field)
    found = rows.find(text, SHOWN + 1) if text else []
    chosen = [option for option in first if option[0] == field.data and field.data]
    chosen = chosen or (rows.choose(field.data) if field.data else [])
    is_found = bool(chosen) and set(chosen) <= set(found)
    is_typed = bool(text) and (not is_found if is_new else not chosen and len(found) != 1)
    if is_typed and len(found) == 1:
        chosen, is_typed = found, False
    elif is_typed and not set(chosen) <= set(first):
        chosen = []  # the text was typed after it was chosen
    if text:
        field.data = chosen[0][0] if chosen else ""
    field.choices = list(dict.fromkeys([*first, *chosen, *found[:SHOWN]]))

    def choose_found(form: object, field: Field) -> None:
        if is_typed:
            raise StopValidation(
                f"We vinden “{text}” niet. Typ een ander deel van de naam." if not found
                else f"Meer dan {SHOWN} namen hebben “{text}”. Typ er iets bij." if found[SHOWN:]
                else f"{len(found)} namen hebben “{text}”. Kies hieronder welke je bedoelt."
            )  # fmt: skip

    field.validators = [choose_found, *field.validators]
