"""The other tools: intelligence test, second expert and safety. They end in contacts to call."""

import json
import logging
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.database import connection, db
from portal.directory.schools_and_kernen import list_schools
from portal.guide import forms
from portal.guide.intelligence_test_rules import who_pays
from portal.guide.second_expert_rules import Verdict, judge, judge_all
from portal.guide.tool_views import ATTENDANCE_QUESTIONS
from portal.guide.tools import INTELLIGENCE_TEST, SECOND_EXPERT
from tests.checks import parse, text, texts
from tests.conftest import CheckedClient
from tests.factories import CAMELOT as CODE
from tests.guide import readability
from tests.guide.content import CONTENT

CAMELOT = "school=16lf00-basisschool-camelot"
PAY, SECOND, SAFE = (
    f"/routeboek/{name}" for name in ("intelligentieonderzoek", "tweede-deskundige", "zorgen-over-veiligheid")
)
AGREEMENT = CONTENT.tools[INTELLIGENCE_TEST].texts
EXPERTS = CONTENT.tools[SECOND_EXPERT].texts.experts


def answer(client: CheckedClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(texts(page.text, "tool-answer"))


# ---- who pays for an intelligence test ----------------------------------------------------------


@pytest.mark.parametrize(
    ("social", "school", "parents", "headline"),
    [
        (True, False, False, "Bel de coach: een IQ-onderzoek kan deel zijn van de zorg."),
        (True, False, True, "Bel de coach: een IQ-onderzoek kan deel zijn van de zorg."),
        (False, True, False, "De school betaalt, als zij daarvoor kiest."),
        (True, True, True, "De school betaalt, als zij daarvoor kiest."),
        (False, False, True, "De ouders kunnen het zelf betalen."),
        (False, False, False, "Nu betaalt niemand: er is nog geen vraag."),
    ],
)
def test_the_answers_decide_who_pays(social: bool, school: bool, parents: bool, headline: str) -> None:
    assert who_pays(AGREEMENT, social=social, school=school, parents=parents).headline == headline


def test_a_test_alone_is_never_paid_from_the_jeugdwet() -> None:
    for social, school, parents in product((True, False), repeat=3):
        lines = who_pays(AGREEMENT, social=social, school=school, parents=parents).lines
        assert "Dat wordt niet betaald uit de Jeugdwet." in lines[-1]


def test_parents_pay_only_where_the_school_has_no_question() -> None:
    lines = " ".join(who_pays(AGREEMENT, social=False, school=True, parents=True).lines)
    assert "Ouders kunnen" not in lines


def test_care_is_called_first_for_problems_and_the_budget_first_without_them() -> None:
    for social, calls in ((True, ("care", "budget")), (False, ("budget", "care"))):
        payment = who_pays(AGREEMENT, social=social, school=True, parents=False)
        assert payment.calls == tuple(getattr(AGREEMENT, call) for call in calls)


def test_the_answer_shows_the_coach_and_the_onderwijsconsulent(client: CheckedClient) -> None:
    shown = answer(client, f"{PAY}?problemen=ja&nodig=ja&ouders=nee&{CAMELOT}")
    assert "CJG-coach" in shown
    assert "Onderwijsconsulent" in shown


def test_in_haarlemmermeer_the_schoolcoach_is_called(client: CheckedClient) -> None:
    shown = answer(client, f"{PAY}?problemen=ja&nodig=nee&ouders=nee&school=08vo00-jong-geleerd")
    assert "Schoolcoach (Altra)" in shown


def test_each_question_must_be_answered(client: CheckedClient) -> None:
    page = client.get(f"{PAY}?problemen=")
    assert page.status_code == 422
    assert texts(page.text, "error") == [
        "Kies of er ook sociale of emotionele problemen zijn.",
        "Kies of de school het onderzoek nodig heeft.",
        "Kies of de ouders het onderzoek willen.",
    ]


def test_no_two_questions_of_a_tool_have_the_same_error(client: CheckedClient) -> None:
    for name in ATTENDANCE_QUESTIONS:
        page = client.get(f"/routeboek/verzuimkaart?wat={name}&werk=&buiten=&eerste=1-12-2026")
        errors = [line for line in texts(page.text, "error") if line.startswith("Kies")]
        assert len(errors) == len(set(errors)), name
        assert "Kies ja of nee." not in errors


def test_the_answers_filled_in_are_listed_without_stray_separators(client: CheckedClient) -> None:
    for address in (
        f"{PAY}?problemen=ja&nodig=ja&ouders=nee&{CAMELOT}",
        f"{PAY}?problemen=ja&nodig=ja&ouders=nee",
        f"{SECOND}?eerste=arts&tweede=&betrokken=&{CAMELOT}",
    ):
        page = client.get(address).text
        (answers,) = (e for e in parse(page).iter("ul") if "filled-in" in (e.get("class") or ""))
        assert all(text(line) for line in answers)
        assert "·" not in text(answers)


# ---- the second expert --------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["psycholoog", "anders"])
def test_a_profession_that_the_law_does_not_name_is_to_be_confirmed(first: str) -> None:
    """The table leaves it open: the agreement (001:352) allows them, the law (001:346) does not."""
    for is_involved in (None, True):
        judged = judge(EXPERTS[first], EXPERTS["anders"], is_involved=is_involved)
        assert judged.verdict is Verdict.TO_CONFIRM


def test_the_law_and_the_agreement_name_these_functions() -> None:
    assert [expert.label for expert in EXPERTS.values() if expert.named_by] == [
        "kinder- of jeugdpsycholoog", "pedagoog", "kinderpsychiater", "jeugdarts",
        "andere arts", "CJG-coach of schoolcoach (Altra)", "maatschappelijk werker",
        "POH-Jeugd (bij de huisarts)",
    ]  # fmt: skip
    assert len(judge_all(EXPERTS["anders"], EXPERTS.values())) == 9


def test_an_allowed_expert_is_shown_with_the_number_at_the_school(client: CheckedClient) -> None:
    shown = answer(client, f"{SECOND}?eerste=psycholoog&tweede=jeugdarts&{CAMELOT}")
    assert "Jeugdarts mag de tweede deskundige zijn" in shown
    assert "06 12 34" in shown


def test_a_refused_expert_is_not_among_the_contacts(client: CheckedClient) -> None:
    page = client.get(f"{SECOND}?eerste=jeugdarts&tweede=jeugdarts&{CAMELOT}").text
    assert "Jeugdarts mag niet de tweede deskundige zijn" in " ".join(texts(page, "tool-answer"))
    cards = [e.get("id") for e in parse(page).iter("li") if e.get("class") == "contact"]
    assert cards == ["cjg-coach"]


def test_only_an_involved_expert_signs(client: CheckedClient) -> None:
    asked = f"{SECOND}?eerste=psycholoog&tweede=jeugdarts&{CAMELOT}"
    assert "tekenen mag alleen wie echt betrokken is" in answer(client, asked)
    shown = answer(client, f"{asked}&betrokken=nee")
    assert "Jeugdarts mag niet de tweede deskundige zijn" in shown
    assert "Wie niet echt betrokken is bij de leerling, tekent niet." in shown


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("eerste=", "Kies de functie van de eerste deskundige."),
        ("eerste=bakker", "Kies een functie uit de lijst."),
        ("eerste=arts&tweede=bakker", "Kies een functie uit de lijst."),
        ("eerste=arts&betrokken=beetje", "Kies of de tweede deskundige echt betrokken is."),
    ],
)
def test_an_error_is_shown(client: CheckedClient, query: str, message: str) -> None:
    page = client.get(f"{SECOND}?{query}")
    assert page.status_code == 422
    assert message in texts(page.text, "error")


