"""The municipalities since 2010 against what CBS published: counts, lists per year, names and populations."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ivp_analysis.registry import load_registry, municipality_by_name
from ivp_analysis.registry.records import Municipality, Registry

ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "data" / "registry"
SHARED = (ROOT / ".." / "shared" / "data").resolve()
# CBS, "Gemeentelijke indeling" of each year: number of municipalities on 1 January.
COUNTS = {
    2010: 431, 2011: 418, 2012: 415, 2013: 408, 2014: 403, 2015: 393, 2016: 390, 2017: 388, 2018: 380,
    2019: 355, 2020: 355, 2021: 352, 2022: 345, 2023: 342, 2024: 342, 2025: 342, 2026: 342,
}  # fmt: skip
PROVINCES = {
    "Drenthe", "Flevoland", "Fryslân", "Gelderland", "Groningen", "Limburg", "Noord-Brabant", "Noord-Holland",
    "Overijssel", "Utrecht", "Zeeland", "Zuid-Holland",
}  # fmt: skip
HEUVELLAND = {
    "GM0938": "Meerssen", "GM0981": "Vaals", "GM0994": "Valkenburg aan de Geul", "GM1729": "Gulpen-Wittem",
    "GM1903": "Eijsden-Margraten",
}  # fmt: skip
# Inhabitants that CBS reports (70739ned) or that its populations of 2021 imply, per part of what was divided.
PUBLISHED_PARTS = {
    "GM1671": {"GM0796": 6719, "GM0828": 4629},
    "GM0140": {"GM0080": 3394, "GM1900": 5411, "GM1949": 1878},
    "GM0788": {"GM0757": 2149, "GM0824": 5824, "GM0855": 1442, "GM0865": 4903},
}
# Population on 1 January in the new boundaries: Kerncijfers wijken en buurten 2014 (rounded), CBS 2019.
PUBLISHED_ON_THE_DAY = [("GM0074", date(2014, 1, 1), 49900), ("GM1969", date(2019, 1, 1), 63031)]
# De Friese Meren took another name and code halfway 2015; CBS keeps the one of 1 January all year.
RENAMED_MIDYEAR = {("De Friese Meren", 2015), ("De Fryske Marren", 2015)}
CONTINUITY = 0.02
# More than any municipality grew by building or reception (6.3 %, Noordenveld 2016), less than most mergers.
JUMP = 0.065
# Westerwolde grew by 2.1 % in 2018 and again in 2019: the reception centre of Ter Apel, not its boundaries.
GROWS_FASTER = {"GM1950": 0.025}

Populations = dict[str, dict[int, int]]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(REGISTRY)


@pytest.fixture(scope="module")
def populations() -> Populations:
    """CBS 37230ned: population on 31 December by StatLine's name of the region and year."""
    return {
        name: {2002 + i: int(cell) for i, cell in enumerate(cells) if cell.strip()}
        for name, cells in _statline_rows()
    }


@pytest.mark.parametrize("year", sorted(COUNTS))
def test_as_many_municipalities_on_1_january_as_cbs_counts(registry: Registry, year: int) -> None:
    assert len(_on(registry, date(year, 1, 1))) == COUNTS[year]


