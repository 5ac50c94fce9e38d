"""What is known about one trend, and the word it earns within its family of tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from ivp_analysis.methods.arrays import Floats
from ivp_analysis.methods.mann_kendall import MannKendall, fit_mann_kendall
from ivp_analysis.methods.multiplicity import adjust
from ivp_analysis.methods.trend_words import (
    UNTESTED,
    TrendEvidence,
    TrendRules,
    TrendWord,
    choose_trend_word,
    is_tested,
)


@dataclass(frozen=True, slots=True)
class TrendResult:
    """A trend over the window first_year to last_year.

    Changes (`change`, limits, `minimum_detectable_change`) are fractions a year: -0.05 is 5 % down a year.
    `slope` and `se` are on the log scale; `se` holds the dispersion, `se_poisson` does not. NaN: no fit.
    `scatter` is the dispersion of one year's count: without the factor for serial correlation of `dispersion`
    and without rounding. `q` and `word` are None until `with_adjusted` has seen the whole family. `method` says
    where the dispersion came from: pooled (over municipalities), sums (of municipalities, for a region), own,
    or none (too few degrees of freedom: no interval, so no direction).
    """

    slope: float
    se: float
    se_poisson: float
    change: float
    lower: float
    upper: float
    lower90: float
    upper90: float
    p: float
    df: float
    dispersion: float
    scatter: float
    autocorrelation: float
    probability_down: float
    leave_one_out_same_sign: bool
    first_year: int | None
    last_year: int | None
    n_years: int
    total: float
    mean: float
    last_count: float
    last_change: float | None
    minimum_detectable_change: float
    kendall: MannKendall | None
    method: str
    q: float | None = None
    word: TrendWord | None = None
    relative: TrendResult | None = None


@dataclass(frozen=True, slots=True)
class SlopeTest:
    """A slope with the scatter it is judged by."""

    slope: float
    se_poisson: float
    dispersion: float
    scatter: float
    df: float
    autocorrelation: float
    same_sign: bool
    method: str


def build_result(
    test: SlopeTest, counts: Floats, exposure: Floats, years: Floats, rules: TrendRules
) -> TrendResult:
    """Interval, p, probability and what could have been seen, for one series (NaN = outside the window)."""
    seen = np.isfinite(counts) & np.isfinite(exposure)
    se = test.se_poisson * float(np.sqrt(test.dispersion))
    lower, upper = _limits(test.slope, se, test.df, rules.confidence)
    lower90, upper90 = _limits(test.slope, se, test.df, rules.equivalence_confidence)
    statistic = test.slope / se
    total = float(counts[seen].sum())
    return TrendResult(
        slope=test.slope,
        se=se,
        se_poisson=test.se_poisson,
        change=float(np.expm1(test.slope)),
        lower=lower,
        upper=upper,
        lower90=lower90,
        upper90=upper90,
        p=float(2 * special.stdtr(test.df, -abs(statistic))),
        df=test.df,
        dispersion=test.dispersion,
        scatter=test.scatter,
        autocorrelation=test.autocorrelation,
        probability_down=float(special.stdtr(test.df, -statistic)),
        leave_one_out_same_sign=test.same_sign,
        first_year=int(years[seen][0]) if seen.any() else None,
        last_year=int(years[seen][-1]) if seen.any() else None,
        n_years=int(seen.sum()),
        total=total,
        mean=total / max(int(seen.sum()), 1),
        last_count=float(counts[seen][-1]) if seen.any() else float("nan"),
        last_change=_last_change(counts[seen], years[seen]),
        minimum_detectable_change=minimum_detectable_change(
            se, test.df, confidence=rules.confidence, power=rules.power
        ),
        kendall=_second_opinion(counts[seen] / exposure[seen], years[seen], rules),
        method=test.method,
    )


def _limits(slope: float, se: float, df: float, confidence: float) -> tuple[float, float]:
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * se
    return float(np.expm1(slope - half)), float(np.expm1(slope + half))


def _last_change(counts: Floats, years: Floats) -> float | None:
    """Latest year minus the year before it; None when that year is not there."""
    if counts.size < 2 or years[-1] - years[-2] != 1:
        return None
    return float(counts[-1] - counts[-2])


def _second_opinion(rates: Floats, years: Floats, rules: TrendRules) -> MannKendall | None:
    if rates.size < rules.min_years:
        return None
    return fit_mann_kendall(rates, years, confidence=rules.confidence)


def minimum_detectable_change(se: float, df: float, *, confidence: float, power: float) -> float:
    """The yearly change, as a fraction, that this many years and counts would have shown with `power`."""
    return float(np.expm1((special.stdtrit(df, (1 + confidence) / 2) + special.stdtrit(df, power)) * se))


def with_adjusted(results: Sequence[TrendResult], rules: TrendRules) -> list[TrendResult]:
    """Benjamini-Hochberg over the family given, and with it the words; the relative trends are a family too.

    A series with too few years or too small counts is no test: it gets its word and no q.
    """
    relatives = [r.relative for r in results if r.relative is not None]
    judged = iter(_judge(relatives, rules))
    return [
        result if result.relative is None else replace(result, relative=next(judged))
        for result in _judge(results, rules)
    ]


def _judge(results: Sequence[TrendResult], rules: TrendRules) -> list[TrendResult]:
    p = [r.p if is_tested(r.n_years, r.total, rules) else np.nan for r in results]
    q = adjust(p, method="bh")
    return [_with_word(result, float(value), rules) for result, value in zip(results, q, strict=True)]


def _with_word(result: TrendResult, q: float, rules: TrendRules) -> TrendResult:
    evidence = TrendEvidence(
        n_years=result.n_years,
        total=result.total,
        change=result.change,
        lower=result.lower,
        upper=result.upper,
        lower90=result.lower90,
        upper90=result.upper90,
        q=q,
        probability_down=result.probability_down,
        same_sign=result.leave_one_out_same_sign,
    )
    return replace(result, q=None if np.isnan(q) else q, word=choose_trend_word(evidence, rules))


def share_undetermined(results: Iterable[TrendResult]) -> float:
    """Share of the tested series without a direction, printed on each page; NaN when none was tested."""
    words = [r.word for r in results if r.word is not None and r.word not in UNTESTED]
    return words.count(TrendWord.UNDETERMINED) / len(words) if words else float("nan")
