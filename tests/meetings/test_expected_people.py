"""The people who are expected at a meeting, without a database."""

from itertools import product

from portal.meetings.expected_people import is_expected


def test_at_a_meeting_for_schools_only_the_rest_of_the_kernteam_is_not_expected() -> None:
    for is_staff, is_member, schools_only in product([True, False], repeat=3):
        expected = is_expected(is_staff=is_staff, is_member=is_member, schools_only=schools_only)
        assert expected == (is_staff or (is_member and not schools_only))
