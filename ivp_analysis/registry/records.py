"""The frozen records of what people decided: sources, indicators, municipalities, plans, constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ivp_analysis.registry.plan_records import Aim as Aim
from ivp_analysis.registry.plan_records import Amendment as Amendment
from ivp_analysis.registry.plan_records import Approach as Approach
from ivp_analysis.registry.plan_records import Listed as Listed
from ivp_analysis.registry.plan_records import Plan as Plan
from ivp_analysis.registry.plan_records import Statement as Statement
from ivp_analysis.registry.plan_records import Target as Target

ReaderKind = Literal[
    "odata", "statline-wide", "total-by-name", "key-figures", "delivery", "boundaries", "areas"
]
SourceKind = Literal["observations", "population", "key-figures", "delivery", "boundaries", "areas"]
Polarity = Literal["lower", "higher", "none"]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A Dutch municipality since 2010; `name` as StatLine titles it; valid on [valid_from, valid_to].

    former_names: how it was called before under the same code, for older files that name it. border: the
    countries that it touches on land (BE, DE, BE+DE); empty for none, and for what is no municipality today.
    """

    code: str
    name: str
    province: str
    valid_from: date
    valid_to: date | None = None
    former_names: tuple[str, ...] = ()
    border: str = ""

    def valid_in(self, year: int) -> bool:
        """Whether it existed on 1 July of the year (mergers take effect on 1 January)."""
        middle = date(year, 7, 1)
        return self.valid_from <= middle and (self.valid_to is None or middle <= self.valid_to)


@dataclass(frozen=True, slots=True)
class MunicipalityChange:
    """On `on`, `weight` of the old municipality's people went to the new one; weights of one old sum to 1.

    note: where the change and the weight come from.
    """

    on: date
    old_code: str
    new_code: str
    weight: float
    kind: Literal["merger", "split", "recode"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from and how their file is read.

    measures: column of the file -> suffix of the code ("" is the main count, "aangiften" `1.1.1|aangiften`).
    filters: column -> the only key that is kept (83651NED doubles without it).
    codes: every code that the source may hold, with its name; another code stops the build.
    total_code: the code that is the sum of the others (a part may never exceed it).
    rounding: 1 for exact counts, 5 for figures that CBS rounded to fives.
    yearly_tables: year -> table, for a source that has a new table every year.
    url: address of a source that is no table; {year} stands for the year.
    recut: whether the source carries its history to its newest borders, as the police do; a delivery is about the area
    that it names.
    """

    id: str
    title: str
    publisher: str
    attribution: str
    licence: str
    kind: SourceKind
    reader: ReaderKind
    table: str | None = None
    catalog: str | None = None
    code_column: str | None = None
    region_column: str | None = None
    period_column: str | None = None
    frequencies: tuple[str, ...] = ("year",)
    measures: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    total_code: str | None = None
    total_is_complete: bool = False
    yearly_only: tuple[str, ...] = ()
    recut: bool = False
    rounding: int = 1
    yearly_tables: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    notes: str = ""

    @property
    def is_delivered(self) -> bool:
        """Whether its figures are not public by themselves."""
        return self.kind == "delivery"


@dataclass(frozen=True, slots=True)
class Field:
    """One of the five safety fields of VNG Kernbeleid Veiligheid."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the 22 themes within the fields ("1.3")."""

    id: str
    field: str
    label: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one source makes the indicator: the sum of these codes; confidence, and a note in Dutch."""

    source: str
    codes: tuple[str, ...]
    confidence: Literal["high", "fair", "weak"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted, why, where it comes from and which direction is good.

    label: as in "geregistreerde woningcriminaliteit" without the word geregistreerd; sentence_label: with
    article and the word that says it is registration; plural: its verb is plural ("de meldingen ... namen
    af"). recipes: in order of preference, never mixed within a series. alternatives: other readings of the
    same definition, which the reconciliation with a published baseline tries. group: shares a variance.
    polarity: "lower" is good, "higher" is good, or "none" (mostly follows registration or police effort).
    bbv: whether the yearly accounts must give it, and bbv_label under which name.
    """

    id: str
    label: str
    sentence_label: str
    definition: str
    field: str
    theme: str
    unit: str
    denominator: Literal["population", "dwellings", "youth", "none"]
    polarity: Polarity
    recipes: tuple[Recipe, ...]
    author: str
    checker: str
    reviewed_on: date
    review_due: date
    polarity_reason: str = ""
    caveats: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    alternatives: tuple[Recipe, ...] = ()
    group: Literal["crime", "nuisance", "other"] = "crime"
    bbv: bool = False
    bbv_label: str = ""
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Caveat:
    """What the numbers cannot say; shown wherever one of its indicators, sources or areas is, or always.

    An indicator usually names its caveats itself; `indicators` serves a caveat that is added later for many.
    """

    id: str
    text: str
    indicators: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    always: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A word that a reader may not know: its label, the words that lead to it, and its explanation in Dutch."""

    id: str
    label: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """A moment after which a series is not what it was; `last` None: from `first` on for good.

    It concerns the series of these indicators from these sources; an empty tuple means any.
    """

    id: str
    label: str
    first: str
    effect: str
    reference: str
    kind: Literal["registration", "covid", "definition", "method"]
    last: str | None = None
    sources: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure of the source that we replace; `expect` is what the source says until it heals itself.

    only_simulated: the fault lives in simulated snapshots only; real figures neither need nor miss it.
    """

    id: str
    source: str
    area_code: str
    code: str
    period: str
    expect: int | None
    value: int | None
    reason: str
    reference: str
    author: str
    decided_on: date
    only_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A policy constant of the methods, printed in the accountability report."""

    id: str
    value: float | int | str
    unit: str
    label: str
    ground: str


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A notebook and the jobs it gives: one, one per area, or one for the region.

    output: file name with {slug}; title and question in Dutch. uses: what its pages rest on besides the build, the
    registry and the code: backtests (made once for all), the analyst's narrative, kept editions, snapshots as taken.
    """

    id: str
    notebook: str
    per: Literal["plan", "area", "region"]
    output: str
    title: str
    question: str
    uses: tuple[Literal["backtests", "narrative", "editions", "snapshots"], ...] = ()


@dataclass(frozen=True, slots=True)
class MethodConstants:
    """All constants by id `group.name`."""

    constants: Mapping[str, Constant]

    def group(self, name: str) -> dict[str, Any]:
        """The values of one group, by their name within it."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): c.value for key, c in self.constants.items() if key.startswith(prefix)
        }


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that people decided, loaded and cross-checked once."""

    municipalities: Mapping[str, Municipality]
    changes: tuple[MunicipalityChange, ...]
    sources: Mapping[str, Source]
    fields: Mapping[str, Field]
    themes: Mapping[str, Theme]
    indicators: Mapping[str, Indicator]
    caveats: Mapping[str, Caveat]
    breaks: Mapping[str, SeriesBreak]
    corrections: tuple[Correction, ...]
    method: MethodConstants
    reports: Mapping[str, ReportKind]
    glossary: Mapping[str, Term]
    plans: Mapping[str, Plan]
