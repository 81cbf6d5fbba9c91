"""Handling of a request by the coordinator, and following it as the requester."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.audit import AuditEntry
from portal.database import connection
from portal.directory.models import Place, School
from portal.mail.models import OutgoingMail
from portal.requests.models import Request
from tests.checks import parse, text, texts
from tests.clock import TODAY, stopped_at
from tests.conftest import FRAGMENT, CheckedClient
from tests.requests.conftest import PLAN, Browser, ask, link_in, mails, only_request

PO = "kernteam@po-zk.nl"
STEPS = ("behandelen", "plannen", "afronden", "afwijzen")
DAY = PLAN | {"planned-toelichting": "Neem de map mee."}
REASON = {"declined-toelichting": "Dit thema geven we dit jaar niet."}


@pytest.fixture
def coordinator(browser: Browser) -> CheckedClient:
    """The coordinator's browser."""
    return browser("coordinator")


def buttons(page: str) -> list[str]:
    main = next(parse(page).iter("main"))
    return [text(b) for b in main.iter("button")]


def newest() -> OutgoingMail:
    return mails()[-1]


def test_the_link_in_the_mail_to_the_mailbox_leads_through_sign_in_to_the_request(
    browser: Browser, received: str
) -> None:
    client = browser()
    path = link_in(mails("mailbox")[0], 1)
    assert path == received
    assert client.get(path).headers["Location"] == "/inloggen"
    answer = client.submit("/inloggen/demo/coordinator")
    assert answer.headers["Location"] == path
    assert "Samen oefenen." in client.get(path).text


def test_a_request_goes_from_received_to_done(browser: Browser, received: str, coordinator: CheckedClient) -> None:
    follow = link_in(mails("copy")[0])
    for step, data, text_in_mail in (
        ("behandelen", {}, "is in behandeling"),
        ("plannen", DAY, "is gepland op donderdag 14 januari 2027, 15.00–16.30 uur."),
        ("afronden", {}, "is afgerond"),
    ):
        assert coordinator.submit(f"{received}/{step}", data).headers["Location"] == received
        assert newest().recipient == "saskia@school.example"
        assert text_in_mail in newest().body
        # Each mail has a link of its own, and the older ones keep working.
        for link in (link_in(newest()), follow):
            assert browser().get(link).status_code == 200
    page = browser().get(follow).text
    steps = [text(li) for li in parse(page).iter("li") if "door" in text(li)]
    assert [step.split(" 23 november")[0] for step in steps] == [
        "Ontvangen", "In behandeling", "Gepland op donderdag 14 januari 2027", "Afgerond",
    ]  # fmt: skip
    assert steps[0].endswith("door jou"), "it is their own page"
    assert "door de aanvrager" in coordinator.get(received).text
    assert all("om 10:00 uur, door Coen Coördinator" in step for step in steps[1:])
    assert "Neem de map mee." in page
    with connection():
        trail = [entry.action for entry in AuditEntry.select() if entry.subject == "request"]
    assert trail == ["handling", "planned", "done"]


def test_the_list_leads_to_a_step_in_two_clicks(received: str, coordinator: CheckedClient) -> None:
    page = coordinator.get("/beheer/aanvragen").text
    assert received in [a.get("href") for a in parse(page).iter("a")]
    assert "In behandeling nemen" in buttons(coordinator.get(received).text)
    coordinator.submit(f"{received}/behandelen")
    assert texts(coordinator.get("/beheer/aanvragen").text, "tag") == ["In behandeling"]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((), {"In behandeling nemen", "Sessie inplannen", "Aanvraag afronden",
              "Aanvraag afwijzen"}),
        (("behandelen",), {"Sessie inplannen", "Aanvraag afronden", "Aanvraag afwijzen"}),
        (("plannen",), {"Andere dag inplannen", "Aanvraag afronden", "Weer in behandeling nemen",
                        "Aanvraag afwijzen"}),
        (("afronden",), {"Weer in behandeling nemen"}),
        (("afwijzen",), {"Weer in behandeling nemen"}),
    ],
)  # fmt: skip
def test_the_state_decides_the_possible_steps(
    received: str, coordinator: CheckedClient, before: tuple[str, ...], expected: set[str]
) -> None:
    for step in before:
        assert coordinator.submit(f"{received}/{step}", DAY | REASON).status_code == 302
    shown = set(buttons(coordinator.get(received).text))
    always = {"Antwoord sturen", "Notitie bewaren", "Behandelaar bewaren"}
    unread = {"Gelezen, geen antwoord nodig"} if not before else set()
    assert shown == expected | always | unread


