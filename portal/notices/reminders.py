"""Reminds, once, who has not seen a notice for five working days."""

from flask import Flask

from portal.database import db
from portal.mail.outbox import enqueue
from portal.notices import mails, queries
from portal.notices.signed_links import Links

REMINDING = "notice reminders"


def remind(app: Flask, links: Links) -> None:
    """Mail everybody who is to be reminded today; who was is never again."""
    # The templates of the mails know who asks; here nobody does.
    with app.test_request_context(base_url=links.site.base_url):
        for notice, recipient in queries.list_to_remind():
            schools = queries.list_lines(notice.id)
            to = mails.Addressee(recipient.id, recipient.email)
            with db.atomic():  # each by itself: others can write in between
                enqueue(mails.reminder(notice, schools, to, links), links.site.mail_host)
                queries.note_reminder(recipient)
