"""The seat of a user in a meeting, and what they see of it, without a database."""

from datetime import date

import pytest

from portal.meetings.permissions import Post, Seat, find_seat, may_see

FIRST, LAST = date(2026, 9, 1), date(2027, 2, 1)
OURS, KERN = "98AA00", "kern-plassendam"
POSTS = {
    "staff": Post(OURS, "directeur", True, True, FIRST, None),
    "staff that left": Post(OURS, "directeur", True, True, FIRST, LAST),
    "staff that comes later": Post(OURS, "directeur", True, True, LAST, None),
    "editor of the school": Post(OURS, "", True, False, FIRST, None),
    "team": Post(OURS, "schoolarts", False, True, FIRST, None),
    "team that left": Post(OURS, "schoolarts", False, True, FIRST, LAST),
    "helps only": Post(OURS, "vertrouwenspersoon", False, False, FIRST, None),
    "of the kern": Post(KERN, "ondersteuner", False, True, FIRST, None),
    "of another kern": Post("kern-elders", "ondersteuner", False, True, FIRST, None),
    "staff elsewhere": Post("98ZZ00", "directeur", True, True, FIRST, None),
}
# Per role the seat in a meeting of the school on 1 October, and of its kern on 1 February.
SEATS = {
    "staff": (Seat.SCHOOL, Seat.SCHOOL),
    "staff that left": (Seat.SCHOOL, Seat.NONE),
    "staff that comes later": (Seat.NONE, Seat.SCHOOL),
    "editor of the school": (Seat.SCHOOL, Seat.SCHOOL),
    "team": (Seat.TEAM, Seat.TEAM),
    "team that left": (Seat.TEAM, Seat.NONE),
    "helps only": (Seat.NONE, Seat.NONE),
    "of the kern": (Seat.NONE, Seat.TEAM),
    "of another kern": (Seat.NONE, Seat.NONE),
    "staff elsewhere": (Seat.NONE, Seat.NONE),
}


@pytest.mark.parametrize("role", POSTS)
def test_a_seat_follows_from_the_posts_on_the_day_of_the_meeting(role: str) -> None:
    meetings = [(date(2026, 10, 1), {OURS}), (LAST, {OURS, KERN})]
    for (day, group), seat in zip(meetings, SEATS[role], strict=True):
        posts = [POSTS[role]]
        assert find_seat(posts, day, group, is_coordinator=False) is seat
        other = Seat.COORDINATOR if seat is Seat.NONE else seat
        assert find_seat(posts, day, group, is_coordinator=True) is other


# Per seat whether a meeting is seen: an open one, and one for schools only.
SEEN = {
    Seat.SCHOOL: (True, True), Seat.TEAM: (True, False), Seat.COORDINATOR: (True, False),
    Seat.NONE: (False, False),
}  # fmt: skip


def test_a_meeting_for_schools_only_is_seen_by_schools_only() -> None:
    for seat in Seat:
        assert (may_see(seat, schools_only=False), may_see(seat, schools_only=True)) == SEEN[seat]
