"""Runs the web server and one worker, so that none of their processes outlives the others."""

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from portal.config import Config
from portal.web.asgi import Front


class WorkerGone(Exception):
    """The worker ended by itself, and with it the portal."""


def serve_with_worker(config: Config) -> None:
    """Run granian and one worker; when either ends, so does the other. Raises WorkerGone."""
    command = [sys.executable, "-m", "flask", "worker", "--parent", str(os.getpid())]
    worker = subprocess.Popen(command)  # noqa: S603 - nothing of it comes from outside
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
    return Front(getattr(importlib.import_module(module), name))


# granian's own messages are for developers; what matters reaches the console anyway.
_LOGGING: dict[str, Any] = {
    "loggers": {"_granian": {"level": "WARNING"}, "granian.access": {"level": "WARNING"}}
}
