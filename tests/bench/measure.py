"""Measures requests, each visitor in a forked process of its own that has cached nothing yet.

Started by `tests.bench.cpu`, plainly for the CPU time and under callgrind for the instructions:

    python -m tests.bench.measure time|instructions FOLDER SCHOOLS

Writes a JSON file per visitor and round into FOLDER: the process id, and for each measured request
its page, its condition, the position of its address, and its cost. The cost is the CPU time in
seconds, or the position of the callgrind dump of that process that holds its instructions.
"""

import ctypes
import gc
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from flask import Flask
from jinja2 import FileSystemBytecodeCache, runtime
from markupsafe import escape
from werkzeug.test import EnvironBuilder

from portal import audit
from portal.app import create_app
from portal.database import connection, db
from portal.directory.models import School
from portal.throttle.pages import PageCounter
from tests.bench.bare import make_bare
from tests.bench.by_hand import make_by_hand
from tests.bench.fill import bench_config, filled, freeze_clock, write_directory
from tests.bench.references import make_fragment
from tests.bench.typed import TYPO, mix

# The event before the request: the same request; the same request, of whose answer the lines alone
# are remembered; requests at other addresses; a change of the
# directory by another thread; any other write by another thread.
CONDITIONS = SEEN, LINES, NEW, DIRECTORY, OTHER = "seen", "lines", "new", "directory", "other"
YARDSTICKS = "yardsticks"
VISITORS = ("nobody", "member", "coordinator")
ROUNDS = {"time": 5, "instructions": 1}  # processes for each visitor
SCHOOLS = 6

Meter = Callable[[Callable[[], None]], float]
Environ = dict[str, Any]
Cost = tuple[str, str, int, float]  # page, condition, position of the address, cost


def main() -> None:
    """Measure every visitor and round, one process after the other."""
    kind, folder, schools = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    freeze_clock()
    for number in range(ROUNDS[kind]):
        with TemporaryDirectory() as copy:
            database = Path(shutil.copy(filled(schools), copy))
            app = create_app(bench_config(database))
            app.jinja_env.bytecode_cache = FileSystemBytecodeCache(copy)  # compile only once
            for visitor in (YARDSTICKS, *VISITORS):
                results = folder / f"{kind}-{schools}-{visitor}-{number}.json"
                _fork(results, app, database, visitor, _METERS[kind])


def _fork(results: Path, app: Flask, database: Path, visitor: str, meter: Meter) -> None:
    """Measure in a child process, which writes `results`; raises RuntimeError where it fails."""
    gc.collect()
    gc.freeze()
    child = os.fork()
    if not child:
        try:
            if visitor == YARDSTICKS:
                costs = list(_measure_yardsticks(database, meter))
            else:
                costs = list(_measure_portal(app, visitor, meter))
            results.write_text(json.dumps({"pid": os.getpid(), "costs": costs}))
            os._exit(0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"measuring {results.stem} failed")


def _measure_portal(app: Flask, visitor: str, meter: Meter) -> Iterator[Cost]:
    app.extensions["pages"] = PageCounter(10**9)
    cookie = "" if visitor == "nobody" else sign_in(app, visitor)
    warm_up, pages = _list_pages(cookie)
    for environ in [*warm_up, *warm_up]:  # templates are compiled, shared tables are cached
        ask(app, environ)
    with ThreadPoolExecutor(1) as other_thread:  # with a connection of its own

        def cost(page: str, condition: str, at: int) -> Cost:
            return page, condition, at, ask(app, pages[page][at], meter)

        for page, environs in pages.items():
            addresses = range(len(environs))
            if environs[0] != environs[-1]:
                yield from [cost(page, NEW, at) for at in addresses]
            else:
                ask(app, environs[0])
            yield from [cost(page, SEEN, at) for at in addresses]
            if page == "type-ahead":
                forget_answers(app)
                yield from [cost(page, LINES, at) for at in addresses]
            for condition, write in ((DIRECTORY, write_directory), (OTHER, _write_other)):
                for at in addresses:
                    ask(app, environs[at])
                    other_thread.submit(write).result()
                    yield cost(page, condition, at)
        other_thread.submit(db.close).result()


