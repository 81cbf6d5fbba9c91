"""Text from outside: what is read of it, and what is not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean, clean_line

# All of the Basic Multilingual Plane: Unicode has no blank above it.
BLANKS = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) in ("Zs", "Zl", "Zp")]
UNSEEN = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2066",
          "\u180e", "\u034f", "\u1160", "\ufe0f", "\x00", "\x1b", "\U000e0041"]  # fmt: skip


def test_every_blank_is_a_space() -> None:
    for blank in [*BLANKS, "\t", "\v", "\f", "\x85", "\x1c", *"\u115f\u2800\u3164\uffa0"]:
        assert clean(f"{blank}Jan{blank}{blank}Smit{blank}") == "Jan  Smit", ascii(blank)
        assert clean_line(f"{blank}Jan{blank}{blank}Smit{blank}") == "Jan Smit", ascii(blank)


def test_what_nobody_sees_is_gone() -> None:
    for character in UNSEEN:
        assert clean(f"{character}leer{character}ling{character}") == "leerling", ascii(character)


@pytest.mark.parametrize("emoji", ["👩🏽‍⚕️", "❤️‍🔥", "👨‍👩‍👧", "🏳️‍🌈", "1️⃣", "☎️", "É", "ﬁ"])
def test_what_is_seen_stays(emoji: str) -> None:
    assert clean(f"Bel {emoji}") == f"Bel {emoji}"


def test_a_line_break_is_one_character_and_within_a_line_a_space() -> None:
    assert clean(" a\r\nb\rc\n\nd\r\n") == "a\nb\nc\n\nd"
    assert clean_line("a\r\nb\n") == "a b"


@given(st.text(max_size=60))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean(text)) == clean_line(text)
