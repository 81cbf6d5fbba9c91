"""The facts that a coordinator types: changed by change sets, with the region's own as default."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.database.cache import cached_until_change
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Setting, SettingKey
from portal.region import current_region


class SettingValue(NamedTuple):
    """A setting and its version; version 0 is the default of the region."""

    value: str
    version: int


def get_setting(key: SettingKey) -> SettingValue:
    """The setting as it is now; "" where nobody typed it and the region has no default."""
    defaults = {SettingKey.VEILIG_THUIS: current_region().veilig_thuis}
    return _find(key) or SettingValue(defaults.get(SettingKey(key), ""), 0)


def list_settings() -> dict[SettingKey, str]:
    """The value of every setting."""
    return {key: get_setting(key).value for key in SettingKey}


def list_setting_rows() -> list[Setting]:
    """The settings that somebody typed."""
    return list(Setting.select().order_by(Setting.key))


@cached_until_change
def _find(key: SettingKey) -> SettingValue | None:
    row = Setting.get_or_none(Setting.key == key)
    return SettingValue(row.value, row.row_version) if row else None


def change_settings(change_set: ChangeSet, values: Mapping[SettingKey, str]) -> None:
    """Change the settings that differ. An empty promise is stored too: it is an answer, and an
    unknown number is none."""
    for key, value in values.items():
        present = get_setting(key)
        is_known = value or present.version or key == SettingKey.VEILIG_THUIS
        if present.value == value and is_known:
            continue
        if row := Setting.get_or_none(Setting.key == key):
            change_set.change(row, value=value)
        else:
            change_set.add(Setting, key=key, value=value)
