"""While it is renewed, and after thousands of questions, the portal is as it was."""

import os
import threading
import time
from pathlib import Path

from tests.processes import Portal, Start, needs_proc, wait_for
from tests.soak.conftest import LONG
from tests.soak.visitor import Visitor, until_answered

RENEWALS = 3 if LONG else 1
QUESTIONS = 20_000 if LONG else 400
PATHS = ("/?q=camelot", "/?q=de", "/scholen/16lf00-basisschool-camelot", "/wijzigingen",
         "/aanvragen", "/routeboek/verzuim", "/healthz", "/nergens")  # fmt: skip
VISITORS = 4


@needs_proc
def test_no_request_fails_while_processes_are_replaced(start: Start) -> None:
    portal = Portal(start)
    until_answered(Visitor(portal.port), "/")
    statuses: list[int | Exception] = []
    done = threading.Event()

    def ask(path: str) -> None:
        visitor = Visitor(portal.port)
        while not done.is_set():
            try:
                statuses.append(visitor.ask(path).status)
            except Exception as error:
                statuses.append(error)

    # A short question arrives more often in the very moment that a process ends.
    paths = ("/?q=camelot", "/healthz") * (VISITORS // 2)
    visitors = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for visitor in visitors:
        visitor.start()
    try:
        for _ in range(RENEWALS):
            portal.renew()
        wait_for(lambda: len(statuses) >= 400 * RENEWALS / 3)
    finally:
        done.set()
        for visitor in visitors:
            visitor.join()
    # hyper closes a connection of which it has read nothing when its process ends (its issue 2730):
    # seen once in some runs beside five busy processes, never on a quiet machine. The visitor finds it
    # closed, or reset where the question was under way.
    cut_off = [status for status in statuses if status != 200]
    assert len(cut_off) <= 1 and all(isinstance(one, ConnectionResetError) for one in cut_off)
    print(f"\n{len(statuses)} requests over {RENEWALS} renewals, cut off: {len(cut_off)}")


@needs_proc
def test_thousands_of_requests_leak_no_memory_handles_or_log(start: Start, database: Path) -> None:
    portal = Portal(start)
    until_answered(Visitor(portal.port), "/")
    many(portal.port, QUESTIONS // 10)  # what is made once and kept
    processes = [*sorted(portal.serving()), portal.worker]
    before = [measure(pid) for pid in processes]
    begun = time.monotonic()
    many(portal.port, QUESTIONS)
    seconds = time.monotonic() - begun
    after = [measure(pid) for pid in processes]
    log = database.with_name(f"{database.name}-wal").stat().st_size / 1e6
    grown = [new[0] - old[0] for new, old in zip(after, before, strict=True)]
    handles = [new[1] - old[1] for new, old in zip(after, before, strict=True)]
    print(
        f"\n{QUESTIONS} requests in {seconds:.0f} s; memory of each process grew by "
        f"{', '.join(f'{mb:.1f}' for mb in grown)} MB, file handles by {handles}, log {log:.1f} MB"
    )
    assert max(grown) < (5 if LONG else 20)  # a short run still fills what is made once
    assert max(handles) <= 4
    assert log <= 16


def many(port: int, questions: int) -> None:
    """Ask that often, by several visitors at once; one in twenty writes."""
    wrong: list[object] = []

    def visit(share: int) -> None:
        visitor = Visitor(port).sign_in("coordinator")
        for number in range(share):
            if number % 20 == 0:
                answer = visitor.ask("/beheer/post/test", visitor.fill("/beheer/post"))
                right = answer.status == 302
            else:
                path = PATHS[number % len(PATHS)]
                right = visitor.ask(path).status == (404 if path == "/nergens" else 200)
            if not right:
                wrong.append(number)

    visitors = [threading.Thread(target=visit, args=(questions // VISITORS,)) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert wrong == []


def measure(pid: int) -> tuple[float, int]:
    """Memory in MB and open file handles of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return resident, len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208
