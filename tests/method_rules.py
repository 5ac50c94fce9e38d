"""The policy constants as they stand in the registry, as the methods take them."""

import tomllib
from pathlib import Path
from typing import Any

from ivp_analysis.methods.benchmark_words import BenchmarkRules
from ivp_analysis.methods.peers import PeerRules
from ivp_analysis.methods.trend_words import TrendRules

METHOD_FILE = Path(__file__).parents[1] / "data" / "registry" / "method.toml"


def method_group(name: str) -> dict[str, Any]:
    table = tomllib.loads(METHOD_FILE.read_text(encoding="utf-8"))
    return {key: record["value"] for key, record in table[name].items()}


TREND = TrendRules(**method_group("trend"))
BENCHMARK = BenchmarkRules(**method_group("benchmark"))
PEERS = PeerRules(**method_group("peers"))
ROUNDING5 = method_group("rates")["rounding5_variance"]
