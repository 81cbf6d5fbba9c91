"""Read receipts: who has seen a notice, and who has not."""

from collections import defaultdict
from typing import NamedTuple

from peewee import fn

from portal import clock
from portal.database import fetch_tuples
from portal.directory.models import Kern, Person, School
from portal.mail.models import DeliveryState
from portal.mail.outbox import list_states
from portal.notices.models import Recipient, RecipientSchool


class SchoolReceipts(NamedTuple):
    """The receipts of one kernteam."""

    school: str  # the name
    slug: str
    seen: int
    total: int
    missing: list[str]  # names


class Receipts(NamedTuple):
    """The receipts of a notice."""

    schools: list[SchoolReceipts]
    seen: int
    total: int
    to_call: list[str]  # names of the recipients without a mail address
    failed: list[str]  # names of the recipients whose mail was given up


def get_receipts(notice: int) -> Receipts:
    """The receipts of a notice, per kernteam and together."""
    recipients = list(
        Recipient.select(Recipient, Person)
        .join(Person)
        .where(Recipient.notice == notice)
        .order_by(Person.sort_key, Person.id)
    )
    names = {row.id: row.person.name for row in recipients}
    seen = {row.id for row in recipients if row.seen_at}
    schools: dict[tuple[str, str], list[int]] = defaultdict(list)
    query = (
        RecipientSchool.select(
            fn.COALESCE(School.name, Kern.name),
            fn.COALESCE(School.slug, Kern.code),
            RecipientSchool.recipient,
        )
        .left_outer_join(School)
        .switch(RecipientSchool)
        .left_outer_join(Kern)
        .where(RecipientSchool.recipient.in_(list(names)))
        .order_by(School.sort_key, School.slug, Kern.sort_key)
    )
    for school, slug, recipient in fetch_tuples(query):
        schools[school, slug].append(recipient)
    states = {mail.key: mail.state for mail in list_states(f"notice:{notice}:")}
    return Receipts(
        schools=[
            SchoolReceipts(
                school, slug, len(seen & set(ids)), len(ids),
                [names[id] for id in names if id in ids and id not in seen],
            )
            for (school, slug), ids in schools.items()
        ],
        seen=len(seen),
        total=len(recipients),
        to_call=[names[row.id] for row in recipients if not row.email],
        failed=[
            name
            for id, name in names.items()
            if states.get(f"notice:{notice}:{id}") in (DeliveryState.FAILED, DeliveryState.BOUNCED)
        ],
    )  # fmt: skip


def find_recipient(recipient: int) -> Recipient | None:
    """The recipient with this id."""
    return Recipient.get_or_none(Recipient.id == recipient)


def find_receipt(notice: int, person: int | None) -> Recipient | None:
    """The recipient of a notice that this person is."""
    return Recipient.get_or_none((Recipient.notice == notice) & (Recipient.person == (person or 0)))


def mark_seen(recipient: Recipient) -> None:
    """Record that a recipient saw the notice; the first time counts."""
    Recipient.update(seen_at=clock.now()).where(
        (Recipient.id == recipient.id) & Recipient.seen_at.is_null()
    ).execute()
