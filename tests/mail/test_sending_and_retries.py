"""Delivery to a real server: accepted, refused for good or for now, stalled, cut off, untrusted.

A temporary failure is retried on a schedule; a permanent one is given up at once.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal import clock
from portal.config import Config, SettingError
from portal.database import connection, db
from portal.database.database_flags import DatabaseFlag
from portal.mail import jobs, sending_and_retries, smtp
from portal.mail.models import DeliveryFault, DeliveryState, OutgoingMail
from portal.mail.outbox import Mail, enqueue, send_again
from portal.mail.return_paths import ReturnPath
from portal.mail.sending_and_retries import deliver_due
from tests.clock import TODAY, stopped_at
from tests.conftest import config
from tests.mail.fixtures import MakeServer
from tests.mail.postbox import DROP, PASSWORD, Postbox, serving

pytestmark = pytest.mark.usefixtures("outbox")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SCHEDULE = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR]  # and then every 12 hours


class Killed(BaseException):
    """An error that no handler catches, as when the worker is killed."""


def owe(number: int = 1, recipient: str = "noor@school.example", **more: Any) -> None:
    mail = Mail(f"mail:{number}", recipient, f"Mail {number}", "Dag Noor", **more)
    assert enqueue(mail, "po.example")


def the_mail() -> OutgoingMail:
    return OutgoingMail.get()


def subjects(postbox: Postbox) -> list[str]:
    return sorted(letter.message["Subject"] for letter in postbox.letters)


def goes_at_the_next_attempt(postbox: Postbox, make_server: MakeServer) -> None:
    """The mail waits, was not marked as sent, and arrives once at the next attempt."""
    mail = the_mail()
    assert (mail.state, mail.done_at, mail.lease) == ("waiting", None, "")
    assert mail.next_attempt_at > clock.now()
    before = len(postbox.letters)
    with stopped_at(mail.next_attempt_at):
        assert deliver_due(make_server()) == 1
    assert the_mail().state == DeliveryState.SENT
    assert len(postbox.letters) == before + 1


def test_a_mail_is_sent_once(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    assert deliver_due(make_server()) == 1
    assert deliver_due(make_server()) == 0
    assert subjects(postbox) == ["Mail 1"]
    mail = the_mail()
    assert (mail.state, mail.done_at, mail.error) == ("sent", clock.now(), "")


def test_due_mails_are_sent_the_oldest_first(postbox: Postbox, make_server: MakeServer) -> None:
    now = clock.now()
    for number in range(12):
        with stopped_at(now - number * MINUTE):
            owe(number)
    assert deliver_due(make_server()) == 12
    assert [letter.message["Subject"] for letter in postbox.letters] == [
        f"Mail {number}" for number in reversed(range(12))
    ]


def test_the_envelope_has_the_bounce_address_and_the_header_the_portal(
    postbox: Postbox, make_server: MakeServer
) -> None:
    owe(reply_to="coach@cjg.example")
    deliver_due(make_server())
    (letter,) = postbox.letters
    assert letter.sender == "bounce@po.example"
    assert letter.recipients == ["noor@school.example"]
    assert letter.message["From"] == "Kernwijzer <kernteam@po.example>"
    assert letter.message["To"] == "noor@school.example"
    assert letter.message["Reply-To"] == "coach@cjg.example"
    assert letter.message["Message-ID"] == the_mail().message_id


# One session, the most urgent first


def test_many_mails_go_in_one_session(postbox: Postbox, make_server: MakeServer) -> None:
    for number in range(5):
        owe(number)
    postbox.answer("RCPT", "250 OK", "550 5.1.1 Onbekend", "451 4.7.1 Later")
    deliver_due(make_server())
    assert len(postbox.letters) == 3
    assert postbox.greetings == ["portal.example"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_ends_the_session_gets_the_mail_in_a_new_one(
    postbox: Postbox, make_server: MakeServer, command: str
) -> None:
    for number in range(4):
        owe(number)
    postbox.answer(command, "250 OK", "421 4.4.2 Dit was genoeg", "250 OK", "421 4.4.2 Genoeg")
    deliver_due(make_server())
    assert len(postbox.letters) == 4
    assert len(postbox.greetings) == 3
    assert {mail.attempts for mail in OutgoingMail.select()} == {0}


def test_a_sign_in_mail_goes_before_a_notice_to_everybody(
    postbox: Postbox, make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        owe(number)
    owe(10, not_after=clock.now() + 10 * MINUTE)
    owe(11, not_after=clock.now() + 9 * MINUTE)
    monkeypatch.setattr(sending_and_retries, "TURN", 0)
    for _ in range(3):
        assert deliver_due(make_server()) == 1  # the other jobs get their turn
    assert [letter.message["Subject"] for letter in postbox.letters] == ["Mail 11", "Mail 10", "Mail 0"]


def test_a_mail_with_a_last_moment_outlives_greylisting(postbox: Postbox, make_server: MakeServer) -> None:
    begun = clock.now()
    owe(not_after=begun + 10 * MINUTE)
    postbox.answer("RCPT", *["451 4.7.1 Greylisted"] * 3)
    with stopped_at(begun) as now:
        for _ in range(4):
            now.move_to(the_mail().next_attempt_at)
            assert deliver_due(make_server()) == 1
        assert now.moment < begun + 4 * MINUTE
    assert len(postbox.letters) == 1


def test_a_mail_is_dropped_after_its_last_moment(postbox: Postbox, make_server: MakeServer) -> None:
    begun = clock.now()
    owe(not_after=begun + 10 * MINUTE)
    postbox.answer("RCPT", "451 4.7.1 Greylisted")
    deliver_due(make_server())
    with stopped_at(begun + 10 * MINUTE):
        deliver_due(make_server())
    mail = the_mail()
    assert (mail.state, mail.body) == ("dropped", "")
    assert mail.error == "Te laat om nog te versturen. 451 4.7.1 Greylisted"
    assert postbox.letters == []
    assert not send_again(mail.id)


# Refusals


def test_a_temporary_refusal_is_retried_and_the_mail_arrives_once(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    postbox.answer("RCPT", "451 Kom over een minuut terug")
    deliver_due(make_server())
    assert postbox.letters == []
    assert the_mail().error == "451 Kom over een minuut terug"
    with stopped_at(the_mail().next_attempt_at - timedelta(seconds=1)):
        assert deliver_due(make_server()) == 0
    goes_at_the_next_attempt(postbox, make_server)
    assert the_mail().error == ""


def test_retries_follow_the_schedule_and_stop_after_three_days(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    postbox.answer("DATA", *["451 Later"] * 30)
    begun = last = clock.now()
    pauses = []
    for _ in range(20):
        with stopped_at(last):
            deliver_due(make_server())
        if (mail := the_mail()).state != DeliveryState.WAITING:
            break
        pauses.append(mail.next_attempt_at - last)
        last = mail.next_attempt_at
    assert len(pauses) > len(SCHEDULE)
    expected = SCHEDULE + [12 * HOUR] * (len(pauses) - len(SCHEDULE))
    for pause, meant in zip(pauses, expected, strict=True):
        assert 0.8 * meant <= pause <= 1.2 * meant
    assert mail.state == DeliveryState.FAILED
    assert mail.attempts == len(pauses) + 1
    assert timedelta(hours=72 - 12 * 1.2) <= last - begun <= timedelta(hours=72 * 1.2)
    assert postbox.letters == []


def test_retries_are_spread_in_time(postbox: Postbox, make_server: MakeServer) -> None:
    for number in range(10):
        owe(number)
    postbox.answer("DATA", *["451 Later"] * 10)
    deliver_due(make_server())
    assert len({mail.next_attempt_at for mail in OutgoingMail.select()}) == 10


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "550 Die woont hier niet"), ("RCPT", "550 5.1.1 Die woont hier niet"), ("DATA", "552 5.3.4 Te groot")],
)
def test_a_permanent_refusal_is_given_up_at_once(
    postbox: Postbox, make_server: MakeServer, command: str, answer: str
) -> None:
    owe()
    postbox.answer(command, answer)
    deliver_due(make_server())
    mail = the_mail()
    assert (mail.state, mail.attempts, mail.error) == ("failed", 1, answer)
    with stopped_at(clock.now() + timedelta(days=3)):
        assert deliver_due(make_server()) == 0
    assert postbox.letters == []


def test_a_refused_mail_does_not_hold_up_the_others(postbox: Postbox, make_server: MakeServer) -> None:
    for number in range(7):
        owe(number)
    postbox.answer("RCPT", "550 Die woont hier niet", "250 OK", "451 Later")
    deliver_due(make_server())
    states = [mail.state for mail in OutgoingMail.select()]
    assert sorted(states) == ["failed", *["sent"] * 5, "waiting"]


@pytest.mark.parametrize("given_up_before", [False, True])
def test_a_mail_that_waited_for_days_still_gets_its_retries(
    postbox: Postbox, make_server: MakeServer, given_up_before: bool
) -> None:
    """The worker was off for a long weekend, or an administrator sent the mail again."""
    owe()
    mail = the_mail()
    with stopped_at(clock.now() + timedelta(days=4)):
        if given_up_before:
            OutgoingMail.update(state="failed", attempts=11).execute()
            send_again(mail.id)
        postbox.answer("RCPT", "451 Kom over een minuut terug", "451 Nog niet")
        deliver_due(make_server())
        with stopped_at(the_mail().next_attempt_at):
            deliver_due(make_server())
            goes_at_the_next_attempt(postbox, make_server)


# Faults of our settings


SETTINGS = [
    ("DATA", "554 5.2.252 SendAsDenied"),
    ("DATA", "550 5.4.5 Daily user sending quota exceeded"),
    ("RCPT", "550 5.7.64 Relay Access Denied"),
    ("RCPT", "530 5.7.1 Authentication required"),
    ("RCPT", "504 5.5.2 need fully-qualified hostname"),
    ("MAIL", "553 5.7.1 Sender not owned by user"),
]


@pytest.mark.parametrize(("command", "answer"), SETTINGS)
def test_a_fault_of_our_settings_is_not_booked_on_the_recipient(
    postbox: Postbox, make_server: MakeServer, command: str, answer: str
) -> None:
    owe()
    postbox.answer(command, answer)
    deliver_due(make_server())
    fault = DeliveryFault.get()
    assert (fault.error, fault.since) == (answer, clock.now())
    assert fault.advice
    goes_at_the_next_attempt(postbox, make_server)
    assert DeliveryFault.get_or_none() is None


@pytest.mark.parametrize(("command", "answer"), SETTINGS[2:3] + SETTINGS[5:])
def test_a_setting_that_is_mended_after_two_weeks_costs_no_mail(
    postbox: Postbox, make_server: MakeServer, command: str, answer: str
) -> None:
    owe()
    begun = clock.now()
    with stopped_at(begun) as now:
        while now.moment < begun + timedelta(days=14):
            postbox.answer(command, answer)
            assert deliver_due(make_server()) == 1
            now.move_to(the_mail().next_attempt_at + timedelta(days=1))
        postbox.answer("RCPT", "451 Kom over een minuut terug")
        deliver_due(make_server())
        goes_at_the_next_attempt(postbox, make_server)


def test_a_mail_that_our_settings_cannot_send_is_given_up_after_a_month(
    postbox: Postbox, make_server: MakeServer
) -> None:
    owe()
    OutgoingMail.update(attempts=63).execute()  # at two a day
    for state in (DeliveryState.WAITING, DeliveryState.FAILED):
        postbox.answer("RCPT", "550 5.7.1 Policy")
        with stopped_at(the_mail().next_attempt_at):
            deliver_due(make_server())
        assert the_mail().state == state


def test_a_fault_of_all_mail_is_met_once_and_lets_all_mail_wait(postbox: Postbox, make_server: MakeServer) -> None:
    for number in range(9):
        owe(number)
    begun, wrong = clock.now(), make_server(user="portal", password="verlopen")
    pauses = []
    with stopped_at(begun) as now:
        for _ in range(9):
            assert deliver_due(wrong) == 1
            assert deliver_due(wrong) == 0
            (again,) = {mail.next_attempt_at for mail in OutgoingMail.select()}
            pauses.append((again - now.moment) / MINUTE)
            now.move_to(again)
    assert len(postbox.logins) == 9 * 2  # two methods each
    assert pauses == [1, 1, 2, 4, 8, 16, 32, 60, 60]
    assert {(mail.state, mail.attempts) for mail in OutgoingMail.select()} == {("waiting", 0)}


def test_mail_goes_at_once_when_a_fault_of_all_mail_is_mended(postbox: Postbox, make_server: MakeServer) -> None:
    """The coordinator mends a setting and sends a test mail."""
    for number in range(3):
        owe(number)
    deliver_due(make_server(user="portal", password="verlopen"))
    assert deliver_due(make_server(user="portal", password=PASSWORD)) == 0
    owe(3)
    assert deliver_due(make_server(user="portal", password=PASSWORD)) == 4
    assert len(postbox.letters) == 4


def test_a_fault_of_all_mail_is_over_when_the_server_refuses_one(postbox: Postbox, make_server: MakeServer) -> None:
    for number in range(3):
        owe(number)
    deliver_due(make_server(user="portal", password="verlopen"))
    owe(3)
    postbox.answer("RCPT", "451 4.7.1 Greylisted")
    assert deliver_due(make_server(user="portal", password=PASSWORD)) == 4
    assert len(postbox.letters) == 3
    assert DeliveryFault.get_or_none() is None


def test_a_lasting_refusal_of_one_mail_does_not_try_it_again_with_every_other(
    postbox: Postbox, make_server: MakeServer
) -> None:
    for number in range(5):
        owe(number)
    postbox.answer("DATA", "550 5.7.1 Policy", "250 OK", "550 5.7.1 Policy")
    assert deliver_due(make_server()) == 5
    assert DeliveryFault.get_or_none() is None
    assert len(postbox.letters) == 3


@pytest.mark.parametrize(
    ("base_url", "greeting"),
    [
        ("https://kernwijzer.example", "kernwijzer.example"),
        ("https://Kernwijzer.example:8443", "kernwijzer.example"),
        ("http://127.0.0.1:5000", "[127.0.0.1]"),
        ("http://[::1]:5000", "[IPv6:::1]"),
    ],
)
def test_the_portal_greets_with_the_name_in_its_address(
    postbox: Postbox, make_server: MakeServer, database: Path, base_url: str, greeting: str
) -> None:
    owe()
    settings = replace(config(database), base_url=base_url)
    deliver_due(make_server(greeting=jobs.server(settings).greeting))
    assert postbox.greetings == [greeting]


# Failing connections


def test_a_server_that_refuses_connections_is_tried_again(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        deliver_due(make_server(port=nobody.getsockname()[1]))
    assert the_mail().error == "Op deze poort luistert geen mailserver."
    goes_at_the_next_attempt(postbox, make_server)


def test_without_a_server_mail_waits(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    now = clock.now()
    for days in range(10):
        with stopped_at(now + timedelta(days=days)):
            assert deliver_due(make_server(host="", port=587, security="starttls")) == 0
    mail = the_mail()
    assert (mail.state, mail.attempts, mail.error) == ("waiting", 0, "")
    with stopped_at(now + timedelta(days=10)):
        assert deliver_due(make_server()) == 1
    assert len(postbox.letters) == 1


def test_a_silent_server_is_tried_again(
    postbox: Postbox, make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.1)
    owe()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        deliver_due(make_server(port=silent.getsockname()[1]))
    assert the_mail().error == "De mailserver antwoordt niet op tijd."
    goes_at_the_next_attempt(postbox, make_server)


def test_a_server_that_stalls_in_the_middle_is_tried_again(
    postbox: Postbox, make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.1)
    owe()
    postbox.before_answer = lambda: threading.Event().wait(0.3)
    deliver_due(make_server())
    assert the_mail().error == "De mailserver antwoordt niet op tijd."
    postbox.before_answer = lambda: None
    goes_at_the_next_attempt(postbox, make_server)


def test_a_server_that_hangs_up_without_an_answer_is_tried_again(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    postbox.answer("DATA", DROP)
    deliver_due(make_server())
    assert the_mail().error == "De mailserver verbrak de verbinding."
    goes_at_the_next_attempt(postbox, make_server)


@pytest.mark.parametrize("answer", ["421 Ik ga sluiten", "500 Wat zeg je?", DROP])
def test_an_accepted_mail_is_sent_even_when_quit_fails(postbox: Postbox, make_server: MakeServer, answer: str) -> None:
    owe()
    postbox.answer("QUIT", answer)
    deliver_due(make_server())
    assert len(postbox.letters) == 1
    assert the_mail().state == DeliveryState.SENT


# Logging in


def test_the_password_is_sent_where_the_server_asks_for_it(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    deliver_due(make_server(user="portal", password=PASSWORD))
    assert postbox.logins == ["portal"]
    assert len(postbox.letters) == 1


@pytest.mark.parametrize("password", ["verlopen", "gehéím"])
def test_a_wrong_password_loses_no_mail(postbox: Postbox, make_server: MakeServer, password: str) -> None:
    owe()
    deliver_due(make_server(user="portal", password=password))
    assert postbox.senders == []
    goes_at_the_next_attempt(postbox, make_server)


def test_an_unknown_sender_loses_no_mail(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    postbox.answer("MAIL", "553 Dit adres mag hier niet verzenden")
    deliver_due(make_server())
    goes_at_the_next_attempt(postbox, make_server)


@pytest.mark.parametrize(
    ("changes", "not_offered", "sentence"),
    [
        ({"security": "starttls"}, ("STARTTLS",), "De mailserver biedt op deze poort geen STARTTLS aan."),
        ({"user": "portal"}, ("AUTH",), "De mailserver biedt op deze poort geen inloggen aan."),
        (
            {"user": "portal", "password": "geheém"},
            (),
            "In SMTP_USER of SMTP_PASSWORD staat een teken dat een mailserver niet kent.",
        ),
        ({"security": "tls"}, (), "De mailserver versleutelt op deze poort anders."),
        ({"host": "nergens.invalid"}, (), "Er is geen computer met de naam in SMTP_HOST."),
    ],
)
def test_a_server_that_does_not_suit_the_settings_is_told_apart(
    postbox: Postbox, make_server: MakeServer, changes: dict[str, Any], not_offered: tuple[str, ...], sentence: str
) -> None:
    postbox.not_offered = not_offered
    owe()
    deliver_due(make_server(**changes))
    fault = DeliveryFault.get()
    assert the_mail().error == fault.error == sentence
    assert fault.advice
    assert postbox.senders == []


# Encryption


@pytest.fixture(params=["starttls", "tls"])
def encrypted(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[str, Postbox]]:
    """A postbox that requires TLS, by STARTTLS and from the start."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with serving(**{request.param: context}) as postbox:
        yield request.param, postbox


