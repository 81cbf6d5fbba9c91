"""The columns of an imported table, and the row that names them."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice, zip_longest
from typing import NamedTuple

from portal.directory.schools_and_kernen import has_kernen
from portal.imports import cell_meanings
from portal.imports.found_words import Found
from portal.imports.role_and_organisation_finder import RoleFinder
from portal.labelled_enum import LabelledEnum
from portal.readers.tables import Row, Table
from portal.text import clean_line, fold, join_words, without_small_words


class Field(LabelledEnum):
    """The meaning of a column."""

    SCHOOL = "school", "school"
    CODE = "code", "BRIN of vestigingsnummer"
    LOCATION = "location", "twee cijfers van de vestiging"
    PLACE = "place", "plaats van de school"
    ADDRESS = "address", "adres van de school"
    ROLE = "role", "functie"
    PEOPLE = "people", "naam van de persoon in de functie die erboven staat"
    NAME = "name", "naam van de persoon"
    GIVEN_NAME = "given-name", "voornaam"
    INFIX = "infix", "tussenvoegsel"
    FAMILY_NAME = "family-name", "achternaam"
    ORGANISATION = "organisation", "organisatie"
    PHONE = "phone", "telefoon"
    MOBILE = "mobile", "mobiel"
    EMAIL = "email", "e-mail"
    DAYS = "days", "werkdagen"
    HOURS = "hours", "werktijden"
    WEEKDAY = "weekday", "kruisje of school op deze dag"
    TICKED = "ticked", "kruisje bij de school of persoon in de kop"
    FROM = "from", "eerste dag"
    UNTIL = "until", "laatste dag"
    REMARK = "remark", "opmerking"
    UNUSED = "unused", "niet nodig"


class Column(NamedTuple):
    """A column of a sheet. `answer` is a Field, or "people" with keys of roles behind it: "people
    jeugdarts jeugdverpleegkundige"."""

    key: str  # of its decision: by its heading, the same in every file
    position: int  # from 0
    heading: str  # as in the file
    answer: str  # "": not known, to be asked
    examples: tuple[str, ...]  # up to three

    @property
    def field(self) -> str:
        """The meaning without the roles."""
        return self.answer.partition(" ")[0]


class Sheet(NamedTuple):
    """A table with its columns; none where no row names them."""

    name: str
    first_row: int  # position of the first row below the heading
    columns: tuple[Column, ...]
    title: str  # what stands above the heading, with the name of the sheet

    def find(self, field: Field) -> Column | None:
        return next((column for column in self.columns if column.field == field), None)


# A column of these may stand in a sheet more than once; of the others where the sheet has a column of people per role.
REPEATED = {
    Field.UNUSED, Field.REMARK, Field.WEEKDAY, Field.TICKED, Field.PHONE, Field.MOBILE,
    Field.EMAIL, Field.PEOPLE,
}  # fmt: skip
PER_ROLE = {Field.DAYS, Field.HOURS, Field.FROM, Field.UNTIL, Field.ORGANISATION}
_MOST_ROWS_ABOVE = 15
_MOST_WORDS = 4  # of a heading that has the name of a role in it
_MATRIX = 3  # columns of crosses
_MOSTLY = 0.8  # of the cells of a column that are roles
_WORDS: dict[Field, str] = {
    Field.SCHOOL: (
        "school schoolnaam naamschool scholen locatie schoollocatie basisschool instelling "
        "vestigingsnaam naamvandeschool schoolofschoollocatie instellingsnaam"
    ),
    Field.CODE: (
        "brin brinnummer brinnr brincode brin6 brin4 schoolcode vestigingsnummer vestigingscode "
        "code brinvestiging brinvestigingsnummer instellingscode vestnr"
    ),
    Field.LOCATION: "vestiging vest volgnummervestiging nevenvestiging",
    Field.PLACE: ("plaats woonplaats gemeente plaatsschool plaatsnaam kern kernen dorp stad wijk plaatsgemeente"),
    Field.ADDRESS: (
        "adres straat schooladres bezoekadres adresschool straatnaam straatenhuisnummer postcode adrespostcode"
    ),
    Field.ROLE: ("functie rol functies functierol functienaam discipline taak functieinkernteam rolfunctie"),
    Field.NAME: (
        "naam contactpersoon contactpersonen persoon medewerker naammedewerker wie collega "
        "volledigenaam contactpersoonen naamcontactpersoon namen professional naamprofessional "
        "collegas"
    ),
    Field.GIVEN_NAME: "voornaam roepnaam voornamen voorletters",
    Field.INFIX: "tussenvoegsel tussenv tv tussenvoegsels tussen tsv voorvoegsel",
    Field.FAMILY_NAME: "achternaam familienaam",
    Field.ORGANISATION: "organisatie werkgever instantie org dienst partner werktbij bedrijf",
    Field.PHONE: (
        "telefoon tel telefoonnummer telnr telefoonnr nummer telefoonwerk tel1 tel2 vast "
        "telnummer vastnummer telefoonnummers doorkiesnummer telwerk"
    ),
    Field.MOBILE: ("mobiel mob 06 mobielnummer gsm mobieletelefoon telefoon06 06nummer 06nr mobielnr telmobiel"),
    Field.EMAIL: "email mail emailadres mailadres emailwerk emails",
    Field.DAYS: (
        "werkdagen dagen dgn wd werkdgn werkdag dag aanwezig bereikbaar beschikbaar "
        "bereikbaarheid aanwezigheid beschikbaarheid werkdagenuren dagenuren dagenentijden "
        "dagentijden"
    ),
    Field.HOURS: "uren tijden werktijden tijd bereikbaarheidstijden spreekuur werkuren",
    Field.FROM: (
        "vanaf per ingangsdatum startdatum start ingaandper begindatum datumingang ingang sinds "
        "vanafdatum geldigvanaf eerstedag datumvanaf ingangper perdatum"
    ),
    Field.UNTIL: ("tot tm einddatum totenmet eind einde laatstedag geldigtot tottm geldigtotenmet datumtot"),
    Field.REMARK: (
        "opmerking opmerkingen opm bijzonderheden toelichting notitie notities bijz aantekening "
        "aantekeningen memo verlof commentaar info overig bijzonderheid"
    ),
    Field.UNUSED: (
        "nr volgnr id denominatie bestuur stichting website aantalleerlingen fte gewijzigd "
        "laatstgewijzigd richting wtf volgnummer aantal sector soort type rayon regio cluster "
        "bijgewerkt ingevuld paraaf controle gecontroleerd lln leerlingen leerlingaantal"
    ),
}
# Words that say enough at the start: "aantal lln (1 okt)", "bijgewerkt door".
_UNUSED_STARTS = frozenset(["aantal", "bijgewerkt", "gewijzigd", "ingevuld", "laatst", "gecontroleerd"])
_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split()}
_NAMES_BELOW = frozenset(_WORDS[Field.NAME].split())
_WEEKDAY = re.compile(r"ma(?:andag)?|di(?:nsdag)?|wo(?:ensdag)?|do(?:nderdag)?|vr(?:ijdag)?")


