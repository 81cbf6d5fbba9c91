"""Follows the links of a portal, and finds the names of one region on the pages of another."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from pathlib import Path

from portal.region import Region
from tests.conftest import CheckedClient
from tests.contracts.test_structure import counted
from tests.regions.words import list_words

WORD = r"\w+"
MOST = 8  # statements of a page that was asked before
# Views that ask more, and why; 100 at most.
_TABLES, _SUMMARIES = "reads every table", "each feature asks for its own state"
_TEAM = "asks for a kernteam, and besides for what only this page shows"
MORE = {
    "people.forget": _TABLES, "admin.overview": _SUMMARIES,
    "kernen.kern": _TEAM, "finder.role": _TEAM, "meetings.meeting": _TEAM,
    "agendas.run_sheet": _TEAM, "meetings.index": _TEAM,
    "finder.search": "tries other words where it finds nothing",
    "request_admin.detail": "reads the steps with and without the internal ones",
}  # fmt: skip
# Between parts of which one is missing.
_STRAY = re.compile(r"[,·]\s*([,·]|</(p|li|h\d|summary|td|dd|option)>)")
_DOWNLOAD = re.compile(r"/static/|/uitloggen|\.(xlsx|csv|vcf|ics)\b")


def follow_links(client: CheckedClient, most: int) -> Iterator[tuple[str, str]]:
    """The address and the text of the pages that the links from the first page lead to, `most` of
    each view and each set of questions. Raises AssertionError for a link that leads nowhere."""
    adapter = client.application.url_map.bind("localhost")
    waiting, seen, asked = ["/"], set(), Counter[object]()
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        path, _, query = address.partition("?")
        view, _ = adapter.match(path)
        kind = view, tuple(sorted(re.findall(r"(\w+)=", query)))
        asked[kind] += 1
        if asked[kind] > most:
            continue
        with counted() as statements:
            answer = client.get(address)
        assert answer.status_code in (200, 301, 302), address
        limit = 100 if view in MORE else MOST
        if len(statements) > limit:
            with counted() as statements:  # of a page that was asked before
                client.get(address)
            assert len(statements) <= limit, (address, len(statements))
        if answer.mimetype == "text/html":
            assert not (stray := find_stray(answer.text)), (address, stray)
            yield address, answer.text
            found = map(unescape, re.findall(r'href="(/[^"#]*)', answer.text))
            waiting += [link for link in found if not _DOWNLOAD.search(link)]


def find_stray(page: str) -> str:
    """The first separator on a page that has nothing on one side; "" without any."""
    found = _STRAY.search(page)
    return page[max(0, found.start() - 60) : found.end() + 60] if found else ""


def list_names(region: Region, database: Path) -> set[str]:
    """The names of a region's own: its organisations, mailboxes, project and guide, its schools
    and its people, in lower case. Places are nobody's."""
    with sqlite3.connect(database) as rows:
        held = [
            value
            for query in (
                "SELECT name FROM school UNION SELECT code FROM school",
                "SELECT name FROM organisation UNION SELECT name FROM contact_point",
                "SELECT trim(given_name || ' ' || trim(infix || ' ' || family_name)) FROM person",
                "SELECT value FROM contact_detail WHERE kind <> 'phone' OR person_id IS NULL",
            )
            for (value,) in rows.execute(query)
        ]
        places = {
            fold_name(name)
            for query in ("SELECT name FROM place", "SELECT name FROM municipality")
            for (town,) in rows.execute(query)
            for name in (town, f"gemeente {town}")
        }
    own = {fold_name(name) for name in (*held, *list_words(region))} - places
    return {name for name in own if len(name) > 4}


def fold_name(name: str) -> str:
    """The words of a name, in lower case, with a space around."""
    return f" {' '.join(re.findall(WORD, name.lower()))} "


def find_names(names: Iterable[str], page: str) -> set[str]:
    """The `names` that a page shows."""
    shown = fold_name(unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)))
    words = set(shown.split())
    return {name for name in names if _first_word(name) in words and name in shown}


@cache
def _first_word(name: str) -> str:
    return name.split()[0]
