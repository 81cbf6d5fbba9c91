"""Bounces: what a report of non-delivery means, and reading them from a real IMAP server."""

import email
import imaplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.mail import access_tokens
from portal.mail.access_tokens import OAuth
from portal.mail.bounce_mailbox import Mailbox
from portal.mail.bounces import collect, read_bounce
from portal.mail.models import DeliveryState, OutgoingMail
from portal.mail.outbox import Mail, enqueue
from portal.mail.return_paths import ReturnPath
from portal.mail.sending_and_retries import deliver_due
from tests.mail.fixtures import MakeServer
from tests.mail.imap_server import Folder, serving_imap
from tests.mail.postbox import PASSWORD, TOKEN, Postbox

PATH = ReturnPath("terug+@po.example", ("oud", "nieuw"))
NOOR = "noor@school.example"


def make_bounce(
    to: str, status: str = "5.1.1", answer: str = "smtp; 550 5.1.1 User unknown",
    action: str = "failed", original: str = "Subject: Mail 1\n\nDag Noor",
) -> bytes:  # fmt: skip
    """A report as Postfix writes it (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.school.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.school.example

Final-Recipient: rfc822; {NOOR}
Action: {action}
Status: {status}
Diagnostic-Code: {answer}

--grens
Content-Type: message/rfc822

{original}

--grens--
""".replace("\n", "\r\n").encode()


def read(raw: bytes) -> Any:
    return read_bounce(email.message_from_bytes(raw))


@pytest.mark.parametrize(
    ("status", "answer", "is_dead"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <noor@school.example>: User unknown", True),
        ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("5.1.2", "dns; Host not found", True),
        ("5.1.1", "", True),
        ("5.0.0", "smtp; 550-5.1.1 The account does not exist.", True),  # as Exim writes it
        ("5.0.0", "smtp; 550 User unknown", True),
        ("5.2.1", "smtp; 550 5.2.1 mailbox disabled", True),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", False),
        ("5.4.4", "smtp; unable to look up host", False),
        ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", False),
        ("5.1.1", "smtp; 550 5.7.1 Blocked by our spam filter", False),
        ("5.1.8", "smtp; 550 5.1.8 Bad sender", False),
        ("5.3.4", "smtp; 552 5.3.4 Message too big", False),
        ("4.4.7", "smtp; 451 4.4.7 Message expired", False),
        ("5.0.0", "", False),
        ("5.0.0", "smtp; 554 5.7.1 Rejected", False),
        ("veel", "te", False),
    ],
)  # fmt: skip
def test_only_an_address_that_does_not_exist_is_dead(status: str, answer: str, is_dead: bool) -> None:
    assert read(make_bounce("x@po.example", status, answer)).is_dead_address == is_dead


@pytest.mark.parametrize(
    "raw",
    [
        make_bounce("x@po.example", "4.4.1", action="delayed"),
        make_bounce("x@po.example", "2.0.0", action="delivered"),
        b"Subject: Ik ben er niet\r\nAuto-Submitted: auto-replied\r\n\r\n5.1.1",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n5.1.1",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nAction: failed\r\n--x--",
        b"",
    ],
)
def test_anything_else_is_no_bounce(raw: bytes) -> None:
    assert read(raw) is None


def test_a_return_path_names_its_mail_to_whoever_has_the_key() -> None:
    made = PATH.make(417)
    assert made.startswith("terug+417-")
    assert made.endswith("@po.example")
    assert len(made.partition("@")[0]) <= 64
    assert PATH.find_mail([made]) == 417
    assert PATH.find_mail([made.upper()]) == 417
    assert PATH.find_mail(["x@po.example", made]) == 417
    assert PATH._replace(keys=("nieuw", "nieuwst")).find_mail([made]) == 417  # after a rotation
    assert PATH._replace(keys=("nieuwst",)).find_mail([made]) is None


