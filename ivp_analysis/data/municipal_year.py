"""Lists of municipalities held against the registry: of which year they are, and what is too many or too few.

CBS makes them by the borders of 1 January; Weesp, which ended in March 2022, stands in those of 2022.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from ivp_analysis.data.regions import BORDERS_FROM
from ivp_analysis.data.tidy import shortened
from ivp_analysis.registry.records import Registry


@dataclass(frozen=True, slots=True)
class MunicipalYear:
    """The year of which a list is, or the one that it is nearest to; municipalities that it lacks or should not have."""

    year: int
    missing: tuple[str, ...]
    strange: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether it is all municipalities of the year and nothing else."""
        return not self.missing and not self.strange

    def differences(self, registry: Registry) -> str:
        """What is wrong, with the names of the first."""
        lacks, has = _named(self.missing, registry), _named(self.strange, registry)
        parts = [
            f"{word} {some}"
            for word, some in (("missing", lacks), ("unknown or of another year", has))
            if some
        ]
        return f"other municipalities than in {self.year}: {'; '.join(parts)}"


def municipal_year(codes: Collection[str], registry: Registry, year: int | None = None) -> MunicipalYear:
    """Hold the codes against those of the year, or of whichever year they fit best (the latest of equals)."""
    last = max((change.on.year for change in registry.changes), default=BORDERS_FROM)
    candidates = [year] if year is not None else range(BORDERS_FROM, last + 1)
    found = [_compare(set(codes), registry, one) for one in candidates]
    return min(reversed(found), key=lambda one: len(one.missing) + len(one.strange))


def _compare(codes: set[str], registry: Registry, year: int) -> MunicipalYear:
    day = date(year, 1, 1)
    want = {
        m.code
        for m in registry.municipalities.values()
        if m.valid_from <= day and (m.valid_to is None or day <= m.valid_to)
    }
    return MunicipalYear(year, tuple(sorted(want - codes)), tuple(sorted(codes - want)))


def _named(codes: Iterable[str], registry: Registry) -> str:
    known = registry.municipalities
    return shortened([f"{code} {known[code].name}" if code in known else code for code in codes])
