"""Every screen and every mail reads easily (T-02): Flesch-Douma at least 60, on average at most 12
words a sentence, at most 20 in one. The chapters of the guide: tests/guide/test_chapters.py.
"""

import ast
import re
from collections.abc import Iterator
from html import escape

from werkzeug.test import TestResponse

from portal.config import ROOT
from tests.checks import parse
from tests.guide import readability

# Pages whose sentences are put together from names and functions, or are mails as they were sent.
DATA = {"/beheer/post", "/beheer/spoor", "/scholen/08vo00/poster/2025-10-01"}
MAILS = sorted((ROOT / "templates" / "mail").rglob("*.txt"))


def list_faults(listed: list[list[str]]) -> list[str]:
    """The faults of a text of these sentences, each as words."""
    if not listed:
        return []
    figures = readability.measure_sentences(listed)
    found = [] if len(figures.longest.split()) <= 20 else [f"lang: {figures.longest}"]
    if len(listed) < 3:  # too few for an average
        return found
    if figures.mean > 12:
        found.append(f"gemiddeld {figures.mean:.1f} woorden")
    if figures.score < 60:
        found.append(f"Flesch-Douma {figures.score:.0f}")
    return found


def is_shown(answer: TestResponse) -> bool:
    """Whether an answer is a page, which somebody reads."""
    return answer.mimetype == "text/html" and answer.status_code // 100 != 3


def assert_readable(pages: dict[str, str]) -> None:
    """That each page, by its address, reads easily."""
    faults = {}
    for address, page in pages.items():
        main = next(parse(page).iter("main"))
        path = address.rpartition(" ")[2].partition("?")[0]
        if found := list_faults(readability.full_sentences(main)) if path not in DATA else []:
            faults[address] = found
    assert not faults, "\n".join(f"{address}: {found}" for address, found in faults.items())


def test_every_mail_reads_easily() -> None:
    assert len(MAILS) > 40
    faults = {path: found for path in MAILS if (found := list_faults(_sentences_of(path.read_text("utf-8"))))}
    assert faults == {}


def _sentences_of(mail: str) -> list[list[str]]:
    mail = re.sub(r"\{%-? *(?:else|elif)\b.*?%\}", ". ", mail)  # one of both is sent
    mail = re.sub(r"\{[#%].*?[#%]\}", "", mail, flags=re.S)
    plain = re.sub(r"\{\{.*?\}\}", "iets", mail)
    return readability.full_sentences(parse("".join(f"<p>{escape(line)}</p>" for line in plain.split("\n"))))


# ---- one apostrophe ------------------------------------------------------------------------------

_STRAIGHT = re.compile(r"[A-Za-zà-ü]'[a-zà-ü]")
_IN_SOURCE = re.compile(r"\w\\?'\w")
# Texts that people type, and the words that are searched for in them.
TYPED = {"portal/privacy/pupil_data.py", "seeds/zuid-kennemerland/roles.toml"}


def _texts() -> Iterator[tuple[str, str]]:
    """Every file with words of the screen, and its words."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield (str(path.relative_to(ROOT)), re.sub(r"\{[%#{].*?[%#}]\}", "", path.read_text("utf-8"), flags=re.S))
    for path in sorted((ROOT / "seeds").rglob("*.toml")) + sorted((ROOT / "seeds").rglob("*.md")):
        lines = path.read_text("utf-8").splitlines()
        yield str(path.relative_to(ROOT)), "\n".join(ln for ln in lines if not ln.startswith("#"))
    for path in sorted((ROOT / "portal").rglob("*.py")):
        source = path.read_text("utf-8")
        if not _IN_SOURCE.search(source):
            continue  # reading every tree would take a second
        nodes = list(ast.walk(ast.parse(source)))
        told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
        yield (
            str(path.relative_to(ROOT)),
            "\n".join(
                node.value
                for node in nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
            ),
        )


def test_a_word_on_screen_has_a_curved_apostrophe() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, words in _texts()
        if name not in TYPED
        for match in re.finditer(rf"\S*{_STRAIGHT.pattern}\S*", words)
    ]
    assert found == []
