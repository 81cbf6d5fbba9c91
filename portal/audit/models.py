"""The audit trail; the database refuses every UPDATE and DELETE of it."""

from peewee import CharField, IntegerField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class AuditEntry(BaseModel):
    """One recorded action."""

    at = TimestampField(index=True)
    actor = IntegerField(null=True, index=True)
    action = CharField()
    subject = CharField()
    subject_id = CharField()
