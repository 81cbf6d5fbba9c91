"""A year of the demo region, day by day with a stopped clock: who is asked, who answers, and the
share of the facts that are confirmed.

    python -m tests.bench.year [picture.svg]

Nobody waits: the jobs run once a day. People answer as they do: of the first mail a third within
a week, of the reminder another part; the organisation and the coordinator call at their pace.
"""

import random
import sys
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from portal.database import connection, fetch_tuples
from portal.database.validity import valid_on
from portal.directory.models import Absence, Assignment, CheckedBy, Role
from portal.mail.models import OutgoingMail
from portal.quality import rounds
from portal.quality.models import Confirmation
from portal.quality.own_facts import list_facts
from portal.quality.round_schedule import OPEN, Step
from portal.site import current_site
from tests.clock import TODAY, StoppedClock, stopped_at
from tests.conftest import make_app

DAYS = 365
# The chance per day that somebody answers at a step.
_ANSWERS = {Step.ASKED: 0.06, Step.REMINDED: 0.04, Step.EDITOR: 0.05, Step.COORDINATOR: 0.02}
_DAY = timedelta(days=1)


class Day(NamedTuple):
    """A day of the year after its jobs ran."""

    day: date
    steps: int  # taken by the job
    mailed: list[str]  # keys of the mails: "confirm:<round>:<person>:<number>"
    absent: set[int]  # people
    share: float  # see `_find_share`; on Mondays


def live(app: Flask, clock: StoppedClock) -> Iterator[Day]:
    """Each day of a year, with an open connection to a demo's database."""
    chance = random.Random(2026)
    with app.app_context():
        site = current_site()
    for day in (TODAY + _DAY * passed for passed in range(DAYS)):
        clock.move_to(datetime.combine(day, time(9)))
        last = OutgoingMail.select().count()
        with app.test_request_context(base_url=site.base_url):
            steps = rounds.run(site)
        mails = OutgoingMail.select(OutgoingMail.key).order_by(OutgoingMail.id).offset(last)
        absent = Absence.select(Absence.person).where(valid_on(Absence, day))
        yield Day(
            day=day,
            steps=steps,
            mailed=[key for (key,) in fetch_tuples(mails.limit(1000))] if steps else [],
            absent={person for (person,) in fetch_tuples(absent)},
            share=_find_share(day) if day.weekday() == 0 else 0,
        )
        waiting = Confirmation.select(Confirmation.id, Confirmation.step).where(Confirmation.step.in_(OPEN))
        for question, step in fetch_tuples(waiting):
            if chance.random() < _ANSWERS[step]:
                by = CheckedBy.SELF if step in (Step.ASKED, Step.REMINDED) else CheckedBy.CALL
                row = Confirmation.get_by_id(question)
                shown = rounds.get_version(list_facts(row.person_id, day))
                rounds.confirm(row, shown, by, None)


def _find_share(day: date) -> float:
    """The share of the posts that somebody confirmed within the interval of the role."""
    query = Assignment.select(Role.check_months, Assignment.checked_on).join(Role)
    posts = fetch_tuples(query.where(valid_on(Assignment, day)))
    confirmed = [checked_on for months, checked_on in posts if checked_on >= day - timedelta(days=30.5 * months)]
    return len(confirmed) / len(posts)


def draw(days: list[Day]) -> str:
    """The share of each week as an SVG, with the days on which mail goes below it."""
    weeks = days[::7]
    points = " ".join(f"{40 + 12 * n},{220 - 200 * week.share:.0f}" for n, week in enumerate(weeks))
    bars = "".join(
        f'<rect x="{40 + 12 * n - 4}" y="{260 - height}" width="8" height="{height}"/>'
        for n in range(len(weeks))
        if (height := sum(len(day.mailed) for day in days[7 * n : 7 * n + 7]) // 5)
    )
    months = "".join(
        f'<text x="{40 + 12 * n}" y="275">{week.day:%m}</text>' for n, week in enumerate(weeks) if week.day.day <= 7
    )
    marks = "".join(
        f'<text x="5" y="{224 - 2 * share}">{share}%</text><path d="M40 {220 - 2 * share}H670" stroke="#ddd"/>'
        for share in (0, 50, 100)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 280" font-size="11">'
        "<title>Share of posts confirmed within their interval, and mails, per week</title>"
        f'{marks}<polyline points="{points}" fill="none" stroke="#06c" stroke-width="2"/>'
        f'<g fill="#999">{bars}</g>{months}</svg>\n'
    )


def main() -> None:
    """Print figures per month, and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder) / "kernwijzer.sqlite")
        with stopped_at(f"{TODAY} 09:00:00") as clock:
            app.test_cli_runner().invoke(args=["seed", "--demo"])
            start = stopwatch.process_time()
            with connection():
                days = list(live(app, clock))
                steps = Counter(fetch_tuples(Confirmation.select(Confirmation.step)))
    print(f"{stopwatch.process_time() - start:.1f} s of CPU time")
    for month in dict.fromkeys(day.day.strftime("%Y-%m") for day in days):
        own = [day for day in days if day.day.strftime("%Y-%m") == month]
        mails = sum(len(day.mailed) for day in own)
        most = max(len(day.mailed) for day in own)
        share = [day.share for day in own if day.share][-1]
        print(f"{month}: {mails} mails, at most {most} a day; {share:.0%} confirmed")
    print(", ".join(f"{step.label}: {number}" for (step,), number in steps.items()))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(draw(days))


if __name__ == "__main__":
    main()
