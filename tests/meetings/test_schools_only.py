"""A meeting for schools only: nobody else gets a word of it, on any page, in a mail or a feed."""

from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.models import Kern, KernMembership, School
from portal.meetings.models import MeetingFeed
from tests.clock import TODAY
from tests.conftest import CheckedClient
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
        Kern.create(code="kern-noord", name="Noord")
        for school in (CAMELOT, other):
            KernMembership.create(
                kern="kern-noord", school=school, valid_from=TODAY, source="test", checked_on=TODAY
            )
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


def test_nobody_else_reads_or_hears_of_it(town: Town) -> None:
    number = town.plan(schools_only=True, place=SECRET_PLACE)
    town.run()
    assert [mail.recipient for mail in town.mails()] == ["dirk@school.example"]
    director = town.browser("reader")
    assert SECRET_PLACE in director.get("/overleg").text
    for role in ("member", "coordinator", "administrator"):
        browser = town.browser(role)
        browser.submit("/overleg/feed", {"wat": "nieuw"})
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
