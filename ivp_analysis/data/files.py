"""Writing that is whole or absent, hashes, and reading plain and gzipped files alike."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import io
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ivp_analysis.errors import InputError, WorkspaceError

TEMP_PREFIX = ".ivp-tmp-"
_CHUNK = 1 << 20
# A table of figures packs 4 to 40 times; far more than that is made to fill the memory.
_MOST_UNPACKED, _RATIO_FROM = 200, 64 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
# A virus scanner or a synchronised folder holds a file for a moment; Excel holds it for longer.
_PATIENCE = (0.05, 0.1, 0.2, 0.4)


class InUseError(WorkspaceError):
    """The file is open in a program that lets nobody replace it."""


def temporary_name(target: Path) -> Path:
    """A name beside the target (os.replace works only within one disk) that cleaning up recognises."""
    return target.with_name(f"{TEMP_PREFIX}{uuid.uuid4().hex[:12]}-{target.name}")


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path to write to; it becomes `target` only if the block ends well."""
    make_folder(target.parent)
    temp = temporary_name(target)
    try:
        with writing(target):
            yield temp
            _flush(temp)
            _replace(temp, target)
    finally:
        _remove(temp)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """What the system refuses while a file is written (disk full, no rights) as a WorkspaceError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            what, todo = "the disk is full", "make room on it, or choose another workspace"
        elif error.errno in _REFUSED:
            what, todo = (
                "no right to write here",
                "check the rights on this folder, or choose another workspace",
            )
        else:
            what, todo = "cannot be written", "check the disk"
        said = error.strerror or str(error)
        raise WorkspaceError(
            f"{what} ({said})", where=str(target), todo=f"{todo}; then run the command again"
        ) from error


def write_or_beside(target: Path, content: bytes) -> Path:
    """Write the file; while another program has it open, its new version beside it. Returns what was written."""
    beside = target.with_name(f"{target.stem} (nieuw){target.suffix}")
    try:
        write_bytes(target, content)
    except InUseError:
        write_bytes(beside, content)
        return beside
    _remove(beside)
    return target


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write them all; those that another program has open stay, and the InUseError names the new ones beside them."""
    written = {path: write_or_beside(path, content) for path, content in files.items()}
    beside = {path: new for path, new in written.items() if new != path}
    if beside:
        names = ", ".join(f"{path.name} (the new one is {new.name})" for path, new in beside.items())
        raise InUseError(
            f"open in another program: {names}",
            where=str(next(iter(beside)).parent),
            todo="use the new one, or close the program and run ivp reports again",
        )


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
        with writing(target):
            _replace(temp, target)


def clean_leftovers(folder: Path) -> int:
    """Remove what an interrupted write or run left in the folder and below; returns how many files and folders."""
    leftovers = list(folder.rglob(f"{TEMP_PREFIX}*")) if folder.is_dir() else []
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            _remove(path)
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


def read_bytes(path: Path, *, packed: bool | None = None) -> bytes:
    """The content, unpacked if it is `packed` (by default: if the name ends in .gz); a cut archive, or one that never ends, is an InputError."""
    try:
        content = path.read_bytes()
        packed = path.suffix == ".gz" if packed is None else packed
        return _unpack(content, path.name) if packed else content
    except (EOFError, zlib.error, OSError) as error:
        raise InputError(
            f"the file cannot be read ({error})", where=path.name, todo="download or copy the file again"
        ) from error


def _unpack(packed: bytes, name: str) -> bytes:
    most = max(_RATIO_FROM, _MOST_UNPACKED * len(packed))
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as archive:
        content = archive.read(most + 1)
    if len(content) > most:
        what = f"the archive unpacks to more than {most >> 20} MB: this is not an ordinary table"
        raise InputError(what, where=name, todo="download or copy the file again")
    return content


def _remove(path: Path) -> None:
    """A file or a folder, as far as the system lets us: what stays is removed by a later run."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _replace(temp: Path, target: Path) -> None:
    for wait in (*_PATIENCE, None):
        try:
            os.replace(temp, target)  # noqa: PTH105 - the word of the operating system for "at once"
        except PermissionError as error:
            if wait is None:
                raise InUseError(
                    "the file is in use by another program",
                    where=str(target),
                    todo="close it (Excel, a viewer, OneDrive) and run the command again",
                ) from error
            time.sleep(wait)
        else:
            return
