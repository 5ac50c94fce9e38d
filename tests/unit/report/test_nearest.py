"""Which municipalities are fetched beside those of the plan."""

import numpy as np
import pandas as pd

from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.nearest import nearest_of


def test_the_nearest_in_size_come_once_and_never_from_the_plan(registry: Registry) -> None:
    plan = registry.plans["ivp-heuvelland-2020-2023"]
    others = ["GM0003", "GM0010", "GM0014", "GM0024"]
    figures = pd.DataFrame(
        {"population": [20000.0] * 5 + [19000, 21000, 500000, np.nan], "unknown": 1.0},
        index=[*plan.areas, *others],
    )
    assert sorted(nearest_of(plan, 2)(figures)) == ["GM0003", "GM0010"]
    assert sorted(nearest_of(plan, 3)(figures)) == ["GM0003", "GM0010", "GM0014"]
