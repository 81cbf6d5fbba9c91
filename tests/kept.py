"""Results that take seconds to make and depend on the code alone, kept for all processes of a run
and for later runs of the same code: seeded databases, compiled templates, what initdb makes.
"""

import fcntl
import hashlib
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from portal.config import ROOT

_KEPT = ROOT / ".pytest_cache" / "kept"
_CODE = (
    "portal", "templates", "seeds", "tests/regions/merenland", "tests/clock.py", "tests/factories.py",
    "requirements.lock",
)  # fmt: skip
_FILLS = re.compile(rb"\bkept(?:_database)?\(")  # in a file of tests that says what is made
_DAY = 24 * 60 * 60  # seconds; after it nobody uses what other code has made


@cache
def kept_folder() -> Path:
    """The folder of this code, named after the hash of it."""
    digest = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    paths = [ROOT / name for name in _CODE]
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    files += (file for file in (ROOT / "tests").rglob("*.py") if _FILLS.search(file.read_bytes()))
    for file in sorted(files):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(f"{file.relative_to(ROOT)} ".encode() + file.read_bytes())
    folder = _KEPT / digest.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for other in _KEPT.iterdir():
        if other != folder and time.time() - other.stat().st_mtime > _DAY:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` filled, once: to read only. Whoever asks meanwhile waits."""
    made = kept_folder() / name
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = made.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(made)
    return made