def primary_buttons(page: str) -> list[str]:
    """The buttons in the primary style."""
    main = next(parse(page).iter("main"))
    return [text(b) for b in main.iter("button") if "second" not in (b.get("class") or "")]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((), ["In behandeling nemen"]),
        (("behandelen",), ["Sessie inplannen"]),
        (("plannen",), ["Aanvraag afronden"]),
        (("afronden",), []),
    ],
)
def test_the_likely_next_step_is_the_only_primary_button(
    received: str, coordinator: CheckedClient, before: tuple[str, ...], expected: list[str]
) -> None:
    for step in before:
        coordinator.submit(f"{received}/{step}", DAY | REASON)
    assert primary_buttons(coordinator.get(received).text) == expected


def test_a_request_for_an_account_is_not_likely_to_be_planned(browser: Browser, coordinator: CheckedClient) -> None:
    ask(browser("reader"), "verwijsindex")
    address = f"/beheer/aanvragen/{only_request().id}"
    coordinator.submit(f"{address}/behandelen")
    assert primary_buttons(coordinator.get(address).text) == ["Aanvraag afronden"]


@pytest.mark.parametrize(
    ("day", "what"),
    [
        ("2026-12-05", "weekend"),  # a Saturday
        ("2026-12-22", "kerstvakantie"),
        ("2027-05-06", "hemelvaartsdag"),
    ],
)
def test_a_session_on_a_free_day_is_planned_only_with_a_tick(
    received: str, coordinator: CheckedClient, day: str, what: str
) -> None:
    assert "planned-toch" not in coordinator.get(received).text
    answer = coordinator.submit(f"{received}/plannen", DAY | {"planned-dag": day})
    assert answer.status_code == 422
    wanted = f"Op deze dag is het {what}. Kies een andere dag of zet het vinkje."
    assert wanted in texts(answer.text, "error")
    assert "Neem de map mee." in answer.text, "what was typed stays"
    assert only_request().state == "received"
    ticked = DAY | {"planned-dag": day, "planned-toch": "y"}
    assert coordinator.submit(f"{received}/plannen", ticked).status_code == 302
    assert str(only_request().planned_on) == day


def test_the_requested_days_stand_beside_the_day_to_plan(browser: Browser, coordinator: CheckedClient) -> None:
    ask(browser("reader"), dag_1="2027-01-14", dag_2="2027-02-22", tot_2="2027-02-24")
    page = coordinator.get(f"/beheer/aanvragen/{only_request().id}").text
    assert "Gevraagd: donderdag 14 januari 2027 maandag 22 februari 2027 tot en met" in " ".join(
        texts(page, "field-hint")
    )


def flash_message(client: CheckedClient, address: str) -> str:
    """The flash message on a page; it is shown once."""
    first, again = (
        next(e for e in parse(client.get(address).text).iter() if e.get("id") == "melding") for _ in range(2)
    )
    assert first.get("role") == "status"
    assert text(again) == ""
    return text(first)


def test_each_step_of_the_coordinator_is_confirmed(received: str, coordinator: CheckedClient) -> None:
    for step, expected in (
        ("behandelen", "De aanvraag is in behandeling. De aanvrager krijgt een mail."),
        ("behandelen", "Er is niets veranderd. De aanvraag is al in behandeling."),
        ("plannen", "De aanvraag is gepland op donderdag 14 januari 2027. De aanvrager krijgt "
                    "een mail."),
        ("afronden", "De aanvraag is afgerond. De aanvrager krijgt een mail."),
        ("afwijzen", "Er is niets veranderd. De aanvraag is al afgerond."),
    ):  # fmt: skip
        answer = coordinator.submit(f"{received}/{step}", DAY | REASON)
        if answer.status_code == 409:
            assert expected in answer.text
            expected = ""
        assert flash_message(coordinator, received) == expected


