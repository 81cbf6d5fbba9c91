"""Telephone numbers as the source documents write them: stored, shown, dialled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.phones import ends_with, grouped, is_mobile, is_number, link, normalise, significant_digits

# In the source, stored, shown, dialled.
NUMBERS = [
    ("088-9958484", "+31889958484", "088 995 84 84", "tel:+31889958484"),
    ("088-9958383", "+31889958383", "088 995 83 83", "tel:+31889958383"),
    ("06-52654625", "+31652654625", "06 52 65 46 25", "tel:+31652654625"),
    ("0640881026", "+31640881026", "06 40 88 10 26", "tel:+31640881026"),
    ("023 7891777", "+31237891777", "023 789 17 77", "tel:+31237891777"),
    ("023-5113660", "+31235113660", "023 511 36 60", "tel:+31235113660"),
    ("06 51879295", "+31651879295", "06 51 87 92 95", "tel:+31651879295"),
    ("0255545710", "+31255545710", "0255 54 57 10", "tel:+31255545710"),
    ("0900 1852", "0900 1852", "0900 1852", "tel:09001852"),
    ("14 0251", "14 0251", "14 0251", "tel:140251"),
    ("0251 256347/256256", "0251 256347/256256", "0251 256347/256256", "tel:0251256347"),
]
# As people type them.
EXTENDED = [
    ("0235113660 ext. 12", "+31235113660 ext. 12", "023 511 36 60 ext. 12", "tel:+31235113660"),
    ("023-5113660 tst 12", "+31235113660 tst 12", "023 511 36 60 tst 12", "tel:+31235113660"),
    ("023 5113660, toestel 12", "+31235113660 toestel 12", "023 511 36 60 toestel 12",
     "tel:+31235113660"),
    ("088 99 50 000 (kies 2)", "+31889950000 kies 2", "088 995 00 00 kies 2", "tel:+31889950000"),
    ("+31235113660;ext=12", "+31235113660 ext=12", "023 511 36 60 ext=12", "tel:+31235113660"),
    ("+31 (0)23 511 36 60 x12", "+31235113660 x12", "023 511 36 60 x12", "tel:+31235113660"),
    ("Tel: 023 511 36 60", "+31235113660", "023 511 36 60", "tel:+31235113660"),
    ("06/12345678", "+31612345678", "06 12 34 56 78", "tel:+31612345678"),
    ("06 12345678 of 023 5113660", "06 12345678 of 023 5113660", "06 12345678 of 023 5113660",
     "tel:0612345678"),
    ("+31 (0)23 5113660 / 0612345678", "+31 (0)23 5113660 / 0612345678",
     "+31 (0)23 5113660 / 0612345678", "tel:+31235113660"),
    ("14 0251, 0900 1852", "14 0251, 0900 1852", "14 0251, 0900 1852", "tel:140251"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "stored", "shown", "dialled"), [*NUMBERS, *EXTENDED])
def test_a_number_of_the_sources_is_stored_shown_and_dialled(text: str, stored: str, shown: str, dialled: str) -> None:
    assert normalise(text) == stored
    assert grouped(stored) == shown
    assert link(stored) == dialled


@pytest.mark.parametrize("text", [row[0] for row in EXTENDED])
def test_an_extension_and_a_second_number_may_be_typed(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["023 511 36 60 Jan", "0235113660 AB", "06 12345678 / bel", "ext. 12"])
def test_a_number_with_other_words_is_refused_and_stays_whole(text: str) -> None:
    assert not is_number(text)
    assert normalise(text) == text


@pytest.mark.parametrize("number", [row[2] for row in [*NUMBERS, *EXTENDED]])
def test_a_shown_number_can_be_typed_again(number: str) -> None:
    assert grouped(normalise(number)) == number


@given(st.text(max_size=40))
def test_text_that_is_no_number_stays_text(text: str) -> None:
    assert grouped(normalise(text)) is not None
    assert link(normalise(text)).startswith("tel:")


@pytest.mark.parametrize(
    ("value", "mobile"),
    [
        ("+31612345678", True),
        ("06 52654625", True),
        ("0640881026", True),
        ("023-5113660 / 06-12345678", True),
        ("bel via de receptie", True),  # not a number: treated as private
        ("+31970123456789", True),
        ("+31235113660", False),
        ("+31889958484", False),
        ("0900 1852", False),
        ("14 0251", False),
        ("0800-2000", False),
        ("+31235113660 tst. 12", False),
        ("+31612345678 tst. 12", True),
        ("0235113660 en 0612345678", True),
    ],
)
def test_a_mobile_number_is_distinguished_from_a_shared_line(value: str, mobile: bool) -> None:
    assert is_mobile(value) is mobile


@pytest.mark.parametrize(
    ("stored", "typed", "same"),
    [
        ("+31235550123", "023 555 01 23", True),
        ("+31235550123", "555 01 23", True),
        ("+31235550123 tst. 12", "0235550123", True),
        ("0900 1234", "0900-1234", True),
        ("14 020", "14020", True),
        ("023-5550123 of 06 12345678", "0235550123", True),
        ("023-5550123 of 06 12345678", "0612345678", True),
        ("+3225550123", "0032 2 555 01 23", True),
        ("+31235550123", "023 555 01 2", False),
        ("+31235550123", "0205550123", False),
        ("+31235550123 tst. 12", "5012312", False),
    ],
)
def test_a_number_is_known_by_its_last_part(stored: str, typed: str, same: bool) -> None:
    assert ends_with(stored, significant_digits(typed)) is same
