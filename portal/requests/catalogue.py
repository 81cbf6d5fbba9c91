"""What there is to ask for and where requests go: the coordinator's own data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from peewee import fn

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import db, fetch_tuples
from portal.requests.models import Mailbox, Subject
from portal.text import fold


class SubjectRow(NamedTuple):
    """A theme or organisation."""

    id: int
    key: str
    kind: str
    name: str
    explanation: str
    given_by: str
    is_offered: bool
    source: str


class SubjectDraft(NamedTuple):
    """What a coordinator filled in about a theme or organisation."""

    name: str
    explanation: str
    given_by: str
    is_offered: bool


class MailboxRow(NamedTuple):
    """An address that requests went to since a moment; the newest of its key counts."""

    key: str
    address: str
    since: datetime
    by: str  # "": as it came with the portal


def list_subjects(kind: str = "", offered: bool = True) -> list[SubjectRow]:
    """The catalogue, of one kind or whole; with `offered` only what can be asked for now."""
    query = Subject.select(
        Subject.id, Subject.key, Subject.kind, Subject.name, Subject.explanation,
        Subject.given_by, Subject.is_offered, Subject.source,
    ).order_by(Subject.kind.desc(), Subject.position, Subject.id)  # fmt: skip
    if kind:
        query = query.where(Subject.kind == kind)
    if offered:
        query = query.where(Subject.is_offered)
    return [SubjectRow(*row) for row in fetch_tuples(query)]


def find_subject(subject: int) -> SubjectRow | None:
    """One theme or organisation, also when it is not offered."""
    return next((row for row in list_subjects(offered=False) if row.id == subject), None)


def add_subject(actor: int, kind: str, draft: SubjectDraft) -> None:
    """Put something in the catalogue, at the end."""
    with db.atomic():
        last = Subject.select(fn.MAX(Subject.position)).scalar() or 0
        row = Subject.create(
            key=f"{fold(draft.name).replace(' ', '-')[:40]}-{last + 1}",
            kind=kind,
            position=last + 1,
            **draft._asdict(),
        )
        audit.record(actor, "added", "subject", row.id)


def change_subject(actor: int, subject: int, draft: SubjectDraft) -> None:
    """Change something in the catalogue, or stop offering it."""
    with db.atomic():
        Subject.update(draft._asdict()).where(Subject.id == subject).execute()
        audit.record(actor, "changed", "subject", subject)


def get_mailboxes() -> dict[str, str]:
    """The address per key that requests go to now."""
    return {row.key: row.address for row in reversed(list_mailboxes())}


def list_mailboxes() -> list[MailboxRow]:
    """Every address that there was, the newest first."""
    query = (
        Mailbox.select(Mailbox.key, Mailbox.address, Mailbox.since, fn.COALESCE(Account.name, ""))
        .left_outer_join(Account)
        .order_by(Mailbox.id.desc())
    )
    return [MailboxRow(*row) for row in fetch_tuples(query)]


def change_mailboxes(actor: int, addresses: Mapping[str, str]) -> Collection[str]:
    """Let requests go elsewhere from now on; gives the keys that changed."""
    with db.atomic():
        now = get_mailboxes()
        changed = [key for key, address in addresses.items() if now.get(key) != address]
        for key in changed:
            Mailbox.create(key=key, address=addresses[key], since=clock.now(), by=actor)
            audit.record(actor, "changed", "mailbox", key)
    return changed
