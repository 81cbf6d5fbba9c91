"""A reader says that something is wrong: others see it at once, and somebody answers."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock, phones
from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.checked_rows import record_check
from portal.directory.models import Assignment, CheckedBy, ContactDetail, ContactPoint, Kern, Person, School
from portal.jobs.clearing import delete_by
from portal.mail.models import OutgoingMail
from portal.quality import reports
from portal.quality.models import Report, ReportKind, ReportState
from portal.site import current_site
from tests.checks import texts
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.editing.conftest import fill_in, save
from tests.factories import coach, colleague, make_absence, make_detail, make_person, make_report

SCHOOL = "/scholen/16lf00-basisschool-camelot"


class Portal:
    """Visitors of one portal, and the coach whose number is reported."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with connection():
            self.coach = Person.get_by_id(coach().id)
            phones = (ContactDetail.person == self.coach) & (ContactDetail.kind == "phone")
            self.number = ContactDetail.get(phones & ContactDetail.valid_until.is_null())
        self.form = f"/klopt-niet/p{self.coach.id}"

    def visitor(self, role: str = "") -> CheckedClient:
        client = CheckedClient(self.app, self.app.response_class)
        return client.sign_in(role) if role else client

    def post(self) -> Assignment:
        """The first post of the coach."""
        with connection():
            post: Assignment = reports.list_posts(self.coach.id, None)[0]
            return post

    def report(self, role: str = "", **answers: str) -> None:
        """Report the number of the coach, as a role or from the network without an account."""
        fields = {"wat": f"detail-{self.number.id}", **answers}
        answer = self.visitor(role).submit(self.form, fields)
        assert answer.status_code == 302, texts(answer.text, "error")

    def said(self) -> list[str]:
        """The faults on the page of the coach."""
        page = self.visitor().get(f"/personen/{self.coach.id}").text
        return [text for text in texts(page, "news") if text.startswith("Gemeld")]

    def pass_on(self) -> int:
        with self.app.test_request_context(), connection():
            return reports.pass_on(current_site())


@pytest.fixture
def portal(portal_copy: Flask) -> Portal:
    return Portal(portal_copy)


def mails(about: str) -> list[str]:
    """The recipients of the mails with this in their subject."""
    with connection():
        found = OutgoingMail.select().where(OutgoingMail.subject.contains(about))
        return [mail.recipient for mail in found.order_by(OutgoingMail.id)]


def state() -> ReportState:
    with connection():
        report: Report = Report.get()
        found: ReportState = report.state
        return found


# ---- What the next reader sees -----------------------------------------------------------------


def test_the_next_reader_sees_at_once_what_somebody_with_an_account_reports(portal: Portal) -> None:
    assert portal.said() == []
    portal.report("reader")
    said = "Gemeld Iemand meldde op 23 november 2026 dat dit nummer niet klopt."
    assert portal.said() == [said]
    search = portal.visitor().get(f"/?q={portal.coach.family_name}").text
    assert said in texts(search, "news")


def test_a_post_that_is_over_is_marked_with_its_school(portal: Portal) -> None:
    with connection():
        school = portal.post().school
    path = f"{portal.form}?school={school.code}"
    portal.visitor("reader").submit(path, {"wat": ReportKind.GONE})
    (said,) = portal.said()
    assert said.endswith(f"dat deze persoon bij {school.name} niet meer werkt.")


def test_without_an_account_a_report_shows_from_the_second_day_on(portal: Portal) -> None:
    portal.report()
    portal.report()
    assert portal.said() == []
    with stopped_at(f"{TODAY + timedelta(days=1)} 09:00:00"):
        portal.report()
        assert len(portal.said()) == 1


def test_without_an_account_a_report_shows_where_somebody_else_reported_it(portal: Portal) -> None:
    topic = f"p{portal.coach.id} detail-{portal.number.id}"
    make_report(portal.coach, ReportKind.DETAIL, topic=topic, network="elsewhere", is_shown=False)
    portal.report()
    assert len(portal.said()) == 1


def test_nobody_without_an_account_marks_a_whole_region(portal: Portal) -> None:
    with connection():
        people = [person.id for person in Person.select().limit(5)]
    for person in people:
        make_report(person, network="elsewhere", is_shown=False)
    client = portal.visitor()
    for person in people:
        assert client.submit(f"/klopt-niet/p{person}", {"wat": ReportKind.GONE}).status_code == 302
    with connection():
        assert Report.select().where(Report.is_shown).count() == 3
        assert Report.select().count() == 10


def test_a_second_report_of_the_same_reader_adds_its_words_only(portal: Portal) -> None:
    portal.report("reader")
    portal.report("reader", uitleg="Ik kreeg een bakker.")
    portal.report("member")
    with connection():
        assert [row.text for row in Report.select()] == ["Ik kreeg een bakker.", ""]


