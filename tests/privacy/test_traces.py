"""The traces of a person are found in texts, however they are written."""

import json

import pytest

from portal.privacy.traces import Name, Traces

ANNA = Traces(
    [Name("Zoë", "van der", "Hoek-Él"), Name("Zoë", "", "Bakker")],
    ["+31612345678", "+31235113660", "14 020"],
    ["zoe.bakker@cjg.example"],
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bel Zoë van der Hoek-Él.", "Bel voormalig medewerker."),
        ("bel ZOE VAN DER HOEK EL", "bel voormalig medewerker"),
        ("Zoë\N{NO-BREAK SPACE}Bakker", "voormalig medewerker"),
        ("Zoe\u0308 Bakker", "voormalig medewerker"),
        ("Bakker, Zoë", "voormalig medewerker"),
        ("Hoek-Él, Zoë van der", "voormalig medewerker"),
        ("Van der Hoek-Él, Zoë", "voormalig medewerker"),
        ("mevrouw Z. Bakker", "mevrouw voormalig medewerker"),
        ("Ingezonden door Zoë Bakkerij", "Ingezonden door Zoë Bakkerij"),
        ("Bakkerij Zoë, Ouderkerk", "Bakkerij Zoë, Ouderkerk"),
        ("De familie Bakker", "De familie Bakker"),
        ("06-12345678", ""),
        ("Bel 06 12 34 56 78 of +31 (0)6 1234-5678!", "Bel (gewist) of (gewist)!"),
        ("0031612345678", ""),
        ("023 511 36 60 tst. 12", "(gewist) tst. 12"),
        ("023 511 36 601", "023 511 36 601"),
        ("bel 14 020", "bel 14 020"),
        ("Zoe.Bakker@CJG.example", ""),
        ("mail zoe.bakker@cjg.example.", "mail (gewist)."),
        ("Of zoe_bakker@thuis.example?", "Of (gewist)?"),
        ("zoe@cjg.example", "zoe@cjg.example"),
        ("Zoë Bakker-Visser", "Zoë Bakker-Visser"),
        ("Anna-Zoë Bakker", "Anna-Zoë Bakker"),
        ("po@x.example; zoe.bakker@cjg.example", "po@x.example"),
        ("zoe.bakker@cjg.example, po@x.example", "po@x.example"),
        ("", ""),
    ],
)
def test_a_text_keeps_all_but_the_traces(text: str, left: str) -> None:
    assert ANNA.clear(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zoë is ziek.", "voormalig medewerker is ziek."),
        ("Mevrouw Van der Hoek-Él stopt", "Mevrouw voormalig medewerker stopt"),
        ("Bakker stopt", "voormalig medewerker stopt"),
    ],
)
def test_a_part_of_the_name_counts_in_a_text_about_the_person(text: str, left: str) -> None:
    assert ANNA.clear(text, is_about=True) == left
    assert ANNA.clear(text) == text


def test_json_stays_json() -> None:
    draft = json.dumps(
        {"text": "Zo\u00eb Bakker", "details": {"3": "+31612345678"}, "x": [1, None]}
    )
    assert json.loads(ANNA.clear(draft)) == {
        "text": "voormalig medewerker", "details": {"3": ""}, "x": [1, None],
    }  # fmt: skip
    assert ANNA.clear("[zie Zoë Bakker") == "[zie voormalig medewerker"


def test_what_holds_no_trace_is_left_as_it_was() -> None:
    text = '{"a": "Re\\u0301ne\\u0301"}'
    assert ANNA.clear(text) == text


@pytest.mark.parametrize(
    ("row", "is_hers"),
    [
        ("De Ark | Bakker | Zoë", True), ("de ark | zoe | van der hoek-el", True),
        ("De Ark | Bakker | Jan", False), ("0612345678", True), ("De Hoek | Zoë", False),
    ],
)  # fmt: skip
def test_a_row_of_a_list_is_about_her_by_name_in_any_cells(row: str, is_hers: bool) -> None:
    assert ANNA.is_in(row) is is_hers
