"""Copies of the backups in a second place (BACKUP_COPY): a folder, or a command that reads one from its standard input.

Encrypted with a public key; the secret one is not on this machine. The list of forgotten people goes along, without
which a restore would bring them back.
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from portal.backups import clearing, forgotten_people
from portal.backups.encryption import ENDING, decrypt, encrypt
from portal.backups.make_and_restore import list_backups
from portal.backups.store import BackupError, InvalidBackup, get_store, write_json
from portal.config import SECRETS, Config

TIME_LIMIT = 300  # seconds for one file: a disk that is away may never answer
_LONGEST = 200  # characters of what a command said
# A process of its own, because writing to such a disk cannot be interrupted. Always to the same new
# file: those of processes that were killed would fill the disk.
_INTO_FOLDER = (
    'cd -- "$BACKUP_FOLDER" && cat >"$BACKUP_NEW" && sync "$BACKUP_NEW" && '
    'mv -f -- "$BACKUP_NEW" "$BACKUP_NAME" || { rm -f -- "$BACKUP_NEW"; exit 1; }'
)


class CopyState(NamedTuple):
    """The last copy, and since when there is no next one (ISO 8601, UTC; "": it goes well)."""

    name: str = ""
    copied_at: str = ""
    failing_since: str = ""
    reason: str = ""  # in Dutch, or what the command said


def read_state(config: Config) -> CopyState:
    """The state that was stored beside the backups."""
    path = _path(config)
    return CopyState(**json.loads(path.read_text())) if path.exists() else CopyState()


def copy_newest(config: Config, now: datetime) -> bool:
    """Copy the newest backup, and delete old copies in a folder; False where that was done before.

    `now`: aware. Raises BackupError; then the state says since when it fails.
    """
    state, found = read_state(config), list_backups(config)
    if not found or found[0][1].name == state.name:
        return False
    newest = found[0][1]
    try:
        for path in (newest, forgotten_people.get_path(config)):
            if path.exists():
                _send(config, path)
        if config.copy_folder:
            clearing.clear(list_backups(config, config.copy_folder, ENDING), now)
    except (BackupError, OSError) as error:
        since = state.failing_since or now.isoformat()
        write_json(_path(config), state._replace(failing_since=since, reason=str(error))._asdict())
        raise BackupError(str(error)) from None
    write_json(_path(config), CopyState(newest.name, now.isoformat())._asdict())
    return True


@contextmanager
def opened(config: Config, backup: Path, ask: Callable[[], str]) -> Iterator[Path]:
    """A backup as a file that can be restored: a copy is decrypted for as long as this lasts, with
    the secret key that `ask` gives, and so is the list beside it. Raises BackupError or OSError."""
    if backup.suffix != ENDING:
        yield backup
        return
    if not backup.is_file():
        raise InvalidBackup(f"{backup.name}: dit bestand is er niet.")
    config.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    prefix, suffix = f"{get_store(config).name}-copy-", ".new"  # by which a killed one is found
    with tempfile.TemporaryDirectory(suffix, prefix, config.backups) as folder:
        plain, secret = Path(folder) / backup.stem, ask()
        decrypt(backup, plain, secret)
        names = forgotten_people.get_path(config).name
        if (beside := backup.with_name(names + ENDING)).exists():
            decrypt(beside, plain.with_name(names), secret)
        yield plain


def _send(config: Config, path: Path) -> None:
    """Encrypt a file and send it. Raises BackupError or OSError."""
    hidden = path.with_name(f"{path.name}.new{ENDING}")
    try:
        encrypt(path, hidden, config.backup_key)
        _run(config, hidden, path.name + ENDING)
    finally:
        hidden.unlink(missing_ok=True)


def _run(config: Config, hidden: Path, name: str) -> None:
    """Give a file to the command, or to the one that writes to the folder."""
    folder = config.copy_folder
    command = _INTO_FOLDER if folder else config.backup_copy.removeprefix("|")
    new = f"./{get_store(config).name}-copy.new"
    told = {name: value for name, value in os.environ.items() if name not in SECRETS}
    names = {"BACKUP_NAME": name, "BACKUP_FOLDER": str(folder), "BACKUP_NEW": new}
    with hidden.open("rb") as file, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - a setting of who runs the portal
            ["/bin/sh", "-c", command],
            stdin=file,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=told | names | {"LC_ALL": "C"},
            start_new_session=True,
        )
        try:
            status = process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with what the command started
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            raise BackupError("Het duurde te lang, en is afgebroken.") from None
        if status:
            said.seek(0)
            words = " ".join(said.read(10_000).decode(errors="replace").split())
            raise BackupError(words[-_LONGEST:] or f"De opdracht eindigde met {status}.")


def _path(config: Config) -> Path:
    return config.backups / f"{get_store(config).name}-copy.json"
