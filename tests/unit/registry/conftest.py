"""A writable copy of the real registry, to break in one place at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ivp_analysis.registry import Registry, load_registry

REGISTRY = Path(__file__).resolve().parents[3] / "data" / "registry"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry(REGISTRY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REGISTRY, tmp_path / "registry"))


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """edit(file, old, new): replace the first occurrence; the old text must be there."""

    def replace_once(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    return replace_once
