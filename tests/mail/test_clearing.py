"""Retention of mail: the text goes once the mail is sent, and the address 30 days after it was
done. Only its key and state stay.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.admin.alarms_and_readiness import get_mail_state
from portal.config import Config
from portal.database import connection, current_engine, db
from portal.jobs.worker import tick
from portal.mail import outbox
from portal.mail.models import DeliveryFault, OutgoingMail
from portal.mail.outbox import Mail
from portal.mail.sending_and_retries import deliver_due
from tests.clock import stopped_at
from tests.conftest import make_app
from tests.mail.fixtures import MakeServer

pytestmark = pytest.mark.sqlite("searches the files for deleted text")

# Words that occur nowhere else.
MAIL = Mail(
    "mail:1", "xanthippe@kwiezel.example", "Over jodelen", "De link is hinkelbaan.",
    "zeemeermin@kwiezel.example", "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:Knikkerzak\r\n",
    "https://kwiezel.example/wipkip",
)  # fmt: skip
TEXT = {"hinkelbaan", "Knikkerzak"}
WORDS = {"xanthippe", "jodelen", "zeemeermin", "sjoelbakken", "wipkip", "tolhuisje", *TEXT}


@pytest.fixture
def portal(database: Path) -> Flask:
    """A portal without the demo flag, with one mail."""
    app = make_app(database)
    owe(MAIL)
    return app


def owe(mail: Mail) -> bool:
    with connection(), db.atomic():
        return outbox.enqueue(mail, "po.example")


def settle(state: str) -> None:
    with connection():
        OutgoingMail.update(state=state, error="550 sjoelbakken").execute()
        DeliveryFault.create(error="550 tolhuisje", advice="x", hits_all=False, since=clock.now())


def found(portal: Flask) -> set[str]:
    """The words that occur anywhere in the files of the database."""
    config: Config = portal.config["KERNWIJZER"]
    files = config.database.parent.glob(f"{config.database.name}*")
    content = b"".join(path.read_bytes() for path in files)
    return {word for word in WORDS if word.encode() in content}


def run_jobs(portal: Flask) -> None:
    with connection():
        tick([job for job in portal.extensions["jobs"] if job.name != "backup"])


def test_the_text_of_a_sent_mail_is_in_no_file(portal: Flask, make_server: MakeServer) -> None:
    with connection():
        assert deliver_due(make_server()) == 1
        current_engine().scrub()
    assert WORDS - found(portal) >= TEXT
    with connection():
        (row,) = outbox.list_mails()
    assert (row.state, row.recipient, row.subject) == ("sent", MAIL.recipient, MAIL.subject)


@pytest.mark.parametrize("state", ["sent", "failed", "captured", "dropped"])
def test_30_days_after_it_is_done_no_word_of_a_mail_is_in_any_file(portal: Flask, state: str) -> None:
    settle(state)
    now = clock.now()
    with stopped_at(now + timedelta(days=30)):
        run_jobs(portal)
        assert found(portal) == WORDS
    with stopped_at(now + timedelta(days=30, hours=1)):
        run_jobs(portal)
        assert found(portal) == set()
        with connection():
            assert outbox.list_mails() == []
            assert get_mail_state().failed == 0
            assert not outbox.send_again(OutgoingMail.get().id)


def test_a_waiting_mail_is_never_cleared(portal: Flask) -> None:
    with stopped_at(clock.now() + timedelta(days=400)):
        run_jobs(portal)
        with connection():
            assert OutgoingMail.get().body == MAIL.body


def test_a_cleared_mail_is_not_mailed_again_and_keeps_its_state(portal: Flask) -> None:
    settle("failed")
    with stopped_at(clock.now() + timedelta(days=31)):
        run_jobs(portal)
        assert not owe(MAIL)
        with connection():
            assert [mail.state for mail in outbox.list_states("mail:")] == ["failed"]
