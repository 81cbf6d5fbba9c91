"""The attempts that the limits count."""

from peewee import CharField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class Attempt(BaseModel):
    """One counted attempt; the key is a hash of the limit and the subject."""

    key = CharField(index=True)
    at = TimestampField()
