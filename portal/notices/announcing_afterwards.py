"""Announces changes that stand already in a change set which mailed nobody, such as an import or a
silent division: per organisation one notice about its people.

The changes are read back from the change set; the directory stays as it is.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from portal import clock
from portal.accounts.sign_in_addresses import list_emails
from portal.database import fetch_tuples
from portal.directory.change_sets import Change, ChangeSet, ChangeSetState, read_values
from portal.directory.contact_details import Contact
from portal.directory.models import Assignment, Organisation, Person, Role, Vacancy
from portal.directory.schools_and_kernen import list_names
from portal.directory.who_works_or_is_absent import PostHolder, VacancyRow, list_moved
from portal.notices.audience_and_mails import Audience, find_audience, list_around
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.notices.titles_differences_and_warnings import PostKey, Staffing, get_staffing, list_changes
from portal.region import current_region


class Told(NamedTuple):
    """The part of a change set that is about the people of one organisation."""

    organisation: int | None  # id; None: vacancies of nobody's post
    schools: frozenset[str]  # codes
    changes: dict[PostKey, tuple[str, str]]  # before and after, in words
    came: list[tuple[str, str]]  # the people (names) who came, each with a school
    audience: Audience


class Announceable(NamedTuple):
    """An organisation whose kernteams can be told of a change set."""

    organisation: int | None  # id
    name: str
    is_school: bool
    schools: int
    people: int  # whom it concerns
    mails: int  # of them with an address
    lines: list[tuple[str, str, str, str]]  # school, role, before and after, in words
    notice: int | None  # the id of the notice that told it already


def is_ticked_beforehand(row: Announceable, *, is_import: bool) -> bool:
    """Whether an organisation is ticked beforehand: not a school, whose partners would get a mail per school; and none
    after an import, because a first file would mail everybody."""
    return not (is_import or row.is_school)


def get_first_day(change_set: ChangeSet) -> date:
    """The day from which a change set holds; for one without, the day on which it was made."""
    return change_set.effective_on or clock.day_of(change_set.at)


def list_organisations(change_set_id: int) -> list[Announceable]:
    """The organisations whose people came to, or left, a school by this change set, schools last
    and by name; none for one that was undone."""
    notices = {notice.organisation_id: notice.id for notice in list_told(change_set_id)}
    organisations = {row.id: row for row in Organisation}
    told = _read(change_set_id, None)
    codes = {school for part in told for school in part.schools}
    schools = {code: name for code, name, _ in list_names(list(codes))}
    roles = dict(fetch_tuples(Role.select(Role.key, Role.label)))
    emails = list_emails({person for part in told for person in part.audience})
    rows = []
    for part in told:
        own = organisations[part.organisation] if part.organisation else None
        rows.append(
            Announceable(
                organisation=part.organisation,
                name=own.name if own else current_region().project,
                is_school=own is not None and own.kind == Organisation.SCHOOL,
                schools=len(part.schools),
                people=len(part.audience),
                mails=sum(person in emails for person in part.audience),
                lines=sorted((schools[school], roles[role], *texts) for (school, role), texts in part.changes.items()),
                notice=notices.get(part.organisation),
            )
        )
    return sorted(rows, key=lambda row: (row.is_school, row.name))


def find_told(change_set_id: int, organisation: int | None, author: int | None) -> Told | None:
    """The contents of a notice of an organisation (id) about a change set, without the `author` (a
    person) among its readers; None where it was told already, or is undone."""
    if any(notice.organisation_id == organisation for notice in list_told(change_set_id)):
        return None
    return next(iter(_read(change_set_id, author, {organisation})), None)


def list_told(change_set_id: int) -> list[Notice]:
    """The notices that tell a change set, one per organisation; one that is being published has no title yet."""
    held = Notice.withdrawn_at.is_null() & (Notice.title != "")
    held &= Notice.valid_until.is_null()  # always so; found by an index
    notices = Notice.select().where((Notice.kind == NoticeKind.DIVISION) & held)
    return [row for row in notices if json.loads(row.draft).get("announces") == change_set_id]


def _read(change_set_id: int, author: int | None, only: Collection[int | None] = ()) -> list[Told]:
    """A change set that holds, per organisation (id); all, or `only` some."""
    holds = ChangeSet.state == ChangeSetState.APPLIED
    change_set = ChangeSet.get_or_none((ChangeSet.id == change_set_id) & holds)
    if change_set is None or change_set.kind.is_of_notice:  # a notice told it itself
        return []
    first, roles = get_first_day(change_set), dict(fetch_tuples(Role.select(Role.id, Role.key)))
    came, gone = _list_touched(change_set)
    new = {row.id for row in came if isinstance(row, Assignment)}
    ids = {row.person_id for row in (*came, *gone) if isinstance(row, Assignment)}
    people = {row.id: row for row in Person.select().where(Person.id.in_(list(ids)))}
    employers = list_moved(first)

    owners: dict[PostKey, int | None] = {}  # of who came there, or else of who left
    names: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for row in (*gone, *came):
        post, employer = (row.workplace_id, roles[row.role_id]), None
        if isinstance(row, Assignment) and (person := people.get(row.person_id)):
            employer = employers[person.id].id if person.id in employers else person.organisation_id
            if row.id in new:
                names[employer].append((person.name, row.workplace_id))
        owners[post] = employer or owners.get(post)

    owners = {post: owner for post, owner in owners.items() if not only or owner in only}
    schools = {school for school, _ in owners}
    came = [row for row in came if row.workplace_id in schools]
    days = sorted({first, *(row.valid_from for row in came if row.valid_from > first)})
    after = {day: get_staffing(schools, day) for day in days}
    before = {}
    for day in days:
        there = [row for row in gone if row.valid_from <= day < (row.valid_until or date.max)]
        before[day] = Staffing(
            [row for row in after[day].holders if row.assignment not in new]
            + [_as_holder(row, roles[row.role_id], people) for row in there
               if isinstance(row, Assignment) and row.person_id in people],
            [VacancyRow(row.workplace_id, roles[row.role_id], row.valid_from, row.valid_until)
             for row in there if isinstance(row, Vacancy)],
        )  # fmt: skip
    changes = list_changes(before[first], before, after, compare_details=False)
    holders = [*before[first].holders, *(row for day in days for row in after[day].holders)]
    told = []
    for organisation in set(owners.values()):
        posts = {post for post, owner in owners.items() if owner == organisation}
        at = frozenset(school for school, _ in posts)
        lines = {post: texts for post, texts in changes.items() if post in posts}
        concerned = [row for row in holders if row.school in at]
        audience = find_audience([*concerned, *list_around(at, first)], author)
        told.append(Told(organisation, at, lines, names[organisation], audience))
    return told


def _list_touched(change_set: ChangeSet) -> tuple[list[Any], list[Any]]:
    """The assignments and vacancies that a change set made, and those that it ended or removed as they were before."""
    came: list[Any] = []
    gone: dict[tuple[Any, int], Any] = {}
    for model in (Assignment, Vacancy):
        ours = (Change.change_set == change_set.id) & (Change.table == model._meta.table_name)
        changes = list(Change.select().where(ours & ~Change.undone).order_by(Change.id))
        rows = {row.id: row for row in model.select().where(model.id.in_([int(change.row) for change in changes]))}
        new = {int(change.row) for change in changes if change.before is None}
        came += [rows[key] for key in sorted(new & rows.keys())]
        for change in changes:
            before, key = read_values(model, change.before), int(change.row)
            if before and "valid_until" in before and key not in new:
                values = (rows[key].__data__ if key in rows else {}) | before
                gone.setdefault((model, key), model(**values))
    return came, list(gone.values())


def _as_holder(row: Assignment, role: str, people: Mapping[int, Person]) -> PostHolder:
    """The holder that an assignment was, with a name only."""
    contact = Contact(people[row.person_id].name, "", row.person_id)
    return PostHolder(
        assignment=row.id, school=row.workplace_id, role=role, contact=contact, employer="",
        since=row.valid_from, is_pending=row.is_pending, is_absent=False, absent_until=None,
        substitute=None,
    )  # fmt: skip
