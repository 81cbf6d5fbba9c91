"""Buttons pressed twice: what a form makes is made once."""

import json
import threading
from datetime import date
from typing import Any, NamedTuple

import pytest
from flask import Flask

from portal.accounts.models import Account, ListedDomain, SignInSession
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Role, School
from portal.editing.division_drafts import save_draft
from portal.idempotency import DoneForm
from portal.jobs.clearing import delete_by
from portal.mail.models import OutgoingMail
from portal.requests.models import RequestStep
from portal.requests.signed_links import make_mailbox_links
from portal.site import current_site
from portal.web.form_keys import FIELD
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import (
    begin_change_set,
    coach,
    make_account,
    make_import,
    make_notice,
    make_report,
    make_request,
    posts,
)
from tests.imports.files import lines, make_file_import
from tests.page_forms import read_forms
from tests.routes import ROUTES

# The forms that need no key, and why a second press does no harm.
SAFE = {
    "POST /beheer/dekking/adressen/<digest>/<any(klopt,twijfel):answer>": "says how it must be",
    "POST /wijzigingen/nieuw": "the notice has the key of its form",
    "POST /aanvragen/<slug>": "the request has the key of its form",
    "POST /wijzigingen/mail": "sets what is set",
    "POST /wijzigingen/<int:notice_id>/gezien": "sets what is set",
    "POST /wijzigingen/gezien/<secret:token>": "sets what is set",
    "POST /wijzigingen/afmelden/<secret:token>": "sets what is set",
    "POST /aanvragen/volgen/<secret:key>/versturen": "only an unconfirmed request is sent",
    "POST /beheer/verdeling": "the same answers are the same draft",
    "POST /organisatie/verdeling": "the same answers are the same draft",
    "POST /klopt": "what was confirmed today is confirmed",
    "POST /beheer/duo": "replaces the file that was sent before",
    "POST /beheer/aanvragen/mailboxen": "an address that stays is skipped",
    "POST /inloggen": "the key would lead a browser without its cookie to a code of another",
    "POST /inloggen/code": "the code works once",
    "POST /inloggen/link/<secret:token>": "the link works once",
    "POST /inloggen/demo/<role>": "makes a session only",
    "POST /eerste-keer/<secret:token>": "the link works once",
    "POST /inloggen/tweede-stap": "a code and a challenge work once",
    "POST /inloggen/tweede-stap/passkey": "a newer challenge replaces the older one",
    "POST /account/tweede-stap/passkey/vraag": "a newer challenge replaces the older one",
    "POST /account/tweede-stap/codes": "newer codes, which the page shows, replace the older ones",
    "POST /account/sessies/beeindigen": "ends what has ended",
    "POST /beheer/techniek": "makes a job due that is due",
    "POST /beheer/eerste-stappen/weg": "hides what is hidden",
    "POST /uitloggen": "ends what has ended",
}


class Form(NamedTuple):
    """A form on a page, and the answers that somebody gives."""

    page: str
    action: str
    answers: dict[str, Any] = {}  # noqa: RUF012
    role: str = "coordinator"

    @property
    def path(self) -> str:
        """Its address without a query."""
        return self.action.partition("?")[0]


DIVISION = "verdeling/controle?functie=cjg-coach&dag=2027-08-01"
LATER = "verdeling/controle?functie=cjg-coach&dag=2027-09-01"

