"""A page of remembered pieces is the page that would be made anew, for each viewer."""

import re
from collections.abc import Callable
from inspect import unwrap
from threading import Thread

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.contacts import timeline
from portal.database import connection, db
from portal.database.cache import Memory
from portal.database.directory_version import find_version
from portal.database.noted_reads import tables_of
from portal.directory.models import Absence, Assignment, Person, School, Visibility
from portal.search.finding import find_documents
from tests.clock import TODAY, StoppedClock
from tests.conftest import FRAGMENT, CheckedClient
from tests.contracts.test_structure import counted
from tests.database.test_cache import elsewhere
from tests.factories import coach

TEXTS = ("haarlem", "cjg", "noor", "leerplicht ark", "verzuim")
ASKED = ("", "?woont=bloemendaal", "?dag=2027-02-01")
# Each changes something on the page of a school of the coach or in a search.
WRITES = [
    "UPDATE person SET family_name = 'Anders' WHERE id = {coach}",
    "INSERT INTO absence (person_id, valid_from, source, checked_on, checked_by, row_version) "
    "VALUES ({coach}, '2026-11-01', 'anders', '2026-11-01', 'source', 0)",
    "UPDATE contact_detail SET valid_from = '2026-12-01' WHERE person_id = {coach}",
    "UPDATE school SET street = 'Andersstraat 1', name = 'Anders'",
    "UPDATE role SET label = 'ander' WHERE member",
    "UPDATE place SET name = name || ' anders'",
    "UPDATE municipality SET name = name || ' anders'",
    "UPDATE sector SET label = 'anders'",
    "UPDATE organisation SET name = 'Anders'",
    "UPDATE contact_point SET hours = 'anders', name = 'Anders'",
    "UPDATE contact_detail SET value = '+31235550000' WHERE contact_point_id > 0",
    "UPDATE assignment SET valid_until = '2026-12-24'",
    "UPDATE assignment SET is_pending = NOT is_pending",
    "DELETE FROM responsibility",
    "DELETE FROM role_in_sector WHERE expected",
    "DELETE FROM search_document WHERE kind = 'school'",
]
WRITE = "UPDATE contact_detail SET {} WHERE kind = 'phone' AND person_id = {}"


class Forgetful(Memory):
    def add(self, *args: object) -> None:
        pass


def visitors(app: Flask) -> list[CheckedClient]:
    roles = ("reader", "member", "editor", "coordinator")
    signed_in = [CheckedClient(app, checks=False).sign_in(role) for role in roles]
    return [CheckedClient(app, checks=False), *signed_in]


def ask(client: CheckedClient, path: str) -> str:
    """The page or the fragment, without its tokens."""
    answer = client.get(path, headers=FRAGMENT if path.startswith("/?q=") else {})
    assert answer.status_code == 200, path
    return re.sub('name="csrf_token" value="[^"]+"', "", answer.text)


@pytest.fixture
def client(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, checks=False)


@pytest.fixture
def paths(client: CheckedClient) -> list[str]:
    """A school of the coach who has an account, and a search for it."""
    with connection():
        school = Assignment.select().where(Assignment.person == coach()).get().school
    return [f"/scholen/{school.slug}", f"/?q={school.name} {school.place.name}"]


@pytest.mark.sqlite("what a page is made of does not depend on the database")
def test_each_viewer_gets_the_page_that_would_be_made_for_them(portal_copy: Flask, paths: list[str]) -> None:
    everyone = visitors(portal_copy)
    school, search = paths
    asked = [search, *(f"/?q={text}" for text in TEXTS), *(f"{school}{more}" for more in ASKED)]
    memory = portal_copy.extensions["pieces"]
    portal_copy.extensions["pieces"] = Forgetful(1)
    made = [[ask(client, path) for path in asked] for client in everyone]
    portal_copy.extensions["pieces"] = memory
    for _ in range(2):
        assert [[ask(client, path) for path in asked] for client in everyone] == made
    assert "Dit ben jij" in "".join(made[2])
    assert "Wijzig deze school" in "".join(made[4])


