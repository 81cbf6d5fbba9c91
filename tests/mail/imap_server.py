"""A real IMAP server in this process (RFC 3501): one folder, and the commands by which bounces are
read. It answers BAD to what it does not know."""

import base64
import contextlib
import re
import shlex
import socketserver
import ssl
import threading
from collections.abc import Iterator
from typing import Any

from tests.mail.postbox import PASSWORD, TOKEN


class Folder:
    """The mails of the INBOX, by number (UID), and what clients did."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.logins: list[str] = []
        self.fetched: list[str] = []  # the arguments of each FETCH
        self.refuses = ""  # a command that gets NO

    def add(self, raw: bytes) -> int:
        number = max(self.mails, default=40) + 2  # with gaps, as where mails were deleted
        self.mails[number] = raw
        return number


class _Session(socketserver.StreamRequestHandler):
    server: Any
    timeout = 10
    disable_nagle_algorithm = True  # or an answer in two parts waits for 40 ms

    def handle(self) -> None:
        self.folder: Folder = self.server.folder
        self.tag, self.is_in = "", False
        self.say("* OK IMAP4rev1")
        with contextlib.suppress(OSError):
            while line := self.rfile.readline(10_000).decode().strip():
                self.tag, name, *rest = line.split(" ", 2)
                self.answer(name.upper(), rest[0] if rest else "")

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server knows the socket from before STARTTLS only

    def say(self, text: str, literal: bytes | None = None) -> None:
        more = b"" if literal is None else b" {%d}\r\n%b)" % (len(literal), literal)
        self.wfile.write(text.encode() + more + b"\r\n")

    def done(self, status: str = "OK") -> None:
        self.say(f"{self.tag} {status} done")

    def answer(self, name: str, rest: str) -> None:
        if name == "UID":
            name, _, rest = rest.partition(" ")
        if self.folder.refuses == name:
            self.done("NO")
            return
        handler = getattr(self, f"on_{name.lower()}", None)
        if handler and (self.is_in or name not in ("SELECT", "SEARCH", "FETCH", "STORE")):
            handler(rest)
        else:
            self.done("BAD")

    def on_capability(self, rest: str) -> None:
        self.say("* CAPABILITY IMAP4rev1 STARTTLS AUTH=XOAUTH2")
        self.done()

    def on_starttls(self, rest: str) -> None:
        self.done()
        self.request = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.setup()

    def on_login(self, rest: str) -> None:
        user, password = shlex.split(rest)
        self.folder.logins.append(user)
        self.is_in = password == PASSWORD
        self.done("OK" if self.is_in else "NO")

    def on_authenticate(self, rest: str) -> None:
        self.say("+ ")
        said = base64.b64decode(self.rfile.readline()).decode()
        self.folder.logins.append(said.partition("\1")[0])
        self.is_in = said.endswith(f"\1auth=Bearer {TOKEN}\1\1")
        if not self.is_in:
            self.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
            assert not self.rfile.readline().strip()
        self.done("OK" if self.is_in else "NO")

    def on_select(self, rest: str) -> None:
        if shlex.split(rest) != ["INBOX"]:
            self.done("NO")
            return
        self.say(f"* {len(self.folder.mails)} EXISTS")
        self.done()

    def on_search(self, rest: str) -> None:
        criteria, to, words = shlex.split(rest)
        assert (criteria, to) == ("UNSEEN", "TO")
        found = [
            str(number)
            for number, raw in self.folder.mails.items()
            if number not in self.folder.seen and words.lower().encode() in _find_to(raw)
        ]
        self.say(" ".join(["* SEARCH", *found]))
        self.done()

    def on_fetch(self, rest: str) -> None:
        self.folder.fetched.append(rest)
        found = re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest)
        assert found
        raw = self.folder.mails[int(found[1])][: int(found[2])]
        self.say(f"* 1 FETCH (UID {found[1]} BODY[]<0>", raw)
        self.done()

    def on_store(self, rest: str) -> None:
        found = re.fullmatch(r"(\d+) \+FLAGS\.SILENT \(\\Seen\)", rest)
        assert found
        self.folder.seen.add(int(found[1]))
        self.done()

    def on_logout(self, rest: str) -> None:
        self.say("* BYE")
        self.done()


def _find_to(raw: bytes) -> bytes:
    """The header To in lower case."""
    found = re.search(rb"(?:^|\r\n)to:([^\r]*)", raw.partition(b"\r\n\r\n")[0].lower())
    return found[1] if found else b""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64  # visitors who come at the same moment
    tls: ssl.SSLContext | None = None
    is_encrypted = False

    def __init__(self, folder: Folder) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folder = folder
        folder.port = self.server_address[1]

    def get_request(self) -> Any:
        connection, address = super().get_request()
        if self.is_encrypted and self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: a client that trusts no certificate hangs up."""


@contextlib.contextmanager
def serving_imap(tls: ssl.SSLContext | None = None, *, is_encrypted: bool = False) -> Iterator[Folder]:
    """Runs a folder inside the `with`; every user may log in with PASSWORD. With `tls` it knows
    STARTTLS, and with `is_encrypted` it speaks TLS from the first byte."""
    with _Server(Folder()) as server:
        server.tls, server.is_encrypted = tls, is_encrypted
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.folder
        finally:
            server.shutdown()
            thread.join()
