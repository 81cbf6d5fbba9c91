"""The feed of a user's meetings, for the calendar of a telephone."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.models import Assignment
from tests.checks import extract
from tests.clock import TODAY
from tests.meetings.conftest import THURSDAY, Town


def test_a_feed_is_revocable_and_says_when_it_did_not_change(town: Town) -> None:
    town.plan()
    director = town.browser("reader")
    director.submit("/overleg/feed", {"wat": "nieuw"})
    address = extract(r"(/overleg/feed/[\w-]+)", director.get("/overleg").text)
    assert address not in director.get("/overleg").text, "shown once"
    program = town.browser("reader").from_elsewhere()
    program.delete_cookie("kernwijzer")
    answer = program.get(address)
    calendar: Any = Calendar.from_ical(answer.data.decode())
    assert calendar["METHOD"] == "PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.data
    assert b"X-PUBLISHED-TTL:PT1H" in answer.data
    (event,) = calendar.walk("VEVENT")
    assert (event["STATUS"], event["SUMMARY"]) == ("CONFIRMED", "Overleg Basisschool Camelot")
    assert "ATTENDEE" not in event and b"Dirk" not in answer.data
    again = program.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    director.submit("/overleg/1/afzeggen", {"wat": "een"})
    changed = program.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert b"STATUS:CANCELLED" in changed.data and b"SEQUENCE:1" in changed.data
    with connection():
        Account.update(active_until=THURSDAY - timedelta(days=60)).where(Account.role == "reader").execute()
    assert program.get(address).status_code == 404, "an account that ended"
    with connection():
        Account.update(active_until=None).execute()
    town.browser("reader").submit("/overleg/feed", {"wat": "weg"})
    assert program.get(address).status_code == 404


def test_the_feed_of_who_left_is_empty(town: Town) -> None:
    town.plan()
    director = town.browser("reader")
    director.submit("/overleg/feed", {"wat": "nieuw"})
    address = extract(r"(/overleg/feed/[\w-]+)", director.get("/overleg").text)
    before = director.get(address)
    assert "De teamkamer" in before.text
    with connection():
        Assignment.update(valid_until=TODAY).where(Assignment.person == town.director).execute()
    after = director.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and "VEVENT" not in after.text
