"""What the notebook of the targets imports: open the forecasts, weigh the targets, show, say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ivp_analysis.registry.records import Target
from ivp_analysis.report.analysis.analysis import Analysis, open_analysis
from ivp_analysis.report.forecast.account import forecast_account
from ivp_analysis.report.forecast.forecasts import Outlook, open_outlook
from ivp_analysis.report.forecast.skill_cards import SkillBook, open_skills, skill_card
from ivp_analysis.report.page.head import PageHead
from ivp_analysis.report.page.pieces import Details, Heading, Summary, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.targets.overviews import tabulate_nestings, tabulate_open_indicators
from ivp_analysis.report.targets.setting import (
    Nesting,
    Setting,
    assess_nestings,
    assess_open_indicator,
    assess_setting,
)
from ivp_analysis.report.targets.surveys import survey_sentences
from ivp_analysis.report.targets.tables import (
    tabulate_chances,
    tabulate_grounds,
    tabulate_options,
    tabulate_rivals,
)
from ivp_analysis.report.targets.wording import say_amendments, say_nesting, say_setting, summarise_targets
from ivp_analysis.report.wording.ends import page_foot
from ivp_analysis.report.wording.ends import page_head as area_head
from ivp_analysis.report.wording.tabulate import sentence_case

__all__ = [
    "Summary", "TargetBook", "account_section", "coherence_section", "open_analysis", "open_indicator_section",
    "overview_section", "page_foot", "page_head", "summarise", "target_sections",
]  # fmt: skip


@dataclass(frozen=True)
class TargetBook:
    """Every target of the plan as of the plan's own base and as of the reference year, with the skill cards."""

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
    def origins(self) -> tuple[int, ...]:
        """The plan's own base, and the reference year."""
        years = sorted({self.analysis.plan.base_year, self.analysis.year})
        return tuple(year for year in years if year <= self.analysis.year)

    @cached_property
    def settings(self) -> dict[int, dict[str, Setting]]:
        """By origin and target id; targets without a forecast are left out."""
        targets = self.analysis.plan.targets
        found = {
            year: {t.id: assess_setting(self.outlook, t, year) for t in targets} for year in self.origins
        }
        return {year: {i: s for i, s in each.items() if s is not None} for year, each in found.items()}

    @cached_property
    def nestings(self) -> list[Nesting]:
        """Targets of which others are parts."""
        return assess_nestings(self.analysis)

    def of_year(self, year: int) -> list[Setting]:
        """The settings as of an origin."""
        return list(self.settings[year].values())


def page_head(book: TargetBook) -> PageHead:
    """Title, area, year, date."""
    return area_head(book.analysis, book.analysis.region, title="Doelstellingen", slug="doelstellingen")


def summarise(book: TargetBook) -> Summary:
    """At most seven sentences."""
    base, now = book.of_year(book.origins[0]), book.of_year(book.origins[-1])
    return Summary(summarise_targets(book.analysis, base, now, book.nestings))


def overview_section(book: TargetBook) -> Parts:
    """All targets with their chance, per origin in which the plan's own values are still ahead."""
    shown = [[s for s in book.of_year(year) if s.chosen is not None] for year in book.origins]
    tables: list[Shown] = []
    for settings in (some for some in shown if some):
        tables += [tabulate_chances(settings), tabulate_grounds(settings, book.skill)]
    if not tables:
        return Parts(Text("Met deze cijfers is voor geen enkel doel van het plan een kans te berekenen."))
    return Parts(
        Text(
            "Een kans van ongeveer 3 op 10 betekent: van tien zulke doelen worden er ongeveer drie gehaald. "
            "De kans zegt niets over de inzet van de gemeenten en is geen oordeel."
        ),
        *tables,
    )


def coherence_section(book: TargetBook) -> Parts:
    """Whether the targets fit together."""
    if not book.nestings:
        return Parts(Text("Geen doel van het plan is een deel van een ander doel."))
    sentences = [sentence for nesting in book.nestings for sentence in say_nesting(nesting)]
    return Parts(Text(*sentences), tabulate_nestings(book.nestings))


def target_sections(book: TargetBook) -> Parts:
    """Each target by itself: sentences, the candidates per origin, rivals, skill card."""
    parts: list[Shown] = []
    for target in book.analysis.plan.targets:
        parts += [Heading(sentence_case(target.label), 3), *_target_parts(book, target)]
    return Parts(*parts)


def _target_parts(book: TargetBook, target: Target) -> Sequence[Shown]:
    if target.kind == "share":
        return [Text(*survey_sentences(book.analysis, target))]
    views = [book.settings[year][target.id] for year in book.origins if target.id in book.settings[year]]
    if not views:
        return [
            Text("Voor dit doel bevatten de gegevens geen cijfers, of te weinig jaren voor een verwachting.")
        ]
    parts: list[Shown] = [Text(*changed)] if (changed := say_amendments(target)) else []
    for view in views:
        parts += [Text(*say_setting(view, book.analysis)), tabulate_options(view, book.analysis)]
    last = views[-1]
    return [
        *parts,
        skill_card(book.skill.skill(target.indicator, last.area), last.target_year - last.origin),
        Details("Wat andere manieren van voorspellen zeggen", *(tabulate_rivals(view) for view in views)),
    ]


def open_indicator_section(book: TargetBook) -> Parts:
    """The indicators without a target, in short, as of the reference year."""
    analysis = book.analysis
    targeted = {t.indicator for t in analysis.plan.targets}
    open_ones = [i for i in analysis.series if i not in targeted]
    found = [assess_open_indicator(book.outlook, i, analysis.year) for i in open_ones]
    settings = [setting for setting in found if setting is not None]
    if not settings:
        return Parts(Text("Er zijn geen andere onderwerpen met genoeg jaren voor een verwachting."))
    return Parts(tabulate_open_indicators(settings, book.skill))


def account_section(book: TargetBook) -> Parts:
    """Sources, how a chance is made, what it cannot say."""
    indicators = [t.indicator for t in book.analysis.plan.targets]
    return forecast_account(book.outlook, indicators, book.analysis.plan.areas)
