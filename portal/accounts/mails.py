"""The mails about accounts, one function each."""

from datetime import datetime

from portal.mail.message import Mail, render_mail


def sign_in(token_hash: str, email: str, link: str, code: str, not_after: datetime) -> Mail:
    """The mail with a sign-in link and a code of six digits, valid until `not_after`; the code is
    "" where codes are not taken now."""
    # Not the request's id: ids of deleted rows are used again, and keys must be unique.
    key = f"sign-in:{token_hash}"
    values = {"link": link, "code": code}
    return render_mail("sign_in", values, key=key, recipient=email, not_after=not_after)


def invitation(account: int, email: str, role: str, address: str, at: datetime) -> Mail:
    """The invitation to an account (its id) at this moment, with the role's label and the portal's
    address."""
    key = f"invitation:{account}:{at.isoformat()}"
    values = {"role": role, "address": address}
    return render_mail("invitation", values, key=key, recipient=email)
