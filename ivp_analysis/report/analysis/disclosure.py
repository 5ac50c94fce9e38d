"""Small counts from a delivery are not shown: they may be about persons. Open data are published already."""

from __future__ import annotations

from ivp_analysis.registry.records import Registry


def is_protected(registry: Registry, source: str, count: float) -> bool:
    """Whether a count of this source is too small to print; 0 says nothing of anybody."""
    threshold = float(registry.method.group("disclosure")["threshold"])
    return registry.sources[source].is_delivered and 0 < count < threshold


def say_protected(registry: Registry) -> str:
    """What stands in its place."""
    return f"minder dan {registry.method.group('disclosure')['threshold']}"
