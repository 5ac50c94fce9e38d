"""The summary answers in at most seven sentences, and leads with counts where most directions are not known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from beside_peers import about_the_region, changes_beside_peers, read_figures, total_crime

from ivp_analysis.methods.trend_words import TrendWord
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area, Finding
from ivp_analysis.report.picture.summaries import summarise_municipality, summarise_region
from ivp_analysis.report.progress.assess import TargetProgress, assess_targets


class WithoutDirections(Analysis):
    """The same figures, had none of the series shown a direction."""

    def findings_of(self, area: Area, field: str | None = None) -> list[Finding]:
        found = super().findings_of(area, field)
        return [replace(f, trend=replace(f.trend, word=TrendWord.UNDETERMINED)) for f in found]


@pytest.fixture
def unclear(analysis_2023: Analysis) -> Analysis:
    a = analysis_2023
    return WithoutDirections(a.workspace, a.registry, a.plan, a.build, a.year)


def test_summaries_have_at_most_seven_sentences_and_print_the_share(analysis_2023: Analysis) -> None:
    region = summarise_region(analysis_2023, assess_targets(analysis_2023))
    for sentences in (
        region,
        *(
            summarise_municipality(analysis_2023, a, assess_targets(analysis_2023))
            for a in analysis_2023.areas[:-1]
        ),
    ):
        assert 3 <= len(sentences) <= 7
        assert "% van de getoetste onderwerpen is de richting niet vast te stellen" in sentences[-1]


def test_the_region_says_how_its_fall_compares_with_that_of_its_peers(analysis_2023: Analysis) -> None:
    """The figures of the sentence beside a GLM of statsmodels on the same counts."""
    a, years = analysis_2023, list(range(2016, 2024))
    sentence = about_the_region(summarise_region(a, assess_targets(a)))
    first, last, there, apart, rest = read_figures(sentence)
    assert (first, last) == (2016, 2023)
    own, elsewhere, difference = changes_beside_peers(*total_crime(a, years))
    assert (there, apart) == pytest.approx((elsewhere, difference), abs=0.0501)
    assert there < own < 0, "it fell in both, and in the Heuvelland by less"
    assert sentence.startswith(
        "blijft over de jaren heen vrijwel gelijk, en gaat ongeveer gelijk op met vergelijkbare gemeenten"
    )
    assert rest == ", met 90% zekerheid minder dan 5%"


def test_a_municipality_says_in_what_it_is_higher_or_lower(analysis_2023: Analysis) -> None:
    text = " ".join(
        summarise_municipality(analysis_2023, analysis_2023.area("GM0981"), assess_targets(analysis_2023))
    )
    assert "vergelijkbare gemeenten" in text


def test_without_directions_the_summary_leads_with_counts(unclear: Analysis) -> None:
    municipal = summarise_municipality(unclear, unclear.area("GM0981"), assess_targets(unclear))
    assert municipal[0].startswith("De totale geregistreerde criminaliteit in Vaals: ")
    assert "van 100% van de getoetste" in municipal[-1].lower()
    regional = summarise_region(unclear, assess_targets(unclear))
    assert regional[0].startswith("De totale geregistreerde criminaliteit in het Heuvelland: ")


def test_the_first_sentence_says_whether_it_gets_better_and_whether_targets_are_met(
    analysis_2023: Analysis,
) -> None:
    progress = assess_targets(analysis_2023)
    met = sum(p.judged <= p.target.target for p in progress)
    outcome = f"van de 9 doelen van het plan zijn er {met} bereikt."
    region = summarise_region(analysis_2023, progress)[0]
    assert region.startswith("In het Heuvelland verbeteren ")
    assert region.endswith(outcome)
    for area in analysis_2023.areas[:-1]:
        assert summarise_municipality(analysis_2023, area, progress)[0].endswith(outcome)


def test_what_moves_without_being_good_or_bad_is_named(analysis_2023: Analysis) -> None:
    """More people behaving oddly is neither; a summary that counts only good and bad would hide the rise."""
    progress, seen = assess_targets(analysis_2023), 0
    for area in analysis_2023.areas:
        moving = [f for f in analysis_2023.findings_of(area) if f.tone == "neutral"]
        assert all(f.indicator.polarity == "none" and f.indicator.polarity_reason for f in moving)
        said = " ".join((summarise_region if area.is_region else _municipal(area))(analysis_2023, progress))
        assert ("onder oordeel in " in said) == bool(moving)
        if moving:
            strongest = max(moving, key=lambda f: abs(f.trend.slope / f.trend.se))
            assert f": {strongest.indicator.label} ({strongest.word.text})" in said
            seen += 1
    assert seen


def _municipal(area: Area) -> Callable[[Analysis, Sequence[TargetProgress]], list[str]]:
    return lambda analysis, progress: summarise_municipality(analysis, area, progress)
