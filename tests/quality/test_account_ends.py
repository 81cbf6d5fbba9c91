"""Accounts end: of who left, on the day after the last working day, and those of nobody's use."""

import json
from datetime import date, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import connection
from portal.directory.models import Assignment, Person
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice
from portal.quality import account_ends, reports
from portal.quality.models import Report, ReportState
from portal.requests.models import Request
from portal.requests.state_rules import State
from portal.site import current_site
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import coach, make_account, make_assignment, make_notice, make_person, make_report, make_request

LEAVES_ON = TODAY + timedelta(days=5)  # the first day without an account


def run(app: Flask, on: date) -> int:
    """One run of the job, on a day."""
    with app.app_context():
        site = current_site()
    request = app.test_request_context(base_url=site.base_url)
    with stopped_at(f"{on} 09:00:00"), connection(), request:
        return account_ends.run(site)


def subjects(email: str) -> list[str]:
    with connection():
        mails = OutgoingMail.select().where(OutgoingMail.recipient == email)
        return [mail.subject for mail in mails.order_by(OutgoingMail.id)]


def reload(account: Account) -> Account:
    with connection():
        return Account.get_by_id(account.id)


@pytest.fixture
def quiet_portal(portal_copy: Flask) -> Flask:
    """The portal in which only the accounts of a test are old."""
    with connection():
        Account.update(visited_on=date(2029, 1, 1)).execute()
    return portal_copy


def make_leaver(role: str = "member", author: Account | None = None) -> tuple[Account, Notice]:
    """Somebody with an account and a request, whom an author says to leave."""
    person = make_person("Bram", "Vertrek")
    account = make_account(role, person, person.organisation_id)
    draft = json.dumps({"person": person.id})
    notice = make_notice(author.id if author else None, draft=draft, valid_from=LEAVES_ON)
    return account, notice


def test_the_account_of_who_leaves_ends_the_day_after_the_last_day(quiet_portal: Flask) -> None:
    account, _ = make_leaver()
    request = make_request(quiet_portal, None)
    with connection():
        Request.update(owner=account, state=State.HANDLING).where(Request.id == request.id).execute()
    for on in (TODAY, TODAY + timedelta(days=1), LEAVES_ON - timedelta(days=1)):
        run(quiet_portal, on)
    assert reload(account).active_until is None
    assert subjects(account.email) == ["[Kernwijzer] Je account stopt op 28 november 2026"]
    with connection():
        mail = OutgoingMail.get(OutgoingMail.recipient == account.email)
        assert "1 open aanvraag" in mail.body
    assert run(quiet_portal, LEAVES_ON) == 1
    assert not reload(account).is_active(LEAVES_ON)
    with connection():
        assert Request.get_by_id(request.id).owner is None
        told = OutgoingMail.get(OutgoingMail.subject.contains("vertrokken"))
        assert "Bram Vertrek is vertrokken" in told.body and "1 open aanvraag" in told.body
        assert "Er is geen opvolger bekend." in told.body
        assert "nu van niemand" in told.body and "meldingen" not in told.body
    with connection():  # a coordinator gives access again
        Account.update(active_until=None).where(Account.id == account.id).execute()
    assert run(quiet_portal, LEAVES_ON + timedelta(days=1)) == 0


def test_of_who_leaves_only_notices_no_request_is_told(quiet_portal: Flask) -> None:
    account, _ = make_leaver()
    make_notice(account.id, valid_from=LEAVES_ON + timedelta(days=9))
    run(quiet_portal, LEAVES_ON)
    with connection():
        told = OutgoingMail.get(OutgoingMail.subject.contains("vertrokken"))
    assert "1 melding die nog ingaat" in told.body and "/wijzigingen" in told.body
    assert "aanvra" not in told.body


