"""The form of a mail on the wire: safe headers for any typed or pasted text."""

import re

import pytest

from portal.mail.message import MAX_BODY, compose
from portal.mail.models import DeliveryState, OutgoingMail
from portal.mail.outbox import Mail, enqueue
from portal.mail.sending_and_retries import deliver_due
from portal.text import one_line
from tests.mail.fixtures import MakeServer
from tests.mail.postbox import Letter, Postbox
from tests.postgres import find_server

HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
]  # fmt: skip

BREAKS = [
    "\r\n", "\n", "\r", "\n\r", "\r\n\r\n", "\n\n", "\r\r\n", "\r\n ", "\r\n\t", " \r\n",
    "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029",
    "\0", "\x01", "\x07", "\x08", "\x1b", "\x7f", "\x80", "\x9f", "\u2028\u2029\x0b\x0c\x85",
]  # fmt: skip
PASTED = [f"a@x.example{line_break}Bcc: x@y.example" for line_break in BREAKS] + [
    "Bcc: x@y.example",
    "\r\nBcc: x@y.example",
    "a@x.example\r\nReply-To: x@y.example\r\nFrom: x@y.example",
    "a@x.example\r\n\r\nEen andere brief.\r\n.\r\n",
    "a@x.example%0d%0aBcc: x@y.example",
    "a@x.example\\r\\nBcc: x@y.example",
]
ENCODED = [  # the email package decodes these, possibly to a line break
    "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
    "=?utf-8?q?a=0ABcc:_x@y.example?=",
    "=?utf-8?b?YQ0KQmNjOiB4QHkuZXhhbXBsZQ==?=",
    "=?iso-8859-1?q?a=0D=0A=0D=0AEen_andere_brief.?=",
    "Overname =?utf-8?q?a=0D=0ABcc:_x@y.example?= per 1 februari",
]
TWO = "a@x.example, b@y.example"  # only for a reply
SEVERAL = [
    TWO,
    "a@x.example;b@y.example",
    "a@x.example b@y.example",
    "groep: a@x.example, b@y.example;",
    "A <a@x.example>",
    '"a" <a@x.example>, b@y.example',
]
NO_ADDRESS = [
    "a", "a.x.example", "a b@x.example", "a@x.example.nl x", "a..b@x.example", ".a@x.example",
    "a.@x.example", '"a@x.example', "a@x.example(", "\\", "Noor", "é@x.example",
    "@", "@x.example", "a@", "a@@x.example", "a@.example", "a@x..example", "a@x.example.", "a@[",
    "<a@x.example>", "<>", ",", ";", ":", "(a)", "[a]",
]  # fmt: skip


def wire(
    *,
    recipient: str = "noor@school.example",
    reply_to: str = "coach@cjg.example",
    subject: str = "Overname",
    body: str = "Dag Noor,\n",
    unsubscribe: str = "",
) -> Letter:
    mail = OutgoingMail(
        recipient=recipient,
        reply_to=reply_to,
        subject=subject,
        body=body,
        message_id="<1@po.example>",
        unsubscribe=unsubscribe,
    )
    return Letter("", [], compose(mail, "kernteam@po.example"))


def text(letter: Letter) -> str:
    content = letter.message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


@pytest.mark.parametrize("field", ["subject", "recipient", "reply_to"])
@pytest.mark.parametrize("texts", [PASTED, ENCODED], ids=["pasted", "encoded"])
def test_no_field_can_add_a_header(field: str, texts: list[str]) -> None:
    for written in texts:
        try:
            letter = wire(**{field: written})
        except ValueError:
            assert field != "subject", written
            continue
        assert letter.header_names == HEADERS, written
        assert field != "recipient" or letter.message["To"] == written.strip()
        assert text(letter) == "Dag Noor,\n", written


def test_a_subject_keeps_its_words_on_one_line() -> None:
    for pasted in (*PASTED, *map(chr, range(0xA1))):
        subject = wire(subject=f"Overname {pasted} februari").message["Subject"]
        assert subject.splitlines() == [subject], pasted
        assert subject.startswith("Overname "), pasted
        assert subject.endswith(" februari"), pasted


def test_an_invalid_address_is_a_value_error() -> None:
    for address in (*SEVERAL, *NO_ADDRESS):
        for field in ("recipient", "reply_to"):
            if (field, address) != ("reply_to", TWO):
                with pytest.raises(ValueError):
                    wire(**{field: address})


def test_a_reply_can_go_to_two_addresses() -> None:
    message = wire(reply_to=TWO).message
    assert message["Reply-To"] == TWO
    for wrong in (f"{TWO},", "a@x.example, b", "a@x.example,\r\nBcc: b@x.example"):
        with pytest.raises(ValueError):
            wire(reply_to=wrong)


def test_an_empty_address_is_a_value_error() -> None:
    for address in ("", " ", "\r\n"):
        with pytest.raises(ValueError):
            wire(recipient=address)


def test_a_mail_to_an_invalid_address_fails_and_the_next_one_is_sent(
    outbox: None, postbox: Postbox, make_server: MakeServer
) -> None:
    for address in (*SEVERAL, *NO_ADDRESS):
        enqueue(Mail(f"fout: {address!r}", address, "Overname", "Dag"), "po.example")
        enqueue(Mail(f"antwoord: {address!r}", "a@x.example", "Overname", "Dag", f"{address},"), "po.example")
    enqueue(Mail("goed", "noor@school.example", "Overname", "Dag"), "po.example")
    deliver_due(make_server())
    states = {mail.key: (mail.state, mail.error) for mail in OutgoingMail.select()}
    assert states.pop("goed") == (DeliveryState.SENT, "")
    assert len(states) == 2 * len([*SEVERAL, *NO_ADDRESS])
    assert states == dict.fromkeys(states, (DeliveryState.FAILED, "Dit is geen e-mailadres."))
    assert [letter.recipients for letter in postbox.letters] == [["noor@school.example"]]


