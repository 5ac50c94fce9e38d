"""Progress over the years on the sample: one consistent story, told in the words of the method."""

import math
from dataclasses import replace

import pytest

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.methods.progress import NoProgress, ProgressWord
from ivp_analysis.registry import Registry
from ivp_analysis.report.analysis.analysis import Analysis, analyse
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.progress.assess import TargetProgress, assess_target_progress
from ivp_analysis.report.progress.local import summarise_parts, tabulate_parts, tabulate_themes
from ivp_analysis.report.progress.tables import draw_progress, tabulate_history, tabulate_progress
from ivp_analysis.report.progress.wording import say_changes, say_progress, summarise_progress
from ivp_analysis.report.targets.surveys import survey_points, survey_sentences
from ivp_analysis.report.targets.words import PROGRESS_WORDS, REASONS, progress_verdict

YEARS = range(2018, 2025)
AHEAD = {
    ProgressWord.BELOW_TARGET_NOW,
    ProgressWord.ABOVE_BASELINE,
    ProgressWord.LIKELY_MET,
    ProgressWord.EITHER_WAY,
    ProgressWord.LIKELY_MISSED,
}


@pytest.fixture(scope="module")
def outlooks(sample_workspace: Workspace, registry: Registry) -> dict[int, Outlook]:
    return {year: Outlook(analyse(sample_workspace, registry, None, year)) for year in YEARS}


@pytest.fixture(scope="module")
def story(outlooks: dict[int, Outlook]) -> dict[int, dict[str, TargetProgress]]:
    return {
        year: {t.id: assess_target_progress(outlook, t) for t in outlook.analysis.plan.targets}
        for year, outlook in outlooks.items()
    }


def _counted(progress: dict[str, TargetProgress]) -> list[TargetProgress]:
    return [p for p in progress.values() if not p.survey]


def test_words_are_those_of_the_method_exactly() -> None:
    assert [word for word, _, _ in (PROGRESS_WORDS[w] for w in ProgressWord)] == [
        "niet te beoordelen",
        "doel bereikt",
        "doel niet bereikt",
        "nu onder streefwaarde",
        "boven uitgangswaarde, meer dan toeval",
        "waarschijnlijk gehaald",
        "kan beide kanten op",
        "waarschijnlijk niet gehaald",
    ]
    assert set(REASONS) == set(NoProgress)
    assert "bestendig" in progress_verdict(ProgressWord.BELOW_TARGET_NOW, durable=True).plain()
    assert "bestendig" not in progress_verdict(ProgressWord.BELOW_TARGET_NOW, durable=None).plain()


@pytest.mark.parametrize("year", range(2018, 2023))
def test_nothing_is_reached_or_missed_before_its_year(
    story: dict[int, dict[str, TargetProgress]], year: int
) -> None:
    for progress in _counted(story[year]):
        assert progress.status.word in AHEAD
        assert progress.chance is not None
        assert (progress.status.word == ProgressWord.BELOW_TARGET_NOW) == (
            progress.count <= progress.target.target
        )


@pytest.mark.parametrize("year", [2023, 2024])
def test_after_it_the_count_of_the_target_year_decides_for_good(
    story: dict[int, dict[str, TargetProgress]], year: int
) -> None:
    for name, progress in story[year].items():
        value = progress.final
        met = value <= progress.target.target
        assert progress.status.word == (ProgressWord.MET if met else ProgressWord.MISSED), name
        assert progress.chance is None
        assert progress.status.word == story[2023][name].status.word


def test_a_count_reported_once_stays_the_same(story: dict[int, dict[str, TargetProgress]]) -> None:
    for year in range(2019, 2025):
        for name, progress in story[year].items():
            if not progress.survey:
                earlier = story[year - 1][name]
                assert progress.counts[: len(earlier.counts)] == earlier.counts