def forget_answers(app: Flask) -> None:
    """Forget the answers to searches, as if each text were new, and keep the lines in them."""
    pieces = app.extensions["pieces"].kept
    for key in [key for key in pieces if key[1][0][0] == "search"]:
        del pieces[key]


def _measure_yardsticks(database: Path, meter: Meter) -> Iterator[Cost]:
    runtime.escape = escape  # type: ignore[attr-defined]  # the portal has a quicker one
    root = _environ("/")
    cases: dict[str, tuple[Flask, Sequence[Environ]]] = {
        "bare Flask route": (make_bare(), [root] * 10),
        "Jinja fragment": (make_fragment(), [root] * 10),
        "type-ahead by hand": (make_by_hand(database), list_typed()),
    }
    for name, (app, environs) in cases.items():
        for environ in environs:
            ask(app, environ)
        for at, environ in enumerate(environs):
            yield name, SEEN, at, ask(app, environ, meter)


def _list_pages(cookie: str) -> tuple[list[Environ], dict[str, list[Environ]]]:
    """Requests to warm up with, and by page the requests to measure: other addresses of a page
    that has many, and the same one several times of a page that has one."""
    with connection():
        slugs = [row.slug for row in School.select().order_by(School.code).limit(7 * SCHOOLS)]
    schools = [_environ(f"/scholen/{slug}", cookie) for slug in slugs[::6]]
    typed = list_typed(cookie)
    start, board = _environ("/", cookie), _environ("/wijzigingen", cookie)
    pages = {
        "type-ahead": typed[2:],
        "type-ahead, typing error": [_environ_typed(TYPO, cookie)] * 2,
        "school page": schools[1:],
        "start page": [start] * 4,
        "board": [board] * 4,
    }
    typo = _environ_typed(TYPO, cookie)  # reads all words of the index
    return [*typed[:2], typo, schools[0], start, board], pages


def list_texts() -> list[str]:
    """The search texts that are measured."""
    return list(dict.fromkeys(text.lower() for text in mix()))[::5]


def list_typed(cookie: str = "") -> list[Environ]:
    """The requests of the type-ahead for these texts."""
    return [_environ_typed(text, cookie) for text in list_texts()]


def _environ_typed(text: str, cookie: str = "") -> Environ:
    return {**_environ(f"/?q={quote(text)}", cookie), "HTTP_HX_REQUEST": "true"}


def _environ(path: str, cookie: str = "") -> Environ:
    headers = [("Cookie", cookie)] if cookie else None
    return EnvironBuilder(path, headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ()


def sign_in(app: Flask, role: str) -> str:
    """The Cookie header of the account with this role."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/inloggen").text)
    assert token
    answer = client.post(f"/inloggen/demo/{role}", data={"csrf_token": token[1]})
    assert answer.status_code == 302, answer.status
    answer = client.get("/")  # a browser sends the token of the first page back
    return answer.headers["Set-Cookie"].partition(";")[0]


def _write_other() -> None:
    """Record an event that changes nothing of the directory."""
    with db.atomic():
        audit.record(None, "measured", "bench")


def ask(app: Flask, environ: Environ, meter: Meter | None = None) -> float:
    """One request with its whole answer, which must be 200; returns its cost."""
    own = dict(environ)
    statuses: list[str] = []

    def start(status: str, headers: object, exc_info: object = None) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda body: None

    def request() -> None:
        answer = app(own, start)
        b"".join(answer)
        answer.close()  # type: ignore[attr-defined]  # an answer of Flask has it

    gc.collect()  # so that no request pays for the garbage of the requests before it
    cost = (meter or cpu_seconds)(request)
    assert statuses == ["200 OK"], (statuses, own["PATH_INFO"], own["QUERY_STRING"])
    return cost


def cpu_seconds(call: Callable[[], None]) -> float:
    """The CPU time of this thread; it stands still while other processes run."""
    begun = time.thread_time()
    call()
    return time.thread_time() - begun


_dumps = count()


def _count_instructions(call: Callable[[], None]) -> float:
    """Call through libffi: callgrind collects inside `ffi_call` and dumps after it. Returns the
    position of that dump."""
    ctypes.PYFUNCTYPE(None)(call)()
    return next(_dumps)


_METERS: dict[str, Meter] = {"time": cpu_seconds, "instructions": _count_instructions}

if __name__ == "__main__":
    main()
