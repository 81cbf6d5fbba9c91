"""Submission of a request, signed in or not: it reaches the right mailbox, once."""

import threading

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory.models import Assignment, Setting, SettingKey
from portal.directory.schools_and_kernen import chosen_schools, list_schools
from portal.region import QUESTIONS
from portal.requests import forms
from portal.requests.kinds import find_kind_by_slug, list_kinds
from portal.requests.models import FollowLink, Request, RequestDetails
from portal.requests.subject_catalogue import list_subjects
from tests.checks import parse, texts
from tests.conftest import CheckedClient, make_app
from tests.factories import coach, make_assignment, make_detail
from tests.requests.conftest import CAMELOT, LEAST, WHO, Browser, ask, filled, link_in, mails, only_request

PO, VO = "kernteam@po-zk.nl", "kernteam@swv-vo-zk.nl"


def a_school(sector: str) -> str:
    with connection():
        return list_schools(chosen_schools(sector))[0].code


def test_the_page_links_to_every_kind(browser: Browser) -> None:
    page = browser().get("/aanvragen").text
    links = {a.get("href") for a in parse(page).iter("a")}
    assert {f"/aanvragen/{slug}" for slug in LEAST} <= links


def test_every_theme_and_organisation_can_be_requested(browser: Browser) -> None:
    page = browser().get("/aanvragen").text
    with connection():
        subjects = list_subjects()
    assert [s.kind for s in subjects] == ["theme"] * 13 + ["organisation"] * 6
    for subject in subjects:
        slug = "thema" if subject.kind == "theme" else "organisatie"
        address = f"/aanvragen/{slug}?onderwerp={subject.key}"
        assert address in page
        assert subject.explanation in page
        assert filled(browser().get(address).text)["onderwerp"] == subject.key


def test_every_theme_and_organisation_arrives(browser: Browser) -> None:
    with connection():
        subjects = list_subjects()
    for number, subject in enumerate(subjects):
        slug = "thema" if subject.kind == "theme" else "organisatie"
        email = f"iemand{number}@school.example"
        answer = ask(browser("reader", email), slug, onderwerp=subject.key)
        assert answer.status_code == 302, subject.name
    arrived = mails("mailbox")
    assert [f"Onderwerp:\n{s.name}\n" in m.body for s, m in zip(subjects, arrived, strict=True)] == [True] * 19


def test_nobody_submits_a_request_in_the_name_of_another(browser: Browser) -> None:
    """A signed-in requester who gives another address must confirm, like a visitor."""
    client = browser("reader")
    answer = ask(client, email="tim@school.example")
    assert "/verstuurd/" in answer.headers["Location"]
    assert "aan tim@school.example" in texts(client.get(answer.headers["Location"]).text, "lead")[0]
    assert "tim@school" not in browser().get(answer.headers["Location"]).text
    assert mails("mailbox") == []
    assert [mail.recipient for mail in mails("confirm")] == ["tim@school.example"]
    assert only_request().account_id is None


# Slug, sector, chosen level, recipients. Professionaliseren (juni 2021) names the VO mailbox only
# for starting a kernteam; for the other kinds it is the reading of this project.
RECIPIENTS = [
    *((slug, "po", "", [PO]) for slug in ("thema", "organisatie", "intervisie", "kernteam")),
    *((slug, "vo", "", [VO]) for slug in ("thema", "organisatie", "intervisie", "kernteam")),
    *((slug, "po", "both", [PO, VO]) for slug in ("thema", "organisatie", "intervisie")),
    ("kernteam", "vo", "both", [PO, VO]),
    ("thema", "po", "vo", [VO]),
    ("thema", "so", "po", [PO]),
    ("thema", "so", "vo", [VO]),
    ("kernteam", "so", "both", [PO, VO]),
    *(("verwijsindex", sector, "", ["m.albers@po-zk.nl"]) for sector in ("po", "vo", "so")),
]


