"""The coordinator's pages: catalogue, mailboxes, statistics and download."""

import csv
import io

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.audit import AuditEntry
from portal.database import connection, db
from portal.requests.models import Mailbox, Request, RequestDetails, RequestStep, Subject
from portal.web.csv_and_excel import cell
from tests.checks import parse, text, texts
from tests.clock import stopped_at
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.requests.conftest import Browser, ask, link_in, mails, only_request

NEW = {
    "soort": "theme", "naam": "Pesten", "uitleg": "Samen zien wat er gebeurt.",
    "door": "Het kernteamproject", "aangeboden": "y",
}  # fmt: skip
BOXES = {
    "po": "po@kernteam.example", "vo": "kernteam@swv-vo-zk.nl",
    "verwijsindex": "m.albers@po-zk.nl",
}  # fmt: skip


@pytest.fixture
def coordinator(browser: Browser) -> CheckedClient:
    """The coordinator's browser."""
    return browser("coordinator")


# ---- Thema's en organisaties -------------------------------------------------------------------


def test_the_page_of_requests_links_the_coordinator_to_the_admin_page(browser: Browser) -> None:
    link = 'href="/beheer/aanvragen">Aanvragen behandelen<'
    assert link in browser("coordinator").get("/aanvragen").text
    assert link not in browser("member").get("/aanvragen").text


def test_a_new_theme_can_be_requested_at_once(browser: Browser, coordinator: CheckedClient) -> None:
    assert coordinator.submit("/beheer/aanvragen/aanbod/nieuw", NEW).status_code == 302
    page = browser().get("/aanvragen").text
    assert "Samen zien wat er gebeurt. Dit kan geven: Het kernteamproject." in page
    with connection():
        key = Subject.get(Subject.name == "Pesten").key
    assert ask(browser("reader"), onderwerp=key).status_code == 302
    assert "Onderwerp:\nPesten\n" in mails("mailbox")[0].body


def test_a_withdrawn_subject_cannot_be_requested_but_stays_counted(
    browser: Browser, coordinator: CheckedClient
) -> None:
    ask(browser("reader"))
    with connection():
        number = Subject.get(Subject.key == "meldcode").id
    address = f"/beheer/aanvragen/aanbod/{number}"
    form = {"naam": "Meldcode", "uitleg": "De stappen."}
    assert coordinator.submit(address, form).status_code == 302
    assert "onderwerp=meldcode" not in browser().get("/aanvragen").text
    assert "Niet aangeboden" in texts(coordinator.get("/beheer/aanvragen/aanbod").text, "tag")
    assert ask(browser()).status_code == 422
    assert "Thema: Meldcode" in coordinator.get("/beheer/aanvragen").text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"soort": ""}, "Kies of het een thema of een organisatie is."),
        ({"naam": ""}, "Vul een naam in."),
        ({"naam": "x" * 81}, "Deze naam is te lang. Gebruik hoogstens 80 tekens."),
        ({"uitleg": ""}, "Leg in één zin uit wat het is."),
        ({"uitleg": "x" * 201}, "De tekst is 1 tekens te lang. Maximaal 200 tekens."),
        ({"door": "x" * 101}, "Deze tekst is te lang. Gebruik hoogstens 100 tekens."),
    ],
)
def test_an_invalid_subject_is_refused_with_a_message(
    coordinator: CheckedClient, change: dict[str, str], message: str
) -> None:
    answer = coordinator.submit("/beheer/aanvragen/aanbod/nieuw", NEW | change)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    with connection():
        assert Subject.select().count() == 19


def test_seeding_again_keeps_the_changes_of_the_coordinator(portal_copy: Flask, coordinator: CheckedClient) -> None:
    with connection():
        number = Subject.get(Subject.key == "meldcode").id
    coordinator.submit(f"/beheer/aanvragen/aanbod/{number}", NEW | {"naam": "De meldcode"})
    coordinator.submit("/beheer/aanvragen/mailboxen", BOXES)
    result = portal_copy.test_cli_runner().invoke(args=["seed"])
    assert result.output == "Er is niets veranderd.\n"
    with connection():
        subject = Subject.get_by_id(number)
        assert (subject.name, subject.explanation) == ("De meldcode", "Samen zien wat er gebeurt.")
        assert Mailbox.select().count() == 4


# ---- Mailboxen ----------------------------------------------------------------------------------


def test_a_changed_mailbox_gets_new_requests(browser: Browser, coordinator: CheckedClient) -> None:
    ask(browser("reader"))
    coordinator.submit("/beheer/aanvragen/mailboxen", BOXES)
    ask(browser("reader"), onderwerp="verzuim")
    assert [m.recipient for m in mails("mailbox")] == ["kernteam@po-zk.nl", "po@kernteam.example"]
    assert "po@kernteam.example (PO)" in browser().get("/aanvragen/thema").text
    page = coordinator.get("/beheer/aanvragen/mailboxen").text
    history = [text(li) for li in parse(page).iter("li") if "vanaf" in text(li)]
    assert history[0].startswith("Aanvragen voor PO: po@kernteam.examplevanaf 23 november 2026")
    assert history[0].endswith("door Coen Coördinator")
    assert len(history) == 4, "only what changed is a change"
    assert all(line.endswith("zoals de documenten het noemen") for line in history[1:])
    with connection():
        assert AuditEntry.get(AuditEntry.subject == "mailbox").subject_id == "po"


