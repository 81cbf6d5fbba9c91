"""`make bench-peers`: Django and Datasette beside the type-ahead of the portal.

They are installed in an environment of their own outside the project (BENCH_FOLDER), get the
schools and people of the bench in one flat table, and are asked the same texts. Prints the CPU time
of a request in process, the best of several rounds, mean of the texts, and × the Jinja fragment. A
flat row holds all that is shown, so a peer does less than the portal: no joins, days, visibility,
places, desks, functions or mistyped words, and two pieces of middleware.
"""

import gc
import json
import sqlite3
import subprocess
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from portal.app import create_app
from portal.throttle.pages import PageCounter
from tests.bench import measure
from tests.bench.by_hand import make_by_hand
from tests.bench.fill import FOLDER, bench_config, filled, freeze_clock
from tests.bench.references import make_fragment

PINS = ("django==5.2.19", "datasette==0.65.5")
SCHOOLS = 10_000
ROUNDS = 5
FLAT = """
CREATE TABLE peer
  (id INTEGER PRIMARY KEY, path TEXT, title TEXT, about TEXT, caller TEXT, number TEXT);
INSERT INTO peer (path, title, about, caller, number)
SELECT 'scholen/' || slug, school.name, street || ', ' || place.name,
  given_name || ' ' || family_name, value
FROM bench.school JOIN bench.place ON place.id = place_id
JOIN bench.assignment ON assignment.school_id = school.code
  AND role_id = (SELECT id FROM bench.role WHERE key = 'cjg-coach')
JOIN bench.person ON person.id = assignment.person_id
JOIN bench.contact_detail ON contact_detail.person_id = person.id AND contact_detail.kind = 'phone'
UNION ALL
SELECT 'personen/' || person.id, given_name || ' ' || family_name, organisation.name,
  given_name || ' ' || family_name, value
FROM bench.person JOIN bench.organisation ON organisation.id = organisation_id
JOIN bench.contact_detail ON contact_detail.person_id = person.id AND contact_detail.kind = 'phone';
CREATE VIRTUAL TABLE peer_fts USING fts5
  (title, about, content='peer', content_rowid='id', prefix='1 2 3 4 5');
INSERT INTO peer_fts (peer_fts) VALUES ('rebuild');
"""


def main() -> None:
    """Install, measure and print."""
    python = _install()
    freeze_clock()
    with TemporaryDirectory() as folder:
        flat = _make_flat(Path(folder))
        texts = json.dumps(measure.list_texts())
        costs = dict(_measure_own())
        for peer in ("django", "datasette"):
            script = Path(__file__).with_name(f"peer_{peer}.py")
            command = [str(python), str(script), str(flat), str(ROUNDS)]
            answer = subprocess.run(command, input=texts, check=True, text=True, stdout=-1).stdout
            costs |= json.loads(answer)
    unit = costs["Jinja fragment"]
    print(f"{f'{SCHOOLS:,} schools':40}{'µs':>8}  × fragment")
    for name, cost in costs.items():
        print(f"  {name:38}{cost * 1e6:8.0f}{cost / unit:10.1f}")


def _install() -> Path:
    """The interpreter of the environment of the peers, which is made where it is missing."""
    folder = FOLDER / "-".join(("peers", *PINS)).replace("==", "-")
    python = folder / "bin" / "python"
    if not (folder / "done").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *PINS]
        subprocess.run(pip, check=True)
        (folder / "done").touch()
    return python


def _make_flat(folder: Path) -> Path:
    """A database with a row for each school and person, and their words in FTS5."""
    path = folder / "flat.sqlite"
    database = sqlite3.connect(path)
    database.execute("ATTACH ? AS bench", (str(filled(SCHOOLS)),))
    database.executescript(FLAT)
    (rows,) = database.execute("SELECT count(*) FROM peer").fetchone()
    assert rows > 3 * SCHOOLS, rows
    database.close()
    return path


def _measure_own() -> Iterator[tuple[str, float]]:
    """The fragment, the work by hand and the portal, for nobody."""
    database = filled(SCHOOLS)
    app = create_app(bench_config(database))
    app.extensions["pages"] = PageCounter(10**9)
    for environ in measure.list_typed():  # templates are compiled, shared tables are cached
        measure.ask(app, environ)
    gc.freeze()  # so that a collection before each request leaves the caches of the processor alone
    yield "Jinja fragment", _cost(make_fragment())
    yield "by hand", _cost(make_by_hand(database))
    yield "portal, text seen before", _cost(app)
    yield "portal, new text over lines seen", _cost(app, lambda: measure.forget_answers(app))
    yield "portal, all new", _cost(app, lambda: app.extensions["pieces"]._versions.clear())


def _cost(app: Flask, before: Callable[[], object] = lambda: None) -> float:
    costs = []
    for environ in measure.list_typed():
        best = float("inf")
        for _ in range(ROUNDS):
            before()
            best = min(best, measure.ask(app, environ, measure.cpu_seconds))
        costs.append(best)
    return sum(costs) / len(costs)


if __name__ == "__main__":
    main()
