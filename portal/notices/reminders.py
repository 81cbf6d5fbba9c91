"""Reminders: one mail to each recipient who has not seen a notice for some days."""

from typing import Any

from peewee import fn

from portal import clock
from portal.database import db
from portal.database.validity import valid_on
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Absence
from portal.mail.outbox import enqueue
from portal.notices import audience_and_mails as mails
from portal.notices.board import select_unseen
from portal.notices.models import MutedKind, Notice, Recipient
from portal.notices.titles_differences_and_warnings import list_lines
from portal.site import Site

REMIND_AFTER = 5  # working days


def remind(site: Site) -> int:
    """Mail a reminder to each recipient who is due one today, once and never again; gives how many."""
    reminded = 0
    for recipient in list_due():
        notice = recipient.notice
        with db.atomic():  # one at a time: requests can write in between
            # By now they may have seen it, or another worker reminded them.
            if _claim(recipient):
                mail = mails.published(notice, list_lines(notice.id), recipient, site, again=True)
                reminded += enqueue(mail, site.mail_host)
    return reminded


def _claim(recipient: Recipient) -> bool:
    is_due = Recipient.reminded_at.is_null() & Recipient.seen_at.is_null()
    mine = (Recipient.id == recipient.id) & is_due
    return bool(Recipient.update(reminded_at=clock.now()).where(mine).execute())


def list_due() -> list[Recipient]:
    """The recipients to remind today, with their notice: who did not see it for REMIND_AFTER working days since the
    last mail about its days, are not absent, did not mute the kind, and were never reminded."""
    today = clock.today()
    absent = Absence.select(Absence.person).where(valid_on(Absence, today))
    muted = MutedKind.select().where((MutedKind.person == Recipient.person) & (MutedKind.kind == Notice.kind))
    query: Any = select_unseen(Recipient, Notice).where(
        Recipient.reminded_at.is_null() & Recipient.mailed & Recipient.person.not_in(absent) & ~fn.EXISTS(muted)
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
