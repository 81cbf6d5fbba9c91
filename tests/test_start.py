"""The libraries and modules that a process of the portal loads only when it needs them."""

import subprocess
import sys
from pathlib import Path

from portal.app import create_app
from portal.config import ROOT
from portal.web.converters import LateRule
from tests.conftest import config

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
