"""Forecasts of an analysis: nothing later than the origin, the region as its sum, the same steps as the backtest."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from ivp_analysis.methods.bootstrap import Estimate
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.forecast.backtests import (
    backtested_indicators,
    join_backtests,
    kept_path,
    open_backtest,
)
from ivp_analysis.report.forecast.forecasts import Outlook, like_areas, rows_of, sums_of
from ivp_analysis.report.forecast.skill_cards import SkillBook, say_skill, say_skill_short


@pytest.fixture(scope="module")
def outlook(analysis_2023: Analysis) -> Outlook:
    return Outlook(analysis_2023)


def _with_later_figures(analysis: Analysis, after: int, factor: float) -> Analysis:
    """The same analysis in which everything after a year was multiplied."""
    series = dict(analysis.series)
    counts = series["hic"].counts.copy()
    later = [period for period in counts.columns if int(period) > after]
    counts[later] = counts[later] * factor
    series["hic"] = replace(series["hic"], counts=counts)
    fresh = replace(analysis)
    fresh.__dict__["series"] = series
    return fresh


def test_later_figures_change_nothing(analysis_2023: Analysis, outlook: Outlook) -> None:
    changed = Outlook(_with_later_figures(analysis_2023, 2019, 5))
    one = outlook.forecast("hic", analysis_2023.region, 2019)
    other = changed.forecast("hic", analysis_2023.region, 2019)
    assert one is not None
    assert other is not None
    assert one.projection.pool == other.projection.pool
    assert one.projection.drift == other.projection.drift
    assert one.projection.path([2023]) == other.projection.path([2023])
    later = changed.forecast("hic", analysis_2023.region, 2021)
    now = outlook.forecast("hic", analysis_2023.region, 2021)
    assert later is not None
    assert now is not None
    assert later.projection.last_count == 5 * now.projection.last_count


def test_the_region_is_projected_from_its_sum(analysis_2023: Analysis, outlook: Outlook) -> None:
    forecast = outlook.forecast("hic", analysis_2023.region, 2018)
    assert forecast is not None
    assert forecast.projection.last_count == 498  # the published baseline
    parts = [outlook.count("hic", area, 2018) for area in analysis_2023.areas[:-1]]
    assert sum(parts) == 498


def test_every_forecaster_has_its_law(analysis_2023: Analysis, outlook: Outlook) -> None:
    forecast = outlook.forecast("hic", analysis_2023.region, 2018)
    assert forecast is not None
    chances = {f: forecast.projection.probability(400, 2023, f) for f in Forecaster}
    assert all(0 < chance < 1 for chance in chances.values())
    halves = (chances[Forecaster.DRIFTLESS] + chances[Forecaster.DRIFTING]) / 2
    assert chances[Forecaster.DEFAULT] == pytest.approx(halves, abs=1e-9)


def test_without_peers_the_plan_s_own_municipalities_stand_in(
    analysis_2023: Analysis, outlook: Outlook
) -> None:
    forecast = outlook.forecast("neighbour_dispute", analysis_2023.region, 2020)
    assert forecast is not None
    assert forecast.own_pool
    assert forecast.n_series == 5


def test_too_few_years_give_no_forecast(analysis_2023: Analysis, outlook: Outlook) -> None:
    assert outlook.forecast("hic", analysis_2023.region, 2016) is None  # 2012-2016: five years
    assert outlook.forecast("unsafe_nightlife", analysis_2023.region, 2020) is None


def test_counts_end_with_the_reference_year(analysis_2023: Analysis, outlook: Outlook) -> None:
    years, counts = outlook.counts("hic", analysis_2023.region)
    assert years[-1] == 2023
    assert counts.size == len(years)
    assert np.isnan(outlook.count("hic", analysis_2023.region, 2024))


def test_a_backtest_is_kept_and_read_back_to_the_last_digit(outlook: Outlook) -> None:
    made = open_backtest(outlook, "neighbour_dispute")
    kept = list(outlook.analysis.workspace.processed.glob("backtest-*.parquet"))
    assert made is not None
    assert kept
    read = open_backtest(outlook, "neighbour_dispute")
    assert read is not None
    assert read.forecasters == made.forecasters
    for name in (
        "area",
        "origin",
        "horizon",
        "observed",
        "target",
        "chance",
        "crps",
        "pit_lower",
        "pit_upper",
    ):
        np.testing.assert_array_equal(getattr(read, name), getattr(made, name))


def test_other_figures_give_another_file_and_the_newest_stays_alone(
    analysis_2023: Analysis, outlook: Outlook
) -> None:
    open_backtest(outlook, "halt_referrals")
    path = kept_path(outlook, "halt_referrals")
    older = path.with_name(path.name.replace(path.stem[-16:], "0" * 16))
    other = path.with_name(path.name.replace("halt_referrals", "halt_referrals-2"))
    shutil.copy(path, older)
    shutil.copy(path, other)
    changed = Outlook(_with_later_figures(analysis_2023, 2019, 5))
    assert kept_path(changed, "hic") != kept_path(outlook, "hic")
    path.write_bytes(b"no parquet")
    assert open_backtest(outlook, "halt_referrals") is not None
    assert (path.is_file(), older.exists(), other.is_file()) == (True, False, True)
    other.unlink()


def test_every_target_and_every_group_is_tested(outlook: Outlook) -> None:
    tested = backtested_indicators(outlook)
    held = outlook.analysis.series
    assert {t.indicator for t in outlook.analysis.plan.targets if t.indicator in held} <= set(tested)
    groups = {outlook.analysis.registry.indicators[i].group for i in held}
    assert {outlook.analysis.registry.indicators[i].group for i in tested} == groups


def test_joined_tests_keep_series_apart(outlook: Outlook) -> None:
    test = open_backtest(outlook, "neighbour_dispute")
    assert test is not None
    whole = join_backtests([test, test])
    assert np.unique(whole.area).size == 2 * np.unique(test.area).size
    assert whole.crps.shape == (len(test.forecasters), 2 * test.area.size)


def test_a_card_says_n_years_coverage_gain_brier_and_what_is_not_known(outlook: Outlook) -> None:
    book = SkillBook(outlook)
    test = open_backtest(outlook, "neighbour_dispute")
    assert test is not None
    book.__dict__.update(tests={"neighbour_dispute": test}, sums={})
    said = " ".join(say_skill(book.skill("neighbour_dispute"), 3))
    for expected in (
        "20 verwachtingen",
        "3 jaar vooruit",
        "2017–2020",
        "80%-marge",
        "95%-marge",
        "Brier-score",
    ):
        assert expected in said
    assert "Kalibratie nog niet vast te stellen: er zijn 2 jaren die elkaar niet overlappen, en " in said
    assert "'zelfde als vorig jaar'" in said
    rivals = book.skill("neighbour_dispute").cards[3].beaten_by
    assert f"{len(rivals)} andere manieren van voorspellen deden het hier beter: " in said


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (0.99, ", minder dan de marge belooft; "),
        (0.01, ", meer dan de marge belooft; "),
        (None, "uitkomsten; "),
    ],
)
def test_a_margin_that_held_less_than_it_says_is_told_beside_the_forecast(
    outlook: Outlook, interval: float | None, said: str
) -> None:
    """Also where the years are too few for a word of the method."""
    book = SkillBook(outlook)
    test = open_backtest(outlook, "neighbour_dispute")
    book.__dict__.update(tests={"neighbour_dispute": test}, sums={})
    skill = book.skill("neighbour_dispute")
    card = skill.card(3)
    assert card is not None
    # Half of what came lay inside, with limits on both sides of that.
    held = replace(card, coverage=Estimate(0.5, 0.2, 0.8))
    twisted = replace(skill, cards={3: held}, interval=0.5 if interval is None else interval)
    assert said in say_skill_short(twisted, 3)


def test_an_untested_horizon_and_an_untested_group_say_so(outlook: Outlook) -> None:
    book = SkillBook(outlook)
    test = open_backtest(outlook, "neighbour_dispute")
    assert test is not None
    book.__dict__.update(tests={"neighbour_dispute": test}, sums={})
    assert "9 jaar vooruit zijn met deze cijfers niet te toetsen" in " ".join(
        say_skill(book.skill("neighbour_dispute"), 9)
    )
    assert "niet zelf getoetst" in " ".join(say_skill(book.skill("nuisance_total"), 3))
    assert say_skill_short(book.skill("hic"), 3) == "Nog niet getoetst."


def test_a_municipality_has_its_own_peers_as_pool(analysis_2023: Analysis, outlook: Outlook) -> None:
    vaals: Area = analysis_2023.area("GM0981")
    own = outlook.forecast("hic", vaals, 2020)
    region = outlook.forecast("hic", analysis_2023.region, 2020)
    assert own is not None
    assert region is not None
    assert own.n_series <= 12
    assert region.n_series <= 12, "as many sums as every municipality has peers, at most"


def test_a_region_is_judged_by_sums_made_as_it_is_made(analysis_2023: Analysis, outlook: Outlook) -> None:
    panel, region = outlook.panel("hic"), analysis_2023.region
    assert panel is not None
    like = like_areas(panel, region)
    own = set(rows_of(panel, region.members))
    assert 8 <= len(like) <= 12
    for group in like:
        assert len(set(group)) == len(region.members)
        assert not own & set(group)
        peers = [panel.pools[row] for row in rows_of(panel, region.members)]
        assert all(member in of_one for member, of_one in zip(group, peers, strict=True))
    summed = sums_of(panel, like)
    assert summed[0].tolist() == panel.counts[like[0]].sum(axis=0).tolist()
    wandering = outlook.forecast("hic", region, 2023)
    single = outlook.forecast("hic", analysis_2023.areas[0], 2023)
    assert wandering is not None
    assert single is not None
    assert wandering.projection.pool.level_variance < single.projection.pool.level_variance


def test_a_regional_target_has_the_card_of_sums(analysis_2023: Analysis, outlook: Outlook) -> None:
    book = SkillBook(outlook)
    singles, sums = open_backtest(outlook, "hic"), open_backtest(outlook, "hic", sums=True)
    assert singles is not None
    assert sums is not None
    assert sums.observed.mean() > 3 * singles.observed.mean()
    assert open_backtest(outlook, "neighbour_dispute", sums=True) is None, "no peer has figures of a delivery"
    book.__dict__.update(tests={"hic": singles}, sums={"hic": sums})
    of_region, of_one = book.skill("hic", analysis_2023.region), book.skill("hic", analysis_2023.areas[0])
    assert of_region.sums
    assert not of_one.sums
    assert "sommen van gemeenten" in " ".join(say_skill(of_region, 1))
    assert "losse gemeenten" in " ".join(say_skill(of_one, 1))
