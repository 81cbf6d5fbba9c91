"""The file with the keys: there, whole, private, and not where the backups are."""

from collections.abc import Iterator

from flask import current_app

from portal.config import Config, SettingError
from portal.doctor.finding import Finding, tell
from portal.keys import load_keys


def find_faults(config: Config) -> Iterator[Finding]:
    """The faults of the file that was read at the start."""
    if not config.keys.exists():  # reading would make a new one
        yield tell("keys-gone", path=config.keys)
        return
    try:
        if load_keys(config.keys).secret != current_app.config["SECRET_KEY"]:
            yield tell("keys-replaced")
    except SettingError as error:
        yield tell("keys-wrong", reason=error)
    if any(config.keys.is_relative_to(at) for at in (config.backups, config.copy_folder) if at):
        yield tell("keys-beside-backups")
