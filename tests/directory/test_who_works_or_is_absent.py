"""Commands on absences: substitutes, and the refusals with their reason."""

from datetime import date

import pytest

from portal.database import db
from portal.directory.assignments import assign
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.models import Absence, School
from portal.directory.who_works_or_is_absent import list_holders, report_absence
from tests.clock import TODAY
from tests.factories import make_person, role

FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)


def test_a_substitute_stands_in_per_assignment(school: School, change_set: ChangeSet) -> None:
    coach, other = make_person("Zieke"), make_person("Vervangende")
    post = assign(change_set, coach, role("cjg-coach"), school, TODAY)
    report_absence(change_set, coach, FEBRUARY, MARCH, {post: other})
    (holder,) = list_holders(FEBRUARY, schools=["16LF00"])
    assert holder.is_absent
    assert holder.substitute
    assert holder.substitute.name == "Vervangende Proef"
    (holder,) = list_holders(MARCH, schools=["16LF00"])
    assert not holder.is_absent


def test_a_substitute_who_is_absent_does_not_stand_in(school: School, change_set: ChangeSet) -> None:
    coach, other = make_person("Zieke"), make_person("Vervangende")
    post = assign(change_set, coach, role("cjg-coach"), school, TODAY)
    report_absence(change_set, coach, FEBRUARY, MARCH, {post: other})
    report_absence(change_set, other, FEBRUARY)
    (holder,) = list_holders(FEBRUARY, schools=["16LF00"])
    assert holder.is_absent
    assert holder.substitute is None


def test_two_absences_of_one_person_do_not_overlap(school: School, change_set: ChangeSet) -> None:
    person = make_person()
    report_absence(change_set, person, FEBRUARY, MARCH)
    report_absence(change_set, person, MARCH)
    with pytest.raises(RuleViolation, match=r"al afwezig\. Kies andere dagen, of wijzig die afwezigheid\.$"):
        report_absence(change_set, person, date(2027, 2, 15))


def test_a_substitute_is_another_person_and_only_for_the_absent_person(school: School, change_set: ChangeSet) -> None:
    person, other = make_person(), make_person("Ander")
    own = assign(change_set, person, role("cjg-coach"), school, TODAY)
    foreign = assign(change_set, other, role("cjg-coach"), school, TODAY)
    with pytest.raises(RuleViolation, match="iemand anders"), db.atomic():
        report_absence(change_set, person, FEBRUARY, None, {own: person})
    with pytest.raises(RuleViolation, match="iemand anders"), db.atomic():
        report_absence(change_set, person, FEBRUARY, None, {foreign: make_person()})
    assert not Absence.select().where(Absence.person == person).exists()
