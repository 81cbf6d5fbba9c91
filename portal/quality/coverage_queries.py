"""Reads what coverage is made of, and keeps one row of it per week."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from peewee import fn

from portal import clock
from portal.database import add_unless_present, db, fetch_tuples
from portal.directory.contact_details import list_contact_points, viewing_as
from portal.directory.holders_and_substitutes import list_holders, list_vacancies
from portal.directory.models import Assignment, Role, Visibility
from portal.directory.read_models import RoleRow, SchoolRow
from portal.directory.schools import list_roles, list_workplaces
from portal.quality import coverage
from portal.quality.coverage import SCHOOLS, Facts, Gap, Post
from portal.quality.models import UNANSWERED, CoverageWeek, Report
from portal.web.admin_pages import Summary

_NOBODY = "Niet bekend welke organisatie"


def list_posts(today: date) -> list[Post]:
    """The posts of all schools on the day `today` (Amsterdam), with all numbers; a fixed number of
    statements."""
    with viewing_as(Visibility.MEMBERS):
        facts = Facts(
            schools=list_workplaces(),
            roles=list_roles(),
            holders=list_holders(today),
            vacant=frozenset((row.school, row.role) for row in list_vacancies(today, None)),
            reported=_list_reported(),
            find_organisation=_make_finder(today),
        )
    return coverage.list_posts(facts, today)


def list_coming(posts: Iterable[Post], today: date) -> dict[tuple[str, str], date]:
    """The first day after `today` on which somebody comes, of those of these posts where somebody
    does: by school (code) and role (key)."""
    query = Assignment.select(Assignment.code(), Role.key, fn.MIN(Assignment.valid_from))
    coming = Assignment.at({post.school.code for post in posts}) & (Assignment.valid_from > today)
    rows = query.join(Role).where(coming).group_by(Assignment.code(), Role.key)
    return {(school, role): on for school, role, on in fetch_tuples(rows)}


def _list_reported() -> list[tuple[int, str | None]]:
    query = Report.select(Report.person, fn.COALESCE(Report.school, Report.kern)).where(
        Report.state.in_(UNANSWERED) & Report.person.is_null(False)
    )
    return [(person, school) for person, school in fetch_tuples(query.distinct())]


def _make_finder(today: date) -> Callable[[RoleRow, SchoolRow], str]:
    """A function that tells which organisation answers for an empty post."""
    by_schools = {key for (key,) in fetch_tuples(Role.select(Role.key).where(Role.is_school_staff))}
    points = list_contact_points(today)
    answers = {(row.role, row.municipality, row.sector): row for row in reversed(points)}

    def find(role: RoleRow, school: SchoolRow) -> str:
        if role.key in by_schools:
            return SCHOOLS
        for sector in (school.sector, ""):
            if answer := answers.get((role.key, school.municipality, sector)):
                return answer.contact.organisation
        return _NOBODY

    return find


def store_week() -> bool:
    """Store the counts of this week, in place of those of an earlier day of it; gives whether the
    week is new."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    row = coverage.count("", list_posts(today))
    counts = {
        "posts": row.total, "filled": row.filled,
        **{_COLUMNS[gap]: row.gaps[gap] for gap in Gap},
    }  # fmt: skip
    with db.atomic():
        is_new = add_unless_present(CoverageWeek, week=monday, **counts)
        CoverageWeek.update(**counts).where(CoverageWeek.week == monday).execute()
    return is_new


def summarise() -> Summary:
    """How many posts are filled, as it was stored last."""
    week = CoverageWeek.select().order_by(CoverageWeek.week.desc()).first()
    if week is None:
        return Summary("Waar iemand werkt, waar niet, en hoe vers dat is.")
    return Summary(f"Op {week.filled} van de {week.posts} plekken is iemand te bereiken.")


_COLUMNS = {
    Gap.VACANT: "vacant", Gap.ABSENT: "absent", Gap.UNKNOWN: "unknown", Gap.OLD: "old",
    Gap.DOUBTFUL: "doubtful", Gap.NUMBER: "without_number", Gap.REPORTED: "reported",
}  # fmt: skip


def list_weeks(most: int) -> list[CoverageWeek]:
    """The last weeks, the oldest first."""
    newest = CoverageWeek.select().order_by(CoverageWeek.week.desc()).limit(most)
    return list(newest)[::-1]
