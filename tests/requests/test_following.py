"""From ontvangen to afgerond: the coordinator moves a request on, who asked sees it and answers."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import connection
from portal.directory.models import Place, School
from portal.mail.models import OutgoingMail
from portal.requests.models import Request
from tests.checks import parse, text, texts
from tests.clock import stopped_at
from tests.conftest import FRAGMENT, TODAY, CheckedClient
from tests.requests.conftest import Browser, ask, link_in, mails, only_request

PO = "kernteam@po-zk.nl"
STEPS = ("behandelen", "plannen", "afronden", "afwijzen")
DAY = {"planned-dag": "2027-01-14", "planned-toelichting": "Om 15.00 uur in het wijkcentrum."}
REASON = {"declined-toelichting": "Dit thema geven we dit jaar niet."}


@pytest.fixture
def asked(browser: Browser) -> str:
    """A school asked; gives the address of the request at the coordinator's desk."""
    ask(browser("reader"), wens="Samen oefenen.")
    return f"/beheer/aanvragen/{only_request().id}"


@pytest.fixture
def coordinator(browser: Browser) -> CheckedClient:
    """The coordinator's browser."""
    return browser("coordinator")


def buttons(page: str) -> list[str]:
    main = next(parse(page).iter("main"))
    return [text(b) for b in main.iter("button")]


def newest() -> OutgoingMail:
    return mails()[-1]


def test_the_link_in_the_mailboxs_mail_leads_to_the_request_through_signing_in(
    browser: Browser, asked: str
) -> None:
    client = browser()
    path = link_in(mails("mailbox")[0])
    assert path == asked
    assert client.get(path).headers["Location"] == "/inloggen"
    answer = client.submit("/inloggen/demo/coordinator")
    assert answer.headers["Location"] == path
    assert "Samen oefenen." in client.get(path).text


def test_a_request_goes_from_received_to_done(
    browser: Browser, asked: str, coordinator: CheckedClient
) -> None:
    follow = link_in(mails("copy")[0])
    for step, data, told in (
        ("behandelen", {}, "is in behandeling"),
        ("plannen", DAY, "is gepland op donderdag 14 januari 2027."),
        ("afronden", {}, "is afgerond"),
    ):
        assert coordinator.submit(f"{asked}/{step}", data).headers["Location"] == asked
        assert newest().recipient == "saskia@school.example"
        assert newest().subject == mails("copy")[0].subject
        assert told in newest().body
        # Each mail has a link of its own, and the older ones keep working.
        for link in (link_in(newest()), follow):
            assert browser().get(link).status_code == 200
    page = browser().get(follow).text
    steps = [text(li) for li in parse(page).iter("li") if "door" in text(li)]
    assert [step.split(" 23 november")[0] for step in steps] == [
        "Ontvangen", "In behandeling", "Gepland op donderdag 14 januari 2027", "Afgerond",
    ]  # fmt: skip
    assert steps[0].endswith("door jou"), "it is their own page"
    assert "door de aanvrager" in coordinator.get(asked).text
    assert all("om 10:00 uur, door Coen Coördinator" in step for step in steps[1:])
    assert "Om 15.00 uur in het wijkcentrum." in page
    with connection():
        trail = [entry.action for entry in AuditEntry.select() if entry.subject == "request"]
    assert trail == ["handling", "planned", "done"]


def test_two_clicks_from_the_list_change_a_state(asked: str, coordinator: CheckedClient) -> None:
    page = coordinator.get("/beheer/aanvragen").text
    assert asked in [a.get("href") for a in parse(page).iter("a")]
    assert "In behandeling nemen" in buttons(coordinator.get(asked).text)
    coordinator.submit(f"{asked}/behandelen")
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
def test_what_can_be_done_follows_from_the_state(
    asked: str, coordinator: CheckedClient, before: tuple[str, ...], expected: set[str]
) -> None:
    for step in before:
        assert coordinator.submit(f"{asked}/{step}", DAY | REASON).status_code == 302
    assert set(buttons(coordinator.get(asked).text)) == expected


