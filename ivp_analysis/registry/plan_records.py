"""The frozen records of a plan: targets, statements about the safety picture, and aims in words."""

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
    """A sentence of the plan about the safety picture; testable when it names an `indicator`."""

    id: str
    area: str
    field: str
    quote: str
    where: str
    indicator: str | None = None
    kind: Literal["trend", "level", "none"] = "none"
    expects: tuple[str, ...] = ()
    window: tuple[int, ...] = ()
    reading: str = ""
    untestable_because: str = ""
    source_needed: str = ""


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
    """An adopted plan: its areas, period, targets, statements and aims."""

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
    targets: tuple[Target, ...] = ()
    statements: tuple[Statement, ...] = ()
    aims: tuple[Aim, ...] = ()
