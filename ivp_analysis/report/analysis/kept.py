"""What all pages of a year share, kept beside the build: made once, read by every notebook, process and machine.

A kept result is named after the hash of all it was made from: the build, what people decided, the code of the
rooms that it rests on, and the libraries. Another hash is another file; a file that cannot be read is made anew.
It is a pickle, read by a reader that makes our own records and nothing else: a workspace may lie on a shared disk.
"""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from dataclasses import is_dataclass, replace
from datetime import date
from enum import Enum
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ivp_analysis.data.files import sha256_bytes, sha256_folder, write_bytes
from ivp_analysis.errors import WorkspaceError

if TYPE_CHECKING:
    from ivp_analysis.report.analysis.analysis import Analysis

T = TypeVar("T")
FORMAT = 1
_PACKAGE = Path(__file__).parents[2]
# The rooms that an analysis may import (tests/house holds that), hashed when this process imported them.
_ROOMS = ("registry", "data", "methods", "report/page", "report/analysis")
CODE = {room: sha256_folder(_PACKAGE / room, ("*.py",)) for room in _ROOMS}
_LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels")


def keep(analysis: Analysis, part: str, make: Callable[[Analysis], T]) -> T:
    """The part as it was kept, else made now and kept; a workspace that cannot be written only costs time."""
    path = kept_path(analysis, part)
    found = _read(path)
    if found is None:
        found = make(analysis)
        try:
            write_bytes(path, pickle.dumps(found, protocol=5))
        except WorkspaceError:
            return found
        drop_older(path)
    return found  # type: ignore[no-any-return]


def kept_path(analysis: Analysis, part: str) -> Path:
    """Where a part of this analysis stands."""
    name = f"kept-{analysis.plan.id}-{analysis.year}-{part}-{analysis.mark[:16]}.pickle"
    return analysis.workspace.processed / name


def is_kept(analysis: Analysis, part: str) -> bool:
    """Whether it was made already."""
    return kept_path(analysis, part).is_file()


def hash_analysis(analysis: Analysis) -> str:
    """One hash over all that the parts are made from, as it is in memory: no file can change under it."""
    decided = replace(analysis.registry, reports={}, plans={})
    told = [FORMAT, analysis.build.facts, repr(decided), repr(analysis.plan), analysis.year, CODE]
    libraries = {name: version(name) for name in _LIBRARIES}
    return sha256_bytes(json.dumps([*told, libraries], sort_keys=True).encode())


def drop_older(path: Path) -> None:
    """Of files that differ in their hash alone only this one stays: what the others were made from is gone."""
    stem = path.name.rpartition("-")[0]
    for other in path.parent.glob(f"{stem}-*{path.suffix}"):
        if other != path and other.name.rpartition("-")[0] == stem:
            other.unlink(missing_ok=True)


def _read(path: Path) -> Any:
    try:
        return _OwnRecords(io.BytesIO(path.read_bytes())).load()
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001 - whatever is wrong with a kept file: it is made anew
        return None


class _OwnRecords(pickle.Unpickler):
    """Makes records and words of this package, and dates; a file that names anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return date
        if module.partition(".")[0] == "ivp_analysis":
            found = getattr(import_module(module), name, None)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record of ours")
