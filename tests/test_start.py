"""The program starts, and loads what few requests need only where they do."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from flask import Flask

from portal.app import create_app
from portal.config import ROOT
from portal.web.converters import LateRule
from tests.conftest import config
from tests.processes import free_port, wait_for

FEW_NEED = [
    "email_validator", "fido2", "markdown_it", "nh3", "openpyxl", "psycopg", "rapidfuzz",
    "portal.imports.interpreter",
]  # fmt: skip
PROGRAM = f"""
import sys
from portal.app import create_app
create_app()
print([name for name in {FEW_NEED} if name in sys.modules])
"""


def test_a_process_on_sqlite_loads_nothing_that_few_requests_need(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/database.sqlite"}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    assert done.stdout == b"[]\n"


def test_no_address_is_compiled_before_a_page_asks_for_it(tmp_path: Path) -> None:
    app = create_app(config(tmp_path / "database.sqlite"))
    rules = list(app.url_map.iter_rules())
    assert {type(rule) for rule in rules} == {LateRule}
    assert {rule._build.__name__ for rule in rules} == {"build_first"}
    with app.test_request_context():
        assert app.url_for("about.privacy") == "/privacy"


def test_a_new_program_answers_and_its_worker_works_until_it_is_ended(portal_copy: Flask) -> None:
    """Starts `flask serve` as a new program, because other tests start forks, which skip its start."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    environ = {**os.environ, "DATABASE_URL": portal_copy.config["KERNWIJZER"].database_url, "PORT": f"{port}"}
    command = [sys.executable, "-m", "flask", "serve"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as program:

        def is_ready() -> bool:
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=60).close()
            except urllib.error.URLError:  # also 503, where the worker does not work yet
                return False
            return True

        try:
            assert program.stdout
            assert program.stdout.readline() == f"Kernwijzer draait op {address}\n"
            wait_for(is_ready)
        finally:
            program.terminate()
    assert program.returncode == 0
