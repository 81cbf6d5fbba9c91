"""The meaning of a failed attempt: the address is wrong, our settings are, or it may work later.

By enhanced status code (RFC 3463, and the registry of RFC 5248) where the server gives one. Only
an address that does not exist and a mail that is too large are final. A wrong setting of ours
never is: the mail waits, and the advice tells what to mend.
"""

import re
import smtplib
import socket
import ssl
from enum import Enum, auto
from typing import NamedTuple

from portal.text import one_line

_LONGEST = 300  # characters of an answer


class Stage(Enum):
    """The part of the SMTP dialogue that the server answered."""

    SESSION = auto()  # greeting, encryption, logging in
    SENDER = auto()  # MAIL FROM
    RECIPIENT = auto()  # RCPT TO
    DATA = auto()


class Fault(NamedTuple):
    """A failed attempt."""

    text: str  # the answer of the server, or a Dutch sentence
    advice: str = ""  # the Dutch sentence that tells what to mend; "": nothing of ours
    is_final: bool = False  # this mail can never be delivered
    hits_all: bool = False  # no other mail can be sent now either
    is_dead_address: bool = False  # nobody gets mail there


class Unusable(Exception):
    """The server does not offer what our settings ask for, or does not let us in."""

    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.advice = advice


_SERVER = "Controleer SMTP_HOST, SMTP_PORT en SMTP_SECURITY; bij poort 465 hoort tls."
PASSWORD = "Controleer SMTP_USER en SMTP_PASSWORD, of wat bij SMTP_OAUTH_URL hoort."  # noqa: S105 - advice
OAUTH = "Stel inloggen zonder wachtwoord in: SMTP_OAUTH_URL en wat daarbij hoort."
_FROM = "Gebruik in MAIL_FROM en MAIL_BOUNCE een adres waarvan SMTP_USER mag versturen."
_ADVICE = (
    (re.compile(r"starttls", re.I), "Kies SMTP_SECURITY=starttls."),
    (re.compile(r"\b5\.7\.(30|139)\b", re.I), OAUTH),
    (re.compile(r"\b5\.(2\.252|1\.[78]|7\.60)\b|send ?as|sender", re.I), _FROM),
    (
        re.compile(r"\b5\.(4\.5|7\.23[23])\b|quota|limit", re.I),
        "De grens van wat je mag versturen is bereikt. Vraag wie de mailserver beheert om meer.",
    ),
    (
        re.compile(r"\b5\.7\.64\b|relay", re.I),
        "Laat de mailserver mail van deze computer doorsturen, of log in met SMTP_USER.",
    ),
    (re.compile(r"^53\d|\b5\.7\.(0|3|8|57)\b|authent", re.I), PASSWORD),
    (
        re.compile(r"^504|\b5\.5\.2\b|helo|fqdn", re.I),
        "De mailserver wil de volledige naam van deze computer. Die komt uit BASE_URL.",
    ),
)
_OTHER = "Laat dit antwoord zien aan wie de mailserver beheert."

# Not an address of numbers, such as 5.1.1.9. Some servers give the code at the end, in brackets.
_STATUS = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
# Not 5.1.7 and 5.1.8, the address of the sender, nor 5.1.90, the daily limit of Microsoft 365.
_NO_SUCH_ADDRESS = {(1, detail) for detail in (0, 1, 2, 3, 4, 6, 10)}
_NO_SUCH_MAILBOX = (550, 551, 553)  # at RCPT, RFC 5321, 4.2.3
_TOO_LARGE = 552
_OURS = re.compile(r"relay|auth|sender|policy|spam|spf|dkim|dmarc|block|black|reput|helo|host|quota|limit|denied", re.I)
_CONNECTION: tuple[tuple[type[Exception], str, str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "Het certificaat van de mailserver klopt niet.",
        "Vul in SMTP_HOST de naam in die in het certificaat staat.",
    ),
    (ssl.SSLError, "De mailserver versleutelt op deze poort anders.", _SERVER),
    (socket.gaierror, "Er is geen computer met de naam in SMTP_HOST.", _SERVER),
    (ConnectionRefusedError, "Op deze poort luistert geen mailserver.", _SERVER),
    (TimeoutError, "De mailserver antwoordt niet op tijd.", _SERVER),
    (smtplib.SMTPServerDisconnected, "De mailserver verbrak de verbinding.", _SERVER),
)


def read_answer(stage: Stage, code: int, answer: bytes | str) -> Fault:
    """The fault in a refusal by the server."""
    if isinstance(answer, bytes):
        answer = answer.decode(errors="replace")
    text = one_line(f"{code} {answer}")[:_LONGEST]
    if stage is Stage.SESSION and code < 200:  # -1: no code at all, for instance a web server
        return Fault("Op deze poort antwoordt geen mailserver.", _SERVER, hits_all=True)
    if _is_final(stage, code, text):
        return Fault(text, is_final=True, is_dead_address=not _is_too_large(code, text))
    is_full = (code, _find_status(text)) == (_TOO_LARGE, None) or _find_status(text) == (2, 2)
    is_for_now = code < 500 or is_full
    return Fault(
        text, advice="" if is_for_now else _find_advice(stage, text), hits_all=stage in (Stage.SESSION, Stage.SENDER)
    )


def read_error(error: Exception) -> Fault:
    """The fault in an error of the connection that is no answer of the server."""
    if isinstance(error, Unusable):
        return Fault(one_line(str(error))[:_LONGEST], error.advice, hits_all=True)
    for kind, text, advice in _CONNECTION:
        # smtplib tells of a silent server by another error; its context is the TimeoutError.
        if isinstance(error, kind) or isinstance(error.__context__, kind):
            return Fault(text, advice, hits_all=True)
    text = f"Geen verbinding met de mailserver ({type(error).__name__})."
    return Fault(text, _SERVER, hits_all=True)


def _is_final(stage: Stage, code: int, text: str) -> bool:
    if code < 500 or stage is Stage.SESSION:
        return False
    status = _find_status(text)
    if status is None:
        if stage is Stage.RECIPIENT:
            return code in _NO_SUCH_MAILBOX and not _OURS.search(text)
        return _is_too_large(code, text)
    if _is_too_large(code, text):
        return True
    if stage is Stage.SENDER:
        return False
    return status == (2, 1) or (status in _NO_SUCH_ADDRESS and "sender" not in text.lower())


def _is_too_large(code: int, text: str) -> bool:
    """Whether it is the mail that the server does not want, and not the address."""
    status = _find_status(text)
    return code == _TOO_LARGE if status is None else status in ((2, 3), (3, 4))


def _find_status(text: str) -> tuple[int, int] | None:
    """The subject and detail of an enhanced status code, such as (1, 1) for 5.1.1."""
    found = _STATUS.search(text)
    return (int(found[1]), int(found[2])) if found else None


def _find_advice(stage: Stage, text: str) -> str:
    for pattern, advice in _ADVICE:
        if pattern.search(text):
            return advice
    return _FROM if stage is Stage.SENDER else _OTHER
