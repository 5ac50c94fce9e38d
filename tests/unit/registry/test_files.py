"""Files of the registry: whatever their bytes are, they load or are one RegistryError with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry import load_method, load_registry
from ivp_analysis.registry.areas import load_changes, load_municipalities
from ivp_analysis.registry.files import read_by_id, read_toml
from ivp_analysis.registry.records import Indicator

PIECES = [
    "format = 1\n",
    "[[indicator]]\n",
    'id = "a"\n',
    "id = 0x",
    "f" * 5000,
    "[",
    "]",
    '"',
    "=",
    "\n",
    "é",
    "{",
]
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _read(path: Path) -> dict[str, Indicator]:
    return read_by_id(read_toml(path, ("indicator",)), "indicator", Indicator, path)


@FUZZ
@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_bytes_as_toml_load_or_are_one_registry_error(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "indicators.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    _loads_or_refuses(_read, path)


@FUZZ
@given(st.binary(max_size=200), st.sampled_from(["code,name,province,valid_from,valid_to,border\n", ""]))
def test_any_bytes_as_csv_load_or_are_one_registry_error(tmp_path: Path, tail: bytes, head: str) -> None:
    path = tmp_path / "municipalities.csv"
    path.write_bytes(head.encode() + tail)
    _loads_or_refuses(load_municipalities, path)


def _loads_or_refuses(load: Callable[[Path], Mapping[str, object]], path: Path) -> None:
    # No random bytes make a complete record, so what loads is empty.
    try:
        assert load(path) == {}
    except RegistryError as fault:
        refusal = fault
    else:
        return
    assert path.name in refusal.where
    assert refusal.todo


def test_deep_nesting_is_an_error_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "indicators.toml"
    path.write_text("format = 1\nindicator = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(RegistryError, match="not valid TOML"):
        _read(path)


@pytest.mark.parametrize(
    ("content", "where", "says"),
    [
        ("", "indicators.toml, field format", "does not say its format"),
        ("format = 2\n", "indicators.toml, field format", "reads format 1"),
        ('format = "1"\n', "indicators.toml, field format", "format '1' is unknown"),
        ("format = true\n", "indicators.toml, field format", "format True is unknown"),
        ("format = 1\nformat = 1\n", "indicators.toml, line 2", "not valid TOML"),
        ("format = 1\n[[indicator]]\nid = NO\n", "indicators.toml, line 3", "not valid TOML"),
        ("format = 1\n[[indicators]]\n", "indicators.toml", "did you mean 'indicator'"),
        ("format = 1\n[indicator]\n", "indicators.toml", "head each record with [[indicator]]"),
        (
            "format = 1\n[[indicator]]\nlabel = 'x'\n",
            "indicators.toml, indicator number 1",
            "field id is missing",
        ),
    ],
)
def test_a_bad_file_says_where_and_what(tmp_path: Path, content: str, where: str, says: str) -> None:
    path = tmp_path / "indicators.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        _read(path)
    assert caught.value.where == where
    assert says in str(caught.value)


def test_a_byte_order_mark_is_no_fault(folder: Path) -> None:
    path = folder / "caveats.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_registry(folder).caveats


def test_another_encoding_is_named(folder: Path) -> None:
    (folder / "caveats.toml").write_bytes('format = 1\n# "één"\n'.encode("latin-1"))
    with pytest.raises(RegistryError, match=r"caveats\.toml: byte 15 is not UTF-8"):
        load_registry(folder)


def test_a_missing_file_and_folder_are_named(folder: Path) -> None:
    (folder / "method.toml").unlink()
    with pytest.raises(RegistryError, match=r"method\.toml: cannot be read") as missing:
        load_registry(folder)
    assert "ivp init" not in missing.value.todo, "it makes no registry"
    with pytest.raises(RegistryError, match="folder is not there") as nowhere:
        load_registry(folder / "nowhere")
    assert "IVP_HOME" in nowhere.value.todo


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ("GM938,Meerssen,Limburg,2010-01-01,,,", "code", "four digits"),
        ("GM0938,,Limburg,2010-01-01,,,", "name", "empty"),
        ("GM0938,Meerssen, Limburg,2010-01-01,,,", "province", "padded"),
        ("GM0938,Meerssen,Limburg,20100101,,,", "valid_from", "is not a date"),
        ("GM0938,Meerssen,Limburg,2010-02-30,,,", "valid_from", "is not a date"),
        ("GM0938,Meerssen,Limburg,2010-01-01,2009-12-31,,", "valid_to", "lies before"),
        ("GM0994,Elders,Limburg,2010-01-01,,,", "code", "occurs twice"),
        ("GM0938,Meerssen,Limburg,2010-01-01,,FR,", "border", "is not known"),
        ("GM9999,valkenburg aan de Geul,Limburg,2010-01-01,,,", "name", "at the same time"),
    ],
)
def test_a_bad_municipality_is_refused(tmp_path: Path, row: str, field: str, says: str) -> None:
    path = tmp_path / "municipalities.csv"
    head = "code,name,province,valid_from,valid_to,border,former_names"
    path.write_text(f"{head}\nGM0994,Valkenburg aan de Geul,Limburg,2010-01-01,,,\n{row}\n", encoding="utf-8")
    with pytest.raises(RegistryError, match=says) as caught:
        load_municipalities(path)
    assert caught.value.where.startswith("municipalities.csv")
    assert caught.value.where.endswith(f"field {field}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code;name;province;valid_from;valid_to\n", "not by semicolons"),
        ("code,name\n", "write code,name,province,valid_from,valid_to,border"),
        ("code,name,province,valid_from,valid_to,border\nGM0938,Meerssen\n", "row 2: 2 values for 6 columns"),
        ('code,name,province,valid_from,valid_to,border\nGM0938,"Meerssen', "not valid CSV"),
    ],
)
def test_a_csv_of_another_shape_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "municipalities.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError, match=says):
        load_municipalities(path)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("2019-01-01,GM0951,GM1954,0.5,merger\n", "weights of GM0951 on 2019-01-01 sum to 0.5"),
        ("2019-01-01,GM0951,GM1954,0,merger\n", "not above 0"),
        ("2019-01-01,GM0951,GM1954,1.5,merger\n", "at most 1"),
        ("2019-01-01,GM0951,GM1954,nan,merger\n", "not above 0"),
        (
            "2019-01-01,GM0951,GM1955,1,merger\n",
            "row 2, field new_code: municipality 'GM1955' does not exist",
        ),
        ("2019-01-01,GM0951,GM1954,1,merge\n", "did you mean 'merger'"),
    ],
)
def test_a_bad_change_is_refused(tmp_path: Path, rows: str, says: str) -> None:
    old, new = tmp_path / "municipalities.csv", tmp_path / "municipality_changes.csv"
    old.write_text(
        "code,name,province,valid_from,valid_to,border\n"
        "GM0951,Nuth,Limburg,2010-01-01,2018-12-31,\nGM1954,Beekdaelen,Limburg,2019-01-01,,DE\n",
        encoding="utf-8",
    )
    new.write_text(f"on,old_code,new_code,weight,kind\n{rows}", encoding="utf-8")
    with pytest.raises(RegistryError, match=says):
        load_changes(new, load_municipalities(old))


def test_constants_keep_their_type_and_group(folder: Path) -> None:
    method = load_method(folder / "method.toml")
    assert method.group("disclosure") == {"threshold": 5}
    assert isinstance(method.group("trend")["window_years"], int)
    (folder / "method.toml").write_text("format = 1\n[trend]\nwindow_years = 8\n", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"constant trend\.window_years: window_years is not a table"):
        load_method(folder / "method.toml")


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        (
            "[targets.baseline_tolerance_abs]",
            "[targets.baseline_tolerance]",
            "constant targets.baseline_tolerance",
            "did you mean 'targets.baseline_tolerance_abs' or",
        ),
        ("[text.undetermined_share]", "[texts.undetermined_share]", "texts.undetermined_share", "no method"),
        ("[peers.k]\nvalue = 12", '[peers.k]\nvalue = "twaalf"', "constant peers.k, field value", "a whole"),
        ("[peers.k]\nvalue = 12", "[peers.k]\nvalue = 12.5", "constant peers.k, field value", "a whole"),
        (
            "[trend.window_years]\nvalue = 8",
            "[trend.window_years]\nvalue = true",
            "window_years",
            "True is not",
        ),
        ("[trend.confidence]\nvalue = 0.95", "[trend.confidence]\nvalue = 95", "trend.confidence", "0 and 1"),
        (
            '[peer_sets.size_classes]\nvalue = "',
            '[peer_sets.size_classes]\nvalue = 5 #"',
            "constant peer_sets.size_classes, field value",
            "5 is not text in quotes",
        ),
    ],
)
def test_a_constant_that_no_method_reads_as_it_stands_is_refused(
    folder: Path, edit: Callable[[str, str, str], None], old: str, new: str, where: str, says: str
) -> None:
    edit("method.toml", old, new)
    with pytest.raises(RegistryError, match=says) as caught:
        load_registry(folder)
    assert caught.value.where.startswith("method.toml")
    assert where in caught.value.where


def test_a_constant_that_is_gone_is_named(folder: Path) -> None:
    path = folder / "method.toml"
    text = path.read_text(encoding="utf-8")
    begin = text.index("[peers.min_peers]")
    path.write_text(text[:begin] + text[text.index("[peer_sets") :], encoding="utf-8")
    with pytest.raises(RegistryError, match=r"method\.toml: constant peers\.min_peers is missing"):
        load_registry(folder)
