"""The BBV table on real figures: counts and rates are those that Statistics Netherlands published."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.context.bbv import Figures, assess_accounts, bbv_section, open_figures

YEARS = (2018, 2019, 2020, 2021)
CODES = {"shoplifting": "CRI1137", "residential_burglary": "CRI1134"}


@pytest.fixture(scope="module")
def analyses(real_workspace: Workspace, registry: Registry) -> dict[int, Analysis]:
    return {year: analyse(real_workspace, registry, None, year) for year in YEARS}


def _rows(file: Path) -> Iterator[tuple[str, str, int, float, float]]:
    """Code, municipality, year, count, published rate per 1,000 (NaN where the file has none)."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            if (
                row["GebruikVanGeweld"].strip() == "T001540"
                and row["SoortDiefstal"].strip() in CODES.values()
            ):
                numbers = [
                    float(row[name].strip().strip(".") or "nan")
                    for name in ("TotaalGeregistreerdeDiefstallen_1", "GeregistreerdeDiefstallenPer1000Inw_3")
                ]
                yield row["SoortDiefstal"].strip(), row["RegioS"].strip(), int(row["Perioden"][:4]), *numbers


@pytest.fixture(scope="module")
def published(shared: Path) -> list[tuple[str, str, int, float, float]]:
    return list(_rows(shared / "cbs" / "83651NED_diefstallen_gemeente_2018-2021.csv"))


def test_counts_of_the_five_are_the_published_ones(
    analyses: dict[int, Analysis], published: list[tuple[str, str, int, float, float]]
) -> None:
    counts = {(code, area, year): count for code, area, year, count, _ in published}
    compared = 0
    for year, analysis in analyses.items():
        for area in analysis.areas[:-1]:
            accounts = {a.indicator.id: a for a in assess_accounts(analysis, area)}
            for indicator, code in CODES.items():
                assert accounts[indicator].source is not None
                assert accounts[indicator].source.id == "cbs-83651"
                assert accounts[indicator].count == counts[code, area.code, year]
                compared += 1
            assert accounts["halt_referrals"].recipe is None
    assert compared == 40


def test_the_denominator_is_that_of_statistics_netherlands(
    analyses: dict[int, Analysis], published: list[tuple[str, str, int, float, float]]
) -> None:
    """Published rates rest on counts that are not rounded: ours lie within half a five of them, and 0.05."""
    ours, theirs, room, average = [], [], [], []
    indicators = {code: i for i, code in CODES.items()}
    registry = analyses[2018].registry
    changed = {
        c for change in registry.changes if change.on.year >= 2018 for c in (change.old_code, change.new_code)
    }
    figures: dict[tuple[str, int], Figures] = {}
    for (code, year), analysis in (
        (key, analyses[key[1]]) for key in itertools.product(CODES.values(), YEARS)
    ):
        indicator = registry.indicators[indicators[code]]
        recipe = next(r for r in indicator.recipes if r.source == "cbs-83651")
        figures[code, year] = open_figures(analysis, indicator, recipe, year)
    for code, area, year, count, rate in published:
        analysis = analyses[year]
        if np.isnan(rate) or np.isnan(count) or area not in analysis.pool or area in changed:
            continue
        found = figures[code, year].rate([area])
        ours.append(found)
        theirs.append(rate)
        average.append(1000 * count / analysis.people.loc[area, year])
        room.append(0.05 + 2.5 * found / count if count else np.inf)
    away = np.abs(np.array(ours) - np.array(theirs))
    assert len(away) > 700
    assert (away <= np.array(room) + 1e-9).all()
    assert np.mean(np.round(ours, 1) == theirs) > 0.85
    elsewhere = np.abs(np.array(average) - np.array(theirs)) <= np.array(room) + 1e-9
    assert not elsewhere.all(), "the average of the year, as in the other tables, is another denominator"


def test_eijsden_margraten_2018(analyses: dict[int, Analysis]) -> None:
    """The one of the five whose rate the file prints: 3.8 per 1,000 from a count of about 100 on 25,566 people."""
    account = next(
        a
        for a in assess_accounts(analyses[2018], analyses[2018].area("GM1903"))
        if a.indicator.id == "residential_burglary"
    )
    assert account.people == 25_566
    assert account.rate == pytest.approx(100 / 25.566)
    assert account.rate == pytest.approx(3.8, abs=0.05 + 2.5 / 25.566)


def test_the_page_says_what_it_divides_by_and_what_is_not_there(analyses: dict[int, Analysis]) -> None:
    analysis = analyses[2021]
    html = str(bbv_section(analysis, analysis.area("GM0994")).html())
    assert "inwoners op 1 januari" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert "Verwijzingen Halt" in html
    assert "CBS 83651NED" in html
