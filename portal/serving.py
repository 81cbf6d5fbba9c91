"""Runs the web server and one worker, so that none of their processes outlives the others."""

import importlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.server.mp import MPServer

from portal.config import Config


class WorkerGone(Exception):
    """The worker ended by itself, and with it the portal."""


def serve_with_worker(config: Config) -> None:
    """Run granian and one worker; when either ends, so does the other. Raises WorkerGone."""
    command = [sys.executable, "-m", "flask", "worker", "--parent", str(os.getpid())]
    worker = subprocess.Popen(command)  # noqa: S603 - nothing of it comes from outside
    server = _Server(
        "wsgi:app",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_dictconfig=_LOGGING,
        workers_kill_timeout=10,  # one that is asked to stop while it starts would never end
    )
    signal.signal(signal.SIGCHLD, lambda number, frame: _follow(worker))
    try:
        server.serve(target_loader=_load)
    finally:
        crashed = worker.poll() is not None
        worker.terminate()
        try:
            worker.wait(timeout=30)
        except subprocess.TimeoutExpired:
            worker.kill()  # a slow mail is sent again by the next worker
    if crashed:
        raise WorkerGone


class _Server(MPServer):
    """One queue of visitors for all its processes. On Linux granian gives each its own, and who
    stands in that of a process that ends is sent away."""

    def _init_shared_socket(self) -> None:
        if sys.platform != "linux":
            super()._init_shared_socket()
            return
        self._ssp, self._sso = (
            None,
            socket.create_server(
                (self.bind_addr, self.bind_port),
                family=socket.AF_INET6 if ":" in self.bind_addr else socket.AF_INET,
                backlog=self.backlog,
            ),
        )
        self._sso.setblocking(False)
        self._sso.set_inheritable(True)
        self._sso.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Who has not asked anything yet is let in only after three seconds: on somebody who was
        # let in and is still silent, a process that ends hangs up.
        self._sso.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 3)
        self._shd = SocketHolder(self._sso.fileno(), False, self.backlog)  # type: ignore[call-arg, assignment]


def _follow(worker: subprocess.Popen[bytes]) -> None:
    """When the worker is gone, ask granian (this process) to stop as well."""
    if worker.poll() is not None:
        os.kill(os.getpid(), signal.SIGTERM)


def _load(target: str) -> Any:
    """What each process of granian serves. One that is left alone would keep the port and answer
    from what it knows."""
    parent = multiprocessing.parent_process()
    if parent:

        def watch() -> None:
            parent.join()
            while True:  # while it starts it does not listen yet
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.5)

        threading.Thread(target=watch, daemon=True).start()
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


# granian's own messages are for developers; what matters reaches the console anyway.
_LOGGING: dict[str, Any] = {
    "loggers": {"_granian": {"level": "WARNING"}, "granian.access": {"level": "WARNING"}}
}
