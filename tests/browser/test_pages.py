"""Pages in a real browser: on their own, no sideways scrolling, all in reach of the keyboard, whole on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (320, 360, 768, 1280)
FOCUSABLE = "a[href], summary, [tabindex='0'], button, input, select, textarea"


def test_page_stands_alone(page: Page, address: Path) -> None:
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(address.as_uri(), wait_until="networkidle")
    assert requests == [address.as_uri()]
    assert messages == []


def test_nothing_scrolls_sideways(page: Page, address: Path, shots: Path | None) -> None:
    page.goto(address.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    root, over = "document.documentElement", {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over[width] = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        if shots:
            page.screenshot(path=shots / f"{address.parent.name}-{address.stem}-{width}.png", full_page=True)
    assert over == dict.fromkeys(WIDTHS, 0)


def test_keyboard_reaches_everything_and_shows_where_it_is(page: Page, address: Path) -> None:
    page.goto(address.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    number = "all => all.map((one, place) => one.place = place).length"
    wanted = page.eval_on_selector_all(FOCUSABLE, number)
    reached = set()
    for _ in range(wanted):
        page.keyboard.press("Tab")
        place, outline = page.evaluate(
            "[document.activeElement.place, getComputedStyle(document.activeElement).outlineStyle]"
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
