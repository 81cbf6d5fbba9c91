"""The guard against data about pupils and parents, tested on texts whose authors did not know its
rules.

`corpus/risky.txt` and `corpus/ordinary.txt` hold one invented text per line. `corpus/numbers.txt`
holds the expected verdict before each text.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import SEEDS
from portal.privacy import pupil_data
from portal.privacy.pupil_data import REMOVED, WEIGHTS, find_signals, has_bsn, without_bsn
from portal.region import read_region

CORPUS = Path(__file__).parent / "corpus"
NOT_NAMES = read_region(SEEDS / "zuid-kennemerland").not_names
RISKY, ORDINARY = ((CORPUS / name).read_text("utf-8").splitlines() for name in ("risky.txt", "ordinary.txt"))
NUMBERS = [tuple(line.split("\t", 1)) for line in (CORPUS / "numbers.txt").read_text("utf-8").splitlines()]


def is_doubtful(text: str) -> bool:
    return pupil_data.is_doubtful(text, NOT_NAMES)


def share(texts: list[str]) -> float:
    """The share of texts that are doubtful."""
    return sum(map(is_doubtful, texts)) / len(texts)


def test_at_least_95_percent_of_risky_texts_are_doubtful() -> None:
    assert len(RISKY) >= 200
    assert share(RISKY) >= 0.95


def test_at_most_5_percent_of_ordinary_texts_are_doubtful() -> None:
    assert len(ORDINARY) >= 500
    assert share(ORDINARY) <= 0.05


@pytest.mark.parametrize(
    "text",
    ["Anna is met verlof.", "Anna is met verlof van 3 maart tot en met 14 juni.", "groep 7",
     "Per 1 februari volgt Noor Visser mij op als CJG-coach.", "Mijn nieuwe nummer is 06 12345678.",
     "Fixed and Growth Mindset", "Meertalige ouders", "Meldcode", "Hoogbegaafdheid",
     "Verzuim en thuiszitters", "Problematische echtscheidingen", "VIR", "Veiligheid/onveiligheid",
     "Oudercommunicatie", "Zorgmijders", "Het voeren van regie", "Passend Onderwijs",
     "MAS-methode (Methodische Aanpak Schoolverzuim)", ""],
)  # fmt: skip
def test_texts_about_staff_and_themes_are_not_doubtful(text: str) -> None:
    assert not is_doubtful(text)


@pytest.mark.parametrize(
    "text",
    ["Sem uit groep 5 heeft adhd.", "De moeder van Noah belde.", "J. de V. zit in klas 2b.",
     "Aanmelding: Sophie Brouwer, geb. 22-5-2016."],
)  # fmt: skip
def test_a_text_about_one_pupil_is_doubtful_also_within_a_long_text(text: str) -> None:
    assert is_doubtful(text)
    assert is_doubtful("Wij zoeken een datum in maart. " * 40 + text)


def test_every_signal_occurs_in_the_corpus() -> None:
    signals = {name for text in RISKY + ORDINARY for name in find_signals(text, NOT_NAMES)}
    assert signals == set(WEIGHTS) - {"bias"}


@pytest.mark.parametrize("place", ["Hillegom", "Waterburen", "Zuid-Waterland"])
def test_a_word_of_the_region_is_no_name_of_a_person(place: str) -> None:
    text = f"Als een kind in {place} woont, wie belt dan met leerplicht?"
    assert pupil_data.is_doubtful(text, ())
    assert not pupil_data.is_doubtful(text, ("Hillegom", "Water*", "*-Waterland"))


def test_a_bsn_is_recognised_and_a_telephone_number_is_not_one() -> None:
    assert len(NUMBERS) >= 252
    wrong = [(expected, text) for expected, text in NUMBERS if has_bsn(text) != (expected == "block")]
    assert wrong == []


def test_only_a_bsn_is_removed() -> None:
    assert without_bsn("Bel 023 511 36 60 over 111222333, of 123.456.782!") == (
        f"Bel 023 511 36 60 over {REMOVED}, of {REMOVED}!"
    )


@given(st.text(max_size=80))
def test_a_text_without_a_bsn_is_unchanged(text: str) -> None:
    if not has_bsn(text):
        assert without_bsn(text) == text
    assert not has_bsn(without_bsn(text))
