"""Beheer: accounts, domains, the outbox, and the health of the portal."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account, ListedDomain
from portal.admin.alarms_and_readiness import REMEMBERED
from portal.backups.make_and_restore import make_backup
from portal.database import connection, db
from portal.database.database_flags import DatabaseFlag
from portal.directory.models import ContactDetail, ContactPoint, Setting, SettingKey
from portal.mail.models import DeliveryFault, OutgoingMail
from portal.mail.outbox import Mail, enqueue
from portal.requests.models import Request
from tests.checks import parse, text, texts
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import make_job_run

NEW = {"naam": "Tim de Graaf", "email": "tim@cjg.example", "rol": "member", "persoon": "1"}


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    """A browser in which the coordinator is signed in."""
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def find_account(email: str) -> Account:
    with connection():
        return Account.get(Account.email == email)


def record_heartbeat() -> None:
    """Let the worker have delivered mail just now."""
    with connection():
        now = clock.now()
        make_job_run("mail", last_run_at=now, last_ok_at=now)


def test_an_invitation_makes_an_account_and_one_mail(coordinator: CheckedClient) -> None:
    assert coordinator.submit("/beheer/accounts/nieuw", NEW).status_code == 302
    assert find_account("tim@cjg.example").role == "member"
    with connection():
        (mail,) = OutgoingMail.select()
    assert mail.recipient == "tim@cjg.example"
    assert "Je rol is: kernteamlid." in mail.body
    assert "Tim" not in mail.subject
    assert "Tim de Graaf" in coordinator.get("/beheer/accounts").text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"naam": ""}, "Vul een naam in."),
        ({"naam": "x" * 101}, "Deze naam is te lang. Gebruik hoogstens 100 tekens."),
        ({"email": ""}, "Vul je e-mailadres in."),
        ({"email": "tim"}, "Vul een e-mailadres in zoals naam@school.nl."),
        ({"email": "reader@demo.example"}, "Dit e-mailadres heeft al een account."),
        ({"rol": "koning"}, "Kies een rol uit de lijst."),
        ({"rol": "administrator"}, "Kies een rol uit de lijst."),
        ({"organisatie": "x"}, "Kies een organisatie uit de lijst."),
        ({"organisatie": " "}, "Kies een organisatie uit de lijst."),
        ({"persoon": " "}, "Kies een persoon uit de lijst."),
        ({"persoon": "x"}, "Kies een persoon uit de lijst."),
        ({"laatste_dag": "morgen"}, "Vul een dag in, zoals 1-2-2027."),
    ],
)
def test_an_invalid_invitation_is_refused_and_stays_filled_in(
    coordinator: CheckedClient, change: dict[str, str], message: str
) -> None:
    filled = {**NEW, **change}
    answer = coordinator.submit("/beheer/accounts/nieuw", filled)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{filled["naam"]}"' in answer.text
    with connection():
        assert OutgoingMail.select().count() == 0


def test_a_change_of_role_ends_the_sessions(portal_copy: Flask, coordinator: CheckedClient) -> None:
    reader = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    number = find_account("reader@demo.example").id
    page = coordinator.get(f"/beheer/accounts/{number}").text
    assert 'value="Lieke Lezer"' in page
    form = {"naam": "Lieke Lezer", "email": "reader@demo.example", "rol": "editor",
            "organisatie": "1"}  # fmt: skip
    coordinator.submit(f"/beheer/accounts/{number}", form)
    assert reader.get("/account").status_code == 302
    assert find_account("reader@demo.example").role == "editor"


def test_mail_that_waits_for_an_ended_account_is_dropped(portal_copy: Flask, coordinator: CheckedClient) -> None:
    (deliver,) = [job for job in portal_copy.extensions["jobs"] if job.name == "mail"]
    with connection(), db.atomic():
        for address in ("Reader@demo.example", "member@demo.example", "x@school.example"):
            enqueue(Mail(address, address, "Onderwerp", "De tekst."), "x.example")
        Account.update(active_until=TODAY).where(Account.email == "reader@demo.example").execute()
        Account.update(active_until=TODAY + timedelta(days=1)).where(Account.email == "member@demo.example").execute()
    with connection():
        deliver.run()
        states = [mail.state for mail in OutgoingMail.select().order_by(OutgoingMail.id)]
    assert states == ["dropped", "captured", "captured"]
    assert "Het account van dit adres is beëindigd." in coordinator.get("/beheer/post").text


def test_a_last_day_is_inclusive(coordinator: CheckedClient) -> None:
    number = find_account("reader@demo.example").id
    form = {
        "naam": "Lieke Lezer", "email": "reader@demo.example", "rol": "reader",
        "laatste_dag": "2027-01-31",
    }  # fmt: skip
    coordinator.submit(f"/beheer/accounts/{number}", form)
    assert str(find_account("reader@demo.example").active_until) == "2027-02-01"
    assert "toegang tot en met 31 januari 2027" in coordinator.get("/beheer/accounts").text
    assert 'value="2027-01-31"' in coordinator.get(f"/beheer/accounts/{number}").text


def test_a_domain_is_listed_and_removed(coordinator: CheckedClient) -> None:
    form = {"domein": "@School.example", "organisatie": "1"}
    assert coordinator.submit("/beheer/accounts/domeinen", form).status_code == 302
    assert "school.example" in coordinator.get("/beheer/accounts").text
    again = coordinator.submit("/beheer/accounts/domeinen", form)
    assert "Dit domein staat al in de lijst." in again.text
    with connection():
        number = ListedDomain.get().id
    coordinator.submit(f"/beheer/accounts/domeinen/{number}/weg")
    with connection():
        assert ListedDomain.select().count() == 0


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("gmail.com", "Bij dit domein kan iedereen een adres krijgen. Kies een ander."),
        ("school", "Vul het deel na de @ in, zoals school.nl."),
        ("", "Vul het deel na de @ in, zoals school.nl."),
        ("sch/ool.example", "Vul het deel na de @ in, zoals school.nl."),
        ("naam@school.example", "Vul het deel na de @ in, zoals school.nl."),
    ],
)
def test_an_invalid_domain_is_refused(coordinator: CheckedClient, domain: str, message: str) -> None:
    answer = coordinator.submit("/beheer/accounts/domeinen", {"domein": domain, "organisatie": "1"})
    assert answer.status_code == 422
    assert message in answer.text


def test_the_outbox_shows_failed_mail_with_its_error_and_sends_it_again(coordinator: CheckedClient) -> None:
    with connection(), db.atomic():
        enqueue(Mail("a", "x@school.example", "Onderwerp", "De tekst."), "x.example")
        OutgoingMail.update(state="failed", error="550 geen postvak", attempts=3).execute()
        number = OutgoingMail.get().id
    page = coordinator.get("/beheer/post").text
    assert "Niet verstuurd" in page
    assert "550 geen postvak" in page
    assert coordinator.submit(f"/beheer/post/{number}/opnieuw").status_code == 302
    with connection():
        mail = OutgoingMail.get()
    assert (mail.state, mail.attempts) == ("waiting", 0)


def test_the_overview_counts_waiting_mail(coordinator: CheckedClient) -> None:
    with connection(), db.atomic():
        OutgoingMail.delete().execute()
    assert "mail wacht" not in coordinator.get("/beheer").text
    with connection(), db.atomic():
        make_job_run("mail", last_ok_at=clock.now())
    assert "Er wacht geen mail." in coordinator.get("/beheer").text
    with connection(), db.atomic():
        enqueue(Mail("a", "x@school.example", "Onderwerp", "De tekst."), "x.example")
        enqueue(Mail("b", "y@school.example", "Onderwerp", "De tekst."), "x.example")
    assert "2 mails wachten nog." in coordinator.get("/beheer").text


def test_a_banner_tells_the_coordinator_what_to_mend(coordinator: CheckedClient) -> None:
    record_heartbeat()
    fault = DeliveryFault(error="550 5.7.64 <b>", advice="Log in met SMTP_USER.", hits_all=False, since=clock.now())
    with connection():
        fault.save()
    page = coordinator.get("/scholen").text
    assert "“550 5.7.64 &lt;b&gt;” Log in met SMTP_USER." in page
    assert page.count('class="alarm"') == 1
    with connection():
        DeliveryFault.update(advice="").execute()
    assert 'class="alarm"' not in coordinator.get("/scholen").text  # it may pass by itself
    with stopped_at(clock.now() + timedelta(minutes=16)):
        record_heartbeat()
        assert "“550 5.7.64 &lt;b&gt;”" in coordinator.get("/scholen").text


@pytest.mark.parametrize("state", ["waiting", "sent", "failed"])
@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demo_shows_the_text_of_mails(coordinator: CheckedClient, state: str, demo: bool) -> None:
    """A coordinator could otherwise read the sign-in link of an administrator."""
    with connection(), db.atomic():
        mail = Mail("a", "x@school.example", "Onderwerp", "De link.", calendar="De afspraak.")
        enqueue(mail, "x.example")
        OutgoingMail.update(state=state).execute()
        if not demo:
            DatabaseFlag.delete().execute()
    page = coordinator.get("/beheer/post").text
    assert "Onderwerp" in page
    assert ("De link." in page) == ("De afspraak." in page) == demo


def test_a_test_mail_goes_to_the_user(coordinator: CheckedClient) -> None:
    coordinator.submit("/beheer/post/test")
    with connection():
        assert OutgoingMail.get().recipient == "coordinator@demo.example"


def test_overdue_mail_is_shown_on_every_page_of_a_coordinator(portal_copy: Flask) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
        record_heartbeat()
        assert "Er wacht al langer" not in client.get("/scholen").text
        assert client.get("/readyz").status_code == 503  # there is no backup yet
        settings = portal_copy.config["KERNWIJZER"]
        make_backup(settings, clock.now())
        now.tick(REMEMBERED)
        assert client.get("/readyz").status_code == 200
        with connection(), db.atomic():
            enqueue(Mail("a", "x@school.example", "Onderwerp", "Tekst"), "x.example")
        now.tick(timedelta(minutes=16))
        record_heartbeat()
        assert "Er wacht al langer dan een kwartier mail." in client.get("/scholen").text
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        reader = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
        assert "Er wacht al langer" not in reader.get("/scholen").text


@pytest.mark.parametrize(
    ("waiting", "summary"),
    [
        (0, "Er wacht geen aanvraag op een reactie."),
        (1, "1 aanvraag wacht op een reactie."),
        (2, "2 aanvragen wachten op een reactie."),
    ],
)
def test_the_overview_shows_the_admin_page_of_a_feature(coordinator: CheckedClient, waiting: int, summary: str) -> None:
    with connection(), db.atomic():
        Request.update(state="done", unread_since=None).execute()
        chosen = [row.id for row in Request.select().limit(waiting)]
        Request.update(state="received").where(Request.id.in_(chosen)).execute()
    page = coordinator.get("/beheer").text
    assert re.search('<a [^>]*href="/beheer/aanvragen">Aanvragen</a>', page)
    assert summary in page


def test_each_page_on_the_overview_of_beheer_opens(coordinator: CheckedClient) -> None:
    overview = parse(coordinator.get("/beheer").text)
    links = [link.get("href", "") for link in overview.iter("a")]
    pages = {link for link in links if link.startswith(("/beheer/", "/organisatie"))}
    assert len(pages) > 15
    assert {link: coordinator.get(link).status_code for link in pages} == dict.fromkeys(pages, 200)


def test_the_overview_of_beheer_begins_with_what_is_most_urgent(coordinator: CheckedClient) -> None:
    """Mail that failed, then what somebody waits for, then the rest; what does not wait last."""
    record_heartbeat()
    with connection(), db.atomic():
        OutgoingMail.delete().execute()
        Request.update(state="done", unread_since=None).execute()
        Account.update(person=None).where(Account.role == "member").execute()
    assert waiting_of(coordinator) == ["Accounts1 kernteamlid hoort nog niet bij iemand. 1"]
    with connection(), db.atomic():
        enqueue(Mail("a", "x@school.example", "Onderwerp", "De tekst."), "x.example")
        OutgoingMail.update(state="failed").execute()
        Request.update(state="received").execute()
    requests = Request.select().count()
    assert waiting_of(coordinator) == [
        "Post1 mail is niet verstuurd. dit gaat mis 1",
        f"Aanvragen{requests} aanvragen wachten op een reactie. iemand wacht hierop {requests}",
        "Accounts1 kernteamlid hoort nog niet bij iemand. 1",
    ]
    with connection(), db.atomic():
        OutgoingMail.delete().execute()
        Request.update(state="done", unread_since=None).execute()
        Account.update(active_until=TODAY).where(Account.role == "member").execute()
    assert waiting_of(coordinator) == []


def test_the_overview_asks_for_what_only_the_owner_knows(coordinator: CheckedClient) -> None:
    """Each question leads to its field, and is gone once somebody answered it."""
    page = coordinator.get("/beheer").text
    velsen = "/beheer/contactpunten/leerplicht-velsen#nummers"
    asked = {
        "/beheer/instellingen#veilig-thuis": "Nummer van Veilig Thuis: nog niet ingevuld",
        "/beheer/instellingen#antwoord-aanvraag": "Werkdagen tot antwoord op een aanvraag",
        velsen: "Leerplicht gemeente Velsen: geen nummer bekend",
        "/beheer/contactpunten/rbl-holland-rijnland#nummers": "geen nummer bekend",
        "/beheer/contactpunten": "contactpunten: nog geen uren ingevuld",
    }
    for url, words in asked.items():
        assert re.search(f'<a [^>]*href="{url}">[^<]*{words}', page), url
        assert coordinator.get(url.partition("#")[0]).status_code == 200
    assert 'id="veilig-thuis"' in coordinator.get("/beheer/instellingen").text
    with connection(), db.atomic():
        for key in SettingKey:
            Setting.create(key=key, value="5")
        ContactPoint.update(hours="altijd").execute()
        for point in ContactPoint.select():
            ContactDetail.create(contact_point=point, kind="phone", value="112", visibility="open", source="x")
        OutgoingMail.delete().execute()
        Request.update(state="done", unread_since=None).execute()
        Account.update(active_until=TODAY).where(Account.role == "member").execute()
    record_heartbeat()
    page = coordinator.get("/beheer").text
    assert "Wat nog ontbreekt" not in page
    assert "Er wacht niets op jou." in page


def waiting_of(coordinator: CheckedClient) -> list[str]:
    """The rows of what waits on the overview of Beheer."""
    page = coordinator.get("/beheer").text
    main = page[page.index("<h1>") :].partition('<h2 id="ontbreekt">')[0]
    return [text(row) for row in parse(main).iter("li")]


def test_a_silent_worker_is_shown(coordinator: CheckedClient) -> None:
    assert "geeft geen teken van leven" in coordinator.get("/beheer").text
    record_heartbeat()
    page = coordinator.get("/beheer/techniek").text
    assert "geeft geen teken van leven" not in page
    assert "voor het laatst nagekeken op 23 november 2026 om 10:00 uur" in page


def test_a_job_that_stands_still_or_does_nothing_is_shown(coordinator: CheckedClient) -> None:
    """A job that runs and does nothing is dead too, so the last time that it did something counts
    apart."""
    now, week = clock.now(), timedelta(days=7)
    with connection(), db.atomic():
        for job in coordinator.application.extensions["jobs"]:
            make_job_run(job.name, last_ok_at=now, last_done_at=now - week)
    page = coordinator.get("/beheer").text
    assert "Dit gebeurt niet meer" not in page
    page = coordinator.get("/beheer/techniek").text
    assert "Dit draait wel, maar doet niets: Back-up maken." in page
    assert page.count("deed voor het laatst iets op 16 november 2026 om 10:00 uur") > 5
    assert "had nog niets te doen" not in page
    with connection(), db.atomic():
        for name in ("notice reminders", "backup"):
            make_job_run(name, last_ok_at=now - timedelta(hours=2, minutes=31))
    page = coordinator.get("/beheer").text
    assert "Dit gebeurt niet meer: Herinneren aan meldingen, Back-up maken." in page
    page = coordinator.get("/beheer/techniek").text
    assert page.count("staat stil") == 2
    assert page.count("had nog niets te doen") == 2


def test_mail_is_found_by_address_subject_state_and_person(portal_copy: Flask, coordinator: CheckedClient) -> None:
    with connection(), db.atomic():
        account = Account.get(Account.role == "member")
        ContactDetail.create(
            person=account.person, kind="email", value="Oud.Adres@cjg.example", visibility="open",
            valid_until=TODAY, source="x", checked_on=TODAY,
        )  # fmt: skip
        OutgoingMail.delete().execute()
        for number in range(120):
            to = {5: "oud.adres@cjg.example", 7: account.email}.get(number, f"n{number}@x.example")
            mail = Mail(f"k{number}", to, f"Onderwerp {number:03}", "tekst")
            enqueue(mail, "x.example")
        OutgoingMail.update(state="sent").where(OutgoingMail.key != "k3").execute()

    def listed(query: str) -> list[str]:
        return texts(coordinator.get(f"/beheer/post?{query}").text, "list-row__title")

    first, second, third = (listed(f"blad={sheet}") for sheet in (1, 2, 3))
    assert first[:2] == ["Onderwerp 003", "Onderwerp 119"]  # what waits stands in front
    assert (len(first), len(second), len(third)) == (50, 50, 20)
    assert len({*first, *second, *third}) == 120
    assert listed("blad=4") == []
    assert listed("zoek=N11@x.example") == ["Onderwerp 011"]
    assert listed("zoek=werp+04") == [f"Onderwerp 04{number}" for number in reversed(range(10))]
    assert listed("zoek=50%25") == []
    assert listed("stand=waiting") == ["Onderwerp 003"]
    assert listed(f"persoon={account.person_id}") == ["Onderwerp 007", "Onderwerp 005"]
    assert listed("persoon=99999") == []
    page = coordinator.get(f"/beheer/accounts/{account.id}").text
    assert f'href="/beheer/post?persoon={account.person_id}">Wat kreeg deze persoon?' in page
    older = coordinator.get("/beheer/post?zoek=onderwerp").text
    assert 'href="/beheer/post?blad=2&amp;zoek=onderwerp"' in older
