"""Do nested targets fit together? What the whole and its parts ask of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivp_analysis.errors import MethodError


class CoherenceWord(StrEnum):
    """Of the rest: it would have to be below 0, fall more than the whole, fall less, may rise, is empty."""

    REST_IMPOSSIBLE = "rest_impossible"
    REST_HARDER = "rest_harder"
    REST_LIGHTER = "rest_lighter"
    REST_MAY_RISE = "rest_may_rise"
    NO_REST = "no_rest"


@dataclass(frozen=True, slots=True)
class Ask:
    """A baseline and the target set for it."""

    baseline: float
    target: float

    @property
    def change(self) -> float:
        """The change asked, as a fraction; NaN from a baseline of 0."""
        return self.target / self.baseline - 1 if self.baseline > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Coherence:
    """`rest` is what stays of the whole when every part is exactly on target; `asked` its fall in counts."""

    whole: Ask
    parts: Ask
    rest: Ask
    asked: float
    word: CoherenceWord


def assess_coherence(whole: Ask, parts: Sequence[Ask]) -> Coherence:
    """The parts with a target of their own, against the whole; parts without one belong to the rest."""
    own = Ask(sum(p.baseline for p in parts), sum(p.target for p in parts))
    rest = Ask(whole.baseline - own.baseline, whole.target - own.target)
    if rest.baseline < 0:
        raise MethodError(
            f"parts of {own.baseline:g} do not fit in a whole of {whole.baseline:g}",
            todo="give parts that do not overlap and are all in the whole",
        )
    return Coherence(whole, own, rest, rest.baseline - rest.target, _word(whole, rest))


def _word(whole: Ask, rest: Ask) -> CoherenceWord:
    if rest.target < 0:
        return CoherenceWord.REST_IMPOSSIBLE
    if rest.baseline == 0:
        return CoherenceWord.NO_REST
    if rest.target >= rest.baseline:
        return CoherenceWord.REST_MAY_RISE
    return CoherenceWord.REST_HARDER if rest.change < whole.change else CoherenceWord.REST_LIGHTER
