"""A filled-in field counts: it stands on the check page, in an error, or in a row, once."""

import re
from datetime import date as Date
from datetime import datetime, timedelta
from string import ascii_lowercase

import pytest
from flask import Flask

from portal import phones
from portal.database import connection
from portal.directory.models import ContactPoint, Organisation
from portal.notices.kinds import TYPED
from portal.requests.forms import OTHER
from portal.web.formatting import day
from tests.checks import parse, text
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import coach, colleague, posts
from tests.idempotency.test_once import FORMS, Form, Portal, everything
from tests.notices.conftest import Fields, Visitor, errors
from tests.notices.test_kinds import ABOUT_ONESELF, fields_of
from tests.page_forms import PageForm, read_forms
from tests.requests.conftest import CAMELOT, LEAST, WHO
from tests.routes import ROUTES

# Each with a page, an address and valid answers; the forms of notices stand below.
ALL_FORMS = [
    *(form for form in FORMS if form.answers),
    *(
        Form(f"/aanvragen/{slug}", f"/aanvragen/{slug}",
             {**least, "school": CAMELOT, **WHO, "toch": "y"}, "reader")
        for slug, least in (LEAST | {"organisatie": {"onderwerp": OTHER, "aantal": "8"}}).items()
    ),
]  # fmt: skip
NOORA = {
    "voornaam": "Noora", "tussenvoegsel": "van", "achternaam": "Nieuweling",
    "telefoon": "06 12345999", "email": "noora@cjg.example",
}  # fmt: skip

# Answers that have a form of their own.
FORMATTED = {
    "planned-adressen": "an@school.example", "planned-leider": "An Merk", "aanvraag": "57",
    "toegankelijkheid": "58",
}  # fmt: skip

# A mail can be lost, and a form that was done is a hash.
NOT_STORED = {"outgoing_mail", "done_form"}

# Any row holds a 1: what each tick does is held by a test of its own.
TICKS = {
    "stopt": "tests/editing/test_schools.py",
    "te_bevestigen": "tests/editing/test_contact_points.py",
    "aangeboden": "tests/requests/test_admin.py",
    "toch": "tests/requests/test_submission.py",
    "mailen": "tests/notices/test_change_or_withdraw.py",
    "gecontroleerd": "tests/editing",
    "vervalt": "tests/editing/test_vacancies.py",
}

# The routes that are sent no answer, and those of which another test holds the answers.
ELSEWHERE = {
    "POST /aanvragen/behandelen/<secret:token>/<step>",
    "POST /aanvragen/volgen/<secret:key>/versturen", "POST /account/sessies/beeindigen",
    "POST /account/sessies/<int:session_id>/beeindigen", "POST /uitloggen",
    "POST /account/gegevens",  # tests/accounts/test_own_data.py
    "POST /beheer/bellen/<int:number>",  # tests/quality/test_monthly_calls.py
    "POST /beheer/dekking/adressen/<digest>/<any(klopt,twijfel):answer>",
    "POST /bevestigen/<secret:token>",  # tests/quality/test_rounds.py
    "POST /<any(beheer,organisatie):room>/bevestigen/<int:confirmation>",
    "POST /<any(beheer,organisatie):room>/bevestigen/contactpunt/<int:point>",
    "POST /beheer/accounts/<int:account_id>/opnieuw",  # tests/accounts
    "POST /beheer/accounts/domeinen/<int:domain_id>/weg", "POST /beheer/eerste-stappen/weg",
    "POST /beheer/post/test", "POST /beheer/techniek",
    "POST /beheer/post/<int:mail_id>/opnieuw",
    "POST /eerste-keer/<secret:token>",  # tests/accounts
    *(f"POST /account/tweede-stap/{step}"  # tests/accounts/test_second_factors.py
      for step in ("passkey", "passkey/vraag", "app", "codes", "<int:factor>/weg")),
    "POST /inloggen/tweede-stap", "POST /inloggen/tweede-stap/passkey",
    "POST /beheer/accounts/<int:account_id>/tweede-stap",
    "POST /beheer/duo", "POST /beheer/duo/verschil", "POST /beheer/regio",  # tests/seeding
    "POST /beheer/import/nieuw",  # tests/imports/test_pages.py
    *(f"POST /beheer/import/<int:number>/{step}" for step in ("kolommen", "vragen", "verschil")),
    "POST /beheer/import/<int:number>/weg",
    "POST /klopt",  # tests/quality
    "POST /inloggen", "POST /inloggen/code", "POST /inloggen/demo/<role>",  # tests/accounts
    "POST /inloggen/link/<secret:token>", "POST /beheer/aanvragen/mailboxen",  # tests/requests
    "POST /wijzigingen/<int:notice_id>/intrekken", "POST /wijzigingen/<int:notice_id>/bevestigen",
    "POST /wijzigingen/<int:notice_id>/aanvulling-terug",
    "POST /wijzigingen/<int:notice_id>/eerdere-teksten-wissen",
    "POST /wijzigingen/<int:notice_id>/aanvullen",  # tests/notices/test_completing.py
    "POST /wijzigingen/<int:notice_id>/afwijzen", "POST /wijzigingen/<int:notice_id>/gezien",
    "POST /wijzigingen/gezien/<secret:token>", "POST /wijzigingen/afmelden/<secret:token>",
    "POST /wijzigingen/mail",  # tests/notices/test_receipts.py
    "POST /beheer/verdeling", "POST /organisatie/verdeling",  # tests/editing/test_division.py
    "POST /bewerkingen/<int:number>/terugdraaien",
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/samenvoegen",  # tests/editing
    "POST /beheer/mensen/<int:person>/vergeten",  # tests/accounts/test_forgetting.py
}  # fmt: skip


