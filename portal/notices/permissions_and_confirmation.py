"""Permissions: who may post and change which notice; and the confirmation of a successor by an organisation: who waits
for it, and who gives it.

Handreiking juni 2020: each organisation informs its partners. Members post about themselves, the staff of a school
about that school's own people, editors about their organisation, coordinators about everybody.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.database.cache import fetch_kept
from portal.database.validity import valid_on
from portal.directory.change_sets import ChangeSet, of_notice, select_created
from portal.directory.models import Assignment, Employment, Person, Role, School
from portal.directory.who_works_or_is_absent import find_employer, list_joining, list_moved, works_for
from portal.notices.apply import list_made
from portal.notices.kinds import TYPED, NoticeKind, Subject
from portal.person_names import full_name


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


# ---- The confirmation of a successor


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


def list_confirmers(organisations: Collection[int]) -> list[str]:
    """The mail addresses of the accounts that may confirm for these organisations: their editors
    and the people who speak for a school; for an organisation without them the coordinators."""
    active = Account.active_until.is_null() | (Account.active_until > clock.today())
    leads = (
        Assignment.select(Assignment.person)
        .join(School)
        .join_from(Assignment, Role)
        .where(School.organisation.in_(organisations) & speaks_for_own_school())
    )
    speakers = (Account.role == AccountRole.EDITOR) | Account.person.in_(leads)
    accounts = Account.select().where(speakers & active).order_by(Account.id)
    confirmers = [author for author in map(get_author, accounts) if not author.speaks_for.isdisjoint(organisations)]
    emails = [author.email for author in confirmers]
    if set(organisations).difference(*(author.speaks_for for author in confirmers)):
        is_coordinator = Account.role == AccountRole.COORDINATOR
        emails += [account.address for account in Account.select().where(is_coordinator & active)]
    return list(dict.fromkeys(emails))


def list_pending(change_sets: Iterable[ChangeSet], author: Author | None = None) -> list[Assignment | Employment]:
    """The assignments and employments of these change sets that an organisation must still confirm;
    with an author those that they may confirm."""
    sets = list(change_sets)
    made = select_created([one.id for one in sets], Employment)
    moves = Employment.select(Employment, Person).join(Person).where(Employment.id.in_(made))
    return [
        row
        for row in (*moves, *list_made(sets))
        if row.is_pending and (author is None or may_confirm(author, get_confirmer(row)))
    ]


def get_confirmer(row: Assignment | Employment) -> int:
    """The organisation (id) that confirms an assignment or employment: the person's own then."""
    if isinstance(row, Employment):
        return int(row.organisation_id)
    return find_employer(row.person, row.valid_from)


def list_confirming(change_sets: Iterable[ChangeSet]) -> frozenset[int]:
    """The organisations (ids) that must confirm something of these change sets."""
    return frozenset(map(get_confirmer, list_pending(change_sets)))


def list_pending_people(notice: int) -> list[tuple[str, int]]:
    """The people (names) who come by a notice (id) and whom an organisation must still confirm,
    each with that organisation (id)."""
    sets, pending = ChangeSet.select(ChangeSet.id).where(of_notice(notice)), []
    names = (Person.given_name, Person.infix, Person.family_name)
    employers: dict[Any, Any] = {Employment: Employment.organisation, Assignment: Person.organisation}
    for model, organisation in employers.items():
        query = model.select(Person.id, organisation, model.valid_from, *names).join(Person)
        made = model.is_pending & model.id.in_(select_created(sets, model))
        # Change sets have no version, but change in the transaction of their rows, which have one.
        for person, employer, day, *name in fetch_kept(query.where(made).order_by(model.id)):
            moved = list_moved(day).get(person) if model is Assignment else None
            pending.append((full_name(*name), moved.id if moved else employer))
    return pending
