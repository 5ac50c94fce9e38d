"""What the notebook of the progress report imports; one notebook for the region and for each municipality."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ivp_analysis.methods.progress import ProgressWord
from ivp_analysis.report.analysis.analysis import Analysis, open_analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.context.events import events_heading, events_section
from ivp_analysis.report.context.sections import implementation_section
from ivp_analysis.report.forecast.account import forecast_account, short_account
from ivp_analysis.report.forecast.forecasts import Outlook, open_outlook
from ivp_analysis.report.forecast.skill_cards import SkillBook, open_skills, skill_card
from ivp_analysis.report.page.head import PageHead
from ivp_analysis.report.page.pieces import Details, Heading, Summary, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.progress.assess import TargetProgress, assess_targets
from ivp_analysis.report.progress.editions import say_reported_before
from ivp_analysis.report.progress.local import (
    draw_parts,
    say_own_targets,
    summarise_parts,
    tabulate_parts,
    tabulate_themes,
)
from ivp_analysis.report.progress.narrative import tell_story
from ivp_analysis.report.progress.tables import (
    draw_progress,
    tabulate_history,
    tabulate_progress,
    tile_progress,
)
from ivp_analysis.report.progress.wording import say_progress, say_reason, summarise_progress
from ivp_analysis.report.targets.surveys import survey_sentences
from ivp_analysis.report.targets.wording import say_amendments
from ivp_analysis.report.wording.ends import page_foot
from ivp_analysis.report.wording.ends import page_head as area_head
from ivp_analysis.report.wording.tabulate import sentence_case

__all__ = [
    "ProgressBook", "account_section", "detail_section", "measures_section", "narrative_section", "open_analysis",
    "overview_section", "page_foot", "page_head", "summarise",
]  # fmt: skip


@dataclass(frozen=True)
class ProgressBook:
    """The progress of all targets of a plan; area_code: the municipality that the page is for, "" the region."""

    analysis: Analysis
    area_code: str = ""

    @cached_property
    def area(self) -> Area:
        """Whose page it is."""
        return self.analysis.area(self.area_code) if self.area_code else self.analysis.region

    @cached_property
    def outlook(self) -> Outlook:
        """The forecasts."""
        return open_outlook(self.analysis)

    @cached_property
    def skill(self) -> SkillBook:
        """The skill cards."""
        return open_skills(self.analysis)

    @cached_property
    def targets(self) -> list[TargetProgress]:
        """All targets of the plan, in its order."""
        return assess_targets(self.analysis)

    @property
    def own_targets(self) -> list[TargetProgress]:
        """Those that are for this municipality alone."""
        return [p for p in self.targets if p.target.areas == self.area.members]


def page_head(book: ProgressBook) -> PageHead:
    """Title, area, year, date."""
    slug = "voortgang" if book.area.is_region else f"voortgang-{book.area.slug}"
    return area_head(book.analysis, book.area, title="Voortgang", slug=slug)


def summarise(book: ProgressBook) -> Summary:
    """At most seven sentences."""
    if book.area.is_region:
        return Summary(summarise_progress(book.targets, book.analysis))
    return Summary(summarise_parts(book.outlook, book.targets, book.area))


def overview_section(book: ProgressBook) -> Parts:
    """The region: every target. A municipality: its part in each of them, since it has no target of its own."""
    if book.area.is_region:
        said = say_reported_before(book.analysis)
        return Parts(
            tile_progress(book.targets), tabulate_progress(book.targets), *([Text(*said)] if said else [])
        )
    return Parts(
        Text(_say_whose(book)),
        tabulate_parts(book.outlook, book.targets, book.area),
        draw_parts(book.outlook, book.targets, book.area),
    )


def _say_whose(book: ProgressBook) -> str:
    if any(p.target.areas == (book.area.code,) for p in book.targets):
        return (
            "Het plan stelt zijn doelen voor de gemeenten samen, behalve het eigen doel dat hieronder staat."
        )
    return "Een gemeente heeft geen eigen streefwaarde: het plan stelt doelen voor de gemeenten samen."


def detail_section(book: ProgressBook) -> Parts:
    """The region: each target by itself. A municipality: its own targets and themes."""
    if not book.area.is_region:
        own = [Text(*say_own_targets(book.analysis, progress)) for progress in book.own_targets]
        return Parts(Heading("Eigen doelen en thema's"), *own, tabulate_themes(book.analysis, book.area))
    parts: list[Shown] = [Heading("Elk doel apart")]
    for progress in book.targets:
        parts += [Heading(sentence_case(progress.target.label), 3), *_target_parts(book, progress)]
    return Parts(*parts)


def _target_parts(book: ProgressBook, progress: TargetProgress) -> list[Shown]:
    changed = [Text(*said)] if (said := say_amendments(progress.adopted)) else []
    if progress.target.kind == "share":
        unknown = progress.status.word == ProgressWord.NOT_ASSESSABLE
        reason = [say_reason(progress)] if unknown and progress.survey else []
        return [*changed, Text(*reason, *survey_sentences(book.analysis, progress.target))]
    parts: list[Shown] = [*changed, Text(*say_progress(progress, book.outlook))]
    if progress.counts and progress.status.word != ProgressWord.NOT_ASSESSABLE:
        parts.append(draw_progress(progress))
    if progress.history:
        ahead = progress.target.target_year - min(progress.year, progress.target.target_year - 1)
        parts.append(skill_card(book.skill.skill(progress.target.indicator, progress.area), ahead))
        parts.append(Details("De kans door de jaren heen", tabulate_history(progress)))
    return parts


def measures_section(book: ProgressBook) -> Parts:
    """The state of the implementation plan; on the region's page with the events beside it."""
    parts: list[Shown] = [Heading("Het uitvoeringsplan"), implementation_section(book.analysis, book.area)]
    if book.area.is_region:
        parts += [Heading(events_heading(book.analysis), 3), events_section(book.analysis, book.area)]
    return Parts(*parts)


def narrative_section(book: ProgressBook) -> Parts:
    """The analyst's own texts, from the workspace; without one the aims that are evaluated in words."""
    return tell_story(book.analysis, book.area)


def account_section(book: ProgressBook) -> Parts:
    """Sources, how a chance is made, what it cannot say; a municipality's short page says where that stands."""
    indicators = [t.indicator for t in book.analysis.plan.targets]
    if book.area.is_region:
        return forecast_account(book.outlook, indicators, book.area.members)
    return short_account(book.outlook, book.area)
