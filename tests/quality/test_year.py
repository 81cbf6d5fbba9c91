"""A year of the demo, day by day: who is mailed when, and who is not."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from flask import Flask

from portal.database import connection
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Assignment, School, Substitute
from portal.quality.models import Confirmation
from portal.quality.round_schedule import STEP_AFTER, Step
from tests.bench.year import live
from tests.clock import TODAY, stopped_at
from tests.factories import make_absence


def test_a_year_of_questions(portal_copy: Flask) -> None:
    """Nobody is mailed in a holiday, at a weekend, while absent, twice in a week or more than twice
    per round; silence goes up; most are asked in September; and the share rises. One school of six
    has people: those of the others would take the same steps."""
    with connection():
        schools = sorted({school.code for school in School.select()})
        emptied = Assignment.school.not_in(schools[::6])
        Substitute.delete().where(Substitute.assignment.in_(Assignment.select().where(emptied))).execute()
        Assignment.delete().where(emptied).execute()
        people = sorted({post.person_id for post in Assignment.select()})
    for person in people[::8]:
        make_absence(person, date(2027, 2, 25), date(2027, 3, 19))
        make_absence(person, date(2027, 3, 29), date(2027, 4, 10))
    mailed: dict[int, list[date]] = defaultdict(list)
    per_question: dict[str, int] = defaultdict(int)
    with stopped_at(f"{TODAY} 09:00:00") as clock, connection():
        calendar = directory.get_calendar()
        days = list(live(portal_copy, clock))
        rows = list(Confirmation.select())
    asked_person = {row.secret: row.person_id for row in rows}
    for passed in days:
        assert calendar.is_working_day(passed.day) or not passed.steps
        assert len(passed.mailed) <= 40  # never all of them at once
        for key in passed.mailed:
            _, secret, number = key.split(":")
            assert asked_person[secret] not in passed.absent
            mailed[asked_person[secret]].append(passed.day)
            per_question[secret] += 1
            assert per_question[secret] == int(number) <= 2
    assert all(
        later - earlier > timedelta(days=7) for moments in mailed.values() for earlier, later in pairwise(moments)
    )
    asked = [(row, row.asked_on) for row in rows if row.asked_on]
    autumn = [day for _, day in asked if day >= date(2027, 9, 1)]
    first_weeks = [day for day in autumn if day <= date(2027, 9, 21)]
    assert len(first_weeks) > 0.75 * len(autumn) > 50
    assert {row.step for row, _ in asked} >= {Step.CONFIRMED, Step.COORDINATOR}
    for row, day in asked:
        if row.step is Step.COORDINATOR:
            assert calendar.count_working_days(day, row.since) >= 2 * STEP_AFTER
    september = next(one.share for one in days if one.day == date(2027, 9, 20))
    november = next(one.share for one in days if one.day == date(2027, 11, 1))
    assert 0.5 < september < november
    assert november > 0.85
