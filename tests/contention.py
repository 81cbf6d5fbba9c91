"""Many writers at the same moment: threads of several processes, each with a connection of its own.

The processes are forks of the test, so that they share its portal, its stopped clock and whatever
else it prepared.
"""

import multiprocessing
import threading
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask
from peewee import SqliteDatabase

from portal.database import connection, current_engine, db

THREADS, PROCESSES = 8, 2
WRITERS = THREADS * PROCESSES
_PATIENCE = 60  # seconds; a test that waits for so long has met a deadlock

Act = Callable[[int], Any]


def contend(portal: Flask, act: Act, *refusals: type[Exception]) -> Counter[Any]:
    """Call `act(number)`, for each number below WRITERS, at the same moment, in a request to
    `portal`. Counts the answers: what was returned, and the class of each of the `refusals` that
    was raised. Raises AssertionError with the traceback of any other exception."""
    if not db.is_closed():
        db.close()  # a connection must not be used on both sides of a fork
    fork = multiprocessing.get_context("fork")
    at_once = fork.Barrier(PROCESSES)
    started = []
    for first in range(0, WRITERS, THREADS):
        receiver, sender = fork.Pipe(duplex=False)
        arguments = (portal, act, refusals, range(first, first + THREADS), at_once, sender)
        process = fork.Process(target=_run, args=arguments, daemon=True)
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            process.start()  # warned against where the test runs threads, such as a mail server
        started.append((process, receiver))
    answers: Counter[Any] = Counter()
    try:
        for _, receiver in started:
            assert receiver.poll(_PATIENCE), "the writers wait for each other"
            found, failures = receiver.recv()
            assert not failures, "\n".join(failures)
            answers.update(found)
    finally:
        for process, _ in started:
            process.kill()
            process.join()
    return answers


def _run(
    portal: Flask, act: Act, refusals: tuple[type[Exception], ...], numbers: range,
    at_once: Barrier, sender: Connection,
) -> None:  # fmt: skip
    """The work of one process."""
    ready = threading.Barrier(len(numbers))
    answers: list[Any] = []
    failures: list[str] = []

    def write(number: int) -> None:
        try:
            with connection(), portal.test_request_context():
                # On a busy machine sixteen writers wait for longer; a circle fails all the same.
                current_engine().lift_time_limits()
                if isinstance(db.obj, SqliteDatabase):
                    db.execute_sql(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
                if ready.wait(_PATIENCE) == 0:
                    at_once.wait(_PATIENCE)
                ready.wait(_PATIENCE)
                answers.append(act(number))
        except refusals as refusal:
            answers.append(type(refusal))
        except Exception:
            failures.append(traceback.format_exc())

    threads = [threading.Thread(target=write, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sender.send((answers, failures))
