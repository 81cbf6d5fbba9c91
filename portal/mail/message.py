"""A mail, and its form on the wire: plain text, safe headers, one recipient."""

import base64
import re
import unicodedata
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime
from typing import NamedTuple

from flask import render_template

from portal import clock, email_addresses
from portal.mail.models import OutgoingMail

MAX_BODY = 20_000  # bytes
_LINE = 75  # characters: the longest part of a header (RFC 2047, 2)
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
# The limit of RFC 5322. At 78 a long address would leave the first line of its header empty.
_ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=998)


class Mail(NamedTuple):
    """One mail. `key` names the event that causes it, such as "test:42:2026-11-26T09:00:00+00:00".

    Ids in a key must not be reused (SQLite reuses the ids of deleted rows): a second mail with the same key is dropped.
    """

    key: str
    recipient: str
    subject: str
    body: str
    reply_to: str = ""  # one address, or several with commas
    calendar: str = ""  # an appointment as iCalendar text
    unsubscribe: str = ""  # the address that ends mail of this kind with one POST
    to_mailbox: bool = False  # goes also where the account of this address has ended
    not_after: datetime | None = None  # aware; too late from then on, and sent before other mail


def render_mail(template: str, key: str, recipient: str, **values: object) -> Mail:
    """The mail with the subject and the body of a folder in templates/mail, filled in with these values."""
    subject, body = (render_template(f"mail/{template}/{part}.txt", **values) for part in ("subject", "body"))
    return Mail(key, recipient, subject, body)


def one_line(text: str) -> str:
    """`text` for a header: line breaks and control characters become a space.

    Also U+2028 and vertical tabs, which people paste from Word and a header refuses.
    """
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    # "=?" begins an encoded word, which can hide a line break.
    return re.sub(r" {2,}", " ", spaced.replace("=?", "= ?")).strip()


def compose(mail: OutgoingMail, sender: str) -> bytes:
    """The mail from the address `sender` as bytes for SMTP. Raises ValueError for an invalid address."""
    # Not EmailMessage: it takes a subject for an encoded one and folds it wrongly.
    text = mail.body.encode()[:MAX_BODY].decode(errors="ignore")
    message = Message()
    message["From"] = f"Kernwijzer <{_address(sender)}>"
    message["To"] = _address(mail.recipient)
    if mail.reply_to:
        message["Reply-To"] = ", ".join(map(_address, mail.reply_to.split(",")))
    message["Subject"] = _subject(one_line(mail.subject))
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    # Asks Exchange for no automatic answers and receipts. Not "All": that stops bounces as well.
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply, DR, RN, NRN"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{one_line(mail.unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    if mail.calendar:
        # The text, and the same as an appointment (RFC 6047, 2.4).
        message["Content-Type"] = "multipart/alternative"
        message["MIME-Version"] = "1.0"
        message.attach(_plain(text))
        message.attach(_appointment(mail.calendar))
    else:
        message.set_payload(text, _UTF8)
    return message.as_bytes(policy=_ON_THE_WIRE)


def _plain(text: str) -> Message:
    part = Message()
    part.set_payload(text, _UTF8)
    return part


def _appointment(calendar: str) -> Message:
    """The appointment as a MIME part. Its method must be that of the file: Outlook compares."""
    found = re.search(r"^METHOD:([A-Z]+)\r$", calendar, re.MULTILINE)
    if not found:
        raise ValueError("an appointment without a method")
    part = Message()
    part["Content-Type"] = f'text/calendar; charset="utf-8"; method={found[1]}'
    part["Content-Transfer-Encoding"] = "base64"  # keeps the line breaks
    part.set_payload(base64.encodebytes(calendar.encode()).decode("ascii"))
    return part


def _subject(text: str) -> str:
    """A subject as a header: encoded where it is long or not ASCII, in parts that fit a line."""
    plain = text.isascii() and len(text) < _LINE - len("Subject: ")
    charset = "us-ascii" if plain else "utf-8"
    return Header(text, charset, maxlinelen=_LINE, header_name="Subject").encode()


def _address(text: str) -> str:
    return email_addresses.normalise(one_line(text))
