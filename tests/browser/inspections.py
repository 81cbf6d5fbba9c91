"""Inspections of a page that need a browser; each function gives the faults that it finds."""

import asyncio

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe().axe_script
_RULES: dict[str, object] = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ],
    "rules": {
        "identical-links-same-purpose": {"enabled": True},
        "color-contrast": {"enabled": False},  # apart, below
    },
}  # fmt: skip
# All that passed, and a selector for each element, would take most of the time.
_IN_WORDS = """.then(results => results.violations.flatMap(violation =>
  violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 120)}`)))"""
# Two texts look the same when they and all around them have the same tags, classes and colours.
_CONTRAST = """
async known => {
  const around = new Map([[null, '']]), found = new Map();
  const look = e => {
    if (!around.has(e)) {
      const s = getComputedStyle(e);
      around.set(e, [look(e.parentElement), e.localName, e.className, s.backgroundColor,
        s.backgroundImage, s.opacity, s.position].join(' '));
    }
    return around.get(e);
  };
  const short = text => {
    let a = 1, b = 2;
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
      b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
    }
    return `${a} ${b}`;
  };
  for (const e of document.body.querySelectorAll('*')) {
    const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
    if (!own && !e.matches('input, select, textarea') || !e.checkVisibility()) continue;
    const s = getComputedStyle(e);
    const key = [look(e), s.color, s.fontSize, s.fontWeight, s.textShadow, s.visibility, e.type,
      own.length < 2].join(' ');  // axe does not judge a single letter
    if (!found.has(short(key))) found.set(short(key), e);
  }
  known.forEach(look => found.delete(look));
  if (!found.size) return [[], []];
  const violations = await axe.run({include: [...found.values()]}, {
    runOnly: {type: 'rule', values: ['color-contrast']},
    resultTypes: ['violations'], selectors: false,
  })IN_WORDS;
  return [[...found.keys()], violations];
}
""".replace("IN_WORDS", _IN_WORDS)
_FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"
# Forced by the form of the thing itself: a link in a line of text. Of a tick, its label counts.
_TARGETS = """
() => [...document.querySelectorAll(
    'a.phone-link, button, nav a, input, select, textarea, .links a, .segments a')]
  .filter(e => e.checkVisibility() && !e.matches('.skip-link'))
  .map(e => [e.outerHTML.slice(0, 90), (
    e.matches('[type=checkbox], [type=radio]') ? e.labels[0] : e).getBoundingClientRect()])
  .filter(([, r]) => r.height < 43.5 || r.width < 43.5)
  .map(([html, r]) => `${html} ${Math.round(r.width)}×${Math.round(r.height)}`)
"""
# Numbers what takes the Tab, and at every key notes what had the focus until then.
_WATCH = """
selector => {
  window.stops = [];
  window.note = () => {
    const e = document.activeElement;
    if (!e || e === document.body) return stops.push(null);
    const r = e.getClientRects()[0] || e.getBoundingClientRect();
    // The middle of a tall field may lie below the window.
    const y = r.y + Math.min(r.height / 2, 30);
    const at = document.elementFromPoint(r.x + Math.min(r.width / 2, 300), y);
    const s = getComputedStyle(e);
    const covered = !(at && (e.contains(at) || at.contains(e)));
    const outline = s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth);
    const name = covered || outline < 2 ? e.outerHTML.slice(0, 90) : '';
    const is_date = /date|time/.test(e.type);
    stops.push({number: e.dataset.place, is_date, covered, outline, name});
  };
  document.body.tabIndex = -1;
  document.body.focus();
  addEventListener('keydown', note);
  // Of radio buttons only one takes the Tab: the chosen one, or else the first.
  const all = [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
    .filter(e => e.type !== 'radio' || e === (
      document.querySelector(`[name='${e.name}']:checked`)
      || document.querySelector(`[name='${e.name}']`)));
  all.forEach((e, place) => e.dataset.place = String(place));
  return [all.length, all.filter(e => /date|time/.test(e.type)).length];
}
"""
_INSIDE_A_DATE = 3  # day, month and year (or hour, minute, half) take a Tab each, and the button


def inspect(page: Page) -> dict[str, list[str]]:
    """The faults that all inspections of a page find, in a window, on a small telephone, with zoom
    and with large letters."""
    found = {
        "layout shifts": layout_shifts(page),
        "axe": accessibility(page),
        "keyboard": keyboard(page),
        "fingers at 1280 px": small_targets(page),
    }
    page.set_viewport_size({"width": 320, "height": 256})
    found["320 px wide"] = overflow(page)
    found["fingers at 320 px"] = small_targets(page)
    page.set_viewport_size({"width": 640, "height": 512})
    found["640 px wide"] = overflow(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["large letters"] = overflow(page)
    return {check: faults for check, faults in found.items() if faults}


def accessibility(page: Page) -> list[str]:
    """The violations that axe finds in light, and those of the contrast in dark."""
    page.evaluate(_AXE)
    page.emulate_media(color_scheme="light")
    options = {**_RULES, "resultTypes": ["violations"], "selectors": False}
    found: list[str] = page.evaluate(f"options => axe.run(options){_IN_WORDS}", options)
    found += _contrast(page)
    page.emulate_media(color_scheme="dark")
    return found + _contrast(page)


_seen: set[str] = set()  # the looks that have enough contrast, on any page


def _contrast(page: Page) -> list[str]:
    """The violations of the contrast. Most of the time of axe goes there, so that of the texts
    that look the same, on any page of this run, it measures one."""
    looks, found = page.evaluate(_CONTRAST, list(_seen))
    if not found:
        _seen.update(looks)
    return list(found)


def layout_shifts(page: Page) -> list[str]:
    """The movement while the page was built, unasked (CLS); less than a hundredth is the bar, of
    which a slow machine draws the beginning first."""
    shifts: list[str] = page.evaluate(
        "() => {const seen = new PerformanceObserver(() => {});"
        "seen.observe({type: 'layout-shift', buffered: true});"
        "return seen.takeRecords().filter(s => !s.hadRecentInput && s.value > .01).flatMap(shift =>"
        "shift.sources.map(({node}) => `${node?.outerHTML?.slice(0, 80)}: ${shift.value}`))}"
    )
    return shifts


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
    _press_tab(page, expected + dates * _INSIDE_A_DATE + 1)
    page.evaluate("note()")
    found = []
    reached = 0
    before = None
    for stop in page.evaluate("stops")[1:]:
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


def _press_tab(page: Page, times: int) -> None:
    """Press Tab without waiting for each press: a browser that draws the page after each of them
    takes three times as long. Only the asynchronous interface under this one can do so."""
    keyboard = page.keyboard._impl_obj

    async def press() -> None:
        await asyncio.gather(*(keyboard.down("Tab") for _ in range(times)))
        await keyboard.up("Tab")

    page._sync(press())
