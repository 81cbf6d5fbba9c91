"""The attempts that the limits count."""

from peewee import CharField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class Attempt(BaseModel):
    """One try of something that may be tried only so often; the key is a hash."""

    key = CharField(index=True)
    at = TimestampField()
