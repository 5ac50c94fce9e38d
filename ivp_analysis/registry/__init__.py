"""What people decided: indicators, sources, municipalities, plans, breaks, corrections and constants."""

from ivp_analysis.registry.constants import load_method
from ivp_analysis.registry.load import load_registry
from ivp_analysis.registry.names import municipality_by_name, slug
from ivp_analysis.registry.plans import find_plan, find_source, load_plan, with_plan
from ivp_analysis.registry.records import Registry
from ivp_analysis.registry.scope import breaks_for, caveats_for

__all__ = [
    "Registry",
    "breaks_for",
    "caveats_for",
    "find_plan",
    "find_source",
    "load_method",
    "load_plan",
    "load_registry",
    "municipality_by_name",
    "slug",
    "with_plan",
]
