"""The mailbox takes a step by the link in its mail, without an account."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.database import connection
from portal.requests import step_writes
from portal.requests.models import Request, RequestDetails, RequestStep
from tests.checks import parse, text, texts
from tests.clock import TODAY, stopped_at
from tests.requests.conftest import PLAN, Browser, ask, link_in, mails, only_request

WHO = "saskia@school.example"


@pytest.fixture
def link(received: str) -> str:
    """The link in the mail that brings a request to its mailbox."""
    return link_in(mails("mailbox")[0])


def snapshot() -> list[object]:
    with connection():
        return [row.__data__ for model in (Request, RequestStep) for row in model.select()]


def test_opening_the_link_shows_the_request_and_changes_nothing(browser: Browser, link: str) -> None:
    before = snapshot()
    for _ in range(3):  # mail programs open links, too
        answer = browser().from_elsewhere().get(link)
    assert "Met hoeveel" not in answer.text and "Meldcode" in answer.text
    main = next(parse(answer.text).iter("main"))
    assert {text(button) for button in main.iter("button")} == {
        "In behandeling nemen", "Sessie inplannen", "Aanvraag afronden", "Aanvraag afwijzen",
    }  # fmt: skip
    assert browser().head(link).status_code == 200
    assert snapshot() == before


@pytest.mark.parametrize(
    ("step", "fields", "state", "flash"),
    [
        ("behandelen", {}, "handling", "De aanvraag is in behandeling."),
        ("plannen", PLAN, "planned", "De aanvraag is gepland op donderdag 14 januari 2027."),
        ("afronden", {}, "done", "De aanvraag is afgerond."),
        ("afwijzen", {"declined-toelichting": "Vol."}, "declined", "De aanvraag is afgewezen."),
    ],
)
def test_a_step_is_taken_without_an_account(
    browser: Browser, link: str, step: str, fields: dict[str, str], state: str, flash: str
) -> None:
    client = browser().from_elsewhere()
    assert client.submit(f"{link}/{step}", fields).headers["Location"] == link
    assert only_request().state == state
    assert mails("step")[-1].recipient == WHO
    assert flash in client.get(link).text
    page = browser("coordinator").get(f"/beheer/aanvragen/{only_request().id}").text
    assert "door het kernteamproject" in page
    sent, before = len(mails()), snapshot()
    again = client.submit(f"{link}/{step}", fields)
    assert again.status_code == 409
    assert "Er is niets veranderd. De aanvraag is al" in again.text
    assert (len(mails()), snapshot()) == (sent, before)


def test_a_link_plans_once_and_the_next_mail_to_the_mailbox_brings_another(browser: Browser, link: str) -> None:
    strangers = {"planned-adressen": "an@x.example"}
    assert browser().submit(f"{link}/plannen", PLAN | strangers).status_code == 302
    sent = len(mails())
    for hour in ("13:00", "13:30", "14:00"):
        typed = PLAN | strangers | {"planned-begin": hour, "planned-toelichting": "Neem mee."}
        answer = browser().submit(f"{link}/plannen", typed)
        assert answer.status_code == 409
        assert "Met een link uit een mail kan elke stap één keer." in answer.text
        assert f'value="{hour}"' in answer.text and "Neem mee." in answer.text, "it is kept"
    assert len(mails()) == sent
    assert "Andere dag inplannen" not in browser().get(link).text
    to_mailbox = next(mail for mail in mails("step") if mail.recipient.startswith("kernteam@"))
    moved = browser().submit(f"{link_in(to_mailbox)}/plannen", PLAN | {"planned-begin": "13:00"})
    assert moved.status_code == 302


def test_the_links_of_a_request_take_ten_steps_an_hour(
    browser: Browser, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_writes, "list_taken_by_link", lambda *_: set())
    for _ in range(5):
        assert browser().submit(f"{link}/afronden").status_code == 302
        assert browser().submit(f"{link}/behandelen").status_code == 302
    answer = browser().submit(f"{link}/afwijzen", {"declined-toelichting": "Geen plek."})
    assert answer.status_code == 409
    assert "Wacht een uur" in answer.text and "Geen plek." in answer.text
    assert only_request().state == "handling"


def test_a_reply_to_a_mail_with_the_link_never_goes_to_the_requester(browser: Browser, link: str) -> None:
    browser().submit(f"{link}/plannen", PLAN | {"planned-adressen": "an@x.example"})
    follow = link_in(mails("copy")[0])
    browser().submit(f"{follow}/bericht", {"bericht": "Tot dan."})
    browser().submit(f"{follow}/intrekken", {"reden": "Ziek."})
    with_link = [mail for mail in mails() if "/aanvragen/behandelen/" in mail.body]
    assert len(with_link) == 4
    for mail in mails():
        assert (mail in with_link) == (mail.recipient == "kernteam@po-zk.nl")
        assert mail.reply_to == "kernteam@po-zk.nl"
    assert all(f"nieuwe mail aan Saskia de Boer: {WHO}." in mail.body for mail in with_link)


def test_a_step_that_is_not_complete_keeps_what_was_typed(browser: Browser, link: str) -> None:
    answer = browser().submit(f"{link}/plannen", PLAN | {"planned-begin": ""})
    assert answer.status_code == 422
    assert "Vul in hoe laat de sessie begint." in texts(answer.text, "error")
    assert "De teamkamer" in answer.text
    assert only_request().state == "received"


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s[:-1] + "A", lambda s: s + "A", lambda s: "x",
               lambda s: s.split(".")[1], lambda s: "WzEsIjIwOTktMDEtMDEiXQ." + s.split(".")[1]],
)  # fmt: skip
def test_a_forged_link_says_so_and_does_nothing(browser: Browser, link: str, change: Callable[[str], str]) -> None:
    start, _, token = link.rpartition("/")
    forged = f"{start}/{change(token)}"
    if forged == link:
        forged = link[:-1] + "B"
    before = snapshot()
    for answer in (browser().get(forged), browser().submit(f"{forged}/afronden")):
        assert answer.status_code == 404
        assert "Deze link werkt niet meer" in texts(answer.text, "prose")[0]
    assert snapshot() == before


def test_a_link_works_for_thirty_days(browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader"))
        mail = mails("mailbox")[0]
        assert "De link werkt tot en met 23 december 2026." in mail.body
        now.tick(timedelta(days=30))
        assert browser().get(link_in(mail)).status_code == 200
        now.tick(timedelta(days=1))
        for answer in (
            browser().get(link_in(mail)), browser().submit(f"{link_in(mail)}/afronden"),
        ):  # fmt: skip
            assert answer.status_code == 404
            assert "werkt 30 dagen" in answer.text
        assert only_request().state == "received"


def test_a_link_shows_and_writes_nothing_internal(browser: Browser, link: str) -> None:
    coordinator = browser("coordinator")
    page = f"/beheer/aanvragen/{only_request().id}"
    coordinator.submit(f"{page}/notitie", {"internal-notitie": "Eerst Anouk bellen."})
    assert "Anouk" not in browser().get(link).text
    for step in ("notitie", "antwoorden", "gelezen", "behandelaar", "x"):
        assert browser().submit(f"{link}/{step}", {}).status_code == 404, step


def test_a_link_to_a_cleared_request_says_so(browser: Browser, link: str) -> None:
    with connection():
        Request.update(state="done").execute()
        RequestDetails.delete().execute()
    assert browser().get(link).status_code == 404


def test_two_mailboxes_are_both_in_the_address_of_a_reply(browser: Browser) -> None:
    ask(browser("reader"), niveau="both")
    both = "kernteam@po-zk.nl, kernteam@swv-vo-zk.nl"
    assert mails("copy")[0].reply_to == both
    for mail in mails("mailbox"):
        browser().submit(f"{link_in(mail)}/behandelen")
    (step,) = mails("step")
    assert step.reply_to == both
    page = browser().get(link_in(step)).text
    assert "Mail naar" not in page  # it is being handled
    assert (
        "kernteam@po-zk.nl en kernteam@swv-vo-zk.nl"
        in browser("coordinator").get(f"/beheer/aanvragen/{only_request().id}").text
    )


def test_every_subject_names_step_theme_and_school(browser: Browser, link: str) -> None:
    browser().submit(f"{link}/behandelen")
    browser().submit(f"{link}/plannen", PLAN | {"planned-adressen": "an@x.example"})
    follow = link_in(mails("copy")[0])
    browser().submit(f"{follow}/bericht", {"bericht": "Tot dan."})
    browser().submit(f"{follow}/intrekken", {"reden": "Ziek."})
    reference = only_request().reference
    events = [mail.subject.removeprefix(f"[{reference}] ").partition(": Meldcode (PO) – Bas")[0] for mail in mails()]
    assert events == [
        "Nieuwe aanvraag", "Ontvangen", "In behandeling",
        "Gepland op 14-1-2027", "Uitnodiging", "Gepland op 14-1-2027",
        "Bericht", "Ingetrokken", "Afgezegd", "Ingetrokken",
    ]  # fmt: skip
