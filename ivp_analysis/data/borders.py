"""Which municipalities of the past make up those of today, and which cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry.records import MunicipalityChange, Registry


@dataclass(frozen=True, slots=True)
class Excluded:
    """A municipality whose series is not within one set of borders: peers and trends leave it out.

    kind: "split" for the one that ended, "receiver" for one that got `weight` of the people of `old_code`.
    """

    area_code: str
    kind: str
    on: date
    old_code: str
    new_codes: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Borders:
    """target: ended code -> today's; parts: the reverse; ended: code -> its end; split: code -> receivers."""

    today: date
    target: Mapping[str, str]
    parts: Mapping[str, tuple[str, ...]]
    ended: Mapping[str, date]
    split: Mapping[str, tuple[str, ...]]
    recoded: frozenset[str]
    excluded: tuple[Excluded, ...]

    def needed(self, registry: Registry, area: str, year: int) -> tuple[str, ...]:
        """The municipalities that lay where today's area lies, in that year."""
        codes = (area, *self.parts.get(area, ()))
        return tuple(code for code in codes if registry.municipalities[code].valid_in(year))

    def ends_within(self, area: str, year: int, since: date | None) -> bool:
        """Whether the area ended in the course of the year, so that it may have a last figure of its own."""
        end = self.ended.get(area, date.min)
        return end.year == year and (end.month, end.day) != (1, 1) and (since is None or end >= since)

    def bridgeable(self, registry: Registry, area: str, year: int, since: date | None) -> bool:
        """Whether its parts make up the area: no change before `since`, and no piece of a split area."""
        needed = self.needed(registry, area, year)
        early = since is not None and any(self.ended[code] < since for code in needed if code != area)
        return not early and not self.has_pieces(registry, area, year)

    def has_pieces(self, registry: Registry, area: str, year: int) -> bool:
        """Whether the area did not exist yet and part of it lay in a municipality that was split."""
        pieces = [
            e for e in self.excluded if e.kind == "receiver" and e.area_code == area and year < e.on.year
        ]
        return bool(pieces) and not registry.municipalities[area].valid_in(year)


def bridge_from(registry: Registry) -> date:
    """Counts are carried back over mergers since this day. What merged earlier stays as it was published: a
    municipality formed in 2011 has no figure for 2010.
    """
    return date(registry.method.group("data")["bridge_from"], 1, 1)


def map_borders(registry: Registry, today: date) -> Borders:
    """Follow every change up to today; a chain (A into B, B into C) ends in C."""
    by_old: dict[str, list[MunicipalityChange]] = {}
    for change in registry.changes:
        if change.on <= today:
            by_old.setdefault(change.old_code, []).append(change)
    split = {old: tuple(c.new_code for c in changes) for old, changes in by_old.items() if _is_split(changes)}
    whole = {old: changes[0] for old, changes in by_old.items() if old not in split}
    target: dict[str, str] = {}
    lost: dict[str, tuple[str, ...]] = dict(split)
    for old in whole:
        end = _follow(old, whole)
        if end in split:
            lost[old] = split[end]
        else:
            target[old] = end
    parts: dict[str, list[str]] = {}
    for old, new in sorted(target.items()):
        parts.setdefault(new, []).append(old)
    ended = {old: min(c.on for c in changes) for old, changes in by_old.items()}
    excluded = _excluded(by_old, lost, target)
    recoded = frozenset(old for old, change in whole.items() if change.kind == "recode")
    return Borders(
        today, target, {new: tuple(olds) for new, olds in parts.items()}, ended, lost, recoded, excluded
    )


def _is_split(changes: list[MunicipalityChange]) -> bool:
    return len({c.new_code for c in changes}) > 1 or any(c.kind == "split" for c in changes)


def _follow(code: str, whole: Mapping[str, MunicipalityChange]) -> str:
    path = [code]
    while path[-1] in whole:
        path.append(whole[path[-1]].new_code)
        if path.count(path[-1]) > 1:
            raise RegistryError(
                f"the changes {' -> '.join(path)} go round in a circle",
                where="municipality_changes.csv",
                todo="mend the codes or the dates",
            )
    return path[-1]


def _excluded(
    by_old: Mapping[str, list[MunicipalityChange]],
    lost: Mapping[str, tuple[str, ...]],
    target: Mapping[str, str],
) -> tuple[Excluded, ...]:
    found: dict[tuple[str, str], Excluded] = {}
    for old, receivers in lost.items():
        for change in by_old[old]:
            today = target.get(change.new_code, change.new_code)
            found[old, old] = Excluded(old, "split", change.on, old, receivers, 1.0)
            if today not in lost and today != old:
                found[today, old] = Excluded(today, "receiver", change.on, old, receivers, change.weight)
    return tuple(found[key] for key in sorted(found))
