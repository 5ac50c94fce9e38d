"""The commands, as a user types them, on the real CBS files: pages without the sample's banner, with source and date."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ivp_analysis.report.page.head import BANNER

ROOT = Path(__file__).parents[2]
CBS = ROOT.parent / "shared" / "data" / "cbs"
FILES = {
    "83651NED_diefstallen_gemeente_2018-2021.csv": "cbs-83651",
    "83648NED_totaal_gemeente_2010-2020.csv": "cbs-83648",
    "37230ned_bevolking_einde_jaar_gemeente_2002-2024.csv": "cbs-37230",
    "85039NED_kerncijfers_gemeente_2021.json": "cbs-85039",
}
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not CBS.is_dir(), reason=f"the real CBS files are not there: {CBS}"),
]


def _ivp(*arguments: str) -> str:
    command = [sys.executable, "-m", "ivp_analysis", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=400)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("echt") / "werkmap Heuvelland"
    _ivp("init", str(workspace))
    for file, source in FILES.items():
        _ivp("import", str(CBS / file), "--source", source, "--workspace", str(workspace))
    _ivp("build", "--workspace", str(workspace))
    chosen = ("--only", "region", "--only", "municipality:eijsden-margraten")
    printed = _ivp("reports", "--workspace", str(workspace), "--year", "2020", *chosen)
    index = Path(printed.strip().splitlines()[-1])
    assert index.is_file()
    return index.parent


def _text(page: Path) -> str:
    html = page.read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", html, flags=re.S)))


def _rows(page: Path) -> list[list[str]]:
    """Every row of every table, whatever the order of its columns."""
    rows = re.findall(r"<tr[ >].*?</tr>", page.read_text(encoding="utf-8"), flags=re.S)
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, flags=re.S)
        ]
        for row in rows
    ]


def test_pages_carry_no_banner_but_source_and_date(folder: Path) -> None:
    for name in ("heuvelland.html", "gemeente-eijsden-margraten.html", "index.html"):
        assert BANNER not in _text(folder / name)
    region = _text(folder / "heuvelland.html")
    assert "83651NED" in region
    assert "Bron: CBS" in region
    assert re.search(r"\d{1,2} [a-z]+ 20\d\d", region)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["simulated"] is False
    assert "banner" not in manifest


def test_published_figures_stand_on_the_page(folder: Path) -> None:
    """CBS 83648NED and 83651NED: 2,905 crimes and 225 thefts from homes in the five together in 2020."""
    rows = _rows(folder / "heuvelland.html")
    assert any(row[0] == "Criminaliteit (totaal)" and {"3.080", "2.905"} <= set(row) for row in rows)
    assert any(row[0] == "Woningcriminaliteit" and {"250", "225"} <= set(row) for row in rows)


def test_rounding_and_missing_years_are_said(folder: Path) -> None:
    assert "vijftallen" in _text(folder / "heuvelland.html")
    assert "te weinig jaren" in _text(folder / "heuvelland.html")
    csv = (folder / "tables" / "gemeente-eijsden-margraten_veld-1.csv").read_bytes()
    assert csv.startswith(b"\xef\xbb\xbf")
    assert b";" in csv
