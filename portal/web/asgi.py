"""Serves the WSGI application over ASGI: a thread is taken only for a request that is complete.

Slow clients cost a coroutine instead of a thread: the body is read before the application is
called, and the answer is sent after the application has returned.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from portal.web.form_size import MAX_BODY, MAX_BODY_WITH_FILE

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_DRAINED = 16 * 1024 * 1024  # bytes; a browser shows a refusal only after it has sent all
READ_TIMEOUT = 10  # seconds for a whole body
MAX_FILES = 4  # bodies with a file that are in memory at a time, per process; others wait
THREADS = 4  # per process; more only wait for the interpreter


class Limits(NamedTuple):
    """The limits of a body: the bytes that are kept, those that are read, and the seconds."""

    kept: int
    read: int
    seconds: float


class Answer(NamedTuple):
    """The answer of the application, collected."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Front:
    """An ASGI application around the WSGI application `wsgi`. `takes_file` tells of a path whether
    its form may hold a file."""

    def __init__(
        self,
        wsgi: Callable[..., Iterable[bytes]],
        threads: int = THREADS,
        takes_file: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._wsgi = wsgi
        self._takes_file = takes_file
        self._files = asyncio.Semaphore(MAX_FILES)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. A body that is not complete in time gets 408, and one that is
        larger than its path allows is cut off, which the application refuses (413)."""
        if scope["method"] == "POST" and self._takes_file(scope["path"]):
            async with self._files:
                limits = Limits(MAX_BODY_WITH_FILE, 5 * MAX_DRAINED, 6 * READ_TIMEOUT)
                await self._answer(scope, receive, send, limits)
        else:
            limits = Limits(MAX_BODY, MAX_DRAINED, READ_TIMEOUT)
            await self._answer(scope, receive, send, limits)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, limits: Limits) -> None:
        try:
            body, length = await asyncio.wait_for(_read(receive, limits), limits.seconds)
        except TimeoutError:
            await _send(send, _TOO_SLOW)
            return
        except ConnectionError:
            return
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._pool, self._call, _environ(scope, body, length))
        if length > limits.read:
            # The rest of the body is never read, so the connection cannot be used again.
            answer.headers.append(_CLOSE)
        await _send(send, answer)

    def _call(self, environ: dict[str, Any]) -> Answer:
        """Call the application in this thread and collect its answer."""
        started: list[tuple[int, list[tuple[bytes, bytes]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], None]:
            encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            started[:] = [(int(status.split(" ", 1)[0]), encoded)]
            return chunks.append

        chunks: list[bytes] = []
        result = self._wsgi(environ, start_response)
        try:
            chunks.extend(result)
        finally:
            if close := getattr(result, "close", None):
                close()
        status, headers = started[0]
        return Answer(status, headers, b"".join(chunks))


async def _read(receive: Receive, limits: Limits) -> tuple[bytes, int]:
    """The part of the body that is kept, and its length.

    Raises ConnectionError where the client went away.
    """
    body, length = bytearray(), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        part = message.get("body", b"")
        body += part[: limits.kept - len(body)]
        length += len(part)
        if length > limits.read or not message.get("more_body"):
            return bytes(body), length


async def _send(send: Send, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


def _environ(scope: Scope, body: bytes, length: int) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of a request."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    # The length that was read, also of a chunked body; a body that was cut off keeps its own.
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


_CLOSE = (b"connection", b"close")
_TOO_SLOW = Answer(
    408,
    [(b"content-type", b"text/plain; charset=utf-8"), _CLOSE],
    b"Het versturen duurde te lang. Ga terug en verstuur het opnieuw.\n",
)
