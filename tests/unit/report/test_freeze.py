"""An adopted edition is kept to the byte, never overwritten, and read by the report of the next year."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ivp_analysis.data.files import write_text
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError, WorkspaceError
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.progress.editions import (
    check_edition,
    last_adopted,
    list_editions,
    say_reported_before,
)
from ivp_analysis.report.run.freeze import freeze
from ivp_analysis.report.run.inputs import hash_build
from ivp_analysis.report.run.jobs import declare_jobs

DAY = date(2023, 6, 1)


@pytest.fixture
def workspace(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    """The built sample in a folder of its own, so that editions of one test are not those of another."""
    shutil.copytree(sample_workspace.processed, tmp_path / "data" / "processed")
    return Workspace(tmp_path, sample_workspace.home)


def _make_pages(workspace: Workspace, registry: Registry, year: int, *, build: str = "") -> Path:
    """Pages as a run leaves them: their bytes are what matters here, not what they say."""
    analysis = analyse(workspace, registry, None, year)
    folder = workspace.reports / analysis.plan.id / str(year)
    made_from = build or hash_build(workspace)
    jobs = []
    for job in declare_jobs(registry, analysis.plan, year):
        write_text(folder / job.output, f"<html>{job.id} {year}</html>")
        jobs.append({"id": job.id, "outcome": "made", "inputs": {"build": made_from}})
    write_text(folder / "tables" / "x.csv", "a;b\n1;2\n")
    write_text(folder / "manifest.json", json.dumps({"jobs": jobs}))
    return folder


def _freeze(workspace: Workspace, registry: Registry, year: int = 2022, **options):
    return freeze(workspace, registry, year=year, day=options.pop("day", DAY), **options)


def test_every_file_is_kept_with_its_hash(workspace: Workspace, registry: Registry) -> None:
    folder = _make_pages(workspace, registry, 2022)
    edition = _freeze(workspace, registry, status="vastgesteld")
    assert edition.folder == folder / "editions" / "2023-06-01-vastgesteld"
    assert (edition.folder / "tables" / "x.csv").read_bytes() == (folder / "tables" / "x.csv").read_bytes()
    for name in ("voortgang.html", "figures.json", "manifest.json"):
        assert name in edition.files
    assert check_edition(edition) == []
    assert edition.simulated
    assert edition.figures()["counts"]["hic"]["heuvelland"]["2018"] == 498
    assert not list(folder.glob("editions/.ivp-tmp-*"))


def test_an_edition_is_never_overwritten(workspace: Workspace, registry: Registry) -> None:
    folder = _make_pages(workspace, registry, 2022)
    kept = _freeze(workspace, registry)
    write_text(folder / "voortgang.html", "<html>other</html>")
    with pytest.raises(UsageError, match="kept already"):
        _freeze(workspace, registry)
    assert check_edition(kept) == []
    later = _freeze(workspace, registry, day=date(2023, 9, 1), status="vastgesteld")
    assert [e.folder for e in list_editions(workspace, kept.plan, 2022)] == [kept.folder, later.folder]


def test_old_or_missing_pages_are_refused(workspace: Workspace, registry: Registry) -> None:
    with pytest.raises(UsageError, match="was not made"):
        _freeze(workspace, registry)
    _make_pages(workspace, registry, 2022, build="0" * 64)
    with pytest.raises(UsageError, match="older than the figures"):
        _freeze(workspace, registry)


def test_a_wrong_status_is_refused(workspace: Workspace, registry: Registry) -> None:
    with pytest.raises(UsageError, match="status"):
        _freeze(workspace, registry, status="definitief")


def test_a_changed_edition_is_seen(workspace: Workspace, registry: Registry) -> None:
    _make_pages(workspace, registry, 2022)
    edition = _freeze(workspace, registry, status="vastgesteld")
    write_text(edition.folder / "voortgang.html", "<html>mooier</html>")
    (edition.folder / "tables" / "x.csv").unlink()
    assert sorted(check_edition(edition)) == [
        "2023-06-01-vastgesteld/tables/x.csv is gone",
        "2023-06-01-vastgesteld/voortgang.html was changed",
    ]
    write_text(edition.folder / "figures.json", "{}")
    with pytest.raises(WorkspaceError, match="not what was kept"):
        edition.figures()


def _revised(analysis: Analysis, year: int, extra: int) -> Analysis:
    """As if the source had revised one figure of one municipality."""
    series = dict(analysis.series)
    counts = series["nuisance_youth"].counts.copy()
    counts.loc["GM0981", str(year)] += extra
    series["nuisance_youth"] = replace(series["nuisance_youth"], counts=counts)
    fresh = replace(analysis)
    fresh.__dict__["series"] = series
    return fresh


def test_next_year_says_what_was_reported_and_what_it_is_now(
    workspace: Workspace, registry: Registry
) -> None:
    _make_pages(workspace, registry, 2022)
    edition = _freeze(workspace, registry, status="vastgesteld")
    analysis = analyse(workspace, registry, None, 2023)
    assert last_adopted(workspace, analysis.plan.id, 2023) == edition
    assert say_reported_before(analysis) == [
        "De aantallen over 2022 zijn gelijk aan die in het verslag van 1 juni 2023."
    ]
    was = int(edition.figures()["counts"]["nuisance_youth"]["heuvelland"]["2022"])
    assert say_reported_before(_revised(analysis, 2022, 4)) == [
        f"Meldingen overlast jeugd in 2022: vorig jaar gemeld {was}, nu {was + 4}."
    ]


def test_a_concept_is_not_what_was_reported(workspace: Workspace, registry: Registry) -> None:
    _make_pages(workspace, registry, 2022)
    _freeze(workspace, registry, status="concept")
    analysis = analyse(workspace, registry, None, 2023)
    assert last_adopted(workspace, analysis.plan.id, 2023) is None
    assert say_reported_before(analysis) == []
