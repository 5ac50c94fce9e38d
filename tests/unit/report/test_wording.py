"""Sentences are read whole: what they are about, the window, the direction, favourability and certainty."""

import math
from dataclasses import replace

import pytest

from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.words import TREND_WORDS, judge
from ivp_analysis.report.wording.account import say_caveats_of, say_unusual_years
from ivp_analysis.report.wording.tabulate import trend_verdict
from ivp_analysis.report.wording.trend import (
    join_some,
    join_words,
    say_level,
    say_trend,
    say_visible,
    say_window,
)


@pytest.fixture
def burglary(analysis_2023: Analysis) -> Finding:
    return analysis_2023.findings["residential_burglary", "GM0981"]


def _with(finding: Finding, word: TrendWord, **changes: object) -> Finding:
    return replace(finding, trend=replace(finding.trend, word=word, **changes))


def test_every_trend_word_has_a_dutch_word_of_its_own() -> None:
    assert set(TREND_WORDS) == set(TrendWord)
    texts = [word.text for word in TREND_WORDS.values()]
    assert len(texts) == len(set(texts))
    assert TREND_WORDS[TrendWord.UNDETERMINED].text == "richting niet vast te stellen"
    assert TREND_WORDS[TrendWord.STABLE].text == "vrijwel gelijk gebleven"


def test_a_fall_says_what_window_size_margin_and_that_it_is_good(burglary: Finding) -> None:
    finding = _with(
        burglary,
        TrendWord.DECREASE,
        change=-0.082,
        lower=-0.129,
        upper=-0.031,
        mean=40.0,
        first_year=2016,
        last_year=2023,
        last_change=12.0,
    )
    assert say_trend(finding) == (
        "De geregistreerde woningcriminaliteit in Vaals is gedaald "
        "(2016–2023; laatste jaar +12; −8,2% per jaar; 95%-marge −12,9% tot −3,1%). Dat is gunstig."
    )


def test_a_rise_of_what_follows_police_effort_is_not_judged(analysis_2023: Analysis) -> None:
    finding = _with(analysis_2023.findings["drug_trade", "GM0981"], TrendWord.INCREASE)
    assert "gestegen" in say_trend(finding)
    assert "gunstig" not in say_trend(finding)
    assert judge("up", "none") == "neutral"


def test_counts_too_small_for_a_percentage_get_none(burglary: Finding) -> None:
    assert "%" not in say_trend(_with(burglary, TrendWord.DECREASE, mean=12.0))


def test_no_direction_says_what_would_have_been_seen(burglary: Finding) -> None:
    finding = _with(
        burglary,
        TrendWord.UNDETERMINED,
        minimum_detectable_change=0.094,
        first_year=2016,
        last_year=2023,
        last_change=None,
    )
    assert say_trend(finding) == (
        "Van de geregistreerde woningcriminaliteit in Vaals is de richting niet vast te stellen (2016–2023). "
        "Een verandering van minder dan ongeveer 9% per jaar kan hier onopgemerkt blijven."
    )
    assert trend_verdict(finding).detail == "2016–2023; zichtbaar vanaf 9% per jaar"
    assert say_visible(replace(finding.trend, word=TrendWord.STABLE)) == ""
    assert say_visible(replace(finding.trend, minimum_detectable_change=math.nan)) == ""


def test_a_year_that_a_break_runs_through_is_no_ordinary_one(analysis_2023: Analysis) -> None:
    def said(*years: int) -> list[str]:
        return say_unusual_years(analysis_2023, "residential_burglary", years)

    assert said(2017, 2019, 2022) == []
    assert said(2018, 2018) == [
        "Let op: 2018 is geen gewoon jaar. Eén registratie kan niet meer dan één delict bevatten (vanaf juli 2018)."
    ]
    assert [len(said(year)) for year in (2020, 2021)] == [1, 1]
    assert "Coronatijd (maart 2020 tot en met juni 2021)" in said(2021)[0]


