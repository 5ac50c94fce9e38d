"""A new plan to fill in: its head, and per indicator the candidates as comments beside a target to choose."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ivp_analysis.data.files import write_text
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.methods.candidates import Candidate
from ivp_analysis.registry.records import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.forecast.skill_cards import SkillBook, say_skill_short
from ivp_analysis.report.ledger.new_statements import statement_template
from ivp_analysis.report.page import numbers
from ivp_analysis.report.targets.setting import Option, Setting, assess_open_indicator
from ivp_analysis.report.targets.words import BENCHMARK_GROUNDS, CANDIDATES, CHANCE_WORDS, say_hidden

_HEAD = """\
# {comment}
# Een nieuw plan, in te vullen. Per onderwerp staan de vijf mogelijke streefwaarden met wat zij vragen.
# Kies er zelf een: haal de # voor [[target]] en de regels eronder weg en vul `target`, `quote` (de zin van het
# plan), `where` (de vindplaats) en `ground` (waarom deze waarde) in. Wat niet is ingevuld, wordt geweigerd.
# Onderwerpen zonder streefwaarde kunnen blijven staan of weg. Het bestand hoort in data/registry/plans.
format = 1

[plan]
id = {id}
title = {title}
document = {title}
adopted = "nog niet vastgesteld"
first_year = {first_year}
last_year = {last_year}
base_year = {base_year}
region_name = {region_name}
region_article = {region_article}
region_slug = {region_slug}
areas = [
{areas}
]
police_region = {police_region}
province = {province}
"""
_TARGET = """\
# [[target]]
# id = {id}
# indicator = {id}
# label = {label}
# areas = [{areas}]
# baseline = {baseline}
# baseline_year = {base_year}
# target = VUL-IN
# target_year = {last_year}
# unit = {unit}
# quote = ""
# where = ""
# ground = ""
"""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What the new plan is called and when it runs; it starts from the areas of the plan that is there."""

    title: str
    first_year: int
    last_year: int


def plan_template(analysis: Analysis, new: NewPlan) -> str:
    """The TOML of a new plan with the reference year as its base."""
    if not analysis.year < new.first_year <= new.last_year:
        raise UsageError(
            f"a plan for {new.first_year}-{new.last_year} with a base in {analysis.year}",
            where="--first-year",
            todo="let the plan start after the last year with figures (--year), and end after it starts",
        )
    outlook = Outlook(analysis)
    book = SkillBook(outlook)
    blocks = [_block(outlook, book, indicator, new) for indicator in analysis.series]
    kept = [block for block in blocks if block]
    return "\n".join([_head(analysis, new), *kept, statement_template(analysis)])


def write_plan_template(
    workspace: Workspace,
    registry: Registry,
    new: NewPlan,
    *,
    plan_id: str | None = None,
    year: int | None = None,
    out: Path | None = None,
) -> tuple[Path, Path]:
    """Write the template as a new file; also where it belongs once filled in. By default both have one name."""
    analysis = analyse(workspace, registry, plan_id, year)
    text = plan_template(analysis, new)
    place = workspace.registry / "plans" / f"{_new_id(analysis, new)}.toml"
    file = out or Path(place.name)
    if file.exists():
        raise UsageError(
            "the file is there already", where=str(file), todo="give another name with --out, or remove it"
        )
    write_text(file, text)
    return file, place


def _new_id(analysis: Analysis, new: NewPlan) -> str:
    return f"ivp-{analysis.plan.region_slug}-{new.first_year}-{new.last_year}"


def _head(analysis: Analysis, new: NewPlan) -> str:
    plan = analysis.plan
    lines = [f'  "{code}",  # {analysis.registry.municipalities[code].name}' for code in plan.areas]
    return _HEAD.format(
        comment=" ".join(new.title.split()),
        id=_quoted(_new_id(analysis, new)),
        title=_quoted(new.title),
        first_year=new.first_year,
        last_year=new.last_year,
        base_year=analysis.year,
        region_name=_quoted(plan.region_name),
        region_article=_quoted(plan.region_article),
        region_slug=_quoted(plan.region_slug),
        areas="\n".join(lines),
        police_region=_quoted(plan.police_region),
        province=_quoted(plan.province),
    )


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON writes alike."""
    return json.dumps(text, ensure_ascii=False)


def _block(outlook: Outlook, book: SkillBook, indicator: str, new: NewPlan) -> str:
    """One indicator: what is known as comments, and the target still to be chosen."""
    setting = assess_open_indicator(outlook, indicator, outlook.analysis.year, target_year=new.last_year)
    if setting is None:
        return ""
    record, plan = setting.indicator, outlook.analysis.plan
    text = _TARGET.format(
        id=_quoted(record.id),
        label=_quoted(record.label),
        areas=", ".join(f'"{code}"' for code in plan.areas),
        baseline=f"{setting.baseline.count:.0f}",
        base_year=setting.baseline.year,
        last_year=new.last_year,
        unit=_quoted(record.unit),
    )
    earlier = say_skill_short(book.skill(indicator, setting.area), new.last_year - setting.origin)
    return "\n".join(
        [
            f"# ---- {record.label} ----",
            *(f"# {line}" for line in _known(setting)),
            f"# Eerdere verwachtingen: {earlier}",
            text,
        ]
    )


def _known(setting: Setting) -> Sequence[str]:
    base, mean = setting.baseline, setting.baseline.three_year_mean
    start = f"{numbers.count(base.count)} in {base.year}"
    if not math.isnan(mean):
        start += f"; gemiddelde van drie jaar {numbers.decimal(mean)}"
    return [f"Nu: {start}.", *(_candidate(setting, option) for option in setting.options)]


def _candidate(setting: Setting, option: Option) -> str:
    assert option.candidate is not None, "without a target of the plan there are candidates only"
    name, ground = CANDIDATES[option.candidate]
    if option.candidate == Candidate.AMBITION:
        return f"{name}: zelf te kiezen, met de reden."
    found, proposal = option.assessment, option.proposal
    if found is None or proposal is None:
        return f"{name}: niet te bepalen."
    if option.candidate == Candidate.PROJECTION:
        margin = numbers.margin(setting.forecast.projection.rules.interval)
        ground = f"{margin} {numbers.interval(setting.expected.lower, setting.expected.upper, 0)}"
    if proposal.basis is not None:
        ground = BENCHMARK_GROUNDS[proposal.basis]
    hidden = say_hidden(found)
    seen = f"; {hidden}" if hidden else ""
    chance = f"{numbers.chance(found.p_met)} ({CHANCE_WORDS[found.word]})"
    return f"{name}: {numbers.count(found.target)}; {ground}; kans {chance}{seen}."
