"""The audit trail: written in the transaction of the change, never altered: the database refuses
every UPDATE and DELETE of it.

The actor is a number, not a foreign key, so that the history outlives the account.
"""

from peewee import CharField, IntegerField

from portal import clock
from portal.database import BaseModel
from portal.database.fields import TimestampField
from portal.web.formatting import capital


class AuditEntry(BaseModel):
    """One recorded action."""

    at = TimestampField(index=True)
    actor = IntegerField(null=True, index=True)
    action = CharField()
    subject = CharField()
    subject_id = CharField()


def record(actor: int | None, action: str, subject: str, subject_id: int | str = "") -> None:
    """Record that `actor` (the id of an account, None for the portal itself) did something.

    Holds no names and no values: the kind and the id of the subject say where to look.
    """
    AuditEntry.create(
        at=clock.now(), actor=actor, action=action, subject=subject, subject_id=str(subject_id)
    )


_SUBJECTS = {
    "account": "account", "accounts": "account", "change set": "bewerking",
    "coverage": "plek in de dekking", "database": "database",
    "division": "plek in de verdeling", "domain": "maildomein", "import": "regel van een import",
    "mail": "mail", "mailbox": "mailbox", "notice": "melding", "request": "aanvraag",
    "second factor": "tweede stap van account", "recovery code": "code op papier van account",
    "subject": "onderwerp", "trail": "wijziging", "usage": "regel over gebruik",
}  # fmt: skip
_ACTIONS = {
    "added": "toegevoegd", "changed": "gewijzigd", "cleared": "gewist", "confirmed": "bevestigd",
    "declined": "afgewezen", "deleted": "verwijderd", "done": "afgerond", "ended": "beëindigd",
    "exported": "gedownload", "handling": "in behandeling", "invited": "uitgenodigd",
    "linked": "gekoppeld", "listed": "toegevoegd", "planned": "gepland", "published": "geplaatst",
    "received": "ontvangen", "refused": "afgewezen", "reset at the machine": "gewist, op de server",
    "reset: doubted": "gewist, misschien kon iemand anders erbij", "reset: lost": "gewist, kwijt",
    "reset: renewed": "gewist, nieuwe telefoon of computer", "restored": "teruggezet",
    "sent again": "opnieuw verstuurd", "set up": "ingericht", "unconfirmed": "nog niet verstuurd",
    "undone": "teruggedraaid", "unlisted": "weggehaald", "used": "gebruikt",
    "withdrawn": "ingetrokken",
}  # fmt: skip


def describe_event(action: str, subject: str, number: str) -> str:
    """An event in Dutch: "Account 12: uitgenodigd". An export and a round of invitations say how
    many they are."""
    noun, verb = _SUBJECTS[subject], _ACTIONS[action]
    is_count = action == "exported" or subject == "accounts"
    what = f"{number} × {noun}" if is_count else f"{noun} {number}".strip()
    return f"{capital(what)}: {verb}"
