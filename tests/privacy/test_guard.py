"""The guard against data about pupils and parents, on texts written without knowing its rules.

`corpus/risky.txt` and `corpus/ordinary.txt` hold one invented text per line; `corpus/numbers.txt`
says of each whether it must be blocked.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.privacy.bsn import GONE, has_bsn, without_bsn
from portal.privacy.guard import is_doubtful
from portal.privacy.signals import POINTS, signals

CORPUS = Path(__file__).parent / "corpus"
RISKY, ORDINARY = (
    (CORPUS / name).read_text("utf-8").splitlines() for name in ("risky.txt", "ordinary.txt")
)
NUMBERS = [
    tuple(line.split("\t", 1)) for line in (CORPUS / "numbers.txt").read_text("utf-8").splitlines()
]


def share(texts: list[str]) -> float:
    return sum(map(is_doubtful, texts)) / len(texts)


def test_at_least_95_in_100_risky_texts_are_doubted() -> None:
    assert len(RISKY) >= 200
    assert share(RISKY) >= 0.95


def test_at_most_5_in_100_ordinary_texts_are_doubted() -> None:
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
def test_staff_and_themes_are_ordinary(text: str) -> None:
    assert not is_doubtful(text)


@pytest.mark.parametrize(
    "text",
    ["Sem uit groep 5 heeft adhd.", "De moeder van Noah belde.", "J. de V. zit in klas 2b.",
     "Aanmelding: Sophie Brouwer, geb. 22-5-2016."],
)  # fmt: skip
def test_one_pupil_is_doubted_also_in_a_long_text(text: str) -> None:
    assert is_doubtful(text)
    assert is_doubtful("Wij zoeken een datum in maart. " * 40 + text)


def test_every_signal_counts() -> None:
    given = {signal for text in RISKY + ORDINARY for signal in signals(text)}
    assert given == set(POINTS) - {"always"}


def test_a_bsn_is_recognised_and_a_telephone_number_is_none() -> None:
    assert len(NUMBERS) >= 252
    wrong = [
        (expected, text) for expected, text in NUMBERS if has_bsn(text) != (expected == "block")
    ]
    assert wrong == []


def test_a_bsn_is_taken_out_and_nothing_else() -> None:
    assert without_bsn("Bel 023 511 36 60 over 111222333, of 123.456.782!") == (
        f"Bel 023 511 36 60 over {GONE}, of {GONE}!"
    )


@given(st.text(max_size=80))
def test_a_text_without_a_bsn_stays_as_it_is(text: str) -> None:
    if not has_bsn(text):
        assert without_bsn(text) == text
    assert not has_bsn(without_bsn(text))
