"""The audit trail: written in the transaction of the change, never altered.

The actor is a number, not a foreign key, so that the history outlives the account.
"""

from portal import clock
from portal.audit.models import AuditEntry


def record(actor: int | None, action: str, subject: str, subject_id: int | str = "") -> None:
    """Record that `actor` (the id of an account, None for the portal itself) did something.

    Holds no names and no values: the kind and the id of the subject say where to look.
    """
    AuditEntry.create(
        at=clock.now(), actor=actor, action=action, subject=subject, subject_id=str(subject_id)
    )