@pytest.mark.parametrize("role", ["member", "coordinator"])
def test_the_work_goes_to_the_successor_who_may_do_it(quiet_portal: Flask, role: str) -> None:
    """Only a coordinator handles requests."""
    account, _ = make_leaver()
    successor = make_person("Olga", "Opvolg")
    heir = make_account(role, successor)
    make_assignment(account.person_id, valid_until=LEAVES_ON)
    make_assignment(successor, valid_from=LEAVES_ON)
    request = make_request(quiet_portal, None)
    coming = make_notice(account.id, valid_from=LEAVES_ON + timedelta(days=9))
    with connection():
        Request.update(owner=account, state=State.HANDLING).where(Request.id == request.id).execute()
    run(quiet_portal, TODAY)
    run(quiet_portal, LEAVES_ON)
    with connection():
        ahead = OutgoingMail.get(OutgoingMail.recipient == account.email).body
        assert "Olga Opvolg neemt je plekken over" in ahead and "vertel Olga Opvolg" in ahead
        told = OutgoingMail.get(OutgoingMail.recipient == heir.email).body
        assert "1 melding die nog ingaat" in told
        owner, handed = Request.get_by_id(request.id).owner, Notice.get_by_id(coming.id)
    assert (handed.account_id, handed.reply_to) == (heir.id, heir.address)
    assert (owner == heir) is (role == "coordinator")
    assert ("zijn nu van niemand" in told) is (role == "member")


def test_what_no_editor_is_left_for_goes_to_the_coordinator(quiet_portal: Flask) -> None:
    with connection():
        editor = Account.get(Account.role == AccountRole.EDITOR)
        Person.update(organisation=editor.organisation).where(Person.id == coach().id).execute()
    report = make_report(coach())
    assert account_ends.list_open(editor).reports == 1
    with quiet_portal.test_request_context(), connection():
        assert reports.pass_on(current_site()) == 0
        Account.update(active_until=TODAY).where(Account.id == editor.id).execute()
        assert reports.pass_on(current_site()) == 1
        assert Report.get_by_id(report.id).state is ReportState.COORDINATOR


def test_who_stays_after_all_keeps_the_account(quiet_portal: Flask) -> None:
    account, notice = make_leaver()
    with connection():
        Notice.update(withdrawn_at=clock.now()).where(Notice.id == notice.id).execute()
    assert run(quiet_portal, LEAVES_ON) == 0
    holding, _ = make_leaver()
    with connection():
        post = Assignment.get(Assignment.person == coach())
        Assignment.update(person=holding.person).where(Assignment.id == post.id).execute()
    assert run(quiet_portal, LEAVES_ON) == 0
    assert reload(account).active_until is reload(holding).active_until is None


def test_no_editor_ends_the_account_of_a_coordinator(quiet_portal: Flask) -> None:
    with connection():
        authors = {row.role: row for row in Account.select()}
    by_editor, _ = make_leaver("coordinator", authors[AccountRole.EDITOR])
    by_other, _ = make_leaver("coordinator", authors[AccountRole.ADMINISTRATOR])
    run(quiet_portal, LEAVES_ON)
    assert reload(by_editor).active_until is None
    assert reload(by_other).active_until == LEAVES_ON


def test_an_unused_account_ends_thirty_days_after_a_warning(quiet_portal: Flask) -> None:
    account, visitor = make_account(), make_account()  # neither ever signed in
    warned_on = TODAY + timedelta(days=335)
    assert run(quiet_portal, warned_on - timedelta(days=1)) == 0
    assert run(quiet_portal, warned_on) == 2
    assert subjects(account.email) == ["[Kernwijzer] Je account stopt op 23 november 2027"]
    with connection():  # who signs in keeps the account
        Account.update(visited_on=warned_on).where(Account.id == visitor.id).execute()
    assert run(quiet_portal, warned_on + timedelta(days=29)) == 0
    assert run(quiet_portal, warned_on + timedelta(days=30)) == 1
    assert not reload(account).is_active(warned_on + timedelta(days=30))
    assert reload(visitor).active_until is None


def test_the_last_administrator_stays(quiet_portal: Flask) -> None:
    with connection():
        old = date(2020, 1, 1)
        mine = Account.role == AccountRole.ADMINISTRATOR
        Account.update(visited_on=old, warned_on=date(2020, 2, 1)).where(mine).execute()
    assert run(quiet_portal, TODAY) == 0
    client = CheckedClient(quiet_portal, quiet_portal.response_class)
    assert client.sign_in("administrator").get("/beheer").status_code == 200