def test_without_peers_nothing_is_said_of_what_would_have_been_seen(analysis_2023: Analysis) -> None:
    known = analysis_2023.findings["neighbour_dispute", "GM0981"]
    blind = replace(known.trend, word=TrendWord.UNDETERMINED, minimum_detectable_change=math.nan)
    assert say_trend(replace(known, trend=blind)) == (
        "Van de meldingen van burenruzie en woonoverlast in Vaals is de richting niet vast te stellen (2016–2023; laatste jaar "
        f"{numbers.signed(known.trend.last_change)}): zonder cijfers van andere gemeenten is niet te schatten hoe sterk jaren toevallig schommelen."
    )


def test_in_a_delivery_the_plan_s_municipalities_tell_each_other_how_much_years_scatter(
    analysis_2023: Analysis,
) -> None:
    trends = [analysis_2023.findings["neighbour_dispute", code].trend for code in analysis_2023.plan.areas]
    # Five municipalities of eight years each; the slope and the level of each take two.
    assert {trend.df for trend in trends} == {5 * (8 - 2)}
    assert len({trend.dispersion for trend in trends}) == 1
    assert all(math.isfinite(trend.p) and trend.relative is None for trend in trends)


def test_uncertain_leaning_is_said_as_uncertain(burglary: Finding) -> None:
    text = say_trend(_with(burglary, TrendWord.LEANS_UP))
    assert "lijkt te stijgen, maar dat is niet zeker" in text
    assert "gunstig" not in text


def test_a_plural_subject_takes_a_plural_verb(analysis_2023: Analysis) -> None:
    finding = _with(analysis_2023.findings["nuisance_youth", "GM0981"], TrendWord.STRONG_INCREASE)
    assert "De meldingen van jeugdoverlast in Vaals zijn sterk gestegen" in say_trend(finding)


def test_level_names_the_year_and_the_year_before(burglary: Finding) -> None:
    year = burglary.year
    counts = tuple(
        {year: 41.0, year - 1: 29.0}.get(y, c) for y, c in zip(burglary.years, burglary.counts, strict=True)
    )
    assert say_level(replace(burglary, counts=counts)) == (
        "De geregistreerde woningcriminaliteit in Vaals: 41 in 2023, 12 meer dan in 2022."
    )


def test_a_missing_year_is_said_and_is_no_zero(burglary: Finding) -> None:
    counts = tuple(
        float("nan") if y == burglary.year else c
        for y, c in zip(burglary.years, burglary.counts, strict=True)
    )
    assert say_level(replace(burglary, counts=counts)).startswith("Over 2023 is er geen cijfer")


def test_window_of_a_series_without_years_is_said(burglary: Finding) -> None:
    finding = _with(burglary, TrendWord.TOO_FEW_YEARS, n_years=0, first_year=None, last_year=None)
    assert say_window(finding) == "geen cijfers"


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")]
)
def test_enumeration(words: list[str], text: str) -> None:
    assert join_words(words) == text


def test_a_caveat_says_which_subject_it_is_about(analysis_2023: Analysis) -> None:
    """One about every figure names none; one about many names three."""
    region = analysis_2023.region
    sources = {i: s.source or "" for i, s in analysis_2023.series.items()}
    said = say_caveats_of(analysis_2023, region, sources)
    assert any(one.startswith("Politiecijfers meten wat de politie registreert.") for one in said)
    label = analysis_2023.registry.indicators["confused_person"].label
    assert any(
        one.startswith(f"{label[:1].upper()}{label[1:]}. Dit zijn incidenten, geen personen") for one in said
    )
    assert not any(one.startswith(("Dit ", "Deze ", "Van deze ")) for one in said)


def test_a_window_with_gaps_says_how_many_years_it_holds(burglary: Finding) -> None:
    whole = _with(burglary, TrendWord.STABLE, first_year=2016, last_year=2023, n_years=8)
    assert say_window(whole) == "2016–2023"
    torn = _with(burglary, TrendWord.STABLE, first_year=2014, last_year=2024, n_years=8)
    assert say_window(torn) == "2014–2024, 8 van 11 jaren"


@pytest.mark.parametrize(
    ("n", "text"), [(2, "a en b"), (3, "a, b en c"), (4, "a, b, c en d"), (5, "a, b, c en 2 andere")]
)
def test_a_long_enumeration_says_how_many_more(n: int, text: str) -> None:
    assert join_some(list("abcde")[:n], 3) == text
