"""What stands beside the figures on the sample, and the one sentence that each missing delivery costs."""

from pathlib import Path

import numpy as np
import pytest

from ivp_analysis.data.build import build
from ivp_analysis.data.series import populations
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.analysis.disclosure import is_protected
from ivp_analysis.report.analysis.surveys import SurveyPoint, survey_change, survey_questions
from ivp_analysis.report.context.bbv import assess_accounts, bbv_section
from ivp_analysis.report.context.events import NO_EVENTS, events_heading, events_section
from ivp_analysis.report.context.measures import NO_MEASURES, measures_of, tabulate_statuses
from ivp_analysis.report.context.sections import context_section, implementation_section
from ivp_analysis.report.context.surveys import NO_SURVEY, survey_section
from ivp_analysis.report.context.visitors import NO_VISITORS, presence_of, visitors_section
from ivp_analysis.report.page.cells import Missing
from ivp_analysis.report.page.shown import Shown
from ivp_analysis.report.page.tables import Table
from ivp_analysis.report.picture.sections import field_section
from ivp_analysis.report.targets.surveys import survey_points, survey_sentences

DELIVERED = ("survey", "halt", "measures", "events", "visitors", "police-inp")


def _text(shown: Shown) -> str:
    return str(shown.html()).replace("\N{NO-BREAK SPACE}", " ")


def _table(shown: Shown, id: str) -> Table:
    return next(table for table in shown.tables() if table.id == id)


