"""Checks on what a build is about to write: unique, possible, and no less than the build before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ivp_analysis.data.tidy import first_duplicate
from ivp_analysis.errors import BuildError

# The constants of the group `data`.
Rules = Mapping[str, Any]
LOOK = "look at the source; if the figure is wrong, add a correction to data/registry/corrections.toml"


def check_observations(frame: pd.DataFrame) -> None:
    """After combining: keys are unique, missing is not a number, nothing is impossible."""
    keys = [frame[key].array for key in ("source", "area_code", "code", "period")]
    if (row := first_duplicate(keys)) is not None:
        raise BuildError(f"{_label(frame, row)} occurs twice", todo="report this: it is our fault")
    gap = frame["status"].isin(["missing", "suppressed"])
    wrong = np.flatnonzero((gap != frame["count"].isna()).to_numpy())
    if wrong.size:
        raise BuildError(
            f"{_label(frame, wrong[0])} is both missing and a number", todo="report this: it is our fault"
        )
    negative = np.flatnonzero((frame["count"] < 0).fillna(False).to_numpy())
    if negative.size:
        raise BuildError(f"{_label(frame, negative[0])} is negative", todo=LOOK)


def check_outliers(
    frame: pd.DataFrame, rules: Rules, acknowledged: Sequence[tuple[str, str, str]] = ()
) -> None:
    """Yearly counts so far beyond their own series that they are typing errors, not crime.

    acknowledged: (area, code, period) that somebody saw.
    """
    yearly = frame[(frame["period"].str.len() == 4).to_numpy() & frame["count"].notna().to_numpy()]
    series = yearly.groupby(["source", "area_code", "code"], observed=True, sort=False)["count"]
    usual = series.transform("median").to_numpy(dtype=float)
    most = rules["outlier_factor"] * usual
    far = (usual >= rules["outlier_median"]) & (yearly["count"].to_numpy(dtype=float) > most)
    for row in np.flatnonzero(far):
        line = yearly.iloc[row]
        if (line["area_code"], line["code"], line["period"]) not in acknowledged:
            what = f"{_label(yearly, row)} is {line['count']}, where {usual[row]:.0f} is usual"
            raise BuildError(what, todo=LOOK)


def check_inhabitants(frame: pd.DataFrame, population: pd.DataFrame) -> None:
    """No municipality has more incidents in a year than inhabitants."""
    people = (
        population.dropna(subset="january_first").groupby("area_code", observed=True)["january_first"].max()
    )
    yearly = frame[(frame["period"].str.len() == 4).to_numpy()]
    limit = yearly["area_code"].astype("str").map(people.astype(float))
    over = np.flatnonzero(
        (yearly["count"].astype("Float64") > limit.astype("Float64")).fillna(False).to_numpy()
    )
    if over.size:
        row = int(over[0])
        said = yearly["count"].iloc[row]
        what = f"{_label(yearly, row)} is {said}, more than the {limit.iloc[row]:.0f} inhabitants"
        raise BuildError(what, todo=LOOK)


def check_population(frame: pd.DataFrame, rules: Rules) -> None:
    """Unique, positive, and no municipality becomes a multiple or a part of itself within a year."""
    double = frame[frame.duplicated(["area_code", "year"])]
    if len(double):
        raise BuildError(f"population of {tuple(double.iloc[0][['area_code', 'year']])} occurs twice")
    ordered = frame.dropna(subset="january_first").sort_values(["area_code", "year"])
    value = ordered["january_first"].astype(float)
    ratio = value / value.groupby(ordered["area_code"].astype("str")).shift()
    step = ordered["year"] - ordered.groupby(ordered["area_code"].astype("str"))["year"].shift()
    most = float(rules["population_jump"])
    wrong = ordered[(value <= 0) | ((step == 1) & ((ratio > most) | (ratio < 1 / most)))]
    if len(wrong):
        line = wrong.iloc[0]
        raise BuildError(
            f"population of {line['area_code']} on 1-1-{line['year']} is {line['january_first']}", todo=LOOK
        )


def _label(frame: pd.DataFrame, row: int | np.integer[Any]) -> str:
    line = frame.iloc[int(row)]
    return " / ".join(str(line[key]) for key in ("source", "area_code", "code", "period"))
