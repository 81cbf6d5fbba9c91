"""The mails about accounts, one function each."""

from flask import render_template

from portal.mail.message import Mail


def sign_in(token_hash: str, email: str, link: str, code: str) -> Mail:
    """The link and the code that somebody asked for."""
    shown = f"{code[:3]} {code[3:]}"
    return Mail(
        # Not the number of the request: that is forgotten, and given out again.
        key=f"sign-in:{token_hash}",
        recipient=email,
        subject=render_template("mail/sign_in/subject.txt"),
        body=render_template("mail/sign_in/body.txt", link=link, code=shown),
    )


def invitation(account: int, email: str, role: str, address: str) -> Mail:
    """That somebody may sign in from now on."""
    return Mail(
        key=f"invitation:{account}",
        recipient=email,
        subject=render_template("mail/invitation/subject.txt"),
        body=render_template("mail/invitation/body.txt", role=role, address=address),
    )
