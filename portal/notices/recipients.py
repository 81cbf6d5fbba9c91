"""Where people can be mailed about notices, and who does not want that."""

from collections.abc import Collection
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import db, fetch_tuples
from portal.directory.models import Assignment, ContactDetail, DetailKind, Role, School
from portal.directory.validity import valid_on
from portal.notices.models import MutedKind, Recipient


def list_emails(people: Collection[int]) -> dict[int, str]:
    """The address of each of these people (ids) today, where one is known; an address that is for
    members only counts as well, because nobody gets to see it."""
    accounts = Account.select(Account.person, Account.email).where(Account.person.in_(list(people)))
    details = (
        ContactDetail.select(ContactDetail.person, ContactDetail.value)
        .where(
            ContactDetail.person.in_(list(people))
            & (ContactDetail.kind == DetailKind.EMAIL)
            & valid_on(ContactDetail, clock.today())
        )
        .order_by(ContactDetail.position.desc(), ContactDetail.id.desc())
    )
    return dict(fetch_tuples(accounts)) | dict(fetch_tuples(details))


def list_confirmers(organisations: Collection[int]) -> list[str]:
    """The addresses of who may confirm for these organisations: who looks after one, or holds a
    school's own post; for an organisation without them the coordinators."""
    asked = set(organisations)
    active = Account.active_until.is_null() | (Account.active_until > clock.today())
    leads = (
        Account.select(Account.email, School.organisation)
        .join(Assignment, on=(Assignment.person == Account.person))
        .join(School)
        .switch(Assignment)
        .join(Role)
        .where(School.organisation.in_(asked) & leading() & active)
    )
    editors = Account.select(Account.email, Account.organisation).where(
        (Account.role == AccountRole.EDITOR) & Account.organisation.in_(asked) & active
    )
    found = [*fetch_tuples(editors), *fetch_tuples(leads)]
    if asked - {organisation for _, organisation in found}:
        coordinators = Account.select(Account.email).where(
            (Account.role == AccountRole.COORDINATOR) & active
        )
        found += [(email, None) for (email,) in fetch_tuples(coordinators)]
    return list(dict.fromkeys(email for email, _ in found))


def leading() -> Any:
    """The condition that an assignment lets somebody speak for its school today."""
    return Role.is_school_staff & ~Assignment.is_pending & valid_on(Assignment, clock.today())


def list_muted(kind: str, people: Collection[int]) -> set[int]:
    """Which of these people do not want mail about notices of this kind."""
    query = MutedKind.select(MutedKind.person).where(
        (MutedKind.kind == kind) & MutedKind.person.in_(list(people))
    )
    return {person for (person,) in fetch_tuples(query)}


def list_muted_kinds(person: int) -> set[str]:
    """The kinds about which somebody gets no mail."""
    query = MutedKind.select(MutedKind.kind).where(MutedKind.person == person)
    return {kind for (kind,) in fetch_tuples(query)}


def mute(person: int, kinds: Collection[str]) -> None:
    """Send somebody no mail about these kinds any more, and about all others they do."""
    with db.atomic():
        MutedKind.delete().where(MutedKind.person == person).execute()
        for kind in kinds:
            MutedKind.create(person=person, kind=kind)


def find_recipient(recipient: int) -> Recipient | None:
    """Somebody to whom a notice went."""
    return Recipient.get_or_none(Recipient.id == recipient)
