"""Reads the schools and the kernen, their sectors and roles, and the holidays; and labels, counts and names schools.

A kern is read as a school of the sector `KERN`, so that whatever holds for the posts of a school
holds for those of a kern. Each function that reads runs a fixed number of statements, for any number of rows.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import SQL, fn

from portal import clock
from portal.database import fetch_tuples
from portal.database.cache import cached_until_change, fetch_kept
from portal.database.compiled import prepared
from portal.database.validity import valid_on
from portal.directory.contact_details import Contact, Detail
from portal.directory.models import (
    Assignment,
    CheckedBy,
    DetailKind,
    Holiday,
    Kern,
    KernMembership,
    Municipality,
    Place,
    Role,
    RoleInSector,
    School,
    Sector,
    Workplace,
    is_kern,
    is_open,
)
from portal.region import current_region
from portal.text import fold
from portal.web.formatting import count
from portal.workdays import Calendar, HolidayRow

KERN = "kern"  # the sector of a kern, which is read as a school


class SchoolRow(NamedTuple):
    """An open school with its sector, place and municipality; or a kern."""

    code: str
    name: str
    duo_name: str
    aliases: str
    slug: str
    street: str
    postcode: str
    phone: str
    website: str
    board_website: str
    source: str
    checked_on: date
    checked_by: CheckedBy
    sector: str  # key
    sector_label: str
    place: str
    municipality: str  # code
    municipality_name: str
    municipality_slug: str
    kern: str = ""  # code of its kern on the day that was asked
    kern_name: str = ""

    @property
    def around(self) -> list[str]:
        """Its code, and that of its kern: where the people around it have their posts."""
        return list(filter(None, (self.code, self.kern)))

    @property
    def address(self) -> str:
        """Its street and place; "" for a kern, which has none."""
        return ", ".join(filter(None, (self.street, self.place)))

    @property
    def title(self) -> str:
        """Its name and place; a kern is named by its place."""
        return ", ".join(filter(None, (self.name, self.place)))

    @property
    def other_name(self) -> str:
        """DUO's name, where that does not contain the name in daily use."""
        return "" if fold(self.name) in fold(self.duo_name) else self.duo_name

    def as_contact(self) -> Contact:
        """The school itself as a contact point."""
        owner = f"s{self.code}"
        check = (self.checked_on, self.checked_by, None, owner)
        details = [Detail(DetailKind.PHONE, self.phone, "", *check)] if self.phone else []
        if site := self.website or self.board_website:
            label = "" if self.website else "website van het bestuur"
            details.append(Detail(DetailKind.WEBSITE, site, label, *check))
        noun = "kern" if self.sector == KERN else "school"
        return Contact(
            name=f"De {noun} zelf",
            organisation=self.name,
            note="" if self.phone else f"Van deze {noun} is geen nummer bekend.",
            details=tuple(details),
            source=self.source,
            checked_on=self.checked_on,
            checked_by=self.checked_by,
            owner="" if self.sector == KERN else owner,
        )


class RoleRow(NamedTuple):
    """A role, with the sectors (keys) and municipalities (codes) that have it."""

    key: str
    label: str
    aliases: str
    team: str
    call_about: str
    municipalities: frozenset[str]  # empty: everywhere
    unconfirmed_in: frozenset[str]  # municipalities
    member: bool
    service: str
    case_by: str
    why: str
    shown_first: bool
    check_months: int  # between checks of its holders
    source: str
    sectors: frozenset[str]
    expected_in: frozenset[str]  # sectors in which an empty post is a gap
    to_confirm_in: frozenset[str]  # sectors
    of_kern: bool = False  # its holders work for the schools of a kern

    def applies(self, sector: str, municipality: str) -> bool:
        """Whether schools of this sector in this municipality have the role."""
        return sector in self.sectors and (not self.municipalities or municipality in self.municipalities)

    def is_around(self, school: SchoolRow) -> bool:
        """Whether a school has the role, of its own or by its kern."""
        by_kern = self.of_kern and bool(school.kern)
        return by_kern or self.applies(school.sector, school.municipality)


