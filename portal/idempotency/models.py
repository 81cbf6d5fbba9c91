"""The forms that were done, by a hash of their key and answers."""

from peewee import CharField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class DoneForm(BaseModel):
    """A form that was sent and done."""

    form_hash = CharField(unique=True)
    done_at = TimestampField(index=True)