def heavy(page: str) -> list[str]:
    """The buttons that stand out."""
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
def test_the_likely_next_step_is_the_one_button_that_stands_out(
    asked: str, coordinator: CheckedClient, before: tuple[str, ...], expected: list[str]
) -> None:
    for step in before:
        coordinator.submit(f"{asked}/{step}", DAY | REASON)
    assert heavy(coordinator.get(asked).text) == expected


def test_for_an_account_no_session_is_likely(browser: Browser, coordinator: CheckedClient) -> None:
    ask(browser("reader"), "verwijsindex")
    address = f"/beheer/aanvragen/{only_request().id}"
    coordinator.submit(f"{address}/behandelen")
    assert heavy(coordinator.get(address).text) == ["Aanvraag afronden"]


@pytest.mark.parametrize(
    ("day", "what"),
    [
        ("2026-12-05", "weekend"),  # a Saturday
        ("2026-12-22", "kerstvakantie"),
        ("2027-05-06", "hemelvaartsdag"),
    ],
)
def test_a_session_on_a_free_day_is_planned_only_with_a_tick(
    asked: str, coordinator: CheckedClient, day: str, what: str
) -> None:
    assert "planned-toch" not in coordinator.get(asked).text
    answer = coordinator.submit(f"{asked}/plannen", DAY | {"planned-dag": day})
    assert answer.status_code == 422
    wanted = f"Op deze dag is het {what}. Kies een andere dag of zet het vinkje."
    assert wanted in texts(answer.text, "error")
    assert "Om 15.00 uur in het wijkcentrum." in answer.text, "what was typed stays"
    assert only_request().state == "received"
    ticked = DAY | {"planned-dag": day, "planned-toch": "y"}
    assert coordinator.submit(f"{asked}/plannen", ticked).status_code == 302
    assert str(only_request().planned_on) == day


def test_the_days_that_were_asked_stand_beside_the_day_to_plan(
    browser: Browser, coordinator: CheckedClient
) -> None:
    ask(browser("reader"), dag_1="2027-01-14", dag_2="2027-02-22", tot_2="2027-02-24")
    page = coordinator.get(f"/beheer/aanvragen/{only_request().id}").text
    assert "Gevraagd: donderdag 14 januari 2027 maandag 22 februari 2027 tot en met" in " ".join(
        texts(page, "hint")
    )


def told(client: CheckedClient, address: str) -> str:
    """What the page says that was just done; a second time it says nothing."""
    first, again = (
        next(e for e in parse(client.get(address).text).iter() if e.get("id") == "melding")
        for _ in range(2)
    )
    assert first.get("role") == "status"
    assert text(again) == ""
    return text(first)


def test_each_step_at_the_desk_is_confirmed(asked: str, coordinator: CheckedClient) -> None:
    for step, expected in (
        ("behandelen", "De aanvraag is in behandeling. De aanvrager krijgt een mail."),
        ("behandelen", "Er is niets veranderd. De aanvraag is al in behandeling."),
        ("plannen", "De aanvraag is gepland op donderdag 14 januari 2027. De aanvrager krijgt "
                    "een mail."),
        ("afronden", "De aanvraag is afgerond. De aanvrager krijgt een mail."),
        ("afwijzen", "Er is niets veranderd. De aanvraag is al afgerond."),
    ):  # fmt: skip
        coordinator.submit(f"{asked}/{step}", DAY | REASON)
        assert told(coordinator, asked) == expected


def test_a_message_and_a_withdrawal_are_confirmed(browser: Browser, asked: str) -> None:
    follow, client = link_in(mails("copy")[0]), browser()
    client.submit(f"{follow}/bericht", {"bericht": "We zijn met meer."})
    assert told(client, follow) == "Je bericht is toegevoegd. Het kernteamproject krijgt een mail."
    client.submit(f"{follow}/intrekken", {"reden": "Het komt niet uit."})
    assert told(client, follow) == "Je aanvraag is ingetrokken. Je krijgt hierover een mail."


def test_a_school_is_named_with_its_town_everywhere(
    browser: Browser, coordinator: CheckedClient
) -> None:
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


