"""A clock that was once a year ahead: every comparison with a stored moment also asks whether that
moment has been. Another machine whose clock is some seconds ahead, which none ever agree about, is
believed."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from portal import clock, throttle
from portal.accounts.models import Account
from portal.accounts.sign_in_links import redeem_link, request_sign_in
from portal.admin.alarms_and_readiness import get_backup_state, get_mail_state
from portal.backups.make_and_restore import make_backup
from portal.database import connection
from portal.directory.schools_and_kernen import get_calendar
from portal.jobs.worker import Job, tick
from portal.mail import outbox
from portal.mail.jobs import server
from portal.mail.models import OutgoingMail
from portal.mail.outbox import Mail
from portal.mail.sending_and_retries import deliver_due
from portal.requests.state_rules import State, is_overdue
from portal.site import current_site
from portal.throttle import Limit
from tests.checks import extract
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import make_job_run

SECONDS_AHEAD = f"{TODAY} 09:00:20"
AHEAD = date(TODAY.year + 1, TODAY.month, TODAY.day)
LIMIT = Limit("proef", 1, timedelta(minutes=15))


@pytest.fixture
def database(portal_copy: Flask) -> Iterator[None]:
    """A connection to a portal to write in."""
    with connection(), portal_copy.app_context():
        yield


@pytest.mark.usefixtures("database")
def test_an_attempt_from_the_future_blocks_nobody() -> None:
    with stopped_at(AHEAD):
        assert throttle.attempt(LIMIT, "noor")
        assert not throttle.attempt(LIMIT, "noor")
    assert throttle.wait(LIMIT, "noor") == timedelta(0)
    assert throttle.attempt(LIMIT, "noor")
    assert not throttle.attempt(LIMIT, "noor")


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=364)], ids=["at once", "on day 364"])
def test_a_session_from_the_future_is_none(portal_copy: Flask, age: timedelta) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    with stopped_at(AHEAD):
        client.sign_in("coordinator")
        assert client.get("/account").status_code == 200
    with stopped_at(TODAY + age):
        assert client.get("/account").status_code == 302


def test_a_session_that_was_used_in_the_future_is_none(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    with stopped_at(f"{TODAY} 15:00:00"):
        assert client.get("/account").status_code == 200
    with stopped_at(f"{TODAY} 09:05:00"):
        assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("ahead", "attempts"), [(timedelta(hours=3), 0), (timedelta(days=365), 0),
                            (timedelta(days=365), 3)],
)  # fmt: skip
def test_a_mail_from_the_future_leaves_at_once(portal_copy: Flask, ahead: timedelta, attempts: int) -> None:
    with connection():
        with stopped_at(clock.now() + ahead):
            outbox.enqueue(Mail("a", "noor@school.example", "Onderwerp", "Tekst"), "po.example")
        OutgoingMail.update(attempts=attempts).execute()
        demo = server(portal_copy.config["KERNWIJZER"])
        assert [deliver_due(demo), deliver_due(demo)] == [1, 0]


@pytest.mark.usefixtures("database")
def test_a_sign_of_life_from_the_future_is_none() -> None:
    job = Job("proef", timedelta(hours=1), timedelta(minutes=10), lambda: None)
    with stopped_at(AHEAD):
        make_job_run("mail", last_ok_at=clock.now())
        assert not get_mail_state().is_worker_silent
        tick([job])
    assert get_mail_state().is_worker_silent
    done: list[bool] = []
    tick([job._replace(run=lambda: done.append(True))])
    assert done


def test_a_backup_from_the_future_is_none(portal_copy: Flask) -> None:
    settings = portal_copy.config["KERNWIJZER"]
    with portal_copy.app_context():
        with stopped_at(AHEAD):
            make_backup(settings, clock.now())
            assert get_backup_state().is_healthy
        assert not get_backup_state().is_healthy
        make_backup(settings, clock.now())
        assert get_backup_state() == (clock.now(), True)


@pytest.mark.usefixtures("database")
def test_a_request_from_the_future_is_overdue() -> None:
    calendar = get_calendar()
    assert is_overdue(State.RECEIVED, AHEAD, TODAY, calendar)
    assert not is_overdue(State.RECEIVED, TODAY, TODAY, calendar)


# ---- Another machine, whose clock is twenty seconds ahead --------------------------------------


def test_who_signs_in_on_another_machine_is_signed_in(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    with stopped_at(SECONDS_AHEAD):
        client.sign_in("coordinator")
    assert client.get("/account").status_code == 200


def test_a_link_of_another_machine_works(portal_copy: Flask) -> None:
    with connection(), portal_copy.test_request_context():
        coordinator = Account.get(Account.role == "coordinator")
        with stopped_at(SECONDS_AHEAD):
            request_sign_in(coordinator.email, "a browser", "here", [], current_site())
        mail = OutgoingMail.select().order_by(OutgoingMail.id.desc()).get()
        token = extract(r"/inloggen/link/(\S+)", mail.body)
        assert redeem_link(token, "a browser") == coordinator


@pytest.mark.usefixtures("database")
def test_an_attempt_on_another_machine_counts() -> None:
    with stopped_at(SECONDS_AHEAD):
        assert throttle.attempt(LIMIT, "noor")
    assert not throttle.attempt(LIMIT, "noor")


@pytest.mark.usefixtures("database")
def test_a_job_that_another_machine_runs_is_left_to_it() -> None:
    ran: list[str] = []
    job = Job("proef", timedelta(hours=1), timedelta(minutes=10), lambda: ran.append("here"))

    def meanwhile_here() -> None:
        with stopped_at(f"{TODAY} 09:00:00"):
            tick([job])
        ran.append("there")

    with stopped_at(SECONDS_AHEAD):
        tick([job._replace(run=meanwhile_here)])
    tick([job])
    assert ran == ["there"]


@pytest.mark.usefixtures("database")
def test_the_worker_of_another_machine_is_heard() -> None:
    with stopped_at(SECONDS_AHEAD):
        make_job_run("mail", last_ok_at=clock.now())
        outbox.enqueue(Mail("a", "noor@school.example", "Onderwerp", "Tekst"), "po.example")
    OutgoingMail.delete().where(OutgoingMail.key != "a").execute()
    assert not get_mail_state().is_worker_silent
    assert not get_mail_state().is_overdue
