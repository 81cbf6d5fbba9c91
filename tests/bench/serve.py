"""`make bench-http`: requests per second of granian under wrk, reads alone and 95/5 with writes,
and the memory of a worker. Compare ratios: requests per second depend on the machine."""

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
from tests.bench.fill import filled
from tests.bench.typed import mix

PORT = 5990
SECONDS = 10
SCHOOLS = 10_000
BARE = "tests.bench.references:serve_bare"
PORTAL = "tests.bench.references:serve_portal"
# Every twentieth request stores for which kinds of notices a member wants mail.
SCRIPT = """
local paths = {%s}
local number = 0
function request()
  number = number + 1
  if %s and number %% 20 == 0 then
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
    with tempfile.TemporaryDirectory() as folder, _served(BARE, Path(folder)) as server:
        rate, wrong = _load(folder, ["/"])
        bare = _memory(server)
        print(f"bare Flask: {rate:.0f} requests/s, {wrong}, {bare:.0f} MB per worker")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(filled(SCHOOLS), Path(folder) / "portal.sqlite")
        with _served(PORTAL, Path(folder)) as server:
            paths = [f"/?q={quote(text)}" for text in mix()]
            _load(folder, paths, seconds=3)  # every worker has seen everything
            best = {False: 0.0, True: 0.0}
            for writes in (False, True, False, True):
                rate, wrong = _load(folder, paths, writes=writes)
                best[writes] = max(best[writes], rate)
                name = "95/5 reads and writes" if writes else "reads alone"
                print(f"type-ahead, {name}: {rate:.0f} requests/s, {wrong}")
            print(f"95/5 is {best[True] / best[False]:.2f} of reads alone")
            weight = _memory(server)
            print(f"{weight:.0f} MB per worker, {weight / bare:.2f} × a bare Flask worker")


@contextmanager
def _served(name: str, folder: Path) -> Iterator[int]:
    """Granian with the options of `flask serve` and this application factory; its process id."""
    server = subprocess.Popen(
        [Path(sys.executable).with_name("granian"), "--interface", "asginl", "--workers", "2",
         "--port", str(PORT), "--no-ws", "--log-level", "error",
         "--factory", name],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}"},
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
    folder: str, paths: list[str], *, writes: bool = False, seconds: int = SECONDS
) -> tuple[float, str]:
    """Requests per second, and the errors."""
    cookie, token = _sign_in() if writes else ("", "")
    script = Path(folder) / "load.lua"
    quoted = ", ".join(f'"{path}"' for path in paths)
    script.write_text(SCRIPT % (quoted, str(writes).lower(), cookie, token))
    report = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{PORT}"],
        check=True, text=True, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    wrong = re.findall(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", report)
    assert rate, report
    return float(rate[1]), "; ".join(wrong) or "no errors"


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
