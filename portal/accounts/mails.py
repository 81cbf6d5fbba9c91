"""The mails about accounts, one function each."""

from datetime import datetime

from flask import render_template

from portal.mail.message import Mail


def sign_in(token_hash: str, email: str, link: str, code: str, not_after: datetime) -> Mail:
    """The mail with a sign-in link and a code of six digits, valid until `not_after`; the code is
    "" where codes are not taken now."""
    return Mail(
        # Not the request's id: ids of deleted rows are used again, and keys must be unique.
        key=f"sign-in:{token_hash}",
        recipient=email,
        subject=render_template("mail/sign_in/subject.txt"),
        body=render_template("mail/sign_in/body.txt", link=link, code=code),
        not_after=not_after,
    )


def invitation(account: int, email: str, role: str, address: str, at: datetime) -> Mail:
    """The invitation to an account (its id) at this moment, with the role's label and the portal's
    address."""
    return Mail(
        key=f"invitation:{account}:{at.isoformat()}",
        recipient=email,
        subject=render_template("mail/invitation/subject.txt"),
        body=render_template("mail/invitation/body.txt", role=role, address=address),
    )
