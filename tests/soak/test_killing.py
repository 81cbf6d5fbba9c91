"""Killed again and again in the middle of everything: what a page called received is there."""

import hashlib
import os
import random
import re
import signal
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.mail.postbox import Postbox
from tests.processes import Portal, Start, kill_all, needs_proc, wait_for
from tests.soak.conftest import LONG, MAILS, is_whole, no_demo
from tests.soak.visitor import CUT_OFF, Visitor, fields, until_answered

KILLS = int(os.environ.get("SOAK", "4"))


class Promised:
    """The submissions that the pages called received, and the answers that are wrong."""

    def __init__(self) -> None:
        self.requests: list[str] = []  # the key of each form
        self.notices: list[tuple[str, str]] = []  # number and text
        self.test_mails = 0
        self.strange: list[tuple[str, int]] = []

    def least(self) -> int:
        """How many of the kind that was promised least."""
        return min(len(self.requests), len(self.notices), self.test_mails)


def ask_for_a_session(visitor: Visitor, promised: Promised, number: str) -> None:
    form = visitor.fill(
        "/aanvragen/thema", onderwerp="meldcode", aantal="8", school="16LF00", toch="y",
        naam="Saskia de Boer", email=f"saskia{number}@school.example",
    )  # fmt: skip
    answer = visitor.ask("/aanvragen/thema", form)
    if answer.status == 302 and "/verstuurd/" in answer.location:
        promised.requests.append(answer.location.rpartition("/")[2])
    else:
        promised.strange.append(("request", answer.status))


def post_news(visitor: Visitor, promised: Promised, number: str, organisation: int) -> None:
    path = "/wijzigingen/nieuw?soort=nieuws"
    text = f"Nieuws nummer {number}."
    day = time.strftime("%Y-%m-%d")
    form = visitor.fill(
        path, dag=day, organisatie=str(organisation), tekst=text, stap="controleren"
    )
    preview = visitor.ask(path, form)
    if preview.status != 200:
        promised.strange.append(("preview", preview.status))
        return
    answer = visitor.ask(path, {**fields(preview.text), "stap": "plaatsen"})
    if found := re.match(r"/wijzigingen/(\d+)\?gedaan=geplaatst", answer.location):
        promised.notices.append((found[1], text))
    else:
        promised.strange.append(("notice", answer.status))


def mail_me(visitor: Visitor, promised: Promised, number: str) -> None:
    answer = visitor.ask("/beheer/post/test", visitor.fill("/beheer/post"))
    if answer.status == 302 and answer.location == "/beheer/post":
        promised.test_mails += 1
    else:
        promised.strange.append(("mail", answer.status))


def keep_doing(
    work: Callable[..., None], stop: threading.Event, visitor: Visitor, turn: int, *more: Any
) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        try:
            work(visitor, *more[:1], f"{turn}-{number}", *more[1:])
        except CUT_OFF:
            time.sleep(0.02)  # the server is gone: what was under way was not promised


def strike(portal: Portal) -> None:
    """Kill all of it at once, or first one of its processes and then, soon, the others."""
    one = random.choice([None, portal.process.pid, portal.web, portal.worker])
    if one is not None:
        os.kill(one, signal.SIGKILL)
        time.sleep(random.uniform(0, 0.2))
    kill_all(portal.process)
    wait_for(portal.is_gone)


@needs_proc
def test_confirmed_submissions_survive_every_kill(
    start: Start, database: Path, postbox: Postbox
) -> None:
    portal = Portal(start)
    cookie = Visitor(portal.port).sign_in("coordinator").cookie
    kill_all(portal.process)
    no_demo(database)
    organisation = small_organisation(database)
    promised, starts = Promised(), []
    for turn in range(KILLS):
        begun = time.monotonic()
        portal = Portal(start, **MAILS)
        until_answered(Visitor(portal.port, cookie), "/aanvragen")
        starts.append(time.monotonic() - begun)
        stop = threading.Event()
        work = ((ask_for_a_session,), (post_news, organisation), (mail_me,))
        visitors = [
            threading.Thread(
                target=keep_doing,
                args=(what, stop, Visitor(portal.port, cookie), turn, promised, *more),
            )
            for what, *more in work
        ]
        for visitor in visitors:
            visitor.start()
        if turn == 0:
            wait_for(lambda: promised.least() or promised.strange)
        time.sleep(random.uniform(0, 1))
        strike(portal)
        stop.set()
        for visitor in visitors:
            visitor.join()
        assert promised.strange == []
        assert is_whole(database)
        forget_attempts(database)
    there(database, promised)
    start("worker", **MAILS)
    wait_for(lambda: waiting(database) == 0, 300)
    everything_arrived(database, postbox)
    print(
        f"\n{KILLS} kills: {len(promised.requests)} requests, {len(promised.notices)} notices and "
        f"{promised.test_mails} test mails called received, all there; {len(postbox.letters)} mails"
        f" arrived; first answer after {statistics.median(starts):.1f} s, at most {max(starts):.1f}"
    )
    if LONG:
        assert promised.least() >= KILLS / 10  # a notice takes three questions
        # The slowest few say how busy the computer was.
        assert statistics.quantiles(starts, n=20)[-1] <= 3


def small_organisation(database: Path) -> int:
    """An organisation (its id) with few people to tell, so that mail does not take all the time."""
    return int(
        one(
            database,
            "SELECT o.id FROM organisation o JOIN school s ON s.organisation_id = o.id"
            " GROUP BY o.id ORDER BY count(*), o.id",
        )
    )


def forget_attempts(database: Path) -> None:
    """Nobody asks as often as this test does."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM attempt")
        connection.commit()


def there(database: Path, promised: Promised) -> None:
    """Everything that was promised stands in the database, with its mails."""
    for key in promised.requests:
        digest = hashlib.sha256(key.encode()).hexdigest()
        request = one(database, "SELECT id FROM request WHERE form_hash = ?", digest)
        mails = one(
            database,
            "SELECT count(*) FROM outgoing_mail WHERE key LIKE ?", f"request:{request}:%",
        )  # fmt: skip
        assert mails == 1  # with the link to confirm it
    for number, text in promised.notices:
        assert one(database, "SELECT text FROM notice WHERE id = ?", number) == text
    tests = one(database, "SELECT count(*) FROM outgoing_mail WHERE key LIKE 'test:%'")
    assert tests >= promised.test_mails


def waiting(database: Path) -> int:
    return int(one(database, "SELECT count(*) FROM outgoing_mail WHERE state = 'waiting'"))


def everything_arrived(database: Path, postbox: Postbox) -> None:
    arrived = {letter.message["Message-ID"] for letter in postbox.letters}
    with closing(sqlite3.connect(database)) as connection:
        sent = connection.execute(
            "SELECT state, message_id FROM outgoing_mail WHERE state != 'kept'"
        ).fetchall()
    assert {state for state, _ in sent} == {"sent"}
    assert {message for _, message in sent} <= arrived


def one(database: Path, sql: str, *values: object) -> Any:
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(sql, values).fetchone()
    assert row, (sql, values)
    return row[0]