def read_sheet(table: Table, roles: RoleFinder, decisions: Mapping[str, str]) -> Sheet:
    """The columns of a table, as its headings and the decisions (by `Column.key`) tell."""
    at, headings = _find_heading(table.rows, roles)
    above = (cell.text for row in table.rows[: max(at, 0)] for cell in row.cells if cell.text)
    title = f"{table.name} {' '.join(above)}"
    if at < 0:
        return Sheet(table.name, len(table.rows), (), title)
    columns: list[Column] = []
    below = table.rows[at + 1 :]
    for position, heading in enumerate(headings):
        texts = [row.cells[position].text for row in below if position < len(row.cells)]
        distinct = islice(dict.fromkeys(text for text in texts if text.strip()), 3)
        examples = tuple(dict.fromkeys(map(clean_line, distinct)))
        if not examples:
            continue
        key = f"column:{fold(heading) or position + 1}"
        answer = decisions.get(key) or _guess(heading, texts, roles, decisions)
        columns.append(Column(key, position, heading, answer, examples))
    crossed = [c for c in columns if not c.answer and _is_crossed(c, below)]
    if len(crossed) >= _MATRIX:
        columns = [c._replace(answer=Field.TICKED) if c in crossed else c for c in columns]
    fields = {column.field for column in columns}
    if {Field.NAME, Field.ROLE, Field.PEOPLE} <= fields:  # it may be a column of anything
        columns = [c._replace(answer="") if c.field == Field.PEOPLE else c for c in columns]
    if has_kernen() and not {Field.SCHOOL, Field.CODE} & fields:  # elsewhere a kern is a village
        kernen = [c for c in columns if c.field == Field.PLACE and join_words(c.heading).startswith("kern")]
        columns = [c._replace(answer=Field.SCHOOL) if c in kernen else c for c in columns]
    return Sheet(table.name, at + 1, tuple(columns), title)


def _is_crossed(column: Column, rows: Sequence[Row]) -> bool:
    """Whether most cells of a column are crosses."""
    filled = [text for row in rows if (text := row.cells[column.position].text.strip())]
    return sum(map(cell_meanings.is_tick, filled)) > _MOSTLY * len(filled)


def _find_heading(rows: Sequence[Row], roles: RoleFinder) -> tuple[int, list[str]]:
    """The position of the row with the most known words, and the headings, of two rows where roles
    stand above it; -1 where there is none."""
    counts = [sum(_is_known(cell.text, roles) for cell in row.cells) for row in rows[:_MOST_ROWS_ABOVE]]
    best = max(counts, default=0)
    if not best:
        return -1, []
    at = counts.index(best)
    crosses = sum(cell_meanings.is_tick(cell.text) for row in rows[at + 1 :] for cell in row.cells)
    if best < 2 and crosses < _MATRIX:
        return -1, []
    below = [cell.text for cell in rows[at + 1].cells if cell.text] if at + 1 < len(counts) else []
    if len(below) > 1 and all(join_words(text) in _FIELDS for text in below):
        at += 1  # "Naam", "Tel." below each role
    headings = [clean_line(cell.text) for cell in rows[at].cells]
    if at and len({cell.text for cell in rows[at - 1].cells if cell.text}) > 1 and counts[at - 1]:
        group = ""
        has_roles = any(any(roles.find(cell.text)) for cell in rows[at - 1].cells if cell.text)
        for position, (heading, above) in enumerate(zip_longest(headings, rows[at - 1].cells)):
            group = clean_line(above.text) if above and above.text else group
            is_person = has_roles and join_words(heading or "") in _NAMES_BELOW
            if group and (not heading or is_person or any(roles.find(group))):
                headings[position : position + 1] = [f"{group} {heading or ''}".strip()]
    return at, headings


