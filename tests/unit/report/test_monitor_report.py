"""The monthly monitor on the sample: what it looks at, what it leaves alone, and that nothing later leaks in."""

import math

import numpy as np
import pytest

from ivp_analysis.data.series import indicator_counts
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.methods.monitor import MonitorWord, Resolution, expected_false_signals
from ivp_analysis.methods.twelve_months import PathWord, judge_path
from ivp_analysis.report.analysis.months import monthly_counts, open_months
from ivp_analysis.report.monitor.notebook import account_section, page_head, signal_section
from ivp_analysis.report.monitor.tables import (
    tabulate_area,
    tabulate_budget,
    tabulate_changes,
    tabulate_signals,
)
from ivp_analysis.report.monitor.target_tables import draw_sums, tabulate_running, tabulate_sums
from ivp_analysis.report.monitor.targets import watch_target
from ivp_analysis.report.monitor.watch import MonitorBook, months_between, open_monitor, span_of, watch_series
from ivp_analysis.report.monitor.wording import changed_series, summarise_monitor
from ivp_analysis.report.monitor.words import name_span
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Missing

MONTH = "2022-05"


def _open(workspace: Workspace, **parameters: object) -> MonitorBook:
    return open_monitor(str(workspace.root), **parameters)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def book(sample_workspace: Workspace) -> MonitorBook:
    return _open(sample_workspace, month=MONTH)


