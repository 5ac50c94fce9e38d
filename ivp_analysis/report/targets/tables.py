"""The tables of target setting: overview, candidates of each target, rivals, coherence, the rest in short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ivp_analysis.methods.candidates import Candidate
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.targets import TargetAssessment
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.forecast.forecasts import expected_columns
from ivp_analysis.report.forecast.skill_cards import FORECASTER_NAMES, SkillBook, say_skill_short
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.targets.setting import Option, Setting
from ivp_analysis.report.targets.wording import is_percentage_fair
from ivp_analysis.report.targets.words import (
    BENCHMARK_GROUNDS,
    CANDIDATES,
    CHANCE_WORDS,
    NOT_BEYOND_CHANCE,
    say_hidden,
)
from ivp_analysis.report.wording.tabulate import sentence_case

_UNCHANGED_NOTE = (
    "Kans als niets verandert: de kans dat toeval alleen het aantal al zo laag maakt, als er in werkelijkheid niets "
    "verandert sinds het uitgangsjaar."
)
_VISIBLE_NOTE = (
    f"Zichtbaar, nee: {NOT_BEYOND_CHANCE}. Alleen kaal: wel volgens een kale telling, niet naast de gewone schommeling "
    "van jaar op jaar. Anderen daar al: het deel van de vergelijkbare gemeenten dat al op of "
    "onder dit niveau zit."
)
_DRIFTLESS_NOTE = (
    "Kans zonder richting: dezelfde verwachting, maar zonder de richting van de laatste jaren mee te nemen."
)


def tabulate_chances(settings: Sequence[Setting]) -> Table:
    """One row a target of the plan, as of one origin: what is expected and the chance."""
    origin = settings[0].origin
    columns = [
        Column("target", "Doel"),
        Column("baseline", "Uitgangswaarde", "aantal", format="count"),
        Column("goal", "Hoogstens", "aantal", format="count"),
        *expected_columns(settings[0].forecast),
        Column("chance", "Kans", format="chance"),
        Column("word", "In woorden"),
    ]
    first, last = settings[0].baseline.year, settings[0].target_year
    return Table(
        caption=f"De kans op elk doel met de kennis van {origin}",
        columns=columns,
        rows=[_chance_row(s, s.chosen) for s in settings if s.chosen],
        notes=[f"Uitgangswaarde: {first}. Hoogstens en verwacht: {last}."],
        id=f"kansen-{origin}",
    )


def _chance_row(setting: Setting, chosen: TargetAssessment) -> dict[str, Any]:
    expected = setting.expected
    return {
        "target": sentence_case(label_of(setting)),
        "baseline": setting.baseline.count,
        "goal": chosen.target,
        "median": expected.median,
        "range": (expected.lower, expected.upper),
        "chance": chosen.p_met,
        "word": _words(chosen),
    }


def tabulate_grounds(settings: Sequence[Setting], book: SkillBook) -> Table:
    """What each chance rests on: with and without a direction, without any change, and how such forecasts did."""
    origin = settings[0].origin
    columns = [
        Column("target", "Doel"),
        Column("chance", "Kans", format="chance"),
        Column("driftless", "Kans zonder richting", format="chance"),
        Column("unchanged", "Kans als niets verandert", format="chance"),
        Column("skill", "Hoe goed waren zulke verwachtingen eerder?"),
    ]
    rows = [
        {
            "target": sentence_case(label_of(s)),
            "chance": s.chosen.p_met,
            "driftless": s.chosen.p_driftless,
            "unchanged": s.chosen.detectability.p_unchanged,
            "skill": skill_words(s, book),
        }
        for s in settings
        if s.chosen
    ]
    return Table(
        caption=f"Waar die kansen op rusten, met de kennis van {origin}",
        columns=columns,
        rows=rows,
        notes=[_DRIFTLESS_NOTE, _UNCHANGED_NOTE],
        id=f"grond-{origin}",
    )


def _words(assessed: TargetAssessment) -> str:
    return "; ".join(filter(None, (CHANCE_WORDS[assessed.word], say_hidden(assessed))))


def label_of(setting: Setting) -> str:
    """The target's own words, else those of the indicator."""
    return setting.target.label if setting.target else setting.indicator.label


def skill_words(setting: Setting, book: SkillBook) -> str:
    return say_skill_short(
        book.skill(setting.indicator.id, setting.area), setting.target_year - setting.origin
    )


