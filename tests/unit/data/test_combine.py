"""A series comes whole from the newest snapshot that covers it; nothing that any snapshot has is hidden."""

from collections.abc import Iterable

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ivp_analysis.data.combine import Combined, combine
from ivp_analysis.data.tidy import as_category

Cells = dict[tuple[str, str, str], int]


def frame_of(cells: Cells) -> pd.DataFrame:
    area, code, period = zip(*cells, strict=True)
    return pd.DataFrame(
        {
            "area_code": as_category(area),
            "code": as_category(code),
            "period": as_category(period),
            "count": pd.array(list(cells.values()), dtype="Int32"),
        }
    )


def run(*vintages: Cells) -> Combined:
    return combine(
        [frame_of(v) for v in vintages],
        [f"v{i}" for i in range(len(vintages))],
        series=("area_code", "code"),
        along="period",
    )


def chosen(done: Combined) -> dict[tuple[str, str, str], tuple[int, str]]:
    frame = done.frame
    keys = zip(frame["area_code"], frame["code"], frame["period"], strict=True)
    return {k: (int(c), str(s)) for k, c, s in zip(keys, frame["count"], frame["snapshot"], strict=True)}


def series(value: int, years: Iterable[int], area: str = "GM0938", code: str = "E33") -> Cells:
    return {(area, code, f"{year}"): value for year in years}


def test_the_newest_that_covers_the_series_gives_it_whole() -> None:
    done = run(series(1, range(2012, 2019)), series(2, range(2012, 2020)))
    assert set(chosen(done).values()) == {(2, "v1")}
    assert (done.joined, done.used, done.dropped) == (0, ("v1",), {"in-a-newer-snapshot": 7})


def test_a_narrower_newer_one_takes_no_year_away() -> None:
    done = run(series(1, range(2012, 2020)), series(2, [2017, 2018]))
    assert chosen(done) == dict.fromkeys(series(1, range(2012, 2020)), (1, "v0"))
    assert done.joined == 0


def test_a_narrower_newer_one_hides_no_area_and_no_code() -> None:
    wide = series(1, [2018], "GM0938") | series(1, [2018], "GM0981") | series(1, [2018], "GM0938", "E35")
    done = chosen(run(wide, series(2, [2018], "GM0938")))
    assert done["GM0938", "E33", "2018"] == (2, "v1")
    assert done["GM0981", "E33", "2018"] == done["GM0938", "E35", "2018"] == (1, "v0")


def test_new_years_of_a_narrower_one_are_joined_and_said_so() -> None:
    done = run(series(1, range(2012, 2019)), series(2, [2017, 2018, 2019]))
    found = chosen(done)
    assert found["GM0938", "E33", "2018"] == (1, "v0")
    assert found["GM0938", "E33", "2019"] == (2, "v1")
    assert done.joined == 1


def test_deliveries_of_separate_years_stand_side_by_side() -> None:
    done = run(series(1, [2018]), series(2, [2019]), series(3, [2018]))
    assert {key[2]: value for key, value in chosen(done).items()} == {"2018": (3, "v2"), "2019": (2, "v1")}


VINTAGE = st.dictionaries(
    st.tuples(
        st.sampled_from(["GM0938", "GM0981"]), st.sampled_from(["E33", "E35"]), st.sampled_from("abcdef")
    ),
    st.integers(0, 9),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(VINTAGE, min_size=1, max_size=4))
def test_every_cell_of_any_vintage_is_there_once_with_a_value_that_a_source_gave(
    vintages: list[Cells],
) -> None:
    done = run(*vintages)
    found = chosen(done)
    assert len(found) == len(done.frame)
    assert set(found) == {key for vintage in vintages for key in vintage}
    for key, (value, name) in found.items():
        assert vintages[int(name[1:])][key] == value
    assert sum(map(len, vintages)) == len(done.frame) + sum(done.dropped.values())
    for line in {key[:2] for key in found}:
        newest = {key for key in vintages[-1] if key[:2] == line}
        if newest == {key for key in found if key[:2] == line}:
            assert {found[key][1] for key in newest} == {f"v{len(vintages) - 1}"}, "whole from the newest"
