"""`make bench`: the CPU that one request costs, in process, against Flask and Jinja alone.

The clock of the thread does not run while somebody else has the processor, and of several rounds
the best counts for each address, so that a second run says the same within a few percent.
"""

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.test import EnvironBuilder

from portal.app import create_app
from portal.config import ROOT
from portal.database import connection, db
from portal.directory import schools as directory
from portal.directory.models import School
from portal.search import index, question
from tests.bench.fill import SIZES, filled
from tests.bench.references import make_bare, make_fragment
from tests.bench.typed import mix
from tests.conftest import config

ROUNDS = 7
Measured = list[float]  # seconds, one per address


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    sizes = parser.parse_args().sizes
    print("CPU per request in µs; × is against the Jinja fragment.\n")
    medians = {}
    for size in sizes:
        medians[size] = _measure(size)
    if {150, 100_000} <= medians.keys():
        for name, small in medians[150].items():
            print(f"{name}: p50 at 100,000 is {medians[100_000][name] / small:.2f} × that at 150")
    _starting()


def _measure(size: int) -> dict[str, float]:
    """The table of a portal with so many schools; gives the medians."""
    path = filled(size)
    portal = create_app(config(path))
    with connection():
        slugs = [school.slug for school in School.select().order_by(School.code).limit(40)]
        roles = directory.list_roles()
    fragment = {"HX-Request": "true"}
    typed = [_environ(f"/?q={quote(text)}", fragment) for text in mix()]
    cases: dict[str, tuple[Flask, list[dict[str, Any]]]] = {
        "bare Flask route": (make_bare(), [_environ("/")] * 40),
        "Jinja fragment": (make_fragment(), [_environ("/")] * 40),
        "type-ahead": (portal, typed),
        "school page": (portal, [_environ(f"/scholen/{slug}") for slug in slugs]),
        "board": (portal, [_environ("/wijzigingen")] * (20 if size < 1000 else 3)),
    }
    best = {name: [float("inf")] * len(environs) for name, (_, environs) in cases.items()}
    # The rounds of all cases between each other: a slow minute is slow for all.
    for _ in range(ROUNDS):
        for name, (app, environs) in cases.items():
            gc.collect()
            for at, environ in enumerate(environs):
                best[name][at] = min(best[name][at], _cost(app, environ))
    print(f"{size:,} schools{'CPU':>25}{'p50':>8}{'p99':>8}{'×':>8}")
    base = _mean(best["Jinja fragment"])
    for name, costs in best.items():
        print(f"  {name:24}{_us(_mean(costs))}{_us(_p(50, costs))}{_us(_p(99, costs))}"
              f"{_mean(costs) / base:8.2f}")  # fmt: skip
    names = question.list_role_names(roles)
    words = [words for text in mix() if (words := question.parse_question(text, names).words)]
    with connection():
        costs = _best([lambda w=w: index.find_documents(w, 21) for w in words])  # type: ignore[misc]
    print(
        f"  {'  of which search':24}{_us(_mean(costs))}{_us(_p(50, costs))}{_us(_p(99, costs))}\n"
    )
    db.close()
    return {name: _p(50, costs) for name, costs in best.items() if cases[name][0] is portal}


def _environ(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return EnvironBuilder(
        path, headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ).get_environ()


def _cost(app: Flask, environ: dict[str, Any]) -> float:
    """The CPU of one request, answer and all."""
    status: list[str] = []

    def start(line: str, headers: object, exc_info: object = None) -> Callable[[bytes], object]:
        status.append(line)
        return status.append  # type: ignore[return-value]

    own = dict(environ)
    begun = time.thread_time()
    answer = app(own, start)
    b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    spent = time.thread_time() - begun
    assert status == ["200 OK"], (status, environ["PATH_INFO"], environ["QUERY_STRING"])
    return spent


def _best(calls: Sequence[Callable[[], object]]) -> Measured:
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for at, call in enumerate(calls):
            begun = time.thread_time()
            call()
            best[at] = min(best[at], time.thread_time() - begun)
    return best


def _mean(costs: Measured) -> float:
    return sum(costs) / len(costs)


def _p(percent: int, costs: Measured) -> float:
    ordered = sorted(costs)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _us(seconds: float) -> str:
    return f"{seconds * 1_000_000:8.0f}"


def _starting() -> None:
    """What a start costs: the CPU of importing and making, in processes of their own."""
    flask = _process("import flask")
    print(f"\nimport flask {flask * 1000:.0f} ms")
    print(f"import and factory: {_process(_FACTORY) / flask:.2f} × `import flask`")


_FACTORY = "from portal.app import create_app; create_app()"


def _process(code: str) -> float:
    """The CPU of some code in a process of its own, in seconds."""
    program = f"import time; b = time.process_time(); {code}; print(time.process_time() - b)"
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.sqlite"
        return min(
            float(
                subprocess.run(
                    [sys.executable, "-c", program],
                    cwd=ROOT,
                    check=True,
                    text=True,
                    stdout=subprocess.PIPE,
                    env={"DATABASE_URL": f"sqlite:///{database}"},
                ).stdout
            )
            for _ in range(8)
        )


if __name__ == "__main__":
    main()
