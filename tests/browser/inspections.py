"""Inspections of a page that need a browser; each function gives the faults that it finds."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe().axe_script
_RULES: dict[str, object] = {
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
# Numbers what takes the Tab, and at every key that goes up notes what has the focus then.
_WATCH = """
selector => {
  window.stops = [];
  addEventListener('keyup', () => {
    const e = document.activeElement;
    if (!e || e === document.body) return stops.push(null);
    const r = e.getClientRects()[0] || e.getBoundingClientRect();
    // The middle of a tall field may lie below the window.
    const y = r.y + Math.min(r.height / 2, 30);
    const at = document.elementFromPoint(r.x + Math.min(r.width / 2, 300), y);
    const s = getComputedStyle(e);
    stops.push({
      number: e.dataset.place, name: e.outerHTML.slice(0, 90), is_date: e.type === 'date',
      covered: !(at && (e.contains(at) || at.contains(e))),
      outline: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth),
    });
  });
  document.body.tabIndex = -1;
  document.body.focus();
  // Of radio buttons only one takes the Tab: the chosen one, or else the first.
  const all = [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
    .filter(e => e.type !== 'radio' || e === (
      document.querySelector(`[name='${e.name}']:checked`)
      || document.querySelector(`[name='${e.name}']`)));
  all.forEach((e, place) => e.dataset.place = String(place));
  return [all.length, all.filter(e => e.type === 'date').length];
}
"""
_INSIDE_A_DATE = 3  # day, month and year take a Tab each, and the button of the calendar


def accessibility(page: Page) -> list[str]:
    """The violations that axe finds in light, and those of the contrast in dark."""
    page.evaluate(_AXE)
    page.emulate_media(color_scheme="light")
    found = _axe(page, _RULES)
    page.emulate_media(color_scheme="dark")
    return found + _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})


def _axe(page: Page, options: dict[str, object]) -> list[str]:
    # All that passed, and a selector for each element, would take most of the time.
    found: list[str] = page.evaluate(
        """options => axe.run(options).then(results => results.violations.flatMap(
          violation => violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 120)}`)))
        """,
        {**options, "resultTypes": ["violations"], "selectors": False},
    )
    return found


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
    expected, dates = page.evaluate(_WATCH, _FOCUSABLE)
    for _ in range(expected + dates * _INSIDE_A_DATE + 1):
        page.keyboard.press("Tab")
    found = []
    reached = 0
    before = None
    for stop in page.evaluate("stops"):
        if stop is None:  # past the end
            break
        if before and stop["number"] == before["number"] and stop["is_date"]:
            continue
        if stop["number"] != str(reached):
            break
        before = stop
        reached += 1
        if stop["covered"]:
            found.append(f"covered: {stop['name']}")
        if stop["outline"] < 2:
            found.append(f"no visible focus: {stop['name']}")
    if reached != expected:
        found.append(f"{reached} stops for {expected} elements")
    return found
