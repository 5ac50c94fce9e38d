"""Which column of a table is meant: by its key, its key without the drifting number, or its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ivp_analysis.data.odata.shape import Dimension, Shape, Topic
from ivp_analysis.errors import FetchError
from ivp_analysis.registry.near import near

_SUFFIX = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class Wish:
    """A measure that is wanted. words: other names it goes by; unit and group: part of those of the measure.

    name: as the registry calls it. A wish that is not required may remain unfulfilled; the result says so, unless
    the measures of `parts` make it or it is a part of one that is there.
    """

    name: str
    words: tuple[str, ...] = ()
    unit: str = ""
    group: str = ""
    required: bool = True
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The measure behind a wish, and the heading of its column in the snapshot."""

    wish: str
    topic: Topic
    heading: str


def find_columns(shape: Shape, wishes: Sequence[Wish]) -> tuple[list[Found], list[str]]:
    """The measures, and notes about those that are not there; no wishes: every measure of the table."""
    if not wishes:
        return [Found(topic.key, topic, topic.key) for topic in shape.topics], []
    found: list[Found] = []
    gaps: dict[str, str] = {}
    for wish in wishes:
        topics = _candidates(shape.topics, wish)
        if len(topics) == 1:
            found.append(Found(wish.name, topics[0], _heading(wish, topics[0])))
        elif wish.required:
            raise _not_found(shape, wish, topics)
        else:
            gaps[wish.name] = f"{'no' if not topics else 'more than one'} measure for {wish.name}"
    there = {one.wish for one in found}
    for wish in (w for w in wishes if w.parts):
        served = (wish.name,) if set(wish.parts) <= there else wish.parts if wish.name in there else ()
        gaps = {name: note for name, note in gaps.items() if name not in served}
    return found, list(gaps.values())


def find_dimension(shape: Shape, name: str) -> Dimension:
    """The dimension of that column or title."""
    for matches in (lambda d: d.column == name, lambda d: plain(name) in (plain(d.column), plain(d.title))):
        found = [d for d in shape.dimensions if matches(d)]
        if len(found) == 1:
            return found[0]
    raise FetchError(
        f"no dimension {name!r} (there are {', '.join(d.column for d in shape.dimensions)})",
        where=f"table {shape.table}",
        todo="the table was redesigned: mend the columns of this source in data/registry/sources.toml",
    )


def plain(text: str) -> str:
    """Small letters and digits only: `GeregistreerdeMisdrijven` and "Geregistreerde misdrijven" are one."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]", "", letters.lower())


def stem(key: str) -> str:
    """The key without the number that drifts between releases."""
    return _SUFFIX.sub("", key)


def _candidates(topics: Sequence[Topic], wish: Wish) -> list[Topic]:
    """The closest kind of match that gives any: the very key, the key without its number, the title."""
    names = {plain(stem(wish.name)), *map(plain, wish.words)}
    fits = [t for t in topics if wish.unit in t.unit and plain(wish.group) in plain(t.group)]
    exact = [t for t in fits if t.key == wish.name]
    return (
        exact
        or [t for t in fits if plain(stem(t.key)) in names]
        or [t for t in fits if plain(t.title) in names]
    )


def _heading(wish: Wish, topic: Topic) -> str:
    """The source's own key, unless the registry names one that the table gave up: readers look for that."""
    named_key = _SUFFIX.search(wish.name) is not None
    return wish.name if named_key and stem(wish.name) != stem(topic.key) and not wish.words else topic.key


def _not_found(shape: Shape, wish: Wish, topics: Sequence[Topic]) -> FetchError:
    where = f"table {shape.table}, DataProperties"
    todo = "put the right key under [source.measures] of this source in data/registry/sources.toml"
    if topics:
        labels = "; ".join(topic.label for topic in topics)
        return FetchError(f"more than one measure is called {wish.name!r}: {labels}", where=where, todo=todo)
    names = {t.title: t.label for t in shape.topics} | {t.key: t.label for t in shape.topics}
    close = [names[name] for name in near(stem(wish.name), names)]
    hint = f"; the nearest: {'; '.join(dict.fromkeys(close))}" if close else ""
    known = ", ".join(topic.key for topic in shape.topics[:8])
    return FetchError(f"no measure {wish.name!r} (there are {known}){hint}", where=where, todo=todo)
