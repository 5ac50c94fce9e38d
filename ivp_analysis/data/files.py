"""Writing that is whole or absent, hashes, and reading plain and gzipped files alike."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ivp_analysis.errors import InputError, WorkspaceError

TEMP_PREFIX = ".ivp-tmp-"
_CHUNK = 1 << 20


def temporary_name(target: Path) -> Path:
    """A name beside the target (os.replace works only within one disk) that cleaning up recognises."""
    return target.with_name(f"{TEMP_PREFIX}{uuid.uuid4().hex[:12]}-{target.name}")


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path to write to; it becomes `target` only if the block ends well."""
    make_folder(target.parent)
    temp = temporary_name(target)
    try:
        yield temp
        _flush(temp)
        _replace(temp, target)
    finally:
        temp.unlink(missing_ok=True)


def write_bytes(target: Path, content: bytes) -> None:
    """Write the whole file or leave what was there."""
    with atomic_path(target) as temp:
        temp.write_bytes(content)


def write_text(target: Path, text: str) -> None:
    """The same for text: UTF-8 and \\n on every system, so that hashes agree."""
    write_bytes(target, text.encode("utf-8"))


def replace_together(pairs: Mapping[Path, Path]) -> None:
    """Move finished temporary files to their targets in the given order, after all are on the disk."""
    for temp in pairs:
        _flush(temp)
    for temp, target in pairs.items():
        _replace(temp, target)


def clean_leftovers(folder: Path) -> int:
    """Remove what an interrupted write or run left in the folder; returns how many files and folders."""
    leftovers = list(folder.glob(f"{TEMP_PREFIX}*")) if folder.is_dir() else []
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(leftovers)


def make_folder(folder: Path) -> None:
    """Make the folder and its parents, or say why that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"cannot make the folder ({error.strerror})", where=str(folder), todo="check the rights on it"
        ) from error


def sha256_bytes(content: bytes) -> str:
    """Hash of bytes in memory."""
    return hashlib.sha256(content).hexdigest()


def sha256_file(path: Path) -> str:
    """Hash of a file, read in pieces so that a table of gigabytes fits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def sha256_folder(folder: Path, patterns: Sequence[str]) -> str:
    """One hash over names and contents, the same on every system."""
    total = hashlib.sha256()
    files = {path for pattern in patterns for path in folder.rglob(pattern)}
    for path in sorted(files, key=lambda p: p.relative_to(folder).as_posix()):
        total.update(f"{path.relative_to(folder).as_posix()}\0{sha256_file(path)}\n".encode())
    return total.hexdigest()


def read_bytes(path: Path) -> bytes:
    """The content, unpacked if the name ends in .gz; a truncated archive is an InputError."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (EOFError, zlib.error, OSError) as error:
        raise InputError(
            f"the file cannot be read ({error})", where=path.name, todo="download or copy the file again"
        ) from error


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _replace(temp: Path, target: Path) -> None:
    try:
        os.replace(temp, target)  # noqa: PTH105 - the word of the operating system for "at once"
    except PermissionError as error:
        raise WorkspaceError(
            "the file is in use by another program",
            where=str(target),
            todo="close it (Excel, a viewer, OneDrive) and run the command again",
        ) from error
    except OSError as error:
        raise WorkspaceError(
            f"cannot write ({error.strerror})", where=str(target), todo="check the disk"
        ) from error
