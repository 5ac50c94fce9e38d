"""Levels against comparable municipalities, read as whole sentences; and one word for one fact everywhere."""

import math
import re
from dataclasses import replace

import pytest

from ivp_analysis.methods.benchmark_words import BenchmarkWord
from ivp_analysis.methods.funnel import exact_limits
from ivp_analysis.methods.ranks import Rank
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.benchmarks import Benchmark
from ivp_analysis.report.benchmark.drawings import draw_level_funnel
from ivp_analysis.report.benchmark.sections import summarise_benchmark
from ivp_analysis.report.benchmark.tables import tabulate_figures, tabulate_levels, tabulate_sensitivity
from ivp_analysis.report.page.words import BENCHMARK_WORDS
from ivp_analysis.report.wording.benchmark import say_benchmark, say_differences, say_flips, say_rank
from ivp_analysis.report.wording.tabulate import tabulate_findings


def _with(found: Benchmark, word: BenchmarkWord, **changes: object) -> Benchmark:
    return replace(found, result=replace(found.result, word=word, **changes))


@pytest.fixture
def burglary(analysis_2023: Analysis) -> Benchmark:
    return analysis_2023.benchmarks["residential_burglary", "GM0981"]


def test_every_benchmark_word_has_a_dutch_word_of_its_own() -> None:
    assert set(BENCHMARK_WORDS) == set(BenchmarkWord)
    texts = [word.text for word in BENCHMARK_WORDS.values()]
    assert len(texts) == len(set(texts))
    assert BENCHMARK_WORDS[BenchmarkWord.SIMILAR].text == "ongeveer gelijk aan vergelijkbare gemeenten"
    for word in BENCHMARK_WORDS.values():
        assert word.text.startswith(word.short)


def test_higher_is_unfavourable_where_lower_is_good(burglary: Benchmark) -> None:
    found = _with(burglary, BenchmarkWord.HIGHER, ratio=1.62)
    assert found.tone == "bad"
    assert say_benchmark(found) == (
        "De geregistreerde woningcriminaliteit in Vaals was in 2021–2023 hoger dan bij vergelijkbare gemeenten "
        "(1,62 keer hun niveau; buiten wat toeval en gewone verschillen verklaren). Dat is ongunstig."
    )


def test_much_lower_is_surer_and_favourable(burglary: Benchmark) -> None:
    text = say_benchmark(_with(burglary, BenchmarkWord.MUCH_LOWER, ratio=0.31))
    assert "veel lager dan bij vergelijkbare gemeenten (0,31 keer hun niveau; ver buiten" in text
    assert text.endswith("Dat is gunstig.")


def test_what_follows_police_effort_is_not_judged(analysis_2023: Analysis) -> None:
    found = _with(analysis_2023.benchmarks["drug_trade", "GM0981"], BenchmarkWord.HIGHER, ratio=2.0)
    assert found.tone == "neutral"
    assert "gunstig" not in say_benchmark(found)


def test_similar_gives_its_margin_and_a_plural_verb(analysis_2023: Analysis) -> None:
    found = analysis_2023.benchmarks["nuisance_youth", "GM0981"]
    text = say_benchmark(_with(found, BenchmarkWord.SIMILAR, ratio=1.04, same=(0.91, 1.18)))
    assert text == (
        "De meldingen van jeugdoverlast in Vaals waren in 2021–2023 ongeveer gelijk aan vergelijkbare gemeenten "
        "(1,04 keer hun niveau; marge 0,91 tot 1,18)."
    )


def test_undetermined_says_what_may_be_chance(burglary: Benchmark) -> None:
    found = _with(burglary, BenchmarkWord.UNDETERMINED, ratio=1.10, inner=(0.62, 1.48))
    assert say_benchmark(found) == (
        "Of de geregistreerde woningcriminaliteit in Vaals in 2021–2023 hoger of lager was dan bij vergelijkbare "
        "gemeenten, is niet vast te stellen. Het was 1,10 keer hun niveau; tussen 0,62 en 1,48 kan dat toeval zijn."
    )
    outside = _with(burglary, BenchmarkWord.UNDETERMINED, ratio=1.60, inner=(0.62, 1.48), q=0.3)
    assert "na weging van alle vergelijkingen is dat niet zeker genoeg" in say_benchmark(outside)
    assert "kan dat toeval zijn" not in say_benchmark(outside)
    smoothed = _with(burglary, BenchmarkWord.UNDETERMINED, ratio=1.60, inner=(0.62, 1.48), q=0.02)
    assert "na afvlakking van toeval is het verschil klein" in say_benchmark(smoothed)
    assert "na weging" not in say_benchmark(smoothed)


def test_too_few_peers_is_a_reason_and_no_word(analysis_2023: Analysis) -> None:
    found = analysis_2023.benchmarks["neighbour_dispute", "GM0981"]
    assert found.result.word is BenchmarkWord.NO_WORD
    assert found.rank is None
    assert say_benchmark(found).endswith("cijfers van 0 vergelijkbare gemeenten, minstens 8 nodig.")


def test_a_rank_never_stands_without_its_interval(analysis_2023: Analysis) -> None:
    assert say_rank(Rank(3, 1, 6, 3.2, 13)) == "plaats 3 (1–6) van 13"
    for found in analysis_2023.benchmarks.values():
        if found.rank:
            assert found.rank.lower <= found.rank.rank <= found.rank.upper <= found.rank.n
    shown = [row["rank"] for row in tabulate_figures(analysis_2023, analysis_2023.area("GM0981")).rows]
    ranks = [text for text in shown if isinstance(text, str)]
    assert ranks
    assert all(re.fullmatch(r"plaats \d+ \(\d+(–\d+)?\) van \d+", text) for text in ranks)


