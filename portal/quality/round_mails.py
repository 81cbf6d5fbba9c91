"""The mail of a confirmation round, and the signed link in it."""

from collections.abc import Sequence
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.mail.message import Mail, render_mail
from portal.quality.models import Confirmation, ConfirmationRound
from portal.quality.own_facts import Fact
from portal.site import Site


def confirm(row: Confirmation, facts: Sequence[Fact], email: str, site: Site) -> Mail:
    """The question to a person whether their facts are right; the second time a reminder."""
    number = 2 if row.reminded_on else 1
    key = f"confirm:{row.secret}:{number}"
    link = f"{site.base_url}/bevestigen/{sign(row, site)}"
    values = {"row": row, "facts": facts, "link": link}
    return render_mail("confirm", values, key=key, recipient=email)


def desks(account: Account, asked: Sequence[Any], present: ConfirmationRound, site: Site) -> Mail:
    """The question to an account whether the facts of these desks (desks.Desk) are right, once in a
    round."""
    room = "organisatie" if account.role == AccountRole.EDITOR else "beheer"
    values = {"desks": asked, "link": f"{site.base_url}/{room}/bevestigen"}
    key = f"desks:{present.begins_on}:{account.id}"
    return render_mail("desks", values, key=key, recipient=account.address)


def sign(row: Confirmation, site: Site) -> str:
    """The token of a question: nobody else can make it, also not out of the database."""
    return str(_serializer(site).dumps(row.secret))


def read_token(token: str, site: Site) -> str | None:
    """The secret of the question of a token; None where the site did not sign it."""
    try:
        return str(_serializer(site).loads(token))
    except BadSignature:
        return None


def _serializer(site: Site) -> URLSafeSerializer:
    return URLSafeSerializer(list(site.keys), salt="quality.confirm")