@cached_until_change
def list_roles() -> tuple[RoleRow, ...]:
    """All roles, in the order of a page."""
    links: dict[int, list[RoleInSector]] = defaultdict(list)
    for link in RoleInSector.select():
        links[link.role_id].append(link)
    roles = []
    for role in Role.select().order_by(Role.position):
        sectors = {link.sector_id: link for link in links[role.id]}
        kernen = {KERN} if role.of_kern and has_kernen() else set()
        roles.append(
            RoleRow(
                role.key, role.label, role.aliases, role.team, role.call_about,
                frozenset(filter(None, role.municipalities.split("; "))),
                frozenset(filter(None, role.unconfirmed_in.split("; "))),
                role.member, role.service, role.case_by, role.why, role.shown_first,
                role.check_months, role.source,
                sectors=frozenset(sectors.keys() | kernen),
                expected_in=frozenset({s for s in sectors if sectors[s].expected} | kernen),
                to_confirm_in=frozenset(s for s in sectors if sectors[s].to_confirm),
                of_kern=role.of_kern,
            )
        )  # fmt: skip
    return tuple(roles)


def _schools(on: date) -> Any:
    """The query for the schools that are open on the day `on`."""
    return (
        School.select(
            School.code, School.name, School.duo_name, School.aliases, School.slug, School.street,
            School.postcode, School.phone, School.website, School.board_website, School.source,
            School.checked_on, School.checked_by, Sector.key, Sector.label, Place.name,
            Municipality.code, Municipality.name, Municipality.slug,
        )
        .join(Sector)
        .join_from(School, Place)
        .join(Municipality)
        .where(is_open(on))
        .order_by(School.sort_key, Place.name, School.street, School.code)
    )  # fmt: skip


def find_school(code: str, on: date | None = None) -> SchoolRow | None:
    """The school with this code that is open; on the day `on`, or now."""
    day = on or clock.today()
    return next(iter(_read(_schools_by_code([code], day), day)), None)


def find_last_day(code: str) -> date | None:
    """The last day of a closed school with this code."""
    closed_on = School.select(School.closed_on).where(School.code == code).scalar()
    return closed_on - timedelta(days=1) if closed_on else None


def list_schools(which: Any = None, skipped: int = 0, most: int | None = None) -> list[SchoolRow]:
    """The open schools by the name that people use: all, or those of the condition `which`; `most`
    of them after the first `skipped`."""
    query = _schools(clock.today())
    query = query if which is None else query.where(which)
    return _read(fetch_kept(query.offset(skipped).limit(most)), clock.today())


def chosen_schools(sector: str = "", municipality: str = "", codes: Any = None) -> Any:
    """The condition that a school is of a sector (key), in a municipality (slug), and has one of
    the codes that a query finds; "" and None stand for all."""
    condition = is_open(clock.today())
    if sector:
        condition &= School.sector == sector
    if municipality:
        in_it = Place.select(Place.id).join(Municipality).where(Municipality.slug == municipality)
        condition &= School.place.in_(in_it)
    return condition if codes is None else condition & School.code.in_(codes)


def count_by_letter(which: Any) -> list[tuple[str, int]]:
    """The number of schools of the condition `which` per first letter of their sort key."""
    letter = fn.UPPER(fn.SUBSTR(School.sort_key, 1, 1)).alias("letter")
    query = School.select(letter, fn.COUNT(SQL("*"))).where(which)
    return fetch_tuples(query.group_by(letter).order_by(letter))


def list_workplaces() -> list[SchoolRow]:
    """The open schools, and the kernen, as they are today."""
    return [*list_schools(), *list_kernen(clock.today())]


def list_schools_by_code(codes: Collection[str], on: date | None = None) -> list[SchoolRow]:
    """The schools with these codes that are open, by name, and the kernen; on the day `on`, or now."""
    day = on or clock.today()
    kernen = [kern for kern in list_kernen(day) if kern.code in codes]
    return _read(_schools_by_code(list(codes), day), day) + kernen


def _read(rows: Iterable[tuple[Any, ...]], on: date) -> list[SchoolRow]:
    members, schools = list_members(on), [SchoolRow(*row) for row in rows]
    return [
        school._replace(kern=kern.code, kern_name=kern.name) if kern else school
        for school in schools
        for kern in [members.get(school.code)]
    ]


@prepared
def _schools_by_code(codes: list[str], on: date) -> Any:
    return _schools(on).where(School.code.in_(codes))


def has_kernen() -> bool:
    """Whether the region switched kernen on."""
    return "kernen" in current_region().modules


def list_kernen(on: date) -> tuple[SchoolRow, ...]:
    """The kernen by name; each in the municipality of most of its schools on the day `on`."""
    return _kernen(on) if has_kernen() else ()


def find_kern(slug: str, on: date) -> SchoolRow | None:
    return next((kern for kern in list_kernen(on) if kern.slug == slug), None)


def list_members(on: date) -> Mapping[str, SchoolRow]:
    """The schools (codes) that are in a kern on the day `on`, each with its kern."""
    return _members(on) if has_kernen() else {}


