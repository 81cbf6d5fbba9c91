"""The shape of an edit: saved, told, undone by its author, and refused with both versions."""

from flask import Flask

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Role
from tests.conftest import CheckedClient
from tests.editing.conftest import save
from tests.factories import coach, colleague

SETTINGS = "/beheer/instellingen"


def test_an_edit_is_undone_where_it_was_saved(coordinator: CheckedClient) -> None:
    saved = save(coordinator, SETTINGS, nummer="0800 2000")
    page = coordinator.get(saved.headers["Location"])
    assert "Je wijziging is bewaard." in page.text
    number = saved.headers["Location"].partition("=")[2]
    path = f"/bewerkingen/{number}/terugdraaien"
    answer = coordinator.submit(path, {"terug": SETTINGS})
    assert answer.headers["Location"] == f"{SETTINGS}?gedaan=teruggedraaid"
    page = coordinator.get(answer.headers["Location"])
    assert "De wijziging is teruggedraaid." in page.text
    assert "0800" not in page.text
    assert coordinator.submit(path, {"terug": "//elders.example"}).status_code == 409


def test_a_form_without_a_change_leaves_no_trace(coordinator: CheckedClient) -> None:
    save(coordinator, SETTINGS)  # the first time it answers that nothing is promised
    with connection():
        before = ChangeSet.select().count()
    answer = save(coordinator, SETTINGS)
    assert answer.headers["Location"] == f"{SETTINGS}?bewaard=0"
    assert "Er is niets veranderd." in coordinator.get(answer.headers["Location"]).text
    with connection():
        assert ChangeSet.select().count() == before


def test_an_editor_undoes_only_the_own_edits(portal_copy: Flask) -> None:
    editor = CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")
    with connection(), db.atomic():
        sets = [
            ChangeSet.begin(ChangeSetKind.EDIT, Account.get(Account.role == role).id)
            for role in ("coordinator", "editor", "editor")
        ]
        for change_set, row in zip(sets, (coach(), colleague(coach()), Role.get()), strict=True):
            change_set.change(row, **{"label" if isinstance(row, Role) else "hours": "anders"})
    statuses = [editor.submit(f"/bewerkingen/{one.id}/terugdraaien").status_code for one in sets]
    assert statuses == [404, 302, 404]  # a role is a coordinator's
