"""No text makes a regular expression of the portal slow."""

import multiprocessing
import resource
from pathlib import Path

from tests.contracts.regular_expressions import LIMIT, Expression, print_times, time_expression

SECONDS = 30  # of CPU, after which the kernel kills the child process


def test_64_kb_of_any_text_cost_every_regular_expression_less_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    """A fork has read the portal already; only a process can be killed in the middle of one."""
    printed = tmp_path / "printed"

    def time_all() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        print_times(printed)

    child = multiprocessing.get_context("fork").Process(target=time_all)
    child.start()
    child.join()
    lines = [line.split() for line in printed.read_text().splitlines()]
    # The last line has no time where the child was killed while it tried this expression.
    slow = [line for line in lines if len(line) < 2 or float(line[1]) > LIMIT]
    assert slow == []
    assert len(lines) > 40


def test_a_quadratic_expression_is_found() -> None:
    before = r"(?:\+|\b00)[ .-]*31[ .)-]*(?:\(0\)|0)?(?:[ .-]*\d){9}(?!\d)"  # until v0.2.0
    assert time_expression(Expression("", before, 0, searches=True)) > LIMIT
