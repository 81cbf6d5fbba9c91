"""Sends random requests to a portal in this process and counts what came of them."""

import gc
import io
import logging
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from portal.database import open_database
from portal.notices.kinds import TYPED
from portal.throttle.pages import PageCounter
from portal.web.declared_access import declared_access
from portal.web.security_headers import HEADERS, OF_PARTS
from tests.conftest import CheckedClient
from tests.fuzz import sending
from tests.fuzz.sending import CANARY, Sent, is_odd
from tests.page_forms import PageForm, read_forms
from tests.routes import ROUTES, VISITORS
from tests.visitors import COOKIE, arrive

BLOCK = 100  # requests on one copy of the database
NOT_READY = "GET /readyz"  # 503 without a worker
# The pages with forms that are sent.
FORM_PAGES = ("GET /aanvragen", "GET /beheer", "GET /inloggen", "GET /wijzigingen", "GET /account")
SIGN_OUT = "/uitloggen"  # on every page
NEW_NOTICES = [f"/wijzigingen/nieuw?soort={kind}" for kind in TYPED]


class Visitor(NamedTuple):
    """Somebody in a browser, the addresses of each route for them, and the forms they saw."""

    name: str
    cookie: str
    token: str
    addresses: dict[str, list[str]]
    forms: dict[str, list[PageForm]]  # per route


class Report:
    """The result of a run."""

    def __init__(self, pairs: set[tuple[str, str]]) -> None:
        self.pairs = pairs  # route and visitor that may see it
        self.reached: set[tuple[str, str]] = set()
        self.statuses: Counter[int] = Counter()
        self.posts = self.posts_past_token = 0
        self.faults: dict[str, str] = {}  # the place of a fault, and the first request there

    def __str__(self) -> str:
        missed = sorted(f"{route} ({who})" for route, who in self.pairs - self.reached)
        return "\n".join(
            [
                f"{sum(self.statuses.values())} requests: "
                + ", ".join(f"{n} × {status}" for status, n in sorted(self.statuses.items())),
                f"views reached: {len(self.reached & self.pairs)} of {len(self.pairs)} allowed "
                f"route × role pairs ({self.share_reached:.1%})",
                f"past the token: {self.posts_past_token} of {self.posts} POSTs ({self.share_past_token:.1%})",
                *([f"never reached: {', '.join(missed[:12])}"] if missed else []),
                f"faults: {len(self.faults)}",
                *(f"\n{place}\n{request}" for place, request in self.faults.items()),
            ]
        )

    @property
    def share_reached(self) -> float:
        return len(self.reached & self.pairs) / len(self.pairs)

    @property
    def share_past_token(self) -> float:
        return self.posts_past_token / max(self.posts, 1)


