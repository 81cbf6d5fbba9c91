"""`python -m tests.fuzz [REQUESTS] [SEED] [FIRST_BLOCK]`: a run, its figures and its faults.

A fault is shown with its seed and block: the same numbers send the same requests again, but for
the random keys that the portal itself makes.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.clock import TODAY, stopped_at
from tests.conftest import make_app
from tests.fuzz.running import Fuzzer


def main(requests: int = 100_000, seed: int = 1, first_block: int = 0) -> int:
    """Print the report; 1 where there is a fault."""
    with tempfile.TemporaryDirectory() as folder, stopped_at(f"{TODAY} 09:00:00"):
        database = Path(folder) / "kernwijzer.sqlite"
        app = make_app(database)
        result = app.test_cli_runner().invoke(args=["seed", "--demo"])
        assert result.exit_code == 0, result.output
        fuzzer, begun = Fuzzer(app, database), time.perf_counter()
        report = fuzzer.run(requests, seed, first_block)
        print(f"seed {seed}, {time.perf_counter() - begun:.0f} s")
        print(report)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
