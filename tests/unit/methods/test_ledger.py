"""The rules of the ledger one by one, and the whole ledger on panels of which the truth is known."""

import math

import numpy as np
import pytest
from method_rules import TREND, method_group
from scipy import stats

from ivp_analysis.errors import MethodError
from ivp_analysis.methods.ledger import (
    Evidence,
    Expectation,
    Ruling,
    Strength,
    Untested,
    Verdict,
    equivalence_p,
    expect,
    judge_ledger,
)
from ivp_analysis.methods.trend import assess_trends

LEVEL = method_group("ledger")["by_level"]
NAN = math.nan
FALLS, RISES, STAYS = Expectation(-1), Expectation(1), Expectation(0)


def _item(effect, p, *, lower=NAN, upper=NAN, **more) -> Evidence:
    return Evidence(effect, lower, upper, p, **more)


def _rule(expected: Expectation, *evidence: Evidence) -> Ruling:
    return judge_ledger([(expected, evidence)], level=LEVEL)[0]


@pytest.mark.parametrize(
    ("expected", "effect", "p", "verdict"),
    [
        (FALLS, -0.06, 0.001, Verdict.SUPPORTED),
        (FALLS, 0.06, 0.001, Verdict.CONTRARY),
        (FALLS, -0.06, 0.30, Verdict.OPEN),
        (FALLS, 0.06, 0.30, Verdict.OPEN),
        (RISES, 0.06, 0.001, Verdict.SUPPORTED),
        (RISES, -0.06, 0.001, Verdict.CONTRARY),
        (FALLS, -0.06, NAN, Verdict.OPEN),
    ],
)
def test_direction_first(expected, effect, p, verdict):
    assert _rule(expected, _item(effect, p)).verdict is verdict


@pytest.mark.parametrize(
    ("p", "p_same", "verdict"),
    [
        (0.8, 0.01, Verdict.SUPPORTED),
        # Certain, and certainly too small to matter: it stayed as it was.
        (0.001, 0.01, Verdict.SUPPORTED),
        (0.001, 0.9, Verdict.CONTRARY),
        # Not significant is not the same as unchanged.
        (0.8, 0.4, Verdict.OPEN),
        (0.8, NAN, Verdict.OPEN),
    ],
)
def test_sameness_is_a_claim_of_its_own(p, p_same, verdict):
    assert _rule(STAYS, _item(0.02, p, p_same=p_same)).verdict is verdict


def test_a_difference_too_small_to_matter_is_no_direction():
    assert _rule(RISES, _item(0.05, 0.001, relevant=0.10)).verdict is Verdict.OPEN
    assert _rule(FALLS, _item(0.05, 0.001, relevant=0.10)).verdict is Verdict.OPEN
    assert _rule(RISES, _item(0.15, 0.001, relevant=0.10)).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("words", "lower", "upper", "strength"),
    [
        (["strong_decrease"], -0.12, -0.06, Strength.AS_SAID),
        (["strong_decrease"], -0.12, -0.02, Strength.OPEN),
        (["strong_decrease"], -0.04, -0.01, Strength.WEAKER),
        (["slight_decrease"], -0.025, -0.01, Strength.AS_SAID),
        (["slight_decrease"], -0.12, -0.06, Strength.STRONGER),
        (["slight_decrease"], -0.08, -0.01, Strength.OPEN),
        (["decrease"], -0.045, -0.035, Strength.AS_SAID),
        (["decrease"], -0.12, -0.06, Strength.STRONGER),
        (["slight_decrease", "decrease"], -0.045, -0.01, Strength.AS_SAID),
        (["decrease", "strong_decrease"], -0.02, -0.01, Strength.WEAKER),
        (["strong_decrease", "decrease", "slight_decrease"], -0.12, -0.01, None),
    ],
)
def test_strength_second(words, lower, upper, strength):
    found = _rule(expect(words, TREND), _item(-0.05, 0.001, lower=lower, upper=upper))
    assert (found.verdict, found.readings[0].strength) == (Verdict.SUPPORTED, strength)
    mirrored = [word.replace("decrease", "increase") for word in words]
    up = _rule(expect(mirrored, TREND), _item(0.05, 0.001, lower=-upper, upper=-lower))
    assert (up.verdict, up.readings[0].strength) == (Verdict.SUPPORTED, strength)


def test_strength_is_judged_only_where_the_direction_is_supported():
    falls_strongly = expect(["strong_decrease"], TREND)
    for effect, p in ((-0.05, 0.5), (0.05, 0.001)):
        item = _item(effect, p, lower=-0.04, upper=-0.01)
        assert _rule(falls_strongly, item).readings[0].strength is None


@pytest.mark.parametrize(
    ("words", "direction"),
    [(["much_lower", "lower"], -1), (["similar"], 0), (["higher"], 1), (["stable"], 0)],
)
def test_levels_have_a_direction_and_no_size(words, direction):
    found = expect(words, TREND)
    assert (found.direction, found.has_strength) == (direction, False)


@pytest.mark.parametrize("words", [[], ["higher", "lower"], ["stable", "increase"], ["undetermined"]])
def test_words_without_one_direction_are_refused(words):
    with pytest.raises(MethodError, match="no direction in common"):
        expect(words, TREND)


UP, DOWN, NEITHER = _item(0.3, 0.0001), _item(-0.3, 0.0001), _item(0.1, 0.9)
GONE = _item(NAN, NAN, untested=Untested.NO_FIGURES)