def test_a_server_with_a_trusted_certificate_gets_the_mail(
    encrypted: tuple[str, Postbox], certificate: Path, make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    security, postbox = encrypted
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    owe()
    deliver_due(make_server(host="localhost", port=postbox.port, security=security))
    assert subjects(postbox) == ["Mail 1"]


def test_a_server_with_an_untrusted_certificate_gets_nothing(
    encrypted: tuple[str, Postbox], make_server: MakeServer
) -> None:
    security, postbox = encrypted
    owe()
    deliver_due(make_server(host="localhost", port=postbox.port, security=security))
    assert postbox.senders == []
    assert the_mail().state != DeliveryState.SENT


def test_a_server_with_a_certificate_for_another_name_gets_nothing(
    encrypted: tuple[str, Postbox], certificate: Path, make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    security, postbox = encrypted
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    owe()
    deliver_due(make_server(host="127.0.0.1", port=postbox.port, security=security))
    assert postbox.senders == []
    assert the_mail().state != DeliveryState.SENT


def test_an_untrusted_certificate_loses_no_mail(
    encrypted: tuple[str, Postbox], postbox: Postbox, make_server: MakeServer
) -> None:
    security, distrusted = encrypted
    owe()
    deliver_due(make_server(host="localhost", port=distrusted.port, security=security))
    goes_at_the_next_attempt(postbox, make_server)


def test_a_server_without_the_required_encryption_gets_nothing(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    deliver_due(make_server(security="starttls"))
    assert postbox.senders == []
    goes_at_the_next_attempt(postbox, make_server)


def test_the_password_is_never_sent_without_the_required_encryption(postbox: Postbox, make_server: MakeServer) -> None:
    owe()
    deliver_due(make_server(security="starttls", user="portal", password=PASSWORD))
    assert postbox.logins == []


# The sender


@pytest.mark.parametrize(
    "sender", ["Kernteam<kernteam@po.example>", "a,b@po.example", "é@po.example", "kern..team@po.example"]
)
def test_every_sender_that_the_settings_accept_can_send(postbox: Postbox, make_server: MakeServer, sender: str) -> None:
    owe()
    with contextlib.suppress(SettingError):
        settings = Config.from_environment({"MAIL_FROM": sender})
        path = ReturnPath(settings.mail_bounce)
        deliver_due(make_server(sender=settings.mail_from, return_path=path))
        assert len(postbox.letters) == 1


# The recipients


@pytest.mark.parametrize(
    ("allow", "recipient", "allowed"),
    [
        ((), "noor@school.example", True),
        (("*@school.example",), "noor@school.example", True),
        (("*@school.example",), "Noor@SCHOOL.example", True),
        (("*@School.Example",), "noor@school.example", True),
        (("noor@school.example",), "noor@school.example", True),
        (("*@cjg.example", "noor@*"), "noor@school.example", True),
        (("*@school.example",), "noor@cjg.example", False),
        (("*@school.example",), "noor@school.example.org", False),
        (("*@school.example",), "noor@eenschool.example", False),
        (("*@school.example",), "school.example@cjg.example", False),
        (("noor@school.example",), "jan@school.example", False),
        (("noor",), "noor@school.example", False),
    ],
)
def test_mail_allow_limits_the_recipients(
    postbox: Postbox, make_server: MakeServer, allow: tuple[str, ...], recipient: str, allowed: bool
) -> None:
    owe(recipient=recipient)
    deliver_due(make_server(allow=allow))
    assert bool(postbox.senders) == allowed
    mail = the_mail()
    if allowed:
        assert mail.state == DeliveryState.SENT
    else:
        assert (mail.state, mail.error) == ("failed", "Dit adres staat niet in MAIL_ALLOW.")


@pytest.mark.parametrize("capture_only", [True, False])
def test_an_account_that_has_ended_gets_no_mail(postbox: Postbox, make_server: MakeServer, capture_only: bool) -> None:
    owe()
    owe(2, to_mailbox=True)
    deliver_due(make_server(capture_only=capture_only, has_ended=lambda address: True))
    states = {mail.key: mail.state for mail in OutgoingMail.select()}
    other = "captured" if capture_only else "sent"
    assert states == {"mail:1": "dropped", "mail:2": other}
    assert OutgoingMail.get(OutgoingMail.state == "dropped").body == ""


def test_a_demo_captures_its_mail_and_opens_no_connection(make_server: MakeServer) -> None:
    for number in range(7):
        owe(number)
    owe(7, recipient="geen adres")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        port = listening.getsockname()[1]
        assert deliver_due(make_server(port=port, capture_only=True, allow=("niemand",))) == 8
        with pytest.raises(BlockingIOError):
            listening.accept()
    for mail in OutgoingMail.select():
        assert (mail.state, mail.done_at, mail.attempts) == ("captured", clock.now(), 0)


def test_a_database_with_the_demo_flag_captures_its_mail(database: Path) -> None:
    assert not jobs.server(config(database)).capture_only
    DatabaseFlag.create(name=DatabaseFlag.DEMO, set_on=TODAY)
    assert jobs.server(config(database)).capture_only


# Leases


def test_another_worker_sends_the_mail_of_a_killed_worker(
    postbox: Postbox, make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe()
    server, begun = make_server(lease=5 * MINUTE), clock.now()

    def die(*args: object, **fields: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending_and_retries, "_mark", die)
        deliver_due(server)
    with stopped_at(begun + 5 * MINUTE - timedelta(seconds=1)):
        assert deliver_due(server) == 0
    with stopped_at(begun + 5 * MINUTE):
        assert deliver_due(server) == 1
    first, second = postbox.letters
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert the_mail().state == DeliveryState.SENT


def test_a_worker_that_lost_its_lease_marks_nothing(postbox: Postbox, make_server: MakeServer) -> None:
    owe()

    def take_over() -> None:
        with connection():
            OutgoingMail.update(lease="another worker").execute()

    postbox.before_answer = take_over
    deliver_due(make_server())
    assert len(postbox.letters) == 1
    mail = the_mail()
    assert (mail.state, mail.lease, mail.done_at) == ("waiting", "another worker", None)


def test_a_slow_server_does_not_make_two_workers_send_the_same_mail(postbox: Postbox, make_server: MakeServer) -> None:
    """Each mail takes 100 seconds, which no time-out ends; the lease is five minutes."""
    for number in range(5):
        owe(number)
    server = make_server(lease=5 * MINUTE)
    with stopped_at(clock.now()) as frozen:

        def take_long() -> None:
            frozen.tick(timedelta(seconds=100))
            if len(postbox.letters) == 4:
                postbox.before_answer = lambda: None
                with connection():
                    deliver_due(server)

        postbox.before_answer = take_long
        deliver_due(server)
    assert len(subjects(postbox)) == len(set(subjects(postbox))) == 5


def test_nothing_is_sent_within_a_transaction(postbox: Postbox, make_server: MakeServer) -> None:
    """A slow server would block every other writer."""
    owe()
    written: list[bool] = []

    def write() -> None:
        with connection(), db.atomic():
            written.append(enqueue(Mail("ander", "a@x.example", "Ander", "Dag"), "po.example"))

    postbox.before_answer = write
    with stopped_at(clock.now()):
        deliver_due(make_server())
    assert written[0]
