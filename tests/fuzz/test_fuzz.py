"""A short run of the fuzzer; `make fuzz` sends more."""

from pathlib import Path

import pytest
from flask import Flask

from portal.database import db
from portal.web.declared_access import Access
from tests.fuzz.running import BLOCK, Fuzzer

EACH, SEED = 4, 1  # requests for each view and role that may see it


# werkzeug leaves the file of a broken upload to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_request_fails_and_every_view_is_reached(own_portal: Flask) -> None:
    fuzzer = Fuzzer(own_portal, Path(db.database))
    requests = -(-EACH * len(fuzzer.allowed_pairs()) // BLOCK) * BLOCK
    report = fuzzer.run(requests, SEED)
    print(report)
    assert not report.faults, report
    assert sum(report.statuses.values()) == requests
    assert report.share_reached >= 0.95, report
    assert report.share_past_token >= 0.5, report

    # The run would have seen an error.
    def fail(**arguments: object) -> str:
        return str(int("a"))

    fail.access = Access(everybody=True)  # type: ignore[attr-defined]
    own_portal.view_functions = dict.fromkeys(own_portal.view_functions, fail)
    (fault,) = fuzzer.run(BLOCK, SEED).faults
    assert fault.startswith("ValueError")
