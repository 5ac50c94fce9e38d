"""Which policy constants there are and of what type: `method.toml` holds exactly these, so that a typing error in a
name or a value stops at once and not halfway through a report.

A group that a method takes whole has the fields of its rules there; a house test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ivp_analysis.errors import RegistryError
from ivp_analysis.registry.files import read_toml
from ivp_analysis.registry.near import did_you_mean
from ivp_analysis.registry.records import Constant, MethodConstants
from ivp_analysis.registry.strict import build_record, demand, shown

Kind = type[int] | type[float] | type[str]
GROUPS: Mapping[str, Mapping[str, Kind]] = {
    "trend": {
        "window_years": int, "min_years": int, "strong_change": float, "light_change": float,
        "equivalence": float, "confidence": float, "equivalence_confidence": float, "q_max": float,
        "lean_probability": float, "min_total": float, "min_mean": float, "min_own_df": float,
        "max_autocorrelation": float, "autocorrelation_p": float, "power": float,
    },
    "peers": {"k": int, "k_small": int, "k_large": int, "min_peers": int},
    "peer_sets": {"size_classes": str},
    "benchmark": {
        "years": int, "limit_inner": float, "limit_outer": float, "q_max": float, "ratio_low": float,
        "ratio_high": float, "same_low": float, "same_high": float, "same_confidence": float,
        "winsorise": float,
    },
    "rates": {"per": float, "confidence": float, "rounding5_variance": float},
    "projection": {
        "damping": float, "half": float, "prior_variance": float, "min_drift_variance": float,
        "min_level_variance": float, "mixture_weight": float, "interval": float, "drift_window_years": int,
    },
    "targets": {
        "detectable_p": float, "large": float, "half": float, "small": float, "best_quarter": float,
        "baseline_tolerance_abs": float, "baseline_tolerance_rel": float,
    },
    "progress": {
        "met_likely": float, "met_unlikely": float, "above_baseline_p": float, "durable_quarters": int,
    },
    "backtest": {
        "min_train": int, "max_train": int, "horizons_max": int, "min_origins": int, "bootstrap": int,
        "wide_interval": float, "wide_low": float, "wide_high": float, "shown_low": float, "shown_high": float,
        "target_ratio": float, "classes": int,
    },
    "monitor": {
        "years": int, "min_years": int, "harmonics": int, "notable_p": float, "very_notable_p": float,
        "min_mean": float, "downweight_residual": float,
    },
    "monitor_page": {"max_lag": int, "path_p": float, "figures": int},
    "peaks": {
        "month_share": float, "min_year": int, "residual": float, "break_p": float, "min_after": int,
    },
    "survey": {"power": float},
    "data": {
        "outlier_factor": float, "outlier_median": float, "population_jump": float,
        "baseline_share_tolerance": float, "bridge_from": int, "key_figure_years": int,
    },
    "ledger": {"by_level": float},
    "disclosure": {"threshold": int},
    "text": {"percent_min_count": int, "undetermined_share": float},
}  # fmt: skip
_WORDS: Mapping[Kind, str] = {int: "a whole number", float: "a number", str: "text in quotes"}
# Units of what lies between 0 and 1: 95 for 0.95 would make every word certain.
_FRACTIONS = ("kans", "aandeel", "correlatie")


def load_method(path: Path) -> MethodConstants:
    """The policy constants of `method.toml`, written as `[group.name]` tables; each once, of its type, none more."""
    constants = {c.id: c for c in _read(path)}
    for group, names in GROUPS.items():
        for name, kind in names.items():
            key = f"{group}.{name}"
            todo = f"add [{key}] with its value, unit, label and ground"
            demand(key in constants, f"constant {key} is missing", path.name, todo)
            _check_value(constants[key], kind, f"{path.name}, constant {key}, field value")
    return MethodConstants(constants)


def _read(path: Path) -> Iterator[Constant]:
    known = [f"{group}.{name}" for group, names in GROUPS.items() for name in names]
    for group, members in read_toml(path, None).items():
        todo = "write [group.name] with its value, unit, label and ground"
        demand(isinstance(members, dict), f"{group} is not a group of constants", path.name, todo)
        for name, values in members.items():
            key = f"{group}.{name}"
            place = f"{path.name}, constant {key}"
            demand(isinstance(values, dict), f"{name} is not a table", place, todo)
            if key not in known:
                more = "remove it, or declare it in registry/constants.py"
                what = f"no method reads constant {key}"
                raise RegistryError(what, where=place, todo=f"{did_you_mean(key, known)}{more}")
            demand("id" not in values, "the heading is the id", f"{place}, field id", "remove the field id")
            yield build_record(Constant, {"id": key, **values}, place)


def _check_value(constant: Constant, kind: Kind, where: str) -> None:
    value: Any = constant.value
    fits = type(value) is kind or (kind is float and type(value) is int)
    demand(fits, f"{shown(value)} is not {_WORDS[kind]}", where, f"write {_WORDS[kind]}")
    if constant.unit in _FRACTIONS:
        what = f"{value:g} is not a {constant.unit} between 0 and 1"
        demand(0 <= value <= 1, what, where, "write a fraction, such as 0.95 for 95 %")
