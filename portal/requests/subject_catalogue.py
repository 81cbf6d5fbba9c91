"""The catalogue of subjects: the themes and organisations that a session can be about."""

from typing import NamedTuple

from peewee import fn

from portal import audit
from portal.database import db, lock
from portal.requests.kinds import SubjectKind
from portal.requests.models import Subject
from portal.text import fold


class SubjectDraft(NamedTuple):
    """The part of a subject that a coordinator fills in."""

    name: str
    explanation: str
    given_by: str
    is_offered: bool


def list_subjects(kind: SubjectKind | None = None, only_offered: bool = True) -> list[Subject]:
    """The subjects of the catalogue, of one kind or of both, in their order."""
    query = Subject.select().order_by(Subject.kind.desc(), Subject.position, Subject.id)
    if kind:
        query = query.where(Subject.kind == kind)
    if only_offered:
        query = query.where(Subject.is_offered)
    return list(query)


def find_subject(subject: int) -> Subject | None:
    """The subject with this id, whether it is offered or not."""
    return Subject.get_or_none(Subject.id == subject)


def add_subject(actor: int, kind: SubjectKind, draft: SubjectDraft) -> None:
    """Add a subject at the end of the catalogue."""
    with db.atomic():
        lock("catalogue")  # for the number that is free
        last = Subject.select(fn.MAX(Subject.position)).scalar() or 0
        subject = Subject.create(
            key=f"{fold(draft.name).replace(' ', '-')[:40]}-{last + 1}",
            kind=kind,
            position=last + 1,
            **draft._asdict(),
        )
        audit.record(actor, "added", "subject", subject.id)


def change_subject(actor: int, subject: int, draft: SubjectDraft) -> None:
    """Change a subject of the catalogue, or stop offering it."""
    with db.atomic():
        Subject.update(draft._asdict()).where(Subject.id == subject).execute()
        audit.record(actor, "changed", "subject", subject)
