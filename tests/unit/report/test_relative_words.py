"""The trend beside that of comparable municipalities: every pair of words has its rule, and is said whole."""

from dataclasses import replace
from itertools import product
from math import log1p

import pytest

from ivp_analysis.methods.trend_words import UNTESTED, TrendWord
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.wording.relative import (
    RELATIVE_WORDS,
    TURNED_WORDS,
    own_direction,
    peer_change,
    relative_clause,
    relative_direction,
    relative_word,
)
from ivp_analysis.report.wording.trend import say_heterogeneity, say_relative

TESTED = [word for word in TrendWord if word not in UNTESTED]


def _with(finding: Finding, own: TrendWord, relative: TrendWord, **changes: object) -> Finding:
    assert finding.trend.relative is not None
    against = replace(finding.trend.relative, word=relative, **changes)
    return replace(finding, trend=replace(finding.trend, word=own, relative=against, mean=40.0))


def _moving(finding: Finding, own: tuple[TrendWord, float], relative: tuple[TrendWord, float]) -> Finding:
    """With these words and these yearly changes."""
    found = _with(finding, own[0], relative[0], change=relative[1], slope=log1p(relative[1]))
    return replace(found, trend=replace(found.trend, slope=log1p(own[1]), change=own[1]))


@pytest.fixture
def burglary(analysis_2023: Analysis) -> Finding:
    return analysis_2023.findings["residential_burglary", "GM0981"]


@pytest.mark.parametrize(("own", "relative"), product(TESTED, TESTED))
def test_every_pair_of_tested_words_has_a_rule(
    own: TrendWord, relative: TrendWord, burglary: Finding
) -> None:
    rule = relative_word(_with(burglary, own, relative).trend)
    assert rule is not None
    for plural in (False, True):
        clause = relative_clause(rule, plural=plural)
        assert "vergelijkbare gemeenten" in clause
        assert "{" not in clause


@pytest.mark.parametrize("word", sorted(UNTESTED))
def test_a_series_that_was_not_tested_is_not_compared(word: TrendWord, burglary: Finding) -> None:
    assert relative_word(_with(burglary, word, TrendWord.DECREASE).trend) is None
    assert relative_word(_with(burglary, TrendWord.DECREASE, word).trend) is None
    assert say_relative(_with(burglary, TrendWord.DECREASE, word)) == ""


def test_no_two_rules_say_the_same_of_different_directions() -> None:
    of_each = {(own_direction(w), relative_direction(v)): (w, v) for w, v in product(TESTED, TESTED)}
    assert set(of_each) == set(RELATIVE_WORDS)
    clauses = [relative_clause(rule, plural=False) for rule in RELATIVE_WORDS.values()]
    assert len(set(clauses)) == len(clauses)


DOWN, UP, FLAT = TrendWord.DECREASE, TrendWord.INCREASE, TrendWord.STABLE
LOWER, HIGHER = TrendWord.LEANS_DOWN, TrendWord.LEANS_UP


@pytest.mark.parametrize(
    ("own", "relative", "there", "said"),
    [
        ((UP, 0.04), (UP, 0.03), 0.0097, "stijgt, en meer dan bij"),
        ((UP, 0.04), (UP, 0.06), -0.0189, "stijgt, terwijl het bij vergelijkbare gemeenten niet steeg"),
        ((UP, 0.04), (HIGHER, 0.06), -0.0189, "terwijl het bij vergelijkbare gemeenten leek te dalen"),
        ((UP, 0.04), (DOWN, -0.03), 0.0722, "stijgt, maar minder dan bij"),
        ((DOWN, -0.05), (DOWN, -0.02), -0.0306, "daalt, en meer dan bij"),
        ((DOWN, -0.05), (DOWN, -0.07), 0.0215, "daalt, terwijl het bij vergelijkbare gemeenten niet daalde"),
        ((DOWN, -0.05), (LOWER, -0.07), 0.0215, "terwijl het bij vergelijkbare gemeenten leek te stijgen"),
        ((FLAT, 0.00), (DOWN, -0.04), 0.0417, "gelijk, terwijl het bij vergelijkbare gemeenten steeg"),
        ((FLAT, -0.03), (DOWN, -0.02), -0.0102, "gelijk, maar daalt in verhouding tot"),
        ((FLAT, 0.02), (UP, 0.05), -0.0286, "gelijk, terwijl het bij vergelijkbare gemeenten daalde"),
        ((FLAT, 0.03), (UP, 0.02), 0.0098, "gelijk, maar stijgt in verhouding tot"),
        ((FLAT, 0.02), (FLAT, 0.00), 0.02, "gelijk, en gaat ongeveer gelijk op met"),
    ],
)
def test_nothing_is_said_of_the_peers_that_their_own_change_denies(
    burglary: Finding,
    own: tuple[TrendWord, float],
    relative: tuple[TrendWord, float],
    there: float,
    said: str,
) -> None:
    finding = _moving(burglary, own, relative)
    assert peer_change(finding.trend) == pytest.approx(there, abs=5e-5)
    assert said in say_relative(finding)


