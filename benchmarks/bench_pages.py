"""Our page beside the stock nbconvert page of the same notebook: what a browser says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from measure import Row

from ivp_analysis.report.page.pdf import find_browser

# What a browser fetches by itself when the page opens.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?https?://|<link[^>]*\shref=["']?https?://"""
)


def measure_pages(pages: Mapping[str, tuple[Path, Path]]) -> Iterator[Row]:
    """pages: by name the stock page and ours."""
    for name, both in pages.items():
        for kind, path in zip(("stock nbconvert", "ours"), both, strict=True):
            html = path.read_text(encoding="utf-8")
            told = f"{len(html.encode()) / 1000:.0f} kB, {len(FETCHED.findall(html))} external addresses"
            yield f"{name}, {kind}", f"{told}, {html.count('<script')} scripts", _accessibility(path)


def _accessibility(path: Path) -> str:
    """Rules of axe-core that the page breaks, and at how many places."""
    executable = find_browser()
    if executable is None:
        return "no Chromium here: not looked at with axe"
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        # A stock page waits for what it fetches; here nothing outside is there.
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        found = Axe().run(page).response["violations"]
        browser.close()
    places = sum(len(rule["nodes"]) for rule in found)
    return f"axe: {len(found)} rules broken at {places} places" if found else "axe: nothing found"
