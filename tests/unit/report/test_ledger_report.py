"""The ledger on the sample: every statement has a verdict or a reason, and its figures are those of the source."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from ivp_analysis.data.series import indicator_counts, populations
from ivp_analysis.methods.ledger import Untested, Verdict
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.ledger.accents import say_accents, tabulate_accents
from ivp_analysis.report.ledger.ledger import Entry, Judged, Ledger
from ivp_analysis.report.ledger.sections import accent_section, ledger_section, say_tally, statement_section
from ivp_analysis.report.ledger.subjects import Reading
from ivp_analysis.report.ledger.tables import tabulate_entries, tabulate_tally
from ivp_analysis.report.ledger.words import VERDICTS, say_needed, say_readings, say_untestable
from ivp_analysis.report.page.cells import Bullets
from ivp_analysis.report.page.words import TREND_WORDS


@pytest.fixture(scope="module")
def ledger(analysis_2023: Analysis) -> Ledger:
    return Ledger(analysis_2023)


def _entry(ledger: Ledger, key: str) -> Entry:
    return next(e for e in ledger.entries if e.statement.id == key)


def _reading(judged: Judged, against: str, measure: str = "") -> Reading:
    return next(r for r in judged.readings if (r.against, r.measure) == (against, measure))


def test_every_claim_has_a_verdict_or_a_reason_and_a_source(ledger: Ledger) -> None:
    chapter = [e for e in ledger.claims if e.statement.where.startswith("hoofdstuk 2")]
    assert len(chapter) == 61
    for entry in ledger.entries:
        for judged in (entry.then, entry.now):
            assert judged.verdict in VERDICTS
            if judged.verdict is Verdict.UNTESTABLE:
                assert len(say_untestable(judged, entry)) > 10, entry.statement.id
                assert len(say_needed(entry)) > 10, entry.statement.id
            else:
                assert entry.statement.indicator in ledger.analysis.series
                assert all(np.isfinite(r.evidence.effect) for r in judged.readings)
    # The two claims on burenruzie are tested here because the sample holds a delivery of the police.
    assert sum(e.now.verdict is not Verdict.UNTESTABLE for e in chapter) == 42


def test_every_verdict_occurs(ledger: Ledger) -> None:
    then, now = ledger.tally()
    assert set(then) == set(Verdict)
    assert sum(then.values()) == sum(now.values()) == len(ledger.claims)


@pytest.mark.parametrize("key", ["va-1-residential_burglary-trend", "me-1-theft_from_vehicle-trend"])
def test_a_trend_is_the_slope_of_a_poisson_model_over_the_years_of_the_statement(
    ledger: Ledger, key: str
) -> None:
    entry, analysis = _entry(ledger, key), ledger.analysis
    reading = _reading(entry.then, "time")
    assert reading.years == entry.statement.window == (2012, 2018)
    years, code = list(range(2012, 2019)), entry.area.code
    found = indicator_counts(analysis.build, analysis.registry, str(entry.statement.indicator), [code])
    counts = found.counts.loc[code, [str(y) for y in years]].to_numpy(dtype=float)
    people = populations(analysis.build, [code], years).loc[code].to_numpy(dtype=float)
    model = sm.GLM(
        counts, sm.add_constant(np.array(years) - 2015.0), family=sm.families.Poisson(), offset=np.log(people)
    )
    assert reading.evidence.effect == pytest.approx(np.expm1(model.fit().params[1]), rel=1e-6)
    assert (reading.before, reading.after) == (counts[0], counts[-1])


def test_what_is_said_of_now_is_the_trend_of_the_page(ledger: Ledger) -> None:
    checked = 0
    for entry in ledger.claims:
        if entry.statement.kind == "trend" and entry.now.readings:
            finding = ledger.analysis.findings[str(entry.statement.indicator), entry.area.code]
            evidence = entry.now.readings[0].evidence
            assert evidence.effect == pytest.approx(finding.trend.change, rel=1e-9)
            assert evidence.p == pytest.approx(finding.trend.p, rel=1e-6)
            checked += 1
    assert checked > 30


def test_relatief_has_two_readings_and_aangiften_stand_beside_the_count(ledger: Ledger) -> None:
    entry, analysis = _entry(ledger, "em-1-bicycle_theft-level"), ledger.analysis
    assert [(r.against, r.measure) for r in entry.then.readings] == [
        ("peers", ""), ("others", ""), ("peers", "aangiften"), ("others", "aangiften"),
    ]  # fmt: skip
    codes, years = list(analysis.plan.areas), ["2016", "2017", "2018"]
    people = populations(analysis.build, codes, [2016, 2017, 2018]).sum(axis=1)
    for measure, code in (("", "1.2.3"), ("aangiften", "1.2.3|aangiften")):
        table = analysis.build.code_table("politie-47013", code, "year")
        assert table is not None
        columns = [list(table.periods).index(year) for year in years]
        rows = [list(table.areas).index(area) for area in codes]
        total = table.values[np.ix_(rows, columns)].sum(axis=1)
        rate = total / people.to_numpy()
        others = total[1:].sum() / people.to_numpy()[1:].sum()
        found = _reading(entry.then, "others", measure)
        assert found.after == total[0]
        assert 1 + found.evidence.effect == pytest.approx(rate[0] / others, rel=1e-9)
    assert _reading(entry.then, "peers").after != _reading(entry.then, "peers", "aangiften").after
    # A region has no other municipalities of the plan beside it.
    region = _entry(ledger, "hv-1-6.4-nuisance_drugs_alcohol-level")
    assert [r.against for r in region.then.readings] == ["peers"]


def test_the_level_beside_peers_is_that_of_the_benchmark(ledger: Ledger) -> None:
    entry = _entry(ledger, "me-3-vandalism-level")
    benchmark = ledger.analysis.benchmarks["vandalism", entry.area.code]
    reading = _reading(entry.now, "peers")
    assert 1 + reading.evidence.effect == pytest.approx(benchmark.result.ratio)
    assert reading.years == benchmark.years == (2021, 2023)


def test_without_figures_a_statement_says_so_and_the_report_goes_on(analysis_2023: Analysis) -> None:
    bare = replace(analysis_2023)
    kept = {k: v for k, v in analysis_2023.series.items() if k not in ("vandalism", "neighbour_dispute")}
    bare.__dict__.update(series=kept, peers=analysis_2023.peers, findings=analysis_2023.findings)
    ledger = Ledger(bare)
    lost = _entry(ledger, "vg-3-vandalism-trend")
    assert lost.now.verdict is Verdict.UNTESTABLE
    assert lost.now.readings[0].evidence.untested is Untested.NO_FIGURES
    assert say_readings(lost.now, lost, least=20) == "geen cijfers over deze jaren"
    known = _entry(ledger, "va-1-neighbour_dispute-trend")
    assert say_readings(known.now, known, least=20) == "Burenruzie en burengerucht staan in geen open tabel"
    assert say_needed(known).startswith("levering van de politie")


def test_years_outside_the_statement_do_not_slide_in(analysis_2023: Analysis) -> None:
    changed = replace(
        analysis_2023,
        plan=replace(
            analysis_2023.plan,
            statements=tuple(
                replace(s, window=(2016, 2018))
                for s in analysis_2023.plan.statements
                if s.id == "vg-3-vandalism-trend"
            ),
        ),
    )
    changed.__dict__.update(series=analysis_2023.series, peers=analysis_2023.peers)
    (entry,) = Ledger(changed).entries
    assert entry.then.readings[0].years == (2016, 2018)
    assert entry.then.verdict is Verdict.UNTESTABLE
    assert say_readings(entry.then, entry, least=20) == "te weinig jaren met cijfers"


def test_small_counts_carry_no_percentage_and_strength_follows_the_direction(ledger: Ledger) -> None:
    small = _entry(ledger, "va-2-business_crime-trend")
    assert "%" not in say_readings(small.then, small, least=20)
    strong = _entry(ledger, "va-1-theft_from_vehicle-trend")
    assert strong.then.verdict is Verdict.SUPPORTED
    assert say_readings(strong.then, strong, least=20).endswith("sterker dan het plan zegt")


def test_the_tables_hold_every_statement_once(ledger: Ledger) -> None:
    section = ledger_section(ledger)
    whole = [table for table in section.tables() if table.id.startswith("grootboek")]
    assert sum(len(table.rows) for table in whole) == len(ledger.entries)
    everything = section.tables() + accent_section(ledger).tables()
    assert (
        len({table.caption for table in everything})
        == len({table.id for table in everything})
        == len(everything)
    )
    tally = tabulate_tally(ledger)
    assert tally.total is not None
    assert [sum(int(row[key]) for row in tally.rows) for key in ("then", "now")] == [tally.total["then"]] * 2
    assert "kW" not in section.html()
    text = re.sub(r"<[^>]+>", " ", section.html())
    assert all(VERDICTS[verdict][0] in " ".join(text.split()) for verdict in Verdict)


def test_a_municipal_page_shows_its_own_statements(ledger: Ledger) -> None:
    area = ledger.analysis.area("GM0981")
    html = statement_section(ledger, area, "1").html()
    assert "geregistreerd geweld: relatief laag" in html
    assert "sterke daling woningcriminaliteit" not in html
    nothing = statement_section(ledger, area, "4").html()
    assert "zegt in dit veiligheidsveld niets over Vaals apart" in nothing


def test_an_untestable_claim_shows_how_it_was_read_and_what_it_takes(ledger: Ledger) -> None:
    entries = ledger.of(ledger.analysis.area("GM1903"), "2")
    table = tabulate_entries(entries, ledger, caption="x y", id="proef")
    rows = [row for row in table.rows if "25 a 30" in row["quote"]]
    assert len({row["subject"] for row in rows}) == 2
    assert all(str(row["now"]).startswith("Nodig: evenementenkalender") for row in rows)


def test_accents_name_what_moves_and_what_lies_apart(ledger: Ledger) -> None:
    analysis = ledger.analysis
    for area in analysis.areas:
        for field in "12345":
            lines = say_accents(ledger, area, field)
            by_word = {line.split(":")[0]: line for line in lines}
            for finding in analysis.findings_of(area, field):
                word = TREND_WORDS[finding.trend.word]
                if word.direction in ("up", "down"):
                    assert finding.indicator.label in by_word[word.text]
                level = analysis.benchmarks[finding.indicator.id, area.code].word.direction
                if level in ("up", "down"):
                    assert (
                        finding.indicator.label
                        in by_word[f"relatief {'veel' if level == 'up' else 'weinig'}"]
                    )


def test_the_accents_have_the_form_of_the_plan(ledger: Ledger) -> None:
    table = tabulate_accents(ledger, "3")
    assert [row["area"] for row in table.rows][:2] == ["Heuvelland", "Opvallend in Eijsden-Margraten"]
    vaals = next(row for row in table.rows if "Vaals" in row["area"])
    assert "risico's alcohol en drugs" in vaals["words"].items
    assert "Nix 18 (alcohol en drugs)" in vaals["approach"].items
    assert all(
        isinstance(row[key], Bullets) for row in table.rows for key in ("picture", "words", "approach")
    )
    assert "Nix 18" in str(table.flat().rows)


def test_the_tally_in_words_is_that_of_the_table(ledger: Ledger) -> None:
    then, now = ledger.tally()
    said = " ".join(say_tally(ledger))
    assert f"steunen de cijfers er {then[Verdict.SUPPORTED]}" in said
    assert f"Nu steunen de cijfers er {now[Verdict.SUPPORTED]}" in said
    assert Counter(e.is_claim for e in ledger.entries)[False] == 29
