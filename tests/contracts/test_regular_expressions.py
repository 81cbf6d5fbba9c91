"""No text makes a regular expression of the portal slow."""

import subprocess
import sys

from portal.config import ROOT
from tests.contracts.regular_expressions import LIMIT, Expression, time_expression

SECONDS = 60  # after which the child process is killed


def test_64_kb_of_any_text_cost_every_regular_expression_less_than_a_tenth_of_a_second() -> None:
    try:
        result = subprocess.run(
            [sys.executable, "-m", "tests.contracts.regular_expressions"],
            cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True,
        )  # fmt: skip
        printed = result.stdout
    except subprocess.TimeoutExpired as error:
        printed = (error.stdout or b"").decode()
    lines = [line.split() for line in printed.splitlines()]
    # The last line has no time where the child was killed while it tried this expression.
    slow = [line for line in lines if len(line) < 2 or float(line[1]) > LIMIT]
    assert slow == []
    assert len(lines) > 40


def test_a_quadratic_expression_is_found() -> None:
    before = r"(?:\+|\b00)[ .-]*31[ .)-]*(?:\(0\)|0)?(?:[ .-]*\d){9}(?!\d)"  # until v0.2.0
    assert time_expression(Expression("", before, 0, searches=True)) > LIMIT
