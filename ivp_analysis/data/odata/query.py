"""What is asked of a table, as a snapshot's origin keeps it; and whether an older snapshot has it already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivp_analysis.data.files import sha256_bytes
from ivp_analysis.data.odata.columns import Wish
from ivp_analysis.data.snapshots import Snapshot, is_whole

EVERY = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One source's request. areas and codes without padding; None: all that the table has.

    filters: dimension -> the only key that is wanted. A dimension that is not named is taken at its total.
    """

    source: str
    table: str
    from_year: int
    areas: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None
    code_column: str | None = None
    region_column: str | None = None
    frequencies: tuple[str, ...] = ("year",)
    filters: Mapping[str, str] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """The request as plain values; what the table answers with is not part of it."""
        return {
            "table": self.table,
            "areas": EVERY if self.areas is None else sorted(self.areas),
            "codes": EVERY if self.codes is None else sorted(self.codes),
            "from_year": self.from_year,
            "frequencies": sorted(self.frequencies),
            "filters": dict(sorted(self.filters.items())),
            "measures": sorted(wish.name for wish in self.wishes) or EVERY,
        }

    @property
    def key(self) -> str:
        """A short name for the request, for the folder of its unfinished pages."""
        return f"{self.source}-{sha256_bytes(to_text(self.record).encode('utf-8'))[:12]}"


def to_text(record: Mapping[str, Any]) -> str:
    """One line of JSON that is the same for the same record."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False)


def find_covering(
    snapshots: Iterable[Snapshot], wanted: Wanted, modified: str, seen: Sequence[Mapping[str, str]]
) -> Snapshot | None:
    """The newest snapshot of this state of the table that holds at least what is wanted.

    seen: later states and other requests that gave a file of the same bytes, and so no new snapshot.
    """
    for snapshot in sorted(snapshots, key=lambda s: s.age, reverse=True):
        states = [(snapshot.modified, snapshot.query)]
        states += [(s["modified"], s["query"]) for s in seen if s["sha256"] == snapshot.sha256]
        holds = any(known == modified and covers(query, wanted) for known, query in states)
        # A file that was changed or lost is fetched again, and so put right.
        if holds and not snapshot.simulated and is_whole(snapshot):
            return snapshot
    return None


def covers(query: str, wanted: Wanted) -> bool:
    """Whether what was once asked holds all that is wanted now; an import has no query and covers nothing."""
    try:
        had = json.loads(query)
    except ValueError:
        return False
    if not isinstance(had, dict):
        return False
    want = wanted.record
    same = all(had.get(name) == want[name] for name in ("table", "filters"))
    wide = all(_holds(had.get(name), want[name]) for name in ("areas", "codes", "frequencies", "measures"))
    first = had.get("from_year")
    return same and wide and isinstance(first, int) and first <= wanted.from_year


def _holds(had: Any, want: Any) -> bool:
    if had == EVERY:
        return True
    return isinstance(had, list) and isinstance(want, list) and set(want) <= set(had)
