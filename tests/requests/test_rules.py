"""References, subjects, school years: the rules that need nobody."""

import re
from datetime import date

import pytest

from portal.requests.kinds import KINDS_BY_KEY
from portal.requests.rules import (
    ALPHABET,
    CLOSED,
    NEXT,
    OPEN,
    STATES,
    UNCONFIRMED,
    make_reference,
    recipients,
    school_year,
    subject_line,
)

BOXES = {"po": "po@x.example", "vo": "vo@x.example", "verwijsindex": "v@x.example"}


def test_a_reference_can_be_read_out_and_holds_no_look_alikes() -> None:
    references = {make_reference(date(2026, 11, 23)) for _ in range(2000)}
    assert all(re.fullmatch(r"KT-2026-[A-Z0-9]{4}", reference) for reference in references)
    assert len(references) > 1950
    assert not set(ALPHABET) & set("0OQ1IL2Z5S8BUV"), "look-alikes"
    assert not set(ALPHABET) & set("AEIOU"), "words"
    assert set("".join(r[-4:] for r in references)) == set(ALPHABET)


@pytest.mark.parametrize("kind", KINDS_BY_KEY)
def test_a_subject_fits_and_names_reference_kind_and_school(kind: str) -> None:
    line = subject_line("KT-2026-7K4X", kind, "both", "Een school met een heel erg lange naam " * 3)
    assert line.startswith(f"[KT-2026-7K4X] {KINDS_BY_KEY[kind].name}")
    assert len(line) <= 78
    assert line.endswith("…")


def test_a_subject_as_the_mailbox_sees_it() -> None:
    assert subject_line("KT-2026-7K4X", "intervisie", "po", "Het Schelpenpad") == (
        "[KT-2026-7K4X] Intervisie (PO) – Het Schelpenpad"
    )
    assert subject_line("KT-2026-7K4X", "verwijsindex", "po", "Het Schelpenpad") == (
        "[KT-2026-7K4X] Verwijsindex – Het Schelpenpad"
    )


@pytest.mark.parametrize("kind", set(KINDS_BY_KEY) - {"verwijsindex"})
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("po", ["po@x.example"]),
        ("vo", ["vo@x.example"]),
        ("both", ["po@x.example", "vo@x.example"]),
    ],
)
def test_po_vo_or_both(kind: str, level: str, expected: list[str]) -> None:
    assert recipients(kind, level, BOXES) == expected
    assert recipients("verwijsindex", level, BOXES) == ["v@x.example"]


def test_every_state_has_a_way_on_or_back() -> None:
    assert set(NEXT) == {*STATES, UNCONFIRMED}
    assert set(STATES) == {*OPEN, *CLOSED}
    assert all(set(after) <= set(STATES) - {"received", "withdrawn"} for after in NEXT.values())


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2027, 1, 1), 2026)],
)
def test_a_school_year_begins_on_the_first_of_august(day: date, year: int) -> None:
    assert school_year(day) == year
