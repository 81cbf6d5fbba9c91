"""The meetings of a kern: its schools on the day, its own people, and no cases."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.models import Assignment, Kern, KernMembership, Role, RoleInSector, School
from portal.meetings.expected_people import list_expected
from portal.meetings.models import MeetingSlot
from portal.requests.models import Request
from portal.requests.state_rules import State as RequestState
from tests.checks import parse, text
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import CAMELOT, make_assignment, make_detail, make_person
from tests.meetings.conftest import THURSDAY, Town
from tests.requests.conftest import PLAN, mails

KERN = "kern-noord"


class Noord(Town):
    """Camelot and another school in a kern with an onderwijsspecialist (a role of it); from the day
    of the meeting a third school instead of the other."""

    def __init__(self, portal: Any) -> None:
        super().__init__(portal)
        with connection():
            codes = School.select(School.code).where(School.code != CAMELOT).order_by(School.code)
            self.other, self.third = [row.code for row in codes.limit(2)]
            Assignment.delete().where(Assignment.school.in_([self.other, self.third])).execute()
            Kern.create(code=KERN, name="Kern Noord")
            checked = {"source": "test", "checked_on": TODAY}
            for school, first, until in (
                (CAMELOT, TODAY, None), (self.other, TODAY, THURSDAY), (self.third, THURSDAY, None),
            ):  # fmt: skip
                KernMembership.create(kern=KERN, school=school, valid_from=first, valid_until=until, **checked)
            self.specialist = make_person("Sjoerd", "Specialist")
            Assignment.create(
                person=self.specialist, role=Role.get(Role.key == "schoolcoach"), kern=KERN,
                valid_from=TODAY, **checked,
            )  # fmt: skip
        make_detail(self.specialist, "sjoerd@swv.example", "email")
        with connection():
            # Of a kern, and in no kernteam: as a kwartiermaker.
            Role.update(of_kern=True, member=False).where(Role.key == "schoolcoach").execute()
        for school, name in ((self.other, "Otto"), (self.third, "Derk")):
            make_assignment(make_person(name, "Directeur"), "directeur", school)


@pytest.fixture
def noord(portal: Any) -> Noord:
    return Noord(portal)


def expected(noord: Noord, number: int) -> set[str]:
    with connection():
        return {who.name.split()[0] for who in list_expected(noord.meeting(number))}


def test_the_schools_and_people_of_the_kern_on_that_day_are_expected(noord: Noord) -> None:
    before = noord.plan(THURSDAY - timedelta(days=1), workplace=KERN)
    on_the_day = noord.plan(THURSDAY, workplace=KERN)
    coach = noord.coach.given_name
    assert expected(noord, before) == {"Dirk", "Otto", "Sjoerd", coach}
    assert expected(noord, on_the_day) == {"Dirk", "Derk", "Sjoerd", coach}
    only = noord.plan(THURSDAY, workplace=KERN, schools_only=True)
    assert expected(noord, only) == {"Dirk", "Derk"}


def test_a_kern_discusses_no_case(noord: Noord) -> None:
    number = noord.plan(workplace=KERN)
    director = noord.browser("reader")
    for address in (f"/overleg/{number}/agenda/casus", f"/overleg/{number}/agenda/punt"):
        status = 404 if "casus" in address else 200
        assert director.get(address).status_code == status
    point = {"onderwerp": "basics", "minuten": "30", "regel": "Uitkomsten bekijken"}
    assert director.submit(f"/overleg/{number}/agenda/punt", point).status_code == 302
    agenda = text(parse(director.get(f"/overleg/{number}/agenda").text))
    assert "Basisschool Camelot" in agenda, "the school that brings it in"
    assert "Een casus bespreek je op school." in agenda
    sheet = director.get(f"/overleg/{number}/draaiboek").text
    assert "Verwijsindex" not in sheet and "Vernietig dit papier" in sheet
    with connection():
        assert MeetingSlot.get().school_id == CAMELOT


def test_a_school_changes_no_slot_of_another_school(noord: Noord) -> None:
    number = noord.plan(workplace=KERN)
    with connection():
        colleague = Assignment.get(Assignment.school == noord.third).person
        Account.update(person=colleague).where(Account.role == "editor").execute()
    point = {"onderwerp": "basics", "minuten": "30"}
    noord.browser("reader").submit(f"/overleg/{number}/agenda/punt", point)
    with connection():
        address = f"/overleg/{number}/agenda/{MeetingSlot.get().id}"
        # The chair may; this kern is led by another role.
        noord.meeting(number).__class__.update(leader=Role.get(Role.key == "schoolcoach")).execute()
    other = noord.browser("editor")
    assert other.get(f"/overleg/{number}/agenda").status_code == 200
    assert other.submit(address, point | {"versie": "1"}).status_code == 404
    assert other.submit(f"/overleg/{number}/agenda/punt", point).status_code == 302


def test_a_kern_is_planned_and_invited_by_one_of_its_people(noord: Noord) -> None:
    with connection():
        Account.update(person=noord.specialist).where(Account.role == "member").execute()
    specialist = noord.browser("member")
    page = specialist.get("/overleg/reeks/nieuw").text
    assert "Noord" in page and "Camelot" not in page
    sent = specialist.submit(
        "/overleg/reeks/nieuw",
        {
            "van": KERN, "eerste": "2026-12-17", "vaak": "0", "begin": "9.00", "eind": "11.00",
            "plaats": "Het dorpshuis", "leider": "schoolcoach", "dag": "2026-12-17",
            "stap": "plannen",
        },
    )  # fmt: skip
    assert sent.status_code == 302
    assert "sjoerd@swv.example" in {mail.recipient for mail in noord.mails("Uitnodiging")}
    assert "Het dorpshuis" in specialist.get("/overleg").text
    assert "Het dorpshuis" in noord.browser("reader").get("/overleg").text
    assert noord.browser("editor").get("/overleg/1").status_code == 404


def test_the_page_of_a_kern_shows_its_meetings_to_whom_they_concern(noord: Noord) -> None:
    make_detail(noord.specialist, "+31612345099")
    noord.plan(workplace=KERN, leader="schoolcoach", place="Het dorpshuis")
    noord.plan(workplace=KERN, schools_only=True, place="Het geheime lokaal")
    shown = {"reader": (True, True), "member": (True, False), "editor": (False, False)}
    for role, places in shown.items():
        page = noord.browser(role).get("/kernen/noord").text
        assert ("Het dorpshuis" in page, "Het geheime lokaal" in page) == places, role
        leads = "Het eerste overleg leidt: schoolcoach" in text(parse(page))
        assert (leads, "Overleg</h2>" in page) == (places[0], places[0]), role
    page = noord.browser("reader").get("/kernen/noord").text.partition("Overleg</h2>")[2]
    assert 'href="tel:+31612345099"' in page, "how the chair is reached"
    visitor = CheckedClient(noord.portal, noord.portal.response_class)
    assert "Overleg</h2>" not in visitor.get("/kernen/noord").text


def test_a_session_of_a_request_invites_the_people_of_the_kern_of_that_day(noord: Noord) -> None:
    with connection():
        coach = Role.get(Role.key == "schoolcoach")
        Role.update(member=True).where(Role.id == coach).execute()
        RoleInSector.delete().where(RoleInSector.role == coach).execute()
        KernMembership.update(valid_from=THURSDAY).where(KernMembership.school == CAMELOT).execute()
        request = Request.get(Request.state == RequestState.HANDLING)
        Request.update(school=CAMELOT).where(Request.id == request.id).execute()
    coordinator, address = noord.browser("coordinator"), f"/beheer/aanvragen/{request.id}/plannen"
    fields = PLAN | {"planned-dag": "2026-12-16", "planned-functies": "schoolcoach"}
    refused = coordinator.submit(address, fields)
    assert refused.status_code == 422
    assert "Kies functies uit de lijst." in refused.text
    sent = coordinator.submit(address, fields | {"planned-dag": THURSDAY.isoformat()})
    assert sent.status_code == 302
    assert "sjoerd@swv.example" in {mail.recipient for mail in mails()}
