"""Which municipality, and which part, makes the change of a regional total."""

from __future__ import annotations

import math

from ivp_analysis.methods.contribution import Contribution, Contributions, attribute_change
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Finding
from ivp_analysis.report.page import numbers
from ivp_analysis.report.wording.trend import join_words


def attribute_to_areas(analysis: Analysis, indicator: str, first: int, last: int) -> Contributions | None:
    """By municipality of the plan; None when one of them has no count in one of the two years."""
    findings = [analysis.findings.get((indicator, code)) for code in analysis.plan.areas]
    return _attribute([(f.area.name, f) for f in findings if f], first, last, whole=None)


def attribute_to_parts(analysis: Analysis, indicator: str, first: int, last: int) -> Contributions | None:
    """By the indicators that are part of it, and the rest; None when there are none or a count is missing."""
    whole = analysis.findings.get((indicator, analysis.region.code))
    if whole is None:
        return None
    inside = [f for f in analysis.findings_of(analysis.region) if indicator in f.indicator.part_of]
    names = {f.indicator.id for f in inside}
    # A part of a part would count twice; a part from another source is another figure.
    parts = [f for f in inside if not names & set(f.indicator.part_of) and f.source is whole.source]
    return _attribute([(f.indicator.label, f) for f in parts], first, last, whole=whole)


def _attribute(
    named: list[tuple[str, Finding]], first: int, last: int, whole: Finding | None
) -> Contributions | None:
    before, after = ([f.count_in(year) for _, f in named] for year in (first, last))
    total = (whole.count_in(first), whole.count_in(last)) if whole else None
    if not named or any(math.isnan(value) for value in (*before, *after, *(total or ()))):
        return None
    return attribute_change(
        before, after, labels=[name for name, _ in named], whole=total, rest="overige onderdelen"
    )


def say_contributions(found: Contributions, *, label: str, first: int, last: int, items: str) -> str:
    """How a part can rise while the whole falls: who moved along, who moved against, and what that adds up to.

    `items` is what the parts are, in the plural: gemeenten, onderdelen.
    """
    whole = f"{label}: {numbers.count(found.before)} in {first} en {numbers.count(found.after)} in {last}"
    if found.change == 0:
        moved = [item for item in found.items if item.change]
        why = f": {_listed(moved)} heffen elkaar op" if moved else ""
        return f"{whole}; het totaal bleef gelijk{why}."
    direction = "daling" if found.change < 0 else "stijging"
    text = f"{whole}, een {direction} van {numbers.count(abs(found.change))}."
    against = [item for item in found.items if item.against]
    if not against:
        return f"{text} Geen van de {items} ging tegen die {direction} in."
    along = [item for item in found.items if item.change and not item.against]
    total = numbers.signed(sum(item.change for item in along))
    return (
        f"{text} Daartegen in ging het bij {_listed(against)}; "
        f"de andere {items} veranderden samen {total}, en dat woog zwaarder."
    )


def _listed(items: list[Contribution]) -> str:
    return join_words([f"{item.label} ({numbers.signed(item.change)})" for item in items])
