"""What an analysis chooses and refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from ivp_analysis.data.build import build
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.series import IndicatorSeries
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.analysis.assess import open_panel
from ivp_analysis.report.analysis.rounding import rounding_variances

FIVE = {"GM1903": "Eijsden-Margraten", "GM1729": "Gulpen-Wittem", "GM0938": "Meerssen", "GM0981": "Vaals",
        "GM0994": "Valkenburg aan de Geul"}  # fmt: skip
YEARS = range(2015, 2022)


@pytest.fixture
def workspace(tmp_path: Path, registry: Registry) -> Workspace:
    """Thefts from homes of the five and a neighbour, as CBS publishes them, with their inhabitants."""
    place = init_workspace(tmp_path / "werkmap")
    places = {**FIVE, "GM0935": "Maastricht"}
    cells = [(gm, year) for gm in places for year in YEARS]
    theft, people = tmp_path / "theft.csv", tmp_path / "people.csv"
    head = "ID;GebruikVanGeweld;SoortDiefstal;RegioS;Perioden;TotaalGeregistreerdeDiefstallen_1\n"
    theft.write_text(
        head + "".join(f"{n};T001540;CRI1134;{gm};{y}JJ00;{40 + n % 5}\n" for n, (gm, y) in enumerate(cells)),
        encoding="utf-8",
    )
    ends = [YEARS[0] - 1, *YEARS]
    title = (
        '"Bevolking"\n""\n"";"";"";"Perioden"\n"Regio\'s";"Onderwerp";""'
        + "".join(f';"{y}"' for y in ends)
        + "\n"
    )
    topic = '"Bevolking aan het einde van de periode";"aantal"'
    sizes = [f';"{15_000 + 1_000 * n}"' for n in range(len(places))]
    lines = [
        f'"{name}";{topic}' + size * len(ends) for name, size in zip(places.values(), sizes, strict=True)
    ]
    people.write_text(title + "\n".join(lines) + '\n"Bron: CBS"\n', encoding="utf-8")
    import_file(place, registry, theft, "cbs-83651")
    import_file(place, registry, people, "cbs-37230")
    return place


def test_figures_the_police_delivered_for_the_plan_alone_come_first(
    workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    delivered = tmp_path / "politiecijfers.csv"
    rows = [
        f"{name};residential_burglary;{year};;{70 + n}"
        for n, name in enumerate(FIVE.values())
        for year in YEARS
    ]
    delivered.write_text("gemeente;indicator;jaar;maand;aantal\n" + "\n".join(rows) + "\n", encoding="utf-8")
    build(workspace, registry)
    without = analyse(workspace, registry, None, 2021).findings["residential_burglary", "GM0981"]
    assert without.source.id == "cbs-83651"
    import_file(workspace, registry, delivered, "police-figures")
    build(workspace, registry)
    finding = analyse(workspace, registry, None, 2021).findings["residential_burglary", "GM0981"]
    assert finding.source.id == "police-figures"
    assert finding.count == 73


def test_a_region_is_the_sum_of_its_municipalities(analysis_2023: Analysis) -> None:
    for indicator in analysis_2023.series:
        parts = [analysis_2023.findings[indicator, code].count_in(2018) for code in analysis_2023.plan.areas]
        assert analysis_2023.findings[indicator, "heuvelland"].count_in(2018) == sum(parts)


def test_an_area_or_year_that_is_not_there_is_named(analysis_2023: Analysis, registry: Registry) -> None:
    with pytest.raises(UsageError, match=r"'GM0363' is not in ivp-heuvelland-2020-2023"):
        analysis_2023.area("GM0363")
    with pytest.raises(UsageError, match=r"no figures over 2040"):
        analyse(analysis_2023.workspace, registry, None, 2040)


@pytest.mark.parametrize(
    ("indicator", "codes", "place", "year", "municipalities"),
    [
        ("residential_burglary", 1, "GM1903", 2015, 1),
        ("bicycle_theft", 2, "GM1903", 2015, 1),
        # Eemsdelta is Appingedam, Delfzijl and Loppersum until 2021; Meierijstad was three until 2017.
        ("bicycle_theft", 2, "GM1979", 2020, 3),
        ("bicycle_theft", 2, "GM1979", 2021, 1),
        ("bicycle_theft", 2, "GM1948", 2016, 3),
    ],
)
def test_every_published_number_was_rounded_by_itself(
    analysis_2023: Analysis, indicator: str, codes: int, place: str, year: int, municipalities: int
) -> None:
    recipe = next(r for r in analysis_2023.registry.indicators[indicator].recipes if r.source == "cbs-83651")
    assert len(recipe.codes) == codes
    table = pd.DataFrame([[10.0]], index=[place], columns=[str(year)])
    for status, variance in (("rounded5", 25 / 12 * codes * municipalities), ("exact", 0.0)):
        one = IndicatorSeries(
            indicator, "year", table, table.astype(object).map(lambda _, s=status: s), recipe
        )
        fresh = replace(analysis_2023)
        assert rounding_variances(fresh, one, [place], [year])[0, 0] == pytest.approx(variance)


def test_a_measure_per_young_person_has_a_trend_per_young_person(analysis_2023: Analysis) -> None:
    """Referrals to Halt by the years that the trend took, beside a GLM of statsmodels on the delivered file."""
    (path,) = (analysis_2023.workspace.raw / "sample" / "halt").rglob("*.csv.gz")
    told = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig").set_index("jaar")
    compared = 0
    for area in analysis_2023.areas[:-1]:
        finding = analysis_2023.findings["halt_referrals", area.code]
        assert finding.of_youth
        rows = told[told["gemeente"] == area.name].sort_index()
        shown = [y for y in rows.index if y <= 2023 and y not in finding.hidden]
        rows = rows.loc[shown[-analysis_2023.trend_rules.window_years :]]
        if not np.isfinite(finding.trend.slope):
            continue
        assert (rows.index[0], rows.index[-1]) == (finding.trend.first_year, finding.trend.last_year)
        design = sm.add_constant(rows.index.to_numpy(dtype=float) - 2020)
        fit = sm.GLM(
            rows["aantal"].to_numpy(dtype=float),
            design,
            family=sm.families.Poisson(),
            offset=np.log(rows["jongeren_12_17"].to_numpy(dtype=float)),
        ).fit()
        assert finding.trend.slope == pytest.approx(fit.params[1], abs=1e-6)
        compared += 1
    assert compared >= 3


def test_without_young_people_in_every_year_the_trend_is_per_inhabitant(
    analysis_2023: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One denominator for a whole series: it would jump between two."""
    series = analysis_2023.series["halt_referrals"]
    assert open_panel(analysis_2023, series).of_youth
    frame = analysis_2023.build.key_figures
    gone = (
        (frame["feature"] == "youth_12_17") & (frame["year"] == 2019) & (frame["area_code"] == "GM0981")
    ).to_numpy()
    assert gone.sum() == 1
    monkeypatch.setattr(type(analysis_2023.build), "key_figures", frame[~gone])
    panel = open_panel(analysis_2023, series)
    assert not panel.of_youth
    people = analysis_2023.people.loc[list(panel.codes), list(panel.years)].to_numpy(dtype=float)
    assert np.array_equal(panel.populations, people, equal_nan=True)
