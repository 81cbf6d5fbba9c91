"""The mails that coordinators send from Beheer."""

from datetime import datetime

from flask import render_template

from portal.mail.message import Mail


def test(account: int, email: str, at: datetime) -> Mail:
    """A test mail to the account (its id) that asked for it at this moment."""
    return Mail(
        key=f"test:{account}:{at.isoformat()}",
        recipient=email,
        subject=render_template("mail/test/subject.txt"),
        body=render_template("mail/test/body.txt"),
    )
