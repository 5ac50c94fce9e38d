"""A headless Chromium, and the pages that it opens: handmade ones, and those of the last `ivp reports`."""

import importlib.util
import os
from pathlib import Path

import pytest
from browser.handmade import HANDMADE, make_site

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
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the pages are kept: IVP_SCREENSHOTS, or pytest's folder of this run."""
    kept = os.environ.get("IVP_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each page by its name in the handmade site, or by its path in `reports`."""
    if "page_name" in metafunc.fixturenames:
        made = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "reports").rglob("*.html"))
        slow = [pytest.param(name, marks=pytest.mark.slow) for name in made]
        metafunc.parametrize("page_name", [*HANDMADE, *slow])


@pytest.fixture
def address(page_name: str, site: Path) -> Path:
    return site / page_name if page_name in HANDMADE else ROOT / page_name
