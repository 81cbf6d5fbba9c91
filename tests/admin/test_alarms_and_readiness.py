"""The health checks cost next to nothing, however often somebody asks."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.admin.alarms_and_readiness import REMEMBERED
from portal.backups.make_and_restore import make_backup
from portal.database import connection, db
from portal.database.directory_version import find_version
from portal.jobs.worker import JobRun
from tests.clock import TODAY, stopped_at
from tests.factories import make_job_run


@pytest.mark.sqlite("looks at the files")
def test_the_readiness_check_writes_nothing_and_empties_no_cache(portal_copy: Flask) -> None:
    client = portal_copy.test_client()
    settings = portal_copy.config["KERNWIJZER"]
    with connection(), closing(sqlite3.connect(settings.database)) as other:

        def written() -> tuple[object, ...]:
            files = sorted(settings.database.parent.iterdir())
            sizes = [(path.name, path.stat().st_size) for path in files]
            version = other.execute("PRAGMA data_version").fetchone()
            return find_version(), version, sizes

        client.get("/healthz")  # opens the log
        before = written()
        with stopped_at(f"{TODAY} 09:01:00"):
            assert client.get("/readyz").text == "degraded\n"  # there is no backup
        after = written()
    assert before[:2] == after[:2]
    assert before[2] == after[2]


def _be_ready(portal: Flask, moment: datetime) -> None:
    make_job_run("mail", last_ok_at=moment)
    make_backup(portal.config["KERNWIJZER"], moment)


def test_readiness_is_remembered_for_five_seconds(portal_copy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = portal_copy.test_client()
    with stopped_at(f"{TODAY} 09:00:00") as clock, connection():
        _be_ready(portal_copy, clock.moment)
        assert client.get("/readyz").status_code == 200
        clock.tick(REMEMBERED - timedelta(milliseconds=1))
        with monkeypatch.context() as patch:
            patch.setattr(db.obj, "execute_sql", None)  # it asks nothing
            assert client.get("/readyz").status_code == 200
        JobRun.delete().execute()
        clock.tick(timedelta(milliseconds=1))
        assert client.get("/readyz").status_code == 503


def test_a_remembered_answer_from_the_future_does_not_count(portal_copy: Flask) -> None:
    client = portal_copy.test_client()
    with stopped_at(f"{TODAY} 10:00:00") as clock, connection():
        _be_ready(portal_copy, clock.moment)
        assert client.get("/readyz").status_code == 200
    assert client.get("/readyz").status_code == 503
