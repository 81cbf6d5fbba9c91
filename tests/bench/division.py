"""Twelve colleagues over thirty schools per 1 August, in a real browser by keyboard alone.

    python -m tests.bench.division http://127.0.0.1:5173

The portal is a served demo. Every key is really pressed and counted; seconds per key, click and
decision are those of tests/bench/first_filling.py, waiting is measured. A school is a decision.
"""

import re
import sys
import time
from collections import Counter

from playwright.sync_api import Page, sync_playwright

from tests.bench.first_filling import SECONDS
from tests.browser.conftest import CHROMIUM
from tests.browser.steps import sign_in_on_the_page

SCHOOLS, COLLEAGUES = 30, 12


class Keyboard:
    """A keyboard that counts its keys, and the time that pages take."""

    def __init__(self, page: Page) -> None:
        self.page, self.counts, self.waited = page, Counter[str](), 0.0

    def press(self, key: str) -> None:
        """Press a key."""
        self.counts["key"] += 1
        self.page.keyboard.press(key)

    def focused(self) -> str:
        """The name or words of the element that has the focus."""
        element = "document.activeElement"
        script = f"{element}.tagName == 'INPUT' ? {element}.name : {element}.innerText || ''"
        return str(self.page.evaluate(script))

    def go_to(self, words: str) -> None:
        """Press Tab until an element with this name or these words has the focus."""
        for _ in range(900):
            self.press("Tab")
            if self.focused().startswith(words):
                return
        raise AssertionError(f"no way to {words}")

    def enter(self) -> None:
        """Press Enter and wait for the next page."""
        start = time.monotonic()
        with self.page.expect_navigation():
            self.press("Enter")
        self.waited += time.monotonic() - start

    def choose(self, name: str, options: list[str]) -> None:
        """Type as much of a name as leaves one option of the list."""
        for typed in range(1, len(name) + 1):
            self.press(name[typed - 1])
            if sum(f" {name[:typed].lower()}" in f" {one.lower()}" for one in options) == 1:
                return


def divide(page: Page) -> Keyboard:
    """Divide the schools of the CJG, and post it."""
    keyboard = Keyboard(page)
    keyboard.counts["click"] += 1
    page.goto("/beheer/verdeling?functie=cjg-coach")
    cells = page.locator("input[name^='plek-']:not([name$='-0'])")
    options = page.locator("datalist option").evaluate_all("all => all.map(one => one.value)")
    people = [text for text in options if "(CJG Kennemerland)" in text][:COLLEAGUES]
    assert len(people) == COLLEAGUES, len(people)
    for number, cell in enumerate(cells.all()[:SCHOOLS]):
        keyboard.go_to(str(cell.get_attribute("name")))
        keyboard.counts["decision"] += 1
        label, chosen = str(cell.get_attribute("aria-label")), people[number % COLLEAGUES]
        if label.endswith(f", {chosen.partition(' (')[0]}"):  # who is there already
            chosen = people[(number + 1) % COLLEAGUES]
        keyboard.choose(chosen, options)
    keyboard.go_to("Verdeling nakijken")
    keyboard.enter()
    keyboard.counts["decision"] += len(page.locator("h2").all())
    keyboard.go_to("Plaatsen en vertellen")
    keyboard.enter()
    return keyboard


def main() -> None:
    """Do it with scripts and without, and print both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scripts in (True, False):
            context = browser.new_context(base_url=sys.argv[1], java_script_enabled=scripts)
            page = context.new_page()
            sign_in_on_the_page(page, "coordinator")
            keyboard = divide(page)
            worked = sum(SECONDS[what] * number for what, number in keyboard.counts.items())
            titles = re.findall(r"Nieuwe verdeling[^<\n]+", page.locator("main").inner_text())
            print(
                f"scripts {scripts}: {dict(keyboard.counts)}, waited {keyboard.waited:.1f} s,"
                f" {(worked + keyboard.waited) / 60:.1f} minutes; {titles}, {page.url}"
            )
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
