"""A headless Chromium, and the pages that it opens: handmade ones, and those of the last `ivp reports`."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser.handmade import HANDMADE, make_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, from the wheel that ships it."""
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python is not installed (pip install -e .[browser])")
    return Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Where pictures of the pages are kept, if anywhere."""
    kept = os.environ.get("IVP_SCREENSHOTS")
    if not kept:
        return None
    Path(kept).mkdir(parents=True, exist_ok=True)
    return Path(kept)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each page by its name in the handmade site, or by its path in `reports`."""
    if "page_name" in metafunc.fixturenames:
        made = sorted((ROOT / "reports").rglob("*.html"))
        most_read = _most_read(made)
        slow = [
            pytest.param(
                path.relative_to(ROOT).as_posix(),
                marks=pytest.mark.slow if path in most_read else [pytest.mark.slow, pytest.mark.long],
            )
            for path in made
        ]
        metafunc.parametrize("page_name", [*HANDMADE, *slow])


def _most_read(pages: list[Path]) -> list[Path]:
    """Of each set of reports the index, and of the municipal pages the last: the longest name of the plan."""
    municipal = {path.parent: path for path in pages if path.name.startswith("gemeente-")}
    return [path for path in pages if path.name == "index.html" or path in municipal.values()]


@pytest.fixture
def page(chromium: "Browser") -> "Iterator[Page]":
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def address(page_name: str, site: Path) -> Path:
    return site / page_name if page_name in HANDMADE else ROOT / page_name
