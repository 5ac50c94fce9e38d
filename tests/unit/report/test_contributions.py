"""Which municipality and which part make the change: the parts add up exactly, and it is told how they can differ."""

from ivp_analysis.methods.contribution import attribute_change
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.picture.contributions import (
    attribute_to_areas,
    attribute_to_parts,
    say_contributions,
)


def test_contributions_sum_exactly_to_the_change_of_the_region(analysis_2023: Analysis) -> None:
    region = analysis_2023.region.code
    tested = 0
    for indicator in analysis_2023.series:
        finding = analysis_2023.findings[indicator, region]
        for found in (
            attribute_to_areas(analysis_2023, indicator, 2018, 2023),
            attribute_to_parts(analysis_2023, indicator, 2018, 2023),
        ):
            if found is None:
                continue
            assert sum(item.change for item in found.items) == found.change
            assert found.change == finding.count_in(2023) - finding.count_in(2018)
            tested += 1
    assert tested > 20


def test_a_municipality_can_rise_while_the_region_falls() -> None:
    found = attribute_change([100, 50, 30], [60, 45, 42], labels=["A", "B", "C"])
    assert say_contributions(found, label="HIC", first=2018, last=2023, items="gemeenten") == (
        "HIC: 180 in 2018 en 147 in 2023, een daling van 33. "
        "Daartegen in ging het bij C (+12); de andere gemeenten veranderden samen −45, en dat woog zwaarder."
    )


def test_nobody_against_and_nothing_changed_are_said() -> None:
    along = attribute_change([10, 20], [15, 20], labels=["A", "B"])
    assert say_contributions(along, label="HIC", first=2018, last=2023, items="gemeenten") == (
        "HIC: 30 in 2018 en 35 in 2023, een stijging van 5. Geen van de gemeenten ging tegen die stijging in."
    )
    even = attribute_change([10, 20], [15, 15], labels=["A", "B"])
    assert say_contributions(even, label="HIC", first=2018, last=2023, items="gemeenten") == (
        "HIC: 30 in 2018 en 30 in 2023; het totaal bleef gelijk: A (+5) en B (−5) heffen elkaar op."
    )