@pytest.mark.parametrize(("slug", "sector", "level", "expected"), RECIPIENTS)
def test_a_request_goes_to_the_mailbox_of_its_kind_and_sector(
    browser: Browser, slug: str, sector: str, level: str, expected: list[str]
) -> None:
    client = browser("member")
    answer = ask(client, slug, school=a_school(sector), niveau=level)
    assert answer.status_code == 302
    assert [mail.recipient for mail in mails("mailbox")] == expected
    page = client.get(answer.headers["Location"], follow_redirects=True).text
    assert all(address in page for address in expected)


def test_the_form_names_the_mailboxes(browser: Browser) -> None:
    page = browser().get("/aanvragen/thema").text
    assert f"<p>Gaat naar {PO} (PO), naar {VO} (VO), of naar allebei.</p>" in page


def test_the_mail_to_the_mailbox_holds_every_answer(browser: Browser) -> None:
    ask(
        browser("reader"), "thema", in_huis="De IB'er kent de stappen.", dag_1="2026-12-22",
        dag_2="12-1-2027", tot_2="2027-01-15", wens="Samen oefenen.\nMet echte gesprekken.",
        functie="directeur", telefoon="06-12345678", functies=["cjg-coach", "directeur"],
    )  # fmt: skip
    (mail,) = mails("mailbox")
    reference = only_request().reference
    assert mail.subject == f"[{reference}] Nieuwe aanvraag: Meldcode (PO) – Basisschool Camelot"
    assert mail.reply_to == PO
    for part in (
        "Onderwerp:\nMeldcode\n", "School:\nBasisschool Camelot, ", "Voor:\nPO\n",
        "De IB'er kent de stappen.", "Hoeveel mensen:\n8\n", "CJG-coach, directeur",
        "dinsdag 22 december 2026 (let op: kerstvakantie)\n"
        "dinsdag 12 januari 2027 tot en met vrijdag 15 januari 2027\n",
        "Samen oefenen.\nMet echte gesprekken.", "Naam:\nSaskia de Boer\n", "Functie:\ndirecteur",
        "saskia@school.example", "06 12 34 56 78", reference,
    ):  # fmt: skip
        assert part in mail.body
    assert link_in(mail, 1) == f"/beheer/aanvragen/{only_request().id}"


def test_the_requester_gets_a_copy_with_a_link_to_follow(browser: Browser) -> None:
    ask(browser("reader"), wens="Samen oefenen.")
    (mail,) = mails("copy")
    assert mail.recipient == "saskia@school.example"
    assert mail.reply_to == PO
    assert "Samen oefenen." in mail.body
    page = browser().from_elsewhere().get(link_in(mail)).text
    assert only_request().reference in page
    assert "Samen oefenen." in page
    assert "Je krijgt antwoord per mail." in page
    assert "Je krijgt antwoord per mail." in mail.body


def test_an_answer_is_promised_as_the_coordinator_typed_it(browser: Browser) -> None:
    with connection():
        Setting.create(key=SettingKey.ANSWER_DAYS, value="5")
    ask(browser("reader"))
    (mail,) = mails("copy")
    page = browser("reader").get(link_in(mail)).text
    for shown in (mail.body, page):
        assert "Je krijgt binnen 5 werkdagen antwoord per mail." in shown


def test_the_verwijsindex_asks_exactly_its_fields(browser: Browser) -> None:
    client = browser("reader")
    page = client.get("/aanvragen/verwijsindex").text
    assert "Te bevestigen" in texts(page, "tag")
    labels = {label.text for label in parse(page).iter("label") if label.get("for") != "q"}
    assert labels == {
        "School", "Adres van de school", "Telefoonnummer van de school", "Je naam", "Je functie",
        "Je e-mailadres op je werk",
    }  # fmt: skip
    ask(client, "verwijsindex")
    (mail,) = mails("mailbox")
    subject = f"[{only_request().reference}] Nieuwe aanvraag: Verwijsindex – Basisschool Camelot"
    assert mail.subject == subject
    assert "Adres van de school:\nDuinweg 1, 2051 AA Overveen\n" in mail.body
    assert "Telefoonnummer van de school:\n023 123 45 67\n" in mail.body