def test_the_history_of_chances_is_what_was_said_then(story: dict[int, dict[str, TargetProgress]]) -> None:
    """The pool may differ a little: peers are chosen once, but a figure of then is not rewritten."""
    last = {p.target.id: dict(p.history) for p in _counted(story[2023])}
    for year in range(2018, 2023):
        for progress in _counted(story[year]):
            assert progress.chance == pytest.approx(last[progress.target.id][year], abs=0.02)


def test_the_arithmetic_of_the_change_asked(story: dict[int, dict[str, TargetProgress]]) -> None:
    progress = story[2023]["hic"]
    assert progress.figures is not None
    assert progress.figures.share_of_change == pytest.approx((498 - progress.final) / 98)
    assert progress.figures.required_yearly == pytest.approx((400 / 498) ** (1 / 5) - 1)


def test_a_summary_has_at_most_seven_sentences_and_the_right_tally(
    story: dict[int, dict[str, TargetProgress]], outlooks: dict[int, Outlook]
) -> None:
    for year, progress in story.items():
        said = summarise_progress(list(progress.values()), outlooks[year].analysis)
        assert 1 <= len(said) <= 7
        assert "an de 9 doelen van het plan" in said[0]
        counted = [p for p in progress.values() if not p.survey]
        fell = sum(p.judged < p.target.baseline for p in counted)
        if year > 2018:
            assert said[0].startswith(f"Van de 8 onderwerpen met een doel liggen er {fell} lager en ")
            assert f"lager en {8 - fell} hoger {'in 2023 ' * (year > 2023)}dan in 2018; van de 9" in said[0]
    met = sum(p.status.word == ProgressWord.MET for p in story[2023].values())
    assert f" er {met} bereikt." in summarise_progress(list(story[2023].values()), outlooks[2023].analysis)[0]


def test_sentences_name_the_chance_elsewhere_and_the_months(
    story: dict[int, dict[str, TargetProgress]], outlooks: dict[int, Outlook]
) -> None:
    ahead = " ".join(say_progress(story[2022]["hic"], outlooks[2022]))
    for expected in (
        "De kans dat het doel wordt gehaald is",
        "Zonder de richting van de laatste jaren is die kans",
        "Elders in dezelfde tijd:",
        "Sommen van 12 maanden:",
    ):
        assert expected in ahead
    ended = " ".join(say_progress(story[2024]["hic"], outlooks[2024]))
    assert "Was het hier gegaan als daar" in ended
    assert "Daarna, in 2024:" in ended
    assert "De kans dat" not in ended


def test_sentences_are_short(
    story: dict[int, dict[str, TargetProgress]], outlooks: dict[int, Outlook]
) -> None:
    said = [s for y, ps in story.items() for p in _counted(ps) for s in say_progress(p, outlooks[y])]
    sentences = [s for s in " ".join(said).replace("; ", ". ").split(". ") if s]
    assert sum(len(s.split()) for s in sentences) / len(sentences) <= 20


def test_a_missing_source_and_another_baseline_are_not_judged(outlooks: dict[int, Outlook]) -> None:
    outlook = outlooks[2022]
    hic = next(t for t in outlook.analysis.plan.targets if t.id == "hic")
    other = assess_target_progress(outlook, replace(hic, baseline=600.0))
    assert other.status.reason == NoProgress.NOT_REPRODUCIBLE
    said = " ".join(say_progress(other, outlook))
    assert "Dit doel is niet te beoordelen" in said
    assert "Het plan noemt 600 in 2018; daarvan geven onze cijfers 498." in said
    before = assess_target_progress(outlook, replace(hic, baseline_year=2005))
    assert before.status.reason == NoProgress.NO_BASELINE
    assert "er is geen cijfer over het uitgangsjaar" in " ".join(say_progress(before, outlook))
    gone = assess_target_progress(outlook, replace(hic, indicator="unsafe_nightlife"))
    assert gone.status.reason == NoProgress.NO_SOURCE


