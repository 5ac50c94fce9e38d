"""Wrong use and bad input at the command line: one clear message, the exit code, and nothing half-written."""

import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from faults.command import ivp as _ivp

from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry

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


def _files(folder: Path) -> set[Path]:
    """All but the lock, an empty file that stays."""
    return {path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return init_workspace(tmp_path / "een map met é en spaties").root


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
    assert _ivp("list", "--workspace", str(workspace)).returncode == 0, "the jobs need no figures"
    for command in ("build", "reports"):
        result = _ivp(command, "--workspace", str(workspace))
        assert result.returncode in (1, 2)
        assert "->" in result.stderr
        assert "Traceback" not in result.stderr


def test_a_folder_that_is_no_workspace_is_wrong_use(tmp_path: Path) -> None:
    result = _ivp("build", "--workspace", str(tmp_path))
    assert result.returncode == 2
    assert "ivp init" in result.stderr


def test_a_sign_that_the_output_cannot_show_is_no_stack_trace(tmp_path: Path) -> None:
    """Output to a file or pipe on Windows is cp1252, which has no ğ."""
    place = tmp_path / "Erdoğan"
    command = [sys.executable, "-m", "ivp_analysis", "init", str(place)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, timeout=120, env={**os.environ, "PYTHONIOENCODING": "cp1252"}
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert b"Erdo\\u011fan" in done.stdout
    wrong = subprocess.run(
        [*command[:3], "build", "--workspace", f"{place}/ğ"],
        cwd=ROOT, capture_output=True, timeout=120, env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert (wrong.returncode, b"Traceback" in wrong.stderr) == (2, False)


def test_a_path_that_is_too_long_is_wrong_use(tmp_path: Path) -> None:
    done = _ivp("init", str(tmp_path / ("lang" * 80)))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "cannot be a folder" in done.stderr


def test_an_unknown_source_names_the_nearest(workspace: Path) -> None:
    result = _ivp("import", "x.csv", "--source", "cbs-83561", "--workspace", str(workspace))
    assert result.returncode == 2
    assert "did you mean" in result.stderr


class TestWithFigures:
    """One build of the five municipalities of the plan and a neighbour."""

    PLACES: ClassVar = {"GM1903": "Eijsden-Margraten", "GM1729": "Gulpen-Wittem", "GM0938": "Meerssen", "GM0981": "Vaals",
              "GM0994": "Valkenburg aan de Geul", "GM0935": "Maastricht"}  # fmt: skip

    def _take(self, workspace: Path, registry: Registry, places: dict[str, str]) -> None:
        """Here the figures are taken and built without the command line: that is not what these tests are about."""
        place = Workspace(workspace, ROOT)
        years = range(2018, 2022)
        cells = [(gm, year) for gm in places for year in years]
        rows = [f"{n};T001540;CRI1134;{gm};{year}JJ00;{20 + n}" for n, (gm, year) in enumerate(cells)]
        theft, people = workspace.parent / "theft.csv", workspace.parent / "people.csv"
        theft.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        head = '"Bevolking"\n""\n"";"";"";"Perioden"\n"Regio\'s";"Onderwerp";"";"2017";"2018";"2019";"2020";"2021"\n'
        topic = '"Bevolking aan het einde van de periode";"aantal"'
        lines = [
            f'"{name}";{topic}' + "".join(f';"{10_000 + 500 * i + n}"' for n in range(5))
            for i, name in enumerate(places.values())
        ]
        people.write_text(head + "\n".join(lines) + '\n"Bron: CBS"\n', encoding="utf-8")
        for file, source in ((theft, "cbs-83651"), (people, "cbs-37230")):
            import_file(place, registry, file, source)
        build(place, registry)

    @pytest.fixture
    def built(self, workspace: Path, registry: Registry) -> Path:
        self._take(workspace, registry, self.PLACES)
        return workspace

    def test_a_municipality_of_the_plan_that_is_not_in_the_figures_is_named(
        self, workspace: Path, registry: Registry
    ) -> None:
        self._take(workspace, registry, {gm: name for gm, name in self.PLACES.items() if gm != "GM0938"})
        result = _ivp("reports", "--workspace", str(workspace))
        assert result.returncode == 2
        assert "no figures of Meerssen (GM0938)" in result.stderr
        assert "Traceback" not in result.stderr

    def test_a_year_without_figures_names_the_years_there_are(self, built: Path) -> None:
        result = _ivp("reports", "--workspace", str(built), "--year", "2030")
        assert result.returncode == 2
        assert "2030" in result.stderr
        assert "2018-2021" in result.stderr

    def test_pages_that_were_not_made_are_not_kept_as_an_edition(self, built: Path) -> None:
        result = _ivp("freeze", "--status", "vastgesteld", "--workspace", str(built))
        assert result.returncode == 2
        assert "was not made" in result.stderr
        assert "ivp reports --year 2021" in result.stderr
        assert not list(built.rglob("editions"))

    def test_a_new_plan_is_written_once_and_starts_after_its_base(self, built: Path) -> None:
        file = built.parent / "nieuw plan.toml"
        asked = ("plan", "new", "--title", "Plan 2022-2025", "--out", str(file), "--workspace", str(built))
        made = _ivp(*asked, "--first-year", "2022", "--last-year", "2025")
        assert made.returncode == 0, made.stderr
        assert "base_year = 2021" in file.read_text(encoding="utf-8")
        again = _ivp(*asked, "--first-year", "2022", "--last-year", "2025")
        assert again.returncode == 2
        assert "there already" in again.stderr
        early = _ivp(*asked[:-4], "--first-year", "2020", "--last-year", "2023", "--workspace", str(built))
        assert early.returncode == 2
        assert "base in 2021" in early.stderr

    def test_an_unknown_job_is_wrong_use(self, built: Path) -> None:
        result = _ivp("reports", "--workspace", str(built), "--only", "municipality:vals")
        assert result.returncode == 2
        assert "municipality:vaals" in result.stderr

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (("--areas", "Valls"), "did you mean 'vaals'?"),
            (("--workers", "0"), "greater than or equal to 1"),
            (("--time-limit", "0"), "greater than or equal to 1"),
        ],
    )
    def test_options_of_a_run_that_cannot_be(self, options: tuple[str, str], told: str, built: Path) -> None:
        result = _ivp("reports", "--workspace", str(built), *options)
        assert result.returncode == 2
        assert told in result.stderr, result.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--source", "politie-47014"), "unknown source"),
        (("--source", "halt"), "halt is not fetched"),
        (("--areas", "GM9998"), "GM9998"),
        (("--plan", "nee"), "no plan 'nee'"),
    ],
)
def test_a_fetch_of_what_cannot_be_fetched_is_wrong_use(
    workspace: Path, options: tuple[str, str], told: str
) -> None:
    result = _ivp("fetch", *options, "--workspace", str(workspace))
    assert result.returncode == 2
    assert told in result.stderr
    assert "->" in result.stderr
    assert "Traceback" not in result.stderr


