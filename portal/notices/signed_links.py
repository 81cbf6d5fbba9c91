"""The signed links in the mails about notices.

A link knows its recipient, so that the button behind it works without an account.
"""

from datetime import date, timedelta

from portal.notices.days_and_phases import first_day_over
from portal.notices.kinds import NoticeKind
from portal.site import Site

SEEN, MUTE = "gezien", "afmelden"  # the purposes of a signed link, as they stand in addresses
LINK_KEPT_FOR = timedelta(days=30)


def signed_link(site: Site, purpose: str, recipient: int) -> str:
    """The address of the button for one recipient and one purpose."""
    return f"{site.base_url}/wijzigingen/{purpose}/{site.sign(f'notices.{purpose}', recipient)}"


def read_signed_link(site: Site, purpose: str, token: str) -> int | None:
    """The recipient of a signed link; None where the site did not sign it for this purpose."""
    recipient: int | None = site.read_signed(f"notices.{purpose}", token)
    return recipient


def is_link_open(
    kind: NoticeKind, valid_from: date, valid_until: date | None, withdrawn_on: date | None, today: date
) -> bool:
    """Whether the link in a mail still shows the notice, without signing in: until LINK_KEPT_FOR
    after its end or its withdrawal."""
    over = min(first_day_over(kind, valid_from, valid_until), withdrawn_on or date.max)
    return today - LINK_KEPT_FOR < over