@pytest.mark.parametrize(
    "forged",
    [
        PATH.make(417).replace("417", "418"),
        PATH.make(417).replace("-", "-a"),
        PATH._replace(keys=("anders",)).make(417),
        "terug+417@po.example", "terug+417-@po.example", "terug@po.example", "terug+@po.example",
        f"terug+{'9' * 400}-{'a' * 16}@po.example", "terug+٤-aaaaaaaaaaaaaaaa@po.example", "",
    ],
)  # fmt: skip
def test_a_forged_return_path_names_no_mail(forged: str) -> None:
    assert PATH.find_mail([forged]) is None


def test_an_address_without_a_plus_stays_as_it_is() -> None:
    assert ReturnPath("terug@po.example", ("k",)).make(417) == "terug@po.example"


# From here on with a real mailbox.


@pytest.fixture
def folder() -> Iterator[Folder]:
    with serving_imap() as folder:
        yield folder


@pytest.fixture
def dead(outbox: None) -> list[tuple[str, str]]:
    """The addresses that were found dead, with the answers."""
    return []


def mailbox(folder: Folder, **changes: Any) -> Mailbox:
    usual = Mailbox("127.0.0.1", folder.port, "none", "post", PASSWORD)
    return usual._replace(**changes)


def collect_from(folder: Folder, dead: list[tuple[str, str]], **changes: Any) -> int:
    return collect(mailbox(folder, **changes), PATH, lambda *found: dead.append(found))


def send(number: int = 1, recipient: str = NOOR) -> OutgoingMail:
    """A mail that a server took."""
    assert enqueue(Mail(f"mail:{number}", recipient, "Mail", "Dag Noor"), "po.example")
    mail: OutgoingMail = OutgoingMail.get(key=f"mail:{number}")
    mail.state = DeliveryState.SENT
    mail.save()
    return mail


def state_of(mail: OutgoingMail) -> str:
    return str(OutgoingMail.get_by_id(mail.id).state)


def test_a_mail_that_comes_back_is_marked_and_its_address_reported(
    postbox: Postbox, make_server: MakeServer, folder: Folder, dead: list[tuple[str, str]]
) -> None:
    """From the envelope of the mail that went out to the report of its address."""
    assert enqueue(Mail("mail:1", NOOR, "Mail", "Dag Noor"), "po.example")
    deliver_due(make_server(return_path=PATH))
    (letter,) = postbox.letters
    folder.add(make_bounce(letter.sender))
    assert collect_from(folder, dead) == 1
    assert dead == [(NOOR, "550 5.1.1 User unknown")]
    mail = OutgoingMail.get()
    assert (mail.state, mail.error) == ("bounced", "550 5.1.1 User unknown")
    assert folder.seen == set(folder.mails)


def test_a_full_mailbox_is_no_dead_address(folder: Folder, dead: list[tuple[str, str]]) -> None:
    mail = send()
    folder.add(make_bounce(PATH.make(mail.id), "5.2.2", "smtp; 552 5.2.2 Mailbox full"))
    assert collect_from(folder, dead) == 1
    assert (state_of(mail), dead) == ("bounced", [])


def test_a_bounce_counts_once(folder: Folder, dead: list[tuple[str, str]]) -> None:
    """Also where the server sends it twice, or does not remember what was read."""
    path = PATH.make(send().id)
    folder.add(make_bounce(path))
    folder.add(make_bounce(path))
    assert collect_from(folder, dead) == 1
    folder.seen.clear()
    assert collect_from(folder, dead) == 0
    assert len(dead) == 1


def test_a_forged_bounce_changes_nothing(folder: Folder, dead: list[tuple[str, str]]) -> None:
    mail = send()
    other = PATH._replace(keys=("van een ander",))
    for address in (other.make(mail.id), f"terug+{mail.id}@po.example", PATH.make(mail.id + 1)):
        folder.add(make_bounce(address))
    assert collect_from(folder, dead) == 0
    assert (state_of(mail), dead, len(folder.seen)) == ("sent", [], 3)


