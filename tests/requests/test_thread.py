"""The thread of a request: what waits, answers, internal notes, and who handles it."""

from datetime import timedelta

import pytest

from portal.accounts.models import Account
from portal.database import connection
from portal.requests.models import Request, RequestDetails, RequestStep
from portal.requests.state_rules import SENT
from portal.requests.step_forms import STEP_FORMS
from tests.checks import texts
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.requests.conftest import PLAN, Browser, ask, link_in, mails, only_request

ANSWER = {"answer-antwoord": "Dinsdag kan ook, om tien uur."}
INTERNAL = {"internal-notitie": "Eerst overleggen met Anouk."}


@pytest.fixture
def path(received: str) -> str:
    """A request that was received; gives the path of its page in Beheer."""
    return received


@pytest.fixture
def coordinator(browser: Browser) -> CheckedClient:
    return browser("coordinator")


def account(role: str) -> str:
    """The id of the account with this role."""
    with connection():
        return str(Account.get(Account.role == role).id)


def titles(client: CheckedClient) -> list[str]:
    return texts(client.get("/beheer/aanvragen").text, "list-row__title")


def test_the_coordinator_answers_and_the_requester_reads_it_by_mail_and_on_the_page(
    browser: Browser, path: str, coordinator: CheckedClient
) -> None:
    follow = link_in(mails("copy")[0])
    browser().submit(f"{follow}/bericht", {"bericht": "Kan het ook op dinsdag?"})
    assert coordinator.submit(f"{path}/antwoorden", ANSWER).headers["Location"] == path
    answer = mails()[-1]
    assert answer.recipient == "saskia@school.example"
    assert answer.reply_to == "kernteam@po-zk.nl"
    assert "antwoord op je aanvraag" in answer.body
    assert "Dinsdag kan ook, om tien uur." in answer.body
    assert "Toelichting" not in answer.body
    assert "Dinsdag kan ook, om tien uur." in browser().get(follow).text
    page = coordinator.get(path).text
    assert "Je antwoord is verstuurd." in page
    assert "Mail aan saskia@school.example: wacht" in texts(page, "supporting-text")
    assert only_request().state == "received", "an answer moves nothing"


def test_a_closed_request_can_be_answered(browser: Browser, path: str, coordinator: CheckedClient) -> None:
    follow = link_in(mails("copy")[0])
    browser().submit(f"{follow}/intrekken", {"reden": "Het past niet meer."})
    assert titles(coordinator) == ["Thema: Meldcode"], "it waits to be read"
    assert texts(coordinator.get("/beheer/aanvragen").text, "tag--danger")[0] == "Nieuw bericht"
    coordinator.submit(f"{path}/antwoorden", ANSWER)
    assert "Dinsdag kan ook" in mails()[-1].body
    assert titles(coordinator) == []


@pytest.mark.parametrize(
    ("step", "fields", "words"),
    [
        ("notitie", INTERNAL, "Eerst overleggen met Anouk."),
        ("gelezen", {}, "Gelezen"),
        ("behandelaar", None, "Behandelaar"),
    ],
)
def test_what_is_internal_is_never_mailed_nor_seen_by_the_requester(
    browser: Browser, path: str, coordinator: CheckedClient, step: str,
    fields: dict[str, str] | None, words: str,
) -> None:  # fmt: skip
    follow, sent = link_in(mails("copy")[0]), len(mails())
    if fields is None:
        fields = {"owner-behandelaar": account("coordinator")}
    assert coordinator.submit(f"{path}/{step}", fields).status_code == 302
    assert len(mails()) == sent
    assert words in coordinator.get(path).text
    assert "alleen voor collega’s" in coordinator.get(path).text
    for client, address in ((browser(), follow), (browser("reader"), "/aanvragen")):
        shown = client.get(address).text
        assert words not in shown.replace("Gelezen bij", "")
        assert "collega’s" not in shown
    coordinator.submit(f"{path}/behandelen")
    coordinator.submit(f"{path}/afronden")
    assert all(words not in mail.body for mail in mails())


def test_a_message_stands_on_top_until_something_is_done(browser: Browser, coordinator: CheckedClient) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        for theme in ("meldcode", "verzuim", "vir"):
            ask(browser("reader"), onderwerp=theme)
            now.tick(timedelta(minutes=5))
        with connection():
            first, second, third = [row.id for row in Request.select().order_by(Request.id)]
        for number in (first, second, third):
            coordinator.submit(f"/beheer/aanvragen/{number}/behandelen")
        assert [name.split(": ")[1][:3] for name in titles(coordinator)] == ["Mel", "Ver", "VIR"]
        browser().submit(f"{link_in(mails('copy')[2])}/bericht", {"bericht": "Een vraag."})
        assert titles(coordinator)[0].startswith("Thema: VIR")
        chosen = {"owner-behandelaar": account("administrator")}
        for step, fields in (("gelezen", {}), ("antwoorden", ANSWER), ("plannen", PLAN)):
            # A colleague who is chosen, or a note for colleagues, answers nobody.
            coordinator.submit(f"/beheer/aanvragen/{third}/notitie", INTERNAL)
            coordinator.submit(f"/beheer/aanvragen/{third}/behandelaar", chosen)
            page = coordinator.get("/beheer/aanvragen").text
            assert texts(page, "tag--danger") == ["Nieuw bericht"], step
            coordinator.submit(f"/beheer/aanvragen/{third}/{step}", fields)
            page = coordinator.get("/beheer/aanvragen").text
            assert texts(page, "tag--danger") == [], step
            assert titles(coordinator)[2].startswith("Thema: VIR")
            browser().submit(f"{link_in(mails('copy')[2])}/bericht", {"bericht": f"Na {step}."})


