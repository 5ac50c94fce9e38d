"""Page after page of a plan, each checked and kept before the next is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivp_analysis.data.odata.chunks import Chunk, Scope, plan_chunks
from ivp_analysis.data.odata.client import NotServedError
from ivp_analysis.data.odata.resume import PageStore, StoredPage
from ivp_analysis.data.odata.scope import Resolved
from ivp_analysis.data.odata.service import DATA_SET, Page, Service, cut_off
from ivp_analysis.data.odata.shape import Shape
from ivp_analysis.errors import FetchError

# The rows are ordered by 64-bit numbers.
_LAST_ORDER = 1 << 62
# pages, of which from an earlier try; rows so far; at most so many in the end.
Watch = Callable[[int, int, int, int], None]


@dataclass(slots=True)
class Collector:
    """One table being fetched."""

    service: Service
    store: PageStore
    shape: Shape
    resolved: Resolved
    columns: tuple[str, ...]
    chunks: list[Chunk]
    watch: Watch
    number: int = 0
    resumed: int = 0
    rows: int = 0

    def run(self) -> list[Chunk]:
        """Fetch what is not there yet; returns the plan as it was carried out."""
        index, url, in_chunk = self._resume()
        while index < len(self.chunks):
            chunk = self.chunks[index]
            try:
                page = self._fetch(chunk, url, in_chunk)
            except NotServedError:
                if chunk.way == "api":
                    raise
                self._use_api(index, in_chunk)
                url, in_chunk = None, 0
                continue
            url, in_chunk = self._keep(index, page, in_chunk)
            index += url is None
        return self.chunks

    def _resume(self) -> tuple[int, str | None, int]:
        """Where an earlier try stopped: chunk, its next page, and how many rows of it are there."""
        index, url, in_chunk = 0, None, 0
        for page in self.store.pages():
            self.number += 1
            self.rows += len(page.rows)
            in_chunk = in_chunk + len(page.rows) if page.next_url else 0
            index = page.chunk + (page.next_url is None)
            url = self.service.here(page.next_url) if page.next_url else None
        self.resumed = self.number
        self._say()
        return index, url, in_chunk

    def _fetch(self, chunk: Chunk, url: str | None, in_chunk: int) -> Page:
        select = () if self._takes_all() else self.columns
        url = url or self.service.url(DATA_SET, chunk.way, where=chunk.where, select=select)
        page = self.service.page(url)
        # When the request cannot have more rows than came, none is missing, however round the number.
        full = len(page.rows) == self.service.client.policy.page_rows
        if full and page.next_url is None and in_chunk + len(page.rows) != chunk.most:
            raise cut_off(len(page.rows), url)
        self._check(page, chunk, url)
        return page

    def _takes_all(self) -> bool:
        """Whether every measure is wanted; a list of them all would make a long address for nothing."""
        return len(self.resolved.columns) == len(self.shape.topics)

    def _check(self, page: Page, chunk: Chunk, url: str) -> None:
        """A filter that the service passes over would give figures of another place."""
        scope = self.resolved.scope
        allowed = {column: {key.strip()} for column, key in scope.fixed}
        allowed |= {scope.region: {key.strip() for key in chunk.areas}} if scope.region else {}
        allowed |= {scope.period: {key.strip() for key in chunk.periods}} if scope.period else {}
        for row in page.rows:
            missing = [column for column in self.columns if column not in row]
            if missing:
                raise _strange(f"a row has no column {missing[0]}", url)
            order = row[self.columns[0]]
            if type(order) is not int or not 0 <= order < _LAST_ORDER:
                raise _strange(f"a row is numbered {order!r}"[:100], url)
            for column, keys in allowed.items():
                if str(row[column]).strip() not in keys:
                    raise _strange(f"{column} {row[column]!r} was not asked for", url)

    def _keep(self, index: int, page: Page, in_chunk: int) -> tuple[str | None, int]:
        self.number += 1
        self.rows += len(page.rows)
        rows = [[row[column] for column in self.columns] for row in page.rows]
        self.store.add(self.number, StoredPage(index, page.next_url, rows))
        self._say()
        return page.next_url, 0 if page.next_url is None else in_chunk + len(rows)

    def _use_api(self, index: int, in_chunk: int) -> None:
        """The feed does not give this chunk: ask the API for it and the rest, in chunks below its limit."""
        for page in list(self.store.pages()):
            if page.chunk == index:
                self.number -= 1
        self.store.drop_from(self.number + 1)
        self.rows -= in_chunk
        limit = self.service.client.policy.page_rows - 1
        smaller = [
            small for chunk in self.chunks[index:] for small in _cut(self.resolved.scope, chunk, limit)
        ]
        self.chunks = [*self.chunks[:index], *smaller]
        self.store.plan(self.shape, self.chunks)

    def _say(self) -> None:
        self.watch(self.number, self.resumed, self.rows, sum(chunk.most for chunk in self.chunks))


def _cut(scope: Scope, chunk: Chunk, limit: int) -> list[Chunk]:
    """The chunk in pieces for the API."""
    part = replace(
        scope,
        areas=chunk.areas,
        every_area=scope.every_area and len(chunk.areas) == len(scope.areas),
        periods=chunk.periods,
        every_period=scope.every_period and len(chunk.periods) == len(scope.periods),
    )
    return plan_chunks(part, limit, "api")


def _strange(what: str, url: str) -> FetchError:
    return FetchError(
        f"the service answered something else than was asked: {what}",
        where=url,
        todo="try again later; if it stays, report it to the publisher of the table",
    )
