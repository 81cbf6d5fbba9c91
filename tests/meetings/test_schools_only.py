"""A meeting for schools only: nobody else gets a word of it, on any page, in a mail or a feed."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.models import Kern, KernMembership, School
from portal.meetings import agenda_slots, planning_and_calling_off, queries
from portal.meetings.kinds import Outcome, SlotKind
from portal.meetings.models import Meeting, MeetingFeed, MeetingSlot
from tests.checks import extract
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.factories import CAMELOT, make_assignment, make_person
from tests.meetings.conftest import THURSDAY, Town

SECRET_PLACE = "Het geheime lokaal"
PAGES = ("", "/agenda", "/draaiboek")
# Per visitor the status of an open meeting of the school, of one for schools only, and of the same
# of its kern. The reader is the director, the member works in the kernteam; the administrator has
# a post at another school of the kern, the editor is that of an organisation.
TABLE = {
    "reader": (200, 200, 200, 200),
    "member": (200, 404, 200, 404),
    "editor": (404, 404, 404, 404),
    "coordinator": (200, 404, 200, 404),
    "administrator": (200, 404, 200, 200),
}
OTHER = "12VK00"


@pytest.fixture
def kern(town: Town) -> str:
    with connection():
        other = School.select(School.code).where(School.code != CAMELOT).limit(1).scalar()
        Kern.create(code="kern-noord", name="Kern Noord")
        for school in (CAMELOT, other):
            KernMembership.create(kern="kern-noord", school=school, valid_from=TODAY, source="test", checked_on=TODAY)
        director = make_person("Ada", "Administrator")
        make_assignment(director, "directeur", other)
        Account.update(person=director).where(Account.role == "administrator").execute()
    return "kern-noord"


def test_the_table_of_visitors_and_meetings(town: Town, kern: str) -> None:
    values: Any = {"place": SECRET_PLACE}
    meetings = [
        town.plan(workplace=workplace, schools_only=schools_only, **values)
        for workplace in (CAMELOT, kern)
        for schools_only in (False, True)
    ]
    for role, statuses in TABLE.items():
        browser = town.browser(role)
        for number, status in zip(meetings, statuses, strict=True):
            for page in PAGES:
                assert browser.get(f"/overleg/{number}{page}").status_code == status, (role, page)
    visitor = CheckedClient(town.portal, town.portal.response_class)
    assert {visitor.get(f"/overleg/{number}").status_code for number in meetings} == {302}
    # The page of the kern, which everybody may open, by the same table.
    pages = {role: town.browser(role).get("/kernen/noord").text for role in TABLE}
    pages["visitor"] = visitor.get("/kernen/noord").text
    for role, page in pages.items():
        shown = [f'"/overleg/{number}"' in page for number in meetings[2:]]
        assert shown == [status == 200 for status in TABLE.get(role, (404,) * 4)[2:]], role


def test_nobody_else_reads_or_hears_of_it(town: Town) -> None:
    number = town.plan(schools_only=True, place=SECRET_PLACE)
    town.run()
    assert [mail.recipient for mail in town.mails()] == ["dirk@school.example"]
    director = town.browser("reader")
    assert SECRET_PLACE in director.get("/overleg").text
    for role in ("member", "coordinator", "administrator"):
        browser = town.browser(role)
        browser.submit("/overleg/feed", {"wat": "nieuw"})
        feed = extract(r"(/overleg/feed/[\w-]+)", browser.get("/overleg").text)
        assert b"BEGIN:VEVENT" not in browser.get(feed).data, role
        pages = ["/", "/overleg", "/?q=geheime+lokaal", "/?q=overleg", "/scholen/16lf00"]
        if role != "member":
            pages += ["/beheer", "/beheer/overleg", "/beheer/spoor", "/beheer/post"]
        for page in pages:
            answer = browser.get(page, follow_redirects=True).text
            assert SECRET_PLACE not in answer.replace("geheime lokaal", "", 2), (role, page)
            assert f"/overleg/{number}" not in answer, (role, page)
        for step in ("antwoord", "afzeggen", "verslag", "wijzigen", "agenda/punt"):
            answer = browser.submit(f"/overleg/{number}/{step}", {})
            assert answer.status_code == 404, (role, step)
    with connection():
        assert MeetingFeed.select().count() == 3


def test_who_falls_out_does_not_hear_the_new_day_and_place(town: Town) -> None:
    number = town.plan(place="De teamkamer")
    town.run()
    changed = {
        "dag": "2026-12-18", "begin": "15.00", "eind": "16.00", "plaats": SECRET_PLACE,
        "leider": "directeur", "alleen_scholen": "y", "versie": "1",
    }  # fmt: skip
    director = town.browser("reader")
    assert director.submit(f"/overleg/{number}/wijzigen", changed).status_code == 302
    (mail,) = town.mails("Afgezegd")
    assert mail.recipient == "coach@school.example"
    told = f"{mail.subject}{mail.body}{mail.calendar}"
    assert "17-12-2026" in mail.subject
    assert "De teamkamer" in told and "20261217T" in told
    assert SECRET_PLACE not in told and "18-12" not in told and "20261218T" not in told
    # Beheer sees nothing of it, also not of the earlier invitations.
    assert {mail.key.partition(":")[0] for mail in town.mails()} == {"private"}
    assert "overleg Basisschool Camelot" not in town.browser("coordinator").get("/beheer/post").text


def test_what_was_mailed_is_not_mailed_again_when_others_may_see_it(town: Town) -> None:
    number = town.plan(schools_only=True)
    changed = {
        "dag": f"{THURSDAY}", "begin": "15.00", "eind": "16.30", "plaats": "De teamkamer",
        "leider": "directeur", "versie": "1",
    }  # fmt: skip
    with stopped_at("2026-12-10 16:00:00"):
        town.run()
        assert len(town.mails("Agenda")) == 1
        director = town.browser("reader")
        assert director.submit(f"/overleg/{number}/wijzigen", changed).status_code == 302
        town.run()
    assert [mail.recipient for mail in town.mails("Agenda")] == [
        "dirk@school.example", "coach@school.example",
    ]  # fmt: skip


def test_who_leads_a_series_calls_off_what_they_see_of_it(town: Town) -> None:
    days = [THURSDAY + timedelta(weeks=week) for week in (0, 4, 8)]
    number = town.plan(days=days, leader="cjg-coach")
    with connection():
        first, second, third = planning_and_calling_off.list_rest(town.meeting(number))
        Meeting.update(schools_only=True).where(Meeting.id == second.id).execute()
    coach = town.browser("member")
    answer = coach.submit(f"/overleg/{first.id}/afzeggen", {"wat": "reeks"}, follow_redirects=True)
    assert "2 overleggen zijn afgezegd" in answer.text
    assert [town.meeting(row.id).is_planned for row in (first, second, third)] == [0, 1, 0]


def test_an_open_meeting_tells_nothing_of_the_cases_and_days_of_another(town: Town) -> None:
    number = town.plan(schools_only=True)
    later, only = THURSDAY + timedelta(weeks=13), THURSDAY + timedelta(weeks=14)
    with connection():
        agenda_slots.add_slot(town.meeting(number), SlotKind.CASE, CAMELOT, {"minutes": 20, "discussion": "first"})
        MeetingSlot.update(outcome=Outcome.EVALUATION, evaluate_on=later).execute()
    open_one, hidden = town.plan(later), town.plan(only, schools_only=True)
    with connection():
        days = [queries.list_days(town.meeting(row)) for row in (open_one, hidden)]
    assert days == [[later], [THURSDAY, only]]
    director, coach = town.browser("reader"), town.browser("member")
    for page in ("agenda", "draaiboek"):
        assert "Casus 1 van 17" not in coach.get(f"/overleg/{open_one}/{page}").text
    assert "Casus 1 van 17" in director.get(f"/overleg/{hidden}/agenda").text


def test_a_hidden_meeting_costs_what_a_missing_one_costs(town: Town) -> None:
    number, coach = town.plan(schools_only=True), town.browser("member")
    coach.get("/overleg")  # the first page of a session costs more
    costs = []
    for address in (f"/overleg/{number}", f"/overleg/{number + 1}"):
        with counted() as statements:
            assert coach.get(address).status_code == 404
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_only_a_school_plans_one(town: Town) -> None:
    form = {
        "van": CAMELOT, "eerste": THURSDAY.isoformat(), "vaak": "0", "begin": "15.00",
        "eind": "16.00", "plaats": "x", "leider": "directeur", "alleen_scholen": "y",
        "dag": THURSDAY.isoformat(), "stap": "plannen",
    }  # fmt: skip
    refused = town.browser("coordinator").submit("/overleg/reeks/nieuw", form)
    assert refused.status_code == 422
    assert "Alleen wie op een van de scholen werkt" in refused.text
    assert town.browser("reader").submit("/overleg/reeks/nieuw", form).status_code == 302
    assert town.meeting(1).schools_only


def test_without_the_module_there_is_nothing(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("administrator")
    assert not [rule for rule in portal_copy.url_map.iter_rules() if "overleg" in rule.rule]
    for page in ("/", "/beheer", "/privacy"):
        assert "Overleg" not in client.get(page).text
    assert "meetings" not in {job.name for job in portal_copy.extensions["jobs"]}