def test_who_takes_the_first_step_handles_the_request_until_another_is_chosen(
    browser: Browser, path: str, coordinator: CheckedClient
) -> None:
    assert "Nog geen behandelaar" in coordinator.get(path).text
    coordinator.submit(f"{path}/notitie", INTERNAL)
    assert "Behandelaar: Coen Coördinator" in coordinator.get(path).text
    administrator = browser("administrator")
    administrator.submit(f"{path}/behandelen")
    assert "Behandelaar: Coen Coördinator" in coordinator.get(path).text
    chosen = {"owner-behandelaar": account("administrator")}
    assert administrator.submit(f"{path}/behandelaar", chosen).status_code == 302
    with connection():
        name = Account.get(Account.role == "administrator").name
    assert f"Behandelaar: {name}" in coordinator.get(path).text
    assert f"behandelaar {name}" in coordinator.get("/beheer/aanvragen").text


@pytest.mark.parametrize(
    ("step", "data", "message"),
    [
        ("antwoorden", {}, "Vul je antwoord in."),
        ("antwoorden", {"answer-antwoord": "Neem 123456782 mee."},
         "Dit lijkt een burgerservicenummer. Haal het weg."),
        ("antwoorden", {"answer-antwoord": "Sem uit groep 5 heeft adhd."},
         "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."),
        ("notitie", {}, "Vul een notitie in."),
        ("notitie", {"internal-notitie": "Sem uit groep 5 heeft adhd."},
         "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."),
        ("behandelaar", {}, "Kies iemand."),
        ("behandelaar", {"owner-behandelaar": "999"}, "Kies iemand uit de lijst."),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused_with_a_message(
    path: str, coordinator: CheckedClient, step: str, data: dict[str, str], message: str
) -> None:
    answer = coordinator.submit(f"{path}/{step}", data)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    with connection():
        assert RequestStep.select().count() == 1


def test_a_session_that_was_planned_is_not_sent_again_by_a_note(
    browser: Browser, path: str, coordinator: CheckedClient
) -> None:
    """An internal step changes no calendar, also where it follows the planning at once."""
    coordinator.submit(f"{path}/plannen", PLAN)
    sent = len(mails())
    coordinator.submit(f"{path}/notitie", INTERNAL)
    coordinator.submit(f"{path}/antwoorden", ANSWER)
    assert [mail.calendar for mail in mails()[sent:]] == [""]


@pytest.mark.parametrize("state", [*SENT, "cleared"])
def test_a_step_that_is_not_possible_now_is_a_sentence_and_keeps_what_was_typed(
    browser: Browser, path: str, coordinator: CheckedClient, state: str
) -> None:
    """Pages that are old: every step in every state, empty and filled in, in Beheer and by link."""
    link = link_in(mails("mailbox")[0])
    with connection():
        Request.update(state="done" if state == "cleared" else state).execute()
        if state == "cleared":
            RequestDetails.delete().execute()
        before = RequestStep.select().count()
    for door, client in ((path, coordinator), (link, browser())):
        page = client.get(door).text
        for step, form in STEP_FORMS.items():
            if f'action="{door}/{step}"' in page:
                continue
            typed = {f"{form.kind}-{name}": "Om drie uur." for name in ("antwoord", "toelichting")}
            for fields in ({}, {"owner-behandelaar": "999"}, typed):
                answer = client.submit(f"{door}/{step}", fields)
                if answer.status_code == 404:
                    assert door == link
                    continue
                assert answer.status_code == 409, (door, step, fields)
                assert "Er is niets veranderd. De aanvraag is al" in answer.text
                holds_it = fields is typed and step in ("plannen", "afwijzen", "antwoorden")
                assert ("Om drie uur." in answer.text) == holds_it
    with connection():
        assert RequestStep.select().count() == before


def test_another_explanation_of_the_same_session_is_a_change(path: str, coordinator: CheckedClient) -> None:
    coordinator.submit(f"{path}/plannen", PLAN)
    sent = len(mails())
    assert coordinator.submit(f"{path}/plannen", PLAN).status_code == 409
    told = PLAN | {"planned-toelichting": "Neem de meldcode mee."}
    assert coordinator.submit(f"{path}/plannen", told).status_code == 302
    assert "Neem de meldcode mee." in mails()[sent].body
    for again in (told, PLAN):
        assert coordinator.submit(f"{path}/plannen", again).status_code == 409
