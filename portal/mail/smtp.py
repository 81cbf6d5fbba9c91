"""A session with the mail server: opened for the first mail, kept for those that follow."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from portal.mail.access_tokens import OAuth, answer_with_token
from portal.mail.faults import OAUTH, Fault, Stage, Unusable, read_answer, read_error
from portal.mail.return_paths import ReturnPath

TIMEOUT = 20  # seconds for one step of the SMTP dialogue
_METHODS = {"CRAM-MD5", "PLAIN", "LOGIN"}  # of smtplib


class Server(NamedTuple):
    """The SMTP server. `security`: "starttls", "tls", or "none" on this computer only."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str  # the address in From
    return_path: ReturnPath
    allow: tuple[str, ...]  # patterns of recipients, such as *@school.nl; empty: everybody
    capture_only: bool  # show mail instead of sending it: the demo
    lease: timedelta  # longer than the slowest mail takes; after it another worker may send
    greeting: str  # the name of this computer in EHLO
    oauth: OAuth | None = None  # instead of the password
    has_ended: Callable[[str], bool] = lambda address: False  # whether its account has
    # Called with an address that does not exist, and the answer of the server.
    on_dead_address: Callable[[str, str], object] = lambda address, answer: None


class SmtpSession:
    """A session with the server, to be closed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def close(self) -> None:
        """Say goodbye to the server, where there is a session."""
        if self._smtp:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp.close()

    def send(self, recipient: str, message: bytes, return_path: str) -> Fault | None:
        """Send one mail, whose bounces go to `return_path`; None where the server accepted it."""
        was_open = self._smtp is not None
        fault = self._send(recipient, message, return_path)
        if fault and was_open and self._smtp is None:
            # The server ended the session, for instance after so many mails.
            fault = self._send(recipient, message, return_path)
        return fault

    def open(self) -> Fault | None:
        """Connect and sign in, unless that was done; None where the server lets us in."""
        try:
            self._smtp = self._smtp or self._connect()
        except smtplib.SMTPResponseException as error:
            return read_answer(Stage.SESSION, error.smtp_code, error.smtp_error)
        except (OSError, ValueError, Unusable) as error:
            return read_error(error)
        return None

    def _send(self, recipient: str, message: bytes, return_path: str) -> Fault | None:
        fault, smtp = self.open(), self._smtp
        if fault or smtp is None:
            return fault
        try:
            # Not send_message(): it writes ">From" for a line that begins with "From".
            smtp.sendmail(return_path, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            return read_answer(Stage.RECIPIENT, *error.recipients[recipient])
        except smtplib.SMTPSenderRefused as error:
            return read_answer(Stage.SENDER, error.smtp_code, error.smtp_error)
        except smtplib.SMTPResponseException as error:
            return read_answer(Stage.DATA, error.smtp_code, error.smtp_error)
        except (OSError, ValueError) as error:
            smtp.close()
            return Fault(read_error(error).text)  # it may be this mail that ends every session
        finally:
            if smtp.sock is None:
                self._smtp = None
        return None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        smtp = self._reach()
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                if not smtp.has_extn("starttls"):
                    raise Unusable(
                        "De mailserver biedt op deze poort geen STARTTLS aan.",
                        "Kies een andere SMTP_PORT, of SMTP_SECURITY=tls.",
                    )
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
            if server.user:
                self._log_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _reach(self) -> smtplib.SMTP:
        host, port, name = self._server.host, self._server.port, self._server.greeting
        if self._server.security != "tls":
            return smtplib.SMTP(host, port, name, TIMEOUT)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT, context=context)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("auth"):
            raise Unusable(
                "De mailserver biedt op deze poort geen inloggen aan.",
                "Kies een andere SMTP_PORT, of laat SMTP_USER leeg.",
            )
        methods = set(smtp.esmtp_features["auth"].upper().split())
        if self._server.oauth:
            self._log_in_with_token(smtp, methods, self._server.oauth)
            return
        if not methods & _METHODS:
            raise Unusable("De mailserver neemt geen wachtwoord aan.", OAUTH)
        if not (self._server.user + self._server.password).isascii():
            raise Unusable(
                "In SMTP_USER of SMTP_PASSWORD staat een teken dat een mailserver niet kent.",
                "Kies een wachtwoord zonder letters zoals é en tekens zoals €.",
            )
        smtp.login(self._server.user, self._server.password)

    def _log_in_with_token(self, smtp: smtplib.SMTP, methods: set[str], oauth: OAuth) -> None:
        if "XOAUTH2" not in methods:
            raise Unusable(
                "De mailserver kent inloggen met XOAUTH2 niet.", "Haal SMTP_OAUTH_URL weg, en gebruik SMTP_PASSWORD."
            )
        answer = answer_with_token(self._server.user, oauth)
        # A challenge is a refusal with its reason; an empty answer asks for the code.
        smtp.auth("XOAUTH2", lambda challenge=None: answer if challenge is None else "")