@pytest.mark.parametrize("slug", LEAST)
def test_a_form_asks_at_most_eight_questions(slug: str) -> None:
    kind = find_kind_by_slug(slug)
    assert kind and len(kind.questions) <= 8


def test_every_question_of_a_region_has_its_fields(app: Flask) -> None:
    always, by_subject = {"school", "contact"}, {"subject"}
    assert {*forms.QUESTIONS, *always, *by_subject} == set(QUESTIONS)
    assert {kind.subjects for kind in list_kinds()} == {"", *forms.SUBJECT_QUESTIONS}


@pytest.mark.parametrize("slug", LEAST)
def test_a_page_asks_every_field_of_its_form_in_the_order_of_its_errors(
    app: Flask, browser: Browser, slug: str
) -> None:
    kind = find_kind_by_slug(slug)
    assert kind
    with app.test_request_context():
        fields = [field.name for field in forms.form_class(kind)()]
    main = next(parse(browser().get(f"/aanvragen/{slug}").text).iter("main"))
    shown = [e.get("name") for e in main.iter() if e.tag in ("input", "select", "textarea")]
    hidden = {"csrf_token", "_formulier", "toch", "nagekeken"}
    assert list(dict.fromkeys(n for n in shown if n not in hidden)) == [name for name in fields if name not in hidden]


def test_known_answers_are_filled_in(browser: Browser) -> None:
    page = browser("member").get(f"/aanvragen/verwijsindex?school={CAMELOT}").text
    fields = filled(page)
    assert fields["school"] == CAMELOT
    assert fields["email"] == "member@demo.example"
    assert fields["functie"] == "CJG-coach"
    assert "Haarlem" in fields["adres"]
    assert fields["telefoon_school"]


def test_who_is_known_finds_name_number_school_and_kernteam_filled_in(browser: Browser) -> None:
    person = coach()
    with connection():
        Assignment.delete().where(Assignment.person == person).execute()
    make_assignment(person)
    with connection():
        roles = {row.role.key for row in Assignment.select().where(Assignment.school == CAMELOT)}
    make_detail(person, "+31612345005")
    page = browser("member").get("/aanvragen/thema").text
    fields = filled(page)
    assert fields["school"] == CAMELOT
    assert (fields["naam"], fields["email"]) == (person.name, "member@demo.example")
    assert fields["telefoon"].startswith("06 ")
    ticked = {
        e.get("value")
        for e in parse(page).iter("input")
        if e.get("name") == "functies" and e.get("checked") is not None
    }
    assert "cjg-coach" in ticked <= roles


def test_own_schools_come_first(browser: Browser) -> None:
    groups = {
        group.get("label"): [option.get("value") for option in group.iter("option")]
        for group in parse(browser("member").get("/aanvragen/thema").text).iter("optgroup")
    }
    with connection():
        own = {row.school_id for row in Assignment.select().where(Assignment.person == coach())}
    assert list(groups) == ["Jouw scholen", "Andere scholen"]
    first = groups["Jouw scholen"]
    assert first[0] == "" and len(first) > 2 and set(first[1:]) <= own
    assert not own & set(groups["Andere scholen"])
    assert "optgroup" not in browser().get("/aanvragen/thema").text
    answer = ask(browser("member", email=""), school=groups["Andere scholen"][0])
    assert answer.status_code == 302


def test_who_is_signed_in_asks_more_than_five_times_an_hour(browser: Browser) -> None:
    reader = browser("reader")
    for theme in ("meldcode", "verzuim", "vir", "hoogbegaafdheid", "zorgmijders", "regie"):
        assert ask(reader, onderwerp=theme).status_code == 302, theme


# ---- Without signing in -----------------------------------------------------------------------


