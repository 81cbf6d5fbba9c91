"""Permissions: who may post, change and confirm which notice.

Handreiking juni 2020: each organisation informs its partners. Members post about themselves, the
staff of a school about that school's own people, editors about their organisation, coordinators
about everybody.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.database.cache import fetch_kept
from portal.database.validity import valid_on
from portal.directory.employers import list_joining, list_moved, works_for
from portal.directory.models import Assignment, Person, Role, School
from portal.notices.kinds import TYPED, NoticeKind, Subject


class Author(NamedTuple):
    """The author of a notice, with the organisations for which they may speak."""

    account: int
    name: str
    email: str
    role: str  # of the account
    person: int | None
    organisation: int | None
    leads: frozenset[int] = frozenset()  # organisations of the schools whose own post they hold

    @property
    def is_coordinator(self) -> bool:
        """Whether the author may post, change and confirm everything."""
        return self.role in COORDINATOR_ROLES

    @property
    def speaks_for(self) -> frozenset[int]:
        """The organisations about which the author may post notices of every kind."""
        if self.role == AccountRole.EDITOR and self.organisation:
            return self.leads | {self.organisation}
        return self.leads


def allowed_kinds(author: Author) -> frozenset[NoticeKind]:
    """The kinds of notices that the author may post."""
    if author.is_coordinator or author.speaks_for:
        return frozenset(TYPED)
    if author.role == AccountRole.READER or not author.person:
        return frozenset()
    return frozenset(kind for kind in TYPED if kind.subject is Subject.PERSON)


def may_post_about(author: Author, person: int, organisation: int) -> bool:
    """Whether the author may post about this person, who works for this organisation."""
    return author.is_coordinator or person == author.person or organisation in author.speaks_for


def may_be_subject(author: Author) -> Any:
    """The condition that the author may post about a person: as `may_post_about`, and about those
    who come to work for an organisation of the author."""
    if author.is_coordinator:
        return Person.id.is_null(False)
    today = clock.today()
    joining = list_joining(author.speaks_for, today)
    return (
        (Person.id == author.person)
        | works_for(author.speaks_for, today)
        | Person.id.in_(list(joining))
    )


def may_change(author: Author, account: int | None, organisation: int | None) -> bool:
    """Whether the author may change or withdraw a notice of this account and organisation."""
    return (
        author.is_coordinator
        or account == author.account
        or (organisation is not None and organisation in author.speaks_for)
    )


def needs_confirmation(author: Author, organisation: int, *, is_new: bool) -> bool:
    """Whether a successor of this organisation is pending until it confirms: one from another
    organisation, and a new person (`is_new`) whom a member adds."""
    if author.is_coordinator or organisation in author.speaks_for:
        return False
    return is_new or organisation != author.organisation


def list_trusted(author: Author) -> set[int] | None:
    """The organisations whose people, if they are known, need no confirmation; None for all."""
    if author.is_coordinator:
        return None
    return set(author.speaks_for) | ({author.organisation} if author.organisation else set())


def may_confirm(author: Author, organisation: int) -> bool:
    """Whether the author may confirm or refuse a successor of this organisation."""
    return author.is_coordinator or organisation in author.speaks_for


def get_author(account: Account) -> Author:
    """The author that an account is, with the organisations for which it speaks today."""
    role, leads = account.role, School.select(School.organisation).join(Assignment).join(Role)
    leads = leads.where((Assignment.person == account.person_id) & _speaks_for_school())
    employer = Person.select(Person.organisation).where(Person.id == account.person_id)
    first = fetch_kept(employer) if account.person_id else []
    organisation = account.organisation_id or (first[0][0] if first else None)
    if moved := list_moved(clock.today()).get(account.person_id):
        # An editor no longer speaks for the organisation that they left.
        if role == AccountRole.EDITOR and organisation != moved.id:
            role = AccountRole.MEMBER
        organisation = moved.id
    return Author(
        account=account.id,
        name=account.name,
        email=account.address,
        role=role,
        person=account.person_id,
        organisation=organisation,
        leads=frozenset(id for (id,) in (fetch_kept(leads) if account.person_id else [])),
    )


def list_confirmers(organisations: Collection[int]) -> list[str]:
    """The mail addresses of the accounts that may confirm for these organisations: their editors
    and the people who speak for a school; for an organisation without them the coordinators."""
    active = Account.active_until.is_null() | (Account.active_until > clock.today())
    leads = (
        Assignment.select(Assignment.person)
        .join(School)
        .switch(Assignment)
        .join(Role)
        .where(School.organisation.in_(organisations) & _speaks_for_school())
    )
    speakers = (Account.role == AccountRole.EDITOR) | Account.person.in_(leads)
    accounts = Account.select().where(speakers & active).order_by(Account.id)
    confirmers = [
        author
        for author in map(get_author, accounts)
        if not author.speaks_for.isdisjoint(organisations)
    ]
    emails = [author.email for author in confirmers]
    if set(organisations).difference(*(author.speaks_for for author in confirmers)):
        is_coordinator = Account.role == AccountRole.COORDINATOR
        emails += [account.address for account in Account.select().where(is_coordinator & active)]
    return list(dict.fromkeys(emails))


def _speaks_for_school() -> Any:
    """The condition that an assignment lets its person speak for its school today."""
    return Role.is_school_staff & ~Assignment.is_pending & valid_on(Assignment, clock.today())
