"""A messy workbook of a region's kernteams, made by rule, with the posts that it means.

It keeps the habits of the coordinators' files: title rows, merged cells, two people in a cell,
short names of schools, lost zeros, vacancies, leave with the substitute in the name, "idem". It
reads the schools from `seeds/` and nothing of `portal/imports/`. All people are invented.

    python -m tests.imports.messy_workbook FOLDER

writes three workbooks, each with its posts as CSV.
"""

import csv
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from io import BytesIO
from itertools import groupby
from pathlib import Path
from random import Random
from typing import NamedTuple

import xlsxwriter

from portal.readers.duo import read_schools
from portal.region import read_region
from portal.text import fold
from tests.clock import TODAY

SEEDS = Path(__file__).parents[2] / "seeds"


class ExpectedPost(NamedTuple):
    """A post that the workbook means. What it does not say anywhere is "" or None."""

    school: str  # code
    role: str  # key
    person: str  # the whole name; "": a vacancy
    phone: str = ""  # E.164
    email: str = ""
    working_days: str = ""  # ISO weekdays
    valid_from: date | None = None  # a day after that of the workbook; None: it holds already
    absent_until: date | None = None  # the last day of the leave
    substitute: str = ""


class MessyWorkbook(NamedTuple):
    """An XLSX file and its truth, in the order of school and role."""

    data: bytes
    posts: tuple[ExpectedPost, ...]
    schools: dict[str, str]  # by the words with which a cell names one: its code
    employers: dict[str, str]  # of each person, as the workbook writes it


class _School(NamedTuple):
    code: str
    sector: str
    names: tuple[str, ...]  # spoken ones, the shortest last
    street: str
    place: str
    municipality: str  # code
    is_alone: bool  # no other school has one of its names
    has_twin: bool  # another one has its name and its street


class _Person(NamedTuple):
    given: str
    infix: str
    family: str
    organisation: str
    phone: str
    email: str
    days: str
    leave_until: date | None = None
    substitute: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.given, self.infix, self.family)))


# A post: its people; none and a text such as "VACATURE" or "-".
class _Post(NamedTuple):
    people: tuple[_Person, ...]
    text: str = ""


_Value = str | int | float | date | None


class _Sheet:
    """Rows of cells, with merged cells and hidden rows."""

    def __init__(self, name: str, *, is_hidden: bool = False) -> None:
        self.name = name
        self.rows: list[list[_Value]] = []
        self.merged: list[tuple[int, int, int, int]] = []  # first row, column, last row, column
        self.hidden: list[int] = []
        self.is_hidden = is_hidden

    def add(self, *cells: _Value) -> int:
        self.rows.append(list(cells))
        return len(self.rows) - 1


# role: employer, how many schools each serves
_POOLS = {
    "cjg-coach": ("CJG Kennemerland", 7),
    "schoolcoach": ("Altra", 2),
    "leerplichtambtenaar": ("Leerplein", 13),
    "onderwijsconsulent": ("SWV PO", 10),
    "jeugdarts": ("GGD", 17),
    "jeugdverpleegkundige": ("GGD", 9),
    "doktersassistent": ("GGD", 16),
    "schoolmaatschappelijk-werker": ("Kontext", 3),
    "intern-begeleider": ("school", 1),
    "zorgcoordinator": ("school", 1),
    "directeur": ("school", 1),
}
_EMPLOYERS = {  # in an area
    ("cjg-coach", "Heemstede"): "CJG Heemstede",
    ("onderwijsconsulent", "VO"): "SWV VO",
}
_DOMAINS = {
    "CJG Kennemerland": "cjg.example",
    "CJG Heemstede": "cjgheemstede.example",
    "Altra": "altra.example",
    "Leerplein": "leerplein.example",
    "SWV PO": "swvpo.example",
    "SWV VO": "swvvo.example",
    "GGD": "ggd.example",
    "Kontext": "kontext.example",
}
WORDS = {  # how coordinators write a function, by its key
    "cjg-coach": ("CJG-coach", "CJG coach", "CJG-er"),
    "schoolcoach": ("Schoolcoach", "Schoolcoach Altra"),
    "leerplichtambtenaar": ("Leerplicht", "Leerplichtambt.", "lpa"),
    "onderwijsconsulent": ("Consulent SWV", "Onderwijsconsulent", "OC"),
    "jeugdarts": ("Jeugdarts", "Schoolarts"),
    "jeugdverpleegkundige": ("Jeugdverpleegkundige", "Jeugdvpk", "Jeugdverpl."),
    "doktersassistent": ("Doktersassistent", "Doktersass."),
    "schoolmaatschappelijk-werker": ("SMW", "SMW VO"),
    "intern-begeleider": ("IB'er", "IB", "Intern begeleider"),
    "zorgcoordinator": ("ZoCo", "Zorgcoördinator"),
    "directeur": ("Directeur", "Directie"),
}
_DAYS = ("ma", "di", "wo", "do", "vr")
_SEVERAL = frozenset(  # a school may have more than one of them
    {"cjg-coach", "leerplichtambtenaar", "intern-begeleider", "zorgcoordinator"}
)
_TOP = ("School", "Schoolnaam", "Naam school")


