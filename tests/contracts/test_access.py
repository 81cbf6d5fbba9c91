"""Access: each kind of visitor asks for each route of tests/routes.py.

Where a page is about something of somebody, it is asked for twice: for one's own and for another's.
The same visits show which statements are executed and how the pages read.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from portal.database import connection
from portal.throttle import Attempt
from portal.web.declared_access import declared_access
from tests.conftest import CheckedClient, copied, switch
from tests.contracts.test_query_plans import EVERYWHERE, Statements, assert_no_scans, collected, misread
from tests.contracts.test_readability import assert_readable, is_shown
from tests.routes import ROUTES, VISITORS
from tests.visitors import arrive

# A mail program posts here; the signed link is the proof (tests/notices/test_receipts.py).
ONE_CLICK = "POST /wijzigingen/afmelden/<secret:token>"
# On PostgreSQL the others run no statement that these do not.
ON_BOTH = ("member", "editor", "administrator")
CASES = [(name, case) for name, route in ROUTES.items() for case in route.cases]
# The other addresses of each page, with who is signed in before it: whether each may be an error. A
# name without an address stands for what tests/browser/test_every_page.py makes first.
STATES = {
    address: address in route.also or bool(route.states and address == route.states.error)
    for name, route in ROUTES.items() if name.startswith("GET")
    for address in (*(route.states or ()), *route.also)
    if address and "/" in address and address not in {case.address for case in route.cases}
}  # fmt: skip
# The states that a coordinator never sees: they are signed in, sent no file, and are neither of both.
NOT_SEEN = {
    "post /inloggen", "sent /beheer/duo/verschil", "sent post /beheer/duo/verschil",
    "editor /organisatie/bevestigen", "member /mijn-werktijd",
}  # fmt: skip


def routes(app: Flask) -> set[str]:
    """Each method and address of the portal."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_stands_in_the_list(app: Flask) -> None:
    assert routes(app) == set(ROUTES)


def test_a_route_missing_from_the_list_is_found(own_portal: Flask) -> None:
    own_portal.add_url_rule("/nieuw", "nieuw", lambda: "")
    assert routes(own_portal) - set(ROUTES) == {"GET /nieuw"}


def test_every_view_declares_its_access(app: Flask) -> None:
    assert all(declared_access(view) is not None for view in app.view_functions.values())


class Visit(NamedTuple):
    """The answer of every route of the list to one visitor."""

    wrong: list[str]  # the answers with another status than the list says
    statements: Statements
    pages: dict[str, str]  # by address, those that are shown, in every state for a coordinator


@pytest.fixture(scope="module")
def visit(_application: Flask, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Visit]:
    """The visit of somebody, made once for all tests that look at it."""

    @cache
    def find(visitor: str) -> Visit:
        portal = switch(_application, copied(seeded, tmp_path_factory.mktemp("visit")))
        return _visit(visitor, *arrive(portal, visitor))

    return find


def _visit(visitor: str, client: CheckedClient, numbers: dict[str, int | str]) -> Visit:
    made = Visit([], {}, {})
    if visitor in ("member", "coordinator"):
        _visit_states(visitor, client, numbers, made)  # before what the forms change
    for route, case in CASES:
        wanted = case.statuses[visitor]
        if visitor == "administrator" and case.about == "of an administrator":
            wanted = 404  # their own
        address = case.address.format(**numbers)
        with collected() as statements:
            answer = client.get(address) if route.startswith("GET") else client.submit(address)
        if not address.startswith(EVERYWHERE):
            made.statements.update(statements)
        if answer.status_code != wanted:
            made.wrong.append(f"{route} {case.about}: {answer.status_code}, not {wanted}")
        if route.startswith("GET") and is_shown(answer):
            made.pages[case.address] = answer.text
        if visitor in ("stranger", "network"):
            if answer.status_code == 302 and wanted == 302 and "<secret:" not in route:
                assert re.match(r"/inloggen", answer.headers["Location"]), route
            if route.startswith("POST"):
                with connection():
                    Attempt.delete().execute()  # so many forms are kept of nobody
        elif wanted == 302 and ("sessies" in route or "uitloggen" in route):
            client.sign_in(visitor)  # the session has ended
    return made


