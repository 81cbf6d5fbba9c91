"""Killed again and again in the middle of everything: what a page called received is there."""

import os
import random
import statistics
import time
from functools import partial
from pathlib import Path

from tests.mail.postbox import Postbox
from tests.processes import Portal, Start, cpu_seconds, kill_all, needs_proc, wait_for
from tests.soak.conftest import LONG, MAILS, is_whole
from tests.soak.promises import Promised, Stored, Visitors
from tests.soak.visitor import Visitor, until_answered

KILLS = int(os.environ.get("SOAK", "4"))


@needs_proc
def test_confirmed_submissions_survive_every_kill(start: Start, database: Path, postbox: Postbox) -> None:
    portal = Portal(start)
    cookie = Visitor(portal.port).sign_in("coordinator").cookie
    kill_all(portal.process)
    stored = Stored(f"sqlite:///{database}")
    stored.no_demo()
    organisation = stored.small_organisation()
    promised, starts, work = Promised(), [], []
    for turn in range(KILLS):
        begun = time.monotonic()
        portal = Portal(start, **MAILS)
        until_answered(Visitor(portal.port, cookie), "/aanvragen")
        starts.append(time.monotonic() - begun)
        work.append(cpu_seconds([portal.pid, *portal.family]))
        visitors = Visitors(partial(Visitor, portal.port, cookie), turn, promised, organisation)
        if turn == 0:
            wait_for(lambda: promised.least() or promised.strange)
        time.sleep(random.uniform(0, 1))
        portal.strike()
        visitors.leave()
        assert promised.strange == []
        assert is_whole(database)
        stored.forget_attempts()
    stored.holds(promised)
    start("worker", **MAILS)
    wait_for(lambda: stored.waiting() == 0, 300)
    copies = stored.everything_arrived(postbox)
    print(
        f"\n{KILLS} kills: {promised}, all there; {len(postbox.letters)} mails arrived, {copies} a "
        f"second time; first answer after {statistics.median(starts):.1f} s, at most "
        f"{max(starts):.1f}, and {statistics.median(work):.1f} s of CPU"
    )
    if LONG:
        assert promised.least() >= KILLS / 10  # a notice takes three questions
        assert statistics.median(work) <= 3  # however busy the computer is
