"""One's own data: on a page and as a file; and the end of one's own account."""

import json
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from peewee import ForeignKeyField

from portal import clock
from portal.accounts import own_data
from portal.accounts.models import Account
from portal.data_register import Mark, list_columns
from portal.database import BaseModel, connection, db
from portal.database.fields import EnumField
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, Person
from portal.labelled_enum import LabelledEnum
from portal.mail.models import OutgoingMail
from portal.quality.models import Dismissal, Report
from portal.web.formatting import capital
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
    """The rows of the file by their kind of data."""
    answer = client.get("/account/gegevens.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for held in json.loads(answer.data)["gegevens"]:
        found[held["gegevens"]] += held["rijen"]
    return found


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
    assert not [key for rows in found.values() for row in rows for key in row if "_" in key]
    assert {
        "Wie waar werkt", "Nummers en adressen", "Accounts", "Waar je bent ingelogd", "Meldingen",
        "Aanvragen", "Wat er is gewijzigd", "Mail", "Wat lezers melden",
    } <= set(found)  # fmt: skip
    assert found["Nummers en adressen"][-1]["Waarde"] == "+31699999999"
    assert found["Wie waar werkt"][0]["Organisatie"] == "CJG Kennemerland"
    assert found["Wie waar werkt"][0]["Werkdagen"] == "wo, do"
    assert {"Melding", "Mail gestuurd"} <= set(found["Meldingen"][-1])
    assert {"Wat": "persoon Ayşe Brandsma", "Verschil": "uren: eerst leeg, nu 9-17"} in found["Wat er is gewijzigd"]
    page = member.get("/account/gegevens").text
    assert "Waarde: 06 99 99 99 99" in page
    assert "Wie waar werkt" in page
    assert "Rol: kernteamlid" in page
    assert "1 wijziging van jouw gegevens staat in het bestand." in page
    assert "Mijn contactkaart (vCard)" in page


def test_every_personal_column_of_oneself_appears(member: CheckedClient) -> None:
    with connection():
        account = Account.get(Account.role == "member")
        today = clock.today()
        Account.update(
            moved_to="nieuw@x.example", active_until=today + timedelta(9), visited_on=today,
            visited_before_on=today, warned_on=today, factor_due_on=today,
        ).where(Account.id == account.id).execute()  # fmt: skip
        Person.update(infix="van", working_days="12", hours="9-17", reached_by="call").where(
            Person.id == account.person_id
        ).execute()
    found = read_file(member)
    for table, what in (("account", "Accounts"), ("person", "Wie waar werkt")):
        names = own_data.list_shown([c for c in list_columns() if c.table == table and c.mark is Mark.PERSON])
        labels = {capital(own_data.NAMES.get(f"{table}.{n}", own_data.NAMES[n])) for n in names}
        assert labels <= set(found[what][0]), table


def test_every_column_has_a_dutch_name_and_every_value_words(portal_copy: Flask) -> None:
    """Of each table that can hold something about the owner of an account."""
    models: dict[str, Any] = {model._meta.table_name: model for model in BaseModel.__subclasses__()}
    columns = defaultdict(list)
    for column in list_columns():
        if column.mark is not Mark.NONE:
            columns[column.table].append(column)
    with connection():
        account = Account.get(Account.person.is_null(False))
    for table, marked in columns.items():
        fields = models[table]._meta.fields
        if not list(own_data._list_conditions(models[table], marked, account, {"x"})):
            continue
        for name in own_data.list_shown(marked) if table not in ("change", "audit_entry") else ():
            assert name in own_data.NAMES, (table, name)
            if isinstance(fields[name], EnumField):
                assert issubclass(fields[name].enumeration, LabelledEnum), (table, name)
            if isinstance(fields[name], ForeignKeyField) and fields[name].rel_model != Assignment:
                assert set(own_data._TITLES) & set(fields[name].rel_model._meta.fields), name


def test_no_heading_stands_without_rows(portal_copy: Flask, member: CheckedClient) -> None:
    """Of a suspicious address that was put away, only the account is personal."""
    with connection():
        Dismissal.create(digest="x", at=clock.now(), account=Account.get(Account.person == coach()))
    page = member.get("/account/gegevens").text
    sections = page.split("<section>")[1:-1]
    assert len(sections) > 3
    for section in sections:
        assert "<li>" in section or "in het bestand." in section, section


def test_a_report_that_somebody_made_is_in_their_file_and_one_they_answered_is_not(portal_copy: Flask) -> None:
    reader = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    with connection():
        account = Account.get(Account.role == "reader")
        about = {"person": coach(), "fault": "other", "topic": "x", "at": clock.now(),
                 "is_shown": False, "state": "open"}  # fmt: skip
        Report.create(text="Dat meldde ik.", account=account, **about)
        Report.create(text="Dat meldde een ander.", answered_by=account, **about)
    (report,) = read_file(reader)["Wat lezers melden"]
    assert report["Tekst"] == "Dat meldde ik."


def test_a_reader_without_a_person_sees_the_account(portal_copy: Flask) -> None:
    reader = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    found = read_file(reader)
    assert {"Accounts", "Waar je bent ingelogd"} <= set(found)
    assert "Wie waar werkt" not in found
    assert "Mijn contactkaart" not in reader.get("/account/gegevens").text


def test_the_page_costs_as_much_with_more_posts(member: CheckedClient) -> None:
    costs = []
    member.get("/account/gegevens")  # reads what is kept
    for school in ("16LF00", "01JO17"):
        make_assignment(coach(), school=school)
        with counted() as statements:
            member.get("/account/gegevens")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 8


def test_who_ends_the_own_account_is_out_everywhere(portal_copy: Flask, member: CheckedClient) -> None:
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
