"""The trend without the corona years and with known breaks stands beside the headline; a flip is named."""

from dataclasses import replace

from ivp_analysis.methods.mann_kendall import MannKendall
from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.page.cells import Missing
from ivp_analysis.report.picture.second_look_table import (
    say_second_looks,
    say_second_opinion,
    tabulate_second_looks,
)


def test_the_headline_keeps_all_years_and_the_other_leaves_out_2020_and_2021(analysis_2023: Analysis) -> None:
    look = analysis_2023.second_looks["crime_total", "GM0981"]
    assert look.covid_years == (2020, 2021)
    assert look.headline == analysis_2023.findings["crime_total", "GM0981"].trend
    assert look.headline.n_years == 8
    assert look.without_covid is not None
    assert (look.without_covid.first_year, look.without_covid.n_years) == (2016, 6)


def test_only_breaks_inside_the_window_count(analysis_2023: Analysis) -> None:
    breaks = [b.id for b in analysis_2023.second_looks["crime_total", "GM0981"].breaks]
    # The break of 1 January 2016 stands before the first year of 2016-2023: all years lie after it.
    assert breaks == ["digid-2017", "concurrence-2018"]
    youth = analysis_2023.second_looks["nuisance_youth", "GM0981"]
    assert (youth.breaks, youth.with_breaks) == ((), None)


def test_a_break_takes_what_it_explains_out_of_the_trend(analysis_2023: Analysis) -> None:
    look = analysis_2023.second_looks["confused_person", analysis_2023.region.code]
    assert look.with_breaks is not None
    assert look.with_breaks.se > look.headline.se


def test_a_flip_is_another_direction_and_is_named(analysis_2023: Analysis) -> None:
    finding = analysis_2023.findings["crime_total", "GM0981"]
    look = analysis_2023.second_looks["crime_total", "GM0981"]
    assert look.without_covid is not None
    milder = replace(
        look,
        headline=replace(look.headline, word=TrendWord.STRONG_DECREASE),
        without_covid=replace(look.without_covid, word=TrendWord.SLIGHT_DECREASE),
    )
    assert not milder.covid_flips
    turned = replace(milder, without_covid=replace(look.without_covid, word=TrendWord.STABLE))
    assert turned.covid_flips
    untested = replace(milder, without_covid=replace(look.without_covid, word=TrendWord.TOO_FEW_YEARS))
    assert not untested.covid_flips
    said = say_second_looks([finding], analysis_2023)
    assert bool(said) == (look.covid_flips or look.breaks_flip)


def test_every_flip_on_the_page_is_marked_and_said(analysis_2023: Analysis) -> None:
    for area in analysis_2023.areas:
        findings = analysis_2023.findings_of(area)
        table = tabulate_second_looks(findings, analysis_2023, caption="x", id="x")
        marked = 0
        for row in table.rows:
            cells = [row["covid"], row["breaks"]]
            marked += any(not isinstance(c, Missing) and c.detail.startswith("ander beeld") for c in cells)
        said = say_second_looks(findings, analysis_2023)
        assert len(said) == marked
        assert all(area.in_words in sentence and ", maar " in sentence for sentence in said)


def test_the_second_opinion_in_words() -> None:
    rules = {"confidence": 0.95, "per": 1000.0}
    fall = MannKendall(-20, 65, -0.7, -2.4, 0.016, -0.0012, -0.002, -0.0003)
    assert say_second_opinion(fall, **rules) == "daling (−1,20 per jaar; p\xa0=\xa00,02)"
    assert say_second_opinion(replace(fall, p=0.001), **rules) == "daling (−1,20 per jaar; p\xa0<\xa00,01)"
    unsure = say_second_opinion(replace(fall, p=0.2), **rules)
    assert unsure == "geen zekere richting (−1,20 per jaar; p\xa0=\xa00,20)"
    assert isinstance(say_second_opinion(None, **rules), Missing)
