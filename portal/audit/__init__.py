"""The trail of who changed what: written in the transaction of the change, never altered.

The actor is a number, not a link: an account that goes leaves its history.
"""

from portal import clock
from portal.audit.models import AuditEntry


def record(actor: int | None, action: str, subject: str, subject_id: int | str = "") -> None:
    """Write down that `actor` (an account's id, None for the portal itself) did something.

    Names and values stay out: the subject's kind and id say where to look.
    """
    AuditEntry.create(
        at=clock.now(), actor=actor, action=action, subject=subject, subject_id=str(subject_id)
    )
