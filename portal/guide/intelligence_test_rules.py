"""The rule for who pays for an intelligence test. Pure: the region's agreement is an argument. Source: the guide,
“Afspraken bekostiging Intelligentie onderzoek” (domain row A35)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_PAYERS = ("school", "social", "parents", "nobody")
_LINES = ("school", "social", "parents", "always")


class Agreement(NamedTuple):
    """The region's agreement: its texts, and the roles or services to call."""

    headlines: Mapping[str, str]  # by payer
    lines: Mapping[str, str]
    care: str  # to call about the problems of the pupil
    budget: str  # to call about the budget of the school


class Payment(NamedTuple):
    """The answer: who pays, what else to know, and the roles or services to call."""

    headline: str
    lines: tuple[str, ...]
    calls: tuple[str, ...]


def read_agreement(values: Mapping[str, Any]) -> Agreement:
    """The agreement out of the tables of its file. Raises KeyError for a missing text."""
    return Agreement(
        {payer: values["headlines"][payer] for payer in _PAYERS},
        {line: values["lines"][line] for line in _LINES},
        values["calls"]["care"],
        values["calls"]["budget"],
    )


def who_pays(agreement: Agreement, *, social: bool, school: bool, parents: bool) -> Payment:
    """The payer of a test, and the contacts to call.

    `social`: the pupil has social or emotional problems beside those with learning; `school`: the
    school needs the test to know what the pupil needs; `parents`: the parents want it.
    """
    payer = "school" if school else "social" if social else "parents" if parents else "nobody"
    applies = {"school": school, "social": social, "parents": parents and not school}
    budget = (agreement.budget,) if school else ()
    return Payment(
        agreement.headlines[payer],
        tuple(agreement.lines[line] for line in _LINES if applies.get(line, True)),
        # Care comes first where the pupil has problems beside learning.
        (agreement.care, *budget) if social else (*budget, agreement.care),
    )