# In an order in which one portal can do them all, as the test of query plans does.
FORMS = [
    Form("/beheer/post", "/beheer/post/test"),
    Form("/beheer/post", "/beheer/post/{mail}/opnieuw"),
    Form("/beheer/accounts", "/beheer/accounts/domeinen",
         {"domein": "nieuw.example", "organisatie": "1"}),
    Form("/beheer/accounts", "/beheer/accounts/domeinen/{domain}/weg"),
    Form("/beheer/accounts/nieuw", "/beheer/accounts/nieuw",
         {"naam": "Nieuw", "email": "nieuw@school.example", "rol": "reader"}),
    Form("/beheer/accounts", "/beheer/accounts/{invited}/opnieuw"),
    Form("/beheer/accounts/{reader}", "/beheer/accounts/{reader}", {"naam": "Anders"}),
    Form("/uitnodigen", "/uitnodigen", {"kies": "", "persoon": "7"}),
    Form("/beheer/instellingen", "/beheer/instellingen",
         {"nummer": "0800 2000", "reden": "Staat op hun website.", "aanvraag": "5",
          "toegankelijkheid": "10"}),
    Form("/beheer/spoor", "/bewerkingen/{change_set}/terugdraaien"),
    Form("/beheer/spoor/{import}/vertellen", "/beheer/spoor/{import}/vertellen",
         {"organisaties": "115", "tekst": "Nu."}),
    Form(f"/beheer/{DIVISION}", f"/beheer/{DIVISION}",
         {"stap": "plaatsen", "tekst": "Dit is de verdeling."}),
    Form(f"/organisatie/{LATER}", f"/organisatie/{LATER}", {"stap": "stil", "tekst": "Nieuw."}),
    Form("/beheer/import/{file}/kolommen", "/beheer/import/{file}/kolommen"),
    Form("/beheer/import/{file}/vragen", "/beheer/import/{file}/vragen"),
    Form("/beheer/import/{file}/verschil", "/beheer/import/{file}/verschil"),
    Form("/beheer/import", "/beheer/import/{other_file}/weg"),
    Form("/beheer/scholen/16LF00", "/beheer/scholen/16LF00",
         {"naam": "Ander", "reden": "x", "laatste_dag": "2027-07-31", "stopt": "y",
          "website": "www.anders.example"}),
    Form("/beheer/organisaties/nieuw", "/beheer/organisaties/nieuw",
         {"naam": "Nieuw", "reden": "x"}),
    Form("/beheer/organisaties/altra", "/beheer/organisaties/altra",
         {"naam": "Anders", "reden": "x"}),
    Form("/beheer/contactpunten/nieuw", "/beheer/contactpunten/nieuw",
         {"naam": "Balie", "organisatie": "altra", "reden": "x"}),
    Form("/beheer/contactpunten/leerplein", "/beheer/contactpunten/leerplein",
         {"naam": "Plein", "reden": "x"}),
    Form("/beheer/contactpunten/leerplein/nummers/nieuw",
         "/beheer/contactpunten/leerplein/nummers/nieuw",
         {"soort": "phone", "waarde": "+31231234567", "reden": "x"}),
    Form("/beheer/contactpunten/cjg-haarlem-zandvoort/nummers/1",
         "/beheer/contactpunten/cjg-haarlem-zandvoort/nummers/1",
         {"soort": "phone", "waarde": "+31889958485", "reden": "x"}),
    Form("/beheer/functies/gedragsconsulent", "/beheer/functies/gedragsconsulent",
         {"naam": "adviseur", "reden": "x", "verwacht": ["po", "vo"], "mag": ["so"]}),
    Form("/beheer/functies/leerplichtambtenaar/velsen/alle",
         "/beheer/functies/leerplichtambtenaar/velsen/alle",
         {"reden": "x", "te_bevestigen": "y", "eerst": "leerplein", "daarna": "leerplicht-velsen"}),
    Form("/beheer/vakanties/2/weg", "/beheer/vakanties/2/weg", {"reden": "x"}),
    Form("/beheer/vakanties/nieuw", "/beheer/vakanties/nieuw",
         {"naam": "Feest", "van": "2027-09-01", "tot": "2027-09-02", "reden": "x"}),
    Form("/beheer/vakanties/1", "/beheer/vakanties/1",
         {"naam": "Anders", "reden": "x", "van": "2024-09-01", "tot": "2024-09-02"}),
    Form("/beheer/instellingen?bewaard={edit}", "/bewerkingen/{edit}/terugdraaien"),
    Form("/mijn-werktijd", "/mijn-werktijd", {"dagen": "7", "reden": "Nieuwe week."}, "member"),
    Form("/beheer/mensen/nieuw", "/beheer/mensen/nieuw",
         {"voornaam": "Noora", "achternaam": "Nieuweling", "organisatie": "115", "dagen": "5",
          "telefoon": "06 87 65 43 21", "reden": "Zij belde."}),
    Form("/beheer/mensen/3", "/beheer/mensen/3",
         {"organisatie": "116", "vanaf": "2027-03-01", "dagen": "2", "reden": "Zij belde."}),
    Form("/beheer/mensen/3/gegevens/nieuw", "/beheer/mensen/3/gegevens/nieuw",
         {"soort": "email", "waarde": "noora@x.example", "zichtbaar": "open",
          "vanaf": "2027-03-02", "laatste_dag": "2027-04-02", "reden": "Zij belde."}),
    Form("/beheer/mensen/3/gegevens/38", "/beheer/mensen/3/gegevens/38",
         {"soort": "email", "waarde": "anders@x.example", "zichtbaar": "members",
          "vanaf": "2027-03-03", "laatste_dag": "2027-04-03", "reden": "Zij belde."}),
    Form("/beheer/mensen/2/plekken/nieuw", "/beheer/mensen/2/plekken/nieuw",
         {"functie": "1", "scholen": "16LF00", "vanaf": "2027-03-04",
          "overnemen": "niemand", "reden": "Zij belde."}),
    Form("/beheer/vacatures/nieuw", "/beheer/vacatures/nieuw",
         {"functie": "1", "scholen": "16LF00", "vanaf": "2027-03-04",
          "laatste_dag": "2027-06-04", "reden": "Zij belde."}),
    Form("/beheer/plekken/16LF00/gedragsconsulent", "/beheer/plekken/16LF00/gedragsconsulent",
         {"wie": "4", "vanaf": "2027-03-04", "reden": "Zij belde."}),
    Form("/beheer/vacatures/1", "/beheer/vacatures/1",
         {"vervalt": "false", "vanaf": "2027-03-04", "laatste_dag": "2027-06-04",
          "reden": "Zij belde."}),
    Form("/beheer/mensen/2/plekken/7", "/beheer/mensen/2/plekken/7",
         {"laatste_dag": "2027-03-05", "opvolger": "4", "reden": "Zij belde."}),
    Form("/beheer/mensen/2/afwezigheid/nieuw", "/beheer/mensen/2/afwezigheid/nieuw",
         {"vanaf": "2027-03-06", "laatste_dag": "2027-03-20", "vervanger": "4",
          "reden": "Zij belde."}),
    Form("/beheer/mensen/20/afwezigheid/1", "/beheer/mensen/20/afwezigheid/1",
         {"laatste_dag": "2027-09-20", "reden": "Zij belde."}),
    Form("/beheer/aanvragen/aanbod/nieuw", "/beheer/aanvragen/aanbod/nieuw",
         {"soort": "theme", "naam": "Pesten", "uitleg": "Samen kijken."}),
    Form("/beheer/aanvragen/aanbod/1", "/beheer/aanvragen/aanbod/1", {"naam": "Anders"}),
    Form("/aanvragen/thema", "/aanvragen/thema/bewaren",
         {"email": "a@x.example", "aantal": "123"}, "reader"),
    Form("/aanvragen/volgen/{reference}", "/aanvragen/volgen/{reference}/bericht",
         {"bericht": "Graag voor de vakantie."}, "reader"),
    Form("/aanvragen/volgen/{reference}", "/aanvragen/volgen/{reference}/intrekken",
         {"reden": "Niet meer nodig."}, "reader"),
    Form("/beheer/aanvragen/{request}", "/beheer/aanvragen/{request}/behandelen"),
    Form("/beheer/aanvragen/{request}", "/beheer/aanvragen/{request}/plannen",
         {"planned-dag": "2026-12-01", "planned-begin": "15:00", "planned-eind": "16:30",
          "planned-toelichting": "Neem de map mee."}),
    Form("/aanvragen/behandelen/{handled}", "/aanvragen/behandelen/{handled}/behandelen"),
    Form("/beheer/aanvragen/{request}", "/beheer/aanvragen/{request}/afwijzen",
         {"declined-toelichting": "Dit kan niet."}),
    Form("/wijzigingen/{notice}/wijzigen", "/wijzigingen/{notice}/wijzigen", {"tekst": "Anders."}),
    Form("/wijzigingen/{notice}", "/wijzigingen/{notice}/intrekken"),
    Form("/klopt-niet/p3", "/klopt-niet/p3", {"wat": "gone", "uitleg": "Zij ging weg."}, "reader"),
    Form("/beheer/gemeld/{report}", "/beheer/gemeld/{report}", {"antwoord": "refused"}),
    Form("/account", "/account/sessies/{session}/beeindigen"),
]  # fmt: skip


