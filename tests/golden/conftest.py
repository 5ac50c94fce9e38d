"""Reference values computed in R: `vector("poisson_trend")` gives inputs, outputs and rel_tol."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).with_name("reference_values.json")


@cache
def _vectors() -> dict[str, dict[str, Any]]:
    content = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return {vector["id"]: vector for vector in content["vectors"]}


@pytest.fixture(scope="session")
def vector() -> Callable[[str], dict[str, Any]]:
    return lambda name: _vectors()[name]
