"""One table from its service into one snapshot; nothing becomes one that our own readers cannot read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivp_analysis.data.clean import check_file
from ivp_analysis.data.odata.chunks import Chunk, plan_chunks
from ivp_analysis.data.odata.collect import Collector, Watch
from ivp_analysis.data.odata.csv_file import ORDER, OverlapError, write_table
from ivp_analysis.data.odata.query import Wanted, find_covering, to_text
from ivp_analysis.data.odata.resume import PageStore, add_seen, list_seen, open_pages, prune_pages
from ivp_analysis.data.odata.scope import Resolved, resolve
from ivp_analysis.data.odata.service import DATA_SET, Service, Way
from ivp_analysis.data.odata.shape import Shape
from ivp_analysis.data.provisional import FIELD
from ivp_analysis.data.snapshots import Snapshot, list_snapshots, take_snapshot
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import FetchError
from ivp_analysis.registry.records import Registry

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one table. new: whether it was fetched now. pages: fetched now; resumed: before."""

    snapshot: Snapshot
    modified: str
    new: bool
    rows: int = 0
    pages: int = 0
    resumed: int = 0
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pages:
    """All pages of one state of the table, on disk."""

    store: PageStore
    shape: Shape
    resolved: Resolved
    columns: tuple[str, ...]
    chunks: list[Chunk]
    pages: int
    resumed: int


def take_table(
    workspace: Workspace,
    registry: Registry,
    service: Service,
    wanted: Wanted,
    *,
    name: str,
    today: date,
    watch: Watch,
    tell: Tell,
) -> Taken:
    """The table as a snapshot called `name`; nothing is fetched when one of this state covers it."""
    modified, title = service.modified()
    own = [s for s in list_snapshots(workspace, wanted.source) if not s.simulated]
    covering = find_covering(own, wanted, modified, list_seen(workspace))
    if covering is not None:
        open_pages(workspace, wanted, modified).clear()
        return Taken(covering, modified, new=False)
    way: Way = "feed"
    for last in (False, True):
        store = open_pages(workspace, wanted, modified)
        try:
            pages = _collect(service, store, wanted, title, way, watch)
            after, title = service.modified()
            if after == modified:
                return _keep(workspace, registry, service, wanted, pages, name, today)
            fault: FetchError = _changed(wanted, modified, after)
            modified = after
        except OverlapError as overlap:
            # Paging by the service is what went wrong: the second time is by chunks that need none.
            fault, way = overlap, "api"
        store.clear()
        if last:
            raise fault
        tell(f"{wanted.table}: {fault.what}; fetching it again")
    raise AssertionError("unreachable")


def _collect(
    service: Service, store: PageStore, wanted: Wanted, title: str, way: Way, watch: Watch
) -> _Pages:
    left = store.begin()
    shape = service.shape(store.modified, title) if left is None else left[0]
    resolved = resolve(shape, wanted)
    columns = (ORDER, *(d.column for d in shape.dimensions), *(c.topic.key for c in resolved.columns))
    if left is None:
        policy = service.client.policy
        limit = policy.feed_rows if way == "feed" else policy.page_rows - 1
        chunks = plan_chunks(resolved.scope, limit, way)
        store.plan(shape, chunks)
    else:
        chunks = left[1]
    collector = Collector(service, store, shape, resolved, columns, chunks, watch)
    chunks = collector.run()
    return _Pages(store, shape, resolved, columns, chunks, collector.number, collector.resumed)


def _keep(
    workspace: Workspace,
    registry: Registry,
    service: Service,
    wanted: Wanted,
    got: _Pages,
    name: str,
    today: date,
) -> Taken:
    path = got.store.folder / name
    rows = _write(path, got)
    check_file(path, registry.sources[wanted.source], registry)
    query = to_text(wanted.record | _answer(got))
    modified = got.store.modified
    url = service.url(DATA_SET, got.chunks[0].way)
    snapshot = take_snapshot(
        workspace, wanted.source, path, name=name, taken_on=today, url=url, query=query, modified=modified
    )
    if (snapshot.modified, snapshot.query) != (modified, query):
        add_seen(workspace, wanted.source, modified, query, snapshot.sha256)
    got.store.clear()
    prune_pages(workspace, wanted.source, modified)
    fresh, notes = got.pages - got.resumed, (*got.resolved.notes, *_new_codes(got, wanted, registry))
    return Taken(snapshot, modified, True, rows, fresh, got.resumed, got.resolved.absent, notes)


def _write(path: Path, got: _Pages) -> int:
    keys = got.columns[: 1 + len(got.shape.dimensions)]
    headings = [*keys, *(column.heading for column in got.resolved.columns)]
    codes, column = got.resolved.codes, got.resolved.code_column
    only = None if codes is None or column is None else (got.columns.index(column), codes)
    return write_table(path, headings, got.store.pages(), only)


def _answer(got: _Pages) -> dict[str, object]:
    """What the table made of the request: the measure behind a heading, what was fixed, what is absent."""
    return {
        "title": got.shape.title,
        "columns": {c.heading: c.topic.label for c in got.resolved.columns},
        "fixed": got.resolved.fixed,
        "absent": list(got.resolved.absent),
        FIELD: _provisional(got),
    }


def _provisional(got: _Pages) -> list[str]:
    """Periods among those that were fetched of which the table says that the figures are not final."""
    dimension = got.shape.of_kind("period")
    fetched = {key.strip() for key in got.resolved.scope.periods}
    return [] if dimension is None else [key for key in dimension.provisional if key in fetched]


def _new_codes(got: _Pages, wanted: Wanted, registry: Registry) -> list[str]:
    """Codes of the table that the registry does not know, where not all of them are wanted."""
    known = registry.sources[wanted.source].codes
    dimension = next((d for d in got.shape.dimensions if d.column == got.resolved.code_column), None)
    if dimension is None or not known or got.resolved.codes is None:
        return []
    new = [f"{key.strip()} {title}" for key, title in dimension.keys if key.strip() not in known]
    return [f"codes left out, because the registry does not name them: {'; '.join(new)}"] if new else []


def _changed(wanted: Wanted, before: str, after: str) -> FetchError:
    return FetchError(
        f"the table changed while it was being fetched (from {before} to {after})",
        where=f"table {wanted.table}",
        todo="wait until the publisher is done, then run the command again",
    )
