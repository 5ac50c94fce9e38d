"""A municipality outside the plan: its own family of tests, and no word of the plan's changes by it."""

import math
from dataclasses import replace

import pytest

from ivp_analysis.errors import UsageError
from ivp_analysis.report.analysis.analysis import Analysis, open_analysis

GUEST = "GM0109"  # Coevorden, in the sample as one of the comparable municipalities


@pytest.fixture(scope="module")
def guest(analysis_2023: Analysis) -> Analysis:
    return analysis_2023.guest(GUEST)


def test_words_of_the_plan_stay_as_they_are(analysis_2023: Analysis, guest: Analysis) -> None:
    before = repr(analysis_2023.findings)
    assert {code for _, code in guest.findings} == {GUEST}
    assert repr(replace(analysis_2023).findings) == before
    assert {code for _, code in analysis_2023.findings} == {area.code for area in analysis_2023.areas}


def test_a_guest_is_judged_as_a_plan_of_that_municipality_alone(
    analysis_2023: Analysis, guest: Analysis
) -> None:
    """Against an analysis of such a plan, made without any short cut; it has a region, which doubles each test."""
    alone = replace(analysis_2023, plan=guest.plan)
    assert guest.peers[GUEST].peers == alone.peers[GUEST].peers
    assert GUEST not in guest.peers[GUEST].peers
    for indicator in guest.series:
        ours, theirs = guest.findings[indicator, GUEST], alone.findings[indicator, GUEST]
        assert (ours.counts, ours.trend.word, ours.rate) == (theirs.counts, theirs.trend.word, theirs.rate)
        # Its region is the same series with wider margins: at most one more test for each of its own.
        if ours.trend.q is not None and theirs.trend.q is not None and not math.isnan(ours.trend.q):
            assert ours.trend.q <= theirs.trend.q * (1 + 1e-9)
            assert theirs.trend.q <= 2 * ours.trend.q * (1 + 1e-9)
        level, other = guest.benchmarks[indicator, GUEST], alone.benchmarks[indicator, GUEST]
        assert level.result.ratio == pytest.approx(other.result.ratio, nan_ok=True)


def test_a_guest_has_no_region_and_nothing_of_the_plan_s_text(guest: Analysis) -> None:
    assert [area.is_region for area in guest.areas] == [False]
    assert guest.region.name == "Coevorden"
    assert (guest.plan.title, guest.plan.targets, guest.plan.statements, guest.plan.aims) == ("", (), (), ())


def test_opened_by_its_code_and_refused_when_the_figures_do_not_hold_it(analysis_2023: Analysis) -> None:
    workspace = str(analysis_2023.workspace.root)
    assert open_analysis(workspace, "", 2023, GUEST).area(GUEST).name == "Coevorden"
    assert open_analysis(workspace, "", 2023, "GM0981").home is None
    with pytest.raises(
        UsageError, match="'GM9998' is not in ivp-heuvelland-2020-2023, and the figures hold no"
    ):
        open_analysis(workspace, "", 2023, "GM9998")
