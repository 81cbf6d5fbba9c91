"""The title says what happens, and at how many schools; the check page says what stands against it already."""

from datetime import date

import pytest

from portal.notices.kinds import NoticeKind
from portal.notices.titles_differences_and_warnings import make_title
from tests.factories import coach, colleague, make_absence, posts
from tests.notices.conftest import Visit, leave

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


def test_an_absent_substitute_or_successor_is_said(visit: Visit) -> None:
    me, other = coach(), colleague(coach())
    make_absence(other, date(2027, 2, 10), date(2027, 2, 21))
    member = visit("member")
    sentence = f"{other.name} is zelf afwezig vanaf 10 februari 2027 tot en met 20 februari 2027."
    for kind in ("afwezigheid", "vertrek", "opvolging"):
        fields = {"dag": "2027-02-01", "opvolger": str(other.id)}
        assert sentence in member.preview(kind, fields).text
    fields = {"dag": "2027-02-22", "opvolger": str(other.id)}
    assert "is zelf afwezig" not in member.preview("afwezigheid", fields).text
    notice = member.post("afwezigheid", {"dag": "2027-02-01"})
    page = member.client.submit(
        f"/wijzigingen/{notice}/aanvullen", {"dag": "2027-02-01", "opvolger": str(other.id), "stap": "controleren"}
    )
    assert sentence in page.text
    assert me.name in page.text


def test_a_later_takeover_that_stands_already_is_said(visit: Visit) -> None:
    me, later = coach(), colleague(coach())
    first, *rest = posts(me)
    coordinator = visit("coordinator")
    stay = {f"plek_{post.id}": "blijft" for post in rest}
    coordinator.post("opvolging", {"dag": "2027-03-01", "opvolger": str(later.id), **stay}, me.id)
    page = coordinator.preview("afwezigheid", {"dag": "2027-02-01"}, me.id).text
    assert "Er staat al dat" in page
    page = coordinator.preview("vertrek", leave(opvolger="vacature"), me.id).text
    assert (
        f"Er staat al dat {later.name} vanaf 1 maart 2027 begint als CJG-coach bij {first.school.name}. Dat blijft zo."
    ) in page
    assert page.count("Er staat al dat") == 1
