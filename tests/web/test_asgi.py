"""A request takes a thread only once it is complete, and reaches the application as it was sent."""

import asyncio
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from portal.web import asgi
from portal.web.asgi import MAX_DRAINED, Front
from portal.web.form_size import MAX_BODY, MAX_BODY_WITH_FILE

FORM = (b"content-type", b"application/x-www-form-urlencoded")


class Recorder:
    """A WSGI application that remembers what it was asked."""

    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.closed = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1")])
        answer = io.BytesIO(b"one two")
        self._close = answer.close
        answer.close = self.close  # type: ignore[method-assign]  # to see that it is called
        return answer

    def close(self) -> None:
        self.closed = True


def ask(
    application: Any,
    *parts: bytes | None,
    headers: Iterable[tuple[bytes, bytes]] = (),
    method: str = "POST",
    path: str = "/inloggen",
    takes_file: Callable[[str], bool] = lambda path: False,
) -> tuple[int, dict[bytes, bytes], bytes] | None:
    """The answer to a request whose body comes in these parts; None: no answer was sent.

    A part that is None never comes; after the last part of another request the client is gone.
    """
    sent: list[dict[str, Any]] = []
    coming = list(parts)

    async def receive() -> dict[str, Any]:
        if not coming:
            return {"type": "http.disconnect"}
        part = coming.pop(0)
        if part is None:
            await asyncio.sleep(60)
        more = bool(coming) or (part or b"").startswith(b"cut")
        return {"type": "http.request", "body": part, "more_body": more}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"q=1", "scheme": "http",
        "http_version": "1.1", "server": ("127.0.0.1", 5000), "client": ("192.0.2.7", 4711),
        "headers": [(b"host", b"127.0.0.1"), *headers],
    }  # fmt: skip
    # In a thread of its own: the browser of other tests keeps an event loop in the main thread.
    with ThreadPoolExecutor(1) as thread:
        front = Front(application, takes_file=takes_file)
        thread.submit(lambda: asyncio.run(front(scope, receive, send))).result()
    if not sent:
        return None
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_the_application_gets_the_request_as_it_was_sent() -> None:
    recorder = Recorder()
    answer = ask(
        recorder, b"a=1&", b"b=2", path="/scholen/één",
        headers=[FORM, (b"accept", b"text/html"), (b"accept", b"text/plain")],
    )  # fmt: skip
    environ = recorder.environ
    assert answer == (200, {b"content-type": b"text/plain", b"set-cookie": b"a=1"}, b"one two")
    assert recorder.body == b"a=1&b=2"
    assert recorder.closed
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/scholen/één"
    assert environ["QUERY_STRING"] == "q=1"
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert environ["HTTP_ACCEPT"] == "text/html,text/plain"
    assert environ["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert environ["CONTENT_LENGTH"] == "7"


def test_a_chunked_body_has_the_length_that_was_read() -> None:
    recorder = Recorder()
    ask(recorder, b"a=1", headers=[FORM, (b"transfer-encoding", b"chunked")])
    assert recorder.environ["CONTENT_LENGTH"] == "3"
    assert "HTTP_TRANSFER_ENCODING" not in recorder.environ


def test_a_body_that_never_comes_gets_408_and_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "READ_TIMEOUT", 0.01)
    recorder = Recorder()
    status, headers, body = ask(recorder, b"a=1", None) or (0, {}, b"")
    assert status == 408
    assert headers[b"connection"] == b"close"
    assert b"verstuur het opnieuw" in body
    assert recorder.environ == {}


def test_a_client_that_goes_away_is_not_answered() -> None:
    recorder = Recorder()
    assert ask(recorder, b"cut off") is None
    assert recorder.environ == {}


@pytest.mark.parametrize(
    ("parts", "closes"),
    [(MAX_BODY // 1024 + 1, False), (MAX_DRAINED // 1024 + 1, True)],
    ids=["a little too large", "much too large"],
)
def test_a_body_that_is_too_large_is_refused_with_a_page(app: Flask, parts: int, closes: bool) -> None:
    status, headers, body = ask(app, *[b"a" * 1024] * parts, headers=[FORM]) or (0, {}, b"")
    assert status == 413
    assert "te groot" in body.decode()
    assert (headers.get(b"connection") == b"close") is closes


def test_no_more_than_the_limit_is_held_in_memory() -> None:
    recorder = Recorder()
    ask(recorder, *[b"a" * 1024] * 1000, headers=[FORM])
    assert len(recorder.body) == MAX_BODY
    assert recorder.environ["CONTENT_LENGTH"] == str(1000 * 1024)


def test_a_path_that_takes_a_file_gets_it_whole() -> None:
    recorder = Recorder()
    ask(recorder, *[bytes(100_000)] * 60, headers=[FORM], takes_file="/inloggen".__eq__)
    assert len(recorder.body) == MAX_BODY_WITH_FILE
    ask(recorder, *[bytes(100_000)] * 60, headers=[FORM], takes_file="/beheer".__eq__)
    assert len(recorder.body) == MAX_BODY


def test_four_files_are_in_memory_at_a_time_and_others_wait() -> None:
    async def send_five() -> int:
        front = Front(Recorder(), takes_file=lambda path: True)
        asked = 0

        async def receive() -> dict[str, Any]:
            nonlocal asked
            asked += 1
            await asyncio.sleep(60)
            return {}

        async def send(message: dict[str, Any]) -> None: ...

        scope = {"method": "POST", "path": "/"}
        sending = [asyncio.create_task(front(scope, receive, send)) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in sending:
            task.cancel()
        return asked

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(send_five())).result() == asgi.MAX_FILES == 4
