"""A correction replaces what it expects, and stops the build when the source no longer says that."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ivp_analysis.data.corrections import apply_corrections, corrections_for
from ivp_analysis.data.tidy import as_category, statuses
from ivp_analysis.errors import BuildError
from ivp_analysis.registry.records import Correction


def correction(
    expect: int | None = 999, value: int | None = 9, *, only_simulated: bool = False
) -> Correction:
    return Correction(
        id="valkenburg-2016-05", source="politie-47013", area_code="GM0994", code="2.5.2", period="2016-05",
        expect=expect, value=value, reason="r", reference="r", author="a", decided_on=date(2025, 1, 1),
        only_simulated=only_simulated,
    )  # fmt: skip


def figures(count: int | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": as_category(["GM0994", "GM0994"]),
            "code": as_category(["2.5.2", "2.5.2"]),
            "period": as_category(["2016-05", "2016-06"]),
            "count": pd.array([count, 7], dtype="Int32"),
            "status": statuses(np.array([3 if count is None else 0, 0])),
        }
    )


def test_the_expected_figure_is_replaced_and_marked() -> None:
    given = figures(999)
    frame, used, _ = apply_corrections(given, [correction()])
    assert frame[["count", "status"]].values.tolist() == [[9, "estimated"], [7, "exact"]]
    assert used == ["valkenburg-2016-05"]
    assert given["count"].tolist() == [999, 7], "the figures as read stay as they are"


def test_a_gap_may_be_filled_and_a_figure_may_become_a_gap() -> None:
    filled, _, _ = apply_corrections(figures(None), [correction(None, 8)])
    emptied, _, _ = apply_corrections(figures(999), [correction(999, None)])
    assert filled["count"].iloc[0] == 8
    assert pd.isna(emptied["count"].iloc[0])
    assert emptied["status"].iloc[0] == "missing"


def test_a_healed_source_stops_the_build_and_says_so() -> None:
    with pytest.raises(BuildError, match="healed") as caught:
        apply_corrections(figures(9), [correction()])
    assert "valkenburg-2016-05" in caught.value.where
    assert caught.value.todo == "remove the correction"


def test_any_other_figure_stops_it_too() -> None:
    with pytest.raises(BuildError, match=r"says 12 .* expects 999"):
        apply_corrections(figures(12), [correction()])
    with pytest.raises(BuildError, match="says nothing"):
        apply_corrections(figures(None), [correction()])


def test_older_vintages_may_say_either() -> None:
    frame, used, held = apply_corrections(figures(9), [correction()], newer=["valkenburg-2016-05"])
    assert (frame["count"].tolist(), used, held) == ([9, 7], [], ["valkenburg-2016-05"])


def test_a_figure_found_right_keeps_its_status() -> None:
    frame, used, _ = apply_corrections(figures(999), [correction(999, 999)])
    assert (frame["status"].tolist(), used) == (["exact", "exact"], ["valkenburg-2016-05"])


def test_a_cell_that_is_not_in_the_selection_is_left_alone() -> None:
    assert apply_corrections(figures(999).iloc[1:], [correction()])[1:] == ([], [])


def test_the_sample_has_its_own_corrections() -> None:
    both = [correction(only_simulated=True), correction(5, 6)]
    assert corrections_for(both, "politie-47013", simulated=True) == both[:1]
    assert corrections_for(both, "politie-47013", simulated=False) == both[1:]
    assert corrections_for(both, "politie-47021", simulated=False) == []
