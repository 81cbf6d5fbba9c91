"""Pages made by portal/web/rendering.py are those that Flask and Jinja would make."""

from typing import Any

import pytest
from flask import Flask, g, request
from jinja2 import UndefinedError
from markupsafe import Markup
from werkzeug.routing import BuildError

MACROS = """
{% macro row(title, lines=(), end="!") %}<p>{{ title }}{{ lines|join }}{{ end }}</p>{% endmacro %}
{% macro around(title) %}{{ caller() }}{{ title }}{% endmacro %}
"""


def test_every_address_is_the_one_of_flask(app: Flask) -> None:
    asked: dict[str, Any] = {"slug": "a b", "dag": None, "q": ["é", "&"]}
    chosen = {"room": "beheer", "kind": "casus", "answer": "klopt"}
    person: dict[str, Any] = {"person": 1, "_anchor": "a b", "_external": True}
    with app.test_request_context(base_url="http://localhost/onder"):
        for rule in app.url_map.iter_rules():
            own = dict.fromkeys(rule.arguments, 7) | asked | chosen | dict(rule.defaults or {})
            made = app.url_for(rule.endpoint, **own)
            assert made == Flask.url_for(app, rule.endpoint, **own)
            assert made.startswith("/onder/")
        assert app.url_for("finder.person", **person).endswith("/onder/personen/1#a%20b")
        with pytest.raises(BuildError):
            app.url_for("finder.person")


@pytest.mark.parametrize(
    ("called", "written"),
    [
        ("{{ row('<b>') }}", "<p>&lt;b&gt;!</p>"),
        ("{{ row(safe, [1, '&']) }}", "<p><b>1&amp;!</p>"),
        ("{% for x in [none] %}{{ row(end='?', title=x) }}{% endfor %}", "<p>None?</p>"),
        ("{% set r = row(1) %}{{ r }}{{ r|length }}", "<p>1!</p>9"),
        ("{% call around('<') %}<i>{% endcall %}", "<i>&lt;"),
        ("{% call around(title='<') %}{{ row.name.upper() }}{% endcall %}", "ROW&lt;"),
    ],
)
def test_a_value_is_escaped_and_a_macro_gets_its_arguments(app: Flask, called: str, written: str) -> None:
    template = app.jinja_env.from_string(MACROS + called)
    assert template.render(safe=Markup("<b>")).strip() == written


@pytest.mark.parametrize("called", ["{{ row(1, 2, 3, 4) }}", "{{ row(1, other=2) }}"])
def test_a_macro_refuses_an_argument_that_it_does_not_know(app: Flask, called: str) -> None:
    with pytest.raises(TypeError):
        app.jinja_env.from_string(MACROS + called).render()


def test_a_macro_misses_the_content_of_its_call(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string(MACROS + "{{ around(1) }}").render()


def test_a_proxy_stands_for_what_this_request_has(app: Flask) -> None:
    with app.test_request_context("/scholen"):
        g.known = 1
        assert (request.path, g.known, getattr(g, "unknown", 2)) == ("/scholen", 1, 2)
    with pytest.raises(RuntimeError):
        assert request.path
