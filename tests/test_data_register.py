"""The register of data: every column is marked, and the documents are made of it."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from peewee import CharField, TextField

from portal.config import ROOT
from portal.data_register import BOOKKEEPING, COLUMNS, Mark, list_columns, write_document
from portal.database import BaseModel, connection, db
from portal.database.fields import EnumField
from portal.jobs.clearing import Clearing
from portal.retention_periods import ALL, name_period
from tests.conftest import CheckedClient

# Texts that are not searched for somebody who is forgotten: nobody types them, or they are the name
# of a school, place or mail domain, and not of a person.
_NAMES_OF_NOBODY = {
    "attempt": "key", "confirmation": "secret", "meeting_feed": "token_hash",
    "audit_entry": "action subject subject_id", "change": "table row school",
    "contact_point": "key", "database_flag": "name", "delivery_fault": "advice",
    "dismissal": "digest", "done_form": "form_hash", "duo_upload": "content sector",
    "follow_link": "token_hash", "import": "interpreted_for roles", "job_run": "name",
    "kern": "code name sort_key", "listed_domain": "domain", "mailbox": "key",
    "merged_row": "table", "municipality": "code name slug", "notice": "key",
    "notice_line": "role", "organisation": "kind", "outgoing_mail": "key lease message_id",
    "pending_form": "browser_hash", "place": "name", "postcode": "pc4", "report": "topic",
    "request": "form_hash kind reference", "responsibility": "sector",
    "role": "case_by key municipalities service unconfirmed_in", "saved_form": "kind token_hash",
    "school": "code duo_name name phone postcode slug sort_key street",
    "search_document": "kind ref", "sector": "key label", "set_up_link": "token_hash",
    "sign_in_request": "browser_hash code_mac token_hash", "recovery_code": "code_mac",
    "second_factor": "data", "sign_in_session": "challenge token_hash",
    "subject": "key", "table_version": "name",
}  # fmt: skip

# Tables without a model: the migrations, and the index of words, which triggers make of
# search_document.
_OF_THE_ENGINE = ("schema_migration", "search_word", "sqlite_")


def list_tables() -> list[type[BaseModel]]:
    return list(BaseModel.__subclasses__())


def test_every_column_of_every_table_is_marked_once(portal_copy: Flask) -> None:
    marked = Counter((column.table, column.name) for column in list_columns())
    there = {
        (model._meta.table_name, name) for model in list_tables() for name in set(model._meta.fields) - BOOKKEEPING
    }
    assert set(marked) == there
    assert [column for column, times in marked.items() if times > 1] == []
    with connection():
        tables = {name for name in db.get_tables() if not name.startswith(_OF_THE_ENGINE)}
    assert tables == {row.table for row in COLUMNS}


def test_what_refers_to_a_person_or_an_account_is_marked_as_personal() -> None:
    marks = {(column.table, column.name): column.mark for column in list_columns()}
    for model in list_tables():
        for field, target in model._meta.refs.items():
            if target._meta.table_name in ("person", "account"):
                assert marks[model._meta.table_name, field.name] is Mark.PERSON, field


def test_every_text_that_somebody_types_is_marked_as_one_that_can_name_a_person() -> None:
    """Forgetting a person rewrites what is marked so."""
    texts = {
        (model._meta.table_name, name)
        for model in list_tables()
        for name, field in model._meta.fields.items()
        if isinstance(field, CharField | TextField) and not isinstance(field, EnumField)
    }
    personal = {(c.table, c.name) for c in list_columns() if c.mark is Mark.PERSON}
    left = {(table, name) for table, names in _NAMES_OF_NOBODY.items() for name in names.split()}
    assert texts - personal == left


def test_every_kind_of_data_has_a_row_and_a_sentence() -> None:
    assert {column.kept for column in list_columns()} <= set(ALL)
    assert len({kept.what for kept in ALL}) == len(ALL)
    for kept in ALL:
        assert ("{period}" in kept.sentence) == (kept.period != timedelta.max), kept.what
        assert kept.until.endswith("."), kept.what


def test_every_period_is_kept_by_a_job(portal_copy: Flask) -> None:
    clearings: list[Clearing] = portal_copy.extensions["clearings"]
    # Backups go with the next one, and accounts stop after a warning: jobs of their own.
    by_job = {clearing.kept.what for clearing in clearings} | {"Back-ups", "Accounts"}
    bounded = {kept.what for kept in ALL if kept.period != timedelta.max and not kept.module}
    assert bounded - by_job == set()


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (timedelta(hours=24), "24 uur"), (timedelta(days=3), "3 dagen"),
        (timedelta(days=35), "35 dagen"), (timedelta(days=365) / 2, "6 maanden"),
        (timedelta(days=730), "24 maanden"),
    ],
)  # fmt: skip
def test_a_period_is_said_in_dutch(period: timedelta, text: str) -> None:
    assert name_period(period) == text


def test_the_document_is_the_one_of_the_register() -> None:
    """`python -m portal.data_register > docs/privacy.md` writes it."""
    assert (ROOT / "docs" / "privacy.md").read_text() == write_document()


def test_the_privacy_page_says_every_period(client: CheckedClient) -> None:
    page = client.get("/privacy").text
    for kept in ALL:
        assert (kept.until in page) == (not kept.module)  # tests/meetings has one