@pytest.mark.sqlite("what a page is made of does not depend on the database")
def test_the_row_of_a_member_is_theirs_among_members(client: CheckedClient, paths: list[str]) -> None:
    member, other = (CheckedClient(client.application, checks=False).sign_in(role) for role in ("member", "reader"))
    with connection():
        Account.update(role=AccountRole.MEMBER).where(Account.role == AccountRole.READER).execute()
    for _ in range(2):
        assert all("Dit ben jij" not in ask(other, path) for path in paths)
        assert all("Dit ben jij" in ask(member, path) for path in paths)


@pytest.mark.sqlite("what a page is made of does not depend on the database")
def test_no_token_is_remembered(portal_copy: Flask, paths: list[str]) -> None:
    for client in visitors(portal_copy):
        for path in paths:
            ask(client, path)
    pieces = str([kept.value for kept in portal_copy.extensions["pieces"].kept.values()])
    assert "Hoort bij" in pieces
    assert "csrf_token" not in pieces
    assert "_formulier" not in pieces


def write_here(app: Flask, statement: str) -> None:
    with connection():
        db.execute_sql(statement)


def write_in_another_thread(app: Flask, statement: str) -> None:
    thread = Thread(target=write_here, args=(app, statement))
    thread.start()
    thread.join()


@pytest.mark.parametrize("write", [write_here, write_in_another_thread, elsewhere])
def test_a_change_is_on_the_next_page(
    client: CheckedClient, paths: list[str], write: Callable[[Flask, str], None]
) -> None:
    person = coach().id
    assert not any("023 555 00 00" in ask(client, path) for path in paths * 2)
    write(client.application, WRITE.format("value = '+31235550000'", person))
    assert all("023 555 00 00" in ask(client, path) for path in paths)


def test_whatever_changes_the_page_is_the_one_that_would_be_made(portal_copy: Flask, paths: list[str]) -> None:
    """A piece stands as long as the rows that it was made of, so each table of a page is changed in
    turn."""
    member = CheckedClient(portal_copy, checks=False).sign_in("member")
    nobody = CheckedClient(portal_copy, checks=False)
    asked = [(nobody, paths[0]), (nobody, paths[1]), (member, paths[0]), (member, "/")]
    memory, before = portal_copy.extensions["pieces"], [ask(*page) for page in asked]
    for write in WRITES:
        write_here(portal_copy, write.format(coach=coach().id))
        after = [ask(*page) for page in asked]
        assert after != before, write
        portal_copy.extensions["pieces"] = Forgetful(1)
        before = [ask(*page) for page in asked]
        portal_copy.extensions["pieces"] = memory
        assert after == before, write


def test_a_change_elsewhere_leaves_a_piece_standing(client: CheckedClient, paths: list[str]) -> None:
    def find_pieces() -> dict[object, object]:
        ask(client, paths[0])
        return {key: one.value for key, one in client.application.extensions["pieces"].kept.items()}

    before = find_pieces()
    with connection():
        team = Assignment.select(Assignment.person).where(Assignment.school == paths[0][9:15].upper())
        other = Person.select().where(Person.id.not_in(team)).get().id
    write_here(client.application, WRITE.format("value = '+31235550000'", other))
    assert list(map(id, find_pieces().values())) == list(map(id, before.values()))
    write_here(client.application, WRITE.format("value = '+31235550000'", coach().id))
    assert find_pieces() != before


