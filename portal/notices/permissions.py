"""Who may tell what about whom (Handreiking juni 2020: who changes, tells the partners).

A member tells about their own absence, leave and numbers; who holds a school's own post, about the
school's own people; who looks after an organisation, about its people; a coordinator about all.
"""

from typing import NamedTuple

from portal.accounts.roles import EDITOR, KEEPERS, READER
from portal.notices import kinds

_ABOUT_A_PERSON = frozenset(key for key, kind in kinds.KINDS.items() if kind.who == "person")
_ALL = frozenset(kinds.KINDS)


class Poster(NamedTuple):
    """Somebody who posts a notice, and what they speak for."""

    account: int
    name: str
    email: str
    role: str  # of the account
    person: int | None
    organisation: int | None
    leads: frozenset[int] = frozenset()  # organisations of schools whose own post they hold

    @property
    def is_keeper(self) -> bool:
        return self.role in KEEPERS

    @property
    def speaks_for(self) -> frozenset[int]:
        """The organisations that they may tell everything about."""
        own = {self.organisation} if self.role == EDITOR and self.organisation else set()
        return frozenset(own | self.leads)


def kinds_of(poster: Poster) -> frozenset[str]:
    """The kinds of notices that somebody may post."""
    if poster.is_keeper or poster.speaks_for:
        return _ALL
    if poster.role == READER or not poster.person:
        return frozenset()
    return _ABOUT_A_PERSON


def may_tell_about(poster: Poster, person: int, organisation: int) -> bool:
    """Whether somebody may post about this person, who works for this organisation (ids)."""
    return poster.is_keeper or person == poster.person or organisation in poster.speaks_for


def may_change(poster: Poster, author: int | None, organisation: int | None) -> bool:
    """Whether somebody may change or withdraw a notice of this account and organisation."""
    return (
        poster.is_keeper
        or author == poster.account
        or (organisation is not None and organisation in poster.speaks_for)
    )


def must_be_confirmed(poster: Poster, organisation: int, *, is_new: bool) -> bool:
    """Whether a successor who works for this organisation waits until it, or a coordinator,
    confirms: one from elsewhere, and one whom a member makes known."""
    if poster.is_keeper or organisation in poster.speaks_for:
        return False
    return is_new or organisation != poster.organisation


def may_confirm(poster: Poster, organisation: int) -> bool:
    """Whether somebody may confirm a successor who works for this organisation."""
    return poster.is_keeper or organisation in poster.speaks_for
