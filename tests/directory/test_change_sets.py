"""A change set is undone completely before its start date, and from a later day on afterwards.

Property tests over notices that change each other's rows, undone in any allowed order.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.database import connection, db
from portal.directory import absences, assignments, contact_details, people
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.holders_and_substitutes import list_holders, list_vacancies
from portal.directory.models import (
    Absence,
    Assignment,
    ChangeRecord,
    ContactDetail,
    Person,
    Role,
    School,
    Substitute,
    Vacancy,
)
from tests.clock import TODAY
from tests.factories import directory_rows, make_assignment

WEEKS = [TODAY + timedelta(weeks=number) for number in range(9)]
SCHOOLS, ROLES, PEOPLE = ("16LF00", "03NJ00"), ("directeur", "cjg-coach"), range(1, 4)


@pytest.fixture
def template(empty_board: Path) -> Path:
    """A board without notices."""
    return empty_board


@pytest.fixture(autouse=True)
def _small(portal_copy: Flask) -> Iterator[None]:
    """Two schools, two roles (one for one holder), and three people of whom two work there."""
    with connection():
        for model in (Substitute, Absence, Vacancy, Assignment):
            model.delete().execute()
        ContactDetail.delete().where(ContactDetail.person.not_in(list(PEOPLE))).execute()
        for person, role, school in ((1, "directeur", 0), (1, "cjg-coach", 1), (2, "cjg-coach", 0)):
            make_assignment(person, role, SCHOOLS[school], TODAY - timedelta(days=70))
        yield


class Step(NamedTuple):
    """A generated notice: its command, the row or post, the person and the weeks."""

    kind: str
    which: int
    who: int
    begin: int  # number of the week
    end: int | None


STEPS = st.builds(
    Step,
    kind=st.sampled_from(["assign", "hand over", "end", "absent", "vacancy", "number", "new"]),
    which=st.integers(0, 3),
    who=st.sampled_from(PEOPLE),
    begin=st.integers(0, 6),
    end=st.none() | st.integers(1, 8),
)


def apply_step(step: Step, notice: int) -> bool:
    """Run the command as a notice; False where it is refused."""
    change_set = ChangeSet(notice)
    begin = WEEKS[step.begin]
    end = WEEKS[step.end] if step.end is not None else None
    role = Role.get(Role.key == ROLES[step.which % 2])
    school = School.get_by_id(SCHOOLS[step.which // 2])
    person = Person.get_by_id(step.who)
    held = assignments.list_assignments(step.who, begin)
    try:
        with db.atomic():
            if step.kind == "assign":
                assignments.assign(change_set, person, role, school, begin, end)
            elif step.kind == "new":
                new = people.NewPerson("Noora", "", "Nieuw", 1, "+31612345000", "")
                assignments.assign(
                    change_set, people.register(change_set, new), role, school, begin, end
                )
            elif step.kind in ("hand over", "end"):
                successor = Person.get_by_id(step.which % 3 + 1) if step.kind != "end" else None
                for post in held:
                    if post.person != successor:
                        until = post.valid_until
                        since = max(post.valid_from, begin)
                        assignments.hand_over(change_set, post, successor, begin)
                        if step.which == 3 and successor is None:
                            assignments.open_vacancy(
                                change_set, post.role, post.school, since, until
                            )
            elif step.kind == "absent":
                other = Person.get_by_id(step.which % 3 + 1)
                absences.report_absence(
                    change_set, person, begin, end, {p: other for p in held if other != person}
                )
            elif step.kind == "vacancy":
                assignments.open_vacancy(change_set, role, school, begin, end)
            else:
                detail = (
                    ContactDetail.select()
                    .where((ContactDetail.person == person) & (ContactDetail.kind == "phone"))
                    .order_by(ContactDetail.id.desc())
                    .get()
                )
                contact_details.replace_detail(change_set, detail, f"+3161234{notice:04}", begin)
    except RuleViolation:
        return False
    return True


def list_answers(day: date) -> list[Any]:
    """The holders on a day with absence, substitute and contact details, and the vacancies."""
    holders = [
        (h.school, h.role, h.contact.name, h.is_absent, h.substitute and h.substitute.name,
         h.contact.details)
        for h in list_holders(day)
    ]  # fmt: skip
    return sorted(map(repr, [*holders, *((v.school, v.role) for v in list_vacancies(
        day, SCHOOLS))]))  # fmt: skip


def list_contradictions(day: date) -> list[str]:
    """Posts that are held or open more than once."""
    posts = [(h.school, h.role, h.contact.person_id) for h in list_holders(day)]
    faults = [f"twice: {post}" for post in set(posts) if posts.count(post) > 1]
    leaders = [school for school, role, _ in posts if role == "directeur"]
    faults += [f"two directors: {school}" for school in set(leaders) if leaders.count(school) > 1]
    open_posts = [(v.school, v.role) for v in list_vacancies(day, SCHOOLS)]
    faults += [f"open twice: {post}" for post in set(open_posts) if open_posts.count(post) > 1]
    open_leaders = {school for school, role in open_posts if role == "directeur"}
    faults += [f"held and open: {school}" for school in open_leaders & set(leaders)]
    return faults


usual = settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@usual
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_undoing_everything_from_the_last_to_the_first_leaves_nothing(steps: list[Step]) -> None:
    with db.atomic() as transaction:
        before = directory_rows()
        posted = [number for number, step in enumerate(steps, 1) if apply_step(step, number)]
        for notice in reversed(posted):
            assert ChangeSet(notice).dependents() == []
            ChangeSet(notice).undo()
        assert directory_rows() == before
        assert not ChangeRecord.select().where(~ChangeRecord.undone).exists()
        transaction.rollback()


@usual
@given(
    steps=st.lists(STEPS, min_size=1, max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_undone_in_any_allowed_order_there_is_no_contradiction(
    steps: list[Step], order: Any
) -> None:
    with db.atomic() as transaction:
        before = directory_rows()
        left = [number for number, step in enumerate(steps, 1) if apply_step(step, number)]
        while left:
            free = [notice for notice in left if not ChangeSet(notice).dependents()]
            assert free, f"none of {left} can go first"
            notice = order.choice(free)
            ChangeSet(notice).undo()
            left.remove(notice)
            for day in WEEKS:
                assert list_contradictions(day) == []
        assert directory_rows() == before
        transaction.rollback()


@usual
@given(
    steps=st.lists(STEPS, min_size=1, max_size=6),
    order=st.randoms(use_true_random=False),
    weeks=st.lists(st.integers(0, 7), min_size=6, max_size=6),
)
def test_withdrawn_later_earlier_days_keep_their_answers(
    steps: list[Step], order: Any, weeks: list[int]
) -> None:
    with db.atomic() as transaction:
        untouched = {day: list_answers(day) for day in WEEKS}
        begins = {
            number: WEEKS[step.begin]
            for number, step in enumerate(steps, 1)
            if apply_step(step, number)
        }
        for week in sorted(weeks[: len(steps)])[: len(begins)]:
            today = WEEKS[week]
            free = [notice for notice in begins if not ChangeSet(notice).dependents()]
            assert free, f"none of {list(begins)} can go first"
            notice = order.choice(free)
            before = {day: list_answers(day) for day in WEEKS}
            if today < begins.pop(notice):
                ChangeSet(notice).undo()
            else:
                ChangeSet(notice).undo_from(today)
            for day in WEEKS:
                if day < today:
                    assert list_answers(day) == before[day], day
                assert list_contradictions(day) == [], day
        if not begins:
            for day in WEEKS[max(weeks[: len(steps)]) :]:
                assert list_answers(day) == untouched[day], day
        transaction.rollback()


def test_a_later_change_by_an_earlier_notice_is_no_dependency() -> None:
    """Confirmed after another built on it, the first does not depend on the second."""
    first, second = ChangeSet(1), ChangeSet(2)
    role, school = Role.get(Role.key == "cjg-coach"), School.get_by_id(SCHOOLS[0])
    post = assignments.assign(first, Person.get_by_id(3), role, school, WEEKS[1], is_pending=True)
    absences.report_absence(second, post.person, WEEKS[2], None, {post: Person.get_by_id(1)})
    first.change(Assignment.get_by_id(post.id), is_pending=False)
    assert first.dependents() == [2]
    assert second.dependents() == []


def test_an_absence_of_a_new_person_depends_on_the_notice_that_created_them() -> None:
    first, second = ChangeSet(1), ChangeSet(2)
    new = people.register(first, people.NewPerson("Noora", "", "Nieuw", 1, "", ""))
    absences.report_absence(second, new, WEEKS[2])
    assert first.dependents() == [2]
