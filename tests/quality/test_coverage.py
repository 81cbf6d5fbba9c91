"""Coverage: which gap a post has, what is counted, the page, its file and the row of each week."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.data_register import Mark, list_columns
from portal.database import connection, db
from portal.directory.models import Assignment, CheckedBy, ContactDetail, Vacancy
from portal.directory.schools_and_kernen import list_roles
from portal.quality import coverage, coverage_trend
from portal.quality.coverage import Gap, Post, describe, find_posts, list_weeks, store_week
from portal.quality.models import CoverageWeek, Report, ReportKind, ReportState
from portal.web.long_lists import GAPS_PER_PAGE
from tests.checks import parse, text
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.editing.conftest import refusals, save
from tests.factories import CAMELOT, make_absence, make_assignment, make_detail, make_person, make_vacancy, role

ROLE = "jeugdarts"


@pytest.fixture
def post_is_empty(portal_copy: Flask) -> Iterator[None]:
    """A school where nobody has the role, and where nothing is said about it."""
    with connection(), db.atomic():
        for model in (Assignment, Vacancy):
            here = (model.school == CAMELOT) & (model.role == role(ROLE))
            model.delete().where(here).execute()
        yield


def list_posts(on: date) -> list[Post]:
    return list(find_posts(on).choose(lambda post: True))


def the_post() -> Post | None:
    found = [post for post in list_posts(TODAY) if (post.school, post.role) == (CAMELOT, ROLE)]
    assert len(found) < 2
    return found[0] if found else None


def gaps() -> set[Gap]:
    post = the_post()
    assert post
    return set(post.gaps)


@pytest.mark.usefixtures("post_is_empty")
class TestAPost:
    def test_without_anybody_is_unknown(self) -> None:
        assert gaps() == {Gap.UNKNOWN}

    def test_with_a_vacancy_is_vacant(self) -> None:
        make_vacancy(ROLE)
        assert gaps() == {Gap.VACANT}

    def test_with_a_vacancy_from_tomorrow_is_unknown(self) -> None:
        make_vacancy(ROLE, valid_from=TODAY + timedelta(1))
        assert gaps() == {Gap.UNKNOWN}

    def test_with_somebody_who_was_just_checked_lacks_nothing(self) -> None:
        person = make_person()
        make_assignment(person, ROLE)
        make_detail(person, "+31235550100")
        assert gaps() == set()

    def test_without_a_number_says_so(self) -> None:
        person = make_person()
        make_assignment(person, ROLE)
        make_detail(person, "x@school.example", kind="email")
        assert gaps() == {Gap.NUMBER}

    def test_with_a_number_for_members_only_has_a_number(self) -> None:
        person = make_person()
        make_assignment(person, ROLE)
        make_detail(person, "+31612345678", visibility="members")
        assert gaps() == set()

    def test_of_somebody_absent_is_empty_until_somebody_stands_in(self) -> None:
        person, other = make_person(), make_person("Een", "Ander")
        assignment = make_assignment(person, ROLE)
        make_detail(other, "+31235550100")
        absence = make_absence(person)
        assert gaps() == {Gap.ABSENT}
        absence.delete_instance()
        make_absence(person, substitutes={assignment: other})
        assert gaps() == set()

    def test_of_two_of_whom_one_is_absent_is_filled(self) -> None:
        for number, name in enumerate(("Een", "Twee")):
            person = make_person(name)
            make_assignment(person, ROLE)
            make_detail(person, f"+3123555010{number}")
        make_absence(person)
        assert gaps() == set()

    @pytest.mark.parametrize(
        ("checked_on", "by", "expected"),
        [
            (date(2026, 5, 23), CheckedBy.SELF, set()),
            (date(2026, 5, 22), CheckedBy.CALL, {Gap.OLD}),
            (date(2026, 2, 23), CheckedBy.ORGANISATION, {Gap.OLD}),
            (date(2026, 2, 22), CheckedBy.SELF, {Gap.OLD, Gap.DOUBTFUL}),
            (None, CheckedBy.SOURCE, {Gap.OLD, Gap.DOUBTFUL}),
            (TODAY, CheckedBy.SOURCE, {Gap.OLD, Gap.DOUBTFUL}),  # a file is no check
        ],
    )  # fmt: skip
    def test_is_old_after_six_months_and_doubtful_after_nine(
        self, checked_on: date | None, by: CheckedBy, expected: set[Gap]
    ) -> None:
        person = make_person()
        make_assignment(person, ROLE)
        detail = make_detail(person, "+31235550100")
        changed = ContactDetail.update(checked_on=checked_on, checked_by=by)
        changed.where(ContactDetail.id == detail.id).execute()
        assert gaps() == expected

    @pytest.mark.parametrize(
        ("state", "at", "is_reported"),
        [
            (ReportState.OPEN, None, True),
            (ReportState.COORDINATOR, CAMELOT, True),
            (ReportState.OPEN, "08VO00", False),  # about their post at another school
            (ReportState.REFUSED, None, False),
        ],
    )
    def test_is_reported_until_somebody_answered(self, state: ReportState, at: str | None, is_reported: bool) -> None:
        person = make_person()
        make_assignment(person, ROLE)
        make_detail(person, "+31235550100")
        Report.create(
            person=person, school=at, fault=ReportKind.GONE, topic="x", at=clock.now(), state=state,
            is_shown=True,
        )  # fmt: skip
        assert (Gap.REPORTED in gaps()) == is_reported


def test_an_optional_role_without_anybody_is_no_post(portal_copy: Flask) -> None:
    with connection():
        posts = list(describe(list_posts(TODAY), TODAY))
        optional = [one for one in posts if one.school.sector not in one.role.expected_in]
        assert optional
        assert all(one.contacts or Gap.VACANT in one.post.gaps for one in optional)
        assert all(one.role.applies(one.school.sector, one.school.municipality) for one in posts)


def test_an_empty_post_counts_with_the_organisation_that_answers_for_it(post_is_empty: None) -> None:
    empty = the_post()
    assert empty
    other = next(
        post
        for post in list_posts(TODAY)
        if post.role == ROLE and not post.gaps & {Gap.VACANT, Gap.UNKNOWN} and post.municipality == empty.municipality
    )
    assert empty.organisation == other.organisation


def test_the_posts_of_the_schools_themselves_count_together(portal_copy: Flask) -> None:
    with connection():
        counts = {row.name: row.total for row in coverage.count_by_organisation(find_posts(TODAY).counts)}
    assert counts["De scholen zelf"] > 100
    assert len(counts) < 20


def test_what_is_counted_adds_up(portal_copy: Flask) -> None:
    with connection():
        posts, counted, roles = list_posts(TODAY), find_posts(TODAY).counts, list_roles()
    whole = coverage.count("", counted)
    for groups in (coverage.count_by_role(counted, roles), coverage.count_by_organisation(counted)):
        assert sum(row.total for row in groups) == whole.total == len(posts)
        assert sum(row.filled for row in groups) == whole.filled
        for gap in Gap:
            assert sum(row.gaps[gap] for row in groups) == whole.gaps[gap]


@pytest.fixture
def coordinator(portal_copy: Flask) -> CheckedClient:
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def test_the_page_leads_from_a_number_to_its_posts(coordinator: CheckedClient) -> None:
    page = parse(coordinator.get("/beheer/dekking").text)
    wanted = {"functie=doktersassistent", "wat=vacature"}
    (link,) = [link for link in page.iter("a") if wanted <= set(re.split("[?&#]", link.get("href", "")))]
    listed = coordinator.get(link.get("href", "").partition("#")[0])
    rows = [text(row) for row in parse(listed.text).iter("li") if "Doktersassistent" in text(row)]
    assert len(rows) == int(text(link))
    assert all("vacature" in row for row in rows)


def test_the_filter_counts_one_municipality(coordinator: CheckedClient) -> None:
    every = coordinator.get("/beheer/dekking").text
    few = coordinator.get("/beheer/dekking?gemeente=heemstede").text
    counted = [int(re.findall(r"van de (\d+) plekken gevuld", page)[0]) for page in (every, few)]
    assert counted[0] > counted[1] > 0
    assert len(every.encode()) < 100_000
    assert coordinator.get("/beheer/dekking?gemeente=nergens").status_code == 422
    assert coordinator.get("/beheer/dekking.csv?wat=niets").status_code == 404


def test_an_empty_post_is_filled_from_the_list(coordinator: CheckedClient) -> None:
    with connection():
        at = (Assignment.school == CAMELOT) & (Assignment.role == role("directeur"))
        Assignment.delete().where(at).execute()
    person = make_person("Noor", "Opvolger").id
    path = f"/beheer/plekken/{CAMELOT}/directeur"
    assert path in coordinator.get("/beheer/dekking?functie=directeur").text
    saved = save(coordinator, path, wie=str(person), vanaf="2026-11-30")
    page = coordinator.get(saved.headers["Location"]).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Je wijziging is bewaard." in page
    assert "gevuld per 30 november 2026" in page
    refused = refusals(coordinator, path, wie=str(person), vanaf="2026-12-01")
    assert refused[0].startswith("Noor Opvolger is in deze tijd al directeur van ")
    with stopped_at("2026-11-30 09:00:00"):
        coordinator.sign_in("coordinator")
        assert path not in coordinator.get("/beheer/dekking?functie=directeur").text


def test_all_posts_that_lack_something_are_on_some_page(coordinator: CheckedClient) -> None:
    pages = [coordinator.get(f"/beheer/dekking?blad={number}").text for number in (1, 2)]
    shown = [re.findall(r'class="list-row__title" href="([^"]+)"', page) for page in pages]
    assert len(shown[0]) == GAPS_PER_PAGE and shown[1]
    assert ">Volgende<" in pages[0] and ">Vorige<" in pages[1]


def test_the_file_has_every_post_and_what_it_lacks(coordinator: CheckedClient) -> None:
    answer = coordinator.get("/beheer/dekking.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    with connection():
        posts = list_posts(TODAY)
    assert len(rows) == len(posts)
    for gap in Gap:
        expected = sum(gap in post.gaps for post in posts)
        assert sum(row[gap.label.capitalize()] == "ja" for row in rows) == expected
    assert f"{len(posts)} × plek in de dekking: gedownload" in coordinator.get("/beheer/spoor").text
    few = coordinator.get("/beheer/dekking.csv?wat=vacature").get_data().decode("utf-8-sig")
    assert len(few.splitlines()) - 1 == sum(Gap.VACANT in post.gaps for post in posts)


def test_a_week_has_one_row_that_follows_the_week(portal_copy: Flask) -> None:
    with connection():
        assert store_week()
        (first,) = list_weeks(10)
        assert (first.week, first.posts) == (TODAY, len(list_posts(TODAY)))
        with stopped_at(f"{TODAY + timedelta(6)} 12:00:00"):
            make_vacancy(ROLE, "08VO00")
            Assignment.delete().where(Assignment.role == role(ROLE)).execute()
            assert not store_week()
        (again,) = list_weeks(10)
        assert again.filled < first.filled
        with stopped_at(f"{TODAY + timedelta(7)} 12:00:00"):
            assert store_week()
        assert [row.week for row in list_weeks(10)] == [TODAY, TODAY + timedelta(7)]
        assert len(list_weeks(1)) == 1


def test_the_trend_says_in_words_what_its_lines_show(coordinator: CheckedClient) -> None:
    assert "Vanaf twee weken staat hier een lijn." in coordinator.get("/beheer/dekking").text
    usual = {"vacant": 0, "absent": 0, "unknown": 0, "doubtful": 0, "without_number": 0, "reported": 0}
    with connection():
        for weeks, filled, old in ((8, 50, 40), (7, 60, 30), (0, 100, 0)):
            week = TODAY - timedelta(weeks=weeks)
            CoverageWeek.create(week=week, posts=100, filled=filled, old=old, **usual)
    page = coordinator.get("/beheer/dekking").text
    assert "Gevuld: van 50% in de week van 28 september 2026 naar 100% nu." in page
    assert "Bevestigd in zes maanden: van 10% naar 100%." in page
    assert 'points="0,50 43,40 350,0"' in page  # in proportion to the time
    assert '<th scope="row">28 september 2026</th><td>50%</td><td>10%</td>' in page


def test_a_trend_of_nothing_is_no_line() -> None:
    assert coverage_trend.draw([]).filled == ""
    row = CoverageWeek(week=TODAY, posts=0, filled=0, old=0)
    assert coverage_trend.draw([row]).weeks == [(TODAY, 0, 0)]


def test_the_rows_of_weeks_say_nothing_about_people() -> None:
    columns = [column for column in list_columns() if column.table == "coverage_week"]
    assert columns
    assert {column.mark for column in columns} == {Mark.NONE}
