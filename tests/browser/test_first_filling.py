"""The first filling with a seventh of the schools. `python -m tests.bench.first_filling` takes all
of them.
"""

from playwright.sync_api import Browser

from tests.bench.first_filling import run


def test_a_portal_is_filled_and_nobody_is_mailed_unasked(browser: Browser) -> None:
    result = run(browser, 1, every=7)
    assert result.share >= 0.98, result.missing
    assert result.minutes - result.waited / 60 <= 5
    assert result.questions <= 30
    assert result.questions_again <= 3
    assert result.unasked == []
    assert result.invited > 10
