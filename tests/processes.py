"""The portal as people start it: `flask serve` and its worker, processes of their own.

Each is a fork of a process that has loaded the code, which takes a tenth of the CPU time of a new
program, and sees CLOCK. `make soak` starts new programs, which see the real time.
"""

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from multiprocessing.context import ForkProcess, ForkServerProcess
from pathlib import Path
from types import SimpleNamespace

import flask.cli
import pytest
from granian import Granian

from portal import clock, serving
from portal.config import ROOT
from tests.clock import TODAY, RunningClock, StoppedClock
from tests.kept import kept
from tests.postgres import url_of

Process = ForkServerProcess
Start = Callable[..., Process]
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([__name__, "portal.app"])
_ARE_FORKS = "SOAK" not in os.environ
Clock = RunningClock | StoppedClock | type[datetime]
CLOCK: Clock = RunningClock() if _ARE_FORKS else datetime  # of the portals that are started here
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


@contextlib.contextmanager
def starting(database: Path, said: Path, **settings: str) -> Iterator[Start]:
    """Gives how to run a command of `flask` on `database`; what it says goes to the file `said`.
    None is left at the end, and none may have ended in a traceback."""
    started: list[Process] = []
    usual = {
        "DATABASE_URL": url_of(database), "KEYS_FILE": str(database.with_name("keys.json")),
        "BACKUP_DIR": str(database.with_name("backups")),
        "SMTP_HOST": "127.0.0.1", "SMTP_SECURITY": "none", "SMTP_USER": "", "MAIL_ALLOW": "",
        "MAIL_LEASE": "1", **settings,
    }  # fmt: skip

    def run(command: str, **more: str) -> Process:
        environ = {**os.environ, **usual, **more}
        # `seed` runs at 09:00, as in the other tests, one hour before the running clock starts.
        time = StoppedClock(f"{TODAY} 09:00:00") if command.startswith("seed") and _ARE_FORKS else CLOCK
        process = _SERVER.Process(target=_run, args=(command.split(), environ, said, time))
        process.start()
        started.append(process)
        return process

    yield run
    for process in started:
        kill_all(process)
    assert "Traceback" not in said.read_text("utf-8"), said.read_text("utf-8")


def _run(command: list[str], environ: dict[str, str], said: Path, time: Clock) -> None:
    """Be a command of `flask`, with a session of its own; what it says is appended to `said`."""
    os.setsid()
    os.chdir(ROOT)
    with said.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    if time is datetime:
        os.execve(sys.executable, [sys.executable, "-m", "flask", *command], environ)
    os.environ.clear()
    os.environ.update(environ)
    vars(clock)["datetime"] = time
    multiprocessing.set_start_method("fork", force=True)  # granian's, as in a new program
    # A fork needs no 3.5 s, as a new process does on a busy machine, before it replaces the old one.
    processes = SimpleNamespace(Popen=_Worker, TimeoutExpired=subprocess.TimeoutExpired)
    vars(serving).update(subprocess=processes, Granian=partial(Granian, respawn_interval=1))
    _call(command)


class _Worker(ForkProcess):
    """The worker that `flask serve` starts, as a fork of it."""

    def __init__(self, command: list[str]) -> None:
        assert command[:3] == [sys.executable, "-m", "flask"]
        super().__init__(target=_call, args=(command[3:],))
        self.start()

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self, timeout: float) -> None:
        self.join(timeout)
        if self.exitcode is None:
            raise subprocess.TimeoutExpired("flask worker", timeout)


def _call(arguments: list[str]) -> None:
    """Run a command of `flask` in this process, under its name."""
    Path("/proc/self/comm").write_text(arguments[0])
    sys.argv = ["flask", *arguments]
    flask.cli.main()


def today() -> date:
    """The date in Amsterdam by CLOCK."""
    return clock.day_of(CLOCK.now(UTC))


def seeded_today(region: str = "zuid-kennemerland") -> Path:
    """A file with a region and its demo of `today`, made by the command that people use: to read
    only."""

    def seed(folder: Path) -> None:
        with starting(folder / "kernwijzer.sqlite", folder / "said", REGION=region) as start:
            assert ended(start("seed --demo"), 60) == 0

    return kept(f"{region}-{today()}", seed) / "kernwijzer.sqlite"


def copied(database: Path, folder: Path) -> Path:
    """A copy of such a file in a new folder, to write in."""
    folder.mkdir()
    shutil.copy(database.with_name("keys.json"), folder)
    return Path(shutil.copy(database, folder))


def kill_all(process: Process) -> None:
    """Kill a process and all that it started."""
    assert process.pid
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()  # also before it had a session of its own
    process.join(10)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this never came"
        time.sleep(0.01)


def ended(process: Process, seconds: float = 60) -> int:
    """The exit status of a process that ends within `seconds`."""
    process.join(seconds)
    assert process.exitcode is not None, "it does not end"
    return process.exitcode


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def cpu_seconds(pids: Iterable[int]) -> float:
    """How long the processors worked for these processes, which does not depend on what else runs."""
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return sum(int(user) + int(system) for *_, user, system in (stat[:13] for stat in stats)) / os.sysconf("SC_CLK_TCK")


def is_worker(pid: int) -> bool:
    try:
        process = Path("/proc", f"{pid}")
        is_program = b"\0worker\0" in (process / "cmdline").read_bytes()
        return is_program or (process / "comm").read_text() == "worker\n"
    except (FileNotFoundError, ProcessLookupError):
        return False


def free_port() -> int:
    """A port of this computer on which nobody listens: below those of which it gives one to each new connection, also
    between this look and its use."""
    numbers = random.SystemRandom()  # hypothesis and others seed the usual ones, alike in each process
    while True:
        port = numbers.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Portal:
    """`flask serve` on a free port, or on PORT, and the processes that belong to it."""

    def __init__(self, start: Start, **settings: str) -> None:
        self.port = int(settings.pop("PORT", "0")) or free_port()
        self.process = start("serve", PORT=str(self.port), HOST="127.0.0.1", **settings)
        wait_for(lambda: self.answers() or not self.process.is_alive())
        assert self.process.is_alive(), "flask serve did not start"
        assert self.process.pid
        self.pid = self.process.pid
        # The fork that becomes the worker has the name of its parent first.
        wait_for(lambda: len(self.serving()) >= 2 and any(map(is_worker, children(self.pid))))
        self.family = children(self.pid)
        (self.worker,) = filter(is_worker, self.family)
        self.web = min(self.serving())

    def serving(self) -> set[int]:
        """The processes that answer visitors."""
        return {pid for pid in children(self.pid) if not is_worker(pid)}

    def renew(self) -> None:
        """SIGHUP: granian starts a new process for each old one, and lets the old one finish."""
        before = self.serving()
        os.kill(self.pid, signal.SIGHUP)
        wait_for(lambda: len(self.serving() - before) == len(before) == len(self.serving()))

    def strike(self) -> None:
        """Kill all of it at once, or first one of its processes and then, soon, the others."""
        one = random.choice([None, self.pid, self.web, self.worker])
        if one is not None:
            os.kill(one, signal.SIGKILL)
            time.sleep(random.uniform(0, 0.2))
        kill_all(self.process)
        wait_for(self.is_gone)

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def is_gone(self) -> bool:
        return not self.answers() and not any(map(runs, self.family))
