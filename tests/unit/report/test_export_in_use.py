"""A page or table that is open in Excel on Windows: the system refuses to replace or remove it, and that is told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.handmade import notebook_of, pieces, save

from ivp_analysis.data.files import InUseError, write_bytes, write_or_beside
from ivp_analysis.report.page.export import write_page

Open = Callable[..., None]


@pytest.fixture
def open_in_excel(monkeypatch: pytest.MonkeyPatch) -> Open:
    """The system's own answer on Windows to a file that another program holds without sharing it."""
    held: list[str] = []
    replace, unlink = os.replace, os.unlink

    def refuse(path: object) -> None:
        if Path(str(path)).name in held:
            raise PermissionError(
                13, "The process cannot access the file because it is being used", str(path)
            )

    def guarded_replace(source: object, target: object) -> None:
        refuse(target)
        replace(source, target)  # type: ignore[arg-type]

    def guarded_unlink(path: object, **options: object) -> None:
        refuse(path)
        unlink(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", guarded_replace)
    monkeypatch.setattr(os, "unlink", guarded_unlink)
    return lambda *names: held.__setitem__(slice(None), names)


@pytest.fixture
def executed(tmp_path: Path) -> Path:
    return save(notebook_of(pieces()), tmp_path / "p.ipynb")


def test_the_new_one_is_written_beside_what_is_open_and_the_message_says_so(
    tmp_path: Path, executed: Path, open_in_excel: Open
) -> None:
    page, table = tmp_path / "p.html", tmp_path / "tables" / "p_overzicht.csv"
    write_page(executed, page)
    whole = {path: path.read_bytes() for path in (page, table)}
    for path in whole:
        path.write_bytes(b"of an earlier year")
    open_in_excel("p.html", "p_overzicht.csv")
    with pytest.raises(InUseError) as caught:
        write_page(executed, page)
    assert "p.html (the new one is p (nieuw).html)" in caught.value.what
    assert "p_overzicht.csv (the new one is p_overzicht (nieuw).csv)" in caught.value.what
    for path, content in whole.items():
        assert path.read_bytes() == b"of an earlier year"
        assert path.with_name(f"{path.stem} (nieuw){path.suffix}").read_bytes() == content
    open_in_excel()
    write_page(executed, page)
    assert {path: path.read_bytes() for path in whole} == whole
    assert [
        path.name for path in tmp_path.rglob("*") if "(nieuw)" in path.name or "ivp-tmp" in path.name
    ] == []


def test_a_table_that_is_gone_from_the_page_stays_while_it_is_open(
    tmp_path: Path, executed: Path, open_in_excel: Open
) -> None:
    write_page(executed, tmp_path / "p.html")
    old = tmp_path / "tables" / "p_vervallen.csv"
    old.write_bytes(b"x")
    open_in_excel("p_vervallen.csv")
    write_page(executed, tmp_path / "p.html")
    assert old.exists()
    open_in_excel()
    write_page(executed, tmp_path / "p.html")
    assert not old.exists()


def test_a_program_that_holds_a_file_for_a_moment_only_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, refusals = os.replace, [1, 1, 1]

    def busy_at_first(source: str, target: str) -> None:
        if refusals:
            refusals.pop()
            raise PermissionError(13, "OneDrive")
        replace(source, target)

    monkeypatch.setattr(os, "replace", busy_at_first)
    write_bytes(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_both_names_open_is_an_error_that_leaves_both(tmp_path: Path, open_in_excel: Open) -> None:
    for name in ("a.csv", "a (nieuw).csv"):
        (tmp_path / name).write_bytes(b"old")
    open_in_excel("a.csv", "a (nieuw).csv")
    with pytest.raises(InUseError, match="in use"):
        write_or_beside(tmp_path / "a.csv", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old", b"old"]