def test_a_step_that_cannot_be_taken_changes_nothing(
    asked: str, coordinator: CheckedClient
) -> None:
    coordinator.submit(f"{asked}/afronden")
    sent = len(mails())
    for step in ("plannen", "afronden", "afwijzen"):
        assert coordinator.submit(f"{asked}/{step}", DAY | REASON).status_code == 302
    assert only_request().state == "done"
    assert len(mails()) == sent


def test_a_button_pressed_twice_is_one_step(asked: str, coordinator: CheckedClient) -> None:
    for _ in range(2):
        coordinator.submit(f"{asked}/behandelen")
    assert len(mails("step")) == 1


def test_a_new_kernteam_has_its_second_meeting_planned(
    asked: str, coordinator: CheckedClient
) -> None:
    coordinator.submit(f"{asked}/plannen", DAY)
    coordinator.submit(f"{asked}/plannen", {"planned-dag": "2027-02-11"})
    assert str(only_request().planned_on) == "2027-02-11"
    assert "Gepland op donderdag 14 januari 2027" in coordinator.get(asked).text
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
def test_a_step_filled_in_wrongly_is_told(
    asked: str, coordinator: CheckedClient, step: str, data: dict[str, str], message: str
) -> None:
    answer = coordinator.submit(f"{asked}/{step}", data)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert only_request().state == "received"


def test_a_refusal_tells_why(browser: Browser, asked: str, coordinator: CheckedClient) -> None:
    coordinator.submit(f"{asked}/afwijzen", REASON)
    assert "kan helaas niet doorgaan" in newest().body
    assert "Dit thema geven we dit jaar niet." in newest().body
    assert "Over 30 dagen wissen we je naam" in newest().body
    assert "Dit thema geven we dit jaar niet." in browser().get(link_in(newest())).text


# ---- Who asked ---------------------------------------------------------------------------------


def test_who_asked_adds_a_note_and_the_mailbox_hears_it(browser: Browser, asked: str) -> None:
    link = link_in(mails("copy")[0])
    client = browser().from_elsewhere()
    assert (
        client.submit(f"{link}/bericht", {"bericht": "Ook de wijkagent komt."}).status_code == 302
    )
    assert newest().recipient == PO
    assert newest().reply_to == "saskia@school.example"
    assert "Ook de wijkagent komt." in newest().body
    assert link_in(newest()) == asked
    assert "Ook de wijkagent komt." in client.get(link).text
    assert only_request().state == "received"


def test_who_asked_withdraws_with_a_reason(
    browser: Browser, asked: str, coordinator: CheckedClient
) -> None:
    link = link_in(mails("copy")[0])
    client = browser()
    client.submit(f"{link}/intrekken", {"reden": "Het is al opgelost."})
    assert [m.recipient for m in mails("step")] == [PO, "saskia@school.example"]
    assert "is ingetrokken. De reden:\n\nHet is al opgelost." in mails("step")[0].body
    page = client.get(link).text
    assert "Ingetrokken" in page
    assert "Bericht toevoegen" not in page
    assert texts(coordinator.get(asked).text, "tag")[0] == "Ingetrokken"


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
def test_what_who_asked_fills_in_wrongly_is_told_and_kept(
    browser: Browser, asked: str, what: str, data: dict[str, str], message: str
) -> None:
    link = link_in(mails("copy")[0])
    answer = browser().submit(f"{link}/{what}", data)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert [area.text or "" for area in parse(answer.text).iter("textarea")].count(
        next(iter(data.values()), "")
    )
    assert mails("step") == []


def test_a_closed_request_takes_no_notes(
    browser: Browser, asked: str, coordinator: CheckedClient
) -> None:
    link = link_in(mails("copy")[0])
    coordinator.submit(f"{asked}/afronden")
    sent = len(mails())
    answer = browser().submit(f"{link}/bericht", {"bericht": "Nog iets."})
    assert answer.status_code == 422
    assert "De aanvraag is al afgesloten. Mail het kernteamproject." in answer.text
    browser().submit(f"{link}/intrekken", {"reden": "Toch niet."})
    assert only_request().state == "done"
    assert len(mails()) == sent


