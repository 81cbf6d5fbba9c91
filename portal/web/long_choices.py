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
    """The rows that can be chosen: their number, those with some words (at most so many), and the
    one with a value, if there is one."""

    total: Callable[[], int]
    find: Callable[[str, int], Options]
    choose: Callable[[str], Options]


def offer(field: Any, rows: Findable, every: Callable[[], Any], first: Options) -> None:
    """Let a select field offer the `first` options and `every` one, or where the rows are many,
    those that are found by the text typed in the find box that `labelled` shows.

    A text that fits one row chooses it; with more, or none, the field is invalid.
    """
    if rows.total() <= LONGEST:
        field.choices = every()
        return
    field.find_name = f"zoek-{field.name}"
    field.find_text = text = clean_line(request.values.get(field.find_name, ""))[:100]
    found = rows.find(text, SHOWN + 1) if text else []
    chosen = [option for option in first if option[0] == field.data and field.data]
    chosen = chosen or (rows.choose(field.data) if field.data else [])
    if text and not set(chosen) <= {*first, *found}:
        chosen = []  # the text was typed after it was chosen
    if text and not chosen:
        chosen = found if len(found) == 1 else []
        field.data = chosen[0][0] if chosen else ""
    field.choices = list(dict.fromkeys([*first, *chosen, *found[:SHOWN]]))

    def choose_found(form: object, field: Field) -> None:
        if text and not chosen:
            raise StopValidation(
                f"We vinden “{text}” niet. Typ een ander deel van de naam." if not found
                else f"Meer dan {SHOWN} namen hebben “{text}”. Typ er iets bij." if found[SHOWN:]
                else f"{len(found)} namen hebben “{text}”. Kies hieronder welke je bedoelt."
            )  # fmt: skip

    field.validators = [choose_found, *field.validators]
