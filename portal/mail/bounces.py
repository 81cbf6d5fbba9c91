"""Bounces: mails that a server took and sent back later, read from the mailbox of MAIL_BOUNCE.

What stands in a bounce comes from anywhere: only one that arrives at the signed return path of a
mail counts, and what is read of it is bounded.
"""

import email
import re
from collections.abc import Callable
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from portal.database import db
from portal.mail.bounce_mailbox import Mailbox, read_unseen
from portal.mail.faults import Fault, Stage, read_answer
from portal.mail.models import DeliveryState, OutgoingMail
from portal.mail.return_paths import ReturnPath
from portal.text import one_line

_MOST_ADDRESSES = 20  # of a mail
_LONGEST = 1000  # characters of a field
_CODE = re.compile(r"([245]\d\d)[ -]*", re.ASCII)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}", re.ASCII)
_REFUSED = 554  # where the report names no code of SMTP


def collect(mailbox: Mailbox, path: ReturnPath, on_dead_address: Callable[[str, str], object]) -> int:
    """Read the bounces that arrived, and mark their mails; gives how many those are. For an address
    that does not exist, `on_dead_address` is called with it and the answer of the server.

    Raises OSError and imaplib.IMAP4.error for a mailbox that is not to be read, and Unusable.
    """
    return sum(_take(raw, path, on_dead_address) for raw in read_unseen(mailbox, path.prefix))


def _take(raw: bytes, path: ReturnPath, on_dead_address: Callable[[str, str], object]) -> bool:
    try:
        headers = BytesHeaderParser().parsebytes(raw)
        to = [str(value) for value in headers.get_all("To", [])[:_MOST_ADDRESSES]]
        number = path.find_mail(address for _, address in getaddresses(to)[:_MOST_ADDRESSES])
        # The part below the headers can be costly to parse, so only where the signature is ours.
        fault = read_bounce(email.message_from_bytes(raw)) if number else None
    # The parser of the library stumbles over what is nested too deeply or encoded wrongly.
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return False
    if fault is None:
        return False
    with db.atomic():
        is_sent = (OutgoingMail.id == number) & (OutgoingMail.state == DeliveryState.SENT)
        mail = OutgoingMail.get_or_none(is_sent & (OutgoingMail.recipient != ""))
        bounced = {"state": DeliveryState.BOUNCED, "error": fault.text}
        # The condition once more: another worker may read the same bounce.
        if mail is None or not OutgoingMail.update(**bounced).where(is_sent).execute():
            return False
        if fault.is_dead_address:
            on_dead_address(mail.recipient, fault.text)
    return True


def read_bounce(message: Message) -> Fault | None:
    """The fault in a report that a mail was not delivered (RFC 3464); None for anything else, such
    as a delay or an automatic answer."""
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    for part in message.get_payload():
        if not isinstance(part, Message) or part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and _read(block, "Action").lower() == "failed":
                return _read_recipient(block)
    return None


def _read_recipient(block: Message) -> Fault:
    """The fault in the fields of one recipient. The answer of the server that refused says more
    than the status, which is often 5.0.0."""
    answer = _read(block, "Diagnostic-Code").partition(";")[2].strip()
    found = _CODE.match(answer)
    code, text = (int(found[1]), answer[found.end() :]) if found else (_REFUSED, answer)
    status = _read(block, "Status")
    if _STATUS.fullmatch(status) and not status.endswith(".0.0") and not _STATUS.search(text):
        text = f"{status} {text}"
    return read_answer(Stage.RECIPIENT, code, text)


def _read(block: Message, name: str) -> str:
    return one_line(str(block.get(name, "")))[:_LONGEST]