def test_pasted_text_adds_no_recipient_and_no_header_in_transit(
    outbox: None, postbox: Postbox, make_server: MakeServer
) -> None:
    good = "noor@school.example"
    stored = [text for text in PASTED if not (find_server() and "\0" in text)]  # PostgreSQL: no NUL
    for pasted in stored:
        enqueue(Mail(f"1{pasted}", good, pasted, "Dag"), "po.example")
        enqueue(Mail(f"2{pasted}", good, "Overname", "Dag", pasted), "po.example")
        enqueue(Mail(f"3{pasted}", pasted, "Overname", "Dag"), "po.example")
    assert deliver_due(make_server()) == 3 * len(stored)
    for mail in OutgoingMail.select():
        sent_or_failed = DeliveryState.SENT if mail.key[0] == "1" else DeliveryState.FAILED
        assert mail.state == sent_or_failed, mail.key
    assert [letter.recipients for letter in postbox.letters] == [[good]] * len(stored)
    for letter in postbox.letters:
        assert [name for name in letter.header_names if name != "X-Peer"] == [
            name for name in HEADERS if name != "Reply-To"
        ]


def test_a_mail_is_plain_text_in_utf_8_and_nothing_else() -> None:
    letter = wire(body="Eén school, één naam: Noor Çelik – 😀\n")
    message = letter.message
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert not message.is_multipart()
    assert text(letter) == "Eén school, één naam: Noor Çelik – 😀\n"


def test_a_mail_declares_itself_automatic_and_asks_for_no_automatic_answer() -> None:
    message = wire().message
    assert message["Auto-Submitted"] == "auto-generated"
    # No "All" and no "NDR", which would also keep back bounces.
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply, DR, RN, NRN"


def test_a_mail_tells_mail_programs_how_to_end_its_kind() -> None:
    address = "https://kernwijzer.example/wijzigingen/afmelden/" + "x" * 100
    letter = wire(unsubscribe=address)
    assert letter.message["List-Unsubscribe"] == f"<{address}>"
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in letter.raw
    assert "List-Unsubscribe" not in wire().message


def test_a_mail_has_sender_date_and_reply_to() -> None:
    message = wire().message
    assert message["From"] == "Kernwijzer <kernteam@po.example>"
    assert message["To"] == "noor@school.example"
    assert message["Reply-To"] == "coach@cjg.example"
    assert message["Message-ID"] == "<1@po.example>"
    assert message["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"


def test_a_mail_without_a_reply_address_has_no_reply_to() -> None:
    assert "Reply-To" not in wire(reply_to="").message


@pytest.mark.parametrize("character", ["x", "é", "€", "😀"])
@pytest.mark.parametrize("shift", range(4))
def test_a_long_mail_is_cut_without_a_broken_character(character: str, shift: int) -> None:
    body = "x" * shift + character * MAX_BODY
    kept = text(wire(body=body)).removesuffix("\n")
    assert body.startswith(kept)
    assert MAX_BODY - len(character.encode()) < len(kept.encode()) <= MAX_BODY
    assert MAX_BODY == 20_000


def test_a_mail_of_the_maximum_length_is_not_cut() -> None:
    body = "é" * (MAX_BODY // 2)
    assert text(wire(body=body)).removesuffix("\n") == body


SUBJECTS = [
    "Overname per 1 februari: Noor Kuiper neemt één school over",
    "‘Eén naam’ – “aanvraag” voor Sint-Bavo, Haarlem-Noord: groep 3 t/m 8 (intervisie) € 0,–",
    "Wijziging " * 30 + "einde",
    "x" * 1500,
    "é" * 700,
    "教育 😀 школа",
    "Coördinatie in België, reünie, façade " * 12 + "einde",
]
BODIES = [
    "x" * 5000,
    "é" * 5000,
    "Woorden en nog eens woorden " * 300,
    ".\n..\n.een punt vooraan\n.\nQUIT\n",
    "From hier af\n--streep\n",
    "--streep\n\n\n  ingesprongen\tmet tab\n",
    "Regel een\r\nregel twee\rregel drie\nregel vier",
    "Een brief\r\n.\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<x@y.example>\r\nDATA",
    "\u2028Uit Word\u2029geplakt\x0b\x0c\x85einde",
    "",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_subject_arrives_unchanged(outbox: None, postbox: Postbox, make_server: MakeServer, subject: str) -> None:
    enqueue(Mail("1", "noor@school.example", subject, "Dag"), "po.example")
    deliver_due(make_server())
    (letter,) = postbox.letters
    assert letter.message["Subject"] == one_line(subject)
    head = letter.raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(len(line) for line in head.split(b"\r\n")) <= 998


def test_no_encoded_word_of_a_subject_is_too_long() -> None:
    """RFC 2047: an encoded word has at most 75 characters; some programs show a longer one raw."""
    for subject in SUBJECTS:
        head = wire(subject=subject).raw.partition(b"\r\n\r\n")[0]
        assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", head)), subject


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_the_text_arrives_unchanged(outbox: None, postbox: Postbox, make_server: MakeServer, body: str) -> None:
    enqueue(Mail("1", "noor@school.example", "Overname", body), "po.example")
    deliver_due(make_server())
    (letter,) = postbox.letters
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    assert text(letter).removesuffix("\n") == lines.removesuffix("\n")
    assert max(len(line) for line in letter.raw.split(b"\r\n")) <= 998
