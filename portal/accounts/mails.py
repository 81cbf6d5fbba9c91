"""The mails about accounts, one function each."""

from datetime import date, datetime

from portal.accounts.models import Account
from portal.mail.outbox import Mail, render_mail


def sign_in(token_hash: str, email: str, link: str, code: str, not_after: datetime) -> Mail:
    """The mail with a sign-in link and a code of six digits, valid until `not_after`; the code is
    "" where codes are not taken now."""
    # Not the request's id: ids of deleted rows are used again, and keys must be unique.
    return render_mail("sign_in", f"sign-in:{token_hash}", email, link=link, code=code)._replace(not_after=not_after)


def invitation(account: Account, address: str, at: datetime) -> Mail:
    """The invitation to an account at this moment, with the portal's address: what this is, what is
    stored about the owner, and whom to ask."""
    key = f"invitation:{account.id}:{at.isoformat()}"
    values = {"role": account.role.label, "address": address, "has_person": account.person_id}
    return render_mail("invitation", key, account.address, **values)


def second_factor(account: Account, event: str, at: datetime) -> Mail:
    """The message that something happened to the second factors of an account at this moment;
    `event` is a Dutch sentence."""
    key = f"second factor:{account.id}:{event}:{at.isoformat()}"
    return render_mail("second_factor", key, account.address, event=event)


def address_changed(recipient: str, old: str, new: str, since: date | None, at: datetime) -> Mail:
    """The message, to the old or the new address, that somebody else gave a person another mail
    address at this moment, from the day `since` on."""
    key = f"address changed:{recipient}:{at.isoformat()}"
    return render_mail("address_changed", key, recipient, old=old, new=new, since=since)
