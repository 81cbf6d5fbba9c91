"""Every page of the portal as nobody, a member and a coordinator; the last tables of `make bench`.

    python -m tests.bench.pages [--postgres] [SCHOOLS] [BEGINNING OF THE ADDRESS]

Prints the CPU time of the first request for a page, and of a later one its CPU time, the time by
the clock, its size and its statements. The pages that miss an aim come first, with a mark. What is
downloaded is a file, not a page: it holds every row, so it has no aim, and is asked once. What the
databases of the bench do not hold (imports, requests) has no page. With `--postgres` the dearest
pages of each visitor follow, beside the same on PostgreSQL.
"""

import argparse
import gc
import logging
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from flask import Flask

from portal.app import create_app
from portal.database import connection, db
from portal.directory.models import Assignment, ContactDetail, ContactPoint, Holiday, School
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.throttle.pages import PageCounter
from tests.bench.fill import copied, freeze_clock
from tests.bench.measure import VISITORS, sign_in

SECONDS, BYTES, STATEMENTS = 0.060, 100_000, 8  # at most
ROUNDS = 3  # the best counts; above ten times the aim a page is asked once more
LONGEST = 40  # seconds of CPU of one request, which is stopped then
DEAREST = 20  # pages of a visitor on PostgreSQL
# Addresses of a page that its route does not tell.
ALSO = (
    "/?q=haarlem", "/?q=leerplicht", "/?q=wilgenhoke", "/?q=de", "/scholen?gemeente=haarlem",
    "/scholen?naam=linde", "/gemeenten/haarlem?naam=linde", "/functies/directeur?naam=linde",
    "/wijzigingen?gemeente=haarlem",
    "/beheer/mensen?zoek=jan", "/beheer/mensen?ontbreekt=nummer", "/beheer/scholen?zoek=linde",
    "/beheer/verdeling?functie=cjg-coach&dag=2027-08-01", "/beheer/verdeling?persoon={person}",
    "/beheer/verdeling?functie=directeur", "/beheer/dekking?gemeente=haarlem",
    "/routeboek/verzuimkaart?wat=te-laat&keer=13&school={slug}",
    "/routeboek/zorgen-over-veiligheid?school={slug}", "/aanvragen/thema?school={school}",
    *(f"/wijzigingen/nieuw?soort={kind}" for kind in NoticeKind),
)  # fmt: skip


class Page(NamedTuple):
    """The cost of one page for a visitor."""

    visitor: str
    address: str
    first: float  # CPU time of this thread, of the first request
    seconds: float  # the same, later
    waited: float  # seconds by the clock
    size: int
    statements: int
    is_file: bool

    @property
    def is_over(self) -> bool:
        """Whether it misses an aim."""
        over = self.seconds > SECONDS or self.size > BYTES or self.statements > STATEMENTS
        return over and not self.is_file


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("schools", nargs="?", type=int, default=10_000)
    parser.add_argument("beginning", nargs="?", default="/")
    arguments = parser.parse_args()
    freeze_clock()
    logging.disable()  # a server's log would stand between the figures
    signal.signal(signal.SIGVTALRM, _stop)
    pages = _measure(arguments.schools, arguments.beginning)
    _print_pages(arguments.schools, [page for page in pages if not page.is_file])
    print("files: ms of CPU, kB")
    for page in pages:
        if page.is_file:
            print(f"{page.first * 1000:8.0f} {page.size / 1000:8.1f}  {page.address}")
    if arguments.postgres:
        _compare(arguments.schools, [page for page in pages if not page.is_file])


def _print_pages(schools: int, pages: list[Page]) -> None:
    pages.sort(key=lambda page: (page.is_over, page.seconds), reverse=True)
    print(f"\n{schools:,} schools on SQLite: ms of CPU first and later, by the clock, kB, statements")
    for page in pages:
        first, later, waited = (f"{s * 1000:8.1f}" for s in page[2:5])
        print(
            f"{'!' if page.is_over else ' '} {first} {later} {waited} {page.size / 1000:8.1f}"
            f" {page.statements:4}  {page.visitor:12}{page.address}"
        )
    over = sum(page.is_over for page in pages)
    print(f"{len(pages)} pages, {over} over an aim; slowest {max(p.seconds for p in pages):.3f} s")