class Portal:
    """The portal with something in each list, and browsers."""

    def __init__(self, app: Flask, ids: dict[str, object] | None = None) -> None:
        """`ids`: the numbers of the rows, where `app` has them already."""
        self.app = app
        self.ids = ids or self._fill()

    def _fill(self) -> dict[str, object]:
        app = self.app
        with connection():
            accounts = {account.role: account for account in Account.select()}
            domain = ListedDomain.create(domain="oud.example", organisation=1)
            with db.atomic():
                change_set = begin_change_set()
                change_set.change(School.get(), name="Andere Naam")
                edit = ChangeSet.begin(ChangeSetKind.EDIT, accounts["coordinator"].id)
                edit.change(Role.get(), label="andere functie")
            for month, other in ((8, posts(coach())[0]), (9, posts(coach())[1])):
                save_draft(
                    accounts["coordinator"].id, other.role_id, date(2027, month, 1), 0, set(),
                    {f"plek-{other.school_id}-{other.id}": "vacature"},
                )  # fmt: skip
        request = make_request(app, accounts["reader"])
        first = self.browser("coordinator")
        first.submit("/beheer/post/test")
        with connection():
            OutgoingMail.update(state="failed", error="x").execute()
            session = SignInSession.get(SignInSession.account == accounts["coordinator"])
            mail = OutgoingMail.get(OutgoingMail.key.startswith("test"))
        with app.app_context():
            handled = make_mailbox_links(request.id, current_site()).handle
        return {
            "reader": accounts["reader"].id,
            "invited": make_account().id,  # never signed in
            "request": request.id,
            "handled": handled.rpartition("/")[2],
            "reference": request.reference,
            "domain": domain.id,
            "notice": make_notice(kind="organisatie").id,
            "session": session.id,
            "mail": mail.id,
            "change_set": change_set.id,
            "file": make_file_import(lines("Camelot;CJG-coach;Noor Proef;;;;;;")).id,
            "other_file": make_file_import().id,
            "edit": edit.id,
            "import": make_import().id,
            "report": make_report(2).id,
        }

    def browser(self, role: str) -> CheckedClient:
        """The pages are checked elsewhere."""
        client = CheckedClient(self.app, self.app.response_class, checks=False)
        return client.sign_in(role)

    def fill_in(self, form: Form) -> tuple[CheckedClient, str, dict[str, str]]:
        """A browser with the form, its address and its fields."""
        client, action = self.browser(form.role), form.action.format(**self.ids)
        page = client.get(form.page.format(**self.ids)).text
        shown = action.removesuffix("/bewaren")  # the second button of a form
        shown_on = {shown, f"{shown}?blad=1"}
        (fields,) = [f.fields for f in read_forms(page) if f.action in shown_on]
        assert fields[FIELD]
        return client, action, fields | form.answers