def test_one_mailbox_for_both_gets_one_mail(browser: Browser, coordinator: CheckedClient) -> None:
    coordinator.submit("/beheer/aanvragen/mailboxen", BOXES | {"vo": BOXES["po"]})
    ask(browser("reader"), niveau="both")
    assert [m.recipient for m in mails("mailbox")] == ["po@kernteam.example"]


@pytest.mark.parametrize("box", BOXES)
def test_an_invalid_mailbox_is_refused_with_a_message(coordinator: CheckedClient, box: str) -> None:
    for wrong, message in (
        ("", "Vul je e-mailadres in."),
        ("kernteam", "Vul een e-mailadres in zoals naam@school.nl."),
    ):
        answer = coordinator.submit("/beheer/aanvragen/mailboxen", BOXES | {box: wrong})
        assert answer.status_code == 422
        assert message in texts(answer.text, "error")
    with connection():
        assert Mailbox.select().count() == 3


# ---- Overzicht ---------------------------------------------------------------------------------


def counts(page: str) -> dict[str, str]:
    """The counts on the page of statistics, by name."""
    rows = (list(li.iter("div")) for li in parse(page).iter("li") if "list-row__main" in str(
        [d.get("class") for d in li.iter("div")]))  # fmt: skip
    return {text(row[0]): text(row[1]) for row in rows}


def test_the_statistics_count_per_theme_organisation_municipality_and_year(
    browser: Browser, coordinator: CheckedClient
) -> None:
    ask(browser("reader"))
    coordinator.submit(f"/beheer/aanvragen/{only_request().id}/afronden")
    ask(browser("reader"), onderwerp="meldcode", school="16TS07")
    ask(browser("reader"), "organisatie", onderwerp="anders", welke="De bibliotheek")
    ask(browser())  # not confirmed: does not count
    shown = counts(coordinator.get("/beheer/aanvragen/overzicht").text)
    assert shown["Meldcode"] == "2 aanvragen · 1 open · 1 afgerond in 0 werkdagen"
    assert shown["Hoogbegaafdheid"] == "geen aanvragen"
    assert shown["anders"] == "1 aanvraag · 1 open · 0 afgerond"
    assert shown["Thema"].startswith("2 aanvragen")
    assert shown["Haarlem"].startswith(("2", "3"))
    assert shown["2026–2027"].startswith("3 aanvragen")
    this_year = coordinator.get("/beheer/aanvragen/overzicht?schooljaar=2026")
    assert counts(this_year.text)["Meldcode"].startswith("2 aanvragen")
    wrong = coordinator.get("/beheer/aanvragen/overzicht?schooljaar=1999")
    assert wrong.status_code == 422
    assert "Kies een schooljaar uit de lijst." in texts(wrong.text, "error")


def test_declined_and_withdrawn_requests_are_counted_so_that_the_numbers_add_up(
    browser: Browser, coordinator: CheckedClient
) -> None:
    ask(browser("reader"))
    coordinator.submit(f"/beheer/aanvragen/{only_request().id}/afwijzen", {"declined-toelichting": "Vol."})
    ask(browser("reader"))
    follow = link_in(mails("copy")[-1])
    browser().submit(f"{follow}/intrekken", {"reden": "Het komt niet uit."})
    shown = counts(coordinator.get("/beheer/aanvragen/overzicht").text)
    assert shown["Meldcode"] == "2 aanvragen · 0 open · 0 afgerond · 1 afgewezen · 1 ingetrokken"


def test_the_statistics_show_the_median_of_several_requests(browser: Browser, coordinator: CheckedClient) -> None:
    for school in ("16LF00", "16TS07"):
        ask(browser("reader"), school=school)
        with connection():
            newest = Request.select().order_by(Request.id.desc()).get().id
        coordinator.submit(f"/beheer/aanvragen/{newest}/afronden")
    page = coordinator.get("/beheer/aanvragen/overzicht").text
    assert counts(page)["Meldcode"].endswith("2 afgerond, meestal in ongeveer 0 werkdagen (mediaan)")
    assert "De helft" not in page


# ---- Samen aanvragen ---------------------------------------------------------------------------


