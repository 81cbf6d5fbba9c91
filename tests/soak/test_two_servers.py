"""Two servers on one database: what is sent to either is stored, and once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.processes import Portal, Start, needs_proc
from tests.soak.conftest import is_whole
from tests.soak.visitor import Visitor, until_answered


@needs_proc
def test_two_servers_on_one_file_lose_and_double_nothing(start: Start, database: Path) -> None:
    portals = [Portal(start), Portal(start)]
    for portal in portals:
        until_answered(Visitor(portal.port), "/aanvragen")
    cookie = Visitor(portals[0].port).sign_in("coordinator").cookie
    visitors = [Visitor(portal.port, cookie) for portal in portals] * 5
    forms = [visitors[0].fill("/beheer/post") for _ in range(5)]

    def press(number: int) -> int:
        """Each form at both servers."""
        return visitors[number].ask("/beheer/post/test", forms[number // 2]).status

    with ThreadPoolExecutor(len(visitors)) as threads:
        assert set(threads.map(press, range(len(visitors)))) == {302}
    with closing(sqlite3.connect(database)) as stored:
        (mails,) = stored.execute("SELECT count(*) FROM outgoing_mail WHERE key LIKE 'test:%'").fetchone()
    assert mails == len(forms)
    assert is_whole(database)
