"""The portal in a real browser, served by the command that people use."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.inspections import AXE_ON_DEMAND
from tests.browser.steps import SignIn, sign_in_on_the_page
from tests.processes import Portal, copied, seeded_today, starting

# An error status that a test asks for, and a question that a newer one replaced.
_EXPECTED = (
    "Failed to load resource: the server responded with a status of",
    "htmx:afterRequest",
    "htmx:sendAbort",
    "Response Status Error Code 503",
)
WINDOW: ViewportSize = {"width": 1280, "height": 720}
expect.set_options(timeout=30_000)  # as any other action: a machine may be busy
# The shell draws the same pages without windows, in half the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        missing = "Chromium ontbreekt: de tests in de browser zijn overgeslagen."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--renderer-process-limit=1",
                # A script of a page, such as axe, runs for a second: what is compiled beside it comes too late.
                "--js-flags=--single-threaded --no-opt --no-maglev",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal that `flask seed --demo` and `flask serve` started on a free port."""
    with serving(copied(seeded_today(), tmp_path_factory.getbasetemp() / "served")) as served:
        yield served


@contextmanager
def serving(database: Path, **settings: str) -> Iterator[str]:
    """The address of a portal that `flask serve` started on a free port."""
    settings |= {"SMTP_HOST": "", "SMTP_SECURITY": "starttls"}
    with starting(database, database.with_name("said.txt"), **settings) as start:
        yield f"http://127.0.0.1:{Portal(start).port}"


@pytest.fixture(scope="session")
def sign_in(browser: Browser, address: str) -> SignIn:
    """Be somebody of the demo: signs in once per role and gives its cookie to each later page.

    Whoever ends the session has to sign in on the page, for a session of their own.
    """
    cookies: dict[str, list[Any]] = {}

    def be(page: Page, role: str) -> None:
        if role not in cookies:
            context = browser.new_context(base_url=address, locale="nl-NL")
            sign_in_on_the_page(context.new_page(), role)
            cookies[role] = context.cookies()
            context.close()
        page.context.add_cookies(cookies[role])

    return be


with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with-javascript", "without-javascript"], indirect=True
)


@pytest.fixture
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts; it does, but for a test that is marked as above."""
    return bool(getattr(request, "param", True))


@pytest.fixture(scope="session")
def _contexts(browser: Browser, address: str) -> Iterator[dict[bool, BrowserContext]]:
    """Two browsers for all tests, with and without JavaScript. Each keeps its first page: a new one
    for each test would cost as much as what most tests do in it."""
    contexts = {
        script: browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=script, viewport=WINDOW)
        for script in (True, False)
    }
    for context in contexts.values():
        context.new_page()
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="session")
def axe(_contexts: dict[bool, BrowserContext]) -> None:
    """Axe in the browser that runs scripts, for `tests.browser.inspections`."""
    _contexts[True].add_init_script(AXE_ON_DEMAND)


@pytest.fixture
def context(_contexts: dict[bool, BrowserContext], address: str, javascript: bool) -> Iterator[BrowserContext]:
    """A browser without a cookie; fails on anything that the policy blocks or that is asked from
    elsewhere."""
    context = _contexts[javascript]
    wrong: list[str] = []

    def note(text: str) -> None:
        if not text.startswith(_EXPECTED):
            wrong.append(text)

    listeners: dict[Any, Callable[..., None]] = {
        "console": lambda message: note(message.text) if message.type == "error" else None,
        "weberror": lambda error: note(str(error.error)),
        "request": lambda asked: None if asked.url.startswith(address) else note(asked.url),
    }
    for event, listener in listeners.items():
        context.on(event, listener)
    context.clear_cookies()
    yield context
    for event, listener in listeners.items():
        context.remove_listener(event, listener)
    first, *others = context.pages
    for page in others:
        page.close()
    first.unroute_all()
    if first.viewport_size != WINDOW:
        first.set_viewport_size(WINDOW)
    first.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
    assert wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.pages[0]
