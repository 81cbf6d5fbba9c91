"""The mails about reports. Their subjects name nobody."""

from datetime import date

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.mail.message import Mail, render_mail
from portal.quality.models import Report, ReportState
from portal.site import Site


def reported(account: Account, on: date, site: Site) -> Mail:
    """Something was reported on the day `on`, to an account that may answer; one a day."""
    room = "organisatie" if account.role == AccountRole.EDITOR else "beheer"
    values = {"link": f"{site.base_url}/{room}/gemeld"}
    key = f"reported:{account.id}:{on.isoformat()}"
    return render_mail("reported", values, key=key, recipient=account.address)


def answered(report: Report, name: str, said: str, state: ReportState, recipient: str) -> Mail:
    """The outcome of a report about this name, to its reporter."""
    values = {"report": report, "name": name, "said": said, "outcome": state}
    # Not the id alone: ids of deleted rows are used again, and keys must be unique.
    key = f"report answered:{report.id}:{report.at.isoformat()}"
    return render_mail("report_answered", values, key=key, recipient=recipient)