@pytest.mark.parametrize("role", ["reader", ""])
def test_who_reports_it_again_hears_that_they_did(portal: Portal, role: str) -> None:
    answers = {"wat": f"detail-{portal.number.id}"}
    client = portal.visitor(role)
    first, second = (client.get(client.submit(portal.form, answers).headers["Location"]).text for _ in range(2))
    assert "is bewaard" in first and "Je meldde dit al" in second
    assert ("Andere lezers zien hem nu ook" in first) is bool(role)
    assert ("pas als nog iemand hetzelfde meldt" in first) is not bool(role)


def test_after_twenty_reports_in_an_hour_a_reader_has_to_wait(portal: Portal) -> None:
    with connection():
        people = [person.id for person in Person.select().limit(21)]
    client = portal.visitor("reader")
    last = [client.submit(f"/klopt-niet/p{person}", {"wat": ReportKind.GONE}) for person in people][-1]
    assert last.status_code == 422
    assert "Je meldde het laatste uur al veel." in last.text


def test_a_bsn_is_refused_and_the_text_stays(portal: Portal) -> None:
    answers = {"wat": ReportKind.OTHER, "uitleg": "Het gaat om 111222333."}
    answer = portal.visitor("reader").submit(portal.form, answers)
    assert answer.status_code == 422
    assert "Dit lijkt een burgerservicenummer." in answer.text
    assert "Het gaat om 111222333." in answer.text
    with connection():
        assert not Report.select().exists()


def test_something_else_needs_words(portal: Portal) -> None:
    answer = portal.visitor("reader").submit(portal.form, {"wat": ReportKind.OTHER})
    assert answer.status_code == 422
    assert "Schrijf kort wat er niet klopt." in answer.text


@pytest.mark.parametrize("school", ["99ZZ99", "x", "", "elsewhere"])
def test_a_school_where_the_person_has_no_post_is_left_out(portal: Portal, school: str) -> None:
    if school == "elsewhere":
        with connection():
            own = Assignment.select(Assignment.school).where(Assignment.person == portal.coach)
            school = School.get(School.code.not_in(own)).code
    path = f"{portal.form}?school={school}"
    answer = portal.visitor("reader").submit(path, {"wat": ReportKind.GONE})
    assert "school" not in answer.headers["Location"]
    (said,) = portal.said()
    assert said.endswith("dat deze persoon hier niet meer werkt.")


def test_who_stands_in_today_is_reported_at_that_school(portal: Portal) -> None:
    substitute, post = make_person("Sam", "Vervanger"), portal.post()
    make_absence(portal.coach, TODAY, substitutes={post: substitute})
    path = f"/klopt-niet/p{substitute.id}?school={post.school_id}"
    answer = portal.visitor("reader").submit(path, {"wat": ReportKind.GONE})
    assert f"school={post.school_id}" in answer.headers["Location"]


@pytest.mark.parametrize("line", ["", "detail-999999", "gone?", "detail-", "x" * 300])
def test_only_a_line_of_the_contact_is_reported(portal: Portal, line: str) -> None:
    assert portal.visitor("reader").submit(portal.form, {"wat": line}).status_code == 422


@pytest.mark.parametrize("owner", ["p0", "p99999", "px", "c99999", "s99ZZ99", "16LF00", "p1 2", "P1"])
def test_nothing_is_reported_about_what_is_not_there(portal: Portal, owner: str) -> None:
    assert portal.visitor("reader").get(f"/klopt-niet/{owner}").status_code == 404


# ---- Who answers -------------------------------------------------------------------------------


def test_the_editor_hears_of_it_and_says_that_it_is_right(portal: Portal) -> None:
    portal.report("reader", uitleg="Ik kreeg iemand anders.")
    portal.report(email="lezer@school.example")
    assert mails("Iemand meldde") == ["editor@demo.example"]
    editor = portal.visitor("editor")
    shown = phones.grouped(portal.number.value)
    assert f"gemeld dat dit nummer niet klopt ({shown})" in editor.get("/").text
    with connection():
        number = Report.get().id
    page = f"/organisatie/gemeld/{number}"
    shown = editor.get(page).text
    assert "2 lezers meldden dat dit nummer niet klopt." in shown
    assert "Ik kreeg iemand anders." in shown
    assert editor.submit(page, {"antwoord": "refused"}).status_code == 302
    assert portal.said() == []
    assert mails("is nagekeken") == ["reader@demo.example", "lezer@school.example"]
    with connection():
        checked = ContactDetail.get_by_id(portal.number.id)
        assert (checked.checked_on, checked.checked_by) == (TODAY, CheckedBy.ORGANISATION)
        assert ChangeSet.get(ChangeSet.kind == ChangeSetKind.CONFIRMATION).ref == number


