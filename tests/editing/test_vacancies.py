"""Vacancies are opened, changed and ended by a coordinator and by an organisation's editor."""

from datetime import date

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.models import Vacancy
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.editing.conftest import read, refusals, save, undo
from tests.factories import CAMELOT, coach, directory_rows, holder, make_vacancy, posts, role

FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)


def list_vacancies(school: str) -> list[tuple[date, date | None]]:
    with connection():
        rows = Vacancy.select().where(Vacancy.school == school).order_by(Vacancy.id)
        return [(row.valid_from, row.valid_until) for row in rows]


@pytest.mark.parametrize("account", ["coordinator", "editor"])
def test_a_vacancy_is_opened_changed_voided_and_undone(portal_copy: Flask, account: str) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in(account)
    room = "beheer" if account == "coordinator" else "organisatie"
    person = coach()
    post = posts(person)[0]
    form = f"/{room}/vacatures/nieuw"
    assert form in client.get(f"/{room}/mensen/{person.id}").text
    before = directory_rows()
    answers = {"functie": str(post.role_id), "scholen": [post.school_id]}
    opened = save(client, form, **answers, vanaf="1-2-2027", laatste_dag="28-2-2027")
    assert list_vacancies(post.school_id) == [(FEBRUARY, MARCH)]
    with connection():
        path = f"/{room}/vacatures/{Vacancy.get(Vacancy.school == post.school_id).id}"
    shown = read(client, f"/{room}/mensen/{person.id}")
    assert path in shown
    assert "tot en met 28 februari 2027" in shown
    if account == "coordinator":
        assert path in client.get(f"/beheer/scholen/{post.school_id}").text
        assert opened.headers["Location"].startswith(f"/beheer/scholen/{post.school_id}?")
    assert refusals(client, path, laatste_dag="31-1-2027")
    changed = save(client, path, vanaf="2-2-2027", laatste_dag="")
    assert list_vacancies(post.school_id) == [(date(2027, 2, 2), None)]
    voided = save(client, path, vervalt="y")
    assert list_vacancies(post.school_id) == []
    for saved in (voided, changed, opened):
        undo(client, saved)
    assert directory_rows() == before


def test_a_vacancy_beside_a_holder_or_another_vacancy_is_refused(coordinator: CheckedClient) -> None:
    post, form = posts(holder("directeur"))[0], "/beheer/vacatures/nieuw"
    answers = {"functie": str(post.role_id), "scholen": [post.school_id], "vanaf": "1-2-2027"}
    assert "Meld eerst het vertrek." in " ".join(refusals(coordinator, form, **answers))
    make_vacancy("cjg-coach")
    answers = {"functie": str(role("cjg-coach").id), "scholen": [CAMELOT], "vanaf": "1-2-2027"}
    assert "al een vacature" in " ".join(refusals(coordinator, form, **answers))


def test_an_editor_reaches_no_vacancy_of_others(portal_copy: Flask) -> None:
    editor = CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")
    other = make_vacancy("directeur", valid_from=TODAY)
    assert editor.get(f"/organisatie/vacatures/{other.id}").status_code == 404
    assert editor.get(f"/beheer/vacatures/{other.id}").status_code == 403
    wrong = refusals(editor, "/organisatie/vacatures/nieuw", functie=str(other.role_id),
                     scholen=[CAMELOT], vanaf="1-2-2027")  # fmt: skip
    assert "Kies een functie uit de lijst." in wrong