def make_workbook(seed: int, on: date = TODAY, least_rows: int = 0, every: int = 1) -> MessyWorkbook:
    """The workbook as it is kept on the day `on`. Each seed shuffles who keeps which sheet how.
    With `least_rows` the posts stand in one long sheet, with as many colleagues as that takes; of
    the schools one in `every` takes part."""
    maker = _Maker(Random(seed), on, every)
    return maker.make_long(least_rows) if least_rows else maker.make()


class _Maker:
    def __init__(self, random: Random, on: date, every: int) -> None:
        folder = SEEDS / "zuid-kennemerland"
        self.random = random
        self.on = on
        self.schools = _read_schools(folder)[::every]
        self.roles = tomllib.loads((folder / "roles.toml").read_text())["roles"]
        names = tomllib.loads((SEEDS / "demo" / "names.toml").read_text())
        self.names = [(given, family) for given in names["given"] for family in names["family"]]
        random.shuffle(self.names)
        self.people = 0
        self.posts: dict[tuple[str, str], _Post] = {}  # (school, role)
        self.starts: dict[tuple[str, str], date] = {}
        self.written: dict[tuple[str, str], str] = {}  # (name, "phone"): that the file says it
        self.sheets: list[_Sheet] = []
        self.words: dict[str, str] = {}
        self.employers: dict[str, str] = {}

    # ---- Who works where -----------------------------------------------------------------------

    def make(self) -> MessyWorkbook:
        areas = self._areas()
        ordered = [school for schools in areas.values() for school in schools]
        for role in self.roles:
            if role["key"] in _POOLS:
                self._fill(role, ordered, areas)
        self._send_on_leave(areas)
        layouts: list[Callable[[str, list[_School], list[str]], None]] = [
            self._wide_merged, self._wide, self._long, self._two_rows,
        ]  # fmt: skip
        self.random.shuffle(layouts)
        own = ("intern-begeleider", "directeur", "doktersassistent")
        for layout, (name, schools) in zip(layouts, areas.items(), strict=True):
            codes = {school.code for school in schools}
            roles = [r for r in _POOLS if r not in own and any((c, r) in self.posts for c in codes)]
            layout(name, schools, roles)
        self._staff("IB en directie", ordered)
        self._by_person("Doktersassistenten", "doktersassistent", ordered)
        self._telephone_list()
        self._old_and_notes(ordered)
        return MessyWorkbook(_write(self.sheets), self._truth(), self.words, self.employers)

    def make_long(self, least_rows: int) -> MessyWorkbook:
        roles = [role for role in self.roles if role["key"] in _POOLS]
        sheet = _Sheet("Alles")
        self.sheets = [sheet]
        sheet.add("BRIN", "School", "Plaats", "Functie", "Naam", "Organisatie", "Telefoon",
                  "E-mail", "Werkdagen", "Vanaf", "Tot en met", "Opmerking")  # fmt: skip
        cells = [
            (school, role["key"])
            for school in self.schools
            for role in roles
            if role["key"] in _SEVERAL and _has(role, school)
        ]
        each = -(-least_rows // len(cells))
        pool = {key: [self._person(key, "GGD") for _ in range(60)] for _, key in cells[:20]}
        for school, role in cells:
            if role not in pool:
                pool[role] = [self._person(role, "GGD") for _ in range(60)]
            people = tuple(self.random.sample(pool[role], each))
            self.posts[school.code, role] = _Post(people)
            for person in people:
                self._say(person, "phone", "email", "days")
                sheet.add(school.code, school.names[0], school.place, WORDS[role][0], person.name,
                          person.organisation, self._number(person.phone), person.email,
                          self._days(person.days), None, None, None)  # fmt: skip
        return MessyWorkbook(_write(self.sheets), self._truth(), self.words, self.employers)

    def _areas(self) -> dict[str, list[_School]]:
        areas: dict[str, list[_School]] = {
            "Haarlem": [], "Zandvoort & Bloemendaal": [], "Heemstede": [], "VO": [],
        }  # fmt: skip
        of = {"0392": "Haarlem", "0473": "Zandvoort & Bloemendaal", "0377": "Zandvoort & Bloemendaal"}
        for school in self.schools:
            area = "VO" if school.sector == "vo" else of.get(school.municipality, "Heemstede")
            areas[area].append(school)
        for schools in areas.values():
            self.random.shuffle(schools)
        return areas

    def _fill(
        self, role: dict[str, Sequence[str]], ordered: list[_School],
        areas: dict[str, list[_School]],
    ) -> None:  # fmt: skip
        key = str(role["key"])
        employer, schools_each = _POOLS[key]
        area_of = {school.code: area for area, schools in areas.items() for school in schools}
        with_role = [school for school in ordered if _has(role, school)]
        for area, group in groupby(with_role, key=lambda school: area_of[school.code]):
            schools = list(group)
            of = _EMPLOYERS.get((key, area), employer)
            for first in range(0, len(schools), schools_each):
                holder = self._person(key, of)
                for school in schools[first : first + schools_each]:
                    self.posts[school.code, key] = self._post(key, of, holder)

    def _post(self, role: str, employer: str, holder: _Person) -> _Post:
        chance = self.random.random()
        if chance < 0.04:
            words = ("VACATURE", "vacature", "Vacature (werving loopt)")
            return _Post((), self.random.choice(words))
        if chance < 0.07:
            return _Post((), self.random.choice(("-", "N.n.b.", "n.n.b.")))
        if chance < 0.11 and role in _SEVERAL:
            return _Post((holder, self._person(role, employer)))
        return _Post((holder,))

    def _person(self, role: str, employer: str) -> _Person:
        given, family = self.names[self.people]
        self.people += 1
        infix, _, family = family.partition("|")
        domain = _DOMAINS.get(employer, f"school{self.people}.example")
        address = re.sub("[^a-z]", "", fold(f"{given[0]}{infix}{family}"))
        days = "".join(sorted(self.random.sample("12345", self.random.choice((2, 3, 4)))))
        number = self.people
        phone = f"+3161234{5000 + number % 5000}" if number < 5000 else f"+3161230{number}"
        if employer == "GGD" and role == "doktersassistent":
            phone = f"+3123555{1000 + number}"
        email = f"{address}{number}@{domain}"
        person = _Person(given, infix, family, employer, phone, email, days)
        self.employers[person.name] = employer
        return person

    def _send_on_leave(self, areas: dict[str, list[_School]]) -> None:
        """Some of those who stand alone in their cells are on leave, with a substitute by name."""
        of_person: dict[_Person, list[tuple[str, str]]] = {}
        alone: set[_Person] = set()
        for place, post in self.posts.items():
            for person in post.people:
                of_person.setdefault(person, []).append(place)
                if len(post.people) == 1:
                    alone.add(person)
        shared = {p for post in self.posts.values() if len(post.people) > 1 for p in post.people}
        candidates = [p for p in of_person if p in alone - shared and len(of_person[p]) < 9]
        candidates = [p for p in candidates if of_person[p][0][1] != "doktersassistent"]
        for person in self.random.sample(candidates, min(10, len(candidates) // 3)):
            substitute = self._person(of_person[person][0][1], person.organisation)
            until = self.on + timedelta(days=self.random.randrange(30, 200))
            away = person._replace(leave_until=until, substitute=substitute.name)
            for place in of_person[person]:
                self.posts[place] = _Post((away,))

    # ---- Sheets ----------------------------------------------------------------------------------

    def _wide_merged(self, name: str, schools: list[_School], roles: list[str]) -> None:
        """A sheet with the coach merged over neighbouring schools, "idem" and "zie …"."""
        sheet = self._sheet(name, title_rows=3)
        first, *others = roles
        jgz = ["jeugdarts", "jeugdverpleegkundige"]
        others = [role for role in others if role not in jgz]
        header = [self.random.choice(_TOP), "Adres", self._word(first), "tel. coach"]
        header += [self._word(role) for role in others]
        sheet.add(*header, "Jeugdarts / verpleegkundige", "Bijzonderheden")
        schools = sorted(schools, key=lambda s: self._people_text((s.code, first)))
        start = len(sheet.rows)
        before: dict[str, str] = {}
        for school in schools:
            cells: list[_Value] = [self._school(school, street_known=True), school.street]
            cells += [self._cell((school.code, first)), self._phones((school.code, first))]
            for role in others:
                text = self._cell((school.code, role))
                same = text and text == before.get(role) and text[:1].isalpha()
                same = same and not text.lower().startswith(("n.n.b", "vac"))
                before[role] = text
                cells.append(self.random.choice(("idem", '"', text)) if same else text)
            cells += [
                self._jgz(school, schools[: schools.index(school)]),
                self.random.choice((None, None, "nieuw team", "duo-baan")),
            ]
            sheet.add(*cells)
        self._merge_equal(sheet, start, (2, 3))
        sheet.add("Totaal", str(len(schools)))
        sheet.add("* onder voorbehoud")

    def _wide(self, name: str, schools: list[_School], roles: list[str]) -> None:
        """A sheet with a column and a number per function, and a row struck by hiding it."""
        sheet = self._sheet(name, title_rows=1)
        header: list[_Value] = [self.random.choice(_TOP), "Plaats"]
        for role in roles:
            header += [self._word(role), "Tel"]
        sheet.add(*header)
        for school in schools:
            cells: list[_Value] = [self._school(school, street_known=False), school.place]
            for role in roles:
                cells += [self._cell((school.code, role)), self._phones((school.code, role))]
            sheet.add(*cells)
        gone = sheet.add(schools[0].names[0], schools[0].place, "Iemand Die-Weg-Is", "0612340000")
        sheet.hidden.append(gone)

    def _long(self, name: str, schools: list[_School], roles: list[str]) -> None:
        """A sheet with a row per post, the function merged, dates in each form, leave by name."""
        sheet = self._sheet(name, title_rows=0)
        sheet.add("Functie", "BRIN", "School", "Plaats", "Naam", "Organisatie", "Telefoon",
                  "E-mail", "Werkdagen", "Vanaf", "Opmerking")  # fmt: skip
        for role in roles:
            word, start = self._word(role), len(sheet.rows)
            for school in schools:
                place = (school.code, role)
                post = self.posts.get(place)
                if post is None:
                    continue
                code = self.random.choice((school.code, school.code, None))
                person = post.people[0] if post.people else None
                if len(post.people) == 1 and person and self.random.random() < 0.5:
                    self._say(person, "email", "days")
                    email = self.random.choice((person.email, person.email.upper()))
                    days = self._days(person.days)
                else:
                    email, days = "", ""
                text = self._cell(place)
                if person and len(post.people) == 1 and not person.leave_until:
                    text = self.random.choice((text, text, *_respelled(person)))
                sheet.add(word, code, self._school(school, street_known=False), school.place, text,
                          person.organisation if person else None, self._phones(place),
                          email or None, days or None, self._start(place),
                          self.random.choice((None, None, "bij voorkeur mailen")))  # fmt: skip
            self._merge_equal(sheet, start, (0,))

    def _two_rows(self, name: str, schools: list[_School], roles: list[str]) -> None:
        """A sheet whose header has two rows: the function, and below it name and number."""
        sheet = self._sheet(name, title_rows=2)
        top: list[_Value] = [self.random.choice(_TOP), "Vestiging", "BRIN"]
        below: list[_Value] = [None, None, None]
        at = len(sheet.rows)
        for role in roles:
            sheet.merged.append((at, len(top), at, len(top) + 1))
            top += [self._word(role), None]
            below += ["Naam", "Tel."]
        sheet.add(*top)
        sheet.add(*below)
        for school in schools:
            code = None if school.is_alone and self.random.random() < 0.7 else school.code
            cells: list[_Value] = [
                self._school(school, street_known=True), f"{school.street}, {school.place}", code,
            ]  # fmt: skip
            for role in roles:
                cells += [self._cell((school.code, role)), self._phones((school.code, role))]
            sheet.add(*cells)

    def _staff(self, name: str, schools: list[_School]) -> None:
        """The schools' own people, with their addresses."""
        sheet = self._sheet(name, title_rows=1)
        sheet.add("Brin", "Naam school", "Plaats", self._word("intern-begeleider"), "Mail IB",
                  "Directeur", "E-mail directie", "Mobiel directie")  # fmt: skip
        for school in schools:
            cells: list[_Value] = [
                school.code if not school.is_alone or self.random.random() < 0.5 else None,
                self._school(school, street_known=False),
                school.place,
            ]
            for role in ("intern-begeleider", "directeur"):
                post = self.posts.get((school.code, role), _Post(()))
                for person in post.people:
                    self._say(person, "email")
                cells += [self._cell((school.code, role))]
                cells += ["\n".join(person.email for person in post.people) or None]
            cells.append(self._phones((school.code, "directeur")))
            sheet.add(*cells)

    def _by_person(self, name: str, role: str, schools: list[_School]) -> None:
        """A row per person, with the schools in one cell."""
        sheet = self._sheet(name, title_rows=0)
        sheet.add("Naam", "Tel", "E-mail", "Dagen", "Scholen")
        of_person: dict[_Person, list[_School]] = {}
        everybody = self._person(role, "GGD")
        in_zandvoort = [school for school in schools if school.municipality == "0473"]
        for school in in_zandvoort:
            self.posts[school.code, role] = _Post((everybody,))
        for school in schools:
            post = self.posts.get((school.code, role), _Post(()))
            if post.text and "vac" in post.text.lower():
                sheet.add("VACATURE", None, None, None, self._school(school, street_known=False))
            for person in post.people:
                of_person.setdefault(person, []).append(school)
        for person, of in of_person.items():
            self._say(person, "phone", "email", "days")
            between = self.random.choice((", ", "\n", "; ", " / "))
            self.words |= {school.names[0]: school.code for school in of if school.is_alone}
            spoken = [school.names[0] if school.is_alone else school.code for school in of]
            names = ("\n" if "," in "".join(spoken) else between).join(spoken)
            if of == in_zandvoort:
                names = "alle scholen in Zandvoort"
            sheet.add(self._name(person), self._number(person.phone), person.email,
                      self._days(person.days), names)  # fmt: skip

    def _telephone_list(self) -> None:
        """The numbers once more, without schools."""
        sheet = self._sheet("Telefoonlijst", title_rows=1)
        sheet.add("Naam", "Organisatie", "Mobiel")
        known = {name for name, what in self.written if what == "phone"}
        people = {p.name: p for post in self.posts.values() for p in post.people}
        for name in sorted(known & people.keys())[:25]:
            sheet.add(name, people[name].organisation, self._number(people[name].phone))

    def _old_and_notes(self, schools: list[_School]) -> None:
        old = _Sheet("oud", is_hidden=True)
        old.add("School", "CJG-coach")
        for school in schools[:5]:
            old.add(school.names[0], "Iemand Die-Weg-Is")
        notes = _Sheet("Toelichting")
        notes.add("Vragen over dit bestand? Bel het secretariaat.")
        notes.add("Wijzigingen graag voor de eerste van de maand doorgeven.")
        self.sheets += [old, notes]

    # ---- Cells -----------------------------------------------------------------------------------

    def _sheet(self, name: str, title_rows: int) -> _Sheet:
        sheet = _Sheet(name)
        titles = (
            f"Kernteams {name} {self.on.year}-{self.on.year + 1}",
            f"versie {self.random.randrange(2, 9)}, bron: coördinator",
            None,
        )
        for title in titles[:title_rows]:
            sheet.add(title)
        self.sheets.append(sheet)
        return sheet

    def _word(self, role: str) -> str:
        return self.random.choice(WORDS[role])

    def _school(self, school: _School, *, street_known: bool) -> str:
        """A name by which a reader knows the school, with its street or code where it is not
        alone."""
        text = self._spell_school(school, street_known=street_known)
        if school.is_alone or not street_known:
            self.words[text] = school.code
        return text

    def _spell_school(self, school: _School, *, street_known: bool) -> str:
        if school.is_alone:
            name = self.random.choice(school.names)
            chance = self.random.random()
            if chance < 0.03 and " en " in name:
                return name.replace(" en ", self.random.choice((" & ", "en")))
            return name.upper() if chance > 0.97 else name
        if school.has_twin:
            return f"{school.names[0]} ({school.code})"
        if street_known:
            return school.names[-1]
        street = re.sub(r" [\d-]+.*", "", school.street)
        return self.random.choice((f"{school.names[-1]}, loc. {street}", f"{school.names[0]} ({street})"))

    def _name(self, person: _Person) -> str:
        title = self.random.choice(("", "", "", "", "mw. ", "dhr. ", "Mevr. drs. "))
        text = f"{title}{person.name}"
        if person.leave_until:
            until = person.leave_until
            return (
                f"{person.name} ({self.random.choice(('zwangerschapsverlof', 'verlof', 'ziek'))} "
                f"t/m {until.day}-{until.month}-{until.year}, vervanging door {person.substitute})"
            )
        return text

    def _people_text(self, place: tuple[str, str]) -> str:
        """The post as the merged sheet writes it: the same text for the same people."""
        post = self.posts.get(place, _Post(()))
        return " ".join(person.name for person in post.people) or post.text

    def _cell(self, place: tuple[str, str]) -> str:
        post = self.posts.get(place, _Post(()))
        if not post.people:
            return post.text
        between = self.random.choice(("\n", " / ", " & ", " en ", "; ", " + "))
        # The same person is written alike in most cells of a sheet.
        return between.join(
            self._name(person) if self.random.random() < 0.15 or person.leave_until else person.name
            for person in post.people
        )

    def _jgz(self, school: _School, above: Sequence[_School]) -> str:
        """The doctor and the nurse in one cell, or "zie" with a school above that has the same."""
        team = self._team(school)
        same = [other for other in above if other.is_alone and self._team(other) == team]
        if same and "(arts)" in team and self.random.random() < 0.3:
            return f"zie {self.random.choice(same).names[-1]}"
        return self.random.choice((team, team.replace("\n", " / ")))

    def _team(self, school: _School) -> str:
        arts = self.posts.get((school.code, "jeugdarts"), _Post(()))
        nurse = self.posts.get((school.code, "jeugdverpleegkundige"), _Post(()))
        parts = []
        for post, word in ((arts, "arts"), (nurse, "vpk")):
            doctor = "Dr. " if word == "arts" else ""
            if post.people and post.people[0].leave_until:
                parts.append(f"{post.people[0].name} ({word})")
                self._drop_leave(post.people[0])
            elif post.people:
                parts.append(f"{doctor}{post.people[0].name} ({word})")
            elif post.text.lower().startswith("vac"):
                parts.append(f"vacature ({word})")
        return "\n".join(parts) or "-"

    def _drop_leave(self, person: _Person) -> None:
        """A person whose leave the sheet has no room for."""
        present = person._replace(leave_until=None, substitute="")
        for place, post in self.posts.items():
            if person in post.people:
                self.posts[place] = _Post((present,))

    def _phones(self, place: tuple[str, str]) -> _Value:
        people = self.posts.get(place, _Post(())).people
        if not people or self.random.random() < 0.1:
            return None
        for person in people:
            self._say(person, "phone")
        if len(people) == 1:
            return self._number(people[0].phone)
        return "\n".join(str(_grouped(person.phone)) for person in people)

    def _number(self, phone: str) -> _Value:
        digits = phone.removeprefix("+31")
        fixed = digits.startswith("23")
        return self.random.choice(
            (
                _grouped(phone),
                f"023-{digits[2:]}" if fixed else f"06-{digits[1:]}",
                f"0{digits}",
                int(digits),  # the zero was lost
                int(f"31{digits}"),
                f"0031 {digits[0]} {digits[1:]}" if not fixed else f"023 - {digits[2:]}",
                f" {_grouped(phone)} ",
            )
        )

    def _days(self, days: str) -> str:
        names = [_DAYS[int(day) - 1] for day in days]
        if len(names) > 2 and int(days[-1]) - int(days[0]) == len(names) - 1:
            return f"{names[0]} t/m {names[-1]}"
        return self.random.choice((", ", "/", " + ", " ")).join(names)

    def _start(self, place: tuple[str, str]) -> _Value:
        """A day in the past, of which nothing is expected, or seldom one that is still to come."""
        past = date(self.on.year, 8, 1) if self.on.month >= 8 else date(self.on.year - 1, 8, 1)
        chance = self.random.random()
        people = self.posts[place].people
        if chance < 0.04 and people and not people[0].leave_until:
            start = date(self.on.year + 1, 1, 1)
            self.starts[place] = start
            return self.random.choice((start, f"1-1-{start.year}", f"1 jan {start.year}"))
        if chance < 0.4:
            return None
        text = f"{past.day}-{past.month}-{past.year}"
        return self.random.choice((past, (past - date(1899, 12, 30)).days, text, past.isoformat()))

    def _merge_equal(self, sheet: _Sheet, start: int, columns: tuple[int, ...]) -> None:
        """Merge the neighbouring rows that say the same in the first of these columns. The other
        columns merge with it, and keep their first value."""
        at = start
        for _, group in groupby(sheet.rows[start:], key=lambda row: row[columns[0]]):
            size = len(list(group))
            text = sheet.rows[at][columns[0]]
            if size > 1 and text and str(text)[:1].isalpha() and len(str(text)) > 6:
                for column in columns:
                    values = [row[column] for row in sheet.rows[at : at + size]]
                    said = next((value for value in values if value is not None), None)
                    for row in sheet.rows[at : at + size]:
                        row[column] = said
                    if said is not None:
                        sheet.merged.append((at, column, at + size - 1, column))
            at += size

    def _say(self, person: _Person, *what: str) -> None:
        for word in what:
            self.written[person.name, word] = str(getattr(person, word))

    # ---- The truth -------------------------------------------------------------------------------

    def _truth(self) -> tuple[ExpectedPost, ...]:
        return tuple(self._expected())

    def _expected(self) -> Iterable[ExpectedPost]:
        for (school, role), post in sorted(self.posts.items()):
            if not post.people and post.text.lower().startswith("vac"):
                yield ExpectedPost(school, role, "")
            for person in post.people:
                yield ExpectedPost(
                    school, role, person.name,
                    self.written.get((person.name, "phone"), ""),
                    self.written.get((person.name, "email"), ""),
                    self.written.get((person.name, "days"), ""),
                    self.starts.get((school, role)), person.leave_until, person.substitute,
                )  # fmt: skip


def _has(role: dict[str, Sequence[str]], school: _School) -> bool:
    """Whether a school has the role. Those with an even code lack an optional one."""
    municipalities = role.get("municipalities", ())
    optional = school.sector in role.get("optional_in", ()) and school.code[-1] in "02468"
    of_sector = school.sector in role["sectors"] and not optional
    return of_sector and (not municipalities or school.municipality in municipalities)


def _respelled(person: _Person) -> tuple[str, ...]:
    """Other spellings of a name: the family name first, the first initial, "v.d."."""
    infix = person.infix if person.infix not in ("van der", "van den", "van de") else "v.d."
    last = f"{infix} {person.family}".strip()
    return (f"{person.family}, {person.given} {person.infix}".strip(), f"{person.given[0]}. ({person.given}) {last}")


def _grouped(phone: str) -> str:
    digits = phone.removeprefix("+31")
    if digits.startswith("23"):
        return f"023 {digits[2:5]} {digits[5:7]} {digits[7:]}"
    return f"06 {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"


# ---- Schools -------------------------------------------------------------------------------------

_BEFORE = re.compile(
    r"(?:(?:openbare|rooms kat?holiek[e]?|algemeen bijzondere) basisschool|basisschool|obs|ibs|"
    r"kindcentrum|school voor speciaal basisonderwijs) ",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[- ](?:voor (?:protestants )?(?:christelijkg? )?basisonderwijs|basisschool|"
    r"protestants christelijk onderwijs|voor christelijk basisonderwijs)$",
    re.IGNORECASE,
)


def _read_schools(folder: Path) -> list[_School]:
    """The schools of a region, with the names by which people call them."""
    region = read_region(folder)
    with (folder / "school_names.csv").open(encoding="utf-8", newline="") as file:
        used = {row["code"]: row for row in csv.DictReader(file)}
    found = [
        (sector.key, school, _spoken(school.name, used.get(school.code, {})))
        for sector in region.sectors
        for school in read_schools(folder / sector.file)
        if school.municipality_code in sector.municipalities or school.postcode[:4] in sector.postcodes
    ]
    counts = Counter(plain for _, _, names in found for plain in {_plain(n) for n in names})
    streets = Counter((_plain(names[0]), school.street) for _, school, names in found)
    return [
        _School(
            school.code,
            sector,
            tuple(n for n in names if counts[_plain(n)] == 1) or tuple(names),
            f"{school.street} {school.house_number}",
            school.place.title().replace("Ij", "IJ").removesuffix(" Gem. Haarlem"),
            school.municipality_code,
            any(counts[_plain(n)] == 1 for n in names),
            streets[_plain(names[0]), school.street] > 1,
        )
        for sector, school, names in found
    ]


def _spoken(duo_name: str, used: dict[str, str]) -> list[str]:
    """The used name first, then other ways in which people write it, the shortest last."""
    name = used.get("name") or duo_name
    short = _AFTER.sub("", _BEFORE.sub("", name))
    names = [name, short, *filter(None, used.get("aliases", "").split("; "))]
    if re.match("openbare basisschool", name, re.IGNORECASE):
        names.insert(1, f"obs {short}")
    if re.search(r"\b(st|sint) ", short, re.IGNORECASE):
        names.insert(1, re.sub(r"\b(St|Sint) ", "St. ", short))
    if short.startswith("De "):
        names.insert(1, short.removeprefix("De "))
    return list(dict.fromkeys(names))


def _plain(name: str) -> str:
    """A name without what people leave out: two schools of one plain name cannot be told apart."""
    words = fold(_AFTER.sub("", _BEFORE.sub("", name))).replace(".", " ").split()
    return "".join(word for word in words if word not in ("de", "het", "st", "sint", "obs"))


# ---- Writing -------------------------------------------------------------------------------------


def _write(sheets: list[_Sheet]) -> bytes:
    data = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(data, options) as workbook:
        as_day = workbook.add_format({"num_format": "d-m-yyyy"})
        bold = workbook.add_format({"bold": True})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name[:31])
            covered = {
                (row, column)
                for first, left, last, right in sheet.merged
                for row in range(first, last + 1)
                for column in range(left, right + 1)
            }
            for at, row in enumerate(sheet.rows):
                for column, value in enumerate(row):
                    if value is None or (at, column) in covered:
                        continue
                    if isinstance(value, date):
                        page.write_datetime(at, column, value, as_day)
                    else:
                        page.write(at, column, value, bold if at == 0 else None)
            for first, left, last, right in sheet.merged:
                page.merge_range(first, left, last, right, sheet.rows[first][left])
            for at in sheet.hidden:
                page.set_row(at, None, None, {"hidden": True})
            if sheet.is_hidden:
                page.hide()
    return data.getvalue()


def main(folder: Path) -> None:
    """Write the workbooks and their truths into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, workbook in (
        ("regio_1", make_workbook(1)),
        ("regio_2", make_workbook(2)),
        ("regio_5000", make_workbook(3, least_rows=5_000)),
    ):
        (folder / f"{name}.xlsx").write_bytes(workbook.data)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(ExpectedPost._fields)
            writer.writerows(workbook.posts)
        sys.stdout.write(f"{name}: {len(workbook.posts)} posts\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
