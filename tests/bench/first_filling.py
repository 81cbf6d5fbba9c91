"""The first filling of a portal, in a real browser, counted and turned into minutes.

    python -m tests.bench.first_filling [SEED]

A fresh region, a real mail server, and the messy workbook of tests/imports: set-up link, test mail,
file, columns, questions, difference, invitations; then the same file once more. A click counts as
1.3 s, a key as 0.28 s, a decision as 1.35 s, reading a question as 4 s (keystroke-level model;
a question as two short sentences); waiting is measured.
"""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from portal.phones import grouped
from tests.browser.conftest import CHROMIUM
from tests.checks import parse, text
from tests.imports.messy_workbook import WORDS, ExpectedPost, MessyWorkbook, make_workbook
from tests.mail.postbox import Postbox, serving
from tests.processes import Portal, ended, free_port, starting, today, wait_for

SECONDS = {"click": 1.3, "key": 0.28, "decision": 1.35, "question": 4.0}

# The organisations as the workbook writes them; Kontext is new.
ORGANISATIONS = {
    "GGD": "GGD Kennemerland",
    "Leerplein": "Leerplein Zuid-Kennemerland en IJmond",
    "SWV PO": "Samenwerkingsverband PO Zuid-Kennemerland",
    "SWV VO": "Samenwerkingsverband VO Zuid-Kennemerland",
}
COLUMNS = {  # the meaning of a heading that the portal may not know
    "adres": "adres", "vestiging": "adres", "bijzonderheden": "opmerking", "brin": "BRIN",
}  # fmt: skip


class Result(NamedTuple):
    """The figures of a filling."""

    counts: Counter[str]
    waited: float  # seconds
    questions: int
    questions_again: int  # at the second upload
    found: int
    missing: list[ExpectedPost]
    invited: int
    unasked: list[str]  # recipients of mail that nobody asked for

    @property
    def minutes(self) -> float:
        """The time that a person takes."""
        worked = sum(SECONDS[what] * number for what, number in self.counts.items())
        return (worked + self.waited) / 60

    @property
    def share(self) -> float:
        """The share of the expected posts that the finder answers."""
        return self.found / (self.found + len(self.missing))


