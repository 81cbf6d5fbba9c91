"""Visitors who keep sending, what the pages called received, and whether all of it is stored."""

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from portal.database import make_engine
from tests.mail.postbox import Postbox
from tests.processes import today
from tests.soak.visitor import CUT_OFF, Visitor, fields


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

    def __str__(self) -> str:
        return (
            f"{len(self.requests)} requests, {len(self.notices)} notices and {self.test_mails} "
            "test mails called received"
        )


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
    form = visitor.fill(path, dag=str(today()), organisatie=str(organisation), tekst=text, stap="controleren")
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


class Visitors:
    """Three visitors at once, each of whom does the same again and again until `leave`. `forget` is
    called now and then: in a long turn they ask more often than an hour allows."""

    def __init__(
        self, make: Callable[[], Visitor], turn: int, promised: Promised, organisation: int,
        forget: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._stop, self._forget = threading.Event(), forget
        work = ((ask_for_a_session,), (post_news, organisation), (mail_me,))
        self._threads = [
            threading.Thread(target=self._keep_doing, args=(what, make(), turn, promised, *more))
            for what, *more in work
        ]
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _keep_doing(
        self, work: Callable[..., None], visitor: Visitor, turn: int, promised: Promised, *more: Any
    ) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            if number % 10 == 0:
                self._forget()
            try:
                work(visitor, promised, f"{turn}-{number}", *more)
            except CUT_OFF:
                time.sleep(0.02)  # the server is gone: what was under way was not promised


class Stored:
    """The database of a portal that serves, whatever its engine."""

    def __init__(self, url: str) -> None:
        self._database = make_engine(url).db

    def list(self, sql: str, *values: object) -> list[Any]:
        """The rows of a select; `?` stands for a value."""
        with self._database.connection_context():
            cursor = self._database.execute_sql(sql.replace("?", self._database.param), values)
            return list(cursor.fetchall())

    def one(self, sql: str, *values: object) -> Any:
        """The first column of the first row, which must be there."""
        rows = self.list(sql, *values)
        assert rows, (sql, values)
        return rows[0][0]

    def change(self, sql: str) -> None:
        """Run a statement, such as a delete."""
        with self._database.connection_context(), self._database.atomic():
            self._database.execute_sql(sql)

    def no_demo(self) -> None:
        """From now on it mails, like a portal that is not for trying out."""
        self.change("DELETE FROM database_flag WHERE name = 'demo'")

    def forget_attempts(self) -> None:
        """Forget the attempts: no visitor asks as often as this test does."""
        self.change("DELETE FROM attempt")

    def small_organisation(self) -> int:
        """An organisation (its id) with few people to tell, so that mail does not take all the
        time."""
        return int(
            self.one(
                "SELECT o.id FROM organisation o JOIN school s ON s.organisation_id = o.id"
                " GROUP BY o.id ORDER BY count(*), o.id"
            )
        )

    def waiting(self) -> int:
        """How many mails are still to be sent."""
        return int(self.one("SELECT count(*) FROM outgoing_mail WHERE state = 'waiting'"))

    def holds(self, promised: Promised) -> None:
        """Each promise stands in the database, with its mails."""
        for key in promised.requests:
            digest = hashlib.sha256(key.encode()).hexdigest()
            request = self.one("SELECT id FROM request WHERE form_hash = ?", digest)
            mails = self.one("SELECT count(*) FROM outgoing_mail WHERE key LIKE ?", f"request:{request}:%")
            assert mails == 1  # with the link to confirm it
        for number, text in promised.notices:
            assert self.one("SELECT text FROM notice WHERE id = ?", int(number)) == text
        tests = self.one("SELECT count(*) FROM outgoing_mail WHERE key LIKE ?", "test:%")
        assert tests >= promised.test_mails

    def everything_arrived(self, postbox: Postbox) -> int:
        """Every mail arrived, each under one Message-ID; gives the number of second copies."""
        arrived = Counter(letter.message["Message-ID"] for letter in postbox.letters)
        sent = self.list("SELECT state, message_id FROM outgoing_mail WHERE state != 'kept'")
        assert {state for state, _ in sent} == {"sent"}
        assert {message for _, message in sent} == arrived.keys()
        assert len(sent) == len(arrived)
        return arrived.total() - len(sent)
