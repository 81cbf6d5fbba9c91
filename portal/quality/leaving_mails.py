"""The mails about accounts that end, one function each."""

from datetime import date
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.directory.models import Person
from portal.mail.message import Mail, render_mail
from portal.notices.models import Notice
from portal.site import Site


def leaving(
    account: Account, notice: Notice, work: Any, successor: Person | None, site: Site
) -> Mail:
    """Tells who leaves on which day the account ends, what is open (leaving.Work), and for whom."""
    values = {
        "ends_on": notice.valid_from, "work": work, "successor": successor,
        "address": site.base_url,
    }  # fmt: skip
    key = f"leaving:{notice.id}:{notice.valid_from}:{account.address}"
    return render_mail("leaving", values, key=key, recipient=account.address)


def left(
    account: Account, work: Any, successor: Person | None, handler: Account | None, email: str,
    site: Site,
) -> Mail:  # fmt: skip
    """Tells a successor, and who looks after an organisation, what somebody who left leaves behind
    (leaving.Work), and who handles the requests from now on."""
    values = {
        "name": account.name, "work": work, "successor": successor, "handler": handler,
        "address": site.base_url,
    }  # fmt: skip
    key = f"left:{account.address}:{clock.today()}:{email}"
    return render_mail("left", values, key=key, recipient=email)


def unused(account: Account, ends_on: date, site: Site) -> Mail:
    """Warns that an account ends because nobody uses it."""
    values = {"ends_on": ends_on, "address": site.base_url}
    key = f"unused:{account.address}:{clock.today()}"
    return render_mail("unused", values, key=key, recipient=account.address)
