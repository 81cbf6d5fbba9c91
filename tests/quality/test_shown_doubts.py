"""The reports that other readers see, and the Dutch words of a fault."""

from datetime import date, timedelta

import pytest

from portal.quality.models import ReportKind
from portal.quality.shown_doubts import is_shown, say_fault
from tests.clock import TODAY

YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("is_signed_in", "earlier", "shown"),
    [
        (True, [], True),
        (False, [], False),
        (False, [(TODAY, "us")], False),
        (False, [(YESTERDAY, "us")], True),
        (False, [(TODAY, "them")], True),
        (False, [(TODAY, "us"), (TODAY, "them")], True),
    ],
)
def test_a_report_shows_at_once_or_as_the_second_of_another_day_or_reader(
    is_signed_in: bool, earlier: list[tuple[date, str]], shown: bool
) -> None:
    assert is_shown("us", is_signed_in, TODAY, earlier) is shown


@pytest.mark.parametrize(
    ("fault", "kind", "school", "said"),
    [
        (ReportKind.DETAIL, "phone", "", "dit nummer niet klopt"),
        (ReportKind.DETAIL, "email", "", "dit e-mailadres niet klopt"),
        (ReportKind.DETAIL, "", "", "een nummer of adres niet klopt"),
        (ReportKind.GONE, "", "", "deze persoon hier niet meer werkt"),
        (ReportKind.GONE, "", "De Ark", "deze persoon bij De Ark niet meer werkt"),
        (ReportKind.OTHER_PERSON, "", "", "hier iemand anders werkt"),
        (ReportKind.OTHER_PERSON, "", "De Ark", "bij De Ark iemand anders werkt"),
        (ReportKind.OTHER, "", "", "hier iets niet klopt"),
    ],
)
def test_a_fault_in_words(fault: ReportKind, kind: str, school: str, said: str) -> None:
    assert say_fault(fault, kind, school) == said
