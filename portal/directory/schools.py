"""Everything that is asked of roles, schools, places and contact points.

Each function costs a fixed number of statements, however many rows there are.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from portal.database import fetch_tuples
from portal.database.cache import cached_until_write
from portal.database.compiled import prepared
from portal.directory.contact_details import VIEWER_VISIBILITY, Visibility, list_details
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    Holiday,
    Municipality,
    Organisation,
    Place,
    Postcode,
    Responsibility,
    Role,
    RoleInSector,
    School,
    Sector,
)
from portal.directory.read_models import (
    Contact,
    ContactPointRow,
    MunicipalityRow,
    PlaceRow,
    PostcodeRow,
    RoleRow,
    SchoolRow,
)
from portal.workdays import Calendar, HolidayRow


@cached_until_write
def list_roles() -> tuple[RoleRow, ...]:
    """All roles, in the order in which a page shows them."""
    sectors: dict[int, list[RoleInSector]] = defaultdict(list)
    for link in RoleInSector.select():
        sectors[link.role_id].append(link)
    return tuple(
        RoleRow(
            key=role.key,
            label=role.label,
            aliases=role.aliases,
            team=role.team,
            call_about=role.call_about,
            municipalities=frozenset(filter(None, role.municipalities.split("; "))),
            unconfirmed_in=frozenset(filter(None, role.unconfirmed_in.split("; "))),
            member=role.member,
            service=role.service,
            case_by=role.case_by,
            why=role.why,
            shown_first=role.shown_first,
            source=role.source,
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
            School.board_website,
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
    return next(iter(list_schools(codes=[code])), None)


def list_schools(
    codes: Collection[str] | None = None, sector: str = "", municipality: str = ""
) -> list[SchoolRow]:
    """Open schools by name; only those with these codes, of this sector, in this municipality."""
    if codes is not None and not sector and not municipality:
        return [SchoolRow(*row) for row in _with_codes(list(codes))]
    query = _in_order()
    if codes is not None:
        query = query.where(School.code.in_(codes))
    if sector:
        query = query.where(Sector.key == sector)
    if municipality:
        query = query.where(Municipality.slug == municipality)
    return [SchoolRow(*row) for row in fetch_tuples(query)]


def _in_order() -> Any:
    return _schools().order_by(School.name, Place.name, School.street)


@prepared
def _with_codes(codes: list[str]) -> Any:
    return _in_order().where(School.code.in_(codes))


@cached_until_write
def list_sectors() -> tuple[tuple[str, str], ...]:
    """Key and label of the sectors."""
    return tuple(
        (key, label)
        for key, label in fetch_tuples(
            Sector.select(Sector.key, Sector.label).order_by(Sector.position)
        )
    )


def list_municipalities(
    codes: Collection[str] | None = None, in_region: bool | None = None
) -> list[MunicipalityRow]:
    """Municipalities by name; only those with these codes, only those in or out of the region."""
    return [
        row
        for row in _municipalities()
        if (codes is None or row.code in codes) and in_region in (None, row.in_region)
    ]


@cached_until_write
def _municipalities() -> tuple[MunicipalityRow, ...]:
    rows = fetch_tuples(Municipality.select().order_by(Municipality.name))
    return tuple(MunicipalityRow(*row) for row in rows)


def find_municipality(slug: str) -> MunicipalityRow | None:
    """The municipality with this name in its address."""
    return next((row for row in _municipalities() if row.slug == slug), None)


def list_places(ids: Collection[int] | None = None, municipality: str = "") -> list[PlaceRow]:
    """Places by name; only those with these ids, only those in this municipality (code)."""
    return [
        row
        for row in _places()
        if (ids is None or row.id in ids) and municipality in ("", row.municipality)
    ]


@cached_until_write
def _places() -> tuple[PlaceRow, ...]:
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
    return tuple(PlaceRow(*row) for row in fetch_tuples(query))


@cached_until_write
def list_postcodes() -> tuple[PostcodeRow, ...]:
    """The postcodes of the region and around it."""
    rows = fetch_tuples(Postcode.select(Postcode.pc4, Postcode.municipality))
    return tuple(PostcodeRow(*row) for row in rows)


def list_contact_points(
    on: date, municipalities: Collection[str] | None = None
) -> list[ContactPointRow]:
    """The contact points, per role and municipality (codes), those to ask first in front."""
    return [
        contact_point
        for contact_point in _contact_points(on, VIEWER_VISIBILITY.get())
        if municipalities is None or contact_point.municipality in municipalities
    ]


@cached_until_write
def _contact_points(on: date, sees: Visibility) -> tuple[ContactPointRow, ...]:
    """All of them; what of their details is there differs with what somebody `sees`."""
    query = (
        Responsibility.select(Responsibility, Role.key, ContactPoint, Organisation)
        .join(Role)
        .switch(Responsibility)
        .join(ContactPoint)
        .join(Organisation)
        .order_by(Role.position, Responsibility.rank)
    )
    rows = list(query)
    details = list_details(ContactDetail.contact_point, {row.contact_point.id for row in rows}, on)
    return tuple(
        ContactPointRow(
            role=row.role.key,
            municipality=row.municipality_id,
            sector=row.sector,
            also_by_school=row.also_by_school,
            to_confirm=row.to_confirm,
            employer=row.contact_point.organisation.key,
            contact=Contact(
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
    )


def get_calendar() -> Calendar:
    """The region's holidays, to count working days with."""
    query = Holiday.select(Holiday.name, Holiday.kind, Holiday.valid_from, Holiday.valid_until)
    return Calendar(HolidayRow(*row) for row in fetch_tuples(query.order_by(Holiday.valid_from)))
