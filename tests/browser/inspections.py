"""What can be seen of a page only in a browser; each function gives the faults that it finds."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_RULES = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ],
    "rules": {"identical-links-same-purpose": {"enabled": True}},
}  # fmt: skip
_FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"
# Forced by the form of the thing itself: a link in a line of text. Of a tick, its label counts.
_TARGETS = """
() => [...document.querySelectorAll(
    'a.phone-link, button, nav a, input, select, textarea, .chips a')]
  .filter(e => e.checkVisibility() && !e.matches('.skip-link'))
  .map(e => [e.outerHTML.slice(0, 90), (
    e.matches('[type=checkbox], [type=radio]') ? e.labels[0] : e).getBoundingClientRect()])
  .filter(([, r]) => r.height < 43.5 || r.width < 43.5)
  .map(([html, r]) => `${html} ${Math.round(r.width)}×${Math.round(r.height)}`)
"""
_STOP = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const r = e.getClientRects()[0] || e.getBoundingClientRect();
  // The middle of a tall field may lie below the window.
  const y = r.y + Math.min(r.height / 2, 30);
  const at = document.elementFromPoint(r.x + Math.min(r.width / 2, 300), y);
  const s = getComputedStyle(e);
  return {
    number: e.dataset.place, name: e.outerHTML.slice(0, 90), is_date: e.type === 'date',
    covered: !(at && (e.contains(at) || at.contains(e))),
    outline: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth),
  };
}
"""


def accessibility(page: Page) -> list[str]:
    """What axe finds in light, and what it finds of the contrast in dark."""
    page.emulate_media(color_scheme="light")
    found = _axe(page, _RULES)
    page.emulate_media(color_scheme="dark")
    return found + _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})


def _axe(page: Page, options: dict[str, object]) -> list[str]:
    results = _AXE.run(page, options=options).response
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """Whether the page is wider than the window."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} px wide in a window of {window} px"] if width > window else []


def small_targets(page: Page) -> list[str]:
    """Numbers, buttons, fields and menu lines that are smaller than 44 × 44 px."""
    found: list[str] = page.evaluate(_TARGETS)
    return found


def keyboard(page: Page) -> list[str]:
    """Walks through the page with Tab: everything is reached once, in order, visibly."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    expected = page.locator(_FOCUSABLE).evaluate_all(
        # Of radio buttons only one takes the Tab: the chosen one, or else the first.
        "all => all.filter(e => e.checkVisibility())"
        ".filter(e => e.type !== 'radio' || e === (document.querySelector("
        "`[name='${e.name}']:checked`) || document.querySelector(`[name='${e.name}']`)))"
        ".map((e, place) => e.dataset.place = String(place)).length"
    )
    found = []
    page.keyboard.press("Tab")
    stops = []
    while stop := page.evaluate(_STOP):
        if stops and stop["number"] == stops[-1]["number"] and stop["is_date"]:
            page.keyboard.press("Tab")  # day, month and year within one field
            continue
        if stop["number"] != str(len(stops)):
            break
        stops.append(stop)
        if stop["covered"]:
            found.append(f"covered: {stop['name']}")
        if stop["outline"] < 2:
            found.append(f"no visible focus: {stop['name']}")
        page.keyboard.press("Tab")
    if len(stops) != expected:
        found.append(f"{len(stops)} stops for {expected} elements")
    return found
