"""Everything that is asked of the directory's tables. Rows come as tuples.

Each function costs a fixed number of statements, however many rows there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from portal.database import tuples
from portal.directory.models import (
    Assignment,
    ContactDetail,
    ContactPoint,
    Municipality,
    Organisation,
    Person,
    Place,
    Responsibility,
    Role,
    RoleInSector,
    School,
    Sector,
)
from portal.directory.search import fold


class Detail(NamedTuple):
    """One number, address or site, as everybody may see it."""

    kind: str
    value: str
    label: str


class Party(NamedTuple):
    """Somebody whom one can call: a person, or a desk of an organisation."""

    name: str
    organisation: str
    person_id: int | None  # None: a desk
    days: str  # ISO weekdays, of a person
    note: str
    details: tuple[Detail, ...]
    source: str
    checked_on: date

    def of_kind(self, kind: str) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.kind == kind)


class SchoolRow(NamedTuple):
    """A school with what a page tells about where it is."""

    code: str
    name: str
    duo_name: str
    aliases: str
    slug: str
    street: str
    postcode: str
    phone: str
    website: str
    source: str
    checked_on: date
    sector: str
    sector_label: str
    place: str
    municipality: str
    municipality_name: str
    municipality_slug: str

    @property
    def other_name(self) -> str:
        """DUO's name, where the name that people use does not appear in it."""
        return "" if fold(self.name) in fold(self.duo_name) else self.duo_name


class MunicipalityRow(NamedTuple):
    """A municipality."""

    code: str
    name: str
    slug: str
    in_region: bool


class PlaceRow(NamedTuple):
    """A place and its municipality."""

    id: int
    name: str
    aliases: str
    hint: str
    municipality: str
    municipality_name: str
    municipality_slug: str
    in_region: bool


class RoleRow(NamedTuple):
    """A role with the sectors that have it. `expected`: a gap where nobody holds it."""

    id: int
    key: str
    label: str
    aliases: str
    team: str
    calls_for: str
    municipalities: frozenset[str]  # empty: everywhere
    member: bool
    case_by: str
    first_call: bool
    source: str
    checked_on: date
    sectors: frozenset[str]
    expected_in: frozenset[str]
    to_confirm_in: frozenset[str]

    def applies(self, sector: str, municipality: str) -> bool:
        """Whether schools of this sector in this municipality have the role around them."""
        return sector in self.sectors and (
            not self.municipalities or municipality in self.municipalities
        )


class Holder(NamedTuple):
    """A person who holds a role at a school."""

    school: str
    role: str
    party: Party


class Desk(NamedTuple):
    """A contact point that answers for a role in a municipality."""

    role: str
    municipality: str
    sector: str  # "": for schools of every sector
    to_confirm: bool
    party: Party


class PersonRow(NamedTuple):
    """A person, and how to reach them."""

    id: int
    party: Party


class Post(NamedTuple):
    """One role of a person, at one school."""

    person_id: int
    role: str
    role_label: str
    school: str
    school_name: str
    school_slug: str
    place: str


def list_roles() -> tuple[RoleRow, ...]:
    """All roles, in the order in which a page shows them."""
    sectors: dict[int, list[RoleInSector]] = defaultdict(list)
    for link in RoleInSector.select():
        sectors[link.role_id].append(link)
    return tuple(
        RoleRow(
            id=role.id,
            key=role.key,
            label=role.label,
            aliases=role.aliases,
            team=role.team,
            calls_for=role.calls_for,
            municipalities=frozenset(filter(None, role.municipalities.split("; "))),
            member=role.member,
            case_by=role.case_by,
            first_call=role.first_call,
            source=role.source,
            checked_on=role.checked_on,
            sectors=frozenset(link.sector_id for link in sectors[role.id]),
            expected_in=frozenset(link.sector_id for link in sectors[role.id] if link.expected),
            to_confirm_in=frozenset(link.sector_id for link in sectors[role.id] if link.to_confirm),
        )
        for role in Role.select().order_by(Role.position)
    )


