"""The typed answers of a notice are cleared after 30 days; it can still change and end."""

from datetime import UTC, date, datetime, time, timedelta

from portal.database import connection
from portal.directory.models import Absence, ContactDetail, Person, Substitute
from portal.notices.clearing import clear_typed
from portal.notices.models import Notice
from tests.clock import TODAY
from tests.factories import coach
from tests.notices.conftest import JANUARY, Visit, on

NOORA = {
    "opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling", "werkgever": "1",
    "telefoon": "0612345999",
}  # fmt: skip
MARCH = date(2027, 3, 15)


def test_typed_answers_stay_for_30_days_after_the_first_day(visit: Visit) -> None:
    with on(JANUARY):
        visit("member").post("contactgegevens", {
            "dag": "2027-02-01", "tekst": "Nieuw.", "extra_telefoon": "0612345999",
            f"gegeven_{_phone().id}": "0612345888",
        })  # fmt: skip
    assert _clear(date(2027, 3, 3)) == 0
    assert "0612345888" in _draft().replace("+316", "06")
    assert _clear(date(2027, 3, 4)) == 1
    assert "12345" not in _draft()
    assert _clear(date(2027, 3, 4)) == 0


def test_absence_still_gets_a_last_day_and_its_new_substitute_stays(visit: Visit) -> None:
    with on(JANUARY):
        answers = NOORA | {"dag": "2027-01-18", "tekst": "Verlof."}
        notice = visit("coordinator").post("afwezigheid", answers, coach().id)
    assert _clear(MARCH) == 1
    assert "Noora" not in _draft()
    with on(MARCH):
        coordinator = visit("coordinator")
        moved = coordinator.press(notice, "wijzigen", laatste_dag="2027-04-01", tekst="Tot april.")
        assert moved.status_code == 302
        with connection():
            noora = Person.get(Person.given_name == "Noora")
            assert {s.person for s in Substitute.select()} >= {noora}
            phones = [d.value for d in ContactDetail.select().where(ContactDetail.person == noora)]
            assert Absence.get(Absence.person == coach()).valid_until == date(2027, 4, 2)
        assert phones == ["+31612345999"]
        assert coordinator.press(notice, "intrekken").status_code == 302
        with connection():
            assert Absence.get(Absence.person == coach()).valid_until == MARCH


def test_details_that_were_cleared_stay_in_force_and_can_be_withdrawn(visit: Visit) -> None:
    with on(JANUARY):
        answers = {"dag": "2027-01-18", "tekst": "Nieuw.", "extra_telefoon": "0612345999"}
        notice = visit("member").post("contactgegevens", answers)
    _clear(MARCH)
    with on(MARCH):
        coordinator = visit("coordinator")
        assert coordinator.press(notice, "wijzigen", tekst="Nog een nummer.").status_code == 302
        with connection():
            added = ContactDetail.get(ContactDetail.value == "+31612345999")
            assert added.valid_until is None
        assert coordinator.press(notice, "intrekken").status_code == 302
        with connection():
            assert ContactDetail.get_by_id(added.id).valid_until == MARCH


def test_earlier_texts_stay_for_30_days(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", {"dag": "2027-01-31", "tekst": "Eerste tekst."})
    member.press(notice, "wijzigen", dag="2027-01-31", tekst="Tweede.")
    for day, is_there in ((TODAY + timedelta(days=29), True), (TODAY + timedelta(days=31), False)):
        _clear(day)
        assert ("Eerste" in member.get(f"/wijzigingen/{notice}")) == is_there


def _phone() -> ContactDetail:
    with connection():
        return ContactDetail.get((ContactDetail.person == coach()) & (ContactDetail.value.startswith("+")))


def _clear(day: date) -> int:
    with on(day), connection():
        return clear_typed(datetime.combine(day, time(12), UTC) - timedelta(days=30))


def _draft() -> str:
    with connection():
        (notice,) = Notice.select()
        return str(notice.draft)
