"""A record of ours with a hash of itself: one that was changed on the disk is told from one that is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ivp_analysis.data.files import sha256_bytes

SEAL = "seal"


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the hash of all the rest."""
    rest = {key: value for key, value in record.items() if key != SEAL}
    text = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return {**rest, SEAL: sha256_bytes(text.encode("ascii"))}


def is_whole(record: Any) -> bool:
    """Whether it is a record as it was written."""
    return isinstance(record, dict) and record.get(SEAL) == sealed(record)[SEAL]
