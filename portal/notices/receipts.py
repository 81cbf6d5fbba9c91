"""Read receipts: who has seen a notice, the reminder to those who have not, and muted kinds."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from flask import Flask
from peewee import fn

from portal import clock
from portal.database import db, fetch_tuples, in_order
from portal.database.validity import valid_on
from portal.directory import schools as directory
from portal.directory.models import Absence, Person, School, by_family_name
from portal.mail.models import DeliveryState
from portal.mail.outbox import enqueue, list_states
from portal.notices import mails
from portal.notices.kinds import NoticeKind
from portal.notices.models import MutedKind, Notice, Recipient, RecipientSchool
from portal.notices.queries import list_lines, select_unseen
from portal.notices.rules import REMIND_AFTER
from portal.site import Site


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
        .order_by(by_family_name(), Person.id)
    )
    names = {row.id: row.person.name for row in recipients}
    seen = {row.id for row in recipients if row.seen_at}
    schools: dict[tuple[str, str], list[int]] = defaultdict(list)
    query = (
        RecipientSchool.select(School.name, School.slug, RecipientSchool.recipient)
        .join(School)
        .where(RecipientSchool.recipient.in_(list(names)))
        .order_by(in_order(School.name), School.slug)
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
            if states.get(f"notice:{notice}:{id}") == DeliveryState.FAILED
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


def remind(app: Flask, site: Site) -> None:
    """Mail a reminder to each recipient who is due one today, once and never again."""
    # The mail templates use the context of a request; a job has none.
    with app.test_request_context(base_url=site.base_url):
        for recipient in list_due():
            notice = recipient.notice
            with db.atomic():  # one at a time: requests can write in between
                mail = mails.reminder(notice, list_lines(notice.id), recipient, site)
                enqueue(mail, site.mail_host)
                Recipient.update(reminded_at=clock.now()).where(
                    Recipient.id == recipient.id
                ).execute()


def list_due() -> list[Recipient]:
    """The recipients to remind today, with their notice: who did not see it for REMIND_AFTER
    working days since the last mail about its days, are not absent, did not mute the kind, and were
    never reminded."""
    today = clock.today()
    absent = Absence.select(Absence.person).where(valid_on(Absence, today))
    muted = MutedKind.select().where(
        (MutedKind.person == Recipient.person) & (MutedKind.kind == Notice.kind)
    )
    query: Any = select_unseen(Recipient, Notice).where(
        Recipient.reminded_at.is_null()
        & Recipient.mailed
        & Recipient.person.not_in(absent)
        & ~fn.EXISTS(muted)
    )
    recipients = list(query.order_by(Recipient.id))
    calendar = directory.get_calendar()
    due = {
        day
        for day in {clock.day_of(row.notice.announced_at) for row in recipients}
        # A day in the future: the clock was ahead, and the reminder would come a year late.
        if day > today or calendar.count_working_days(day, today) >= REMIND_AFTER
    }
    return [row for row in recipients if clock.day_of(row.notice.announced_at) in due]


def list_muted_kinds(person: int) -> set[NoticeKind]:
    """The kinds about which a person wants no mail."""
    query = MutedKind.select(MutedKind.kind).where(MutedKind.person == person)
    return {kind for (kind,) in fetch_tuples(query)}


def set_muted_kinds(person: int, kinds: Collection[NoticeKind]) -> None:
    """Let a person get no mail about these kinds, and mail about all others."""
    with db.atomic():
        MutedKind.delete().where(MutedKind.person == person).execute()
        for kind in kinds:
            MutedKind.create(person=person, kind=kind)
