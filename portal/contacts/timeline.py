"""The timeline of a school: what begins and ends in a period, in Dutch; the news about the people in a row; and the
changes in the kernteams of some schools."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple

from peewee import JOIN, Value

from portal import clock
from portal.contacts import who_to_call
from portal.contacts.who_to_call import ContactAnswer
from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.compiled import prepared
from portal.database.validity import overlaps
from portal.directory.change_sets import OF_NOTICES, Change, ChangeSet
from portal.directory.contact_details import Contact
from portal.directory.models import Absence, Assignment, ContactDetail, Person, Role, Vacancy, Visibility, is_kern
from portal.directory.schools_and_kernen import SchoolRow, count_workplaces
from portal.directory.who_works_or_is_absent import PersonRow, Post
from portal.person_names import full_name

LOOK_AHEAD = timedelta(days=90)

TableRow = tuple[str, int]  # a table and an id in it


class ValidityPeriod(NamedTuple):
    """The validity period of one row about a school, with the notices that began and ended it."""

    table: str  # "assignment", "absence", "vacancy" or "contact_detail"
    role: str  # label
    name: str  # of the person; "" for a vacancy
    valid_from: date
    valid_until: date | None
    begun_by: int | None = None  # notice id
    ended_by: int | None = None
    person: int = 0  # id; 0: a vacancy


class TimelineEvent(NamedTuple):
    """A change that takes effect on a day."""

    on: date
    text: str
    notice: int | None = None  # id of the notice that announced it
    role: str = ""  # label
    people: frozenset[int] = frozenset()  # ids

    @property
    def brief(self) -> str:
        """The text for a row that names the role, without its full stop."""
        text = self.text.replace(f" als {self.role}", "").replace(f" ({self.role})", "")
        return text.removesuffix(".")


def list_events(schools: Collection[str], after: date, until: date) -> list[TimelineEvent]:
    """The events at these schools and kernen (codes) after the day `after`, up to and including
    `until`, in order of time. Dates are Amsterdam dates."""
    return make_events(list_periods(schools, after), after, until)


def list_coming(
    schools: Collection[str], after: date, until: date | None = None, *, posts: Collection[Post] = ()
) -> dict[str, list[TimelineEvent]]:
    """Per school (code) the events after the day `after`, up to and including `until` or for the coming period, without
    their notices; and at the schools of `posts` those about their people, who are few of all who work there."""
    periods: dict[str, list[ValidityPeriod]] = defaultdict(list)
    for table, _, school, person, role, *name, valid_from, valid_until in _list_periods(schools, after, posts):
        period = ValidityPeriod(table, role, full_name(*name), valid_from, valid_until)
        periods[school].append(period._replace(person=person))
    return {school: make_events(of_school, after, until or after + LOOK_AHEAD) for school, of_school in periods.items()}


def by_person(coming: Mapping[str, Iterable[TimelineEvent]]) -> dict[int, Counter[TimelineEvent]]:
    """Per person (id) the events about them, first in front, each with its number of schools."""
    events: dict[int, Counter[TimelineEvent]] = defaultdict(Counter)
    for event in sorted(chain.from_iterable(coming.values()), key=lambda event: event.on):
        for person in event.people:
            events[person][event] += 1
    return events


def make_events(periods: Sequence[ValidityPeriod], after: date, until: date) -> list[TimelineEvent]:
    """The events of these periods after the day `after`, up to and including `until`.

    A holder who ends on the day on which another begins is one event: "X volgt Y op". A holder
    who ends and begins again on the same day is none.
    """
    beginning: dict[tuple[date, str], list[ValidityPeriod]] = defaultdict(list)
    ending: dict[tuple[date, str], list[ValidityPeriod]] = defaultdict(list)
    for period in periods:
        if after < period.valid_from <= until:
            beginning[period.valid_from, period.role].append(period)
        if period.valid_until and after < period.valid_until <= until:
            ending[period.valid_until, period.role].append(period)
    events = [
        TimelineEvent(day, text, notice, role, frozenset(p.person for p in periods if p.person))
        for day, role in sorted({*beginning, *ending})
        for text, notice, *periods in _sentences(beginning[day, role], ending[day, role])
    ]
    # A person in several roles has one new number.
    return list({event[:3]: event for event in reversed(events)}.values())[::-1]


def _sentences(beginning: Sequence[ValidityPeriod], ending: Sequence[ValidityPeriod]) -> list[tuple[Any, ...]]:
    """For each event of one role on one day its sentence, its notice and its periods."""
    staying = {p.name for p in beginning} & {p.name for p in ending if p.table == "assignment"}
    coming = [p for p in beginning if p.table == "assignment" and p.name not in staying]
    leaving = [p for p in ending if p.table == "assignment" and p.name not in staying]
    if len(coming) == len(leaving) == 1:
        new, old = coming[0], leaving[0]
        text = f"{new.name} volgt {old.name} op als {new.role}."
        sentences: list[tuple[Any, ...]] = [(text, new.begun_by, new, old)]
    else:
        sentences = [(f"{p.name} begint als {p.role}.", p.begun_by, p) for p in coming]
        sentences += [(f"{p.name} stopt als {p.role}.", p.ended_by, p) for p in leaving]
    # An absence that goes on with other substitutes is none.
    lasting = {p.name for p in beginning if p.table == "absence"} & {p.name for p in ending if p.table == "absence"}
    beginning, ending = (
        [p for p in periods if p.table != "absence" or p.name not in lasting] for periods in (beginning, ending)
    )
    sentences += [(_BEGINS[p.table].format(p=p), p.begun_by, p) for p in beginning if p.table in _BEGINS]
    sentences += [(_ENDS[p.table].format(p=p), p.ended_by, p) for p in ending if p.table in _ENDS]
    return sentences


_BEGINS = {
    "absence": "{p.name} ({p.role}) is afwezig.",
    "vacancy": "De functie van {p.role} staat open.",
    "contact_detail": "{p.name} heeft een nieuw nummer of adres.",
}
_ENDS = {"absence": "{p.name} ({p.role}) is terug.", "vacancy": "De functie van {p.role} staat niet meer open."}


def list_periods(schools: Collection[str], after: date) -> list[ValidityPeriod]:
    """The periods at these schools and kernen (codes) that begin or end after the day `after`."""
    rows = _list_periods(schools, after)
    begun_by, ended_by = _list_notices({(table, number) for table, number, *_ in rows})
    return [
        ValidityPeriod(
            table, role, full_name(*name), valid_from, valid_until,
            begun_by.get((table, number)), ended_by.get((table, number)), person,
        )
        for table, number, _, person, role, *name, valid_from, valid_until in rows
    ]  # fmt: skip


def list_beginnings(assignments: Iterable[int]) -> dict[int, int]:
    """Per assignment (id) the notice (id) that began it; those without a notice are left out."""
    begun_by, _ = _list_notices({("assignment", number) for number in assignments})
    return {number: notice for (_, number), notice in begun_by.items()}


def _list_notices(rows: set[TableRow]) -> tuple[dict[TableRow, int], dict[TableRow, int]]:
    """Per row the notice (id) that began it, and the notice that set its present end."""
    begun_by, ended_by = {}, {}
    for table, row, notice, before, after in _changes(
        sorted({table for table, _ in rows}), sorted({str(number) for _, number in rows})
    ):
        if (table, int(row)) not in rows:
            continue
        if before is None:
            begun_by[table, int(row)] = notice
        elif after and "valid_until" in json.loads(after):
            ended_by[table, int(row)] = notice
    return begun_by, ended_by


@prepared
def _changes(tables: list[str], rows: list[str]) -> Any:
    return (
        Change.select(Change.table, Change.row, ChangeSet.ref, Change.before, Change.after)
        .join(ChangeSet)
        .where(Change.table.in_(tables) & Change.row.in_(rows) & ~Change.undone & ChangeSet.kind.in_(OF_NOTICES))
        .order_by(Change.id)
    )


def _list_periods(schools: Collection[str], after: date, posts: Collection[Post] = ()) -> list[tuple[Any, ...]]:
    places = list(dict.fromkeys([*schools, *(post.school for post in posts)]))
    people = list(dict.fromkeys(post.person_id for post in posts))
    is_past = after < clock.today() or None
    rows = _periods(places, list(schools) or None, people or None, after, any(map(is_kern, places)) or None, is_past)
    numbers = {} if is_past else _new_numbers(after)
    rows += [row for place in places for row in numbers.get(place, ()) if place in schools or row[3] in people]
    return [row for row in rows if row[2] in places]  # a person works elsewhere too


@cached_until_change
def _new_numbers(after: date) -> Mapping[str, list[tuple[Any, ...]]]:
    """Per school and kern (code) the details of its holders that begin after the day `after`: today, or later. These
    are few, and read for all schools at once, so that a changed number is looked for once and not for each page that
    is remembered; one that is announced makes all pages anew."""
    by_place: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    numbers = _of_holders(ContactDetail, after)
    for row in fetch_tuples(numbers.order_by(ContactDetail.valid_from, ContactDetail.id, Assignment.id)):
        by_place[row[2]].append(row)
    return by_place


@prepared
def _periods(
    places: list[str],
    schools: list[str] | None,
    people: list[int] | None,
    after: date,
    has_kern: bool | None,
    is_past: bool | None,
) -> Any:
    """The periods at these places: of posts, and of all holders at `schools` and these people; with their details
    where the day `after` is past, from which on many may have begun."""
    posts = (
        Assignment.select(*_columns(Assignment, Assignment, _PERSON))
        .join(Role)
        .join_from(Assignment, Person)
        .where(  # each part is found by an index of its own
            (Assignment.at(places, has_kern) & (Assignment.valid_from > after))
            | (Assignment.at(places, has_kern) & (Assignment.valid_until > after))
        )
    )
    periods = posts + (
        Vacancy.select(*_columns(Vacancy, Vacancy, _NOBODY))
        .join(Role)
        .where(Vacancy.at(places, has_kern) & _changes_after(Vacancy, after))
    )
    for model in (Absence, ContactDetail) if is_past else (Absence,):
        if schools:
            periods += _of_holders(model, after, Assignment.at(schools, has_kern))
        if people:
            periods += _of_holders(model, after, model.person.in_(people))
    return periods


_PERSON = (Person.id, Role.label, Person.given_name, Person.infix, Person.family_name)
_NOBODY = (Value(0), Role.label, Value(""), Value(""), Value(""))


def _columns(model: Any, post: Any, about: tuple[Any, ...]) -> tuple[Any, ...]:
    table = Value(model._meta.table_name)
    return (table, model.id, post.code(), *about, model.valid_from, model.valid_until)


def _changes_after(model: Any, after: date) -> Any:
    return (model.valid_from > after) | (model.valid_until > after)


def _of_holders(model: Any, after: date, *of: Any) -> Any:
    """Rows about people who hold a role in the same period, once per role: absences, or details that all see. `of`
    limits the roles or people."""
    if model is Absence:
        changes = _changes_after(model, after)
    else:
        changes = (model.valid_from > after) & (model.visibility == Visibility.OPEN)
    return (
        model.select(*_columns(model, Assignment, _PERSON))
        .join(Assignment, on=(Assignment.person == model.person))
        .join(Role, JOIN.LEFT_OUTER)  # and so is read last, for the few rows that are found
        .join_from(model, Person, JOIN.LEFT_OUTER)
        .where(
            *of,
            changes,
            overlaps(Assignment, model.valid_from, None),
            model.valid_until.is_null() | (Assignment.valid_from < model.valid_until),
        )
    )


# ---- The news of a row


class PersonNews(NamedTuple):
    """The person to whom a row belongs, and their news."""

    person: PersonRow
    instead: Counter[Contact]  # who answer while they are absent, with the number of schools
    coming: Counter[TimelineEvent]  # the events in the coming weeks, with the number of schools
    schools: int
    said: str  # the number of schools and kernen, in words

    @property
    def caller(self) -> Contact:
        """The contact whose number stands in the row."""
        return next((contact for contact, _ in self.instead.most_common()), self.person.contact)


def list_news(
    people: Iterable[PersonRow], posts: Sequence[Post], coming: Mapping[str, Sequence[TimelineEvent]], on: date
) -> dict[int, PersonNews]:
    """The news about these people by their id, on the day `on`. `posts` are all that they have
    then; `coming` holds the events of the schools (codes) of these."""
    instead, events = who_to_call.stand_ins(posts, on), by_person(coming)
    schools: dict[int, set[str]] = defaultdict(set)
    for post in posts:
        schools[post.person_id].add(post.school)
    return {
        person.id: PersonNews(
            person,
            instead.get(person.id, Counter()),
            events.get(person.id, Counter()),
            len(schools[person.id]),
            count_workplaces(schools[person.id]),
        )
        for person in people
    }


def first_of_each_role(events: Collection[TimelineEvent]) -> dict[str, TimelineEvent]:
    """The first of these events for each role (label)."""
    return {event.role: event for event in sorted(events, key=lambda event: event.on, reverse=True)}


class KernteamChange(NamedTuple):
    """An event, the schools where it happened, and who answers there now."""

    event: TimelineEvent
    schools: list[SchoolRow]
    answer: ContactAnswer | None  # None: nobody is shown for the role


def list_changes(
    kernteams: Iterable[tuple[SchoolRow, Sequence[ContactAnswer]]], events: Mapping[str, Iterable[TimelineEvent]]
) -> list[KernteamChange]:
    """These events of schools (codes) of the kernteams, the last one first."""
    changes: dict[TimelineEvent, KernteamChange] = {}
    for school, team in kernteams:
        answers = {answer.role.label: answer for answer in team}
        for event in events.get(school.code, ()):
            change = KernteamChange(event, [], answers.get(event.role))
            changes.setdefault(event, change).schools.append(school)
    return sorted(changes.values(), key=lambda change: change.event.on, reverse=True)
