"""Retention clears each kind of data by itself."""

from datetime import datetime

import pytest
from flask import Flask

from portal.database import connection
from portal.jobs.clearing import Clearing, clear_old
from portal.retention_periods import LOGS, REQUESTS


def test_a_failure_in_one_kind_does_not_stop_the_others(portal_copy: Flask, caplog: pytest.LogCaptureFixture) -> None:
    cleared: list[datetime] = []

    def fail(before: datetime) -> int:
        raise OSError("no")

    def clear(before: datetime) -> int:
        cleared.append(before)
        return 1

    with connection(), pytest.raises(ExceptionGroup) as told:
        clear_old([Clearing(LOGS, fail), Clearing(REQUESTS, clear)])
    assert len(cleared) == 1
    assert [type(error) for error in told.value.exceptions] == [OSError]
    assert "could not clear: Logboek" in caplog.text
