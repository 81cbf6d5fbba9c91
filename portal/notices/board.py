"""Statements for the board: the notices that match a filter, and the choices of the filter."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal import clock
from portal.database import fetch_tuples
from portal.directory import choices
from portal.directory import schools as directory
from portal.directory.choices import label_schools
from portal.directory.kernen import list_kernen
from portal.directory.models import Organisation, School
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, NoticeSchool, Recipient
from portal.notices.periods import Phase, find_phase, start_label
from portal.notices.queries import is_not_archived

MOST = 50  # notices in each list of the board


class Filters(NamedTuple):
    """The filter of the board; "" shows everything."""

    phase: str = ""
    kind: str = ""
    municipality: str = ""  # slug
    school: str = ""  # code
    organisation: str = ""  # id as text


class NoticeRow(NamedTuple):
    """A notice on the board."""

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


def list_notices(
    filters: Filters, person: int | None, account: int | None
) -> tuple[list[NoticeRow], list[NoticeRow]]:
    """The notices on the board: those that concern the person or were posted by the account, and
    all others; at most MOST of each. Archived notices only where the filter asks for them."""
    query = (
        Notice.select(
            Notice.id, Notice.kind, Notice.title, Notice.valid_from, Notice.valid_until,
            Notice.author_name, Notice.account, Notice.withdrawn_at, Recipient.id,
            Recipient.seen_at,
        )
        .join(
            Recipient, JOIN.LEFT_OUTER,
            on=(Recipient.notice == Notice.id) & (Recipient.person == (person or 0)),
        )
        .where(_matches(filters))
        .order_by(Notice.valid_from.desc(), Notice.id.desc())
    )  # fmt: skip
    today = clock.today()
    own: list[NoticeRow] = []
    others: list[NoticeRow] = []
    for (
        notice, kind, title, valid_from, valid_until, author_name, author, withdrawn_at, recipient,
        seen_at,
    ) in fetch_tuples(query):  # fmt: skip
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
            schools=0,
            is_unseen=recipient is not None and seen_at is None and not is_withdrawn,
        )
        (own if recipient or (account and author == account) else others).append(row)
    own, others = _in_order(own), _in_order(others)
    schools = _count_schools([row.id for row in (*own, *others)])
    return (
        [row._replace(schools=schools[row.id]) for row in own],
        [row._replace(schools=schools[row.id]) for row in others],
    )


def list_schools(chosen: str) -> list[tuple[str, str]]:
    """The schools that notices are about, and the chosen one: code, and name with place."""
    # EXISTS finds each school by an index; IN would read all schools of all notices.
    noticed = fn.EXISTS(NoticeSchool.select().where(NoticeSchool.school == School.code))
    codes = fetch_tuples(School.select(School.code).where(noticed | (School.code == chosen)))
    kernen = (kern.code for kern in list_kernen(clock.today()))
    schools = directory.list_schools_by_code([*(code for (code,) in codes), *kernen])
    return list(label_schools(schools).items())


def list_organisations() -> list[tuple[str, str]]:
    """The organisations that notices belong to: id as text, and name."""
    noticed = fn.EXISTS(Notice.select().where(Notice.organisation == Organisation.id))
    return choices.list_organisations(noticed)


def _matches(filters: Filters) -> Any:
    """The condition of a filter, without the phase: that is a rule."""
    condition: Any = Notice.id > 0
    if filters.phase != Phase.ARCHIVED:
        # As a list of ids, because the order of the board would make SQLite read all notices.
        condition = Notice.id.in_(Notice.select(Notice.id).where(is_not_archived()))
    if filters.kind:
        condition &= Notice.kind == filters.kind
    if filters.organisation:
        condition &= Notice.organisation == filters.organisation
    there = None
    if filters.school:
        there = NoticeSchool.at([filters.school])
    elif filters.municipality:
        schools = directory.chosen_schools(municipality=filters.municipality)
        there = NoticeSchool.school.in_(School.select(School.code).where(schools))
    if there is not None:
        condition &= Notice.id.in_(NoticeSchool.select(NoticeSchool.notice).where(there))
    return condition


def _in_order(rows: list[NoticeRow]) -> list[NoticeRow]:
    """The next notice to take effect in front, and after those that still have to the latest."""
    coming = [row for row in rows if row.phase is Phase.COMING]
    return [*reversed(coming), *(row for row in rows if row.phase is not Phase.COMING)][:MOST]


def _count_schools(notices: list[int]) -> dict[int, int]:
    query = NoticeSchool.select(NoticeSchool.notice, fn.COUNT(NoticeSchool.id)).where(
        NoticeSchool.notice.in_(notices)
    )
    return defaultdict(int, fetch_tuples(query.group_by(NoticeSchool.notice)))
