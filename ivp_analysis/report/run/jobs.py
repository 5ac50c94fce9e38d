"""Which report jobs a plan has: declared in reports.toml, listable, selectable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ivp_analysis.errors import UsageError
from ivp_analysis.registry import slug
from ivp_analysis.registry.near import did_you_mean
from ivp_analysis.registry.records import Plan, Registry, ReportKind


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one notebook. `output` is the page's file name within the year's folder.

    area: name of what it is about. uses: what it rests on besides what all do. is_guest: about a municipality
    outside the plan.
    """

    id: str
    notebook: str
    parameters: Mapping[str, Any]
    output: str
    title: str
    question: str
    area: str
    uses: tuple[str, ...] = ()
    is_guest: bool = False

    @property
    def executed(self) -> str:
        """The executed notebook that lies beside the page."""
        return self.output.removesuffix(".html") + ".ipynb"


def declare_jobs(registry: Registry, plan: Plan, year: int) -> list[Job]:
    """All jobs of the plan for a reference year, in the order of reports.toml."""
    return [job for kind in registry.reports.values() for job in _jobs_of(kind, registry, plan, year)]


def declare_guests(registry: Registry, plan: Plan, year: int, areas: Iterable[str]) -> list[Job]:
    """The municipal report of municipalities outside the plan; those of the plan have theirs already."""
    kind = registry.reports.get("municipality")
    outside = [code for code in areas if code not in plan.areas]
    if kind is None:
        return []
    jobs = [_job_of_area(kind, registry, plan, year, code) for code in outside]
    return [replace(job, is_guest=True) for job in jobs]


def choose_areas(registry: Registry, held: Sequence[str], asked: str) -> list[str]:
    """`plan`: none beside the plan's; `all`: every municipality held; else codes or names, between commas."""
    if asked in ("plan", "all"):
        return list(held) if asked == "all" else []
    by_name = {slug(registry.municipalities[code].name): code for code in held}
    chosen = []
    for word in filter(None, (part.strip() for part in asked.split(","))):
        code = word if word in held else by_name.get(slug(word))
        if code is None:
            hint = did_you_mean(slug(word), by_name)
            raise UsageError(
                f"no figures of a municipality {word!r}",
                where="--areas",
                todo=f"{hint}give plan, all, or codes and names of municipalities with figures",
            )
        chosen.append(code)
    return list(dict.fromkeys(chosen))


def _jobs_of(kind: ReportKind, registry: Registry, plan: Plan, year: int) -> Iterable[Job]:
    common = {"plan_id": plan.id, "reference_year": year}
    if kind.per == "area":
        yield from (_job_of_area(kind, registry, plan, year, code) for code in plan.areas)
    else:
        yield _job(kind, plan.region_slug, plan.region_name, common)


def _job_of_area(kind: ReportKind, registry: Registry, plan: Plan, year: int, code: str) -> Job:
    name = registry.municipalities[code].name
    common = {"plan_id": plan.id, "reference_year": year}
    return _job(kind, slug(name), name, {**common, "area_code": code})


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
        area=area,
        uses=kind.uses,
    )


def select_jobs(jobs: list[Job], only: Iterable[str]) -> list[Job]:
    """The jobs with these ids, or of these kinds (`municipality` selects all its areas); none given: all."""
    wanted = list(only)
    chosen = [job for job in jobs if not wanted or job.id in wanted or job.id.split(":")[0] in wanted]
    known = {job.id for job in jobs} | {job.id.split(":")[0] for job in jobs}
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, known)
            raise UsageError(
                f"no report job {name!r}", where="--only", todo=f"{hint}`ivp list` shows all jobs"
            )
    return chosen
