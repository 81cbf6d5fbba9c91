"""Publishes a division: one notice per organisation, or changes that nobody is mailed about.

Every preview is the same work, rolled back; `seen` says which preview the author saw.
"""

from collections.abc import Iterable, Sequence

from portal.database import db
from portal.database.version import lock_directory
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.change_sets import preview as rolled_back
from portal.keys import hash_secret
from portal.notices import publishing, queries
from portal.notices.drafts import Draft
from portal.notices.permissions import Author
from portal.notices.publishing import Effect
from portal.site import Site


class DivisionOutdated(Exception):
    """The directory changed since the preview."""


def preview(author: Author, drafts: Iterable[Draft]) -> list[Effect]:
    """The effect of each draft after those before it; nothing is kept. Raises RuleViolation."""
    effects = []
    with rolled_back():
        for number, draft in enumerate(drafts):
            _, change_set = queries.add_notice(author, draft, f"preview {number}")
            effects.append(publishing.apply_notice(change_set, author, draft))
    return effects


def get_seen(effects: Sequence[Effect]) -> str:
    """A short text that differs where a preview does."""
    return hash_secret(repr([(effect.row_versions, effect.schools) for effect in effects]))


def publish(author: Author, drafts: Sequence[Draft], seen: str, key: str, site: Site) -> list[int]:
    """Publish each draft as a notice, all or none; gives their ids. Raises DivisionOutdated and
    RuleViolation."""
    with db.atomic():
        effects = _require_same(author, drafts, seen)
        return [
            publishing.publish(author, draft, f"{key}:{number}", effect.row_versions, site)
            for number, (draft, effect) in enumerate(zip(drafts, effects, strict=True))
        ]


def apply_silently(author: Author, drafts: Sequence[Draft], seen: str) -> list[int]:
    """Write each draft in a change set of its own (ids) and mail nobody. Raises DivisionOutdated
    and RuleViolation."""
    change_sets = []
    with db.atomic():
        _require_same(author, drafts, seen)
        for draft in drafts:
            change_set = ChangeSet.begin(
                ChangeSetKind.DIVISION, author.account, reason=draft.text,
                effective_on=draft.valid_from,
            )  # fmt: skip
            publishing.apply_notice(change_set, author, draft)
            change_sets.append(int(change_set.id))
    return change_sets


def _require_same(author: Author, drafts: Sequence[Draft], seen: str) -> list[Effect]:
    lock_directory()
    effects = preview(author, drafts)
    if get_seen(effects) != seen:
        raise DivisionOutdated
    return effects
