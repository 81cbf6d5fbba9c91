"""Jobs: each runs when it is due, in one worker at a time, whatever the others do."""

import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.database import connection, db, open_database
from portal.jobs import register_job, worker
from portal.jobs.worker import Job, JobRun, tick, work
from tests.clock import stopped_at
from tests.conftest import copied
from tests.factories import last_ok
from tests.postgres import url_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def database(_migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(_migrated, tmp_path_factory.mktemp("jobs"))


@pytest.fixture(autouse=True)
def _nothing_ran_yet(database: Path) -> Iterator[None]:
    open_database(url_of(database))
    with connection():
        JobRun.delete().execute()
        yield


class Killed(BaseException):
    """An error that no handler catches, as when the worker is killed."""


def job(
    run: Callable[[], object], name: str = "opruimen", every: timedelta = HOUR, lease: timedelta = 5 * MINUTE
) -> Job:
    return Job(name, every, lease, run)


def killed_in(job: Job) -> None:
    """Run the job in a worker that is killed by it."""

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        tick([job._replace(run=die)])


def elsewhere(run: Callable[[], object]) -> threading.Thread:
    """Run this in another thread with its own connection, as another worker would."""

    def connected() -> None:
        with connection():
            run()

    thread = threading.Thread(target=connected)
    thread.start()
    return thread


def test_a_job_runs_when_it_has_never_run() -> None:
    ran: list[datetime] = []
    tick([job(lambda: ran.append(clock.now()))])
    assert ran == [clock.now()]


@pytest.mark.parametrize("every", [MINUTE, HOUR, DAY])
def test_a_job_runs_when_it_is_due_and_not_before(every: timedelta) -> None:
    ran: list[datetime] = []
    begun = clock.now()
    moments = [0.0, 0.01, 0.5, 0.999, 1.0, 1.5, 1.999, 2.0, 3.7, 4.6, 4.7]
    for moment in moments:
        with stopped_at(begun + moment * every):
            tick([job(lambda: ran.append(clock.now()), every=every)])
    assert [(at - begun) / every for at in ran] == pytest.approx([0, 1, 2, 3.7, 4.7], abs=0.0001)


def test_a_job_without_an_interval_runs_at_every_tick() -> None:
    ran: list[str] = []
    always = job(lambda: ran.append("x"), every=timedelta(0), lease=timedelta(0))
    for _ in range(3):
        tick([always])
    assert ran == ["x"] * 3


@pytest.mark.sqlite("counts the rows that a connection changed")
def test_an_idle_worker_writes_once_a_minute() -> None:
    """On SQLite every write blocks other writers."""
    jobs = [job(lambda: None, every=timedelta(0), lease=timedelta(0)), job(lambda: None, name="uur")]
    tick(jobs)
    begun = clock.now()
    written = db.connection().total_changes
    for seconds in (0.5, 30, 59.9):
        with stopped_at(begun + timedelta(seconds=seconds)):
            tick(jobs)
    assert db.connection().total_changes == written
    with stopped_at(begun + timedelta(seconds=60)):
        tick(jobs)
    assert last_ok("opruimen") == begun + timedelta(seconds=60)


def test_each_job_has_its_own_schedule() -> None:
    ran: list[str] = []
    jobs = [
        job(lambda: ran.append("uur"), name="uur", every=HOUR),
        job(lambda: ran.append("dag"), name="dag", every=DAY),
    ]
    begun = clock.now()
    for hours in (0, 1, 23, 24):
        with stopped_at(begun + hours * HOUR):
            tick(jobs)
    assert ran == ["uur", "dag", "uur", "uur", "uur", "dag"]


def test_two_workers_do_not_run_a_job_at_the_same_time() -> None:
    """The second worker asks while the first runs the job, which is due for both."""
    ran: list[str] = []

    def slow() -> None:
        ran.append("x")
        elsewhere(lambda: tick([slowly])).join()

    slowly = job(slow, every=timedelta(0))
    tick([slowly])
    assert ran == ["x"]


def test_workers_that_ask_at_the_same_moment_run_a_job_once() -> None:
    ran: list[str] = []
    for round_ in range(10):
        begin = threading.Barrier(4)
        each = job(lambda: ran.append("x"), name=f"job {round_}")

        def at_once(begin: threading.Barrier = begin, each: Job = each) -> None:
            begin.wait(10)
            tick([each])

        threads = [elsewhere(at_once) for _ in range(4)]
        for thread in threads:
            thread.join()
        assert len(ran) == round_ + 1


def test_a_job_without_a_lease_may_run_in_two_workers_at_once() -> None:
    ran: list[str] = []

    def once_more() -> None:
        ran.append("x")
        if len(ran) == 1:
            elsewhere(lambda: tick([shared])).join()

    shared = job(once_more, every=timedelta(0), lease=timedelta(0))
    tick([shared])
    assert ran == ["x", "x"]


def test_a_leased_job_does_not_stop_the_others() -> None:
    ran: list[str] = []
    other = job(lambda: ran.append("ander"), name="ander")
    slowly = job(lambda: elsewhere(lambda: tick([slowly, other])).join())
    tick([slowly])
    assert ran == ["ander"]


def test_a_failing_job_does_not_stop_the_others_and_is_not_ok(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    def fail() -> None:
        raise RuntimeError("stuk")

    tick([job(fail, name="stuk"), job(lambda: ran.append("x"), name="heel")])
    assert ran == ["x"]
    assert last_ok("stuk") is None
    assert last_ok("heel") == clock.now()
    assert "job stuk failed" in caplog.text


def test_a_failing_job_runs_again_when_it_is_due_and_not_before() -> None:
    ran: list[datetime] = []

    def fail_at_first() -> None:
        ran.append(clock.now())
        if len(ran) == 1:
            raise RuntimeError("stuk")

    begun = clock.now()
    for after in (timedelta(0), HOUR - MINUTE, HOUR):
        with stopped_at(begun + after):
            tick([job(fail_at_first)])
    assert ran == [begun, begun + HOUR]
    assert last_ok("opruimen") == begun + HOUR


def test_a_failure_keeps_the_time_of_the_last_success() -> None:
    begun = clock.now()
    tick([job(lambda: None)])

    def fail() -> None:
        raise RuntimeError("stuk")

    with stopped_at(begun + HOUR):
        tick([job(fail)])
    assert last_ok("opruimen") == begun


def test_a_success_has_the_time_of_its_end() -> None:
    begun = clock.now()
    with stopped_at(begun) as frozen:
        tick([job(lambda: frozen.tick(3 * MINUTE))])
    assert last_ok("opruimen") == begun + 3 * MINUTE


def test_a_job_that_never_ran_has_no_time() -> None:
    assert last_ok("opruimen") is None


def test_the_job_of_a_killed_worker_is_taken_over_after_its_lease() -> None:
    ran: list[datetime] = []
    often = job(lambda: ran.append(clock.now()), every=timedelta(0), lease=5 * MINUTE)
    begun = clock.now()
    killed_in(often)
    assert last_ok("opruimen") is None
    for after in (timedelta(0), 5 * MINUTE - timedelta(seconds=1), 5 * MINUTE):
        with stopped_at(begun + after):
            tick([often])
    assert ran == [begun + 5 * MINUTE]


def test_a_lease_ends_with_the_job() -> None:
    ran: list[str] = []
    often = job(lambda: ran.append("x"), every=timedelta(0), lease=DAY)
    tick([often])
    tick([often])
    assert ran == ["x", "x"]


def test_a_clock_that_jumps_back_does_not_stop_a_job() -> None:
    ran: list[datetime] = []
    daily = job(lambda: ran.append(clock.now()), every=DAY)
    wrong, right = datetime(2031, 1, 1, tzinfo=UTC), clock.now()
    for moment in (wrong, right, right + DAY - MINUTE, right + DAY):
        with stopped_at(moment):
            tick([daily])
    assert ran == [wrong, right, right + DAY]


@pytest.mark.parametrize("lease", [timedelta(0), 5 * MINUTE])
def test_a_clock_that_jumps_back_does_not_prolong_a_lease(lease: timedelta) -> None:
    ran: list[str] = []
    often = job(lambda: ran.append("x"), every=timedelta(0), lease=lease)
    with stopped_at("2031-01-01"):
        killed_in(often)
    with stopped_at(clock.now() + 6 * MINUTE):
        tick([often])
    assert ran == ["x"]


def test_a_late_worker_does_not_end_the_lease_of_the_next() -> None:
    """The first worker outlives its lease, the second takes over, and a third asks."""
    at_it: list[str] = []
    most: list[int] = []
    begun = clock.now()
    first_is_done, second_is_at_it = threading.Event(), threading.Event()

    def second() -> None:
        at_it.append("x")
        second_is_at_it.set()
        assert first_is_done.wait(10)
        most.append(len(at_it))

    def third() -> None:
        at_it.append("x")

    long = job(lambda: None, every=timedelta(0), lease=5 * MINUTE)
    with stopped_at(begun) as frozen:

        def first() -> None:
            frozen.tick(6 * MINUTE)
            threads.append(elsewhere(lambda: tick([long._replace(run=second)])))
            assert second_is_at_it.wait(10)

        threads: list[threading.Thread] = []
        tick([long._replace(run=first)])
        tick([long._replace(run=third)])
        first_is_done.set()
        threads[0].join()
    assert most == [1]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Send this process SIGTERM while it runs as a worker, whose tick is 10 ms here."""
    monkeypatch.setattr(worker, "_TICK_SECONDS", 0.01)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    yield lambda: os.kill(os.getpid(), signal.SIGTERM)
    for number in numbers:
        signal.signal(number, before[number])


def test_a_stopping_worker_finishes_its_job(asked: Callable[[], None]) -> None:
    ran: list[str] = []

    def stop() -> None:
        ran.append("begun")
        asked()
        ran.append("ended")

    work([job(stop, every=timedelta(0))])
    assert ran == ["begun", "ended"]
    assert last_ok("opruimen") == clock.now()


@pytest.mark.sqlite("locks the whole file")
def test_a_worker_outlives_a_database_that_is_locked_for_long(asked: Callable[[], None]) -> None:
    """A long import blocks all writers for longer than the busy time-out."""
    db.execute_sql("pragma busy_timeout = 50")
    long_import = sqlite3.connect(db.database, isolation_level=None, check_same_thread=False)
    timer = threading.Timer(0.3, lambda: long_import.execute("rollback"))
    ran: list[str] = []

    def begin() -> None:
        ran.append("x")
        if len(ran) == 1:
            long_import.execute("begin immediate")
            timer.start()
        else:
            asked()

    try:
        work([job(begin, every=timedelta(0), lease=timedelta(0))])
    finally:
        timer.join()
        long_import.close()
    assert len(ran) == 2


def test_a_worker_starts_without_its_database(asked: Callable[[], None], tmp_path: Path) -> None:
    """A worker that ended would end the web server too, while the database restarts."""
    open_database(f"sqlite:///{tmp_path}")  # a folder is no database
    work([job(asked, every=timedelta(0), lease=timedelta(0))])


def test_the_worker_gets_the_jobs_that_were_registered(empty_portal: Flask) -> None:
    extra = job(lambda: None, name="extra")
    register_job(empty_portal, extra)
    assert empty_portal.extensions["jobs"][-1] == extra
    assert "mail" in [each.name for each in empty_portal.extensions["jobs"]]


def test_a_finished_job_has_its_times_and_no_lease() -> None:
    tick([job(lambda: None)])
    run = JobRun.get()
    assert (run.name, run.leased_until) == ("opruimen", None)
    assert run.last_run_at == run.last_ok_at == clock.now()


def test_a_job_has_the_time_of_the_last_run_that_did_something() -> None:
    begun, found = clock.now(), [1, 0, 0]
    for passed in range(3):
        with stopped_at(begun + passed * HOUR):
            tick([job(lambda: found.pop(0))])
    run = JobRun.get()
    assert (run.last_ok_at, run.last_done_at) == (begun + 2 * HOUR, begun)


def test_a_job_at_every_tick_that_does_something_is_recorded_once_a_minute() -> None:
    begun, found = clock.now(), [0, 1, 1]
    always = job(lambda: found.pop(0), every=timedelta(0), lease=timedelta(0))
    for seconds in (0, 10, 20):
        with stopped_at(begun + timedelta(seconds=seconds)):
            tick([always])
    run = JobRun.get()
    assert (run.last_ok_at, run.last_done_at) == (begun, begun + timedelta(seconds=10))
