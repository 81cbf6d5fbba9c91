"""The facts that a person is asked to confirm: their posts, numbers and addresses, and those of the
school for which they answer. Days are Amsterdam dates."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal import phones
from portal.database.compiled import prepared
from portal.database.validity import valid_on
from portal.directory.contact_details import VIEWER_VISIBILITY, visible_to
from portal.directory.models import (
    Assignment,
    CheckedBy,
    ContactDetail,
    DetailKind,
    Kern,
    Organisation,
    Person,
    Place,
    Role,
    School,
    is_open,
)
from portal.directory.who_works_or_is_absent import list_moved
from portal.person_names import full_name
from portal.quality.check_intervals import SCHOOL_MONTHS
from portal.quality.models import ReportKind
from portal.quality.round_schedule import is_due
from portal.web.formatting import capital, weekday_names


class Fact(NamedTuple):
    """A fact in one Dutch line, with its row and the version of that."""

    text: str
    owner: str  # with `line` and `school` what a report is about; see `reports.add_report`
    line: str = ReportKind.OTHER
    school: str = ""
    row: Any = None  # with its primary key only; None: nobody checks it apart from the others
    version: int = 0

    @property
    def topic(self) -> str:
        """The topic of reports about it."""
        return " ".join(filter(None, (self.owner, self.line, self.school)))


def list_due(today: date) -> set[int]:
    """The people (ids) with a post of whom a fact is to be confirmed, in three statements."""
    due: set[int] = set()
    months: dict[int, int] = {}
    speakers: dict[str, int] = {}  # school: person
    for person, school, is_staff, interval, checked_on, by in _posts(today):
        months[person] = min(interval, months.get(person, interval))
        if is_staff:
            speakers.setdefault(school, person)
        if _is_due(checked_on, by, interval, today):
            due.add(person)
    for person, checked_on, by in _details(today):
        if person in months and _is_due(checked_on, by, months[person], today):
            due.add(person)
    for school, checked_on, by in _schools(today):
        if school in speakers and _is_due(checked_on, by, SCHOOL_MONTHS, today):
            due.add(speakers[school])
    return due


def _is_due(checked_on: date | None, by: CheckedBy, months: int, today: date) -> bool:
    """Whether the fact of a row is to be confirmed. A file is a source, and no check."""
    return is_due(None if by is CheckedBy.SOURCE else checked_on, months, today)


@prepared
def _posts(today: date) -> Any:
    """The posts of a day. Per school the holder who speaks for it comes first: the holder of a role
    with one holder per school."""
    query = Assignment.select(
        Assignment.person, Assignment.code(), Role.is_school_staff, Role.check_months,
        Assignment.checked_on, Assignment.checked_by,
    )  # fmt: skip
    return _of_day(query, today)


def _of_day(query: Any, today: date) -> Any:
    return (
        query.join(Role)
        .join_from(Assignment, School, JOIN.LEFT_OUTER)
        .where(valid_on(Assignment, today) & ~Assignment.is_pending & is_open(today))
        .order_by(Role.one_holder.desc(), Role.position, School.sort_key, Assignment.id)
    )


@prepared
def _details(today: date) -> Any:
    query = ContactDetail.select(ContactDetail.person, ContactDetail.checked_on, ContactDetail.checked_by)
    return query.where(ContactDetail.person.is_null(False) & valid_on(ContactDetail, today))


@prepared
def _schools(today: date) -> Any:
    return School.select(School.code, School.checked_on, School.checked_by).where(is_open(today))


def list_facts(person: int, today: date) -> list[Fact]:
    """The facts of a person (id): first when they work, then their posts, how they are reached, and
    their school; none for who has no post."""
    posts = _own_posts(person, today)
    if not posts:
        return []
    owner = f"p{person}"
    facts = [Fact(_describe_person(person, today), owner)]
    for number, version, role, _, code, school, place in posts:
        at = f"op {school}, {place}" if place else f"bij {school}"
        text, row = f"{capital(role)} {at}", Assignment(id=number)
        facts.append(Fact(text, owner, ReportKind.GONE, code, row, version))
    for number, version, *detail in _own_details(person, today):
        line, own = f"{ReportKind.DETAIL}-{number}", ContactDetail(id=number)
        facts.append(Fact(describe_detail(*detail), owner, line, "", own, version))
    staffed = [code for _, _, _, is_staff, code, *_ in posts if is_staff]
    return facts + list(_list_schools(person, staffed, today))


def _list_schools(person: int, codes: list[str], today: date) -> Iterator[Fact]:
    """Those of these schools for which a person speaks."""
    speakers: dict[str, int] = {}
    for code, holder in _staff(codes, today):
        speakers.setdefault(code, holder)
    own = [code for code, holder in speakers.items() if holder == person]
    for code, version, name, street, postcode, place, phone, website in _own_schools(own):
        parts = [f"{street}, {postcode} {place}", phones.grouped(phone) or "geen nummer", website]
        text = f"{name}: {' · '.join(filter(None, parts))}"
        yield Fact(text, f"s{code}", row=School(code=code), version=version)


@prepared
def _own_posts(person: int, today: date) -> Any:
    query = Assignment.select(
        Assignment.id, Assignment.row_version, Role.label, Role.is_school_staff, Assignment.code(),
        fn.COALESCE(School.name, Kern.name), Place.name,
    )  # fmt: skip
    posts = _of_day(query, today).left_outer_join(Place).join_from(Assignment, Kern, JOIN.LEFT_OUTER)
    return posts.where(Assignment.person == person)


@prepared
def _own_details(person: int, today: date) -> Any:
    columns = (ContactDetail.id, ContactDetail.row_version, ContactDetail.kind)
    query = ContactDetail.select(*columns, ContactDetail.value, ContactDetail.label, ContactDetail.visibility)
    own = (ContactDetail.person == person) & valid_on(ContactDetail, today)
    order = (ContactDetail.kind.desc(), ContactDetail.position, ContactDetail.id)
    return query.where(own).order_by(*order)


@prepared
def _staff(codes: list[str], today: date) -> Any:
    query = _of_day(Assignment.select(Assignment.school, Assignment.person), today)
    return query.where(Role.is_school_staff & Assignment.school.in_(codes))


@prepared
def _own_schools(codes: list[str]) -> Any:
    query = School.select(
        School.code, School.row_version, School.name, School.street, School.postcode, Place.name,
        School.phone, School.website,
    )  # fmt: skip
    return query.join(Place).where(School.code.in_(codes)).order_by(School.sort_key)


@prepared
def _person(person: int) -> Any:
    query = Person.select(
        Person.given_name, Person.infix, Person.family_name, Organisation.name, Person.working_days, Person.hours
    )
    return query.join(Organisation).where(Person.id == person)


def _describe_person(person: int, today: date) -> str:
    [(*names, organisation, days, hours)] = _person(person)
    if moved := list_moved(today).get(person):
        organisation = moved.name
    works = [f" op {weekday_names(days)}" if days else "", f" van {hours}" if hours else ""]
    known = f"werkt{''.join(works)}" if any(works) else "werkdagen onbekend"
    return f"{full_name(*names)}, {organisation} · {known}"


def describe_detail(kind: DetailKind, value: str, label: str, visibility: str) -> str:
    """A number or address. Who is not signed in sees only the end of one that is for members: a
    mail, and the link in it, can be forwarded."""
    shown = phones.grouped(value) if kind is DetailKind.PHONE else value
    if visibility not in visible_to(VIEWER_VISIBILITY.get()):
        shown = f"… {value[-3:]} (alleen voor wie inlogt)"
    return f"{capital(kind.label)}{f' ({label})' if label else ''}: {shown}"
