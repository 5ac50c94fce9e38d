"""The two services of one OData v3 table: the feed, which pages, and the API, which stops at its limit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from ivp_analysis.data.odata.client import Client, NotServedError
from ivp_analysis.data.odata.shape import (
    Row,
    Shape,
    bare_dimensions,
    make_dimension,
    topics_of,
)
from ivp_analysis.errors import FetchError

# Which server holds the tables of a catalogue.
HOSTS = {"Politie": "https://dataderden.cbs.nl", "CBS": "https://opendata.cbs.nl"}
PATHS = {"feed": "ODataFeed/odata", "api": "ODataApi/OData"}
DATA_SET = "TypedDataSet"
Way = Literal["feed", "api"]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as they came, and where the next ones are."""

    rows: list[dict[str, Any]]
    next_url: str | None


class Service:
    """Reads the sets of one table."""

    def __init__(self, client: Client, root: str, table: str) -> None:
        self.client, self.root, self.table = client, root.rstrip("/"), table

    def url(self, name: str, way: Way, *, where: str = "", select: Sequence[str] = ()) -> str:
        """The address of a set; blanks become %20, because padding is part of the keys in a filter."""
        options = [f"$filter={quote(where, safe='')}"] if where else []
        options += [f"$select={quote(','.join(select), safe=',')}"] if select else []
        return f"{self.root}/{PATHS[way]}/{self.table}/{name}?{'&'.join(['$format=json', *options])}"

    def here(self, url: str) -> str:
        """An address that was kept, at the server of today."""
        root, there = urlsplit(self.root), urlsplit(url)
        return urlunsplit((root.scheme, root.netloc, there.path, there.query, ""))

    def page(self, url: str) -> Page:
        """One answer; a body that is cut off is read again by the client."""
        answer = self.client.read(url, _parse)
        link = answer.get("odata.nextLink")
        return Page(answer["value"], self._follow(url, str(link)) if link else None)

    def modified(self) -> tuple[str, str]:
        """When the table was last changed, and its title."""
        rows = self._whole("TableInfos")
        if len(rows) != 1 or not rows[0].get("Modified"):
            raise FetchError(
                "the table does not say when it was changed",
                where=self.url("TableInfos", "feed"),
                todo="try again later; if it stays, report it to the publisher of the table",
            )
        return str(rows[0]["Modified"]), str(rows[0].get("Title") or "").strip()

    def shape(self, modified: str, title: str) -> Shape:
        """The metadata of the table: DataProperties and the set of every dimension."""
        properties = self._whole("DataProperties")
        try:
            dimensions = tuple(
                make_dimension(column, name, kind, self._whole(column), self.table)
                for column, name, kind in bare_dimensions(properties)
            )
            return Shape(self.table, title, modified, dimensions, topics_of(properties))
        except (KeyError, TypeError) as error:
            raise FetchError(
                f"the metadata lack {error}",
                where=f"table {self.table}",
                todo="try again later; if it stays, report it to the publisher of the table",
            ) from error

    def _whole(self, name: str) -> list[Row]:
        try:
            return self._all(self.url(name, "feed"))
        except NotServedError:
            return self._all(self.url(name, "api"))

    def _all(self, url: str) -> list[Row]:
        rows: list[Row] = []
        next_url: str | None = url
        while next_url:
            page = self.page(next_url)
            rows += page.rows
            if len(page.rows) == self.client.policy.page_rows and page.next_url is None:
                raise cut_off(len(page.rows), url)
            next_url = page.next_url
        return rows

    def _follow(self, url: str, link: str) -> str:
        """The next page. The link says all that was asked: adding to it would ask double."""
        here, there = urlsplit(url), urlsplit(link)
        path = there.path if there.path.startswith("/") else f"{here.path.rsplit('/', 1)[0]}/{there.path}"
        if path.casefold() != here.path.casefold():
            raise FetchError(
                f"the next page would be of another table: {link}",
                where=url,
                todo="try again later; if it stays, report it to the publisher of the table",
            )
        query = there.query if "format=json" in there.query else f"$format=json&{there.query}"
        # The link may name a host or scheme that cannot be reached from here, and must not lead elsewhere.
        return urlunsplit((here.scheme, here.netloc, path, query, ""))


def cut_off(rows: int, url: str) -> FetchError:
    """Exactly the limit and no next page: there may be more, and nobody would see that it is missing."""
    return FetchError(
        f"{rows} rows came, exactly the service's limit, and no link to a next page: rows may be missing",
        where=url,
        todo="try again later, or ask for less: --areas with fewer codes, --from with a later year",
    )


def _parse(body: bytes) -> dict[str, Any]:
    answer = json.loads(body.decode("utf-8-sig"))
    rows = answer.get("value") if isinstance(answer, dict) else None
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return dict(answer)
    fault = answer.get("odata.error") if isinstance(answer, dict) else None
    raise ValueError(
        f"the service says: {json.dumps(fault, ensure_ascii=False)[:200]}" if fault else "no list of rows"
    )
