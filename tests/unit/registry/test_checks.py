"""A reference that leads nowhere, or a record that cannot be, is one error with file, record and field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry import load_registry

PLAN = "plans/ivp-heuvelland-2020-2023.toml"

# old text, new text, record and field of the error, what the message says
# fmt: off
INDICATORS = [
    ('id = "1.2"\nfield = "1"', 'id = "1.2"\nfield = "9"', "theme 1.2, field field", "field '9' does not"),
    ('field = "1"\ntheme = "1.3"', 'field = "6"\ntheme = "1.3"',
     "indicator hic, field field", "field '6' does not"),
    ('theme = "1.3"', 'theme = "1.9"', "indicator hic, field theme", "did you mean"),
    ('theme = "1.3"', 'theme = "2.1"', "indicator hic, field theme", "part of field '2'"),
    ('caveats = ["hic_definition"]', 'caveats = ["hic"]', "indicator hic, field caveats", "hic_definition"),
    ('part_of = ["crime_total"]', 'part_of = ["crime"]', "indicator hic, field part_of", "'crime' does not"),
    ('part_of = ["crime_total"]', 'part_of = ["violence"]', "indicator hic, field part_of", "part of itself"),
    ('"1.4.7",', '"1.4.8",', "indicator hic, field recipes, item 2, field codes", "did you mean '1.4.7'"),
    ('"1.4.7",', '"1.4.7|aangifte",', "indicator hic, field recipes, item 2, field codes", "'aangiften'"),
    ('"1.4.7",', '"1.4.6",',
     "indicator hic, field recipes, item 2, field codes", "'1.4.6' stands there twice"),
    ('"politie-47013"', '"politie-47014"',
     "indicator hic, field recipes, item 2, field source", "politie-47013"),
    ("indicator.alternatives", "indicator.recipes", "indicator hic, field recipes", "two recipes"),
    ('polarity = "lower"', 'polarity = "low"', "indicator hic, field polarity", "did you mean 'lower'"),
    ("2027-11-01", "2025-11-01", "indicator hic, field review_due", "lies before"),
    ('"collegiale toets"', '"projectteam veiligheidsanalyse"', "indicator hic, field checker", "author"),
    ('id = "nuisance_total"', 'id = "hic"', "indicator hic, field id", "occurs twice"),
    ("polarity_reason = ", "# ", "nuisance_drugs_alcohol, field polarity_reason", "without a reason"),
    ('unit = "misdrijven"', 'units = "misdrijven"', "indicator hic", "did you mean 'unit'"),
]
SOURCES = [
    ('total_code = "0.0.0"', 'total_code = "0.0"',
     "source politie-47013, field total_code", "'0.0' does not"),
    ('"3.2.2", "3.7.3"]', '"3.2.9"]', "source politie-47013, field yearly_only", "'3.2.9' does not"),
    ('["year", "month"]', '["years"]', "source politie-47013, field frequencies", "did you mean 'year'"),
    ('"internetaangiften"', '"aangiften"', "source politie-47013, field measures", "same suffix"),
    ('code_column = "SoortMisdrijf"\n', "", "source politie-47013", "field code_column is missing"),
    ("rounding = 5", "rounding = 0", "source cbs-83648, field rounding", "below 1"),
    ('reader = "odata"', 'reader = "csv"', "source politie-47013, field reader", "write one of odata"),
]
CAVEATS = [
    ('["GM1903"', '["GM9903"', "caveat border, field areas", "'GM9903' does not"),
    ('["cbs-83648"', '["cbs-83649"', "caveat rounded_fives, field sources", "did you mean 'cbs-83648'"),
    ('id = "small_numbers"', 'id = "small_numbers"\nindicators = ["hik"]',
     "caveat small_numbers, field indicators", "'hic'"),
    ('id = "survey"', 'id = "survey"\nindicators = ["unsafe_nightlife"]',
     "caveat survey, field indicators", "already"),
    ("always = true", "", "caveat registration", "shown nowhere"),
]
BREAKS = [
    ('["politie-47013"', '["politie"', "horizontal-fraud-2016, field sources", "'politie' does not"),
    ('["crime_total"]', '["crime"]', "horizontal-fraud-2016, field indicators", "'crime' does not"),
    ('"2020-03"', '"2020-13"', "series_break covid-19, field first", "not a year or a month"),
    ('"2021-06"', '"2019-06"', "series_break covid-19, field last", "does not follow"),
    ('"2021-06"', '"2021"', "series_break covid-19, field last", "two years or two months"),
]
CORRECTIONS = [
    ('"politie-47013"', '"police"', "field source", "source 'police' does not exist"),
    ('"GM0994"', '"GM994"', "field area_code", "did you mean 'GM0994'"),
    ('code = "2.5.2"', 'code = "2.5.9"', "field code", "code of source politie-47013 '2.5.9'"),
    ('"2016-05"\n', '"mei 2016"\n', "field period", "not a year or a month"),
    ("value = 9\n", "value = -9\n", "field value", "value -9 is negative"),
    ("value = 9\n", "value = 999\n", "field value", "value and expect are both 999"),
    ("value = 9\n", 'value = "9"\n', "field value", "'9' is not a whole number"),
]
REPORTS = [
    ("gemeente-{slug}.html", "gemeente.html", "report municipality, field output", "per = 'area'"),
    ("{region_slug}.html", "{regio}.html", "report region, field output", "does not fit"),
    ("{region_slug}.html", "{region_slug.html", "report region, field output", "pair { and }"),
    ("{region_slug}.html", "{region_slug}.htm", "report region, field output", "ends with .html"),
    ('"region"\noutput = "{region_slug}', '"area"\noutput = "gemeente-{slug}',
     "report region, field output", "too"),
]
GLOSSARY = [
    ('words = ["breuk", "breuken"]', 'words = ["breuk", "Trend"]', "term series-break, field words", "term trend"),
]
PLANS = [
    ("[plan]", "[plans]", "2020-2023.toml", "did you mean 'plan'"),
    ('"GM0981",', '"GM9981",', "plan, field areas", "municipality 'GM9981' does not exist"),
    ('region_slug = "heuvelland"', 'region_slug = "Het Land"', "plan, field region_slug", "'het-land'"),
    ('region_slug = "heuvelland"', 'region_slug = "vaals"',
     "plan, field areas", "share the file name 'vaals'"),
    ('"RE10"', '"Limburg"', "plan, field police_region", "does not exist"),
    ("base_year = 2018", "base_year = 2028", "plan, field first_year", "in order"),
    ("base_year = 2018", "base_year = 2018\ntargets = []", "plan, field targets", "[[target]]"),
    ('indicator = "hic"', 'indicator = "hik"', "target hic, field indicator", "did you mean 'hic'"),
    ("target = 400", "target = -1", "target hic, field target", "impossible"),
    ("baseline = 0.27", "baseline = 27", "target unsafe_nightlife, field baseline", "fraction"),
    ("target_year = 2023", "target_year = 2018", "target hic, field target_year", "does not follow"),
    ('id = "nuisance_total"', 'id = "hic"', "target hic, field id", "occurs twice"),
    ('area = "heuvelland"', 'area = "GM0935"', "field area", "area of the plan 'GM0935' does not exist"),
    ('field = "1"', 'field = "7"', "field field", "field '7' does not exist"),
    ('["strong_decrease"', '["strong_decline"', "field expects", "did you mean 'strong_decrease'"),
    ('["higher", "much_higher"]', '["increase"]', "field expects", "level word 'increase'"),
    ('"violence"', '"geweld"', "field indicator", "indicator 'geweld' does not exist"),
    ("[2012, 2018]", "[2012, 2081]", "field window", "2081 cannot be meant"),
    ("untestable_because = ", "reading = ", "field untestable_because", "does not say why"),
    ('themes = ["1.1", "1.3"]', 'themes = ["1.1", "1.6"]',
     "objective-a, field themes", "'1.6' does not exist"),
]
# fmt: on
FILES = {
    "indicators.toml": INDICATORS,
    "sources.toml": SOURCES,
    "caveats.toml": CAVEATS,
    "series_breaks.toml": BREAKS,
    "corrections.toml": CORRECTIONS,
    "reports.toml": REPORTS,
    "glossary.toml": GLOSSARY,
    PLAN: PLANS,
}
FAULTS = [(file, *fault) for file, faults in FILES.items() for fault in faults]


@pytest.mark.parametrize(("file", "old", "new", "place", "says"), FAULTS)
def test_a_fault_names_file_record_and_field(
    folder: Path, edit: Callable[[str, str, str], None], file: str, old: str, new: str, place: str, says: str
) -> None:
    edit(file, old, new)
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    assert caught.value.where.startswith(Path(file).name)
    assert place in caught.value.where
    assert says in str(caught.value)
    assert caught.value.todo
