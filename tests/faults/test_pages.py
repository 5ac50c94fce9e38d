"""The workspace of faults as pages: nothing runs that came in as text, no small number is out, no word is "nan".

The same is made twice: in a folder and a country of its own, with texts and registry as Windows ends lines, and with
other numbers where they are hidden. Equal bytes say both that a page does not depend on the machine and that nobody can
read a hidden number from it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults import small, stress
from faults.room import times

from ivp_analysis.data.files import sha256_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
JOBS = ("municipality:vaals", "region", "progress", "targets", "benchmark", "accountability")
Tally = Callable[..., None]
pytestmark = pytest.mark.slow
# Outside of tags: what a program writes that has no figure, or that fails.
GONE = re.compile(r"\b(?:nan|NaN|NaT|None|inf|Infinity|Traceback)\b")
HEAD = re.compile(r"<(style|title)\b.*?</\1>", re.S)


def make(place: Path, hidden: tuple[int, int], line_end: str, **environment: str) -> Path:
    """The folder of the pages, as `ivp reports` leaves it in this environment."""
    root = stress.fill(place, hidden=hidden, line_end=line_end).root
    jobs = JOBS[: times(1, len(JOBS))]
    asked = [part for job in jobs for part in ("--only", job)]
    command = [sys.executable, "-m", "ivp_analysis", "reports", "--workspace", str(root), *asked]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stderr
    (index,) = root.glob("reports/*/*/index.html")
    return index.parent


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("een map met é en spaties") / "w"
    return make(place, stress.SMALL, "\n", LC_ALL="C", LANG="C", TZ="Asia/Tokyo")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("w") / "w", stress.NEXT, "\r\n", LC_ALL="C.UTF-8", TZ="UTC")


def texts(folder: Path) -> dict[str, str]:
    """Pages and files beside them, by their place."""
    found = small.files_of(folder)
    return {
        name: content.decode("utf-8-sig")
        for name, content in found.items()
        if name.endswith((".html", ".csv"))
    }


def test_bytes_do_not_depend_on_the_machine_nor_on_what_is_hidden(
    here: Path, there: Path, tally: Tally
) -> None:
    mine, other = texts(here), texts(there)
    assert len([name for name in mine if name.endswith(".html")]) >= 2
    assert mine.keys() == other.keys()
    assert [name for name in mine if mine[name] != other[name]] == []
    tally("pages and files made twice", len(mine))


def test_a_hidden_number_stands_nowhere(here: Path) -> None:
    """Nor in an executed notebook: what it shows is what the page was made of."""
    looked_at = {
        **texts(here),
        **{path.name: path.read_text(encoding="utf-8") for path in here.glob("*.ipynb")},
    }
    number = stress.SMALL[1]
    written = re.compile(rf"(?<!\d){number // 1000}[.,\s]?{number % 1000:03d}(?!\d)")
    assert [name for name, text in looked_at.items() if written.search(text)] == []
    pages = [text for name, text in texts(here).items() if name.startswith(("gemeente", "heuvelland"))]
    assert all("onder 5 uit leveringen niet getoond" in text for text in pages)
    # A number beside it that is not hidden does stand there, so the search can find.
    assert any(re.search(r"8[.]?\d{3}", text) for text in pages)


def test_no_name_leaves_its_folder(here: Path) -> None:
    """Municipalities and files that came in bear the names of folders and devices."""
    root = here.parents[2]
    assert [path.name for path in root.parent.iterdir()] == ["w"]
    assert {path.name for path in root.iterdir()} == {"README.txt", "data", "narrative", "reports"}
    names = [path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()]
    assert [name for name in names if not re.fullmatch(r"(?:[a-z]+/)?[a-z0-9_-]+\.[a-z]+", name)] == []
    taken = list((root / "data" / "raw").rglob("*.origin.json"))
    assert len(taken) == len(stress.FILES)
    for path in taken:
        assert path.relative_to(root / "data" / "raw").parts[1] == small.DAY.isoformat()
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told["original"] == stress.FILES[told["source"]]
        assert not re.search(r'[<>:"/\\|?*]|^con\.', told["file"])
    shown = "".join(texts(here).values())
    assert "../../Geul" in shown
    assert 'href="../' not in shown


def test_a_delivery_without_key_figures_costs_a_sentence(here: Path) -> None:
    """Of all key figures only the youths of the Halt delivery are there: peers are chosen by inhabitants."""
    page = (here / "gemeente-vaals.html").read_text(encoding="utf-8")
    assert "die het meest lijken in inwoners." in page
    assert "Niet gebruikt, omdat deze gegevens het niet van elke gemeente geven" in page


def test_no_hash_of_a_hidden_number_stands_beside_the_pages(here: Path) -> None:
    """Who tries out small numbers would know them by it."""
    data = here.parents[2] / "data"
    private = [path for path in (data / "processed").glob("*.*") if path.suffix in (".json", ".parquet")]
    private += [path for source in ("police-inp", "halt") for path in (data / "raw" / source).rglob("*.csv*")]
    hashes = {path.name: sha256_file(path) for path in private}
    assert len(hashes) > 6
    beside = {path.name: path.read_text("utf-8", "replace") for path in here.rglob("*") if path.is_file()}
    assert "manifest.json" in beside
    found = [
        (name, file)
        for name, text in beside.items()
        for file, digest in hashes.items()
        if digest[:12] in text
    ]
    assert found == []
    # Of open data it does stand there, so the search can find.
    (open_data,) = (data / "raw" / "cbs-83651").rglob("*.csv")
    assert sha256_file(open_data)[:12] in beside["gemeente-vaals.html"]
    assert sha256_file(open_data) in beside["manifest.json"]


def test_no_page_shows_a_word_of_a_program(here: Path) -> None:
    for name, text in texts(here).items():
        assert [m[0] for m in GONE.finditer(HEAD.sub("", text))] == [], name
    for path in here.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [one for cell in cells for one in cell.get("outputs", ())]
        assert [one["text"] for one in outputs if one.get("name") == "stderr"] == [], path.name
        assert [one for one in outputs if one["output_type"] == "error"] == [], path.name


def test_nothing_that_came_in_as_text_runs(here: Path, chromium: Browser, tally: Tally) -> None:
    for path in sorted(here.glob("*.html")):
        asked: list[str] = []
        told: list[str] = []
        page = chromium.new_page()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, told=told: told.append(message.text))
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        page.goto(path.as_uri(), wait_until="networkidle")
        assert page.title() not in ("executed", "1"), path.name
        assert (asked, told) == ([path.as_uri()], []), path.name
        assert (
            page.locator("script, iframe, object, embed, base, math, [onerror], [onload], [ontoggle]").count()
            == 0
        )
        assert (
            page.locator(
                "a[href^='javascript' i], meta[http-equiv='refresh' i], img:not([src^='data:'])"
            ).count()
            == 0
        )
        page.close()
    # They were there to be run: as text they stand on the page.
    shown = "".join(texts(here).values())
    assert sum("document.title" in part for part in shown.split("&lt;")) >= len(stress.ATTACKS)
    tally("payloads", len(stress.ATTACKS) * len(list(here.glob("*.html"))))