def _compare(schools: int, pages: list[Page]) -> None:
    """The dearest pages of each visitor again, on PostgreSQL."""
    dearest = []
    for visitor in VISITORS:
        own = [page for page in pages if page.visitor == visitor]
        dearest += sorted(own, key=lambda page: page.seconds, reverse=True)[:DEAREST]
    known = {(page.visitor, page.address): page for page in dearest}
    print(f"\n{schools:,} schools on PostgreSQL: ms of CPU, × that of SQLite; by the clock, ×")
    for page in _measure(schools, only=known, on_postgres=True):
        before = known[page.visitor, page.address]
        print(
            f"{page.seconds * 1000:8.1f} {page.seconds / before.seconds:5.1f} "
            f"{page.waited * 1000:8.1f} {page.waited / before.waited:5.1f}"
            f" {page.statements:4}  {page.visitor:12}{page.address}"
        )


def _measure(
    schools: int, beginning: str = "/", only: Collection[tuple[str, str]] = (), *,
    on_postgres: bool = False,
) -> list[Page]:  # fmt: skip
    """The pages whose address begins so, or these alone (visitor, address)."""
    with copied(schools, on_postgres=on_postgres) as (config, _):
        app = create_app(config)
        app.extensions["pages"] = PageCounter(10**9)
        with connection():
            every = [address for address in _list_addresses(app) if address.startswith(beginning)]
        statements = _count_statements()
        pages: list[Page] = []
        for visitor in VISITORS:
            addresses = [one for one in every if not only or (visitor, one) in only]
            pages += _measure_visitor(app, visitor, addresses, statements)
        return pages


def _measure_visitor(app: Flask, visitor: str, addresses: Sequence[str], statements: list[str]) -> Iterator[Page]:
    client = app.test_client(use_cookies=False)
    client.environ_base["HTTP_COOKIE"] = "" if visitor == "nobody" else sign_in(app, visitor)
    for address in addresses:
        gc.collect()
        gc.freeze()  # no page pays for the objects of those before it
        costs: list[tuple[float, float]] = []
        while len(costs) < 1 + ROUNDS:
            del statements[:]
            begun, cpu = time.perf_counter(), time.thread_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
            answer = client.get(address)
            size, is_file = len(answer.get_data()), "attachment" in str(answer.headers)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            costs.append((time.thread_time() - cpu, time.perf_counter() - begun))
            is_slow = costs[-1][0] > 10 * SECONDS
            is_enough = len(costs) > 1 or costs[-1][0] >= LONGEST
            if answer.status_code != 200 or is_file or (is_slow and is_enough):
                break
        if answer.status_code == 200 or costs[-1][0] >= LONGEST:
            best = min(costs[1:] or costs)
            yield Page(visitor, address, costs[0][0], *best, size, len(statements), is_file)


def _stop(number: int, frame: object) -> None:
    raise TimeoutError(f"more than {LONGEST} s of CPU")


def _count_statements() -> list[str]:
    """A list to which every statement is added from now on."""
    seen: list[str] = []
    execute = db.obj.execute_sql

    def note(sql: str, *arguments: Any) -> object:
        seen.append(sql)
        return execute(sql, *arguments)

    db.obj.execute_sql = note
    return seen


def _list_addresses(app: Flask) -> Sequence[str]:
    """The address of every page, of the person, school or row with the most to show."""
    holder = Assignment.select().order_by(Assignment.person.desc()).get()
    school = School.select().order_by(School.code).get()
    detail = ContactDetail.select(ContactDetail, ContactPoint).join(ContactPoint).get()
    point: Any = detail.contact_point
    values = {
        "school": school.code, "slug": school.slug, "person": holder.person_id, "post": holder.id,
        "detail": ContactDetail.get(ContactDetail.person == holder.person_id).id,
        "notice_id": Notice.get().id, "owner": f"p{holder.person_id}", "room": "beheer",
        "role": "directeur", "key": "directeur", "sector": "alle", "day": "2026-11-01",
        "number": Holiday.get().id, "account_id": 1, "subject_id": 1, "absence": 1,
    }  # fmt: skip
    own = {
        "finder.municipality": {"slug": "haarlem"},
        "editing.answer": {"key": "leerplichtambtenaar", "slug": "velsen"},
        "editing.school": {"key": school.code}, "editing.organisation": {"key": "leerplein"},
        "editing.contact_point": {"key": point.key},
        "editing.detail": {"key": point.key, "number": detail.id},
        "requests.new_request": {"slug": "thema"}, "guide.chapter": {"slug": "verzuim"},
    }  # fmt: skip
    found = [address.format(**values) for address in ALSO]
    for rule in app.url_map.iter_rules():
        known = values | own.get(rule.endpoint, {})
        if "GET" in (rule.methods or ()) and rule.arguments <= set(known):
            for room in ("beheer", "organisatie"):
                if built := rule.build(known | {"room": room}, append_unknown=False):
                    found.append(built[1])
    return sorted(set(found))


if __name__ == "__main__":
    main()
