"""Data go when their period is over: details, visits, accounts, notices, words, the trail."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from peewee import IntegrityError

from portal import audit, clock
from portal.accounts.clearing import clear_ended, clear_ended_details, clear_visits
from portal.accounts.models import Account
from portal.audit import AuditEntry
from portal.database import connection, db
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind
from portal.directory.clearing import clear_trail
from portal.directory.models import ContactDetail, Person
from portal.imports.models import RememberedWord
from portal.imports.remembered_words import clear_words
from portal.mail.models import OutgoingMail
from portal.notices.clearing import clear_archived
from portal.notices.models import Notice, Recipient
from portal.retention_periods import CHANGES, NOTICES
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import coach, make_account, make_detail, make_notice, make_recipient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_number_goes_after_its_end_and_an_address_stays_while_it_signs_in(portal_copy: Flask) -> None:
    me = coach()
    account = make_account(person=me)
    kept = [make_detail(me, "+31611111111"), make_detail(me, account.email, "email")]
    ended = make_detail(me, "+31622222222")
    with connection():
        for detail, until in ((kept[1], TODAY - timedelta(days=1)), (ended, TODAY)):
            ContactDetail.update(valid_until=until).where(ContactDetail.id == detail.id).execute()
        clear_ended_details(NOON)
        assert ContactDetail.get_or_none(ContactDetail.id == ended.id)
        clear_ended_details(NOON + timedelta(days=1))
        assert not ContactDetail.get_or_none(ContactDetail.id == ended.id)
        left = [ContactDetail.get_or_none(ContactDetail.id == one.id) for one in kept]
        assert None not in left


def test_visits_and_accounts_of_nobody_go(portal_copy: Flask) -> None:
    account, other = make_account(), make_account(person=coach())
    with connection():
        days = {"visited_on": TODAY, "visited_before_on": TODAY - timedelta(days=9)}
        Account.update(active_until=TODAY - timedelta(days=1), **days).where(
            Account.id.in_([account.id, other.id])
        ).execute()
        clear_visits(NOON)
        assert Account.get_by_id(other.id).visited_on == TODAY
        assert Account.get_by_id(other.id).visited_before_on is None
        clear_ended(NOON - timedelta(days=1))
        assert Account.get_or_none(Account.id == account.id)
        clear_ended(NOON)
        assert not Account.get_or_none(Account.id == account.id)
        assert Account.get_or_none(Account.id == other.id)  # goes with the person


def test_a_notice_goes_half_a_year_after_the_archive(portal_copy: Flask, coordinator: CheckedClient) -> None:
    """With its recipients and mails; its address says so, and the trail keeps it."""
    absent = make_notice(kind="afwezigheid", valid_from=TODAY)  # until somebody says otherwise
    over = make_notice(kind="afwezigheid", valid_from=TODAY, valid_until=date(2027, 1, 1))
    make_recipient(over, coach())
    with connection():
        OutgoingMail.create(
            key=f"notice:{over.id}:1", recipient="a@x.example", subject="x", body="",
            message_id="<n>", created_at=NOON, waiting_since=NOON, next_attempt_at=NOON,
        )  # fmt: skip
        edge = datetime(2027, 1, 1, 12, tzinfo=UTC)
        with stopped_at(edge + NOTICES.period):
            clear_archived(edge - timedelta(days=1))
            assert Notice.get_or_none(Notice.id == over.id)
            clear_archived(edge)
        assert Notice.get_or_none(Notice.id == absent.id)
        assert not Notice.get_or_none(Notice.id == over.id)
        assert not Recipient.get_or_none(Recipient.notice == over.id)
        assert not OutgoingMail.get_or_none(OutgoingMail.key == f"notice:{over.id}:1")
    assert coordinator.get(f"/wijzigingen/{over.id}").status_code == 410
    assert coordinator.get("/wijzigingen/999999").status_code == 404
    assert coordinator.get("/beheer/spoor").status_code == 200


def test_the_name_of_a_person_in_files_goes_before_the_words_of_a_sender(portal_copy: Flask) -> None:
    with connection():
        for sender, key, used_on in (
            ("cjg", "person:anna", TODAY - timedelta(days=1)), ("cjg", "role:ib", TODAY),
            ("cjg", "school:ark", TODAY - timedelta(days=900)),
            ("ggd", "role:arts", TODAY - timedelta(days=1)),
        ):  # fmt: skip
            RememberedWord.create(sender=sender, key=key, word="x", meaning="x", used_on=used_on)
        clear_words(NOON)
        left = {(word.sender, word.key) for word in RememberedWord.select()}
    assert left == {("cjg", "role:ib"), ("cjg", "school:ark")}


def test_the_trail_goes_after_two_years_and_not_before(portal_copy: Flask) -> None:
    old = clock.now() - CHANGES.period - timedelta(days=9)
    with connection():
        with db.atomic(), stopped_at(old):
            first = ChangeSet.begin(ChangeSetKind.EDIT, None)
            first.change(Person.get_by_id(coach().id), hours="9-17")
            audit.record(None, "exported", "trail", 7)
        with db.atomic():
            second = ChangeSet.begin(ChangeSetKind.EDIT, None)
            second.change(Person.get_by_id(coach().id), hours="9-18")
        clear_trail(clock.now() - CHANGES.period)
        assert ChangeSet.get_or_none(ChangeSet.id == first.id) is None
        assert Change.select().where(Change.change_set == first.id).count() == 0
        assert AuditEntry.select().where(AuditEntry.subject_id == "7").count() == 0
        assert Change.select().where(Change.change_set == second.id).count() == 1


@pytest.mark.parametrize("model", [AuditEntry, Change, ChangeSet])
def test_the_database_keeps_what_is_younger(portal_copy: Flask, model: type) -> None:
    with connection():
        with db.atomic(), stopped_at(datetime.now(UTC)):  # the database looks at a clock of its own
            change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
            change_set.change(Person.get_by_id(coach().id), hours="9-17")
            audit.record(None, "exported", "trail", 7)
        newest = model.select().order_by(model.id.desc()).get()  # type: ignore[attr-defined]
        with pytest.raises(IntegrityError), db.atomic():
            newest.delete_instance()


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
