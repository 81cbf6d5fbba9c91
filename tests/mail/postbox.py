"""A real SMTP server in this process: it stores its mails and answers as a test prescribes."""

import asyncio
import base64
import contextlib
import email
import email.policy
import socket
import ssl
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

DROP = "drop"  # hang up instead of answering
PASSWORD = "geheim"
TOKEN = "ya29." + "x" * 300


class Letter(NamedTuple):
    """One received mail: the envelope and the message."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def header_names(self) -> list[str]:
        """The names of the headers, read without the email package, which overlooks some."""
        head = self.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        lines = [line for line in head.splitlines() if line[:1] not in (b" ", b"\t")]
        return [line.partition(b":")[0].decode() for line in lines]


class Postbox:
    """Accepts every mail, except where `answer` prescribes a refusal."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[Letter] = []
        self.senders: list[str] = []  # of every attempt
        self.logins: list[str] = []
        self.greetings: list[str] = []  # the name in each EHLO
        self.most_at_once = 0
        self.not_offered: tuple[str, ...] = ()  # extensions, such as "AUTH"
        self.methods = "LOGIN PLAIN XOAUTH2"  # of logging in
        self.pause = 0.0  # seconds to think about each mail
        self.before_answer: Callable[[], object] = lambda: None  # the mail is received by then
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        self._at_once = 0

    def answer(self, command: str, *answers: str) -> None:
        """Give these answers to the next mails at `command`, and then the usual one."""
        self._answers[command].extend(answers)

    def _next(self, command: str, usual: str = "250 OK") -> str:
        return self._answers[command].popleft() if self._answers[command] else usual

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greetings.append(hostname)
        session.host_name = hostname
        lines = [line for line in responses if not any(word in line for word in self.not_offered)]
        return [f"250-AUTH {self.methods}" if "AUTH" in line else line for line in lines]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.senders.append(address)
        if (reply := self._next("MAIL")).startswith("250"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if (reply := self._next("RCPT")).startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.pause:
                await asyncio.sleep(self.pause)
            reply = self._next("DATA")
            if reply.startswith("250"):
                self.letters.append(Letter(envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
            await asyncio.to_thread(self.before_answer)
        finally:
            self._at_once -= 1
        if reply == DROP:
            server.transport.abort()
        return reply

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        if (reply := self._next("QUIT", "221 Bye")) == DROP:
            server.transport.abort()
        return reply

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        """As Microsoft and Google: a token that is refused gets a challenge with the reason."""
        answer = base64.b64decode(args[1]).decode()
        self.logins.append(answer.partition("\1")[0])
        if answer.endswith(f"\1auth=Bearer {TOKEN}\1\1"):
            return AuthResult(success=True)
        assert await server.challenge_auth('{"status":"400"}') == b""
        return AuthResult(success=False, handled=False)

    def may_log_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


class _Controller(Controller):
    """Listens on a free port of this computer, chosen without a race."""

    def __init__(self, postbox: Postbox, **settings: Any) -> None:
        # With the protocol named, or asyncio omits TCP_NODELAY, which costs 40 ms per mail.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        postbox.port = self._socket.getsockname()[1]
        super().__init__(postbox, "127.0.0.1", postbox.port, **settings)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket, ssl=self.ssl_context)


@contextlib.contextmanager
def serving(*, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> Iterator[Postbox]:
    """Runs a postbox inside the `with`; every user may log in with PASSWORD."""
    postbox = Postbox()
    controller = _Controller(
        postbox,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=postbox.may_log_in,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()
