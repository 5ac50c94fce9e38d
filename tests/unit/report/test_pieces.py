"""The pieces of a page: what they hold, what they refuse, and how they travel through a notebook."""

import json
from datetime import date

import pytest
from browser.handmade import count_table, head, pieces, trend_table

from ivp_analysis.errors import ReportError
from ivp_analysis.report.figures import Drawing
from ivp_analysis.report.page.head import Foot, PageHead, SourceLine
from ivp_analysis.report.page.pieces import Details, Figure, Heading, Summary, Text, Tile, Tiles
from ivp_analysis.report.page.safe_html import typeset
from ivp_analysis.report.page.shown import PAGE_MIME, Parts, Shown
from ivp_analysis.report.page.style import live_style, page_style, print_margins

SVG = Drawing('<svg role="img" aria-label="x"></svg>', "Woninginbraak in Vaals", "Van 71 naar 38.", 480)


@pytest.mark.parametrize(
    "piece", [p for p in pieces() if isinstance(p, Shown)], ids=lambda p: type(p).__name__
)
def test_display_data_is_json_and_html(piece: Shown) -> None:
    bundle = piece._repr_mimebundle_()
    assert json.loads(json.dumps(bundle)) == bundle
    assert bundle["text/html"].startswith('<div class="ivp">')
    assert bundle["text/plain"] == type(piece).__name__
    assert bundle[PAGE_MIME]["part"] in ("head", "main", "foot")


def test_tables_are_found_however_deep_they_lie() -> None:
    deep = Parts("tekst", Details("Meer", Parts(trend_table(), Figure(SVG, data=count_table()))))
    names = [table["id"] for table in deep._repr_mimebundle_()[PAGE_MIME]["tables"]]
    assert names == ["overzicht", "woninginbraak"]


def test_banner_follows_the_figures_and_nothing_else() -> None:
    assert "Voorbeelddata: gesimuleerd, geen politiecijfers" in head(simulated=True).html()
    assert "Voorbeelddata" not in head(simulated=False).html()
    with pytest.raises(TypeError):
        PageHead(title="x", subtitle="", area="x", reference_year=2023, data_date=date(2024, 1, 1))  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["title", "area", "description", "slug"])
def test_a_head_without_words_is_refused(name: str) -> None:
    words = {"title": "T", "subtitle": "", "area": "A", "description": "D", "slug": "s", name: " "}
    with pytest.raises(ReportError, match=name):
        PageHead(**words, reference_year=2023, data_date=date(2024, 1, 1), simulated=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("sentences", [[], ["zin"] * 8])
def test_a_summary_holds_one_to_seven_sentences(sentences: list[str]) -> None:
    with pytest.raises(ReportError, match="sentences"):
        Summary(sentences)


@pytest.mark.parametrize("words", ["", " ", "lijngrafiek"])
def test_a_drawing_without_words_of_its_own_is_refused(words: str) -> None:
    with pytest.raises(ReportError, match="title"):
        Figure(Drawing(SVG.svg, words, SVG.description, 480))
    with pytest.raises(ReportError, match="description"):
        Figure(Drawing(SVG.svg, SVG.title, words, 480))


@pytest.mark.parametrize(
    "piece",
    [
        Summary(["<b>&"]),
        Tiles([Tile("<b>&", "<b>&", "<b>&", "good", "<b>&", "<b>&")]),
        Heading("<b>& x"),
        Text("<b>&"),
        Details("<b>&", "<b>&"),
        Foot({"<b>&": "<b>&"}),
        Figure(SVG, "<b>&"),
    ],
    ids=lambda piece: type(piece).__name__,
)
def test_text_is_escaped_in_every_piece(piece: Shown) -> None:
    assert "<b>" not in piece.html()
    assert "&lt;b&gt;&amp;" in piece.html()


def test_source_links_do_not_hand_over_the_page() -> None:
    line = SourceLine("Titel", "Politie", date(2024, 2, 14), url="https://data.politie.nl/")
    assert 'rel="noopener"' in line.html()
    assert "14\N{NO-BREAK SPACE}februari 2024" in line.html()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ongeveer 3 op 10", "ongeveer 3~op~10"),
        ("5 jaar later", "5~jaar later"),
        ("op 23 november 2026", "op~23~november 2026"),
        ("laatste jaar −12", "laatste jaar~−12"),
        ("in 2023 en 2024", "in 2023 en 2024"),
        ("burenruzie/woonoverlast in en/of om", "burenruzie/\N{ZERO WIDTH SPACE}woonoverlast in en/of om"),
    ],
)
def test_figure_and_unit_stay_on_one_line(text: str, kept: str) -> None:
    assert typeset(text) == kept.replace("~", "\N{NO-BREAK SPACE}")


def test_live_style_reaches_nothing_outside_our_own_pieces() -> None:
    import re

    for selector in re.findall(r"(?:^|\})([^{}@]+)\{", live_style()):
        parts = re.split(r",(?![^(]*\))", selector)
        assert all(".ivp" in part for part in parts), selector


def test_print_is_light_and_dark_only_on_a_screen() -> None:
    assert page_style().count("prefers-color-scheme:dark") == 1
    assert "@media screen and (prefers-color-scheme:dark)" in page_style()


def test_running_head_cannot_leave_its_string() -> None:
    css = print_margins('a"}</style><script>', "ok")
    assert "<" not in css
    assert css.count('"') == 4


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_has_contrast_of_seven_or_nearly(scheme: str) -> None:
    import re

    from ivp_analysis.report.page.style import TEMPLATE

    found = dict(
        re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", (TEMPLATE / f"{scheme}.css").read_text(encoding="utf-8"))
    )
    pairs = [
        (ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "wash", "accent-wash")
    ]
    pairs += [(tone, ground) for tone in ("good", "bad", "neutral") for ground in ("paper", f"{tone}-wash")]
    for text, ground in [*pairs, ("warn", "warn-wash")]:
        low, high = sorted((_luminance(found[text]), _luminance(found[ground])))
        assert (high + 0.05) / (low + 0.05) >= 5.5, (text, ground)
