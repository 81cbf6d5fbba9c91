"""The mail of a confirmation round, and the signed link in it: of one person and one round."""

from collections.abc import Sequence
from datetime import date

from itsdangerous import BadSignature, URLSafeSerializer

from portal.mail.message import Mail, render_mail
from portal.quality.models import Confirmation
from portal.quality.own_facts import Fact
from portal.site import Site


def confirm(row: Confirmation, facts: Sequence[Fact], email: str, site: Site) -> Mail:
    """The question to a person whether their facts are right; the second time a reminder."""
    number = 2 if row.reminded_on else 1
    # No id of the question: those of deleted rows are used again.
    key = f"confirm:{row.round.begins_on}:{row.person_id}:{number}"
    link = f"{site.base_url}/bevestigen/{sign(row, site)}"
    values = {"row": row, "facts": facts, "link": link}
    return render_mail("confirm", values, key=key, recipient=email)


def sign(row: Confirmation, site: Site) -> str:
    """The token of the question to a person in a round: nobody else can make it."""
    return str(_serializer(site).dumps([row.round.begins_on.isoformat(), row.person_id]))


def read_token(token: str, site: Site) -> tuple[date, int] | None:
    """The first day of the round and the person (id) of a token; None where the site did not sign
    it."""
    try:
        begins_on, person = _serializer(site).loads(token)
    except BadSignature:
        return None
    return date.fromisoformat(begins_on), person


def _serializer(site: Site) -> URLSafeSerializer:
    return URLSafeSerializer(list(site.keys), salt="quality.confirm")
