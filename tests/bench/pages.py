"""Every page of the portal as nobody, a member and a coordinator; the last tables of `make bench`.

    python -m tests.bench.pages [--postgres] [SCHOOLS] [BEGINNING OF THE ADDRESS]

Prints of a page that was asked once before: the CPU time, the time by the clock, its size, and its
statements. The pages that miss an aim come first, with a mark. What the databases of the bench do
not hold (imports, requests) has no page.
"""

import argparse
import gc
import time
from collections.abc import Iterator, Sequence
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
ROUNDS = 3  # the best counts
# Addresses of a page that its route does not tell.
ALSO = (
    "/?q=haarlem", "/?q=leerplicht", "/?q=wilgenhoke", "/?q=de", "/scholen?gemeente=haarlem",
    "/scholen?naam=linde", "/gemeenten/haarlem?naam=linde", "/functies/directeur?naam=linde",
    "/wijzigingen?gemeente=haarlem",
    "/beheer/mensen?zoek=jan", "/beheer/mensen?ontbreekt=nummer", "/beheer/scholen?zoek=linde",
    "/beheer/verdeling?functie=cjg-coach&dag=2027-08-01", "/beheer/dekking?gemeente=haarlem",
    "/routeboek/verzuimkaart?wat=te-laat&keer=13&school={slug}",
    "/routeboek/zorgen-over-veiligheid?school={slug}", "/aanvragen/thema?school={school}",
    *(f"/wijzigingen/nieuw?soort={kind}" for kind in NoticeKind),
)  # fmt: skip


class Page(NamedTuple):
    """The cost of one page for a visitor."""

    visitor: str
    address: str
    seconds: float  # CPU time of this thread
    waited: float  # seconds by the clock
    size: int
    statements: int

    @property
    def is_over(self) -> bool:
        """Whether it misses an aim."""
        return self.seconds > SECONDS or self.size > BYTES or self.statements > STATEMENTS


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("schools", nargs="?", type=int, default=10_000)
    parser.add_argument("beginning", nargs="?", default="/")
    arguments = parser.parse_args()
    print_pages(arguments.schools, arguments.beginning, on_postgres=arguments.postgres)


def print_pages(schools: int, beginning: str = "/", *, on_postgres: bool = False) -> None:
    """Measure and print the pages whose address begins so."""
    freeze_clock()
    with copied(schools, on_postgres=on_postgres) as (config, _):
        pages = list(_measure(create_app(config), beginning))
    pages.sort(key=lambda page: (page.is_over, page.seconds), reverse=True)
    engine = "PostgreSQL" if on_postgres else "SQLite"
    print(f"\n{schools:,} schools on {engine}: ms of CPU, ms by the clock, kB, statements")
    for page in pages:
        print(
            f"{'!' if page.is_over else ' '} {page.seconds * 1000:8.1f} {page.waited * 1000:8.1f}"
            f" {page.size / 1000:8.1f} {page.statements:4}  {page.visitor:12}{page.address}"
        )
    over = sum(page.is_over for page in pages)
    print(f"{len(pages)} pages, {over} over an aim; slowest {max(p.seconds for p in pages):.3f} s")


def _measure(app: Flask, beginning: str) -> Iterator[Page]:
    app.extensions["pages"] = PageCounter(10**9)
    with connection():
        addresses = [address for address in _list_addresses(app) if address.startswith(beginning)]
    statements = _count_statements()
    for visitor in VISITORS:
        cookie = "" if visitor == "nobody" else sign_in(app, visitor)
        client = app.test_client(use_cookies=False)
        client.environ_base["HTTP_COOKIE"] = cookie
        for address in addresses:
            if client.get(address).status_code != 200:
                continue
            costs = []
            for _ in range(ROUNDS):
                gc.collect()
                del statements[:]
                begun, cpu = time.perf_counter(), time.thread_time()
                size = len(client.get(address).get_data())
                costs.append((time.thread_time() - cpu, time.perf_counter() - begun))
                if costs[-1][0] > 10 * SECONDS:
                    break
            yield Page(visitor, address, *min(costs), size, len(statements))


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
