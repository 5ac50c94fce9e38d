"""The trend beside that of comparable municipalities: every pair of words has its rule, and is said whole."""

from dataclasses import replace
from itertools import product

import pytest

from ivp_analysis.methods.trend_words import UNTESTED, TrendWord
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.wording.relative import (
    RELATIVE_WORDS,
    own_direction,
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


@pytest.fixture
def burglary(analysis_2023: Analysis) -> Finding:
    return analysis_2023.findings["residential_burglary", "GM0981"]


@pytest.mark.parametrize(("own", "relative"), product(TESTED, TESTED))
def test_every_pair_of_tested_words_has_a_rule(own: TrendWord, relative: TrendWord) -> None:
    assert relative_word(own, relative) is not None
    for plural in (False, True):
        clause = relative_clause(own, relative, plural=plural)
        assert "vergelijkbare gemeenten" in clause
        assert "{" not in clause


@pytest.mark.parametrize("word", sorted(UNTESTED))
def test_a_series_that_was_not_tested_is_not_compared(word: TrendWord, burglary: Finding) -> None:
    assert relative_word(word, TrendWord.DECREASE) is None
    assert relative_word(TrendWord.DECREASE, word) is None
    assert say_relative(_with(burglary, TrendWord.DECREASE, word)) == ""


def test_no_two_rules_say_the_same_of_different_directions() -> None:
    of_each = {(own_direction(w), relative_direction(v)): (w, v) for w, v in product(TESTED, TESTED)}
    assert set(of_each) == set(RELATIVE_WORDS)
    clauses = [relative_clause(own, relative, plural=False) for own, relative in of_each.values()]
    assert len(set(clauses)) == len(clauses)


def test_a_smaller_fall_than_elsewhere_is_said_whole(burglary: Finding) -> None:
    finding = _with(
        burglary, TrendWord.DECREASE, TrendWord.SLIGHT_INCREASE, change=0.021, lower=0.004, upper=0.038
    )
    assert say_relative(finding) == (
        "De geregistreerde woningcriminaliteit in Vaals daalt, maar minder dan bij vergelijkbare gemeenten "
        "(2016–2023, verschil +2,1% per jaar; 95%-marge +0,4% tot +3,8%)."
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
