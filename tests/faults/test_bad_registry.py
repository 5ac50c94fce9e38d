"""Whatever somebody typed into the registry, it loads and holds together, or one RegistryError says where it does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from faults.damage import damaged, mistyped
from faults.room import calm
from hypothesis import given
from hypothesis import strategies as st

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry import load_registry

REGISTRY = Path(__file__).parents[2] / "data" / "registry"
# The examples are not loaded: they are there to be copied.
FILES = sorted(
    path.relative_to(REGISTRY).as_posix() for path in REGISTRY.rglob("*.*") if path.parent.name != "examples"
)
Tally = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REGISTRY, tmp_path / "registry"))


def load(folder: Path, name: str, content: bytes) -> bool:
    """Whether it loads; refused is by an error that is short, names the file, and says what to do."""
    (folder / name).write_bytes(content)
    try:
        load_registry(folder)
    except RegistryError as error:
        refused = error
    else:
        return True
    assert any(path.rsplit("/", 1)[-1] in refused.where for path in FILES) or refused.where.startswith(
        "plan "
    )
    assert refused.todo
    assert max(map(len, str(refused).split("\n"))) < 1100
    return False


@pytest.mark.parametrize("name", FILES)
def test_a_file_damaged_or_mistyped(folder: Path, name: str, tally: Tally) -> None:
    whole = (REGISTRY / name).read_bytes()
    ways = st.one_of(damaged(whole), mistyped(whole)) if name.endswith(".toml") else damaged(whole)

    @calm(6, 250)
    @given(content=st.one_of(st.binary(max_size=200), ways, ways, ways))
    def attempt(content: bytes) -> None:
        tally("inputs", read=load(folder, name, content))

    attempt()


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".toml")])
def test_a_newer_format_is_refused_with_what_to_do(folder: Path, name: str) -> None:
    text = (REGISTRY / name).read_text(encoding="utf-8")
    assert text.count("\nformat = 1\n") + text.startswith("format = 1\n") == 1
    (folder / name).write_text(text.replace("format = 1\n", "format = 2\n", 1), encoding="utf-8")
    with pytest.raises(RegistryError, match="format 2 is unknown") as caught:
        load_registry(folder)
    assert "install the release that wrote it" in caught.value.todo


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("output", "../../{slug}.html"),
        ("output", "C:{slug}.html"),
        ("output", "/tmp/{slug}.html"),
        ("output", "sub/{slug}.html"),
        ("output", "{slug!r}.html"),
        ("output", "{slug:>99999999}.html"),
        ("output", "{slug.__class__}.html"),
        ("notebook", "../../evil.ipynb"),
        ("notebook", "/tmp/evil.ipynb"),
        ("notebook", "municipality.py"),
    ],
)
def test_a_report_stays_in_its_folder(folder: Path, field: str, value: str) -> None:
    path = folder / "reports.toml"
    old = {"output": 'output = "gemeente-{slug}.html"', "notebook": 'notebook = "municipality.ipynb"'}[field]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, f'{field} = "{value}"'), encoding="utf-8")
    with pytest.raises(RegistryError, match=r"reports\.toml, report municipality"):
        load_registry(folder)


@pytest.mark.parametrize("line_end", ["\r\n", "\r\n\r\n"])
def test_line_ends_of_windows_change_nothing(folder: Path, line_end: str) -> None:
    for name in FILES:
        if name.endswith(".toml") or line_end == "\r\n":
            content = (REGISTRY / name).read_bytes()
            assert b"\r" not in content
            (folder / name).write_bytes(content.replace(b"\n", line_end.encode()))
    assert load_registry(folder) == load_registry(REGISTRY)
