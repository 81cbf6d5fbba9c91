"""The pages of an import, as a coordinator goes through them."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from portal import clock
from portal.database import Outdated, connection
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, Person
from portal.imports import decisions_and_clearing, reading_now_or_later
from portal.imports.apply import apply_import, list_differences
from portal.imports.difference import fingerprint
from portal.imports.forms import name_field
from portal.imports.models import Import, ImportState
from tests.checks import parse, text
from tests.clock import TODAY
from tests.conftest import FRAGMENT, CheckedClient
from tests.factories import CAMELOT, make_assignment, make_person
from tests.imports.files import ASKING, NOOR, lines, make_file_import
from tests.page_forms import read_forms

NEW = "/beheer/import/nieuw"
ANSWERS = {
    "afzender": "CJG", "gemaakt": "2026-11-20", "ingang": "1-12-2026", "volledig": "its schools",
    "functies": "cjg-coach",
}  # fmt: skip
SCHOOL, COLUMN = name_field("school:de knotwilg"), name_field("column:kleur")


@pytest.fixture
def client(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def send(client: CheckedClient, content: str, **more: str) -> Any:
    file = (BytesIO(content.encode()), "namen.csv")
    return client.submit(NEW, {**ANSWERS, **more, "bestand": file})  # type: ignore[dict-item]


def seen(page: str) -> str:
    found = re.search(r'name="gezien" value="(\w+)"', page)
    assert found
    return found[1]


def reload(row: Import) -> Import:
    with connection():
        return Import.get_by_id(row.id)


def errors(page: str) -> list[str]:
    return re.findall(r'<li><a href="#[\w-]+">([^<]+)</a></li>', page)


# ---- The file ----------------------------------------------------------------------------------


def test_every_answer_about_a_file_is_stored_and_the_file_is_not(client: CheckedClient) -> None:
    answer = send(client, lines(NOOR))
    assert answer.status_code == 302
    with connection():
        (row,) = Import.select()
    told = (row.label, row.sender, str(row.made_on), str(row.effective_on), row.coverage, row.roles)
    assert told == ("namen.csv", "CJG", "2026-11-20", "2026-12-01", "its schools", "cjg-coach")
    assert (row.state, row.file) == (ImportState.OPEN, "")
    assert client.get(answer.headers["Location"]).headers["Location"].endswith("/verschil")


def test_a_file_that_cannot_be_read_leaves_what_was_typed(client: CheckedClient) -> None:
    for content, sentence in (
        ("%PDF-1", "Dit is een PDF-bestand."), ("", "Dit bestand is leeg."),
        ("PK\x03\x04nee", "Dit Excel-bestand is beschadigd"), ("\n\n", "Dit bestand is leeg."),
    ):  # fmt: skip
        page = send(client, content, afzender="Van ons")
        assert page.status_code == 422
        assert errors(page.text)[0].startswith(sentence), errors(page.text)
        assert 'value="Van ons"' in page.text
    wrong = send(client, lines(NOOR), ingang="morgen", volledig="nee", functies="x", afzender="")
    assert len(errors(wrong.text)) == 4
    with connection():
        assert Import.select().count() == 0


def test_a_file_that_is_sent_twice_is_one_import(client: CheckedClient) -> None:
    key = {"_formulier": "een-sleutel"}
    for _ in range(2):
        assert send(client, lines(NOOR), **key).status_code == 302
    with connection():
        assert Import.select().count() == 1


# ---- Columns -----------------------------------------------------------------------------------


def test_a_column_gets_an_answer_with_three_examples(client: CheckedClient) -> None:
    row = make_file_import(ASKING)
    path = f"/beheer/import/{row.id}/kolommen"
    page = client.get(path).text
    assert "1 kolom heet in jouw bestand anders" in text(parse(page))
    assert "Bijvoorbeeld: rood · blauw" in page
    refused = client.submit(path, {})
    assert errors(refused.text) == ["Kies wat er staat in “kleur”, of “niet nodig”."]
    double = client.submit(path, {f"kolom-{COLUMN}": "name"})
    assert (double.status_code, len(errors(double.text))) == (422, 1)
    assert "“naam” is ook naam van de persoon." in double.text
    unknown = client.submit(path, {f"kolom-{COLUMN}": "x"})
    assert errors(unknown.text) == ["Kies een antwoord uit de lijst."]
    assert client.submit(path, {f"kolom-{COLUMN}": "unused"}).status_code == 302
    assert reading_now_or_later.list_decisions(reload(row))["column:kleur"] == ("unused", "kleur")
    other = client.submit(path, {f"kolom-{COLUMN}": "remark", f"zag-{COLUMN}": ""})
    assert other.status_code == 409
    assert "Iemand anders koos net: niet nodig" in text(parse(other.text))


def test_a_sheet_with_a_column_per_role_is_sent_as_it_was_recognised(client: CheckedClient) -> None:
    heading = "school;CJG-coach;dagen;mobiel;leerplichtambtenaar;dagen;mobiel;kleur"
    row = make_file_import(f"{heading}\nCamelot;Noor Proef;ma;;Bo Test;di;;rood")
    path = f"/beheer/import/{row.id}/kolommen"
    shown = next(f.fields for f in read_forms(client.get(path).text) if f.action == path)
    assert client.submit(path, {**shown, f"kolom-{COLUMN}": "unused"}).status_code == 302


def test_an_empty_cell_means_away_where_it_is_ticked(client: CheckedClient) -> None:
    row = make_file_import(lines(NOOR))
    path, field = f"/beheer/import/{row.id}/kolommen", name_field("column:telefoon")
    client.submit(path, {f"leeg-{field}": "y"})
    assert decisions_and_clearing.EMPTY + "column:telefoon" in reading_now_or_later.list_decisions(reload(row))
    away = {f"zag-{name_field(decisions_and_clearing.EMPTY + 'column:telefoon')}": decisions_and_clearing.GONE}
    client.submit(path, away)
    assert decisions_and_clearing.EMPTY + "column:telefoon" not in reading_now_or_later.list_decisions(reload(row))


# ---- Questions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        ({f"antwoord-{SCHOOL}": "overslaan"}, "overslaan"),
        ({f"antwoord-{SCHOOL}": "anders", f"anders-{SCHOOL}": "basisschool camelot, haarlem"},
         CAMELOT),
    ],
)  # fmt: skip
def test_an_answer_is_stored(client: CheckedClient, fields: dict[str, str], decision: str) -> None:
    row = make_file_import(ASKING)
    path = f"/beheer/import/{row.id}/vragen"
    assert client.submit(path, fields).status_code == 302
    assert reading_now_or_later.list_decisions(reload(row))["school:de knotwilg"].value == decision
    page = client.get(path).text
    assert "1 antwoord die je kunt veranderen" in text(parse(page)) or "1 antwoord" in page


def test_a_new_organisation_is_typed(client: CheckedClient) -> None:
    row = make_file_import("School;Functie;Naam\nMendel College;SMW;Sil Proef\n")
    path, decided = f"/beheer/import/{row.id}/vragen", ""
    page = client.get(path).text
    assert 'value="nieuw"' not in page  # it would have no name
    (name,) = set(re.findall(r'name="antwoord-(\w+)"', page))
    other = {f"antwoord-{name}": "anders"}
    assert client.submit(path, {**other, f"anders-{name}": " "}).status_code == 422
    for typed in ("Kontext", "Kontext Noord & Zuid", "Stichting ’t Hof"):
        more = {f"anders-{name}": typed, f"zag-{name}": decided}
        assert client.submit(path, other | more).status_code == 302
        ((_, (decided, _)),) = reading_now_or_later.list_decisions(reload(row)).items()
        assert decided == f"nieuw:{typed}"
        assert f'value="{typed.replace("&", "&amp;")}"' in client.get(path).text
    known = {f"anders-{name}": "cjg heemstede", f"zag-{name}": decided}
    assert client.submit(path, other | known).status_code == 302
    assert [d.value.isdecimal() for d in reading_now_or_later.list_decisions(reload(row)).values()] == [True]


def test_an_answer_is_saved_as_it_is_given_and_a_second_coordinator_is_told(client: CheckedClient) -> None:
    row = make_file_import(ASKING)
    path = f"/beheer/import/{row.id}/vragen"
    fields = {f"antwoord-{SCHOOL}": "overslaan", f"zag-{SCHOOL}": ""}
    saved = client.submit(path, fields, headers=FRAGMENT)
    assert "Bewaard." in saved.text
    assert f'id="zag-{SCHOOL}" name="zag-{SCHOOL}" value="overslaan"' in saved.text
    wrong = client.submit(path, {f"antwoord-{SCHOOL}": "anders", f"anders-{SCHOOL}": "x"})
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.text
    other = {f"antwoord-{SCHOOL}": "anders", f"anders-{SCHOOL}": "Basisschool Camelot, Haarlem"}
    clash = client.submit(path, {**other, f"zag-{SCHOOL}": ""})
    assert clash.status_code == 409
    words = text(parse(clash.text))
    assert "Iemand anders antwoordde net: overslaan. Jij koos: Basisschool Camelot" in words
    assert reading_now_or_later.list_decisions(reload(row))["school:de knotwilg"].value == "overslaan"
    again = client.submit(path, {**other, f"zag-{SCHOOL}": "overslaan"})
    assert again.status_code == 302


def test_many_questions_are_asked_a_hundred_at_a_time(client: CheckedClient) -> None:
    rows = (f"School Onbekend{'abcdefghijklmnopqrst'[n % 20]}{n};CJG-coach;Bo Test;;;;;;" for n in range(120))
    row = make_file_import(lines(*rows))
    path = f"/beheer/import/{row.id}/vragen"
    page = client.get(path).text
    assert page.count("<fieldset") == 100
    assert client.get(f"{path}?blad=2").text.count("<fieldset") == 20
    names = re.findall(r'id="vraag-(\w+)"', page)
    told = {f"antwoord-{name}": "overslaan" for name in names}
    assert client.submit(f"{path}?blad=1", told).status_code == 302
    assert len(reading_now_or_later.list_decisions(reload(row))) == 100
    assert "20 woorden uit het bestand" in text(parse(client.get(path).text))


# ---- The difference ----------------------------------------------------------------------------


def test_the_difference_is_shown_and_applied_as_it_was_seen(client: CheckedClient) -> None:
    row = make_file_import(lines(NOOR))
    path = f"/beheer/import/{row.id}/verschil"
    page = client.get(path).text
    assert "CJG-coach: Noor Proef, vanaf 23 november 2026" in text(parse(page))
    assert "<details open><summary>Bekijk wat er" in page  # nothing is asked
    assert "“0612345981”" not in page or "gelezen als" in page
    with connection():
        make_assignment(make_person("Noor", "Proef", "cjg-kennemerland"), valid_from=TODAY)
    outdated = client.submit(path, {"gezien": seen(page)})
    assert outdated.status_code == 409
    assert "Iemand anders heeft net iets gewijzigd." in outdated.text
    done = client.submit(path, {"gezien": seen(outdated.text)})
    assert done.status_code == 302
    applied = client.get(done.headers["Location"])
    assert "Er is niemand gemaild." in applied.text
    assert "/vertellen" in applied.text
    with connection():
        assert ChangeSet.select().where(ChangeSet.kind == ChangeSetKind.IMPORT).count() == 1
    # A second coordinator, with the same page.
    late = client.submit(path, {"gezien": seen(outdated.text)})
    assert late.status_code == 302
    with connection():
        assert ChangeSet.select().where(ChangeSet.kind == ChangeSetKind.IMPORT).count() == 1


def test_many_who_stop_have_to_be_typed(client: CheckedClient) -> None:
    with connection():
        Assignment.delete().where(Assignment.school == CAMELOT).execute()
    make_assignment(make_person("Stil", "Weg"))
    from portal.imports.models import Coverage

    row = make_file_import(lines(NOOR), coverage=Coverage.ITS_SCHOOLS)
    path = f"/beheer/import/{row.id}/verschil"
    page = client.get(path).text
    assert "Stil Weg stopt" in text(parse(page))
    asked, rest = page.split("<h2>Dit nemen we over: ")
    assert "Stil" in asked and 'id="aantal"' in asked
    assert "<details><summary>Bekijk wat er" in rest
    fields = {"gezien": seen(page), "allemaal": "y"}
    refused = client.submit(path, fields)
    assert errors(refused.text) == ["Je laat 1 plek stoppen. Klopt dat? Typ dan 1."]
    assert client.submit(path, {**fields, "aantal": "1"}).status_code == 302
    with connection():
        gone = Assignment.select().join(Person).where(Person.family_name == "Weg")
        assert not gone.exists()  # it began on the day on which it ends


def test_what_is_not_taken_comes_back_with_the_reason_and_without_formulas(client: CheckedClient) -> None:
    row = make_file_import(lines("Camelot;CJG-coach;=HYPERLINK(1);;;;;;", "Camelot;wijkteam;Bo;;;;;;"))
    with connection():
        opened = reading_now_or_later.open_import(row)
        assert opened
        for question in opened.found.questions:
            decision = {question.key: reading_now_or_later.Decision("overslaan", question.word)}
            decisions_and_clearing.decide(row.id, decision, {}, [question])
    file = client.get(f"/beheer/import/{row.id}/niet-overgenomen.xlsx").data
    book = load_workbook(BytesIO(file))
    told = [[cell.value for cell in line] for sheet in book for line in sheet.iter_rows()]
    assert told[0][-1] == "Waarom niet overgenomen"
    assert all(line[-1] for line in told)
    assert all(cell.data_type in "sn" for sheet in book for line in sheet for cell in line)


def test_nothing_is_compared_or_applied_while_a_column_has_no_answer(client: CheckedClient) -> None:
    row = make_file_import("school;rol;naam;kleur\nCamelot;CJG-coach;Bo Test;blauw\n")
    path = f"/beheer/import/{row.id}/verschil"
    with connection():
        before = ChangeSet.select().count()
        opened = reading_now_or_later.open_import(Import.get_by_id(row.id))
        assert opened
        told = fingerprint(list_differences(opened))
        with pytest.raises(Outdated):
            apply_import(row.id, [], told, 1)
    first_step = client.get(path).headers["Location"]
    page = parse(client.get(client.get(first_step).headers["Location"]).text)
    assert "Kies eerst" in text(page)
    refused = client.submit(path, {"gezien": told})
    assert refused.status_code == 422
    assert f'href="#kolom-{COLUMN}"' in refused.text
    client.submit(f"/beheer/import/{row.id}/kolommen", {f"kolom-{COLUMN}": "unused"})
    assert client.get(path).status_code == 200
    with connection():
        assert ChangeSet.select().count() == before


def test_a_large_file_shows_its_progress(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now_or_later, "LARGE", 10)
    answer = send(client, lines(NOOR))
    path = answer.headers["Location"]
    page = client.get(path)
    assert "Het bestand wordt gelezen" in page.text
    assert "Kijk of het klaar is" in page.text
    with connection():
        reading_now_or_later.read_waiting()
    polled = client.get(path, headers=FRAGMENT)
    assert polled.headers["HX-Redirect"].endswith("/verschil")
    refused = client.get(send(client, "%PDF-1.4 nee").headers["Location"])
    assert refused.status_code == 200
    with connection():
        reading_now_or_later.read_waiting()
    assert "Dit is een PDF-bestand." in client.get(refused.request.path).text


# ---- The first time ----------------------------------------------------------------------------


def test_a_file_that_changes_nothing_says_so_and_offers_no_taking_over(client: CheckedClient) -> None:
    send(client, lines(NOOR), volledig="partly")
    path = "/beheer/import/1/verschil"
    client.submit(path, {"gezien": seen(client.get(path).text)})
    again = client.get(send(client, lines(NOOR), volledig="partly").headers["Location"], follow_redirects=True).text
    assert "Alles staat al zo in de portal." in again
    assert "Overnemen</button>" not in again
    assert "Haal het bestand weg" in again


def test_the_last_sender_of_this_account_is_filled_in(client: CheckedClient) -> None:
    send(client, lines(NOOR), afzender="GGD Kennemerland")
    assert 'value="GGD Kennemerland"' in re.sub(r"<datalist.*?</datalist>", "", client.get(NEW).text)


def test_telling_an_import_ticks_nothing_and_says_how_many_mails(client: CheckedClient) -> None:
    send(client, lines(NOOR))
    path = "/beheer/import/1/verschil"
    done = client.submit(path, {"gezien": seen(client.get(path).text)})
    applied = client.get(done.headers["Location"]).text
    assert applied.index("/uitnodigen") < applied.index("/vertellen")
    told = client.get(re.findall(r'"([^"]+/vertellen)"', applied)[0]).text
    assert 'name="organisaties"' in told
    assert not re.search(r'name="organisaties"[^>]* checked', told)
    assert re.search(r"Wat nu is aangevinkt, geeft 0 mails; alles samen \d+", told)


def test_a_file_waits_only_where_another_is_read(client: CheckedClient) -> None:
    first, second = make_file_import(), make_file_import()
    with connection():
        Import.update(state=ImportState.WAITING).execute()
    page = f"/beheer/import/{second.id}"
    assert "Het bestand wordt gelezen en vergeleken" in client.get(page).text
    with connection():
        busy = clock.now() + timedelta(minutes=1)
        Import.update(busy_until=busy).where(Import.id == first.id).execute()
    assert "wacht tot een ander bestand gelezen is" in client.get(page).text
