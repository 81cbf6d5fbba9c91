"""The mails about accounts that end, one function each."""

from collections.abc import Mapping
from datetime import date

from portal import clock
from portal.accounts.models import Account
from portal.mail.message import Mail, render_mail
from portal.notices.models import Notice
from portal.site import Site


def leaving(account: Account, notice: Notice, still_open: Mapping[str, str], site: Site) -> Mail:
    """Tells who leaves on which day the account ends, and what is open."""
    values = {"ends_on": notice.valid_from, "still_open": still_open, "address": site.base_url}
    key = f"leaving:{notice.id}:{notice.valid_from}:{account.address}"
    return render_mail("leaving", values, key=key, recipient=account.address)


def left(account: Account, left_behind: Mapping[str, str], email: str, site: Site) -> Mail:
    """Tells who looks after an organisation what somebody who left leaves behind."""
    values = {"name": account.name, "left_behind": left_behind, "address": site.base_url}
    key = f"left:{account.address}:{clock.today()}:{email}"
    return render_mail("left", values, key=key, recipient=email)


def unused(account: Account, ends_on: date, site: Site) -> Mail:
    """Warns that an account ends because nobody uses it."""
    values = {"ends_on": ends_on, "address": site.base_url}
    key = f"unused:{account.address}:{clock.today()}"
    return render_mail("unused", values, key=key, recipient=account.address)
