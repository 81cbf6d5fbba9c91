"""The mails about notices, one function each.

The subject of a mail names nobody.
"""

from collections.abc import Sequence

from portal.directory.contact_details import viewing_as
from portal.directory.models import Visibility
from portal.mail.outbox import Mail, render_mail
from portal.notices import queries
from portal.notices.audience import list_concerned_schools
from portal.notices.differences import SchoolLines, group_lines
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, Recipient
from portal.notices.signed_links import MUTE, SEEN, signed_link
from portal.site import Site


def published(
    notice: Notice, schools: Sequence[SchoolLines], to: Recipient, site: Site, *, again: bool = False
) -> Mail:
    """The announcement of a notice to a recipient; `again` to one who has not seen it."""
    if notice.kind is NoticeKind.DIVISION:  # of a whole organisation
        own = list_concerned_schools(to)
        schools = [school for school in schools if school.code in own]
    with viewing_as(Visibility.OPEN):  # a mail can be forwarded
        details = queries.list_new_details(notice)
    template, key = ("notice_reminder", "reminder:") if again else ("notice", "")
    key = f"notice:{notice.id}:{key}{to.id}"
    return _mail(template, key, notice, to, site, groups=group_lines(schools), details=details)


def changed(notice: Notice, explanation: str, to: Recipient, site: Site) -> Mail:
    """Another period or successor; the Dutch `explanation` says from which to which."""
    key = f"notice:{notice.id}:changed:{notice.row_version}:{to.id}"
    return _mail("notice_changed", key, notice, to, site, explanation=explanation)


def withdrawn(notice: Notice, explanation: str, to: Recipient, site: Site) -> Mail:
    """The withdrawal of a notice; the Dutch `explanation` says from which day."""
    key = f"notice:{notice.id}:withdrawn:{to.id}"
    return _mail("notice_withdrawn", key, notice, to, site, explanation=explanation)


def confirmation_request(notice: Notice, email: str, site: Site) -> Mail:
    """The request to confirm a pending successor, to somebody who may."""
    key = f"notice:{notice.id}:confirm:{notice.row_version}:{email}"
    mail = render_mail("notice_confirm", key, email, notice=notice, page=_page(site, notice))
    return mail._replace(reply_to=notice.reply_to)


def decided(notice: Notice, explanation: str, site: Site) -> Mail:
    """The decision about a pending successor, to the author."""
    key = f"notice:{notice.id}:decided:{notice.row_version}"
    values = {"notice": notice, "explanation": explanation, "page": _page(site, notice)}
    return render_mail("notice_decided", key, notice.reply_to, **values)


def _mail(template: str, key: str, notice: Notice, to: Recipient, site: Site, **more: object) -> Mail:
    seen, mute = signed_link(site, SEEN, to.id), signed_link(site, MUTE, to.id)
    values = {"notice": notice, "page": _page(site, notice), "seen": seen, "mute": mute, **more}
    return render_mail(template, key, to.email, **values)._replace(reply_to=notice.reply_to, unsubscribe=mute)


def _page(site: Site, notice: Notice) -> str:
    return f"{site.base_url}/wijzigingen/{notice.id}"
