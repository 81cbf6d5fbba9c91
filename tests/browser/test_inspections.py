"""Each inspection can fail: on a real page with one fault put in."""

import pytest
from playwright.sync_api import Page

from tests.browser import inspections

pytestmark = pytest.mark.usefixtures("axe")
PATH = "/scholen/16lf00-basisschool-camelot"


def test_axe_finds_an_image_without_a_text(page: Page) -> None:
    page.goto(PATH)
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(fault.startswith("image-alt") for fault in inspections.accessibility(page))


def test_axe_finds_grey_on_grey(page: Page) -> None:
    page.goto(PATH)
    page.evaluate("document.querySelector('.lead').style.color = '#777'")
    assert len([f for f in inspections.accessibility(page) if f.startswith("color-contrast")]) == 2


def test_axe_finds_small_targets_only_where_they_stand_close(page: Page) -> None:
    page.goto(PATH)
    page.evaluate(
        """() => [['large', 24, 24], ['close', 10, 10], ['apart', 10, 60]].forEach(([name, size, step]) => {
          const row = document.createElement('p');
          row.style.cssText = 'position: relative; height: 90px; margin-top: 90px';
          for (const place of [0, 1]) {
            const button = document.createElement('button');
            button.style.cssText = `all: unset; position: absolute; left: ${place * step}px`;
            Object.assign(button.style, {width: `${size}px`, height: `${size}px`});
            button.className = button.ariaLabel = name;
            row.append(button);
          }
          document.querySelector('main').append(row);
        })"""
    )
    found = inspections.accessibility(page)
    assert [fault[:40] for fault in found] == ['target-size: <button aria-label="close" '] * 2, found


def test_a_layout_shift_is_found(page: Page) -> None:
    page.goto(PATH)
    assert inspections.layout_shifts(page) == []
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => {"
        "document.querySelector('h1').before(document.createElement('pre'));"
        "document.querySelector('pre').style.height = '200px';"
        "requestAnimationFrame(() => requestAnimationFrame(done))}))"
    )
    assert inspections.layout_shifts(page)


def test_an_element_wider_than_the_window_is_found(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(PATH)
    page.evaluate("document.querySelector('h1').style.width = '900px'")
    assert inspections.overflow(page)


def test_a_small_target_is_found(page: Page) -> None:
    page.goto(PATH)
    page.evaluate("Object.assign(document.querySelector('.phone-link').style, {minHeight: 0, padding: 0})")
    assert len(inspections.small_targets(page)) == 1


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("e.tabIndex = -1", "instead of"),
        ("e.tabIndex = 1", "instead of"),
        ("e.style.outline = 'none'", "no visible focus"),
        (
            "const d = document.createElement('div'); Object.assign(d.style, {position: 'absolute',"
            "inset: 0, zIndex: 9}); document.body.append(d); document.body.style.position ="
            "'relative'",
            "covered",
        ),
    ],
    ids=["unreachable", "out-of-order", "invisible", "covered"],
)
def test_a_fault_for_the_keyboard_is_found(page: Page, fault: str, found: str) -> None:
    page.goto(PATH)
    page.evaluate(f"(() => {{ const e = document.querySelector('.phone-link'); {fault} }})()")
    assert any(found in text for text in inspections.keyboard(page))


def test_one_visit_finds_each_kind_of_fault(page: Page) -> None:
    page.goto(PATH)
    page.evaluate(
        """new Promise(done => requestAnimationFrame(() => {
          const [h1, number] = ['h1', '.phone-link'].map(what => document.querySelector(what));
          h1.before(document.createElement('pre'), document.createElement('img'));
          document.querySelector('pre').style.height = '200px';
          h1.style.minWidth = '900px';
          document.querySelector('.lead').style.color = '#777';
          Object.assign(number.style, {minHeight: 0, padding: 0, outline: 'none'});
          requestAnimationFrame(() => requestAnimationFrame(done));
        }))"""
    )
    found = inspections.inspect(page)
    assert sorted(fault.partition(":")[0] for fault in found["axe"]) == ["color-contrast", "image-alt"]
    assert found.keys() == {
        "layout shifts", "axe", "axe in dark", "keyboard", "fingers at 1280 px", "fingers at 320 px",
        "320 px wide", "640 px wide", "large letters",
    }  # fmt: skip
