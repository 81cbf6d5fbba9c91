"""Meetings of a series that are called off together."""

from datetime import timedelta

from portal.database import connection
from portal.meetings.planning_and_calling_off import list_rest
from tests.meetings.conftest import THURSDAY, Town


def test_the_rest_of_a_series_is_called_off(town: Town) -> None:
    first = town.meeting(town.plan(days=[THURSDAY + timedelta(weeks=week) for week in (0, 4, 8)]))
    with connection():
        series = [meeting.id for meeting in list_rest(first)]
    town.run()
    town.browser("reader").submit(f"/overleg/{series[1]}/afzeggen", {"wat": "reeks"})
    assert len(town.mails("Afgezegd")) == 4
    assert [town.meeting(number).state for number in series] == ["planned", "cancelled", "cancelled"]
