"""The attendance card (Verzuimkaart): each threshold at its boundary, as rule and as page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.schools_and_kernen import get_calendar
from portal.guide import attendance_rules, leave_rules
from portal.guide.attendance_rules import Advice, Threshold, ThresholdsByKey, limits_on
from portal.web.formatting import weekday
from portal.workdays import Calendar, HolidayKind, HolidayRow
from tests.checks import texts
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.guide import content
from tests.guide.content import LIMITS, advise

CAMELOT = "school=16lf00-basisschool-camelot"
CARD = "/routeboek/verzuimkaart"


@pytest.fixture
def calendar(app: Flask) -> Calendar:
    with connection():
        return get_calendar()


def answer(client: CheckedClient, query: str) -> str:
    page = client.get(f"{CARD}?{query}")
    assert page.status_code == 200
    return " ".join(texts(page.text, "tool-answer"))


# ---- late: up to 12 the school, from 13 leerplicht ----------------------------------------------


@pytest.mark.parametrize(
    ("times", "report"), [(0, False), (1, False), (11, False), (12, False), (13, True), (40, True)]
)
def test_more_than_12_late_arrivals_are_reported(times: int, report: bool) -> None:
    advice = advise(attendance_rules.late(times, LIMITS))
    assert (advice.steps[0].task == "Meld het bij leerplicht.") is report
    assert advice.headline.startswith(f"{times} keer te laat")


def test_at_12_late_arrivals_the_page_says_that_the_next_is_reported(client: CheckedClient) -> None:
    assert "dit is aan de school zelf" in answer(client, f"wat=te-laat&keer=12&{CAMELOT}")
    assert "Nog 1 keer te laat erbij?" in answer(client, f"wat=te-laat&keer=12&{CAMELOT}")
    assert "meld het bij leerplicht" in answer(client, f"wat=te-laat&keer=13&{CAMELOT}")


# ---- absent without leave: more than 16 hours in 4 school weeks ---------------------------------


@pytest.mark.parametrize(
    ("hours", "report"), [("0", False), ("15.5", False), ("16", False), ("16.5", True), ("17", True)]
)
def test_more_than_16_hours_are_reported_to_leerplicht(calendar: Calendar, hours: str, report: bool) -> None:
    advice = advise(attendance_rules.absent(Decimal(hours), date(2026, 11, 2), calendar, LIMITS))
    tasks = [step.task for step in advice.steps]
    assert ("Meld het bij leerplicht. Dat is verplicht." in tasks) is report
    assert any("samenwerkingsverband" in task for task in tasks), "also at 16 hours or fewer"


def test_half_hours_are_typed_and_shown_with_a_comma(client: CheckedClient) -> None:
    assert "16,5 uur weg" in answer(client, f"wat=weg&uren=16,5&eerste=2-11-2026&{CAMELOT}")
    assert "16,5 uur weg" in answer(client, f"wat=weg&uren=16.5&eerste=2-11-2026&{CAMELOT}")


@pytest.mark.parametrize(
    ("first", "begins", "ends"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 27)),
        (date(2026, 11, 4), date(2026, 11, 2), date(2026, 11, 27)),  # from the Monday of that week
        (date(2026, 9, 28), date(2026, 9, 28), date(2026, 10, 30)),  # over the autumn holiday
        (date(2026, 12, 14), date(2026, 12, 14), date(2027, 1, 22)),  # over Christmas: two weeks
        (date(2027, 4, 19), date(2027, 4, 19), date(2027, 5, 21)),  # May holiday, Ascension Day
        (date(2026, 10, 12), date(2026, 10, 19), date(2026, 11, 13)),  # begins within a holiday
        (date(2027, 6, 28), date(2027, 6, 28), date(2027, 9, 3)),  # over the summer
    ],
)
def test_hours_count_in_four_school_weeks_and_skip_holidays(
    calendar: Calendar, first: date, begins: date, ends: date
) -> None:
    weeks = calendar.school_weeks(first, 4)
    assert (weeks[0], weeks[-1] + timedelta(days=4)) == (begins, ends)


def test_the_page_names_the_weeks_and_the_skipped_holiday(client: CheckedClient) -> None:
    shown = answer(client, f"wat=weg&uren=10&eerste=2026-09-28&{CAMELOT}")
    assert "van maandag 28 september 2026 tot en met vrijdag 30 oktober 2026" in shown
    assert "De herfstvakantie (10 oktober 2026 tot en met 18 oktober 2026) telt niet mee." in shown


def test_the_page_says_where_the_holidays_are_not_known(client: CheckedClient) -> None:
    shown = answer(client, "wat=vakantie&eerste=2027-10-04&laatste=2027-10-05&werk=ja&eerder=nee")
    assert "De schoolvakanties kennen we van 18 oktober 2025 tot 23 augustus 2027." in shown
    assert "De schoolvakanties kennen we" not in answer(client, f"wat=weg&uren=10&eerste=2026-11-02&{CAMELOT}")


# ---- enrolment: 7 days --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "by"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday to Monday, over a weekend
        (date(2026, 11, 20), date(2026, 11, 27)),  # Friday to Friday
        (date(2026, 11, 21), date(2026, 11, 27)),  # the last day is a Saturday
        (date(2026, 11, 22), date(2026, 11, 27)),  # … a Sunday
        (date(2027, 3, 22), date(2027, 3, 26)),  # … Easter Monday
        (date(2026, 12, 16), date(2026, 12, 23)),  # in the Christmas holiday, an office day
        (date(2026, 12, 25), date(2026, 12, 31)),  # New Year’s Day
        (date(2026, 7, 4), date(2026, 7, 10)),  # a Saturday in the summer holiday
    ],
)
def test_registration_is_reported_to_duo_within_7_days_on_an_office_day(calendar: Calendar, on: date, by: date) -> None:
    advice = advise(attendance_rules.registration(on, TODAY, calendar, LIMITS))
    assert advice.headline == f"Meld het bij DUO, uiterlijk {weekday(by)}."


def test_the_page_says_that_the_school_is_closed_on_the_last_day(client: CheckedClient) -> None:
    shown = answer(client, f"wat=in-of-uit&op=2026-12-16&{CAMELOT}")
    assert "Meld het bij DUO, uiterlijk woensdag 23 december 2026." in shown
    assert "De school is dan dicht (kerstvakantie)." in shown
    assert "De laatste schooldag daarvoor is vrijdag 18 december 2026." in shown


# ---- leave for a holiday: four conditions and 8 weeks -------------------------------------------


def holiday(
    calendar: Calendar,
    first: date = date(2027, 3, 1),
    last: date = date(2027, 3, 12),
    *,
    for_work: bool = True,
    earlier: bool = False,
) -> Advice:
    return advise(leave_rules.holiday(
        first, last, for_work=for_work, earlier=earlier, today=TODAY, calendar=calendar,
        limits=LIMITS,
    ))  # fmt: skip


def failing(advice: Advice) -> list[str]:
    return [condition.text for condition in advice.conditions if condition.met is False]


def test_the_headteacher_decides_on_leave_that_meets_all_conditions(calendar: Calendar) -> None:
    advice = holiday(calendar)
    assert advice.headline == "Dit verlof mag. De directeur beslist."
    assert len(advice.conditions) == 4
    assert failing(advice) == []
    assert "bezwaar" in advice.steps[1].task


def test_holiday_leave_without_the_parents_work_is_refused(calendar: Calendar) -> None:
    assert failing(holiday(calendar, for_work=False)) == ["Het komt niet door het werk van de ouders."]


def test_holiday_leave_for_a_second_time_in_a_year_is_refused(calendar: Calendar) -> None:
    advice = holiday(calendar, earlier=True)
    assert failing(advice) == ["Er was dit jaar al verlof voor vakantie."]
    assert advice.headline == "Dit verlof mag niet."


@pytest.mark.parametrize(
    ("last", "days", "allowed"),
    [
        (date(2027, 3, 12), 10, True),
        (date(2027, 3, 14), 10, True),  # the weekend behind it does not count
        (date(2027, 3, 15), 11, False),
        (date(2027, 3, 30), 21, False),  # Easter Monday does not count
    ],
)
def test_holiday_leave_is_at_most_10_school_days(calendar: Calendar, last: date, days: int, allowed: bool) -> None:
    advice = holiday(calendar, last=last)
    assert advice.conditions[2].text == f"Het zijn {days} lesdagen. Het mogen er hoogstens 10 zijn."
    assert advice.conditions[2].met is allowed


@pytest.mark.parametrize(
    ("first", "last", "allowed"),
    [
        (date(2026, 8, 17), date(2026, 8, 18), False),  # the first day after the summer
        (date(2026, 8, 28), date(2026, 8, 31), False),  # begins on the last day of two weeks
        (date(2026, 8, 30), date(2026, 8, 31), True),  # … a Sunday, which is no school day
        (date(2026, 8, 31), date(2026, 9, 4), True),
        (date(2026, 7, 1), date(2026, 7, 3), True),  # before the summer
        (date(2027, 9, 3), date(2027, 9, 7), False),
        (date(2027, 9, 6), date(2027, 9, 7), True),
    ],
)
def test_holiday_leave_is_not_in_the_first_two_weeks_after_the_summer(
    calendar: Calendar, first: date, last: date, allowed: bool
) -> None:
    assert holiday(calendar, first, last).conditions[3].met is allowed


def test_the_summer_holiday_is_recognised_by_its_kind() -> None:
    def condition(kind: HolidayKind) -> bool | None:
        summer = HolidayRow("Bouwvak", kind, date(2027, 7, 10), date(2027, 8, 23))
        return holiday(Calendar([summer]), date(2027, 8, 23), date(2027, 8, 24)).conditions[3].met

    assert condition(HolidayKind.SUMMER) is False
    assert condition(HolidayKind.SCHOOL) is None


def test_an_unknown_summer_holiday_leaves_the_answer_open(calendar: Calendar) -> None:
    advice = holiday(calendar, date(2028, 9, 4), date(2028, 9, 8))
    assert advice.conditions[3].met is None
    assert advice.headline == "Of dit verlof mag, is nog niet zeker."
    assert holiday(calendar, date(2028, 3, 6), date(2028, 3, 10)).conditions[3].met is True


@pytest.mark.parametrize(
    ("first", "by", "past"),
    [
        (date(2027, 1, 18), "maandag 23 november 2026", False),  # 8 weeks from today exactly
        (date(2027, 1, 15), "vrijdag 20 november 2026", True),
        (date(2027, 4, 5), "maandag 8 februari 2027", False),
    ],
)
def test_leave_is_requested_8_weeks_ahead(calendar: Calendar, first: date, by: str, past: bool) -> None:
    advice = holiday(calendar, first, first)
    assert advice.steps[0].when == f"uiterlijk {by}"
    assert any("is al voorbij" in note for note in advice.notes) is past


def test_the_page_shows_each_condition_and_the_last_day_to_ask(client: CheckedClient) -> None:
    shown = answer(client, f"wat=vakantie&eerste=2026-08-24&laatste=2026-09-04&werk=ja&eerder=nee&{CAMELOT}")
    assert "Dit verlof mag niet." in shown
    assert "Niet goed Het valt in de eerste 2 weken na de zomervakantie." in shown
    assert "Goed Het zijn 10 lesdagen." in shown
    assert "uiterlijk maandag 29 juni 2026" in shown


# ---- leave for a weighty reason: 10 days --------------------------------------------------------


@pytest.mark.parametrize(("days", "school"), [(1, True), (10, True), (11, False)])
def test_the_school_decides_up_to_10_days_and_leerplicht_on_more(days: int, school: bool) -> None:
    advice = advise(leave_rules.circumstances(days, date(2027, 3, 1), forced=True, today=TODAY, limits=LIMITS))
    assert ("de school beslist zelf" in advice.headline) is school
    assert ("leerplichtambtenaar" in advice.steps[1].task) is not school
    assert advice.steps[0].when == "uiterlijk maandag 4 januari 2027"


def test_a_reason_that_parents_could_influence_is_not_weighty() -> None:
    advice = advise(leave_rules.circumstances(3, date(2027, 3, 1), forced=False, today=TODAY, limits=LIMITS))
    assert advice.headline == "Dit verlof mag niet."


# ---- illness ------------------------------------------------------------------------------------


def test_the_school_doctor_is_shown_for_an_ill_pupil(client: CheckedClient) -> None:
    shown = answer(client, f"wat=ziek&{CAMELOT}")
    assert "Vraag de ouders" in shown
    assert "www.ziezon.nl" in shown
    assert "Hoort bij: JGZ-team." in shown


# ---- contacts to call ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("home", "body"),
    [
        ("", "Leerplein"),
        ("woont=haarlemmermeer", "0900 1852"),
        ("woont=anders&plaats=Hillegom", "RBL Holland Rijnland"),
        ("plaats=2181", "RBL Holland Rijnland"),
        ("woont=velsen", "Leerplicht gemeente Velsen"),
    ],
)
def test_leerplicht_follows_the_residence_of_the_pupil(client: CheckedClient, home: str, body: str) -> None:
    assert body in answer(client, f"wat=te-laat&keer=13&{CAMELOT}&{home}")


def test_the_samenwerkingsverband_is_shown_beside_leerplicht(client: CheckedClient) -> None:
    shown = answer(client, f"wat=weg&uren=20&eerste=2026-11-02&{CAMELOT}")
    assert "Ouder- en Jeugdsteunpunt" in shown


def test_without_a_school_the_page_gives_the_rule_and_asks_for_a_school(client: CheckedClient) -> None:
    shown = answer(client, "wat=te-laat&keer=13")
    assert "meld het bij leerplicht" in shown
    assert "Kies hierboven een school." in shown


def test_the_card_is_to_be_confirmed_for_vo(client: CheckedClient) -> None:
    shown = answer(client, "wat=te-laat&keer=13&school=20dg00-gymnasium-felisenum")
    assert "De Verzuimkaart is gemaakt voor de basisschool." in shown
    assert "geldt voor voortgezet onderwijs" in shown
    assert "De Verzuimkaart is gemaakt" not in answer(client, f"wat=te-laat&keer=13&{CAMELOT}")


def test_the_fallback_role_stands_in_for_a_role_that_vo_does_not_have(client: CheckedClient) -> None:
    shown = answer(client, "wat=weg&uren=20&eerste=2026-11-02&school=20dg00-gymnasium-felisenum")
    assert "Onderwijsconsulent" in shown


def test_every_answer_names_its_source(client: CheckedClient) -> None:
    for query in ("wat=te-laat&keer=13", "wat=ziek", "wat=in-of-uit&op=2026-11-23"):
        assert "Bron: Routeboek jan. 2024, “De Verzuimkaart”" in answer(client, query)


# ---- errors in the form -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("wat=te-laat&keer=", "Vul een getal in, zoals 13."),
        ("wat=te-laat&keer=vaak", "Vul een getal in, zoals 13."),
        ("wat=te-laat&keer=12,5", "Vul een heel getal in, zoals 13."),
        ("wat=te-laat&keer=-1", "Vul een getal in boven 0, tot en met 200."),
        ("wat=te-laat&keer=0", "Vul een getal in boven 0, tot en met 200."),
        ("wat=weg&uren=0,0&eerste=2026-11-02", "Vul een getal in boven 0, tot en met 500."),
        ("wat=te-laat&keer=201", "Vul een getal in boven 0, tot en met 200."),
        ("wat=te-laat&keer=nan", "Vul een getal in, zoals 13."),
        ("wat=te-laat&keer=1e9", "Vul een getal in, zoals 13."),
        ("wat=te-laat&keer=%00", "Vul een getal in, zoals 13."),
        ("wat=weg&uren=veel&eerste=2026-11-02", "Vul een getal in, zoals 16,5."),
        ("wat=weg&uren=3&eerste=", "Vul een dag in, zoals 1-2-2027."),
        ("wat=weg&uren=3&eerste=2026-11-24",
         "Deze dag moet nog komen. Kies vandaag of een eerdere dag."),
        ("wat=weg&uren=3&eerste=gisteren", "Vul een dag in, zoals 1-2-2027."),
        ("wat=in-of-uit&op=1-1-1999", "Kies een dag tussen 1 januari 2000 en 31 december 2099."),
        ("wat=vakantie&eerste=2027-03-02&laatste=2027-03-01",
         "De laatste dag ligt voor de eerste dag. Pas een van beide aan."),
        ("wat=vakantie&eerste=2027-03-02&laatste=2029-03-01",
         "Dit is meer dan een jaar. Pas een van beide dagen aan."),
        ("wat=vakantie&eerste=2027-03-01&laatste=2027-03-01&werk=",
         "Kies of er dit jaar al verlof voor vakantie was."),
        ("wat=vakantie&eerste=2027-03-01&laatste=2027-03-01&werk=x&eerder=ja",
         "Kies of de ouders door hun werk alleen dan weg kunnen."),
        ("wat=te-laat&keer=3&school=x", "Kies een school uit de lijst."),
        ("wat=te-laat&keer=3&woont=x", "Kies een gemeente uit de lijst."),
        ("wat=te-laat&keer=3&woont=anders",
         "Vul in waar de leerling woont: een plaats of een postcode."),
        ("wat=te-laat&keer=3&plaats=Spaarndam", "Er is meer dan één Spaarndam."),
        ("wat=te-laat&keer=3&plaats=" + "x" * 101, "Deze plaats is te lang."),
    ],
)  # fmt: skip
def test_an_error_is_shown_beside_its_field(client: CheckedClient, query: str, message: str) -> None:
    page = client.get(f"{CARD}?{query}")
    assert page.status_code == 422
    assert any(error.startswith(message) for error in texts(page.text, "error"))
    assert texts(page.text, "tool-answer") == []


def test_an_unknown_question_shows_the_questions(client: CheckedClient) -> None:
    page = client.get(f"{CARD}?wat=spijbelen")
    assert page.status_code == 200
    assert "Weg zonder toestemming" in page.text


def test_a_question_that_was_just_chosen_shows_no_errors(client: CheckedClient) -> None:
    page = client.get(f"{CARD}?wat=vakantie&{CAMELOT}")
    assert page.status_code == 200
    assert 'value="16lf00-basisschool-camelot" selected' in page.text


def test_the_only_school_of_a_signed_in_person_is_preselected(portal_copy: Flask) -> None:
    from portal.accounts.models import Account
    from portal.directory.models import Assignment, Role, School

    with connection():
        at = Assignment.get((Assignment.role == Role.get(Role.key == "directeur")) & (Assignment.school == "16LF00"))
        Account.update(person_id=at.person_id).where(Account.role == "member").execute()
        assert School.get(School.code == "16LF00")
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    shown = answer(client, "wat=ziek")
    assert "Jeugdarts" in shown
    assert "JGZ-team" in shown
    assert "Kies hierboven een school." in answer(client, "wat=ziek&school=")


# ---- the numbers are dated records --------------------------------------------------------------


def test_a_threshold_changes_on_its_day() -> None:
    old, new = (Threshold("late_times", value, "t", date(year, 8, 1), "s") for value, year in ((12, 2024), (9, 2027)))
    records = (new, old)
    assert limits_on(records, date(2027, 7, 31))["late_times"].value == 12
    assert limits_on(records, date(2027, 8, 1))["late_times"].value == 9
    assert limits_on(records, date(2020, 1, 1))["late_times"].value == 12


def test_another_threshold_gives_another_answer() -> None:
    other: ThresholdsByKey = {**LIMITS, "late_times": LIMITS["late_times"]._replace(value=9)}
    assert "meld het bij leerplicht" in advise(attendance_rules.late(10, other)).headline
    assert "meld het bij leerplicht" not in advise(attendance_rules.late(10, LIMITS)).headline


def test_every_threshold_has_its_source() -> None:
    assert {record.key: record.value for record in content.CARD.thresholds} == {
        "late_times": 12, "absent_hours": 16, "absent_weeks": 4, "registration_days": 7,
        "holiday_times": 1, "holiday_days": 10, "after_summer_weeks": 2, "request_weeks": 8,
        "circumstances_days": 10,
    }  # fmt: skip
    assert all("De Verzuimkaart" in record.source for record in content.CARD.thresholds)
