"""The own trend beside that of comparable municipalities: one table of rules, own word by relative word.

The relative trend is the own slope less that of the peers; so the peers' own slope is the difference of the two,
and no sentence says of the peers what that slope denies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ivp_analysis.methods.trend_result import TrendResult
from ivp_analysis.methods.trend_words import UNTESTED, TrendWord
from ivp_analysis.report.page.words import TREND_WORDS

Own = Literal["down", "up", "flat", "unclear"]
Against = Literal["down", "up", "flat", "leans_down", "leans_up", "unclear"]
PEERS = "vergelijkbare gemeenten"


@dataclass(frozen=True, slots=True)
class RelativeWord:
    """`short` stands in a cell beside the own trend, empty where there is nothing to say; `clause` follows the subject.

    {fall} and its like are verbs in the number of the subject; `sure` says that the difference is no chance.
    """

    short: str
    clause: str
    sure: bool


_SAME = f"{{go}} ongeveer gelijk op met {PEERS}"
# The latest year alone may be far from the one before: what is level is the whole window.
_LEVEL = "{stay} over de jaren heen vrijwel gelijk"
_OPEN = f"of dat meer of minder is dan bij {PEERS}, is niet vast te stellen"

RELATIVE_WORDS: dict[tuple[Own, Against], RelativeWord] = {
    ("down", "down"): RelativeWord("daalt meer dan daar", f"{{fall}}, en meer dan bij {PEERS}", True),
    ("down", "up"): RelativeWord("daalt minder dan daar", f"{{fall}}, maar minder dan bij {PEERS}", True),
    ("down", "flat"): RelativeWord("daalt als daar", f"{{fall}}, en {_SAME}", True),
    ("down", "leans_down"): RelativeWord(
        "lijkt meer te dalen dan daar", f"{{fall}}, en dat lijkt meer dan bij {PEERS}", False
    ),
    ("down", "leans_up"): RelativeWord(
        "lijkt minder te dalen dan daar", f"{{fall}}, maar dat lijkt minder dan bij {PEERS}", False
    ),
    ("down", "unclear"): RelativeWord("", f"{{fall}}; {_OPEN}", False),
    ("up", "up"): RelativeWord("stijgt meer dan daar", f"{{rise}}, en meer dan bij {PEERS}", True),
    ("up", "down"): RelativeWord("stijgt minder dan daar", f"{{rise}}, maar minder dan bij {PEERS}", True),
    ("up", "flat"): RelativeWord("stijgt als daar", f"{{rise}}, en {_SAME}", True),
    ("up", "leans_up"): RelativeWord(
        "lijkt meer te stijgen dan daar", f"{{rise}}, en dat lijkt meer dan bij {PEERS}", False
    ),
    ("up", "leans_down"): RelativeWord(
        "lijkt minder te stijgen dan daar", f"{{rise}}, maar dat lijkt minder dan bij {PEERS}", False
    ),
    ("up", "unclear"): RelativeWord("", f"{{rise}}; {_OPEN}", False),
    ("flat", "down"): RelativeWord("daar steeg het", f"{_LEVEL}, terwijl het bij {PEERS} steeg", True),
    ("flat", "up"): RelativeWord("daar daalde het", f"{_LEVEL}, terwijl het bij {PEERS} daalde", True),
    ("flat", "flat"): RelativeWord("als daar", f"{_LEVEL}, en {_SAME}", True),
    ("flat", "leans_down"): RelativeWord(
        "daar leek het te stijgen", f"{_LEVEL}, terwijl het bij {PEERS} leek te stijgen", False
    ),
    ("flat", "leans_up"): RelativeWord(
        "daar leek het te dalen", f"{_LEVEL}, terwijl het bij {PEERS} leek te dalen", False
    ),
    ("flat", "unclear"): RelativeWord(
        "", f"{_LEVEL}; of dat anders is dan bij {PEERS}, is niet vast te stellen", False
    ),
    ("unclear", "down"): RelativeWord(
        "daalt in verhouding tot daar", f"{{fall}} wel in verhouding tot {PEERS}", True
    ),
    ("unclear", "up"): RelativeWord(
        "stijgt in verhouding tot daar", f"{{rise}} wel in verhouding tot {PEERS}", True
    ),
    ("unclear", "flat"): RelativeWord("als daar", _SAME, True),
    ("unclear", "leans_down"): RelativeWord(
        "lijkt te dalen in verhouding tot daar", f"{{seem}} te dalen in verhouding tot {PEERS}", False
    ),
    ("unclear", "leans_up"): RelativeWord(
        "lijkt te stijgen in verhouding tot daar", f"{{seem}} te stijgen in verhouding tot {PEERS}", False
    ),
    ("unclear", "unclear"): RelativeWord(
        "", f"{{let}} ook in verhouding tot {PEERS} geen richting zien", False
    ),
}

# Where the peers moved the other way than the rule above says of them.
TURNED_WORDS: dict[tuple[Own, Against], RelativeWord] = {
    ("down", "down"): RelativeWord("daar niet", f"{{fall}}, terwijl het bij {PEERS} niet daalde", True),
    ("up", "up"): RelativeWord("daar niet", f"{{rise}}, terwijl het bij {PEERS} niet steeg", True),
    ("down", "leans_down"): RelativeWord(
        "daar leek het te stijgen", f"{{fall}}, terwijl het bij {PEERS} leek te stijgen", False
    ),
    ("up", "leans_up"): RelativeWord(
        "daar leek het te dalen", f"{{rise}}, terwijl het bij {PEERS} leek te dalen", False
    ),
    ("flat", "down"): RelativeWord(
        "daalt in verhouding tot daar",
        f"{_LEVEL}, maar {{fall}} in verhouding tot {PEERS}",
        True,
    ),
    ("flat", "up"): RelativeWord(
        "stijgt in verhouding tot daar",
        f"{_LEVEL}, maar {{rise}} in verhouding tot {PEERS}",
        True,
    ),
    ("flat", "leans_down"): RelativeWord(
        "lijkt te dalen in verhouding tot daar",
        f"{_LEVEL}, maar {{seem}} te dalen in verhouding tot {PEERS}",
        False,
    ),
    ("flat", "leans_up"): RelativeWord(
        "lijkt te stijgen in verhouding tot daar",
        f"{_LEVEL}, maar {{seem}} te stijgen in verhouding tot {PEERS}",
        False,
    ),
}

# Singular and plural.
_VERBS = {
    "fall": ("daalt", "dalen"),
    "rise": ("stijgt", "stijgen"),
    "stay": ("blijft", "blijven"),
    "go": ("gaat", "gaan"),
    "seem": ("lijkt", "lijken"),
    "let": ("laat", "laten"),
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


def peer_change(trend: TrendResult) -> float:
    """The yearly change of the peers as a fraction; NaN without a relative trend."""
    return math.expm1(trend.slope - trend.relative.slope) if trend.relative else float("nan")


def relative_word(trend: TrendResult) -> RelativeWord | None:
    """The rule for the two words of a trend; None when either has none."""
    if trend.word is None or trend.relative is None or trend.relative.word is None:
        return None
    first, second = own_direction(trend.word), relative_direction(trend.relative.word)
    if first is None or second is None:
        return None
    turned = TURNED_WORDS.get((first, second))
    return (
        turned if turned and _is_turned(first, second, peer_change(trend)) else RELATIVE_WORDS[first, second]
    )


def _is_turned(own: Own, against: Against, peers: float) -> bool:
    """A fall that is larger than elsewhere supposes that it fell there, a level one that it rose there."""
    below = against in ("down", "leans_down")
    supposed_up = below == (own == "flat")
    return not peers > 0 if supposed_up else not peers < 0


def relative_clause(rule: RelativeWord, *, plural: bool) -> str:
    """What follows the subject: `daalt, maar minder dan bij vergelijkbare gemeenten`."""
    return rule.clause.format(**{name: forms[plural] for name, forms in _VERBS.items()})
