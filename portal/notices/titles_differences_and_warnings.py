"""The effect of a notice in words: its title, the difference at its schools (per post a line, before and after), and
the warnings before it is published: the contradictions that it would leave.

Days are Amsterdam dates; every `valid_until` is exclusive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from peewee import JOIN

from portal import phones
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, last_day
from portal.directory.change_sets import ChangeSet, list_created
from portal.directory.contact_details import Contact, viewing_as
from portal.directory.models import (
    Absence,
    Assignment,
    DetailKind,
    Kern,
    Person,
    Role,
    School,
    Substitute,
    Visibility,
    at_workplace,
)
from portal.directory.schools_and_kernen import count_workplaces, list_names
from portal.directory.who_works_or_is_absent import PostHolder, VacancyRow, list_holders, list_vacancies
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, NoticeLine, NoticeSchool
from portal.web.formatting import count, day, short_day

# The title without, and with one other person for all schools.
_TITLES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.TAKEOVER: ("{person} draagt scholen over", "{name} neemt {schools} over van {person}"),
    NoticeKind.DEPARTURE: ("{person} vertrekt", "{person} vertrekt, {name} volgt op"),
    NoticeKind.MOVE: (
        "{person} gaat werken bij {organisation}",
        "{person} gaat werken bij {organisation}, {name} volgt op",
    ),
    NoticeKind.ABSENCE: ("{person} is afwezig", "{person} is afwezig, {name} vervangt"),
    NoticeKind.ARRIVAL: ("{names} begint als {role} op {schools}",) * 2,
    NoticeKind.DETAILS: ("{person} heeft nieuwe contactgegevens",) * 2,
    NoticeKind.VACANCY: ("Vacature: {role} op {schools}",) * 2,
    NoticeKind.ORGANISATION: ("Verandering bij {organisation}",) * 2,
    NoticeKind.NEWS: ("Nieuws van {organisation}",) * 2,
    NoticeKind.DIVISION: ("Nieuwe verdeling van {organisation} per {day}: {people}, {schools}",) * 2,
}
_WITH_POSTS = (NoticeKind.TAKEOVER, NoticeKind.DEPARTURE, NoticeKind.MOVE, NoticeKind.ABSENCE)


def make_title(
    kind: NoticeKind, filled: Iterable[tuple[str, str]], schools: Collection[str],
    *, person: str = "", role: str = "", organisation: str = "", day: str = "",
) -> str:  # fmt: skip
    """The title of a notice about these schools (codes), of which some are `filled`: pairs of who
    comes there (name) and the school."""
    at: dict[str, set[str]] = {}
    for name, school in filled:
        at.setdefault(name, set()).add(school)
    unfilled = set(schools) - {school for codes in at.values() for school in codes}
    names = list(at)
    words = {
        "person": person, "role": role, "organisation": organisation,
        "name": names[0] if names else "", "names": " en ".join(names) or "Iemand",
        "schools": count_workplaces(set(schools)),
        "people": count(len(names), "persoon", "mensen"), "day": day,
    }  # fmt: skip
    alone, with_one = _TITLES[kind]
    if len(names) > 1 and kind is NoticeKind.ARRIVAL:
        alone = alone.replace("begint", "beginnen")
    if kind not in _WITH_POSTS or not schools:
        return alone.format(**words)
    if len(names) == 1 and not unfilled and names != [person]:
        return with_one.format(**words)
    groups = [(codes, name) for name, codes in at.items()]
    groups += [(unfilled, "nog niemand")] if unfilled else []
    parts: list[str] = []
    for codes, who in groups:
        number = len(codes)
        verb = "blijft bij" if who == person else "krijgt" if number == 1 else "krijgen"
        verb = verb.replace("blijft", "blijven") if number > 1 else verb
        parts.append(f"{number if parts else count_workplaces(codes)} {verb} {who}")
    return f"{alone.format(**words)}; {', '.join(parts)}"


# ---- The difference

UNFILLED = "nog niet ingevuld"

PostKey = tuple[str, str]  # code of the school, key of the role


class Staffing(NamedTuple):
    """The holders and the vacancies of some schools on one day."""

    holders: Sequence[PostHolder]
    vacancies: Sequence[VacancyRow]


class Line(NamedTuple):
    """The change of one role at one school, in words."""

    role: str  # the label
    before: str
    after: str


class SchoolLines(NamedTuple):
    """A school that a notice is about, with what changes there; `lines` may be empty."""

    code: str
    name: str
    slug: str
    lines: list[Line]


class GroupedLine(NamedTuple):
    """A change that is the same at several schools."""

    line: Line
    schools: list[SchoolLines]


def group_lines(schools: Iterable[SchoolLines]) -> list[GroupedLine]:
    """The changes of these schools, each once with its schools."""
    groups: dict[Line, list[SchoolLines]] = {}
    for school in schools:
        for line in school.lines:
            groups.setdefault(line, []).append(school)
    return [GroupedLine(*group) for group in groups.items()]


Details = Literal["none", "first", "all"]  # "first": the number to call, of who is there


def describe_posts(staffing: Staffing, details: Details = "first") -> dict[PostKey, str]:
    """The holders and vacancies of each post in words, with their contact details."""
    texts: dict[PostKey, list[str]] = defaultdict(list)
    for holder in staffing.holders:
        text = _describe(holder.contact, "none" if holder.is_absent and details == "first" else details)
        if holder.is_absent:
            until = holder.absent_until
            text += f" (afwezig tot en met {short_day(last_day(until))})" if until else " (afwezig)"
        if holder.substitute:
            text += f", vervanger {_describe(holder.substitute, details)}"
        if holder.is_pending:
            text += " (nog te bevestigen)"
        texts[holder.school, holder.role].append(text)
    for vacancy in staffing.vacancies:
        texts[vacancy.school, vacancy.role].append("vacature")
    return {post: " en ".join(names) for post, names in texts.items()}


def list_changes(
    present: Staffing, before: Mapping[date, Staffing], after: Mapping[date, Staffing], *, compare_details: bool
) -> dict[PostKey, tuple[str, str]]:
    """The posts that a notice changes on one of its days, in words: at `present`, which is
    today or the day before a later notice begins, and from that day on.

    `before` and `after` hold the same days in order, the first day of the notice in front, without
    and with the notice. With `compare_details` another number or address is a change too.
    """
    compared: Details = "all" if compare_details else "none"
    shown: Details = "all" if compare_details else "first"
    present_texts = describe_posts(present, compared)
    changes: dict[PostKey, tuple[str, str]] = {}
    for on, staffing in before.items():
        old, new = describe_posts(staffing, compared), describe_posts(after[on], compared)
        texts = describe_posts(after[on], shown)
        later = f" (vanaf {short_day(on)})" if on > min(before) else ""
        for post in dict.fromkeys((*old, *new)):
            if old.get(post) != new.get(post):
                text = texts.get(post, UNFILLED) + later
                changes.setdefault(post, (present_texts.get(post, UNFILLED), text))
    return changes


def _describe(contact: Contact, details: Details) -> str:
    first = contact.first()
    told = contact.details if details == "all" else [first] if first and details == "first" else []
    # No-break spaces keep a number on one line.
    values = (
        phones.grouped(detail.value).replace(" ", "\N{NO-BREAK SPACE}")
        if detail.kind == DetailKind.PHONE
        else detail.value
        for detail in told
    )
    return ", ".join([contact.name, *values])


def get_staffing(schools: Collection[str], on: date) -> Staffing:
    """The holders and vacancies of these schools on a day, with the details that everybody sees."""
    with viewing_as(Visibility.OPEN):
        return Staffing(list_holders(on, schools), list_vacancies(on, schools))


def list_school_lines(schools: Collection[str], changes: Mapping[PostKey, tuple[str, str]]) -> list[SchoolLines]:
    """These schools by name, each with the lines about its posts."""
    labels = dict(fetch_tuples(Role.select(Role.key, Role.label)))
    lines: dict[str, list[Line]] = defaultdict(list)
    for (school, role), texts in changes.items():
        lines[school].append(Line(labels[role], *texts))
    return _add_lines(list(schools), lines)


def list_lines(notice: int) -> list[SchoolLines]:
    """The schools of a notice by name, each with its lines."""
    lines: dict[str, list[Line]] = defaultdict(list)
    there = (NoticeLine.notice == notice) & (NoticeLine.code() == NoticeSchool.code())
    query = NoticeSchool.select(
        NoticeSchool.code(), NoticeLine.role, NoticeLine.before, NoticeLine.after
    ).left_outer_join(NoticeLine, on=there)
    query = query.where(NoticeSchool.notice == notice)
    for code, *line in fetch_tuples(query.order_by(NoticeLine.id)):
        lines[code] += [Line(*line)] if line[0] else []
    return _add_lines(list(lines), lines)


def _add_lines(codes: list[str], lines: Mapping[str, list[Line]]) -> list[SchoolLines]:
    return [SchoolLines(code, name, slug, lines.get(code, [])) for code, name, slug in list_names(codes)]


def add_schools(notice: Notice, schools: Iterable[SchoolLines]) -> None:
    """Record the schools that a notice is about."""
    for school in schools:
        NoticeSchool.create(notice=notice, **at_workplace(school.code))


def add_missing_schools(notice: Notice, schools: Iterable[SchoolLines]) -> None:
    """Record those of these schools that a notice was not about yet."""
    known = list_schools(notice.id)
    add_schools(notice, [school for school in schools if school.code not in known])


def list_schools(notice: int) -> set[str]:
    """The schools and kernen (codes) that a notice is about."""
    query = NoticeSchool.select(NoticeSchool.code()).where(NoticeSchool.notice == notice)
    return {code for (code,) in fetch_tuples(query)}


def store_lines(notice: Notice, schools: Iterable[SchoolLines]) -> None:
    """Replace the lines of a notice."""
    NoticeLine.delete().where(NoticeLine.notice == notice).execute()
    for school in schools:
        for line in school.lines:
            NoticeLine.create(notice=notice, **at_workplace(school.code), **line._asdict())


def merge_lines(notice: Notice, schools: Iterable[SchoolLines], note: str) -> None:
    """Give the posts of these lines their new words in a notice, with a Dutch `note` behind."""
    for school in schools:
        for line in school.lines:
            same = (NoticeLine.notice == notice) & NoticeLine.at([school.code])
            words = {"after": line.after + note}
            if not NoticeLine.update(words).where(same & (NoticeLine.role == line.role)).execute():
                values = line._asdict() | words
                NoticeLine.create(notice=notice, **at_workplace(school.code), **values)


def update_lines(notice: Notice, assignments: Iterable[Assignment]) -> None:
    """Describe the posts of these assignments as they are now, after a decision about them."""
    for post in assignments:
        staffing = get_staffing([post.workplace_id], max(post.valid_from, notice.valid_from))
        after = describe_posts(staffing).get((post.workplace_id, post.role.key), UNFILLED)
        NoticeLine.update(after=after).where(
            (NoticeLine.notice == notice) & NoticeLine.at([post.workplace_id]) & (NoticeLine.role == post.role.label)
        ).execute()


# ---- The warnings


def list_warnings(on: date, posts: Sequence[Assignment], change_sets: Iterable[ChangeSet]) -> list[str]:
    """The contradictions, in Dutch, of a notice that holds from the day `on`: an absence of
    somebody who comes by its change sets, and a later holder of one of its posts."""
    sets = list(change_sets)
    made = list_created(sets, Assignment)
    standing = list_created(sets, Substitute)
    comes = Assignment.select(Assignment.person).where(Assignment.id.in_(made))
    stands_in = Substitute.select(Substitute.person).where(Substitute.id.in_(standing))
    absences = (
        Absence.select(Absence, Person)
        .join(Person)
        .where((Absence.person.in_(comes) | Absence.person.in_(stands_in)) & current_or_future(Absence, on))
    )
    sentences = []
    for absence in absences.order_by(Absence.valid_from):
        until = absence.valid_until
        ends = f" tot en met {day(last_day(until))}" if until else ""
        sentences.append(
            f"{absence.person.name} is zelf afwezig vanaf {day(absence.valid_from)}{ends}. "
            "Kies iemand anders, of meld ook wie dan vervangt."
        )
    return sentences + _list_later_holders(posts, made)


def _list_later_holders(posts: Sequence[Assignment], made: Sequence[int]) -> list[str]:
    ends = [(post.role_id, post.workplace_id, post.valid_until) for post in posts if post.valid_until]
    query = (
        Assignment.select(Assignment, Person, Role, School, Kern)
        .join(Person)
        .join_from(Assignment, Role)
        .join_from(Assignment, School, JOIN.LEFT_OUTER)
        .join_from(Assignment, Kern, JOIN.LEFT_OUTER)
        .where(
            Assignment.role.in_([role for role, _, _ in ends])
            & Assignment.at([school for _, school, _ in ends])
            & Assignment.id.not_in(list(made))
        )
        .order_by(Assignment.valid_from)
    )  # fmt: skip
    at: dict[tuple[int, str], list[Assignment]] = {}
    for row in query if ends else ():
        at.setdefault((row.role_id, row.workplace_id), []).append(row)
    later = [
        next((row for row in at.get((role, school), ()) if row.valid_from >= end), None) for role, school, end in ends
    ]
    schools: dict[tuple[str, date, str], list[str]] = {}
    for row in filter(None, later):
        key = (row.person.name, row.valid_from, row.role.label)
        schools.setdefault(key, []).append(row.workplace.name)
    return [
        f"Er staat al dat {name} vanaf {day(first)} begint als {role} bij {', '.join(where)}. Dat blijft zo."
        for (name, first, role), where in schools.items()
    ]