# ---- worries about safety -----------------------------------------------------------------------


def signals(client: CheckedClient, query: str = CAMELOT) -> dict[str, str]:
    page = parse(client.get(f"{SAFE}?{query}").text)
    return {text(next(d.iter("summary"))): text(d) for d in page.iter("details") if d.get("name") == "antwoord"}


def test_acute_danger_comes_first(client: CheckedClient) -> None:
    page = client.get(SAFE).text
    assert page.index('href="tel:112"') < page.index("<details name=")


def test_a_family_that_wants_help_is_helped_with_the_kernteam(client: CheckedClient) -> None:
    shown = signals(client)["Er zijn problemen en het gezin wil hulp"]
    assert "Ga samen in gesprek" in shown
    assert "meldcode" not in shown
    for role in ("CJG-coach", "Jeugdarts", "Leerplichtambtenaar", "Onderwijsconsulent"):
        assert role in shown


@pytest.mark.parametrize(
    "heading",
    ["Er zijn problemen, maar het gezin wil geen hulp",
     "De ouders zien geen zorg, maar wij op school wel"],
)  # fmt: skip
def test_otherwise_the_meldcode_follows(client: CheckedClient, heading: str) -> None:
    shown = signals(client)[heading]
    assert "Gebruik de meldcode." in shown
    assert "Bel Veilig Thuis voor advies. Dat mag altijd, ook anoniem." in shown
    assert "Het nummer van Veilig Thuis staat niet in het Routeboek." in shown


def test_every_signal_shows_numbers_once_a_school_is_chosen(client: CheckedClient) -> None:
    assert all("06 12 34" in shown for shown in signals(client).values())
    assert all("Kies hieronder een school." in shown for shown in signals(client, "").values())


def test_the_page_cannot_send_which_signal_was_opened(client: CheckedClient) -> None:
    page = parse(client.get(SAFE).text)
    sent = {
        field.get("name")
        for tag in ("input", "select", "textarea")
        for form in page.iter("form")
        for field in form.iter(tag)
    }
    assert sent <= {"school", "woont", "plaats", "csrf_token"}


# ---- nothing is stored --------------------------------------------------------------------------

