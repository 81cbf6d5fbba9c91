"""Workbooks are read in forks of one process that has the code, because a new program takes a tenth of a second before
it reads anything. The forks have the same limits, and no more memory at first."""

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import SimpleNamespace
from typing import Any

import pytest

from portal.config import ROOT
from portal.readers import files

# For each file of input and output that the process gets: a fork reads the workbook, and the process tells the
# status and the most memory (kB).
_PROGRAM = """import os, socket, sys
from portal.readers import workbook
asked = socket.socket(fileno=int(sys.argv[1]))
while given := socket.recv_fds(asked, 1, 2)[1]:
    child = os.fork()
    if not child:
        os.dup2(given[0], 0)
        os.dup2(given[1], 1)
        workbook.main()
        break
    for file in given:
        os.close(file)
    _, status, used = os.wait4(child, 0)
    asked.send(b"%d %d" % (os.waitstatus_to_exitcode(status), used.ru_maxrss))
"""


class Readers:
    """Runs `python -m portal.readers.workbook` as `subprocess.run` does; `peaks` is the most memory (kB) of each."""

    def __init__(self) -> None:
        self.peaks: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def run(self, command: list[str], *, input: bytes, **options: Any) -> subprocess.CompletedProcess[bytes]:
        assert command[1:] == ["-B", "-m", "portal.readers.workbook"]
        assert (options["cwd"], options["env"]) == (ROOT, {})
        if self._owner != os.getpid():  # not in a fork of the owner
            self._start()
        output, written = os.pipe()
        with TemporaryFile() as data, os.fdopen(output, "rb") as answer:
            data.write(input)
            data.seek(0)
            socket.send_fds(self._socket, [b"."], [data.fileno(), written])
            os.close(written)
            if not select.select([answer], [], [], options["timeout"])[0]:
                raise subprocess.TimeoutExpired(command, options["timeout"])
            read = answer.read()
        status, peak = map(int, self._socket.recv(100).split())
        self.peaks.append(peak)
        if status:
            raise subprocess.CalledProcessError(status, command)
        return subprocess.CompletedProcess(command, status, read)

    def _start(self) -> None:
        self._owner = os.getpid()
        self._socket, theirs = socket.socketpair()
        with theirs:
            program = [sys.executable, "-B", "-c", _PROGRAM, str(theirs.fileno())]
            self._process = subprocess.Popen(program, cwd=ROOT, env={}, pass_fds=[theirs.fileno()])

    def end(self) -> None:
        if self._process:
            self._socket.shutdown(socket.SHUT_RDWR)  # also where a fork of a test still holds it
            self._socket.close()
            self._process.wait()


@pytest.fixture(scope="session", autouse=True)
def readers() -> Iterator[Readers]:
    """The forks that read workbooks in this run."""
    made = Readers()
    errors = {name: vars(subprocess)[name] for name in ("CalledProcessError", "TimeoutExpired")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "subprocess", SimpleNamespace(run=made.run, **errors))
        yield made
    made.end()


@pytest.fixture
def new_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook is read by a new program, as in the portal that people use."""
    monkeypatch.setattr(files, "subprocess", subprocess)
