"""The ledger: every statement of the plan, as the plan saw it and as it is in the reference year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivp_analysis.methods.ledger import ReadingVerdict, Ruling, Verdict, expect, judge_ledger
from ivp_analysis.registry.records import Statement
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.ledger.levels import read_levels
from ivp_analysis.report.ledger.subjects import Reading, Subject, Window, window_now, window_then
from ivp_analysis.report.ledger.trends import read_trends


@dataclass(frozen=True, slots=True)
class Judged:
    """What the figures of one moment say of a statement: all readings, each with its own verdict."""

    ruling: Ruling
    readings: tuple[Reading, ...]

    @property
    def verdict(self) -> Verdict:
        """All readings together."""
        return self.ruling.verdict

    @property
    def pairs(self) -> list[tuple[Reading, ReadingVerdict]]:
        """Each reading with what it says."""
        return list(zip(self.readings, self.ruling.readings, strict=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in its area, as the plan saw it (the years that it is about) and in the reference year."""

    statement: Statement
    area: Area
    then: Judged
    now: Judged

    @property
    def is_claim(self) -> bool:
        """Whether it says a direction or a size at all."""
        return self.statement.kind != "none"

    @property
    def is_untestable(self) -> bool:
        """Whether no figure tests it, neither then nor now."""
        return self.then.verdict is self.now.verdict is Verdict.UNTESTABLE


@dataclass(frozen=True)
class Ledger:
    """All statements of the plan of an analysis, in the plan's order; each moment is one family of tests."""

    analysis: Analysis

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every statement, also those that no figure can test; judged once for all pages made in this process."""
        if "ledger" not in self.analysis.shelf:
            self.analysis.shelf["ledger"] = self._judge_all()
        judged: tuple[Entry, ...] = self.analysis.shelf["ledger"]
        return judged

    def _judge_all(self) -> tuple[Entry, ...]:
        statements = self.analysis.plan.statements
        then, now = (self._judge(statements, window) for window in (window_then, window_now))
        areas = {area.code: area for area in self.analysis.areas}
        return tuple(
            Entry(statement, areas[statement.area], *moments)
            for statement, *moments in zip(statements, then, now, strict=True)
        )

    @property
    def claims(self) -> list[Entry]:
        """The statements that say a direction or a size."""
        return [entry for entry in self.entries if entry.is_claim]

    def of(self, area: Area, field: str | None = None) -> list[Entry]:
        """What the plan says of an area (in one safety field)."""
        mine = [entry for entry in self.entries if entry.area.code == area.code]
        return [entry for entry in mine if field is None or entry.statement.field == field]

    def theme_of(self, statement: Statement) -> str:
        """The theme where the plan places it, else that of its indicator."""
        if statement.theme or statement.indicator is None:
            return statement.theme
        return self.analysis.registry.indicators[statement.indicator].theme

    def tally(self) -> tuple[Counter[Verdict], Counter[Verdict]]:
        """How many claims have each verdict: then, and now."""
        return Counter(e.then.verdict for e in self.claims), Counter(e.now.verdict for e in self.claims)

    def _judge(
        self, statements: Sequence[Statement], window: Callable[[Statement, Analysis], Window]
    ) -> list[Judged]:
        read: dict[Subject, list[list[Reading]]] = {}
        readings = [_read(self.analysis, s, window(s, self.analysis), read) for s in statements]
        testable = [place for place, found in enumerate(readings) if found]
        claims = [
            (
                expect(statements[place].expects, self.analysis.trend_rules),
                [r.evidence for r in readings[place]],
            )
            for place in testable
        ]
        level = float(self.analysis.registry.method.group("ledger")["by_level"])
        ruled = dict(zip(testable, judge_ledger(claims, level=level), strict=True))
        nothing = Ruling(Verdict.UNTESTABLE, ())
        return [Judged(ruled.get(place, nothing), tuple(found)) for place, found in enumerate(readings)]


def _read(
    analysis: Analysis, statement: Statement, window: Window, read: dict[Subject, list[list[Reading]]]
) -> list[Reading]:
    """All readings of a statement; `read` holds what another statement asked for before."""
    if statement.indicator is None or statement.kind == "none" or not statement.expects:
        return []
    place = [area.code for area in analysis.areas].index(statement.area)
    found: list[Reading] = []
    for measure in ("", statement.measure) if statement.measure else ("",):
        subject = Subject(statement.kind, statement.indicator, measure, window)
        if subject not in read:
            reader = read_trends if statement.kind == "trend" else read_levels
            read[subject] = reader(analysis, subject)
        found += read[subject][place]
    return found
