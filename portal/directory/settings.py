"""The facts that a coordinator types: changed by change sets, with the region's own as default."""

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
    """The setting as it is now."""
    defaults = {SettingKey.VEILIG_THUIS: current_region().veilig_thuis}
    return _find(key) or SettingValue(defaults[SettingKey(key)], 0)


@cached_until_change
def _find(key: SettingKey) -> SettingValue | None:
    row = Setting.get_or_none(Setting.key == key)
    return SettingValue(row.value, row.row_version) if row else None


def change_setting(key: SettingKey, value: str, version: int, author: int, reason: str) -> None:
    """Change a setting of which the author (the id of an account) saw this version. Raises
    Conflict."""
    with db.atomic():
        lock_directory()
        present = get_setting(key)
        if present.version != version:
            raise Conflict
        if present.value == value:
            return
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, author, reason=reason)
        if row := Setting.get_or_none(Setting.key == key):
            change_set.change(row, value=value)
        else:
            change_set.add(Setting, key=key, value=value)