def _schools() -> Any:
    return (
        School.select(
            School.code,
            School.name,
            School.duo_name,
            School.aliases,
            School.slug,
            School.street,
            School.postcode,
            School.phone,
            School.website,
            School.source,
            School.checked_on,
            Sector.key,
            Sector.label,
            Place.name,
            Municipality.code,
            Municipality.name,
            Municipality.slug,
        )
        .join(Sector)
        .switch(School)
        .join(Place)
        .join(Municipality)
        .where(School.closed_on.is_null())
    )


def find_school(code: str) -> SchoolRow | None:
    """The open school with this code."""
    row = _schools().where(School.code == code).tuples().first()
    return SchoolRow(*row) if row else None


def list_schools(
    codes: Collection[str] | None = None, sector: str = "", municipality: str = ""
) -> list[SchoolRow]:
    """Open schools by name; only those with these codes, of this sector, in this municipality."""
    query = _schools().order_by(School.name, Place.name, School.street)
    if codes is not None:
        query = query.where(School.code.in_(codes))
    if sector:
        query = query.where(Sector.key == sector)
    if municipality:
        query = query.where(Municipality.slug == municipality)
    return [SchoolRow(*row) for row in tuples(query)]


def list_sectors() -> list[tuple[str, str]]:
    """Key and label of the sectors."""
    return [
        (key, label)
        for key, label in tuples(Sector.select(Sector.key, Sector.label).order_by(Sector.position))
    ]


def list_municipalities(
    codes: Collection[str] | None = None, in_region: bool | None = None
) -> list[MunicipalityRow]:
    """Municipalities by name; only those with these codes, only those in or out of the region."""
    query = Municipality.select().order_by(Municipality.name)
    if codes is not None:
        query = query.where(Municipality.code.in_(codes))
    if in_region is not None:
        query = query.where(Municipality.in_region == in_region)
    return [MunicipalityRow(*row) for row in tuples(query)]


def find_municipality(slug: str) -> MunicipalityRow | None:
    """The municipality with this name in its address."""
    rows = tuples(Municipality.select().where(Municipality.slug == slug))
    return MunicipalityRow(*rows[0]) if rows else None


def list_places(
    ids: Collection[int] | None = None,
    municipality: str = "",
    capital_of: Collection[str] | None = None,
) -> list[PlaceRow]:
    """Places by name; only those with these ids, in this municipality (code), or that gave one of
    these municipalities its name."""
    query = (
        Place.select(
            Place.id,
            Place.name,
            Place.aliases,
            Place.hint,
            Municipality.code,
            Municipality.name,
            Municipality.slug,
            Municipality.in_region,
        )
        .join(Municipality)
        .order_by(Place.name)
    )
    if ids is not None:
        query = query.where(Place.id.in_(ids))
    if municipality:
        query = query.where(Municipality.code == municipality)
    if capital_of is not None:
        query = query.where(Municipality.code.in_(capital_of) & (Place.name == Municipality.name))
    return [PlaceRow(*row) for row in tuples(query)]


def list_holders(
    on: date, schools: Collection[str] | None = None, roles: Collection[str] | None = None
) -> list[Holder]:
    """Who holds which role at which school on the day `on` (Amsterdam)."""
    query = (
        Assignment.select(
            Assignment.school, Role.key, Person, Organisation.name,
            Assignment.source, Assignment.checked_on,
        )
        .join(Role)
        .switch(Assignment)
        .join(Person)
        .join(Organisation)
        .where(_holds(Assignment, on))
        .order_by(Role.position, Assignment.valid_from, Person.family_name, Person.id)
    )  # fmt: skip
    if schools is not None:
        query = query.where(Assignment.school.in_(schools))
    if roles is not None:
        query = query.where(Role.key.in_(roles))
    rows = list(query)
    details = _details(ContactDetail.person, {row.person.id for row in rows}, on)
    return [
        Holder(
            row.school_id,
            row.role.key,
            _person(row.person, row.person.organisation.name, details, row.source, row.checked_on),
        )
        for row in rows
    ]