def test_correcting_the_number_answers_the_report(portal: Portal) -> None:
    portal.report("reader")
    editor = portal.visitor("editor")
    with connection():
        number = Report.get().id
    edit = f"/organisatie/mensen/{portal.coach.id}/gegevens/{portal.number.id}"
    assert f"{edit}?fout={number}" in editor.get(f"/organisatie/gemeld/{number}").text
    answers = fill_in(editor, edit, waarde="06 87 65 43 21", fout=str(number))
    assert editor.post(edit, data=answers).status_code == 302
    assert portal.said() == []
    assert mails("is aangepast") == ["reader@demo.example"]
    assert state() is ReportState.ACCEPTED
    with connection():
        change_set = ChangeSet.select().order_by(ChangeSet.id.desc()).get()
        assert (change_set.kind, change_set.ref) == (ChangeSetKind.REPORT, number)
        new = ContactDetail.get(ContactDetail.value == "+31687654321")
        assert (new.checked_on, new.checked_by) == (TODAY, CheckedBy.REPORT)
        assert new.source == f"Gemelde fout {number}"


def test_an_edit_that_changes_nothing_leaves_the_report_open(portal: Portal) -> None:
    portal.report("reader")
    coordinator = portal.visitor("coordinator")
    edit = f"/beheer/mensen/{portal.coach.id}/gegevens/{portal.number.id}"
    with connection():
        answers = fill_in(coordinator, edit, fout=str(Report.get().id))
    assert "bewaard=0" in coordinator.post(edit, data=answers).headers["Location"]
    assert state() is ReportState.OPEN
    assert mails("is aangepast") == []


def test_correcting_somebody_else_leaves_the_report_open(portal: Portal) -> None:
    portal.report("reader")
    other = colleague(portal.coach)
    number = make_detail(other, "+31688888888")
    coordinator = portal.visitor("coordinator")
    edit = f"/beheer/mensen/{other.id}/gegevens/{number.id}"
    with connection():
        fault = str(Report.get().id)
    answers = fill_in(coordinator, edit, waarde="06 87 65 43 21", fout=fault)
    assert coordinator.post(edit, data=answers).status_code == 302
    assert state() is ReportState.OPEN
    assert mails("is aangepast") == []


def test_adding_to_somebody_else_leaves_the_report_open(portal: Portal) -> None:
    portal.report("reader")
    edit = f"/beheer/mensen/{colleague(portal.coach).id}/gegevens/nieuw"
    coordinator = portal.visitor("coordinator")
    with connection():
        fault = str(Report.get().id)
    answers = fill_in(coordinator, edit, waarde="06 87 65 43 21", soort="phone", fout=fault)
    assert coordinator.post(edit, data=answers).status_code == 302
    assert state() is ReportState.OPEN
    assert mails("is aangepast") == []


def test_the_second_of_two_who_answer_is_told_of_the_first(portal: Portal) -> None:
    portal.report("reader")
    with connection():
        number = Report.get().id
    portal.visitor("editor").submit(f"/organisatie/gemeld/{number}", {"antwoord": "refused"})
    later = portal.visitor("coordinator")
    answer = later.submit(f"/beheer/gemeld/{number}", {"antwoord": "refused"})
    assert answer.status_code == 409
    assert "Al beantwoord: klopt wel, door Robin van Beheer" in answer.text
    assert len(mails("Wat je meldde")) == 1


def test_the_editor_of_another_organisation_does_not_see_it(portal: Portal) -> None:
    with connection():
        employer = Account.get(Account.role == "editor").organisation_id
        other = Person.get(Person.organisation != employer)
    report = make_report(other)
    editor = portal.visitor("editor")
    assert editor.get(f"/organisatie/gemeld/{report.id}").status_code == 404
    assert other.name not in editor.get("/organisatie/gemeld").text


def test_a_report_about_a_kern_is_the_coordinators(portal: Portal) -> None:
    """No form makes one; it belongs to no organisation."""
    with connection():
        kern = Kern.create(code="kern-west", name="Kern West", sort_key="kern west")
        values = {"topic": "k", "at": clock.now(), "is_shown": False, "state": ReportState.COORDINATOR}
        report = Report.create(kern=kern, fault=ReportKind.OTHER, **values)
        roles = {role: Account.get(Account.role == role) for role in ("editor", "coordinator")}
        found = {role: reports.find_report(report.id, account) for role, account in roles.items()}
    assert found == {"editor": None, "coordinator": report}


def test_after_five_working_days_it_goes_to_the_coordinator(portal: Portal) -> None:
    portal.report("reader")
    with stopped_at(f"{TODAY + timedelta(days=6)} 09:00:00"):
        assert portal.pass_on() == 0
    with stopped_at(f"{TODAY + timedelta(days=7)} 09:00:00"):
        assert portal.pass_on() == 1
        assert portal.pass_on() == 0
        assert state() is ReportState.COORDINATOR
        assert mails("Iemand meldde") == ["editor@demo.example", "coordinator@demo.example"]
        assert "1 fout wacht op jou." in portal.visitor("coordinator").get("/beheer").text


