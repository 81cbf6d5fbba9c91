"""What a mail is, and how it looks on the wire: plain text, safe headers, one recipient."""

import base64
import re
import unicodedata
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime
from typing import NamedTuple

from portal import clock, email_addresses

MAX_BODY = 20_000  # bytes
_LINE = 75  # characters: as long as one part of a header may be
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_ON_THE_WIRE = compat32.clone(linesep="\r\n")


class Mail(NamedTuple):
    """One mail. `key` names the event that it tells of, such as "invitation:42". An id in it
    is of a row that is never deleted: SQLite would give it again, and drop the mail of that event.
    """

    key: str
    recipient: str
    subject: str
    body: str
    reply_to: str = ""
    calendar: str = ""  # an appointment (iCalendar) that goes with it


def one_line(text: str) -> str:
    """`text` for a header: every kind of line break and control character becomes a space.

    People paste from Word: also U+2028 and vertical tabs, which the header would refuse.
    """
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    # "=?" begins an encoded word, in which a line break can hide.
    return re.sub(r" {2,}", " ", spaced.replace("=?", "= ?")).strip()


def compose(
    *,
    sender: str,
    recipient: str,
    reply_to: str,
    subject: str,
    body: str,
    message_id: str,
    calendar: str = "",
) -> bytes:
    """The mail as it goes over the wire. Raises ValueError for an address that is none."""
    # Python's newer EmailMessage reads a subject as if it were encoded and folds it wrongly.
    text = body.encode()[:MAX_BODY].decode(errors="ignore")
    message = Message()
    message["From"] = f"Kernwijzer <{_address(sender)}>"
    message["To"] = _address(recipient)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = _subject(one_line(subject))
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    # Many servers answer automatically to everybody; not to us.
    message["X-Auto-Response-Suppress"] = "All"
    if calendar:
        # A text and, for who can read it, the same as an appointment: RFC 6047, 2.4.
        message["Content-Type"] = "multipart/alternative"
        message["MIME-Version"] = "1.0"
        message.attach(_plain(text))
        message.attach(_appointment(calendar))
    else:
        message.set_payload(text, _UTF8)
    return message.as_bytes(policy=_ON_THE_WIRE)


def _plain(text: str) -> Message:
    part = Message()
    part.set_payload(text, _UTF8)
    return part


def _appointment(calendar: str) -> Message:
    """The appointment as a part. Outlook looks at the method, which must be the file's own."""
    found = re.search(r"^METHOD:([A-Z]+)\r$", calendar, re.MULTILINE)
    if not found:
        raise ValueError("an appointment without a method")
    part = Message()
    part["Content-Type"] = f'text/calendar; charset="utf-8"; method={found[1]}'
    part["Content-Transfer-Encoding"] = "base64"  # leaves its line breaks alone
    part.set_payload(base64.encodebytes(calendar.encode()).decode("ascii"))
    return part


def _subject(text: str) -> str:
    """A subject as a header: encoded where it is not short and plain, in parts that fit."""
    plain = text.isascii() and len(text) < _LINE - len("Subject: ")
    charset = "us-ascii" if plain else "utf-8"
    return Header(text, charset, maxlinelen=_LINE, header_name="Subject").encode()


def _address(text: str) -> str:
    return email_addresses.normalise(one_line(text))
