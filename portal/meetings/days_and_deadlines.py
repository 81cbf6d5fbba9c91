"""The rules about meetings: moments, who sees them, and evaluations. Pure: days, the calendar of
the region and rows are arguments. Days are Amsterdam dates, moments aware UTC.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import NamedTuple

from portal.clock import AMSTERDAM
from portal.meetings.kinds import Consent, SlotKind
from portal.workdays import Calendar

_CLOSES_BEFORE = timedelta(days=7)  # 004: "uiterlijk een week voorafgaand aan het overleg"
_CLOSES_AT = time(17)
_REMINDS_BEFORE = timedelta(days=3)  # before it closes: ten days before the meeting
EVALUATION_MONTHS = (3, 4)  # 004: "standaard na drie of vier maanden"
REMIND_OF_EVALUATION = timedelta(days=14)
MOST_SLOTS = 60
LISTED_FOR = timedelta(days=30)  # after a meeting
LONGEST_SERIES = timedelta(days=366)
# By the weeks between two meetings of a series.
FREQUENCIES = {
    0: "één keer", 1: "elke week", 2: "elke 2 weken", 3: "elke 3 weken", 4: "elke 4 weken",
    6: "elke 6 weken", 8: "elke 8 weken",
}  # fmt: skip


def moment(day: date, hour: time) -> datetime:
    """The moment of a local hour. Raises ValueError where the clock skips it that night."""
    local = datetime.combine(day, hour, AMSTERDAM)
    found = local.astimezone(UTC)
    if found.astimezone(AMSTERDAM).time() != hour:
        raise ValueError(f"{day} has no {hour}")
    return found


def closes_at(day: date, calendar: Calendar) -> datetime:
    """The moment at which the agenda of a meeting on `day` closes: at 17:00, seven days before,
    or on the last working day before that."""
    closing_day = calendar.last_working_day(day - _CLOSES_BEFORE)
    return moment(closing_day, _CLOSES_AT)


def reminds_on(day: date, calendar: Calendar) -> date:
    """The working day of the reminder that the agenda of a meeting on `day` closes."""
    closing_day = calendar.last_working_day(day - _CLOSES_BEFORE)
    return calendar.last_working_day(closing_day - _REMINDS_BEFORE)


def calculated_end(begins_at: datetime, minutes: Iterable[int]) -> datetime:
    """The moment at which the slots of these minutes are over."""
    return begins_at + timedelta(minutes=sum(minutes))


def list_days(first: date, last: date, weeks: int, calendar: Calendar) -> tuple[list[date], list[date]]:
    """The days of a series, once in so many weeks, and those that are left out: holidays."""
    step = timedelta(weeks=weeks)
    days = [first + step * number for number in range((last - first) // step + 1)]
    kept = [day for day in days if calendar.is_working_day(day)]
    return kept, [day for day in days if day not in kept]


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def evaluation_day(held_on: date, months: int, meetings: Iterable[date], calendar: Calendar) -> date:
    """The day of the evaluation of a case so many months after a meeting: that of the first meeting
    then or later, outside holidays; without such a meeting the next working day."""
    due = add_months(held_on, months)
    later = (day for day in sorted(meetings) if day >= due and calendar.is_working_day(day))
    return next(later, calendar.next_working_day(due))


def is_anonymous(kind: SlotKind, consent: Consent | None) -> bool:
    """Whether a slot may be discussed only without data by which a pupil is recognised (004:
    consent decides what participants may bring in)."""
    return kind == SlotKind.CASE and consent != Consent.YES


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


def is_expected(*, is_staff: bool, is_member: bool, schools_only: bool) -> bool:
    """Whether the holder of a role takes part."""
    return is_staff or (is_member and not schools_only)


def is_last_of_school_year(day: date, others: Sequence[date]) -> bool:
    """Whether a meeting is the last one before the summer; there the way of working is evaluated
    (004: "regelmatig onderwerp van evaluatie")."""
    begin = date(day.year if day.month < 8 else day.year + 1, 8, 1)
    return not any(day < other < begin for other in others)
