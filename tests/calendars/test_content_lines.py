"""Content lines of vCard and iCalendar: every text survives writing and reading."""

import vobject
from hypothesis import given
from hypothesis import strategies as st

from portal.calendars.content_lines import document, line, raw
from tests import vcard

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))) | st.text('\\;,:\n"né ')


def card(*lines: str) -> bytes:
    return document(["BEGIN:VCARD", "VERSION:4.0", "KIND:org", line("FN", "x"), *lines, "END:VCARD"])


@given(TEXTS)
def test_a_text_survives_writing_and_reading(text: str) -> None:
    (found,) = vcard.read(card(line("NOTE", text)))
    assert vcard.values(found, "NOTE") == [text]


@given(st.lists(TEXTS, min_size=5, max_size=5))
def test_components_stay_separate(parts: list[str]) -> None:
    (found,) = vcard.read(card(line("N", *parts)))
    assert next(f.parts for f in found if f.name == "N") == [[part] for part in parts]


def test_vobject_reads_the_same() -> None:
    note = "Ma, di; wo\\do\n" + "één “lange” regel met vél tekens " * 6
    found = vobject.readOne(card(line("NOTE", note), line("N", "van der Steen", "Zoë", "", "", "")).decode())
    assert found.note.value == note
    assert (found.n.value.family, found.n.value.given) == ("van der Steen", "Zoë")


# Two together are longer than a line of 75 octets.
TYPED = st.text(max_size=60) | st.text('\r\n\u2028 :;"x', max_size=60)


@given(TYPED, TYPED)
def test_typed_text_adds_no_line(text: str, parameter: str) -> None:
    content = document([line("NOTE", text, TYPE=parameter), raw("URL", text)])
    lines = content.replace(b"\r\n ", b"").split(b"\r\n")
    assert [text.split(b":")[0].split(b";")[0] for text in lines] == [b"NOTE", b"URL", b""]


def test_a_line_has_at_most_75_octets_and_is_folded_between_characters() -> None:
    for size in range(60, 90):
        content = document([line("NOTE", "x" * size + "€" * 40)])
        for octets in content.split(b"\r\n"):
            assert len(octets) <= 75
            octets.decode()