ASKED = [
    f"/routeboek/verzuimkaart?wat=te-laat&keer=137&plaats=Vogelenzang&{CAMELOT}",
    f"{PAY}?problemen=ja&nodig=ja&ouders=nee&plaats=Vogelenzang&{CAMELOT}",
    f"{SECOND}?eerste=kinderpsychiater&plaats=Vogelenzang&{CAMELOT}",
    f"{SAFE}?plaats=Vogelenzang&{CAMELOT}",
]


@pytest.mark.sqlite("counts the rows that a connection changed")
@pytest.mark.parametrize("address", ASKED)
def test_nothing_that_is_asked_is_stored_or_logged(portal_copy: Flask, address: str, tmp_path: Path) -> None:
    before = db.connection().total_changes if not db.is_closed() else 0
    client = CheckedClient(portal_copy, portal_copy.response_class)
    answer_ = client.get(address)
    assert answer_.status_code == 200
    assert "Set-Cookie" not in answer_.headers
    assert db.connection().total_changes == before
    for handler in logging.getLogger("portal").handlers:
        handler.flush()
    written = (tmp_path / "log" / "kernwijzer-2026-11-23.log").read_text("utf-8")
    lines = [json.loads(line) for line in written.splitlines()]
    assert lines[-1]["route"] == address.partition("?")[0]
    for line in lines:  # any digits may stand in these
        for name in ("at", "request", "ms"):
            line.pop(name, None)
    written = json.dumps(lines)
    for secret in ("Vogelenzang", "137", "kinderpsychiater", "camelot"):
        assert secret not in written


# ---- any input, plain words ---------------------------------------------------------------------

FIELDS = {
    "/routeboek/verzuimkaart": [
        "wat", "keer", "uren", "eerste", "laatste", "op", "dagen", "werk", "eerder", "buiten",
    ],
    PAY: ["problemen", "nodig", "ouders"],
    SECOND: ["eerste", "tweede", "betrokken"],
    SAFE: [],
}  # fmt: skip
TYPED = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from([
        "ja", "nee", "13", "16,5", "2027-03-01", "31-2-2027", "2099-12-31", "2000-01-01",
        "jeugdarts", "16lf00-basisschool-camelot", "anders", "haarlem", "Spaarndam",
        *ATTENDANCE_QUESTIONS,
    ]),
)  # fmt: skip


@pytest.fixture
def few_schools(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> CheckedClient:
    """Asks for pages on which one chooses from three schools: from all takes half of the time of a page."""
    with connection():
        schools = [school for school in list_schools() if school.code in (CODE, "02KM05", "16AR00")]
    monkeypatch.setattr(forms, "list_schools", lambda: schools)
    return client


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_input_gives_a_server_error(few_schools: CheckedClient, data: st.DataObject) -> None:
    address = data.draw(st.sampled_from(list(FIELDS)))
    names = [*FIELDS[address], "school", "woont", "plaats"]
    query = data.draw(st.dictionaries(st.sampled_from(names), TYPED))
    if "wat" in names and data.draw(st.booleans()):  # without a question no other field is read
        query["wat"] = data.draw(st.sampled_from(list(ATTENDANCE_QUESTIONS)))
    assert few_schools.get(address, query_string=query).status_code in (200, 422)


@pytest.mark.parametrize(
    "address",
    [
        *(f"/routeboek/verzuimkaart?wat={asked}" for asked in (
            "te-laat&keer=12", "te-laat&keer=13", "ziek", "weg&uren=16,5&eerste=2026-09-28",
            "weg&uren=16&eerste=2026-09-28", "in-of-uit&op=2027-10-04",
            "vakantie&eerste=2026-12-01&laatste=2026-12-31&werk=nee&eerder=ja",
            "reden&dagen=11&eerste=2027-03-01&buiten=ja",
            "reden&dagen=3&eerste=2027-03-01&buiten=nee",
        )),
        f"{PAY}?problemen=ja&nodig=ja&ouders=ja",
        f"{PAY}?problemen=nee&nodig=nee&ouders=ja",
        f"{SECOND}?eerste=jeugdarts&tweede=arts&betrokken=nee",
        SAFE,
    ],
)  # fmt: skip
def test_an_answer_is_written_in_short_sentences(client: CheckedClient, address: str) -> None:
    page = parse(client.get(address).text)
    main = next(page.iter("main"))
    figures = readability.measure(main)
    assert len(figures.longest.split()) <= 20, figures.longest
    assert figures.mean <= 12


def test_the_safety_page_shows_numbers_beside_the_chosen_school(client: CheckedClient) -> None:
    page = client.get("/routeboek/zorgen-over-veiligheid?school=16lf00-basisschool-camelot").text
    shown = page.partition("Voor welke school?")[2].partition("<form")[0]
    assert shown.count('class="phone-link"') > 2
    without_school = client.get("/routeboek/zorgen-over-veiligheid").text
    assert 'class="phone-link"' not in (without_school.partition("Voor welke school?")[2].partition("<form")[0])
