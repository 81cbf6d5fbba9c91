"""The mails of a confirmation round, with their signed link, about reports, and about accounts that
end. The subjects name nobody."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.directory.models import Person
from portal.mail.outbox import Mail, render_mail
from portal.notices.models import Notice
from portal.quality.models import Confirmation, ConfirmationRound, Report, ReportState
from portal.quality.own_facts import Fact
from portal.site import Site


def confirm(row: Confirmation, facts: Sequence[Fact], email: str, site: Site) -> Mail:
    """The question to a person whether their facts are right; the second time a reminder."""
    number = 2 if row.reminded_on else 1
    key = f"confirm:{row.secret}:{number}"
    link = f"{site.base_url}/bevestigen/{sign(row, site)}"
    return render_mail("confirm", key, email, row=row, facts=facts, link=link)


def desks(account: Account, asked: Sequence[Any], present: ConfirmationRound, site: Site) -> Mail:
    """The question to an account whether the facts of these desks (contact_points.Desk) are right, once in a round."""
    room = "organisatie" if account.role == AccountRole.EDITOR else "beheer"
    key, link = f"desks:{present.begins_on}:{account.id}", f"{site.base_url}/{room}/bevestigen"
    return render_mail("desks", key, account.address, desks=asked, link=link)


def sign(row: Confirmation, site: Site) -> str:
    """The token of a question: nobody else can make it, also not out of the database."""
    return site.sign("quality.confirm", row.secret)


def read_token(token: str, site: Site) -> str | None:
    """The secret of the question of a token; None where the site did not sign it."""
    secret: str | None = site.read_signed("quality.confirm", token)
    return secret


def reported(account: Account, on: date, site: Site) -> Mail:
    """Something was reported on the day `on`, to an account that may answer; one a day."""
    room = "organisatie" if account.role == AccountRole.EDITOR else "beheer"
    key, link = f"reported:{account.id}:{on.isoformat()}", f"{site.base_url}/{room}/gemeld"
    return render_mail("reported", key, account.address, link=link)


def answered(report: Report, name: str, said: str, state: ReportState, recipient: str) -> Mail:
    """The outcome of a report about this name, to its reporter."""
    # Not the id alone: ids of deleted rows are used again, and keys must be unique.
    key = f"report answered:{report.id}:{report.at.isoformat()}"
    return render_mail("report_answered", key, recipient, report=report, name=name, said=said, outcome=state)


def leaving(account: Account, notice: Notice, work: Any, successor: Person | None, site: Site) -> Mail:
    """Tells who leaves on which day the account ends, what is open (account_ends.Work), and for whom."""
    key, values = f"leaving:{notice.id}:{notice.valid_from}:{account.address}", {"work": work, "successor": successor}
    return render_mail("leaving", key, account.address, ends_on=notice.valid_from, address=site.base_url, **values)


def left(
    account: Account, work: Any, successor: Person | None, handler: Account | None, email: str, site: Site
) -> Mail:
    """Tells a successor, and who looks after an organisation, what somebody who left leaves behind
    (account_ends.Work), and who handles the requests from now on."""
    values = {"name": account.name, "work": work, "successor": successor, "handler": handler, "address": site.base_url}
    key = f"left:{account.address}:{clock.today()}:{email}"
    return render_mail("left", key, email, **values)


def unused(account: Account, ends_on: date, site: Site) -> Mail:
    """Warns that an account ends because nobody uses it."""
    key = f"unused:{account.address}:{clock.today()}"
    return render_mail("unused", key, account.address, ends_on=ends_on, address=site.base_url)
