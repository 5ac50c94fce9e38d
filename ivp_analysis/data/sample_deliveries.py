"""Example deliveries of the sample: what the police, the municipalities and Halt would hand in. All made up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ivp_analysis.data import sample_world as world
from ivp_analysis.data.sample_draw import Drawn
from ivp_analysis.data.sample_files import BOM, csv_text, years_and_months

# The surveys: place, question, name and text, then year, people asked, percentage, design effect. The question of
# the plan's target first; one that a municipality thought of itself; and the police region, with another method
# from 2021 on.
NIGHTLIFE = "Voelt u zich wel eens onveilig in het uitgaansgebied? (vaak of soms)"
OWN_QUESTION = "Hoe veilig voelt u zich in uw eigen buurt? (altijd of meestal veilig)"
MONITOR_QUESTION = "Voelt u zich wel eens onveilig? (ja)"
SURVEYS: tuple[tuple[str, str, str, str, tuple[tuple[int, int, float, float], ...]], ...] = (
    (
        "Valkenburg aan de Geul", "unsafe_nightlife", "Leefbaarheidsenquête", NIGHTLIFE,
        ((2016, 412, 27.0, 1.2), (2019, 455, 25.1, 1.2), (2021, 503, 22.3, 1.3), (2023, 478, 21.1, 1.3)),
    ),
    (
        "Gulpen-Wittem", "safe_in_own_street", "Inwonerspanel", OWN_QUESTION,
        ((2020, 638, 88.0, 1.1), (2022, 702, 90.5, 1.1)),
    ),
    (
        "RE10", "unsafe_at_times", "Veiligheidsmonitor", MONITOR_QUESTION,
        ((2017, 3120, 33.5, 1.4), (2019, 3480, 32.1, 1.4)),
    ),
    (
        "RE10", "unsafe_at_times", "Veiligheidsmonitor (vanaf 2021)", MONITOR_QUESTION,
        ((2021, 4210, 34.0, 1.5), (2023, 4305, 34.8, 1.5)),
    ),
)  # fmt: skip
MEASURES = (
    ("Casusoverleg zorg en veiligheid, elke twee weken", "priority-1", "heuvelland", "loopt", ""),
    (
        "Training voor baliemedewerkers in omgaan met verward gedrag",
        "priority-1",
        "heuvelland",
        "afgerond",
        "Twaalf medewerkers getraind",
    ),
    ("Draaiboek voor evenementen van klasse B en C", "priority-2", "heuvelland", "loopt", ""),
    ("Controle van vakantieparken op ondermijning", "priority-3", "heuvelland", "gepland", ""),
    ("Buurtpreventie in drie kernen", "1.1", "Eijsden-Margraten", "loopt", "Met app-groepen"),
    ("Huisbezoek na een inbraak in de straat", "theme-6.3", "Meerssen", "loopt", ""),
    ("Lichtplan voor de achterpaden", "1.2", "Meerssen", "gepland", "Wacht op begroting"),
    ("Jongerenwerk op vrijdag- en zaterdagavond", "theme-6.2", "Gulpen-Wittem", "loopt", ""),
    ("Overlast door jeugd: vaste contactpersoon per kern", "theme-6.2", "Vaals", "loopt", ""),
    ("Grensoverleg met de politie in Aken", "theme-6.4", "Vaals", "loopt", "Elk kwartaal"),
    ("Extra toezicht in het uitgaansgebied", "theme-6.5", "Valkenburg aan de Geul", "loopt", ""),
    ("Convenant met horecaondernemers", "theme-6.5", "Valkenburg aan de Geul", "afgerond", "Getekend"),
    ("Cameratoezicht op het plein", "2.3", "Valkenburg aan de Geul", "vervallen", "Niet nodig gebleken"),
    ("Keurmerk Veilig Ondernemen in het centrum", "theme-6.6-shops", "Valkenburg aan de Geul", "gepland", ""),
)
EVENT_YEARS = range(2018, world.LAST_YEAR + 1)
# Place, event, class, first day, visitors in a common year (0: nobody counts them). Nothing large in corona time.
EVENTS = (
    ("Eijsden-Margraten", "Oogstfeest", "A", "09-10", 900),
    ("Eijsden-Margraten", "Dorpsloop", "A", "05-14", 0),
    ("Gulpen-Wittem", "Bierfeest", "B", "08-20", 4200),
    ("Meerssen", "Paardenmarkt", "B", "06-11", 3500),
    ("Vaals", "Zomermarkt", "A", "07-09", 1500),
    ("Vaals", "Carnavalsoptocht", "B", "02-20", 6000),
    ("Valkenburg aan de Geul", "Kerstmarkt", "C", "11-18", 250000),
    ("Valkenburg aan de Geul", "Wielerwedstrijd", "C", "04-16", 60000),
    ("Valkenburg aan de Geul", "Zomerconcert", "B", "07-22", 8000),
    ("Valkenburg aan de Geul", "Braderie", "A", "08-05", 0),
)
STAY_YEARS = range(2015, world.LAST_YEAR + 1)
STAYS = {"Gulpen-Wittem": 560_000, "Vaals": 310_000, "Valkenburg aan de Geul": 1_180_000}
CORONA = (2020, 2021)


def deliveries(rng: np.random.Generator, delivered: Drawn) -> dict[str, tuple[str, str]]:
    """Source -> file name and text of the example deliveries."""
    return {
        "police-inp": ("levering-politie-inp.csv", _police(delivered)),
        "survey": ("enquetes.csv", _survey()),
        "halt": ("halt-verwijzingen.csv", _halt(rng)),
        "measures": ("maatregelen.csv", _delivery(MEASURES, "actie;thema;gemeente;status;toelichting")),
        "events": ("evenementen.csv", _events(rng)),
        "visitors": ("overnachtingen.csv", _visitors(rng)),
    }


def _police(delivered: Drawn) -> str:
    """Months and years; a year has an empty month, as in the template."""
    rows = []
    whole = years_and_months(delivered.counts)
    for i, place in enumerate(world.PLAN):
        for j, kind in enumerate(delivered.kinds):
            for t, count in enumerate(whole[i, j]):
                year, month = world.FIRST_YEAR + t // 13, t % 13 + 1
                rows.append((place.name, kind.code, year, month if month < 13 else "", int(count)))
    return _delivery(rows, "gemeente;inp_klasse;jaar;maand;aantal")


def _survey() -> str:
    """Decimal commas, as Dutch Excel writes them."""
    rows = [
        (place, question, year, n, _comma(share), _comma(effect), text, name)
        for place, question, name, text, waves in SURVEYS
        for year, n, share, effect in waves
    ]
    return _delivery(rows, "gemeente;vraag;jaar;n;percentage;ontwerpeffect;vraagtekst;enquete")


def _halt(rng: np.random.Generator) -> str:
    rows = []
    for place in world.PLAN:
        for year in range(world.FIRST_YEAR, world.LAST_YEAR + 1):
            youth = round(place.people * 0.062 * 0.985 ** (year - world.BASE_YEAR))
            rows.append((place.name, year, int(rng.poisson(youth * 0.011)), youth))
    return _delivery(rows, "gemeente;jaar;aantal;jongeren_12_17")


def _events(rng: np.random.Generator) -> str:
    rows = []
    for year in EVENT_YEARS:
        for place, name, risk, day, visitors in EVENTS:
            if year in CORONA and risk != "A":
                continue
            counted = int(round(visitors * float(rng.uniform(0.85, 1.15)), -2)) if visitors else ""
            rows.append((place, name, risk, f"{day[3:]}-{day[:2]}-{year}", counted))
    return _delivery(rows, "gemeente;naam;categorie;datum;bezoekers")


def _visitors(rng: np.random.Generator) -> str:
    rows = []
    for place, usual in STAYS.items():
        for year in STAY_YEARS:
            level = usual * (0.6 if year in CORONA else 1.0) * 1.01 ** (year - world.BASE_YEAR)
            rows.append((place, year, int(round(level * float(rng.uniform(0.96, 1.04)), -3))))
    return _delivery(rows, "gemeente;jaar;overnachtingen")


def _delivery(rows: Sequence[tuple[str | int, ...]], header: str) -> str:
    return BOM + csv_text(pd.DataFrame(rows, columns=pd.Index(header.split(";"))))


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
