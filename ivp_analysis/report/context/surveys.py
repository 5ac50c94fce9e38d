"""What inhabitants say: the municipality's own surveys, and the Veiligheidsmonitor of larger areas beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ivp_analysis.data.regions import COUNTRY
from ivp_analysis.registry.names import PROVINCES
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.analysis.surveys import Question, SurveyPoint, survey_change, survey_questions
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.cells import Column, Missing
from ivp_analysis.report.page.pieces import Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.page.tables import Table

NO_SURVEY = "Er is geen enquête van de gemeente ingelezen. Hoe veilig inwoners zich voelen, is hier daarom niet te zien."
_FIRST = Missing("eerste meting")
_OTHER = Missing("een andere vraag of enquête dan de vorige keer")


def survey_section(analysis: Analysis, area: Area) -> Parts:
    """Own questions; the police region, province and country as background; one sentence where there is none."""
    own = survey_questions(analysis, area.members)
    context = survey_questions(analysis, (analysis.plan.police_region, analysis.plan.province, COUNTRY))
    parts: list[Shown] = [
        tabulate_questions(analysis, own, f"Enquêtes in {area.in_words}", "enquetes")
        if own
        else Text(NO_SURVEY)
    ]
    if context:
        caption = "Ter vergelijking: enquêtes in de politieregio, de provincie en het land"
        parts.append(tabulate_questions(analysis, context, caption, "enquetes-elders"))
    return Parts(*parts)


def tabulate_questions(analysis: Analysis, questions: Sequence[Question], caption: str, id: str) -> Table:
    """A row per measurement, under its question as it was put."""
    margin = numbers.margin(analysis.registry.method.group("rates")["confidence"])
    columns = [
        Column("year", "Jaar", format="year", align="left"),
        Column("share", "Aandeel", format="percent"),
        Column("limits", margin, format="percent_range"),
        Column("n", "Antwoorden", format="count"),
        Column("change", "Verschil", "procentpunt", format="signed", digits=1),
        Column("margin", margin, "van het verschil", format="range", digits=1),
        Column("detectable", "Zichtbaar", "vanaf, procentpunt", format="decimal", digits=1),
    ]
    power = numbers.percent(analysis.registry.method.group("survey")["power"])
    return Table(
        caption=caption,
        columns=columns,
        rows=[row for question in questions for row in _rows(analysis, question)],
        notes=[
            "Verschil: met de meting ervoor. Bevat de marge van het verschil nul, dan kan het toeval zijn.",
            f"Zichtbaar vanaf: de kleinste daling die twee enquêtes van deze omvang met {power} kans laten zien.",
        ],
        id=id,
        group=Column("question", "Vraag"),
    )


def _rows(analysis: Analysis, question: Question) -> list[dict[str, Any]]:
    befores = [None, *(earlier for earlier, _ in pairwise(question.points))]
    return [
        {
            "question": _heading(analysis, question, point),
            "year": point.year,
            "share": point.share.value,
            "limits": (point.share.lower, point.share.upper),
            "n": point.share.n,
            **_change(analysis, before, point),
        }
        for before, point in zip(befores, question.points, strict=True)
    ]


def _change(analysis: Analysis, before: SurveyPoint | None, point: SurveyPoint) -> dict[str, Any]:
    if before is None or not before.compares_with(point):
        return dict.fromkeys(("change", "margin", "detectable"), _FIRST if before is None else _OTHER)
    found = survey_change(analysis, before, point)
    none = Missing("met deze omvang valt geen enkele daling op")
    return {
        "change": 100 * found.change,
        "margin": (100 * found.lower, 100 * found.upper),
        "detectable": none if found.detectable != found.detectable else 100 * found.detectable,
    }


def _heading(analysis: Analysis, question: Question, point: SurveyPoint) -> str:
    """Whose survey it is, its name, and the question as it was put then; another one begins a new group."""
    parts = (_place(analysis, question.area_code), point.survey, point.wording or question.label)
    return " – ".join(part for part in parts if part)


def _place(analysis: Analysis, code: str) -> str:
    """A municipality's own page need not repeat its name."""
    if code in analysis.plan.areas:
        return ""
    named = {COUNTRY: "Nederland", analysis.plan.police_region: f"Politieregio ({code})"}
    return named.get(code) or PROVINCES.get(code, code)
