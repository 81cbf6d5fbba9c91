"""The worker as a process: several at once, killed, stopped, and together with the portal.

SOAK=200 kills it that many times; without it, five.
"""

import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import clock
from portal.database import db
from portal.mail.models import OutgoingMail
from portal.mail.outbox import Mail, enqueue
from tests.mail.postbox import Postbox
from tests.processes import CLOCK, Portal, Start, ended, kill_all, needs_proc, starting, wait_for

pytestmark = pytest.mark.usefixtures("outbox")

SOAK = int(os.environ.get("SOAK", "5"))


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs, as for the worker."""
    monkeypatch.setattr(clock, "datetime", CLOCK)


@pytest.fixture
def start(database: Path, postbox: Postbox, tmp_path: Path) -> Iterator[Start]:
    """Runs commands of `flask` on this database and mail server, and ends them after the test."""
    with starting(database, tmp_path / "said.txt", SMTP_PORT=str(postbox.port)) as run:
        yield run


def owe(numbers: range) -> None:
    with db.atomic():
        for number in numbers:
            mail = Mail(f"mail:{number}", "noor@school.example", f"Mail {number}", "Dag Noor")
            assert enqueue(mail, "po.example")


def count(state: str) -> int:
    return int(OutgoingMail.select().where(OutgoingMail.state == state).count())


def arrived(postbox: Postbox) -> dict[str, list[str]]:
    """The Message-ID of each received copy, per subject."""
    copies = defaultdict(list)
    for letter in list(postbox.letters):
        copies[letter.message["Subject"]].append(letter.message["Message-ID"])
    return copies


def more_arrive(postbox: Postbox, more: int) -> None:
    """Wait until that many more mails have arrived."""
    enough = len(postbox.letters) + more
    wait_for(lambda: len(postbox.letters) >= enough)


def test_three_workers_send_each_mail_once(start: Start, postbox: Postbox) -> None:
    owe(range(300))
    # The first mail of each worker waits for those of the others.
    postbox.before_answer = lambda: wait_for(lambda: postbox.most_at_once == 3)
    # On a busy computer a lease of a second ends before its mail is sent.
    workers = [start("worker", MAIL_LEASE="60") for _ in range(3)]
    wait_for(lambda: count("sent") == 300)
    for worker in workers:
        worker.terminate()
    assert [ended(worker) for worker in workers] == [0, 0, 0]
    assert sorted(arrived(postbox)) == sorted(f"Mail {number}" for number in range(300))
    assert len(postbox.letters) == 300
    assert postbox.most_at_once == 3


def test_a_worker_killed_during_delivery_loses_no_mail(start: Start, postbox: Postbox) -> None:
    """Three workers run; at random moments the oldest is killed and replaced."""
    each = 15
    postbox.pause = 0.003
    workers = [start("worker") for _ in range(3)]
    for turn in range(SOAK):
        owe(range(turn * each, (turn + 1) * each))
        more_arrive(postbox, random.randint(1, 3))
        time.sleep(random.uniform(0, 0.01))
        workers[0].kill()
        assert ended(workers.pop(0)) == -signal.SIGKILL
        workers.append(start("worker"))
    wait_for(lambda: count("sent") == SOAK * each)
    copies = arrived(postbox)
    assert sorted(copies) == sorted(f"Mail {number}" for number in range(SOAK * each))
    assert all(len(set(ids)) == 1 for ids in copies.values())
    assert OutgoingMail.select().where(OutgoingMail.lease != "").count() == 0


def test_a_worker_killed_between_sending_and_marking_causes_one_copy(start: Start, postbox: Postbox) -> None:
    owe(range(3))
    first = start("worker")
    postbox.before_answer = lambda: kill_all(first)
    wait_for(lambda: postbox.letters and not first.is_alive())
    postbox.before_answer = lambda: None
    start("worker")
    wait_for(lambda: count("sent") == 3)
    copies = arrived(postbox)
    assert len(postbox.letters) == 4
    assert sorted(map(len, copies.values())) == [1, 1, 2]
    assert all(len(set(ids)) == 1 for ids in copies.values())


def test_a_stopped_worker_leaves_no_lease(start: Start, postbox: Postbox) -> None:
    owe(range(20))
    postbox.pause = 0.05
    worker = start("worker")
    wait_for(lambda: len(postbox.letters) >= 2)
    worker.terminate()
    assert ended(worker) == 0
    assert len(postbox.letters) == count("sent")
    assert count("sent") + count("waiting") == 20
    assert OutgoingMail.select().where(OutgoingMail.attempts > 0).count() == 0


def test_a_worker_stops_after_the_mail_under_way_however_much_mail_there_is(start: Start, postbox: Postbox) -> None:
    owe(range(100))
    postbox.pause = 0.3
    worker = start("worker")
    wait_for(lambda: len(postbox.letters) >= 1)
    worker.terminate()
    sent = len(postbox.letters)
    assert ended(worker) == 0
    # The signal meets one mail under way; a busy machine is late with it.
    assert len(postbox.letters) == count("sent") <= sent + 3


# Together with the portal

same_for_each_database = pytest.mark.sqlite("about how processes start and end")


@pytest.fixture
def served(start: Start) -> Portal:
    return Portal(start)


@same_for_each_database
@needs_proc
def test_the_portal_delivers_mail_and_ends_with_its_worker(served: Portal, postbox: Postbox) -> None:
    owe(range(1))
    wait_for(lambda: count("sent") == 1)
    assert len(postbox.letters) == 1
    os.kill(served.worker, signal.SIGKILL)
    ended(served.process)
    wait_for(served.is_gone)


@same_for_each_database
@needs_proc
def test_a_second_portal_on_the_same_port_refuses_to_start(served: Portal, start: Start, tmp_path: Path) -> None:
    assert ended(start("serve", PORT=str(served.port))) == 78
    assert f"PORT: {served.port} is al in gebruik." in (tmp_path / "said.txt").read_text("utf-8")
    assert served.answers()


@same_for_each_database
@needs_proc
def test_the_worker_ends_with_the_portal(served: Portal, postbox: Postbox) -> None:
    owe(range(1))
    wait_for(lambda: count("sent") == 1)
    served.process.terminate()
    assert ended(served.process) == 0
    wait_for(served.is_gone)


@same_for_each_database
@needs_proc
def test_the_worker_ends_when_a_process_of_the_portal_is_killed(served: Portal) -> None:
    os.kill(served.web, signal.SIGKILL)
    assert ended(served.process) != 0
    wait_for(served.is_gone)


@same_for_each_database
@needs_proc
def test_the_worker_ends_when_the_portal_is_killed(served: Portal) -> None:
    served.process.kill()
    ended(served.process)
    wait_for(served.is_gone)
