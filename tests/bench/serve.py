"""`make bench-http`: requests per second of granian under wrk, on SQLite and on PostgreSQL: reads
alone, 95/5 with writes, and writes alone; CPU time per request and the memory of a worker.

Compare ratios: requests per second depend on the machine, and on what else it does. CPU time
depends less on that; it holds the time of the database server."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from portal.config import ROOT
from portal.moving import move
from tests.bench.fill import bench_config, filled
from tests.bench.typed import mix
from tests.postgres import Server

PORT = 5990
SECONDS = 10
SCHOOLS = 10_000
BARE = "tests.bench.references:serve_bare"
PORTAL = "tests.bench.references:serve_portal"
# Every twentieth request, or each, stores for which kinds of notices a member wants mail.
SCRIPT = """
local paths = {%s}
local number = 0
function request()
  number = number + 1
  if %d > 0 and number %% math.max(1, %d) == 0 then
    return wrk.format("POST", "/wijzigingen/mail", {["Cookie"] = "%s",
      ["Content-Type"] = "application/x-www-form-urlencoded"},
      "soort=" .. (number %% 40 == 0 and "nieuws" or "vertrek") .. "&csrf_token=%s")
  end
  return wrk.format("GET", paths[number %% #paths + 1], {["HX-Request"] = "true"})
end
"""


def main() -> None:
    """Serve, load and print."""
    if not shutil.which("wrk"):
        print("wrk is missing: apt-get install wrk")
        sys.exit(1)
    with tempfile.TemporaryDirectory() as folder, _served(BARE, folder, "") as server:
        rate, wrong = _load(folder, ["/"])
        bare = _memory(server)
        print(f"bare Flask: {rate:.0f} requests/s, {wrong}, {bare:.0f} MB per worker")
    for engine in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, _database(engine, folder) as (url, pid):
            with _served(PORTAL, folder, url) as server:
                _measure(engine, folder, {server, pid})
                weight = _memory(server)
            print(f"{weight:.0f} MB per worker, {weight / bare:.2f} × a bare Flask worker")


@contextmanager
def _database(engine: str, folder: str) -> Iterator[tuple[str, int]]:
    """The address of a database with many schools, and the process of its server, or 0."""
    path = Path(shutil.copy(filled(SCHOOLS), Path(folder) / "portal.sqlite"))
    if engine == "SQLite":
        yield f"sqlite:///{path}", 0
        return
    postgres = Server(is_durable=True)
    try:
        url = postgres.create()
        begun = time.monotonic()
        tables = move(bench_config(path), f"sqlite:///{path}", url)
        rows = sum(table.rows for table in tables)
        print(f"moved to PostgreSQL: {rows:,} rows in {time.monotonic() - begun:.0f} s")
        yield url, postgres.pid
    finally:
        postgres.remove()


def _measure(engine: str, folder: str, parents: set[int]) -> None:
    """Load and print, twice each; the best counts."""
    paths = [f"/?q={quote(text)}" for text in mix()]
    _load(folder, paths, seconds=3)  # every worker has seen everything
    for name, every in (("reads alone", 0), ("95/5 reads and writes", 20), ("writes alone", 1)):
        for _ in range(2):
            before = _cpu_seconds(parents)
            rate, wrong = _load(folder, paths, every=every)
            milliseconds = (_cpu_seconds(parents) - before) / (rate * SECONDS) * 1000
            print(
                f"{engine}, {name}: {rate:.0f} requests/s, {wrong}; "
                f"{milliseconds:.2f} ms of CPU per request"
            )


@contextmanager
def _served(name: str, folder: str, url: str) -> Iterator[int]:
    """Granian with the options of `flask serve` and this application factory; its process id."""
    server = subprocess.Popen(
        [Path(sys.executable).with_name("granian"), "--interface", "asginl", "--workers", "2",
         "--port", str(PORT), "--no-ws", "--log-level", "error",
         "--factory", name],
        cwd=ROOT,
        env={
            **os.environ, "DATABASE_URL": url,
            "KEYS_FILE": f"{folder}/keys.json", "BACKUP_DIR": f"{folder}/backups",
            "LOG_DIR": f"{folder}/log",
        },
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                _ask("GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def _ask(method: str, path: str, cookie: str = "", body: str = "") -> tuple[str, str]:
    """The page of one request, and the cookie after it."""
    to = HTTPConnection("127.0.0.1", PORT, timeout=10)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    to.request(method, path, body or None, headers)
    answer = to.getresponse()
    page = answer.read().decode()
    assert answer.status < 400, (path, answer.status)
    return page, (answer.getheader("Set-Cookie") or cookie).partition(";")[0]


def _sign_in() -> tuple[str, str]:
    """The cookie and the form token of the member."""
    page, cookie = _ask("GET", "/inloggen")
    _, cookie = _ask("POST", "/inloggen/demo/member", cookie, f"csrf_token={_token(page)}")
    page, cookie = _ask("GET", "/wijzigingen/mail", cookie)
    return cookie, _token(page)


def _token(page: str) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return quote(token[1])


def _load(
    folder: str, paths: list[str], *, every: int = 0, seconds: int = SECONDS
) -> tuple[float, str]:
    """Requests per second, and the errors. Of `every` so many requests one writes; 0: none."""
    cookie, token = _sign_in() if every else ("", "")
    script = Path(folder) / "load.lua"
    quoted = ", ".join(f'"{path}"' for path in paths)
    script.write_text(SCRIPT % (quoted, every, every, cookie, token))
    report = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{PORT}"],
        check=True, text=True, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    wrong = re.findall(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", report)
    assert rate, report
    return float(rate[1]), "; ".join(wrong) or "no errors"


def _cpu_seconds(parents: set[int]) -> float:
    """The CPU time so far of the children of these processes."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) in parents:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(server: int) -> float:
    """The mean resident memory of the workers of a server, in MB."""
    memories = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"\nPPid:\t{server}\n" in text and (rss := re.search(r"VmRSS:\s+(\d+)", text)):
            memories.append(int(rss[1]) / 1024)
    assert memories, "the server is gone"
    workers = sorted(memories)[-2:]  # the other children hold less
    return sum(workers) / len(workers)


if __name__ == "__main__":
    main()
