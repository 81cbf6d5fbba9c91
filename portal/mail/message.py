"""The form of a mail on the wire: plain text, safe headers, one recipient."""

import base64
import re
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime

from portal import clock, email_addresses
from portal.mail.models import OutgoingMail
from portal.text import one_line

MAX_BODY = 20_000  # bytes
_LINE = 75  # characters: the longest part of a header (RFC 2047, 2)
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
# The limit of RFC 5322. At 78 a long address would leave the first line of its header empty.
_ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=998)


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
