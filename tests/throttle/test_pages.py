"""Nobody copies the directory page by page: 300 pages in ten minutes for each account."""

import os
import signal
from datetime import timedelta

import pytest
from flask import Flask

from portal.database import db
from portal.throttle.pages import PAGES, WINDOW, PageCounter
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient

CARD = "/personen/3.vcf"


@pytest.fixture
def hurried(portal_copy: Flask) -> Flask:
    """A portal where a fourth page is too many."""
    portal_copy.extensions["pages"] = PageCounter(3)
    return portal_copy


def client(portal: Flask, role: str = "") -> CheckedClient:
    made = CheckedClient(portal, portal.response_class)
    return made.sign_in(role) if role else made


def test_the_limit_is_300_pages_in_ten_minutes() -> None:
    counter = PageCounter()
    with stopped_at(f"{TODAY} 09:00:00") as clock:
        assert {counter.count("noor") for _ in range(PAGES)} == {timedelta(0)}
        assert PAGES == 300
        assert counter.count("noor") == WINDOW == timedelta(minutes=10)
        assert counter.count("saskia") == timedelta(0)
        clock.tick(WINDOW - timedelta(seconds=1))
        assert counter.count("noor") == timedelta(seconds=1)
        clock.tick(timedelta(seconds=1))
        assert counter.count("noor") == timedelta(0)


def test_pages_from_the_future_do_not_count() -> None:
    counter = PageCounter(1)
    with stopped_at(f"{TODAY} 10:00:00"):
        assert counter.count("noor") == timedelta(0)
        assert counter.count("noor") == WINDOW
    assert counter.count("noor") == timedelta(0)


def test_a_page_of_another_process_counts() -> None:
    counter = PageCounter(2)
    counter.count("noor")
    if (child := os.fork()) == 0:
        counter.count("noor")
        os.kill(os.getpid(), signal.SIGKILL)  # without what pytest does at an exit
    os.waitpid(child, 0)
    assert counter.count("noor") > timedelta(0)


@pytest.mark.parametrize("path", [CARD, "/scholen", "/?q=haarlem", "/account"])
def test_above_the_limit_a_page_says_so_in_dutch(hurried: Flask, path: str) -> None:
    reader = client(hurried, "reader")
    assert [reader.get(path).status_code for _ in range(3)] == [200] * 3
    refused = reader.get(path)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "600"
    assert "<h1>Dat ging te snel</h1>" in refused.text
    assert "Wacht tien minuten en ga dan verder." in refused.text
    assert reader.get("/?q=de", headers={"HX-Request": "true"}).status_code == 429


def test_what_stays_open_above_the_limit(hurried: Flask) -> None:
    """Another account, public pages, health checks and forms."""
    reader = client(hurried, "reader")
    for _ in range(4):
        reader.get(CARD)
    assert client(hurried, "member").get(CARD).status_code == 200
    for path in ("/privacy", "/aanvragen", "/healthz"):
        assert reader.get(path).status_code == 200, path
    assert reader.submit("/uitloggen").status_code == 302


@pytest.mark.parametrize("role", ["", "coordinator", "administrator"])
def test_who_is_not_counted(hurried: Flask, role: str) -> None:
    """Readers on a trusted network, who share an address, and those who may export all."""
    visitor = client(hurried, role)
    assert {visitor.get(CARD).status_code for _ in range(6)} == {200}


@pytest.mark.sqlite("counts the rows that a connection changed")
def test_counting_writes_nothing(app: Flask) -> None:
    reader = client(app, "reader")
    reader.get(CARD)
    before = db.connection().total_changes
    reader.get(CARD)
    assert db.connection().total_changes == before