def test_a_note_and_a_withdrawal_are_confirmed(browser: Browser, received: str) -> None:
    follow, client = link_in(mails("copy")[0]), browser()
    client.submit(f"{follow}/bericht", {"bericht": "We zijn met meer."})
    assert flash_message(client, follow) == "Je bericht is toegevoegd. Het kernteamproject krijgt een mail."
    client.submit(f"{follow}/intrekken", {"reden": "Het komt niet uit."})
    assert flash_message(client, follow) == "Je aanvraag is ingetrokken. Je krijgt hierover een mail."


def test_every_page_names_a_school_with_its_place(browser: Browser, coordinator: CheckedClient) -> None:
    reader = browser("reader")
    with connection():
        school = School.select().join(Place).where(Place.name == "Overveen").get()
    ask(reader, school=school.code)
    named = f"{school.name}, Overveen"
    follow = link_in(mails("copy")[0])
    for client, address in (
        (coordinator, "/beheer/aanvragen"),
        (coordinator, f"/beheer/aanvragen/{only_request().id}"),
        (reader, "/aanvragen"),
        (reader, follow),
    ):
        main = next(parse(client.get(address).text).iter("main"))
        assert named in text(main), address
        assert f"{school.name}, Bloemendaal" not in text(main)


def test_a_step_that_cannot_be_taken_changes_nothing(received: str, coordinator: CheckedClient) -> None:
    coordinator.submit(f"{received}/afronden")
    sent = len(mails())
    for step in ("plannen", "afronden", "afwijzen"):
        assert coordinator.submit(f"{received}/{step}", DAY | REASON).status_code == 409
    assert only_request().state == "done"
    assert len(mails()) == sent


def test_a_step_taken_twice_counts_once(received: str, coordinator: CheckedClient) -> None:
    for _ in range(2):
        coordinator.submit(f"{received}/behandelen")
    assert len(mails("step")) == 1


def test_a_new_kernteam_has_its_second_meeting_planned(received: str, coordinator: CheckedClient) -> None:
    coordinator.submit(f"{received}/plannen", DAY)
    coordinator.submit(f"{received}/plannen", PLAN | {"planned-dag": "2027-02-11"})
    assert str(only_request().planned_on) == "2027-02-11"
    assert "Gepland op donderdag 14 januari 2027" in coordinator.get(received).text
    assert [mail.recipient for mail in mails("step")] == [
        "kernteam@po-zk.nl", "saskia@school.example",
    ] * 2  # fmt: skip


@pytest.mark.parametrize(
    ("step", "data", "message"),
    [
        ("plannen", {}, "Vul de dag van de sessie in."),
        ("plannen", {"planned-dag": "straks"}, "Vul een dag in, zoals 1-2-2027."),
        ("plannen", {"planned-dag": "2026-11-22"},
         "Deze dag is al voorbij. Kies een dag vanaf vandaag."),
        ("plannen", {**DAY, "planned-toelichting": "Neem 123456782 mee."},
         "Dit lijkt een burgerservicenummer. Haal het weg."),
        ("afwijzen", {}, "Vul in waarom het niet kan doorgaan."),
        ("afwijzen", {"declined-toelichting": "x" * 1001},
         "De tekst is 1 tekens te lang. Maximaal 1.000 tekens."),
    ],
)  # fmt: skip
def test_an_invalid_step_is_refused_with_a_message(
    received: str, coordinator: CheckedClient, step: str, data: dict[str, str], message: str
) -> None:
    answer = coordinator.submit(f"{received}/{step}", data)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert only_request().state == "received"