@pytest.fixture
def portal(portal_with_rows: Portal) -> Portal:
    return portal_with_rows


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database, by table; not as models, which would take most of the time."""
    with connection():
        own = ("search", "sqlite_")  # of the index, and the last ids, which rise without a row
        tables = [table for table in db.get_tables() if not table.startswith(own)]
        return {table: db.execute_sql(f'SELECT * FROM "{table}"').fetchall() for table in tables}


def list_steps(portal: Portal) -> list[str]:
    """The steps of the request."""
    with connection():
        steps = RequestStep.select().where(RequestStep.request == portal.ids["request"])
        return [step.kind for step in steps.order_by(RequestStep.id)]


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(form, marks=pytest.mark.postgres("sent twice by test_filled_in_counts.py"))
        if form.answers else form
        for form in FORMS
    ],
    ids=lambda form: form.action,
)  # fmt: skip
def test_a_form_sent_twice_is_done_once(portal: Portal, form: Form) -> None:
    client, action, fields = portal.fill_in(form)
    before = everything()
    assert client.post(action, data=fields).status_code == 302
    after = everything()
    assert after != before
    again = client.post(action, data=fields)
    assert everything() == after
    assert again.status_code == 302
    assert client.get(again.headers["Location"]).status_code == 200


def test_every_form_has_a_key_or_a_reason_to_need_none(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    once = set()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and hasattr(app.view_functions[rule.endpoint], "is_once"):
            once.add(f"POST {rule.rule}")
    posts = {route for route in ROUTES if route.startswith("POST")}
    assert posts - once == set(SAFE)
    values = {"domain": 1, "reader": 1, "invited": 1, "request": 1, "notice": 1, "session": 1,
              "mail": 1, "change_set": 1, "edit": 1, "import": 1, "file": 1, "other_file": 1,
              "report": 1}  # fmt: skip
    pressed = {
        adapter.match(form.path.format(reference="x", handled="x", **values), "POST", return_rule=True)[0].rule
        for form in FORMS
    }
    steps = ("bevestigen", "afwijzen", "aanvullen", "aanvulling-terug", "eerdere-teksten-wissen")
    missing = {f"/wijzigingen/<int:notice_id>/{step}" for step in steps}
    missing.add("/beheer/import/nieuw")  # tests/imports/test_pages.py
    missing.add("/<any(beheer,organisatie):room>/mensen/<int:person>/samenvoegen")  # test_merging
    missing.add("/beheer/mensen/<int:person>/vergeten")  # tests/accounts/test_forgetting.py
    missing.add("/account/gegevens")  # tests/accounts/test_own_data.py
    missing |= {  # tests/quality: test_rounds.py, test_monthly_calls.py
        "/beheer/bellen/<int:number>",
        "/bevestigen/<secret:token>",
        "/<any(beheer,organisatie):room>/bevestigen/<int:confirmation>",
        "/<any(beheer,organisatie):room>/bevestigen/contactpunt/<int:point>",
    }
    missing |= {"/beheer/duo/verschil", "/beheer/regio"}  # tests/seeding
    missing |= {  # tests/accounts/test_second_factors.py, tests/browser/test_passkeys.py
        "/account/tweede-stap/passkey",
        "/account/tweede-stap/app",
        "/account/tweede-stap/<int:factor>/weg",
        "/beheer/accounts/<int:account_id>/tweede-stap",
    }
    assert {f"POST {rule}" for rule in pressed | missing} == once


def test_four_presses_at_the_same_moment_are_one(portal: Portal) -> None:
    """The browser of the reader sends a note four times before the first answer."""
    client, action, fields = portal.fill_in(next(f for f in FORMS if "bericht" in f.action))
    cookie = client.get_cookie("kernwijzer")
    statuses: list[int] = []

    def press() -> None:
        other = CheckedClient(portal.app, portal.app.response_class)
        other.set_cookie("kernwijzer", cookie.value)  # type: ignore[union-attr]
        statuses.append(other.post(action, data=fields).status_code)
        db.close()

    with connection():
        steps, mails = RequestStep.select().count(), OutgoingMail.select().count()
    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    with connection():
        assert RequestStep.select().count() == steps + 1
        assert OutgoingMail.select().count() == mails + 1


def test_another_text_in_the_same_form_is_another_note(portal: Portal) -> None:
    """The Back button may show a form with the key that it had."""
    client, action, fields = portal.fill_in(next(f for f in FORMS if "bericht" in f.action))
    for text in ("Een.", "Twee.", "Een."):
        assert client.post(action, data=fields | {"bericht": text}).status_code == 302
    page = client.get(action.removesuffix("/bericht")).text
    assert (page.count("Een."), page.count("Twee.")) == (1, 1)


def test_a_refused_form_can_be_sent_again(portal: Portal) -> None:
    client, action, fields = portal.fill_in(next(f for f in FORMS if "domeinen" in f.action))
    assert client.post(action, data=fields | {"organisatie": "999"}).status_code == 422
    assert client.post(action, data=fields).status_code == 302
    with connection():
        assert ListedDomain.get(ListedDomain.domain == "nieuw.example")


def test_a_form_without_a_key_is_done_each_time(portal: Portal) -> None:
    client, before = portal.browser("coordinator"), len(everything()["outgoing_mail"])
    for minute in (1, 2):
        with stopped_at(f"{TODAY} 09:0{minute}:00"):
            assert client.submit("/beheer/post/test").status_code == 302
    assert len(everything()["outgoing_mail"]) == before + 2


def test_a_session_planned_on_the_day_that_it_has_is_no_step(portal: Portal) -> None:
    """Also by another coordinator, whose form has another key."""
    plan = next(f for f in FORMS if f.action.endswith("plannen"))
    forms = [portal.fill_in(plan) for _ in range(2)]
    (client, action, fields), (other, _, other_fields) = forms
    assert client.post(action, data=fields).status_code == 302
    refused = other.post(action, data=other_fields)
    assert refused.status_code == 409
    assert "Er is niets veranderd. De aanvraag is al gepland." in refused.text
    assert list_steps(portal) == ["received", "planned"]
    client, action, fields = portal.fill_in(plan._replace(answers={"planned-dag": "2026-12-02"}))
    client.post(action, data=fields)
    assert list_steps(portal) == ["received", "planned", "planned"]


def test_a_done_form_is_forgotten_after_a_day_and_holds_no_word(portal: Portal) -> None:
    client, action, fields = portal.fill_in(FORMS[0])
    client.post(action, data=fields)
    with connection():
        (row,) = DoneForm.select()
        assert len(row.form_hash) == 64
        assert fields[FIELD] not in json.dumps(row.form_hash)
        assert delete_by(DoneForm.done_at)(row.done_at) == 0
        with stopped_at(f"{TODAY} 09:00:01") as clock:
            assert delete_by(DoneForm.done_at)(clock.moment) == 1
