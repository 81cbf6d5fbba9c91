"""The catalogue of subjects: the themes and organisations that a session can be about."""

from typing import Any

from peewee import fn

from portal import audit
from portal.database import db, lock
from portal.database.cache import fetch_kept
from portal.database.compiled import make_row
from portal.requests.kinds import SubjectKind
from portal.requests.models import Subject
from portal.text import fold


def list_subjects(kind: SubjectKind | None = None, only_offered: bool = True) -> list[Subject]:
    """The subjects of the catalogue, of one kind or of both, in their order."""
    query = Subject.select().order_by(Subject.kind.desc(), Subject.position, Subject.id)
    if kind:
        query = query.where(Subject.kind == kind)
    if only_offered:
        query = query.where(Subject.is_offered)
    return [make_row(Subject, values) for values in fetch_kept(query)]


def find_subject(subject: int) -> Subject | None:
    """The subject with this id, whether it is offered or not."""
    return Subject.get_or_none(Subject.id == subject)


def store_subject(actor: int, subject: int, **values: Any) -> None:
    """Change the columns of a subject (id), or with 0 add one at the end of the catalogue."""
    with db.atomic():
        action = "changed" if subject else "added"
        if subject:
            Subject.update(values).where(Subject.id == subject).execute()
        else:
            lock("catalogue")  # for the number that is free
            place = (Subject.select(fn.MAX(Subject.position)).scalar() or 0) + 1
            key = f"{fold(values['name']).replace(' ', '-')[:40]}-{place}"
            subject = Subject.create(key=key, position=place, **values).id
        audit.record(actor, action, "subject", subject)