def test_a_visitor_confirms_the_request_by_mail(browser: Browser) -> None:
    client = browser().from_elsewhere()
    location = ask(client).headers["Location"]
    page = client.get(location).text
    assert texts(page, "lead")[0].startswith(f"Je aanvraag {only_request().reference} is bewaard")
    assert [mail.recipient for mail in mails()] == ["saskia@school.example"]
    (mail,) = mails("confirm")
    other = browser().from_elsewhere()
    page = other.get(link_in(mail)).text
    assert "nog niet verstuurd" in page
    assert len(mails()) == 1, "looking changes nothing"
    answer = other.submit(link_in(mail) + "/versturen")
    assert answer.headers["Location"] == link_in(mail)
    assert [m.recipient for m in mails()[1:]] == [PO, "saskia@school.example"]
    assert "Je aanvraag is ontvangen." in other.get(link_in(mail)).text
    assert "Je aanvraag is verstuurd" in client.get(location).text


def test_confirming_twice_sends_once(browser: Browser) -> None:
    ask(browser())
    link = link_in(mails("confirm")[0])
    for _ in range(2):
        assert browser().submit(link + "/versturen").status_code == 302
    assert len(mails("mailbox")) == len(mails("copy")) == 1


def test_the_confirmation_mail_quotes_nothing_of_the_form(browser: Browser) -> None:
    """Otherwise the portal could be used to mail any text to any address."""
    ask(browser(), naam="Koop nu", wens="Koop nu bij elders.example", functie="Koop nu")
    (mail,) = mails("confirm")
    assert "Koop nu" not in mail.body + mail.subject


def test_the_number_of_requests_per_address_is_limited(browser: Browser) -> None:
    for _ in range(5):
        assert ask(browser(), toch="y").status_code == 302
    answer = ask(browser(), toch="y", wens="Nog een keer.")
    assert answer.status_code == 422
    assert "Er kwamen te veel aanvragen. Wacht een uur en probeer opnieuw." in answer.text
    assert "Nog een keer." in answer.text
    assert len(mails("confirm")) == 5
    assert ask(browser(), email="tim@school.example").status_code == 302


def test_a_form_survives_a_session_that_ended(browser: Browser) -> None:
    client = browser("member")
    fields = filled(client.get("/aanvragen/thema").text) | LEAST["thema"] | WHO
    client.submit("/account/sessies/beeindigen")
    fields["csrf_token"] = client.token()
    answer = client.post("/aanvragen/thema", data=fields | {"school": CAMELOT})
    page = client.get(answer.headers["Location"]).text
    assert "Kijk in je mail" in page
    assert "de mail aan saskia@school.example" in texts(page, "lead")[0]


def test_a_form_survives_an_invalid_token(browser: Browser) -> None:
    client = browser()
    answer = ask(client, csrf_token="x", wens="Samen oefenen.", functies=["directeur", "jeugdarts"])
    page = client.get(answer.headers["Location"]).text
    assert "Samen oefenen." in page
    again = [
        (e.get("name") or "", e.get("value") or "") for e in parse(page).iter("input") if e.get("type") == "hidden"
    ]
    data: dict[str, list[str]] = {}
    for name, value in again:
        data.setdefault(name, []).append(value)
    assert client.post("/aanvragen/thema", data=data).status_code == 302
    with connection():
        assert "Directeur" in RequestDetails.get().answers or (
            "directeur, jeugdarts" in RequestDetails.get().answers
            or "jeugdarts, directeur" in RequestDetails.get().answers
        )


# ---- Once, and not twice ----------------------------------------------------------------------


def test_sending_a_form_twice_gives_the_first_reference_again(browser: Browser) -> None:
    client = browser("reader")
    fields = filled(client.get("/aanvragen/thema").text) | LEAST["thema"] | WHO
    fields["school"] = CAMELOT
    first = client.post("/aanvragen/thema", data=fields)
    again = client.post("/aanvragen/thema", data=fields)
    assert first.headers["Location"] == again.headers["Location"]
    other = client.post("/aanvragen/thema", data=fields | {"wens": "Anders"})
    assert "Er loopt al een aanvraag." in other.text
    page = client.get(again.headers["Location"], follow_redirects=True).text
    assert only_request().reference in page
    assert len(mails("mailbox")) == 1


