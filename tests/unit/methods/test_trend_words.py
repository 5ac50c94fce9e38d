"""Every trend word is reachable, and none outside its rule."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from method_rules import TREND

from ivp_analysis.methods.trend import assess_trends, with_adjusted
from ivp_analysis.methods.trend_words import TrendEvidence, TrendWord, choose_trend_word, is_tested

PLAIN = TrendEvidence(
    n_years=8, total=400, change=-0.04, lower=-0.06, upper=-0.02, lower90=-0.058, upper90=-0.022,
    q=0.01, probability_down=0.999, same_sign=True,
)  # fmt: skip

QUIET = replace(PLAIN, change=-0.02, lower=-0.06, upper=0.02, lower90=-0.055, upper90=0.015, q=0.4)

CASES = [
    ({}, TrendWord.DECREASE),
    ({"lower": -0.09, "upper": -0.051, "change": -0.07}, TrendWord.STRONG_DECREASE),
    ({"lower": 0.051, "upper": 0.09, "change": 0.07, "probability_down": 0.001}, TrendWord.STRONG_INCREASE),
    ({"lower": -0.09, "upper": -0.05, "change": -0.07}, TrendWord.DECREASE),
    ({"lower": 0.02, "upper": 0.06, "change": 0.04, "probability_down": 0.001}, TrendWord.INCREASE),
    ({"change": -0.03, "lower": -0.05, "upper": -0.01}, TrendWord.SLIGHT_DECREASE),
    ({"change": 0.02, "lower": 0.005, "upper": 0.04, "probability_down": 0.01}, TrendWord.SLIGHT_INCREASE),
    ({"n_years": 5}, TrendWord.TOO_FEW_YEARS),
    ({"n_years": 0, "total": 0}, TrendWord.TOO_FEW_YEARS),
    ({"total": 39}, TrendWord.TOO_SMALL),
    ({"total": 39.9, "n_years": 7}, TrendWord.TOO_SMALL),
    ({"total": 41, "n_years": 9}, TrendWord.TOO_SMALL),
]


@pytest.mark.parametrize(("changes", "word"), CASES)
def test_significant_and_untested_words(changes, word):
    assert choose_trend_word(replace(PLAIN, **changes), TREND) is word


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"lower90": -0.049, "upper90": 0.049}, TrendWord.STABLE),
        ({"lower90": -0.05, "upper90": 0.01, "probability_down": 0.5}, TrendWord.UNDETERMINED),
        ({"probability_down": 0.90}, TrendWord.LEANS_DOWN),
        ({"probability_down": 0.89}, TrendWord.UNDETERMINED),
        ({"probability_down": 0.10}, TrendWord.LEANS_UP),
        ({"probability_down": 0.95, "same_sign": False}, TrendWord.UNDETERMINED),
        ({"probability_down": 0.05, "same_sign": False}, TrendWord.UNDETERMINED),
        # The interval excludes 0, but not once the other tests are counted: no more than a leaning.
        ({"lower": -0.06, "upper": -0.01, "q": 0.11, "probability_down": 0.99}, TrendWord.LEANS_DOWN),
        # Within the family it counts, by itself it does not.
        ({"q": 0.01, "probability_down": 0.6}, TrendWord.UNDETERMINED),
    ],
)
def test_quiet_words(changes, word):
    assert choose_trend_word(replace(QUIET, **changes), TREND) is word


def test_without_a_fit_there_is_no_direction():
    nothing = dict.fromkeys(
        ("change", "lower", "upper", "lower90", "upper90", "q", "probability_down"), math.nan
    )
    assert choose_trend_word(replace(PLAIN, **nothing), TREND) is TrendWord.UNDETERMINED


def _holds(word, e):
    """The table of the method, row by row, as a reader would check a word."""
    significant = (e.upper < 0 or e.lower > 0) and e.q <= 0.10
    enough = e.n_years >= 6 and e.total >= 40 and e.total / max(e.n_years, 1) >= 5
    return (
        enough
        and {
            TrendWord.STRONG_DECREASE: e.upper < -0.05 and e.q <= 0.10,
            TrendWord.STRONG_INCREASE: e.lower > 0.05 and e.q <= 0.10,
            TrendWord.DECREASE: significant and e.change < -0.03,
            TrendWord.INCREASE: significant and e.change > 0.03,
            TrendWord.SLIGHT_DECREASE: significant and e.change < 0 and e.change >= -0.03,
            TrendWord.SLIGHT_INCREASE: significant and 0 < e.change <= 0.03,
            TrendWord.STABLE: e.lower90 > -0.05 and e.upper90 < 0.05,
            TrendWord.LEANS_DOWN: not significant and e.probability_down >= 0.9 and e.same_sign,
            TrendWord.LEANS_UP: not significant and e.probability_down <= 0.1 + 1e-12 and e.same_sign,
            TrendWord.UNDETERMINED: not significant,
        }[word]
    )


@settings(derandomize=True, deadline=None, max_examples=800)
@given(
    st.floats(-0.12, 0.12),
    st.floats(0.001, 0.12),
    st.floats(0, 1),
    st.booleans(),
    st.integers(0, 8),
    st.integers(0, 200),
)
def test_no_word_outside_its_rule(change, half, q, same_sign, n_years, total):
    down = float(np.clip(0.5 - change / (2 * half), 0, 1))
    e = TrendEvidence(
        n_years,
        total,
        change,
        change - half,
        change + half,
        change - 0.8 * half,
        change + 0.8 * half,
        q,
        down,
        same_sign,
    )
    word = choose_trend_word(e, TREND)
    if word is TrendWord.TOO_FEW_YEARS:
        assert n_years < 6
    elif word is TrendWord.TOO_SMALL:
        assert n_years >= 6
        assert total < 40 or total / n_years < 5
    else:
        assert _holds(word, e)
    assert is_tested(n_years, total, TREND) == (word not in (TrendWord.TOO_FEW_YEARS, TrendWord.TOO_SMALL))


def test_every_word_is_earned_by_some_series():
    """Steady series among peers without change."""
    years = np.arange(2016, 2024)
    series = {
        TrendWord.STRONG_DECREASE: 900 * np.exp(-0.12 * np.arange(8)),
        TrendWord.STRONG_INCREASE: 400 * np.exp(0.12 * np.arange(8)),
        TrendWord.DECREASE: 500 * np.exp(-0.045 * np.arange(8)),
        TrendWord.INCREASE: 400 * np.exp(0.045 * np.arange(8)),
        TrendWord.SLIGHT_DECREASE: 1500 * np.exp(-0.02 * np.arange(8)),
        TrendWord.SLIGHT_INCREASE: 1300 * np.exp(0.02 * np.arange(8)),
        TrendWord.STABLE: np.full(8, 600),
        TrendWord.LEANS_DOWN: 40 * np.exp(-0.05 * np.arange(8)),
        TrendWord.LEANS_UP: 28 * np.exp(0.05 * np.arange(8)),
        TrendWord.UNDETERMINED: np.array([20, 12, 22, 14, 21, 13, 20, 16]),
        TrendWord.TOO_FEW_YEARS: np.array([np.nan, np.nan, np.nan, 90, 80, 70, 60, 50]),
        TrendWord.TOO_SMALL: np.array([4, 3, 5, 2, 6, 4, 3, 5]),
    }
    assert set(series) == set(TrendWord)
    quiet = np.random.default_rng(8).poisson(100, (12, 8))
    counts = np.vstack([np.round(list(series.values())), quiet])
    peers = list(range(len(series), len(counts)))
    results = assess_trends(counts, 1e4, years, pools=[peers] * len(counts), reference_year=2023, rules=TREND)
    words = [result.word for result in with_adjusted(results, TREND)]
    assert words[: len(series)] == list(series)
    relative = [result.relative.word for result in with_adjusted(results, TREND)][: len(series)]
    assert TrendWord.STRONG_DECREASE in relative
