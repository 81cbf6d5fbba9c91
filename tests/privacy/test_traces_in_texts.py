"""The traces of a person are found in texts, however they are written."""

import json

import pytest

from portal.privacy.traces_in_texts import Name, Traces

ANNA = Traces(
    [Name("Zoë", "van der Hoek-Él"), Name("Zoë", "Bakker")],
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
    lines = [json.dumps([7, one], ensure_ascii=False) for one in ("Café “Één”", text, "2026")]
    assert (ANNA.may_be_in(text) and [*ANNA.list_suspects(lines)] == lines[1:2]) or left == text


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


ELSEWHERE = Traces(
    [Name("Anne-Marie", "van der Berg-de Boer"), Name("Seán", "O'Neill"), Name("Jan", "School")],
    [], [], [Name("Thijs", "School"), Name("Jan", "de Wit"), Name("Bo", "School")],
    ["Basisschool Anne-Marie de Boer"],
)  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "A.M. van der Berg", "A. M. v.d. Berg-de Boer", "A.-M. v/d Berg", "A. vd Berg",
        "Annemarie van d. Berg", "Berg, A. van der", "V.d. Berg, A.M", "Anne Marie v.d. Berg",
        "A. de Boer", "de Boer, Anne-Marie", "van der Berg - de Boer, Anne-Marie",
        "S. O’Neill", "Sean ONeill", "Sea\u0301n O'Neill", "J.P. School", "School J.",
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_shortened(name: str) -> None:
    cleared = ELSEWHERE.clear(f"Bel {name}; graag.").replace("medewerker.;", "medewerker;")
    assert cleared == "Bel voormalig medewerker; graag."
    assert ELSEWHERE.may_be_in(f"Bel {name}; graag.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Thijs School en Jan de Wit; T. School.", "Thijs School en Jan de Wit; T. School."),
        ("Jan zit op school.", "voormalig medewerker zit op school."),
        ("jan zit thuis", "voormalig medewerker zit thuis"),
        ("Vraag Jan School, Jan de Wit of Bo School.",
         "Vraag voormalig medewerker, Jan de Wit of Bo School."),
        ("school", "school"),
    ],
)  # fmt: skip
def test_the_names_of_others_and_common_words_stay(text: str, left: str) -> None:
    assert ELSEWHERE.clear(text, is_about=True) == left


def test_a_school_keeps_its_name() -> None:
    assert ELSEWHERE.clear("Op Anne-Marie de Boer") == "Op Anne-Marie de Boer"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Vraag mw. Bakker.", "Vraag mw. Bakker."), ("Zoë “Zo” Bakker", "Zoë “Zo” Bakker"),
        ("Zoë Bakker-Visser", "Zoë Bakker-Visser"), ("Bij de bakker. Morgen.", ""),
        ("Bakkerij Zon", ""),
    ],
)  # fmt: skip
def test_a_family_name_alone_is_shown(text: str, shown: str) -> None:
    assert ANNA.find_family_name(text) == shown
    assert ANNA.may_be_in(text) or not shown


def test_an_address_with_the_name_goes() -> None:
    text = "zoe.bakker82@x.example, https://x.example/zoe-bakker/1, s.o'neill@x.example, info@x.nl"
    assert ANNA.clear(text) == "(gewist), (gewist), s.o'neill@x.example, info@x.nl"
    assert ELSEWHERE.clear("S.O'Neill@x.example of info@x.nl") == "(gewist) of info@x.nl"


def test_keys_of_json_stay() -> None:
    draft = '{"school": {"naam": "Jan School", "soort": "school"}}'
    assert json.loads(ELSEWHERE.clear(draft, is_about=True)) == {
        "school": {"naam": "voormalig medewerker", "soort": "school"}
    }


def test_json_stays_json() -> None:
    draft = json.dumps({"text": "Zo\u00eb Bakker", "details": {"3": "+31612345678"}, "x": [1, None]})
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


def test_most_texts_need_not_be_read() -> None:
    assert not ANNA.may_be_in("Overleg op 3 december 2026 om 10.30 uur: 023 555 01 00.")
    assert ANNA.may_be_in(json.dumps({"naam": "Van der Hoek-Él"}))  # escaped
    assert ANNA.may_be_in("06\n12345678")
    mail = Traces([Name("Jo", "Jansén")], [], ["j.weiß@x.example"])
    assert mail.may_be_in("Of J.Weiß@x.example?")
    assert [*mail.list_suspects(["Jo", "Jo Jansén"])] == ["Jo Jansén"]
    assert [*ANNA.list_suspects(["De BAKKER", "06", "12345678", "06-12345678", "Hoe"])] == ["De BAKKER", "06-12345678"]
