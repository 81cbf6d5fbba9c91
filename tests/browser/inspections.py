"""Inspections of a page that need a browser; each function gives the faults that it finds."""

import asyncio
import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Half a megabyte: given to a browser once, as a function that a page compiles only where it is called. Sent with each
# page, it would take a third of the time of its rules. Axe is patched three times: (1) a target that is large enough
# skips the distance check; (2) contrast is measured on marked texts only (_LOOKS); (3) a link that its style
# distinguishes skips the question whether it stands in a text, and with which contrast: its rule asks for one of the
# two. All rules but that of contrast look at every element: finding the shapes that are new cost as much as what the
# rules about the shape alone saved.
AXE_ON_DEMAND = f"""window.loadAxe = () => {{{Axe().axe_script};
  const {{'target-size': size, 'target-offset': offset}} = axe._audit.checks;
  const [measure, compare] = [size.evaluate, offset.evaluate];
  let isLarge;
  size.evaluate = function (...target) {{ return isLarge = measure.apply(this, target); }};
  offset.evaluate = function (...target) {{ return isLarge || compare.apply(this, target); }};
  axe.configure({{rules: [{{id: 'color-contrast', selector: '[data-look]'}}]}});
  const {{evaluate: distinguish}} = axe._audit.checks['link-in-text-block-style'];
  const check = {{data() {{}}, relatedNodes() {{}}}};
  const links = axe._audit.rules.find(rule => rule.id === 'link-in-text-block');
  const isInText = links.matches;
  links.matches = function (node, ...more) {{
    const isBlock = /^(block|flex|grid|inline-block|list-item)$/.test(getComputedStyle(node).display);
    return !isBlock && distinguish.call(check, node) !== true && isInText.call(this, node, ...more);
  }};
}}"""
# The shapes of elements. Two elements have the same shape when they have the same tag, classes and attributes, and so
# have all around them, what is in them and their neighbours; the same values where a value is no free text; both are
# seen or not; both hold a text or not; and both are large enough for a finger or not.
_SHAPES = """(() => {
  const words = /^(aria-(?!label|describedby|controls)|autocomplete|lang|role|scope|tabindex|type$)/;
  const remember = (find, known = new Map([[null, '']])) => e => {
    if (!known.has(e)) known.set(e, find(e));
    return known.get(e);
  };
  const own = remember(e => e.localName + e.getAttributeNames().filter(name => !name.startsWith('data-')).map(name => {
    const value = e.getAttribute(name);
    return ` ${name}${name === 'class' || words.test(name) || !value ? '=' + value : ''}`;
  }).sort().join(''));
  const path = remember(e => short(path(e.parentElement) + own(e)));
  return remember(e => {
    const {width, height} = e.getBoundingClientRect();
    const inside = [...new Set([...e.children].map(own))].join();
    return short([path(e), own(e.previousElementSibling), own(e.nextElementSibling), inside, e.checkVisibility(),
      !e.textContent.trim(), width < 24 || height < 24].join('|'));
  });
})()"""
_SHORT = """text => {
  let a = 1, b = 2;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return `${a}.${b}`;
}"""
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
# Marks a text of each look that is not among those known, and gives these looks. Two texts look the same when they have
# the same tags, classes and colours, and so has all around them that paints something or leaves its place.
_LOOKS = """
known => {
  const unseen = [];
  const around = new Map([[null, '']]);
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
      const short = {_SHORT};
      const known = new Set(seen.split(' '));
      const unseen = ({_LOOKS})(known);
      if (!unseen.length && {json.dumps(options is _CONTRAST)}) return [[], []];
      const {{violations}} = await axe.run({json.dumps(options)});
      return [unseen, violations.flatMap(violation =>
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
_INSIDE_A_DATE = 3  # day, month and year (or hour, minute, half) take a Tab each, and the button
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
# Walks with Tab: at every key it judges where the former key led, and then goes on from the next step. A step between
# shapes that was taken on an earlier page is not taken again; gives the steps and how many keys they ask for at most.
# Whether a stop is covered or shows no focus depends on its place, so that `missed` looks at each.
_WATCH = f"""
seen => {{
  const short = {_SHORT};
  const known = new Set(seen.split(' '));
  const shape = {_SHAPES};
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const takesFocus = e => {{
    if (e.matches('label, legend')) return e.hasAttribute('tabindex');  // they pass it on
    e.focus({{preventScroll: true}});
    return e === document.activeElement;
  }};
  // Of radio buttons only one takes the Tab: the chosen one, or else the first.
  const all = [...document.body.querySelectorAll('*')]
    .filter(e => (e.matches(controls) || !/^-/.test(e.getAttribute('tabindex')) && takesFocus(e)) &&
      e.checkVisibility() && (e.type !== 'radio' || e === (
      document.querySelector(`[name='${{e.name}}']:checked`) || document.querySelector(`[name='${{e.name}}']`))));
  const isDate = e => /date|time/.test(e.type);
  const steps = [], taken = [];
  all.forEach((to, place) => {{
    const from = all[place - 1];
    const key = from && short(`${{shape(from)}} ${{shape(to)}}`);
    if (known.has(key)) return;
    known.add(key);
    steps.push([from ?? document.body, to]);
    if (key) taken.push(key);
  }});
  const keys = steps.length + steps.filter(([from]) => isDate(from)).length * {_INSIDE_A_DATE} + 1;
  window.found = [];
  let step, inside;
  const name = e => e?.outerHTML.slice(0, 90);
  const judge = ([from, to], e) => {{
    if (e !== to) found.push(`after ${{name(from)}} comes ${{name(e)}} instead of ${{name(to)}}`);
  }};
  const looksFocused = e => {{
    e.focus();
    const s = getComputedStyle(e);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  }};
  const isCovered = e => {{
    const r = e.getClientRects()[0] || e.getBoundingClientRect();
    // The middle of a tall field may lie below the window.
    const at = document.elementFromPoint(r.x + Math.min(r.width / 2, 300), r.y + Math.min(r.height / 2, 30));
    return !at || !e.contains(at) && !at.contains(e);
  }};
  // Scrolled to where the focus would bring it: between the looks nothing changes, so that the browser draws once. What
  // is seen only while it has the focus is looked at again with it.
  // A text field is brought to the edge of the window instead of its middle.
  const show = e => e.matches('input') ? e.focus() : e.scrollIntoViewIfNeeded();
  const isCoveredInView = e => (show(e), isCovered(e)) && (e.focus(), isCovered(e));
  addEventListener('keydown', () => {{
    const e = document.activeElement;
    if (step && e === step[0] && isDate(e) && inside++ < {_INSIDE_A_DATE}) return;
    if (step) judge(step, e);
    step = steps.shift();
    inside = 0;
    if (step && e !== step[0]) step[0].focus();
  }});
  window.missed = () => {{
    const left = step ? [step, ...steps] : steps;
    const [unseen, covered] = [all.filter(e => !looksFocused(e)), all.filter(isCoveredInView)];
    return [...found, ...unseen.map(e => `no visible focus: ${{name(e)}}`),
      ...covered.map(e => `covered: ${{name(e)}}`), ...left.map(([, to]) => `not reached: ${{name(to)}}`)];
  }};
  document.body.tabIndex = -1;
  document.body.focus();
  return [taken, keys];
}}
"""


def inspect(page: Page) -> dict[str, list[str]]:
    """The faults that all inspections of a page find, in a window, on a small telephone, with zoom
    and with large letters.

    Begins where `page` was loaded: in light, in a window, in a browser with AXE_ON_DEMAND; leaves the page hidden. Each
    question to the browser costs as much as most of the answers, so one asks for all that a size shows.
    """
    shifts, seen, fingers, expected = page.evaluate(
        f"async seen => {{ loadAxe(); return ["
        f"({_SHIFTS})(), await ({_script(_RULES)})(seen), ({_TARGETS})(), ({_WATCH})(seen)] }}",
        _known(),
    )
    found = {"layout shifts": shifts, "axe": _remember(*seen), "fingers at 1280 px": fingers}
    found["keyboard"] = _walk(page, *expected)
    page.emulate_media(color_scheme="dark")
    found["axe in dark"] = _remember(*page.evaluate(_script(_CONTRAST), _known()))
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
    found = _remember(*page.evaluate(_script(_RULES), _known()))
    page.emulate_media(color_scheme="dark")
    return found + _remember(*page.evaluate(_script(_CONTRAST), _known()))


_seen: set[str] = set()  # the looks and steps without faults, on any page of this run


def _known() -> str:
    """`_seen` as one text: a list would take ten times as long to send."""
    return " ".join(_seen)


def _remember(seen: list[str], faults: list[str]) -> list[str]:
    """Add `seen` to `_seen` where there was no fault; gives `faults`. So each look and step is inspected once per run:
    on the first page that shows it."""
    if not faults:
        _seen.update(seen)
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
    return _walk(page, *page.evaluate(_WATCH, _known()))


def _walk(page: Page, steps: list[str], keys: int) -> list[str]:
    _press_tab(page, keys)
    return _remember(steps, page.evaluate("missed()"))


def _press_tab(page: Page, times: int) -> None:
    """Press Tab without waiting for each press: a browser that draws the page after each of them
    takes three times as long. Only the asynchronous interface under this one can do so."""
    keyboard = page.keyboard._impl_obj

    async def press() -> None:
        await asyncio.gather(*(keyboard.down("Tab") for _ in range(times)))
        await keyboard.up("Tab")

    page._sync(press())
