"""Confirmation rounds: the mail, the page behind its link, and what follows on silence."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from portal import phones
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import connection, db
from portal.database.validity import valid_on
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, CheckedBy, ContactDetail, Employment, Person, Role, School
from portal.mail.models import OutgoingMail
from portal.quality import rounds
from portal.quality.check_intervals import list_intervals
from portal.quality.mails import sign
from portal.quality.models import Confirmation, ConfirmationRound, Report
from portal.quality.own_facts import list_due, list_facts
from portal.quality.round_schedule import Step
from portal.site import current_site
from tests.clock import StoppedClock, stopped_at
from tests.conftest import CheckedClient
from tests.factories import (
    CAMELOT,
    coach,
    holder,
    make_absence,
    make_account,
    make_assignment,
    make_detail,
    make_person,
    make_question,
)

BEGIN = date(2027, 9, 1)  # a Wednesday


def take_steps(app: Flask) -> int:
    """One run of the job, now."""
    with app.app_context():
        site = current_site()
    with connection(), app.test_request_context(base_url=site.base_url):
        return rounds.run(site)


def link_of(app: Flask, question: Confirmation) -> str:
    with app.app_context(), connection():
        return f"/bevestigen/{sign(question, current_site())}"


def a_client(app: Flask) -> CheckedClient:
    return CheckedClient(app, app.response_class).from_elsewhere()


def present(question: Confirmation) -> Confirmation:
    with connection():
        return Confirmation.get_by_id(question.id)


def version_in(page: str) -> str:
    found = re.search(r'name="versie" value="([^"]*)"', page)
    assert found
    return found[1]


def make_colleague(days: int = 400, **fields: Any) -> Person:
    """A coach of Camelot with a mail address, whose facts were checked so many days ago."""
    person = make_person("Sam", "Vraagbaak")
    post = make_assignment(person, valid_from=date(2026, 1, 1))
    detail = make_detail(person, "sam@cjg.example", kind="email", **fields)
    with connection():
        for row in (post, detail):
            row.checked_on = BEGIN - timedelta(days=days)
            row.save()
    return person


def mails_to(email: str) -> list[OutgoingMail]:
    with connection():
        mails = OutgoingMail.select().where(OutgoingMail.recipient == email)
        return list(mails.order_by(OutgoingMail.id))


def pass_days(app: Flask, clock: StoppedClock, number: int) -> int:
    """Let the job run once on each of so many days; gives how many steps it took."""
    taken = 0
    for _ in range(number):
        taken += take_steps(app)
        clock.tick(timedelta(days=1))
    return taken


@pytest.fixture
def quiet_portal(portal_copy: Flask) -> Flask:
    """The portal on a day on which nothing of the demo is to be confirmed."""
    with connection():
        for model in (Assignment, ContactDetail, School):
            model.update(checked_on=date(2028, 1, 1), checked_by=CheckedBy.SELF).execute()
    return portal_copy


def test_a_person_is_asked_once_and_reminded_once(quiet_portal: Flask) -> None:
    person = make_colleague()
    with stopped_at("2027-09-01 09:00:00") as clock:
        pass_days(quiet_portal, clock, 90)
    first, second = mails_to("sam@cjg.example")
    assert first.subject == "[Kernwijzer] Kloppen je gegevens nog?"
    assert second.subject == "[Kernwijzer] Nog een keer: kloppen je gegevens nog?"
    assert "CJG-coach op Basisschool Camelot, Haarlem" in first.body and "sam@cjg.example" in first.body
    assert "laatste mail" in second.body
    with connection():
        question = Confirmation.get(Confirmation.person == person)
    assert question.step is Step.COORDINATOR  # the organisation has no editor
    assert question.asked_on and question.reminded_on
    assert (question.reminded_on - question.asked_on).days == 14


def test_nobody_is_asked_at_night_or_twice_by_two_workers(quiet_portal: Flask) -> None:
    make_colleague()
    with stopped_at("2027-09-30 05:30:00") as clock:  # half past seven in Amsterdam
        assert take_steps(quiet_portal) == 0
        with connection():
            ConfirmationRound.create(begins_on=BEGIN)
        clock.tick(timedelta(hours=1))
        assert take_steps(quiet_portal) == 1
        assert take_steps(quiet_portal) == 0
    assert len(mails_to("sam@cjg.example")) == 1


def test_who_was_checked_within_the_interval_is_not_asked(quiet_portal: Flask) -> None:
    make_colleague(days=100)
    with stopped_at("2027-09-01 09:00:00") as clock:
        assert pass_days(quiet_portal, clock, 30) == 0


def test_a_file_is_no_check(quiet_portal: Flask) -> None:
    person = make_colleague(days=0)
    with connection():
        Assignment.update(checked_by=CheckedBy.SOURCE).where(Assignment.person == person).execute()
        assert list_due(BEGIN) == {person.id}


def test_who_is_absent_is_asked_when_they_are_back(quiet_portal: Flask) -> None:
    person = make_colleague()
    make_absence(person, BEGIN, date(2027, 10, 4))
    with stopped_at("2027-09-01 09:00:00") as clock:
        assert pass_days(quiet_portal, clock, 33) == 0
        assert pass_days(quiet_portal, clock, 1) == 1


def make_moved_editor(editor: Account) -> Account:
    """The editor of another organisation, who works for the one of `editor` since January."""
    person = make_person("Mo", "Verhuisd")
    with connection():
        Employment.create(
            person=person, organisation=editor.organisation, valid_from=date(2027, 1, 1), source="x",
            checked_on=date(2027, 1, 1),
        )  # fmt: skip
    return make_account("editor", person, person.organisation_id)


def test_without_an_address_the_organisation_asks(quiet_portal: Flask) -> None:
    person = make_colleague()
    with connection():
        ContactDetail.delete().where(ContactDetail.person == person).execute()
        editor = Account.get(Account.role == AccountRole.EDITOR)
        Person.update(organisation=editor.organisation).where(Person.id == person.id).execute()
    client = CheckedClient(quiet_portal, quiet_portal.response_class)
    with stopped_at("2027-09-28 09:00:00") as clock:
        assert pass_days(quiet_portal, clock, 1) == 1
        client.sign_in("editor")
        assert "1 collega bevestigde de gegevens niet" in client.get("/").text
        moved = CheckedClient(quiet_portal, quiet_portal.response_class).sign_in(make_moved_editor(editor))
        assert "bevestigde de gegevens niet" not in moved.get("/").text
        assert moved.get("/organisatie/bevestigen").status_code == 404
        page = client.get("/organisatie/bevestigen")
        [path] = re.findall(r'href="(/organisatie/bevestigen/\d+)"', page.text)
        version = version_in(client.get(path).text)
        assert client.submit(path, {"versie": version}).status_code == 302
        assert "Sam" not in client.get("/organisatie/bevestigen").text
        with connection():
            post = Assignment.get(Assignment.person == person)
        assert (post.checked_on, post.checked_by) == (date(2027, 9, 29), CheckedBy.ORGANISATION)
        assert pass_days(quiet_portal, clock, 60) == 0


def test_the_editor_hears_first_and_the_coordinator_after_ten_working_days(quiet_portal: Flask) -> None:
    question = make_question(coach(), BEGIN)
    steps = []
    with stopped_at("2027-09-01 09:00:00") as clock:
        for _ in range(60):
            pass_days(quiet_portal, clock, 1)
            steps.append(present(question).step)
    assert list(dict.fromkeys(steps)) == [
        Step.ASKED, Step.REMINDED, Step.EDITOR, Step.COORDINATOR,
    ]  # fmt: skip


def test_opening_the_link_changes_nothing_and_the_button_confirms(portal_copy: Flask) -> None:
    question, client = make_question(coach()), a_client(portal_copy)
    link = link_of(portal_copy, question)
    for _ in range(2):  # a mail scanner
        page = client.get(link)
        assert "Ja, dit klopt nog" in page.text
    assert present(question).step is Step.ASKED
    with connection():
        assert not Assignment.select().where(Assignment.checked_by == CheckedBy.SELF).exists()
    assert client.submit(link, {"versie": version_in(page.text)}).status_code == 302
    assert "Dit is bevestigd op 23 november 2026" in client.get(link).text
    with connection():
        own = Assignment.select().where((Assignment.person == coach()) & valid_on(Assignment, date(2026, 11, 23)))
        assert {(row.checked_on, row.checked_by) for row in own} == {(date(2026, 11, 23), CheckedBy.SELF)}
    assert client.submit(link, {"versie": "x"}).status_code == 302  # once more, in another tab


def test_a_change_in_another_tab_is_shown_first(portal_copy: Flask) -> None:
    question, client = make_question(coach()), a_client(portal_copy)
    link = link_of(portal_copy, question)
    version = version_in(client.get(link).text)
    make_detail(coach(), "+31612345999")
    answer = client.submit(link, {"versie": version})
    assert answer.status_code == 409
    assert "Er is net iets veranderd" in answer.text
    assert phones.grouped("+31612345999") in answer.text
    assert present(question).step is Step.ASKED
    assert client.submit(link, {"versie": version_in(answer.text)}).status_code == 302


def test_a_forged_link_and_one_of_last_year_are_explained(portal_copy: Flask) -> None:
    client = a_client(portal_copy)
    old = link_of(portal_copy, make_question(coach(), date(2025, 9, 1)))
    make_question(holder("jeugdarts"))
    for answer in (client.get(old), client.submit(old)):
        assert answer.status_code == 410
        assert "Deze link is van een vorige keer" in answer.text
    for link in ("/bevestigen/eyJhIjoxfQ.x", old[:-1], old + "a", "/bevestigen/WyJ4IiwxXQ.x"):
        answer = client.get(link)
        assert answer.status_code == 404
        assert "Deze link kennen we niet" in answer.text


@pytest.mark.parametrize("role", ["reader", "coordinator"])
def test_who_is_signed_in_as_another_confirms_nothing(portal_copy: Flask, role: str) -> None:
    """A mail is forwarded, or read in a shared mailbox."""
    question = make_question(coach())
    link = link_of(portal_copy, question)
    version = version_in(a_client(portal_copy).get(link).text)
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in(role)
    page = client.get(link).text
    assert f"Dit gaat over {coach().name}, niet over jou." in page
    assert "Ja, dit klopt nog" not in page
    for answer in ({"versie": version}, {"fout": f"p{question.person_id} other", "wat": "other"}):
        refused = client.submit(link, answer)
        assert (refused.status_code, "niet over jou" in refused.text) == (403, True)
    assert present(question).step is Step.ASKED
    with connection():
        assert not Report.select().where(Report.person == question.person_id).exists()


def test_an_editor_with_the_link_of_a_colleague_answers_for_the_organisation(portal_copy: Flask) -> None:
    question = make_question(coach())
    with connection():
        editor = Account.get(Account.role == AccountRole.EDITOR)
        Person.update(organisation=editor.organisation).where(Person.id == coach().id).execute()
        detail = ContactDetail.get(ContactDetail.person == question.person_id)
    link = link_of(portal_copy, question)
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")
    page = client.get(link).text
    assert "niet over jou. Je bevestigt het namens de organisatie." in page
    assert client.submit(link, {"versie": version_in(page)}).status_code == 302
    with connection():
        assert ContactDetail.get_by_id(detail.id).checked_by is CheckedBy.ORGANISATION
        checked = ChangeSet.get(ChangeSet.kind == ChangeSetKind.CONFIRMATION)
    assert checked.author == editor.id


def test_the_owner_of_an_account_without_a_person_is_known_by_the_address(portal_copy: Flask) -> None:
    question = make_question(make_colleague())
    link = link_of(portal_copy, question)
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    with connection():
        reader = Account.update(person=None, email="sam@cjg.example")
        reader.where(Account.role == "reader").execute()
    page = client.get(link).text
    assert "Dit staat over jou" in page
    assert client.submit(link, {"versie": version_in(page)}).status_code == 302
    assert present(question).step is Step.CONFIRMED


def test_the_link_of_one_who_was_forgotten_opens_nobody(portal_copy: Flask) -> None:
    """Also where, before ids stayed unique, another person got the id in the same round."""
    client, person = a_client(portal_copy), make_person("Aap", "Noot")
    link = link_of(portal_copy, make_question(person))
    with connection():
        Person.delete().where(Person.id == person.id).execute()
        again = Person.create(
            id=person.id, organisation=person.organisation_id, given_name="Mies",
            family_name="Wim",
        )  # fmt: skip
    make_assignment(again)
    assert link_of(portal_copy, make_question(again)) != link
    for answer in (client.get(link), client.submit(link)):
        assert (answer.status_code, "Mies" in answer.text) == (404, False)


def test_who_left_or_was_forgotten_confirms_nothing(quiet_portal: Flask) -> None:
    person, client = make_colleague(), a_client(quiet_portal)
    question = make_question(person, BEGIN)
    link = link_of(quiet_portal, question)
    with connection():
        Assignment.update(valid_until=BEGIN).where(Assignment.person == person).execute()
    with stopped_at("2027-09-20 09:00:00") as clock:
        assert "heeft hier geen plek meer" in client.get(link).text
        assert "heeft hier geen plek meer" in client.submit(link).text
        assert pass_days(quiet_portal, clock, 60) == 0
    with connection():
        Person.delete().where(Person.id == person.id).execute()
    assert client.get(link).status_code == 404


def test_a_number_for_members_is_not_in_the_mail_or_behind_its_link(portal_copy: Flask) -> None:
    make_detail(coach(), "+31612345998", visibility="members")
    question, client = make_question(coach()), a_client(portal_copy)
    link = link_of(portal_copy, question)
    assert "5998" not in client.get(link).text
    assert "… 998 (alleen voor wie inlogt)" in client.get(link).text
    member = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    assert phones.grouped("+31612345998") in member.get(link).text


def test_a_school_is_asked_through_its_director(portal_copy: Flask) -> None:
    today = date(2026, 11, 23)
    with connection():
        school = School.get_by_id(CAMELOT)
        staff = {row.role.key: row.person_id for row in Assignment.select().where(Assignment.school == CAMELOT)}
        told = {
            role: any(school.street in fact.text for fact in list_facts(person, today))
            for role, person in staff.items()
        }
        assert staff["directeur"] in list_due(today)  # DUO is a source
    assert [role for role, is_told in told.items() if is_told] == ["directeur"]


def test_a_line_that_is_not_right_any_more_is_reported_and_the_rest_confirmed(portal_copy: Flask) -> None:
    number = make_detail(coach(), "+31612345997")
    question, client = make_question(coach()), a_client(portal_copy)
    link = link_of(portal_copy, question)
    version = version_in(client.get(link).text)
    topic = f"p{question.person_id} detail-{number.id}"
    wrong = f"{link}?{urlencode({'fout': topic})}"
    assert "Er staat nu: Telefoon" in client.get(wrong).text
    answers = {"fout": topic, "wat": topic.split()[1], "uitleg": "Het is 06 12 34 59 90."}
    for _ in range(2):  # pressed twice
        assert client.submit(link, answers).status_code == 302
    with connection():
        [report] = Report.select().where(Report.topic == topic)
        assert report.account_id and report.is_shown and "59 90" in report.text
    page = client.get(link).text
    assert "gemeld als fout" in page and "De rest klopt nog" in page
    assert client.submit(link, {"versie": version}).status_code == 302
    with connection():
        assert ContactDetail.get_by_id(number.id).checked_by is CheckedBy.SOURCE
        post = Assignment.get(Assignment.person == question.person_id)
        assert post.checked_by is CheckedBy.SELF
    done = client.get(link).text
    assert "De rest is bevestigd op" in done and "Dit is bevestigd" not in done
    assert client.submit(link, {"fout": "p1 detail-99999"}).status_code == 302  # of nobody
    with connection():
        assert Report.select().where(Report.topic == topic).count() == 1


def test_others_see_at_once_what_the_owner_of_a_link_reports(quiet_portal: Flask) -> None:
    person, client = make_colleague(), a_client(quiet_portal)  # without an account
    link = link_of(quiet_portal, make_question(person, BEGIN))
    with connection():
        number = ContactDetail.get(ContactDetail.person == person).id
    answers = {"fout": f"p{person.id} detail-{number}", "wat": f"detail-{number}"}
    assert client.submit(link, answers).status_code == 302
    page = CheckedClient(quiet_portal, quiet_portal.response_class).get(f"/personen/{person.id}")
    assert "dat dit e-mailadres niet klopt" in page.text


def test_beside_the_interval_of_a_role_stands_how_many_changed_in_a_year(portal_copy: Flask) -> None:
    """Not what a file changed, somebody confirmed or undid, or what is longer ago."""
    people = [make_person("Sam", f"Deelt{number}") for number in range(5)]
    with connection():
        Assignment.delete().where(Assignment.role == Role.get(Role.key == "jeugdarts")).execute()
    posts = [make_assignment(person, "jeugdarts") for person in people]
    numbers = [make_detail(person, "+31612345996") for person in people]
    kinds = [ChangeSetKind.EDIT, ChangeSetKind.REPORT, ChangeSetKind.IMPORT, ChangeSetKind.EDIT]
    with connection(), db.atomic():
        ChangeSet.begin(kinds[0], None).change(posts[0], valid_until=date(2027, 1, 1))
        ChangeSet.begin(kinds[1], None).change(numbers[1], value="+31612345995")
        ChangeSet.begin(kinds[2], None).change(numbers[2], value="+31612345994")
        with stopped_at("2025-10-01 09:00:00"):
            ChangeSet.begin(kinds[3], None).change(numbers[3], value="+31612345993")
        ChangeSet.begin(ChangeSetKind.CONFIRMATION, None).check([numbers[4]], CheckedBy.SELF)
        [arts] = [row for row in list_intervals() if row.role == "jeugdarts"]
    assert (arts.people, arts.changed, arts.share) == (5, 2, 40)
    client = CheckedClient(portal_copy, portal_copy.response_class)
    assert "40% (2 van 5)" in client.sign_in("coordinator").get("/beheer/bevestigen").text
    assert "Veranderd" not in client.sign_in("editor").get("/organisatie/bevestigen").text


def test_a_row_says_that_nobody_confirmed_it(portal_copy: Flask) -> None:
    question = make_question(coach())
    client = CheckedClient(portal_copy, portal_copy.response_class)
    said = "Niet bevestigd: we vroegen het op 23 november 2026."
    assert said not in client.get(f"/personen/{question.person_id}").text
    with connection():
        Confirmation.update(step=Step.COORDINATOR).where(Confirmation.id == question.id).execute()
        details = ContactDetail.update(checked_on=date(2026, 9, 1))
        details.where(ContactDetail.person == question.person_id).execute()
    assert said in client.get(f"/personen/{question.person_id}").text
