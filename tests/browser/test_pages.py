"""Every page in a real browser: accessible in light, dark and print, on its own, no sideways scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from browser.axe import load_axe, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "print": {"media": "print"},
}
FOCUSABLE = "a[href], summary, [tabindex='0'], button, input, select, textarea"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(page: Page, address: Path, axe: str, mode: str) -> None:
    page.emulate_media(**MODES[mode])
    page.goto(address.as_uri())
    load_axe(page, axe)
    # Dark changes colours alone.
    assert violations(page, structure=mode != "dark") == []


@pytest.mark.parametrize(("mode", "behind"), [("light", "#444"), ("dark", "#bbb"), ("print", "#444")])
def test_one_unreadable_text_among_many_is_found(
    page: Page, site: Path, axe: str, mode: str, behind: str
) -> None:
    """Also where nothing but the paint behind it differs from that of its neighbours."""
    page.emulate_media(**MODES[mode])
    page.goto((site / "gemeente-vaals.html").as_uri())
    load_axe(page, axe)
    last = "[...document.querySelectorAll('td')].filter(cell => cell.checkVisibility() && cell.innerText.trim()).at(-1)"
    page.evaluate(f"{last}.style.backgroundColor = '{behind}'")
    assert [rule for rule, _ in violations(page, structure=False)] == ["color-contrast"]


def test_page_stands_alone(page: Page, address: Path) -> None:
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(address.as_uri(), wait_until="networkidle")
    assert requests == [address.as_uri()]
    assert messages == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_scrolls_sideways(page: Page, address: Path, shots: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    page.screenshot(path=shots / f"{address.parent.name}-{address.stem}-{width}.png", full_page=True)


def test_keyboard_reaches_everything_and_shows_where_it_is(page: Page, address: Path) -> None:
    page.goto(address.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    wanted = page.locator(FOCUSABLE).count()
    reached = set()
    for _ in range(wanted):
        page.keyboard.press("Tab")
        place, outline = page.evaluate(
            f"""[[...document.querySelectorAll("{FOCUSABLE}")].indexOf(document.activeElement),
                getComputedStyle(document.activeElement).outlineStyle]"""
        )
        assert outline != "none"
        reached.add(place)
    assert reached == set(range(wanted))


def test_links_and_downloads_lead_somewhere(page: Page, address: Path) -> None:
    page.goto(address.as_uri())
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    beside = [
        unquote(urlsplit(href).path)
        for href in links
        if not urlsplit(href).scheme and not href.startswith("#")
    ]
    assert [name for name in beside if not (address.parent / name).is_file()] == []
    if address.parent.name == "los":
        assert beside == []


def test_folded_details_are_open_on_paper(page: Page, address: Path) -> None:
    page.goto(address.as_uri())
    folded = """all => all.map(one => one.checkVisibility() &&
        one.parentElement.getBoundingClientRect().height > one.getBoundingClientRect().height)"""
    # The figures behind a drawing stay in the files beside the page.
    told = ":not(.drawn) > details > .folded"
    on_screen = page.eval_on_selector_all(told, folded)
    assert on_screen == [False] * len(on_screen)
    page.emulate_media(media="print")
    assert page.eval_on_selector_all(told, folded) == [True] * len(on_screen)
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    page.set_viewport_size({"width": 668, "height": 900})  # the text area of A4 in CSS pixels
    assert page.eval_on_selector_all(".table-scroll", wide) == []


def test_the_short_progress_report_is_at_most_four_sides_of_a4(page: Page, address: Path) -> None:
    if not address.name.startswith("voortgang-"):
        pytest.skip("only the progress report of one municipality is short")
    page.goto(address.as_uri())
    sides = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sides) <= 4


def test_banner_of_simulated_figures_is_visible_on_screen_and_paper(page: Page, site: Path) -> None:
    page.goto((site / "gemeente-vaals.html").as_uri())
    for media in ("screen", "print"):
        page.emulate_media(media=media)  # type: ignore[arg-type]
        assert page.get_by_text("Voorbeelddata: gesimuleerd, geen politiecijfers").is_visible()
