"""The style sheets keep to the system of few parts in static/css/1-base.css."""

import gzip
import re

from portal.config import ROOT

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
# Paper has its own sizes; a poster is paper.
SCREEN = "".join(path.read_text("utf-8") for path in SHEETS if "print" not in path.name)
TOKENS, RULES = SCREEN.split("*, ::before", 1)
TEMPLATES = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
SCRIPT = (ROOT / "static" / "js" / "kernwijzer.js").read_text("utf-8")


def values(name: str) -> set[str]:
    """The values of a property in the rules of the screen."""
    return set(re.findall(rf"[{{; ]{name}: ([^;}}]+)", RULES))


def test_there_are_four_sizes_two_weights_and_two_radii() -> None:
    assert values("font-size") <= {
        "var(--small)", "var(--normal)", "var(--large)", "var(--title)", "inherit"
    }  # fmt: skip
    assert values("font-weight") == {"400", "var(--bold)"}
    assert values("border-radius") <= {
        "var(--round)", "var(--rounder)", "50%", "0", "inherit"
    }  # fmt: skip


def test_space_comes_from_one_scale() -> None:
    for name in ("gap", "margin", "margin-block", "padding", "padding-block", "padding-inline"):
        for value in values(name):
            lengths = re.sub(r"var\(--s\d\)", "", value)
            # Sizes of paper and of nothing are no space on the screen.
            assert not re.search(r"[1-9.]\d*(?:rem|px|em)\b", lengths), f"{name}: {value}"


def test_colours_are_named_by_their_meaning() -> None:
    colours = re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"\.poster[^}]*}", "", RULES))
    assert set(colours) <= {"#0003"}  # a shadow
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    named = set(re.findall(r"(--[\w-]+): #", light))
    assert named - set(re.findall(r"(--[\w-]+): #", dark)) == {"--focus"}


def test_every_class_of_the_style_is_on_a_page() -> None:
    sheets = "".join(path.read_text("utf-8") for path in SHEETS)
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)))
    names = ("web/qr_codes.py", "web/contact_links.py", "guide/glossary.py")
    made = [ROOT / "portal" / name for name in names]
    used = TEMPLATES + SCRIPT + "".join(path.read_text("utf-8") for path in made)
    # Each level of freshness has a class; these are the two that a page warns about.
    used += "checked--old checked--doubtful"
    assert {name for name in classes if not re.search(rf"\b{name}\b", used)} == set()


def test_every_class_of_a_page_has_a_rule() -> None:
    tests = {"asked-day", "change-question", "facts--source", "filled-in"}  # look for these
    sheets = "".join(path.read_text("utf-8") for path in SHEETS)
    values = re.findall(r'\bclass="((?:[^"{]|{{.*?}}|{%.*?%})*)"', TEMPLATES)
    used = set(re.sub(r"{{.*?}}|{%.*?%}", " ", " ".join(values)).split()) - {"checked--"} - tests
    assert {name for name in used if not re.search(rf"\.{name}(?![\w-])", sheets + SCRIPT)} == set()


def test_the_style_is_at_most_8_kb() -> None:
    assert len(gzip.compress(b"".join(path.read_bytes() for path in SHEETS))) <= 8 * 1024
