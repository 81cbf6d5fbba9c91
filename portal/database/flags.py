"""Permanent flags of the database as a whole."""

from peewee import CharField, DateField

from portal.database import BaseModel
from portal.database.cache import cached_until_write


class DatabaseFlag(BaseModel):
    """A permanent flag of the database, such as "demo": set once, never removed."""

    name = CharField(primary_key=True)
    set_on = DateField()

    DEMO = "demo"


@cached_until_write
def is_demo() -> bool:
    """Whether this database holds the invented people of the demo."""
    return DatabaseFlag.get_or_none(DatabaseFlag.name == DatabaseFlag.DEMO) is not None
