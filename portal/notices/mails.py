"""The mails about notices, one function each. The subject names nobody."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template

from portal.mail.message import Mail
from portal.notices.kinds import KINDS
from portal.notices.models import Notice
from portal.notices.queries import SchoolLines
from portal.notices.signed_links import MUTE, SEEN, Links


class Addressee(NamedTuple):
    """Somebody who gets a mail about a notice."""

    recipient: int
    email: str


def published(notice: Notice, schools: Sequence[SchoolLines], to: Addressee, links: Links) -> Mail:
    """That something changes."""
    return _mail("notice", f"notice:{notice.id}:{to.recipient}", notice, to, links, schools=schools)


def reminder(notice: Notice, schools: Sequence[SchoolLines], to: Addressee, links: Links) -> Mail:
    """The same once more, to somebody who has not seen it."""
    key = f"notice:{notice.id}:reminder:{to.recipient}"
    return _mail("notice_reminder", key, notice, to, links, schools=schools)


def changed(notice: Notice, what: str, to: Addressee, links: Links) -> Mail:
    """That the days of a notice changed; `what` says from which to which."""
    key = f"notice:{notice.id}:changed:{notice.row_version}:{to.recipient}"
    return _mail("notice_changed", key, notice, to, links, what=what)


def withdrawn(notice: Notice, what: str, to: Addressee, links: Links) -> Mail:
    """That a notice no longer counts; `what` says from when."""
    key = f"notice:{notice.id}:withdrawn:{to.recipient}"
    return _mail("notice_withdrawn", key, notice, to, links, what=what)


def to_confirm(notice: Notice, email: str, links: Links) -> Mail:
    """To who may confirm a successor: that one waits."""
    return Mail(
        key=f"notice:{notice.id}:confirm:{notice.row_version}:{email}",
        recipient=email,
        subject=render_template("mail/notice_confirm/subject.txt", notice=notice),
        body=render_template(
            "mail/notice_confirm/body.txt", notice=notice, page=links.page(notice.id)
        ),
        reply_to=notice.reply_to,
    )


def decided(notice: Notice, what: str, links: Links) -> Mail:
    """To the author: what was decided about the successor."""
    return Mail(
        key=f"notice:{notice.id}:decided:{notice.row_version}",
        recipient=notice.reply_to,
        subject=render_template("mail/notice_decided/subject.txt", notice=notice),
        body=render_template(
            "mail/notice_decided/body.txt", notice=notice, what=what, page=links.page(notice.id)
        ),
    )


def _mail(
    template: str, key: str, notice: Notice, to: Addressee, links: Links, **more: object
) -> Mail:
    return Mail(
        key=key,
        recipient=to.email,
        subject=render_template(
            f"mail/{template}/subject.txt", notice=notice, kind=KINDS[notice.kind]
        ),
        body=render_template(
            f"mail/{template}/body.txt",
            notice=notice,
            kind=KINDS[notice.kind],
            page=links.page(notice.id),
            seen=links.signed(SEEN, to.recipient),
            mute=links.signed(MUTE, to.recipient),
            **more,
        ),
        reply_to=notice.reply_to,
    )
