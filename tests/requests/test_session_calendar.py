"""A planned session appears in two calendars; a change moves or removes it there.

The files are read with the independent `icalendar` package. `check` holds the requirements of
Outlook for an invitation by mail (MS-OXCICAL; RFC 6047).
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from portal.calendars.icalendar import CANCEL, REQUEST
from portal.database import connection
from portal.directory.models import Assignment, ContactDetail
from portal.mail.sending_and_retries import deliver_due
from portal.requests.models import PlannedSession
from portal.requests.queries import Step
from portal.requests.session_calendar import history
from portal.requests.state_rules import StepKind
from tests.checks import parse, texts
from tests.clock import TODAY, stopped_at
from tests.factories import make_assignment, make_detail, make_person
from tests.mail.postbox import serving
from tests.requests.conftest import PLAN, Browser, ask, link_in, mails, only_request
from tests.requests.test_delivery import PO, server

SENDER = "kernwijzer@portaal.example"
PLANNED, HANDLING, NOTE = StepKind.PLANNED, StepKind.HANDLING, StepKind.NOTE
DONE, DECLINED, WITHDRAWN = StepKind.DONE, StepKind.DECLINED, StepKind.WITHDRAWN


@pytest.fixture
def portal_copy(portal_copy: Flask) -> Flask:
    """A portal that mails from an address of its own, as docs/running.md advises."""
    portal_copy.extensions["site"] = portal_copy.extensions["site"]._replace(sender=SENDER)
    return portal_copy


def check(content: bytes) -> Any:
    """The event of a file, after checking the requirements of Outlook and the RFCs."""
    lines = content.split(b"\r\n")
    assert lines[-1] == b"" and not any(b"\n" in text or b"\r" in text for text in lines)
    assert all(len(text) <= 75 for text in lines)
    calendar = Calendar.from_ical(content.decode())
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert calendar["METHOD"] in ("REQUEST", "CANCEL", "PUBLISH")
    assert calendar.errors == []
    event: Any  # a property of it is one of thirty types
    (event,) = calendar.walk("VEVENT")
    assert event.errors == []
    for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "ORGANIZER", "SUMMARY"):
        assert name in event, name
    assert event["DTSTAMP"].dt.tzinfo is UTC or event["DTSTAMP"].dt.utcoffset() == timedelta(0)
    assert re.search(rb"^DTSTAMP:\d{8}T\d{6}Z\r$", content, re.MULTILINE)
    assert event["DTSTART"].dt < event["DTEND"].dt
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert all(who.startswith("mailto:") for who in invited(event))
    # RFC 5546, 3.2.1 and 3.2.2: nobody is invited to what is published.
    assert bool(invited(event)) == (calendar["METHOD"] != "PUBLISH")
    cancelled = calendar["METHOD"] == "CANCEL"
    if "STATUS" in event or not cancelled:
        assert event["STATUS"] == ("CANCELLED" if cancelled else "CONFIRMED")
    return event


def invited(event: Any) -> list[str]:
    attendees = event.get("ATTENDEE", [])
    return [str(who) for who in (attendees if isinstance(attendees, list) else [attendees])]


def parts(message: EmailMessage) -> tuple[str, Any]:
    """The text of a mail, and its event. Header and calendar name the same method."""
    assert message.get_content_type() == "multipart/alternative"
    text, calendar = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    content = calendar.get_payload(decode=True)
    assert isinstance(content, bytes)
    method = re.search(rb"METHOD:(\w+)", content)
    assert method and calendar.get_param("method") == method[1].decode()
    assert calendar.get_content_charset() == "utf-8"
    return text.get_content(), check(content)


class Handling:
    """A request with its coordinator, and the mails that each step causes."""

    def __init__(self, browser: Browser) -> None:
        ask(browser("reader"), wens="Samen oefenen.")
        self.coordinator = browser("coordinator")
        self.browser = browser
        self.link = link_in(mails("copy")[0])
        self.deliver()

    def deliver(self) -> list[EmailMessage]:
        with serving() as postbox, connection():
            deliver_due(server(postbox.port)._replace(sender=SENDER))
            return [letter.message for letter in postbox.letters]

    def step(self, step: str, **fields: Any) -> dict[str, EmailMessage]:
        address = f"/beheer/aanvragen/{only_request().id}/{step}"
        assert self.coordinator.submit(address, fields).status_code == 302
        return {message["To"]: message for message in self.deliver()}

    def plan(self, day: str, **fields: str) -> dict[str, EmailMessage]:
        named = {f"planned-{name}": value for name, value in fields.items()}
        return self.step("plannen", **PLAN | {"planned-dag": day} | named)


@pytest.fixture
def handling(browser: Browser) -> Handling:
    return Handling(browser)


def test_both_sides_are_mailed_the_planned_session(handling: Handling) -> None:
    sent = handling.plan("2026-12-10", toelichting="Kom op tijd, 15.00; neem de map mee.")
    assert set(sent) == {"saskia@school.example", PO}
    for message in sent.values():
        text, event = parts(message)
        assert "Bij deze mail zit een afspraak" in text
        assert event["DTSTART"].dt == datetime(2026, 12, 10, 14, tzinfo=UTC)
        assert event["SUMMARY"] == "Thema: Meldcode – Basisschool Camelot"
        assert event["SEQUENCE"] == 0
        assert event["ORGANIZER"] == f"mailto:{SENDER}"
        assert SENDER in message["From"]
        assert invited(event) == [f"mailto:{PO}", "mailto:saskia@school.example"]
        assert "Kom op tijd, 15.00; neem de map mee." in event["DESCRIPTION"]
        assert event["DTSTAMP"].dt == datetime(2026, 11, 23, 9, tzinfo=UTC)
        assert "Samen oefenen" not in str(event.to_ical()), "the answers are not in a calendar"
    assert len({parts(message)[1]["UID"] for message in sent.values()}) == 1


def test_another_day_moves_the_same_appointment(handling: Handling) -> None:
    first = parts(handling.plan("2026-12-10")[PO])[1]
    second = parts(handling.plan("2026-12-17")[PO])[1]
    third = parts(handling.plan("2027-01-14")["saskia@school.example"])[1]
    assert first["UID"] == second["UID"] == third["UID"]
    assert [event["SEQUENCE"] for event in (first, second, third)] == [0, 1, 2]
    assert third["DTSTART"].dt == datetime(2027, 1, 14, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "fields"), [("afwijzen", {"declined-toelichting": "De trainer is ziek."}), ("behandelen", {})]
)
def test_a_cancelled_session_leaves_both_calendars(handling: Handling, step: str, fields: dict[str, str]) -> None:
    planned = parts(handling.plan("2026-12-10")[PO])[1]
    sent = handling.step(step, **fields)
    assert set(sent) == {"saskia@school.example", PO}
    for message in sent.values():
        text, event = parts(message)
        assert "De afspraak is afgezegd." in text
        assert event["STATUS"] == "CANCELLED"
        assert (event["UID"], event["SEQUENCE"]) == (planned["UID"], 1)


def test_a_withdrawn_request_leaves_both_calendars(handling: Handling) -> None:
    handling.plan("2026-12-10")
    link = handling.link
    handling.browser().submit(f"{link}/intrekken", {"reden": "Het past niet meer."})
    sent = {message["To"]: parts(message) for message in handling.deliver()}
    assert set(sent) == {"saskia@school.example", PO}
    assert {event["STATUS"] for _, event in sent.values()} == {"CANCELLED"}
    assert "Het past niet meer." in sent[PO][0]


# ---- Who is invited, and where -------------------------------------------------------------------


def test_a_holder_of_the_role_on_the_day_is_invited_and_an_address(handling: Handling) -> None:
    first, second = make_person("Noor"), make_person("Jip")
    for person in (first, second):
        make_detail(person, f"{person.given_name}@cjg.example", "email")
    with connection():
        Assignment.delete().where(Assignment.school == "16LF00").execute()
    make_assignment(first, valid_until=date(2027, 1, 1))
    make_assignment(second, valid_from=date(2027, 1, 1))
    invitation = {"functies": "cjg-coach", "adressen": "Gast@elders.example; po@x.example"}
    sent = handling.plan("2026-12-10", leider="Coen", **invitation)
    assert set(sent) == {
        PO, "saskia@school.example", "noor@cjg.example", "gast@elders.example", "po@x.example",
    }  # fmt: skip
    for address, message in sent.items():
        text, event = parts(message)
        assert f"mailto:{address}" in invited(event)
        assert event["LOCATION"] == "De teamkamer"
        assert "Leiding: Coen." in event["DESCRIPTION"]
        assert "donderdag 10 december 2026, 15.00–16.30 uur" in text
        assert "Waar: De teamkamer\r\nLeiding: Coen\r\n" in text
    assert sent["noor@cjg.example"]["Reply-To"] == PO
    assert "volgen/" not in parts(sent["noor@cjg.example"])[0], "the link is the requester's"
    moved = handling.plan("2027-01-14", **invitation)
    assert "jip@cjg.example" in moved
    off = parts(moved["noor@cjg.example"])[1]
    assert "STATUS" not in off


def test_who_is_no_longer_invited_gets_a_cancellation_alone(handling: Handling) -> None:
    """RFC 5546, 3.2.5: without STATUS, because the session goes on for the others."""
    handling.plan("2026-12-10", adressen="an@x.example, bo@x.example")
    sent = handling.plan("2026-12-10", adressen="bo@x.example")
    text, off = parts(sent["an@x.example"])
    assert "gaat voor jou niet door" in text
    assert invited(off) == ["mailto:an@x.example"]
    kept = parts(sent["bo@x.example"])[1]
    assert (off["UID"], off["SEQUENCE"]) == (kept["UID"], kept["SEQUENCE"])
    assert set(handling.step("behandelen")) == {PO, "saskia@school.example", "bo@x.example"}


def test_who_is_no_longer_invited_reads_of_the_session_as_it_was_and_of_no_one_else(handling: Handling) -> None:
    handling.plan("2026-12-10", adressen="an@x.example, bo@x.example", toelichting="Oud.")
    moved = handling.plan(
        "2027-01-14", adressen="bo@x.example, cas@x.example", plaats="Nieuwe plek",
        toelichting="Nieuw.", leider="Dirk Kwibus",
    )  # fmt: skip
    text, off = parts(moved["an@x.example"])
    assert "Wanneer: donderdag 10 december 2026, 15.00–16.30 uur" in text
    assert off["DTSTART"].dt == datetime(2026, 12, 10, 14, tzinfo=UTC)
    assert off["SEQUENCE"] == parts(moved["cas@x.example"])[1]["SEQUENCE"]
    for part in (text, str(off.to_ical())):
        for word in ("bo@", "cas@", "Nieuw", "Oud.", "Dirk", "14 januari", "20270114"):
            assert word not in part
    # The whole session is off: no names, and nothing to answer.
    text, _ = parts(handling.step("behandelen")["cas@x.example"])
    assert "14 januari" in text
    assert "bo@" not in text and "Kun je niet" not in text and "Dirk" not in text


def test_moving_a_session_begins_with_its_answers(handling: Handling) -> None:
    handling.plan("2026-12-10", leider="Coen", adressen="an@x.example", plaats="De aula")
    page = handling.coordinator.get(f"/beheer/aanvragen/{only_request().id}").text
    fields = {e.get("name"): e.get("value") for e in parse(page).iter("input")}
    assert {name: fields[f"planned-{name}"] for name in ("dag", "begin", "eind")} == {
        "dag": "2026-12-10", "begin": "15:00", "eind": "16:30",
    }  # fmt: skip
    assert fields["planned-plaats"] == "De aula"
    assert fields["planned-adressen"] == "an@x.example"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"begin": ""}, "Vul in hoe laat de sessie begint."),
        ({"begin": "half drie"}, "Vul een tijd in, zoals 15:30."),
        ({"begin": "24:00"}, "Vul een tijd in, zoals 15:30."),
        ({"eind": "15:00"}, "De sessie eindigt voordat hij begint."),
        ({"eind": ""}, "Vul in hoe laat de sessie eindigt."),
        ({"plaats": ""}, "Vul in waar het is."),
        ({"adressen": "an@x.example, bo"}, "Vul e-mailadressen in met een komma ertussen, "
                                           "zoals an@school.nl, bo@ggd.nl."),
        ({"adressen": " ".join(f"a{n}@x.example" for n in range(21))},
         "Nodig hoogstens 20 adressen uit."),
        ({"functies": "x"}, "Kies functies uit de lijst."),
        ({"functies": "directeur", "dag": "2060-01-14"},
         "Van de directeur is op die dag geen e-mailadres bekend. Haal het vinkje weg."),
    ],
)  # fmt: skip
def test_a_session_that_cannot_be_is_refused_with_a_message(
    handling: Handling, change: dict[str, str], message: str
) -> None:
    with connection():
        ContactDetail.update(valid_until=date(2050, 1, 1)).execute()
    address = f"/beheer/aanvragen/{only_request().id}/plannen"
    fields = PLAN | {f"planned-{name}": value for name, value in change.items()}
    answer = handling.coordinator.submit(address, fields)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert mails("step") == []


@pytest.mark.parametrize("written", ["15:00", "15.00 uur", "15u00", "1500", "15 uur"])
def test_an_hour_is_read_as_people_write_it(handling: Handling, written: str) -> None:
    event = parts(handling.plan("2027-07-01", begin=written)[PO])[1]
    assert event["DTSTART"].dt == datetime(2027, 7, 1, 13, tzinfo=UTC), "summer time"


def test_hours_are_in_utc_and_need_no_time_zone(handling: Handling) -> None:
    mail = handling.plan("2026-12-10")[PO]
    content = list(mail.iter_parts())[1].get_payload(decode=True)
    assert isinstance(content, bytes)
    assert b"DTSTART:20261210T140000Z\r\nDTEND:20261210T153000Z\r\n" in content
    assert b"VTIMEZONE" not in content


def test_a_session_planned_before_there_were_hours_is_a_whole_day(handling: Handling) -> None:
    handling.plan("2026-12-10")
    with connection():
        PlannedSession.delete().execute()
    event = parts(handling.step("behandelen")[PO])[1]
    assert event["DTSTART"].dt == date(2026, 12, 10)
    assert event["DTEND"].dt == date(2026, 12, 11)


def test_a_step_without_a_session_is_a_plain_mail_to_the_requester(handling: Handling) -> None:
    sent = handling.step("behandelen")
    assert set(sent) == {"saskia@school.example"}
    assert sent["saskia@school.example"].get_content_type() == "text/plain"
    sent = handling.step("afwijzen", **{"declined-toelichting": "Vol."})
    assert set(sent) == {"saskia@school.example"}


@pytest.mark.parametrize("sender", [PO, PO.upper(), PO.title()])
def test_the_sender_of_the_mail_is_not_invited(handling: Handling, portal_copy: Flask, sender: str) -> None:
    portal_copy.extensions["site"] = portal_copy.extensions["site"]._replace(sender=sender)
    event = parts(handling.plan("2026-12-10")["saskia@school.example"])[1]
    assert event["ORGANIZER"] == f"mailto:{sender}"
    assert invited(event) == ["mailto:saskia@school.example"]


def test_the_session_can_be_downloaded_from_the_page(handling: Handling) -> None:
    link = handling.link
    visitor = handling.browser()
    assert visitor.get(f"{link}/afspraak.ics").status_code == 404
    assert "in je agenda" not in visitor.get(link).text
    mailed = parts(handling.plan("2026-12-10")[PO])[1]
    assert "Zet donderdag 10 december 2026 in je agenda" in visitor.get(link).text
    answer = visitor.get(f"{link}/afspraak.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    event = check(answer.data)
    assert (event["UID"], event["SEQUENCE"]) == (mailed["UID"], mailed["SEQUENCE"])
    handling.step("afronden")
    assert visitor.get(f"{link}/afspraak.ics").status_code == 404


def test_a_past_session_cannot_be_downloaded(handling: Handling) -> None:
    handling.plan("2026-12-10")
    link = handling.link
    for day, status in (("2026-12-10", 200), ("2026-12-11", 404)):
        with stopped_at(f"{day} 12:00:00"):
            assert handling.browser().get(f"{link}/afspraak.ics").status_code == status


def test_the_outbox_of_a_demo_shows_the_appointment(handling: Handling) -> None:
    address = f"/beheer/aanvragen/{only_request().id}/plannen"
    handling.coordinator.submit(address, PLAN)
    with connection():
        deliver_due(server(0)._replace(capture_only=True))
    page = handling.coordinator.get("/beheer/post").text
    assert page.count("Bij deze mail zit een afspraak:") == 2
    assert "METHOD:REQUEST" in page


# ---- Calendars per step ------------------------------------------------------------------------


def steps(*given: tuple[StepKind, int, int | None]) -> list[Step]:
    """Steps from (kind, days from today, days from today to the session)."""
    return [
        Step(0, kind, datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(days=day), "",
             None if session is None else TODAY + timedelta(days=session), "")
        for kind, day, session in given
    ]  # fmt: skip


def test_a_second_session_after_the_first_was_held_is_an_appointment_of_its_own() -> None:
    first, _, second = history(steps((PLANNED, 0, 5), (NOTE, 6, None), (PLANNED, 7, 30)))
    assert first and second
    assert (first.number, second.number) == (1, 2)
    assert second.sequence > first.sequence


def test_a_session_that_was_held_is_not_cancelled() -> None:
    for kind in (HANDLING, DECLINED, WITHDRAWN):
        assert list(history(steps((PLANNED, 0, 5), (kind, 6, None))))[1] is None
        done = steps((PLANNED, 0, 5), (DONE, 5, None), (kind, 5, None))
        assert list(history(done))[1:] == [None, None]


def test_a_session_can_be_cancelled_on_its_own_day() -> None:
    _, off = history(steps((PLANNED, 0, 5), (DECLINED, 5, None)))
    assert off and off.method == CANCEL


def test_the_sequence_rises_with_every_change_in_calendars() -> None:
    changes = [
        change
        for change in history(steps(
            (PLANNED, 0, 5), (PLANNED, 1, 8), (HANDLING, 2, None), (NOTE, 2, None),
            (PLANNED, 3, 9), (WITHDRAWN, 4, None), (HANDLING, 5, None), (PLANNED, 6, 9),
        ))
        if change
    ]  # fmt: skip
    assert [change.method for change in changes] == [
        REQUEST, REQUEST, CANCEL, REQUEST, CANCEL, REQUEST,
    ]  # fmt: skip
    assert all(after.sequence > before.sequence for before, after in pairwise(changes))
    assert {change.number for change in changes} == {1}
