"""The words for an event of the audit trail, in Dutch."""

from portal.web.formatting import capital

# Entries last for years: "linked" and "usage" are no longer written.
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
    """An event in Dutch: "Account 12: uitgenodigd". An export and a round of invitations say how many they are."""
    noun, verb = _SUBJECTS[subject], _ACTIONS[action]
    is_count = action == "exported" or subject == "accounts"
    what = f"{number} × {noun}" if is_count else f"{noun} {number}".strip()
    return f"{capital(what)}: {verb}"
