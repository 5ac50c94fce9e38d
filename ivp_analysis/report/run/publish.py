"""From rendered bytes to files: each is whole or as it was before, at whatever moment the machine stops."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ivp_analysis.data.files import clean_leftovers, make_folder, sha256_bytes, temporary_name, write_files

TABLES = "tables"


def publish(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write the files of one page in their order, the page last; their hashes by name.

    One that is open in another program stays, and its new version stands beside it: the InUseError names them.
    """
    write_files({folder / name: content for name, content in files.items()})
    return {name: sha256_bytes(content) for name, content in files.items()}


def drop_outdated(folder: Path, page: str, files: Mapping[str, str]) -> None:
    """Remove tables of an earlier version of the page that this version no longer has."""
    stem = Path(page).stem
    for old in (folder / TABLES).glob(f"{stem}_*.csv"):
        if f"{TABLES}/{old.name}" not in files:
            with suppress(PermissionError):  # open in Excel: it goes with the next run
                old.unlink(missing_ok=True)


def prepare_folder(folder: Path) -> None:
    """Make the year's folder, and clear away what an interrupted run left in it."""
    make_folder(folder)
    for place in (folder, folder / TABLES):
        clean_leftovers(place)


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """A folder for notebooks that are being executed; the next run clears it away if this one cannot."""
    scratch = temporary_name(folder / "run")
    make_folder(scratch)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
