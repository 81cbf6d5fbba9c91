"""Ten calls a month: random rows that a coordinator calls, and the share that was right."""

import random
from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from portal import clock
from portal.accounts.models import Account
from portal.database import Outdated, db, fetch_tuples, lock
from portal.database.directory_version import lock_directory
from portal.database.validity import valid_on
from portal.directory.checked_rows import record_check
from portal.directory.contact_details import Contact, viewing_as
from portal.directory.models import (
    Assignment,
    CheckedBy,
    ContactDetail,
    DetailKind,
    Kern,
    Person,
    Role,
    School,
    Visibility,
    is_open,
)
from portal.directory.schools_and_kernen import label_schools, list_schools_by_code
from portal.quality.models import Call, CallOutcome, Report
from portal.quality.reports import Reporter, add_report, find_contact
from portal.site import Site
from portal.web.formatting import month as month_name

PER_MONTH = 10


class CallRow(NamedTuple):
    """A row to call: the post, and the number that stands there today, where there is one."""

    call: Call
    post: Any  # an Assignment
    where: str  # its school or kern, told apart from the others of the month
    number: ContactDetail | None

    @property
    def version(self) -> str:
        """The rows that are called about with their versions, for the form that shows them."""
        rows = filter(None, (self.post, self.number))
        return " ".join(f"{row.id}:{row.row_version}" for row in rows)


def draw(site: Site | None = None) -> int:
    """Draw the rows of this month, once: posts of today whose holder has a number; gives how many."""
    today = clock.today()
    month = today.replace(day=1)
    with db.atomic():
        lock(f"calls of {month}")
        if Call.select().where(Call.month == month).exists():
            return 0
        numbers = ContactDetail.select(ContactDetail.person).where(_is_number(today))
        posts = Assignment.select(Assignment.id).left_outer_join(School)
        held = valid_on(Assignment, today) & ~Assignment.is_pending & is_open(today)
        ids = [id for (id,) in fetch_tuples(posts.where(held & Assignment.person.in_(numbers)))]
        chosen = random.SystemRandom().sample(ids, min(PER_MONTH, len(ids)))
        for assignment in chosen:
            Call.create(month=month, assignment=assignment)
    return len(chosen)


def _is_number(today: date) -> Any:
    is_phone = (ContactDetail.kind == DetailKind.PHONE) & (ContactDetail.label == "")
    return is_phone & ContactDetail.person.is_null(False) & valid_on(ContactDetail, today)


def list_calls() -> list[CallRow]:
    """The rows of this month, each with the first number of its person."""
    today = clock.today()
    query = Call.select(Call, Assignment, Person, Role, School, Kern).join(Assignment).join(Person)
    query = query.switch(Assignment).join(Role).switch(Assignment).left_outer_join(School)
    query = query.switch(Assignment).left_outer_join(Kern)
    drawn = query.where(Call.month == today.replace(day=1)).order_by(Call.id)
    calls: list[tuple[Call, Any]] = [(call, call.assignment) for call in drawn]
    people = [post.person_id for _, post in calls]
    details = ContactDetail.select().where(_is_number(today) & ContactDetail.person.in_(people))
    order = (ContactDetail.position.desc(), ContactDetail.id.desc())
    numbers = {detail.person_id: detail for detail in details.order_by(*order)}
    labels = label_schools(list_schools_by_code([post.workplace_id for _, post in calls]))
    return [
        CallRow(call, post, labels.get(post.workplace_id, post.workplace.name), numbers.get(post.person_id))
        for call, post in calls
    ]


def find_call(number: int) -> CallRow | None:
    """The row of this month with this id."""
    return next((row for row in list_calls() if row.call.id == number), None)


def find_called(row: CallRow) -> Contact | None:
    """The person of a call, with all their numbers."""
    with viewing_as(Visibility.MEMBERS):
        return find_contact(f"p{row.post.person_id}")


def answer(row: CallRow, outcome: CallOutcome, caller: Account, shown: str = "") -> bool:
    """Store the outcome of a call by an account; what was right is checked. False where the row was reached already.
    Raises Outdated where another number or post was `shown` (`CallRow.version`) than what would be checked."""
    is_open_call = Call.outcome.is_null() | (Call.outcome == CallOutcome.MISSED)
    with db.atomic():
        lock_directory()
        values = {"outcome": outcome, "called_on": clock.today(), "account": caller.id}
        mine = (Call.id == row.call.id) & is_open_call
        if not Call.update(values).where(mine).execute():
            return False
        if outcome is CallOutcome.RIGHT:
            now = find_call(row.call.id)
            if now is None or now.version != shown:
                raise Outdated
            rows = filter(None, (row.post, row.number))
            record_check(rows, CheckedBy.CALL, caller.id, ref=row.call.id)
    return True


def report_wrong(row: CallRow, contact: Contact, line: str, text: str, caller: Account, site: Site) -> Report | None:
    """Store that this line of the person of a call was wrong, and report it; None where the row was
    reached already. Raises reports.TooMany."""
    with db.atomic():
        if not answer(row, CallOutcome.WRONG, caller):
            return None
        return add_report(contact, line, row.post.workplace_id, text, Reporter(caller, ""), site)[0]


def count_open() -> int:
    """The rows of this month that nobody called yet."""
    mine = (Call.month == clock.today().replace(day=1)) & Call.assignment.is_null(False)
    return Call.select().where(mine & Call.outcome.is_null()).count()


def say_share() -> str:
    """How many of the rows that were reached last were right: "8 van de 10 klopten, november 2026";
    "" where nobody called yet."""
    reached = Call.outcome.in_([CallOutcome.RIGHT, CallOutcome.WRONG])
    last = Call.select(fn.MAX(Call.month)).where(reached)
    found = fetch_tuples(Call.select(Call.month, Call.outcome).where(reached & (Call.month == last)))
    if not found:
        return ""
    months, outcomes = zip(*found, strict=True)
    right = outcomes.count(CallOutcome.RIGHT)
    return f"{right} van de {len(outcomes)} klopten, {month_name(months[0])}"
