"""The outbox: a mail is stored once, in the transaction of its event, until it is sent."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.admin.alarms_and_readiness import MAIL_OVERDUE_AFTER, get_mail_state
from portal.database import connection, db
from portal.mail import outbox as outgoing
from portal.mail import sending_and_retries
from portal.mail.faults import Fault
from portal.mail.models import DeliveryState, OutgoingMail
from portal.mail.outbox import Mail
from portal.mail.sending_and_retries import deliver_due
from tests.clock import stopped_at
from tests.mail.fixtures import MakeServer
from tests.mail.postbox import Postbox

pytestmark = pytest.mark.usefixtures("outbox")

HOST = "po.example"


def owe(key: str, **changes: Any) -> OutgoingMail:
    mail = Mail(key, "noor@school.example", f"Over {key}", "Dag Noor")._replace(**changes)
    assert outgoing.enqueue(mail, HOST)
    return OutgoingMail.get(OutgoingMail.key == key)


def settle(mail: OutgoingMail, state: str) -> None:
    OutgoingMail.update(state=state).where(OutgoingMail.id == mail.id).execute()


class Regret(Exception):
    pass


def test_a_rolled_back_event_leaves_no_mail() -> None:
    with pytest.raises(Regret), db.atomic():
        owe("aanvraag:1")
        raise Regret
    assert outgoing.list_mails() == []


def test_a_committed_event_leaves_a_waiting_mail() -> None:
    with db.atomic():
        owe("aanvraag:1", reply_to="coach@cjg.example")
    (row,) = outgoing.list_mails()
    assert (row.state, row.attempts, row.done_at, row.error) == ("waiting", 0, None, "")
    assert (row.recipient, row.subject) == ("noor@school.example", "Over aanvraag:1")
    assert row.body == "Dag Noor"
    assert row.created_at == row.next_attempt_at == clock.now()


def test_a_second_mail_of_the_same_event_is_dropped() -> None:
    first = owe("aanvraag:1")
    assert not outgoing.enqueue(Mail("aanvraag:1", "ander@school.example", "Nog eens", ""), HOST)
    (row,) = outgoing.list_mails()
    assert (row.id, row.recipient, row.subject) == (first.id, first.recipient, first.subject)


def test_a_second_mail_of_the_same_event_does_not_undo_the_transaction() -> None:
    owe("aanvraag:1")
    with db.atomic():
        outgoing.enqueue(Mail("aanvraag:1", "noor@school.example", "Nog eens", ""), HOST)
        owe("aanvraag:2")
    assert len(outgoing.list_mails()) == 2


def test_a_second_mail_is_dropped_after_the_first_was_sent_as_well() -> None:
    settle(owe("aanvraag:1"), DeliveryState.SENT)
    assert not outgoing.enqueue(Mail("aanvraag:1", "noor@school.example", "Weer", ""), HOST)


def test_each_mail_has_a_message_id_of_its_own_at_the_host() -> None:
    ids = [owe(f"aanvraag:{number}").message_id for number in range(20)]
    assert len(set(ids)) == 20
    assert all(re.fullmatch(r"<[0-9a-f]{24}@po\.example>", each) for each in ids)


def test_the_message_id_does_not_reveal_the_event() -> None:
    assert "aanvraag" not in owe("aanvraag:1").message_id


def test_the_message_id_stays_the_same_over_every_attempt(postbox: Postbox, make_server: MakeServer) -> None:
    fixed = owe("aanvraag:1").message_id
    postbox.answer("DATA", "451 Later", "451 Later")
    for _ in range(3):
        with stopped_at(OutgoingMail.get().next_attempt_at):
            deliver_due(make_server())
        assert (mail := OutgoingMail.get()).message_id == fixed
    assert (mail.state, mail.attempts, len(postbox.senders)) == ("sent", 2, 3)
    assert postbox.letters[0].message["Message-ID"] == fixed


def test_line_breaks_are_removed_before_a_mail_is_stored() -> None:
    mail = owe("1", subject="Over\r\nname", reply_to="a@x.example\u2028", recipient="\vb@x.example")
    assert (mail.subject, mail.reply_to, mail.recipient) == ("Over name", "a@x.example", "b@x.example")


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.FAILED])
def test_sending_again_resets_the_attempts_and_is_due_now(state: str) -> None:
    mail = owe("aanvraag:1")
    later = clock.now() + timedelta(hours=12)
    OutgoingMail.update(state=state, attempts=7, next_attempt_at=later).execute()
    with stopped_at(clock.now() + timedelta(hours=1)):
        assert outgoing.send_again(mail.id)
        [row] = outgoing.list_mails()
        assert (row.state, row.attempts, row.next_attempt_at) == ("waiting", 0, clock.now())
    assert OutgoingMail.get().message_id == mail.message_id


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.CAPTURED])
def test_a_mail_that_is_done_is_not_sent_again(state: str) -> None:
    mail = owe("aanvraag:1")
    settle(mail, state)
    assert not outgoing.send_again(mail.id)
    assert OutgoingMail.get().state == state


def test_a_mail_that_is_being_sent_is_left_to_its_worker(postbox: Postbox, make_server: MakeServer) -> None:
    """Sending it again would be a second copy."""
    owe("aanvraag:1")

    def press() -> None:
        with connection():
            assert outgoing.send_again(OutgoingMail.get().id)

    postbox.before_answer = press
    assert deliver_due(make_server()) == 1
    assert OutgoingMail.get().state == "sent"
    assert len(postbox.letters) == 1


def test_sending_again_affects_one_mail() -> None:
    first, second = owe("aanvraag:1"), owe("aanvraag:2")
    settle(first, DeliveryState.FAILED)
    settle(second, DeliveryState.FAILED)
    outgoing.send_again(second.id)
    assert [row.state for row in (OutgoingMail.get_by_id(m.id) for m in (first, second))] == ["failed", "waiting"]
    assert not outgoing.send_again(999)


def test_failed_and_waiting_mails_are_listed_first_and_then_the_newest() -> None:
    states = ["sent", "failed", "captured", "waiting", "sent", "failed", "waiting", "captured"]
    for number, state in enumerate(states):
        settle(owe(str(number)), state)
    listed = [(row.subject[-1], row.state) for row in outgoing.list_mails()]
    assert listed[:4] == [("5", "failed"), ("1", "failed"), ("6", "waiting"), ("3", "waiting")]
    assert [number for number, _ in listed[4:]] == ["7", "4", "2", "0"]
    assert len(outgoing.list_mails(limit=3)) == 3


def test_a_failed_mail_is_listed_first_however_many_came_after_it() -> None:
    with db.atomic():
        settle(owe("aanvraag:1"), DeliveryState.FAILED)
        for number in range(501):
            owe(f"bericht:{number}")
        OutgoingMail.update(state="sent").where(OutgoingMail.state == "waiting").execute()
    assert outgoing.list_mails()[0].state == DeliveryState.FAILED


def test_waiting_mails_are_counted_and_the_oldest_is_overdue_first() -> None:
    assert (get_mail_state().waiting, get_mail_state().is_overdue) == (0, False)
    begun = clock.now()
    with stopped_at(begun) as frozen:
        for key in ("een", "twee", "drie"):
            owe(key)
            frozen.tick(MAIL_OVERDUE_AFTER / 2)
    first, second, third = OutgoingMail.select().order_by(OutgoingMail.id)
    with stopped_at(begun + MAIL_OVERDUE_AFTER + timedelta(seconds=1)):
        assert (get_mail_state().waiting, get_mail_state().is_overdue) == (3, True)
        settle(first, DeliveryState.SENT)
        assert (get_mail_state().waiting, get_mail_state().is_overdue) == (2, False)
        settle(second, DeliveryState.FAILED)
        settle(third, DeliveryState.CAPTURED)
        assert (get_mail_state().waiting, get_mail_state().is_overdue) == (0, False)


def test_a_retried_mail_still_waits_since_it_was_stored(postbox: Postbox, make_server: MakeServer) -> None:
    owe("aanvraag:1")
    begun = clock.now()
    postbox.answer("DATA", "451 Later")
    with stopped_at(begun + timedelta(hours=2)):
        deliver_due(make_server())
        assert (get_mail_state().waiting, get_mail_state().is_overdue) == (1, True)


def test_failed_mails_are_counted() -> None:
    for number, state in enumerate(["failed", "sent", "failed", "waiting", "captured"]):
        settle(owe(str(number)), state)
    assert get_mail_state().failed == 2


def plans(run: Callable[[], object]) -> list[str]:
    """The plan of each statement about mails that `run` executes."""
    statements: list[tuple[str, Any]] = []

    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.msg, tuple) and "outgoing_mail" in record.msg[0]:
                statements.append(record.msg)

    logger, recorder = logging.getLogger("peewee"), Recorder()
    level = logger.level
    logger.addHandler(recorder)
    logger.setLevel(logging.DEBUG)
    try:
        with db.atomic():  # as what a mail came to is stored
            run()
    finally:
        logger.removeHandler(recorder)
        logger.setLevel(level)
    return [row[3] for sql, values in statements for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.sqlite("reads the plans of SQLite")
@pytest.mark.parametrize(
    "run",
    [
        lambda: outgoing.list_states("notice:1:"),
        lambda: outgoing.clear("request:1:"),
        lambda: outgoing.clear_done(clock.now()),
        lambda: outgoing.list_mails(),
        lambda: outgoing.list_mails(50, 50, outgoing.MailFilter("x", "", {"a@x.example"})),
        lambda: get_mail_state(),
        lambda: sending_and_retries._claim(timedelta(minutes=5)),
        lambda: sending_and_retries._postpone_all(OutgoingMail.get_by_id(1), Fault("x", hits_all=True)),
    ],
)
def test_no_statement_reads_all_the_mails_there_ever_were(run: Callable[[], object]) -> None:
    """Keys stay for ever, so that this table only grows."""
    owe("request:2:copy")
    for line in plans(run):
        # t2 is the table of faults, which has one row.
        scans_all = re.match(r"SCAN (?!t2$)\S+(?! USING INDEX outgoing_mail_not_cleared)$", line)
        assert not scans_all, line


def test_a_prefix_of_keys_ends_where_its_numbers_end() -> None:
    for key in ("notice:1:2", "notice:1:changed:3", "notice:11:2", "notice:1", "Notice:1:5"):
        owe(key)
    keys = {state.key for state in outgoing.list_states("notice:1:")}
    assert keys == {"notice:1:2", "notice:1:changed:3"}
