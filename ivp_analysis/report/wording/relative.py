"""The own trend beside that of comparable municipalities: one table of rules, own word by relative word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivp_analysis.methods.trend_words import UNTESTED, TrendWord
from ivp_analysis.report.page.words import TREND_WORDS

Own = Literal["down", "up", "flat", "unclear"]
Against = Literal["down", "up", "flat", "leans_down", "leans_up", "unclear"]
PEERS = "vergelijkbare gemeenten"


@dataclass(frozen=True, slots=True)
class RelativeWord:
    """`short` stands in a cell beside the own trend, empty where there is nothing to say; `clause` follows the subject and its verb.

    {verb} is the own direction in the present ("daalt", "dalen"); `sure` says that the difference is no chance.
    """

    short: str
    clause: str
    sure: bool


_SAME = f"ongeveer evenveel als bij {PEERS}"
_OPEN = f"of dat meer of minder is dan bij {PEERS}, is niet vast te stellen"

RELATIVE_WORDS: dict[tuple[Own, Against], RelativeWord] = {
    ("down", "down"): RelativeWord("daalt meer dan daar", f"{{verb}}, en meer dan bij {PEERS}", True),
    ("down", "up"): RelativeWord("daalt minder dan daar", f"{{verb}}, maar minder dan bij {PEERS}", True),
    ("down", "flat"): RelativeWord("daalt als daar", f"{{verb}}, {_SAME}", True),
    ("down", "leans_down"): RelativeWord(
        "lijkt meer te dalen dan daar", f"{{verb}}, en dat lijkt meer dan bij {PEERS}", False
    ),
    ("down", "leans_up"): RelativeWord(
        "lijkt minder te dalen dan daar", f"{{verb}}, maar dat lijkt minder dan bij {PEERS}", False
    ),
    ("down", "unclear"): RelativeWord("", f"{{verb}}; {_OPEN}", False),
    ("up", "up"): RelativeWord("stijgt meer dan daar", f"{{verb}}, en meer dan bij {PEERS}", True),
    ("up", "down"): RelativeWord("stijgt minder dan daar", f"{{verb}}, maar minder dan bij {PEERS}", True),
    ("up", "flat"): RelativeWord("stijgt als daar", f"{{verb}}, {_SAME}", True),
    ("up", "leans_up"): RelativeWord(
        "lijkt meer te stijgen dan daar", f"{{verb}}, en dat lijkt meer dan bij {PEERS}", False
    ),
    ("up", "leans_down"): RelativeWord(
        "lijkt minder te stijgen dan daar", f"{{verb}}, maar dat lijkt minder dan bij {PEERS}", False
    ),
    ("up", "unclear"): RelativeWord("", f"{{verb}}; {_OPEN}", False),
    ("flat", "down"): RelativeWord(
        "daar ging het meer omhoog", f"{{verb}} vrijwel gelijk, terwijl {PEERS} in verhouding stegen", True
    ),
    ("flat", "up"): RelativeWord(
        "daar ging het meer omlaag", f"{{verb}} vrijwel gelijk, terwijl {PEERS} in verhouding daalden", True
    ),
    ("flat", "flat"): RelativeWord("als daar", f"{{verb}} vrijwel gelijk, net als bij {PEERS}", True),
    ("flat", "leans_down"): RelativeWord(
        "daar lijkt het meer omhoog te gaan",
        f"{{verb}} vrijwel gelijk, terwijl {PEERS} in verhouding lijken te stijgen",
        False,
    ),
    ("flat", "leans_up"): RelativeWord(
        "daar lijkt het meer omlaag te gaan",
        f"{{verb}} vrijwel gelijk, terwijl {PEERS} in verhouding lijken te dalen",
        False,
    ),
    ("flat", "unclear"): RelativeWord(
        "",
        f"{{verb}} vrijwel gelijk; of dat anders is dan bij {PEERS}, is niet vast te stellen",
        False,
    ),
    ("unclear", "down"): RelativeWord(
        "daalt in verhouding tot daar", f"{{verb}} wel in verhouding tot {PEERS}", True
    ),
    ("unclear", "up"): RelativeWord(
        "stijgt in verhouding tot daar", f"{{verb}} wel in verhouding tot {PEERS}", True
    ),
    ("unclear", "flat"): RelativeWord("als daar", f"{{verb}} ongeveer gelijk op met {PEERS}", True),
    ("unclear", "leans_down"): RelativeWord(
        "lijkt te dalen in verhouding tot daar", f"{{verb}} te dalen in verhouding tot {PEERS}", False
    ),
    ("unclear", "leans_up"): RelativeWord(
        "lijkt te stijgen in verhouding tot daar", f"{{verb}} te stijgen in verhouding tot {PEERS}", False
    ),
    ("unclear", "unclear"): RelativeWord(
        "",
        f"{{verb}} ook in verhouding tot {PEERS} geen richting zien",
        False,
    ),
}

# The verb of each clause by number: singular, plural.
_VERBS: dict[Own, tuple[str, str]] = {
    "down": ("daalt", "dalen"),
    "up": ("stijgt", "stijgen"),
    "flat": ("blijft", "blijven"),
    "unclear": ("laat", "laten"),
}
_VERBS_UNCLEAR: dict[Against, tuple[str, str]] = {
    "down": ("daalt", "dalen"),
    "up": ("stijgt", "stijgen"),
    "flat": ("gaat", "gaan"),
    "leans_down": ("lijkt", "lijken"),
    "leans_up": ("lijkt", "lijken"),
    "unclear": ("laat", "laten"),
}


def own_direction(word: TrendWord) -> Own | None:
    """What the own word says; None when the series was too small or too short to say anything."""
    return None if word in UNTESTED else TREND_WORDS[word].direction


def relative_direction(word: TrendWord) -> Against | None:
    """The same of the relative trend, where a leaning keeps its direction."""
    if word is TrendWord.LEANS_DOWN:
        return "leans_down"
    if word is TrendWord.LEANS_UP:
        return "leans_up"
    return own_direction(word)


def relative_word(own: TrendWord | None, relative: TrendWord | None) -> RelativeWord | None:
    """The rule for the two words; None when either has none."""
    if own is None or relative is None:
        return None
    first, second = own_direction(own), relative_direction(relative)
    return None if first is None or second is None else RELATIVE_WORDS[first, second]


def relative_clause(own: TrendWord, relative: TrendWord, *, plural: bool) -> str:
    """What follows the subject: `daalt, maar minder dan bij vergelijkbare gemeenten`."""
    first, second = own_direction(own), relative_direction(relative)
    if first is None or second is None:
        return ""
    verbs = _VERBS_UNCLEAR[second] if first == "unclear" else _VERBS[first]
    return RELATIVE_WORDS[first, second].clause.format(verb=verbs[plural])