def test_each_form_that_asks_something_is_among_them(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    ids = dict.fromkeys(("reader", "request", "notice", "import", "file", "word", "report"), 1)
    found = {
        adapter.match(form.path.format(reference="x", **ids), "POST", return_rule=True)[0].rule for form in ALL_FORMS
    }
    posts = {route for route in ROUTES if route.startswith("POST")}
    assert posts - {f"POST {rule}" for rule in (*found, "/wijzigingen/nieuw")} == ELSEWHERE


def fill(form: PageForm, valid: Fields) -> tuple[Fields, dict[str, set[str]]]:
    """An answer to each field, and in what forms it may come back: as it is stored or shown."""
    answers: Fields = {}
    marks: dict[str, set[str]] = {}
    for place, (name, kind) in enumerate(form.types.items()):
        value, present = valid.get(name), form.fields.get(name, "")
        if kind == "text" and "@" in present:
            kind = "email"
        elif kind == "text" and present[-2:].isdecimal():
            kind = "tel"
        letters, date = ascii_lowercase[place % 26] * 3, TODAY + timedelta(days=place % 26 + 100)
        match kind:
            case "hidden" | "submit":
                continue
            case "tel":
                value = value or f"06 12 34 5{place % 10} 99"
                marks[name] = {number := phones.normalise(value), phones.grouped(number)}
            case "email":
                value = value or f"merk{letters}@teken.example"
            case "date":
                value = value or date.isoformat()
                date = Date.fromisoformat(value)
                days = (date, date + timedelta(days=1))  # a last day is stored as the day after
                marks[name] = {words for on in days for words in (on.isoformat(), day(on))}
            case "time":  # of the session on the day in FORMS, stored as microseconds in UTC
                moment = datetime.fromisoformat(f"2026-12-01T{value}+01:00")
                marks[name] = {str(int(moment.timestamp()) * 1_000_000)}
            case "select" | "radio" | "checkbox":
                value = value or form.choices[name][-1]
                marks[name] = {value} if isinstance(value, str) else set(value)
            case _:
                value = value or f"Merk{letters}"
        answers[name] = value
        marks.setdefault(name, {value} if isinstance(value, str) else set(value or ()))
    return answers, marks


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.action)
def test_each_field_that_is_filled_in_is_stored_once(portal_with_rows: Portal, form: Form) -> None:
    portal = portal_with_rows
    form = form._replace(answers={**FORMATTED, **form.answers})
    client, action = portal.browser(form.role), form.action.format(**portal.ids)
    page = client.get(form.page.format(**portal.ids)).text
    shown_at = action.removesuffix("/bewaren")  # the second button of a form
    (on_page,) = [f for f in read_forms(page) if f.action == shown_at]
    answers, marks = fill(on_page, form.answers)
    with connection():
        ids = {row.key: str(row.id) for model in (Organisation, ContactPoint) for row in model}
    for name in set(on_page.choices) & set(answers):  # a request stores the words of a choice
        marks[name] |= {ids[key] for key in marks[name] & ids.keys()}
        words = re.search(rf'value="{answers[name]}"[^>]*>([^<]+)<', page)
        marks[name] |= {words[1].strip().lower()} if words else set()
    if answers.get("onderwerp") == OTHER:
        marks["onderwerp"] = marks["welke"]
    before = everything()
    data = on_page.fields | form.answers | answers
    answer = client.post(action, data=data)
    assert answer.status_code == 302, errors(answer.text)
    after = everything()
    old = {row for rows in before.values() for row in rows}
    changed = [
        str(cell).lower() for table, rows in after.items() for row in rows
        if row not in old and table not in NOT_STORED for cell in row
    ]  # fmt: skip
    ticked = {name for name, value in answers.items() if value == "y"}
    assert ticked <= TICKS.keys()
    lost = {
        name: marks[name] for name in answers.keys() - TICKS.keys()
        if not any(mark.lower() == cell or (len(mark) > 2 and mark.lower() in cell)
                   for mark in marks[name] for cell in changed)
    }  # fmt: skip
    assert lost == {}
    again = client.post(action, data=data)
    assert everything() == after
    assert again.status_code == 302
    assert client.get(again.headers["Location"]).status_code == 200


