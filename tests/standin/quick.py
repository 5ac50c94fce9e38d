"""The reader's patience, shortened so that tests do not wait; and a fetch in a process of its own."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from ivp_analysis.data.fetch import fetch
from ivp_analysis.data.odata.client import Policy
from ivp_analysis.data.workspace import Workspace, find_home
from ivp_analysis.registry import load_registry

QUICK = Policy(
    connect_timeout=2, read_timeout=2, whole_timeout=10, pause=0, attempts=8, backoff=0.001, longest_wait=0.01
)
TODAY = date(2026, 2, 1)
POLICE = ("politie-47013", "politie-47021")


def small_pages(rows: int) -> Policy:
    """For a stand-in that gives so few rows at once, to have many pages of few figures."""
    return replace(QUICK, page_rows=rows, feed_rows=5 * rows)


def main(workspace: str, url: str, page_rows: str, areas: str) -> None:
    """Fetch the police tables for some areas."""
    home = find_home(Path(__file__).parent)
    fetch(
        Workspace(Path(workspace), home),
        load_registry(home / "data" / "registry"),
        sources=POLICE,
        areas=areas.split(","),
        base_urls={"Politie": url},
        today=TODAY,
        policy=small_pages(int(page_rows)),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
