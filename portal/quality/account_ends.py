"""The end of accounts: those of people who leave, on the day after their last working day, and
those that nobody uses. Days are Amsterdam dates."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import fn

from portal import clock
from portal.accounts.administration import end_access
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.audit import AuditEntry
from portal.database import db
from portal.directory.models import Assignment, Person
from portal.mail.outbox import enqueue
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import list_confirmers
from portal.notices.queries import list_departed, list_departures
from portal.quality import mails, reports
from portal.requests.models import Request
from portal.requests.state_rules import OPEN
from portal.retention_periods import ACCOUNTS
from portal.site import Site

_TOLD_BEFORE = timedelta(days=7)
_UNUSED_FOR = ACCOUNTS.period
_WARNED_BEFORE = timedelta(days=30)


def run(site: Site) -> int:
    """Tell the people who leave within a week which work is open, end the accounts of those who left, warn the owners
    of unused accounts, and end those; gives how many. In the context of a request, for the templates."""
    today = clock.today()
    return _end_departed(today, site) + _end_unused(today, site)


class Work(NamedTuple):
    """The work that the owner of an account leaves: how many requests that they handle, notices
    that do not hold yet, and reports that their organisation answers."""

    requests: int
    notices: int
    reports: int


def list_open(account: Account) -> Work:
    """The work that is open."""
    is_editor = account.role == AccountRole.EDITOR
    return Work(
        Request.select().where(_requests_of(account)).count(),
        Notice.select().where(_notices_of(account)).count(),
        len(reports.list_open(account.organisation_id)) if is_editor else 0,
    )


def _requests_of(account: Account) -> Any:
    return (Request.owner == account) & Request.state.in_(OPEN)


def _notices_of(account: Account) -> Any:
    coming = Notice.withdrawn_at.is_null() & (Notice.valid_from > clock.today())
    return (Notice.account == account) & coming


def find_successor(person: int, first: date) -> Person | None:
    """The person who takes over from another (id) who left on the day `first`: the soonest, and
    most posts; None where nobody is known."""
    left = Assignment.alias()
    same_place = (left.school == Assignment.school) | (left.kern == Assignment.kern)
    posts = Person.select().join(Assignment).join(left, on=(left.role == Assignment.role))
    posts = posts.where(
        same_place & (left.person == person) & (left.valid_until == first)
        & (Assignment.person != person) & (Assignment.valid_from >= first) & ~Assignment.is_pending
    )  # fmt: skip
    order = (fn.MIN(Assignment.valid_from), fn.COUNT(Assignment.id).desc(), Person.id)
    return next(iter(posts.group_by(Person).order_by(*order).limit(1)), None)


def _end_departed(today: date, site: Site) -> int:
    left, done = list_departed(today), 0
    departures = list_departures(today + _TOLD_BEFORE)
    for person, notice in departures:
        if notice.valid_from <= today - _TOLD_BEFORE:
            continue  # a coordinator may have given access again
        for account in Account.select().where(Account.person == person):
            if not account.is_active(today) or not _may_end(notice, account):
                continue
            with db.atomic():
                successor = find_successor(person, notice.valid_from)
                if notice.valid_from > today:
                    work = list_open(account)
                    mail = mails.leaving(account, notice, work, successor, site)
                    done += enqueue(mail, site.mail_host)
                elif person in left and not _has_ended(account, notice.valid_from):
                    done += _hand_over(account, successor, site)
    return done


def _may_end(notice: Notice, account: Account) -> bool:
    """Whether a notice ends an account: that of a coordinator only where they said it themselves,
    or another coordinator did."""
    if account.role not in COORDINATOR_ROLES:
        return True
    return notice.account is not None and (notice.account_id == account.id or notice.account.role in COORDINATOR_ROLES)


def _has_ended(account: Account, since: date) -> bool:
    """Whether access ended since that day already, and somebody gave it again."""
    entries = AuditEntry.select().where(
        (AuditEntry.action == "ended") & (AuditEntry.subject == "account") & (AuditEntry.subject_id == str(account.id))
    )
    return any(clock.day_of(entry.at) >= since for entry in entries)


def _hand_over(account: Account, successor: Person | None, site: Site) -> bool:
    """End an account. Its work goes to the successor who may do it; who looks after its
    organisation, or a coordinator, hears what was open."""
    work = list_open(account)
    if not end_access(account, None):
        return False
    heir = _find_account(successor)
    handler = heir if heir and heir.role in COORDINATOR_ROLES else None
    Request.update(owner=handler).where(_requests_of(account)).execute()
    if heir:
        Notice.update(account=heir, reply_to=heir.address).where(_notices_of(account)).execute()
    told = [heir.address] if heir else []
    told += list_confirmers([account.organisation_id or 0])
    for email in dict.fromkeys(told) if any(work) else ():
        mail = mails.left(account, work, successor, handler, email, site)
        enqueue(mail, site.mail_host)
    return True


def _find_account(person: Person | None) -> Account | None:
    """The account of a person that is not ended."""
    accounts = Account.select().where(Account.person == person) if person else ()
    return next((row for row in accounts if row.is_active(clock.today())), None)


def _end_unused(today: date, site: Site) -> int:
    done = 0
    for account in Account.select():
        used_on = account.visited_on or clock.day_of(account.created_at)
        if not account.is_active(today) or used_on > today - _UNUSED_FOR + _WARNED_BEFORE:
            continue
        if account.warned_on is None or account.warned_on <= used_on:
            with db.atomic():
                ends_on = max(today, used_on + _UNUSED_FOR - _WARNED_BEFORE) + _WARNED_BEFORE
                Account.update(warned_on=today).where(Account.id == account.id).execute()
                mail = mails.unused(account, ends_on, site)
                done += enqueue(mail, site.mail_host)
        elif account.warned_on <= today - _WARNED_BEFORE:
            done += end_access(account, None)
    return done