def test_codes_are_unique_and_in_order() -> None:
    with (REGISTRY / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert codes == sorted(set(codes))


def test_provinces_are_the_twelve(registry: Registry) -> None:
    assert {m.province for m in registry.municipalities.values()} == PROVINCES


def test_the_five_of_the_plan_are_there(registry: Registry) -> None:
    five = {code: registry.municipalities[code] for code in HEUVELLAND}
    assert {code: m.name for code, m in five.items()} == HEUVELLAND
    assert {m.province for m in five.values()} == {"Limburg"}
    assert all(m.valid_to is None for m in five.values())
    assert five["GM1903"].valid_from == date(2011, 1, 1)


def test_no_name_is_borne_twice_at_a_time(registry: Registry) -> None:
    by_name: dict[str, list[Municipality]] = defaultdict(list)
    for one in registry.municipalities.values():
        by_name[one.name].append(one)
    for bearers in by_name.values():
        spans = sorted((m.valid_from, m.valid_to or date.max) for m in bearers)
        assert all(one[1] < other[0] for one, other in pairwise(spans)), bearers


def test_weights_of_one_old_municipality_sum_to_one(registry: Registry) -> None:
    sums: dict[tuple[date, str], float] = defaultdict(float)
    for change in registry.changes:
        sums[change.on, change.old_code] += change.weight
        assert (change.kind == "split") == (change.weight < 1), change
    assert all(total == pytest.approx(1, abs=1e-9) for total in sums.values())


def test_dates_of_changes_fit_the_municipalities(registry: Registry) -> None:
    for change in registry.changes:
        old, new = (registry.municipalities[code] for code in (change.old_code, change.new_code))
        assert old.valid_to == change.on - timedelta(days=1), change
        assert new in _on(registry, change.on), change


def test_every_end_and_every_beginning_has_its_change(registry: Registry) -> None:
    every = registry.municipalities.values()
    assert {m.code for m in every if m.valid_to} == {c.old_code for c in registry.changes}
    begun = {(m.code, m.valid_from) for m in every if m.valid_from > date(2010, 1, 1)}
    assert begun <= {(c.new_code, c.on) for c in registry.changes}


def test_a_recode_is_one_to_one(registry: Registry) -> None:
    recodes = [c for c in registry.changes if c.kind == "recode"]
    assert {c.new_code for c in recodes} == {"GM1908", "GM1940", "GM1945"}
    for recode in recodes:
        assert registry.municipalities[recode.new_code].valid_from == recode.on
        assert [c for c in registry.changes if (c.on, c.new_code) == (recode.on, recode.new_code)] == [recode]


@pytest.mark.parametrize("old_code", sorted(PUBLISHED_PARTS))
def test_weights_of_divided_municipalities_are_the_published_ones(registry: Registry, old_code: str) -> None:
    parts = PUBLISHED_PARTS[old_code]
    found = {c.new_code: c.weight for c in registry.changes if c.old_code == old_code}
    assert found == pytest.approx({code: n / sum(parts.values()) for code, n in parts.items()}, abs=0.001)


@pytest.mark.parametrize("year", range(2016, 2022))
def test_lists_of_cbs_hold_the_same_municipalities(registry: Registry, year: int) -> None:
    listed = {}
    for row in csv.DictReader(_text(f"cbs/gemeentelijst_{year}.csv").splitlines()):
        province = row["Provincienaam"].replace("Friesland", "Fryslân")
        listed["GM" + row["Gemeentecode"].zfill(4)] = (row["Gemeentenaam"], province)
    ours = {m.code: m.province for m in _on(registry, date(year, 1, 1))}
    assert ours == {code: province for code, (_, province) in listed.items()}
    assert all(municipality_by_name(registry, name, year) == code for code, (name, _) in listed.items())


def test_boundaries_of_2022_and_regions_of_today_hold_the_same_codes(registry: Registry) -> None:
    features = json.loads(_text("geo/gemeenten_2022.geojson"))["features"]
    assert {f["properties"]["statcode"] for f in features} == _codes_on(registry, date(2022, 1, 1))
    lines = csv.DictReader(_text("codes/47025NED_RegioS.csv").splitlines(keepends=True))
    regions = {row["Key"].strip(): row["Title"] for row in lines if row["Key"].startswith("GM")}
    # GM0998 and GM0999 are StatLine's "Buitenland" and "niet in te delen".
    titles = {code: title for code, title in regions.items() if code not in ("GM0998", "GM0999")}
    assert titles == {m.code: m.name for m in _on(registry, date(2026, 11, 1))}


def test_names_with_crime_existed_in_that_year(registry: Registry) -> None:
    counts: dict[tuple[str, int], float] = {}
    for row in csv.DictReader(_text("cbs/83648NED_totaal_gemeente_2010-2020.csv").splitlines()):
        if row["RegioS"] != "Nederland":
            counts[row["RegioS"], int(row["Perioden"])] = float(row["TotaalGeregistreerdeMisdrijven_1"])
    assert len({name for name, _ in counts}) == 392
    for (name, year), count in counts.items():
        one = registry.municipalities[municipality_by_name(registry, name, year)]
        assert one.name == name
        existed = one.valid_from <= date(year, 12, 31) and (one.valid_to or date.max) >= date(year, 1, 1)
        assert existed == (count > 0), (name, year)


def test_names_with_inhabitants_existed_on_31_december(registry: Registry) -> None:
    resolved = set()
    for name, cells in _statline_rows():
        years = {2002 + i for i, cell in enumerate(cells) if cell.strip() and 2002 + i >= 2010}
        if name == "Nederland" or name.endswith("(PV)") or not years:
            continue
        one = registry.municipalities[municipality_by_name(registry, name, min(years))]
        assert one.name == name
        resolved.add(one.code)
        for year in range(2010, 2025):
            existed = one in _on(registry, date(year, 12, 31))
            assert existed == (year in years) or (name, year) in RENAMED_MIDYEAR, (name, year)
    gone = {m.name for m in registry.municipalities.values() if m.code not in resolved}
    assert gone == {"Rozenburg"}, "only Rozenburg ended within 2010"


def test_inhabitants_add_up_to_the_country(registry: Registry, populations: Populations) -> None:
    for year in range(2010, 2025):
        total = sum(populations[m.name].get(year, 0) for m in registry.municipalities.values())
        assert total == populations["Nederland"][year], year


def test_population_is_continuous_over_every_change(registry: Registry, populations: Populations) -> None:
    moves = {(change.on, change.new_code) for change in registry.changes}
    assert len(moves) == 58
    for on, code in moves:
        own = populations[registry.municipalities[code].name]
        after = own.get(on.year) or own[on.year + 1]
        before = _carried_over(registry, populations, on, code)
        assert after / before == pytest.approx(1, abs=GROWS_FASTER.get(code, CONTINUITY)), (on, code)


def test_no_municipality_jumps_without_a_change(registry: Registry, populations: Populations) -> None:
    received = {(c.new_code, c.on.year) for c in registry.changes}
    for one in registry.municipalities.values():
        own = populations[one.name]
        for year in sorted(own.keys() & set(range(2011, 2025))):
            if year - 1 in own and (one.code, year) not in received:
                jump = own[year] - own[year - 1]
                assert abs(jump) < max(150, JUMP * own[year - 1]), (one.name, year, jump)


@pytest.mark.parametrize(("code", "on", "published"), PUBLISHED_ON_THE_DAY)
def test_parts_make_the_published_population_of_that_day(
    registry: Registry, populations: Populations, code: str, on: date, published: int
) -> None:
    # A weight has three decimals: half a thousandth of each of the two or three divided ones may be lost.
    assert _carried_over(registry, populations, on, code) == pytest.approx(published, abs=25)


@pytest.mark.parametrize("name", ["Leeuwarden", "Súdwest-Fryslân"])
def test_parts_of_boarnsterhim_fit_crime_per_1000_inhabitants(
    registry: Registry, populations: Populations, name: str
) -> None:
    lines = csv.DictReader(_text("cbs/83648NED_totaal_gemeente_2010-2020.csv").splitlines())
    (row,) = (r for r in lines if (r["RegioS"], r["Perioden"]) == (name, "2014"))
    # CBS divides by the population of 1 January; counts are rounded to fives, rates to tenths.
    count = float(row["TotaalGeregistreerdeMisdrijven_1"])
    rate = float(row["GeregistreerdeMisdrijvenPer1000Inw_3"])
    least, most = 1000 * (count - 2.5) / (rate + 0.05), 1000 * (count + 2.5) / (rate - 0.05)
    code = municipality_by_name(registry, name, 2014)
    assert least <= _carried_over(registry, populations, date(2014, 1, 1), code) <= most


def _carried_over(registry: Registry, populations: Populations, on: date, code: str) -> float:
    """Inhabitants on the day itself: its own of the last 31 December, and the weighted parts of the old."""
    names = {m.code: m.name for m in registry.municipalities.values()}
    year = on.year - 1
    parts = [c for c in registry.changes if (c.on, c.new_code) == (on, code)]
    moved = sum(c.weight * populations[names[c.old_code]][year] for c in parts)
    return moved + populations[names[code]].get(year, 0)


def _on(registry: Registry, day: date) -> list[Municipality]:
    every = registry.municipalities.values()
    return [m for m in every if m.valid_from <= day and (m.valid_to is None or day <= m.valid_to)]


def _codes_on(registry: Registry, day: date) -> set[str]:
    return {m.code for m in _on(registry, day)}


def _text(name: str) -> str:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the real file {name} is not beside the project (../shared/data)")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")  # the list of 2017


def _statline_rows() -> Iterator[tuple[str, list[str]]]:
    """Name and the cells 2002-2024 of every region of 37230ned."""
    text = _text("cbs/37230ned_bevolking_einde_jaar_gemeente_2002-2024.csv")
    for row in csv.reader(text.splitlines(), delimiter=";"):
        if len(row) == 26 and row[0] and row[0] != "Regio's":
            yield row[0], row[3:]
