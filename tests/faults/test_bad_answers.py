"""Whatever a service answers, a fetch ends with a snapshot that our readers read, or with one clear error and none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from faults.damage import damaged, misshaped
from faults.room import calm
from hypothesis import given
from hypothesis import strategies as st
from standin import made
from standin.quick import QUICK, TODAY
from standin.server import StandIn

from ivp_analysis.data.clean import clean_snapshot
from ivp_analysis.data.fetch import FetchResult, fetch
from ivp_analysis.data.snapshots import list_snapshots, list_strays
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry

Tally = Callable[..., None]
NUISANCE = "politie-47021"
# Two attempts are enough to see that a body stays as it is.
HASTY = replace(QUICK, attempts=1, page_rows=300, feed_rows=1500)


def get(place: Workspace, registry: Registry, server: StandIn, source: str) -> FetchResult:
    (result,) = fetch(
        place, registry, sources=[source], areas=["GM0981", "NL01"], base_urls=server.roots, today=TODAY, policy=HASTY
    )  # fmt: skip
    return result


@pytest.mark.parametrize("source", [NUISANCE, "cbs-grenzen"])
def test_a_misshaped_answer(registry: Registry, tmp_path: Path, source: str, tally: Tally) -> None:
    table = made.police_table(registry, NUISANCE, years=range(2024, 2026))
    bodies: dict[str, bytes] = {}
    twisted: dict[str, bytes] = {}

    def twist(address: str, body: bytes) -> bytes:
        return twisted.get(address, bodies.setdefault(address, body))

    with StandIn(
        [table], boundaries={2026: made.boundaries(registry, 2026)}, page_rows=300, twist=twist
    ) as server:
        assert get(init_workspace(tmp_path / "whole"), registry, server, source).outcome == "taken"
        addresses = sorted(bodies)
        assert len(addresses) > (3 if source == NUISANCE else 0)
        turn = iter(range(10**6))

        @calm(10, 250)
        @given(data=st.data())
        def attempt(data: st.DataObject) -> None:
            address = data.draw(st.sampled_from(addresses))
            whole = bodies[address]
            twisted.clear()
            twisted[address] = data.draw(st.one_of(misshaped(whole), misshaped(whole), damaged(whole)))
            place = init_workspace(tmp_path / str(next(turn)))
            result = get(place, registry, server, source)
            tally("inputs", read=result.outcome == "taken")
            assert result.outcome == "taken" or (result.error and result.error.todo)
            assert list_strays(place) == []
            kept = list_snapshots(place)
            assert len(kept) == (result.outcome == "taken")
            if source == NUISANCE:
                assert all(clean_snapshot(snapshot, registry).accounted for snapshot in kept)

        attempt()


@pytest.mark.parametrize("pattern", ["state.json", "page-0002.json"])
def test_unfinished_pages_that_were_damaged_are_fetched_again(
    registry: Registry, tmp_path: Path, pattern: str, tally: Tally
) -> None:
    table = made.police_table(registry, NUISANCE, years=range(2024, 2026))

    class _StopError(Exception):
        """The machine was switched off."""

    def stop(pages: int) -> None:
        if pages == 3:
            raise _StopError

    with StandIn([table], page_rows=150) as server:
        small_pages = replace(HASTY, page_rows=150, feed_rows=750)
        expected = get(init_workspace(tmp_path / "whole"), registry, server, NUISANCE)
        started = init_workspace(tmp_path / "started")
        with pytest.raises(_StopError):
            fetch(
                started, registry, sources=[NUISANCE], areas=["GM0981", "NL01"], base_urls=server.roots, today=TODAY,
                policy=small_pages, progress=lambda step: stop(step.pages),
            )  # fmt: skip
        (kept,) = started.raw.glob(f".fetch/*/{pattern}")
        whole, turn = kept.read_bytes(), iter(range(10**6))
        assert expected.taken is not None

        @calm(10, 150)
        @given(content=st.one_of(misshaped(whole), damaged(whole)))
        def attempt(content: bytes) -> None:
            place = Workspace(Path(shutil.copytree(started.root, tmp_path / str(next(turn)))), started.home)
            (damaged_one,) = place.raw.glob(f".fetch/*/{pattern}")
            damaged_one.write_bytes(content)
            result = get(place, registry, server, NUISANCE)
            tally("inputs", read=result.outcome == "taken")
            assert result.taken is not None
            assert result.taken.snapshot.sha256 == expected.taken.snapshot.sha256
            assert list_strays(place) == []

        attempt()
