"""Small files in the shape of the sources, for the tests of the data room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

BOM = b"\xef\xbb\xbf"
FIVE = ("GM1903", "GM1729", "GM0938", "GM0981", "GM0994")
NUISANCE = ("0.0.0", "E33", "E35", "E38", "E41", "F010", "M061", "M062", "M22")
MONTHS = [f"MM{month:02d}" for month in range(1, 13)]
Cell = tuple[str, str, str]


def nuisance_table(cells: Mapping[Cell, int | str | None], *, bom: bool = True) -> bytes:
    """47021NED: (code, region, period) -> count, None for a gap; keys padded to six."""
    lines = ["ID;Overlast;RegioS;Perioden;GeregistreerdeOverlast_1"]
    for i, ((code, region, period), count) in enumerate(cells.items()):
        text = "       ." if count is None else f"{count}"
        lines.append(f'{i};"{code:<6}";"{region:<6}";"{period}";{text}')
    return (BOM if bom else b"") + ("\r\n".join(lines) + "\r\n").encode("utf-8")


def nuisance_cells(
    areas: Iterable[str], years: Iterable[int], *, codes: Sequence[str] = NUISANCE, level: int = 2
) -> dict[Cell, int | str | None]:
    """Months and years that hold together: every part is `level` a month, the first code is their total."""
    cells: dict[Cell, int | str | None] = {}
    for area in areas:
        for year in years:
            for code in codes:
                month = level * (len(codes) - 1) if code == "0.0.0" else level
                cells |= {(code, area, f"{year}{mm}"): month for mm in MONTHS}
                cells[code, area, f"{year}JJ00"] = 12 * month
    return cells


def theft_table(rows: Iterable[tuple[str, str, str, str, str]]) -> bytes:
    """83651NED: (violence, code, region, period, count)."""
    head = "ID;GebruikVanGeweld;SoortDiefstal;RegioS;Perioden;TotaalGeregistreerdeDiefstallen_1"
    return ("\n".join([head, *(";".join(("1", *row)) for row in rows)]) + "\n").encode("utf-8")


def total_table(rows: Iterable[tuple[str, int, str]]) -> bytes:
    """83648NED by name: (region, year, count)."""
    head = "SoortMisdrijf,RegioS,Perioden,TotaalGeregistreerdeMisdrijven_1"
    body = [f'"Misdrijven, totaal",{region},{year},{count}' for region, year, count in rows]
    return ("\r\n".join([head, *body]) + "\r\n").encode("utf-8")


def population_export(
    years: Sequence[int], people: Mapping[str, Sequence[int | None]], *, last: bool = True
) -> bytes:
    """37230ned as StatLine exports it: name -> inhabitants at the end of each year."""
    quoted = ";".join(f'"{year}"' for year in years)
    lines = ['"Bevolkingsontwikkeling; regio per maand"', '""', '"";"";"";"Perioden"']
    lines.append(f'"Regio\'s";"Onderwerp";"";{quoted}')
    for name, values in people.items():
        cells = ";".join('""' if value is None else f'"{value}"' for value in values)
        lines.append(f'"{name}";"Bevolking aan het einde van de periode";"aantal";{cells}')
    return BOM + "\n".join([*lines, *(['"Bron: CBS"'] if last else [])]).encode("utf-8") + b"\n"
