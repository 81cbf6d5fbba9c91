"""The keys that sign cookies and codes: made at the first start, rotated by a command.

They are stored in one file of mode 0600: KEYS_FILE, or beside the database file.
"""

import hashlib
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from portal.config import SettingError

_LENGTH = 32  # bytes


class Keys(NamedTuple):
    """The signing key, the earlier keys that still verify, and the key of the CSRF tokens."""

    secret: str
    fallbacks: list[str]
    csrf: str  # does not rotate, so that an open form and an authenticator app stay valid


def load_keys(path: Path) -> Keys:
    """Read the keys from the file at `path`; creates it where it is missing.

    Raises SettingError where other users may read the file, or it is damaged.
    """
    if not path.exists():
        with suppress(FileExistsError):  # another process made them at this moment
            _write(path, Keys(secrets.token_hex(_LENGTH), [], secrets.token_hex(_LENGTH)), os.link)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingError(f"{path.name}: anderen kunnen dit bestand lezen. Zet de rechten op 600.")
    try:
        keys = Keys(**json.loads(path.read_text("utf-8")))
        short = min(len(key) for key in (keys.secret, keys.csrf, *keys.fallbacks)) < _LENGTH * 2
    except (ValueError, TypeError):
        short = True
    if short:
        raise SettingError(f"{path.name}: dit bestand is stuk. Haal het weg, dan komt er een nieuw.")
    return keys


def rotate(path: Path) -> None:
    """Replace the signing key; the old one still verifies, so that nobody is signed out."""
    old = load_keys(path)
    _write(path, Keys(secrets.token_hex(_LENGTH), [old.secret], old.csrf), os.replace)


def fingerprint(keys: Keys) -> str:
    """A short hash by which two machines tell whether they sign with the same keys."""
    return hash_secret(keys.secret + keys.csrf)[:16]


def hash_secret(secret: str) -> str:
    """A random secret in the form in which the database stores it (SHA-256, hexadecimal)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _write(path: Path, keys: Keys, place: Callable[[str, Path], None]) -> None:
    """Write the keys to a new file of mode 0600, which `place` puts at `path` whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys._asdict(), file)
        place(new, path)
    finally:
        Path(new).unlink(missing_ok=True)
