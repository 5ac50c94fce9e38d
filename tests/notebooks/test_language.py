"""What the made pages say: short Dutch sentences, no word of the trade without an explanation, no English."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "reports").glob("*/*/*.html"))
AVERAGE, LONGEST = 20, 60
FORBIDDEN = re.compile(
    r"\b(significant\w*|p-waarde|p-value|nulhypothese|confidence|betrouwbaarheidsinterval|overdispersie|outlier\w*|"
    r"regressie\w*|coëfficiënt\w*|log-lineair\w*|bootstrap\w*|quantile\w*|kwantiel\w*|posterior\w*|prior|dataset\w*|"
    r"output|input|default|snapshot\w*|baseline\w*|target\w*|peer\w*|trend word|skill)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(the|and|with|from|year|count|rate|none|missing|unknown|value|not available)\b", re.IGNORECASE
)
# A sentence ends here; a figure with a dot (1.656) or an abbreviation (inw.) does not end one.
_END = re.compile(r"(?<=[a-zé)%\d][.?!]) (?=[A-Z\d])")
_SAID = frozenset({"p", "li", "dd"})
_SKIPPED = frozenset({"style", "samp", "svg", "nav", "footer"})

if not PAGES:
    pytest.skip("no pages were made: run `make reports` first", allow_module_level=True)


class _Said(HTMLParser):
    """The paragraphs and list items of a page, and all its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.paragraphs: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "meta", "img", "col", "hr", "link"):
            self.open.append(tag)
        if tag in _SAID and not _SKIPPED.intersection(self.open):
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if _SKIPPED.intersection(self.open):
            return
        self.text.append(data)
        if _SAID.intersection(self.open) and "dl" not in self.open[:-1][-1:]:
            self.paragraphs[-1] += data


def _said(page: str) -> _Said:
    reader = _Said()
    reader.feed((ROOT / page).read_text(encoding="utf-8"))
    return reader


@pytest.mark.parametrize("page", PAGES)
def test_the_answer_comes_first_and_in_one_breath(page: str) -> None:
    html = (ROOT / page).read_text(encoding="utf-8")
    first = re.search(r'<section class="summary">.*?<li>(.*?)</li>', html, flags=re.S)
    assert first is not None
    words = re.sub(r"<[^>]+>", "", first[1]).split()
    assert len(words) <= 45, " ".join(words)


def _sentences(page: str) -> list[str]:
    texts = (re.sub(r"[\s\u00a0]+", " ", text).strip() for text in _said(page).paragraphs)
    found = [one for text in texts for one in _END.split(text)]
    return [one for one in found if one.endswith((".", "!", "?"))]


@pytest.mark.parametrize("page", PAGES)
def test_sentences_are_short(page: str) -> None:
    lengths = [len(re.split(r"[ ;]", one)) for one in _sentences(page)]
    assert len(lengths) > 5
    assert sum(lengths) / len(lengths) <= AVERAGE
    longest = max(_sentences(page), key=lambda one: len(one.split()))
    assert len(longest.split()) <= LONGEST, longest


@pytest.mark.parametrize("page", PAGES)
def test_no_word_of_the_trade_and_no_english(page: str) -> None:
    text = " ".join(_said(page).text)
    assert sorted({word.lower() for word in FORBIDDEN.findall(text)}) == []
    assert sorted({word.lower() for word in ENGLISH.findall(text)}) == []