class TestDeliveries:
    """From template to build, at the command line."""

    def test_a_template_is_filled_in_imported_and_built(self, workspace: Path) -> None:
        file = workspace.parent / "overnachtingen van Vaals.csv"
        made = _ivp("template", "visitors", "--out", str(file))
        assert made.returncode == 0, made.stderr
        empty = _ivp("import", str(file), "--source", "visitors", "--workspace", str(workspace))
        assert (empty.returncode, "no rows" in empty.stderr) == (1, True)
        with file.open("a", encoding="utf-8", newline="") as stream:
            stream.write("Vaals;2024;310000\r\n")
        taken = _ivp("import", str(file), "--source", "visitors", "--workspace", str(workspace))
        assert taken.returncode == 0, taken.stderr
        built = _ivp("build", "--workspace", str(workspace))
        assert "visitors: 1 rows" in built.stdout

    def test_the_next_step_names_the_workspace(self, workspace: Path) -> None:
        """Followed to the letter, private figures must not end in the checkout."""
        file = workspace.parent / "halt.csv"
        made = _ivp("template", "halt", "--out", str(file), "--workspace", str(workspace))
        assert f'next: ivp import "{file}" --source halt --workspace "{workspace}"' in made.stdout
        other = _ivp("template", "halt", "--out", str(workspace.parent / "b.csv"))
        assert "--source halt --workspace DIR" in other.stdout
        assert "ivp init DIR" in other.stdout

    def test_all_faults_of_a_workbook_are_told_at_once(self, workspace: Path) -> None:
        from openpyxl import load_workbook

        file = workspace.parent / "halt.xlsx"
        assert _ivp("template", "halt", "--xlsx", "--out", str(file)).returncode == 0
        book = load_workbook(file)
        book["Gegevens"].append(["Vals", 2021, "=1+1", 512])
        book["Gegevens"].append(["Vaals", 21, 4, 512])
        # The template prepares rows: append goes below them.
        first = next(c.row for c in book["Gegevens"]["A"] if c.value == "Vals")
        book.save(file)
        before = (file.read_bytes(), _files(workspace))
        result = _ivp("import", str(file), "--source", "halt", "--workspace", str(workspace))
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        for told in (
            "halt.xlsx: 3 faults",
            f"row {first}, gemeente: unknown municipality 'Vals', did you mean Vaals?",
            f"row {first}, aantal: '=1+1' is a formula",
            f"row {first + 1}, jaar: '21' is not a whole number from 2010 to 2100",
            "->",
        ):
            assert told in result.stderr
        assert (file.read_bytes(), _files(workspace)) == before

    def test_a_template_never_replaces_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "a.csv"
        file.write_text("mijn werk", encoding="utf-8")
        result = _ivp("template", "halt", "--out", str(file))
        assert (result.returncode, file.read_text(encoding="utf-8")) == (2, "mijn werk")
        assert "choose another with --out" in result.stderr


