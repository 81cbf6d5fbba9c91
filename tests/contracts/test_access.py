"""Who may ask for what: each route is in this table, or a test fails."""

from flask import Flask

from portal.web.access import declared_access

ROUTES = {
    "GET /": "public",
    "GET /functies/<key>": "public",
    "GET /gemeenten/<slug>": "public",
    "GET /personen/<int:person>": "public",
    "GET /privacy": "public",
    "GET /scholen": "public",
    "GET /scholen/<slug>": "public",
    "GET /toegankelijkheid": "public",
}


def routes(app: Flask) -> dict[str, str | None]:
    """Each method and address of the portal, with what its view declares."""
    return {
        f"{method} {rule.rule}": declared_access(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_listed_with_what_it_declares(app: Flask) -> None:
    assert routes(app) == ROUTES


def test_a_route_that_is_not_listed_is_noticed(portal_copy: Flask) -> None:
    portal_copy.add_url_rule("/nieuw", "nieuw", lambda: "")
    assert routes(portal_copy) == {**ROUTES, "GET /nieuw": None}
