"""Each difficult word is explained once, where a link may stand, and only if the page uses it."""

import re

from ivp_analysis.registry import Registry
from ivp_analysis.report.page.glossary import GlossaryTerm, explain_terms
from ivp_analysis.report.wording.ends import glossary

HIC = GlossaryTerm("hic", "high impact crimes (HIC)", ("high impact crimes", "HIC"), "Zware misdrijven.")
TREND = GlossaryTerm("trend", "trend", ("trend", "trends"), "De richting over jaren.")
TERMS = [HIC, TREND]


def _links(html: str) -> list[str]:
    return re.findall(r'<a href="#begrip-[^"]*" class="term">([^<]*)</a>', html)


def test_the_first_place_of_a_term_leads_to_its_explanation() -> None:
    html = explain_terms("<p>Van HIC is de Trend dalend; HIC en high impact crimes.</p>", TERMS)
    assert _links(html) == ["HIC", "Trend"]
    assert '<dt id="begrip-hic">high impact crimes (HIC)</dt><dd>Zware misdrijven.</dd>' in html


def test_a_page_explains_only_what_it_uses() -> None:
    html = explain_terms("<p>De trends dalen.</p>", TERMS)
    assert _links(html) == ["trends"]
    assert "begrip-hic" not in html
    assert explain_terms("<p>Niets.</p>", TERMS) == "<p>Niets.</p>"


def test_a_word_is_no_part_of_another() -> None:
    assert not _links(explain_terms("<p>Een trendbreuk en een HIC-team, subtrend.</p>", TERMS))


def test_spaces_that_do_not_break_are_spaces() -> None:
    assert _links(explain_terms("<p>high\u00a0impact crimes</p>", TERMS)) == ["high\u00a0impact crimes"]


def test_no_link_in_a_link_a_heading_a_drawing_or_a_fold() -> None:
    closed = (
        "<h2>HIC</h2><a href='#x'>HIC</a><svg><text>HIC</text></svg><table><caption>HIC</caption>"
        "<tr><th scope='col'>HIC</th></tr></table><details><summary>HIC</summary></details>"
    )
    assert not _links(explain_terms(closed, TERMS))
    assert _links(explain_terms(closed + "<td>HIC</td>", TERMS)) == ["HIC"]


def test_an_explanation_is_text_and_never_markup() -> None:
    odd = GlossaryTerm("x", "<b>x</b>", ("rest",), "<script>1</script>")
    html = explain_terms("<p>rest &amp; meer</p>", [odd])
    assert "<script>" not in html
    assert "&amp; meer" in html


def test_the_registry_explains_the_words_of_the_method_in_short_sentences(registry: Registry) -> None:
    terms = glossary(registry)
    words = {word.lower() for term in terms for word in term.words}
    assert {"marge", "vergelijkbare gemeenten", "richting niet vast te stellen", "toeval"} <= words
    for term in terms:
        for sentence in re.split(r"(?<=[.!?]) ", term.text):
            assert len(sentence.split()) <= 20, sentence
