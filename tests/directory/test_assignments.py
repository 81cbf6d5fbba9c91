"""Commands on assignments: the allowed changes, and the refused ones with their reason."""

from datetime import date, timedelta

import pytest

from portal.database.validity import day_after
from portal.directory.assignments import assign, open_vacancy
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.models import School
from portal.directory.who_works_or_is_absent import list_holders, list_vacancies, report_absence
from tests.factories import make_person, role

FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)


def names(on: date, key: str) -> list[str]:
    return [h.contact.name for h in list_holders(on, schools=["16LF00"], roles=[key])]


def test_a_role_for_one_refuses_a_second_holder_on_the_same_days(school: School, change_set: ChangeSet) -> None:
    assign(change_set, make_person("Eerste"), role("directeur"), school, FEBRUARY, MARCH)
    with pytest.raises(RuleViolation, match=r"^Eerste Proef is in deze tijd al directeur van .*\.$"):
        assign(change_set, make_person("Tweede"), role("directeur"), school, date(2027, 2, 28))
    assert names(date(2027, 2, 28), "directeur") == ["Eerste Proef"]


def test_a_successor_may_begin_on_the_day_after_the_last(school: School, change_set: ChangeSet) -> None:
    last = date(2027, 2, 28)
    assign(change_set, make_person("Eerste"), role("directeur"), school, FEBRUARY, day_after(last))
    assign(change_set, make_person("Tweede"), role("directeur"), school, MARCH)
    assert names(last, "directeur") == ["Eerste Proef"]
    assert names(MARCH, "directeur") == ["Tweede Proef"]


def test_a_role_for_several_allows_two_at_once(school: School, change_set: ChangeSet) -> None:
    assign(change_set, make_person("Eerste"), role("cjg-coach"), school, FEBRUARY)
    assign(change_set, make_person("Tweede"), role("cjg-coach"), school, MARCH)
    assert names(MARCH, "cjg-coach") == ["Eerste Proef", "Tweede Proef"]


def test_a_person_cannot_hold_the_same_post_twice(school: School, change_set: ChangeSet) -> None:
    person = make_person()
    assign(change_set, person, role("cjg-coach"), school, FEBRUARY)
    with pytest.raises(RuleViolation):
        assign(change_set, person, role("cjg-coach"), school, MARCH)


@pytest.mark.parametrize("last", [FEBRUARY, FEBRUARY - timedelta(days=1)])
def test_a_period_that_ends_before_it_begins_is_refused(school: School, change_set: ChangeSet, last: date) -> None:
    with pytest.raises(RuleViolation, match="Kies een latere laatste dag"):
        assign(change_set, make_person(), role("directeur"), school, FEBRUARY, last)
    with pytest.raises(RuleViolation):
        open_vacancy(change_set, role("directeur"), school, FEBRUARY, last)
    with pytest.raises(RuleViolation):
        report_absence(change_set, make_person(), FEBRUARY, last)


def test_a_gap_is_unknown_unless_a_vacancy_says_so(school: School, change_set: ChangeSet) -> None:
    assert list_vacancies(FEBRUARY, ["16LF00"]) == []
    open_vacancy(change_set, role("directeur"), school, FEBRUARY, MARCH)
    assert list_vacancies(FEBRUARY, ["16LF00"])[0].role == "directeur"
    assert list_vacancies(MARCH, ["16LF00"]) == []
    with pytest.raises(RuleViolation, match="al een vacature"):
        open_vacancy(change_set, role("directeur"), school, date(2027, 2, 28))
