"""The sentences of the monitor: what stands out, how often that is a false alarm, what changed, the targets."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ivp_analysis.methods.monitor import MonitorWord
from ivp_analysis.methods.twelve_months import PathWord
from ivp_analysis.report.monitor.targets import WatchedTarget
from ivp_analysis.report.monitor.watch import MonitorBook, Watched
from ivp_analysis.report.monitor.words import SIGNAL_WORDS, name_span
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import MOST_SENTENCES
from ivp_analysis.report.wording.tabulate import sentence_case
from ivp_analysis.report.wording.trend import join_some, join_words

MOST_NAMED = 3
UNCHANGED = "Sinds een maand eerder is daarin niets veranderd."
NO_MONTHS = "In deze gegevens staan geen maandcijfers. Er is daarom niets om per maand te volgen."


def summarise_monitor(book: MonitorBook, targets: Sequence[WatchedTarget]) -> list[str]:
    """At most seven sentences."""
    if not book.watched:
        return [NO_MONTHS]
    return [
        _say_signals(book),
        _say_budget(book),
        *_say_strongest(book),
        _say_tally(book),
        *_say_path(targets),
        *_say_running(targets),
        *_say_unknown(book),
    ][:MOST_SENTENCES]


def _say_signals(book: MonitorBook) -> str:
    judged = [w for w in book.watched if w.signal.word != MonitorWord.NOT_ASSESSABLE]
    found = book.signals
    month = numbers.period(book.month)
    if not found:
        return f"In {month} valt geen van de {len(judged)} gevolgde reeksen op."
    high = sum(w.signal.count > w.signal.expected for w in found)
    parts = [f"{n} hoger" for n in (high,) if n] + [f"{n} lager" for n in (len(found) - high,) if n]
    verb = "valt er 1" if len(found) == 1 else f"vallen er {len(found)}"
    return f"Van de {len(judged)} gevolgde reeksen {verb} op in {month}: {join_words(parts)} dan verwacht."


def _say_budget(book: MonitorBook) -> str:
    """The budget, in the words that the method asks for."""
    year = numbers.decimal(book.budget, 1)
    month = numbers.decimal(book.budget / 12, 1)
    return (
        f"Verwacht aantal valse signalen per jaar: {year}, of {month} per maand. Zoveel valt er op als er niets "
        "bijzonders gebeurt."
    )


def name_series(watched: Watched) -> str:
    """`winkeldiefstallen in <gemeente>`."""
    return f"{watched.indicator.label} in {watched.series.area.in_words}"


def _say_strongest(book: MonitorBook) -> list[str]:
    named = [
        f"{name_series(w)} ({SIGNAL_WORDS[w.signal.word][0]}, {name_span(w.span)})"
        for w in book.signals[:MOST_NAMED]
    ]
    return [f"Het sterkst: {join_words(named)}."] if named else []


def changed_series(book: MonitorBook) -> list[Watched]:
    """What became or ceased to be a signal since one month earlier."""
    return [w for w in book.watched if w.stands_out != w.stood_out]


def _say_tally(book: MonitorBook) -> str:
    """How many signals came and went since last month; the section names them."""
    new = sum(not w.stood_out for w in book.signals)
    gone = sum(w.stood_out and not w.stands_out for w in book.watched)
    if not new and not gone:
        return UNCHANGED
    came = "is er 1 signaal" if new == 1 else f"zijn er {new or 'geen'} signalen"
    went = "is er 1" if gone == 1 else f"zijn er {gone or 'geen'}"
    return f"Sinds een maand eerder {came} bijgekomen en {went} verdwenen."


def say_news(book: MonitorBook) -> str:
    """What is new and what is gone since last month."""
    new = [name_series(w) for w in book.signals if not w.stood_out]
    gone = [name_series(w) for w in book.watched if w.stood_out and not w.stands_out]
    found = [
        f"{text} sinds een maand eerder: {join_some(names, MOST_NAMED)}."
        for text, names in (("Nieuw", new), ("Niet meer opvallend", gone))
        if names
    ]
    return " ".join(found) or UNCHANGED


def _say_path(targets: Sequence[WatchedTarget]) -> list[str]:
    tally = Counter(t.judged[-1].word for t in targets if t.judged)
    judged = sum(n for word, n in tally.items() if word != PathWord.NOT_ASSESSABLE)
    if not judged:
        return ["De doelen zijn in deze maand niet naast hun pad te leggen."]
    names = {PathWord.BELOW: "onder het pad", PathWord.AROUND: "rond het pad", PathWord.ABOVE: "erboven"}
    parts = [f"{tally[word]} {text}" for word, text in names.items() if tally[word]]
    return [f"Van de {judged} doelen met maandcijfers liggen er over 12 maanden {join_words(parts)}."]


def _say_running(targets: Sequence[WatchedTarget]) -> list[str]:
    """The first target with months, this year beside last year."""
    found = next((t for t in targets if t.running is not None and t.running.so_far.comparison), None)
    if found is None or found.running is None or math.isnan(found.running.so_far.count):
        return []
    so_far = found.running.so_far
    return [
        f"{sentence_case(found.target.label)}: {numbers.count(so_far.count)} in {found.running.year} tot nu toe, tegen "
        f"{numbers.count(so_far.previous)} in dezelfde maanden van {found.running.year - 1}."
    ]


def _say_unknown(book: MonitorBook) -> list[str]:
    gone = sum(w.signal.word == MonitorWord.NOT_ASSESSABLE for w in book.watched)
    verb = "is 1 reeks" if gone == 1 else f"zijn {gone} reeksen"
    return [f"Over {numbers.period(book.month)} {verb} niet te beoordelen."] if gone else []


def say_behind(book: MonitorBook) -> list[str]:
    """Sources that are not as far as the month, and subjects that have no months at all."""
    labels = {key: indicator.label for key, indicator in book.analysis.registry.indicators.items()}
    late: dict[str, list[str]] = {}
    for indicator, month in book.latest.items():
        if month != book.month:
            late.setdefault(month, []).append(labels[indicator])
    found = [
        f"Tot en met {numbers.period(month)} zijn er cijfers over {join_words(names)}."
        for month, names in sorted(late.items())
    ]
    if book.behind:
        names = [labels[indicator] for indicator in book.behind]
        found.append(f"Te oud om te volgen: {join_words(names)}.")
    if book.not_monthly:
        found.append(f"Zonder maandcijfers: {join_words([i.label for i in book.not_monthly])}.")
    return found


def say_second_opinion(book: MonitorBook) -> str:
    """How EARS and the monitor agree."""
    by_month = [w for w in book.watched if w.ears is not None]
    alarms = [w for w in by_month if w.ears and any(w.ears[:2])]
    both = sum(w.stands_out for w in alarms)
    also = f"{both or 'geen'} daarvan {'valt' if both < 2 else 'vallen'} ook hier op"
    return (
        f"EARS (regel C1 of C2) gaat af bij {len(alarms)} van de {len(by_month)} reeksen die per maand worden bekeken; "
        f"{also}. EARS kijkt alleen naar de zeven maanden ervoor en kent geen seizoen."
    )


def say_monitor_method(book: MonitorBook) -> list[str]:
    """How a signal comes about, in sentences that a council member can follow."""
    rules = book.rules
    high, very = (numbers.decimal(1000 * p, 0) for p in (rules.notable_p, rules.very_notable_p))
    return [
        f"Voor elke reeks is uit de {rules.years} jaar ervoor geschat wat in deze maand te verwachten was: het verloop, "
        "het seizoen en bekende breuken in de registratie tellen mee.",
        f"Opvallend heet een aantal dat naar die verwachting in minder dan {high} van de 1.000 maanden zo hoog (of zo "
        f"laag) is; zeer opvallend in minder dan {very} van de 1.000.",
        "Maanden die eerder al opvielen, wegen minder mee, zodat zij een volgend signaal niet verbergen.",
        f"Bij gemiddeld minder dan {rules.min_mean} per maand wordt naar hele kwartalen gekeken, en bij nog minder naar "
        "12 maanden samen.",
        "Een ontbrekende maand blijft ontbreken en telt nooit als nul.",
        "Het aantal valse signalen geldt als het verloop van de laatste jaren gewoon doorgaat. Schuift het niveau zelf "
        "langzaam op, dan vallen er meer maanden op zonder dat er iets bijzonders is gebeurd.",
        "Een signaal is een vraag, geen antwoord: wat er gebeurde, weten de mensen in de gemeente en bij de politie.",
        "De kans op een jaar op of onder het pad rust op de maanden tot nu toe en het gewone seizoen; wat er nog kan "
        "veranderen, weet zij niet.",
    ]