@pytest.fixture(scope="module")
def bare(
    sample_workspace: Workspace, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Analysis:
    """The sample without any delivery."""
    root = tmp_path_factory.mktemp("bare")
    for file in (sample_workspace.raw / "sample").rglob("*"):
        place = file.relative_to(sample_workspace.raw)
        if file.is_file() and not set(DELIVERED) & set(place.parts):
            target = root / "data" / "raw" / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    workspace = Workspace(root, Path(__file__).parents[3])
    build(workspace, registry)
    return analyse(workspace, registry, None, 2023)


def test_accounts_divide_by_the_inhabitants_of_1_january(analysis_2023: Analysis) -> None:
    vaals = analysis_2023.area("GM0981")
    accounts = {a.indicator.id: a for a in assess_accounts(analysis_2023, vaals)}
    assert set(accounts) == {"shoplifting", "violence", "residential_burglary", "vandalism", "halt_referrals"}
    people = populations(analysis_2023.build, ["GM0981", "PV31", "NL01"], [2023], measure="january_first")[
        2023
    ]
    burglary = accounts["residential_burglary"]
    counts = analysis_2023.series["residential_burglary"].counts["2023"]
    assert burglary.count == counts["GM0981"]
    assert burglary.rate == pytest.approx(1000 * counts["GM0981"] / people["GM0981"])
    peers = list(analysis_2023.peers["GM0981"].peers)
    there = populations(analysis_2023.build, peers, [2023], measure="january_first")[2023]
    assert burglary.peers == pytest.approx(1000 * counts[peers].sum() / there.sum())
    frame = analysis_2023.build.observations
    country = frame[
        (frame["area_code"] == "NL01") & (frame["period"] == "2023") & frame["code"].isin(["1.1.1", "1.1.2"])
    ]
    assert burglary.country == pytest.approx(1000 * country["count"].sum() / people["NL01"])
    halt = accounts["halt_referrals"]
    assert halt.source is not None
    assert halt.source.id == "halt"
    assert halt.rate == pytest.approx(1000 * halt.count / halt.people)
    assert np.isnan(halt.country), "the delivery holds municipalities only"


def test_accounts_without_figures_of_cbs_say_so(analysis_2023: Analysis) -> None:
    said = _text(bbv_section(analysis_2023, analysis_2023.area("GM0981")))
    assert "staat het cijfer van de politie. Dat telt anders" in said
    assert "Daarmee zijn het de gepubliceerde cijfers" not in said
    assert "inwoners op 1 januari" in said


def test_small_counts_of_a_delivery_are_protected(registry: Registry) -> None:
    assert [is_protected(registry, "halt", n) for n in (0, 1, 4, 5)] == [False, True, True, False]
    assert not is_protected(registry, "politie-47013", 1), "open data are published already"


def test_a_survey_shows_each_measurement_and_what_changed(analysis_2023: Analysis) -> None:
    valkenburg = analysis_2023.area("GM0994")
    (question,) = survey_questions(analysis_2023, valkenburg.members)
    assert [p.year for p in question.points] == [2016, 2019, 2021, 2023]
    table = _table(survey_section(analysis_2023, valkenburg), "enquetes")
    assert table.rows[0]["question"].endswith(
        "Voelt u zich wel eens onveilig in het uitgaansgebied? (vaak of soms)"
    )
    for before, after, row in zip(question.points, question.points[1:], table.rows[1:], strict=False):
        change = survey_change(analysis_2023, before, after)
        assert row["change"] == pytest.approx(100 * (after.share.value - before.share.value))
        assert row["margin"] == pytest.approx((100 * change.lower, 100 * change.upper))
        assert row["detectable"] == pytest.approx(100 * change.detectable)
    assert isinstance(table.rows[0]["change"], Missing)


def test_a_question_of_ones_own_and_another_survey(analysis_2023: Analysis) -> None:
    gulpen = survey_section(analysis_2023, analysis_2023.area("GM1729"))
    assert "Hoe veilig voelt u zich in uw eigen buurt?" in _text(gulpen)
    rows = _table(gulpen, "enquetes-elders").rows
    assert [row["year"] for row in rows] == [2017, 2019, 2021, 2023]
    assert isinstance(rows[2]["change"], Missing), "the Veiligheidsmonitor of 2021 is another survey"
    assert not isinstance(rows[3]["change"], Missing)
    assert rows[1]["question"] != rows[2]["question"]


def test_only_the_same_question_compares(analysis_2023: Analysis) -> None:
    share = survey_questions(analysis_2023, ["GM0994"])[0].points[0].share
    first = SurveyPoint(2020, share, "Voelt u zich  veilig?", "Panel")
    assert first.compares_with(SurveyPoint(2022, share, "voelt u zich veilig?", "panel"))
    assert not first.compares_with(SurveyPoint(2022, share, "Voelt u zich onveilig?", "Panel"))
    assert not first.compares_with(SurveyPoint(2022, share, "Voelt u zich veilig?", "Nieuw panel"))


def test_the_target_of_the_survey_is_held_against_what_can_be_seen(analysis_2023: Analysis) -> None:
    target = next(t for t in analysis_2023.plan.targets if t.kind == "share")
    said = " ".join(survey_sentences(analysis_2023, target))
    assert "Sinds 2016: 5,9 procentpunt lager" in said
    assert "dat kan toeval zijn" in said
    assert "het doel vraagt er 7,0" in said
    assert "Veiligheidsmonitor opnieuw ontworpen" in said
    # Its own limits hold the 20% that it missed.
    final = survey_points(analysis_2023, target)[-1]
    assert final.year == target.target_year
    assert final.share.lower <= target.target < final.share.value
    assert "Het doel ligt binnen de marge van de meting in 2023: een andere steekproef" in said


def test_measures_stand_by_field_with_those_of_the_region(analysis_2023: Analysis) -> None:
    valkenburg = measures_of(analysis_2023, analysis_2023.area("GM0994"))
    assert {m.place for m in valkenburg} == {"Valkenburg aan de Geul", "Heuvelland"}
    assert [m.field for m in valkenburg] == sorted(m.field for m in valkenburg)
    everything = measures_of(analysis_2023, analysis_2023.region)
    assert len(everything) == len(analysis_2023.build.measures)
    table = tabulate_statuses(analysis_2023, everything)
    assert table.total is not None
    assert table.total["total"] == len(everything) == sum(row["total"] for row in table.rows)
    shown = implementation_section(analysis_2023, analysis_2023.region)
    assert len(_table(shown, "maatregelen").rows) == len(everything)
    short = implementation_section(analysis_2023, analysis_2023.area("GM0981"))
    assert short.tables() == [], "a municipality's short page has a sentence"


def test_events_are_counted_by_class_beside_the_noise(analysis_2023: Analysis) -> None:
    area = analysis_2023.area("GM0994")
    frame = analysis_2023.build.events
    mine = frame[
        (frame["area_code"] == "GM0994").to_numpy()
        & frame["date"].astype("str").str.startswith("2023").to_numpy()
    ]
    row = _table(events_section(analysis_2023, area), "evenementen").rows[-1]
    assert row["row"] == "2023"
    assert [row[c] for c in "ABC"] == [int((mine["category"] == c).sum()) for c in "ABC"]
    assert row["visitors"] == mine["visitors"].sum()
    assert row["nuisance_events"] == analysis_2023.findings["nuisance_events", "GM0994"].count
    assert events_heading(analysis_2023) == "Veilig toerisme, recreatie en evenementen"
    region = _table(events_section(analysis_2023, analysis_2023.region), "evenementen")
    assert len(region.rows) == 5


def test_rates_with_guests_stand_beside_those_by_inhabitant(analysis_2023: Analysis) -> None:
    area = analysis_2023.area("GM0994")
    presence = presence_of(analysis_2023, area)
    assert presence is not None
    stays = analysis_2023.build.visitors
    told = stays[(stays["area_code"] == "GM0994").to_numpy() & (stays["year"] == 2023).to_numpy()][
        "overnight_stays"
    ]
    assert presence.guests == pytest.approx(told.iloc[0] / 365)
    rows = _table(visitors_section(analysis_2023, area), "bezoekers").rows
    for row in rows:
        ratio = presence.inhabitants / (presence.inhabitants + presence.guests)
        assert row["present"] == pytest.approx(ratio * row["inhabitants"])
    assert NO_VISITORS in _text(visitors_section(analysis_2023, analysis_2023.area("GM0938")))


def test_each_missing_delivery_costs_one_sentence(bare: Analysis) -> None:
    vaals = bare.area("GM0981")
    said = _text(context_section(bare, vaals))
    for sentence in (NO_SURVEY, NO_MEASURES, NO_EVENTS, NO_VISITORS):
        assert said.count(sentence) == 1
    assert context_section(bare, vaals).tables() == []
    assert "ontbreekt in deze gegevens: Verwijzingen Halt." in _text(bbv_section(bare, vaals))
    assert NO_MEASURES in _text(implementation_section(bare, bare.region))
    target = next(t for t in bare.plan.targets if t.kind == "share")
    assert "De enquête van de gemeente ontbreekt" in " ".join(survey_sentences(bare, target))


def test_a_count_that_is_not_shown_is_no_gap_in_the_figures_behind_a_drawing(analysis_2023: Analysis) -> None:
    """Fewer than five young people of Vaals went to Halt in some years: the table says that, not that nobody knows."""
    area = analysis_2023.area("GM0981")
    finding = analysis_2023.findings["halt_referrals", area.code]
    table = _table(
        field_section(analysis_2023, area, finding.indicator.field), f"veld-{finding.indicator.field}-jaren"
    )
    (row,) = (row for row in table.rows if row["label"] == "Verwijzingen naar Halt")
    assert finding.hidden
    for year in finding.years:
        shown = row[str(year)]
        if year in finding.hidden:
            assert isinstance(shown, Missing)
            assert shown.reason.startswith("niet getoond: kleiner dan 5")
        else:
            assert shown == finding.count_in(year)