def test_after_a_change_only_what_reads_its_table_is_asked_again(client: CheckedClient, paths: list[str]) -> None:
    ask(client, paths[1])
    for change, table in (
        (WRITE.format("value = value", 0), ""),
        ("UPDATE employment SET row_version = row_version + 1", "employment"),
        (WRITE.format("position = position + 1", "person_id"), "contact_detail"),
    ):
        write_here(client.application, change)
        with counted() as seen:
            ask(client, paths[1])
        asked = [sql for sql in seen if "_version" not in sql]
        assert all(table in tables_of(sql) for sql in asked), table
        assert bool(asked) is (table == "contact_detail"), table


def test_new_numbers_are_looked_for_once_and_leave_the_posts_unasked(client: CheckedClient) -> None:
    with connection():
        schools = School.select().where(School.closed_on.is_null()).order_by(School.code)
        quiet = [one.code for one in schools if not timeline.list_coming([one.code], TODAY)][:2]
    for code in quiet:
        ask(client, f"/?q={code}")
    write_here(client.application, WRITE.format("position = position + 1", "person_id"))
    for code, number in zip(quiet, (1, 0), strict=True):
        with counted() as seen:
            ask(client, f"/?q={code}")
        assert sum('"contact_detail"' in sql and '"assignment"' in sql for sql in seen) == number
        assert not [sql for sql in seen if '"vacancy"' in sql]


def test_the_tables_of_a_select_are_those_that_it_reads(app: Flask) -> None:
    with connection(), counted() as seen:
        find_documents(["haarlem"], 1)
        list(Person.select().from_(Person, Absence.select(Absence.person)))
        timeline.list_coming(["16LF00"], TODAY)
        unwrap(timeline._new_numbers)(TODAY)
    first, pair, union, *_, numbers = map(tables_of, seen)
    assert first == {"search_document"}
    assert pair == {"person", "absence"}
    assert union == {"absence", "assignment", "person", "role", "vacancy"}
    assert numbers == {"contact_detail", "assignment", "person", "role"}


def test_at_midnight_the_new_day_is_shown(client: CheckedClient, paths: list[str]) -> None:
    with connection():
        changes = f"value = '+31235550000', valid_from = '{TODAY.replace(day=24)}'"
        db.execute_sql(WRITE.format(changes, coach().id))
    assert not any("023 555 00 00" in ask(client, path) for path in paths * 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.clock.datetime", StoppedClock(f"{TODAY} 23:30:00"))
        assert all("023 555 00 00" in ask(client, path) for path in paths)


def test_a_number_for_members_stays_with_them(client: CheckedClient, paths: list[str]) -> None:
    with connection():
        changes = f"value = '+31235550000', visibility = '{Visibility.MEMBERS}'"
        db.execute_sql(WRITE.format(changes, coach().id))
    member = CheckedClient(client.application, checks=False).sign_in("member")
    for _ in range(2):
        for path in paths:
            assert "023 555 00 00" in ask(member, path)
            assert "023 555 00 00" not in ask(client, path)
    member.submit("/uitloggen")
    assert "023 555 00 00" not in ask(member, paths[0])
    assert "023 555 00 00" in ask(client.sign_in("reader"), paths[0])


def test_who_is_no_coordinator_any_more_gets_no_way_to_edit(client: CheckedClient, paths: list[str]) -> None:
    client.sign_in("coordinator")
    assert "Wijzig deze school" in ask(client, paths[0])
    with connection():
        Account.update(role=AccountRole.READER).where(Account.role == AccountRole.COORDINATOR).execute()
    assert "Wijzig deze school" not in ask(client, paths[0])


def test_a_full_memory_forgets_what_was_used_longest_ago(app: Flask) -> None:
    memory = Memory(10)
    with app.app_context(), connection():
        version = find_version()
        for number in range(3):
            memory.add(number, "text", {}, version, weight=3)
        assert memory.find(0, version)
        memory.add(3, "text", {}, version, weight=3)
        memory.add(2, "other text", {}, version, weight=3)
        assert [key for _, key in memory.kept] == [0, 3, 2]
        memory.add(4, "long text", {}, version, weight=11)
        assert [key for _, key in memory.kept] == [4]