class TestDiffAndVerify:
    """Both print and write nothing."""

    @pytest.fixture
    def twice(self, workspace: Path) -> Path:
        for name, content in (("a.csv", GOOD), ("b.csv", GOOD.replace(";25", ";30"))):
            file = workspace.parent / name
            file.write_text(content, encoding="utf-8")
            done = _ivp("import", str(file), "--source", "cbs-83651", "--workspace", str(workspace))
            assert done.returncode == 0, done.stderr
        return workspace

    def test_diff_tells_what_changed(self, twice: Path) -> None:
        before = _files(twice)
        result = _ivp("diff", "cbs-83651", "--workspace", str(twice))
        assert result.returncode == 0, result.stderr
        assert "2 cells in both; 1 changed" in result.stdout
        assert "+20.00%" in result.stdout
        assert _files(twice) == before
        assert _ivp("diff", "cbs-83651", "zzzz", "--workspace", str(twice)).returncode == 2
        assert _ivp("diff", "politie-47013", "--workspace", str(twice)).returncode == 2

    def test_verify_is_0_until_a_file_changes(self, twice: Path) -> None:
        assert _ivp("build", "--workspace", str(twice)).returncode == 0
        good = _ivp("verify", "--workspace", str(twice))
        assert good.returncode == 0, good.stderr
        assert "2 snapshots, registry and build: all as they were taken" in good.stdout
        assert "not reproducible: no figures of politie-47021 were taken" in good.stdout
        (kept,) = twice.rglob("a.csv")
        kept.write_text("anders", encoding="utf-8")
        bad = _ivp("verify", "--workspace", str(twice))
        assert bad.returncode == 1
        assert "fault:" in bad.stdout
        assert "a.csv" in bad.stdout
        assert "Traceback" not in bad.stderr


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, ivp_analysis.cli; "
        "print([m for m in ('pandas', 'numpy', 'pandera', 'openpyxl', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
