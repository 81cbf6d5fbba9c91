"""A list of choices that is too long to send: one types a part of the name, and chooses from what
is found. Works by sending the form, which keeps its answers."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import request
from wtforms import Field
from wtforms.validators import StopValidation

from portal.text import clean_line

Options = list[tuple[str, str]]  # value and label of each
LONGEST = 600  # options of a list, some 50 kB
SHOWN = 40  # options that are found


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
