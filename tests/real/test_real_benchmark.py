"""The methods and their words on the real CBS figures: all municipalities at once, the funnel, the region's fall."""

import time
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from beside_peers import about_the_region, changes_beside_peers, read_figures, total_crime

from ivp_analysis.data.series import Build, indicator_counts, key_figures, populations
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.methods.trend import TrendRules, assess_trends, with_adjusted
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.benchmark.drawings import draw_level_funnel, draw_level_map, draw_shrunken
from ivp_analysis.report.benchmark.sections import NO_MAP, map_section
from ivp_analysis.report.picture.summaries import summarise_region
from ivp_analysis.report.progress.assess import assess_targets

FIVE = ("Eijsden-Margraten", "Gulpen-Wittem", "Meerssen", "Vaals", "Valkenburg aan de Geul")


@pytest.fixture(scope="module")
def analysis_2020(real_workspace: Workspace, registry: Registry) -> Analysis:
    return analyse(real_workspace, registry, None, 2020)


def test_total_crime_of_every_municipality_in_one_call_under_two_seconds(
    real_build: Build, registry: Registry, analysis_2020: Analysis
) -> None:
    codes = [c for c in real_build.areas("cbs-83648") if c.startswith("GM")]
    series = indicator_counts(real_build, registry, "crime_total", codes)
    years = [int(period) for period in series.counts.columns]
    counts = series.counts.to_numpy(dtype=float)
    people = populations(real_build, codes, years).to_numpy(dtype=float)
    place = {code: row for row, code in enumerate(codes)}
    known = set(key_figures(real_build).dropna(how="all").index) & set(analysis_2020.chooser.pool)
    peers = {c: analysis_2020.chooser.nearest(c).peers for c in codes if c in known}
    pools = [[place[p] for p in peers.get(code, ()) if p in place] for code in codes]
    rules = TrendRules(**registry.method.group("trend"))
    rounding = registry.method.group("rates")["rounding5_variance"]
    # Time of this process alone: others may keep the machine busy.
    start = time.process_time()
    found = assess_trends(
        counts, people, years, pools=pools, reference_year=2020, rules=rules, rounding_variance=rounding
    )
    judged = with_adjusted(found, rules)
    seconds = time.process_time() - start
    assert len(codes) > 280, "every municipality of today that the table holds within one set of borders"
    assert all(result.word is not None for result in judged)
    assert seconds < 2.0, f"{len(codes)} municipalities took {seconds:.2f} s"


def test_theft_from_homes_gives_a_funnel_with_the_five_in_it(analysis_2020: Analysis) -> None:
    drawing = draw_level_funnel(analysis_2020, "residential_burglary")
    assert drawing is not None
    for name in FIVE:
        assert f">{name}</text>" in drawing.svg, name
    assert "2018–2020" in drawing.title
    rates = draw_shrunken(analysis_2020, "residential_burglary")
    assert rates is not None
    assert all(name in rates.svg for name in FIVE)


def test_the_region_says_how_its_fall_compares_with_its_peers(analysis_2020: Analysis, shared: Path) -> None:
    """The figures of the sentence beside a GLM of statsmodels; those of the five from the file of CBS itself."""
    a, years = analysis_2020, list(range(2013, 2021))
    sentence = about_the_region(summarise_region(a, assess_targets(a)))
    first, last, there, apart, rest = read_figures(sentence)
    assert (first, last) == (2013, 2020)
    counts, people, peers = total_crime(a, years)
    file = pd.read_csv(shared / "cbs" / "83648NED_totaal_gemeente_2010-2020.csv")
    printed = file.pivot(index="RegioS", columns="Perioden", values="TotaalGeregistreerdeMisdrijven_1")
    five = pd.DataFrame({code: printed.loc[a.area(code).name, years] for code in peers}).T
    assert (five == counts.loc[list(peers)]).all(axis=None)
    own, elsewhere, difference = changes_beside_peers(counts, people, peers)
    assert (there, apart) == pytest.approx((elsewhere, difference), abs=0.0501)
    assert own < there < 0, "it fell in both, and in the Heuvelland by more"
    # Fell by more, but by no more than 5 % a year whichever of the five is left out: "keeps pace".
    assert sentence.startswith("gaat ongeveer gelijk op met vergelijkbare gemeenten")
    assert rest == ", met 90% zekerheid minder dan 5%"
    for left_out in peers:
        four = {code: group for code, group in peers.items() if code != left_out}
        assert -5 < changes_beside_peers(counts, people, four)[2] < 0


def test_peers_are_chosen_by_what_the_key_figures_hold(analysis_2020: Analysis) -> None:
    for group in analysis_2020.peers.values():
        assert len(group.peers) == 12
        assert set(group.features) == {
            "population", "density", "share_15_24", "income", "single_households", "home_value", "businesses",
            "border",
        }  # fmt: skip


def test_the_map_stands_where_there_are_boundaries(
    analysis_2020: Analysis, real_workspace: Workspace, shared: Path, tmp_path: Path
) -> None:
    assert NO_MAP in str(map_section(analysis_2020, analysis_2020.region).html())
    file = shared / "geo" / "gemeenten_2022.geojson"
    if not file.is_file():
        pytest.skip(f"the real boundaries are not here: {file}")
    place = Workspace(tmp_path, real_workspace.home)
    take_snapshot(place, "cbs-grenzen", file, taken_on=date(2022, 6, 1))
    a = analysis_2020
    drawing = draw_level_map(Analysis(place, a.registry, a.plan, a.build, a.year), "residential_burglary")
    assert drawing is not None
    assert all(name in drawing.description for name in FIVE)