def test_no_municipality_of_the_plan_is_a_peer(analysis_2023: Analysis) -> None:
    for code, group in analysis_2023.peers.items():
        assert len(group.peers) == 12
        assert not set(group.peers) & set(analysis_2023.plan.areas), code


def test_the_level_is_the_sum_of_three_years(analysis_2023: Analysis) -> None:
    for key, found in analysis_2023.benchmarks.items():
        finding = analysis_2023.findings[key]
        total = sum(finding.count_in(year) for year in (2021, 2022, 2023))
        hidden = math.isnan(found.result.count) and finding.source.is_delivered
        assert found.result.count == total or math.isnan(total) or hidden


def test_the_region_is_held_against_the_mix_of_its_municipalities(analysis_2023: Analysis) -> None:
    own = [analysis_2023.benchmarks["hic", code].result for code in analysis_2023.plan.areas]
    region = analysis_2023.benchmarks["hic", analysis_2023.region.code].result
    assert region.expected == pytest.approx(sum(r.exposure * r.peer_rate for r in own))
    assert region.ratio == pytest.approx(sum(r.count for r in own) / region.expected)


def test_a_flip_is_shown_in_the_table_and_named(analysis_2023: Analysis) -> None:
    key, tested = next((k, s) for k, s in analysis_2023.sensitivities.items() if s.words.flips)
    found = analysis_2023.benchmarks[key]
    sentence = say_flips(found, tested)
    assert sentence.startswith(found.finding.indicator.label[:1].upper())
    every = {word for _, word in tested.words.others} == {dict(tested.words.others)[tested.words.flips[0]]}
    assert every or all(name in sentence for name in tested.words.flips)
    word = tested.words.word
    others = (
        ("8 meest gelijkende", BenchmarkWord.LOWER),
        ("even groot", BenchmarkWord.LOWER),
        ("alle", word),
    )
    two = replace(tested.words, others=others, flips=("8 meest gelijkende", "even groot"))
    assert say_flips(found, replace(tested, words=two)).endswith(
        "): lager bij 8 meest gelijkende en even groot."
    )
    all_of_them = replace(tested.words, others=others[:2], flips=("8 meest gelijkende", "even groot"))
    assert say_flips(found, replace(tested, words=all_of_them)).endswith("): lager bij elke andere keuze.")
    table = tabulate_sensitivity(analysis_2023, [key[0]], caption="Proef", id="proef")
    row = next(row for row in table.rows if row["area"] == found.area.name)
    marked = [name for name, _ in tested.words.others if row[name.replace(" ", "_")].detail == "ander woord"]
    assert marked == list(tested.words.flips)


def test_a_choice_without_peers_is_no_flip(analysis_2023: Analysis) -> None:
    for tested in analysis_2023.sensitivities.values():
        words = dict(tested.words.others)
        assert all(
            words[name] not in (BenchmarkWord.NO_WORD, tested.words.word) for name in tested.words.flips
        )


def test_a_fact_has_one_word_on_the_municipal_regional_and_benchmark_page(analysis_2023: Analysis) -> None:
    levels = {row["indicator"]: row for row in tabulate_levels(analysis_2023).rows}
    for area in analysis_2023.areas:
        page = tabulate_findings(analysis_2023.findings_of(area), analysis_2023, caption="x", id="x")
        figures = {row["indicator"]: row for row in tabulate_figures(analysis_2023, area).rows}
        for row in page.rows:
            name = row["indicator"]
            words = {row["level"].word, figures[name]["word"].word, levels[name][area.code.lower()].word}
            assert len(words) == 1, (area.name, name, words)


def test_differences_are_named_by_side(analysis_2023: Analysis) -> None:
    found = [b for (_, code), b in analysis_2023.benchmarks.items() if code == "GM0981"]
    level = [_with(b, BenchmarkWord.SIMILAR) for b in found[:4] if math.isfinite(b.result.ratio)]
    assert say_differences(level, most=3).startswith(
        "Van geen onderwerp is zeker dat het in 2021–2023 in Vaals"
    )
    turned = [_with(level[0], BenchmarkWord.HIGHER), _with(level[1], BenchmarkWord.LOWER)]
    labels = [b.finding.indicator.label for b in turned]
    assert say_differences(turned, most=3) == (
        "Het niveau in Vaals was in 2021–2023, naast vergelijkbare gemeenten, "
        f"hoger voor {labels[0]} en lager voor {labels[1]}."
    )


def test_the_summary_leads_with_counts_and_names_what_stays_out_of_sight(analysis_2023: Analysis) -> None:
    sentences = summarise_benchmark(analysis_2023)
    assert len(sentences) <= 7
    assert re.search(r"van de \d+ vergelijkingen vallen er \d+ hoger uit, \d+ lager", sentences[0])
    assert any("België en Duitsland" in sentence for sentence in sentences)
    assert any(re.search(r"\d+% van de vergelijkingen", sentence) for sentence in sentences)


def test_a_funnel_shows_what_chance_alone_would_allow(analysis_2023: Analysis) -> None:
    drawing = draw_level_funnel(analysis_2023, "residential_burglary")
    assert drawing is not None
    assert "alleen toeval (95% en 99,8%)" in drawing.svg
    own = [analysis_2023.benchmarks["residential_burglary", code] for code in analysis_2023.plan.areas]
    for found in own:
        low, high = exact_limits(found.result.expected, confidence=0.95)
        assert found.result.inner[0] < low < 1 < high < found.result.inner[1]
