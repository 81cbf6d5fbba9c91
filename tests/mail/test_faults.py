"""The meaning of a refusal: final for this address, a fault of our settings, or only for now."""

import pytest

from portal.mail.faults import Stage, read_answer

FINAL = [
    (Stage.RECIPIENT, "550 5.1.1 <noor@school.example>: user unknown"),
    (Stage.RECIPIENT, "550 5.1.2 Bad destination host"),
    (Stage.RECIPIENT, "501 5.1.3 Bad recipient address syntax"),
    (Stage.RECIPIENT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
    (Stage.DATA, "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
    (Stage.RECIPIENT, "550 5.2.1 Mailbox disabled, not accepting messages"),
    (Stage.RECIPIENT, "550 Die woont hier niet"),
    (Stage.RECIPIENT, "550 No such user (#5.1.1)"),
    (Stage.RECIPIENT, "551 User not local"),
    (Stage.RECIPIENT, "553 Mailbox name not allowed"),
    (Stage.DATA, "552 5.3.4 Message size exceeds fixed limit"),
    (Stage.DATA, "552 5.2.3 Message too long"),
    (Stage.SENDER, "552 5.3.4 Message size exceeds fixed limit"),
    (Stage.DATA, "552 Message too large"),
]
OURS = [  # with a word of the advice
    (Stage.DATA, "554 5.2.252 SendAsDenied; portal@po.example not allowed", "MAIL_FROM"),
    (Stage.DATA, "550 5.7.60 SMTP; Client does not have permissions to send as", "MAIL_FROM"),
    (Stage.RECIPIENT, "550 5.1.8 Access denied, bad outbound sender", "MAIL_FROM"),
    (Stage.RECIPIENT, "550 5.1.7 Bad sender's mailbox address syntax", "MAIL_FROM"),
    (Stage.RECIPIENT, "550 5.1.0 Sender denied", "MAIL_FROM"),
    (Stage.SENDER, "553 5.7.1 Not owned by user portal", "MAIL_FROM"),
    (Stage.SENDER, "550 5.1.1 No such user here", "MAIL_FROM"),
    (Stage.SENDER, "550 5.2.1 Mailbox disabled", "MAIL_FROM"),
    (Stage.DATA, "550 5.4.5 Daily user sending quota exceeded", "grens"),
    (Stage.RECIPIENT, "550 5.1.90 You have reached your daily limit for recipients", "grens"),
    (Stage.RECIPIENT, "550 5.1.20 Multiple From addresses", "mailserver beheert"),
    (Stage.RECIPIENT, "550 5.7.233 Tenant external recipient rate", "grens"),
    (Stage.RECIPIENT, "550 5.7.64 TenantAttribution; Relay Access Denied", "doorsturen"),
    (Stage.RECIPIENT, "554 5.7.1 <x@y.example>: Relay access denied", "doorsturen"),
    (Stage.RECIPIENT, "550 relay not permitted", "doorsturen"),
    (Stage.RECIPIENT, "553 That domain isn't allowed (#5.7.1)", "mailserver beheert"),
    (Stage.RECIPIENT, "530 5.7.1 Authentication required", "SMTP_PASSWORD"),
    (Stage.SENDER, "530 5.7.57 Client not authenticated to send mail", "SMTP_PASSWORD"),
    (Stage.SESSION, "535 5.7.8 Username and Password not accepted", "SMTP_PASSWORD"),
    (Stage.SESSION, "504 5.7.4 Unrecognized authentication type", "SMTP_PASSWORD"),
    (Stage.SENDER, "530 5.7.0 Must issue a STARTTLS command first", "SMTP_SECURITY"),
    (Stage.SESSION, "535 5.7.139 Authentication unsuccessful, basic disabled", "SMTP_OAUTH"),
    (Stage.SESSION, "550 5.7.30 Basic authentication is not supported", "SMTP_OAUTH"),
    (Stage.RECIPIENT, "504 5.5.2 <kernwijzer>: Helo command rejected: need FQDN", "BASE_URL"),
    (Stage.SESSION, "554 5.7.1 Service unavailable; client 192.0.2.1 blocked", "mailserver"),
    (Stage.RECIPIENT, "550 5.7.1 Message rejected by 5.1.1.9", "mailserver beheert"),
    (Stage.RECIPIENT, "554 Transaction failed", "mailserver beheert"),
    (Stage.DATA, "554 Dit nemen we niet aan", "mailserver beheert"),
    (Stage.DATA, "550 Rejected as spam", "mailserver beheert"),
]
FOR_NOW = [
    (Stage.RECIPIENT, "452 4.2.2 Mailbox full"),
    (Stage.RECIPIENT, "552 5.2.2 Mailbox full"),
    (Stage.RECIPIENT, "552 Mailbox full"),
    (Stage.RECIPIENT, "451 4.7.1 Greylisted, come back later"),
    (Stage.RECIPIENT, "450 5.1.1 Unknown, for now"),
    (Stage.DATA, "421 4.3.2 Closing"),
    (Stage.SESSION, "454 4.7.0 Temporary authentication failure"),
    (Stage.SENDER, "-1 nonsense"),
]


def read(stage: Stage, answer: str) -> tuple[bool, str]:
    code, _, text = answer.partition(" ")
    fault = read_answer(stage, int(code), text.encode())
    assert fault.text == answer
    assert fault.hits_all == (stage in (Stage.SESSION, Stage.SENDER) and not fault.is_final)
    return fault.is_final, fault.advice


@pytest.mark.parametrize(("stage", "answer"), FINAL)
def test_a_wrong_address_and_a_large_mail_are_final(stage: Stage, answer: str) -> None:
    assert read(stage, answer) == (True, "")


@pytest.mark.parametrize(("stage", "answer", "advice"), OURS)
def test_a_wrong_setting_is_never_final_and_the_advice_names_it(stage: Stage, answer: str, advice: str) -> None:
    is_final, given = read(stage, answer)
    assert not is_final
    assert advice in given


@pytest.mark.parametrize(("stage", "answer"), FOR_NOW)
def test_a_refusal_for_now_asks_nothing_of_the_coordinator(stage: Stage, answer: str) -> None:
    assert read(stage, answer) == (False, "")


def test_an_answer_is_kept_short_and_on_one_line() -> None:
    fault = read_answer(Stage.DATA, 451, b"4.7.0 a\r\nb\xff " + b"x" * 1000)
    assert fault.text.startswith("451 4.7.0 a b\N{REPLACEMENT CHARACTER} xxx")
    assert len(fault.text) == 300


@pytest.mark.parametrize("answer", [b"/1.1 400 Bad Request", b"", b"\x15\x03\x01"])
def test_what_is_no_mail_server_is_told_in_a_sentence(answer: bytes) -> None:
    fault = read_answer(Stage.SESSION, -1, answer)
    assert fault.text == "Op deze poort antwoordt geen mailserver."
    assert "SMTP_PORT" in fault.advice
    assert fault.hits_all
