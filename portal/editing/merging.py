"""Merges two people with all that is theirs, and shows beforehand what that changes."""

from portal.accounts.models import Account, MergedAccount
from portal.directory import merging
from portal.directory.change_sets import Change, ChangeSet, ChangeSetKind, preview
from portal.directory.change_texts import ChangeText, describe
from portal.directory.models import Person
from portal.notices.models import MutedKind, Recipient


def merge(change_set: ChangeSet, kept: Person, removed: Person) -> None:
    """Let one person be in the place of two: also their accounts, and what they read and muted of
    the notices."""
    for account in Account.select().where(Account.person == removed):
        MergedAccount.create(change_set=change_set.id, account=account, person=removed.id)
    Account.update(person=kept).where(Account.person == removed).execute()
    for model, about in ((Recipient, Recipient.notice), (MutedKind, MutedKind.kind)):
        there = model.select(about).where(model.person == kept)
        moving = (model.person == removed) & about.not_in(there)
        model.update(person=kept).where(moving).execute()
    merging.merge(change_set, kept, removed)


def list_effects(kept: Person, removed: Person) -> list[ChangeText]:
    """The changes that merging them would make, in words."""
    with preview():
        change_set = ChangeSet.begin(ChangeSetKind.EDIT, None)
        merge(change_set, kept, removed)
        changes = Change.select().where(Change.change_set == change_set.id).order_by(Change.id)
        return list(describe(changes).values())
