"""Everything about oneself: on a page and as a file; and the end of one's own account."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account
from portal.data_register import Mark, list_columns
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Person
from portal.mail.models import OutgoingMail
from portal.quality.models import Report
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.factories import (
    coach,
    colleague,
    make_absence,
    make_account,
    make_assignment,
    make_detail,
    make_notice,
    make_recipient,
    make_request,
)


@pytest.fixture
def member(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")


def read_file(client: CheckedClient) -> dict[str, list[dict[str, Any]]]:
    """The rows of the file by their table."""
    answer = client.get("/account/gegevens.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    return {held["tabel"]: held["rijen"] for held in json.loads(answer.data)["gegevens"]}


def test_all_that_refers_to_somebody_is_in_the_file_and_nothing_of_others(
    portal_copy: Flask, member: CheckedClient
) -> None:
    me, other = coach(), colleague(coach())
    make_detail(me, "+31699999999"), make_detail(other, "+31688888888")
    make_absence(me)
    with connection():
        account = Account.get(Account.person == me)
        Account.update(visited_before_on=clock.today()).where(Account.id == account.id).execute()
    make_recipient(make_notice(account.id, text="Mijn melding."), me)
    make_request(portal_copy, account)
    with connection():
        with db.atomic():
            mine = ChangeSet.begin(ChangeSetKind.EDIT, account.id, reason="Mijn reden.")
            mine.change(Person.get_by_id(me.id), hours="9-17")
        for recipient in (account.email, "ander@x.example"):
            OutgoingMail.create(
                key=recipient, recipient=recipient, subject=f"Aan {recipient}", body="",
                message_id=recipient, created_at=clock.now(), waiting_since=clock.now(),
                next_attempt_at=clock.now(),
            )  # fmt: skip
        Report.create(
            person=me, fault="other", topic="x", text="Klopt niet.", email="melder@x.example",
            at=clock.now(), is_shown=False, state="open",
        )  # fmt: skip
    text = member.get("/account/gegevens.json").text
    for mark in ("+31699999999", "Mijn melding.", "Mijn reden.", "9-17", account.email,
                 "Klopt niet.", f"Aan {account.email}"):  # fmt: skip
        assert mark in text, mark
    for mark in ("+31688888888", "ander@x.example", "melder@x.example", "token_hash"):
        assert mark not in text, mark
    found = read_file(member)
    assert {
        "person", "contact_detail", "assignment", "absence", "account", "sign_in_session", "notice",
        "recipient", "request", "request_details", "change_set", "change", "outgoing_mail",
    } <= set(found)  # fmt: skip
    assert found["contact_detail"][-1]["value"] == "+31699999999"
    page = member.get("/account/gegevens").text
    assert "Waarde: 06 99 99 99 99" in page
    assert "Wie waar werkt" in page
    assert "Mijn contactkaart (vCard)" in page


def test_every_personal_column_of_oneself_appears(member: CheckedClient) -> None:
    with connection():
        account = Account.get(Account.role == "member")
        today = clock.today()
        Account.update(
            moved_to="nieuw@x.example", active_until=today + timedelta(9), visited_on=today,
            visited_before_on=today, warned_on=today,
        ).where(Account.id == account.id).execute()  # fmt: skip
        Person.update(infix="van", working_days="12", hours="9-17", reached_by="call").where(
            Person.id == account.person_id
        ).execute()
    found = read_file(member)
    for table in ("account", "person"):
        columns = {c.name for c in list_columns() if c.table == table and c.mark is Mark.PERSON}
        assert columns - set(found[table][0]) == set(), table


def test_a_report_that_somebody_made_is_in_their_file_and_one_they_answered_is_not(
    portal_copy: Flask,
) -> None:
    reader = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    with connection():
        account = Account.get(Account.role == "reader")
        about = {"person": coach(), "fault": "other", "topic": "x", "at": clock.now(),
                 "is_shown": False, "state": "open"}  # fmt: skip
        Report.create(text="Dat meldde ik.", account=account, **about)
        Report.create(text="Dat meldde een ander.", answered_by=account, **about)
    (report,) = read_file(reader)["report"]
    assert report["text"] == "Dat meldde ik."


def test_a_reader_without_a_person_sees_the_account(portal_copy: Flask) -> None:
    reader = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    found = read_file(reader)
    assert {"account", "sign_in_session"} <= set(found)
    assert "person" not in found
    assert "Mijn contactkaart" not in reader.get("/account/gegevens").text


def test_the_page_costs_as_much_with_more_posts(member: CheckedClient) -> None:
    costs = []
    for school in ("16LF00", "01JO17"):
        make_assignment(coach(), school=school)
        with counted() as statements:
            member.get("/account/gegevens")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_who_ends_the_own_account_is_out_everywhere(
    portal_copy: Flask, member: CheckedClient
) -> None:
    elsewhere = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    refused = member.submit("/account/gegevens")
    assert refused.status_code == 422
    assert "Zet het vinkje als je stopt." in refused.text
    assert member.submit("/account/gegevens", {"zeker": "y"}).status_code == 302
    for client in (member, elsewhere):
        assert client.get("/account").status_code == 302
    with connection():
        assert not Account.get(Account.role == "member").is_active(clock.today())
        assert Person.get_or_none(Person.id == coach().id)


def test_the_last_administrator_stays(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("administrator")
    answer = client.submit("/account/gegevens", {"zeker": "y"})
    assert answer.status_code == 422
    assert "Je bent de laatste beheerder." in answer.text
    make_account("administrator")
    assert client.submit("/account/gegevens", {"zeker": "y"}).status_code == 302
