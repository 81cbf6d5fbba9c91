"""A request that is finished later, by the link in a mail."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.clock import day_of
from portal.database import connection
from portal.jobs.worker import tick
from portal.mail.models import OutgoingMail
from portal.requests.models import Request, SavedForm
from tests.checks import parse, texts
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.requests.conftest import CAMELOT, LEAST, WHO, Browser, ask, filled, link_in

TYPED = {
    "onderwerp": "meldcode", "school": CAMELOT, "functies": ["cjg-coach"], "dag_1": "14-1-2027",
    "in_huis": "De IB’er kent de stappen.", "email": "saskia@school.example",
}  # fmt: skip


def save(client: CheckedClient, **typed: object) -> str:
    """Save a form; gives the path of the link in the mail."""
    answer = client.submit("/aanvragen/thema/bewaren", TYPED | typed)  # type: ignore[arg-type]
    assert answer.headers["Location"] == "/aanvragen/bewaard", answer.text
    return link_in(saved_mails()[-1])


def saved_mails() -> list[OutgoingMail]:
    with connection():
        query = OutgoingMail.select().where(OutgoingMail.key.startswith("saved:"))
        return list(query.order_by(OutgoingMail.id))


def test_a_form_is_finished_by_the_link_in_the_mail(browser: Browser) -> None:
    link = save(browser().from_elsewhere())
    assert "tot en met 6 december 2026" in saved_mails()[0].body
    client = browser().from_elsewhere()
    page = client.get(link).text
    fields = filled(page)
    assert {name: fields[name] for name in ("onderwerp", "school", "dag_1", "in_huis")} == {
        "onderwerp": "meldcode", "school": CAMELOT, "dag_1": "2027-01-14",
        "in_huis": "De IB’er kent de stappen.",
    }  # fmt: skip
    ticked = [e.get("value") for e in parse(page).iter("input") if e.get("checked") is not None]
    assert ticked == ["cjg-coach"]
    sent = client.post("/aanvragen/thema", data=fields | LEAST["thema"] | WHO)
    assert sent.status_code == 302
    with connection():
        assert Request.select().count() == 1
        assert SavedForm.select().count() == 0
    assert saved_mails() == []
    over = client.get(link)
    assert over.status_code == 404
    assert "Een aanvraag die je bewaart, staat hier 14 dagen." in texts(over.text, "lead")[0]


def test_the_mail_quotes_nothing_and_only_the_mail_holds_the_link(browser: Browser) -> None:
    client = browser().from_elsewhere()
    link = save(client, in_huis="Koop nu goedkope horloges.")
    assert "horloges" not in saved_mails()[0].body + saved_mails()[0].subject
    assert link not in client.from_elsewhere().get("/aanvragen/bewaard").text


def test_saving_again_keeps_the_link_and_starts_the_two_weeks_anew(browser: Browser, portal_copy: Flask) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        link = save(browser())
        other = save(browser(), email="tim@school.example")
        now.tick(timedelta(days=10))
        fields = filled(browser().get(link).text) | {"in_huis": "Anders."}
        answer = browser().submit("/aanvragen/thema/bewaren", fields)
        assert answer.status_code == 302
        assert link_in(saved_mails()[-1]) == link
        now.tick(timedelta(days=4, hours=2))
        with connection():
            tick([job for job in portal_copy.extensions["jobs"] if job.name == "clear"])
        assert filled(browser().get(link).text)["in_huis"] == "Anders."
        assert browser().get(other).status_code == 404, "each link shows its own form"
        now.tick(timedelta(days=11))
        with connection():
            tick([job for job in portal_copy.extensions["jobs"] if job.name == "clear"])
            assert SavedForm.select().count() == 0
        assert browser().get(link).status_code == 404
        assert saved_mails() == []


def test_a_link_works_up_to_the_day_in_its_mail_also_without_the_worker(browser: Browser) -> None:
    with stopped_at(f"{TODAY} 09:00:00") as now:
        link = save(browser())
        last = day_of(now.moment + timedelta(days=13))
        assert f"Dat kan tot en met {last.day} " in saved_mails()[0].body
        now.move_to(f"{last} 23:59:00+01:00")
        assert browser().get(link).status_code == 200
        now.tick(timedelta(hours=11))
        assert browser().get(link).status_code == 404


def test_a_form_of_a_kind_that_the_region_dropped_is_over(browser: Browser) -> None:
    link = save(browser())
    with connection():
        SavedForm.update(kind="dropped").execute()
    assert browser().get(link).status_code == 404


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"email": ""}, "Vul je e-mailadres in."),
        ({"email": "saskia"}, "Vul een e-mailadres in zoals naam@school.nl."),
        ({"in_huis": "Neem 123456782 mee."}, "Dit lijkt een burgerservicenummer. Haal het weg."),
        ({"wens": "Sem uit groep 5 heeft adhd."},
         "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."),
        ({"aantal": "veel"}, "Vul een getal in van 1 tot en met 500."),
    ],
)  # fmt: skip
def test_what_is_filled_in_is_right_or_refused_and_kept(browser: Browser, change: dict[str, str], message: str) -> None:
    answer = browser().submit("/aanvragen/thema/bewaren", TYPED | change)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert texts(answer.text, "error") == [message]
    assert filled(answer.text)["onderwerp"] == "meldcode"
    with connection():
        assert SavedForm.select().count() == 0


def test_mail_to_one_address_is_limited_for_strangers_only(browser: Browser) -> None:
    for number in range(5):
        save(browser(), in_huis=f"Versie {number}.")
    refused = browser().submit("/aanvragen/thema/bewaren", {"email": "saskia@school.example"})
    assert refused.status_code == 422
    assert "Er kwamen te veel aanvragen." in texts(refused.text, "error")[0]
    assert ask(browser(), email="saskia@school.example").status_code == 422, "one limit for both"
    save(browser("reader"))


def test_in_a_demo_the_mail_is_read_where_one_waits(browser: Browser) -> None:
    client = browser()
    link = save(client)
    assert link in client.get("/aanvragen/bewaard").text
    assert "Dit is de mail aan" not in browser().get("/aanvragen/bewaard").text
    location = ask(client, email="tim@school.example").headers["Location"]
    page = client.get(location).text
    assert "Dit is de mail aan tim@school.example:" in page
    assert "/aanvragen/volgen/" in page
    assert "Dit is de mail aan" not in browser().get(location).text, "another browser"
    assert "Dit is de mail aan" not in client.from_elsewhere().get(location).text
