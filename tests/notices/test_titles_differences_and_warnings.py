"""The title says what happens, and at how many schools."""

import pytest

from portal.notices.kinds import NoticeKind
from portal.notices.titles_differences_and_warnings import make_title

SIX = list("abcdef")


def at(name: str, schools: str) -> list[tuple[str, str]]:
    return [(name, school) for school in schools]


@pytest.mark.parametrize(
    ("kind", "filled", "schools", "title"),
    [
        ("vertrek", at("Jip", "abcdef"), SIX, "Ans vertrekt, Jip volgt op"),
        ("vertrek", at("Jip", "a"), SIX,
         "Ans vertrekt; 1 school krijgt Jip, 5 krijgen nog niemand"),
        ("vertrek", [], SIX, "Ans vertrekt; 6 scholen krijgen nog niemand"),
        ("vertrek", [], ["a"], "Ans vertrekt; 1 school krijgt nog niemand"),
        ("vertrek", at("Jip", "abc") + at("Bo", "def"), SIX,
         "Ans vertrekt; 3 scholen krijgen Jip, 3 krijgen Bo"),
        ("vertrek", at("Jip", "abcde") + at("Ans", "f"), SIX,
         "Ans vertrekt; 5 scholen krijgen Jip, 1 blijft bij Ans"),
        ("vertrek", at("Jip", "aab"), ["a", "b"], "Ans vertrekt, Jip volgt op"),
        ("opvolging", at("Jip", "ab"), ["a", "b"], "Jip neemt 2 scholen over van Ans"),
        ("andere-organisatie", [], [], "Ans gaat werken bij de GGD"),
        ("andere-organisatie", at("Jip", "a"), ["a"],
         "Ans gaat werken bij de GGD, Jip volgt op"),
        ("afwezigheid", [], SIX, "Ans is afwezig; 6 scholen krijgen nog niemand"),
        ("afwezigheid", at("Jip", "abcdef"), SIX, "Ans is afwezig, Jip vervangt"),
        ("afwezigheid", [], [], "Ans is afwezig"),
        ("nieuwe-collega", at("Jip", "ab"), ["a", "b"], "Jip begint als IB’er op 2 scholen"),
        ("nieuwe-collega", at("Jip", "a") + at("Bo", "a"), ["a"],
         "Jip en Bo beginnen als IB’er op 1 school"),
        ("nieuwe-collega", [], ["a"], "Iemand begint als IB’er op 1 school"),
        ("vacature", [], ["a", "b"], "Vacature: IB’er op 2 scholen"),
        ("contactgegevens", [], SIX, "Ans heeft nieuwe contactgegevens"),
        ("nieuws", [], SIX, "Nieuws van de GGD"),
        ("verdeling", at("Jip", "abc") + at("Bo", "d"), SIX,
         "Nieuwe verdeling van de GGD per 1 augustus 2027: 2 mensen, 6 scholen"),
    ],
)  # fmt: skip
def test_a_title_says_what_happens_at_how_many_schools(
    kind: str, filled: list[tuple[str, str]], schools: list[str], title: str
) -> None:
    words = {"person": "Ans", "role": "IB’er", "organisation": "de GGD"} | {"day": "1 augustus 2027"}
    assert make_title(NoticeKind(kind), filled, schools, **words) == title
