"""The facts that a coordinator types: changed by change sets, with the region's own as default."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.database import db
from portal.database.cache import cached_until_change
from portal.database.version import lock_directory
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Setting, SettingKey
from portal.region import current_region


class SettingValue(NamedTuple):
    """A setting and its version; version 0 is the default of the region."""

    value: str
    version: int


class Conflict(Exception):
    """A setting that somebody else changed meanwhile."""


def get_setting(key: SettingKey) -> SettingValue:
    """The setting as it is now; "" where nobody typed it and the region has no default."""
    defaults = {SettingKey.VEILIG_THUIS: current_region().veilig_thuis}
    return _find(key) or SettingValue(defaults.get(SettingKey(key), ""), 0)


def list_settings() -> dict[SettingKey, str]:
    """The value of every setting."""
    return {key: get_setting(key).value for key in SettingKey}


def settings_version() -> str:
    """The versions of all settings: it changes with each of them."""
    return "-".join(str(get_setting(key).version) for key in SettingKey)


@cached_until_change
def _find(key: SettingKey) -> SettingValue | None:
    row = Setting.get_or_none(Setting.key == key)
    return SettingValue(row.value, row.row_version) if row else None


def change_settings(
    values: Mapping[SettingKey, str], version: str, author: int, reason: str
) -> None:
    """Change settings, in one change set; the author (the id of an account) saw this
    `settings_version`. Raises Conflict."""
    with db.atomic():
        lock_directory()
        if settings_version() != version:
            raise Conflict
        changed = {key: value for key, value in values.items() if get_setting(key).value != value}
        if not changed:
            return
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, author, reason=reason)
        for key, value in changed.items():
            if row := Setting.get_or_none(Setting.key == key):
                change_set.change(row, value=value)
            else:
                change_set.add(Setting, key=key, value=value)
