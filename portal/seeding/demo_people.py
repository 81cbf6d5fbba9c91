"""Invented people for every school, by rule and from a fixed random seed.

The same region gives the same people each time. Addresses end in `.example`, numbers are of the
kind 06 1234 5xxx, so that nobody real is ever called or mailed.
"""

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.config import SEEDS
from portal.database import db
from portal.database.flags import DatabaseFlag
from portal.directory.models import (
    Absence,
    Assignment,
    ChangeRecord,
    ContactDetail,
    DetailKind,
    Municipality,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Substitute,
    Vacancy,
    Visibility,
)
from portal.region import Region
from portal.seeding.demo_notices import load_notices
from portal.seeding.demo_requests import load_requests
from portal.seeding.demo_story import Draft, Post, tell
from portal.seeding.region import slug
from portal.seeding.table_sync import Difference, SeedError, ids, sync

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


def load_demo(region: Region) -> list[Difference]:
    """Fill the database with the demo's people and mark it as a demo for ever.

    Raises SeedError in a database that holds real people.
    """
    with db.atomic():
        mark = DatabaseFlag.get_or_none(DatabaseFlag.name == DatabaseFlag.DEMO)
        if mark is None:
            if Person.select().exists():
                raise SeedError("In deze database staan echte mensen. Kies een andere database.")
            mark = DatabaseFlag.create(name=DatabaseFlag.DEMO, set_on=clock.today())
        if ChangeRecord.select().exists():
            return []  # notices were built on these people
        cast = _People(tomllib.loads((SEEDS / "demo" / "names.toml").read_text("utf-8")))
        draft = Draft(
            day=mark.set_on,
            hire=cast.hire_colleague,
            posts=[post for pool in POOLS for post in _fill(pool, cast, mark.set_on)],
        )
        events = tomllib.loads((region.folder / "demo" / "story.toml").read_text("utf-8"))["events"]
        tell(draft, events)
        differences = [
            *_store(cast.people, draft),
            _store_accounts(mark.set_on),
            load_notices(region.folder, mark.set_on),
            load_requests(region.folder, mark.set_on),
        ]
        return [difference for difference in differences if any(difference[1:])]


class _People:
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
                "email": (
                    f"{slug(given)}.{slug(infix + surname).replace('-', '')}@{domain}.example"
                ),
                "phone": f"+3161234{5000 + len(self.people)}",
            }
        )
        return len(self.people) - 1

    def hire_colleague(self, of: int) -> int:
        colleague = self.people[of]
        domain = colleague["email"].partition("@")[2].removesuffix(".example")
        return self.hire(colleague["organisation"], domain)


def _fill(pool: Pool, cast: _People, day: date) -> Iterator[Post]:
    organisations = {o.key: o for o in Organisation.select()}
    rounds: dict[str, list[School]] = defaultdict(list)
    for school in _schools(pool):
        # One round stays within a municipality where the employer works for several.
        rounds["" if pool.schools_each > 8 else school.place.municipality_id].append(school)
    for schools in rounds.values():
        for at in range(0, len(schools), pool.schools_each):
            served = schools[at : at + pool.schools_each]
            employer = pool.employer or f"school-{served[0].code}"
            person = cast.hire(organisations[employer].id, pool.employer or slug(served[0].name))
            for school in served:
                yield Post(person, pool.role, school.code, day - _IN_SERVICE, None, day - _CHECKED)


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


