"""The places and kinds of incident that the sample simulates.

Names and codes are those of CBS and the police; all sizes are round numbers from general knowledge. Only what
the plan publishes (its 2018 sums) and the population of its municipalities on 31-12-2018 (CBS) is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR, BASE_YEAR = 2012, 2024, 2018
MERGED, MERGER_PARTS, MERGER_YEAR = "GM1954", ("GM0951", "GM0881", "GM0962"), 2019
COUNTRY, PROVINCE, POLICE_REGION = "NL01", "PV31", "RE10"
REST = "rest of the country"
COUNTRY_THOUSANDS = 17_300


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality: urban runs from -1 (village) to 1 (city), tourist from 0 to 1."""

    code: str
    name: str
    people: int
    km2: int
    urban: float
    tourist: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of incident; rate a year per 1,000 people in 2018, drift and covid on the log scale.

    urban, tourist: log effect of the place; season, peak: strength and month of the yearly wave;
    filed, online: share with an aangifte, and share of those by internet.
    """

    code: str
    rate: float
    drift: float
    urban: float = 0.3
    tourist: float = 0.1
    season: float = 0.05
    peak: int = 7
    covid: float = 0.0
    filed: float = 0.85
    online: float = 0.0
    yearly: bool = False


CRIME = (
    Kind("1.1.1", 2.5, -0.09, 0.2, 0.0, 0.28, 12, -0.30, 0.97),
    Kind("1.1.2", 1.1, -0.06, 0.3, 0.0, 0.10, 11, -0.15, 0.95, 0.35),
    Kind("1.2.1", 3.6, -0.08, 0.4, 0.4, 0.06, 10, -0.20, 0.96, 0.50),
    Kind("1.2.2", 0.8, -0.03, 0.3, 0.2, 0.05, 6, -0.10, 0.97, 0.10),
    Kind("1.2.3", 4.6, -0.05, 0.8, 0.3, 0.18, 8, -0.10, 0.96, 0.65),
    Kind("1.2.4", 0.9, -0.10, 0.8, 0.7, 0.12, 7, -0.90, 0.95, 0.45),
    Kind("1.3.1", 4.6, 0.01, 0.1, 0.1, 0.05, 10, -0.15, 0.30),
    Kind("1.4.1", 0.5, 0.02, 0.3, 0.1, filed=0.80, yearly=True),
    Kind("1.4.3", 0.2, -0.04, 0.5, 0.5, 0.15, 7, -0.30, 0.75),
    Kind("1.4.4", 1.6, -0.01, 0.4, 0.1, 0.03, 6, 0.02, 0.80),
    Kind("1.4.5", 2.5, -0.02, 0.4, 0.3, 0.08, 6, -0.12, 0.82),
    Kind("1.4.6", 0.25, -0.07, 0.9, 0.2, 0.05, 11, -0.20, 0.95),
    Kind("1.4.7", 0.08, -0.06, 0.7, 0.1, 0.05, 12, -0.15, 0.95),
    Kind("1.6.2", 10.0, 0.02, 0.2, 0.2, 0.02, 11, 0.12, 0.80, 0.30),
    Kind("2.1.1", 0.02, -0.02, 0.4, 0.4, filed=0.10),
    Kind("2.2.1", 5.0, -0.04, 0.3, 0.2, 0.08, 12, 0.04, 0.80, 0.50),
    Kind("2.4.1", 0.15, 0.01, 0.3, 0.0, filed=0.20),
    Kind("2.5.1", 1.5, -0.09, 0.3, 0.3, 0.05, 11, -0.20, 0.96, 0.10),
    Kind("2.5.2", 2.2, 0.00, 0.8, 0.4, 0.06, 11, -0.25, 0.95),
    Kind("3.1.1", 0.8, -0.02, 0.5, 0.2, 0.02, 5, 0.05, 0.05),
    Kind("3.2.1", 0.02, 0.03, 0.1, 0.0, filed=0.40, yearly=True),
    Kind("3.5.2", 1.7, 0.02, 0.1, 0.3, 0.08, 7, -0.10, 0.02),
)
NUISANCE = (
    Kind("E33", 5.2, 0.07, 0.5, 0.0, 0.04, 7, 0.08),
    Kind("E35", 4.1, -0.02, 0.3, 0.2, 0.35, 7, 0.55),
    Kind("E38", 2.1, 0.02, 0.6, 0.5, 0.12, 7, 0.15),
    Kind("E41", 1.1, 0.04, 0.9, 0.2, 0.10, 12, 0.00),
    Kind("F010", 0.5, -0.04, 0.7, 0.8, 0.10, 7, -0.40),
    Kind("M061", 0.4, -0.01, 0.4, 1.2, 0.35, 7, -1.20),
    Kind("M062", 0.1, 0.02, 0.2, 1.2, 0.90, 7, -2.00),
    Kind("M22", 6.8, 0.03, 0.4, 0.2, 0.30, 7, 0.50),
)
# F95 is what the crime table calls 2.4.1, so it is taken from there and not drawn again.
DELIVERED = (
    Kind("E12", 1.2, -0.01, season=0.12, covid=0.25),
    Kind("E13", 0.55, 0.01, season=0.03, covid=0.10),
    Kind("E321", 0.85, 0.02, season=0.20, covid=0.35),
)

F95 = Kind("F95", 0.15, 0.01)

# What the plan publishes for its area in 2018, per group of codes.
CRIME_BASELINES = (
    (("1.1.1", "1.1.2"), 309),
    (("1.2.1", "1.2.2"), 358),
    (("1.2.3",), 207),
    (("1.4.3", "1.4.4", "1.4.5", "1.4.6", "1.4.7"), 498 - 309),
)
NUISANCE_BASELINES = (
    (("E35",), 247),
    (("E38", "F010"), 188),
    (("E33", "E41", "M061", "M062", "M22"), 1656 - 247 - 188),
)
DELIVERED_BASELINE = 233  # E12 + E13 + E321 + F95

# Kinds that changed by registration: code, year, month from which, log step.
STEPS = (
    ("1.6.2", 2016, 1, 0.15),
    ("1.2.3", 2017, 4, -0.06),
    ("2.2.1", 2017, 4, -0.06),
    ("1.4.4", 2018, 7, 0.03),
    ("1.6.2", 2018, 7, 0.02),
    ("2.4.1", 2018, 7, 0.05),
    ("3.1.1", 2018, 7, 0.08),
    ("E33", 2020, 1, 0.08),
)
# Rough shares of the plan's municipalities (order of PLAN); `other` for every kind not named.
SHARES: dict[str, tuple[float, ...]] = {
    "1.1.1": (0.33, 0.13, 0.21, 0.08, 0.25),
    "1.1.2": (0.33, 0.13, 0.21, 0.08, 0.25),
    "1.2.1": (0.18, 0.12, 0.18, 0.15, 0.37),
    "1.2.2": (0.11, 0.21, 0.14, 0.21, 0.33),
    "1.2.3": (0.39, 0.10, 0.19, 0.10, 0.22),
    "M061": (0.12, 0.12, 0.12, 0.12, 0.52),
    "M062": (0.15, 0.15, 0.15, 0.10, 0.45),
    "other": (0.28, 0.14, 0.20, 0.12, 0.26),
}

PLAN = (
    Place("GM1903", "Eijsden-Margraten", 25_658, 78, -0.8, 0.4),
    Place("GM1729", "Gulpen-Wittem", 14_246, 73, -0.9, 0.7),
    Place("GM0938", "Meerssen", 18_923, 27, -0.5, 0.3),
    Place("GM0981", "Vaals", 10_092, 24, -0.3, 0.6),
    Place("GM0994", "Valkenburg aan de Geul", 16_470, 37, -0.5, 1.0),
)
LIMBURG = (
    Place("GM0888", "Beek (L.)", 16_000, 21, -0.4, 0.1),
    Place("GM0889", "Beesel", 13_000, 28, -0.6, 0.1),
    Place("GM0893", "Bergen (L.)", 13_000, 104, -0.9, 0.6),
    Place("GM0899", "Brunssum", 28_000, 17, 0.2, 0.1),
    Place("GM1711", "Echt-Susteren", 32_000, 103, -0.4, 0.2),
    Place("GM0907", "Gennep", 17_000, 48, -0.5, 0.4),
    Place("GM0917", "Heerlen", 87_000, 45, 0.9, 0.1),
    Place("GM1507", "Horst aan de Maas", 42_000, 189, -0.7, 0.5),
    Place("GM0928", "Kerkrade", 46_000, 22, 0.5, 0.2),
    Place("GM0882", "Landgraaf", 38_000, 25, 0.0, 0.3),
    Place("GM1640", "Leudal", 36_000, 163, -0.8, 0.3),
    Place("GM1641", "Maasgouw", 24_000, 46, -0.6, 0.5),
    Place("GM0935", "Maastricht", 121_000, 56, 0.9, 0.7),
    Place("GM0944", "Mook en Middelaar", 8_000, 17, -0.7, 0.5),
    Place("GM0946", "Nederweert", 17_000, 101, -0.8, 0.2),
    Place("GM1894", "Peel en Maas", 43_000, 159, -0.7, 0.3),
    Place("GM1669", "Roerdalen", 21_000, 88, -0.7, 0.3),
    Place("GM0957", "Roermond", 58_000, 61, 0.7, 0.5),
    Place("GM0965", "Simpelveld", 11_000, 16, -0.5, 0.3),
    Place("GM1883", "Sittard-Geleen", 93_000, 79, 0.5, 0.1),
    Place("GM0971", "Stein (L.)", 25_000, 21, -0.2, 0.1),
    Place("GM0983", "Venlo", 101_000, 125, 0.6, 0.2),
    Place("GM0984", "Venray", 43_000, 163, 0.0, 0.2),
    Place("GM0986", "Voerendaal", 12_000, 31, -0.7, 0.3),
    Place("GM0988", "Weert", 50_000, 104, 0.2, 0.3),
    Place("GM0951", "Nuth", 15_000, 33, -0.6, 0.2),
    Place("GM0881", "Onderbanken", 8_000, 21, -0.7, 0.2),
    Place("GM0962", "Schinnen", 13_000, 24, -0.6, 0.2),
)
ELSEWHERE = (
    Place("GM0448", "Texel", 14_000, 162, -0.8, 1.0),
    Place("GM0473", "Zandvoort", 17_000, 32, -0.1, 1.0),
    Place("GM0717", "Veere", 22_000, 133, -0.9, 1.0),
    Place("GM1714", "Sluis", 23_000, 280, -0.9, 0.9),
    Place("GM0677", "Hulst", 27_000, 202, -0.6, 0.5),
    Place("GM0294", "Winterswijk", 29_000, 138, -0.3, 0.5),
    Place("GM0197", "Aalten", 27_000, 97, -0.6, 0.3),
    Place("GM1774", "Dinkelland", 26_000, 176, -0.9, 0.4),
    Place("GM0168", "Losser", 23_000, 99, -0.6, 0.3),
    Place("GM0175", "Ommen", 18_000, 180, -0.8, 0.8),
    Place("GM1701", "Westerveld", 19_000, 279, -1.0, 0.7),
    Place("GM0858", "Valkenswaard", 31_000, 55, 0.0, 0.3),
    Place("GM1706", "Cranendonck", 20_000, 76, -0.6, 0.3),
    Place("GM0879", "Zundert", 22_000, 120, -0.6, 0.3),
    Place("GM0744", "Baarle-Nassau", 7_000, 76, -0.7, 0.6),
    Place("GM1676", "Schouwen-Duiveland", 34_000, 230, -0.7, 0.9),
    Place("GM0373", "Bergen (NH.)", 30_000, 98, -0.5, 0.9),
    Place("GM0163", "Hellendoorn", 36_000, 138, -0.5, 0.6),
    Place("GM1586", "Oost Gelre", 30_000, 110, -0.6, 0.3),
    Place("GM0109", "Coevorden", 35_000, 297, -0.7, 0.5),
)
PLACES = (*PLAN, *LIMBURG, *ELSEWHERE)
