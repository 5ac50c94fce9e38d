"""A file is whole or absent."""

import contextlib
import gzip
from pathlib import Path

import pytest

from ivp_analysis.data.files import (
    TEMP_PREFIX,
    atomic_path,
    clean_leftovers,
    make_folder,
    read_bytes,
    replace_together,
    sha256_file,
    temporary_name,
    write_bytes,
    write_text,
)
from ivp_analysis.errors import InputError, WorkspaceError


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    target = tmp_path / "figures.txt"
    write_text(target, "old\n")
    with pytest.raises(ZeroDivisionError), atomic_path(target) as temp:
        temp.write_text(f"half {1 // temp.write_bytes(b'')}", encoding="utf-8")
    assert target.read_bytes() == b"old\n"
    assert list(tmp_path.iterdir()) == [target]


def test_line_ends_are_the_same_on_every_system(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "één\ntwee\n")
    assert (tmp_path / "a.txt").read_bytes() == "één\ntwee\n".encode()


def test_leftovers_of_an_interrupted_write_are_recognised_and_removed(tmp_path: Path) -> None:
    (tmp_path / f"{TEMP_PREFIX}0123-figures.csv").write_bytes(b"half")
    (tmp_path / "figures.csv").write_bytes(b"whole")
    assert clean_leftovers(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["figures.csv"]
    assert clean_leftovers(tmp_path / "absent") == 0


def test_together_means_that_all_are_replaced(tmp_path: Path) -> None:
    targets = [tmp_path / "a", tmp_path / "b"]
    pairs = {temporary_name(target): target for target in targets}
    for temp in pairs:
        temp.write_bytes(temp.name[-1].encode())
    replace_together(pairs)
    assert [target.read_bytes() for target in targets] == [b"a", b"b"]
    assert len(list(tmp_path.iterdir())) == 2


def test_the_hash_is_that_of_sha256(tmp_path: Path) -> None:
    # FIPS 180-2, appendix B.1
    write_bytes(tmp_path / "abc", b"abc")
    assert sha256_file(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_gz_is_unpacked_and_a_cut_or_false_archive_is_an_input_error(tmp_path: Path) -> None:
    packed = gzip.compress(b"figures " * 1000)
    (tmp_path / "whole.csv.gz").write_bytes(packed)
    (tmp_path / "cut.csv.gz").write_bytes(packed[:-20])
    (tmp_path / "false.csv.gz").write_bytes(b"not gzip at all")
    assert read_bytes(tmp_path / "whole.csv.gz") == b"figures " * 1000
    for name in ("cut.csv.gz", "false.csv.gz", "absent.csv"):
        with pytest.raises(InputError, match=name):
            read_bytes(tmp_path / name)


def test_a_damaged_archive_is_an_input_error_wherever_the_damage_sits(tmp_path: Path) -> None:
    whole = bytes(range(256)) * 40
    packed = gzip.compress(whole)
    for place in range(0, len(packed), 7):
        damaged = bytearray(packed)
        damaged[place] ^= 0xFF
        (tmp_path / "d.gz").write_bytes(bytes(damaged))
        with contextlib.suppress(InputError):
            assert read_bytes(tmp_path / "d.gz") == whole


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    write_bytes(tmp_path / "file", b"")
    with pytest.raises(WorkspaceError, match="cannot make the folder"):
        make_folder(tmp_path / "file" / "below")
