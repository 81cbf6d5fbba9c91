"""The filters that format values in Dutch."""

from datetime import date

from flask import Flask

from portal.web import formatting


def test_weekdays_become_short_words() -> None:
    assert formatting.weekday_names("124") == "ma, di, do"
    assert formatting.weekday_names("") == ""


def test_only_the_first_letter_gets_a_capital() -> None:
    assert formatting.capital("cJG-coach") == "CJG-coach"
    assert formatting.capital("") == ""


def test_dates_are_dutch(app: Flask) -> None:
    with app.test_request_context():
        assert formatting.day(date(2027, 2, 1)) == "1 februari 2027"
        assert formatting.month(date(2024, 1, 1)) == "januari 2024"


def test_dates_in_figures_name_the_last_day() -> None:
    assert formatting.short_day(date(2027, 2, 1)) == "1-2-2027"
    assert formatting.period(date(2027, 2, 1), None) == "vanaf 1-2-2027"
    until = formatting.period(date(2027, 2, 1), date(2027, 2, 12))
    assert until == "vanaf 1-2-2027 tot en met 12-2-2027"


def test_a_website_is_shown_short_and_linked_by_http() -> None:
    assert formatting.site("https://www.ecl.nl/pad") == "ecl.nl/pad"
    assert formatting.site_link("www.ecl.nl") == "https://www.ecl.nl"
    assert formatting.site_link("javascript:alert(1)") == "https://javascript:alert(1)"


def test_a_count_of_one_is_singular() -> None:
    assert formatting.count(1, "school", "scholen") == "1 school"
    assert formatting.count(0, "school", "scholen") == "0 scholen"
