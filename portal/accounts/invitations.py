"""Invitations: of one person, of an administrator from the shell, and of many people at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from portal import audit, clock
from portal.accounts import mails, sessions
from portal.accounts.administration import AccountDraft, AlreadyExists
from portal.accounts.models import ACCOUNTS_LOCK, Account, ListedDomain
from portal.accounts.roles import AccountRole
from portal.accounts.sign_in_addresses import list_own_addresses
from portal.audit import AuditEntry
from portal.database import db, fetch_tuples, lock
from portal.database.cache import cached_until_change
from portal.database.validity import current_or_future
from portal.directory.models import Assignment, School, Substitute
from portal.directory.similar_people import KnownPerson, load_people
from portal.mail.outbox import enqueue
from portal.site import Site
from portal.text import fold


class Candidate(NamedTuple):
    """A person of a kernteam without access; `reason` says in Dutch why they cannot be invited."""

    person: KnownPerson
    email: str  # lower case
    account: int | None  # id, of a reader by domain, who becomes a member
    group: str  # the name of the organisation, or one for all schools
    reason: str = ""


class Round(NamedTuple):
    """The members with access whose last invitation was mailed on one day (Amsterdam)."""

    on: date
    invited: int
    waiting: list[Account]  # who never signed in, by name


def invite(actor: Account, draft: AccountDraft, site: Site) -> Account:
    """Create an account and mail its owner. Raises AlreadyExists where the address has one."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        if Account.get_or_none(Account.email == draft.email):
            raise AlreadyExists
        account = Account.create(created_at=clock.now(), **draft._asdict())
        audit.record(actor.id, "invited", "account", account.id)
        mail_invitation(account, site)
    return account


def invite_administrator(email: str, site: Site) -> None:
    """Let the account of `email` (lower case) be an administrator's without a last day, also one
    that has ended, or create it; and mail its owner. Nobody signed in does this: it is the way back
    where the last administrator is gone."""
    role = AccountRole.ADMINISTRATOR
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        account = Account.get_or_none(Account.email == email)
        action = "changed" if account else "invited"
        if account is None:
            name = email.partition("@")[0]
            account = Account.create(email=email, name=name, role=role, created_at=clock.now())
        Account.update(role=role, active_until=None, by_domain=False).where(Account.id == account.id).execute()
        sessions.end_account_sessions(account)
        audit.record(None, action, "account", account.id)
        mail_invitation(Account.get_by_id(account.id), site)


def mail_invitation(account: Account, site: Site) -> None:
    """Store the invitation to an account that is about to be used for the first time."""
    enqueue(mails.invitation(account, site.base_url, clock.now()), site.mail_host)


def invite_again(actor: Account, account: Account, site: Site) -> None:
    """Mail the owner of an account the invitation once more, unless they signed in meanwhile."""
    with db.atomic():
        if account.visited_on is None and account.is_active(clock.today()):
            audit.record(actor.id, "invited", "account", account.id)
            mail_invitation(account, site)


def list_rounds(actor: Account) -> list[Round]:
    """The rounds of invitations, the last one first; for an editor of the own organisation. Runs two statements."""
    again = (AuditEntry.action == "invited") & (AuditEntry.subject == "account")
    again &= AuditEntry.at > clock.now() - timedelta(days=365)  # an account unused so long ends
    query = AuditEntry.select(AuditEntry.subject_id, AuditEntry.at).where(again)
    last = dict(fetch_tuples(query.order_by(AuditEntry.at)))
    members = (Account.role == AccountRole.MEMBER) & ~Account.by_domain
    if actor.role is AccountRole.EDITOR:
        members &= Account.organisation == (actor.organisation_id or 0)
    rounds: defaultdict[date, list[Account]] = defaultdict(list)
    for row in Account.select().where(members):
        if row.is_active(clock.today()):
            rounds[clock.day_of(last.get(str(row.id), row.created_at))].append(row)
    return [
        Round(on, len(rows), sorted((r for r in rows if not r.visited_on), key=lambda r: r.name))
        for on, rows in sorted(rounds.items(), reverse=True)
    ]


