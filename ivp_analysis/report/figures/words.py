"""Numbers and years as Dutch readers write them, and the sentences of titles and descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ivp_analysis.report.page import numbers
from ivp_analysis.report.page.numbers import decimal

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def trimmed(value: float, digits: int = 1) -> str:
    """The fewest decimals that tell the value: 12 and 12,3."""
    places = next(
        place for place in range(digits + 1) if place == digits or abs(value - round(value, place)) < 1e-9
    )
    return decimal(value, places)


def digits_for(values: Sequence[float]) -> int:
    """One number of decimals for figures that stand together: none for counts, two for ratios around one."""
    if all(float(value).is_integer() for value in values):
        return 0
    return 2 if max(abs(value) for value in values) < 3 else 1


def joined(parts: Iterable[str]) -> str:
    """One, two en three."""
    items = list(parts)
    return " en ".join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def years_text(years: Sequence[int]) -> str:
    """2015, 2018–2020 en 2023: runs of three or more as a span."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = (
        [numbers.years(run[0], run[-1])] if len(run) > 2 else [str(year) for year in run] for run in runs
    )
    return joined(text for span in spans for text in span)


def from_to(label: str, years: Sequence[int], counts: Sequence[float]) -> str:
    """`label: van 65 in 2018 naar 41 in 2023 (24 lager).`; fits singular and plural subjects alike."""
    if not years:
        return f"{label}: geen cijfers."
    if len(years) == 1:
        return f"{label}: {trimmed(counts[0])} in {years[0]}."
    change = counts[-1] - counts[0]
    size = f"{trimmed(abs(change))} {'hoger' if change > 0 else 'lager'}" if change else "gelijk"
    return (
        f"{label}: van {trimmed(counts[0])} in {years[0]} naar {trimmed(counts[-1])} in {years[-1]} ({size})."
    )


def extremes(years: Sequence[int], counts: Sequence[float]) -> str:
    """Highest and lowest year, said only when there are years between the ends."""
    if len(years) < 3:
        return ""
    high, low = max(counts), min(counts)
    if high == low:
        return f"Elk jaar {trimmed(high)}."
    top, bottom = years[list(counts).index(high)], years[list(counts).index(low)]
    return f"Hoogste jaar: {top} ({trimmed(high)}); laagste jaar: {bottom} ({trimmed(low)})."


def missing_text(years: Sequence[int]) -> str:
    """Which years have no figure."""
    return f"Geen cijfer over {years_text(years)}." if years else ""


def description(*sentences: str) -> str:
    """Sentences with a space between; empty ones fall away."""
    return " ".join(sentence.strip() for sentence in sentences if sentence.strip())
