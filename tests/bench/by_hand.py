"""The same search by hand: sqlite3, FTS5, joins and one template, without hooks, session or cache.

It reads the portal's own tables, and shows the same content in a row. One rule decides whom to
call: the holder of the first role that is shown in results, or else its contact point. This is the
floor for the type-ahead of the portal.
"""

import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from jinja2 import DictLoader

from portal.text import fold
from tests.bench.fill import MOMENT

LIMIT = 10
PAGES_FROM = 7 << 40  # the first rank of the guide's pages, which this search leaves out
FIND = """
SELECT {0}.rowid, kind, ref FROM {0} JOIN search_document ON search_document.rank = {0}.rowid
WHERE {0} MATCH ? AND {0}.rowid < ? ORDER BY {0}.rowid LIMIT ?"""

_VALID = "valid_from <= :day AND (valid_until IS NULL OR valid_until > :day)"
_NAME = "given_name || ' ' || CASE infix WHEN '' THEN '' ELSE infix || ' ' END || family_name"
_NUMBER = """(SELECT value FROM contact_detail WHERE {owner}_id = {owner}.id AND kind = 'phone'
  AND visibility = 'open' AND (valid_from IS NULL OR valid_from <= :day)
  AND (valid_until IS NULL OR valid_until > :day) ORDER BY position LIMIT 1)"""
_FIRST_ROLE = "(SELECT id FROM role WHERE shown_first ORDER BY position LIMIT 1)"
_POINT = f"""LEFT JOIN responsibility ON responsibility.role_id = {_FIRST_ROLE}
  AND responsibility.municipality_id = municipality.code AND responsibility.rank = 1
LEFT JOIN contact_point ON contact_point.id = responsibility.contact_point_id"""
_POINT_NUMBER = _NUMBER.format(owner="contact_point")
# For each kind: the key, the path, the title, the line below it, whom to call and the number.
ROWS = {
    "school": f"""
SELECT school.code, 'scholen/' || school.slug, school.name,
  school.street || ', ' || place.name || ' · ' || sector.label,
  coalesce(role.label || ' ' || {_NAME}, contact_point.name),
  coalesce({_NUMBER.format(owner="person")}, {_POINT_NUMBER})
FROM school JOIN sector ON sector.key = school.sector_id JOIN place ON place.id = school.place_id
JOIN municipality ON municipality.code = place.municipality_id
LEFT JOIN assignment ON assignment.school_id = school.code AND assignment.role_id = {_FIRST_ROLE}
  AND {_VALID} AND NOT is_pending
LEFT JOIN role ON role.id = assignment.role_id LEFT JOIN person ON person.id = assignment.person_id
{_POINT} WHERE school.code IN (%s) GROUP BY school.code""",
    "person": f"""
SELECT person.id, 'personen/' || person.id, {_NAME},
  group_concat(DISTINCT role.label) || ' · ' || organisation.name, '',
  {_NUMBER.format(owner="person")}
FROM person JOIN organisation ON organisation.id = person.organisation_id
LEFT JOIN assignment ON assignment.person_id = person.id AND {_VALID} AND NOT is_pending
LEFT JOIN role ON role.id = assignment.role_id WHERE person.id IN (%s) GROUP BY person.id""",
    "place": f"""
SELECT place.id, 'gemeenten/' || municipality.slug, place.name, 'gemeente ' || municipality.name,
  contact_point.name, {_POINT_NUMBER}
FROM place JOIN municipality ON municipality.code = place.municipality_id {_POINT}
WHERE place.id IN (%s) GROUP BY place.id""",
    "municipality": f"""
SELECT municipality.code, 'gemeenten/' || municipality.slug, municipality.name, 'gemeente',
  contact_point.name, {_POINT_NUMBER}
FROM municipality {_POINT} WHERE municipality.code IN (%s) GROUP BY municipality.code""",
    "desk": f"""
SELECT contact_point.key, 'functies/' || role.key, contact_point.name,
  'voor ' || group_concat(DISTINCT role.label), contact_point.name, {_POINT_NUMBER}
FROM contact_point JOIN responsibility ON responsibility.contact_point_id = contact_point.id
JOIN role ON role.id = responsibility.role_id
WHERE contact_point.key IN (%s) GROUP BY contact_point.id""",
    "role": """
SELECT key, 'functies/' || key, label, call_about, '', NULL FROM role WHERE key IN (%s)""",
}
TEMPLATE = """<ul class="list">
{% for row in rows %}
<li>
<div class="what">
<a class="title" href="/{{ row.path }}">
{% for word, hit in row.title %}{% if hit %}<mark>{{ word }}</mark>{% else %}{{ word }}{% endif %}
{% endfor %}</a>
<span class="about">{{ row.about }}</span>
</div>
<div class="call">
{% if row.caller %}
<span class="caller">{{ row.caller }}</span>
{% endif %}
{% if row.number %}
<a class="tel" href="tel:{{ row.number }}" aria-label="Bel {{ row.caller }}">{{ row.shown }}</a>
<p><a href="/klopt-niet/{{ row.path }}">Klopt niet<span>: {{ row.caller }}</span></a></p>
{% endif %}
</div>
</li>
{% endfor %}
</ul>
"""
Hit = tuple[str, str]  # kind and key


def make_by_hand(database: Path) -> Flask:
    """Flask with one route that searches in this database."""
    app = Flask("by hand")
    app.jinja_env.loader = DictLoader({"rows.html": TEMPLATE})
    connection = sqlite3.connect(database)

    @app.get("/")
    def search() -> str:
        words = fold(request.args["q"]).split()
        rows = [_row(words, *row) for row in _list_rows(connection, _find(connection, words))]
        return render_template("rows.html", rows=rows)

    return app


def _find(connection: sqlite3.Connection, words: list[str]) -> list[Hit]:
    """The hits by stored rank: exact names first, then beginnings, then addresses."""
    whole = " AND ".join(f'"{word}"' for word in words)
    hits: dict[Hit, None] = {}
    for index, query in (
        ("search_word_named", whole),
        ("search_word_named", f"{whole}*"),
        ("search_word", f"{whole}*"),
    ):
        if len(hits) <= LIMIT:
            found = connection.execute(FIND.format(index), (query, PAGES_FROM, LIMIT + 1))
            hits |= {(kind, ref): None for _, kind, ref in found}
    return list(hits)[:LIMIT]


def _list_rows(connection: sqlite3.Connection, hits: list[Hit]) -> list[tuple[Any, ...]]:
    """The rows of the hits, in their order; one statement for each kind among them."""
    rows: dict[Hit, tuple[Any, ...]] = {}
    for kind in {kind for kind, _ in hits}:
        keys = [ref for of_kind, ref in hits if of_kind == kind]
        values = {f"key{number}": key for number, key in enumerate(keys)}
        marks = ", ".join(f":{name}" for name in values)
        day = MOMENT.date().isoformat()
        for key, *row in connection.execute(ROWS[kind] % marks, {"day": day, **values}):
            rows[kind, str(key)] = tuple(row)
    return [rows[hit] for hit in hits]


def _row(words: list[str], path: str, title: str, about: str, caller: str, number: str | None) -> dict[str, Any]:
    """A row for the template, with the searched words marked and a Dutch number grouped."""
    return {
        "path": path,
        "title": [(word, fold(word).startswith(tuple(words))) for word in title.split()],
        "about": about,
        "caller": caller,
        "number": number,
        "shown": f"0{number[3:5]} {number[5:8]} {number[8:10]} {number[10:]}" if number else "",
    }
