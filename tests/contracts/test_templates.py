"""The templates hold nothing that the policy blocks or that fails without JavaScript."""

import pytest
from flask.testing import FlaskClient

from portal.config import ROOT
from tests.contracts.templates import faults

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_subjects_of_mail_begin_alike() -> None:
    subjects = sorted((ROOT / "templates" / "mail").rglob("subject.txt"))
    assert len(subjects) > 10
    assert [path for path in subjects if not path.read_text().startswith("[Kernwijzer] ")] == []


def test_the_templates_are_clean() -> None:
    assert len(TEMPLATES) > 150
    assert {path: found for path in TEMPLATES if (found := faults(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "fault",
    [
        "<script>alert(1)</script>",
        "<style>a{}</style>",
        '<p style="color:red">',
        '<p onclick="x()">',
        '<p hx-on:click="x()">',
        '<body hx-boost="true">',
        '<form action="/" hx-get="/" hx-target="#a" hx-swap="innerHTML" hx-trigger="keyup[x]">',
        "{{ text|safe }}",
        '<a href="javascript:x()">',
        '<div role="combobox">',
        '<a href="#">',
        '<script src="https://elders.example/x.js"></script>',
        '<input placeholder="Naam">',
        '<input type="tel" autocomplete="off">',
        "<p>Vul uw naam in.</p>",
        "<p>Gelieve te bellen.</p>",
        '<div hx-get="/" hx-target="#a" hx-swap="innerHTML">',
        '<a href="/" hx-get="/" hx-swap="innerHTML">',
        '<a href="/" hx-get="/" hx-target="this" hx-swap="outerHTML">',
    ],
)
def test_the_lint_finds_each_fault(fault: str) -> None:
    assert faults(fault)


def test_the_lint_leaves_a_good_form_alone() -> None:
    assert not faults('<form action="/" hx-get="/" hx-target="#a" hx-swap="innerHTML" novalidate>')


def test_only_a_page_that_asks_for_its_parts_carries_htmx(client: FlaskClient) -> None:
    for address, asks in (("/", True), ("/wijzigingen", True), ("/aanvragen/thema", False)):
        page = client.get(address).text
        assert [part in page for part in ("hx-get", "htmx-config", "with-htmx")] == [asks] * 3
