"""What somebody probably meant: the one place that suggests a name for a word that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches

MOST = 3
# How alike two words must be (0 to 1), how far behind the best another may be, and from how many letters on a word
# or a beginning tells anything.
_CLOSE, _BEHIND, _LETTERS = 0.65, 0.1, 3


def near(text: str, names: Iterable[str], first: Collection[str] = ()) -> list[str]:
    """At most three of the names, whatever the case; `first` go before the others.

    Names that begin with the text or share all its words ("Bergen", "gemeente Assen") come before those that are
    only spelled alike ("asen").
    """
    wanted = text.casefold()
    pool = {name: name.casefold() for name in dict.fromkeys(names)}
    alike = [name for name, plain in pool.items() if _holds(wanted, plain)]
    close = get_close_matches(wanted, pool.values(), n=MOST, cutoff=_CLOSE)
    scores = {plain: SequenceMatcher(None, plain, wanted).ratio() for plain in close}
    best = max(scores.values(), default=0)
    spelled = [
        n for plain in close if scores[plain] >= best - _BEHIND for n, own in pool.items() if own == plain
    ]
    return sorted(dict.fromkeys([*alike, *spelled]), key=lambda name: name not in first)[:MOST]


def did_you_mean(text: object, names: Iterable[str]) -> str:
    """The beginning of a `todo`; empty when nothing resembles."""
    close = near(str(text), names)
    return f"did you mean {' or '.join(repr(c) for c in close)}? " if close else ""


def _holds(text: str, name: str) -> bool:
    if len(text) < _LETTERS:
        return text == name
    mine, theirs = _words(text), _words(name)
    return name.startswith(text) or bool(mine and theirs and (mine <= theirs or theirs <= mine))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text) if len(word) >= _LETTERS}
