"""The papers are those that the code makes."""

import pytest

from portal.config import ROOT
from portal.data_register import Mark, list_columns
from portal.legal_papers import list_processing, write_paper
from portal.retention_periods import ALL, BACKUPS, LOGS
from tests.browser.evidence import write_evidence


@pytest.mark.parametrize("name", ["verwerkingsregister", "dpia"])
def test_a_paper_is_the_one_of_the_register(name: str) -> None:
    """`python -m portal.legal_papers verwerkingsregister` writes docs/verwerkingsregister.md."""
    assert (ROOT / "docs" / f"{name}.md").read_text("utf-8") == write_paper(name)


def test_the_evidence_is_that_of_the_inspected_pages() -> None:
    """`python -m tests.browser.evidence > docs/accessibility.md` writes it."""
    assert (ROOT / "docs" / "accessibility.md").read_text("utf-8") == write_evidence()


def test_the_register_of_processing_has_every_column_about_a_person() -> None:
    listed = list_processing()
    written = [name for row in listed for line in row.columns
               for name in line.partition(": ")[2].split(", ")]  # fmt: skip
    assert sorted(written) == sorted(c.name for c in list_columns() if c.mark is Mark.PERSON)
    assert {LOGS, BACKUPS} <= {row.kept for row in listed} <= set(ALL)
    text = write_paper("verwerkingsregister")
    for row in listed:
        assert row.kept.until in text
