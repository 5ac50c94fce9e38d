"""Interrupted, killed, changed underneath, cut off: what was fetched stays, and nothing false is kept."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from standin import made
from standin.faults import Faults
from standin.quick import POLICE, QUICK, TODAY, small_pages
from standin.server import StandIn
from standin.table import Table

from ivp_analysis.data.fetch import FetchResult, Step, fetch
from ivp_analysis.data.odata.client import Policy
from ivp_analysis.data.odata.resume import FOLDER
from ivp_analysis.data.snapshots import list_snapshots, list_strays
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry, load_registry

ROOT = Path(__file__).parents[3]
NUISANCE = "politie-47021"
LATER = "2026-02-15T02:00:00"
SMALL = small_pages(500)
Fetch = Callable[..., FetchResult]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(ROOT / "data" / "registry")


@pytest.fixture
def nuisance(registry: Registry) -> Table:
    return made.police_table(registry, NUISANCE, years=range(2020, 2026))


@pytest.fixture
def get(workspace: Workspace, registry: Registry) -> Fetch:
    """Fetch the nuisance of the five in pages of 500 rows."""

    def run(server: StandIn, **options: Any) -> FetchResult:
        chosen = {"today": TODAY, "policy": SMALL, "areas": list(made.FIVE), "sources": [NUISANCE]} | options
        return fetch(workspace, chosen.pop("registry", registry), base_urls=server.roots, **chosen)[0]

    return run


@pytest.fixture(scope="module")
def expected(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of an undisturbed fetch in one page."""
    table = made.police_table(registry, NUISANCE, years=range(2020, 2026))
    with StandIn([table]) as server:
        return _content(_fetch_plain(server, registry, tmp_path_factory.mktemp("plain"), QUICK))


def _fetch_plain(server: StandIn, registry: Registry, folder: Path, policy: Policy) -> FetchResult:
    return fetch(
        Workspace(folder, ROOT), registry, sources=[NUISANCE], areas=list(made.FIVE), base_urls=server.roots,
        today=TODAY, policy=policy,
    )[0]  # fmt: skip


def _content(result: FetchResult) -> bytes:
    assert result.taken is not None, result.lines()
    return result.taken.snapshot.path.read_bytes()


def _kept_pages(workspace: Workspace, source: str = NUISANCE) -> int:
    return len(list((workspace.raw / FOLDER).glob(f"{source}-*/page-*.json")))


class _InterruptError(Exception):
    """Somebody pressed Ctrl+C."""


def _stop_at(pages: int) -> Callable[[Step], None]:
    def stop(step: Step) -> None:
        if step.pages == pages:
            raise _InterruptError

    return stop


@pytest.mark.parametrize("pages", [0, 4, 8])
def test_an_interrupted_fetch_goes_on_where_it_stopped(
    pages: int, nuisance: Table, workspace: Workspace, expected: bytes, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500) as server:
        with pytest.raises(_InterruptError):
            get(server, progress=_stop_at(pages))
        assert _kept_pages(workspace) == pages
        assert list_strays(workspace) == []
        assert list_snapshots(workspace) == []
        result = get(server)
        asked = [page.page for page in server.data]
    assert len(asked) == len(set(asked)) == 8
    assert result.taken is not None
    assert (result.taken.pages, result.taken.resumed) == (8 - pages, pages)
    assert _content(result) == expected
    assert not list((workspace.raw / FOLDER).iterdir())


def test_another_server_of_the_same_table_takes_over(
    nuisance: Table, workspace: Workspace, expected: bytes, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500) as server, pytest.raises(_InterruptError):
        get(server, progress=_stop_at(4))
    with StandIn([nuisance], page_rows=500) as server:
        assert _content(get(server)) == expected
        assert len(server.data) == 4


@pytest.mark.parametrize("page_rows", [500, 2_000])
def test_from_a_damaged_page_on_all_is_fetched_again(
    page_rows: int, nuisance: Table, workspace: Workspace, expected: bytes, get: Fetch
) -> None:
    """Also when the pages have another size by then, so that the old later ones would be left over."""
    with StandIn([nuisance], page_rows=500) as server:
        with pytest.raises(_InterruptError):
            get(server, progress=_stop_at(7))
        third = next((workspace.raw / FOLDER).glob("*/page-0003.json"))
        third.write_text(third.read_text(encoding="utf-8")[:-40], encoding="utf-8")
        server.page_rows, before = page_rows, len(server.data)
        result = get(server)
        assert len(server.data) - before == (8 - 2 if page_rows == 500 else 2)
    assert _content(result) == expected


