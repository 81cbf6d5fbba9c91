"""Loads the directory of a region: places, roles, schools, contact points and holidays."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from portal import clock, phones
from portal.contacts.who_to_call import RULES
from portal.database import db
from portal.database.cache import cached_until_change
from portal.database.database_flags import mark_region, set_proposal
from portal.database.directory_version import lock_directory
from portal.database.validity import day_after
from portal.directory.change_sets import ChangeSetKind
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    DetailKind,
    Holiday,
    Kern,
    KernMembership,
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
from portal.freshness import USUAL
from portal.readers.duo import read_schools
from portal.region import Region
from portal.seeding.files_against_typed_rows import FileUpdate, Proposal, apply, propose
from portal.seeding.schools_from_duo import Places, is_of_region, list_present, make_row, read_boards, sync_schools
from portal.seeding.seed_files import SeedError, SeedRow, faults_in, read_csv, read_toml
from portal.seeding.table_sync import Difference, ids, sync
from portal.text import slug


def seed_region(region: Region, *, applies: bool = False, close_many: bool = False) -> list[Difference | str]:
    """Load the files of `region` into an empty directory. In a filled one nothing changes unless `applies`, and what
    people changed stays: then a coordinator sees the difference.

    Returns the differences, and Dutch sentences about what was not written. Raises as `load_directory`.
    """

    if not School.select().exists():
        return [*load_directory(region)]
    if applies:
        proposal = apply_region(region, None, close_many=close_many)
    else:
        proposal = propose_region(region, close_many=close_many)
        set_proposal(bool(proposal.found), clock.today())
    told: list[Difference | str] = [*proposal.found]
    if told and not applies:
        told.append(
            "Dit is nog niet veranderd. Een coördinator ziet het bij Beheer, “Gegevens van de "
            "regio”. Of gebruik `flask seed --apply`."
        )
    if proposal.conflicts:
        told.append(f"Niet overgenomen, want iemand veranderde het: {len(proposal.conflicts)}.")
    return told


def propose_region(region: Region, *, close_many: bool = True) -> Proposal:
    """The effect of the files of a region; `found` are the differences, table by table. Raises as `load_directory`."""
    return propose(ChangeSetKind.REGION_UPDATE, partial(load_directory, region, close_many=close_many))


def find_region_proposal(region: Region, on: date) -> Proposal:
    """The effect of the files of a region on a day (today), shortened, and kept until the directory or a file changes.
    Raises as `load_directory`."""
    files = [path for path in region.folder.rglob("*.*") if path.is_file()]
    stamps = frozenset((str(path), path.stat().st_mtime_ns) for path in files)
    return _propose_files(region, on, stamps)


@cached_until_change
def _propose_files(region: Region, on: date, stamps: object) -> Proposal:
    return propose_region(region).shorten()


def apply_region(
    region: Region, author: int | None, accepted: Collection[str] = (), version: str = "", *, close_many: bool = True
) -> Proposal:
    """Apply the files of a region; see `portal.seeding.files_against_typed_rows.apply`."""
    load = partial(load_directory, region, close_many=close_many)
    with db.atomic():
        proposal = apply(
            ChangeSetKind.REGION_UPDATE, author, load, reason=f"seeds/{region.key}", accepted=accepted, version=version
        )
        if proposal.ending and not close_many:
            raise SeedError(proposal.refusal)
        set_proposal(False, clock.today())
    return proposal


def load_directory(region: Region, update: FileUpdate | None = None, *, close_many: bool = False) -> list[Difference]:
    """Synchronise the directory's tables with the files of `region`, in one transaction. `update`
    writes them; by default directly.

    Returns the differences, table by table. Raises SeedError for a fault in the seeds, and where
    more schools would close than is likely, unless `close_many`; DuoError for a fault in a file of
    DUO. The transaction is then rolled back.
    """
    folder, update = region.folder, update or FileUpdate()
    steps = (
        ("places.csv", _places(folder, region, update)),
        ("roles.toml", _roles(folder, region, update)),
        ("schools", _schools(region, update, close_many)),
        ("kernen.csv", _kernen(region, update)),
        ("contacts.toml", _contacts(folder, update)),
        ("holidays.csv", _holidays(folder, update)),
    )
    differences: list[Difference] = []
    with db.atomic():
        lock_directory()
        mark_region(region.key, clock.today())
        for file, step in steps:
            with faults_in(file):
                differences += step
    return [difference for difference in differences if any(difference[1:])]


def _places(folder: Path, region: Region, update: FileUpdate) -> Iterator[Difference]:
    municipalities = [
        {**row.pick("code", "name"), "slug": slug(row["name"]), "in_region": row["code"] in region.municipalities}
        for row in read_csv(folder / "municipalities.csv")
    ]
    yield sync(Municipality, "gemeenten", ("code",), municipalities, update=update)
    places = [
        {**row.pick("name", "aliases", "hint"), "municipality": row["municipality_code"]}
        for row in read_csv(folder / "places.csv")
    ]
    yield sync(Place, "plaatsen", ("name",), places, update=update)
    place_ids = ids(Place, "plaatsen", "name")
    postcodes = [
        {
            "pc4": row["pc4"],
            "municipality": row["municipality_code"],
            "place": place_ids[row["place"]] if row["place"] else None,
        }
        for row in read_csv(folder / "postcodes.csv")
    ]
    yield sync(Postcode, "postcodes", ("pc4",), postcodes, update=update)


def _roles(folder: Path, region: Region, update: FileUpdate) -> Iterator[Difference]:
    sectors = [
        {"key": sector.key, "label": sector.label, "position": position}
        for position, sector in enumerate(region.sectors)
    ]
    yield sync(Sector, "soorten onderwijs", ("key",), sectors, update=update)
    seeds = read_toml(folder / "roles.toml")["roles"]
    for row in seeds:
        if row["case_by"] not in RULES:
            raise SeedError(f"roles.toml: {row['key']} heeft een onbekende case_by. Kies uit: {', '.join(RULES)}.")
    roles = [
        {
            **row.pick("key", "label", "call_about", "case_by", "why", "source", "checked_on"),
            **row.pick(team="", service="", member=True, is_school_staff=False),
            **row.pick(of_kern=False),
            **row.pick(one_holder=False, shown_first=False, check_months=USUAL),
            "aliases": "; ".join(row.get("aliases", [])),
            "municipalities": "; ".join(row.get("municipalities", [])),
            "unconfirmed_in": "; ".join(row.get("unconfirmed_in", [])),
            "position": position,
        }
        for position, row in enumerate(seeds)
    ]
    yield sync(Role, "functies", ("key",), roles, update=update)
    role_ids = ids(Role, "functies")
    roles_in_sectors = [
        {
            "role": role_ids[row["key"]],
            "sector": sector,
            "expected": sector not in row.get("optional_in", []),
            "to_confirm": sector in row.get("to_confirm_in", []),
        }
        for row in seeds
        if not row.get("of_kern")
        for sector in row["sectors"]
    ]
    yield sync(RoleInSector, "functies per soort onderwijs", ("role", "sector"), roles_in_sectors, update=update)


def _schools(region: Region, update: FileUpdate, close_many: bool) -> Iterator[Difference]:
    folder = region.folder
    names = {row["code"]: row for row in read_csv(folder / "school_names.csv")}
    boards, places = read_boards(folder), Places()
    rows = [
        make_row(school, sector, names.get(school.code, {}), places, boards)
        for sector in region.sectors
        for school in read_schools(folder / sector.file)
        if is_of_region(school, sector)
    ]
    if unknown := sorted(set(names) - {row["code"] for row in rows}):
        raise SeedError(f"school_names.csv: {unknown[0]} is geen school van de regio.")
    days = {sector.key: sector.checked_on for sector in region.sectors}
    listed = {row["code"] for row in rows}
    yield from sync_schools(list_present(), rows, listed, days, update, close_many)


def _kernen(region: Region, update: FileUpdate) -> Iterator[Difference]:
    if "kernen" not in region.modules:
        return
    rows = read_csv(region.folder / "kernen.csv")
    names = dict.fromkeys(row["kern"] for row in rows if row["kern"])
    kernen = [{"code": f"kern-{slug(name)}", "name": f"Kern {name}"} for name in names]
    yield sync(Kern, "kernen", ("code",), kernen, keep_missing=True, update=update)
    following: dict[str, date] = {}
    memberships = []
    for row in sorted(rows, key=lambda row: row["from"], reverse=True):
        valid_from, until = date.fromisoformat(row["from"]), following.get(row["school"])
        following[row["school"]] = valid_from
        if row["kern"]:
            memberships.append({
                "kern": f"kern-{slug(row['kern'])}",
                **row.pick("school", "source"),
                "valid_from": valid_from,
                "valid_until": until,
                "checked_on": date.fromisoformat(row["checked_on"]),
            })  # fmt: skip
    key = ("school", "valid_from")
    yield sync(KernMembership, "scholen in kernen", key, memberships, update=update)


def _contacts(folder: Path, update: FileUpdate) -> Iterator[Difference]:
    seeds = read_toml(folder / "contacts.toml")["organisations"]
    employers = [{**row.pick("key", "name"), "kind": Organisation.PARTNER} for row in seeds]
    yield sync(Organisation, "organisaties", ("key",), employers, keep_missing=True, update=update)
    employer_ids = ids(Organisation, "organisaties")
    owned = [(row["key"], point) for row in seeds for point in row.get("contact_points", [])]
    contact_points = [
        {
            **point.pick("key", "name", "source", "checked_on", note="", hours="", closed_on=None),
            "organisation": employer_ids[owner],
            "aliases": "; ".join(point.get("aliases", [])),
        }
        for owner, point in owned
    ]
    yield sync(ContactPoint, "contactpunten", ("key",), contact_points, update=update)
    points = [point for _, point in owned]
    point_ids = ids(ContactPoint, "contactpunten")
    yield _details(points, point_ids, update)
    yield _responsibilities(points, point_ids, update)


def _details(points: list[SeedRow], point_ids: dict[str, int], update: FileUpdate) -> Difference:
    details = [
        {
            **detail.pick("kind", label="", visibility=Visibility.OPEN),
            **point.pick("source", "checked_on"),
            "person": None,
            "contact_point": point_ids[point["key"]],
            "value": (phones.normalise(detail["value"]) if detail["kind"] == DetailKind.PHONE else detail["value"]),
            "position": position,
        }
        for point in points
        for position, detail in enumerate(point["details"])
    ]
    key = ("person", "contact_point", "kind", "value")
    of_nobody = ContactDetail.person.is_null() & ContactDetail.valid_until.is_null()
    return sync(ContactDetail, "nummers en adressen", key, details, only=of_nobody, update=update)


def _responsibilities(points: list[SeedRow], point_ids: dict[str, int], update: FileUpdate) -> Difference:
    role_ids = ids(Role, "functies")
    responsibilities = [
        {
            **answer.pick(sector="", rank=1, also_by_school=False, to_confirm=False),
            **answer.pick(**point.pick("source", "checked_on")),
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
    return sync(Responsibility, "wie antwoordt waar", key, responsibilities, update=update)


def _holidays(folder: Path, update: FileUpdate) -> Iterator[Difference]:
    holidays = [
        {
            **row.pick("name", "kind", "source"),
            "valid_from": date.fromisoformat(row["first_day"]),
            "valid_until": day_after(date.fromisoformat(row["last_day"])),
            "checked_on": date.fromisoformat(row["checked_on"]),
        }
        for row in read_csv(folder / "holidays.csv")
    ]
    yield sync(Holiday, "vakanties en feestdagen", ("name", "valid_from"), holidays, update=update)
