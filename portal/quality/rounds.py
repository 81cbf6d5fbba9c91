"""Confirmation rounds: everybody whose facts are due is asked once, reminded once, and after that
the organisation and the coordinator ask. Days are Amsterdam dates."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.accounts.sign_in_addresses import list_emails
from portal.database import Outdated, add_unless_present, db, fetch_tuples
from portal.database.directory_version import lock_directory
from portal.directory import schools_and_kernen as directory
from portal.directory.checked_rows import record_check
from portal.directory.models import CheckedBy, Organisation, Person
from portal.directory.who_works_or_is_absent import list_absent, list_moved
from portal.mail.outbox import enqueue
from portal.quality import mails
from portal.quality.models import UNANSWERED, Call, Confirmation, ConfirmationRound, Report
from portal.quality.own_facts import Fact, list_due, list_facts
from portal.quality.reports import Reporter, add_report, find_contact
from portal.quality.round_schedule import (
    OPEN,
    REST,
    STEP_AFTER,
    Reach,
    Step,
    choose,
    find_begin,
    first_step,
    is_time_to_ask,
    next_step,
)
from portal.quality.shown_doubts import of_present_round
from portal.site import Site


def run(site: Site) -> int:
    """Take today's steps of the round: ask, remind, and pass on to the organisation and the
    coordinator; gives how many. In the context of a request, for the templates."""
    today, calendar = clock.today(), directory.get_calendar()
    present = find_round_to_ask()
    if present is None:
        return 0
    due = list_due(today)
    waiting = Confirmation.step.in_([Step.ASKED, Step.REMINDED, Step.EDITOR])
    questions = Confirmation.select(Confirmation, ConfirmationRound).join(ConfirmationRound)
    silent = [
        row
        for row in questions.where((Confirmation.round == present) & waiting).order_by(Confirmation.id)
        # A person without a post, or with nothing to confirm, is asked nothing more.
        if row.person_id in due and calendar.count_working_days(row.since, today) >= STEP_AFTER
    ]
    fresh = due - _list_asked(present, today)
    if not silent and not fresh:
        return 0
    reaches = _find_reaches({row.person_id for row in silent} | fresh, today)
    taken = 0
    for row in silent:
        step = next_step(row.step, reaches[row.person_id])
        if step is not row.step:
            taken += _take_step(row, step, reaches[row.person_id], today, site)
    asked_today = Confirmation.select().where(Confirmation.asked_on == today).count()
    ready = [person for person in fresh if first_step(reaches[person])]
    for person in choose(ready, present.begins_on, today, calendar, asked_today):
        taken += _ask(present, person, reaches[person], today, site)
    return taken


def find_round_to_ask() -> ConfirmationRound | None:
    """The present round, which begins where it is time; None now that nobody is mailed."""
    if not is_time_to_ask(clock.now(), directory.get_calendar()):
        return None
    if begins_on := find_begin(clock.today()):
        add_unless_present(ConfirmationRound, begins_on=begins_on)
    return find_present_round()


def find_present_round() -> ConfirmationRound | None:
    """The round that began last."""
    newest = ConfirmationRound.select().order_by(ConfirmationRound.begins_on.desc())
    return next(iter(newest.limit(1)), None)


def is_over(row: Confirmation) -> bool:
    """Whether a question is of an earlier round: its link opens no page any more."""
    return bool(row.round != find_present_round())


def _list_asked(present: ConfirmationRound, today: date) -> set[int]:
    """The people (ids) who were asked in this round, or mailed shortly before it."""
    rested = today - REST
    asked = Confirmation.select(Confirmation.person).where(
        (Confirmation.round == present) | (Confirmation.asked_on > rested) | (Confirmation.reminded_on > rested)
    )
    return {person for (person,) in fetch_tuples(asked)}


def _find_reaches(people: Collection[int], today: date) -> dict[int, Reach]:
    """How each of these people can be asked today."""
    emails, absent, moved = list_emails(people), list_absent(today), list_moved(today)
    editors = Account.select(Account.organisation).where(
        (Account.role == AccountRole.EDITOR) & (Account.active_until.is_null() | (Account.active_until > today))
    )
    edited = {organisation for (organisation,) in fetch_tuples(editors)}
    first = Person.select(Person.id, Person.organisation)
    return {
        person: Reach(
            email=emails.get(person, ""),
            is_absent=person in absent,
            has_editor=(moved[person].id if person in moved else organisation) in edited,
        )
        for person, organisation in fetch_tuples(first)
        if person in people
    }


def _ask(present: ConfirmationRound, person: int, reach: Reach, today: date, site: Site) -> bool:
    step = first_step(reach)
    if step is None:
        return False
    mailed_on = today if step is Step.ASKED else None
    values = {"person": person, "step": step, "since": today, "asked_on": mailed_on}
    with db.atomic():  # one at a time: requests can write in between
        if add_unless_present(Confirmation, round=present, **values) and mailed_on:
            _mail(Confirmation.get(round=present, person=person), reach.email, site)
    return True


def _take_step(row: Confirmation, step: Step, reach: Reach, today: date, site: Site) -> bool:
    mailed_on = {"reminded_on": today} if step is Step.REMINDED else {}
    # By now they may have confirmed it, or another worker did this.
    same = (Confirmation.id == row.id) & (Confirmation.step == row.step)
    with db.atomic():
        if not Confirmation.update(step=step, since=today, **mailed_on).where(same).execute():
            return False
        if mailed_on:
            row.reminded_on = today
            _mail(row, reach.email, site)
    return True


def _mail(row: Confirmation, email: str, site: Site) -> None:
    facts = list_facts(row.person_id, clock.today())
    enqueue(mails.confirm(row, facts, email, site), site.mail_host)


def find_question(secret: str) -> Confirmation | None:
    """The question with this secret."""
    return next(iter(_questions(Confirmation.secret == secret)), None)


def _questions(condition: Any) -> Any:
    """The questions, each with its person and round."""
    query = Confirmation.select(Confirmation, Person, Organisation, ConfirmationRound)
    query = query.join(Person).join(Organisation).join_from(Confirmation, ConfirmationRound)
    return query.where(condition).order_by(Person.sort_key, Person.id)


def get_version(facts: Iterable[Fact]) -> str:
    """The facts with their versions, for the form that shows them."""
    return " ".join(f"{fact.row._pk}:{fact.version}" for fact in facts if fact.row)


def confirm(row: Confirmation, shown: str, by: CheckedBy, account: int | None) -> None:
    """Record that the facts of a person are right, as they were `shown`; what somebody reported is
    left out. Idempotent. Raises Outdated where they changed meanwhile."""
    with db.atomic():
        lock_directory()
        facts = list_facts(row.person_id, clock.today())
        if get_version(facts) != shown:
            raise Outdated
        wrong = list_reported(facts)
        right = [fact.row for fact in facts if fact.row and fact.topic not in wrong]
        record_check(right, by, account)
        Confirmation.update(step=Step.CONFIRMED, since=clock.today()).where(
            (Confirmation.id == row.id) & Confirmation.step.in_(OPEN)
        ).execute()


def list_reported(facts: Iterable[Fact]) -> set[str]:
    """The topics of these facts that somebody reported as wrong, and nobody answered yet."""
    about = Report.topic.in_([fact.topic for fact in facts])
    rows = Report.select().where(about & Report.state.in_(UNANSWERED))
    return {row.topic for row in rows}


def report_wrong(reporter: Reporter, fact: Fact, text: str, site: Site) -> None:
    """Report that a fact is wrong, with how it is instead; the reporter hears the outcome. Raises reports.TooMany."""
    if contact := find_contact(fact.owner):
        add_report(contact, fact.line, fact.school, text, reporter, site)


def as_reporter(person: int) -> Reporter:
    """The person (id) who got a link by mail, as a reporter: by their account, if they have one."""
    account = Account.get_or_none(Account.person == person)
    email = "" if account else list_emails([person]).get(person, "")
    return Reporter(account, "" if account else f"p{person}", email)


def list_silent(organisation: int | None = None) -> list[Confirmation]:
    """The questions of the present round that stayed without an answer: of an organisation (id)
    those that its editor asks, otherwise those that the coordinator asks."""
    today = clock.today()
    step = Step.COORDINATOR if organisation is None else Step.EDITOR
    questions = list(_questions(of_present_round() & (Confirmation.step == step)))
    if not questions:
        return []
    due, moved = list_due(today), list_moved(today)
    return [
        row
        for row in questions
        if row.person_id in due and organisation in (None, (moved.get(row.person_id) or row.person.organisation).id)
    ]


def count_answers() -> tuple[int, int]:
    """How many people were asked in the present round, and how many confirmed."""
    query = Confirmation.select(Confirmation.step).where(of_present_round())
    steps = [step for (step,) in fetch_tuples(query)]
    return len(steps), steps.count(Step.CONFIRMED)


def clear_old(before: datetime) -> int:
    """Delete the rounds that began, and the calls of the months, before this moment (aware); gives their number."""
    day = clock.day_of(before)
    rounds = ConfirmationRound.delete().where(ConfirmationRound.begins_on < day).execute()
    return int(rounds) + int(Call.delete().where(Call.month < day).execute())
