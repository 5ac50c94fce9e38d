"""Wrong use and bad input at the command line: one clear message, the exit code, and nothing half-written."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADER = "ID;GebruikVanGeweld;SoortDiefstal;RegioS;Perioden;TotaalGeregistreerdeDiefstallen_1\n"
GOOD = HEADER + "1;T001540;CRI1134;GM0981;2018JJ00;25\n2;T001540;CRI1134;GM0981;2019JJ00;20\n"

BAD_FILES = {
    "wrong delimiter": (GOOD.replace(";", "|"), "separated by"),
    "missing column": (GOOD.replace("Perioden", "Tijd"), "Perioden"),
    "unknown area": (GOOD.replace("GM0981", "GM9998"), "GM9998"),
    "unknown code": (GOOD.replace("CRI1134", "CRI9999"), "CRI9999"),
    "duplicate rows": (GOOD + GOOD.splitlines()[1] + "\n", "CRI1134"),
    "negative count": (GOOD.replace(";25", ";-25"), "-25"),
    "fractional count": (GOOD.replace(";25", ";2,5"), "2,5"),
    "a quarter": (GOOD.replace("2018JJ00", "2018KW01"), "2018KW01"),
    "a month in a table of years": (GOOD.replace("2018JJ00", "2018MM01"), "2018MM01"),
    "truncated": (GOOD.rstrip("\n")[:-12], "row 3"),
    "a web page": ("<!DOCTYPE html><html><body>Sign in</body></html>", "bad.csv"),
    "empty": ("", "bad.csv"),
}  # fmt: skip


def _ivp(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ivp_analysis", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120)


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "een map met é en spaties"
    assert _ivp("init", str(place)).returncode == 0
    return place


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_bad_file_is_refused_with_what_where_and_what_to_do(fault: str, workspace: Path) -> None:
    content, named = BAD_FILES[fault]
    bad = workspace.parent / "bad.csv"
    bad.write_text(content, encoding="utf-8")
    before = _files(workspace)
    result = _ivp("import", str(bad), "--source", "cbs-83651", "--workspace", str(workspace))
    assert result.returncode == 1, result.stdout
    assert "Traceback" not in result.stderr
    assert named in result.stderr
    assert "bad.csv" in result.stderr
    assert "->" in result.stderr
    assert _files(workspace) == before


def test_a_wrong_encoding_is_refused(workspace: Path) -> None:
    bad = workspace.parent / "bad.csv"
    bad.write_bytes(GOOD.encode("utf-16-le")[:-1])
    result = _ivp("import", str(bad), "--source", "cbs-83651", "--workspace", str(workspace))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "bad.csv" in result.stderr


def test_a_changed_raw_file_stops_the_build(workspace: Path) -> None:
    good = workspace.parent / "good.csv"
    good.write_text(GOOD, encoding="utf-8")
    assert _ivp("import", str(good), "--source", "cbs-83651", "--workspace", str(workspace)).returncode == 0
    (kept,) = workspace.rglob("good.csv")
    kept.write_text(GOOD.replace(";25", ";26"), encoding="utf-8")
    result = _ivp("build", "--workspace", str(workspace))
    assert result.returncode == 1
    assert "good.csv" in result.stderr
    assert "changed since it was taken" in result.stderr


def test_an_empty_workspace_says_what_to_do(workspace: Path) -> None:
    for command in ("build", "reports", "list"):
        result = _ivp(command, "--workspace", str(workspace))
        assert result.returncode in (1, 2)
        assert "->" in result.stderr
        assert "Traceback" not in result.stderr


def test_a_folder_that_is_no_workspace_is_wrong_use(tmp_path: Path) -> None:
    result = _ivp("build", "--workspace", str(tmp_path))
    assert result.returncode == 2
    assert "ivp init" in result.stderr


def test_an_unknown_source_names_the_nearest(workspace: Path) -> None:
    result = _ivp("import", "x.csv", "--source", "cbs-83561", "--workspace", str(workspace))
    assert result.returncode == 2
    assert "did you mean" in result.stderr


class TestWithFigures:
    """One build of two municipalities, of which one is in the plan."""

    @pytest.fixture
    def built(self, workspace: Path) -> Path:
        rows = [f"{n};T001540;CRI1134;{gm};{year}JJ00;{20 + n}" for n, (gm, year) in enumerate(
            (gm, year) for gm in ("GM0981", "GM0935") for year in range(2018, 2022))]  # fmt: skip
        theft, people = workspace.parent / "theft.csv", workspace.parent / "people.csv"
        theft.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        people.write_text(
            '"Bevolking"\n""\n"";"";"";"Perioden"\n"Regio\'s";"Onderwerp";"";"2017";"2018";"2019";"2020";"2021"\n'
            '"Vaals";"Bevolking aan het einde van de periode";"aantal";"10100";"10092";"10080";"10075";"10070"\n'
            '"Maastricht";"Bevolking aan het einde van de periode";"aantal";"121000";"121500";"121600";"120900";"120800"\n'
            '"Bron: CBS"\n',
            encoding="utf-8",
        )
        for file, source in ((theft, "cbs-83651"), (people, "cbs-37230")):
            done = _ivp("import", str(file), "--source", source, "--workspace", str(workspace))
            assert done.returncode == 0, done.stderr
        built = _ivp("build", "--workspace", str(workspace))
        assert built.returncode == 0, built.stderr
        return workspace

    def test_a_year_without_figures_names_the_years_there_are(self, built: Path) -> None:
        result = _ivp("reports", "--workspace", str(built), "--year", "2030")
        assert result.returncode == 2
        assert "2030" in result.stderr
        assert "2018-2021" in result.stderr

    def test_an_unknown_job_is_wrong_use(self, built: Path) -> None:
        result = _ivp("reports", "--workspace", str(built), "--only", "municipality:vals")
        assert result.returncode == 2
        assert "municipality:vaals" in result.stderr
