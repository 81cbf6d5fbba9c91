"""A change set is undone completely before its start date, and from a later day on afterwards.

Property tests over notices that change each other's rows, undone in any allowed order.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from peewee import DoesNotExist

from portal.database import connection, db, fetch_tuples
from portal.directory import assignments, new_people_and_details, who_works_or_is_absent
from portal.directory.change_sets import BuiltUpon, Change, ChangeSet, RuleViolation, is_outdated, preview
from portal.directory.models import (
    CHILDREN_FIRST,
    Absence,
    Assignment,
    ContactDetail,
    ContactPoint,
    Holiday,
    Organisation,
    Person,
    Place,
    Postcode,
    Responsibility,
    Role,
    School,
    Setting,
    SettingKey,
    Substitute,
    Vacancy,
)
from portal.directory.undoing import list_dependents, undo, undo_from
from portal.directory.who_works_or_is_absent import list_holders, list_vacancies
from portal.search.index import SearchDocument, update_documents
from tests.clock import TODAY
from tests.factories import begin_change_set, directory_rows, make_assignment
from tests.postgres import find_server

WEEKS = [TODAY + timedelta(weeks=number) for number in range(9)]
SCHOOLS, ROLES, PEOPLE = ("16LF00", "03NJ00"), ("directeur", "cjg-coach"), range(1, 4)


@pytest.fixture
def template(empty_board: Path) -> Path:
    """A board without notices."""
    return empty_board


@pytest.fixture(autouse=True)
def _small(portal_copy: Flask) -> Iterator[None]:
    """Two schools, two roles (one for one holder), and three people of whom two work there."""
    with connection(), db.atomic():
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


def apply_step(step: Step) -> ChangeSet | None:
    """Run the command as a change set; None where it is refused."""
    change_set = begin_change_set()
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
                new = new_people_and_details.NewPerson("Noora", "", "Nieuw", 1, "+31612345000", "")
                assignments.assign(
                    change_set, new_people_and_details.add_new_person(change_set, new), role, school, begin, end
                )
            elif step.kind in ("hand over", "end"):
                successor = Person.get_by_id(step.which % 3 + 1) if step.kind != "end" else None
                for post in held:
                    if post.person != successor:
                        until = post.valid_until
                        since = max(post.valid_from, begin)
                        assignments.hand_over(change_set, post, successor, begin)
                        if step.which == 3 and successor is None:
                            assignments.open_vacancy(change_set, post.role, post.school, since, until)
            elif step.kind == "absent":
                other = Person.get_by_id(step.which % 3 + 1)
                who_works_or_is_absent.report_absence(
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
                new_people_and_details.replace_detail(change_set, detail, f"+3161234{change_set.id:04}", begin)
    except RuleViolation:
        return None
    return change_set


# A field of each table that notices leave alone, and what it becomes.
EDITS: list[tuple[Any, str, Any]] = [
    (School, "name", "Andere Naam"), (Organisation, "name", "Andere Naam"),
    (Role, "label", "anders"), (ContactPoint, "note", "anders"),
    (Responsibility, "to_confirm", True), (Place, "hint", "anders"),
    (Person, "family_name", "Anders"), (Holiday, "valid_until", WEEKS[8]),
]  # fmt: skip
REMOVED: list[Any] = [ContactPoint, Responsibility, Postcode, Holiday, Person]
EDIT_KINDS = ("setting", "edit", "remove", "place")
EDIT_STEPS = st.builds(
    Step,
    kind=st.sampled_from(EDIT_KINDS),
    which=st.integers(0, 7),
    who=st.integers(0, 2),
    begin=st.just(0),
    end=st.none(),
)


def apply_any(step: Step) -> ChangeSet | None:
    """Run the step of a notice or of an edit as a change set; None where it is refused."""
    try:
        change_set = _edit(step) if step.kind in EDIT_KINDS else apply_step(step)
    except DoesNotExist:
        return None  # an earlier step removed the person
    if change_set:
        update_index(change_set)
    return change_set


def _edit(step: Step) -> ChangeSet:
    change_set = begin_change_set()
    if step.kind == "setting":
        if row := Setting.get_or_none():
            change_set.change(row, value=f"0800 200{step.which}")
        else:
            change_set.add(Setting, key=SettingKey.VEILIG_THUIS, value="0800 2000")
    elif step.kind == "edit":
        model, name, value = EDITS[step.which]
        key = model._meta.primary_key
        change_set.change(model.select().order_by(key)[step.who], **{name: value})
    elif step.kind == "remove":
        model = REMOVED[step.which % len(REMOVED)]
        row = model.select().order_by(model._meta.primary_key)[step.who]
        change_set.remove(row)
    else:
        place = change_set.add(Place, name=f"Nieuwstad {change_set.id}", municipality="0392")
        change_set.change(School.get_by_id(SCHOOLS[step.which % 2]), place=place)
    return change_set


def update_index(change_set: ChangeSet) -> None:
    """Write the documents of what a change set changed, as the portal does."""
    update_documents(change_set.list_rows())


def whole_directory() -> dict[str, list[str]]:
    """Every row of every table that change sets write, and of the search index, as text."""
    left_out = ("row_version", "source", "checked_on", "checked_by")
    rows = {
        model.__name__: sorted(map(repr, fetch_tuples(model.select(*fields))))
        for model in CHILDREN_FIRST
        for fields in [[field for field in model._meta.sorted_fields if field.name not in left_out]]
    }
    documents = SearchDocument.select(
        SearchDocument.kind, SearchDocument.ref, SearchDocument.title, SearchDocument.names,
        SearchDocument.context,
    ).order_by(SearchDocument.rank)  # fmt: skip
    return rows | {"index": list(map(repr, fetch_tuples(documents)))}


def list_answers(day: date) -> list[Any]:
    """The holders on a day with absence, substitute and contact details, and the vacancies."""
    holders = [
        (h.school, h.role, h.contact.name, h.is_absent, h.substitute and h.substitute.name,
         [detail[:3] for detail in h.contact.details])  # the check date is bookkeeping
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


# On a server each example takes ten times as long, and three show what the engine adds.
usual = settings(
    max_examples=3 if find_server() else 15, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@usual
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_undoing_everything_from_the_last_to_the_first_leaves_nothing(steps: list[Step]) -> None:
    with db.atomic() as transaction:
        before = directory_rows()
        applied = list(filter(None, map(apply_step, steps)))
        for change_set in reversed(applied):
            assert list_dependents(change_set) == []
            undo(change_set)
        assert directory_rows() == before
        assert not Change.select().where(~Change.undone).exists()
        transaction.rollback()


@settings(parent=usual, max_examples=3 if find_server() else int(os.environ.get("SOAK", "8")))
@given(steps=st.lists(STEPS | EDIT_STEPS, min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_any_change_sets_undone_in_any_allowed_order_leave_directory_and_index_as_they_were(
    steps: list[Step], order: Any
) -> None:
    with db.atomic() as transaction:
        before = whole_directory()
        left = list(filter(None, map(apply_any, steps)))
        while left:
            free = [change_set for change_set in left if not list_dependents(change_set)]
            assert free, f"none of {left} can go first"
            change_set = order.choice(free)
            undo(change_set)
            update_index(change_set)
            left.remove(change_set)
        assert whole_directory() == before
        transaction.rollback()


@usual
@given(steps=st.lists(STEPS, min_size=1, max_size=6), order=st.randoms(use_true_random=False))
def test_undone_in_any_allowed_order_there_is_no_contradiction(steps: list[Step], order: Any) -> None:
    with db.atomic() as transaction:
        before = directory_rows()
        left = list(filter(None, map(apply_step, steps)))
        while left:
            free = [change_set for change_set in left if not list_dependents(change_set)]
            assert free, f"none of {left} can go first"
            change_set = order.choice(free)
            undo(change_set)
            left.remove(change_set)
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
def test_withdrawn_later_earlier_days_keep_their_answers(steps: list[Step], order: Any, weeks: list[int]) -> None:
    with db.atomic() as transaction:
        untouched = {day: list_answers(day) for day in WEEKS}
        begins = {change_set: WEEKS[step.begin] for step in steps if (change_set := apply_step(step))}
        for week in sorted(weeks[: len(steps)])[: len(begins)]:
            today = WEEKS[week]
            free = [change_set for change_set in begins if not list_dependents(change_set)]
            assert free, f"none of {list(begins)} can go first"
            change_set = order.choice(free)
            before = {day: list_answers(day) for day in WEEKS}
            if today < begins.pop(change_set):
                undo(change_set)
            else:
                undo_from(change_set, today)
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
    first, second = begin_change_set(), begin_change_set()
    role, school = Role.get(Role.key == "cjg-coach"), School.get_by_id(SCHOOLS[0])
    post = assignments.assign(first, Person.get_by_id(3), role, school, WEEKS[1], is_pending=True)
    who_works_or_is_absent.report_absence(second, post.person, WEEKS[2], None, {post: Person.get_by_id(1)})
    first.change(Assignment.get_by_id(post.id), is_pending=False)
    assert list_dependents(first) == [second.id]
    assert list_dependents(second) == []


def test_an_absence_of_a_new_person_depends_on_the_notice_that_created_them() -> None:
    first, second = begin_change_set(), begin_change_set()
    new = new_people_and_details.add_new_person(
        first, new_people_and_details.NewPerson("Noora", "", "Nieuw", 1, "", "")
    )
    who_works_or_is_absent.report_absence(second, new, WEEKS[2])
    assert list_dependents(first) == [second.id]


def test_an_id_that_was_used_never_comes_back() -> None:
    with db.atomic():
        change_set = begin_change_set()
        newest = change_set.add(Person, organisation=1, given_name="A", family_name="B")
        change_set.remove(newest)
        assert begin_change_set().add(
            Person, organisation=1, given_name="C", family_name="D"
        ).id == newest.id + 1  # fmt: skip


def test_a_change_set_depends_on_the_one_that_made_what_it_refers_to() -> None:
    """Of any table: a school at a new place, a person of a new organisation."""
    with db.atomic():
        first, second, third = begin_change_set(), begin_change_set(), begin_change_set()
        place = first.add(Place, name="Nieuwstad", municipality="0392")
        second.change(School.get_by_id(SCHOOLS[0]), place=place)
        third.change(School.get_by_id(SCHOOLS[1]), name="Anders")
        assert list_dependents(first) == [second.id]
        with pytest.raises(BuiltUpon, match=r"^Latere wijzigingen bouwen hierop voort\."):
            undo(first)
        undo(second)
        undo(first)
        assert not Place.select().where(Place.name == "Nieuwstad").exists()


def test_a_change_set_depends_on_the_one_whose_row_it_would_need_again() -> None:
    with db.atomic():
        place = begin_change_set().add(Place, name="Nieuwstad", municipality="0392")
        postcode = begin_change_set().add(Postcode, pc4="9999", municipality="0392", place=place)
        first, second = begin_change_set(), begin_change_set()
        first.remove(postcode)
        second.remove(place)
        assert list_dependents(first) == [second.id]


def test_removing_a_row_takes_what_hangs_on_it_and_undoing_brings_all_of_it_back() -> None:
    with db.atomic():
        before = directory_rows()
        change_set = begin_change_set()
        change_set.remove(Person.get_by_id(1))
        assert not Assignment.select().where(Assignment.person == 1).exists()
        undo(change_set)
        assert directory_rows() == before


def test_a_created_row_that_something_older_still_needs_stays() -> None:
    with db.atomic():
        first, second = begin_change_set(), begin_change_set()
        person = first.add(Person, organisation=1, given_name="A", family_name="B")
        role = Role.get(Role.key == "cjg-coach")
        assignments.assign(second, person, role, School.get_by_id(SCHOOLS[0]), TODAY)
        undo_from(second, TODAY + timedelta(days=7))
        undo(first)
        assert Person.select().where(Person.id == person.id).exists()


def test_a_preview_leaves_nothing() -> None:
    before = directory_rows()
    with preview():
        begin_change_set().change(School.get_by_id(SCHOOLS[0]), name="Even")
        assert School.get_by_id(SCHOOLS[0]).name == "Even"
    assert directory_rows() == before
    assert not ChangeSet.select().exists()


@pytest.mark.parametrize(
    "text", ["person:1:99", "person:x:1", "school:geen:1", "geen:1:1", "person:1", "x", "person:1:1 x"]
)
def test_a_row_with_another_version_or_of_nonsense_is_outdated(text: str) -> None:
    assert is_outdated(text)


def test_a_row_with_the_same_version_is_not_outdated() -> None:
    assert not is_outdated(f"person:1:1 school:{SCHOOLS[0]}:1")
