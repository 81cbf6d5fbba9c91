"""Permissions: who may post and change which notice.

Handreiking juni 2020: each organisation informs its partners. Members post about themselves, the staff of a school
about that school's own people, editors about their organisation, coordinators about everybody.
"""

from typing import Any, NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.database.cache import fetch_kept
from portal.database.validity import valid_on
from portal.directory.models import Assignment, Person, Role, School
from portal.directory.who_works_or_is_absent import list_joining, list_moved, works_for
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
    return (Person.id == author.person) | works_for(author.speaks_for, today) | Person.id.in_(list(joining))


def may_change(author: Author, account: int | None, organisation: int | None) -> bool:
    """Whether the author may change or withdraw a notice of this account and organisation."""
    return (
        author.is_coordinator
        or account == author.account
        or (organisation is not None and organisation in author.speaks_for)
    )


def get_author(account: Account) -> Author:
    """The author that an account is, with the organisations for which it speaks today."""
    role, leads = account.role, School.select(School.organisation).join(Assignment).join(Role)
    leads = leads.where((Assignment.person == account.person_id) & speaks_for_own_school())
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


def speaks_for_own_school() -> Any:
    """The condition that an assignment lets its person speak for its school today."""
    return Role.is_school_staff & ~Assignment.is_pending & valid_on(Assignment, clock.today())
