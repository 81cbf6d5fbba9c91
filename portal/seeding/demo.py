"""Invented people for every school, by rule and from a fixed random seed.

The same region gives the same people each time. Addresses end in `.example`, numbers are of the
kind 06 1234 5xxx, so that nobody real is ever called or mailed.
"""

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal import clock
from portal.database import Mark, db
from portal.directory.models import (
    Assignment,
    ContactDetail,
    Municipality,
    Organisation,
    Person,
    Place,
    Role,
    School,
)
from portal.seeding.region import SEEDS, slug
from portal.seeding.sync import Difference, SeedError, ids, sync

_SOURCE = "Demo: verzonnen gegevens"
_IN_SERVICE = timedelta(days=400)  # everybody has held their post for over a year
_CHECKED = timedelta(days=60)


@dataclass(frozen=True)
class Pool:
    """How a role is filled: by the school's own staff, or by an organisation's rounds."""

    role: str
    employer: str  # key of an organisation; "": the school itself
    schools_each: int  # how many schools one person serves
    sectors: tuple[str, ...] = ("po", "so", "vo")
    municipalities: tuple[str, ...] = ()  # names; empty: all


POOLS = (
    Pool(
        "cjg-coach", "cjg-kennemerland", 6, municipalities=("Haarlem", "Zandvoort", "Bloemendaal")
    ),
    Pool("cjg-coach", "cjg-heemstede", 6, municipalities=("Heemstede",)),
    Pool("schoolcoach", "altra", 2, municipalities=("Haarlemmermeer",)),
    Pool(
        "leerplichtambtenaar",
        "leerplein",
        11,
        municipalities=("Haarlem", "Zandvoort", "Bloemendaal", "Heemstede"),
    ),
    Pool("leerplichtambtenaar", "leerplicht-haarlemmermeer", 2, municipalities=("Haarlemmermeer",)),
    Pool("onderwijsconsulent", "swv-po-zk", 9, ("po", "so")),
    Pool("onderwijsconsulent", "swv-vo-zk", 9, ("vo",)),
    Pool("jeugdarts", "ggd-kennemerland", 12),
    Pool("jeugdverpleegkundige", "ggd-kennemerland", 7),
    Pool("doktersassistent", "ggd-kennemerland", 9),
    Pool("directeur", "", 1),
    Pool("intern-begeleider", "", 1, ("po", "so")),
    Pool("zorgcoordinator", "", 1, ("vo",)),
    Pool("schoolmaatschappelijk-werker", "", 1, ("vo",), ("Haarlem", "Zandvoort")),
)


def load_demo(folder: Path = SEEDS) -> list[Difference]:
    """Fill the database with the demo's people and mark it as a demo for ever.

    Raises SeedError in a database that holds real people.
    """
    with db.atomic():
        mark = Mark.get_or_none(Mark.name == Mark.DEMO)
        if mark is None:
            if Person.select().exists():
                raise SeedError("In deze database staan echte mensen. Kies een andere database.")
            mark = Mark.create(name=Mark.DEMO, set_on=clock.today())
        cast = _Cast(tomllib.loads((folder / "demo" / "names.toml").read_text("utf-8")))
        posts = [post for pool in POOLS for post in _fill(pool, cast)]
        return [d for d in _store(cast.people, posts, mark.set_on) if any(d[1:])]


@dataclass(frozen=True)
class _Post:
    person: int  # number in the cast
    role: str
    school: str


class _Cast:
    """Hands out invented people, none of them twice."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._random = random.Random(2704)  # noqa: S311 - nothing secret: the same people each time
        self._names = [(given, family) for given in names["given"] for family in names["family"]]
        self._random.shuffle(self._names)
        self.people: list[dict[str, Any]] = []

    def hire(self, organisation: int, domain: str) -> int:
        given, family = self._names[len(self.people)]
        infix, _, surname = family.partition("|")
        days = "".join(sorted(self._random.sample("12345", self._random.choice((2, 3, 3, 4, 5)))))
        self.people.append(
            {
                "organisation": organisation,
                "given_name": given,
                "infix": infix,
                "family_name": surname,
                "working_days": days,
                "email": f"{slug(given)}.{slug(infix + surname).replace('-', '')}@{domain}.example",
                "phone": f"+3161234{5000 + len(self.people)}",
            }
        )
        return len(self.people) - 1


def _fill(pool: Pool, cast: _Cast) -> Iterator[_Post]:
    organisations = {o.key: o for o in Organisation.select()}
    rounds: dict[str, list[School]] = defaultdict(list)
    for school in _schools(pool):
        # One round stays within a municipality where the employer works for several.
        rounds["" if pool.schools_each > 8 else school.place.municipality_id].append(school)
    for schools in rounds.values():
        for at in range(0, len(schools), pool.schools_each):
            served = schools[at : at + pool.schools_each]
            employer = pool.employer or f"school-{served[0].code}"
            domain = pool.employer or slug(served[0].name)
            person = cast.hire(organisations[employer].id, domain)
            for school in served:
                yield _Post(person, pool.role, school.code)


def _schools(pool: Pool) -> list[School]:
    query = (
        School.select(School, Place)
        .join(Place)
        .join(Municipality)
        .where(School.sector.in_(pool.sectors) & School.closed_on.is_null())
        .order_by(Municipality.name, School.postcode, School.code)
    )
    if pool.municipalities:
        query = query.where(Municipality.name.in_(pool.municipalities))
    return list(query)


def _store(
    people: list[dict[str, Any]], posts: list[_Post], seeded_on: date
) -> Iterator[Difference]:
    checked_on = seeded_on - _CHECKED
    fields = ("organisation", "given_name", "infix", "family_name", "working_days")
    names = ("given_name", "infix", "family_name")
    yield sync(Person, "mensen", names, ({f: p[f] for f in fields} for p in people))
    found = {tuple(getattr(p, name) for name in names): p.id for p in Person.select()}
    person_ids = [found[tuple(person[name] for name in names)] for person in people]
    yield sync(
        ContactDetail,
        "nummers en adressen van mensen",
        ("person", "kind"),
        (
            {
                "person": person_ids[number],
                "kind": kind,
                "value": person[kind],
                "visibility": ContactDetail.OPEN,
                "source": _SOURCE,
                "checked_on": checked_on,
            }
            for number, person in enumerate(people)
            for kind in (ContactDetail.PHONE, ContactDetail.EMAIL)
        ),
        only=ContactDetail.person.is_null(False),
    )
    role_ids = ids(Role)
    yield sync(
        Assignment,
        "wie werkt waar",
        ("person", "role", "school"),
        (
            {
                "person": person_ids[post.person],
                "role": role_ids[post.role],
                "school": post.school,
                "valid_from": seeded_on - _IN_SERVICE,
                "valid_until": None,
                "origin_kind": "demo",
                "source": _SOURCE,
                "checked_on": checked_on,
            }
            for post in posts
        ),
    )