def list_desks(on: date, municipalities: Collection[str] | None = None) -> list[Desk]:
    """The contact points, per role and municipality (codes), those to ask first in front."""
    query = (
        Responsibility.select(Responsibility, Role.key, ContactPoint, Organisation.name)
        .join(Role)
        .switch(Responsibility)
        .join(ContactPoint)
        .join(Organisation)
        .order_by(Role.position, Responsibility.rank)
    )
    if municipalities is not None:
        query = query.where(Responsibility.municipality.in_(municipalities))
    rows = list(query)
    details = _details(ContactDetail.contact_point, {row.contact_point.id for row in rows}, on)
    return [
        Desk(
            role=row.role.key,
            municipality=row.municipality_id,
            sector=row.sector,
            to_confirm=row.to_confirm,
            party=Party(
                name=row.contact_point.name,
                organisation=row.contact_point.organisation.name,
                person_id=None,
                days="",
                note=row.contact_point.note,
                details=details[row.contact_point.id],
                source=row.contact_point.source,
                checked_on=row.contact_point.checked_on,
            ),
        )
        for row in rows
    ]


def list_people(on: date, ids: Collection[int]) -> list[PersonRow]:
    """People by id, with what one can reach them on that day."""
    rows = list(
        Person.select(Person, Organisation.name).join(Organisation).where(Person.id.in_(ids))
    )
    details = _details(ContactDetail.person, {row.id for row in rows}, on)
    checked: dict[int, tuple[str, date]] = {
        person: (source, checked_on)
        for person, source, checked_on in tuples(
            Assignment.select(Assignment.person, Assignment.source, Assignment.checked_on)
            .where(Assignment.person.in_(ids))
            .order_by(Assignment.checked_on)
        )
    }
    return [
        PersonRow(
            row.id,
            _person(row, row.organisation.name, details, *checked.get(row.id, ("", date.min))),
        )
        for row in rows
    ]


def list_posts(on: date, people: Collection[int]) -> list[Post]:
    """The roles and schools of these people on the day `on`, by role and school."""
    query = (
        Assignment.select(
            Assignment.person, Role.key, Role.label, School.code, School.name, School.slug,
            Place.name,
        )
        .join(Role)
        .switch(Assignment)
        .join(School)
        .join(Place)
        .where(_holds(Assignment, on) & Assignment.person.in_(people))
        .order_by(Role.position, School.name, School.code)
    )  # fmt: skip
    return [Post(*row) for row in tuples(query)]


def list_people_in_role(on: date, role: str) -> list[tuple[Party, int]]:
    """Who holds the role somewhere on the day `on`, and at how many schools."""
    schools: dict[int | None, int] = defaultdict(int)
    parties: dict[int | None, Party] = {}
    for holder in list_holders(on, roles=[role]):
        schools[holder.party.person_id] += 1
        parties[holder.party.person_id] = holder.party
    return sorted(
        ((party, schools[person]) for person, party in parties.items()),
        key=lambda row: (row[0].organisation, row[0].name),
    )


def _holds(model: Any, on: date) -> Any:
    """That a row's span holds on the day `on`; an open end holds for ever."""
    return (model.valid_from.is_null() | (model.valid_from <= on)) & (
        model.valid_until.is_null() | (model.valid_until > on)
    )


def _details(owner: Any, ids: Iterable[int], on: date) -> defaultdict[int, tuple[Detail, ...]]:
    """Per owner what everybody may see of its contact details on the day `on`."""
    found: defaultdict[int, tuple[Detail, ...]] = defaultdict(tuple)
    query = (
        ContactDetail.select(owner, ContactDetail.kind, ContactDetail.value, ContactDetail.label)
        .where(
            owner.in_(list(ids))
            & (ContactDetail.visibility == ContactDetail.OPEN)
            & _holds(ContactDetail, on)
        )
        .order_by(ContactDetail.position, ContactDetail.id)
    )
    for key, *rest in tuples(query):
        found[key] += (Detail(*rest),)
    return found


def _person(
    person: Person,
    organisation: str,
    details: defaultdict[int, tuple[Detail, ...]],
    source: str,
    checked_on: date,
) -> Party:
    return Party(
        name=person.name,
        organisation=organisation,
        person_id=person.id,
        days=person.working_days,
        note="",
        details=details[person.id],
        source=source,
        checked_on=checked_on,
    )
