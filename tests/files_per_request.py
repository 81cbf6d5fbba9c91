"""Counts the files that one request enters: `python -m tests.files_per_request`.

Without the foundation (portal/*.py, portal/database/, portal/web/) and without the files that every
request of this visitor enters (those of /privacy). All caches are empty.
"""

import gc
import sys
import tempfile
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.test import TestResponse

from portal.config import ROOT
from portal.database.cache import _shared
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient, kept_database, make_app, seed
from tests.notices.conftest import Visitor, leave
from tests.requests.conftest import ask

PORTAL = ROOT / "portal"
CAMELOT = "/scholen/16lf00-basisschool-camelot"
PAGES = [
    "/", "/?q=leerplicht camelot", f"{CAMELOT}?plaats=hillegom&dag=2027-03-01", "/aanvragen/thema",
    "/routeboek/veilig-thuis-en-meldcode", f"{CAMELOT}/poster",
]  # fmt: skip
PUBLISHED = "POST /wijzigingen/nieuw (publish)"
AIMS = {f"GET {PAGES[1]}": 12, f"GET {PAGES[2]}": 12, PUBLISHED: 20}


class TracingClient(CheckedClient):
    """Remembers which files of the portal its last request entered."""

    entered: set[Path]

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask when nothing is remembered, and look at every call."""
        _shared.forget()
        self.application.extensions["pieces"].forget()
        names: set[str] = set()

        def note(frame: FrameType, event: str, argument: object) -> None:
            if event == "call":
                names.add(frame.f_code.co_filename)

        sys.setprofile(note)
        try:
            return super().open(*args, **kwargs)
        finally:
            sys.setprofile(None)
            self.entered = {Path(name) for name in names if name.startswith(f"{PORTAL}/")}


class Count(NamedTuple):
    """The files that one request enters."""

    request: str
    entered: int
    own: list[str]  # without the foundation and what every request enters


def is_foundation(path: Path) -> bool:
    """Whether a file belongs to the ground that every part stands on."""
    first, *rest = path.relative_to(PORTAL).parts
    return not rest or first in ("database", "web")


def count(request: str, client: TracingClient) -> Count:
    """Count the last request of a visitor."""
    entered = client.entered
    client.get("/privacy")
    own = {path for path in entered - client.entered if not is_foundation(path)}
    return Count(request, len(entered), sorted(str(path.relative_to(PORTAL)) for path in own))


def forget() -> None:
    """Empty what functions of the portal remember."""
    gc.unfreeze()  # the tests let the collector pass over what they imported, and then it shows none of that
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper) and str(each.__module__).startswith("portal."):
            each.cache_clear()
    gc.freeze()


def count_all(app: Flask) -> Iterator[Count]:
    """Count the requests of the table, in a portal with the demo."""
    forget()
    reader = TracingClient(app, app.response_class)
    for path in PAGES:
        assert reader.get(path).status_code == 200, path
        yield count(f"GET {path}", reader)
    asked = ask(reader, "thema", toch="y")
    assert asked.status_code == 302
    yield count("POST /aanvragen/thema", reader)
    browser = TracingClient(app, app.response_class)
    member = Visitor(app, "member", browser)
    member.ask("vertrek")
    yield count("GET /wijzigingen/nieuw?soort=vertrek", browser)
    previewed = member.preview("vertrek", leave())
    yield count("POST /wijzigingen/nieuw (preview)", browser)
    published = member.publish("vertrek", previewed)
    assert published.status_code == 302
    yield count(PUBLISHED, browser)


def main() -> None:
    """Print the table; with `-v` also the names of the files."""
    print("  own  all  request")
    with tempfile.TemporaryDirectory() as folder, stopped_at(f"{TODAY} 09:00:00"):
        app = make_app(kept_database("seeded", Path(folder) / "seeded", seed))
        for each in count_all(app):
            print(f"{len(each.own):5} {each.entered:4}  {each.request}")
            if "-v" in sys.argv:
                print(*(f"{'':12}{name}" for name in each.own), sep="\n")


if __name__ == "__main__":
    main()