def test_pages_of_an_older_state_of_the_table_are_thrown_away(
    nuisance: Table, workspace: Workspace, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500) as server:
        with pytest.raises(_InterruptError):
            get(server, progress=_stop_at(5))
        server.replace(replace(nuisance, modified=LATER, values=[nuisance.values[0] + 0]))
        result = get(server)
    assert result.taken is not None
    assert (result.taken.pages, result.taken.resumed, result.taken.modified) == (8, 0, LATER)


def test_unfinished_pages_of_another_request_go_when_the_table_moved_on(
    nuisance: Table, workspace: Workspace, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500) as server:
        with pytest.raises(_InterruptError):
            get(server, progress=_stop_at(5), areas="all")
        get(server)
        assert _kept_pages(workspace) == 5
        server.replace(replace(nuisance, modified=LATER))
        get(server)
    assert _kept_pages(workspace) == 0


def test_a_table_that_changes_between_two_pages_is_fetched_again(
    nuisance: Table, registry: Registry, tmp_path: Path, get: Fetch
) -> None:
    other = replace(made.police_table(registry, NUISANCE, years=range(2020, 2026), seed=9), modified=LATER)
    with StandIn([other]) as server:
        undisturbed = _content(_fetch_plain(server, registry, tmp_path / "other", QUICK))
    with StandIn([nuisance], page_rows=500) as server:
        server.on_page = lambda n: server.replace(other) if n == 3 else None
        result = get(server)
        assert len(server.data) == 16
    assert result.taken is not None
    assert result.taken.snapshot.modified == LATER
    assert _content(result) == undisturbed


def test_a_table_that_keeps_changing_is_an_error_and_the_earlier_snapshot_stays(
    nuisance: Table, workspace: Workspace, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500) as server:
        first = get(server, from_year=2024)
        server.on_page = lambda n: server.replace(replace(nuisance, modified=f"2026-03-01T00:00:{n:02d}"))
        result = get(server)
    assert result.outcome == "failed"
    assert "changed while it was being fetched" in result.lines()[0]
    assert "47021NED" in result.lines()[0]
    assert first.taken is not None
    assert list_snapshots(workspace) == [first.taken.snapshot]
    assert _kept_pages(workspace) == 0


def test_ten_thousand_rows_without_a_link_are_an_error(
    registry: Registry, workspace: Workspace, get: Fetch
) -> None:
    table = made.police_table(registry, "politie-47013", years=range(2012, 2016))
    with StandIn([table], next_links=False) as server:
        result = get(server, sources=["politie-47013"], policy=QUICK)
        assert [page.rows for page in server.data] == [10_000]
    assert "10000 rows came, exactly the service's limit" in result.lines()[0]
    assert list_snapshots(workspace) == []
    assert _kept_pages(workspace, "politie-47013") == 0


def test_a_full_page_that_is_all_there_can_be_is_no_error(
    nuisance: Table, expected: bytes, get: Fetch
) -> None:
    rows = len(made.FIVE) * 9 * 13 * 6
    with StandIn([nuisance], page_rows=rows, next_links=False) as server:
        assert _content(get(server, policy=small_pages(rows))) == expected


def test_without_the_feed_the_api_is_asked_in_chunks_below_its_limit(
    nuisance: Table, expected: bytes, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500, feed=False) as server:
        result = get(server)
        assert {page.service for page in server.data} == {"api"}
        assert all(page.rows < 500 for page in server.data)
    assert _content(result) == expected


def test_a_feed_that_breaks_deep_down_gives_way_to_the_api(
    nuisance: Table, expected: bytes, get: Fetch
) -> None:
    """The first chunk has five pages, of which the fifth never comes."""
    with StandIn([nuisance], page_rows=500, broken_skip=2_000) as server:
        result = get(server)
        services = [page.service for page in server.data]
    assert services[:4] == ["feed"] * 4
    assert set(services[4:]) == {"api"}
    assert _content(result) == expected


