"""Days as people write, paste and export them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from portal.typed_days import read_day
from portal.web.forms import DayField


@pytest.mark.parametrize(
    "text",
    ["2026-12-10", "2026/12/10", "20261210", "2026-12-10 00:00:00", "2026-12-10T00:00",
     "10-12-2026", "10/12/2026", "10.12.2026", "10 12 2026", "10-12-26", "10.12.26", "10–12–2026",
     "10 december 2026", "10 dec 2026", "10 dec. 2026", "10-dec-26", "10 DEC '26", "10 Dec ’26",
     "do 10 december 2026", "donderdag 10 december 2026", "Do. 10-12-2026", "do, 10 dec 2026",
     "10e december 2026", "١٠-١٢-٢٠٢٦"],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("text", "month"),
    [("1 jan 2027", 1), ("1 mrt 2027", 3), ("1 maart 2027", 3), ("1 mei 2027", 5),
     ("1 jun 2027", 6), ("1 juli 2027", 7), ("1 sept 2027", 9), ("1 okt. 2027", 10)],
)  # fmt: skip
def test_a_month_is_read_by_name(text: str, month: int) -> None:
    assert read_day(text) == date(2027, month, 1)


@pytest.mark.parametrize(
    "text",
    ["", "morgen", "10 december", "12-2026", "31-2-2027", "2027-13-01", "10-12-026", "10 ma 2026",
     "10 decimaal 2026", "1-2-3", "10-12-2026-1", "2026-12/10", "week 12", "2026"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no|day|month"):
        read_day(text)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%Y"):
        assert read_day(day.strftime(form)) == day


class Asked(Form):
    day = DayField("Dag")


def test_a_pasted_day_may_have_other_blanks() -> None:
    form = Asked(MultiDict({"day": "\u00a010\u00a0december\u200b\u20092026\r\n"}))
    assert form.validate()
    assert form.day.data == date(2026, 12, 10)
    assert form.day._value() == "2026-12-10"