def test_a_turned_rule_stands_beside_one_that_supposes_the_other_direction() -> None:
    assert set(TURNED_WORDS) < set(RELATIVE_WORDS)
    assert all(TURNED_WORDS[pair].sure == RELATIVE_WORDS[pair].sure for pair in TURNED_WORDS)
    assert not {r.clause for r in TURNED_WORDS.values()} & {r.clause for r in RELATIVE_WORDS.values()}


def test_keeping_pace_is_said_with_the_bounds_it_rests_on(burglary: Finding) -> None:
    finding = _moving(burglary, (DOWN, -0.05), (FLAT, -0.016))
    assert say_relative(finding) == (
        "De geregistreerde woningcriminaliteit in Vaals daalt, en gaat ongeveer gelijk op met vergelijkbare "
        "gemeenten (2016–2023, daar −3,5% per jaar; verschil −1,6%, met 90% zekerheid minder dan 5%)."
    )


def test_a_smaller_fall_than_elsewhere_is_said_whole(burglary: Finding) -> None:
    finding = _with(
        burglary,
        TrendWord.DECREASE,
        TrendWord.SLIGHT_INCREASE,
        change=0.021,
        slope=log1p(0.021),
        lower=0.004,
        upper=0.038,
    )
    finding = replace(finding, trend=replace(finding.trend, slope=log1p(-0.05)))
    assert say_relative(finding) == (
        "De geregistreerde woningcriminaliteit in Vaals daalt, maar minder dan bij vergelijkbare gemeenten "
        "(2016–2023, daar −7,0% per jaar; verschil +2,1%, 95%-marge +0,4% tot +3,8%)."
    )


def test_a_plural_subject_and_an_unsure_difference(analysis_2023: Analysis) -> None:
    finding = _with(
        analysis_2023.findings["nuisance_youth", "GM0981"], TrendWord.INCREASE, TrendWord.UNDETERMINED
    )
    assert say_relative(finding) == (
        "De meldingen van jeugdoverlast in Vaals stijgen; of dat meer of minder is dan bij vergelijkbare "
        "gemeenten, is niet vast te stellen (2016–2023)."
    )


def test_the_region_is_held_against_the_peers_of_its_municipalities(analysis_2023: Analysis) -> None:
    finding = analysis_2023.findings["crime_total", analysis_2023.region.code]
    assert say_relative(finding).startswith("De totale geregistreerde criminaliteit in het Heuvelland ")
    assert "vergelijkbare gemeenten" in say_relative(finding)


@pytest.mark.parametrize(
    ("differ", "said"),
    [(True, "verschillen aantoonbaar in"), (False, "verschillen niet aantoonbaar in"), (None, "")],
)
def test_whether_the_municipalities_share_the_trend(
    analysis_2023: Analysis, differ: bool | None, said: str
) -> None:
    finding = replace(analysis_2023.findings["hic", analysis_2023.region.code], areas_differ=differ)
    text = say_heterogeneity(finding)
    assert said in text
    assert bool(text) == (differ is not None)


def test_only_regions_are_heterogeneous(analysis_2023: Analysis) -> None:
    for (_, code), finding in analysis_2023.findings.items():
        assert (finding.areas_differ is None) or code == analysis_2023.region.code