def tabulate_options(setting: Setting, analysis: Analysis) -> Table:
    """The five candidates and the plan's own value, each with what it asks."""
    columns = [
        Column("name", "Mogelijke streefwaarde"),
        Column("value", "Hoogstens", "aantal", format="count"),
        Column("chance", "Kans", format="chance"),
        Column("unchanged", "Kans als niets verandert", format="chance"),
        Column("beyond", "Onder de verwachting", "aantal", format="signed"),
        Column("yearly", "Nodig", "per jaar", format="signed_percent", digits=1),
        Column("visible", "Zichtbaar?"),
        Column("below", "Anderen daar al", "aandeel", format="percent"),
    ]
    start = f"{numbers.count(setting.baseline.count)} in {setting.baseline.year}"
    mean = setting.baseline.three_year_mean
    notes = [f"{name}: {ground}." for name, ground in (_describe(o, setting) for o in setting.options)]
    notes.append(f"Uitgangswaarde: {start}. Nodig per jaar: vanaf dat jaar.")
    if mean == mean:
        notes.append(
            f"Het gemiddelde van drie jaar tot en met {setting.baseline.year} is {numbers.decimal(mean)}. Na een "
            "uitschieter komt een jaar vanzelf dichter bij dat gemiddelde."
        )
    return Table(
        caption=f"{sentence_case(label_of(setting))}: mogelijke streefwaarden voor {setting.target_year}, kennis van {setting.origin}",
        columns=columns,
        rows=[_option_row(o, setting, analysis) for o in setting.options],
        notes=[*notes, _VISIBLE_NOTE],
        id=f"keuze-{setting.indicator.id.replace('_', '-')[:28]}-{setting.origin}",
    )


def _option_row(option: Option, setting: Setting, analysis: Analysis) -> dict[str, Any]:
    name, found = _describe(option, setting)[0], option.assessment
    if found is None:
        gone = Missing("niet te bepalen")
        keys = ("value", "chance", "unchanged", "beyond", "yearly", "visible", "below")
        return {"name": name, **dict.fromkeys(keys, gone)}
    fair = is_percentage_fair(setting.baseline.count, analysis)
    below = found.share_of_peers_below
    return {
        "name": name,
        "value": found.target,
        "chance": found.p_met,
        "unchanged": found.detectability.p_unchanged,
        "beyond": found.asked_beyond,
        "yearly": found.yearly_change if fair else Missing("aantallen te klein voor een percentage"),
        "visible": "ja" if found.is_beyond_scatter else "alleen kaal" if found.is_beyond_chance else "nee",
        "below": Missing("te weinig cijfers van vergelijkbare gemeenten") if below is None else below,
    }


def _describe(option: Option, setting: Setting) -> tuple[str, str]:
    if option.candidate is None:
        ground = setting.target.ground if setting.target else ""
        return "Het plan", ground or "door de raden vastgesteld"
    name, ground = CANDIDATES[option.candidate]
    proposal = option.proposal
    if option.candidate == Candidate.BENCHMARK:
        basis = proposal.basis if proposal else None
        ground = BENCHMARK_GROUNDS[basis] if basis else "te weinig cijfers van vergelijkbare gemeenten"
    if option.candidate == Candidate.AMBITION:
        fall = setting.view.ambition
        known = fall is not None
        ground = (
            f"{numbers.percent(-fall, signed=True)}, zoals het plan kiest"
            if fall is not None and known
            else "nog te kiezen, met reden"
        )
    if option.candidate == Candidate.PROJECTION and proposal is not None:
        ground = f"{ground}; {numbers.margin(setting.forecast.projection.rules.interval)} {numbers.interval(proposal.lower, proposal.upper, 0)}"
    return name, ground


def tabulate_rivals(setting: Setting) -> Table:
    """What every way of forecasting says of the target year; the default first."""
    projection, year = setting.forecast.projection, setting.target_year
    value = _value(setting)
    columns = [
        Column("name", "Manier van voorspellen"),
        Column("median", str(year), "aantal", format="count"),
        expected_columns(setting.forecast)[1],
        Column("chance", f"Kans op hoogstens {numbers.count(value)}", format="chance"),
    ]
    rows = []
    for forecaster in Forecaster:
        point = projection.path([year], forecaster)[0]
        rows.append(
            {
                "name": sentence_case(FORECASTER_NAMES[forecaster]),
                "median": point.median,
                "range": (point.lower, point.upper),
                "chance": projection.probability(value, year, forecaster),
            }
        )
    return Table(
        caption=f"{sentence_case(label_of(setting))}: andere manieren van voorspellen over {year}, kennis van {setting.origin}",
        columns=columns,
        rows=rows,
        notes=["Onze verwachting weegt een niveau met en zonder richting even zwaar."],
        id=f"anders-{setting.indicator.id.replace('_', '-')[:27]}-{setting.origin}",
    )


def _value(setting: Setting) -> float:
    """The plan's value, else the ambition, else what is now."""
    found = setting.chosen or setting.option(Candidate.AMBITION).assessment
    return found.target if found else setting.baseline.count
