"""Two machines with one PostgreSQL behind nginx, set up as docs/larger.md says: one of them is
killed at a time, and the database is stopped and started."""

import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.mail.postbox import Postbox
from tests.postgres import Server
from tests.processes import Portal, Start, free_port, needs_proc, starting, wait_for
from tests.soak.conftest import MAILS
from tests.soak.promises import Promised, Stored, Visitors
from tests.soak.visitor import Answer, Visitor, fields, until_answered

pytestmark = needs_proc

KILLS = -(-int(os.environ.get("SOAK", "20")) // 5)  # each takes longer than one of a single machine
LEASE = 5  # seconds
WISH = "Wij willen weten wat de meldcode van ons vraagt."


class Machines:
    """Two machines, each with a folder of its own: a web server of two processes, and a worker."""

    def __init__(self, start: Start, folder: Path, addresses: list[int]) -> None:
        self._start = start
        self._folders = [folder / "first", folder / "second"]
        self._addresses = addresses
        self.portals = [self._make(0), self._make(1)]

    def _make(self, number: int, **settings: str) -> Portal:
        keys = self._folders[number] / "keys.json"
        return Portal(self._start, PORT=str(self._addresses[number]), KEYS_FILE=str(keys), **settings)

    def restart(self, number: int, **settings: str) -> None:
        """Start a machine whose processes have ended."""
        self.portals[number] = self._make(number, **settings)


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL server of its own."""
    server = Server()
    server.execute("CREATE DATABASE kernwijzer")
    yield server
    server.remove()


@pytest.fixture
def stored(server: Server) -> Stored:
    return Stored(server.url("kernwijzer"))


@pytest.fixture
def addresses() -> list[int]:
    """The ports of the two machines."""
    return [free_port(), free_port()]


@pytest.fixture
def proxy(addresses: list[int], tmp_path: Path) -> Iterator[int]:
    """Run nginx with the configuration of docs/larger.md in front of them; gives its port."""
    port = free_port()
    (tmp_path / "nginx.conf").write_text(nginx_configuration(port, addresses))
    process = subprocess.Popen(["nginx", "-p", tmp_path, "-c", "nginx.conf", "-e", "error.log"])
    yield port
    process.terminate()
    process.wait(60)


def nginx_configuration(port: int, addresses: list[int]) -> str:
    """The example for several machines with these ports of this computer, and without TLS."""
    text = (ROOT / "docs" / "larger.md").read_text("utf-8")
    (example,) = re.findall(r"^```nginx\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for address in addresses:
        example = re.sub(r"192\.0\.2\.\d+:5000", f"127.0.0.1:{address}", example, count=1)
    example = re.sub(r"listen .*;", f"listen 127.0.0.1:{port};", example)
    example = re.sub(r"\n *ssl_.*;", "", example)
    return (
        "daemon off; pid nginx.pid; events {} http { access_log off;\n"
        f"client_body_temp_path body; proxy_temp_path proxy;\n{example} }}\n"
    )


@pytest.fixture
def machines(server: Server, postbox: Postbox, proxy: int, addresses: list[int], tmp_path: Path) -> Iterator[Machines]:
    """Both machines on a seeded database, and the key that they share; started as a demo."""
    settings = {
        "DATABASE_URL": server.url("kernwijzer"), "BACKUP_DIR": str(tmp_path / "backups"),
        "SMTP_PORT": str(postbox.port), "SMTP_HOST": "", "SMTP_SECURITY": "starttls",
        "MAIL_LEASE": str(LEASE),
    }  # fmt: skip
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    subprocess.run(
        [sys.executable, "-m", "flask", "seed", "--demo"],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, **settings, "KEYS_FILE": str(first / "keys.json")},
    )  # fmt: skip
    shutil.copy(first / "keys.json", second)
    with starting(tmp_path, tmp_path / "said.txt", **settings) as start:
        yield Machines(start, tmp_path, addresses)


def as_in_use(machines: Machines, stored: Stored, proxy: int) -> str:
    """Restart both as no demo, behind the proxy; gives the cookie of a coordinator."""
    cookie = Visitor(machines.portals[0].port).sign_in("coordinator").cookie
    stored.no_demo()
    for number in (0, 1):
        machines.portals[number].strike()
        machines.restart(number, **behind(proxy))
    return cookie


def behind(proxy: int) -> dict[str, str]:
    return {**MAILS, "PROXIES": "1", "BASE_URL": f"http://127.0.0.1:{proxy}"}


class PatientVisitor(Visitor):
    """A visitor for whom an error of the proxy is a connection that was cut off."""

    def ask(self, path: str, data: dict[str, str] | None = None) -> Answer:
        answer = super().ask(path, data)
        if answer.status in (502, 504):
            raise ConnectionError(answer.status)
        return answer


def test_killing_a_machine_loses_nothing(machines: Machines, stored: Stored, postbox: Postbox, proxy: int) -> None:
    cookie = as_in_use(machines, stored, proxy)
    until_answered(PatientVisitor(proxy, cookie), "/aanvragen")
    promised, organisation = Promised(), stored.small_organisation()
    gaps: list[float] = []
    for turn in range(KILLS):
        make = partial(PatientVisitor, proxy, cookie)
        visitors = Visitors(make, turn, promised, organisation, stored.forget_attempts)
        if turn == 0:
            wait_for(lambda: promised.least() or promised.strange)
        time.sleep(random.uniform(0.5, 1.5))
        machines.portals[turn % 2].strike()
        gaps.append(seconds_until_answered(PatientVisitor(proxy, cookie), "/aanvragen"))
        machines.restart(turn % 2, **behind(proxy))
        visitors.leave()
        assert promised.strange == []
        stored.forget_attempts()
    stored.holds(promised)
    wait_for(lambda: stored.waiting() == 0, 300)
    copies = stored.everything_arrived(postbox)
    assert promised.least() >= KILLS / 2
    assert copies <= KILLS
    print(
        f"\n{KILLS} kills of one of two machines: {promised}, all there; {len(postbox.letters)} "
        f"mails arrived, {copies} a second time; the next page came after "
        f"{statistics.median(gaps):.2f} s, at most {max(gaps):.2f} s"
    )


def test_pages_come_back_by_themselves_after_the_database(
    machines: Machines, stored: Stored, server: Server, proxy: int
) -> None:
    cookie = as_in_use(machines, stored, proxy)
    visitor = Visitor(proxy, cookie)
    until_answered(visitor, "/aanvragen")
    times = []
    for number in range(3):
        form = visitor.fill(
            "/aanvragen/thema", onderwerp="meldcode", aantal="8", school="16LF00", toch="y",
            wens=WISH, naam="Saskia de Boer", email=f"saskia{number}@school.example",
        )  # fmt: skip
        server.stop()
        refused = visitor.ask("/aanvragen/thema", form)
        assert refused.status == 503
        assert "Dit is nog niet bewaard" in refused.text
        assert WISH in refused.text
        assert visitor.ask("/").status == 503
        assert Visitor(proxy).ask("/healthz").status == 200
        server.start()
        begun = time.monotonic()
        for portal in machines.portals:
            wait_for(partial(answers, Visitor(portal.port, cookie), "/aanvragen"))
        times.append(time.monotonic() - begun)
        assert visitor.ask("/aanvragen/thema", fields(refused.text)).status == 302
    assert stored.one("SELECT count(*) FROM request_details WHERE answers LIKE ?", f"%{WISH}%") == 3
    wait_for(lambda: stored.waiting() == 0, 120)
    print(f"\nthe database stopped 3 times: pages were back within {max(times):.2f} s")


def answers(visitor: Visitor, path: str) -> bool:
    return visitor.ask(path).status == 200


def seconds_until_answered(visitor: Visitor, path: str) -> float:
    """How long nobody gets this page."""
    begun = time.monotonic()
    until_answered(visitor, path)
    return time.monotonic() - begun
