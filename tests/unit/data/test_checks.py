"""Checks on what is about to be written."""

from typing import Any

import pandas as pd
import pytest

from ivp_analysis.data.checks import check_inhabitants, check_observations, check_outliers, check_population
from ivp_analysis.data.coverage import check_coverage, missing_months, pack_years, unpack_years
from ivp_analysis.errors import BuildError

RULES = {"outlier_factor": 50, "outlier_median": 10, "population_jump": 2}


def observations(
    counts: list[int | None], *, area: str = "GM0938", status: str | None = None
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "area_code": area,
            "source": "politie-47021",
            "code": "E33",
            "period": [f"{2012 + i}" for i in range(len(counts))],
            "count": pd.array(counts, dtype="Int32"),
            "status": [status or ("missing" if c is None else "exact") for c in counts],
        }
    )
    return frame.astype(dict.fromkeys(["area_code", "source", "code", "period", "status"], "category"))


def people(values: list[int | None], area: str = "GM0938") -> pd.DataFrame:
    years = [2018 + i for i in range(len(values))]
    return pd.DataFrame({"area_code": area, "year": years, "january_first": pd.array(values, dtype="Int64")})


def test_a_sound_table_passes() -> None:
    frame = observations([10, None, 0, 12])
    check_observations(frame)
    check_outliers(frame, RULES)
    check_inhabitants(frame, people([100, 101]))


def test_a_key_that_occurs_twice_stops() -> None:
    twice = pd.concat([observations([10]), observations([11])], ignore_index=True)
    with pytest.raises(BuildError, match="politie-47021 / GM0938 / E33 / 2012 occurs twice"):
        check_observations(twice)


@pytest.mark.parametrize(("count", "status"), [(None, "exact"), (5, "missing"), (0, "suppressed")])
def test_missing_is_never_a_number(count: int | None, status: str) -> None:
    with pytest.raises(BuildError, match="both missing and a number"):
        check_observations(observations([count], status=status))


def test_a_negative_count_stops() -> None:
    with pytest.raises(BuildError, match="is negative"):
        check_observations(observations([-1]))


def test_fifty_times_the_usual_stops_unless_somebody_looked() -> None:
    frame = observations([20, 21, 22, 20, 1200])
    with pytest.raises(BuildError, match="2016 is 1200, where 21 is usual"):
        check_outliers(frame, RULES)
    check_outliers(frame, RULES, [("GM0938", "E33", "2016")])
    check_outliers(observations([20, 21, 22, 20, 900]), RULES)
    check_outliers(observations([0, 1, 2, 1, 90]), RULES)


def test_more_incidents_than_inhabitants_stops() -> None:
    with pytest.raises(BuildError, match="2013 is 150, more than the 101 inhabitants"):
        check_inhabitants(observations([10, 150]), people([100, 101]))
    check_inhabitants(observations([10, 150]), people([100, 101], area="GM0981"))


@pytest.mark.parametrize("values", [[18923, 0], [18923, 40000], [18923, 1892], [0]])
def test_a_population_that_jumps_stops(values: list[int | None]) -> None:
    with pytest.raises(BuildError, match="population of GM0938"):
        check_population(people(values), RULES)


def test_a_population_with_gaps_passes_and_a_double_year_stops() -> None:
    check_population(people([18923, None, 18661]), RULES)
    double = pd.concat([people([18923]), people([18923])], ignore_index=True)
    with pytest.raises(BuildError, match="occurs twice"):
        check_population(double, RULES)


def cover(areas: dict[str, str], codes: tuple[str, ...] = ("E33", "E35")) -> dict[str, Any]:
    return {"politie-47021": {"areas": areas, "codes": list(codes)}}


@pytest.mark.parametrize(
    ("new", "lost"),
    [
        (cover({"GM0938": "2012-2024"}), "1 areas .GM0981."),
        (cover({"GM0938": "2012-2024", "GM0981": "2013-2024"}), "1 areas with fewer years .GM0981 2012."),
        (cover({"GM0938": "2012-2024", "GM0981": "2012-2024"}, ("E33",)), "1 codes .E35."),
        ({}, "politie-47021 as a whole"),
    ],
)
def test_what_would_disappear_stops_unless_it_is_allowed(new: dict[str, Any], lost: str) -> None:
    old = cover({"GM0938": "2012-2024", "GM0981": "2012-2024"})
    with pytest.raises(BuildError, match=lost) as caught:
        check_coverage(new, old, allow_shrink=False)
    assert "--allow-shrink" in caught.value.todo
    assert len(check_coverage(new, old, allow_shrink=True)) == 1


def test_more_than_before_is_fine() -> None:
    old = cover({"GM0938": "2012-2023"})
    assert check_coverage(cover({"GM0938": "2012-2024", "GM0981": "2024"}), old, allow_shrink=False) == []


def test_years_are_packed_and_unpacked() -> None:
    assert pack_years([2015, 2010, 2011, 2012, 2012]) == "2010-2012 2015"
    assert unpack_years("2010-2012 2015") == {2010, 2011, 2012, 2015}
    assert (pack_years([]), unpack_years("")) == ("", set())


def test_a_month_that_nobody_has_is_named() -> None:
    assert missing_months(["2018", "2018-11", "2018-12", "2019-02", "2019-05"]) == [
        "2019-01",
        "2019-03",
        "2019-04",
    ]
    assert missing_months(["2018"]) == []
