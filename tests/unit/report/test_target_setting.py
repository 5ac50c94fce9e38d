"""Target setting on the sample, whose 2018 sums are the published baselines, and on what the plan itself says."""

from dataclasses import replace
from datetime import date

import pytest

from ivp_analysis.methods.candidates import Candidate
from ivp_analysis.methods.coherence import CoherenceWord
from ivp_analysis.methods.targets import ChanceWord
from ivp_analysis.registry.records import Amendment
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.targets.setting import (
    Setting,
    assess_nestings,
    assess_open_indicator,
    assess_setting,
    next_target_year,
    target_area,
    target_in_force,
)
from ivp_analysis.report.targets.tables import tabulate_options
from ivp_analysis.report.targets.wording import say_amendments, say_nesting, say_setting, summarise_targets
from ivp_analysis.report.targets.words import CHANCE_WORDS, NOT_BEYOND_CHANCE


@pytest.fixture(scope="module")
def outlook(analysis_2023: Analysis) -> Outlook:
    return Outlook(analysis_2023)


@pytest.fixture(scope="module")
def base(analysis_2023: Analysis, outlook: Outlook) -> dict[str, Setting]:
    found = {t.id: assess_setting(outlook, t, 2018) for t in analysis_2023.plan.targets}
    return {target: setting for target, setting in found.items() if setting is not None}


def _target(analysis: Analysis, name: str):
    return next(t for t in analysis.plan.targets if t.id == name)


def test_chance_words_are_those_of_the_method() -> None:
    assert CHANCE_WORDS == {
        ChanceWord.LARGE: "kans groot",
        ChanceWord.ABOUT_HALF: "kans ongeveer half",
        ChanceWord.SMALL: "kans klein",
        ChanceWord.VERY_SMALL: "kans zeer klein",
    }


def test_four_of_the_eight_targets_cannot_be_told_from_chance(base: dict[str, Setting]) -> None:
    """The exact tests of the plan's own numbers: .12, .17, .22 and .19 (R, poisson.test)."""
    hidden = {name for name, s in base.items() if s.chosen is not None and not s.chosen.is_beyond_chance}
    assert hidden == {"neighbour_dispute", "residential_burglary", "vehicle_theft", "bicycle_theft"}
    assert len(base) == 8


def test_baselines_are_the_published_ones(base: dict[str, Setting]) -> None:
    published = [498, 1656, 233, 247, 309, 358, 207, 188]
    assert [s.baseline.count for s in base.values()] == published
    assert {s.baseline.year for s in base.values()} == {2018}


def test_five_candidates_and_the_plan_s_own_value(base: dict[str, Setting]) -> None:
    setting = base["hic"]
    assert [o.candidate for o in setting.options] == [*Candidate, None]
    ambition = setting.option(Candidate.AMBITION)
    assert ambition.assessment is not None
    assert setting.chosen is not None
    assert ambition.assessment.target == setting.chosen.target == 400
    keep = setting.option(Candidate.KEEP)
    assert keep.assessment is not None
    assert keep.assessment.target == 498
    values = {o.candidate: o.assessment.p_met for o in setting.options if o.assessment}
    assert values[Candidate.KEEP] > values[Candidate.VISIBLE] > values[Candidate.AMBITION]


def test_a_delivery_without_peers_has_no_benchmark(analysis_2023: Analysis, base: dict[str, Setting]) -> None:
    setting = base["neighbour_dispute"]
    assert setting.peer_rates is None
    assert setting.option(Candidate.BENCHMARK).assessment is None
    said = " ".join(say_setting(setting, analysis_2023))
    assert "geen cijfers van vergelijkbare gemeenten" in said


def test_after_the_target_year_the_next_plan_is_set(analysis_2023: Analysis, outlook: Outlook) -> None:
    setting = assess_setting(outlook, _target(analysis_2023, "hic"), 2023)
    assert setting is not None
    assert setting.chosen is None
    assert setting.target_year == 2027
    assert setting.baseline.year == 2023
    ambition = setting.option(Candidate.AMBITION).assessment
    assert ambition is not None
    assert ambition.target == int(setting.baseline.count * 400 / 498)


