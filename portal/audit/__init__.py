"""The audit trail: written in the transaction of the change, never altered: the database refuses
every UPDATE and DELETE of it.

The actor is a number, not a foreign key, so that the history outlives the account.
"""

from peewee import CharField, IntegerField

from portal import clock
from portal.database import BaseModel
from portal.database.fields import TimestampField


class AuditEntry(BaseModel):
    """One recorded action."""

    at = TimestampField(index=True)
    actor = IntegerField(null=True, index=True)
    action = CharField()
    subject = CharField()
    subject_id = CharField()


def record(actor: int | None, action: str, subject: str, subject_id: int | str = "") -> None:
    """Record that `actor` (the id of an account, None for the portal itself) did something.

    Holds no names and no values: the kind and the id of the subject say where to look.
    """
    AuditEntry.create(at=clock.now(), actor=actor, action=action, subject=subject, subject_id=str(subject_id))
