"""Flags of the database as a whole: that it is a demo, its region, the keys it belongs to, a proposal that waits."""

from datetime import date

from peewee import CharField, DateField

from portal.database import BaseModel, add_unless_present, db, lock
from portal.database.cache import cached_until_change


class DatabaseFlag(BaseModel):
    """A flag of the database, such as "demo": set once, never removed unless that is said."""

    name = CharField(primary_key=True)
    set_on = DateField()

    DEMO = "demo"
    REGION = "region:"  # followed by the region's key
    KEYS = "keys:"  # followed by the fingerprint of the keys; replaced
    PROPOSAL = "proposal"  # `flask seed` found a difference; removed where there is none


def find_region() -> str:
    """The key of the region that was loaded into this database; "" before the first time."""
    return _find(DatabaseFlag.REGION)


def mark_region(key: str, day: date) -> None:
    """Make this database the one of the region `key`; once, it cannot become another's. The
    caller has locked the directory."""
    if not find_region():
        DatabaseFlag.create(name=f"{DatabaseFlag.REGION}{key}", set_on=day)


def find_keys() -> str:
    """The fingerprint of the keys that the machines of this database share; "" before the first."""
    return _find(DatabaseFlag.KEYS)


def find_or_record_keys(fingerprint: str, day: date) -> str:
    """The fingerprint of the keys that the machines of this database share; records this one where there is none."""
    with db.atomic():
        lock(DatabaseFlag.KEYS)
        found = find_keys()
        if not found:
            DatabaseFlag.create(name=f"{DatabaseFlag.KEYS}{fingerprint}", set_on=day)
    return found or fingerprint


def record_keys(fingerprint: str, day: date) -> None:
    """Make these the keys that the machines of this database share."""
    with db.atomic():
        lock(DatabaseFlag.KEYS)
        DatabaseFlag.delete().where(DatabaseFlag.name.startswith(DatabaseFlag.KEYS)).execute()
        DatabaseFlag.create(name=f"{DatabaseFlag.KEYS}{fingerprint}", set_on=day)


def set_proposal(waits: bool, day: date) -> None:
    """Say whether files of the region differ from the directory and wait for a coordinator."""
    if waits:
        add_unless_present(DatabaseFlag, name=DatabaseFlag.PROPOSAL, set_on=day)
    else:
        DatabaseFlag.delete().where(DatabaseFlag.name == DatabaseFlag.PROPOSAL).execute()


@cached_until_change
def has_proposal() -> bool:
    """Whether files of the region wait for a coordinator."""
    return bool(DatabaseFlag.select().where(DatabaseFlag.name == DatabaseFlag.PROPOSAL).exists())


@cached_until_change
def is_demo() -> bool:
    """Whether this database holds the invented people of the demo."""
    return DatabaseFlag.get_or_none(DatabaseFlag.name == DatabaseFlag.DEMO) is not None


def _find(prefix: str) -> str:
    """The rest of the name of the flag that begins with `prefix`; "" without such a flag."""
    flag = DatabaseFlag.get_or_none(DatabaseFlag.name.startswith(prefix))
    return flag.name.removeprefix(prefix) if flag else ""
