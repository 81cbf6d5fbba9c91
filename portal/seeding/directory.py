"""Loads the directory of a region: places, roles, schools, contact points and holidays."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from portal import clock, phones
from portal.contacts.who_to_call import RULES
from portal.database import db
from portal.database.flags import mark_region
from portal.database.validity import day_after
from portal.database.version import lock_directory
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    DetailKind,
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
    Visibility,
)
from portal.readers.duo import DuoSchool, read_schools
from portal.region import Region, SchoolSource
from portal.seeding.seed_files import SeedError, SeedRow, faults_in, read_csv, read_toml
from portal.seeding.table_sync import Difference, ids, sync
from portal.text import fold, slug

# Above these shares of the schools that close at once, a file of DUO was probably cut short.
_MOST_CLOSING, _MOST_CLOSING_OF_SECTOR = 0.05, 0.25


def load_directory(region: Region, *, close_many: bool = False) -> list[Difference]:
    """Synchronise the directory's tables with the files of `region`, in one transaction.

    Returns the differences, table by table. Raises SeedError for a fault in the seeds, and where
    more schools would close than is likely, unless `close_many`; DuoError for a fault in a file of
    DUO. The transaction is then rolled back.
    """
    folder = region.folder
    steps = (
        ("places.csv", _places(folder, region)),
        ("roles.toml", _roles(folder, region)),
        ("schools", _schools(folder, region, close_many)),
        ("contacts.toml", _contacts(folder)),
        ("holidays.csv", _holidays(folder)),
    )
    differences: list[Difference] = []
    with db.atomic():
        lock_directory()
        mark_region(region.key, clock.today())
        for file, step in steps:
            with faults_in(file):
                differences += step
    return [difference for difference in differences if any(difference[1:])]


def _places(folder: Path, region: Region) -> Iterator[Difference]:
    municipalities = [
        {
            **row.pick("code", "name"),
            "slug": slug(row["name"]),
            "in_region": row["code"] in region.municipalities,
        }
        for row in read_csv(folder / "municipalities.csv")
    ]
    yield sync(Municipality, "gemeenten", ("code",), municipalities)
    places = [
        {**row.pick("name", "aliases", "hint"), "municipality": row["municipality_code"]}
        for row in read_csv(folder / "places.csv")
    ]
    yield sync(Place, "plaatsen", ("name",), places)
    place_ids = ids(Place, "plaatsen", "name")
    postcodes = [
        {
            "pc4": row["pc4"],
            "municipality": row["municipality_code"],
            "place": place_ids[row["place"]] if row["place"] else None,
        }
        for row in read_csv(folder / "postcodes.csv")
    ]
    yield sync(Postcode, "postcodes", ("pc4",), postcodes)


def _roles(folder: Path, region: Region) -> Iterator[Difference]:
    sectors = [
        {"key": sector.key, "label": sector.label, "position": position}
        for position, sector in enumerate(region.sectors)
    ]
    yield sync(Sector, "soorten onderwijs", ("key",), sectors)
    seeds = read_toml(folder / "roles.toml")["roles"]
    for row in seeds:
        if row["case_by"] not in RULES:
            raise SeedError(f"roles.toml: {row['key']} heeft een onbekende case_by.")
    roles = [
        {
            **row.pick("key", "label", "call_about", "case_by", "why", "source", "checked_on"),
            **row.pick(team="", service="", member=True, is_school_staff=False),
            **row.pick(one_holder=False, shown_first=False),
            "aliases": "; ".join(row.get("aliases", [])),
            "municipalities": "; ".join(row.get("municipalities", [])),
            "unconfirmed_in": "; ".join(row.get("unconfirmed_in", [])),
            "position": position,
        }
        for position, row in enumerate(seeds)
    ]
    yield sync(Role, "functies", ("key",), roles)
    role_ids = ids(Role, "functies")
    roles_in_sectors = [
        {
            "role": role_ids[row["key"]],
            "sector": sector,
            "expected": sector not in row.get("optional_in", []),
            "to_confirm": sector in row.get("to_confirm_in", []),
        }
        for row in seeds
        for sector in row["sectors"]
    ]
    yield sync(RoleInSector, "functies per soort onderwijs", ("role", "sector"), roles_in_sectors)


def _schools(folder: Path, region: Region, close_many: bool) -> Iterator[Difference]:
    names = {row["code"]: row for row in read_csv(folder / "school_names.csv")}
    boards = {row["board"]: _website(row["website"]) for row in read_csv(folder / "boards.csv")}
    places = _Places()
    rows: list[dict[str, Any]] = []
    for sector in region.sectors:
        for school in read_schools(folder / sector.file):
            if (
                school.municipality_code in sector.municipalities
                or school.postcode[:4] in sector.postcodes
            ):
                rows.append(_school(school, sector, names.get(school.code, {}), places, boards))
    if unknown := sorted(set(names) - {row["code"] for row in rows}):
        raise SeedError(f"school_names.csv: {unknown[0]} is geen school van de regio.")
    employers = [
        {"key": f"school-{row['code']}", "name": row["name"], "kind": Organisation.SCHOOL}
        for row in rows
    ]
    yield sync(Organisation, "organisaties van scholen", ("key",), employers, keep_missing=True)
    employer_ids = ids(Organisation, "organisaties")
    for row in rows:
        row["organisation"] = employer_ids[f"school-{row['code']}"]
    # A school that DUO no longer lists is closed, not deleted: assignments may refer to it.
    listed = {row["code"] for row in rows}
    open_schools = list(School.select().where(School.closed_on.is_null()))
    closing = [school for school in open_schools if school.code not in listed]
    if not close_many:
        _refuse_many(closing, open_schools)
    gone = [school.code for school in closing]
    closed_on = max(row["checked_on"] for row in rows)
    if gone:  # else a statement without rows would renew the version of the directory
        School.update(closed_on=closed_on).where(School.code.in_(gone)).execute()
    difference = sync(School, "scholen", ("code",), rows, keep_missing=True)
    yield difference._replace(removed=len(gone))


def _refuse_many(closing: list[School], open_schools: list[School]) -> None:
    """Raise SeedError where more schools would close at once than is likely, in all or of one
    sector, which has a file of its own."""
    of_sector = Counter(school.sector_id for school in open_schools)
    closing_of_sector = Counter(school.sector_id for school in closing)
    if len(closing) > _MOST_CLOSING * len(open_schools) or any(
        number > _MOST_CLOSING_OF_SECTOR * of_sector[sector]
        for sector, number in closing_of_sector.items()
    ):
        raise SeedError(
            f"schools: {len(closing)} van de {len(open_schools)} scholen zouden sluiten. Is elk "
            "bestand van DUO heel? Klopt het toch, gebruik dan `flask seed --close-schools`."
        )


class _Places:
    """Finds the place of a school by the name that DUO gives, in capitals, and by its postcode."""

    def __init__(self) -> None:
        self.by_postcode = {row.pc4: row.place_id for row in Postcode.select()}
        self.by_name = {
            (fold(name), place.municipality_id): place.id
            for place in Place.select()
            for name in (place.name, *place.aliases.split("; "))
        }

    def find(self, school: DuoSchool) -> int:
        named = self.by_name.get((fold(school.place), school.municipality_code))
        place = named or self.by_postcode.get(school.postcode[:4])
        if place is None:
            raise SeedError(
                f"places.csv: de plaats {school.place} van school {school.code} ontbreekt."
            )
        return int(place)


def _school(
    school: DuoSchool,
    sector: SchoolSource,
    names: dict[str, str],
    places: _Places,
    boards: dict[str, str],
) -> dict[str, Any]:
    name = names.get("name") or school.name
    return {
        "code": school.code,
        "sector": sector.key,
        "name": name,
        "duo_name": school.name,
        "aliases": names.get("aliases", ""),
        "slug": f"{school.code.lower()}-{slug(name)}",
        "street": f"{school.street} {school.house_number}",
        "postcode": f"{school.postcode[:4]} {school.postcode[-2:]}",
        "place": places.find(school),
        "phone": phones.normalise(school.phone) if school.phone else "",
        "website": _website(school.website),
        "board_website": boards.get(school.board, ""),
        "source": sector.source,
        "checked_on": sector.checked_on,
        "closed_on": None,
    }


def _website(text: str) -> str:
    """The website that DUO gives as a link; "" for a telephone number or a typing error."""
    address = re.sub(r"^https?://", "", text.replace(" ", "").lower()).rstrip("./")
    address = address.replace(",nl", ".nl")
    return f"https://{address}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/.*)?", address) else ""


def _contacts(folder: Path) -> Iterator[Difference]:
    seeds = read_toml(folder / "contacts.toml")["organisations"]
    employers = [{**row.pick("key", "name"), "kind": Organisation.PARTNER} for row in seeds]
    yield sync(Organisation, "organisaties", ("key",), employers, keep_missing=True)
    employer_ids = ids(Organisation, "organisaties")
    owned = [(row["key"], point) for row in seeds for point in row.get("contact_points", [])]
    contact_points = [
        {
            **point.pick("key", "name", "source", "checked_on", note=""),
            "organisation": employer_ids[owner],
            "aliases": "; ".join(point.get("aliases", [])),
        }
        for owner, point in owned
    ]
    yield sync(ContactPoint, "contactpunten", ("key",), contact_points)
    points = [point for _, point in owned]
    point_ids = ids(ContactPoint, "contactpunten")
    yield _details(points, point_ids)
    yield _responsibilities(points, point_ids)


def _details(points: list[SeedRow], point_ids: dict[str, int]) -> Difference:
    details = [
        {
            **detail.pick("kind", label="", visibility=Visibility.OPEN),
            **point.pick("source", "checked_on"),
            "person": None,
            "contact_point": point_ids[point["key"]],
            "value": (
                phones.normalise(detail["value"])
                if detail["kind"] == DetailKind.PHONE
                else detail["value"]
            ),
            "position": position,
        }
        for point in points
        for position, detail in enumerate(point["details"])
    ]
    key = ("person", "contact_point", "kind", "value")
    of_nobody = ContactDetail.person.is_null()
    return sync(ContactDetail, "nummers en adressen", key, details, only=of_nobody)


def _responsibilities(points: list[SeedRow], point_ids: dict[str, int]) -> Difference:
    role_ids = ids(Role, "functies")
    responsibilities = [
        {
            **answer.pick(sector="", rank=1, also_by_school=False, to_confirm=False),
            "role": role_ids[role],
            "municipality": municipality,
            "contact_point": point_ids[point["key"]],
        }
        for point in points
        for answer in point["answers"]
        for role in answer["roles"]
        for municipality in answer["municipalities"]
    ]
    key = ("role", "municipality", "sector", "rank")
    return sync(Responsibility, "wie antwoordt waar", key, responsibilities)


def _holidays(folder: Path) -> Iterator[Difference]:
    holidays = [
        {
            **row.pick("name", "kind", "source"),
            "valid_from": date.fromisoformat(row["first_day"]),
            "valid_until": day_after(date.fromisoformat(row["last_day"])),
            "checked_on": date.fromisoformat(row["checked_on"]),
        }
        for row in read_csv(folder / "holidays.csv")
    ]
    yield sync(Holiday, "vakanties en feestdagen", ("name", "valid_from"), holidays)
