"""Live tables into snapshots: which sources, for which areas, from which year on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from ivp_analysis.data.fetch_areas import (
    Nearest,
    listed_areas,
    plan_areas,
    real_key_figures,
)
from ivp_analysis.data.lock import one_at_a_time
from ivp_analysis.data.odata.boundaries import take_boundaries
from ivp_analysis.data.odata.client import Client, Policy
from ivp_analysis.data.odata.service import HOSTS, Service
from ivp_analysis.data.odata.take import Taken, take_table
from ivp_analysis.data.odata.wanted import (
    DEFAULT,
    FETCHABLE,
    KEY_FIGURES,
    make_request,
    newest_year,
    table_of,
)
from ivp_analysis.data.regions import BORDERS_FROM
from ivp_analysis.data.snapshots import today_for
from ivp_analysis.data.tidy import shortened
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import IvpError, UsageError
from ivp_analysis.registry import find_plan, find_source
from ivp_analysis.registry.records import Plan, Registry, Source

Outcome = Literal["taken", "unchanged", "failed"]
# base_urls by this name: where boundaries come from.
MAPS = "PDOK"


@dataclass(frozen=True, slots=True)
class Step:
    """How far one source is, or a message.

    rows: of at most `most`. pages: of which `resumed` are from an earlier try.
    """

    source: str
    pages: int = 0
    resumed: int = 0
    rows: int = 0
    most: int = 0
    message: str = ""


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came of one source; `error` says why it failed, and then what was there before is untouched.

    repeated: the same server failed for an earlier source.
    """

    source: str
    outcome: Outcome
    seconds: float
    requests: int
    taken: Taken | None = None
    error: IvpError | None = None
    note: str = ""
    repeated: bool = False

    def lines(self) -> list[str]:
        """For printing."""
        note = [f"  {self.note}"] if self.note else []
        if self.repeated:
            return [f"{self.source}: not fetched, for the same reason", *note]
        if self.error is not None or self.taken is None:
            return [f"{self.source}: not fetched: {self.error}", *note]
        taken, snapshot = self.taken, self.taken.snapshot
        of = f" of {taken.modified}" if taken.modified else ""
        if not taken.new:
            held = f"snapshot {snapshot.id} of {snapshot.taken_on} holds it"
            return [f"{self.source}: unchanged{of}; {held}", *note]
        again = f" and {taken.resumed} from an earlier try" if taken.resumed else ""
        pages = f"{taken.pages} page{'' if taken.pages == 1 else 's'}"
        head = f"{self.source}: {taken.rows} rows in {pages}{again}{of}, {self.seconds:.0f} s"
        gone = [f"  not in the table: {shortened(taken.absent)}"] if taken.absent else []
        return [
            f"{head}; snapshot {snapshot.id} of {snapshot.taken_on}",
            *gone,
            *(f"  {one}" for one in taken.notes),
            *note,
        ]


@dataclass(slots=True)
class _Run:
    """What all sources of one command share."""

    workspace: Workspace
    registry: Registry
    client: Client
    roots: Mapping[str, str]
    from_year: int
    year: int
    today: date
    progress: Progress
    current: str = ""
    results: list[FetchResult] = field(default_factory=list)

    def say(self, message: str) -> None:
        """Pass on what the client waits for."""
        self.progress(Step(self.current, message=message))


