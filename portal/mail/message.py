"""What a mail is, and how it looks on the wire: plain text, safe headers, one recipient."""

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from portal import clock

MAX_BODY = 20_000  # bytes
# Unfolded: where the package folds a subject it loses or doubles a space.
_POLICY = SMTP.clone(max_line_length=998)


class Mail(NamedTuple):
    """One mail. `key` names the event that it tells of, such as "sign-in:42"."""

    key: str
    recipient: str
    subject: str
    body: str
    reply_to: str = ""


def one_line(text: str) -> str:
    """`text` for a header: every kind of line break and control character becomes a space.

    People paste from Word: also U+2028 and vertical tabs, which the header would refuse.
    """
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    # "=?" begins an encoded word, in which a line break can hide.
    return re.sub(r" {2,}", " ", spaced.replace("=?", "= ?")).strip()


def compose(
    *, sender: str, recipient: str, reply_to: str, subject: str, body: str, message_id: str
) -> EmailMessage:
    """The mail as it is sent. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(sender, "Kernwijzer")
    message["To"] = _address(recipient)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    # Many servers answer automatically to everybody; not to us.
    message["X-Auto-Response-Suppress"] = "All"
    text = body.encode()[:MAX_BODY].decode(errors="ignore")
    message.set_content(text, charset="utf-8")
    return message


def _address(text: str, name: str = "") -> Address:
    address = one_line(text)
    if not re.fullmatch(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", address
    ):
        raise ValueError("not an address")
    try:
        return Address(name, addr_spec=address)
    except Exception as error:
        # The email package has more ways to refuse an address than it names.
        raise ValueError("not an address") from error
