"""The Dutch words of a fault that somebody reports."""

import pytest

from portal.quality.models import ReportKind
from portal.quality.report_rules import describe_fault


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
    assert describe_fault(fault, kind, school) == said
