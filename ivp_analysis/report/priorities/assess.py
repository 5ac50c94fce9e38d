"""What is known of one theme in one area: level, direction, the plan's statements, its target, and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ivp_analysis.methods.ledger import Verdict
from ivp_analysis.registry.records import Indicator, Theme
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Benchmark
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.ledger.ledger import Entry, Ledger
from ivp_analysis.report.page.words import Tone
from ivp_analysis.report.progress.assess import TargetProgress, assess_targets


@dataclass(frozen=True, slots=True)
class ThemeCell:
    """finding, level: of the theme's leading indicator; None where the theme has no figures.

    entries: what the plan says of the theme here. targets: those within the theme that are for this very area.
    others: how the theme's other indicators develop.
    """

    theme: Theme
    area: Area
    finding: Finding | None
    level: Benchmark | None
    entries: tuple[Entry, ...]
    targets: tuple[TargetProgress, ...]
    others: Mapping[Tone, int]

    @property
    def claims(self) -> Counter[Verdict]:
        """How many claims of the plan the figures of now support, and so on."""
        return Counter(entry.now.verdict for entry in self.entries if entry.is_claim)

    @property
    def is_worrying(self) -> bool:
        """The wrong way, and worse than elsewhere."""
        return bool(self.finding and self.level and self.finding.tone == self.level.tone == "bad")


@dataclass(frozen=True)
class PriorityBook:
    """The matrix of a plan: every theme in every area, the region first."""

    analysis: Analysis

    @cached_property
    def ledger(self) -> Ledger:
        """The statements of the plan."""
        return Ledger(self.analysis)

    @cached_property
    def targets(self) -> list[TargetProgress]:
        """Where each target of the plan stands."""
        return assess_targets(self.analysis)

    @property
    def areas(self) -> list[Area]:
        """The region, then the municipalities."""
        return [self.analysis.region, *(area for area in self.analysis.areas if not area.is_region)]

    @property
    def themes(self) -> list[Theme]:
        """Those that the plan lists, or all."""
        known = self.analysis.registry.themes
        return [known[listed.id] for listed in self.analysis.plan.themes] or list(known.values())

    @property
    def priorities(self) -> list[tuple[str, tuple[str, ...]]]:
        """Label and themes of each priority of the plan, in its order."""
        return [(aim.label, aim.themes) for aim in self.analysis.plan.aims if aim.kind == "priority"]

    def indicators(self, theme: Theme) -> list[Indicator]:
        """With figures; the one that leads comes first: that of the plan's first target, else of the registry."""
        registry, plan = self.analysis.registry, self.analysis.plan
        mine = [
            i for i in registry.indicators.values() if i.theme == theme.id and i.id in self.analysis.series
        ]
        order = {target.indicator: place for place, target in reversed(list(enumerate(plan.targets)))}
        return sorted(mine, key=lambda indicator: order.get(indicator.id, len(order)))

    @cached_property
    def cells(self) -> dict[tuple[str, str], ThemeCell]:
        """By theme id and area code."""
        return {
            (theme.id, area.code): self._cell(theme, area) for theme in self.themes for area in self.areas
        }

    def _cell(self, theme: Theme, area: Area) -> ThemeCell:
        indicators = self.indicators(theme)
        findings = [self.analysis.findings[i.id, area.code] for i in indicators]
        lead = findings[0] if findings else None
        return ThemeCell(
            theme,
            area,
            lead,
            self.analysis.benchmarks[lead.indicator.id, area.code] if lead else None,
            tuple(e for e in self.ledger.of(area) if self.ledger.theme_of(e.statement) == theme.id),
            self._targets(theme, area),
            Counter(finding.tone for finding in findings[1:]),
        )

    def _targets(self, theme: Theme, area: Area) -> tuple[TargetProgress, ...]:
        """A target for all municipalities is the region's; one for a single municipality is its own."""
        indicators, members = self.analysis.registry.indicators, set(area.members)
        mine = [p for p in self.targets if indicators[p.target.indicator].theme == theme.id]
        return tuple(progress for progress in mine if set(progress.target.areas) == members)