def test_schools_that_ask_for_the_same_within_a_season_are_shown_together(
    browser: Browser, coordinator: CheckedClient
) -> None:
    with stopped_at("2026-08-24 09:00:00") as now:
        ask(browser("reader"), school="08VO00")  # two seasons before the last two
        now.move_to("2026-11-23 09:00:00")
        ask(browser("reader"), school="16LF00")
        now.move_to("2026-11-25 09:00:00")
        ask(browser("reader"), school="16TS07")
        ask(browser("reader"), school="16TS07", onderwerp="verzuim")
        ask(browser("reader"), "intervisie", school="16LF00")
        client = browser("coordinator")
        with connection():
            ids = [row.id for row in Request.select().order_by(Request.id)]
        pages = [client.get(f"/beheer/aanvragen/{number}").text for number in ids]
        assert ["Samen aanvragen?" in page for page in pages] == [True, True, True, False, False]
        links = {a.get("href") for a in parse(pages[1]).iter("a")}
        assert f"/beheer/aanvragen/{ids[0]}" in links and f"/beheer/aanvragen/{ids[2]}" in links
        assert f'/beheer/aanvragen/{ids[2]}"' not in pages[0], "93 days apart"
        tags = texts(client.get("/beheer/aanvragen").text, "tag")
        assert sorted(tag for tag in tags if tag.startswith("Ook")) == [
            "Ook gevraagd door 1 andere school", "Ook gevraagd door 1 andere school",
            "Ook gevraagd door 2 andere scholen",
        ]  # fmt: skip
        withdraw = f"{link_in(mails('copy')[2])}/intrekken"
        browser().submit(withdraw, {"reden": "Ziek."})  # on the list until it is read
        assert texts(client.get("/beheer/aanvragen").text, "tag").count("Nieuw bericht") == 1
        assert f'/beheer/aanvragen/{ids[2]}"' not in client.get(f"/beheer/aanvragen/{ids[1]}").text
        tags = texts(client.get("/beheer/aanvragen").text, "tag")
        assert [tag for tag in tags if tag.startswith("Ook")] == [
            "Ook gevraagd door 1 andere school", "Ook gevraagd door 1 andere school",
        ]  # fmt: skip


# ---- Download ----------------------------------------------------------------------------------


def test_the_download_fits_a_dutch_spreadsheet_and_holds_no_personal_data(
    browser: Browser, coordinator: CheckedClient
) -> None:
    ask(browser("reader"), wens="Samen oefenen.")
    answer = coordinator.get("/beheer/aanvragen/export.csv?soort=theme")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="aanvragen.csv"'
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")
    shown = dict(zip(header, row, strict=True))
    assert shown["Nummer"] == only_request().reference
    assert shown["Onderwerp"] == "Meldcode"
    assert shown["Ontvangen"] == "23-11-2026"
    assert shown["Gepland"] == ""
    assert "Saskia" not in answer.text
    assert "Samen oefenen" not in answer.text
    with connection():
        entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.subject) == ("exported", "request")


@pytest.mark.parametrize(
    "value", ["=1+1", "+31", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", '"=1', "＝1+1", "\u00a0=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(value: str) -> None:
    assert cell(value) == f"'{value}"


@given(st.text())
def test_no_cell_begins_as_a_formula(value: str) -> None:
    assert cell(value)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert cell(value).removeprefix("'") in (value, value.removeprefix("'"))


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert cell("Basisschool Camelot") == "Basisschool Camelot"
    assert cell(None) == ""


# ---- Many --------------------------------------------------------------------------------------


def copies(number: int) -> None:
    """Copy the first request until there are `number`."""
    with connection(), db.atomic():
        first = Request.select().order_by(Request.id).get()
        details = RequestDetails.select().order_by(RequestDetails.request).get()
        for at in range(number - Request.select().count()):
            changes = {"id": None, "reference": f"KT-2026-{at:04}", "form_hash": str(at)}
            made = Request.create(**first.__data__ | changes)
            RequestDetails.create(**details.__data__ | {"request": made})
            RequestStep.create(request=made, kind="received", taken_at=first.created_at)


@pytest.mark.parametrize(
    "path",
    ["/beheer/aanvragen", "/beheer/aanvragen?staat=alle", "/beheer/aanvragen/export.csv",
     "/beheer/aanvragen/overzicht", "/beheer/aanvragen/1", "/aanvragen",
     "/aanvragen/thema?school=16LF00&onderwerp=meldcode"],
)  # fmt: skip
def test_a_page_costs_as_many_statements_with_1_as_with_150_requests(
    portal_copy: Flask, browser: Browser, path: str
) -> None:
    requester = browser("coordinator")
    ask(requester)
    client = portal_copy.test_client()
    client.set_cookie("kernwijzer", requester.cookie())
    path = path.replace("/1", f"/{only_request().id}") if path.endswith("/1") else path
    client.get(path)  # reads what is kept
    costs = []
    for number in (1, 150):
        copies(number)
        with counted() as statements:
            assert client.get(path).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 36


def test_a_long_list_says_that_there_is_more_and_the_download_has_all(
    browser: Browser, coordinator: CheckedClient
) -> None:
    ask(browser("reader"))
    copies(101)
    page = coordinator.get("/beheer/aanvragen").text
    assert len(texts(page, "list-row__title")) == 100
    assert "Er zijn er meer." in page
    assert coordinator.get("/beheer/aanvragen/export.csv").text.count("KT-2026-") == 101
