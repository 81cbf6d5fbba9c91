"""The audit trail; triggers in its migration refuse every UPDATE and DELETE."""

from peewee import CharField, IntegerField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class AuditEntry(BaseModel):
    """One thing that somebody did."""

    at = TimestampField(index=True)
    actor = IntegerField(null=True)
    action = CharField()
    subject = CharField()
    subject_id = CharField()
