"""Kept results: read back whole, made anew when anything behind them changed, and never a way in for other code."""

import os
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.analysis.kept import drop_older, is_kept, keep, kept_path

YEAR = 2021


@pytest.fixture
def workspace(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    """The sample's build, with nothing kept beside it."""
    place = Workspace(tmp_path / "w", sample_workspace.home)
    shutil.copytree(
        sample_workspace.processed, place.processed, ignore=shutil.ignore_patterns("kept-*", "backtest-*")
    )
    place.raw.mkdir(parents=True)
    return place


@pytest.fixture
def analysis(workspace: Workspace, registry: Registry) -> Analysis:
    return analyse(workspace, registry, None, YEAR)


def _make(value: object) -> object:
    return lambda analysis: value


def test_findings_come_back_to_the_last_digit(analysis: Analysis, registry: Registry) -> None:
    made = analysis.findings
    assert is_kept(analysis, "findings")
    read = analyse(analysis.workspace, registry, None, YEAR).findings
    assert list(read) == list(made)
    assert repr(read) == repr(made)
    assert keep(analysis, "findings", _make("made again")) != "made again"


def test_another_figure_constant_plan_or_year_is_another_file(analysis: Analysis, registry: Registry) -> None:
    method = replace(registry.method, constants={**registry.method.constants})
    name, constant = next(iter(method.constants.items()))
    method.constants[name] = replace(constant, value=0.123)  # type: ignore[index]
    build = replace(analysis.build, facts={**analysis.build.facts, "data_date": "2030-01-01"})
    others = [
        replace(analysis, registry=replace(registry, method=method)),
        replace(analysis, build=build),
        replace(analysis, plan=replace(analysis.plan, base_year=2017)),
        replace(analysis, year=2020),
    ]
    assert len({kept_path(a, "findings") for a in (analysis, *others)}) == 5
    same = replace(analysis, registry=replace(registry, reports={}, plans={}))
    assert kept_path(same, "findings") == kept_path(analysis, "findings")


@pytest.mark.parametrize("content", [b"", b"half a pick", pickle.dumps({"a": 1})[:-3]])
def test_a_file_that_cannot_be_read_is_made_anew(analysis: Analysis, content: bytes) -> None:
    path = kept_path(analysis, "part")
    path.write_bytes(content)
    assert keep(analysis, "part", _make(("new",))) == ("new",)
    assert keep(analysis, "part", _make("again")) == ("new",)


class _Intruder:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.target),)


def test_a_planted_file_runs_nothing(analysis: Analysis, tmp_path: Path) -> None:
    kept_path(analysis, "part").write_bytes(pickle.dumps(_Intruder(tmp_path / "planted")))
    assert keep(analysis, "part", _make(("ours",))) == ("ours",)
    assert not (tmp_path / "planted").exists()


def test_only_the_newest_of_its_kind_stays(tmp_path: Path) -> None:
    for name in ("kept-p-2023-findings-aaaa", "kept-p-2023-findings-bbbb", "kept-p-2023-findings-x-cccc"):
        (tmp_path / f"{name}.pickle").touch()
    drop_older(tmp_path / "kept-p-2023-findings-bbbb.pickle")
    assert {p.stem[-4:] for p in tmp_path.iterdir()} == {"bbbb", "cccc"}
