"""Retention: 30 days after closing, the personal data of a request is gone from the database file;
its facts stay."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.audit import AuditEntry
from portal.database import connection, db
from portal.jobs.clearing import CLEARING, clear_old
from portal.jobs.worker import tick
from portal.mail.models import OutgoingMail
from portal.notices.models import Recipient
from portal.requests.models import Request, RequestDetails, RequestStep
from portal.throttle import Attempt
from tests.clock import TODAY, stopped_at
from tests.factories import last_ok
from tests.requests.conftest import PLAN, Browser, ask, browse, link_in, mails, only_request

# Words that occur nowhere else.
CANARY = {
    "naam": "Xanthippe Kwiezel", "email": "xanthippe@kwiezel.example", "functie": "zeemeermin",
    "wens": "Wij willen leren jodelen op een waterfiets.", "telefoon": "0612345678",
    "in_huis": "De conciërge is kampioen sjoelbakken.",
}  # fmt: skip
WORDS = (
    "xanthippe", "kwiezel", "zeemeermin", "jodelen", "sjoelbakken", "12 34 56 78", "hinkelbaan",
    "knikkerzak", "tandpastamuseum", "kwibus", "pier@wala",
)  # fmt: skip


def words_in_file(portal: Flask) -> list[str]:
    """The words of `WORDS` that occur in the files of the database."""
    path: Path = portal.config["KERNWIJZER"].database
    with connection():
        assert db.execute_sql("PRAGMA secure_delete").fetchone() == (1,)
    content = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*")).lower()
    return [word for word in WORDS if word.encode() in content]


def run_jobs(portal: Flask) -> None:
    with connection():
        tick([job for job in portal.extensions["jobs"] if job.name != "mail"])


def clear(portal: Flask) -> None:
    with connection():
        tick([job for job in portal.extensions["jobs"] if job.name == CLEARING])


@pytest.mark.sqlite("searches the files for deleted text")
def test_30_days_after_closing_no_personal_data_is_in_the_file(own_portal: Flask) -> None:
    """With all jobs, which know the folders of this portal."""
    browser = browse(own_portal)
    with connection():  # otherwise reminding them takes half of the time of all jobs
        Recipient.update(seen_at=clock.now()).execute()
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader", CANARY["email"]), **CANARY)
        browser("reader")  # gives the account an address that may stay
        link = link_in(mails("copy")[0])
        browser().submit(f"{link}/bericht", {"bericht": "Neem een hinkelbaan mee."})
        admin_path = f"/beheer/aanvragen/{only_request().id}"
        coordinator = browser("coordinator")
        plan = PLAN | {
            "planned-dag": "2026-11-25", "planned-toelichting": "Neem een knikkerzak mee.",
            "planned-plaats": "Het tandpastamuseum", "planned-leider": "Dirk Kwibus",
            "planned-adressen": "pier@wala.example",
        }  # fmt: skip
        assert coordinator.submit(f"{admin_path}/plannen", plan).status_code == 302
        coordinator.submit(f"{admin_path}/afronden")
        # A pending form holds the same text.
        ask(browser(), **CANARY, csrf_token="x")
        run_jobs(own_portal)
        assert any("knikkerzak" in mail.calendar.replace("\r\n ", "") for mail in mails())
        assert set(words_in_file(own_portal)) == set(WORDS)
        now.tick(timedelta(days=30) - timedelta(minutes=1))
        clear(own_portal)
        assert "jodelen" in words_in_file(own_portal)
        assert "jodelen" in browser().get(link).text
        now.tick(timedelta(hours=2))
        run_jobs(own_portal)
        assert words_in_file(own_portal) == []

        assert mails() == []
        row = only_request()
        assert (row.kind, row.state, row.school_id, row.account_id) == (
            "theme", "done", "16LF00", None,
        )  # fmt: skip
        page = browser().get(link).text
        assert "Wie dit vroeg en wat er geschreven is, is gewist." in page
        assert "Afgerond" in page
        coordinator = browser("coordinator")
        assert "is gewist" in coordinator.get(admin_path).text
        assert coordinator.submit(f"{admin_path}/behandelen").status_code == 409
        assert only_request().state == "done", "a cleared request is not reopened"
        assert "1 aanvraag" in coordinator.get("/beheer/aanvragen/overzicht").text
        with connection():
            assert AuditEntry.select().where(AuditEntry.action == "cleared").count() == 1


@pytest.mark.sqlite("searches the files for deleted text")
def test_deleted_text_that_is_not_overwritten_is_detected(portal_copy: Flask, browser: Browser) -> None:
    """The test above can fail: without `secure_delete`, deleted text stays in the file."""
    ask(browser("reader", CANARY["email"]), **CANARY)
    with connection():
        db.execute_sql("PRAGMA secure_delete = 0")
        for model in (OutgoingMail, RequestDetails):
            model.delete().execute()
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute_sql("PRAGMA secure_delete = 1")
    assert "jodelen" in words_in_file(portal_copy)


def test_an_open_request_is_never_cleared(portal_copy: Flask, browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader", CANARY["email"]), **CANARY)
        now.tick(timedelta(days=400))
        clear(portal_copy)
        assert "jodelen" in words_in_file(portal_copy)


def test_a_reopened_request_is_not_cleared(portal_copy: Flask, browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader", CANARY["email"]), **CANARY)
        admin_path = f"/beheer/aanvragen/{only_request().id}"
        coordinator = browser("coordinator")
        coordinator.submit(f"{admin_path}/afronden")
        coordinator.submit(f"{admin_path}/behandelen")
        now.tick(timedelta(days=31))
        clear(portal_copy)
        with connection():
            assert RequestDetails.select().count() == 1


def test_a_withdrawn_request_that_nobody_read_waits_no_longer_once_cleared(
    portal_copy: Flask, browser: Browser
) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader", CANARY["email"]), **CANARY)
        browser().submit(f"{link_in(mails('copy')[0])}/intrekken", {"reden": "Ziek."})
        listed = "Basisschool Camelot"
        assert listed in browser("coordinator").get("/beheer/aanvragen").text
        now.tick(timedelta(days=31))
        clear(portal_copy)
        coordinator = browser("coordinator")
        assert listed not in coordinator.get("/beheer/aanvragen").text
        assert "Er wacht geen aanvraag" in coordinator.get("/beheer").text


def test_an_unconfirmed_request_is_deleted_after_three_days(portal_copy: Flask, browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser(), **CANARY)
        link = link_in(mails("confirm")[0])
        assert "De link werkt drie dagen." in mails("confirm")[0].body
        now.tick(timedelta(days=2, hours=23))
        clear(portal_copy)
        assert browser().get(link).status_code == 200
        now.tick(timedelta(hours=2))
        clear(portal_copy)
        assert browser().get(link).status_code == 404
        assert words_in_file(portal_copy) == []
        with connection():
            assert Request.select().count() == RequestStep.select().count() == 0
            assert Attempt.select().count() == 0


def test_the_page_of_techniek_lists_the_job(portal_copy: Flask, browser: Browser) -> None:
    clear(portal_copy)
    with connection():
        assert last_ok(CLEARING) == clock.now()
    page = browser("coordinator").get("/beheer/techniek").text
    assert "Wissen wat lang genoeg bewaard is" in page


def test_clearing_is_idempotent(portal_copy: Flask) -> None:
    with connection():
        clear_old(portal_copy.extensions["clearings"])
        assert clear_old(portal_copy.extensions["clearings"]) == 0


def test_the_search_index_holds_no_requests(portal_copy: Flask, browser: Browser) -> None:
    ask(browser("reader", CANARY["email"]), **CANARY)
    with connection():
        rows = db.execute_sql("SELECT * FROM search_document").fetchall()
    assert "jodelen" not in json.dumps(rows, default=str)


def test_the_privacy_page_names_the_retention_period(browser: Browser) -> None:
    page = browser().get("/privacy").text
    assert "Aanvragen" in page
    assert "30 dagen" in page