@pytest.mark.parametrize(
    ("evidence", "verdict", "conflict"),
    [
        ((UP, UP), Verdict.SUPPORTED, False),
        ((UP, NEITHER), Verdict.SUPPORTED, False),
        ((NEITHER, DOWN), Verdict.CONTRARY, False),
        ((UP, DOWN), Verdict.OPEN, True),
        ((UP, DOWN, NEITHER, GONE), Verdict.OPEN, True),
        ((NEITHER, NEITHER), Verdict.OPEN, False),
        ((UP, GONE), Verdict.SUPPORTED, False),
        ((GONE, NEITHER), Verdict.OPEN, False),
        ((GONE, GONE), Verdict.UNTESTABLE, False),
        ((), Verdict.UNTESTABLE, False),
    ],
)
def test_all_readings_together(evidence, verdict, conflict):
    found = _rule(RISES, *evidence)
    assert (found.verdict, found.conflict) == (verdict, conflict)
    assert len(found.readings) == len(evidence)


def test_the_whole_ledger_is_one_family():
    """By hand after Benjamini & Yekutieli 2001: p x m x (1 + 1/2 + ... + 1/m) / rank, from the largest down."""
    claims = [(FALLS, [_item(-0.1, p)]) for p in (0.001, 0.02, 0.03)] + [(RISES, [_item(0.1, 0.5)])]
    found = judge_ledger(claims, level=LEVEL)
    assert [r.readings[0].q for r in found] == pytest.approx([0.008333, 0.083333, 0.083333, 1], abs=1e-5)
    assert [r.verdict for r in found] == [Verdict.SUPPORTED] * 3 + [Verdict.OPEN]
    # What is no test makes the others no less certain; a sameness is two tests.
    more = judge_ledger([*claims, (FALLS, [GONE]), (FALLS, [])], level=LEVEL)
    assert [r.readings[0].q for r in more[:4]] == pytest.approx([r.readings[0].q for r in found])
    wider = judge_ledger([*claims, (STAYS, [_item(0.0, 0.9, p_same=0.9)])], level=LEVEL)
    assert wider[1].readings[0].q > found[1].readings[0].q


def test_equivalence_is_the_narrower_interval_inside_the_margin():
    """p <= .05 exactly when the 90 % interval lies inside: the duality of Schuirmann (1987)."""
    rng = np.random.default_rng(5)
    for estimate, se, df in zip(
        rng.normal(0, 0.03, 200), rng.uniform(0.005, 0.04, 200), rng.integers(3, 80, 200), strict=True
    ):
        half = stats.t.ppf(0.95, df) * se
        inside = estimate - half > -0.05 and estimate + half < 0.05
        assert (equivalence_p(estimate, se, df, lower=-0.05, upper=0.05) < 0.05) == inside
    assert math.isnan(equivalence_p(0.0, 0.0, 10, lower=-0.05, upper=0.05))
    assert math.isnan(equivalence_p(NAN, 0.1, 10, lower=-0.05, upper=0.05))


def _simulated(seed: int, slopes: np.ndarray, *, level: float) -> list[Evidence]:
    """Trends of panels of 13 whose first has the slope and whose others stay as they are, dispersion 2."""
    rng = np.random.default_rng(seed)
    t = np.arange(8) - 3.5
    own = np.zeros((slopes.size, 13, 1))
    own[:, 0, 0] = slopes
    counts = rng.negative_binomial(level * np.exp(own * t), 1 / 2).reshape(-1, 8).astype(float)
    pools = [range(g * 13, (g + 1) * 13) for g in range(slopes.size) for _ in range(13)]
    found = assess_trends(
        counts, 1.0, np.arange(2016, 2024), pools=pools, reference_year=2023, rules=TREND, relative=False,
        units=range(0, len(counts), 13),
    )  # fmt: skip
    low, high = math.log1p(-TREND.equivalence), math.log1p(TREND.equivalence)
    return [
        Evidence(r.change, r.lower, r.upper, r.p, equivalence_p(r.slope, r.se, r.df, lower=low, upper=high))
        for r in found
    ]


SLOPES = np.repeat([-0.105, 0.0, 0.095], 20)
TRUTH = np.sign(SLOPES).astype(int)


def test_few_verdicts_are_false_and_most_truths_are_found():
    """Thirty ledgers of sixty claims that all say "falls": a third does by 10 % a year, a third stays, a third rises."""
    false, made, found = 0, 0, []
    for seed in range(30):
        evidence = _simulated(seed, SLOPES, level=120)
        verdicts = [r.verdict for r in judge_ledger([(FALLS, [item]) for item in evidence], level=LEVEL)]
        says = np.array([{Verdict.SUPPORTED: -1, Verdict.CONTRARY: 1}.get(v, 0) for v in verdicts])
        false, made = false + int(((says != 0) & (says != TRUTH)).sum()), made + int((says != 0).sum())
        found.append((says == TRUTH)[TRUTH != 0].mean())
    assert false / made < LEVEL
    assert np.mean(found) > 0.9


def test_sameness_is_found_and_never_where_it_is_not():
    """The same of claims that all say "stays", at counts large enough to tell."""
    for seed in range(10):
        evidence = _simulated(seed, SLOPES, level=800)
        verdicts = [r.verdict for r in judge_ledger([(STAYS, [item]) for item in evidence], level=LEVEL)]
        same = np.array([v is Verdict.SUPPORTED for v in verdicts])
        contrary = np.array([v is Verdict.CONTRARY for v in verdicts])
        assert same[TRUTH == 0].mean() > 0.7
        assert contrary[TRUTH != 0].all()
        assert not same[TRUTH != 0].any()
        assert contrary[TRUTH == 0].mean() <= 0.10
