"""One example of every figure, with the cases that bite: gaps, long names, crowds, zeros, nothing at all."""

import math
from collections.abc import Callable

from ivp_analysis.methods.funnel import exact_limits
from ivp_analysis.report import figures
from ivp_analysis.report.figures import Band, Drawing, FunnelLimits, FunnelPoint, MapClass, Panel

YEARS = [2012, 2013, 2014, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023]
COUNTS = [80, 75, 90, 70, 68, 65, 60, 50, 48, 45, 41]
OWN = ["Eijsden-Margraten", "Gulpen-Wittem", "Meerssen", "Vaals", "Valkenburg aan de Geul"]
TREND = Band(
    list(range(2016, 2024)),
    [70, 66, 61, 57, 53, 50, 46, 43],
    [60, 58, 55, 52, 48, 45, 41, 36],
    [80, 74, 68, 62, 58, 55, 52, 50],
    0.95,
)
MONTHS = [f"{year}-{month:02d}" for year in range(2021, 2024) for month in range(1, 13)]


def _series() -> Drawing:
    return figures.draw_series(
        YEARS,
        COUNTS,
        label="Geregistreerde woninginbraak in Vaals",
        unit="misdrijven per jaar",
        trend=TREND,
        breaks=[(2018, "nieuwe telwijze politie"), (2022, "andere indeling van misdrijven")],
        covid=(2020, 2021),
        target=(2023, 38),
    )


def _large_series() -> Drawing:
    counts = [None, 1656, 1500, 1710.0, float("nan"), 12345]
    return figures.draw_series(range(2018, 2024), counts, label="Alle misdrijven", unit="misdrijven per jaar")


def _empty_series() -> Drawing:
    return figures.draw_series([2020, 2021], [None, None], label="Halt-verwijzingen", unit="per jaar")


def _multiples() -> Drawing:
    long = "Diefstal uit of vanaf motorvoertuigen en overige voertuigen in Valkenburg aan de Geul"
    panels = [
        Panel(long, YEARS, COUNTS, "sterke daling 2016–2023", "▼▼"),
        Panel("Vernieling", YEARS, [0] * 11, "te klein", "·"),
        Panel("Fietsendiefstal", YEARS, [count * 23 for count in COUNTS[::-1]], "stijging", "▲"),
    ]
    return figures.draw_small_multiples(panels, title="Diefstallen in Vaals", unit="misdrijven per jaar")


def _contribution() -> Drawing:
    return figures.draw_contribution(
        OWN,
        [-24, 6, 0, -30, -120],
        label="Verandering van woninginbraak, 2018–2023",
        unit="misdrijven",
        whole="Heuvelland samen",
    )


def _funnel() -> Drawing:
    expected = [6 * 1.17**step for step in range(34)]
    width = [1.96 / math.sqrt(value) for value in expected]
    limits = FunnelLimits(
        expected,
        [max(0, 1 - half) for half in width],
        [1 + half for half in width],
        [max(0, 1 - 1.58 * half) for half in width],
        [1 + 1.58 * half for half in width],
        0.95,
        0.998,
        [
            tuple(ends.tolist() for ends in exact_limits(expected, confidence=level))
            for level in (0.95, 0.998)
        ],
    )
    own = zip(OWN, [60, 52, 55, 30, 58], [1.02, 0.95, 0.98, 1.6, 1.9], strict=True)
    others = [
        FunnelPoint(f"g{step}", value, 1 + math.sin(step * 7) * width[step])
        for step, value in enumerate(expected)
    ]
    return figures.draw_funnel(
        [*others, *(FunnelPoint(*point, own=True) for point in own)],
        limits,
        reference=1.0,
        label="Woninginbraak 2021–2023",
        x_unit="verwacht aantal misdrijven",
        y_unit="verhouding tot vergelijkbare gemeenten",
    )


