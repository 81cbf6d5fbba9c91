"""The reports that other readers see."""

from datetime import date, timedelta

import pytest

from portal.quality.shown_doubts import is_shown
from tests.clock import TODAY

YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("is_signed_in", "earlier", "shown"),
    [
        (True, [], True),
        (False, [], False),
        (False, [(TODAY, "us")], False),
        (False, [(YESTERDAY, "us")], True),
        (False, [(TODAY, "them")], True),
        (False, [(TODAY, "us"), (TODAY, "them")], True),
    ],
)
def test_a_report_shows_at_once_or_as_the_second_of_another_day_or_reader(
    is_signed_in: bool, earlier: list[tuple[date, str]], shown: bool
) -> None:
    assert is_shown("us", is_signed_in, TODAY, earlier) is shown
