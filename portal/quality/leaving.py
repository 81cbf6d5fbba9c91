"""The end of accounts: of who leaves, on the day after the last working day, and of those that
nobody uses. Days are Amsterdam dates."""

from datetime import date, timedelta

from portal import clock
from portal.accounts.administration import end_access
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES
from portal.audit.models import AuditEntry
from portal.data_register import ACCOUNTS
from portal.database import db
from portal.mail.outbox import enqueue
from portal.notices.models import Notice
from portal.notices.permissions import list_confirmers
from portal.notices.queries import list_departed, list_departures
from portal.quality import leaving_mails
from portal.requests.models import Request
from portal.requests.states import OPEN
from portal.site import Site
from portal.web.formatting import count

_TOLD_BEFORE = timedelta(days=7)
_UNUSED_FOR = ACCOUNTS.period
_WARNED_BEFORE = timedelta(days=30)


def run(site: Site) -> int:
    """Tell who leaves within a week what is open, end the accounts of who left, and warn about and
    end those that are not used; gives how many. In the context of a request, for the templates."""
    today = clock.today()
    return _end_departed(today, site) + _end_unused(today, site)


def list_open(account: Account) -> dict[str, str]:
    """The work that an account leaves, in Dutch: requests that it handles, and its notices that do
    not hold yet; only what there is."""
    requests = Request.select().where((Request.owner == account) & Request.state.in_(OPEN)).count()
    coming = Notice.withdrawn_at.is_null() & (Notice.valid_from > clock.today())
    notices = Notice.select().where((Notice.account == account) & coming).count()
    told = {
        "requests": requests and count(requests, "open aanvraag", "open aanvragen"),
        "notices": notices and count(notices, "melding die nog ingaat", "meldingen die nog ingaan"),
    }
    return {kind: text for kind, text in told.items() if text}


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
                if notice.valid_from > today:
                    mail = leaving_mails.leaving(account, notice, list_open(account), site)
                    done += enqueue(mail, site.mail_host)
                elif person in left and not _has_ended(account, notice.valid_from):
                    done += _hand_over(account, site)
    return done


def _may_end(notice: Notice, account: Account) -> bool:
    """Whether a notice ends an account: that of a coordinator only where they said it themselves,
    or another coordinator did."""
    if account.role not in COORDINATOR_ROLES:
        return True
    return notice.account is not None and (
        notice.account_id == account.id or notice.account.role in COORDINATOR_ROLES
    )


def _has_ended(account: Account, since: date) -> bool:
    """Whether access ended since that day already, and somebody gave it again."""
    entries = AuditEntry.select().where(
        (AuditEntry.action == "ended")
        & (AuditEntry.subject == "account")
        & (AuditEntry.subject_id == str(account.id))
    )
    return any(clock.day_of(entry.at) >= since for entry in entries)


def _hand_over(account: Account, site: Site) -> bool:
    """End an account; its open requests are for whoever takes them, and who looks after its
    organisation, or a coordinator, hears what was open."""
    left_behind = list_open(account)
    if not end_access(account, None):
        return False
    Request.update(owner=None).where((Request.owner == account) & Request.state.in_(OPEN)).execute()
    for email in list_confirmers([account.organisation_id or 0]) if left_behind else ():
        enqueue(leaving_mails.left(account, left_behind, email, site), site.mail_host)
    return True


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
                mail = leaving_mails.unused(account, ends_on, site)
                done += enqueue(mail, site.mail_host)
        elif account.warned_on <= today - _WARNED_BEFORE:
            done += end_access(account, None)
    return done