def _caterpillar() -> Drawing:
    names = [*OWN, "Krimpen aan den IJssel", "Sluis", "Noord-Beveland", "Voerendaal"]
    values = [4.3, 3.0, 7.6, 6.6, 3.0, 8.7, 5.5, 2.4, 5.6]
    return figures.draw_caterpillar(
        names,
        values,
        [value * 0.7 for value in values],
        [value * 1.35 for value in values],
        highlighted=OWN,
        reference=5.2,
        reference_label="midden van vergelijkbare gemeenten",
        label="Woninginbraak 2021–2023",
        unit="per 1.000 inwoners per jaar",
    )


def _target_path() -> Drawing:
    return figures.draw_target_path(
        range(2013, 2022),
        [1800, 1750, 1700, 1690, None, 1656, 1600, 1500, 1480],
        baseline=(2018, 1656),
        target=(2023, 1400),
        projection=Band([2022, 2023], [1450, 1430], [1330, 1240], [1560, 1610], 0.8),
        probability=0.34,
        label="Alle misdrijven in het Heuvelland",
        unit="misdrijven per jaar",
    )


def _calibration() -> Drawing:
    reliability = [(0.08, 0.05, 40), (0.3, 0.35, 22), (0.52, 0.5, 18), (0.75, 0.8, 25), (0.94, 0.97, 60)]
    return figures.draw_calibration(
        [9, 12, 8, 11, 10, 9, 14, 7, 11, 10], reliability, label="Twee jaar vooruit"
    )


def _monitor(months: list[str], signals: list[str]) -> Drawing:
    expected = [30 + 8 * math.sin(spot / 2) for spot in range(len(months))]
    counts: list[float | None] = [round(value) for value in expected]
    counts[3] = None
    for month in signals:
        counts[months.index(month)] = 58
    return figures.draw_monitor(
        months,
        counts,
        expected,
        [value - 11 for value in expected],
        [value + 11 for value in expected],
        signals,
        label="Misdrijven per maand in Vaals",
        unit="misdrijven per maand",
    )


def _long_monitor() -> Drawing:
    return _monitor(MONTHS, ["2023-05", "2023-09"])


def _short_monitor() -> Drawing:
    return _monitor(MONTHS[-14:], [])


CLASSES = [
    MapClass("veel hoger dan vergelijkbare gemeenten", "++", 2),
    MapClass("ongeveer gelijk aan vergelijkbare gemeenten", "=", 0),
    MapClass("veel lager", "−−", -2),
    MapClass("verschil niet vast te stellen", "?", None),
]


def square_feature(code: str, x: float, y: float) -> dict[str, object]:
    """A municipality of five by five kilometres in metres of the national grid."""
    ring = [[x, y], [x + 5000, y], [x + 5000, y + 5000], [x, y + 5000], [x, y]]
    return {"properties": {"statcode": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _map() -> Drawing:
    features = [
        square_feature(f"GM{row}{column}", 180000 + 5000 * column, 310000 + 5000 * row)
        for row in range(4)
        for column in range(5)
    ]
    values = {f"GM{row}{column}": CLASSES[(row + column) % 4].word for row in range(4) for column in range(4)}
    labels = dict(zip(["GM00", "GM01", "GM11", "GM12", "GM24"], OWN, strict=True))
    return figures.draw_map(
        features, values=values, classes=CLASSES, labels=labels, label="Woninginbraak 2021–2023"
    )


MAKERS: dict[str, Callable[[], Drawing]] = {
    "series": _series,
    "large_series": _large_series,
    "empty_series": _empty_series,
    "multiples": _multiples,
    "contribution": _contribution,
    "funnel": _funnel,
    "caterpillar": _caterpillar,
    "target_path": _target_path,
    "calibration": _calibration,
    "long_monitor": _long_monitor,
    "short_monitor": _short_monitor,
    "map": _map,
}
DRAWINGS = {name: maker() for name, maker in MAKERS.items()}
