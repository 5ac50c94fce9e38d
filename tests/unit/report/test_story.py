"""The analyst's own text: harmless, beside its theme, never changed; and the questions that the figures ask."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError
from ivp_analysis.methods.peaks import PeakKind
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.story.markdown import markdown_html
from ivp_analysis.report.story.narrative import (
    aim_topics,
    find_strays,
    general_topic,
    proposed_file,
    read_narrative,
    theme_topics,
)
from ivp_analysis.report.story.questions import ask_questions, say_question
from ivp_analysis.report.story.sections import field_story, progress_story

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "hr", "code", "pre", "h4"}
ATTACKS = (
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "![kaart](https://example.org/kaart.png)",
    "<iframe src='https://example.org'></iframe>",
    "<p style='position:fixed' onclick=alert(1)>x</p>",
    '[a](https://example.org/"onmouseover=alert(1))',
    "<a href='https://example.org' target=_blank>x</a>",
    "</div></main><h1>Andere kop</h1>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= dict(attrs)


def _seen(text: str) -> _Seen:
    seen = _Seen()
    seen.feed(str(markdown_html(text)))
    return seen


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_can_do_harm(attack: str) -> None:
    seen = _seen(attack)
    assert seen.tags <= TAGS
    assert set(seen.attributes) <= {"href", "rel", "start"}
    href = seen.attributes.get("href") or ""
    assert not href.lower().startswith(("javascript", "data", "vbscript"))
    assert '"' not in href


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>\"'=/()[]!#*_-`\\ \nabhrefonimgscrtjv:&;0", max_size=120))
def test_whatever_is_typed_keeps_to_the_list(text: str) -> None:
    seen = _seen(text)
    assert seen.tags <= TAGS
    assert set(seen.attributes) <= {"href", "rel", "start"}


def test_markdown_is_what_an_analyst_expects() -> None:
    html = str(
        markdown_html(
            "# Kop\n\nEen **vet** woord en [een link](https://example.org/a?b=1&c=2).\n\n- een\n- twee"
        )
    )
    assert "<h4>Kop</h4>" in html
    assert "<strong>vet</strong>" in html
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener">een link</a>' in html
    assert html.count("<li>") == 2
    assert "<a" not in str(markdown_html("[ander bestand](vaals.md)")), "a page has no such file beside it"


@pytest.fixture(scope="module")
def told(analysis_2023: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """The same figures in a workspace with texts."""
    root = tmp_path_factory.mktemp("verhaal")
    folder = root / "narrative"
    folder.mkdir()
    texts = {
        "drugsoverlast.md": "---\r\nnaam: A. de Vries\r\ndatum: 12-05-2024\r\n---\r\nRond **twee panden**.\r\n",
        "theme-6.2.md": "\ufeffOver jeugd.",
        "1.3-vaals.md": "---\ndatum: 2024-01-31\n---\nIn Vaals.\n",
        "voortgang-vaals.md": "Algemeen over Vaals.",
        "veilig-uitgaan-meerssen.md": "",
        "drugsoverlsat.md": "Verschreven.",
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    there = replace(analysis_2023, workspace=Workspace(root, analysis_2023.workspace.home))
    # The same figures: what was computed for the other workspace holds here too.
    there.__dict__["findings"] = analysis_2023.findings
    return there


def _topic(analysis: Analysis, id: str):
    return next(t for t in [general_topic(), *theme_topics(analysis), *aim_topics(analysis)] if t.id == id)


def test_a_text_stands_with_its_theme_and_area_and_nowhere_else(told: Analysis) -> None:
    vaals, meerssen, region = told.area("GM0981"), told.area("GM0938"), told.region
    drugs = read_narrative(told, _topic(told, "theme-6.4"), region)
    assert drugs is not None
    assert drugs.byline == "Tekst van de analist, A. de Vries, 12 mei 2024"
    assert "<strong>twee panden</strong>" in str(drugs.html())
    assert read_narrative(told, _topic(told, "theme-6.4"), vaals) is None
    youth = read_narrative(told, _topic(told, "theme-6.2"), region)
    assert youth is not None
    assert (youth.text, youth.byline) == ("Over jeugd.", "Tekst van de analist (naam en datum niet vermeld)")
    own = read_narrative(told, _topic(told, "1.3"), vaals)
    assert own is not None
    assert own.byline == "Tekst van de analist, 31 januari 2024 (naam niet vermeld)"
    assert read_narrative(told, _topic(told, "1.3"), meerssen) is None
    assert read_narrative(told, _topic(told, "2.3"), meerssen) is None, "an empty file says nothing"


def test_a_page_says_which_themes_still_lack_one(told: Analysis) -> None:
    field = str(field_story(told, told.area("GM0981"), "1").html())
    assert (
        "Nog geen toelichting van de analist bij: Sociale kwaliteit; Fysieke kwaliteit; Subjectieve veiligheid."
        in field
    )
    assert "In Vaals." in field
    region = progress_story(told, told.region)
    lacking = next(t for t in region.tables() if t.id == "nog-te-schrijven")
    assert len(lacking.rows) == len(aim_topics(told)) - 2
    assert {"topic": "Veiligheid rond het uitgaan", "file": "veiligheid-rond-het-uitgaan.md"} in lacking.rows
    assert lacking.notes == ["Deze bestanden horen bij geen thema: drugsoverlsat.md."]
    assert "Algemeen over Vaals." in str(progress_story(told, told.area("GM0981")).html())


def test_without_any_text_a_page_has_one_sentence(analysis_2023: Analysis) -> None:
    assert not analysis_2023.workspace.narrative.exists()
    html = str(progress_story(analysis_2023, analysis_2023.region).html())
    assert html.count("Bij deze cijfers is nog geen toelichting geschreven.") == 1
    assert find_strays(analysis_2023) == []


def test_a_text_is_found_under_the_name_that_is_proposed(told: Analysis, tmp_path: Path) -> None:
    folder = tmp_path / "narrative"
    folder.mkdir()
    place = replace(told, workspace=Workspace(tmp_path, told.workspace.home))
    for area in (told.region, told.area("GM0994")):
        for topic in [general_topic(), *theme_topics(told), *aim_topics(told)]:
            file = folder / proposed_file(topic, area)
            file.write_text(f"Over {topic.id}.", encoding="utf-8")
            found = read_narrative(place, topic, area)
            assert found is not None
            assert found.text == f"Over {topic.id}."
            file.unlink()


def test_reading_changes_nothing(told: Analysis) -> None:
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in told.workspace.narrative.iterdir()}
    field_story(told, told.area("GM0981"), "1")
    progress_story(told, told.region)
    assert {
        p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in told.workspace.narrative.iterdir()
    } == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"---\nnam: X\n---\nTekst", "'nam: X' at the top is not understood"),
        (b"---\ndatum: 12 mei\n---\nTekst", "'12 mei' is not a date"),
        (b"---\ndatum: 31-02-2024\n---\nTekst", "'31-02-2024' is not a date"),
        (b"caf\xe9", "not UTF-8"),
    ],
)
def test_a_slip_is_named_with_its_file(
    analysis_2023: Analysis, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "narrative").mkdir()
    (tmp_path / "narrative" / "voortgang.md").write_bytes(content)
    place = replace(analysis_2023, workspace=Workspace(tmp_path, analysis_2023.workspace.home))
    with pytest.raises(InputError, match=said) as caught:
        read_narrative(place, general_topic(), analysis_2023.region)
    assert caught.value.where == "narrative/voortgang.md"


def test_questions_are_about_the_year_and_say_what_was_counted(analysis_2023: Analysis) -> None:
    found = [
        q
        for area in (analysis_2023.area("GM0994"), analysis_2023.region)
        for q in ask_questions(analysis_2023, area, [f.indicator.id for f in analysis_2023.findings_of(area)])
    ]
    assert found, "52 series of a year hold some"
    assert len(found) < 20
    for question in found:
        assert question.month.startswith("2023-")
        said = say_question(question)
        assert said.endswith("?")
        if question.peak.kind in (PeakKind.BUSY, PeakKind.FAR_ABOVE, PeakKind.FAR_BELOW):
            assert f": {question.peak.count:.0f} in " in said