def test_a_year_before_the_baseline_says_so(sample_workspace: Workspace, registry: Registry) -> None:
    outlook = Outlook(analyse(sample_workspace, registry, None, 2016))
    progress = assess_target_progress(outlook, outlook.analysis.plan.targets[0])
    assert progress.status.word == ProgressWord.NOT_ASSESSABLE
    assert "ligt voor het uitgangsjaar 2018" in " ".join(say_progress(progress, outlook))


def test_months_add_up_to_the_year(story: dict[int, dict[str, TargetProgress]]) -> None:
    progress = story[2022]["residential_burglary"]
    assert progress.months is not None
    assert progress.months.sums[-1] == ("2022-12", progress.count)
    assert progress.months.durable is True


def test_the_survey_has_wilson_limits_and_no_forecast(analysis_2023: Analysis) -> None:
    """27 % of 412 answers with design effect 1.2: Wilson limits by the formula of R's binom.wilson."""
    target = next(t for t in analysis_2023.plan.targets if t.kind == "share")
    first = survey_points(analysis_2023, target)[0]
    assert (first.year, first.share.value) == (2016, pytest.approx(0.27))
    n, z = first.share.n / 1.2, 1.959963984540054
    half = z * math.sqrt(0.27 * 0.73 / n + z * z / (4 * n * n)) / (1 + z * z / n)
    centre = (0.27 + z * z / (2 * n)) / (1 + z * z / n)
    assert (first.share.lower, first.share.upper) == (
        pytest.approx(centre - half),
        pytest.approx(centre + half),
    )
    assert "te weinig metingen" in " ".join(survey_sentences(analysis_2023, target))


def test_tables_and_figure(story: dict[int, dict[str, TargetProgress]]) -> None:
    ahead, ended = (
        tabulate_progress(list(story[2022].values())),
        tabulate_progress(list(story[2023].values())),
    )
    assert "Kans" in [column.label for column in ahead.columns]
    assert "Kans" not in [column.label for column in ended.columns]
    drawn = draw_progress(story[2022]["hic"])
    assert "498" in drawn.drawing.description
    history = tabulate_history(story[2023]["hic"])
    assert [row["year"] for row in history.rows] == list(range(2018, 2024))


def test_a_municipality_sees_its_part_and_no_target_of_its_own(
    story: dict[int, dict[str, TargetProgress]], outlooks: dict[int, Outlook]
) -> None:
    outlook, targets = outlooks[2023], list(story[2023].values())
    parts = {area.code: tabulate_parts(outlook, targets, area).rows for area in outlook.analysis.areas[:-1]}
    for i, progress in enumerate(_counted(story[2023])):
        assert sum(rows[i]["after"] for rows in parts.values()) == progress.count
    vaals = outlook.analysis.area("GM0981")
    # A year later the target year is still what is judged, and the new year stands beside it.
    later = tabulate_parts(outlooks[2024], list(story[2024].values()), vaals)
    assert [column.label for column in later.columns][2:5] == ["2018", "2023", "2024"]
    assert [row["after"] for row in later.rows] == [row["after"] for row in parts["GM0981"]]
    assert (
        "hoger in 2023 dan in 2018." in summarise_parts(outlooks[2024], list(story[2024].values()), vaals)[0]
    )
    assert all(p.target.areas != vaals.members for p in targets)
    assert len(summarise_parts(outlook, targets, vaals)) <= 7
    themes = tabulate_themes(outlook.analysis, vaals)
    assert len({(row["quote"], row["indicator"]) for row in themes.rows}) == len(themes.rows)


def test_one_subject_is_told_without_counting() -> None:
    """A plan may have one target."""
    said = [say_changes([change], "in 2022 dan in 2018", "in Weert") for change in (-3, 0, 3)]
    assert said == [
        f"het ene onderwerp met een doel ligt in Weert {way} in 2022 dan in 2018"
        for way in ("lager", "niet lager of hoger", "hoger")
    ]
    assert say_changes([-1, 2], "in 2022 dan in 2018").startswith(
        "van de 2 onderwerpen met een doel liggen er 1"
    )
