"""`make bench`: the CPU time and the instructions of one request, in process.

Instructions are counted by callgrind (valgrind). They repeat within a few percent on a busy machine
too, so compare two versions of the portal by them. CPU time is the best of several rounds.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from portal.app import create_app
from portal.config import ROOT
from portal.database import connection
from portal.search import finding, question
from tests.bench.fill import bench_config, filled
from tests.bench.measure import CONDITIONS, NEW, SEEN, VISITORS, YARDSTICKS
from tests.bench.typed import mix

SIZES = (150, 10_000)
ROUNDS = 7
UNIT = ("Jinja fragment", YARDSTICKS)
# Only tests.bench.measure calls through libffi, so nothing else is collected.
COLLECT = ("--toggle-collect=ffi_call", "--dump-after=ffi_call", "--combine-dumps=yes")

Row = tuple[str, str]  # page and visitor
Means = dict[tuple[Row, str], float]  # by row and condition


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of schools: 150 10000 100000")
    sizes: Sequence[int] = parser.parse_args().sizes or SIZES
    for schools in sizes:
        filled(schools)
    has_callgrind = bool(shutil.which("valgrind"))
    with tempfile.TemporaryDirectory() as folder:
        times = _measure("time", Path(folder), sizes)
        counts = _measure("instructions", Path(folder), sizes) if has_callgrind else {}
    for schools in sizes:
        _print_times(schools, times[schools])
        _print_search(schools)
        if has_callgrind:
            _print_counts(schools, counts[schools])
        else:
            print("\ninstructions: not counted, because valgrind is missing")
    _print_growth(sizes, counts or times)
    _print_start(has_callgrind)


def _measure(kind: str, folder: Path, sizes: Sequence[int]) -> dict[int, Means]:
    """The mean cost of each row and condition, for each size."""
    print(f"measuring {kind} …", flush=True)

    def measure(schools: int) -> Means:
        command = [sys.executable, "-m", "tests.bench.measure", kind, str(folder), str(schools)]
        if kind == "instructions":
            command = [*_callgrind(folder / "%p.out"), *COLLECT, *command]
        subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
        return _read_means(kind, folder, schools)

    # Counting may use two cores; beside a neighbour the CPU time would be longer.
    with ThreadPoolExecutor(1 if kind == "time" else 2) as pool:
        return dict(zip(sizes, pool.map(measure, sizes), strict=True))


def _callgrind(out: Path) -> list[str]:
    return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}"]


def _read_means(kind: str, folder: Path, schools: int) -> Means:
    best: dict[tuple[Row, str, int], float] = {}
    for visitor in (YARDSTICKS, *VISITORS):
        for path in sorted(folder.glob(f"{kind}-{schools}-{visitor}-*.json")):
            results = json.loads(path.read_text())
            counts = _read_dumps(folder / f"{results['pid']}.out") if kind != "time" else []
            for page, condition, address, cost in results["costs"]:
                key = ((page, visitor), condition, address)
                best[key] = min(best.get(key, float("inf")), counts[cost] if counts else cost)
    costs = defaultdict(list)
    for (row, condition, _), cost in best.items():
        costs[row, condition].append(cost)
    return {key: sum(values) / len(values) for key, values in costs.items()}


def _read_dumps(path: Path) -> list[int]:
    """The number of instructions in each dump of a file of callgrind."""
    with path.open() as lines:
        return [int(line.split()[1]) for line in lines if line.startswith("totals:")]


def _print_times(schools: int, times: Means) -> None:
    print(f"\n{f'{schools:,} schools, CPU time in µs':36}{_line(CONDITIONS)}")
    for row in _list_rows(times):
        means = [times.get((row, condition)) for condition in CONDITIONS]
        print(_name(row) + _line(_cell(mean, 1e6, 0) for mean in means))


def _print_counts(schools: int, counts: Means) -> None:
    unit = counts[UNIT, SEEN]
    print(f"\n{f'{schools:,} schools':36}million instructions{' ' * 35}× {UNIT[0]}")
    print(" " * 36 + _line(CONDITIONS) + _line(CONDITIONS))
    for row in _list_rows(counts):
        means = [counts.get((row, condition)) for condition in CONDITIONS]
        millions = _line(_cell(mean, 1e-6, 2) for mean in means)
        print(_name(row) + millions + _line(_cell(mean, 1 / unit, 1) for mean in means))


def _list_rows(means: Means) -> list[Row]:
    """The yardsticks, and then for each page its visitors."""
    rows = list(dict.fromkeys(row for row, _ in means))
    pages = list(dict.fromkeys(page for page, _ in rows))
    return sorted(rows, key=lambda row: pages.index(row[0]))


def _name(row: Row) -> str:
    page, visitor = row
    return f"{f'  {page}' + ('' if visitor == YARDSTICKS else f', {visitor}'):36}"


def _line(cells: Iterable[str]) -> str:
    return "".join(f"{cell:>11}" for cell in cells)


def _cell(mean: float | None, factor: float, digits: int) -> str:
    return "–" if mean is None else f"{mean * factor:,.{digits}f}"


def _print_search(schools: int) -> None:
    """The CPU time of the search query alone, over a hundred texts."""
    create_app(bench_config(filled(schools)))
    with connection():
        names = finding.list_names()
        parsed = [question.parse_question(text, names).words for text in mix()]
        asked = [words for words in parsed if words]
        _print_percentiles("search query alone", lambda w: finding.find_documents(w, 11), asked)
        gold = (Path(__file__).parents[1] / "search" / "gold.csv").read_text("utf-8")
        texts = [row["zoekvraag"] for row in csv.DictReader(gold.splitlines())]
        parse = partial(question.parse_question, names=names)
        _print_percentiles("a question of the gold list parsed", parse, texts)


def _print_percentiles(name: str, do: Callable[[Any], object], inputs: Sequence[Any]) -> None:
    """The CPU time of `do` over the inputs, of each the best of several rounds."""
    best = [float("inf")] * len(inputs)
    for _ in range(ROUNDS):
        for at, value in enumerate(inputs):
            begun = time.thread_time()
            do(value)
            best[at] = min(best[at], time.thread_time() - begun)
    best.sort()
    p50, p99 = best[len(best) // 2], best[len(best) * 99 // 100]
    print(f"  {name}: p50 {p50 * 1e6:.0f} µs, p99 {p99 * 1e6:.0f} µs")


def _print_growth(sizes: Sequence[int], means: dict[int, Means]) -> None:
    """Print the cost of a request with the most schools, relative to the fewest."""
    fewest, most = min(sizes), max(sizes)
    if fewest == most:
        return
    print(f"\n× from {fewest:,} to {most:,} schools, for nobody")
    for (row, condition), cost in means[fewest].items():
        if row[1] == VISITORS[0] and condition in (SEEN, NEW):
            print(f"  {f'{row[0]}, {condition}':34}{means[most][row, condition] / cost:11.2f}")


def _print_start(has_callgrind: bool) -> None:
    """The cost of a start against `import flask`, in processes of their own."""
    flask, factory = "import flask", "from portal.app import create_app; create_app()"
    ratio = _process_time(factory) / _process_time(flask)
    print(f"\nimport and factory: {ratio:.2f} × `import flask` in CPU time")
    if has_callgrind:
        ratio = _process_instructions(factory) / _process_instructions(flask)
        print(f"import and factory: {ratio:.2f} × `import flask` in instructions")


def _process_time(code: str) -> float:
    """The CPU time of some code in a process of its own, in seconds; the best of eight."""
    program = f"import time; b = time.process_time(); {code}; print(time.process_time() - b)"
    with tempfile.TemporaryDirectory() as folder:
        return min(float(_run([], program, folder)) for _ in range(8))


def _process_instructions(code: str) -> int:
    """The instructions of a process that runs some code, its end included."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        _run(_callgrind(out), code, folder)
        return sum(_read_dumps(out))


def _run(prefix: Sequence[str], program: str, folder: str) -> str:
    return subprocess.run(
        [*prefix, sys.executable, "-c", program],
        cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0",
             "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite"},
    ).stdout  # fmt: skip


if __name__ == "__main__":
    main()