@one_at_a_time("ivp fetch")
def fetch(
    workspace: Workspace,
    registry: Registry,
    *,
    sources: Iterable[str] = (),
    areas: str | Sequence[str] = "plan",
    from_year: int | None = None,
    plan: Plan | None = None,
    nearest: Nearest | None = None,
    progress: Progress | None = None,
    base_urls: Mapping[str, str] | None = None,
    today: date | None = None,
    year: int | None = None,
    policy: Policy | None = None,
) -> list[FetchResult]:
    """Fetch the sources (all by default); one that fails leaves the others and all earlier snapshots alone.

    areas: "plan" takes counts of incidents for the plan's municipalities, those that `nearest` names,
    province, police region and country; "all" whole tables; else codes or names, in a list or with commas. Key figures, areas and
    inhabitants always come for the whole country. year: of the boundaries and the table of areas.
    base_urls: other servers, by catalogue.
    """
    day = today or max(today_for(workspace, source) for source in FETCHABLE)
    year = year or newest_year(registry, day)
    chosen = _sources(sources, registry, year)
    listed = listed_areas(areas, registry)
    plan = plan or (find_plan(registry, None) if areas == "plan" else None)
    with _client(policy or Policy()) as client:
        run = _Run(
            workspace, registry, client, {**HOSTS, **(base_urls or {})}, from_year or BORDERS_FROM,
            year, day, progress or (lambda _: None),
        )  # fmt: skip
        client.tell = run.say
        for source in _with_key_figures(chosen, run, needed=plan is not None and areas == "plan"):
            note = ""
            if listed is None and areas == "plan" and plan is not None and _counts(source, registry):
                listed, note = plan_areas(workspace, registry, plan, nearest, day)
            run.results.append(_fetch_one(run, registry.sources[source], listed, note))
    return run.results


def _fetch_one(run: _Run, source: Source, areas: Sequence[str] | None, note: str) -> FetchResult:
    run.current = source.id
    began, before = time.monotonic(), run.client.requests
    taken: Taken | None = None
    error: IvpError | None = None
    try:
        taken = _take(run, source, areas)
    except IvpError as fault:
        error = fault
    outcome: Outcome = "failed" if taken is None else "taken" if taken.new else "unchanged"
    seconds, requests = time.monotonic() - began, run.client.requests - before
    repeated = error is not None and any(result.error is error for result in run.results)
    return FetchResult(source.id, outcome, seconds, requests, taken, error, note, repeated)


def _take(run: _Run, source: Source, areas: Sequence[str] | None) -> Taken:
    if source.kind == "boundaries":
        url = _at(source.url.format(year=run.year), run.roots.get(MAPS))
        return take_boundaries(
            run.workspace, run.registry, run.client, source, url, run.year, today=run.today
        )
    wanted = make_request(
        source, run.registry, areas=areas, from_year=run.from_year, today=run.today, year=run.year
    )
    service = Service(run.client, run.roots[source.catalog or "CBS"], wanted.table)
    suffix = f"-{run.year}" if source.yearly_tables else ""
    return take_table(
        run.workspace,
        run.registry,
        service,
        wanted,
        name=f"{wanted.table}{suffix}.csv.gz",
        today=run.today,
        watch=lambda pages, resumed, rows, most: run.progress(Step(source.id, pages, resumed, rows, most)),
        tell=run.say,
    )


def _with_key_figures(chosen: Sequence[str], run: _Run, *, needed: bool) -> Iterator[str]:
    """In the order of fetching; key figures come along when peers must be chosen and there are none yet."""
    counts = any(_counts(source, run.registry) for source in chosen)
    if needed and counts and KEY_FIGURES not in chosen:
        yield from () if real_key_figures(run.workspace) else (KEY_FIGURES,)
    yield from chosen


def _counts(source: str, registry: Registry) -> bool:
    return registry.sources[source].kind == "observations"


def _sources(sources: Iterable[str], registry: Registry, year: int) -> list[str]:
    chosen = list(sources) or list(DEFAULT)
    for source in chosen:
        if source not in FETCHABLE:
            find_source(registry, source)
            how = f"take a file of it with ivp import, or choose --source from {', '.join(FETCHABLE)}"
            raise UsageError(f"{source} is not fetched", todo=how)
        if registry.sources[source].yearly_tables:
            table_of(registry.sources[source], year)
    return [source for source in FETCHABLE if source in chosen]


def _at(url: str, root: str | None) -> str:
    """The address on another server."""
    if root is None:
        return url
    base, there = urlsplit(root), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, there.path, there.query, ""))


@contextmanager
def _client(policy: Policy) -> Iterator[Client]:
    client = Client(policy)
    try:
        yield client
    finally:
        client.close()
