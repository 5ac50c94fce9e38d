"""A headless Chromium, or a reason why there is none."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ivp_analysis.report.page.pdf import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Containers give no user namespaces and little shared memory.
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


def open_chromium() -> "Iterator[Browser]":
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (pip install -e .[browser])"
    )
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine (apt install chromium)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
