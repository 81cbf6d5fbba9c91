"""Commands on assignments: the allowed changes, and the refused ones with their reason."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.database import connection, db
from portal.database.validity import day_after
from portal.directory.assignments import RuleViolation, assign, open_vacancy, report_absence
from portal.directory.change_sets import ChangeSet
from portal.directory.holders_and_substitutes import list_holders, list_vacancies
from portal.directory.models import Absence, Assignment, School
from tests.clock import TODAY
from tests.factories import make_person, role

CHANGE_SET = ChangeSet(1)
FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)


@pytest.fixture(autouse=True)
def school(portal_copy: Flask) -> Iterator[School]:
    """Camelot, without any assignment."""
    with connection():
        Assignment.delete().where(Assignment.school == "16LF00").execute()
        yield School.get_by_id("16LF00")


def names(on: date, key: str) -> list[str]:
    return [h.contact.name for h in list_holders(on, schools=["16LF00"], roles=[key])]


def test_a_role_for_one_refuses_a_second_holder_on_the_same_days(school: School) -> None:
    assign(CHANGE_SET, make_person("Eerste"), role("directeur"), school, FEBRUARY, MARCH)
    with pytest.raises(
        RuleViolation, match=r"^Eerste Proef is in deze tijd al directeur van .*\.$"
    ):
        assign(CHANGE_SET, make_person("Tweede"), role("directeur"), school, date(2027, 2, 28))
    assert names(date(2027, 2, 28), "directeur") == ["Eerste Proef"]


def test_a_successor_may_begin_on_the_day_after_the_last(school: School) -> None:
    last = date(2027, 2, 28)
    assign(CHANGE_SET, make_person("Eerste"), role("directeur"), school, FEBRUARY, day_after(last))
    assign(CHANGE_SET, make_person("Tweede"), role("directeur"), school, MARCH)
    assert names(last, "directeur") == ["Eerste Proef"]
    assert names(MARCH, "directeur") == ["Tweede Proef"]


def test_a_role_for_several_allows_two_at_once(school: School) -> None:
    assign(CHANGE_SET, make_person("Eerste"), role("cjg-coach"), school, FEBRUARY)
    assign(CHANGE_SET, make_person("Tweede"), role("cjg-coach"), school, MARCH)
    assert names(MARCH, "cjg-coach") == ["Eerste Proef", "Tweede Proef"]


def test_a_person_cannot_hold_the_same_post_twice(school: School) -> None:
    person = make_person()
    assign(CHANGE_SET, person, role("cjg-coach"), school, FEBRUARY)
    with pytest.raises(RuleViolation):
        assign(CHANGE_SET, person, role("cjg-coach"), school, MARCH)


@pytest.mark.parametrize("last", [FEBRUARY, FEBRUARY - timedelta(days=1)])
def test_a_period_that_ends_before_it_begins_is_refused(school: School, last: date) -> None:
    with pytest.raises(RuleViolation, match="Kies een latere laatste dag"):
        assign(CHANGE_SET, make_person(), role("directeur"), school, FEBRUARY, last)
    with pytest.raises(RuleViolation):
        open_vacancy(CHANGE_SET, role("directeur"), school, FEBRUARY, last)
    with pytest.raises(RuleViolation):
        report_absence(CHANGE_SET, make_person(), FEBRUARY, last)


def test_a_substitute_stands_in_per_assignment(school: School) -> None:
    coach, other = make_person("Zieke"), make_person("Vervangende")
    post = assign(CHANGE_SET, coach, role("cjg-coach"), school, TODAY)
    report_absence(CHANGE_SET, coach, FEBRUARY, MARCH, {post: other})
    (holder,) = list_holders(FEBRUARY, schools=["16LF00"])
    assert holder.is_absent
    assert holder.substitute
    assert holder.substitute.name == "Vervangende Proef"
    (holder,) = list_holders(MARCH, schools=["16LF00"])
    assert not holder.is_absent


def test_a_substitute_who_is_absent_does_not_stand_in(school: School) -> None:
    coach, other = make_person("Zieke"), make_person("Vervangende")
    post = assign(CHANGE_SET, coach, role("cjg-coach"), school, TODAY)
    report_absence(CHANGE_SET, coach, FEBRUARY, MARCH, {post: other})
    report_absence(CHANGE_SET, other, FEBRUARY)
    (holder,) = list_holders(FEBRUARY, schools=["16LF00"])
    assert holder.is_absent
    assert holder.substitute is None


def test_two_absences_of_one_person_do_not_overlap(school: School) -> None:
    person = make_person()
    report_absence(CHANGE_SET, person, FEBRUARY, MARCH)
    report_absence(CHANGE_SET, person, MARCH)
    with pytest.raises(RuleViolation, match=r"al afwezig gemeld\. Pas die melding aan\.$"):
        report_absence(CHANGE_SET, person, date(2027, 2, 15))


def test_a_substitute_is_another_person_and_only_for_the_absent_person(school: School) -> None:
    person, other = make_person(), make_person("Ander")
    own = assign(CHANGE_SET, person, role("cjg-coach"), school, TODAY)
    foreign = assign(CHANGE_SET, other, role("cjg-coach"), school, TODAY)
    with pytest.raises(RuleViolation, match="iemand anders"), db.atomic():
        report_absence(CHANGE_SET, person, FEBRUARY, None, {own: person})
    with pytest.raises(RuleViolation, match="iemand anders"), db.atomic():
        report_absence(CHANGE_SET, person, FEBRUARY, None, {foreign: make_person()})
    assert not Absence.select().where(Absence.person == person).exists()


def test_a_gap_is_unknown_unless_a_vacancy_says_so(school: School) -> None:
    assert list_vacancies(FEBRUARY, ["16LF00"]) == []
    open_vacancy(CHANGE_SET, role("directeur"), school, FEBRUARY, MARCH)
    assert list_vacancies(FEBRUARY, ["16LF00"])[0].role == "directeur"
    assert list_vacancies(MARCH, ["16LF00"]) == []
    with pytest.raises(RuleViolation, match="al een vacature"):
        open_vacancy(CHANGE_SET, role("directeur"), school, date(2027, 2, 28))
