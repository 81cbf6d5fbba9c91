"""The agenda: two editors, a slot after closing, many slots, and no place for a name."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from peewee import CharField, IntegrityError, TextField

from portal.accounts.models import Account
from portal.clock import now
from portal.database import connection, db
from portal.database.fields import EnumField
from portal.directory.models import Assignment, Role
from portal.jobs.clearing import Clearing
from portal.mail.models import OutgoingMail
from portal.meetings import agenda_slots, clearing, queries
from portal.meetings.forms import CaseForm
from portal.meetings.kinds import MeetingState, Outcome, SlotKind
from portal.meetings.models import Meeting, MeetingSlot, Participant
from portal.privacy.pupil_data import FreeTextField
from portal.retention_periods import MEETINGS
from tests.checks import parse, text
from tests.clock import stopped_at
from tests.contracts.test_structure import counted
from tests.factories import CAMELOT, make_assignment, make_person
from tests.meetings.conftest import THURSDAY, Town

CASE = {"bespreking": "first", "minuten": "20"}
POINT = {"onderwerp": "basics", "minuten": "10"}


def test_no_column_or_field_of_a_case_takes_text() -> None:
    free = {
        name
        for name, field in MeetingSlot._meta.fields.items()
        if isinstance(field, CharField | TextField) and not isinstance(field, EnumField)
    }
    assert free == {"line"}, "the guarded line of a general slot"
    kinds = {type(field).__name__ for field in vars(CaseForm).values()}
    assert "FreeTextField" not in kinds
    unbound = [
        field.field_class for form in CaseForm.__mro__ for field in vars(form).values() if hasattr(field, "field_class")
    ]
    assert unbound
    assert not [field for field in unbound if issubclass(field, FreeTextField)]
    for model in (Meeting, Participant):
        assert not [f for f in model._meta.fields.values() if isinstance(f, TextField)]


@pytest.mark.parametrize("more", [{"line": "Jantje"}, {"subject": "basics"}])
def test_the_database_refuses_text_in_a_case(town: Town, more: dict[str, str]) -> None:
    number = town.plan()
    with connection(), pytest.raises(IntegrityError), db.atomic():
        MeetingSlot.create(meeting=number, kind="case", number=1, minutes=20, is_late=False, **more)


def test_the_agenda_leads_to_the_safe_mail_of_the_region(town: Town) -> None:
    """For the documents, which never go by the portal (A49)."""
    page = town.browser("reader").get(f"/overleg/{town.plan()}/agenda").text
    assert '<a href="https://veilig.example/nieuw">Naar de beveiligde mail</a>' in page


def test_the_line_of_a_point_is_guarded(town: Town) -> None:
    address = f"/overleg/{town.plan()}/agenda/punt"
    director = town.browser("reader")
    for line in (
        "Over 123456782 praten", "Twee\nregels", "x" * 101,
        "De moeder van Jantje Pietersen is ziek",
    ):  # fmt: skip
        assert director.submit(address, POINT | {"regel": line}).status_code == 422, line
    with connection():
        assert MeetingSlot.select().count() == 0
    # A name that a case is sent along with goes nowhere.
    sent = CASE | {"regel": "Jantje Pietersen", "onderwerp": "basics", "naam": "Jantje"}
    assert director.submit(address.replace("punt", "casus"), sent).status_code == 302
    with connection():
        assert MeetingSlot.get().line == ""


def test_two_editors_of_one_agenda_lose_nothing(town: Town) -> None:
    number = town.plan()
    director, chair = town.browser("reader"), town.browser("coordinator")
    for browser in (director, chair):
        assert browser.submit(f"/overleg/{number}/agenda/casus", CASE).status_code == 302
    with connection():
        slots = list(MeetingSlot.select().order_by(MeetingSlot.id))
    assert [slot.number for slot in slots] == [1, 2]
    address = f"/overleg/{number}/agenda/{slots[0].id}"
    first = chair.submit(address, CASE | {"versie": "1", "minuten": "30", "toestemming": "yes"})
    assert first.status_code == 302
    second = director.submit(address, CASE | {"versie": "1", "minuten": "45"})
    assert second.status_code == 409
    said = text(parse(second.text))
    assert "er staat nu 30 minuten. Jij vulde in: 45 minuten." in said
    again = re.search(r'name="versie" [^>]*value="(\d+)"', second.text)
    assert again and again[1] == "2"
    assert director.submit(address, CASE | {"versie": "2", "minuten": "45"}).status_code == 302
    # Removed by one, changed by the other.
    assert chair.submit(address, {"wat": "weg", "versie": "2"}).status_code == 409
    assert chair.submit(address, {"wat": "weg", "versie": "3"}).status_code == 302
    assert director.submit(address, CASE | {"versie": "3"}).status_code == 409
    # The number stays with the case on the school's own paper.
    director.submit(f"/overleg/{number}/agenda/casus", CASE)
    with connection():
        assert [slot.number for slot in MeetingSlot.select().order_by(MeetingSlot.number)] == [2, 3]


def test_a_meeting_that_somebody_else_moved_is_shown_in_both_versions(town: Town) -> None:
    number = town.plan()
    form = {
        "versie": "1", "dag": "2026-12-17", "begin": "14:00", "eind": "15:00",
        "plaats": "De zolder", "leider": "directeur",
    }  # fmt: skip
    director, chair = town.browser("reader"), town.browser("coordinator")
    assert chair.submit(f"/overleg/{number}/wijzigen", form).status_code == 302
    stale = director.submit(f"/overleg/{number}/wijzigen", form | {"plaats": "De kelder"})
    assert stale.status_code == 409
    assert "er staat nu De zolder. Jij vulde in: De kelder." in text(parse(stale.text))
    assert town.meeting(number).place == "De zolder"


def test_sixty_slots_and_no_more(town: Town) -> None:
    number = town.plan()
    with connection():
        meeting = queries.find_meeting(number)
        assert meeting
        for _ in range(60):
            agenda_slots.add_slot(meeting, SlotKind.CASE, CAMELOT, {"minutes": 20, "discussion": "first"})
    director = town.browser("reader")
    agenda = text(parse(director.get(f"/overleg/{number}/agenda").text))
    assert "Samen 1200 minuten, klaar om 11.00 uur." in agenda
    assert "1110 minuten te lang" in agenda
    assert director.get(f"/overleg/{number}/draaiboek").status_code == 200
    refused = director.submit(f"/overleg/{number}/agenda/casus", CASE)
    assert refused.status_code == 422
    assert "Er staan al 60 punten" in refused.text


def test_the_table_of_an_agenda_costs_the_same_for_any_number_of_slots(town: Town) -> None:
    number = town.plan()
    director = town.browser("reader")
    costs = []
    for added in (0, 1, 30):  # the first fills the caches
        with connection():
            meeting = queries.find_meeting(number)
            assert meeting
            for _ in range(added):
                agenda_slots.add_slot(meeting, SlotKind.CASE, CAMELOT, {"minutes": 20, "discussion": "first"})
        for page in ("agenda", "draaiboek"):
            with counted() as statements:
                director.get(f"/overleg/{number}/{page}")
            costs.append(len(statements))
    assert costs[2:4] == costs[4:]


def test_the_list_costs_the_same_for_any_number_of_meetings(town: Town) -> None:
    director, costs = town.browser("reader"), []
    director.get("/overleg")  # fills the caches
    for number in (1, 40):
        for week in range(number):
            town.plan(THURSDAY + timedelta(weeks=week))
        with counted() as statements:
            director.get("/overleg")
        costs.append(len(statements))
    assert costs[0] == costs[1]


PLAN: dict[str, Any] = {
    "van": CAMELOT, "eerste": "2026-12-17", "vaak": "0", "begin": "15.00", "eind": "16.00",
    "plaats": "x", "leider": "directeur", "dag": "2026-12-17", "stap": "plannen",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"dag": "2026-12-25"}, "Kies een andere dag of zet het vinkje"),  # a holiday
        ({"dag": ["2026-12-17", "2026-12-19"]}, "Kies een andere dag of zet het vinkje"),
        ({"dag": ["2026-12-17", "17-12-2026"]}, "Een dag staat er twee keer."),
        ({"dag": "2026-11-22"}, "is al voorbij"),
        ({"dag": "gisteren"}, "is geen dag"),
        ({"dag": "2031-12-17"}, "is te ver weg"),
        ({"eind": "14.00"}, "eindigt voordat het begint"),
        ({"eind": ""}, "hoe laat het overleg eindigt"),
        ({"begin": "25.00"}, "Vul een tijd in"),
        ({"plaats": ""}, "Vul in waar het is."),
        ({"leider": "nix"}, "Kies een functie uit de lijst."),
        ({"leider": "jeugdarts"}, "Niemand daar heeft deze functie."),  # nobody at this school
        ({"van": "98ZZ00"}, "Kies uit de lijst."),
        # The night of summer time.
        ({"dag": "2027-03-28", "begin": "02.30", "eind": "04.00", "toch": "y"}, "klok vooruit"),
    ],
)
def test_a_wrong_plan_is_refused(town: Town, changed: dict[str, Any], message: str) -> None:
    answer = town.browser("reader").submit("/overleg/reeks/nieuw", PLAN | changed)
    assert answer.status_code == 422
    assert message in text(parse(answer.text))
    with connection():
        assert Meeting.select().count() == 0


def test_the_messages_stand_in_the_order_of_the_questions(town: Town) -> None:
    director, number = town.browser("reader"), town.plan()
    for address, empty in (("reeks/nieuw", {"van": ""}), (f"{number}/wijzigen", {"dag": ""})):
        answer = director.submit(f"/overleg/{address}", {**dict.fromkeys(PLAN, ""), **empty})
        assert answer.status_code == 422
        listed = re.findall(r'<li><a href="#(\w+)"', answer.text)
        asked = re.findall(r' id="(\w+)"', answer.text)
        assert len(listed) > 4 and listed == sorted(listed, key=asked.index), address


def test_a_meeting_in_a_holiday_or_at_night_is_possible(town: Town) -> None:
    director = town.browser("reader")
    days = {"dag": ["2026-12-25", "2026-10-25", "2027-10-31"], "toch": "y"}
    hours = {"begin": "02.30", "eind": "03.30"}
    wrong = director.submit("/overleg/reeks/nieuw", PLAN | days | hours)
    assert wrong.status_code == 422  # the second is over
    days["dag"].pop(1)  # type: ignore[attr-defined]  # a list
    assert director.submit("/overleg/reeks/nieuw", PLAN | days | hours).status_code == 302
    with connection():
        night = Meeting.select().order_by(Meeting.day.desc()).get()
        assert night.ends_at - night.begins_at == timedelta(hours=2), "the hour comes twice"
    assert director.get(f"/overleg/{night.id}/agenda").status_code == 200


def test_somebody_who_left_sees_and_changes_nothing(town: Town) -> None:
    number = town.plan()
    with connection():
        Assignment.update(valid_until=THURSDAY).where(Assignment.person == town.director).execute()
    director = town.browser("reader")
    assert director.get(f"/overleg/{number}").status_code == 404
    assert director.submit(f"/overleg/{number}/agenda/casus", CASE).status_code == 404
    assert "De teamkamer" not in director.get("/overleg").text


def test_what_was_called_off_takes_no_slot_and_no_answer(town: Town) -> None:
    number = town.plan()
    director = town.browser("reader")
    director.submit(f"/overleg/{number}/afzeggen", {"wat": "een"})
    for page in ("", "/agenda", "/draaiboek"):
        shown = director.get(f"/overleg/{number}{page}").text
        assert "Dit overleg is afgezegd." in shown and "De agenda sluit op" not in shown, page
    for step in ("agenda/casus", "antwoord", "wijzigen"):
        assert director.submit(f"/overleg/{number}/{step}", CASE).status_code == 404, step


def test_the_kernteam_changes_neither_the_meeting_nor_the_agenda(town: Town) -> None:
    number = town.plan()
    town.browser("reader").submit(f"/overleg/{number}/agenda/casus", CASE)
    coach = town.browser("member")
    for step in ("agenda/casus", "agenda/1"):
        assert coach.submit(f"/overleg/{number}/{step}", CASE).status_code == 404, step
    for step in ("wijzigen", "afzeggen"):
        assert coach.submit(f"/overleg/{number}/{step}", {}).status_code == 403, step
    with stopped_at("2026-12-18 09:00:00"):
        assert town.browser("member").get(f"/overleg/{number}/verslag").status_code == 404


def test_slots_answers_and_presence_go_and_counts_stay(town: Town) -> None:
    number, later = town.plan(), town.plan(THURSDAY + timedelta(weeks=40))
    town.run()
    director = town.browser("reader")
    for _ in range(2):
        director.submit(f"/overleg/{number}/agenda/casus", CASE)
    with connection():
        slot = MeetingSlot.select().order_by(MeetingSlot.id).get()
        evaluated = date(2027, 3, 11)
        queries.store_report(
            town.meeting(number), 1, held=True, present={town.director.id},
            outcomes={slot.id: (Outcome.EVALUATION, evaluated)},
        )  # fmt: skip
    clearings: list[Clearing] = town.portal.extensions["clearings"]
    assert clearing.clear_old in {row.clear for row in clearings if row.kept is MEETINGS}, "the worker clears it"
    assert MEETINGS.until in director.get("/privacy").text
    for day, cleared in ((date(2027, 9, 9), 0), (date(2027, 9, 11), 1), (date(2027, 9, 12), 0)):
        with stopped_at(f"{day} 12:00:00"), connection():
            assert clearing.clear_old(now() - MEETINGS.period) == cleared, day
    row = town.meeting(number)
    assert (row.state, row.cases, row.points, row.present) == (MeetingState.HELD, 2, 0, 1)
    assert town.meeting(later).cases is None
    with connection():
        assert MeetingSlot.select().count() == 0
        assert Participant.select().where(Participant.meeting == number).count() == 0
        prefix = f"meeting:{number}:"
        assert not OutgoingMail.select().where(OutgoingMail.key.startswith(prefix)).exists()


def test_the_coordinator_sees_groups_without_a_meeting_and_late_agendas(town: Town) -> None:
    number = town.plan()
    with stopped_at("2026-12-10 16:30:00"):
        coordinator = town.browser("coordinator")
        page = text(parse(coordinator.get("/beheer/overleg").text))
        assert "de agenda sloot leeg" in page
        coordinator.submit(f"/overleg/{number}/agenda/casus", CASE)
        page = text(parse(coordinator.get("/beheer/overleg").text))
        assert "1 punt kwam na het sluiten" in page
        assert "1 agenda is te laat of leeg." in coordinator.get("/beheer").text
    assert "scholen zonder overleg" in page


def test_a_chair_of_a_series_is_the_holder_of_the_role_on_that_day(town: Town) -> None:
    later = THURSDAY + timedelta(weeks=8)
    numbers = [town.plan(), town.plan(later)]
    successor = make_person("Nina", "Nieuw")
    make_assignment(successor, "directeur", valid_from=later)
    with connection():
        Assignment.update(valid_until=later).where(
            (Assignment.person == town.director) & (Assignment.role == Role.get(Role.key == "directeur"))
        ).execute()
        Account.update(person=successor).where(Account.role == "editor").execute()
    for role, statuses in (("reader", (200, 404)), ("editor", (404, 200))):
        browser = town.browser(role)
        found = tuple(browser.get(f"/overleg/{number}/wijzigen").status_code for number in numbers)
        assert found == statuses, role
