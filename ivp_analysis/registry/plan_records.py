"""The frozen records of a plan: targets, statements on the safety picture, running approach, aims in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later decision that changed a target; the adopted value stays beside it."""

    decided_on: date
    target: float
    target_year: int
    decision: str


@dataclass(frozen=True, slots=True)
class Target:
    """A quantified aim of the plan: at most `target` in `target_year`, from `baseline` in `baseline_year`.

    ground: why this value was chosen, in Dutch; empty where the plan does not say.
    """

    id: str
    indicator: str
    label: str
    areas: tuple[str, ...]
    baseline: float
    baseline_year: int
    target: float
    target_year: int
    unit: str
    quote: str
    where: str
    kind: Literal["count", "share"] = "count"
    priority: str = ""
    ground: str = ""
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the plan about the safety picture; testable when it names an `indicator`.

    theme: where the plan places it, empty where that is the theme of its indicator. measure: the measure of the
    source that the sentence speaks of ("aangiften"), empty for its main count.
    """

    id: str
    area: str
    field: str
    quote: str
    where: str
    indicator: str | None = None
    kind: Literal["trend", "level", "none"] = "none"
    theme: str = ""
    measure: str = ""
    expects: tuple[str, ...] = ()
    window: tuple[int, ...] = ()
    reading: str = ""
    untestable_because: str = ""
    source_needed: str = ""


@dataclass(frozen=True, slots=True)
class Approach:
    """What the plan says is being done: a bullet beside its statements, in an area and a safety field."""

    id: str
    area: str
    field: str
    quote: str
    where: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A safety field or theme as the plan itself lists it; `id` is that of the registry."""

    id: str
    quote: str
    where: str


@dataclass(frozen=True, slots=True)
class Aim:
    """A priority, strategic theme or aim without an indicator: evaluated in words."""

    id: str
    kind: Literal["objective", "priority", "strategic-theme", "cycle", "other"]
    label: str
    quote: str
    where: str
    themes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    evaluated_by: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """An adopted plan: its areas, period, targets, statements, approaches and aims.

    region_article: what a sentence puts before the region's name ("het", "de"), empty for none.
    fields, themes: as the plan lists them; empty for those of the registry.
    """

    id: str
    title: str
    document: str
    adopted: str
    first_year: int
    last_year: int
    base_year: int
    region_name: str
    region_slug: str
    areas: tuple[str, ...]
    police_region: str
    province: str
    region_article: Literal["het", "de", ""] = ""
    targets: tuple[Target, ...] = ()
    statements: tuple[Statement, ...] = ()
    approaches: tuple[Approach, ...] = ()
    aims: tuple[Aim, ...] = ()
    fields: tuple[Listed, ...] = ()
    themes: tuple[Listed, ...] = ()
