"""Inspections of a page that need a browser; each function gives the faults that it finds."""

import asyncio
import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Half a megabyte: given to a browser once, as a function that a page compiles only where it is called. Sent with each
# page, it would take a third of the time of its rules. Axe is patched twice: (1) a
# target that is large enough skips the distance check; (2) contrast is measured on marked texts only (_LOOKS).
AXE_ON_DEMAND = f"""window.loadAxe = () => {{{Axe().axe_script};
  const {{'target-size': size, 'target-offset': offset}} = axe._audit.checks;
  const [measure, compare] = [size.evaluate, offset.evaluate];
  let isLarge;
  size.evaluate = function (...target) {{ return isLarge = measure.apply(this, target); }};
  offset.evaluate = function (...target) {{ return isLarge || compare.apply(this, target); }};
  axe.configure({{rules: [{{id: 'color-contrast', selector: '[data-look]'}}]}});
}}"""
# Rules that passed, a selector for each element and the style sheets once more would take most of the time.
_ONLY_FAULTS = {"resultTypes": ["violations"], "selectors": False, "preload": {"assets": ["media"]}}
_RULES: dict[str, object] = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ],
    "rules": {"identical-links-same-purpose": {"enabled": True}},
    **_ONLY_FAULTS,
}  # fmt: skip
_CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **_ONLY_FAULTS}
# Marks a text of each look that is not among those seen, and gives these looks. Two texts look the same when they have
# the same tags, classes and colours, and so has all around them that paints something or leaves its place.
_LOOKS = """
seen => {
  const unseen = [];
  const around = new Map([[null, '']]);
  const known = new Set(seen);
  const look = e => {
    if (!around.has(e)) {
      const s = getComputedStyle(e);
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.position, s.float, s.transform,
        s.filter].join(' ');
      const counts = own !== 'rgba(0, 0, 0, 0) none 1 static none none none' || s.margin.includes('-');
      around.set(e, look(e.parentElement) + (counts ? [' ', e.localName, e.className, own].join(' ') : ''));
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
    delete e.dataset.look;
    const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
    if (!own && !e.matches('input, select, textarea') || !e.checkVisibility()) continue;
    const s = getComputedStyle(e);
    const key = short([look(e), e.localName, e.className, s.color, s.fontSize, s.fontWeight, s.textShadow, s.visibility,
      e.type, own.length < 2].join(' '));  // axe does not judge a single letter
    if (known.has(key)) continue;
    known.add(key);
    unseen.push(key);
    e.dataset.look = '';
  }
  return unseen;
}
"""


def _script(options: dict[str, object]) -> str:
    """A function that gives the unseen looks and what axe finds, by these options."""
    return f"""async seen => {{
      const looks = ({_LOOKS})(seen);
      if (!looks.length && {json.dumps(options is _CONTRAST)}) return [[], []];
      const {{violations}} = await axe.run({json.dumps(options)});
      return [looks, violations.flatMap(violation =>
        violation.nodes.map(node => `${{violation.id}}: ${{node.html.slice(0, 120)}}`))];
    }}"""


_SHIFTS = """
() => {
  const seen = new PerformanceObserver(() => {});
  seen.observe({type: 'layout-shift', buffered: true});
  return seen.takeRecords().filter(s => !s.hadRecentInput && s.value > .01).flatMap(shift =>
    shift.sources.map(({node}) => `${node?.outerHTML?.slice(0, 80)}: ${shift.value}`));
}
"""
_OVERFLOW = """
() => {
  const width = document.documentElement.scrollWidth;
  return width > innerWidth ? [`${width} px wide in a window of ${innerWidth} px`] : [];
}
"""
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
() => {
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
  const all = [...document.querySelectorAll('FOCUSABLE')].filter(e => e.checkVisibility())
    .filter(e => e.type !== 'radio' || e === (
      document.querySelector(`[name='${e.name}']:checked`)
      || document.querySelector(`[name='${e.name}']`)));
  all.forEach((e, place) => e.dataset.place = String(place));
  return [all.length, all.filter(e => /date|time/.test(e.type)).length];
}
""".replace("FOCUSABLE", _FOCUSABLE)
_INSIDE_A_DATE = 3  # day, month and year (or hour, minute, half) take a Tab each, and the button


def inspect(page: Page) -> dict[str, list[str]]:
    """The faults that all inspections of a page find, in a window, on a small telephone, with zoom
    and with large letters.

    Begins where `page` was loaded: in light, in a window, in a browser with AXE_ON_DEMAND; leaves the page hidden. Each
    question to the browser costs as much as most of the answers, so one asks for all that a size shows.
    """
    shifts, seen, fingers, expected = page.evaluate(
        f"async seen => {{ loadAxe(); return ["
        f"({_SHIFTS})(), await ({_script(_RULES)})(seen), ({_TARGETS})(), ({_WATCH})()] }}",
        list(_seen),
    )
    found = {"layout shifts": shifts, "axe": _remember(*seen), "fingers at 1280 px": fingers}
    found["keyboard"] = _walk(page, *expected)
    page.emulate_media(color_scheme="dark")
    found["axe in dark"] = _remember(*page.evaluate(_script(_CONTRAST), list(_seen)))
    page.set_viewport_size({"width": 320, "height": 256})
    found["320 px wide"], found["fingers at 320 px"] = page.evaluate(f"[({_OVERFLOW})(), ({_TARGETS})()]")
    page.set_viewport_size({"width": 640, "height": 512})
    found["640 px wide"], found["large letters"], _ = page.evaluate(
        f"[({_OVERFLOW})(), (document.documentElement.style.fontSize = '200%', ({_OVERFLOW})()),"
        "document.documentElement.style.display = 'none']"  # no more drawing, also not in the next size
    )
    return {check: faults for check, faults in found.items() if faults}


def accessibility(page: Page) -> list[str]:
    """The violations that axe finds in light, and those of the contrast in dark."""
    page.evaluate("loadAxe()")
    found = _remember(*page.evaluate(_script(_RULES), list(_seen)))
    page.emulate_media(color_scheme="dark")
    return found + _remember(*page.evaluate(_script(_CONTRAST), list(_seen)))


_seen: set[str] = set()  # the looks that have enough contrast, on any page


def _remember(looks: list[str], faults: list[str]) -> list[str]:
    """Add `looks` to `_seen` where axe found no fault; gives `faults`. Contrast takes most of the time of axe, so that
    it measures one of the texts that look the same, on any page of this run."""
    if not faults:
        _seen.update(looks)
    return faults


def layout_shifts(page: Page) -> list[str]:
    """The movement while the page was built, unasked (CLS); less than a hundredth is the bar, of
    which a slow machine draws the beginning first."""
    shifts: list[str] = page.evaluate(_SHIFTS)
    return shifts


def overflow(page: Page) -> list[str]:
    """Whether the page is wider than the window."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def small_targets(page: Page) -> list[str]:
    """Numbers, buttons, fields and menu lines that are smaller than 44 × 44 px."""
    found: list[str] = page.evaluate(_TARGETS)
    return found


def keyboard(page: Page) -> list[str]:
    """Walks through the page with Tab: everything is reached once, in order, visibly."""
    return _walk(page, *page.evaluate(_WATCH))


def _walk(page: Page, expected: int, dates: int) -> list[str]:
    _press_tab(page, expected + dates * _INSIDE_A_DATE + 1)
    found = []
    reached = 0
    before = None
    for stop in page.evaluate("note(), stops")[1:]:
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