def test_the_month_is_the_last_with_figures(sample_workspace: Workspace) -> None:
    newest = _open(sample_workspace)
    assert (newest.month, newest.analysis.year) == ("2024-12", 2024)
    assert _open(sample_workspace, reference_year=2024).month == "2024-12"
    assert _open(sample_workspace, reference_year=2022).month == "2022-12", "the set of an earlier year"
    partial = _open(sample_workspace, month="2024-11", reference_year=2022)
    assert (partial.month, partial.analysis.year) == ("2024-11", 2023), "2024 is not a whole year yet"


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2030-01", "no figures over 2030-01"),
        ("May 2022", "not a year or a month"),
        ("2012-05", "no full year"),
    ],
)
def test_a_month_that_cannot_be_says_what_can(sample_workspace: Workspace, month: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        _open(sample_workspace, month=month)
    assert caught.value.where == "month"
    assert caught.value.todo


def test_every_municipality_and_the_region_with_every_monthly_indicator(book: MonitorBook) -> None:
    pairs = {(w.series.area.code, w.indicator.id) for w in book.watched}
    assert len(pairs) == len(book.watched) == 6 * len(book.monthly)
    assert {i.id for i in book.not_monthly} >= {"sexual_offences", "halt_referrals", "unsafe_nightlife"}
    assert {w.series.months[-1] for w in book.watched} == {MONTH}


def test_a_month_ago_is_what_was_said_a_month_ago(book: MonitorBook, sample_workspace: Workspace) -> None:
    """The comparison keeps no state: the same figures cut off one month earlier give the same judgement."""
    earlier = _open(sample_workspace, month="2022-04")
    for indicator in ("shoplifting", "nuisance_youth", "nuisance_drugs_alcohol"):
        for area in book.analysis.areas:
            now, then = (watch_series(b, indicator, area) for b in (book, earlier))
            assert now is not None
            assert then is not None
            assert now.before == then.signal
            assert now.span_before == then.span


def test_the_budget_is_the_sum_of_what_the_series_expect(book: MonitorBook) -> None:
    table = tabulate_budget(book)
    assert table.total is not None
    assert table.total["budget"] == pytest.approx(sum(row["budget"] for row in table.rows))
    assert table.total["budget"] == pytest.approx(expected_false_signals([w.signal for w in book.watched]))
    assert sum(table.total[r] for r in Resolution) + table.total["unknown"] == len(book.watched)
    assert f"Verwacht aantal valse signalen per jaar: {numbers.decimal(book.budget, 1)}" in " ".join(
        summarise_monitor(book, [])
    )


def test_signals_stand_outside_what_is_usual(book: MonitorBook) -> None:
    assert book.signals
    for watched in book.watched:
        signal = watched.signal
        if signal.word != MonitorWord.NOT_ASSESSABLE:
            assert watched.stands_out == (not signal.lower <= signal.count <= signal.upper)
    assert len(tabulate_signals(book).rows) == len(book.signals)
    assert "Wat opvalt in mei 2022" in str(signal_section(book).html())


def test_what_changed_names_both_judgements(book: MonitorBook) -> None:
    changed = changed_series(book)
    assert all(w.stands_out != w.stood_out for w in changed)
    table = tabulate_changes(book, changed)
    assert table.caption == "Veranderd sinds april 2022"
    assert len(table.rows) == len(changed)


def test_the_summary_fits_a_minute(book: MonitorBook) -> None:
    said = summarise_monitor(book, [watch_target(book, book.analysis.plan.targets[0])])
    assert 4 <= len(said) <= 7
    judged = [w for w in book.watched if w.signal.word != MonitorWord.NOT_ASSESSABLE]
    assert said[0].startswith(f"Van de {len(judged)} gevolgde reeksen")
    # What cannot be judged is a delivery with small months, and nothing else.
    assert {w.series.source for w in book.watched if w not in judged} == {"police-inp"}
    sentences = [s for s in " ".join(said).replace("; ", ". ").split(". ") if s]
    assert np.mean([len(s.split()) for s in sentences]) <= 20


def test_small_counts_are_taken_together(book: MonitorBook) -> None:
    for watched in book.watched:
        known = watched.series.counts[:-1][-60:]
        if watched.signal.word == MonitorWord.NOT_ASSESSABLE:
            continue
        assert (watched.signal.resolution == Resolution.MONTH) == (known.mean() >= book.rules.min_mean)
        if watched.signal.resolution == Resolution.QUARTER:
            assert watched.span == ("2022-01", "2022-02", "2022-03"), "May is not the end of a quarter"
            assert watched.signal.count == watched.series.counts[-5:-2].sum()
            assert watched.ears is None


def test_spans_have_their_names() -> None:
    months = tuple(f"2023-{m:02d}" for m in range(1, 13))
    assert name_span(span_of(months[:11], Resolution.QUARTER)) == "3e kwartaal 2023"
    assert name_span(span_of(months, Resolution.QUARTER)) == "4e kwartaal 2023"
    assert name_span(span_of(months, Resolution.MONTH)) == "december 2023"
    assert name_span(span_of(months, Resolution.TWELVE_MONTHS)) == "12 maanden t/m december 2023"
    assert months_between("2023-11", "2024-02") == 3


def test_a_missing_month_stays_missing(sample_workspace: Workspace) -> None:
    """The sample lacks vandalism in Vaals in August 2015: it is not judged, and no sum is made without it."""
    book = _open(sample_workspace, month="2015-08")
    vaals = watch_series(book, "vandalism", book.analysis.area("GM0981"))
    region = watch_series(book, "vandalism", book.analysis.region)
    for watched in (vaals, region):
        assert watched is not None
        assert math.isnan(watched.series.counts[-1])
        assert watched.signal.word == MonitorWord.NOT_ASSESSABLE
    other = watch_series(book, "vandalism", book.analysis.area("GM0994"))
    assert other is not None
    assert other.signal.word != MonitorWord.NOT_ASSESSABLE
    rows = {row["indicator"]: row for row in tabulate_area(book, book.analysis.area("GM0981")).rows}
    assert rows["Vernielingen"]["word"].detail == "geen cijfer"
    assert isinstance(rows["Vernielingen"]["count"], Missing)
    assert isinstance(rows["Vernielingen"]["now"], Missing), "seven months are not the first eight of a year"
    whole = {row["indicator"]: row for row in tabulate_area(book, book.analysis.area("GM0994")).rows}
    assert other.series.months[-8:] == tuple(f"2015-{month:02d}" for month in range(1, 9))
    assert whole["Vernielingen"]["now"] == other.series.counts[-8:].sum()
    assert whole["Vernielingen"]["then"] == other.series.counts[-20:-12].sum()


def test_known_breaks_are_columns_of_the_model(book: MonitorBook) -> None:
    series = monthly_counts(book.analysis, "nuisance_total")
    assert series is not None
    found = open_months(book.analysis, series, book.analysis.region, MONTH)
    assert found is not None
    pulses = found.breaks.sum(axis=0)
    assert 16 in pulses, "March 2020 to June 2021"
    assert found.months.index("2022-05") - found.months.index("2020-01") + 1 in pulses, (
        "E33 since 2020, for good"
    )


def test_the_running_year_against_last_year_and_the_path(book: MonitorBook) -> None:
    target = next(t for t in book.analysis.plan.targets if t.id == "residential_burglary")
    watched = watch_target(book, target)
    running = watched.running
    assert running is not None
    frame = indicator_counts(
        book.analysis.build, book.analysis.registry, target.indicator, book.analysis.plan.areas, "month"
    ).counts.sum()
    months = [f"{m:02d}" for m in range(1, 6)]
    assert running.so_far.months == (1, 2, 3, 4, 5)
    assert running.so_far.count == frame[[f"2022-{m}" for m in months]].sum()
    assert running.so_far.previous == frame[[f"2021-{m}" for m in months]].sum()
    assert running.goal == pytest.approx(309 + 4 / 5 * (275 - 309)), "four of the five years of the path"
    assert 0.3 < running.share < 0.5
    assert running.law is not None
    assert running.law.cdf(running.so_far.count - 1) == 0, "what is counted cannot be undone"
    table = tabulate_running([watched], level=0.8, confidence=0.95)
    assert table is not None
    assert table.rows[0]["months"] == "jan–mei"


def test_sums_of_twelve_months_on_the_path(book: MonitorBook) -> None:
    target = next(t for t in book.analysis.plan.targets if t.id == "residential_burglary")
    watched = watch_target(book, target)
    assert watched.series is not None
    assert watched.sum_before(0) == watched.series.counts[-12:].sum()
    assert watched.sum_before(12) == watched.series.counts[-24:-12].sum()
    assert watched.judged[-1].path == pytest.approx(309 + (3 + 5 / 12) / 5 * (275 - 309))
    by_month = dict(zip(watched.series.months, watched.judged, strict=True))
    assert by_month["2018-12"].path == 309
    assert math.isnan(by_month["2018-11"].path), "before the end of the baseline year there is no path"
    assert draw_sums(watched) is not None
    (row,) = tabulate_sums([watched], MONTH).rows
    assert row["now"] == watched.sum_before(0)


def test_after_the_target_year_the_path_is_the_target(sample_workspace: Workspace) -> None:
    book = _open(sample_workspace)
    watched = watch_target(book, book.analysis.plan.targets[0])
    assert watched.judged[-1].path == 400
    assert watched.running is not None
    assert watched.running.law is None, "December: the year is counted"
    assert watched.sum_before(0) == watched.running.so_far.count


def test_around_the_path_is_what_chance_makes() -> None:
    """Poisson around 100: 2.5 % lie below 81 and above 120 (R: qpois(c(.025, .975), 100) = 81, 120)."""
    for total, word in [
        (80, PathWord.BELOW),
        (81, PathWord.AROUND),
        (120, PathWord.AROUND),
        (121, PathWord.ABOVE),
    ]:
        found = judge_path(total, 100.0, dispersion=1.0, p=0.05)
        assert (found.word, found.lower, found.upper) == (word, 81, 120)
    assert judge_path(125, 100.0, dispersion=3.0, p=0.05).word == PathWord.AROUND
    assert judge_path(math.nan, 100.0, dispersion=1.0, p=0.05).word == PathWord.NOT_ASSESSABLE
    assert judge_path(90, math.nan, dispersion=1.0, p=0.05).word == PathWord.NOT_ASSESSABLE


def test_small_counts_of_a_delivery_are_not_shown(book: MonitorBook) -> None:
    hidden = 0
    for area in book.analysis.areas:
        rows = {row["indicator"]: row for row in tabulate_area(book, area).rows}
        watched = watch_series(book, "neighbour_dispute", area)
        assert watched is not None
        shown = rows[f"{watched.indicator.label[:1].upper()}{watched.indicator.label[1:]}"]["count"]
        assert not watched.signal.count < 5
        if math.isnan(watched.signal.count):
            hidden += 1
            assert isinstance(shown, Missing)
        else:
            assert shown == watched.signal.count
    assert hidden, "the sample has such a month"


def test_head_and_account_speak_of_the_month(book: MonitorBook) -> None:
    head = str(page_head(book).html())
    assert "mei 2022" in head
    assert "Verslagjaar" not in head
    account = str(account_section(book).html()).replace("\N{NO-BREAK SPACE}", " ")
    assert "minder dan 5 van de 1.000 maanden" in account
    assert "Coronatijd" in account
