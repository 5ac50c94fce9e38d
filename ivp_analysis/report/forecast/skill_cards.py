"""The skill card beside every forecast: how earlier forecasts of the kind turned out, and what is not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ivp_analysis.methods.backtest import Backtest, BacktestRules
from ivp_analysis.methods.bootstrap import Estimate
from ivp_analysis.methods.projection import Forecaster
from ivp_analysis.methods.skill import Calibration, SkillCard, assess_skill
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.forecast.backtests import backtested_indicators, join_backtests, open_backtest
from ivp_analysis.report.forecast.forecasts import Outlook, open_outlook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import Details, Text
from ivp_analysis.report.wording.trend import join_words

FORECASTER_NAMES: dict[Forecaster, str] = {
    Forecaster.DEFAULT: "onze verwachting",
    Forecaster.DRIFTLESS: "schommelend niveau zonder richting",
    Forecaster.DRIFTING: "schommelend niveau met richting",
    Forecaster.LAST_YEAR: "zelfde als vorig jaar",
    Forecaster.THREE_YEAR_MEAN: "gemiddelde van drie jaar",
    Forecaster.LOG_LINEAR: "doorgetrokken trend",
    Forecaster.QUASI_POISSON: "doorgetrokken trend met ruimere marge",
}
CALIBRATION_WORDS: dict[Calibration, str] = {
    Calibration.NOT_ESTABLISHED: "kalibratie nog niet vast te stellen",
    Calibration.CONSISTENT: "marges zijn in orde",
    Calibration.TOO_NARROW: "marges zijn te smal",
    Calibration.TOO_WIDE: "marges zijn te ruim",
}


@dataclass(frozen=True)
class Skill:
    """The cards of one indicator. own: tested on this indicator itself, not on others of its group; sums: on sums
    of municipalities, as the region is one.
    """

    label: str
    own: bool
    sums: bool
    cards: dict[int, SkillCard]
    rules: BacktestRules
    interval: float

    def card(self, horizon: int) -> SkillCard | None:
        """The card of that many years ahead, else of the most years ahead that could be tested."""
        return self.cards.get(horizon) or (self.cards[max(self.cards)] if self.cards else None)


@dataclass(frozen=True)
class SkillBook:
    """The cards of all indicators of an analysis."""

    outlook: Outlook

    @cached_property
    def tests(self) -> dict[str, Backtest]:
        """The backtests there are of single municipalities, by indicator."""
        return self._open(sums=False)

    @cached_property
    def sums(self) -> dict[str, Backtest]:
        """The same of sums of municipalities like the region."""
        return self._open(sums=True)

    def _open(self, *, sums: bool) -> dict[str, Backtest]:
        wanted = backtested_indicators(self.outlook)
        found = {i: open_backtest(self.outlook, i, sums=sums) for i in wanted}
        return {i: test for i, test in found.items() if test is not None}

    @cached_property
    def _skills(self) -> dict[tuple[str, bool], Skill]:
        return {}

    def skill(self, indicator: str, area: Area | None = None) -> Skill:
        """The indicator's own cards, else those of the tested indicators of its group together.

        For an `area` of several municipalities those of sums, where the indicator or its group has them.
        """
        group = self.outlook.analysis.registry.indicators[indicator].group
        sums = area is not None and len(area.members) > 1
        sums = sums and (indicator in self.sums or bool(self._group(group, sums=True)))
        own = indicator in (self.sums if sums else self.tests)
        kind = (indicator if own else group, sums)
        if kind not in self._skills:
            chosen = [indicator] if own else self._group(group, sums=sums)
            self._skills[kind] = self._assess(chosen, own, sums=sums)
        return self._skills[kind]

    @cached_property
    def whole(self) -> Backtest:
        """All tested indicators as one test."""
        return join_backtests(list(self.tests.values()))

    @cached_property
    def everything(self) -> Skill:
        """The cards over all tested indicators together."""
        return self._assess(list(self.tests), own=len(self.tests) == 1)

    def warm(self) -> None:
        """Make every card now, for all pages that this process and those forked from it make."""
        region = self.outlook.analysis.region
        if self.tests:
            _ = [self.skill(indicator) for indicator in self.tests], self.everything
        _ = [self.skill(indicator, region) for indicator in self.sums]

    def _group(self, group: str, *, sums: bool) -> list[str]:
        records = self.outlook.analysis.registry.indicators
        return [i for i in (self.sums if sums else self.tests) if records[i].group == group]

    def _assess(self, indicators: Sequence[str], own: bool, *, sums: bool = False) -> Skill:
        records, rules = self.outlook.analysis.registry.indicators, self.outlook.backtest_rules
        label = records[indicators[0]].label if own else f"{len(indicators)} verwante onderwerpen"
        cards = {}
        if indicators:
            tests = self.sums if sums else self.tests
            test = join_backtests([tests[i] for i in indicators])
            horizons = sorted({int(h) for h in test.horizon})
            shown = self.outlook.rules.interval
            cards = {h: assess_skill(test, horizon=h, rules=rules, interval=shown) for h in horizons}
        return Skill(label, own, sums, cards, rules, self.outlook.rules.interval)


def open_skills(analysis: Analysis) -> SkillBook:
    """The skill cards of an analysis, shared by all that ask for them in this process."""
    found: SkillBook = analysis.shelf.setdefault("skills", SkillBook(open_outlook(analysis)))
    return found


def skill_card(skill: Skill, horizon: int) -> Details:
    """The card, folded; what counts most stands in the line that is always seen."""
    return Details(
        f"Hoe goed waren zulke verwachtingen eerder? {say_skill_short(skill, horizon)}",
        Text(*say_skill(skill, horizon)),
    )


def say_skill_short(skill: Skill, horizon: int) -> str:
    """One clause for beside a forecast."""
    card = skill.card(horizon)
    if card is None:
        return "Nog niet getoetst."
    return (
        f"De {numbers.percent(skill.interval)}-marge bevatte {numbers.percent(card.coverage.value)} "
        f"van {numbers.count(card.n)} uitkomsten{_miss(card.coverage, skill.interval)}; "
        f"{CALIBRATION_WORDS[card.calibration]}."
    )


def _miss(coverage: Estimate, promised: float) -> str:
    """Whether a margin held less or more than it promises, beyond the uncertainty of that; else nothing."""
    if coverage.upper < promised:
        return ", minder dan de marge belooft"
    return ", meer dan de marge belooft" if coverage.lower > promised else ""


def say_skill(skill: Skill, horizon: int) -> list[str]:
    """The whole card in sentences."""
    card = skill.card(horizon)
    if card is None:
        return [
            "Er zijn te weinig jaren om eerdere verwachtingen met hun uitkomst te vergelijken. "
            "Hoe goed deze verwachting is, is dus niet bekend."
        ]
    return [
        *_say_test(skill, card, horizon),
        _say_coverage(skill, card),
        _say_gain(card),
        *_say_rivals(card),
        _say_brier(card),
        _say_calibration(skill, card),
        *_say_temper(skill, card),
    ]


def _say_test(skill: Skill, card: SkillCard, horizon: int) -> list[str]:
    ahead = f"{card.horizon} jaar vooruit"
    years = numbers.years(card.origins[0], card.origins[-1])
    found = [
        f"De proef: {numbers.count(card.n)} verwachtingen van {skill.label}, {ahead}, gemaakt met de "
        f"kennis van {years}. Het gaat om {numbers.count(card.n_areas)} "
        f"{'sommen van gemeenten, zoals de regio er een is' if skill.sums else 'reeksen van losse gemeenten'}."
    ]
    if not skill.own:
        found.append("Dit onderwerp is niet zelf getoetst; de proef gaat over verwante onderwerpen.")
    if card.horizon != horizon:
        found.append(f"Verwachtingen voor {horizon} jaar vooruit zijn met deze cijfers niet te toetsen.")
    return found


def _say_coverage(skill: Skill, card: SkillCard) -> str:
    shown, wide = numbers.percent(skill.interval), numbers.percent(skill.rules.wide_interval)
    return (
        f"De {shown}-marge bevatte de uitkomst in {numbers.percent(card.coverage.value)} van de gevallen, "
        f"de {wide}-marge in {numbers.percent(card.coverage_wide.value)}."
    )


def _say_gain(card: SkillCard) -> str:
    gain = card.skill_against(Forecaster.LAST_YEAR)
    size, side = numbers.percent(abs(gain.value)), "dichter bij" if gain.value > 0 else "verder van"
    rival = FORECASTER_NAMES[Forecaster.LAST_YEAR]
    if size == numbers.percent(0):
        return f"Onze verwachting zat even dicht bij de uitkomst als '{rival}'."
    doubt = ""
    if gain.lower == gain.lower:
        doubt = (
            f" (marge van dit verschil: {numbers.percent_interval(gain.lower, gain.upper, 0, signed=True)})"
        )
    return f"Onze verwachting zat {size} {side} de uitkomst dan '{rival}'{doubt}."


def _say_rivals(card: SkillCard) -> list[str]:
    if not card.beaten_by:
        return ["Geen van de eenvoudiger manieren van voorspellen deed het beter."]
    names = join_words([f"'{FORECASTER_NAMES[rival]}'" for rival in card.beaten_by])
    others = "Een andere manier" if len(card.beaten_by) == 1 else f"{len(card.beaten_by)} andere manieren"
    did = "deed" if len(card.beaten_by) == 1 else "deden"
    return [f"{others} van voorspellen {did} het hier beter: {names}."]


def _say_brier(card: SkillCard) -> str:
    brier = card.brier
    always = brier.base_rate * (1 - brier.base_rate)
    return (
        f"De Brier-score van de genoemde kansen is {numbers.decimal(brier.value, 2)}. "
        f"Wie altijd het gemiddelde noemt, scoort {numbers.decimal(always, 2)}; lager is beter."
    )


def _say_calibration(skill: Skill, card: SkillCard) -> str:
    if card.calibration != Calibration.NOT_ESTABLISHED:
        return f"Over {len(card.origins)} beginjaren: {CALIBRATION_WORDS[card.calibration]}."
    if card.n_apart >= skill.rules.min_origins:
        return "Kalibratie nog niet vast te stellen: daarvoor verschillen de jaren te veel van elkaar."
    return (
        f"Kalibratie nog niet vast te stellen: er zijn {card.n_apart} jaren die elkaar niet overlappen, "
        f"en minstens {skill.rules.min_origins} zijn nodig."
    )


def _say_temper(skill: Skill, card: SkillCard) -> list[str]:
    """Chances near 0 or 1 lean on the ends of the margin: where it held too little, they are too bold."""
    if card.coverage_wide.value >= skill.rules.wide_low:
        return []
    missed = numbers.percent(1 - card.coverage_wide.value)
    return [
        f"In {missed} van de gevallen viel de uitkomst buiten de ruime marge. Zeer kleine en zeer grote kansen, zoals "
        "minder dan 1 op 20, zijn hier dus te stellig."
    ]