def test_nobody_mails_a_mailbox_full_with_notes(browser: Browser, asked: str) -> None:
    link = link_in(mails("copy")[0])
    client = browser()
    for number in range(10):
        client.submit(f"{link}/bericht", {"bericht": f"Bericht {number}"})
    answer = client.submit(f"{link}/bericht", {"bericht": "Nog een"})
    assert answer.status_code == 422
    assert "Je voegde al veel toe. Wacht een uur en probeer het opnieuw." in answer.text
    assert len(mails("step")) == 10


def test_who_is_signed_in_sees_their_own_requests_and_no_other(
    browser: Browser, asked: str
) -> None:
    reference = only_request().reference
    owner = browser("reader")
    assert reference in owner.get("/aanvragen").text
    assert owner.get(f"/aanvragen/volgen/{reference}").status_code == 200
    for role in ("member", "editor"):
        assert reference not in browser(role).get("/aanvragen").text
        assert browser(role).get(f"/aanvragen/volgen/{reference}").status_code == 404
    assert browser().get(f"/aanvragen/volgen/{reference}").status_code == 404


def test_a_request_with_somebodys_address_is_theirs_once_confirmed(browser: Browser) -> None:
    ask(browser(), email="member@demo.example")
    member = browser("member")
    assert "Mijn aanvragen" not in member.get("/aanvragen").text
    browser().submit(link_in(mails("confirm")[0]) + "/versturen")
    assert only_request().reference in member.get("/aanvragen").text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("waiting", "wacht nog en wordt vanzelf verstuurd."),
        ("sent", f"Je aanvraag is gemaild naar {PO}."),
        ("failed", "kon niet worden bezorgd."),
        ("captured", "In deze demo wordt geen mail verstuurd."),
    ],
)
def test_the_page_is_honest_about_the_mail(
    browser: Browser, asked: str, state: str, told: str
) -> None:
    link = link_in(mails("copy")[0])
    with connection():
        OutgoingMail.update(state=state).execute()
    page = browser().get(link).text
    assert told in page
    assert "Je aanvraag is ontvangen." in page
    assert "Je krijgt binnen 5 werkdagen antwoord, per mail." in page


# ---- The desk ----------------------------------------------------------------------------------


def test_what_nobody_looked_at_for_ten_working_days_stands_on_top(
    browser: Browser, portal_copy: Flask
) -> None:
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
        assert texts(page, "title") == ["Thema: Verzuim en thuiszitters", "Thema: Meldcode"]
        assert "Wacht al" not in page
        now.move_to("2026-12-09 09:00:00")
        page = browser("coordinator").get("/beheer/aanvragen").text
        assert texts(page, "gone") == ["Wacht al 11 werkdagen"]
        assert clock.today().isoformat() == "2026-12-09"


def test_the_list_is_filtered(browser: Browser, asked: str, coordinator: CheckedClient) -> None:
    ask(browser("reader"), "intervisie", school="16TS07")
    every = "/beheer/aanvragen"
    for query, expected in (
        ("", 2), ("?soort=intervisie", 1), ("?soort=start", 0), ("?staat=received", 2),
        ("?staat=handling", 0), ("?staat=afgesloten", 0), ("?staat=alle", 2),
        ("?gemeente=haarlem&soort=theme", 1), ("?gemeente=velsen", 0),
    ):  # fmt: skip
        page = coordinator.get(every + query).text
        assert len(texts(page, "title")) == expected, query
    part = coordinator.get(every + "?soort=intervisie", headers=FRAGMENT).text
    assert texts(part, "title") == ["Intervisie"]
    coordinator.submit(f"{asked}/afronden")
    assert len(texts(coordinator.get(every).text, "title")) == 1
    assert len(texts(coordinator.get(every + "?staat=afgesloten").text, "title")) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [("staat=x", "Kies een staat uit de lijst."), ("soort=x", "Kies een soort uit de lijst."),
     ("gemeente=x", "Kies een gemeente uit de lijst.")],
)  # fmt: skip
def test_a_wrong_filter_is_told(coordinator: CheckedClient, query: str, message: str) -> None:
    answer = coordinator.get(f"/beheer/aanvragen?{query}")
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    assert coordinator.get(f"/beheer/aanvragen/export.csv?{query}").status_code == 404