class Hand:
    """A person at the browser: does one thing at a time, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counts: Counter[str] = Counter()
        self.waited = 0.0

    def go(self, address: str) -> None:
        """Open an address that somebody was given."""
        self.counts["click"] += 1
        self._wait(lambda: self.page.goto(address))

    def click(self, target: Locator) -> None:
        """Click, and wait for what follows."""
        self.counts["click"] += 1
        self._wait(target.click)

    def type(self, target: Locator, words: str) -> None:
        """Fill in a field."""
        self.counts["click"] += 1
        self.counts["key"] += len(words)
        target.fill(words)

    def choose(self, target: Locator, value: str) -> None:
        """Choose from a list: open it, think, click."""
        self.counts.update(click=2, decision=1)
        target.select_option(value)

    def decide(self, target: Locator) -> None:
        """Think, and tick."""
        self.counts.update(click=1, decision=1)
        target.check()

    def _wait(self, act: Callable[[], object]) -> None:
        start = time.monotonic()
        act()
        self.page.wait_for_load_state()
        self.waited += time.monotonic() - start


@contextmanager
def fresh_portal(folder: Path, postbox: Postbox) -> Iterator[str]:
    """A region as `flask seed` makes it, served; gives its set-up link."""
    port, said = str(free_port()), folder / "said.txt"
    settings = {
        "BASE_URL": f"http://127.0.0.1:{port}", "SMTP_PORT": str(postbox.port),
        "LOG_DIR": str(folder / "log"),
    }  # fmt: skip
    said.touch()
    with starting(folder / "portal.sqlite", said, **settings) as start:
        assert ended(start("seed"), 120) == 0
        Portal(start, PORT=port)
        wait_for(lambda: "/eerste-keer/" in said.read_text())
        found = re.search(r"http\S+/eerste-keer/\S+", said.read_text())
        assert found
        yield found.group()


def fill(hand: Hand, book: MessyWorkbook, link: str, postbox: Postbox, folder: Path) -> Result:
    """Fill a fresh portal with a workbook, and look what it answers."""
    page, file = hand.page, folder / "verdeling.xlsx"
    file.write_bytes(book.data)
    hand.go(link)
    hand.type(page.get_by_label("Je naam"), "Coby Beheer")
    hand.type(page.get_by_label("Je e-mailadres op je werk"), "coby@swv.example")
    hand.click(page.get_by_role("button", name="Account maken"))
    hand.click(page.get_by_role("link", name="Stuur jezelf een testmail"))
    hand.click(page.get_by_role("button", name="Stuur mij een testmail"))
    hand.click(page.get_by_role("navigation").get_by_role("link", name="Beheer", exact=True))
    hand.click(page.get_by_role("link", name="Vul de mensen in"))
    questions = upload(hand, book, file)
    hand.click(page.get_by_role("button", name="Overnemen"))
    reach(page, r"is overgenomen|Overgenomen")
    home = link.partition("/eerste-keer")[0]
    unasked = recipients(postbox) - {"coby@swv.example"}
    missing = list_missing(page, home, book.posts)
    page.goto(f"{home}/beheer")
    hand.click(page.get_by_role("link", name="Nodig de mensen van de kernteams uit"))
    able = {mail.lower() for mail in page.locator("label small:last-child").all_inner_texts()}
    hand.click(page.get_by_role("button", name="Vink iedereen aan"))
    hand.click(page.get_by_role("button", name="Nodig uit wie is aangevinkt").first)
    wait_for(lambda: able <= recipients(postbox), 300)
    unasked |= recipients(postbox) - able - {"coby@swv.example"}
    counts, waited = Counter(hand.counts), hand.waited  # of the first time
    page.goto(f"{home}/beheer/import")
    again = upload(hand, book, file)
    return Result(
        counts, waited, questions, again, len(book.posts) - len(missing), missing, len(able),
        sorted(unasked),
    )  # fmt: skip


def upload(hand: Hand, book: MessyWorkbook, file: Path) -> int:
    """Give the file, and answer what is asked, up to the difference; gives how many questions and
    columns were asked."""
    page = hand.page
    hand.click(page.get_by_role("link", name="Bestand kiezen"))
    hand.counts["click"] += 3  # the window in which one finds a file
    page.locator("input[type=file]").set_input_files(file)
    hand.type(page.locator("[name=afzender]"), "Coby")
    hand.click(page.get_by_role("button", name="Bestand lezen"))
    asked = 0
    for _ in range(9):
        reach(page, "Wat staat er in de kolommen|Vragen over het bestand|Klopt dit verschil")
        heading = page.locator("h1").inner_text()
        if "verschil" in heading:
            return asked
        answered = answer_columns(hand) if "kolommen" in heading else answer_questions(hand, book)
        hand.counts["question"] += answered
        asked += answered
        hand.click(page.get_by_role("button", name=re.compile("^(Verder|Bewaren en verder)$")))
    raise AssertionError(page.locator("main").inner_text())


def reach(page: Page, heading: str) -> None:
    """Wait until a page has this heading."""
    page.get_by_role("heading", name=re.compile(heading), level=1).wait_for(timeout=60_000)


def answer_columns(hand: Hand) -> int:
    """Say of each column that the portal does not know what it holds."""
    asked = [
        field
        for field in hand.page.locator("form .field:has(select)").all()
        if field.is_visible() and not field.locator("select").input_value()
    ]
    for field in asked:
        heading = field.locator("label").first.inner_text()
        options = {
            option.inner_text().lower(): option.get_attribute("value") or "" for option in field.locator("option").all()
        }
        hand.choose(field.locator("select"), find_meaning(heading, options))
    return len(asked)


def find_meaning(heading: str, options: dict[str, str]) -> str:
    """The value of the option that a heading means."""
    word = heading.strip().lower()
    for role, words in WORDS.items():
        if word in (known.lower() for known in words):
            return next(v for v in options.values() if role in v)
    wanted = COLUMNS.get(word, word)
    alike = [value for label, value in options.items() if wanted in label]
    unused = next(value for label, value in options.items() if "niet nodig" in label)
    return alike[0] if alike else unused


def answer_questions(hand: Hand, book: MessyWorkbook) -> int:
    """Answer each open question, as the one who wrote the workbook."""
    asked = [group for group in hand.page.locator("fieldset").all() if group.is_visible()]
    open_ones = [one for one in asked if not one.locator("input[type=radio]:checked").count()]
    for group in open_ones:
        choices = {radio.get_attribute("value") or "": radio for radio in group.locator("input[type=radio]").all()}
        labels = {value: text_of(group, radio) for value, radio in choices.items()}
        answer = find_answer(group.locator("legend").inner_text(), labels, book)
        if answer in choices:
            hand.decide(choices[answer])
        else:
            hand.decide(choices["anders"])
            hand.type(group.locator("input[type=text], input:not([type])").first, answer)
    return len(open_ones)


def text_of(group: Locator, radio: Locator) -> str:
    """The label of a radio button."""
    number = radio.get_attribute("id")
    return group.locator(f"label[for='{number}']").inner_text()


def find_answer(question: str, labels: dict[str, str], book: MessyWorkbook) -> str:
    """The value of the right choice, or words to type."""
    word: str = (re.findall("[“‘\"'](.*?)[”’\"']", question) or [question])[0]
    if code := book.schools.get(word):
        return code
    if "organisatie" in question:
        word = book.employers.get(question.partition(" als ")[2].strip("?"), "Kontext")
    wanted = ORGANISATIONS.get(word, word)
    for value, label in labels.items():
        if wanted.lower() in label.lower():
            return value
    if "organisatie" in question:
        return word
    new = [value for value, label in labels.items() if "nieuw" in label.lower()]
    return (new or list(labels))[0]


def recipients(postbox: Postbox) -> set[str]:
    """Everybody who was mailed."""
    return {to.lower() for letter in postbox.letters for to in letter.recipients}


def list_missing(page: Page, home: str, posts: tuple[ExpectedPost, ...]) -> list[ExpectedPost]:
    """The expected posts that the page of their school does not answer, on their first day."""
    overview = page.request.get(f"{home}/scholen").text()
    paths = {m[1].upper(): m[0] for m in re.findall(r'"(/scholen/(\w{6})-[^"?#]*)"', overview)}
    pages: dict[tuple[str, date | None], dict[str, str]] = {}
    missing = []
    for post in posts:
        place = post.school, post.valid_from
        if place not in pages:
            day = f"?dag={post.valid_from}" if post.valid_from else ""
            answer = page.request.get(f"{home}{paths[post.school]}{day}")
            pages[place] = read_answers(answer.text())
        said = pages[place].get(post.role, "")
        # The number of somebody who is away is no answer.
        number = "" if post.substitute else grouped(post.phone)
        wanted = [post.person or "vacature", number, post.substitute]
        if not all(word.lower() in said.lower() for word in wanted):
            missing.append(post)
    return missing


def read_answers(html: str) -> dict[str, str]:
    """The text of the answer per role (key) on the page of a school."""
    return {
        row.get("id", ""): " ".join(text(row).split())
        for row in parse(html).iter("li")
        if "contact" in (row.get("class") or "").split()
    }


def run(browser: Browser, seed: int, every: int = 1) -> Result:
    """Fill a fresh portal with a workbook of today (`make_workbook`) on a page of its own."""
    book = make_workbook(seed, today(), every=every)
    with TemporaryDirectory() as name, serving() as postbox:
        folder = Path(name)
        with fresh_portal(folder, postbox) as link, browser.new_context(locale="nl-NL") as context:
            page = context.new_page()
            page.set_default_timeout(60_000)
            try:
                return fill(Hand(page), book, link, postbox, folder)
            except Exception:
                if shot := os.environ.get("SCREENSHOT"):
                    page.screenshot(path=shot, full_page=True)
                raise


def main(seed: int) -> None:
    """Print the figures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        result = run(browser, seed)
    for line in (
        f"{result.minutes:.1f} minutes: {dict(result.counts)}, waited {result.waited:.0f} s",
        f"{result.questions} questions, {result.questions_again} at the second upload",
        f"{result.found} of {result.found + len(result.missing)} posts ({result.share:.1%})",
        f"{result.invited} invited; mailed unasked: {result.unasked or 'nobody'}",
        *(f"missing: {post}" for post in result.missing[:40]),
    ):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1)
