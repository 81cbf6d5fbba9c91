"""Logging in without a password: a token by one POST, and XOAUTH2, against real servers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest

from portal.config import Config, SettingError
from portal.mail import jobs
from portal.mail.access_tokens import OAuth
from portal.mail.models import DeliveryFault, OutgoingMail
from portal.mail.outbox import Mail, enqueue
from portal.mail.sending_and_retries import deliver_due
from tests.mail.fixtures import MakeServer
from tests.mail.postbox import TOKEN, Postbox

pytestmark = pytest.mark.usefixtures("outbox")


class TokenService:
    """A token endpoint that records the forms it gets and answers as a test prescribes."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.status, self.body = 200, json.dumps({"access_token": TOKEN, "expires_in": 3599})
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                service.forms.append(dict(parse_qsl(self.rfile.read(length).decode())))
                if not service.status:  # no HTTP
                    self.wfile.write(service.body.encode())
                    return
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(service.body.encode())

            def log_message(self, *args: Any) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"


@pytest.fixture
def service() -> Iterator[TokenService]:
    service = TokenService()
    thread = threading.Thread(target=service.server.serve_forever, args=(0.01,))
    thread.start()
    yield service
    service.server.shutdown()
    service.server.server_close()
    thread.join()


def deliver(make_server: MakeServer, service: TokenService, **changes: str) -> OutgoingMail:
    """Deliver one mail with these settings; gives the mail afterwards."""
    settings = Config.from_environment(
        {
            "SMTP_USER": "portal@po.example", "SMTP_OAUTH_URL": service.url,
            "SMTP_OAUTH_CLIENT": "client", "SMTP_OAUTH_SECRET": "ge heim&", **changes,
        }
    )  # fmt: skip
    oauth = jobs.server(settings).oauth
    assert isinstance(oauth, OAuth)
    enqueue(Mail("mail:1", "noor@school.example", "Mail", "Dag"), "po.example")
    deliver_due(make_server(user=settings.smtp_user, oauth=oauth))
    mail: OutgoingMail = OutgoingMail.get()
    return mail


def test_mail_is_sent_with_client_credentials(postbox: Postbox, make_server: MakeServer, service: TokenService) -> None:
    assert deliver(make_server, service).state == "sent"
    assert postbox.logins == ["user=portal@po.example"]
    assert service.forms == [
        {
            "grant_type": "client_credentials", "client_id": "client", "client_secret": "ge heim&",
            "scope": "https://outlook.office365.com/.default",
        }
    ]  # fmt: skip


def test_mail_is_sent_with_a_refresh_token(postbox: Postbox, make_server: MakeServer, service: TokenService) -> None:
    assert deliver(make_server, service, SMTP_OAUTH_REFRESH_TOKEN="1//x").state == "sent"
    assert service.forms == [
        {
            "grant_type": "refresh_token", "refresh_token": "1//x", "client_id": "client",
            "client_secret": "ge heim&",
        }
    ]  # fmt: skip


def test_a_refused_token_loses_no_mail_and_is_told(
    postbox: Postbox, make_server: MakeServer, service: TokenService
) -> None:
    service.body = json.dumps({"access_token": "verlopen"})
    assert deliver(make_server, service).state == "waiting"
    assert "SMTP_OAUTH_URL" in DeliveryFault.get().advice
    assert DeliveryFault.get().error.startswith("535 ")


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            401,
            '{"error": "invalid_client", "error_description": "AADSTS7: expired.\\r\\nTrace"}',
            "De inlogdienst van de mailserver weigert: 401 invalid_client AADSTS7: expired. Trace",
        ),
        (500, "<html>", "De inlogdienst van de mailserver weigert: 500"),
        (400, "[]", "De inlogdienst van de mailserver weigert: 400"),
        (0, "220 mail\r\n", "De inlogdienst van de mailserver geeft geen antwoord (BadStatusLine)."),
        (200, "{}", "De inlogdienst van de mailserver geeft geen antwoord (KeyError)."),
        (200, "x", "De inlogdienst van de mailserver geeft geen antwoord (JSONDecodeError)."),
        (200, "[]", "De inlogdienst van de mailserver geeft geen antwoord (TypeError)."),
    ],
)
def test_a_service_that_gives_no_token_is_told_apart(
    postbox: Postbox, make_server: MakeServer, service: TokenService, status: int, body: str, sentence: str
) -> None:
    service.status, service.body = status, body
    assert deliver(make_server, service).error == sentence
    assert DeliveryFault.get().advice
    assert postbox.logins == []


def test_a_server_without_xoauth2_is_told_apart(
    postbox: Postbox, make_server: MakeServer, service: TokenService
) -> None:
    postbox.methods = "LOGIN PLAIN"
    error = deliver(make_server, service).error
    assert error == "De mailserver kent inloggen met XOAUTH2 niet."
    assert service.forms == []


def test_a_server_that_takes_no_password_is_told_apart(postbox: Postbox, make_server: MakeServer) -> None:
    postbox.methods = "XOAUTH2 GSSAPI"
    enqueue(Mail("mail:1", "noor@school.example", "Mail", "Dag"), "po.example")
    deliver_due(make_server(user="portal", password="x"))
    assert DeliveryFault.get().error == "De mailserver neemt geen wachtwoord aan."
    assert "SMTP_OAUTH_URL" in DeliveryFault.get().advice


@pytest.mark.parametrize("missing", ["SMTP_USER", "SMTP_OAUTH_CLIENT", "SMTP_OAUTH_SECRET"])
def test_a_setting_that_is_missing_is_named(make_server: MakeServer, service: TokenService, missing: str) -> None:
    with pytest.raises(SettingError, match=missing):
        deliver(make_server, service, **{missing: ""})