def visit(portal: Flask, role: str) -> Visitor:
    """The pages are checked elsewhere."""
    return Visitor(portal, role, CheckedClient(portal, portal.response_class, checks=False))


def shown(answer: str) -> str:
    """The text of a check page."""
    (main,) = parse(answer).iter("main")
    return text(main)


@pytest.mark.parametrize("kind", [kind.value for kind in TYPED])
def test_each_field_of_a_notice_stands_on_its_check_page(portal_copy: Flask, kind: str) -> None:
    person = coach()
    visitor = Visitor(portal_copy, "coordinator", CheckedClient(portal_copy, portal_copy.response_class, checks=False))
    about = person.id if kind in ABOUT_ONESELF else None
    valid = fields_of(kind, person, [posts(person)[0].school_id])
    form = read_forms(visitor.ask(kind, about))[-1]
    answers, marks = fill(form, valid)
    single = {name for name, sort in form.types.items() if sort == "select"}
    for name in single - set(valid):
        answers[name] = form.fields[name] or form.choices[name][0]
    if "opvolger" in answers:
        answers["opvolger"] = "nieuw"
    base = visitor.preview(kind, form.fields | answers, about)
    assert base.status_code == 200, errors(base.text)
    page = shown(base.text)
    typed = set(answers) - single - {"scholen", "dag", "zoek"}
    assert {name: marks[name] for name in typed if not any(m in page for m in marks[name])} == {}
    # Another choice gives another page, or an error.
    kinds_of_field = {name.rstrip("0123456789"): name for name in single}.values()
    for name in kinds_of_field:
        for choice in {form.choices[name][0], form.choices[name][-1]} - {answers[name]}:
            if (name, choice) == ("opvolger", ""):
                continue  # who is filled in is meant
            other = visitor.preview(kind, form.fields | answers | {name: choice}, about)
            assert other.status_code == 422 or shown(other.text) != page, (name, choice)


def test_each_field_of_a_completion_stands_on_its_check_page(portal_copy: Flask) -> None:
    visitor = visit(portal_copy, "coordinator")
    notice = visitor.post("vertrek", fields_of("vertrek", coach(), []), coach().id)
    path = f"/wijzigingen/{notice}/aanvullen"
    form = read_forms(visitor.get(path))[-1]
    day_of_change = (TODAY + timedelta(days=200)).isoformat()
    answers, marks = fill(form, {"dag": day_of_change, "opvolger": "nieuw", **NOORA})
    answers |= {name: "" for name in answers if name.startswith("plek_")}
    checked = visitor.client.submit(path, form.fields | answers | {"stap": "controleren"})
    assert checked.status_code == 200, errors(checked.text)
    page = shown(checked.text)
    typed = {"dag", *NOORA}
    assert {name: marks[name] for name in typed if not any(m in page for m in marks[name])} == {}


def test_a_colleague_who_is_filled_in_beside_another_choice_is_an_error(portal_copy: Flask) -> None:
    person = coach()
    visitor = visit(portal_copy, "coordinator")
    other = str(colleague(person).id)
    cases = [("vertrek", name, "vacature") for name in NOORA]
    cases += [(kind, "achternaam", other) for kind in ("opvolging", "nieuwe-collega", "afwezigheid")]
    for kind, name, choice in cases:
        about = person.id if kind in ABOUT_ONESELF else None
        fields = fields_of(kind, person, [posts(person)[0].school_id])
        for rest in NOORA:
            fields.pop(rest, None)
        answer = visitor.preview(kind, fields | {"opvolger": choice, name: NOORA[name]}, about)
        sentence = "Je vulde ook een nieuwe collega in. Kies die, of maak de velden leeg."
        assert errors(answer.text) == [sentence], (kind, name)
        assert NOORA[name] in answer.text
        assert '<details class="new-person" open>' in answer.text


def test_a_colleague_who_is_filled_in_where_nobody_is_chosen_is_meant(portal_copy: Flask) -> None:
    visitor = visit(portal_copy, "member")
    fields = {**NOORA, "opvolger": "", "werkgever": str(coach().organisation_id)}
    for kind in ("opvolging", "vertrek", "afwezigheid"):
        answer = visitor.preview(kind, {"dag": "2027-02-01", "tekst": "x", **fields})
        assert "Noora van Nieuweling, 06" in shown(answer.text)
    # Chosen at one school, the colleague comes there only.
    one = {f"plek_{posts(coach())[0].id}": "nieuw"}
    page = visitor.preview("vertrek", {"dag": "2027-02-01", **fields, **one})
    number = len({post.school_id for post in posts(coach())}) - 1
    assert f"{number} krijgen nog niemand" in shown(page.text)


def test_another_organisation_beside_one_of_the_list_is_an_error(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    fields = {**LEAST["organisatie"], **WHO, "school": CAMELOT, "welke": "De Buurt", "toch": "y"}
    answer = client.submit("/aanvragen/organisatie", fields)
    assert errors(answer.text) == ["Kies hierboven “Een andere organisatie”, of maak dit leeg."]
    assert "De Buurt" in answer.text