def test_ten_parallel_submits_are_one_request(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    fields = filled(client.get("/aanvragen/thema").text) | LEAST["thema"] | WHO
    fields["school"] = CAMELOT
    cookie = client.cookie()
    together = threading.Barrier(10)
    places: list[str] = []

    def send() -> None:
        browser = portal_copy.test_client()
        browser.set_cookie("kernwijzer", cookie)
        together.wait()
        answer = browser.post("/aanvragen/thema", data=fields)
        places.append(answer.headers.get("Location", f"status {answer.status_code}"))
        db.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 10
    assert len(set(places)) == 1, places
    assert only_request().state == "unconfirmed"
    assert len(mails("confirm")) == 1


def test_an_open_request_of_the_same_school_is_shown_before_a_new_one(browser: Browser) -> None:
    ask(browser("reader"))
    reference = only_request().reference
    client = browser()
    assert reference in client.get(f"/aanvragen/thema?onderwerp=meldcode&school={CAMELOT}").text
    answer = ask(client, wens="Ook wij.")
    assert answer.status_code == 422
    assert reference in answer.text
    assert "Er loopt al een aanvraag. Wil je toch een nieuwe? Zet het vinkje." in answer.text
    assert "Ook wij." in answer.text
    assert "saskia@school.example" not in client.get("/aanvragen/thema").text
    assert ask(client, toch="y").status_code == 302
    with connection():
        assert Request.select().count() == 2


@pytest.mark.parametrize(
    "other",
    [{"onderwerp": "verzuim"}, {"school": "16TS07"}, {"slug": "intervisie"}],
    ids=["another theme", "another school", "another kind"],
)
def test_a_different_request_of_the_same_school_is_accepted(browser: Browser, other: dict[str, str]) -> None:
    ask(browser("reader"))
    assert ask(browser(), **other).status_code == 302


def test_a_school_may_request_several_accounts(browser: Browser) -> None:
    for name in ("saskia", "tim"):
        email = f"{name}@school.example"
        assert ask(browser("reader"), "verwijsindex", email=email).status_code == 302


def test_a_reference_that_is_taken_is_not_given_again(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.requests import submission

    given = iter(["KT-2026-7K4X", "KT-2026-7K4X", "KT-2026-7K4X", "KT-2026-9M3P"])
    monkeypatch.setattr(submission, "make_reference", lambda prefix, today: next(given))
    for onderwerp in ("meldcode", "verzuim"):
        ask(browser("reader"), onderwerp=onderwerp)
    with connection():
        assert [row.reference for row in Request.select()] == ["KT-2026-7K4X", "KT-2026-9M3P"]


def test_only_the_hash_of_a_link_is_stored(browser: Browser) -> None:
    ask(browser())
    token = link_in(mails("confirm")[0]).rpartition("/")[2]
    with connection():
        (link,) = FollowLink.select()
    assert link.token_hash != token
    assert len(link.token_hash) == 64


def test_a_request_survives_a_restart(portal_copy: Flask, browser: Browser) -> None:
    location = ask(browser()).headers["Location"]
    restarted = make_app(portal_copy.config["KERNWIJZER"])
    page = CheckedClient(restarted, restarted.response_class).get(location).text
    assert only_request().reference in page


# ---- What is filled in wrongly (T-11) ---------------------------------------------------------

LONG = "Deze tekst is te lang. Gebruik hoogstens 100 tekens."
PEOPLE = "Vul een getal in van 1 tot en met 500."
OVER = "Deze dag is al voorbij. Kies een dag vanaf vandaag."
WRONG = [
    ("thema", {"onderwerp": ""}, "Kies een thema."),
    ("thema", {"onderwerp": "voetbal"}, "Kies een thema uit de lijst."),
    ("organisatie", {"onderwerp": ""}, "Kies een organisatie."),
    ("organisatie", {"onderwerp": "voetbal"}, "Kies een organisatie uit de lijst."),
    ("organisatie", {"onderwerp": "anders"}, "Vul in welke organisatie je zoekt."),
    ("organisatie", {"welke": "x" * 101}, "De tekst is 1 tekens te lang. Maximaal 100 tekens."),
    ("intervisie", {"vorm": ""}, "Kies wat je zoekt."),
    ("intervisie", {"waarover": "x"}, "Kies waar het over gaat."),
    ("kernteam", {"reden": ""}, "Kies waarom je dit vraagt."),
    ("thema", {"school": ""}, "Kies een school."),
    ("thema", {"school": "99ZZ99"}, "Kies een school uit de lijst."),
    ("thema", {"school": "SO"}, "Deze school kan bij PO en bij VO horen. Kies voor wie het is."),
    ("thema", {"niveau": "x"}, "Kies voor wie het is."),
    ("thema", {"aantal": ""}, PEOPLE),
    ("thema", {"aantal": "veel"}, PEOPLE),
    ("thema", {"aantal": "0"}, PEOPLE),
    ("thema", {"aantal": "501"}, PEOPLE),
    ("thema", {"functies": "koning"}, "Kies functies uit de lijst."),
    ("thema", {"dag_1": "morgen"}, "Vul een dag in, zoals 1-2-2027."),
    ("thema", {"dag_1": "2026-11-22"}, OVER),
    ("thema", {"dag_2": "2026-11-22"}, OVER),
    ("thema", {"dag_3": "2026-11-22"}, OVER),
    ("thema", {"tot_1": "2027-01-01"}, "Vul ook de eerste dag in."),
    ("thema", {"dag_1": "2027-01-02", "tot_1": "2027-01-01"},
     "De laatste dag ligt voor de eerste dag."),
    ("thema", {"wens": "Over 111.222.333"}, "Dit lijkt een burgerservicenummer. Haal het weg."),
    ("thema", {"in_huis": "123456782"}, "Dit lijkt een burgerservicenummer. Haal het weg."),
    ("thema", {"wens": "Sem uit groep 5 heeft adhd."},
     "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."),
    ("thema", {"naam": ""}, "Vul je naam in."),
    ("thema", {"naam": "x" * 101}, LONG),
    ("thema", {"functie": "x" * 101}, LONG),
    ("thema", {"email": ""}, "Vul je e-mailadres in."),
    ("thema", {"email": "saskia"}, "Vul een e-mailadres in zoals naam@school.nl."),
    ("thema", {"email": "säskia@school.nl"}, "Vul een e-mailadres in zoals naam@school.nl."),
    ("thema", {"telefoon": "bel maar"}, "Vul een telefoonnummer in, zoals 023 123 45 67."),
    ("thema", {"telefoon": "12345"}, "Vul een telefoonnummer in, zoals 023 123 45 67."),
    ("verwijsindex", {"adres": ""}, "Vul het adres van de school in."),
    ("verwijsindex", {"adres": "x" * 201}, "Deze tekst is te lang. Gebruik hoogstens 200 tekens."),
    ("verwijsindex", {"telefoon_school": ""}, "Vul het telefoonnummer van de school in."),
    ("verwijsindex", {"telefoon_school": "geen"},
     "Vul een telefoonnummer in, zoals 023 123 45 67."),
    ("verwijsindex", {"functie": ""}, "Vul je functie in."),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "change", "message"), WRONG)
def test_an_invalid_answer_is_refused_and_the_form_keeps_every_value(
    browser: Browser, slug: str, change: dict[str, str], message: str
) -> None:
    if change.get("school") == "SO":
        change = {"school": a_school("so")}
    answer = ask(browser(), slug, **change)
    assert answer.status_code == 422
    assert message in texts(answer.text, "error")
    sent = LEAST[slug] | {"school": CAMELOT} | WHO | change
    kept = filled(answer.text)
    same = {"vorm", "waarover", "reden", "onderwerp", "niveau", "school", "functies"}
    assert {n: v for n, v in kept.items() if n in sent and n not in same} == {
        n: v for n, v in sent.items() if n not in same
    }
    with connection():
        assert Request.select().count() == 0
    assert mails() == []


def test_a_doubtful_text_is_accepted_with_the_tick(browser: Browser) -> None:
    doubtful = {"wens": "Sem uit groep 5 heeft adhd."}
    assert ask(browser(), **doubtful).status_code == 422
    assert ask(browser(), **doubtful, nagekeken="y").status_code == 302
