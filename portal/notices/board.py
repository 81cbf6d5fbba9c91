"""Statements for the board: the notices that match a filter, the choices of the filter, and which
of those on it somebody has not seen."""

from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal import clock
from portal.database.cache import cached_until_change
from portal.database.compiled import prepared
from portal.database.distinct import list_distinct
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Municipality, Organisation, Place, School, is_open
from portal.directory.schools_and_kernen import label_schools, list_kernen
from portal.notices.days_and_phases import ARCHIVED_AFTER, Phase, find_phase, start_label
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, NoticeSchool, Recipient
from portal.search import choices

Choices = tuple[tuple[str, str], ...]  # value and label
MOST = 50  # notices in each list of the board


class Filters(NamedTuple):
    """The filter of the board; "" shows everything."""

    phase: str = ""
    kind: str = ""
    municipality: str = ""  # slug
    school: str = ""  # code
    organisation: str = ""  # id as text


class NoticeRow(NamedTuple):
    id: int
    kind: NoticeKind
    title: str
    valid_from: date
    valid_until: date | None
    author_name: str
    is_withdrawn: bool
    start_label: str
    phase: Phase
    schools: int
    is_unseen: bool  # by the person who asks


def list_notices(filters: Filters, person: int | None, account: int | None) -> tuple[list[NoticeRow], list[NoticeRow]]:
    """The notices on the board: those that concern the person or were posted by the account, and
    all others; at most MOST of each. Archived notices only where the filter asks for them."""
    today = clock.today()
    municipality = None if filters.school else filters.municipality or None
    rows = _notices(
        person or 0, today, today - ARCHIVED_AFTER, filters.phase == Phase.ARCHIVED or None,
        filters.kind or None, filters.organisation or None, filters.school or None, municipality,
    )  # fmt: skip
    own: list[NoticeRow] = []
    others: list[NoticeRow] = []
    for (
        notice, kind, title, valid_from, valid_until, author_name, author, withdrawn_at, recipient,
        seen_at, number,
    ) in rows:  # fmt: skip
        is_withdrawn = withdrawn_at is not None
        phase = find_phase(kind, valid_from, valid_until, is_withdrawn=is_withdrawn, today=today)
        if phase != filters.phase and (filters.phase or phase is Phase.ARCHIVED):
            continue
        withdrawn_on = clock.day_of(withdrawn_at) if withdrawn_at else None
        row = NoticeRow(
            id=notice,
            kind=kind,
            title=title,
            valid_from=valid_from,
            valid_until=valid_until,
            author_name=author_name,
            is_withdrawn=is_withdrawn,
            start_label=start_label(valid_from, valid_until, withdrawn_on, today),
            phase=phase,
            schools=number,
            is_unseen=recipient is not None and seen_at is None and not is_withdrawn,
        )
        (own if recipient or (account and author == account) else others).append(row)
    return _in_order(own), _in_order(others)


@prepared
def _notices(
    person: int, today: date, recent: date, archived: Any, kind: Any, organisation: Any, school: Any, municipality: Any
) -> Any:
    """The notices of a filter, without the rest of its phase: that is a rule. None is no condition.
    Each with the number of its schools and kernen."""
    condition: Any = Notice.id > 0
    if archived is None:
        # As a list of ids, because the order of the board would make SQLite read all notices.
        condition = Notice.id.in_(Notice.select(Notice.id).where(is_not_archived(today, recent)))
    if kind is not None:
        condition &= Notice.kind == kind
    if organisation is not None:
        condition &= Notice.organisation == organisation
    about = NoticeSchool.select(NoticeSchool.notice)
    if school is not None:
        condition &= Notice.id.in_(about.where(NoticeSchool.at([school])))
    if municipality is not None:
        codes = School.select(School.code).join(Place).join(Municipality)
        there = codes.where(is_open(today) & (Municipality.slug == municipality))
        condition &= Notice.id.in_(about.where(NoticeSchool.school.in_(there)))
    number = NoticeSchool.select(fn.COUNT(NoticeSchool.id)).where(NoticeSchool.notice == Notice.id)
    return (
        Notice.select(
            Notice.id, Notice.kind, Notice.title, Notice.valid_from, Notice.valid_until,
            Notice.author_name, Notice.account, Notice.withdrawn_at, Recipient.id,
            Recipient.seen_at, number,
        )
        .join(
            Recipient, JOIN.LEFT_OUTER,
            on=(Recipient.notice == Notice.id) & (Recipient.person == person),
        )
        .where(condition)
        .order_by(Notice.valid_from.desc(), Notice.id.desc())
    )  # fmt: skip


def list_schools(chosen: str) -> Choices:
    """The schools that notices are about, the chosen one, and the kernen: code, and name with place."""
    kernen = (kern.code for kern in list_kernen(clock.today()))
    codes = {*list_distinct(NoticeSchool.school), *kernen, *filter(None, [chosen])}
    return _label_schools(frozenset(codes), clock.today())


def list_organisations() -> Choices:
    """The organisations that notices belong to: id as text, and name."""
    return _label_organisations(frozenset(list_distinct(Notice.organisation)), clock.today())


@cached_until_change
def _label_schools(codes: frozenset[str], on: date) -> Choices:
    return tuple(label_schools(directory.list_schools_by_code(codes, on)).items())


@cached_until_change
def _label_organisations(ids: frozenset[int], on: date) -> Choices:
    return tuple(choices.list_organisations(Organisation.id.in_(ids)))


def _in_order(rows: list[NoticeRow]) -> list[NoticeRow]:
    """The next notice to take effect in front, and after those that still have to the latest."""
    coming = [row for row in rows if row.phase is Phase.COMING]
    return [*reversed(coming), *(row for row in rows if row.phase is not Phase.COMING)][:MOST]


def list_unseen(person: int) -> list[tuple[int, str, date]]:
    """Id, title and first day of the notices on the board that concern a person and that they have
    not seen, the newest first."""
    today = clock.today()
    return list(_unseen(person, today, today - ARCHIVED_AFTER))


@prepared
def _unseen(person: int, today: date, recent: date) -> Any:
    query = select_unseen(Notice.id, Notice.title, Notice.valid_from, today=today, recent=recent)
    return query.where(Recipient.person == person).order_by(Notice.id.desc())


def select_unseen(*fields: Any, **days: Any) -> Any:
    """The query for recipients who have not seen a notice that is not archived; `days` as in `is_not_archived`."""
    return Recipient.select(*fields).join(Notice).where(Recipient.seen_at.is_null() & is_not_archived(**days))


def is_not_archived(today: Any = None, recent: Any = None) -> Any:
    """The condition for notices that are not archived today. It repeats `days_and_phases.find_phase` in SQL, because
    old notices accumulate. A prepared query gives today, and ARCHIVED_AFTER before."""
    today = today or clock.today()
    recent = recent or today - ARCHIVED_AFTER
    open_ended = [kind for kind in NoticeKind if kind.last_day_label]
    is_open = Notice.valid_until.is_null()
    return Notice.withdrawn_at.is_null() & (
        (Notice.valid_until > today)
        | (is_open & (Notice.valid_from > recent))
        | (is_open & Notice.kind.in_(open_ended))
    )
