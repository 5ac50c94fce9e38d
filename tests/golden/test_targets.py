"""Target arithmetic against R: what can be seen, and how far along."""

import pytest
from forecast_rules import PROJECTION, TARGETS

from ivp_analysis.methods.detectability import assess_detectability
from ivp_analysis.methods.progress import Milestones, measure_progress


def test_plan_targets_detectability(vector):
    v = vector("plan_targets_detectability")
    found = [
        assess_detectability(base, goal, years=5, detectable_p=TARGETS.detectable_p, half=PROJECTION.half)
        for base, goal in zip(v["inputs"]["base_2018"], v["inputs"]["target_2023"], strict=True)
    ]
    expected, tolerance = v["outputs"], v["rel_tol"]
    assert [100 * d.change for d in found] == pytest.approx(expected["pct"], rel=tolerance)
    assert [100 * d.yearly_change for d in found] == pytest.approx(expected["cagr"], rel=tolerance)
    assert [d.p_exact for d in found] == pytest.approx(expected["p_exact_base_vs_target"], rel=tolerance)
    assert [d.z for d in found] == pytest.approx(expected["wheeler_z"], rel=tolerance)
    assert [d.largest_visible for d in found] == expected["max_significant_count"]
    known, predictive = expected["p_meet_no_change_rate_known"], expected["p_meet_no_change_predictive"]
    assert [d.p_unchanged_known for d in found] == pytest.approx(known, rel=tolerance)
    assert [d.p_unchanged for d in found] == pytest.approx(predictive, rel=tolerance)
    # Four of the plan's targets cannot be told from chance even if exactly met.
    assert [d.is_visible for d in found] == [True, True, False, True, False, False, False, True]


def test_target_progress_arithmetic(vector):
    v = vector("target_progress_arithmetic")
    given, expected, tolerance = v["inputs"], v["outputs"], v["rel_tol"]
    milestones = Milestones(given["baseline"], given["baseline_year"], given["target"], given["target_year"])
    found = measure_progress(milestones, latest=given["latest"], latest_year=given["latest_year"])
    pairs = {
        "pct_targeted_change": 100 * found.share_of_change,
        "pct_change_from_baseline": 100 * found.change,
        "required_cagr": 100 * found.required_yearly,
        "actual_cagr": 100 * found.actual_yearly,
        "ratio_actual_required": found.ratio,
        "required_cagr_from_now": 100 * found.required_from_now,
        "linear_path_2021": found.path,
        "loglinear_path_2021": found.growth_path,
    }
    assert pairs == pytest.approx(expected, rel=tolerance)