def test_no_working_day_of_a_holiday_counts(portal: Portal) -> None:
    with stopped_at("2026-12-18 09:00:00"):  # a Friday; the Christmas holiday is of two weeks
        portal.report("reader")
    with stopped_at("2027-01-07 09:00:00"):
        assert portal.pass_on() == 0
    with stopped_at("2027-01-08 09:00:00"):
        assert portal.pass_on() == 1


@pytest.mark.parametrize("owner", ["c1", "s16LF00"])
def test_what_only_a_coordinator_may_change_goes_there_directly(portal: Portal, owner: str) -> None:
    answers = {"wat": "other", "uitleg": "De naam is anders."}
    assert portal.visitor("reader").submit(f"/klopt-niet/{owner}", answers).status_code == 302
    assert state() is ReportState.COORDINATOR
    assert mails("Iemand meldde") == ["coordinator@demo.example"]


def test_the_coordinator_keeps_a_report_that_nobody_answers(portal: Portal) -> None:
    portal.report("reader")
    with stopped_at(f"{TODAY + timedelta(days=200)} 12:00:00"):
        assert portal.pass_on() == 1
        assert portal.pass_on() == 0
        assert len(portal.said()) == 1
        coordinator = portal.visitor("coordinator")
        assert portal.coach.name in coordinator.get("/beheer/gemeld").text
        assert mails("Wat je meldde") == []


def test_who_answers_their_own_report_gets_no_mail(portal: Portal) -> None:
    portal.report("coordinator")
    with connection():
        number = Report.get().id
    portal.visitor("coordinator").submit(f"/beheer/gemeld/{number}", {"antwoord": "refused"})
    assert state() is ReportState.REFUSED
    assert mails("Wat je meldde") == []


def test_it_is_mended_only_where_something_was_changed_since(portal: Portal) -> None:
    portal.report("reader")
    with connection():
        page = f"/beheer/gemeld/{Report.get().id}"
    coordinator = portal.visitor("coordinator")
    edit = f"/beheer/mensen/{portal.coach.id}/gegevens/{portal.number.id}"
    assert coordinator.submit(page, {"antwoord": "accepted"}).status_code == 422
    with connection(), db.atomic():
        record_check([portal.number], CheckedBy.CALL, None)
    assert coordinator.submit(page, {"antwoord": "accepted"}).status_code == 422
    assert "Het is aangepast" not in coordinator.get(page).text
    save(coordinator, edit, waarde="06 87 65 43 21")
    assert "Het is aangepast" in coordinator.get(page).text
    assert coordinator.submit(page, {"antwoord": "accepted"}).status_code == 302
    assert mails("is aangepast") == ["reader@demo.example"]


def test_an_edit_that_only_looked_it_up_says_that_it_is_right(portal: Portal) -> None:
    portal.visitor("reader").submit("/klopt-niet/c1", {"wat": "other", "uitleg": "De naam."})
    with connection():
        number, key = Report.get().id, ContactPoint.get_by_id(1).key
    coordinator = portal.visitor("coordinator")
    edit = f"/beheer/contactpunten/{key}"
    assert f"{edit}?fout={number}" in coordinator.get(f"/beheer/gemeld/{number}").text
    save(coordinator, edit, fout=str(number), gecontroleerd="y")
    assert state() is ReportState.REFUSED
    assert mails("is nagekeken") == ["reader@demo.example"]


def test_ending_a_post_settles_that_somebody_is_gone(portal: Portal) -> None:
    portal.visitor("reader").submit(portal.form, {"wat": ReportKind.GONE})
    with connection():
        number = Report.get().id
    coordinator = portal.visitor("coordinator")
    person = f"/beheer/mensen/{portal.coach.id}"
    assert f"{person}?fout={number}" in coordinator.get(f"/beheer/gemeld/{number}").text
    end = f"{person}/plekken/{portal.post().id}"
    page = coordinator.get(f"{person}?fout={number}").text
    assert f"{end}?fout={number}" in page and f'"/beheer/gemeld/{number}"' in page
    save(coordinator, person, uren="8.30-15.00", fout=str(number))  # about something else
    assert state() is ReportState.OPEN
    save(coordinator, end, laatste_dag="22-11-2026", fout=str(number))
    assert state() is ReportState.ACCEPTED


def test_reports_are_kept_for_twelve_months(portal: Portal) -> None:
    report = make_report()
    with connection():
        assert delete_by(Report.at)(report.at) == 0
        assert delete_by(Report.at)(report.at + timedelta(seconds=1)) == 1
