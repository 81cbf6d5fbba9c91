"""Loads the demo: invented people in every role of every school, and one account per role.

Deterministic: the same region gives the same people, from a fixed random seed. Mail addresses end
in `.example` and numbers are 06 1234 5xxx, so that no real person is called or mailed.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.config import SEEDS
from portal.database import db
from portal.database.database_flags import DatabaseFlag
from portal.directory.change_sets import Change
from portal.directory.models import (
    Absence,
    Assignment,
    CheckedBy,
    ContactDetail,
    DetailKind,
    Kern,
    Municipality,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Substitute,
    Vacancy,
    Visibility,
    at_workplace,
)
from portal.region import Region
from portal.seeding.demo_meetings import load_meetings
from portal.seeding.demo_notices import load_notices
from portal.seeding.demo_refusal import refuse_database_in_use
from portal.seeding.demo_requests import load_requests
from portal.seeding.demo_story import Draft, Post, tell
from portal.seeding.seed_files import SeedRow, faults_in, read_toml
from portal.seeding.table_sync import Difference, ids, sync
from portal.text import slug

_SOURCE = "Demo: verzonnen gegevens"
_IN_SERVICE = timedelta(days=400)  # longer than a year
_CHECKED = timedelta(days=60)


@dataclass(frozen=True)
class Pool:
    """The people who fill a role: staff of the schools, or of an organisation that serves them, or
    kernen where the role is of a kern."""

    role: str
    schools_each: int  # the number of schools or kernen that one person serves
    employer: str = ""  # key of an organisation; "": the school itself
    sectors: Sequence[str] = ()  # keys; empty: all
    municipalities: Sequence[str] = ()  # names; empty: all


def load_demo(region: Region) -> list[Difference]:
    """Load the demo of `region` and flag the database as a demo, permanently.

    Returns the differences, table by table. Raises SeedError in a database that is in use, and for
    a fault in the seeds.
    """
    with db.atomic():
        flag = DatabaseFlag.get_or_none(DatabaseFlag.name == DatabaseFlag.DEMO)
        if flag is None:
            refuse_database_in_use()
            flag = DatabaseFlag.create(name=DatabaseFlag.DEMO, set_on=clock.today())
        if Change.select().exists():
            return []  # change sets refer to these people
        day = flag.set_on
        folder = region.folder / "demo"
        differences: list[Difference] = []
        with faults_in("demo/pools.toml"):
            seeds = read_toml(folder / "pools.toml")
            names = read_toml(SEEDS / "demo" / "names.toml")
            cast = _People(names, seeds.get("first_name", 0))
            draft = Draft(day, cast.hire_colleague, [])
            for pool in seeds["pools"]:
                draft.posts += _fill(Pool(**pool), cast, day)
        with faults_in("demo/story.toml"):
            tell(draft, read_toml(folder / "story.toml")["events"])
            differences += _store(cast.people, draft)
        with faults_in("demo/pools.toml"):
            differences.append(_store_accounts(names["accounts"], seeds["accounts_at"], day))
        if "notices" in region.modules:
            with faults_in("demo/notices.toml"):
                differences.append(load_notices(region, day))
        if "requests" in region.modules:
            with faults_in("demo/requests.toml"):
                differences.append(load_requests(region, day))
        if "meetings" in region.modules:
            with faults_in("demo/meetings.toml"):
                differences.append(load_meetings(region, day))
        return [difference for difference in differences if any(difference[1:])]


class _People:
    """The cast: hires invented people, each name once, from number `first` of the names on."""

    def __init__(self, names: SeedRow, first: int) -> None:
        self._random = random.Random(2704)  # noqa: S311 - nothing secret: the same people each time
        self._names = [(given, family) for given in names["given"] for family in names["family"]]
        self._random.shuffle(self._names)
        self._first = first
        self.people: list[dict[str, Any]] = []

    def hire(self, organisation: int, domain: str) -> int:
        given, family = self._names[self._first + len(self.people)]
        infix, _, surname = family.partition("|")
        days = "".join(sorted(self._random.sample("12345", self._random.choice((2, 3, 3, 4, 5)))))
        self.people.append(
            {
                "organisation": organisation,
                "given_name": given,
                "infix": infix,
                "family_name": surname,
                "working_days": days,
                "hours": ("", "8.30-15.00", "9.00-17.00")[len(self.people) % 3],
                "email": (f"{slug(given)}.{slug(infix + surname).replace('-', '')}@{domain}.example"),
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
    if Role.get(Role.key == pool.role).of_kern:
        kernen = list(Kern.select().order_by(Kern.code))
        for at in range(0, len(kernen), pool.schools_each):
            person = cast.hire(organisations[pool.employer].id, pool.employer)
            for kern in kernen[at : at + pool.schools_each]:
                yield Post(person, pool.role, kern.code, day - _IN_SERVICE, None, day - _CHECKED)
        return
    rounds: dict[str, list[School]] = defaultdict(list)
    for school in _schools(pool):
        # A person with few schools serves schools of one municipality.
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
        .where(School.closed_on.is_null())
        .order_by(Municipality.name, School.postcode, School.code)
    )
    if pool.sectors:
        query = query.where(School.sector.in_(pool.sectors))
    if pool.municipalities:
        query = query.where(Municipality.name.in_(pool.municipalities))
    return list(query)


def _store(people: list[dict[str, Any]], draft: Draft) -> Iterator[Difference]:
    names = ("given_name", "infix", "family_name")
    # A person whose last post the story took away is left out.
    working = {post.person for post in draft.posts}
    cast = {number: person for number, person in enumerate(people) if number in working}
    fields = ("organisation", *names, "working_days", "hours")
    hired = [{field: person[field] for field in fields} for person in cast.values()]
    yield sync(Person, "mensen", names, hired, keep_missing=True)
    found = {tuple(getattr(p, name) for name in names): p.id for p in Person.select()}
    person_ids = {n: found[tuple(person[name] for name in names)] for n, person in cast.items()}
    checked = {"source": _SOURCE, "checked_by": CheckedBy.ORGANISATION}
    provenance = {**checked, "checked_on": draft.day - _CHECKED}
    # The numbers were checked together with the posts.
    checked_on = {post.person: post.checked_on for post in draft.posts}
    details = [
        {
            "person": person_ids[number],
            "kind": kind,
            "value": value,
            "visibility": Visibility.OPEN,
            "valid_from": valid_from,
            "valid_until": valid_until,
            **checked,
            "checked_on": checked_on[number],
        }
        for number, person in cast.items()
        for kind, value, valid_from, valid_until in _details(number, person, draft.new_numbers.get(number))
    ]
    key: tuple[str, ...] = ("person", "kind", "valid_from")
    invented = ContactDetail.person.is_null(False) & (ContactDetail.source == _SOURCE)
    yield sync(ContactDetail, "nummers en adressen van mensen", key, details, only=invented)
    role_ids = ids(Role, "functies")
    assignments = [
        {
            "person": person_ids[post.person],
            "role": role_ids[post.role],
            "school": None,
            "kern": None,
            **at_workplace(post.workplace),
            **{name: getattr(post, name) for name in ("valid_from", "valid_until", "checked_on")},
            **checked,
        }
        for post in draft.posts
    ]
    key = ("person", "role", "school", "kern", "valid_from")
    invented = Assignment.source == _SOURCE
    yield sync(Assignment, "wie werkt waar", key, assignments, only=invented)
    vacancies = [
        {
            "role": role_ids[role],
            "school": None,
            "kern": None,
            **at_workplace(workplace),
            "valid_from": valid_from,
            "valid_until": valid_until,
            "known_on": known_on,
            **provenance,
        }
        for role, workplace, valid_from, valid_until, known_on in draft.vacancies
    ]
    key = ("role", "school", "kern", "valid_from")
    yield sync(Vacancy, "vacatures", key, vacancies, only=Vacancy.source == _SOURCE)
    yield from _store_absences(person_ids, draft, provenance)


def _store_accounts(names: SeedRow, employer: str, day: date) -> Difference:
    """Store one account per account role, by its name; the kernteamlid and the organisatiebeheerder belong to the
    organisation with the key `employer`, of which the kernteamlid is the first person."""
    member = Person.select().join(Organisation).where(Organisation.key == employer).order_by(Person.id).get()
    accounts = [
        {
            "email": f"{role}@demo.example",
            "name": member.name if role is AccountRole.MEMBER else names[role],
            "role": role,
            "organisation": (member.organisation_id if role in (AccountRole.MEMBER, AccountRole.EDITOR) else None),
            "person": member.id if role is AccountRole.MEMBER else None,
            "created_at": datetime.combine(day, time(), UTC),
        }
        for role in AccountRole
    ]
    return sync(Account, "accounts", ("email",), accounts, keep_missing=True)


def _details(
    number: int, person: dict[str, Any], new_from: date | None
) -> Iterator[tuple[DetailKind, str, date | None, date | None]]:
    """The kind, value and period of a person's details; a new number starts on `new_from`."""
    yield DetailKind.EMAIL, person["email"], None, None
    yield DetailKind.PHONE, person["phone"], None, new_from
    if new_from:
        yield DetailKind.PHONE, f"+3161234{5999 - number}", new_from, None


def _store_absences(person_ids: dict[int, int], draft: Draft, provenance: dict[str, Any]) -> Iterator[Difference]:
    rows = [
        {"person": person_ids[who], "valid_from": first, "valid_until": until, **provenance}
        for who, (first, until) in draft.absences.items()
    ]
    invented = Absence.source == _SOURCE
    yield sync(Absence, "afwezigheid", ("person", "valid_from"), rows, only=invented)
    absences = {absence.person_id: absence.id for absence in Absence.select().where(invented)}
    posts = {
        (p.person_id, p.role.key, p.workplace_id): p.id
        for p in Assignment.select(Assignment, Role).join(Role)
        if p.source == _SOURCE
    }
    substitutes = [
        {
            "absence": absences[person_ids[post.person]],
            "assignment": posts[person_ids[post.person], post.role, post.workplace],
            "person": person_ids[draft.substitutes[post.person]],
        }
        for post in draft.posts
        if post.person in draft.substitutes
    ]
    invented = Substitute.absence.in_(list(absences.values()))
    yield sync(Substitute, "vervangers", ("absence", "assignment"), substitutes, only=invented)
