"""Which report jobs a plan has: declared in reports.toml, listable, selectable."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ivp_analysis.errors import UsageError
from ivp_analysis.registry import slug
from ivp_analysis.registry.records import Plan, Registry, ReportKind


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one notebook. `output` is the page's file name within the year's folder."""

    id: str
    notebook: str
    parameters: Mapping[str, Any]
    output: str
    title: str
    question: str

    @property
    def executed(self) -> str:
        """The executed notebook that lies beside the page."""
        return self.output.removesuffix(".html") + ".ipynb"


def declare_jobs(registry: Registry, plan: Plan, year: int) -> list[Job]:
    """All jobs of the plan for a reference year, in the order of reports.toml."""
    return [job for kind in registry.reports.values() for job in _jobs_of(kind, registry, plan, year)]


def _jobs_of(kind: ReportKind, registry: Registry, plan: Plan, year: int) -> Iterable[Job]:
    common = {"plan_id": plan.id, "reference_year": year}
    if kind.per == "area":
        for code in plan.areas:
            name = registry.municipalities[code].name
            yield _job(kind, slug(name), name, {**common, "area_code": code})
    else:
        yield _job(kind, plan.region_slug, plan.region_name, common)


def _job(kind: ReportKind, area_slug: str, area: str, parameters: Mapping[str, Any]) -> Job:
    names = {"slug": area_slug, "region_slug": area_slug, "area": area}
    identity = f"{kind.id}:{area_slug}" if kind.per == "area" else kind.id
    return Job(
        id=identity,
        notebook=kind.notebook,
        parameters=parameters,
        output=kind.output.format(**names),
        title=f"{kind.title} {area}" if kind.per == "area" else kind.title,
        question=kind.question,
    )


def select_jobs(jobs: list[Job], only: Iterable[str]) -> list[Job]:
    """The jobs with these ids, or of these kinds (`municipality` selects all its areas); none given: all."""
    wanted = list(only)
    chosen = [job for job in jobs if not wanted or job.id in wanted or job.id.split(":")[0] in wanted]
    known = {job.id for job in jobs} | {job.id.split(":")[0] for job in jobs}
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise UsageError(
                f"no report job {name!r}", where="--only", todo=f"{hint}`ivp list` shows all jobs"
            )
    return chosen
