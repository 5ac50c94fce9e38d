"""The accountability report: every reason, constant and baseline in Dutch, nothing left out."""

import pytest

from ivp_analysis.data.reconcile import reconcile_baselines
from ivp_analysis.data.tidy import Drop
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.skill import Calibration
from ivp_analysis.methods.stillness import measure_stillness
from ivp_analysis.registry import Registry
from ivp_analysis.report.accountability.baseline_tables import tabulate_baselines
from ivp_analysis.report.accountability.tables import (
    DROPS,
    GROUPS,
    say_gaps,
    tabulate_breaks,
    tabulate_constants,
    tabulate_coverage,
    tabulate_drops,
    tabulate_excluded,
    tabulate_missing,
)
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.forecast.certainty import say_chance_alone, say_stillness, say_track_record
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.forecast.skill_cards import CALIBRATION_WORDS, FORECASTER_NAMES, SkillBook
from ivp_analysis.report.page import numbers


def test_how_far_off_a_chance_is_without_any_change_stands_on_the_page(analysis_2023: Analysis) -> None:
    outlook = Outlook(analysis_2023)
    found = measure_stillness(outlook.rules, years=10, ahead=5, ratio=0.9)
    said = " ".join(say_stillness(outlook))
    assert f"door toeval wordt dan {numbers.percent(found.true)}" in said.lower()
    assert f"gemiddeld {numbers.percent(found.said)} kans" in said


def test_every_reason_to_drop_a_row_has_dutch_words() -> None:
    assert set(DROPS) == {str(drop) for drop in Drop}
    assert len(set(DROPS.values())) == len(DROPS)


def test_every_forecaster_and_calibration_has_a_name() -> None:
    assert set(FORECASTER_NAMES) == set(Forecaster)
    assert set(CALIBRATION_WORDS) == set(Calibration)
    assert CALIBRATION_WORDS[Calibration.NOT_ESTABLISHED] == "kalibratie nog niet vast te stellen"


def test_all_constants_with_value_unit_and_ground(registry: Registry) -> None:
    constants = list(registry.method.constants.values())
    table = tabulate_constants(constants)
    assert len(table.rows) == len(constants)
    assert all(row["label"] and row["unit"] and row["ground"] for row in table.rows)
    shown = {row["label"]: row["value"] for row in table.rows}
    assert shown["Kans vanaf waar 'kans groot' staat"] == "0,65"
    groups = {c.id.partition(".")[0] for c in constants}
    assert groups <= set(GROUPS)


def test_rows_read_are_rows_kept_and_dropped(analysis_2023: Analysis) -> None:
    covered, dropped = tabulate_coverage(analysis_2023), tabulate_drops(analysis_2023)
    for row in covered.rows:
        gone = sum(d["count"] for d in dropped.rows if d["source"] == row["source"])
        assert row["read"] == row["kept"] + gone
    assert "unsafe_nightlife" not in " ".join(say_gaps(analysis_2023))


def test_what_is_empty_or_left_out_is_named(analysis_2023: Analysis) -> None:
    """The sample holds a merger (Nuth, Onderbanken and Schinnen) and a month without figures in Vaals."""
    dropped = {row["reason"]: str(row["which"]) for row in tabulate_drops(analysis_2023).rows}
    merged = dropped[DROPS[Drop.MERGED]]
    assert merged == "Onderbanken 2012–2018, Nuth 2012–2018 en Schinnen 2012–2018"
    (empty,) = tabulate_missing(analysis_2023).rows
    assert str(empty["areas"]).startswith("Vaals, ")
    assert str(empty["areas"]).endswith(" andere")
    assert str(empty["periods"]).startswith("augustus 2015, ")


def test_who_is_not_compared_is_told_with_the_division(analysis_2023: Analysis) -> None:
    rows = {row["area"]: row for row in tabulate_excluded(analysis_2023).rows}
    assert rows["Vught"]["why"] == "kreeg een deel van Haaren"
    assert str(rows["Haaren"]["why"]).startswith("opgeheven en verdeeld over ")


def test_each_baseline_stands_once_and_the_other_readings_below(analysis_2023: Analysis) -> None:
    found = reconcile_baselines(analysis_2023.build, analysis_2023.registry, analysis_2023.plan)
    main = tabulate_baselines(found, analysis_2023)
    others = tabulate_baselines(found, analysis_2023, others=True)
    assert len(main.rows) == 9
    assert len(main.rows) + len(others.rows) == len(found)
    assert {row["verdict"].word for row in main.rows} == {"komt overeen"}


def test_breaks_say_what_they_do(registry: Registry) -> None:
    table = tabulate_breaks(list(registry.breaks.values()))
    assert len(table.rows) == len(registry.breaks)
    assert all(row["effect"] for row in table.rows)


def test_chance_alone_is_told_with_exact_limits(analysis_2023: Analysis) -> None:
    """Garwood's limits of 10 are 4.795 and 18.39, of 100 81.36 and 121.63 (Ulm 1990; R, poisson.test)."""
    said = say_chance_alone(analysis_2023)
    assert "Bij 10 per jaar past een werkelijk niveau van 5 tot 18 (95%-marge)." in said
    assert "Bij 100 per jaar past een werkelijk niveau van 82 tot 121 (95%-marge)." in said


def test_without_a_test_the_page_says_so(analysis_2023: Analysis) -> None:
    book = SkillBook(Outlook(analysis_2023))
    book.__dict__["tests"] = {}
    (said,) = say_track_record(book.outlook, book)
    assert "te weinig jaren" in said


@pytest.mark.parametrize("group", ["trend", "projection", "targets", "progress", "backtest"])
def test_groups_have_headings(group: str) -> None:
    assert GROUPS[group][0].isupper()
