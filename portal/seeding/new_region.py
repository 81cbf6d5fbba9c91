"""A new region: a folder of seeds with the schools of some municipalities and where their pupils
live, cut out of files of DUO. What DUO does not know is as in templates/new_region/."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from operator import itemgetter
from pathlib import Path

from jinja2 import Environment

from portal.readers.delimited import read_records
from portal.readers.duo import read_duo
from portal.seeding.export import to_toml, write_csv
from portal.seeding.seed_files import SeedError, read_csv
from portal.text import clean_line, fold, slug

_LABELS = {"po": "basisonderwijs", "so": "speciaal (basis)onderwijs", "vo": "voortgezet onderwijs"}
_NAMES_OF_A_DEMO = 1000  # of the 10,000; each demo begins that far from the one before
_SMALL = {"aan", "aant", "bij", "de", "den", "der", "en", "het", "in", "op", "ter", "van"}
_PROVINCE = r" (DR|FLD|FR|GLD|GN|LB|NB|NH|OV|UT|ZH|ZL)$"
_SOURCE = "Begin van een nieuwe regio, te bevestigen"

Row = dict[str, str]


def make_region(
    seeds: Path, environment: Environment, name: str, towns: Sequence[str], files: Sequence[Path], today: date
) -> Path:
    """Write the folder of the region `name` in `seeds`: the schools of the municipalities `towns`
    in files of DUO, and the places of these and of their neighbours in the same RMC region.

    Returns the folder. Raises SeedError where it exists or a municipality has no school;
    UnreadableFile for a file that is not DUO's.
    """
    folder = seeds / slug(name)
    if folder.exists():
        raise SeedError(f"seeds/{folder.name}: deze map is er al. Kies een andere naam.")
    of_sector = {read_duo(path.name, path.read_bytes()).education: _read(path) for path in files}
    every = [row for rows in of_sector.values() for row in rows]
    numbers = {fold(row["GEMEENTENAAM"]): row["GEMEENTENUMMER"] for row in every}
    if missing := [town for town in towns if fold(town) not in numbers]:
        alike = get_close_matches(fold(missing[0]), numbers, n=1)
        hint = "Schrijf de naam zoals DUO; twee woorden staan tussen aanhalingstekens."
        if alike:
            hint = f"Bedoel je {_spell(alike[0])}?"
        raise SeedError(f"De gemeente {missing[0]} heeft geen school in dit bestand van DUO. {hint}")
    codes = [numbers[fold(town)] for town in towns]
    ours = [row for row in every if row["GEMEENTENUMMER"] in codes]
    regions = {row["RMC-REGIO CODE"] for row in ours}
    near = [row for row in every if row["RMC-REGIO CODE"] in regions]

    (folder / "schools").mkdir(parents=True)
    (folder / "demo").mkdir()
    for sector, rows in of_sector.items():
        write_csv(
            folder / "schools" / f"{sector}.csv", tuple(rows[0]),
            [tuple(row.values()) for row in rows if row["GEMEENTENUMMER"] in codes], ";",
        )  # fmt: skip
    write_csv(folder / "school_names.csv", ("code", "name", "aliases", "evidence"), [])
    write_csv(folder / "boards.csv", ("board", "website", "evidence"), [])
    # A kern per place, to begin with; the rows count once the region has the module "kernen".
    write_csv(folder / "kernen.csv", ("kern", "school", "from", "source", "checked_on"), [
        (_spell(row["PLAATSNAAM"]), row["VESTIGINGSCODE"], today, _SOURCE, today)
        for row in sorted(ours, key=itemgetter("PLAATSNAAM", "VESTIGINGSCODE"))
    ])  # fmt: skip
    municipalities = _write_places(seeds, folder, near)
    _write_holidays(seeds, folder, {row["VAKANTIEREGIO"] for row in ours})
    places = Counter(_spell(row["PLAATSNAAM"]) for row in ours)
    values = {
        "key": folder.name,
        "name": name,
        "towns": [(code, municipalities[code], slug(municipalities[code])) for code in codes],
        "codes": codes,
        "places": sorted({*places, *(municipalities[code] for code in codes)}),
        "examples": [places.most_common(1)[0][0], f"leerplicht {municipalities[codes[0]]}"],
        "sectors": [(sector, _LABELS[sector]) for sector in of_sector],
        "all": [*of_sector],
        "primary": [sector for sector in of_sector if sector != "vo"],
        "secondary": [sector for sector in of_sector if sector == "vo"],
        "first_name": _NAMES_OF_A_DEMO * (len(list(seeds.glob("*/region.toml"))) % 10),
        "source": _SOURCE,
        "school": ours[0]["VESTIGINGSCODE"],
        "today": today,
    }
    environment.filters["toml"] = to_toml
    for template in environment.list_templates(filter_func=lambda file: file.endswith(".toml")):
        text = environment.get_template(template).render(values)
        (folder / template.removeprefix("new_region/")).write_text(text + "\n", "utf-8")
    return folder


def _read(path: Path) -> list[Row]:
    """The rows of a file of DUO by its columns. Numbers of municipalities have four digits."""
    (_, columns), *records = read_records(path.read_bytes(), lines_in_a_field=1)
    names = [clean_line(column).upper() for column in columns]
    rows = [dict(zip(names, map(clean_line, fields), strict=False)) for _, fields in records]
    return [{**row, "GEMEENTENUMMER": row["GEMEENTENUMMER"].zfill(4)} for row in rows if row.get("GEMEENTENUMMER")]


def _write_places(seeds: Path, folder: Path, near: Sequence[Row]) -> dict[str, str]:
    """Write the municipalities, places and postcodes of these schools, as other regions know them
    where they do; returns the names of the municipalities by their number."""
    known: dict[str, list[Row]] = {
        file: [row for path in sorted(seeds.glob(f"*/{file}.csv")) for row in read_csv(path)]
        for file in ("municipalities", "places", "postcodes")
    }
    names = {row["GEMEENTENUMMER"]: _spell(row["GEMEENTENAAM"]) for row in near}
    names |= {row["code"]: row["name"] for row in known["municipalities"] if row["code"] in names}
    places = {row["name"]: row for row in known["places"] if row["municipality_code"] in names}
    found = {
        (fold(spelled), row["municipality_code"]): row["name"]
        for row in places.values()
        for spelled in (row["name"], *row["aliases"].split("; "))
    }
    at: dict[str, Counter[tuple[str, str]]] = {}
    for row in near:
        name, code = _spell(row["PLAATSNAAM"]), row["GEMEENTENUMMER"]
        if (fold(name), code) not in found:
            unique = f"{name} (gemeente {names[code]})" if name in places else name
            alias = name if unique != name else ""
            places[unique] = {"name": unique, "aliases": alias, "municipality_code": code}
            found[fold(name), code] = unique
        at.setdefault(row["POSTCODE"][:4], Counter())[code, found[fold(name), code]] += 1
    postcodes = {pc4: counted.most_common(1)[0][0] for pc4, counted in at.items()}
    postcodes |= {
        row["pc4"]: (row["municipality_code"], row["place"])
        for row in known["postcodes"]
        if row["municipality_code"] in names and row["place"] in {"", *places}
    }
    write_csv(folder / "municipalities.csv", ("code", "name"), sorted(names.items()))
    columns = ("name", "aliases", "municipality_code", "hint", "aliases_source")
    write_csv(folder / "places.csv", columns, [
        tuple(places[name].get(column, "") for column in columns) for name in sorted(places)
    ])  # fmt: skip
    write_csv(folder / "postcodes.csv", ("pc4", "municipality_code", "place"), [
        (pc4, *postcodes[pc4]) for pc4 in sorted(postcodes)
    ])  # fmt: skip
    return names


def _write_holidays(seeds: Path, folder: Path, regions: set[str]) -> None:
    """Write the public holidays, and the school holidays of these regions (Noord, Midden, Zuid)
    that another region knows."""
    known = {
        (row["first_day"], row["name"]): tuple(row.values())
        for path in sorted(seeds.glob("*/holidays.csv"))
        for row in read_csv(path)
        if row["kind"] == "public" or any(f"regio {name}" in row["source"] for name in regions)
    }
    columns = ("first_day", "last_day", "kind", "name", "source", "checked_on")
    write_csv(folder / "holidays.csv", columns, [known[key] for key in sorted(known)])


def _spell(name: str) -> str:
    """The name of a place or municipality, which DUO gives in capitals: "Bergen op Zoom"."""
    words = re.sub(_PROVINCE, "", name).lower().split()
    name = " ".join(
        word if at and word in _SMALL else "-".join(map(_capitalise, word.split("-"))) for at, word in enumerate(words)
    )
    return re.sub(r"^'?S[ -](?=[GH])", "'s-", name)


def _capitalise(word: str) -> str:
    return f"IJ{word[2:]}" if word.startswith("ij") else word[:1].upper() + word[1:]