def test_a_declined_request_names_the_reason(browser: Browser, received: str, coordinator: CheckedClient) -> None:
    coordinator.submit(f"{received}/afwijzen", REASON)
    assert "kan helaas niet doorgaan" in newest().body
    assert "Dit thema geven we dit jaar niet." in newest().body
    assert "Over 30 dagen wissen we je naam" in newest().body
    assert "Dit thema geven we dit jaar niet." in browser().get(link_in(newest())).text


# ---- The requester ------------------------------------------------------------------------------


def test_a_note_of_the_requester_is_mailed_to_the_mailbox(browser: Browser, received: str) -> None:
    link = link_in(mails("copy")[0])
    client = browser().from_elsewhere()
    assert client.submit(f"{link}/bericht", {"bericht": "Ook de wijkagent komt."}).status_code == 302
    assert newest().recipient == PO
    assert newest().reply_to == PO
    assert "Ook de wijkagent komt." in newest().body
    assert link_in(newest(), 1) == received
    assert "Ook de wijkagent komt." in client.get(link).text
    assert only_request().state == "received"


def test_the_requester_withdraws_with_a_reason(browser: Browser, received: str, coordinator: CheckedClient) -> None:
    link = link_in(mails("copy")[0])
    client = browser()
    client.submit(f"{link}/intrekken", {"reden": "Het is al opgelost."})
    assert [m.recipient for m in mails("step")] == [PO, "saskia@school.example"]
    assert "is ingetrokken. De reden:\n\nHet is al opgelost." in mails("step")[0].body
    page = client.get(link).text
    assert "Ingetrokken" in page
    assert "Bericht toevoegen" not in page
    assert texts(coordinator.get(received).text, "tag")[0] == "Ingetrokken"


@pytest.mark.parametrize(
    ("what", "data", "message"),
    [
        ("bericht", {}, "Vul in wat je wilt toevoegen."),
        ("bericht", {"bericht": "x" * 2001},
         "De tekst is 1 tekens te lang. Maximaal 2.000 tekens."),
        ("bericht", {"bericht": "Sem uit groep 5 heeft adhd."},
         "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."),
        ("intrekken", {}, "Vul in waarom je de aanvraag intrekt."),
        ("intrekken", {"reden": "111222333"}, "Dit lijkt een burgerservicenummer. Haal het weg."),
    ],
)  # fmt: skip
def test_an_invalid_note_or_reason_is_refused_and_kept_in_the_form(
    browser: Browser, received: str, what: str, data: dict[str, str], message: str
) -> None:
    link = link_in(mails("copy")[0])
    answer = browser().submit(f"{link}/{what}", data)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert [area.text or "" for area in parse(answer.text).iter("textarea")].count(next(iter(data.values()), ""))
    assert mails("step") == []


def test_a_closed_request_takes_no_notes(browser: Browser, received: str, coordinator: CheckedClient) -> None:
    link = link_in(mails("copy")[0])
    coordinator.submit(f"{received}/afronden")
    sent = len(mails())
    answer = browser().submit(f"{link}/bericht", {"bericht": "Nog iets."})
    assert answer.status_code == 422
    assert "De aanvraag is al afgesloten. Mail het kernteamproject." in answer.text
    browser().submit(f"{link}/intrekken", {"reden": "Toch niet."})
    assert only_request().state == "done"
    assert len(mails()) == sent


def test_the_number_of_notes_is_limited(browser: Browser, received: str) -> None:
    link = link_in(mails("copy")[0])
    client = browser()
    for number in range(10):
        client.submit(f"{link}/bericht", {"bericht": f"Bericht {number}"})
    answer = client.submit(f"{link}/bericht", {"bericht": "Nog een"})
    assert answer.status_code == 422
    assert "Je voegde al veel toe. Wacht een uur en probeer het opnieuw." in answer.text
    assert len(mails("step")) == 10


