"""The difference that a notice makes at its schools, in words: per post a line, before and after.

Days are Amsterdam dates; every `valid_until` is exclusive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from portal import phones
from portal.database import fetch_tuples
from portal.database.validity import last_day
from portal.directory.contact_details import Contact, viewing_as
from portal.directory.models import Assignment, DetailKind, Role, Visibility, at_workplace
from portal.directory.schools_and_kernen import list_names
from portal.directory.who_works_or_is_absent import PostHolder, VacancyRow, list_holders, list_vacancies
from portal.notices.models import Notice, NoticeLine, NoticeSchool
from portal.web.formatting import short_day

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
    for day, staffing in before.items():
        old, new = describe_posts(staffing, compared), describe_posts(after[day], compared)
        texts = describe_posts(after[day], shown)
        later = f" (vanaf {short_day(day)})" if day > min(before) else ""
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
