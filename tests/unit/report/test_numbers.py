"""Dutch numbers and dates, as the Taalunie and Statistics Netherlands write them."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivp_analysis.errors import InputError, ReportError
from ivp_analysis.report.page import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (7, "7"), (999, "999"), (1656, "1.656"), (17_942_942, "17.942.942"), (-12, "−12"), (2.5, "3")],
)
def test_counts_have_a_full_stop_per_thousand(value: float, text: str) -> None:
    assert numbers.count(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (12.34, 1, "12,3"),
        (0.285, 2, "0,29"),  # in binary just below; people round up
        (1656.0, 2, "1.656,00"),
        (-0.04, 1, "0,0"),
        (-1656.25, 1, "−1.656,3"),
        (np.float64(3.84), 1, "3,8"),
    ],
)
def test_decimals_have_a_comma_and_round_half_up(value: float, digits: int, text: str) -> None:
    assert numbers.decimal(value, digits) == text


def test_percent_stands_against_the_figure() -> None:
    assert numbers.percent(0.123, 1) == "12,3%"
    assert numbers.percent(0.285) == "29%"
    assert numbers.percent(0.0854, 1, signed=True) == "+8,5%"
    assert numbers.percent(-0.0854, 1, signed=True) == "−8,5%"
    assert numbers.percent(0.0001, 1, signed=True) == "0,0%"


def test_changes_carry_their_sign() -> None:
    assert [numbers.signed(change) for change in (12, -12, 0, -0.3)] == ["+12", "−12", "0", "0"]
    assert numbers.signed(1.25, 1) == "+1,3"


def test_ranges_stay_readable_with_negative_ends() -> None:
    assert numbers.interval(10.2, 12.5) == "10,2–12,5"
    assert numbers.interval(-3.1, 2) == "−3,1 tot 2,0"
    assert numbers.percent_interval(0.102, 0.125) == "10,2–12,5%"
    assert numbers.percent_interval(-0.031, 0.02, signed=True) == "−3,1% tot +2,0%"
    assert numbers.years(2016, 2023) == "2016–2023"
    assert numbers.years(2016, 2016) == "2016"


def test_rate_names_its_unit() -> None:
    assert numbers.rate(12.34) == "12,3 per 1.000 inwoners"
    assert numbers.rate(3.0, "per 1.000 woningen", 0) == "3 per 1.000 woningen"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0, "kleiner dan 1 op 20"),
        (0.049, "kleiner dan 1 op 20"),
        (0.05, "ongeveer 1 op 10"),
        (0.3, "ongeveer 3 op 10"),
        (0.65, "ongeveer 7 op 10"),
        (0.95, "ongeveer 9 op 10"),
        (0.96, "groter dan 19 op 20"),
        (1, "groter dan 19 op 20"),
    ],
)
def test_chances_as_people_say_them(probability: float, text: str) -> None:
    assert numbers.chance(probability) == text


@pytest.mark.parametrize("wrong", [-0.01, 1.01, math.inf])
def test_what_is_no_chance_is_refused(wrong: float) -> None:
    with pytest.raises(ReportError):
        numbers.chance(wrong)


def test_figures_said_aloud_have_two_digits() -> None:
    texts = ["38", "ongeveer 120", "ongeveer 1.700", "ongeveer 120.000", "ongeveer −1.700"]
    assert [numbers.about(v) for v in (38, 123, 1656, 123_456, -1656)] == texts


def test_dates_and_months_in_dutch_whatever_the_machine_speaks() -> None:
    assert numbers.day(date(2026, 11, 23)) == "23 november 2026"
    assert numbers.day(date(2024, 3, 1)) == "1 maart 2024"
    assert numbers.period("2024-03") == "maart 2024"
    assert numbers.period("2018") == "2018"
    with pytest.raises(InputError):
        numbers.period("2018KW01")


@pytest.mark.parametrize("absent", [None, math.nan, pd.NA, pd.NaT, np.float64("nan")])
def test_what_is_missing_is_a_dash_in_every_form(absent: object) -> None:
    forms = (
        numbers.count,
        numbers.decimal,
        numbers.signed,
        numbers.percent,
        numbers.rate,
        numbers.chance,
        numbers.about,
    )
    assert {form(absent) for form in forms} == {"–"}
    assert numbers.interval(absent, 1) == numbers.percent_interval(0, absent) == "–"
    assert numbers.day(None) == numbers.period(None) == "–"
    assert numbers.plain(absent) == ""


@pytest.mark.parametrize("endless", [math.inf, -math.inf])
def test_infinity_is_refused_in_every_form(endless: float) -> None:
    for form in (
        numbers.count,
        numbers.decimal,
        numbers.signed,
        numbers.percent,
        numbers.rate,
        numbers.plain,
    ):
        with pytest.raises(ReportError, match="inf"):
            form(endless)


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_figure_reads_back_as_itself(thousandths: int, digits: int) -> None:
    value = thousandths / 1000
    text = numbers.decimal(value, digits)
    back = float(text.replace(".", "").replace(",", ".").replace("−", "-"))
    assert abs(back - value) <= 0.5 * 10**-digits + 1e-9
    assert back == float(numbers.plain(value, digits).replace(",", "."))