def test_pages_that_overlap_are_noticed_and_asked_otherwise(
    nuisance: Table, expected: bytes, get: Fetch
) -> None:
    said: list[str] = []
    with StandIn([nuisance], page_rows=500, deep_skip=1_500) as server:
        result = get(server, progress=lambda step: said.append(step.message))
    assert any("rows came twice" in message for message in said)
    assert _content(result) == expected


def test_a_service_that_passes_over_the_filter_is_not_believed(
    nuisance: Table, workspace: Workspace, get: Fetch
) -> None:
    with StandIn([nuisance], page_rows=500, filters=False) as server:
        result = get(server)
    assert "RegioS 'NL01  ' was not asked for" in result.lines()[0]
    assert list_snapshots(workspace) == []


def test_what_our_registry_did_not_know_is_not_fetched_twice(
    nuisance: Table, registry: Registry, workspace: Workspace, expected: bytes, get: Fetch
) -> None:
    source = registry.sources[NUISANCE]
    codes = {code: title for code, title in source.codes.items() if code != "M062"}
    poorer = replace(registry, sources={**registry.sources, NUISANCE: replace(source, codes=codes)})
    with StandIn([nuisance], page_rows=500) as server:
        failed = get(server, registry=poorer)
        assert isinstance(failed.error, InputError)
        assert "unknown code 'M062'" in failed.error.what
        assert list_snapshots(workspace) == []
        before = len(server.data)
        assert _content(get(server)) == expected
        assert len(server.data) == before


def test_killed_at_any_moment_and_restarted_it_ends_the_same(
    registry: Registry, workspace: Workspace
) -> None:
    """A process of its own is killed (not asked to stop) in the middle of pages, three times over both tables."""
    tables = [
        made.police_table(registry, source, years=range(2021, 2026), seed=s)
        for s, source in enumerate(POLICE)
    ]
    chance = random.Random(20260201)
    with StandIn(tables, page_rows=1_000, delay=0.01, faults=Faults(rate=0.05, seed=3)) as server:
        for turn in range(3):
            finished = _finished(server, workspace)
            start, quota = len(server.data), chance.randint(1, 6)
            _run_and_kill(server, workspace, after=quota, pause=chance.random() * 0.05)
            again = {page.page for page in server.data[start:]} & finished
            assert not again, f"turn {turn}: finished pages were asked again"
            assert len(server.data) > start
        finished, start = _finished(server, workspace), len(server.data)
        assert finished
        assert _process(server, workspace).wait(timeout=60) == 0
        assert not {page.page for page in server.data[start:]} & finished
    with StandIn(tables) as server:
        plain = Workspace(workspace.root / "plain", ROOT)
        fetch(
            plain,
            registry,
            sources=POLICE,
            areas=list(made.FIVE),
            base_urls=server.roots,
            today=TODAY,
            policy=QUICK,
        )
    for source in POLICE:
        one, other = list_snapshots(workspace, source), list_snapshots(plain, source)
        assert (len(one), len(other)) == (1, 1)
        assert one[0].path.read_bytes() == other[0].path.read_bytes()
    assert list_strays(workspace) == []


def _finished(server: StandIn, workspace: Workspace) -> set[tuple[str, str, str, str, int]]:
    """The pages that are on the disk: of each table the first so many that were asked, in order."""
    found: set[tuple[str, str, str, str, int]] = set()
    for source, table in zip(POLICE, ("47013NED", "47021NED"), strict=True):
        pages = list(dict.fromkeys(page.page for page in server.data if page.table == table))
        whole = bool(list_snapshots(workspace, source))
        found |= set(pages if whole else pages[: _kept_pages(workspace, source)])
    return found


def _run_and_kill(server: StandIn, workspace: Workspace, *, after: int, pause: float) -> None:
    enough = threading.Event()
    first = server.pages
    server.on_page = lambda n: enough.set() if n >= first + after else None
    process = _process(server, workspace)
    assert enough.wait(timeout=60), "the process never came so far"
    threading.Event().wait(pause)
    process.kill()
    process.wait(timeout=20)
    server.on_page = None


def _process(server: StandIn, workspace: Workspace) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [
        sys.executable,
        "-m",
        "standin.quick",
        str(workspace.root),
        server.url,
        "1000",
        ",".join(made.FIVE),
    ]
    return subprocess.Popen(command, cwd=ROOT, env=environment)
