"""The schools of a file of DUO, which of them close, and a newer file against the directory, code by code.

A code keeps its people. Where DUO gives it to another school, by name and address, somebody
says whether it is one; nobody goes along to another code.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from peewee import CharField, DateField, TextField, fn

from portal import clock, phones
from portal.database import BaseModel, db, fetch_tuples, lock
from portal.database.compiled import read_models
from portal.database.validity import current_or_future
from portal.directory.change_sets import ChangeSetKind
from portal.directory.models import Assignment, CheckedBy, Organisation, Place, Postcode, School
from portal.readers.duo import DuoFile, DuoSchool, RefusedRow
from portal.readers.tables import UnreadableFile
from portal.region import Region, SchoolSource
from portal.seeding.files_against_typed_rows import FileUpdate, Proposal, apply, propose
from portal.seeding.seed_files import SeedError, read_csv
from portal.seeding.table_sync import Difference, ids, sync
from portal.text import fold, slug
from portal.web.formatting import count, day

# Above these shares of the schools that close at once, a file of DUO was probably cut short.
_MOST_CLOSING, _MOST_CLOSING_OF_SECTOR = 0.05, 0.25


class DuoUpload(BaseModel):
    """The last file of DUO that was sent and not applied yet; there is one at most."""

    label = CharField()  # the name of the file
    made_on = DateField()
    sector = CharField()  # key
    content = TextField()  # JSON of DuoFile, without the schools of other regions


SAME, OTHER = "same:", "other:"  # answers about a code, followed by it


class ReusedCode(NamedTuple):
    """A code for which the file has another name and address than the directory, in words."""

    code: str
    old: str
    new: str


class Found(NamedTuple):
    """Besides the difference: what somebody has to decide or know."""

    reused: list[ReusedCode]
    hints: list[str]  # Dutch sentences
    refused: list[str]


def store_upload(region: Region, label: str, file: DuoFile, made_on: date) -> None:
    """Keep a file in the place of the last one. Raises UnreadableFile where it has no school of the
    region, or is older than the last one that was applied."""
    schools = list_present()
    listed = Counter(schools[s.code].sector_id for s in file.schools if s.code in schools)
    key = listed.most_common(1)[0][0] if listed else file.education
    sector = next((sector for sector in region.sectors if sector.key == key), None)
    ours = [s for s in file.schools if sector and (s.code in schools or is_of_region(s, sector))]
    if sector is None or not ours:
        raise UnreadableFile("In dit bestand staat geen school van de regio. Kies een ander.")
    of_file = [s for s in schools.values() if _is_of_duo(s, key)]
    newest = max((s.checked_on for s in of_file), default=made_on)
    if made_on < newest:
        raise UnreadableFile(f"De scholen hier zijn van een nieuwer bestand, van {day(newest)}. Kies een nieuwer.")
    content = json.dumps([file.education, ours, file.refused[:100]], ensure_ascii=False)
    with db.atomic():
        lock("duo upload")
        DuoUpload.delete().execute()
        DuoUpload.create(label=label, made_on=made_on, sector=key, content=content)


def find_upload() -> DuoUpload | None:
    """The file that was sent and not applied yet."""
    upload: DuoUpload | None = DuoUpload.get_or_none()
    return upload


def propose_upload(region: Region, upload: DuoUpload) -> Proposal:
    """The effect of the file; `found` is a Found."""
    return propose(ChangeSetKind.DUO_UPDATE, _loader(region, upload))


def apply_upload(
    region: Region, upload: DuoUpload, author: int | None, accepted: Collection[str], version: str
) -> Proposal:
    """Apply the file for an account (id). Raises Outdated."""
    with db.atomic():
        proposal = apply(
            ChangeSetKind.DUO_UPDATE, author, _loader(region, upload),
            reason=f"{upload.label}, van {day(upload.made_on)}", accepted=accepted, version=version,
        )  # fmt: skip
        DuoUpload.delete().where(DuoUpload.id == upload.id).execute()
    return proposal


def _loader(region: Region, upload: DuoUpload) -> Callable[[FileUpdate], Found]:
    def load(update: FileUpdate) -> Found:
        return _load(region, upload, update)

    return load


def _load(region: Region, upload: DuoUpload, update: FileUpdate) -> Found:
    education, listed, refused_rows = json.loads(upload.content)
    file = DuoFile(education, [DuoSchool(*s) for s in listed], [RefusedRow(*row) for row in refused_rows])
    made_on = upload.made_on
    own = next(sector for sector in region.sectors if sector.key == upload.sector)
    source = f"DUO, alle vestigingen {own.label}, {day(made_on)}"
    sector = replace(own, source=source, checked_on=made_on)
    schools = list_present()
    places, boards = Places(), read_boards(region.folder)
    rows, reused = [], []
    refused = [row.reason for row in file.refused]
    kept = {row.code for row in file.refused}
    for school in file.schools:
        if not is_of_region(school, sector):
            continue
        current = schools.get(school.code)
        names = {} if current is None or f"{OTHER}{school.code}" in update.accepted else {
            "name": current.name if current.name != current.duo_name else "",
            "aliases": current.aliases,
        }  # fmt: skip
        try:
            row = make_row(school, sector, names, places, boards)
        except SeedError as error:
            refused.append(str(error))
            kept.add(school.code)
            continue
        if current and _is_another(current, row):
            if f"{OTHER}{school.code}" in update.accepted:
                update.end_posts([current.code], clock.today())
            elif f"{SAME}{school.code}" not in update.accepted:
                reused.append(
                    ReusedCode(
                        school.code, f"{current.duo_name}, {current.street}, {current.postcode}",
                        f"{school.name}, {row['street']}, {row['postcode']} {school.place}",
                    )
                )  # fmt: skip
                kept.add(school.code)
                continue
        rows.append(row)
    by_code = {row["code"]: row for row in rows}
    hints = list(_list_hints(schools, file, by_code, sector.key, kept))  # while people work there
    sync_schools(schools, rows, kept, {sector.key: made_on}, update, close_many=True)
    return Found(reused, hints, refused)


def _is_of_duo(school: School, sector: str) -> bool:
    is_unchecked = school.checked_by is CheckedBy.SOURCE  # otherwise the day is not that of a file
    return bool(school.sector_id == sector and is_unchecked and school.source.startswith("DUO"))


def _is_another(school: School, row: dict[str, Any]) -> bool:
    """Whether a file has another name and another street for a code than the directory."""
    return bool(school.street != row["street"] and fold(school.duo_name) != fold(row["duo_name"]))


def _list_hints(
    schools: dict[str, School], file: DuoFile, rows: dict[str, dict[str, Any]], sector: str, kept: Collection[str]
) -> Iterator[str]:
    """Sentences about schools that close: who works there, and which new one looks like it."""
    elsewhere = {school.code: school.place for school in file.schools if school.code not in rows}
    new = [row for code, row in rows.items() if code not in schools]
    open_ones = (s for s in schools.values() if s.sector_id == sector and s.closed_on is None)
    closing = {school.code: school for school in open_ones if school.code not in rows and school.code not in kept}
    posts = Assignment.select(Assignment.school, fn.COUNT(Assignment.person.distinct())).where(
        Assignment.school.in_(list(closing)) & current_or_future(Assignment, clock.today())
    )
    working = dict(fetch_tuples(posts.group_by(Assignment.school)))
    for code, school in closing.items():
        name = f"{school.name} ({code})"
        if code in elsewhere:
            yield f"{name} ligt nu in {elsewhere[code]}, buiten de regio."
        if people := working.get(code):
            verb = "werkt" if people == 1 else "werken"
            yield f"Bij {name} {verb} nog {count(people, 'mens', 'mensen')}."
        for row in new:
            same_address = (row["street"], row["postcode"]) == (school.street, school.postcode)
            if same_address or fold(row["duo_name"]) == fold(school.duo_name):
                new_name = f"{row['duo_name']} ({row['code']})"
                yield f"{new_name} lijkt op {name}. Niemand gaat vanzelf mee."


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