class Fuzzer:
    """A portal made for this, on copies of one database that holds something of everything."""

    def __init__(self, app: Flask, database: Path) -> None:
        """`app` serves `database`, which is changed; the settings of `app` too."""
        self.app, self.database = app, database
        self.prepared = database.with_name("prepared.sqlite")
        self.adapter = app.url_map.bind("localhost")
        self.called: list[str] = []  # the rules of the views that the last request reached
        for endpoint, view in app.view_functions.items():
            app.view_functions[endpoint] = self._noting(view)
        self.visitors = [self._make_visitor(name) for name in VISITORS]
        open_database(f"sqlite:///{database}")  # closes it, so that the file is whole
        shutil.copy(database, self.prepared)

    def _noting(self, view: Any) -> Any:
        @wraps(view)
        def note(**arguments: Any) -> Any:
            self.called.append(str(request.url_rule))
            return view(**arguments)

        return note

    def _make_visitor(self, name: str) -> Visitor:
        client, values = arrive(self.app, name, checks=False)
        addresses: dict[str, list[str]] = {}
        for route, known in ROUTES.items():
            addresses[route] = [case.address.format(**values) for case in known.cases]
        visitor = Visitor(name, "", client.token(), addresses, {})
        if name in ("stranger", "member", "coordinator"):
            self._collect_forms(client, visitor)
        cookie = client.get_cookie(COOKIE)
        return visitor._replace(cookie=f"{COOKIE}={cookie.value}" if cookie else "")

    def _collect_forms(self, client: CheckedClient, visitor: Visitor) -> None:
        for route, addresses in visitor.addresses.items():
            if route.startswith(FORM_PAGES):
                for address in addresses:
                    self._add_forms(visitor.forms, _page(client, address))
        for address in NEW_NOTICES if visitor.name != "stranger" else ():
            self._add_forms(visitor.forms, _page(client, address))

    def _add_forms(self, forms: dict[str, list[PageForm]], page: str) -> None:
        for form in read_forms(page, "post"):
            if form.action == SIGN_OUT and f"POST {SIGN_OUT}" in forms:
                continue
            try:
                rule, _ = self.adapter.match(form.action.partition("?")[0], "POST", return_rule=True)
            except HTTPException:
                continue
            known = forms.setdefault(f"POST {rule.rule}", [])
            if len(known) < 40:
                known.append(form)

    def run(self, requests: int, seed: int, first_block: int = 0) -> Report:
        """Send this many requests."""
        report = Report(self.allowed_pairs())
        pairs = sorted((route, at) for route in ROUTES for at in range(len(VISITORS)))
        allowed = [pair for pair in pairs if (pair[0], VISITORS[pair[1]]) in report.pairs]
        # Every view for everybody whom it is meant for in turn, and the forms once more: most
        # faults are found there. Of the pages that are refused, one in ten.
        refused = sorted(set(pairs) - set(allowed))[seed % 10 :: 10]
        pairs = allowed + [pair for pair in allowed if pair[0].startswith("POST")] + refused
        Random(seed).shuffle(pairs)
        turn = cycle(pairs)
        for _ in range(first_block * BLOCK % len(pairs)):
            next(turn)
        with _traces() as traces, _without_collection():
            for block in range(first_block, first_block + -(-requests // BLOCK)):
                open_database(f"sqlite:///{self.database}")
                shutil.copy(self.prepared, self.database)
                self.app.extensions["pages"] = PageCounter()
                if block % 5 == 0:
                    gc.collect()
                random = Random(f"{seed} {block}")
                seen: dict[str, list[PageForm]] = {}
                for _ in range(BLOCK):
                    route, at = next(turn)
                    sent = self._make_request(random, route, self.visitors[at], seen)
                    self._send(sent, self.visitors[at].name, seen, report, traces, (seed, block))
        return report

    def allowed_pairs(self) -> set[tuple[str, str]]:
        """Each route with each visitor for whom its view is meant."""
        pairs = set()
        for rule in self.app.url_map.iter_rules():
            access = declared_access(self.app.view_functions[rule.endpoint])
            assert access is not None
            for method in (rule.methods or set()) & {"GET", "POST"}:
                for name in VISITORS:
                    is_network = access.networks and name == "network"
                    if access.everybody or is_network or name in access.roles:
                        pairs.add((f"{method} {rule.rule}", name))
        return pairs

    def _make_request(self, random: Random, route: str, visitor: Visitor, seen: dict[str, list[PageForm]]) -> Sent:
        method, _, _ = route.partition(" ")
        environ = {"HTTP_COOKIE": visitor.cookie}
        path, body = random.choice(visitor.addresses[route]), b""
        if method == "POST":
            forms = [*visitor.forms.get(route, ()), *seen.get(route, ())]
            forms = forms or self.visitors[5].forms.get(route, [])
            form = random.choice(forms) if forms else PageForm(path, "post", {}, {}, {})
            if is_odd(random, 0.7):
                path = form.action
            fields = sending.mutated(random, form.fields, form.choices, 4)
            fields = [pair for pair in fields if pair[0] != "csrf_token"]
            if is_odd(random, 0.85):
                fields.append(("csrf_token", visitor.token))
            elif is_odd(random, 0.5):
                fields.append(("csrf_token", sending.odd(random)))
            body, more = sending.encoded(random, fields)
            environ |= more
        if is_odd(random, 0.25 if method == "GET" else 0.08):
            path = sending.odd_address(random, path)
        if is_odd(random, 0.15):
            environ |= sending.odd_headers(random)
        if is_odd(random, 0.03):
            method = random.choice(sending.METHODS)
        return Sent(method, path, body, environ)

    def _send(
        self, sent: Sent, who: str, seen: dict[str, list[PageForm]], report: Report,
        traces: list[str], place: tuple[int, int],
    ) -> None:  # fmt: skip
        self.called.clear()
        traces.clear()
        status, headers, page = self._answer(sent, who, traces)
        route = self._route_of(sent.method)
        if route:
            report.reached.add((route, who))
        report.statuses[status] += 1
        if sent.method == "POST":
            report.posts += 1
            report.posts_past_token += bool(self.called)
        if status >= 500 and not (route == NOT_READY and status == 503):
            traces.append(f"status {status}")
        if "text/html" in headers.get("Content-Type", "") and CANARY in page:
            traces.append("a page with a script of a visitor")
        path = unquote_to_bytes(sent.path)
        is_part = "HTTP_HX_REQUEST" in sent.environ or path.startswith(b"/static/")
        wanted = OF_PARTS if is_part else HEADERS
        if not wanted.keys() <= headers.keys() or any("\n" in v for v in headers.values()):
            traces.append("headers")
        if traces:
            example = f"{who}: {sent}\nSEED={place[0]} BLOCK={place[1]}"
            report.faults.setdefault(traces[0], example)
        if self.called and 'method="post"' in page and sum(map(len, seen.values())) < 60:
            self._add_forms(seen, page)

    def _route_of(self, method: str) -> str:
        """The route whose view was called."""
        if not self.called:
            return ""
        return f"{'GET' if method == 'HEAD' else method} {self.called[-1]}"

    def _answer(self, sent: Sent, who: str, traces: list[str]) -> tuple[int, dict[str, str], str]:
        path, _, query = sent.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": sent.method, "SCRIPT_NAME": "", "QUERY_STRING": query,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "SERVER_NAME": "localhost",
            "SERVER_PORT": "5000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost:5000",
            "REMOTE_ADDR": "192.0.2.9" if who == "stranger" else "127.0.0.1",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent.body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False, "wsgi.input_terminated": True, **sent.environ,
        }  # fmt: skip
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            started[:] = [int(status[:3]), dict(headers)]
            return lambda data: None

        try:
            answer = self.app(environ, start_response)
            try:
                page = b"".join(answer).decode("utf-8", "replace")
            finally:
                getattr(answer, "close", lambda: None)()
        except Exception:  # what the server would have to answer
            traces.append(traceback.format_exc())
            return 500, {}, ""
        status, headers = started
        return status, headers, page


class _Collector(logging.Handler):
    """Keeps the traces of errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.traces: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        frames = traceback.extract_tb(error.__traceback__)[-4:] if error else []
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        self.traces.append("\n".join([repr(error)[:300], *places]))


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection, which takes a seventh of the time; a run of 100,000 fits in memory
    because every fifth block collects what little they left."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@contextmanager
def _traces() -> Iterator[list[str]]:
    """The traces of the errors that are logged inside; nothing else is logged."""
    logger, collector = logging.getLogger("portal"), _Collector()
    handlers, level = logger.handlers[:], logger.level
    logger.handlers, logger.propagate = [collector], False
    logger.setLevel(logging.ERROR)
    try:
        yield collector.traces
    finally:
        logger.handlers, logger.propagate = handlers, True
        logger.setLevel(level)


def _page(client: CheckedClient, address: str) -> str:
    """The answer as text; of a workbook that is none."""
    return client.get(address).get_data().decode(errors="replace")
