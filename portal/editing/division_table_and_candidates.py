"""The division: who holds a role at each school on a day, and who will from that day on.

A cell is a post at a school; one without a holder stands for somebody who comes (beside). The
answers to cells become the draft of a notice per organisation.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from portal import clock
from portal.database.cache import fetch_kept
from portal.database.compiled import make_row
from portal.database.validity import current_or_future, valid_on
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Assignment, ContactPoint, Person, Responsibility, Role, School, Vacancy
from portal.directory.schools_and_kernen import SchoolRow, label_schools, list_kernen
from portal.directory.who_works_or_is_absent import list_holders, list_moved, list_vacancies, works_for
from portal.editing.division_drafts import Cells
from portal.editing.division_permissions import choose_schools_of
from portal.notices.drafts import UNKNOWN, VACANT, Draft
from portal.notices.kinds import NoticeKind
from portal.notices.permissions_and_confirmation import Author
from portal.notices.queries import list_departed
from portal.search.choices import PersonChoice, list_people
from portal.web.formatting import day
from portal.web.forms import read_number
from portal.web.long_lists import Options, Sheet
from portal.workdays import coming_august

NOBODY = [(VACANT, "vacature"), (UNKNOWN, "nog niet bekend")]


class Cell(NamedTuple):
    """A post at a school, or the place for somebody more."""

    school: str  # code, also of a kern
    assignment: int  # 0: nobody holds it
    person: int  # who holds it on that day, 0: nobody
    organisation: int | None  # of that person
    present: str  # who is there, in words
    is_own: bool  # whether the author may change it

    @property
    def name(self) -> str:
        """The name of its field, which also says what the author saw there."""
        return f"plek-{self.school}-{self.assignment}"


def read_school(name: str) -> str:
    """The school (code) in the name of a cell."""
    return name.removeprefix("plek-").rpartition("-")[0]


class Chosen(NamedTuple):
    """An answer in words."""

    school: str
    present: str
    chosen: str


def find_schools_of(person: str | None, role: Role, on: date) -> set[str]:
    """The schools (codes) at which a person (id as text) holds the role on a day."""
    if not (number := read_number(person)):
        return set()
    held = valid_on(Assignment, on) & (Assignment.role == role) & (Assignment.person == number)
    return {code for (code,) in fetch_kept(Assignment.select(Assignment.code()).where(held))}


def propose_day(today: date) -> date:
    """The first day that is proposed for a division: in the coming August; in a portal without any post today."""
    return coming_august(today) if fetch_kept(Assignment.select(Assignment.id).limit(1)) else today


def find_role(key: str) -> Role:
    (columns,) = fetch_kept(Role.select().where(Role.key == key))
    return make_row(Role, columns)


def _tell_apart(people: Options) -> Options:
    """The options with a number behind a label that stands there more than once."""
    counts, seen = Counter(label for _, label in people), Counter[str]()
    told = []
    for id, label in people:
        seen[label] += 1
        told.append((id, f"{label}, {seen[label]}" if counts[label] > 1 else label))
    return told


class Division:
    """The table of one role on one day, as an author sees it; read when a page asks. Runs a fixed
    number of statements. It holds the schools of a sheet, and others (codes) that are asked for."""

    def __init__(self, author: Author, role: Role, on: date, sheet: Sheet, others: Collection[str] = ()) -> None:
        self.author = author
        self.role = role
        self.on = on
        self.sheet = sheet
        self.others = others

    @cached_property
    def shown(self) -> list[SchoolRow]:
        which = choose_schools_of(self.author, self.role)
        if which is None:
            return [*self.sheet.cut(list_kernen(clock.today()))]
        return directory.list_schools(which, self.sheet.skipped, self.sheet.size)

    @cached_property
    def schools(self) -> dict[str, SchoolRow]:
        """The schools (by code) of the sheet, and the others that have the role."""
        which, others = choose_schools_of(self.author, self.role), list(self.others)
        more = list_kernen(clock.today()) if which is None else []
        if which is not None and others:
            more = directory.list_schools(which & School.code.in_(others))
        return {row.code: row for row in (*self.shown, *more)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Name and place of each school."""
        return label_schools(self.schools.values())

    @cached_property
    def at(self) -> dict[str, list[Cell]]:
        """The cells of each school: those of the holders, and one for somebody (more)."""
        moved, own = list_moved(self.on), self.author.speaks_for
        at: dict[str, list[Cell]] = {code: [] for code in self.schools}
        holders = list_holders(self.on, list(at), [self.role.key])
        ids = {row.contact.person_id for row in holders}
        people = Person.select(Person.id, Person.organisation).where(Person.id.in_(ids))
        employers = dict(fetch_kept(people))
        employers |= {person: employer.id for person, employer in moved.items()}
        for row in holders:
            employer = employers[row.contact.person_id or 0]
            is_own = self.author.is_coordinator or employer in own
            at[row.school].append(
                Cell(row.school, row.assignment, row.contact.person_id or 0, employer, row.contact.name, is_own)
            )
        vacancies = list_vacancies(self.on, list(at))
        vacant = {row.school for row in vacancies if row.role == self.role.key}
        for code, cells in at.items():
            if not (cells and self.role.one_holder):
                present = "vacature" if code in vacant else "" if cells else "nog niet bekend"
                cells.append(Cell(code, 0, 0, None, present, True))
        return at

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """All cells by name, in the order of the schools."""
        return {cell.name: cell for cells in self.at.values() for cell in cells}

    @cached_property
    def candidates(self) -> dict[int, PersonChoice]:
        """The people (by id) who can come, by name: of the organisations that hold the role or
        answer for it; for an editor those of the own one. Nobody who left before the day."""
        departed = list_departed(self.on)
        return {
            one.id: one for one in list_people(self.on, works_for(self._employers, self.on)) if one.id not in departed
        }

    @property
    def who(self) -> Any:
        """The condition that a person can come to a school of any sheet."""
        if self._own_staff and self.author.is_coordinator:
            return Person.organisation.in_(School.select(School.organisation))
        return works_for(self._employers, self.on)

    @cached_property
    def _own_staff(self) -> dict[str, int]:
        """The organisation (id) of each school, where only its own people can hold the role."""
        if not self.role.is_school_staff:
            return {}
        query = School.select(School.code, School.organisation)
        return dict(fetch_kept(query.where(School.code.in_(list(self.schools)))))

    @cached_property
    def _employers(self) -> set[int]:
        if not self.author.is_coordinator:
            return set(self.author.speaks_for)
        if self.role.is_school_staff:
            return set(self._own_staff.values())
        points = Responsibility.select(ContactPoint.organisation).join(ContactPoint)
        answering = fetch_kept(points.where(Responsibility.role == self.role))
        held = (Assignment.role == self.role) & current_or_future(Assignment, clock.today())
        people = Person.select(Person.id, Person.organisation).join(Assignment).where(held).distinct()
        moved = list_moved(self.on)
        holding = {moved[id].id if id in moved else employer for id, employer in fetch_kept(people)}
        return holding | {id for (id,) in answering}

    @cached_property
    def options(self) -> dict[int, Options]:
        """The candidates as options, by organisation; 0 holds all, with their organisation."""
        options: dict[int, Options] = {0: []}
        several = len(self._employers) > 1
        for row in self.candidates.values():
            options[0].append((str(row.id), row.label if several else row.name))
            options.setdefault(row.organisation, []).append((str(row.id), row.name))
        return {organisation: _tell_apart(people) for organisation, people in options.items()}

    def people(self, school: str = "") -> Options:
        """The people (ids as text) who can come, to a school (code) or to any."""
        return self.options.get(self.find_list(school), [])

    def find_list(self, school: str) -> int:
        """The key in `options` of who can come to a school (code)."""
        return self._own_staff.get(school, 0)

    def name(self, school: str, answer: str) -> str:
        """The words of an answer at a school (code), as a cell of the form reads them."""
        return dict([*self.people(school), *NOBODY]).get(answer, "") if answer else ""

    def fits(self, name: str, answer: str) -> bool:
        """Whether an answer of a draft can still be given."""
        cell = self.cells.get(name)
        if cell is None or not cell.is_own or answer == str(cell.person):
            return False
        words = self.name(cell.school, answer)
        return words not in ("", cell.present) and bool(cell.present or answer.isdecimal())

    def split(self, answers: Cells) -> tuple[Cells, list[Chosen]]:
        """The answers of a draft that fit, and those that do not, in words."""
        fitting = {name: text for name, text in answers.items() if self.fits(name, text)}
        return fitting, self.describe({n: answers[n] for n in answers.keys() - fitting.keys()})

    def describe(self, answers: Cells) -> list[Chosen]:
        """Answers in words, by school."""
        ids = [int(text) for text in answers.values() if text.isdecimal()]
        people = Person.select().where(Person.id.in_(ids)) if ids else ()
        names = {str(row.id): row.name for row in people} | dict(NOBODY)
        return sorted(
            Chosen(
                self.labels.get(code, code),
                " en ".join(cell.present for cell in self.at.get(code, ()) if cell.present)
                or "deze school is er dan niet",
                names.get(text, "iemand die er niet meer is"),
            )
            for name, text in answers.items()
            for code in [read_school(name)]
        )

    def make_notices(self, answers: Cells, text: str = "", *, replaces: bool = False) -> list[Draft]:
        """The draft of a notice per organisation, of the answers that fit: an organisation of who
        comes, or else of who was there. For an editor that is the own one."""
        groups: dict[int | None, list[tuple[Cell, str]]] = {}
        for name, answer in answers.items():
            if self.fits(name, answer):
                cell = self.cells[name]
                comes = self.candidates.get(int(answer) if answer.isdecimal() else 0)
                employer = comes.organisation if comes else cell.organisation
                if not self.author.is_coordinator:
                    employer = self.author.organisation
                groups.setdefault(employer, []).append((cell, answer))
        return [
            Draft(
                NoticeKind.DIVISION, text, self.on, organisation=organisation, role=self.role.id,
                schools=tuple(sorted({cell.school for cell, _ in chosen})),
                posts={cell.assignment: answer for cell, answer in chosen if cell.assignment},
                fills={cell.school: answer for cell, answer in chosen if not cell.assignment},
                replaces_later=replaces,
            )
            for organisation, chosen in sorted(groups.items(), key=lambda group: group[0] or 0)
        ]  # fmt: skip

    def list_later(self, schools: Collection[str]) -> list[str]:
        """The changes of the role at these schools (codes) after the day, in Dutch."""
        at = {
            model: (model.role == self.role) & model.at(list(schools)) & (model.valid_from > self.on)
            for model in (Assignment, Vacancy)
        }
        holders = Assignment.select(Assignment, Person).join(Person).where(at[Assignment])
        found = [(row.valid_from, row.workplace_id, row.person.name) for row in holders]
        found += [(row.valid_from, row.workplace_id, "vacature") for row in Vacancy.select().where(at[Vacancy])]
        return [f"{self.labels[code]}: vanaf {day(on)} {name}" for on, code, name in sorted(found)]