def _store(people: list[dict[str, Any]], draft: Draft) -> Iterator[Difference]:
    fields = ("organisation", "given_name", "infix", "family_name", "working_days")
    names = ("given_name", "infix", "family_name")
    # Who lost all posts to the story is left out.
    working = {post.person for post in draft.posts}
    cast = {number: person for number, person in enumerate(people) if number in working}
    yield sync(
        Person,
        "mensen",
        names,
        ({f: p[f] for f in fields} for p in cast.values()),
        keep_missing=True,
    )
    found = {tuple(getattr(p, name) for name in names): p.id for p in Person.select()}
    person_ids = {n: found[tuple(person[name] for name in names)] for n, person in cast.items()}
    told = {"source": _SOURCE, "checked_on": draft.day - _CHECKED}
    yield sync(
        ContactDetail,
        "nummers en adressen van mensen",
        ("person", "kind", "valid_from"),
        (
            {"person": person_ids[number], "visibility": Visibility.OPEN, **detail, **told}
            for number, person in cast.items()
            for detail in _details(number, person, draft.new_numbers.get(number))
        ),
        only=ContactDetail.person.is_null(False) & (ContactDetail.source == _SOURCE),
    )
    role_ids = ids(Role)
    yield sync(
        Assignment,
        "wie werkt waar",
        ("person", "role", "school", "valid_from"),
        (
            {
                "person": person_ids[post.person],
                "role": role_ids[post.role],
                "school": post.school,
                "valid_from": post.valid_from,
                "valid_until": post.valid_until,
                "source": _SOURCE,
                "checked_on": post.checked_on,
            }
            for post in draft.posts
        ),
        only=Assignment.source == _SOURCE,
    )
    yield sync(
        Vacancy,
        "vacatures",
        ("role", "school", "valid_from"),
        (
            {
                "role": role_ids[role],
                "school": school,
                "valid_from": valid_from,
                "valid_until": valid_until,
                **told,
            }
            for role, school, valid_from, valid_until in draft.vacancies
        ),
        only=Vacancy.source == _SOURCE,
    )
    yield from _store_absences(person_ids, draft, told)


def _store_accounts(day: date) -> Difference:
    """One account for each role; the kernteamlid and the organisatiebeheerder are at the CJG."""
    coach = (
        Person.select()
        .join(Organisation)
        .where(Organisation.key == "cjg-kennemerland")
        .order_by(Person.id)
        .get()
    )
    linked = {"member": (coach.id, coach.name), "editor": (None, "Robin van Beheer")}
    names = {
        "reader": "Lieke Lezer",
        "coordinator": "Coen Coördinator",
        "administrator": "Bea Baas",
    }
    return sync(
        Account,
        "accounts",
        ("email",),
        (
            {
                "email": f"{role}@demo.example",
                "name": linked.get(role, (None, names.get(role, "")))[1],
                "role": role,
                "organisation": coach.organisation_id if role in linked else None,
                "person": linked.get(role, (None, ""))[0],
                "created_at": datetime.combine(day, time(), UTC),
            }
            for role in AccountRole
        ),
        keep_missing=True,
    )


def _details(
    number: int, person: dict[str, Any], new_from: date | None
) -> Iterator[dict[str, Any]]:
    """The contact details of somebody, of whom a new number may start on a day."""
    yield {"kind": DetailKind.EMAIL, "value": person["email"], "valid_from": None}
    yield {
        "kind": DetailKind.PHONE,
        "value": person["phone"],
        "valid_from": None,
        "valid_until": new_from,
    }
    if new_from:
        yield {
            "kind": DetailKind.PHONE,
            "value": f"+3161234{5999 - number}",
            "valid_from": new_from,
            "valid_until": None,
        }


def _store_absences(
    person_ids: dict[int, int], draft: Draft, told: dict[str, Any]
) -> Iterator[Difference]:
    yield sync(
        Absence,
        "afwezigheid",
        ("person", "valid_from"),
        (
            {"person": person_ids[who], "valid_from": first, "valid_until": until, **told}
            for who, (first, until) in draft.absences.items()
        ),
        only=Absence.source == _SOURCE,
    )
    demo = Absence.select().where(Absence.source == _SOURCE)
    absences = {absence.person_id: absence.id for absence in demo}
    posts = {
        (p.person_id, p.role.key, p.school_id): p.id
        for p in Assignment.select(Assignment, Role).join(Role)
        if p.source == _SOURCE
    }
    yield sync(
        Substitute,
        "vervangers",
        ("absence", "assignment"),
        (
            {
                "absence": absences[person_ids[post.person]],
                "assignment": posts[person_ids[post.person], post.role, post.school],
                "person": person_ids[draft.substitutes[post.person]],
            }
            for post in draft.posts
            if post.person in draft.substitutes
        ),
        only=Substitute.absence.in_(list(absences.values())),
    )
