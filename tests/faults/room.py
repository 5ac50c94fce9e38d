"""How long the fault room is: a short pass with every test, the long room with `make faults`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("IVP_FAULTS") == "long"


def times(short: int, long: int) -> int:
    """How often a fault is tried."""
    return long if LONG else short


def calm(short: int, long: int) -> settings:
    """That many examples, without a deadline: the machine may be busy with others."""
    return settings(
        max_examples=times(short, long), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
