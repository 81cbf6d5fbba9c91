"""The rows of schools out of files of DUO, and which of them close."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from portal import phones
from portal.database.compiled import read_models
from portal.directory.models import Organisation, Place, Postcode, School
from portal.readers.duo import DuoSchool
from portal.region import SchoolSource
from portal.seeding.file_update import FileUpdate
from portal.seeding.seed_files import SeedError, read_csv
from portal.seeding.table_sync import Difference, ids, sync
from portal.text import fold, slug

# Above these shares of the schools that close at once, a file of DUO was probably cut short.
_MOST_CLOSING, _MOST_CLOSING_OF_SECTOR = 0.05, 0.25


def is_of_region(school: DuoSchool, sector: SchoolSource) -> bool:
    """Whether a school belongs to a sector of the region, by its municipality or postcode."""
    return school.municipality_code in sector.municipalities or school.postcode[:4] in sector.postcodes


def read_boards(folder: Path) -> dict[str, str]:
    """The website of each board, by its number at DUO, in the files of a region."""
    return {row["board"]: _website(row["website"]) for row in read_csv(folder / "boards.csv")}


def list_present() -> dict[str, School]:
    """All schools by code, also the closed ones."""
    return {school.code: school for school in read_models(School.select())}


def sync_schools(
    schools: Mapping[str, School], rows: list[dict[str, Any]], listed: Collection[str],
    sectors: Mapping[str, Any], update: FileUpdate, close_many: bool,
) -> list[Difference]:  # fmt: skip
    """Make the `schools` of some sectors (all, by code) those of `rows`. What these do not hold
    closes from the day that `sectors` gives, unless its code is `listed`; it stays, because posts
    may refer to it. A row that a later file changed stays too.

    Raises SeedError where many would close, unless `close_many`.
    """
    later = {
        code
        for code, school in schools.items()
        if school.checked_on > sectors.get(school.sector_id, school.checked_on) and not update.was_typed(school)
    }
    rows = [row for row in rows if row["code"] not in later]
    employers, renamed = [], []
    for row in rows:
        current = schools.get(row["code"])
        if current is None:
            key = f"school-{row['code']}"
            employers.append({"key": key, "name": row["name"], "kind": Organisation.SCHOOL})
        elif current.name == row["name"]:
            row["slug"] = current.slug  # a name that a person gave may have left it
        else:
            renamed.append(row["code"])
    label = "organisaties van scholen"
    staff = Difference(label, 0, 0, 0)
    if employers:
        staff = sync(Organisation, label, ("key",), employers, keep_missing=True, update=update)
    employer_ids = ids(Organisation, "organisaties")
    for row in rows:
        row["organisation"] = employer_ids[f"school-{row['code']}"]
    known = {*listed, *later, *(row["code"] for row in rows)}
    open_ones = [s for s in schools.values() if s.closed_on is None and s.sector_id in sectors]
    closing = [school for school in open_ones if school.code not in known]
    if _are_many(closing, open_ones):
        update.many_closing = len(closing)
        if not close_many:
            raise SeedError(
                f"schools: {len(closing)} van de {len(open_ones)} scholen zouden sluiten. Is elk "
                "bestand van DUO heel? Klopt het toch, gebruik dan `flask seed --close-schools`."
            )
    gone: defaultdict[date, list[str]] = defaultdict(list)
    for school in closing:
        day = sectors[school.sector_id]
        values = {"closed_on": day, "checked_on": max(day, school.checked_on)}
        if update.change(school, values):
            gone[day].append(school.code)
    for day, codes in gone.items():
        update.end_posts(codes, day)
    difference = sync(School, "scholen", ("code",), rows, keep_missing=True, update=update, present=schools.values())
    followed = sum(
        update.follow(school.organisation, {"name": school.name})
        for school in School.select(School, Organisation).join(Organisation).where(School.code.in_(renamed))
    )
    removed = sum(map(len, gone.values()))
    return [staff._replace(changed=staff.changed + followed), difference._replace(removed=removed)]


def _are_many(closing: list[School], open_ones: list[School]) -> bool:
    """Whether more schools would close at once than is likely, in all or of one sector, which has a file of its own."""
    of_sector = Counter(school.sector_id for school in open_ones)
    closing_of_sector = Counter(school.sector_id for school in closing)
    return len(closing) > _MOST_CLOSING * len(open_ones) or any(
        number > _MOST_CLOSING_OF_SECTOR * of_sector[sector] for sector, number in closing_of_sector.items()
    )


class Places:
    """Finds the place of a school by the name that DUO gives, in capitals, and by its postcode."""

    def __init__(self) -> None:
        self.by_postcode = {row.pc4: row.place_id for row in Postcode.select()}
        self.by_name = {
            (fold(name), place.municipality_id): place.id
            for place in Place.select()
            for name in (place.name, *place.aliases.split("; "))
        }

    def find(self, school: DuoSchool) -> int:
        """The id of its place. Raises SeedError where the region does not know it."""
        named = self.by_name.get((fold(school.place), school.municipality_code))
        place = named or self.by_postcode.get(school.postcode[:4])
        if place is None:
            raise SeedError(f"places.csv: de plaats {school.place} van school {school.code} ontbreekt.")
        return int(place)


def make_row(
    school: DuoSchool, sector: SchoolSource, names: Mapping[str, str], places: Places, boards: Mapping[str, str]
) -> dict[str, Any]:
    """The columns of a school, with the name and aliases that people use, if any, from `names`.
    Raises SeedError for an unknown place."""
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