@pytest.mark.parametrize(("origin", "expected"), [(2018, 2023), (2022, 2023), (2023, 2027), (2027, 2031)])
def test_the_next_plan_is_as_long_as_this_one(analysis_2023: Analysis, origin: int, expected: int) -> None:
    assert next_target_year(analysis_2023.plan, origin) == expected


def test_nested_targets_ask_of_the_rest_what_the_plan_s_numbers_say(analysis_2023: Analysis) -> None:
    hic, nuisance = assess_nestings(analysis_2023)
    assert (hic.coherence.rest.baseline, hic.coherence.rest.target) == (189, 125)
    assert hic.coherence.word == CoherenceWord.REST_HARDER
    assert "van 189 naar 125 (−34%)" in say_nesting(hic)[0]
    assert nuisance.coherence.asked == 171
    assert nuisance.with_possible is not None
    assert nuisance.with_possible.asked == 138
    assert "nog 138 minder; zo nee, 171" in " ".join(say_nesting(nuisance))


def test_an_amended_target_keeps_both_values_with_their_dates(analysis_2023: Analysis) -> None:
    decision = Amendment(date(2021, 6, 3), 420, 2024, "raadsbesluit 12")
    target = replace(_target(analysis_2023, "hic"), amendments=(decision,))
    assert target_in_force(target, 2020) == (400, 2023)
    assert target_in_force(target, 2021) == (420, 2024)
    (said,) = say_amendments(target)
    for expected in ("hoogstens 400 in 2023", "3 juni 2021", "hoogstens 420 in 2024", "raadsbesluit 12"):
        assert expected in said


def test_a_target_is_of_the_region_or_of_one_municipality(analysis_2023: Analysis) -> None:
    assert target_area(analysis_2023, _target(analysis_2023, "hic")).is_region
    assert target_area(analysis_2023, _target(analysis_2023, "unsafe_nightlife")).code == "GM0994"


def test_sentences_say_the_chance_as_people_do_and_what_it_rests_on(
    analysis_2023: Analysis, base: dict[str, Setting]
) -> None:
    said = " ".join(say_setting(base["hic"], analysis_2023))
    assert "de kans dat het doel wordt gehaald ongeveer 2 op 10 (kans klein)" in said
    assert "met 80% kans tussen" in said
    hidden = " ".join(say_setting(base["bicycle_theft"], analysis_2023))
    assert f"Ook precies gehaald is het doel {NOT_BEYOND_CHANCE}." in hidden


def test_the_usual_swing_of_years_hides_more_than_a_bare_count(
    analysis_2023: Analysis, base: dict[str, Setting]
) -> None:
    judged = [s.chosen for s in base.values() if s.chosen is not None]
    hidden = sum(not c.is_beyond_scatter for c in judged)
    assert 4 <= hidden <= 8
    assert all(c.is_beyond_chance for c in judged if c.is_beyond_scatter)
    said = summarise_targets(analysis_2023, list(base.values()), [], [])
    assert any("volgens een kale telling 4 van de 8" in one and f"dat er {hidden}." in one for one in said)


def test_sentences_are_short(analysis_2023: Analysis, base: dict[str, Setting]) -> None:
    text = " ".join(s for setting in base.values() for s in say_setting(setting, analysis_2023))
    sentences = [s for s in text.replace("; ", ". ").split(". ") if s]
    assert sum(len(s.split()) for s in sentences) / len(sentences) <= 20


def test_small_counts_carry_no_percentage(analysis_2023: Analysis, outlook: Outlook) -> None:
    setting = assess_open_indicator(outlook, "neighbour_noise_crime", 2023)
    assert setting is not None
    assert setting.baseline.count < 20
    cells = tabulate_options(setting, analysis_2023).rows
    assert all(type(row["yearly"]).__name__ == "Missing" for row in cells)
