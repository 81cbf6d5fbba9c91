"""The mails about meetings: one per person, with an appointment that calendars move and drop."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from portal.clock import AMSTERDAM, day_of
from portal.database import connection
from portal.directory.models import Assignment
from portal.directory.schools_and_kernen import get_calendar
from portal.mail.models import OutgoingMail
from portal.meetings import mails, planning_and_calling_off, queries
from portal.meetings.days_and_deadlines import closes_at, moment, reminds_on
from portal.meetings.models import Participant
from tests.checks import extract
from tests.clock import stopped_at
from tests.factories import CAMELOT, make_absence, make_assignment, make_detail, make_person, posts
from tests.meetings.conftest import THURSDAY, Town
from tests.requests.test_session_calendar import check, invited

COACH, DIRK = "coach@school.example", "dirk@school.example"


def event_of(mail: OutgoingMail) -> Any:
    """The appointment of a mail, after checking what Outlook, Google and Apple ask of it."""
    assert mail.calendar
    event = check(mail.calendar.encode())
    assert invited(event) == [f"mailto:{mail.recipient}"], "only they are an attendee"
    return event


def _plan(town: Town, days: list[date]) -> Any:
    hours: dict[str, Any] = {"begins": time(15), "ends": time(16)}
    return planning_and_calling_off.plan(
        town.account("coordinator"), CAMELOT, days, "directeur", place="x", schools_only=False, **hours
    )


def method(mail: OutgoingMail) -> str:
    return str(Calendar.from_ical(mail.calendar)["METHOD"])


def test_each_person_is_invited_alone_and_once(town: Town) -> None:
    town.plan()
    assert town.run() == 2
    assert town.run() == 0
    for mail in town.mails():
        event = event_of(mail)
        assert method(mail) == "REQUEST"
        assert event["DTSTART"].dt == datetime(2026, 12, 17, 14, tzinfo=UTC)
        assert event["SUMMARY"] == "Overleg Basisschool Camelot"
        assert "Directeur" not in mail.calendar.replace("Dirk Directeur", "", 1)
    assert {mail.recipient for mail in town.mails("Uitnodiging")} == {COACH, DIRK}


def test_another_hour_moves_the_appointment_and_calling_off_drops_it(town: Town) -> None:
    number = town.plan()
    town.run()
    director = town.browser("reader")
    form = {
        "versie": "1", "dag": "2026-12-17", "begin": "14:00", "eind": "15:00",
        "plaats": "De teamkamer", "leider": "directeur",
    }  # fmt: skip
    assert director.submit(f"/overleg/{number}/wijzigen", form).status_code == 302
    assert director.submit(f"/overleg/{number}/afzeggen", {"wat": "een"}).status_code == 302
    for address in (COACH, DIRK):
        own = [mail for mail in town.mails() if mail.recipient == address]
        assert [method(mail) for mail in own] == ["REQUEST", "REQUEST", "CANCEL"]
        events = [event_of(mail) for mail in own]
        assert len({event["UID"] for event in events}) == 1
        assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
        assert events[1]["DTSTART"].dt == datetime(2026, 12, 17, 13, tzinfo=UTC)
    assert town.run() == 0


@pytest.mark.parametrize(("held", "state"), [(True, "held"), (False, "cancelled")])
def test_what_is_told_of_a_meeting_on_its_own_day_calls_nothing_off(town: Town, held: bool, state: str) -> None:
    number = town.plan()
    town.run()
    with stopped_at("2026-12-17 15:45:00"):
        with connection():
            queries.store_report(town.meeting(number), 1, held=held, present=(), outcomes={})
        town.run()
    assert town.meeting(number).state == state
    assert town.mails("Afgezegd") == []


def test_an_answer_after_the_meeting_is_refused(town: Town) -> None:
    number = town.plan()
    town.run()
    link = extract(r"(/overleg/antwoord/\S+)", town.mails()[0].body)
    with stopped_at("2026-12-17 15:31:00"):
        director = town.browser("reader")
        for address in (link, f"/overleg/{number}/antwoord"):
            assert director.submit(address, {"antwoord": "coming"}).status_code == 404
        assert "Kom je?" not in director.get(f"/overleg/{number}").text


def test_recipients_follow_the_posts_on_the_day_of_the_meeting(town: Town) -> None:
    town.plan()
    town.run()
    # The coach leaves before that day, a successor comes; somebody else comes after it.
    successor, later = make_person("Sara", "Straks"), make_person("Lou", "Later")
    with connection():
        Assignment.update(valid_until=THURSDAY).where(Assignment.person == town.coach).execute()
    make_assignment(successor, valid_from=THURSDAY)
    make_assignment(later, valid_from=THURSDAY + timedelta(days=1))
    for person, name in ((successor, "sara"), (later, "lou")):
        make_detail(person, f"{name}@school.example", "email")
    assert town.run() == 2
    gone, new = town.mails()[-1], town.mails()[-2]
    assert (gone.recipient, method(gone)) == (COACH, "CANCEL")
    assert "STATUS" not in event_of(gone), "the meeting goes on for others"
    assert "Je wordt niet meer verwacht" in gone.body
    assert (new.recipient, new.subject[:11]) == ("sara@school.example", "Uitnodiging")
    by_coach = next(mail for mail in town.mails("Uitnodiging") if mail.recipient == COACH)
    link = extract(r"(/overleg/antwoord/\S+)", by_coach.body)
    assert town.browser("reader").get(link).status_code == 404, "who left answers no more"


def test_the_substitute_is_expected_in_the_place_of_who_is_absent(town: Town) -> None:
    stand_in = make_person("Vera", "Vervang")
    make_detail(stand_in, "vera@school.example", "email")
    post = next(post for post in posts(town.coach) if post.school_id == CAMELOT)
    make_absence(town.coach, THURSDAY, THURSDAY + timedelta(days=1), {post: stand_in})
    town.plan()
    town.run()
    assert {mail.recipient for mail in town.mails()} == {"vera@school.example", DIRK}


def test_the_link_answers_with_a_button_only(town: Town) -> None:
    number = town.plan()
    town.run()
    mail = next(mail for mail in town.mails() if mail.recipient == COACH)
    link = extract(r"(/overleg/antwoord/\S+)", mail.body)
    visitor = town.browser("reader").from_elsewhere()
    visitor.delete_cookie("kernwijzer")
    assert "Kom je naar het overleg?" in visitor.get(link).text

    def replies() -> list[Any]:
        with connection():
            return [row.reply for row in Participant.select().where(Participant.reply.is_null(False))]

    assert replies() == []
    assert visitor.submit(link, {"antwoord": "substitute"}).status_code == 302
    assert replies() == ["substitute"]
    assert visitor.submit(link, {"antwoord": "misschien"}).status_code == 400
    assert visitor.get(link + "x").status_code == 404
    assert "er komt een vervanger: 1" in town.browser("reader").get(f"/overleg/{number}").text


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 11, 2), "2026-10-26 16:00"),  # the Monday after winter time
        (date(2027, 4, 5), "2027-03-26 16:00"),  # Easter Monday; back to Good Friday's Friday
        (date(2027, 4, 6), "2027-03-30 15:00"),  # the Tuesday after Easter, in summer time
        (date(2027, 1, 11), "2027-01-04 16:00"),
        (date(2027, 1, 8), "2026-12-18 16:00"),  # a week before is in the Christmas holiday
    ],
)
def test_the_agenda_is_mailed_at_five_on_the_closing_day(town: Town, day: date, closes: str) -> None:
    with connection():
        _plan(town, [day])
    at = datetime.fromisoformat(closes)
    with connection():
        Assignment.update(valid_from=date(2026, 1, 1)).execute()
    with stopped_at(f"{at - timedelta(minutes=1)}"):
        town.run()
        assert town.mails("Agenda") == []
    with stopped_at(f"{at}"):
        town.run()
        assert {mail.recipient for mail in town.mails("Agenda")} == {COACH, DIRK}


def test_a_year_of_meetings(town: Town) -> None:
    """At nine and at five on the days on which something is due, and the days before: each mail
    once, on its day, none in the weekend but to invite."""
    days = [THURSDAY + timedelta(weeks=8 * number) for number in range(7)]
    with connection():
        _plan(town, days)
        calendar = get_calendar()
    town.run()
    sent: dict[str, list[datetime]] = {}
    known = len(town.mails())
    assert known == len(town.mails("Uitnodiging")) == 2 * 7
    looked_back_on = [calendar.next_working_day(day + timedelta(days=1)) for day in days]
    closed_on = [day_of(closes_at(day, calendar)) for day in days]
    due = [*days, *looked_back_on, *closed_on, *(reminds_on(day, calendar) for day in days)]
    due += [day - timedelta(days=1) for day in due]
    for day in sorted({*due}):
        for hour in (9, 17):
            at = moment(day, time(hour))
            with stopped_at(f"{at:%Y-%m-%d %H:%M:%S}"):
                if town.run():
                    for mail in town.mails()[known:]:
                        sent.setdefault(mail.subject.split(":")[0], []).append(at)
                    known = len(town.mails())
    agendas = [closes_at(day, calendar) for day in days]
    assert sent["Agenda"] == sorted([*agendas, *agendas])
    assert {at.astimezone(AMSTERDAM).hour for at in sent["Agenda"]} == {17}
    assert len({at.hour for at in sent["Agenda"]}) == 2, "winter and summer"
    reminded_on = [reminds_on(day, calendar) for day in days]  # the director alone
    assert [at.date() for at in sent["Herinnering"]] == reminded_on
    assert {at.isoweekday() for kind in sent for at in sent[kind]} <= {1, 2, 3, 4, 5}
    assert [at.date() for at in sent["Terugblik"]] == looked_back_on


def test_no_mail_says_more_of_a_case_than_its_number(town: Town) -> None:
    number = town.plan()
    town.browser("reader").submit(f"/overleg/{number}/agenda/casus", {"bespreking": "first", "minuten": "20"})
    with stopped_at("2026-12-10 16:00:00"):
        town.run()
    body = town.mails("Agenda")[0].body
    assert "- casus 1, eerste bespreking, 20 minuten (alleen zonder herkenbare gegevens)" in body
    assert "Stuur een groeidocument alleen met beveiligde mail" in body
    assert mails.key_prefixes(town.meeting(number))[0] == f"meeting:{number}:"
