"""What the notebook of the monthly monitor imports."""

from __future__ import annotations

from ivp_analysis import __version__
from ivp_analysis.methods.monitor import Resolution, assess_recent
from ivp_analysis.report.analysis.disclosure import is_protected
from ivp_analysis.report.figures import draw_monitor
from ivp_analysis.report.monitor.tables import (
    tabulate_area,
    tabulate_budget,
    tabulate_changes,
    tabulate_course,
    tabulate_signals,
)
from ivp_analysis.report.monitor.target_tables import draw_sums, tabulate_running, tabulate_sums
from ivp_analysis.report.monitor.targets import WatchedTarget, watch_targets
from ivp_analysis.report.monitor.watch import STANDS_OUT, MonitorBook, Watched, open_monitor
from ivp_analysis.report.monitor.wording import (
    NO_MONTHS,
    changed_series,
    say_behind,
    say_monitor_method,
    say_news,
    say_second_opinion,
    summarise_monitor,
)
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.head import Foot, PageHead
from ivp_analysis.report.page.pieces import Details, Figure, Summary, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.wording.account import data_day, say_caveats_of
from ivp_analysis.report.wording.ends import glossary
from ivp_analysis.report.wording.tabulate import sentence_case, tabulate_sources

__all__ = [
    "Summary", "account_section", "change_section", "open_monitor", "page_foot", "page_head", "series_section",
    "signal_section", "summarise_monitor", "target_section", "watch_targets",
]  # fmt: skip
# The months of a drawing: two turns of the season.
DRAWN_MONTHS = 24


def page_head(book: MonitorBook) -> PageHead:
    """Title, region, month, date."""
    analysis, region = book.analysis, book.analysis.region
    return PageHead(
        title=f"Maandmonitor {region.name}",
        subtitle=analysis.plan.title,
        area=region.name,
        reference_year=int(book.month[:4]),
        data_date=data_day(analysis),
        simulated=analysis.build.simulated,
        description=(
            f"Wat opvalt in {numbers.period(book.month)} in de gemeenten van {region.in_words}: signalen, "
            "sommen van 12 maanden en de weg naar de doelen."
        ),
        slug="monitor",
        month=book.month,
    )


def signal_section(book: MonitorBook) -> Parts:
    """The table of what stands out, and the course of the strongest, folded."""
    if not book.watched:
        return Parts(Text(NO_MONTHS))
    if not book.signals:
        return Parts(Text("Geen enkele reeks valt op.", *say_behind(book)))
    drawn = [w for w in book.signals if w.signal.resolution == Resolution.MONTH and _may_draw(book, w)]
    drawn = drawn[: int(book.constants["figures"])]
    figures = (
        [Details("Het verloop van de sterkste signalen", *(_draw(book, w) for w in drawn))] if drawn else []
    )
    behind = [Text(*said)] if (said := say_behind(book)) else []
    return Parts(tabulate_signals(book), *figures, *behind)


def _may_draw(book: MonitorBook, watched: Watched) -> bool:
    """A drawing would show the small counts of a delivery that the tables hold back."""
    registry, series = book.analysis.registry, watched.series
    return not any(is_protected(registry, series.source, n) for n in series.counts[-DRAWN_MONTHS:])


def _draw(book: MonitorBook, watched: Watched) -> Figure:
    series, n = watched.series, min(DRAWN_MONTHS, len(watched.series.months))
    found = assess_recent(
        series.counts,
        months=n,
        first_month=series.first_month,
        rules=book.rules,
        half=book.half,
        covariates=series.breaks,
    )
    by_month = [s if s.resolution == Resolution.MONTH else None for s in found]
    months = series.months[-n:]
    title = f"{sentence_case(watched.indicator.label)} in {series.area.in_words}, per maand"
    drawing = draw_monitor(
        months,
        series.counts[-n:].tolist(),
        [s.expected if s else float("nan") for s in by_month],
        [s.lower if s else float("nan") for s in by_month],
        [s.upper if s else float("nan") for s in by_month],
        [month for month, s in zip(months, by_month, strict=True) if s and s.word in STANDS_OUT],
        label=title,
        unit=f"{watched.indicator.unit} per maand",
    )
    return Figure(drawing, title, data=tabulate_course(series, found, title))


def change_section(book: MonitorBook) -> Parts:
    """What became or ceased to be a signal since one month earlier."""
    if not book.watched:
        return Parts(Text(NO_MONTHS))
    changed = changed_series(book)
    return Parts(Text(say_news(book)), *([tabulate_changes(book, changed)] if changed else []))


def target_section(book: MonitorBook, targets: list[WatchedTarget]) -> Parts:
    """Sums of 12 months and the running year beside the path; the drawings folded."""
    if not targets:
        return Parts(Text("Het plan heeft geen doelen die in aantallen zijn uitgedrukt."))
    running = tabulate_running(
        targets,
        level=book.outlook.rules.interval,
        confidence=float(book.analysis.registry.method.group("rates")["confidence"]),
    )
    figures = [figure for t in targets if (figure := draw_sums(t)) is not None]
    folded = [Details("De sommen van 12 maanden in beeld", *figures)] if figures else []
    return Parts(tabulate_sums(targets, book.month), *([running] if running else []), *folded)


def series_section(book: MonitorBook) -> Parts:
    """Everything that is watched, folded by area; EARS as second opinion."""
    if not book.watched:
        return Parts(Text(NO_MONTHS))
    tables: list[Shown] = [Details(area.name, tabulate_area(book, area)) for area in book.analysis.areas]
    return Parts(Text(say_second_opinion(book)), *tables)


def account_section(book: MonitorBook) -> Parts:
    """Sources, how a signal comes about, how often it is false, what the figures cannot say."""
    sources = {i: series.source or "" for i, series in book.monthly.items()}
    return Parts(
        tabulate_sources(book.analysis),
        Details("Hoe een signaal ontstaat", Text(*say_monitor_method(book))),
        *([Details("Hoe vaak een signaal vals is", tabulate_budget(book))] if book.watched else []),
        Details(
            "Wat de cijfers niet zeggen", Text(*say_caveats_of(book.analysis, book.analysis.region, sources))
        ),
    )


def page_foot(book: MonitorBook, notebook: str) -> Foot:
    """Version and parameters, for who wants to make the page again."""
    return Foot(
        {
            "Plan": book.analysis.plan.id,
            "Maand": numbers.period(book.month),
            "Notebook": notebook,
            "Versie": f"ivp-analysis {__version__}",
        },
        glossary(book.analysis.registry),
    )
