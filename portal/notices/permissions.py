"""Who may tell what about whom (Handreiking juni 2020: who changes, tells the partners).

A member tells about their own absence, leave and numbers; who holds a school's own post, about the
school's own people; who looks after an organisation, about its people; a coordinator about all.
"""

from typing import NamedTuple

from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.notices import kinds

_ABOUT_A_PERSON = frozenset(key for key, kind in kinds.KINDS.items() if kind.who == "person")
_ALL = frozenset(kinds.KINDS)


class Author(NamedTuple):
    """Somebody who posts a notice, and what they speak for."""

    account: int
    name: str
    email: str
    role: str  # of the account
    person: int | None
    organisation: int | None
    leads: frozenset[int] = frozenset()  # organisations of schools whose own post they hold

    @property
    def is_coordinator(self) -> bool:
        return self.role in COORDINATOR_ROLES

    @property
    def speaks_for(self) -> frozenset[int]:
        """The organisations that they may tell everything about."""
        own = (
            {self.organisation} if self.role == AccountRole.EDITOR and self.organisation else set()
        )
        return frozenset(own | self.leads)


def kinds_of(author: Author) -> frozenset[str]:
    """The kinds of notices that somebody may post."""
    if author.is_coordinator or author.speaks_for:
        return _ALL
    if author.role == AccountRole.READER or not author.person:
        return frozenset()
    return _ABOUT_A_PERSON


def may_tell_about(author: Author, person: int, organisation: int) -> bool:
    """Whether somebody may post about this person, who works for this organisation (ids)."""
    return author.is_coordinator or person == author.person or organisation in author.speaks_for


def may_change(author: Author, account: int | None, organisation: int | None) -> bool:
    """Whether somebody may change or withdraw a notice of this account and organisation."""
    return (
        author.is_coordinator
        or account == author.account
        or (organisation is not None and organisation in author.speaks_for)
    )


def must_be_confirmed(author: Author, organisation: int, *, is_new: bool) -> bool:
    """Whether a successor who works for this organisation waits until it, or a coordinator,
    confirms: one from elsewhere, and one whom a member makes known."""
    if author.is_coordinator or organisation in author.speaks_for:
        return False
    return is_new or organisation != author.organisation


def may_confirm(author: Author, organisation: int) -> bool:
    """Whether somebody may confirm a successor who works for this organisation."""
    return author.is_coordinator or organisation in author.speaks_for
