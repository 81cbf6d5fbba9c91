"""The outbox: every mail that the portal has to send, until retention clears it."""

from peewee import BooleanField, CharField, IntegerField, TextField

from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.labelled_enum import LabelledEnum


class DeliveryState(LabelledEnum):
    """How far the delivery of a mail is."""

    WAITING = "waiting", "Wacht"
    SENT = "sent", "Verstuurd"
    FAILED = "failed", "Niet verstuurd"
    CAPTURED = "captured", "Bewaard"  # shown instead of sent: the demo
    BOUNCED = "bounced", "Teruggekomen"  # taken, and sent back later
    DROPPED = "dropped", "Vervallen"  # too late, or to an account that has ended


class OutgoingMail(BaseModel):
    """One mail to one address. Its key and Message-ID are fixed when it is stored."""

    key = CharField(unique=True)  # names the event; a second mail with the same key is dropped
    recipient = CharField()
    reply_to = CharField(default="")
    subject = CharField()
    body = TextField()
    calendar = TextField(default="")  # an appointment as iCalendar text
    unsubscribe = CharField(default="")  # the address for List-Unsubscribe
    to_mailbox = BooleanField(default=False)  # goes also where its account has ended
    not_after = TimestampField(null=True)  # dropped from then on; goes before mail without one
    message_id = CharField(unique=True)
    state = EnumField(DeliveryState, default=DeliveryState.WAITING, index=True)
    created_at = TimestampField()
    waiting_since = TimestampField()  # the first attempt; delivery gives up some time after it
    next_attempt_at = TimestampField()  # of a mail that is done: soon after its last attempt
    attempts = IntegerField(default=0)
    lease = CharField(default="")  # names the worker that is sending the mail now
    done_at = TimestampField(null=True)  # sent or captured; a sent mail has lost its body
    error = TextField(default="")


# Keys stay for ever: statements about mails that are not cleared yet read these rows only.
OutgoingMail.add_index(
    OutgoingMail.index(
        OutgoingMail.next_attempt_at, where=OutgoingMail.recipient != "", name="outgoing_mail_not_cleared"
    )
)


class DeliveryFault(BaseModel):
    """The fault of the mail server or of our settings that the last attempt met: at most one row,
    deleted when the server takes a mail."""

    error = TextField()  # the answer of the server, or a Dutch sentence
    advice = TextField()  # the Dutch sentence that tells what to mend, or ""
    hits_all = BooleanField()  # no mail can be sent; otherwise the server refused one
    since = TimestampField()

    ONLY = 1  # the id of the row
