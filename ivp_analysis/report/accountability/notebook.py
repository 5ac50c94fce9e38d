"""What the notebook of the accountability report imports: open, look, show, say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ivp_analysis.data.reconcile import Reconciliation, reconcile_baselines
from ivp_analysis.data.revisions import Comparison
from ivp_analysis.report.accountability.baseline_tables import tabulate_baselines
from ivp_analysis.report.accountability.tables import (
    compare_vintages,
    say_gaps,
    tabulate_breaks,
    tabulate_constants,
    tabulate_coverage,
    tabulate_drops,
    tabulate_excluded,
    tabulate_missing,
    tabulate_revisions,
)
from ivp_analysis.report.analysis.analysis import Analysis, open_analysis
from ivp_analysis.report.forecast.account import say_forecast_method
from ivp_analysis.report.forecast.backtest_tables import draw_skill, tabulate_cards, tabulate_rival_cards
from ivp_analysis.report.forecast.certainty import certainty_parts, say_track_record
from ivp_analysis.report.forecast.forecasts import Outlook, open_outlook
from ivp_analysis.report.forecast.skill_cards import SkillBook, open_skills
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.head import PageHead
from ivp_analysis.report.page.pieces import Details, Summary, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.wording.ends import page_foot
from ivp_analysis.report.wording.ends import page_head as area_head
from ivp_analysis.report.wording.tabulate import tabulate_sources
from ivp_analysis.report.wording.trend import join_words

__all__ = [
    "AccountBook", "backtest_section", "baseline_section", "certainty_section", "constants_section",
    "coverage_section", "open_analysis", "page_foot", "page_head", "revision_section", "summarise",
]  # fmt: skip


@dataclass(frozen=True)
class AccountBook:
    """Data quality, baselines, revisions and the backtest of one analysis."""

    analysis: Analysis

    @cached_property
    def outlook(self) -> Outlook:
        """The forecasts."""
        return open_outlook(self.analysis)

    @cached_property
    def skill(self) -> SkillBook:
        """The skill cards."""
        return open_skills(self.analysis)

    @cached_property
    def baselines(self) -> Sequence[Reconciliation]:
        """The published baselines by every recipe."""
        return reconcile_baselines(self.analysis.build, self.analysis.registry, self.analysis.plan)

    @cached_property
    def revisions(self) -> Sequence[Comparison]:
        """What sources changed between their newest two files."""
        return compare_vintages(self.analysis)


def page_head(book: AccountBook) -> PageHead:
    """Title, area, year, date."""
    return area_head(book.analysis, book.analysis.region, title="Bronnen en werkwijze", slug="verantwoording")


def summarise(book: AccountBook) -> Summary:
    """At most seven sentences."""
    build = book.analysis.build
    main = [one for one in book.baselines if one.shown]
    agree = [one for one in main if one.verdict == "reproduced"]
    found = [
        f"De cijfers komen uit {len(build.sources)} bronnen.",
        f"Van de {len(book.analysis.plan.targets)} uitgangswaarden van het plan komen er {len(agree)} overeen met "
        "onze cijfers.",
    ]
    differs = [one.target.label for one in main if one.verdict == "differs"]
    if differs:
        found.append(f"Dit wijkt af: {join_words(differs)}.")
    missing = sum(told.get("status", {}).get("missing", 0) for told in build.sources.values())
    found.append(f"Op {numbers.count(missing)} plaatsen heeft de bron geen cijfer; wij vullen daar niets in.")
    return Summary([*found, *say_track_record(book.outlook, book.skill)])


def certainty_section(book: AccountBook) -> Parts:
    """How sure, in plain words."""
    return certainty_parts(book.outlook, book.skill)


def coverage_section(book: AccountBook) -> Parts:
    """What there is, what was left out and why, and the files."""
    return Parts(
        tabulate_coverage(book.analysis),
        Text(*say_gaps(book.analysis)),
        *_folded(book.analysis),
        Details("De bestanden met hun controlegetal", tabulate_sources(book.analysis)),
    )


def _folded(analysis: Analysis) -> list[Details]:
    """Which cells are empty or left out, and who is not compared; each only where there is something to tell."""
    tables = (tabulate_missing(analysis), tabulate_drops(analysis), tabulate_excluded(analysis))
    return [Details(table.caption, table) for table in tables if table.rows]


def baseline_section(book: AccountBook) -> Parts:
    """The published baselines beside ours."""
    others = tabulate_baselines(book.baselines, book.analysis, others=True)
    folded = [Details("Andere bronnen en lezingen", others)] if others.rows else []
    return Parts(tabulate_baselines(book.baselines, book.analysis), *folded)


def revision_section(book: AccountBook) -> Parts:
    """Revisions, corrections and breaks."""
    registry, build = book.analysis.registry, book.analysis.build
    used = {name for told in build.sources.values() for name in told.get("corrections", [])}
    fixed = [f"Verbeterd: {c.reason} Bron: {c.reference}." for c in registry.corrections if c.id in used]
    parts: list[Shown] = []
    if book.revisions:
        parts.append(tabulate_revisions(book.revisions))
    else:
        parts.append(Text("Van elke bron is er één bestand; herzieningen zijn dus nog niet te zien."))
    if fixed:
        parts.append(Text(*fixed))
    return Parts(*parts, tabulate_breaks(list(registry.breaks.values())))


def backtest_section(book: AccountBook) -> Parts:
    """The cards, the rivals, calibration, and how a forecast is made."""
    method = Details("Hoe een verwachting tot stand komt", Text(*say_forecast_method(book.outlook)))
    if not book.skill.tests:
        return Parts(
            Text("Er zijn te weinig jaren om eerdere verwachtingen met hun uitkomst te vergelijken."), method
        )
    horizons = sorted(book.skill.everything.cards)
    ends = dict.fromkeys((horizons[0], horizons[-1]))
    drawn = [draw_skill(book.skill.everything, horizon) for horizon in ends]
    return Parts(
        tabulate_rival_cards(book.skill),
        *(figure for figure in drawn if figure is not None),
        Details("Elk onderwerp apart", tabulate_cards(book.skill)),
        *([Details("Gemeenten samen", tabulate_cards(book.skill, sums=True))] if book.skill.sums else []),
        method,
    )


def constants_section(book: AccountBook) -> Parts:
    """Every policy constant."""
    return Parts(tabulate_constants(list(book.analysis.registry.method.constants.values())))
