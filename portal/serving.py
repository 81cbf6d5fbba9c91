"""Runs the web server and one worker; when one process ends, all end."""

import importlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from portal.config import Config
from portal.web.asgi import Front
from portal.web.form_size import takes_file_at


class WorkerGone(Exception):
    """The worker ended by itself, so the portal stopped."""


def serve_with_worker(config: Config) -> None:
    """Run granian and one worker; when either ends, so does the other.

    Raises WorkerGone where the worker ended first, and OSError where the port is in use.
    """
    # granian listens with SO_REUSEPORT, with which a second portal would share the port.
    socket.create_server(
        (config.host, config.port), family=socket.AF_INET6 if ":" in config.host else socket.AF_INET
    ).close()
    command = [sys.executable, "-m", "flask", "worker", "--parent", str(os.getpid())]
    worker = subprocess.Popen(command)  # noqa: S603 - a fixed command
    server = Granian(
        "wsgi:app",
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGINL,
        workers=2,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        log_access=False,
        log_dictconfig=_LOGGING,
        workers_kill_timeout=10,  # a process that gets SIGTERM while it starts ignores it
    )
    this = os.getpid()
    signal.signal(signal.SIGCHLD, lambda number, frame: _stop_with(worker, this))
    try:
        server.serve(target_loader=_load)
    finally:
        crashed = worker.poll() is not None
        worker.terminate()
        try:
            worker.wait(timeout=30)
        except subprocess.TimeoutExpired:
            worker.kill()  # the next worker sends an interrupted mail again
    if crashed:
        raise WorkerGone


def _stop_with(worker: subprocess.Popen[bytes], granian: int) -> None:
    """Stop granian (a process id) where the worker has ended. Its web processes inherit the handler
    and start processes too, which end: there it does nothing."""
    if os.getpid() == granian and worker.poll() is not None:
        os.kill(granian, signal.SIGTERM)


def _load(target: str) -> Any:
    """Load the application in each process of granian, and watch its parent: an orphaned process
    would keep the port and serve stale data."""
    parent = multiprocessing.parent_process()
    if parent:

        def watch() -> None:
            parent.join()
            while True:  # again and again: a process that starts ignores the signal
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.5)

        threading.Thread(target=watch, daemon=True).start()
    module, _, name = target.partition(":")
    app = getattr(importlib.import_module(module), name)
    return Front(app, takes_file=partial(takes_file_at, app))


# The messages of granian below a warning are of use to its developers only.
_LOGGING: dict[str, Any] = {"loggers": {"_granian": {"level": "WARNING"}, "granian.access": {"level": "WARNING"}}}
