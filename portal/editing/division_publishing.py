"""Publishes a division: one notice per organisation, or changes that nobody is mailed about. The preview is the same
work, rolled back; `seen` says which preview the author saw."""

from collections.abc import Sequence

from portal.database import Outdated, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.change_sets import preview as rolled_back
from portal.keys import hash_secret
from portal.notices import publishing, queries
from portal.notices.drafts import Draft
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import Author
from portal.notices.publishing import Effect
from portal.site import Site


def preview(author: Author, drafts: Sequence[Draft]) -> list[Effect]:
    """The effect of each draft after those before it; nothing is kept. Raises RuleViolation."""
    with rolled_back():
        return [effect for _, effect in _apply(author, drafts, "preview")]


def get_seen(effects: Sequence[Effect]) -> str:
    """A short text that differs where a preview does."""
    return hash_secret(repr([(effect.row_versions, effect.schools) for effect in effects]))


def publish(author: Author, drafts: Sequence[Draft], seen: str, key: str, site: Site) -> list[int]:
    """Publish each draft as a notice, all or none; gives their ids. Raises Outdated and RuleViolation."""
    with db.atomic():
        applied = _apply(author, drafts, f"{author.account}:{key}")
        _require_seen([effect for _, effect in applied], seen)
        return [
            publishing.store(notice, author, draft, effect, site)
            for draft, (notice, effect) in zip(drafts, applied, strict=True)
        ]


def apply_silently(author: Author, drafts: Sequence[Draft], seen: str) -> list[int]:
    """Write each draft in a change set of its own (ids) and mail nobody. Raises Outdated and RuleViolation."""
    with db.atomic():
        change_sets = [
            ChangeSet.begin(ChangeSetKind.DIVISION, author.account, reason=draft.text, effective_on=draft.valid_from)
            for draft in drafts
        ]
        pairs = zip(change_sets, drafts, strict=True)
        effects = [publishing.apply_notice(change, author, draft) for change, draft in pairs]
        _require_seen(effects, seen)
        return [int(change_set.id) for change_set in change_sets]


def _apply(author: Author, drafts: Sequence[Draft], key: str) -> list[tuple[Notice, Effect]]:
    applied = []
    for number, draft in enumerate(drafts):
        notice, change_set = queries.add_notice(author, draft, f"{key}:{number}")
        applied.append((notice, publishing.apply_notice(change_set, author, draft)))
    return applied


def _require_seen(effects: Sequence[Effect], seen: str) -> None:
    """Raise Outdated, which rolls the caller back, where the author saw something else."""
    if get_seen(effects) != seen:
        raise Outdated
