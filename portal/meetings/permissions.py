"""Permissions: the seat of a user in the group that meets, by their posts, and what they may see and change. Each
function of a viewer runs a fixed number of statements. Days are Amsterdam dates."""

from collections.abc import Collection, Iterable
from datetime import date
from enum import Enum
from typing import NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.database import fetch_tuples
from portal.database.validity import current_or_future
from portal.directory.models import Absence, Assignment, Kern, KernMembership, Role, School, Substitute
from portal.directory.schools_and_kernen import list_schools
from portal.meetings import queries
from portal.meetings.days_and_deadlines import LISTED_FOR
from portal.meetings.models import Meeting, MeetingSlot

# A kwartiermaker is in no kernteam, and at all meetings of the kernen (003:15).
IS_MEMBER = Role.member | Role.of_kern
_POST = (Role.key, Role.is_school_staff, IS_MEMBER)


class Seat(Enum):
    """The place of a user in the group that meets."""

    SCHOOL = 1  # works for a school of it
    TEAM = 2  # works in its kernteam or kern
    COORDINATOR = 3
    NONE = 4


class Post(NamedTuple):
    """A post of a user, for a half-open period; a substitute has it during the absence."""

    workplace: str  # code of a school or kern
    role: str  # key; "": the editor of a school
    is_staff: bool  # of the school
    is_member: bool  # of the kernteam or kern
    valid_from: date
    valid_until: date | None

    def is_valid(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


def find_seat(posts: Iterable[Post], on: date, workplaces: Collection[str], *, is_coordinator: bool) -> Seat:
    """The seat of a user with these posts, on a day, in a group: the codes of its schools and kern."""
    own = [post for post in posts if post.is_valid(on) and post.workplace in workplaces]
    if any(post.is_staff for post in own):
        return Seat.SCHOOL
    if any(post.is_member for post in own):
        return Seat.TEAM
    return Seat.COORDINATOR if is_coordinator else Seat.NONE


def may_see(seat: Seat, *, schools_only: bool) -> bool:
    """Whether a user may know of a meeting. Of one for schools only, nobody but its schools may
    (003: "met uitsluitend de scholen"), also no coordinator."""
    return seat is Seat.SCHOOL or (seat is not Seat.NONE and not schools_only)


class Viewer(NamedTuple):
    """A signed-in user with the posts of today and later."""

    account: int
    person: int | None
    is_coordinator: bool
    posts: tuple[Post, ...]


class View(NamedTuple):
    """A meeting as one user sees it."""

    meeting: Meeting
    seat: Seat
    leads: bool  # may change the meeting, and says how it went
    schools: frozenset[str]  # of the group, for which the user speaks

    @property
    def may_add(self) -> bool:
        """Whether the user may add to the agenda."""
        return self.leads or self.seat is Seat.SCHOOL

    @property
    def may_report(self) -> bool:
        """Whether the user may say how it went: who leads it, from its day on, until it is cleared."""
        return self.leads and self.meeting.day <= clock.today() and self.meeting.cases is None

    def may_change(self, slot: MeetingSlot) -> bool:
        """Whether the user may change a slot: the leader, or who speaks for its school."""
        return self.leads or slot.school_id in self.schools


def get_viewer(account: Account) -> Viewer:
    posts = _list_posts(account.person_id) if account.person_id else []
    if account.role == AccountRole.EDITOR and account.organisation_id:
        own = School.select(School.code).where(School.organisation == account.organisation_id)
        posts += [Post(code, "", True, False, date.min, None) for (code,) in fetch_tuples(own)]
    is_coordinator = account.role in COORDINATOR_ROLES
    return Viewer(account.id, account.person_id, is_coordinator, tuple(posts))


def _list_posts(person: int) -> list[Post]:
    """The posts of a person (id) on this day or later, also those in which they stand in."""
    today = clock.today()
    own = (
        Assignment.select(Assignment.code(), *_POST, Assignment.valid_from, Assignment.valid_until)
        .join(Role)
        .where((Assignment.person == person) & current_or_future(Assignment, today))
    )
    stands_in = (
        Substitute.select(Assignment.code(), *_POST, Absence.valid_from, Absence.valid_until)
        .join(Absence)
        .join_from(Substitute, Assignment)
        .join(Role)
        .where((Substitute.person == person) & current_or_future(Absence, today))
    )
    return [Post(*row) for query in (own, stands_in) for row in fetch_tuples(query)]


def look_at(meetings: Iterable[Meeting], viewer: Viewer) -> list[View]:
    """The meetings, of these, that a user may know of. The posts of the user on the day of the meeting decide; after
    that day those of today, because their holder looks after the evaluation."""
    today, memberships = clock.today(), _list_memberships()
    views = []
    for meeting in meetings:
        day = max(meeting.day, today)
        group = _find_group(meeting.workplace_id, day, memberships)
        seat = find_seat(viewer.posts, day, group, is_coordinator=viewer.is_coordinator)
        if not may_see(seat, schools_only=meeting.schools_only):
            continue
        own = [post for post in viewer.posts if post.is_valid(day) and post.workplace in group]
        leads = (
            viewer.is_coordinator
            or meeting.planned_by_id == viewer.account
            or any(post.role == meeting.leader.key for post in own)
        )
        schools = frozenset(post.workplace for post in own if post.is_staff)
        views.append(View(meeting, seat, leads, schools))
    return views


def list_workplaces(code: str, on: date) -> frozenset[str]:
    """The codes of a group on a day: a school, or a kern with its schools."""
    return _find_group(code, on, _list_memberships())


class _Membership(NamedTuple):
    school: str
    kern: str
    valid_from: date
    valid_until: date | None


def _list_memberships() -> list[_Membership]:
    query = KernMembership.select(
        KernMembership.school, KernMembership.kern, KernMembership.valid_from, KernMembership.valid_until
    )
    return [_Membership(*row) for row in fetch_tuples(query)]


def _find_group(code: str, on: date, memberships: Iterable[_Membership]) -> frozenset[str]:
    schools = (
        row.school
        for row in memberships
        if row.kern == code and row.valid_from <= on and not (row.valid_until and row.valid_until <= on)
    )
    return frozenset([code, *schools])


def list_groups(viewer: Viewer) -> list[tuple[str, str]]:
    """The schools and kernen (code and name) for which a user may plan a meeting: those where they
    work, and for a coordinator all."""
    today = clock.today()
    names = [(row.code, row.title) for row in list_schools()]
    kernen = Kern.select(Kern.code, Kern.name).order_by(Kern.sort_key, Kern.code)
    names = [*fetch_tuples(kernen), *names]
    if viewer.is_coordinator:
        return names
    own = {post.workplace for post in viewer.posts if post.is_valid(today) and (post.is_staff or post.is_member)}
    memberships = _list_memberships()
    return [row for row in names if own & _find_group(row[0], today, memberships)]


def list_own_codes(viewer: Viewer) -> list[str]:
    """The codes of the schools where a user works, now or later, and of the kernen around them."""
    own = {post.workplace for post in viewer.posts}
    return sorted(own | {row.kern for row in _list_memberships() if row.school in own})


def speaks_for_school(viewer: Viewer, code: str) -> bool:
    """Whether a user works today for the school with this code, or for one of the kern."""
    today = clock.today()
    group = list_workplaces(code, today)
    return find_seat(viewer.posts, today, group, is_coordinator=False) is Seat.SCHOOL


def list_mine(viewer: Viewer) -> list[View]:
    """The meetings of the groups in which a user works, from a month ago on."""
    rows = queries.list_meetings(list_own_codes(viewer), clock.today() - LISTED_FOR)
    return [view for view in look_at(rows, viewer) if view.seat is not Seat.COORDINATOR]
