"""Keep the edition that was sent to the councils: every page to the byte, with its figures and their hashes."""

from __future__ import annotations

import json
import math
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from ivp_analysis.data.files import make_folder, sha256_file, temporary_name, write_text
from ivp_analysis.data.lock import one_at_a_time
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry.records import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.progress.assess import assess_targets
from ivp_analysis.report.progress.editions import (
    ABOUT,
    FIGURES,
    FOLDER,
    STATUSES,
    Edition,
    list_editions,
)
from ivp_analysis.report.run.inputs import hash_build
from ivp_analysis.report.run.jobs import declare_jobs
from ivp_analysis.report.run.manifest import read_manifest


@one_at_a_time("ivp freeze")
def freeze(
    workspace: Workspace,
    registry: Registry,
    *,
    plan_id: str | None = None,
    year: int | None = None,
    status: str = "concept",
    day: date,
) -> Edition:
    """Keep the pages of a year as they are. An edition is never overwritten; a later one stands beside it."""
    if status not in STATUSES:
        raise UsageError(f"status {status!r}", where="--status", todo=f"choose one of {', '.join(STATUSES)}")
    analysis = analyse(workspace, registry, plan_id, year)
    pages = workspace.reports / analysis.plan.id / str(analysis.year)
    _check_pages(pages, analysis)
    target = pages / FOLDER / f"{day.isoformat()}-{status}"
    if target.exists():
        raise UsageError(
            "this edition is kept already",
            where=str(target),
            todo="give another --date, or leave it as it is",
        )
    make_folder(target.parent)
    temp = temporary_name(target)
    try:
        _copy(pages, temp)
        write_text(temp / FIGURES, _json(gather_figures(analysis)))
        write_text(temp / ABOUT, _json(_about(temp, analysis, status, day)))
        temp.rename(target)
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    kept = list_editions(workspace, analysis.plan.id, analysis.year)
    return next(edition for edition in kept if edition.folder == target)


def gather_figures(analysis: Analysis) -> dict[str, Any]:
    """The figures behind the pages: counts by indicator, area and year, and where each target stood."""
    counts = {
        indicator: {
            area.code: _known(series.total(area.members).to_dict(), analysis.year) for area in analysis.areas
        }
        for indicator, series in analysis.series.items()
    }
    targets = {}
    for found in assess_targets(analysis):
        judged = None if math.isnan(found.judged) else found.judged
        word = str(found.status.word)
        targets[found.target.id] = {
            "count": judged,
            "status": word,
            "chance": found.chance,
            "goal": found.target.target,
        }
    return {"plan": analysis.plan.id, "year": analysis.year, "counts": counts, "targets": targets}


def _known(counts: dict[Any, float], year: int) -> dict[str, float]:
    return {str(p): float(n) for p, n in counts.items() if int(p) <= year and not math.isnan(n)}


def _check_pages(pages: Path, analysis: Analysis) -> None:
    """Every page there, made without a fault, and made from the figures of now."""
    jobs = {job["id"]: job for job in read_manifest(pages).get("jobs", [])}
    wanted = declare_jobs(analysis.registry, analysis.plan, analysis.year)
    made_from = hash_build(analysis.workspace)
    todo = f"run ivp reports --year {analysis.year}, look at the pages, and freeze them then"
    for job in wanted:
        told = jobs.get(job.id)
        if told is None or told["outcome"] not in ("made", "skipped") or not (pages / job.output).is_file():
            raise UsageError(f"page {job.output} was not made", where=str(pages), todo=todo)
        if told["inputs"].get("build") != made_from:
            raise UsageError(f"page {job.output} is older than the figures", where=str(pages), todo=todo)


def _copy(pages: Path, temp: Path) -> None:
    """All files of the year but the editions themselves: pages, tables, notebooks, index, manifest."""
    for path in sorted(pages.rglob("*")):
        place = path.relative_to(pages)
        if path.is_file() and place.parts[0] != FOLDER:
            make_folder((temp / place).parent)
            shutil.copyfile(path, temp / place)


def _about(temp: Path, analysis: Analysis, status: str, day: date) -> dict[str, Any]:
    files = sorted(path for path in temp.rglob("*") if path.is_file())
    return {
        "format": 1,
        "plan": analysis.plan.id,
        "year": analysis.year,
        "status": status,
        "day": day.isoformat(),
        "simulated": analysis.build.simulated,
        "files": {path.relative_to(temp).as_posix(): sha256_file(path) for path in files},
    }


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
