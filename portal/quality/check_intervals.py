"""After how many months the facts of a role are asked again, and how many of its people changed in
a year. Source of the share: the trail, without files and checks."""

from datetime import timedelta
from typing import Any, NamedTuple

from peewee import fn

from portal import clock
from portal.database import fetch_tuples
from portal.database.cache import fetch_kept
from portal.directory.change_sets import OF_FILES, Change, ChangeSet, ChangeSetKind
from portal.directory.models import Assignment, Role
from portal.directory.schools_and_kernen import list_roles

SCHOOL_MONTHS = 12  # between two checks of what a school says about itself
_YEAR = timedelta(days=365)


class Interval(NamedTuple):
    """The interval of a role, with the people of the last year."""

    role: str  # its label
    months: int
    people: int
    changed: int  # of those: a post ended, or a number or address is another

    @property
    def share(self) -> int:
        """The percentage of them that changed."""
        return round(100 * self.changed / self.people)


def list_intervals() -> list[Interval]:
    """The intervals of the roles that somebody had in the last year, in the order of a page."""
    still = Assignment.valid_until.is_null() | (Assignment.valid_until > clock.today() - _YEAR)
    begun = Assignment.valid_from <= clock.today()
    posts = Assignment.select(Role.key, fn.COUNT(Assignment.person.distinct())).join(Role)
    held = posts.where(still & begun).group_by(Role.key)
    people = dict(fetch_kept(held))
    changed = dict(fetch_tuples(held.where(Assignment.person.in_(_changed()))))
    return [
        Interval(role.label, role.check_months, people[role.key], changed.get(role.key, 0))
        for role in list_roles()
        if role.key in people
    ]


def _changed() -> Any:
    """The people (ids) of whom a row that was there ended or changed."""
    facts = Change.table.in_(["assignment", "contact_detail"]) & Change.before.is_null(False)
    by_hand = ChangeSet.kind.not_in([*OF_FILES, ChangeSetKind.CONFIRMATION])
    changes = Change.select(Change.person).join(ChangeSet)
    recent = (ChangeSet.at >= clock.now() - _YEAR) & by_hand & ~Change.undone
    return changes.where(recent & facts & Change.person.is_null(False)).distinct()
