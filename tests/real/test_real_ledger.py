"""The plan's statements on the real CBS figures: few can be tested, and what can is against what CBS published."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from ivp_analysis.data.series import populations
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.methods.ledger import Untested, Verdict
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import analyse
from ivp_analysis.report.ledger.ledger import Entry, Ledger
from ivp_analysis.report.ledger.sections import ledger_section
from ivp_analysis.report.ledger.words import say_untestable
from ivp_analysis.report.priorities.assess import PriorityBook
from ivp_analysis.report.priorities.matrix import tabulate_matrix


@pytest.fixture(scope="module")
def ledger(real_workspace: Workspace, registry: Registry) -> Ledger:
    return Ledger(analyse(real_workspace, registry, None, 2020))


def _entry(ledger: Ledger, key: str) -> Entry:
    return next(e for e in ledger.entries if e.statement.id == key)


def test_every_claim_has_a_verdict_or_a_reason(ledger: Ledger) -> None:
    for entry in ledger.claims:
        for judged in (entry.then, entry.now):
            assert judged.verdict is not Verdict.UNTESTABLE or len(say_untestable(judged, entry)) > 10
    assert sum(len(table.rows) for table in ledger_section(ledger).tables()[1:]) == len(ledger.entries)


def test_thefts_from_2018_on_are_too_few_years_for_a_trend_to_2018(ledger: Ledger) -> None:
    entry = _entry(ledger, "hv-1-residential_burglary-trend")
    assert entry.then.verdict is Verdict.UNTESTABLE
    assert entry.then.readings[0].evidence.untested is Untested.TOO_FEW_YEARS


def test_relatief_veel_in_2018_2020_against_the_published_figures(ledger: Ledger, shared: Path) -> None:
    """Thefts from homes in CBS 83651NED, row by row, over the inhabitants of those years."""
    entry = _entry(ledger, "em-1-residential_burglary-level")
    found = {(r.against, r.measure): r for r in entry.now.readings}
    total = _thefts_from_homes(shared / "cbs" / "83651NED_diefstallen_gemeente_2018-2021.csv")
    areas = ledger.analysis.plan.areas
    people = populations(ledger.analysis.build, areas, [2018, 2019, 2020]).sum(axis=1)
    own, *others = areas
    rate = sum(total[code] for code in others) / people[others].sum()
    reading = found["others", ""]
    assert (reading.years, reading.after) == ((2018, 2020), total[own])
    assert 1 + reading.evidence.effect == pytest.approx(total[own] / people[own] / rate, rel=1e-9)
    # CBS has no column of reports to the police.
    assert found["peers", "aangiften"].evidence.untested is Untested.NO_FIGURES


def _thefts_from_homes(file: Path) -> Counter[str]:
    total = Counter[str]()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            keys = row["GebruikVanGeweld"].strip(), row["SoortDiefstal"].strip(), row["Perioden"][:4]
            if keys in {("T001540", "CRI1134", year) for year in ("2018", "2019", "2020")}:
                count = row["TotaalGeregistreerdeDiefstallen_1"].strip()
                total[row["RegioS"].strip()] += int(count) if count.isdigit() else 0
    return total


def test_the_matrix_is_complete_on_scant_figures_too(ledger: Ledger) -> None:
    table = tabulate_matrix(PriorityBook(ledger.analysis))
    assert len(table.rows) == 22
    assert all(row[column.key].word for row in table.rows for column in table.columns)
