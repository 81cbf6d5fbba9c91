"""The pure rules of requests: states, references, subject lines, recipients, school years."""

import re
from datetime import date

import pytest

from portal.config import SEEDS
from portal.region import RequestKind, read_region
from portal.requests.kinds import Level
from portal.requests.mailboxes import list_recipients
from portal.requests.mails import subject_line
from portal.requests.reference_numbers import ALPHABET, make_reference
from portal.requests.state_rules import CLOSED, OPEN, TRANSITIONS, State, StepKind
from portal.workdays import school_year

REGION = read_region(SEEDS / "zuid-kennemerland")
KINDS = {kind.key: kind for kind in REGION.request_kinds}
BOXES = {"po": "po@x.example", "vo": "vo@x.example", "verwijsindex": "v@x.example"}


def test_a_reference_can_be_read_out_and_holds_no_look_alikes() -> None:
    references = {make_reference("KT", date(2026, 11, 23)) for _ in range(2000)}
    assert all(re.fullmatch(r"KT-2026-[A-Z0-9]{4}", reference) for reference in references)
    assert len(references) > 1950
    assert not set(ALPHABET) & set("0OQ1IL2Z5S8BUV"), "look-alikes"
    assert not set(ALPHABET) & set("AEIOU"), "words"
    assert set("".join(r[-4:] for r in references)) == set(ALPHABET)


def test_a_subject_fits_and_names_reference_step_theme_and_school() -> None:
    line = subject_line("KT-2026-7K4X", "Gepland op 14-1-2027", "Meldcode (PO en VO)", "Een heel lange naam " * 3)
    assert line.startswith("[KT-2026-7K4X] Gepland op 14-1-2027: Meldcode (PO en VO) – Een heel")
    assert len(line) <= 78
    assert line.endswith("…")


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.is_session])
@pytest.mark.parametrize(
    ("level", "expected"),
    [(Level.PO, ["po@x.example"]), (Level.VO, ["vo@x.example"]), (Level.BOTH, ["po@x.example", "vo@x.example"])],
)
def test_po_vo_or_both(kind: RequestKind, level: Level, expected: list[str]) -> None:
    assert list_recipients(kind, level, REGION.mailboxes, BOXES) == expected
    shared = dict.fromkeys(BOXES, "a@x.example") | {"vo": "A@X.example"}
    assert len(list_recipients(kind, level, REGION.mailboxes, shared)) == 1
    assert list_recipients(KINDS["verwijsindex"], level, REGION.mailboxes, BOXES) == ["v@x.example"]


def test_every_state_has_a_way_on_or_back() -> None:
    sent = set(State) - {State.UNCONFIRMED}
    assert set(TRANSITIONS) == {*sent, State.UNCONFIRMED}
    assert sent == {*OPEN, *CLOSED}
    targets = sent - {State.RECEIVED, State.WITHDRAWN}
    assert all(set(states) <= targets for states in TRANSITIONS.values())


def test_a_step_is_a_state_that_was_entered_or_what_somebody_did() -> None:
    steps = dict(StepKind.choices())
    assert [steps.pop(kind) for kind in ("note", "answer", "internal", "owner", "read")] == [
        "bericht", "antwoord", "interne notitie", "behandelaar", "gelezen",
    ]  # fmt: skip
    assert steps == dict(State.choices()[1:])


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_school_year_begins_on_the_first_of_august(day: date, year: int) -> None:
    assert school_year(day) == year
