"""The outbox: every mail that the portal owes somebody, until retention clears it."""

from peewee import CharField, IntegerField, TextField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class OutgoingMail(BaseModel):
    """One mail to one address. Its key and Message-ID are fixed when it is stored."""

    WAITING, SENT, FAILED, CAPTURED = "waiting", "sent", "failed", "kept"

    key = CharField(unique=True)  # the event that it tells of; a second one is dropped
    recipient = CharField()
    reply_to = CharField(default="")
    subject = CharField()
    body = TextField()
    calendar = TextField(default="")  # an appointment that goes with it
    message_id = CharField(unique=True)
    state = CharField(default=WAITING, index=True)  # CAPTURED: shown instead of sent
    created_at = TimestampField()
    waiting_since = TimestampField()  # the first try; it is given up some time after this
    next_attempt_at = TimestampField()  # of what is done: soon after the last one
    attempts = IntegerField(default=0)
    lease = CharField(default="")  # the worker that is sending it now
    done_at = TimestampField(null=True)  # sent or kept; body and calendar of what is sent are gone
    error = TextField(default="")