def find_workplaces(codes: Collection[str]) -> list[Workplace]:
    """The schools and kernen with these codes, by name."""
    schools = School.select().where(School.code.in_(codes))
    kernen = Kern.select().where(Kern.code.in_(codes)).order_by(Kern.sort_key)
    has_kern = any(is_kern(code) for code in codes)
    return [*schools.order_by(School.sort_key, School.code), *(kernen if has_kern else ())]


def list_names(codes: list[str]) -> list[tuple[Any, ...]]:
    """The code, name and slug of these schools and kernen (codes)."""
    schools = School.select(School.code, School.name, School.slug).where(School.code.in_(codes))
    kernen = Kern.select(Kern.code, Kern.name, Kern.code).where(Kern.code.in_(codes))
    return [
        *fetch_kept(schools.order_by(School.sort_key, School.code)),
        *(fetch_kept(kernen.order_by(Kern.sort_key)) if has_kernen() else ()),
    ]


@cached_until_change
def _kernen(on: date) -> tuple[SchoolRow, ...]:
    members = (
        KernMembership.select(
            KernMembership.kern, KernMembership.source, KernMembership.checked_on,
            Municipality.code, Municipality.name, Municipality.slug,
        )
        .join(School)
        .join(Place)
        .join(Municipality)
        .where(valid_on(KernMembership, on) & is_open(on))
        .order_by(School.sort_key)
    )  # fmt: skip
    facts: dict[str, Counter[tuple[str, date, str, str, str]]] = defaultdict(Counter)
    for kern, *fact in fetch_tuples(members):
        facts[kern][tuple(fact)] += 1
    rows = []
    for code, name in fetch_tuples(Kern.select(Kern.code, Kern.name).order_by(Kern.sort_key)):
        (source, checked_on, *municipality), _ = next(iter(facts[code].most_common(1)), (("", on, "", "", ""), 0))
        rows.append(
            SchoolRow(
                code, name, name, name.removeprefix("Kern "), code, "", "", "", "", "", source,
                checked_on, CheckedBy.SOURCE, KERN, KERN, "", *municipality,
            )
        )  # fmt: skip
    return tuple(rows)


@cached_until_change
def _members(on: date) -> Mapping[str, SchoolRow]:
    kernen = {kern.code: kern for kern in _kernen(on)}
    query = KernMembership.select(KernMembership.school, KernMembership.kern)
    members = fetch_tuples(query.where(valid_on(KernMembership, on)))
    return {school: kernen[kern] for school, kern in members}


# The place of a school or kern in a list.
WORKPLACE_KEY = fn.COALESCE(School.sort_key, Kern.sort_key)


def with_workplace(query: Any) -> Any:
    """The select of assignments `query`, with their schools, with places, and kernen."""
    schools = query.left_outer_join(School).left_outer_join(Place).switch(Assignment)
    return schools.left_outer_join(Kern).switch(Assignment)


@cached_until_change
def list_sectors() -> tuple[tuple[str, str], ...]:
    """Key and label of each sector, in the order of a page."""
    return tuple(
        (key, label) for key, label in fetch_tuples(Sector.select(Sector.key, Sector.label).order_by(Sector.position))
    )


@cached_until_change
def get_calendar() -> Calendar:
    """The region's holidays as a calendar that counts working days."""
    query = Holiday.select(Holiday.name, Holiday.kind, Holiday.valid_from, Holiday.valid_until)
    return Calendar(HolidayRow(*row) for row in fetch_tuples(query.order_by(Holiday.valid_from, Holiday.id)))


def label_schools(schools: Collection[SchoolRow]) -> dict[str, str]:
    """Per school (code) its name and place, in the given order; where two of them have the same,
    with the street, and where that is the same too, with DUO's code."""
    labels = {school.code: school.title for school in schools}
    streets = {school.code: school.street for school in schools}
    for more in (streets, {code: code for code in streets}):
        counts = Counter(labels.values())
        labels = {code: f"{label}, {more[code]}" if counts[label] > 1 else label for code, label in labels.items()}
    return labels


def count_workplaces(codes: Collection[str]) -> str:
    """The number of these schools and kernen: "1 school", "2 kernen", "3 plekken" of both."""
    return count(len(codes), *nouns_of(codes))


def nouns_of(codes: Collection[str]) -> tuple[str, str]:
    """The noun for one, and for several of these schools and kernen (codes)."""
    kernen = sum(map(is_kern, codes))
    if not kernen:
        return "school", "scholen"
    return ("kern", "kernen") if kernen == len(codes) else ("plek", "plekken")
