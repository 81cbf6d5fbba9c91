"""Writes the directory back as the files of a region, without people and their posts.

What no table holds (region.toml, the guide, the catalogue, the demo) is copied; comments in
roles.toml and contacts.toml are lost.
"""

import csv
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from portal import clock
from portal.database.validity import last_day
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
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
    Visibility,
    is_open,
)
from portal.region import Region
from portal.seeding.seed_files import SeedError, read_csv

_DUO = (
    "BEVOEGD GEZAG NUMMER", "VESTIGINGSCODE", "VESTIGINGSNAAM", "STRAATNAAM",
    "HUISNUMMER-TOEVOEGING", "POSTCODE", "PLAATSNAAM", "GEMEENTENUMMER", "TELEFOONNUMMER",
    "INTERNETADRES",
)  # fmt: skip


def export_region(region: Region, folder: Path) -> None:
    """Write the files of a region to a new folder. Raises SeedError where it exists."""
    try:
        shutil.copytree(region.folder, folder)
    except OSError as error:
        raise SeedError(f"{folder}: hier kan geen nieuwe map komen ({error.strerror}).") from None
    write_csv(folder / "municipalities.csv", ("code", "name"), [
        (row.code, row.name) for row in Municipality.select().order_by(Municipality.code)
    ])  # fmt: skip
    sources = {row["name"]: row.get("aliases_source", "") for row in read_csv(folder / "places.csv")}
    columns = ("name", "aliases", "municipality_code", "hint", "aliases_source")
    write_csv(folder / "places.csv", columns, [
        (row.name, row.aliases, row.municipality_id, row.hint, sources.get(row.name, ""))
        for row in Place.select().order_by(Place.id)
    ])  # fmt: skip
    write_csv(folder / "postcodes.csv", ("pc4", "municipality_code", "place"), [
        (row.pc4, row.municipality_id, row.place.name if row.place else "")
        for row in Postcode.select().order_by(Postcode.pc4)
    ])  # fmt: skip
    write_csv(folder / "holidays.csv",
           ("first_day", "last_day", "kind", "name", "source", "checked_on"), [
        (row.valid_from, last_day(row.valid_until), row.kind.value, row.name, row.source,
         row.checked_on)
        for row in Holiday.select().order_by(Holiday.valid_from, Holiday.name)
    ])  # fmt: skip
    if "kernen" in region.modules:
        columns = ("kern", "school", "from", "source", "checked_on")
        write_csv(folder / "kernen.csv", columns, _memberships())
    _write_schools(region, folder)
    (folder / "roles.toml").write_text("\n".join(_roles()), "utf-8")
    (folder / "contacts.toml").write_text("\n".join(_contacts()), "utf-8")


def _write_schools(region: Region, folder: Path) -> None:
    boards = read_csv(folder / "boards.csv")
    numbers = {f"https://{row['website']}": (row["board"], row["evidence"]) for row in boards}
    evidence = {row["code"]: row["evidence"] for row in read_csv(folder / "school_names.csv")}
    schools = list(School.select(School, Place).join(Place).where(is_open(clock.today())))
    for school in schools:
        numbers.setdefault(school.board_website, (school.board_website, ""))
    write_csv(folder / "boards.csv", ("board", "website", "evidence"), [
        (number, website, why) for website, (number, why) in numbers.items() if website
    ])  # fmt: skip
    write_csv(folder / "school_names.csv", ("code", "name", "aliases", "evidence"), [
        (s.code, s.name if s.name != s.duo_name else "", s.aliases, evidence.get(s.code, ""))
        for s in sorted(schools, key=lambda school: school.code)
        if s.aliases or s.name != s.duo_name
    ])  # fmt: skip
    settings = (folder / "region.toml").read_text("utf-8")
    for sector in region.sectors:
        ours = [school for school in schools if school.sector_id == sector.key]
        write_csv(folder / sector.file, _DUO, [
            (
                numbers[s.board_website][0] if s.board_website else "", s.code, s.duo_name,
                *s.street.rsplit(" ", 1), s.postcode, s.place.name, s.place.municipality_id,
                s.phone, s.website,
            )
            for s in ours
        ], delimiter=";")  # fmt: skip
        # The source and day of most of them; those that a person changed have another.
        ((source, day), _), *_ = Counter((s.source, s.checked_on) for s in ours).most_common(1)
        old, new = (
            f"source = {json.dumps(said, ensure_ascii=False)}\nchecked_on = {on}"
            for said, on in ((sector.source, sector.checked_on), (source, day))
        )
        settings = settings.replace(old, new)
    (folder / "region.toml").write_text(settings, "utf-8")