def test_a_signed_in_requester_sees_only_their_own_requests(browser: Browser, received: str) -> None:
    reference = only_request().reference
    owner = browser("reader")
    assert reference in owner.get("/aanvragen").text
    assert owner.get(f"/aanvragen/volgen/{reference}").status_code == 200
    for role in ("member", "editor"):
        assert reference not in browser(role).get("/aanvragen").text
        assert browser(role).get(f"/aanvragen/volgen/{reference}").status_code == 404
    assert browser().get(f"/aanvragen/volgen/{reference}").status_code == 404


def test_a_confirmed_request_belongs_to_the_account_with_its_address(browser: Browser) -> None:
    ask(browser(), email="member@demo.example")
    member = browser("member")
    assert "Mijn aanvragen" not in member.get("/aanvragen").text
    browser().submit(link_in(mails("confirm")[0]) + "/versturen")
    assert only_request().reference in member.get("/aanvragen").text


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("waiting", "wacht nog en wordt vanzelf verstuurd."),
        ("sent", f"Je aanvraag is gemaild naar {PO}."),
        ("failed", "kon niet worden bezorgd."),
        ("captured", "In deze demo wordt geen mail verstuurd."),
    ],
)
def test_the_page_shows_the_state_of_the_mail(browser: Browser, received: str, state: str, expected: str) -> None:
    link = link_in(mails("copy")[0])
    with connection():
        OutgoingMail.update(state=state).execute()
    page = browser().get(link).text
    assert expected in page
    assert "Je aanvraag is ontvangen." in page
    assert "Je krijgt antwoord per mail." in page


# ---- The list -----------------------------------------------------------------------------------


def test_an_overdue_request_is_listed_first(browser: Browser, portal_copy: Flask) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        ask(browser("reader"), onderwerp="meldcode")
        now.tick(timedelta(days=1))
        ask(browser("reader"), onderwerp="verzuim")
        coordinator = browser("coordinator")
        with connection():
            first = Request.select().order_by(Request.id).get().id
        coordinator.submit(f"/beheer/aanvragen/{first}/behandelen")
        now.move_to("2026-12-08 09:00:00")  # ten working days after the 24th
        page = browser("coordinator").get("/beheer/aanvragen").text
        assert texts(page, "list-row__title") == ["Thema: Verzuim en thuiszitters", "Thema: Meldcode"]
        assert "Wacht al" not in page
        now.move_to("2026-12-09 09:00:00")
        page = browser("coordinator").get("/beheer/aanvragen").text
        assert texts(page, "tag--danger") == ["Wacht al 11 werkdagen"]
        assert clock.today().isoformat() == "2026-12-09"


def test_the_list_is_filtered(browser: Browser, received: str, coordinator: CheckedClient) -> None:
    ask(browser("reader"), "intervisie", school="16TS07")
    every = "/beheer/aanvragen"
    for query, expected in (
        ("", 2), ("?soort=intervisie", 1), ("?soort=start", 0), ("?staat=received", 2),
        ("?staat=handling", 0), ("?staat=afgesloten", 0), ("?staat=alle", 2),
        ("?gemeente=haarlem&soort=theme", 1), ("?gemeente=velsen", 0),
    ):  # fmt: skip
        page = coordinator.get(every + query).text
        assert len(texts(page, "list-row__title")) == expected, query
    part = coordinator.get(every + "?soort=intervisie", headers=FRAGMENT).text
    assert texts(part, "list-row__title") == ["Intervisie"]
    coordinator.submit(f"{received}/afronden")
    assert len(texts(coordinator.get(every).text, "list-row__title")) == 1
    assert len(texts(coordinator.get(every + "?staat=afgesloten").text, "list-row__title")) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [("staat=x", "Kies een staat uit de lijst."), ("soort=x", "Kies een soort uit de lijst."),
     ("gemeente=x", "Kies een gemeente uit de lijst."),
     ("staat=%20", "Kies een staat uit de lijst.")],
)  # fmt: skip
def test_an_invalid_filter_is_refused_with_a_message(coordinator: CheckedClient, query: str, message: str) -> None:
    answer = coordinator.get(f"/beheer/aanvragen?{query}")
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert coordinator.get(f"/beheer/aanvragen/export.csv?{query}").status_code == 404
