"""Rows for a test, with everything filled in that the test is not about, and the demo's own rows.

Each function opens a connection where there is none. A day is a date in Amsterdam, a school is
the code of its location (16LF00), a role is its key (cjg-coach).
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from peewee import SqliteDatabase

from portal import clock
from portal.accounts.models import Account, SecondFactor
from portal.database import add_unless_present, connection, db, fetch_tuples
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind
from portal.directory.models import (
    Absence,
    Assignment,
    CheckedBy,
    ContactDetail,
    Employment,
    Organisation,
    Person,
    Role,
    School,
    Substitute,
    Vacancy,
)
from portal.directory.undoing import undo
from portal.jobs.worker import JobRun
from portal.notices.models import Notice, NoticeEvent, Recipient
from portal.quality.models import Confirmation, ConfirmationRound, Report, ReportKind, ReportState
from portal.quality.round_schedule import Step
from portal.requests.kinds import Level, get_kind
from portal.requests.queries import RequestRow
from portal.requests.session_hours_and_invitees import Invitee, Session
from portal.requests.state_rules import StepKind
from portal.requests.step_writes import take_step
from portal.requests.submission import Draft, confirm, submit
from portal.site import Site
from portal.throttle import Attempt
from tests.clock import TODAY

CAMELOT = "16LF00"  # a primary school in Haarlem
_BOOKKEEPING = ("row_version", "source", "checked_on", "checked_by")
_CHECKED: dict[str, Any] = {"source": "x", "checked_on": TODAY, "checked_by": "organisation"}
_SITE = Site("http://localhost", "po.example", "kernteam@po.example", ("x",), "x")


# ---- The directory -----------------------------------------------------------------------------


def make_person(given_name: str = "Iemand", family_name: str = "Proef", organisation: str = "") -> Person:
    """A person of an organisation (key); without one, of the first that there is."""
    with connection():
        works_for = Organisation.get(Organisation.key == organisation) if organisation else Organisation.get()
        return Person.create(organisation=works_for, given_name=given_name, family_name=family_name)


def make_assignment(
    person: Person | int,
    role: str = "cjg-coach",
    school: str = CAMELOT,
    valid_from: date = TODAY,
    valid_until: date | None = None,
) -> Assignment:
    """The assignment of a person to a role at a school, up to the day `valid_until`."""
    with connection():
        return Assignment.create(
            person=person, role=Role.get(Role.key == role), school=school, valid_from=valid_from,
            valid_until=valid_until, **_CHECKED,
        )  # fmt: skip


def make_detail(person: Person | int, value: str, kind: str = "phone", visibility: str = "open") -> ContactDetail:
    """A number (E.164) or address of a person."""
    with connection():
        return ContactDetail.create(person=person, kind=kind, value=value, visibility=visibility, **_CHECKED)


def make_absence(
    person: Person | int,
    valid_from: date = TODAY,
    valid_until: date | None = None,
    substitutes: dict[Assignment, Person | int] | None = None,
) -> Absence:
    """The absence of a person, with the substitute for each of these assignments."""
    with connection():
        absence = Absence.create(person=person, valid_from=valid_from, valid_until=valid_until, **_CHECKED)
        for assignment, substitute in (substitutes or {}).items():
            Substitute.create(absence=absence, assignment=assignment, person=substitute)
        return absence


def make_vacancy(role: str, school: str = CAMELOT, valid_from: date = TODAY) -> Vacancy:
    """An open post."""
    with connection():
        return Vacancy.create(role=Role.get(Role.key == role), school=school, valid_from=valid_from, **_CHECKED)


def role(key: str) -> Role:
    """The role with this key."""
    with connection():
        return Role.get(Role.key == key)


def coach() -> Person:
    """The CJG-coach of the demo who has an account."""
    with connection():
        return Person.select().join(Account).where(Account.role == "member").get()


def holder(role: str, organisation: str = "", number: int = 0) -> Person:
    """The holder of a role without an end; with an organisation (key) one who works there."""
    with connection():
        query = (
            Person.select().distinct()
            .join(Organisation)
            .switch(Person)
            .join(Assignment)
            .join(Role)
            .where((Role.key == role) & Assignment.valid_until.is_null())
            .order_by(Person.id)
        )  # fmt: skip
        if organisation:
            query = query.where(Organisation.key == organisation)
        return list(query)[number]


def colleague(person: Person) -> Person:
    """Another person of the same organisation."""
    with connection():
        return (
            Person.select()
            .where((Person.organisation == person.organisation_id) & (Person.id != person.id))
            .order_by(Person.id)
            .get()
        )


def posts(person: Person) -> list[Assignment]:
    """The assignments of a person, oldest first."""
    with connection():
        return list(
            Assignment.select(Assignment, School, Role)
            .join(School)
            .switch(Assignment)
            .join(Role)
            .where(Assignment.person == person)
            .order_by(Assignment.id)
        )


def directory_rows() -> dict[str, list[str]]:
    """The rows that a notice can change, as text per table, without versions and sources: to
    compare the directory before with after."""
    with connection():
        return {
            model.__name__: sorted(
                repr(dict(zip(names, row, strict=True)))
                for names in [[name for name in model._meta.fields if name not in _BOOKKEEPING]]
                for row in fetch_tuples(model.select(*(getattr(model, name) for name in names)))
            )
            for model in (Person, Assignment, Absence, Substitute, Vacancy, ContactDetail, Employment)
        }


def make_report(person: Person | int = 1, fault: ReportKind = ReportKind.GONE, **more: Any) -> Report:
    """The report of a reader about a person, which other readers see."""
    topic = f"p{person if isinstance(person, int) else person.id} {fault}"
    values = {"topic": topic, "at": clock.now(), "is_shown": True, "state": ReportState.OPEN}
    with connection():
        return Report.create(person=person, fault=fault, **{**values, **more})


def begin_change_set() -> ChangeSet:
    """A change set of nobody, in a transaction of the caller."""
    return ChangeSet.begin(ChangeSetKind.EDIT, None)


def make_import() -> ChangeSet:
    """An import that nobody was mailed about: a coach got one more school."""
    person = coach()
    with connection(), db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.IMPORT, None, effective_on=TODAY)
        change_set.add(
            Assignment, person=person, role=Role.get(Role.key == "gedragsconsulent"),
            school=CAMELOT, valid_from=TODAY,
        )  # fmt: skip
        return change_set


# ---- Accounts, notices, requests ---------------------------------------------------------------


def make_factor(account: Account, data: str = "") -> SecondFactor:
    """An authenticator app of an account; without `data` nobody knows its secret."""
    with connection():
        return SecondFactor.create(
            account=account, kind="app", device="Firefox op Windows",
            data=data or secrets.token_hex(), counter=0,
            created_at=clock.now(),
        )  # fmt: skip


def make_account(role: str = "member", person: Person | None = None, organisation: int | None = None) -> Account:
    """An account, also of somebody who is nobody in the directory."""
    with connection():
        number = Account.select().count()
        return Account.create(
            email=f"account{number}@elders.example",
            name=person.name if person else f"Iemand {number}",
            role=role,
            person=person,
            organisation=organisation,
            created_at=clock.now(),
        )


def make_notice(account: int | None = None, **fields: Any) -> Notice:
    """A notice that was announced and changes nothing, of an account (id) or of nobody."""
    usual = {
        "key": secrets.token_hex(8), "kind": "vertrek", "title": "Iemand vertrekt", "text": "x",
        "author_name": "Ik", "draft": "{}", "account": account, "reply_to": "ik@x.example",
        "valid_from": TODAY + timedelta(days=9), "published_at": clock.now(),
        "announced_at": clock.now(),
    }  # fmt: skip
    with connection(), db.atomic():
        notice = Notice.create(**usual | fields)
        ChangeSet.begin(ChangeSetKind.NOTICE, account, ref=notice.id)
        NoticeEvent.create(notice=notice, at=clock.now(), author_name="Ik", text="Geplaatst.")
        return notice


def make_recipient(notice: Notice, person: Person | int) -> Recipient:
    """A person who was mailed about a notice."""
    with connection():
        return Recipient.create(notice=notice, person=person, email="x", mailed=True)


def make_question(person: Person | int, begins_on: date = TODAY) -> Confirmation:
    """The question to a person in the round that began on that day, whether their facts are right.
    Nobody ever checked them."""
    with connection():
        for model in (Assignment, ContactDetail):
            model.update(checked_by=CheckedBy.SOURCE).where(model.person == person).execute()
        add_unless_present(ConfirmationRound, begins_on=begins_on)
        begun = ConfirmationRound.get(begins_on=begins_on)
        add_unless_present(
            Confirmation, round=begun, person=person, step=Step.ASKED, since=begins_on,
            asked_on=begins_on,
        )  # fmt: skip
        return Confirmation.get(round=begun, person=person)


def clear_board() -> None:
    """Undo every notice and delete it with its change set, the last first."""
    with connection(), db.atomic():
        for notice in Notice.select().order_by(Notice.id.desc()):
            undo(find_of_notice(notice.id))
            notice.delete_instance(recursive=True)
        for model in (Change, ChangeSet):
            with _deletable(model._meta.table_name):
                model.delete().execute()


@contextmanager
def _deletable(table: str) -> Iterator[None]:
    """Take the trigger away that keeps a table append-only."""
    if isinstance(db.obj, SqliteDatabase):
        name = f"{table}_no_delete"
        found = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        db.execute_sql(f"DROP TRIGGER {name}")
        yield
        db.execute_sql(found[0])
    else:
        db.execute_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        db.execute_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def make_request(portal: Flask, account: Account | None) -> RequestRow:
    """A request for a new kernteam; without an account, of somebody with a new address, which is
    not confirmed yet."""
    key = secrets.token_urlsafe(24)
    email = account.email if account else f"{key}@school.example"
    draft = Draft(get_kind("start"), None, CAMELOT, Level.PO, "Tim de Graaf", email, [])
    with portal.test_request_context(), connection():
        Attempt.delete().execute()  # a test may ask more often than anybody else
        return submit(draft, key, account, key, _SITE)


def make_session(
    day: date, begins: int = 15, place: str = "De teamkamer", invitees: tuple[Invitee, ...] = ()
) -> Session:
    """A session of an hour and a half, from a whole hour in Amsterdam."""
    begins_at = datetime.combine(day, time(begins), clock.AMSTERDAM).astimezone(UTC)
    return Session(begins_at, begins_at + timedelta(minutes=90), place, "", invitees)


def make_planned_request(portal: Flask, account: Account | None) -> RequestRow:
    """A request with a session today."""
    request = make_request(portal, account)
    with portal.test_request_context(), connection():
        if account is None:
            confirm(request.id, _SITE)
        take_step(request.id, StepKind.PLANNED, Account.get().id, _SITE, make_session(TODAY))
    return request


def last_ok(name: str) -> datetime | None:
    """The aware moment at which a job last succeeded, or None."""
    run = JobRun.get_or_none(JobRun.name == name)
    return run.last_ok_at if run else None


def make_job_run(name: str, **moments: Any) -> JobRun:
    """The last run of a job of the worker, in the place of what was known of it."""
    with connection():
        JobRun.delete().where(JobRun.name == name).execute()
        return JobRun.create(name=name, **moments)


def find_of_notice(notice: int) -> ChangeSet:
    """The change set of a notice (id)."""
    change_set: ChangeSet = ChangeSet.get((ChangeSet.kind == ChangeSetKind.NOTICE) & (ChangeSet.ref == notice))
    return change_set