def _is_known(text: str, roles: RoleFinder) -> bool:
    return bool(text) and len(text) < 60 and _guess_heading(text, roles) != ""


def _guess(heading: str, texts: Sequence[str], roles: RoleFinder, decisions: Mapping[str, str]) -> str:
    """The meaning of a column by its heading, else by its cells."""
    answer = _guess_heading(heading, roles)
    filled = [text for text in texts if text.strip() and not cell_meanings.is_ditto(text)]
    if answer == Field.LOCATION and not all(re.fullmatch(r"\d{1,2}", text) for text in filled):
        answer = Field.ADDRESS if any(re.search(r" \d", text) for text in filled) else ""
    if answer:
        return answer
    if f"role:{fold(heading)}" in decisions:
        return Field.PEOPLE
    if all(map(cell_meanings.find_emails, filled)):
        return Field.EMAIL
    if all(map(cell_meanings.find_numbers, filled)):
        return Field.PHONE
    if all(cell_meanings.is_only_days(text) for text in filled):
        return Field.DAYS
    named = sum(any(roles.find(text)) for text in filled)
    return Field.ROLE if named > _MOSTLY * len(filled) else ""


def _guess_heading(heading: str, roles: RoleFinder) -> str:
    plain = re.sub(r"\((?:s|en|n)\)", "", heading)
    joined = join_words(plain)
    if field := _FIELDS.get(joined) or _FIELDS.get(re.sub(r"\d$", "", joined)):
        return field
    if _WEEKDAY.fullmatch(joined):
        return Field.WEEKDAY
    if any(roles.find(heading)):
        return Field.PEOPLE
    # "Mobiel/tel", "bereikbaar op", "Werkdagen (vast)": each part says the same, or only one does.
    parts = [part for part in re.split(r"[/&+()]| en | of ", plain) if part.strip()]
    said = {_FIELDS.get("".join(without_small_words(fold(p).split()))) for p in parts}
    said -= {None} if "(" in plain else set()  # "Mail (werk)"
    if said in ({Field.PHONE, Field.MOBILE}, {Field.PHONE}, {Field.MOBILE}):
        return Field.PHONE
    if len(said) == 1 and (field := said.pop()):
        return field
    # "tel. coach", "CJG-coach Naam": a field before or behind a role.
    words = fold(plain).split()
    if words and words[0] in _UNUSED_STARTS:
        return Field.UNUSED
    for at in range(1, len(words)):
        for part, rest in ((words[:at], words[at:]), (words[at:], words[:at])):
            field, other = _FIELDS.get("".join(part)), _FIELDS.get("".join(rest))
            if field and any(roles.find(" ".join(rest))):
                return Field.PEOPLE if field == Field.NAME else field
            if other == Field.SCHOOL and field in (Field.NAME, Field.CODE, Field.PLACE, Field.ADDRESS):
                return Field.SCHOOL if field == Field.NAME else field
            if field and field == other:
                return field
    # "Kernteamlid leerplicht"
    is_short = len(words) <= _MOST_WORDS
    return Field.PEOPLE if is_short and roles.find_within(heading).values else ""


def find_roles(column: Column, roles: RoleFinder) -> Found:
    """The roles of a column of people: those of its answer, else those that its heading names."""
    if keys := column.answer.split()[1:]:
        return Found(tuple(keys))
    words = column.heading.split()
    while words and not any(found := roles.find(" ".join(words))):
        # "CJG-coach Naam", "Naam CJG-coach"
        words = words[:-1] if _FIELDS.get(join_words(words[-1])) else words[1:]
    return found if words else roles.find_within(column.heading)


def find_owner(sheet: Sheet, column: Column, roles: RoleFinder) -> Column | None:
    """The column of people that a column of their numbers or days belongs to: the one of the role
    in its heading, else the next one at its left."""
    people = [other for other in sheet.columns if other.field == Field.PEOPLE]
    options = [{*find_roles(other, roles).options} for other in people]
    words = fold(column.heading).split()
    for at in range(len(words)):
        for rest in (words[at:], words[: len(words) - at]):
            named = roles.find(" ".join(rest)).options
            for other, of_other in zip(people, options, strict=True):
                if not of_other.isdisjoint(named):
                    return other
    left = [other for other in people if other.position < column.position]
    return left[-1] if left else (people[0] if people else None)
