"""A chair plans a series, schools add slots, the agenda goes out, the run sheet is printed, and the
evaluation comes up."""

import re
from datetime import date
from typing import Any

from portal.database import connection
from portal.meetings.kinds import MeetingState, Outcome
from portal.meetings.models import Meeting, MeetingSlot, Participant
from tests.checks import parse, text
from tests.clock import stopped_at
from tests.factories import CAMELOT
from tests.meetings.conftest import THURSDAY, Town

SERIES: dict[str, Any] = {
    "van": CAMELOT, "eerste": "2026-12-10", "vaak": "2", "laatste": "10-6-2027", "begin": "15.00",
    "eind": "16:30", "plaats": "De teamkamer", "leider": "directeur", "stap": "dagen",
}  # fmt: skip


def read(html: str) -> str:
    """The text of a page."""
    return text(parse(html))


def test_a_meeting_from_planning_to_evaluation(town: Town) -> None:
    director, coach = town.browser("reader"), town.browser("member")
    # The days are proposed without holidays; one is moved, one is left out.
    page = director.submit("/overleg/reeks/nieuw", SERIES)
    assert page.status_code == 200
    days = re.findall(r'name="dag" value="([\d-]+)"', page.text)
    assert days[:3] == ["2026-12-10", "2027-01-07", "2027-01-21"]
    assert "want dan is er geen school: donderdag 24 december 2026" in read(page.text)
    chosen = ["2026-12-17", "", *days[2:]]
    planned = director.submit("/overleg/reeks/nieuw", {**SERIES, "dag": chosen, "stap": "plannen"})
    assert planned.status_code == 302
    with connection():
        rows = list(Meeting.select().order_by(Meeting.day))
    assert rows[0].day == THURSDAY and len({row.series for row in rows}) == 1
    first = rows[0].id
    assert len(town.mails("Uitnodiging")) == 2 * len(rows)
    # Both see it, say whether they come, and the school adds to the agenda.
    assert "De teamkamer" in coach.get("/overleg").text
    assert coach.submit(f"/overleg/{first}/antwoord", {"antwoord": "away"}).status_code == 302
    assert director.submit(f"/overleg/{first}/antwoord", {"antwoord": "coming"}).status_code == 302
    assert "ik kom niet: 1" in read(director.get(f"/overleg/{first}").text)
    case = {
        "bespreking": "first", "minuten": "20", "toestemming": "yes", "gedeeld": "ja",
        "coordinator": "directeur",
    }  # fmt: skip
    nobody = director.submit(f"/overleg/{first}/agenda/casus", case | {"coordinator": "Anna"})
    assert nobody.status_code == 422 and "Kies een functie." in nobody.text
    assert director.submit(f"/overleg/{first}/agenda/casus", case).status_code == 302
    assert coach.submit(f"/overleg/{first}/agenda/casus", case).status_code == 404
    point = {"onderwerp": "expertise", "minuten": "10", "regel": "Wie weet veel van dyslexie?"}
    assert director.submit(f"/overleg/{first}/agenda/punt", point).status_code == 302
    agenda = read(coach.get(f"/overleg/{first}/agenda").text)
    assert "De agenda sluit op donderdag 10 december 2026 om 17.00 uur." in agenda
    assert "Casus 1, eerste bespreking" in agenda
    assert "Samen 30 minuten, klaar om 15.30 uur." in agenda
    assert "groeidocument veilig gedeeld: ja · casuscoördinator: directeur" in agenda
    assert "Stuur een groeidocument met beveiligde mail" in agenda
    # It closes at five, Amsterdam time, and goes out.
    with stopped_at("2026-12-10 15:59:00"):
        town.run()
        assert town.mails("Agenda") == []
    with stopped_at("2026-12-10 16:00:00"):
        assert town.run() == 2
        assert town.run() == 0
        director, coach = town.browser("reader"), town.browser("member")
        body = town.mails("Agenda")[0].body
        assert "casus 1, eerste bespreking, 20 minuten" in body
        director.submit(f"/overleg/{first}/agenda/casus", case | {"toestemming": "asked"})
        agenda = read(coach.get(f"/overleg/{first}/agenda").text)
        assert "De agenda sloot op donderdag 10 december 2026 om 17.00 uur." in agenda
        assert agenda.rindex("later toegevoegd") > agenda.index("Expertise delen")
        assert "alleen zonder herkenbare gegevens" in agenda
        sheet = director.get(f"/overleg/{first}/draaiboek").text
    for words in (
        *(f"Stap {number}." for number in range(8)), "Verwijsindex: niet nodig",
        "Schakelloket: niet nodig", "Zijn de inbrengers tevreden?", "Zijn de adviezen helder",
        "Casuscoördinator: directeur", "Vernietig dit papier",
    ):  # fmt: skip
        assert words in sheet, words
    once_a_year = "Hoe werken wij samen?"
    assert once_a_year not in sheet
    assert once_a_year in town.browser("reader").get(f"/overleg/{rows[-1].id}/draaiboek").text
    # On the first working day after it, the chair says how it went.
    with stopped_at("2026-12-18 09:00:00"):
        town.run()
        director = town.browser("reader")
        assert [mail.recipient for mail in town.mails("Terugblik")] == ["dirk@school.example"]
        report = director.get(f"/overleg/{first}/verslag")
        version = re.search(r'name="versie" [^>]*value="(\d+)"', report.text)
        assert version
        assert f'value="{town.director.id}" checked' in report.text, "who said so was there"
        with connection():
            slots = list(MeetingSlot.select().order_by(MeetingSlot.id))
        answers = {
            "doorgegaan": "ja", "aanwezig": [str(town.director.id)], "versie": version[1],
            f"punt-{slots[0].id}": "3", f"punt-{slots[1].id}": "done",
        }  # fmt: skip
        assert director.submit(f"/overleg/{first}/verslag", answers).status_code == 302
        stale = director.submit(f"/overleg/{first}/verslag", answers | {"doorgegaan": "nee"})
        assert stale.status_code == 409
    with connection():
        assert Meeting.get_by_id(first).state == MeetingState.HELD
        assert Participant.select().where(Participant.was_present).count() == 1
        evaluated = MeetingSlot.get_by_id(slots[0].id)
    assert evaluated.outcome == Outcome.EVALUATION
    # Three months later is the 17th; the first meeting after it is on the 18th.
    assert evaluated.evaluate_on == date(2027, 3, 18)
    with stopped_at("2027-03-03 09:00:00"):
        town.run()
        assert town.mails("Evaluatie") == []
    with stopped_at("2027-03-04 09:00:00"):
        town.run()
        (mail,) = town.mails("Evaluatie")
        director = town.browser("reader")
        assert "donderdag 18 maart 2027 is de evaluatie van 1 casus" in mail.body
        later = next(row.id for row in rows if row.day == date(2027, 3, 18))
        assert "Casus 1 van 17 december 2026" in read(director.get(f"/overleg/{later}/agenda").text)
        assert "Vragenlijst voor ouders en school" in director.get(f"/overleg/{later}/draaiboek").text
