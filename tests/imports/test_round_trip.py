"""The division as a workbook goes out and comes in again, and changes nothing."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.database import connection
from portal.imports import reading_now_or_later
from portal.imports.apply import list_differences
from portal.imports.difference import Kind
from portal.imports.models import Coverage
from tests.clock import TODAY
from tests.conftest import CheckedClient


@pytest.fixture
def template(seeded: Path) -> Path:
    """All schools."""
    return seeded


def test_the_division_comes_in_again_without_a_change(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    file = client.get("/beheer/verdeling.xlsx").data
    long_ago, all_of_it = TODAY - timedelta(days=99), Coverage.EVERYTHING
    answers = reading_now_or_later.Answers("verdeling.xlsx", "ons", long_ago, TODAY, (), all_of_it)
    with connection():
        row = reading_now_or_later.make_import(answers, file, 1)
        reading_now_or_later.read(row)
        opened = reading_now_or_later.open_as_read(row)
        assert opened
        found = opened.found
        assert [c.heading for sheet in found.sheets for c in sheet.columns if not c.answer] == []
        assert ([q.sentence for q in found.questions], found.rejected) == ([], ())
        differences = list_differences(opened)
    counts = Counter(one.kind for one in differences)
    assert counts.keys() == {Kind.STAYS}, [d for d in differences if d.kind is not Kind.STAYS][:9]
    assert counts[Kind.STAYS] > 500
