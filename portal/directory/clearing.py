"""Clears personal values and reasons from changes that can no longer be undone. That a row changed,
when and by whom stays."""

import json
from datetime import datetime
from typing import Any

from portal import clock
from portal.audit import AuditEntry
from portal.database import db
from portal.directory.change_sets import MODELS, PERSONAL, Change, ChangeSet, ChangeSetKind


def clear_old_values(before: datetime) -> int:
    """Clear the values and reasons of change sets that were made, and took effect, before the aware
    moment `before`; gives the number of changes and reasons."""
    is_old = _is_old(before)
    with db.atomic():
        # A reason may name a person, also where the change is about none.
        reasons = ChangeSet.update(reason="").where(is_old & (ChangeSet.reason != "")).execute()
        old = ChangeSet.select(ChangeSet.id).where(is_old)
        return int(reasons) + _clear(Change.change_set.in_(old))


def clear_trail(before: datetime) -> int:
    """Delete the change sets that were made, and took effect, before an aware moment, and the
    events of before it; gives their number. The database refuses to delete younger ones."""
    is_old = _is_old(before)
    with db.atomic():
        old = ChangeSet.select(ChangeSet.id).where(is_old)
        Change.delete().where(Change.change_set.in_(old)).execute()
        sets = ChangeSet.delete().where(is_old).execute()
        return int(sets + AuditEntry.delete().where(AuditEntry.at < before).execute())


def is_forgotten(person: int) -> bool:
    """Whether the person with this id was forgotten."""
    erasures = (ChangeSet.kind == ChangeSetKind.ERASURE) & (ChangeSet.ref == person)
    return bool(ChangeSet.select().where(erasures).exists())


def clear_values_of(person: int) -> int:
    """Clear the values of a person (id) who is forgotten; gives the number of changes."""
    return _clear(Change.person == person)


def _is_old(before: datetime) -> Any:
    """The condition that a change set was made, and took effect, before an aware moment."""
    is_effective = ChangeSet.effective_on.is_null() | (ChangeSet.effective_on < clock.day_of(before))
    return (ChangeSet.at < before) & is_effective


def _clear(condition: Any) -> int:
    with db.atomic():
        is_personal = condition & Change.person.is_null(False) & ~Change.erased
        changes = list(Change.select().where(is_personal))
        for change in changes:
            names = PERSONAL.get(MODELS[change.table], ())
            Change.update(
                erased=True, before=_without(names, change.before), after=_without(names, change.after)
            ).where(Change.id == change.id).execute()
        # A reason may name the person.
        change_sets = {change.change_set_id for change in changes}
        ChangeSet.update(reason="").where(ChangeSet.id.in_(change_sets)).execute()
    return len(changes)


def _without(names: tuple[str, ...], text: str | None) -> str | None:
    if text is None:
        return None
    values = json.loads(text)
    return json.dumps(values | dict.fromkeys(set(names) & set(values)))