def _visit_states(visitor: str, client: CheckedClient, numbers: dict[str, int | str], made: Visit) -> None:
    """Ask for the other addresses too: a coordinator for all of them. The browser checks them."""
    client.checks = False
    for state, may_be_error in STATES.items():
        *how, address = state.split(" ")
        if (visitor == "coordinator" and state not in NOT_SEEN) or how in ([], [visitor]):
            with collected() as statements:
                answer = client.get(address.format(**numbers))
            if not address.startswith(EVERYWHERE):
                made.statements.update(statements)
            if is_shown(answer):
                made.pages[state] = answer.text
            if answer.status_code not in ((200, 404, 422) if may_be_error else (200,)):
                made.wrong.append(f"{state}: {answer.status_code}")
    client.checks = True


@pytest.mark.parametrize(
    "visitor",
    [
        visitor if visitor in ON_BOTH
        else pytest.param(visitor, marks=pytest.mark.sqlite("the same statements"))
        for visitor in VISITORS
    ],
)  # fmt: skip
def test_each_visitor_gets_what_the_list_says(visit: Callable[[str], Visit], visitor: str) -> None:
    assert visit(visitor).wrong == []


@pytest.mark.sqlite("reads the plans of SQLite")
@pytest.mark.parametrize("visitor", ["member", "coordinator"])
def test_no_route_reads_a_growing_table_whole(visit: Callable[[str], Visit], app: Flask, visitor: str) -> None:
    statements = visit(visitor).statements
    assert len(statements) > 100
    assert_no_scans(statements)
    assert not misread(statements)


@pytest.mark.sqlite("the same pages")
def test_every_page_of_the_list_reads_easily(visit: Callable[[str], Visit]) -> None:
    pages = visit("coordinator").pages
    assert len(pages) > 200
    assert_readable(pages)


def test_no_form_is_accepted_without_its_token(portal_copy: Flask) -> None:
    client, numbers = arrive(portal_copy, "administrator")
    for route, case in CASES:
        if route.startswith("POST") and route != ONE_CLICK:
            with connection():
                Attempt.delete().execute()  # so many forms are kept of nobody
            answer = client.post(case.address.format(**numbers))
            if answer.status_code == 403:  # a secret in an address is not kept
                assert "<h1>De beveiligingscode" in answer.text, route
            else:
                assert answer.headers["Location"].startswith("/verder/"), route


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/console", "/admin", "/wp-login.php", "/instance/keys.json",
     "/keys.json", "/static/", "/static/../portal/app.py", "/static/%2e%2e/wsgi.py", "/wsgi.py",
     "/pyproject.toml", "/backup.sql", "/kernwijzer.sqlite", "/server-status", "/debug", "/login",
     "/static/css/", "/log/kernwijzer-2026-11-23.log", "/.well-known/none"],
)  # fmt: skip
def test_files_of_the_installation_are_not_served(portal_copy: Flask, path: str) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    assert client.get(path).status_code == 404


def test_an_id_above_64_bits_is_not_found(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("administrator")
    for path in ("/personen/", "/wijzigingen/", "/beheer/accounts/", "/verder/"):
        assert client.get(f"{path}{10**20}").status_code == 404, path


def test_an_unused_method_is_refused(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert client.open("/privacy", method=method).status_code == 405


def test_a_slash_behind_an_address_leads_to_the_page(app: Flask, client: CheckedClient) -> None:
    client.sign_in("administrator")
    for name, route in ROUTES.items():
        address = route.cases[0].address
        if not name.startswith("GET ") or address == "/" or "{" in address:
            continue
        path, _, query = address.partition("?")
        answer = client.get(f"{path}/?{query}" if query else f"{path}/")
        assert answer.status_code == 301, name
        assert answer.headers["Location"] == address, name


@pytest.mark.parametrize("path", ["/niets/", "/scholen/x/y/", "/uitloggen/", "/static/"])
def test_a_slash_behind_no_address_leads_nowhere(client: CheckedClient, path: str) -> None:
    assert client.get(path).status_code == 404
