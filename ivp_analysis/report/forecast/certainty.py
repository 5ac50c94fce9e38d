"""The page that anyone may read: how sure are these figures, and what do the words rest on?"""

from __future__ import annotations

import numpy as np

from ivp_analysis.methods.rates import poisson_limits
from ivp_analysis.methods.stillness import measure_stillness
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.forecast.forecasts import Outlook
from ivp_analysis.report.forecast.skill_cards import CALIBRATION_WORDS, SkillBook
from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.pieces import Heading, Text
from ivp_analysis.report.page.shown import Parts

# Examples of a yearly count for the page: a small village matter, a town's, a region's.
EXAMPLES = (10, 100, 500)


def certainty_parts(outlook: Outlook, book: SkillBook) -> Parts:
    """In plain words, with our own figures where a figure helps."""
    analysis = outlook.analysis
    return Parts(
        Heading("Wat wordt er geteld?", 3),
        Text(
            "Deze cijfers tellen wat de politie registreert. Wat niemand meldt, staat er niet in.",
            "Meer meldingen kan betekenen dat er meer gebeurt. Het kan ook betekenen dat mensen eerder bellen.",
        ),
        Heading("Hoeveel is toeval?", 3),
        Text(*say_chance_alone(analysis)),
        Heading("Wat betekenen de woorden?", 3),
        Text(*_say_words(analysis)),
        Heading("Wat is een kans van ongeveer 3 op 10?", 3),
        Text(*_say_chances(outlook)),
        Heading("Kwamen eerdere verwachtingen uit?", 3),
        Text(*say_track_record(outlook, book)),
    )


def say_chance_alone(analysis: Analysis) -> list[str]:
    """How far counts differ by chance alone, in three examples with exact limits."""
    confidence = float(analysis.registry.method.group("rates")["confidence"])
    lower, upper = poisson_limits(np.array(EXAMPLES, dtype=float), confidence)
    found = ["Ook als er niets verandert, verschilt het aantal van jaar op jaar."]
    for example, low, high in zip(EXAMPLES, lower, upper, strict=True):
        found.append(
            f"Bij {example} per jaar past een werkelijk niveau van {numbers.count(np.ceil(low))} tot "
            f"{numbers.count(np.floor(high))} ({numbers.percent(confidence)}-marge)."
        )
    least = analysis.wording_rules.percent_min_count
    found.append(f"Daarom noemen wij onder de {least} geen percentages.")
    return found


def _say_words(analysis: Analysis) -> list[str]:
    rules = analysis.trend_rules
    false = numbers.percent(rules.q_max)
    return [
        f"Daling of stijging: de cijfers van {rules.min_years} tot {rules.window_years} jaar wijzen duidelijk één "
        f"kant op. Schommelen jaren zoals wij aannemen, dan is van al zulke woorden samen naar verwachting hoogstens "
        f"{false} onterecht.",
        "Lijkt te dalen, niet zeker: het wijst die kant op, maar toeval is niet uitgesloten.",
        "Richting niet vast te stellen: er kan iets veranderd zijn, maar deze aantallen laten het niet zien.",
        "Niet van toeval te onderscheiden: zo'n verschil komt ook voor als er niets verandert.",
    ]


def _say_chances(outlook: Outlook) -> list[str]:
    return [
        "Van tien doelen met zo'n kans worden er naar verwachting drie gehaald. Welke drie, weet niemand vooraf.",
        "De kans gaat ervan uit dat het gaat zoals het bij zulke aantallen gaat. Zij is geen oordeel over de inzet.",
        f"Bij elke verwachting staat een marge. Naar verwachting ligt {numbers.percent(outlook.rules.interval)} van "
        "de uitkomsten daarbinnen, en de rest erbuiten.",
        *say_stillness(outlook),
    ]


def say_stillness(outlook: Outlook) -> list[str]:
    """How far off the chance is where nothing changes, simulated with the method's own constants."""
    tested = outlook.backtest_rules
    found = measure_stillness(
        outlook.rules, years=tested.max_train, ahead=tested.horizons_max, ratio=tested.target_ratio
    )
    fall = numbers.percent(1 - found.ratio)
    return [
        f"Stel dat er nooit iets verandert, en dat een doel over {found.ahead} jaar {fall} lager ligt dan nu. Door toeval "
        f"wordt dan {numbers.percent(found.true)} van zulke doelen gehaald, terwijl wij gemiddeld "
        f"{numbers.percent(found.said)} kans noemen.",
        f"Dat is nagebootst met {numbers.count(found.n)} reeksen. Onze kans rekent op schommelingen die er in zo'n wereld "
        "niet zijn.",
    ]


def say_track_record(outlook: Outlook, book: SkillBook) -> list[str]:
    """How often the margin held the outcome, over all tested indicators together."""
    if not book.tests:
        return [
            "Dat is nog niet te zeggen: er zijn te weinig jaren om verwachtingen met uitkomsten te vergelijken."
        ]
    card = book.everything.card(1)
    assert card is not None, "a test has cases one year ahead"
    years = len(card.origins)
    found = [
        f"Wij deden {numbers.count(card.n)} keer alsof het vroeger was en voorspelden het volgende jaar. "
        f"In {numbers.percent(card.coverage.value)} van de gevallen viel de uitkomst binnen de marge van "
        f"{numbers.percent(outlook.rules.interval)}."
    ]
    if years < outlook.backtest_rules.min_origins:
        found.append(
            f"Dat waren maar {years} verschillende jaren. Of de marges kloppen, is dus nog niet vast te stellen."
        )
    else:
        found.append(
            f"Dat waren {years} verschillende jaren, waaronder bijzondere zoals de coronatijd; "
            f"{CALIBRATION_WORDS[card.calibration]}."
        )
    return found
