"""Surveys: measurements with their limits, and which of them may be compared."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ivp_analysis.data.disclosure import shown_shares
from ivp_analysis.methods.rates import Share, wilson_share
from ivp_analysis.methods.survey_change import ShareChange, compare_shares

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis


@dataclass(frozen=True, slots=True)
class SurveyPoint:
    """One measurement: its share with limits, the question as it was put, and the name of the survey ("" = not
    told).
    """

    year: int
    share: Share
    wording: str = ""
    survey: str = ""

    def compares_with(self, other: SurveyPoint) -> bool:
        """Whether question and survey are the same; another question measures something else."""
        return (_plain(self.wording), _plain(self.survey)) == (_plain(other.wording), _plain(other.survey))


@dataclass(frozen=True, slots=True)
class Question:
    """One question in one area, its measurements in order of time up to the reference year."""

    area_code: str
    code: str
    label: str
    points: tuple[SurveyPoint, ...]


def survey_questions(
    analysis: Analysis, area_codes: Collection[str], codes: Iterable[str] | None = None
) -> list[Question]:
    """What was asked in these areas (of these codes), by area and question; never shares of too few people."""
    frame = shown_shares(analysis.build.survey, analysis.registry)
    frame = frame[
        frame["area_code"].isin(list(area_codes)).to_numpy() & (frame["year"] <= analysis.year).to_numpy()
    ]
    if codes is not None:
        frame = frame[frame["question"].isin(list(codes)).to_numpy()]
    confidence = float(analysis.registry.method.group("rates")["confidence"])
    found: dict[tuple[str, str], list[SurveyPoint]] = {}
    for row in frame.sort_values("year").to_dict("records"):
        found.setdefault((str(row["area_code"]), str(row["question"])), []).append(_point(row, confidence))
    return [
        Question(area, code, _label(analysis, code, points), tuple(points))
        for (area, code), points in sorted(found.items())
    ]


def _point(row: Mapping[Hashable, Any], confidence: float) -> SurveyPoint:
    """Without a design effect in the delivery the answers count as drawn by simple chance."""
    effect = float(row["design_effect"])
    share = wilson_share(
        float(row["share"]),
        float(row["n"]),
        confidence=confidence,
        design_effect=effect if effect == effect else 1.0,
    )
    return SurveyPoint(int(row["year"]), share, str(row["wording"]), str(row["survey"]))


def _label(analysis: Analysis, code: str, points: list[SurveyPoint]) -> str:
    """The question as it was last put, else the name of its code."""
    asked = [point.wording for point in points if point.wording]
    known = analysis.registry.sources["survey"].codes if "survey" in analysis.registry.sources else {}
    return asked[-1] if asked else known.get(code, code)


def survey_change(analysis: Analysis, before: SurveyPoint, after: SurveyPoint) -> ShareChange:
    """The difference between two measurements with its interval, and what surveys of this size can show."""
    return compare_shares(
        before.share,
        after.share,
        confidence=float(analysis.registry.method.group("rates")["confidence"]),
        power=float(analysis.registry.method.group("survey")["power"]),
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
