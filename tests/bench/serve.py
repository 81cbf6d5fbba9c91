"""`make bench-http`: requests per second of granian under wrk, on SQLite and on PostgreSQL: reads
alone, and 95/5 with writes; CPU time per request and the memory of a worker at rest.

Compare ratios: requests per second depend on the machine, and on what else it does. So reads and
writes take turns, and the median of the ratios counts. CPU time depends less on that; it holds the
time of the database server, and its ratio is that of reads alone to the mix."""

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
from statistics import median
from urllib.parse import quote, urlencode

from portal.config import ROOT
from tests.bench.fill import copied
from tests.bench.references import BENCH_MAIL, BENCH_WRITE
from tests.bench.typed import mix

PORT = 5990
SECONDS = 8
ROUNDS = 6
SCHOOLS = 10_000
BARE = "tests.bench.bare:serve_bare"
REAL = ""  # flask serve
PORTAL = "tests.bench.references:serve_portal"
READS = "reads"
WRITES = {  # by the path that writes
    "/wijzigingen/mail": "95/5, a member's own settings",
    BENCH_MAIL: "95/5, mails",
    BENCH_WRITE: "95/5, the directory",
}
# Every twentieth request writes, where there is a path for that.
SCRIPT = """
local paths = {%s}
local number = 0
function request()
  number = number + 1
  if "%s" ~= "" and number %% 20 == 0 then
    return wrk.format("POST", "%s", {["Cookie"] = "%s",
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
        bare = _memory(server)
        rate, wrong = _load(folder, ["/"], "")
        print(f"bare Flask: {rate:.0f} requests/s, {wrong}, {_megabytes(bare)} per worker")
    with (
        copied(SCHOOLS, on_postgres=False) as (config, _),
        tempfile.TemporaryDirectory() as folder,
        _served(REAL, folder, config.database_url) as server,
    ):
        own = _memory(server)
        ratios = ", ".join(f"{a / b:.2f}" for a, b in zip(own, bare, strict=True))
        print(f"flask serve: {_megabytes(own)} per worker, × bare {ratios}")
    for engine in ("SQLite", "PostgreSQL"):
        with (
            copied(SCHOOLS, on_postgres=engine == "PostgreSQL") as (config, database),
            tempfile.TemporaryDirectory() as folder,
            _served(PORTAL, folder, config.database_url) as server,
        ):
            _measure(engine, folder, {server, database})


def _measure(engine: str, folder: str, parents: set[int]) -> None:
    """Load and print, in turns."""
    paths = [f"/?{urlencode({'q': text})}" for text in mix()]
    _load(folder, paths, "", seconds=3)  # every worker has seen everything
    turns = [
        {name: _take_turn(name, path, folder, paths, parents)
         for path, name in {"": READS, **WRITES}.items()}
        for _ in range(ROUNDS)
    ]  # fmt: skip
    for name in WRITES.values():
        rate = median(turn[name][0] / turn[READS][0] for turn in turns)
        cpu = median(turn[READS][1] / turn[name][1] for turn in turns)
        print(f"{engine}, {name}: {rate:.2f} of reads alone, by CPU {cpu:.2f}")


def _take_turn(name: str, path: str, folder: str, paths: list[str], parents: set[int]) -> tuple[float, float]:
    """Requests per second, and the CPU time of each in ms."""
    before = _cpu_seconds(parents)
    rate, wrong = _load(folder, paths, path)
    milliseconds = (_cpu_seconds(parents) - before) / (rate * SECONDS) * 1000
    print(f"  {name}: {rate:.0f} requests/s, {wrong}; {milliseconds:.2f} ms of CPU each")
    return rate, milliseconds


@contextmanager
def _served(name: str, folder: str, url: str) -> Iterator[int]:
    """Granian with the options of `flask serve` and this application factory, or REAL; its process
    id."""
    programs = Path(sys.executable).parent
    server = subprocess.Popen(
        [programs / "granian", "--interface", "asginl", "--workers", "2", "--port", str(PORT),
         "--no-ws", "--log-level", "error", "--factory", name]
        if name else [programs / "flask", "serve"],
        cwd=ROOT,
        env={
            **os.environ, "DATABASE_URL": url, "PORT": str(PORT),
            "KEYS_FILE": f"{folder}/keys.json", "BACKUP_DIR": f"{folder}/backups",
            "LOG_DIR": f"{folder}/log",
        },
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                for _ in range(20):  # both workers have answered
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


def _load(folder: str, paths: list[str], write: str, *, seconds: int = SECONDS) -> tuple[float, str]:
    """Requests per second, and the errors; one in twenty is a POST to the path `write`, if any."""
    cookie, token = _sign_in() if write else ("", "")
    script = Path(folder) / "load.lua"
    quoted = ", ".join(f'"{path}"' for path in paths)
    script.write_text(SCRIPT % (quoted, write, write, cookie, token))
    report = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "10s", "-s", script, f"http://127.0.0.1:{PORT}"],
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


def _memory(server: int) -> tuple[float, float]:
    """The mean resident and proportional memory of the two workers of a server, in MB."""
    memories = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            is_of_mail = b"\0worker\0" in status.with_name("cmdline").read_bytes()
            if f"\nPPid:\t{server}\n" in status.read_text() and not is_of_mail:
                text = status.with_name("smaps_rollup").read_text()
                memories.append([int(kB) / 1024 for kB in re.findall(r"^[RP]ss:\s+(\d+)", text, re.M)])
        except OSError:
            continue
    assert memories, "the server is gone"
    one, other = sorted(memories)[-2:]  # the other children hold less
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _megabytes(memory: tuple[float, float]) -> str:
    return "{:.0f} MB resident, {:.0f} proportional".format(*memory)


if __name__ == "__main__":
    main()