def invite_round_again(actor: Account, on: str, site: Site) -> int:
    """Mail the invitation again to the people of a round (day in ISO format, before today) who never signed in;
    gives how many."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        accounts = [
            account
            for row in list_rounds(actor)
            if row.on.isoformat() == on and row.on < clock.today()
            for account in row.waiting
        ]
        for account in accounts:
            audit.record(actor.id, "invited", "account", account.id)
            mail_invitation(account, site)
    return len(accounts)


def list_candidates(actor: Account, organisation: int | None = None) -> Iterator[Candidate]:
    """The people with a post, or who stand in, and without access, by organisation and name, those
    of the schools last; of one organisation (id) or of all. An editor invites the own people, with
    their first address at a domain of the organisation. Runs a fixed number of statements."""
    today, is_editor = clock.today(), actor.role is AccountRole.EDITOR
    organisation = (actor.organisation_id or 0) if is_editor else organisation
    columns = Account.id, Account.email, Account.moved_to, Account.person, Account.by_domain
    had_access, has_access, by_email = set(), set(), {}
    for number, email, moved_to, owner, by_domain, until in fetch_tuples(
        Account.select(*columns, Account.active_until)
    ):
        had_access.add(owner)
        if until is None or today < until:
            has_access.add(owner)
        for address in filter(None, (email, moved_to)):
            by_email[address] = number, by_domain and owner is None
    listed = set(fetch_tuples(ListedDomain.select(ListedDomain.organisation, ListedDomain.domain)))
    at_work, shared = _load_at_work(today)
    for candidate, own in at_work:  # of thousands most are as they were kept
        person = candidate.person
        if person.id in has_access or organisation not in (None, person.organisation):
            continue
        at_domain = is_editor and [one for one in own if (person.organisation, one.rpartition("@")[2]) in listed]
        if at_domain:
            candidate = _make_candidate(person, at_domain[0], candidate.group, shared)
        account, may_become_member = by_email.get(candidate.email, (None, True))
        reason = candidate.reason
        if candidate.email and person.id in had_access:
            reason = "Had een account, en de toegang is gestopt."
        elif not (reason or may_become_member):
            reason = "Dit e-mailadres heeft al een account."
        elif is_editor and not (reason or at_domain):
            reason = "Dit adres is niet van de organisatie."
        if account or reason:
            candidate = candidate._replace(account=account, reason=reason)
        yield candidate


def _make_candidate(person: KnownPerson, email: str, group: str, shared: Mapping[str, list[KnownPerson]]) -> Candidate:
    """A candidate by what the directory says."""
    others = [one.label for one in shared.get(email, ()) if one.id != person.id]
    reason = f"Dit e-mailadres is ook van {' en '.join(others)}." if others else ""
    return Candidate(person, email, None, group, reason if email else "Heeft geen e-mailadres.")


@cached_until_change
def _load_at_work(on: date) -> tuple[list[tuple[Candidate, list[str]]], Mapping[str, list[KnownPerson]]]:
    """The people at work on the day `on` or later, in the order of a list, each with their own
    addresses; and by each address that several people have, these."""
    known, addresses = load_people(on), list_own_addresses(None)
    posts = Assignment.select(Assignment.person).where(current_or_future(Assignment, on))
    at_work = {id for (id,) in fetch_tuples(posts | Substitute.select(Substitute.person))}
    schools = {id for (id,) in fetch_tuples(School.select(School.organisation))}
    names = {one.organisation_name: fold(one.organisation_name) for one in known}

    def order(one: KnownPerson) -> tuple[bool, str, str]:
        return one.organisation in schools, names[one.organisation_name], fold(one.name)

    owners = {email: known.list_owners(email) for own in addresses.values() for email in own}
    shared = {email: people for email, people in owners.items() if len(people) > 1}
    nothing: frozenset[str] = frozenset()  # this list is kept, so it is small
    found = []
    for person in sorted((one for one in known if one.id in at_work), key=order):
        group = "Scholen" if person.organisation in schools else person.organisation_name
        small = person._replace(phones=nothing, emails=nothing)
        own = addresses.get(person.id, [])
        found.append((_make_candidate(small, own[0] if own else "", group, shared), own))
    return found, shared


def invite_people(actor: Account, people: Collection[int | None], organisation: int | None, site: Site) -> int:
    """Make these people (ids) members, each with one mail; gives how many. Those who cannot be
    invited (`list_candidates`), or were already, are passed over."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        chosen = [
            candidate
            for candidate in list_candidates(actor, organisation)
            if candidate.person.id in people and not candidate.reason
        ]
        for person, email, known, *_ in chosen:
            account = Account.get_by_id(known) if known else Account(email=email)
            account.created_at = account.created_at or clock.now()
            account.name, account.role = person.name, AccountRole.MEMBER
            account.person_id, account.organisation_id = person.id, person.organisation
            account.by_domain = False
            account.save()
            sessions.end_account_sessions(account)
            mail_invitation(account, site)
        if chosen:
            audit.record(actor.id, "invited", "accounts", len(chosen))
    return len(chosen)
