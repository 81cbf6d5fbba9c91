"""Lines that contacts and appointments are made of: whatever stands in them comes out again."""

import vobject
from hypothesis import given
from hypothesis import strategies as st

from portal.calendars.content_lines import document, line, raw
from tests import vcard

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))) | st.text('\\;,:\n"né ')


def card(*lines: str) -> bytes:
    return document(
        ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", line("FN", "x"), *lines, "END:VCARD"]
    )


@given(TEXTS)
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    (found,) = vcard.read(card(line("NOTE", text)))
    assert vcard.values(found, "NOTE") == [text]


@given(st.lists(TEXTS, min_size=5, max_size=5))
def test_parts_stay_apart(parts: list[str]) -> None:
    (found,) = vcard.read(card(line("N", *parts)))
    assert next(f.parts for f in found if f.name == "N") == [[part] for part in parts]


def test_another_reader_reads_the_same() -> None:
    note = "Ma, di; wo\\do\n" + "één “lange” regel met vél tekens " * 6
    found = vobject.readOne(
        card(line("NOTE", note), line("N", "van der Steen", "Zoë", "", "", "")).decode()
    )
    assert found.note.value == note
    assert (found.n.value.family, found.n.value.given) == ("van der Steen", "Zoë")


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_typed_makes_a_line_of_its_own(text: str, parameter: str) -> None:
    content = document([line("NOTE", text, TYPE=parameter), raw("URL", text)])
    lines = content.replace(b"\r\n ", b"").split(b"\r\n")
    assert [text.split(b":")[0].split(b";")[0] for text in lines] == [b"NOTE", b"URL", b""]


def test_a_line_is_at_most_75_octets_and_cut_between_characters() -> None:
    for size in range(60, 90):
        content = document([line("NOTE", "x" * size + "€" * 40)])
        for octets in content.split(b"\r\n"):
            assert len(octets) <= 75
            octets.decode()