def _memberships() -> Iterator[tuple[Any, ...]]:
    """The schools in kernen; a row without a kern where a school left its last one."""
    rows = list(
        KernMembership.select(KernMembership, Kern)
        .join(Kern)
        .order_by(KernMembership.school, KernMembership.valid_from)
    )
    begins = {(row.school_id, row.valid_from) for row in rows}
    for row in rows:
        name, said = row.kern.name.removeprefix("Kern "), (row.source, row.checked_on)
        yield name, row.school_id, row.valid_from, *said
        if row.valid_until and (row.school_id, row.valid_until) not in begins:
            yield "", row.school_id, row.valid_until, *said


def _roles() -> Iterator[str]:
    sectors: dict[int, list[Any]] = defaultdict(list)
    for row in RoleInSector.select().order_by(RoleInSector.id):
        sectors[row.role_id].append(row)
    for role in Role.select().order_by(Role.position):
        yield from _table("[[roles]]", {
            **{name: getattr(role, name) for name in (
                "key", "label", "team", "service", "case_by", "why", "call_about", "one_holder",
                "shown_first", "is_school_staff", "of_kern", "check_months", "source", "checked_on",
            )},
            **{name: _split(getattr(role, name)) for name in (
                "aliases", "municipalities", "unconfirmed_in"
            )},
            "sectors": [row.sector_id for row in sectors[role.id]],
            "optional_in": [row.sector_id for row in sectors[role.id] if not row.expected],
            "to_confirm_in": [row.sector_id for row in sectors[role.id] if row.to_confirm],
        })  # fmt: skip
        if not role.member:
            yield "member = false\n"


def _contacts() -> Iterator[str]:
    partners = Organisation.select().where(Organisation.kind == Organisation.PARTNER)
    for organisation in partners.order_by(Organisation.id):
        yield from _table("[[organisations]]", {"key": organisation.key, "name": organisation.name})
        points = ContactPoint.select().where(ContactPoint.organisation == organisation)
        for point in points.order_by(ContactPoint.id):
            yield from _table("[[organisations.contact_points]]", {
                **{name: getattr(point, name) for name in (
                    "key", "name", "note", "hours", "closed_on", "source", "checked_on"
                )},
                "aliases": _split(point.aliases),
            })  # fmt: skip
            yield f"details = [{', '.join(_details(point))}]"
            yield f"answers = [{', '.join(_answers(point))}]\n"


def _details(point: ContactPoint) -> Iterator[str]:
    today = clock.today()
    current = (ContactDetail.contact_point == point) & ContactDetail.valid_until.is_null()
    for row in ContactDetail.select().where(current).order_by(ContactDetail.position):
        if row.valid_from is None or row.valid_from <= today:
            is_open = row.visibility is Visibility.OPEN
            yield _inline({
                "kind": row.kind.value, "value": row.value, "label": row.label,
                "visibility": "" if is_open else row.visibility.value,
            })  # fmt: skip


def _answers(point: ContactPoint) -> Iterator[str]:
    query = Responsibility.select(Responsibility, Role).join(Role)
    found: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in query.where(Responsibility.contact_point == point).order_by(Responsibility.id):
        is_own = (row.source, row.checked_on) != (point.source, point.checked_on)
        own = (row.source, row.checked_on) if is_own else ("", None)
        how = (row.role.key, row.sector, row.rank, row.also_by_school, row.to_confirm, *own)
        found[how].append(row.municipality_id)
    for (role, sector, rank, also_by_school, to_confirm, *named), municipalities in found.items():
        yield _inline({
            "roles": [role], "municipalities": municipalities, "sector": sector, "rank": rank,
            "also_by_school": also_by_school, "to_confirm": to_confirm,
            "source": named[0], "checked_on": named[1],
        })  # fmt: skip


def _table(head: str, values: dict[str, Any]) -> Iterator[str]:
    yield f"\n{head}"
    yield from (f"{name} = {to_toml(value)}" for name, value in values.items() if value)


def _inline(values: dict[str, Any]) -> str:
    given = (f"{name} = {to_toml(value)}" for name, value in values.items() if value)
    return f"{{ {', '.join(given)} }}"


def to_toml(value: Any) -> str:
    """A value as TOML: a string, number, truth value or list is written as in JSON."""
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _split(text: str) -> list[str]:
    return text.split("; ") if text else []


def write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], delimiter: str = ",") -> None:
    """Write a CSV file of the seeds, whose first line names the columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerows([columns, *rows])
