"""Permanent flags of the database as a whole."""

from datetime import date

from peewee import CharField, DateField

from portal.database import BaseModel
from portal.database.cache import cached_until_change


class DatabaseFlag(BaseModel):
    """A permanent flag of the database, such as "demo": set once, never removed."""

    name = CharField(primary_key=True)
    set_on = DateField()

    DEMO = "demo"
    REGION = "region:"  # followed by the region's key


def find_region() -> str:
    """The key of the region that was loaded into this database; "" before the first time."""
    flag = DatabaseFlag.get_or_none(DatabaseFlag.name.startswith(DatabaseFlag.REGION))
    return flag.name.removeprefix(DatabaseFlag.REGION) if flag else ""


def mark_region(key: str, day: date) -> None:
    """Make this database the one of the region `key`; once, it cannot become another's. The
    caller has locked the directory."""
    if not find_region():
        DatabaseFlag.create(name=f"{DatabaseFlag.REGION}{key}", set_on=day)


@cached_until_change
def is_demo() -> bool:
    """Whether this database holds the invented people of the demo."""
    return DatabaseFlag.get_or_none(DatabaseFlag.name == DatabaseFlag.DEMO) is not None
