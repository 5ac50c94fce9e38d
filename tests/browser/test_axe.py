"""Pages in a real browser: accessible in light, dark and print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.axe import load_axe, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

MODES: dict[str, dict[str, Any]] = {
    "light": {"media": "screen", "color_scheme": "light"},
    "dark": {"media": "screen", "color_scheme": "dark"},
    "print": {"media": "print", "color_scheme": "light"},
}


def test_axe_finds_nothing(page: Page, address: Path, axe: str) -> None:
    page.goto(address.as_uri())
    load_axe(page, axe)
    found = {}
    for mode, media in MODES.items():
        page.emulate_media(**media)
        # Dark changes colours alone; paper hides and unfolds.
        found[mode] = violations(page, structure=mode != "dark")
    assert {mode: broken for mode, broken in found.items() if broken} == {}


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
