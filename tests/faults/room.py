"""How long the fault room is: a short pass with every test, a middle one and the long room with `make faults`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A tenth of the long room: what a machine that checks every change has time for.
SHARE = {"long": 1.0, "middle": 0.1}.get(os.environ.get("IVP_FAULTS", ""), 0.0)


def times(short: int, long: int) -> int:
    """How often a fault is tried."""
    return max(short, round(SHARE * long))


def calm(short: int, long: int) -> settings:
    """That many examples, without a deadline: the machine may be busy with others. The short pass tries the same
    on every machine, so that a change is judged by itself; the long room looks for new ones.
    """
    return settings(
        max_examples=times(short, long),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=SHARE == 0,
    )