def test_the_mail_of_people_in_the_mailbox_stays_unread(folder: Folder, dead: list[tuple[str, str]]) -> None:
    mine = folder.add(make_bounce("terug@po.example"))
    assert collect_from(folder, dead) == 0
    assert mine not in folder.seen
    assert folder.fetched == []


HOSTILE = {
    "huge": lambda to: make_bounce(to, original="x" * 30_000_000),
    "nested": lambda to: (
        f"To: {to}\r\n".encode()
        + b"".join(
            b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth)
            for depth in range(1000)
        )
    ),
    "wrong charset": lambda to: make_bounce(to).replace(b"us-ascii", b'"\xff\xfe-9"'),
    "wrong encoding": lambda to: make_bounce(to).replace(
        b"Content-Type: message/delivery-status",
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64",
    ),
    "encoded words": lambda to: make_bounce(to, answer="smtp; =?utf-99?b?=FF=FE?= 5.1.1"),
    "bytes": lambda to: make_bounce(to, answer="smtp; 550 ¿").replace(b"\xc2\xbf", b"\xff\x00"),
    "no line end": lambda to: f"To: {to}".encode(),
    "thousand addresses": lambda to: make_bounce(", ".join(["a@b.example"] * 1000 + [to])),
    "brackets": lambda to: make_bounce("<" * 20_000 + "(" * 20_000 + to),
    "not a report": lambda to: make_bounce(to).replace(b"message/delivery-status", b"text/plain"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_mail_keeps_nothing_up(folder: Folder, dead: list[tuple[str, str]], kind: str) -> None:
    """The mail after it is read, and it counts as read itself."""
    first, second = send(1), send(2)
    folder.add(HOSTILE[kind](PATH.make(first.id)))
    folder.add(make_bounce(PATH.make(second.id)))
    assert collect_from(folder, dead) >= 1
    assert state_of(second) == "bounced"
    assert folder.seen == set(folder.mails)
    assert all(len(answer) <= 301 for _, answer in dead)


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
def test_a_mailbox_that_refuses_fails_the_job(folder: Folder, dead: list[tuple[str, str]], command: str) -> None:
    """The overview of Beheer then shows that it stands still."""
    folder.add(make_bounce(PATH.make(send().id)))
    folder.refuses = command
    with pytest.raises(imaplib.IMAP4.error):
        collect_from(folder, dead)
    folder.refuses = ""
    collect_from(folder, dead)
    assert len(dead) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_mailbox_is_read_over_tls_where_its_certificate_is_trusted(
    certificate: Path, dead: list[tuple[str, str]], security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with serving_imap(context, is_encrypted=security == "tls") as folder:
        folder.add(make_bounce(PATH.make(send().id)))
        with pytest.raises(ssl.SSLCertVerificationError):
            collect_from(folder, dead, host="localhost", security=security)
        assert folder.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert collect_from(folder, dead, host="localhost", security=security) == 1


def test_a_mailbox_without_a_password_is_read_with_a_token(
    folder: Folder, dead: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.add(make_bounce(PATH.make(send().id)))
    oauth = OAuth("https://inlog.example", "portal", "geheim", "")
    monkeypatch.setattr(access_tokens, "fetch_token", lambda oauth: "verlopen")
    with pytest.raises(imaplib.IMAP4.error):
        collect_from(folder, dead, password="", oauth=oauth)
    monkeypatch.setattr(access_tokens, "fetch_token", lambda oauth: TOKEN)
    assert collect_from(folder, dead, password="", oauth=oauth) == 1
    assert folder.logins == ["user=post"] * 2


def test_a_mailbox_that_is_not_there_fails_the_job(dead: list[tuple[str, str]]) -> None:
    with serving_imap() as folder:
        pass
    with pytest.raises(OSError, match="refused"):
        collect_from(folder, dead)
