"""Sixteen writers at the same moment: nothing is doubled, nothing lost, no limit passed.

docs/architecture.md, "Many writers", says for each place what protects it and what happens without.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from itertools import islice
from pathlib import Path
from secrets import token_hex

import pytest
from flask import Flask, session
from peewee import SqliteDatabase, fn

from portal import clock, throttle
from portal.accounts import (
    administration,
    authenticator_app,
    first_administrator,
    forgetting,
    invitations,
    mail_domains,
    pending_forms,
    second_factors,
    sessions,
    sign_in_links,
)
from portal.accounts.administration import AccountDraft, AlreadyExists
from portal.accounts.invitations import invite_people, list_candidates
from portal.accounts.mail_domains import AlreadyListed
from portal.accounts.models import Account, ListedDomain, PendingForm, SecondFactor, SetUpLink, SignInRequest
from portal.accounts.roles import AccountRole
from portal.admin.alarms_and_readiness import get_mail_state
from portal.admin.trail import undo
from portal.audit import AuditEntry
from portal.database import Outdated, connection, current_engine, db, lock
from portal.database.database_flags import DatabaseFlag, find_or_record_keys
from portal.directory.change_sets import ChangeSet, ChangeSetKind, RuleViolation
from portal.directory.models import ContactDetail, Municipality, Organisation, Person, Role, School
from portal.editing import division_publishing
from portal.editing.division_drafts import DivisionDraft, save_draft
from portal.imports import decisions_and_clearing as imports
from portal.imports import reading_now_or_later
from portal.imports.apply import apply_import, list_differences
from portal.imports.difference import fingerprint
from portal.imports.models import Import
from portal.jobs.worker import Job, JobRun, tick
from portal.keys import hash_secret, load_keys
from portal.mail import jobs as mail_jobs
from portal.mail import outbox, sending_and_retries
from portal.mail.bounce_mailbox import Mailbox as BounceMailbox
from portal.mail.bounces import collect
from portal.mail.faults import Fault
from portal.mail.models import DeliveryFault, DeliveryState, OutgoingMail
from portal.mail.outbox import Mail
from portal.mail.return_paths import ReturnPath
from portal.meetings import agenda_slots, meeting_calendar, planning_and_calling_off
from portal.meetings import queries as meetings
from portal.meetings.kinds import Reply, SlotKind
from portal.meetings.models import Meeting, MeetingFeed, MeetingSlot, Participant
from portal.notices import audience_and_mails as audience
from portal.notices import change_or_withdraw, publishing, queries
from portal.notices.clearing import clear_typed
from portal.notices.drafts import VACANT, Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import MutedKind, Notice, Recipient
from portal.notices.permissions_and_confirmation import Author, get_author
from portal.notices.reminders import REMIND_AFTER, list_due, remind
from portal.quality import monthly_calls, readers_who_called, reports, rounds
from portal.quality.coverage import store_week
from portal.quality.dead_addresses import report_dead_address
from portal.quality.models import CallOutcome, Confirmation, CoverageWeek, Report, ReportKind, ReportState
from portal.quality.reports import Reporter
from portal.quality.round_schedule import Step
from portal.readers.duo import DuoFile, DuoSchool
from portal.region import current_region
from portal.requests import clearing, mailboxes, saved_forms, step_writes, subject_catalogue, submission
from portal.requests.kinds import Level, SubjectKind, get_kind
from portal.requests.limits import LimitReached
from portal.requests.models import Mailbox, Request, RequestDetails, RequestStep, SavedForm, Subject
from portal.requests.state_rules import CLOSED, State, StepKind
from portal.requests.step_writes import StepNotAllowed
from portal.seeding import files_against_typed_rows
from portal.seeding.schools_from_duo import DuoUpload, store_upload
from portal.site import current_site
from portal.throttle import Attempt, Limit
from portal.web.form_keys import FIELD
from tests.checks import extract
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, copied, switch
from tests.contention import WRITERS, contend
from tests.factories import (
    CAMELOT,
    coach,
    colleague,
    holder,
    make_account,
    make_detail,
    make_factor,
    make_import,
    make_person,
    make_question,
    make_request,
    make_session,
    posts,
)
from tests.imports.files import lines, make_file_import
from tests.mail.imap_server import serving_imap
from tests.mail.postbox import PASSWORD
from tests.mail.test_bounces import make_bounce

ALL_BUT_ONE = WRITERS - 1
BROWSER = "a browser"
LIMIT = Limit("proef", 3, timedelta(hours=1))
EMPTIED = (Attempt, SignInRequest, PendingForm, OutgoingMail, ListedDomain, MutedKind, Report, MeetingSlot, Participant)


@pytest.fixture(scope="module")
def _writable(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(seeded, tmp_path_factory.mktemp("writers"))


@pytest.fixture
def portal(_application: Flask, _writable: Path) -> Iterator[Flask]:
    """A portal to write in, with a connection. All tests write in one database, because making
    one takes longer than they do: none relies on what another left."""
    portal = switch(_application, _writable)
    with connection(), portal.test_request_context():
        for model in EMPTIED:
            model.delete().execute()
        yield portal


@pytest.fixture
def new_portal(portal_copy: Flask) -> Iterator[Flask]:
    """A portal of its own, without accounts."""
    with connection(), portal_copy.test_request_context():
        Account.delete().execute()
        yield portal_copy


def coordinator() -> Account:
    account: Account = Account.get(Account.role == AccountRole.COORDINATOR)
    return account


# ---- Mail, jobs, limits, forms -----------------------------------------------------------------


def test_a_key_gives_one_mail(portal: Flask) -> None:
    mail = Mail("proef", "noor@school.example", "Dag", "Dag Noor")
    answers = contend(portal, lambda number: outbox.enqueue(mail, "po.example"))
    assert answers == {True: 1, False: ALL_BUT_ONE}


def owe(number: int) -> None:
    for each in range(number):
        outbox.enqueue(Mail(f"proef {each}", "noor@school.example", "Dag", "Dag"), "po.example")


def test_a_mail_is_sent_by_one_worker(portal: Flask) -> None:
    owe(24)
    server = mail_jobs.server(portal.config["KERNWIJZER"])  # a demo's, which keeps the mail
    server = server._replace(has_ended=lambda email: False)
    answers = contend(portal, lambda number: sending_and_retries.deliver_due(server))
    assert sum(attempts * workers for attempts, workers in answers.items()) == 24
    assert get_mail_state().waiting == 0


def test_a_server_that_no_worker_reaches_is_one_fault(portal: Flask) -> None:
    owe(WRITERS)
    server = mail_jobs.server(portal.config["KERNWIJZER"])
    server = server._replace(capture_only=False, host="127.0.0.1:1", has_ended=lambda email: False, security="none")
    contend(portal, lambda number: sending_and_retries.deliver_due(server))
    assert DeliveryFault.select().count() == 1
    later = OutgoingMail.next_attempt_at > clock.now()
    assert OutgoingMail.select().where(later & (OutgoingMail.lease == "")).count() == WRITERS


def test_workers_that_change_all_mails_do_not_wait_for_each_other(portal: Flask) -> None:
    """Some meet a fault while others find the server well."""
    owe(100)
    first, *_ = mails = list(OutgoingMail.select().order_by(OutgoingMail.message_id))
    for number, mail in enumerate(mails):  # due in another order than their ids
        due = clock.now() - timedelta(seconds=number)
        OutgoingMail.update(next_attempt_at=due).where(OutgoingMail.id == mail.id).execute()
    fault = Fault("De mailserver is weg.", hits_all=True)

    def work(number: int) -> None:
        for turn in range(4):
            with db.atomic():  # as what a mail came to is stored
                if number % 2:
                    sending_and_retries._postpone_all(first, fault)
                else:
                    sending_and_retries._taken(mails[1 + 4 * number + turn])

    assert contend(portal, work) == {None: WRITERS}


def test_a_job_is_run_by_one_worker(portal: Flask) -> None:
    def work(number: int) -> int:
        ran: list[int] = []
        every = timedelta(hours=1)
        tick([Job("proef", every, every, lambda: ran.append(number)),
              Job("elke tik", timedelta(0), timedelta(0), lambda: None)])  # fmt: skip
        return len(ran)

    assert contend(portal, work) == {1: 1, 0: ALL_BUT_ONE}
    assert JobRun.select().where(JobRun.name.in_(["proef", "elke tik"])).count() == 2


def test_a_limit_of_three_lets_three_through(portal: Flask) -> None:
    answers = contend(portal, lambda number: throttle.attempt(LIMIT, "noor"))
    assert answers == {True: 3, False: WRITERS - 3}


def test_a_form_is_done_once(portal: Flask) -> None:
    client = CheckedClient(portal, portal.response_class).sign_in("coordinator")
    form = {"soort": "theme", "naam": "Proef", "uitleg": "Uitleg", "csrf_token": client.token()}
    cookie, before = client.cookie(), Subject.select().count()

    def press(number: int) -> int:
        browser = CheckedClient(portal, portal.response_class)
        browser.set_cookie("kernwijzer", cookie)
        return browser.post("/beheer/aanvragen/aanbod/nieuw", data={**form, FIELD: "x"}).status_code

    assert contend(portal, press) == {302: WRITERS}
    assert Subject.select().count() == before + 1


def test_who_waits_too_long_for_another_writer_keeps_what_was_typed(portal: Flask) -> None:
    client = CheckedClient(portal, portal.response_class).sign_in("coordinator")
    form = {"soort": "theme", "naam": "Proef", "uitleg": "Een uitleg van belang", FIELD: "y"}
    begun, ended = threading.Event(), threading.Event()

    def write_meanwhile() -> None:
        with connection(), db.atomic():
            lock("catalogue")
            begun.set()
            ended.wait(10)

    other = threading.Thread(target=write_meanwhile)
    other.start()
    begun.wait(10)
    is_sqlite = isinstance(db.obj, SqliteDatabase)
    db.execute_sql("PRAGMA busy_timeout = 50" if is_sqlite else "SET lock_timeout = 50")
    portal.testing = False  # an error gives its page, as in production
    answer = client.submit("/beheer/aanvragen/aanbod/nieuw", form)
    ended.set()
    other.join()
    db.close()
    assert answer.status_code == 503
    assert "Dit is nog niet bewaard" in answer.text
    assert "Een uitleg van belang" in answer.text


def test_a_region_is_loaded_once(portal: Flask) -> None:
    Mailbox.delete().execute()
    from portal.database.directory_version import lock_directory
    from portal.seeding.subjects_and_mailboxes import load_catalogue

    def seed(number: int) -> int:
        with db.atomic():
            lock_directory()
            return len(load_catalogue(current_region()))

    assert contend(portal, seed) == {1: 1, 0: ALL_BUT_ONE}


def test_the_first_start_makes_one_file_of_keys(portal: Flask) -> None:
    path = portal.config["KERNWIJZER"].keys
    path.unlink()
    assert list(contend(portal, lambda number: load_keys(path).secret).values()) == [WRITERS]
    assert not list(path.parent.glob("keys.json.*"))


def test_the_first_start_records_the_keys_of_one_machine(portal: Flask) -> None:
    DatabaseFlag.delete().where(DatabaseFlag.name.startswith(DatabaseFlag.KEYS)).execute()
    answers = contend(portal, lambda number: find_or_record_keys(f"{number}", TODAY))
    assert list(answers.values()) == [WRITERS]


# ---- Accounts ----------------------------------------------------------------------------------


def ask(email: str, browser: str = BROWSER, network: int = 0) -> str:
    """The token of a new sign-in mail."""
    Attempt.delete().execute()  # a test may ask more often than anybody else
    sign_in_links.request_sign_in(email, browser, f"{network}", [], current_site())
    body = OutgoingMail.select().order_by(OutgoingMail.id.desc()).get().body
    return extract(r"/inloggen/link/(\S+)", body)


def id_of(account: Account | None) -> int | None:
    return account.id if account else None


def test_a_link_signs_in_once(portal: Flask) -> None:
    account = make_account()
    token = ask(account.email)
    answers = contend(portal, lambda number: id_of(sign_in_links.redeem_link(token, BROWSER)))
    assert answers == {account.id: 1, None: ALL_BUT_ONE}


def stored_request(email: str, browser: str) -> None:
    """A sign-in request that no code fits."""
    SignInRequest.create(
        email=email, token_hash=browser, code_mac="", browser_hash=hash_secret(browser),
        created_at=clock.now(),
    )  # fmt: skip


def test_the_code_of_a_mail_can_be_guessed_five_times(portal: Flask) -> None:
    account = make_account()
    stored_request(account.email, BROWSER)
    answers = contend(portal, lambda number: id_of(sign_in_links.redeem_code("1", BROWSER, "here", "key")))
    assert answers == {None: WRITERS}
    assert SignInRequest.get(SignInRequest.token_hash == BROWSER).attempts == 5
    assert Attempt.select().count() == 5


def test_the_codes_of_an_account_can_be_guessed_twenty_times(portal: Flask) -> None:
    account, limit = make_account(), sign_in_links.WRONG_CODES
    for _ in range(limit.times - 3):
        throttle.attempt(limit, account.email)
    for number in range(WRITERS):
        stored_request(account.email, f"browser {number}")

    def guess(number: int) -> int | None:
        return id_of(sign_in_links.redeem_code("1", f"browser {number}", "here", "key"))

    assert contend(portal, guess) == {None: WRITERS}
    assert sum(row.attempts for row in SignInRequest.select()) == 3


def test_a_browser_has_one_open_link(portal: Flask) -> None:
    def ask_for(number: int) -> timedelta:
        network = f"network {number}"
        return sign_in_links.request_sign_in(f"noor{number}@x.example", BROWSER, network, [], current_site())

    assert contend(portal, ask_for) == {timedelta(0): WRITERS}
    assert SignInRequest.select().where(SignInRequest.open).count() == 1


def list_domain() -> ListedDomain:
    listed: ListedDomain = ListedDomain.create(domain="x.example", organisation=Organisation.get())
    return listed


def test_an_address_gets_one_account(portal: Flask) -> None:
    list_domain()
    tokens = [ask("noor@x.example", f"browser {number}", number) for number in range(WRITERS)]

    def sign_in(number: int) -> int | None:
        return id_of(sign_in_links.redeem_link(tokens[number], f"browser {number}"))

    (account,) = contend(portal, sign_in)
    assert Account.get(Account.email == "noor@x.example").id == account


def test_no_account_outlives_its_domain(portal: Flask) -> None:
    """Colleagues sign in for the first time while a coordinator removes their domain."""
    actor, listed = coordinator(), list_domain()
    tokens = [ask(f"late{number}@x.example", f"browser {number}", number) for number in range(WRITERS)]

    def write(number: int) -> bool:
        if number == 0:
            return mail_domains.remove_domain(actor, listed.id)
        return bool(sign_in_links.redeem_link(tokens[number], f"browser {number}"))

    assert contend(portal, write)[True] >= 1
    of_domain = Account.select().where(Account.email.startswith("late"))
    assert not [account for account in of_domain if account.is_active(TODAY)]


def test_a_domain_is_listed_and_removed_once(portal: Flask) -> None:
    actor, organisation = coordinator(), Organisation.get().id
    answers = contend(portal, lambda number: mail_domains.add_domain(actor, "x.example", organisation), AlreadyListed)
    assert answers == {None: 1, AlreadyListed: ALL_BUT_ONE}
    listed = ListedDomain.get(ListedDomain.domain == "x.example").id
    removals = AuditEntry.select().where(AuditEntry.action == "unlisted")
    before = removals.count()
    answers = contend(portal, lambda number: mail_domains.remove_domain(actor, listed))
    assert answers == {True: 1, False: ALL_BUT_ONE}
    assert removals.count() == before + 1


def test_an_address_is_invited_once(portal: Flask) -> None:
    actor, site = coordinator(), current_site()
    draft = AccountDraft("Nieuw", "invited@x.example", AccountRole.READER, None, None, None)
    answers = contend(portal, lambda number: bool(invitations.invite(actor, draft, site)), AlreadyExists)
    assert answers == {True: 1, AlreadyExists: ALL_BUT_ONE}


def test_many_people_are_invited_once(portal: Flask) -> None:
    actor, people = (coordinator(), [one.person.id for one in islice(list_candidates(coordinator()), 3)])
    answers = contend(portal, lambda number: invite_people(actor, people, None, current_site()))
    assert answers == {3: 1, 0: ALL_BUT_ONE}


def test_an_address_is_given_to_one_account(portal: Flask) -> None:
    actor, accounts = coordinator(), [make_account() for _ in range(WRITERS)]
    draft = AccountDraft("Nieuw", "given@x.example", AccountRole.READER, None, None, None)
    answers = contend(
        portal, lambda number: administration.change_account(actor, accounts[number], draft), AlreadyExists
    )
    assert answers == {None: 1, AlreadyExists: ALL_BUT_ONE}


def test_the_command_makes_one_administrator(portal: Flask) -> None:
    def invite(number: int) -> None:
        invitations.invite_administrator("beheer@x.example", current_site())

    assert contend(portal, invite) == {None: WRITERS}
    assert Account.get(Account.email == "beheer@x.example").role == AccountRole.ADMINISTRATOR


def test_of_two_administrators_who_end_each_other_one_is_left(portal: Flask) -> None:
    accounts = [make_account("administrator") for _ in range(WRITERS)]

    def end_other(number: int) -> None:
        other = accounts[number ^ 1]
        draft = AccountDraft(other.name, other.email, AccountRole.READER, None, None, None)
        administration.change_account(accounts[number], other, draft)

    answers = contend(portal, end_other, PermissionError)
    assert answers == {None: WRITERS // 2, PermissionError: WRITERS // 2}


def test_a_session_is_ended_once(portal: Flask) -> None:
    user = sessions.start_session(make_account(), "")
    answers = contend(portal, lambda number: sessions.end_session(user, user.session))
    assert answers == {True: 1, False: ALL_BUT_ONE}


def test_a_proof_counts_once(portal: Flask) -> None:
    """The challenge of a session, a code of an app, and a code on paper."""
    account, site = make_account("coordinator"), current_site()
    user = sessions.start_session(account, "")
    challenge = second_factors.make_challenge(user)
    answers = contend(portal, lambda number: second_factors.use_challenge(user) == challenge)
    assert answers == {True: 1, False: ALL_BUT_ONE}
    app = make_factor(account, authenticator_app.make_sealed_secret(account.id, site))
    secret = authenticator_app.open_secret(app.data, account.id, site)
    code = authenticator_app.make_code(secret, int(clock.now().timestamp()) // 30)
    for typed in (code, second_factors.make_codes(account, site)[0]):

        def prove(number: int, typed: str = typed) -> bool:
            return not second_factors.prove_code(user, typed, site)

        answers = contend(portal, prove)
        assert answers == {True: 1, False: ALL_BUT_ONE}, typed


def test_the_last_second_factor_stays(portal: Flask) -> None:
    account, site = make_account("coordinator"), current_site()
    factors = [make_factor(account).id for _ in range(2)]
    act = second_factors.remove
    answers = contend(portal, lambda number: act(account, factors[number % 2], site))
    assert answers[""] == 1, answers
    assert SecondFactor.select().where(SecondFactor.account == account).count() == 1


def test_a_new_portal_has_one_set_up_link(new_portal: Flask) -> None:
    contend(new_portal, lambda number: bool(first_administrator.make_set_up_link(current_site())))
    assert SetUpLink.select().count() == 1


def test_a_set_up_link_makes_one_administrator(new_portal: Flask) -> None:
    """Also where another machine starts at that moment, and would make another link."""
    token = (first_administrator.make_set_up_link(current_site()) or "").rpartition("/")[2]

    def write(number: int) -> None:
        if number % 2:
            first_administrator.make_set_up_link(current_site())
        else:
            first_administrator.create_administrator(token, "Bea", f"bea{number}@x.example")

    contend(new_portal, write)
    links = SetUpLink.select().where(SetUpLink.used_at.is_null()).count()
    assert Account.select().count() + links == 1


def keep_form(portal: Flask, browser: str, text: str) -> str:
    """Send a form without a session."""
    with portal.test_request_context("/aanvragen/thema", method="POST", data={"tekst": text}):
        session["browser"] = browser
        return pending_forms.store_pending_form("192.0.2.0/24")


def test_a_form_without_a_session_is_kept_once(portal: Flask) -> None:
    assert len(contend(portal, lambda number: keep_form(portal, BROWSER, "x"))) == 1
    assert PendingForm.select().count() == Attempt.select().count() == 1


def test_no_more_forms_are_kept_than_there_is_room_for(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_forms, "MAX_FORMS", 4)
    contend(portal, lambda number: bool(keep_form(portal, f"browser {number}", "x")))
    assert PendingForm.select().count() == 4


# ---- Requests ----------------------------------------------------------------------------------


def submit(email: str, key: str) -> int:
    draft = submission.Draft(get_kind("start"), None, CAMELOT, Level.PO, "Tim", email, [])
    return submission.submit(draft, key, None, email, current_site()).id


def test_a_form_gives_one_request(portal: Flask) -> None:
    address = "one@x.example"
    assert len(contend(portal, lambda number: submit(address, address))) == 1
    assert RequestDetails.select().where(RequestDetails.email == address).count() == 1
    assert OutgoingMail.select().where(OutgoingMail.recipient == address).count() == 1
    assert Attempt.select().count() == 2  # of the address and of the network


def test_an_address_can_send_five_requests(portal: Flask) -> None:
    def send(number: int) -> bool:
        return bool(submit("five@x.example", f"five {number}"))

    answers = contend(portal, send, LimitReached)
    assert answers == {True: 5, LimitReached: WRITERS - 5}


def test_each_request_has_a_reference_of_its_own(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    references = iter([f"KT-{n // 2}" for n in range(2 * WRITERS)])
    monkeypatch.setattr(submission, "make_reference", lambda prefix, today: next(references))
    answers = contend(portal, lambda number: submit(f"each{number}@x.example", f"each {number}"))
    assert len(answers) == WRITERS


def test_a_request_is_confirmed_once(portal: Flask) -> None:
    request = make_request(portal, None).id
    answers = contend(portal, lambda number: submission.confirm(request, current_site()))
    assert answers == {True: 1, False: ALL_BUT_ONE}
    assert RequestStep.select().where(RequestStep.request == request).count() == 1


def test_a_request_that_is_confirmed_is_not_deleted(portal: Flask) -> None:
    requests = [make_request(portal, None).id for _ in range(WRITERS)]

    def write(number: int) -> int | None:
        if number % 4 == 0:
            clearing.clear_unconfirmed(clock.now() + timedelta(days=1))
            return None
        with db.atomic():
            is_sent = submission.confirm(requests[number], current_site())
        return requests[number] if is_sent else None

    confirmed = set(contend(portal, write)) - {None}
    left = Request.select().where(Request.id.in_(requests))
    assert {row.id for row in left if row.state == State.RECEIVED} == confirmed


def test_a_form_that_is_saved_again_is_not_deleted(portal: Flask) -> None:
    with connection():
        for number in range(WRITERS):
            SavedForm.create(
                token_hash=hash_secret(f"saved {number}"), kind="theme", answers="{}",
                saved_at=clock.now() - timedelta(days=15),
            )  # fmt: skip

    def write(number: int) -> bool:
        if number % 4 == 0:
            saved_forms.clear_saved(clock.now() - saved_forms.KEPT_FOR)
            return False
        answers, token = {"email": f"{number}@saved.example"}, f"saved {number}"
        saved_forms.save(get_kind("theme"), answers, token, None, str(number), current_site())
        return True

    saved = contend(portal, write)[True]
    with connection():
        assert SavedForm.select().where(SavedForm.answers.contains("@saved")).count() == saved


def move(request: int, state: State) -> None:
    step_writes.take_step(request, StepKind(state), coordinator().id, current_site())


def test_a_request_takes_one_step(portal: Flask) -> None:
    """The coordinators close it, each in another way, while its requester withdraws it."""
    request = make_request(portal, make_account()).id

    def close(number: int) -> None:
        if number % 2:
            step_writes.withdraw(request, "", current_site())
        else:
            move(request, (State.DONE, State.DECLINED)[number // 2 % 2])

    assert contend(portal, close, StepNotAllowed) == {None: 1, StepNotAllowed: ALL_BUT_ONE}
    closing = RequestStep.kind.in_(CLOSED)
    assert RequestStep.select().where((RequestStep.request == request) & closing).count() == 1


def test_a_link_takes_each_step_once(portal: Flask) -> None:
    """Each writer plans another day by the same link."""
    request = make_request(portal, make_account()).id
    newest = RequestStep.select(fn.MAX(RequestStep.id)).scalar() or 0

    def plan(number: int) -> None:
        session = make_session(TODAY + timedelta(days=number))
        step_writes.take_step(request, StepKind.PLANNED, None, current_site(), session, link_step=newest)

    assert contend(portal, plan, StepNotAllowed) == {None: 1, StepNotAllowed: ALL_BUT_ONE}


def test_a_request_takes_ten_notes(portal: Flask) -> None:
    request = make_request(portal, make_account()).id
    answers = contend(portal, lambda number: step_writes.add_note(request, "x", current_site()), LimitReached)
    assert answers == {None: 10, LimitReached: WRITERS - 10}


def test_a_reopened_request_keeps_its_words(portal: Flask) -> None:
    requests = [make_request(portal, make_account()).id for _ in range(WRITERS)]
    for request in requests:
        move(request, State.DONE)

    def write(number: int) -> int | None:
        if number % 4 == 0:
            clearing.clear_closed(clock.now() + timedelta(days=1))
            return None
        move(requests[number], State.HANDLING)
        return requests[number]

    reopened = set(contend(portal, write, StepNotAllowed)) - {None, StepNotAllowed}
    kept = RequestDetails.select().where(RequestDetails.request.in_(requests))
    assert {row.request_id for row in kept} == reopened


def test_each_subject_has_a_place_of_its_own(portal: Flask) -> None:
    rouw = {"name": "Rouw", "explanation": "Uitleg", "given_by": "", "is_offered": True}
    actor = coordinator().id
    contend(portal, lambda _: subject_catalogue.store_subject(actor, 0, kind=SubjectKind.THEME, **rouw))
    places = [row.position for row in Subject.select().where(Subject.name == "Rouw")]
    assert len(set(places)) == len(places) == WRITERS


def test_an_address_of_a_mailbox_is_changed_once(portal: Flask) -> None:
    actor, before = coordinator().id, Mailbox.select().count()
    addresses = {current_region().mailboxes[0].key: "nieuw@x.example"}
    contend(portal, lambda number: mailboxes.change_addresses(actor, addresses))
    assert Mailbox.select().count() == before + 1


# ---- Notices -----------------------------------------------------------------------------------


def departure() -> tuple[Author, Draft, str]:
    """A coordinator, a departure as they fill it in, and the versions of its preview."""
    author = get_author(coordinator())
    first = TODAY + timedelta(days=30)
    draft = Draft(NoticeKind.DEPARTURE, "x", first, person=holder("leerplichtambtenaar").id, successor=VACANT)
    return author, draft, publishing.preview(author, draft).row_versions


def publish() -> tuple[Author, Draft, int]:
    author, draft, versions = departure()
    key = token_hex(8)
    return author, draft, publishing.publish(author, draft, key, versions, current_site())


def test_a_form_gives_one_notice(portal: Flask) -> None:
    author, draft, versions = departure()
    (notice,) = contend(portal, lambda number: publishing.publish(author, draft, "one", versions, current_site()))
    mailed = Recipient.select().where((Recipient.notice == notice) & Recipient.mailed).count()
    assert OutgoingMail.select().where(OutgoingMail.key.startswith("notice:")).count() == mailed > 0


def test_a_preview_is_published_once(portal: Flask) -> None:
    """Sixteen people report the same departure."""
    author, draft, versions = departure()
    before = Notice.select().count()
    answers = contend(
        portal,
        lambda number: bool(
            publishing.publish(author, draft, f"{number}", versions, current_site())
        ),
        Outdated, RuleViolation,
    )  # fmt: skip
    assert answers[True] == 1
    assert Notice.select().count() == before + 1


def test_a_division_is_published_once(portal: Flask) -> None:
    author, post = get_author(coordinator()), posts(holder("jeugdarts"))[0]
    draft = Draft(
        NoticeKind.DIVISION, "x", TODAY + timedelta(days=30), role=post.role_id,
        posts={post.id: VACANT}, schools=(post.school_id,),
    )  # fmt: skip
    seen = division_publishing.get_seen(division_publishing.preview(author, [draft]))
    before = Notice.select().count()
    answers = contend(
        portal,
        lambda number: len(
            division_publishing.publish(author, [draft], seen, f"{number}", current_site())
        ),
        Outdated, RuleViolation,
    )  # fmt: skip
    assert answers[1] == 1
    assert Notice.select().count() == before + 1


def test_a_division_has_one_draft_per_author_and_day(portal: Flask) -> None:
    account, role = coordinator().id, Role.get().id
    answers = contend(
        portal,
        lambda number: bool(save_draft(account, role, TODAY, 0, {"plek-x-0"}, {"plek-x-0": str(number)})),
        Outdated,
    )
    assert answers == {True: 1, Outdated: ALL_BUT_ONE}
    assert DivisionDraft.select().count() == 1


def test_a_bounce_is_read_once(portal: Flask) -> None:
    assert outbox.enqueue(Mail("teruggekomen", "x@school.example", "Mail", "Tekst"), "po.example")
    OutgoingMail.update(state=DeliveryState.SENT).execute()
    path = ReturnPath("terug+@po.example", ("sleutel",))
    with serving_imap() as folder:
        folder.add(make_bounce(path.make(OutgoingMail.get().id)))
        mailbox = BounceMailbox("127.0.0.1", folder.port, "none", "post", PASSWORD)
        answers = contend(portal, lambda number: collect(mailbox, path, report_dead_address))
    assert answers == {1: 1, 0: ALL_BUT_ONE}


def test_a_dead_address_is_reported_once(portal: Flask) -> None:
    detail = make_detail(coach(), f"{token_hex(4)}@school.example", kind="email")
    contend(portal, lambda number: report_dead_address(detail.value, f"550 {number}"))
    assert Report.select().where(Report.detail == detail).count() == 1


def test_a_week_of_coverage_has_one_row(portal: Flask) -> None:
    CoverageWeek.delete().execute()
    assert contend(portal, lambda number: store_week()) == {True: 1, False: ALL_BUT_ONE}
    assert CoverageWeek.select().count() == 1


def test_an_import_is_told_once(portal: Flask) -> None:
    change_set, author = make_import(), get_author(coordinator())
    told = Draft(
        NoticeKind.DIVISION, "x", TODAY, organisation=coach().organisation_id,
        announces=change_set.id,
    )  # fmt: skip
    answers = contend(
        portal, lambda number: bool(publishing.publish(author, told, f"told {number}", "", None)), RuleViolation
    )
    assert answers == {True: 1, RuleViolation: ALL_BUT_ONE}


def test_previews_beside_publications_fail_none(portal: Flask) -> None:
    """Some preview news while others publish it: the number that a preview took and rolled back
    takes none from a publication."""
    author, first = get_author(coordinator()), TODAY + timedelta(days=30)
    school = School.get(School.code == CAMELOT).organisation_id
    news = Draft(NoticeKind.NEWS, "x", first, organisation=school)

    def write(number: int) -> int:
        if number % 2:
            publishing.preview(author, news)
            return 0
        return publishing.publish(author, news, f"beside {number}", "", None)

    assert len(contend(portal, write)) == 1 + WRITERS // 2


@pytest.mark.postgres("about its sequences")
def test_an_id_is_given_once_without_a_lock(portal: Flask) -> None:
    answers = contend(portal, lambda number: tuple(current_engine().new_ids("notice", 20)))
    ids = [new for each in answers for new in each]
    assert len(set(ids)) == len(ids) == WRITERS * 20
    assert current_engine().new_ids("notice", 1)[0] > max(ids)


def test_a_notice_is_changed_once(portal: Flask) -> None:
    """Some correct it while others withdraw it."""
    author, draft, notice = publish()
    later = draft.move(draft.valid_from + timedelta(days=7), None, "x")

    def write(number: int) -> None:
        if number % 2:
            change_or_withdraw.withdraw(author, notice, 1, current_site())
        else:
            change_or_withdraw.change(author, notice, 1, later, current_site(), tells=False)

    answers = contend(portal, write, change_or_withdraw.Conflict)
    assert answers == {None: 1, change_or_withdraw.Conflict: ALL_BUT_ONE}


def test_a_notice_that_changes_is_cleared_of_no_new_answer(portal: Flask) -> None:
    author, first = get_author(coordinator()), TODAY - timedelta(days=3)
    drafts = [Draft(NoticeKind.NEWS, "x", first, successor=f"{at}") for at in range(WRITERS)]
    with db.atomic():
        notices = [queries.add_notice(author, d, f"clear {d.successor}")[0] for d in drafts]

    def write(number: int) -> None:
        if number % 4 == 0:
            clear_typed(clock.now() + timedelta(days=1))
            return
        with db.atomic():
            Notice.update(row_version=2).where(Notice.id == notices[number].id).execute()
            notice = Notice.get_by_id(notices[number].id)
            queries.update_draft(notice, replace(drafts[number], successor="onbekend"))
            notice.save()

    contend(portal, write)
    answers = [queries.get_draft(Notice.get_by_id(notice.id)).successor for notice in notices]
    assert answers == [f"{at}" if at % 4 == 0 else "onbekend" for at in range(WRITERS)]


def test_a_successor_is_confirmed_or_refused(portal: Flask) -> None:
    member = get_author(Account.get(Account.role == AccountRole.MEMBER))
    other = Person.select().where(Person.organisation != coach().organisation_id).get()
    first = TODAY + timedelta(days=30)
    draft = Draft(NoticeKind.DEPARTURE, "x", first, person=coach().id, successor=str(other.id))
    versions = publishing.preview(member, draft).row_versions
    notice = publishing.publish(member, draft, "key", versions, current_site())
    author = get_author(coordinator())

    def decide(number: int) -> None:
        step = change_or_withdraw.refuse if number % 2 else change_or_withdraw.confirm
        step(author, notice, 1, current_site())

    answers = contend(portal, decide, change_or_withdraw.Conflict)
    assert answers == {None: 1, change_or_withdraw.Conflict: ALL_BUT_ONE}


def test_each_row_of_the_directory_has_an_id_of_its_own(portal: Flask) -> None:
    """Also beside writers without a change set, and never one that was used before."""
    name = {"organisation": 1, "given_name": "Iemand", "family_name": "Proef"}
    with db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        removed = change_set.add(Person, **name)
        change_set.remove(removed)

    def write(number: int) -> int:
        with db.atomic():
            change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
            return int(change_set.add(Person, **name).id)

    ids = contend(portal, write)
    assert len(ids) == WRITERS
    assert min(ids) > removed.id
    with db.atomic():
        assert Person.create(**name).id > max(ids)


@pytest.mark.parametrize(
    ("path", "answers", "refused"),
    [
        ("/beheer/instellingen", {"nummer": "0800 2000"}, 409),
        ("/beheer/vakanties/nieuw",
         {"naam": "Feest", "soort": "public", "van": "2027-09-01", "tot": "2027-09-02"}, 422),
        ("/beheer/organisaties/nieuw", {"naam": "Nieuw"}, 422),
        ("/beheer/mensen/nieuw",
         {"voornaam": "Sjoukje", "achternaam": "Dubbel", "organisatie": "1"}, 422),
    ],
)  # fmt: skip
def test_an_edit_is_done_once(portal: Flask, path: str, answers: dict[str, str], refused: int) -> None:
    """Of something that stands there, or of something new that may be there once."""
    client = CheckedClient(portal, portal.response_class).sign_in("coordinator")
    form = {**answers, "versie": "", "csrf_token": client.token()}
    cookie = client.cookie()

    def save(number: int) -> int:
        browser = CheckedClient(portal, portal.response_class, checks=False)
        browser.set_cookie("kernwijzer", cookie)
        return browser.post(path, data=form | {"reden": f"Proef {number}"}).status_code

    assert contend(portal, save) == {302: 1, refused: ALL_BUT_ONE}


def test_a_person_is_forgotten_once(portal: Flask) -> None:
    person = make_person("Quirijntje", "Wolkenveld").id
    answers = contend(portal, lambda n: forgetting.forget(person, n, "Proef."), RuleViolation)
    assert answers == {None: 1, RuleViolation: ALL_BUT_ONE}


def test_a_file_is_applied_once(portal: Flask) -> None:
    """Sixteen coordinators apply the difference that all of them saw."""
    old = Municipality.get_by_id("0392").name

    def load(update: files_against_typed_rows.FileUpdate) -> None:
        municipality = Municipality.get_by_id("0392")
        update.change(municipality, {"name": f"{old}!"})

    seen = files_against_typed_rows.propose(ChangeSetKind.REGION_UPDATE, load).version

    def take(number: int) -> None:
        kind = ChangeSetKind.REGION_UPDATE
        files_against_typed_rows.apply(kind, None, load, reason="", version=seen)

    answers = contend(portal, take, Outdated)
    assert answers == {None: 1, Outdated: ALL_BUT_ONE}


def test_an_upload_of_duo_replaces_the_last_one(portal: Flask) -> None:
    school = DuoSchool("16LF00", "1", "Camelot", "A", "1", "2033 CE", "HAARLEM", "0392", "", "")
    file = DuoFile("po", [school], [])
    day = clock.today()
    contend(portal, lambda number: store_upload(current_region(), "po.csv", file, day))
    assert DuoUpload.select().count() == 1


def test_a_change_set_is_undone_once(portal: Flask) -> None:
    with db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        change_set.change(Person.get(), family_name="Anders")
    answers = contend(portal, lambda number: undo(change_set.id, 1), RuleViolation)
    assert answers == {None: 1, RuleViolation: ALL_BUT_ONE}
    assert AuditEntry.select().where(AuditEntry.action == "undone").count() == 1


def test_an_import_is_applied_once(portal: Flask) -> None:
    row = make_file_import(lines("Camelot;Directeur;Nina Nieuw;;;;;;"))
    opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
    assert opened
    seen = fingerprint(list_differences(opened))

    def apply(number: int) -> None:
        apply_import(row.id, (), seen, 1)

    assert contend(portal, apply, Outdated) == {None: 1, Outdated: ALL_BUT_ONE}
    assert Person.select().where(Person.given_name == "Nina").count() == 1


def test_a_question_of_an_import_is_answered_once(portal: Flask) -> None:
    row = make_file_import()

    def answer(number: int) -> int:
        mine = {"school:x": reading_now_or_later.Decision(str(number), "x")}
        return len(imports.decide(row.id, mine, {}))

    assert contend(portal, answer) == {0: 1, 1: ALL_BUT_ONE}


def test_a_recipient_is_reminded_once(portal: Flask) -> None:
    _, _, notice = publish()
    few = Recipient.select(Recipient.id).where(Recipient.notice == notice).limit(4)
    Recipient.delete().where(Recipient.id.not_in(few)).execute()

    def remind_all(number: int) -> int:
        with portal.test_request_context():
            return remind(current_site())

    with stopped_at(TODAY + timedelta(days=2 * REMIND_AFTER)):
        due = len(list_due())
        contend(portal, remind_all)
    reminders = OutgoingMail.select().where(OutgoingMail.key.contains("reminder"))
    assert reminders.count() == due > 0


def test_a_person_is_asked_and_reminded_once(portal: Flask) -> None:
    row = make_question(coach(), TODAY)
    with portal.app_context():
        site = current_site()

    def work(number: int) -> int:
        with portal.test_request_context():
            return rounds.run(site)

    with stopped_at(f"{TODAY + timedelta(days=14)} 09:00:00"):
        contend(portal, work)
    asked = Confirmation.select().where(Confirmation.asked_on.is_null(False))
    mails = OutgoingMail.select().where(OutgoingMail.key.startswith("confirm:"))
    assert mails.count() == asked.count() > 1  # the others now, this one again
    assert Confirmation.get_by_id(row.id).step is Step.REMINDED


def test_ten_rows_are_drawn_once_and_a_call_is_answered_once(portal: Flask) -> None:
    assert sorted(contend(portal, lambda number: monthly_calls.draw())) == [0, 10]
    call = monthly_calls.list_calls()[0]
    account = Account.get(Account.role == "coordinator")
    answers = contend(portal, lambda number: monthly_calls.answer(call, CallOutcome.RIGHT, account, call.version))
    assert answers == {True: 1, False: ALL_BUT_ONE}


def test_two_answers_about_mail_give_one_of_both(portal: Flask) -> None:
    person, kinds = coach().id, list(NoticeKind)
    contend(portal, lambda number: audience.set_muted_kinds(person, [kinds[number % len(kinds)]]))
    assert MutedKind.select().where(MutedKind.person == person).count() == 1


def test_two_links_about_mail_count_both(portal: Flask) -> None:
    person, kinds = coach().id, list(NoticeKind)
    contend(portal, lambda number: audience.mute_kind(person, kinds[number % len(kinds)]))
    assert audience.list_muted_kinds(person) == set(kinds)


# ---- Reports and confirmations -----------------------------------------------------------------


@pytest.fixture
def fault(portal: Flask) -> ReportKind:
    """A fault of the coach that nobody reported."""
    Report.delete().execute()
    return ReportKind.GONE


def report(line: str, reporter: Reporter) -> bool:
    contact = reports.find_contact(f"p{coach().id}")
    assert contact
    return reports.add_report(contact, line, "", "", reporter, current_site())[0].is_shown


def test_a_reader_reports_a_fault_once(portal: Flask, fault: ReportKind) -> None:
    account = Account.get(Account.role == AccountRole.READER)
    assert contend(portal, lambda number: report(fault, Reporter(account, ""))) == {True: WRITERS}
    assert Report.select().count() == 1


def test_of_readers_without_an_account_the_second_shows_a_fault(portal: Flask, fault: ReportKind) -> None:
    answers = contend(portal, lambda number: report(fault, Reporter(None, f"network {number}")))
    assert answers == {False: 1, True: ALL_BUT_ONE}
    assert Report.select().count() == WRITERS


def test_a_report_is_answered_once(portal: Flask, fault: ReportKind) -> None:
    report(fault, Reporter(Account.get(Account.role == AccountRole.READER), ""))
    row = Report.get()

    def answer(number: int) -> bool:
        state = ReportState.ACCEPTED if number % 2 else ReportState.REFUSED
        return reports.answer(row, coordinator(), state, current_site())

    assert contend(portal, answer) == {True: 1, False: ALL_BUT_ONE}
    told = OutgoingMail.key.startswith("report answered:")
    assert OutgoingMail.select().where(told).count() == 1


def test_a_number_is_confirmed_once_a_day(portal: Flask) -> None:
    number = ContactDetail.get((ContactDetail.person == coach()) & (ContactDetail.kind == "phone"))
    ContactDetail.update(checked_on=None).where(ContactDetail.id == number.id).execute()
    confirmed = ChangeSet.select().where(ChangeSet.kind == ChangeSetKind.CONFIRMATION)
    before = confirmed.count()
    assert contend(portal, lambda _: readers_who_called.confirm(str(number.id), coordinator())) == {True: WRITERS}
    assert confirmed.count() == before + 1


# ---- Meetings ----------------------------------------------------------------------------------


@pytest.fixture
def meeting(portal: Flask) -> Meeting:
    hours = {"begins": time(15), "ends": time(16)}
    account, role = Account.get().id, Role.get().key
    return planning_and_calling_off.plan(account, CAMELOT, [TODAY], role, place="x", schools_only=False, **hours)[0]


def test_each_slot_of_an_agenda_has_a_number_of_its_own(portal: Flask, meeting: Meeting) -> None:
    case = {"minutes": 20, "discussion": "first"}
    contend(portal, lambda number: agenda_slots.add_slot(meeting, SlotKind.CASE, CAMELOT, case))
    numbers = sorted(slot.number for slot in MeetingSlot.select())
    assert numbers == list(range(1, WRITERS + 1))
    slot = MeetingSlot.get()
    change = contend(portal, lambda number: agenda_slots.change_slot(slot, 1, {"minutes": 30}), Outdated)
    assert change == {None: 1, Outdated: ALL_BUT_ONE}


def test_a_meeting_is_changed_once_and_a_person_invited_once(portal: Flask, meeting: Meeting) -> None:
    person, values = coach().id, {**meeting.__data__, "place": "y"}
    values = {name: values[name] for name in ("day", "begins", "ends", "place")}
    role = Role.get().key
    change = contend(portal, lambda number: planning_and_calling_off.change(meeting, 1, role, values), Outdated)
    assert change == {None: 1, Outdated: ALL_BUT_ONE}
    once = {True: 1, False: ALL_BUT_ONE}
    assert contend(portal, lambda number: meetings.mark(meeting, person, None, 0)) == once
    assert contend(portal, lambda number: meetings.mark(meeting, person, 0, 1)) == once
    assert Participant.select().count() == 1


def test_an_account_has_one_feed(portal: Flask) -> None:
    account = Account.get().id
    contend(portal, lambda number: bool(meeting_calendar.renew(account)))
    assert MeetingFeed.select().count() == 1


def test_an_answer_and_a_report_of_a_meeting_are_stored_once(portal: Flask, meeting: Meeting) -> None:
    person = coach().id
    own = Participant.meeting == meeting.id
    contend(portal, lambda number: meetings.answer(meeting, person, Reply.COMING))
    assert Participant.select().where(own).count() == 1
    report = contend(
        portal,
        lambda number: meetings.store_report(
            meeting, 1, held=True, present={person, colleague(coach()).id}, outcomes={}
        ),
        Outdated,
    )
    assert report == {None: 1, Outdated: ALL_BUT_ONE}
    assert Participant.select().where(own & Participant.was_present).count() == 2
