"""The mailbox in which bounces arrive, read over IMAP (RFC 3501)."""

import contextlib
import imaplib
import ssl
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from portal.jobs.worker import stopping
from portal.mail.access_tokens import OAuth, answer_with_token

TIMEOUT = 20  # seconds for one step
TURN = 30  # seconds; then the other jobs of the worker get theirs
_LONGEST = 64 * 1024  # bytes that are read of a mail: the report stands before what came back
_SEEN = r"(\Seen)"


class Mailbox(NamedTuple):
    """The inbox on an IMAP server. `security`: "tls", "starttls", or "none" on this computer."""

    host: str
    port: int
    security: str
    user: str
    password: str
    oauth: OAuth | None = None  # where there is no password


def read_unseen(mailbox: Mailbox, prefix: str) -> Iterator[bytes]:
    """The first part of each mail that was not read yet and whose To holds `prefix`, such as
    "bounces+"; the oldest first. A mail counts as read once the next one is asked for.

    Raises OSError, imaplib.IMAP4.error and Unusable.
    """
    end = time.monotonic() + TURN
    with _connect(mailbox) as imap:
        for number in _ask(imap, "SEARCH", "UNSEEN", "TO", f'"{prefix}"')[0].split():
            if stopping() or time.monotonic() >= end:
                return
            for part in _ask(imap, "FETCH", number.decode(), f"(BODY.PEEK[]<0.{_LONGEST}>)"):
                if isinstance(part, tuple):
                    yield part[1][:_LONGEST]
            _ask(imap, "STORE", number.decode(), "+FLAGS.SILENT", _SEEN)


@contextlib.contextmanager
def _connect(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    if mailbox.security == "tls":
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context()
        )
    else:
        imap = imaplib.IMAP4(mailbox.host, mailbox.port, TIMEOUT)
    try:
        if mailbox.security == "starttls":
            imap.starttls(ssl.create_default_context())
        if mailbox.password or not mailbox.oauth:
            imap.login(mailbox.user, mailbox.password)
        else:
            answer = answer_with_token(mailbox.user, mailbox.oauth).encode()
            imap.authenticate("XOAUTH2", lambda challenge: b"" if challenge else answer)
        _check(imap.select())
        yield imap
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imap.logout()
        with contextlib.suppress(OSError):
            imap.shutdown()  # which a failed logout leaves out


def _ask(imap: imaplib.IMAP4, command: str, *arguments: str) -> list[Any]:
    return _check(imap.uid(command, *arguments))


def _check(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an answer. Raises imaplib.IMAP4.error where the server refuses."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(data)[:200])
    return data
