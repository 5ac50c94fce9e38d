"""The stand-in itself: a server with the feed, the API and the boundaries, and a log of what was asked."""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import numpy as np

from standin.faults import Fault, Faults
from standin.filters import LONGEST_QUERY, FilterError, rows_of
from standin.table import Table

DATA_SETS = ("TypedDataSet", "UntypedDataSet")
PAGE_ROWS = 10_000


@dataclass(frozen=True)
class Asked:
    """A request as it came. rows: how many were sent, whole; -1 when it was refused."""

    service: str
    table: str
    name: str
    where: str
    skip: int
    fault: Fault | None
    rows: int
    raw: str

    @property
    def is_data(self) -> bool:
        """Whether it asked for figures and got a whole page of them."""
        return self.name in DATA_SETS and self.fault is None and self.rows >= 0

    @property
    def page(self) -> tuple[str, str, str, str, int]:
        """What makes it the same page as another."""
        return self.service, self.table, self.name, self.where, self.skip


class StandIn:
    """Serve the tables on a free port of 127.0.0.1 for the length of a with-block.

    feed: whether the feed is there. next_links: whether it gives links to next pages. deep_skip: from this
    row on, pages of the feed overlap; broken_skip: they fail. filters: whether filters do anything.
    on_page: called after every whole page of figures with their number. delay: seconds before a page of figures.
    certificate: a .pem file, to be asked with https. twist: makes another body of an answer, by its address.
    """

    def __init__(
        self,
        tables: Iterable[Table] = (),
        *,
        faults: Faults | None = None,
        boundaries: dict[int, dict[str, Any]] | None = None,
        page_rows: int = PAGE_ROWS,
        feed: bool = True,
        next_links: bool = True,
        deep_skip: int | None = None,
        broken_skip: int | None = None,
        filters: bool = True,
        delay: float = 0.0,
        on_page: Callable[[int], None] | None = None,
        certificate: str | None = None,
        twist: Callable[[str, bytes], bytes] | None = None,
    ) -> None:
        self.tables = {table.id: table for table in tables}
        self.faults = faults or Faults()
        self.boundaries = boundaries or {}
        self.page_rows, self.feed, self.next_links, self.deep_skip = page_rows, feed, next_links, deep_skip
        self.broken_skip, self.filters, self.delay, self.on_page = broken_skip, filters, delay, on_page
        self.twist = twist
        self.log: list[Asked] = []
        self.pages = 0
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"{self._scheme}://localhost:{self._server.server_address[1]}"

    @property
    def roots(self) -> dict[str, str]:
        """All catalogues at this server."""
        return dict.fromkeys(("Politie", "CBS", "PDOK"), self.url)

    @property
    def data(self) -> list[Asked]:
        """The pages of figures that were sent whole."""
        return [asked for asked in self.log if asked.is_data]

    def replace(self, table: Table) -> None:
        """Another release of a table."""
        self.tables[table.id] = table

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body go out apart: without this the reader waits 40 ms for every answer.
    disable_nagle_algorithm = True
    standin: ClassVar[StandIn]

    def log_message(self, format: str, *args: Any) -> None:
        """The log is kept for tests, not printed."""

    def do_GET(self) -> None:
        self._raw = self.path
        split = urlsplit(self.path)
        self._options = dict(parse_qsl(split.query, keep_blank_values=True))
        parts = [unquote(part) for part in split.path.strip("/").split("/")]
        if len(split.query) > LONGEST_QUERY:
            self._note("", "", "", None, 0)
            return self._send(404, b"The request filtering module denies a query string that is too long")
        if parts[:2] == ["cbs", "gebiedsindelingen"]:
            return self._boundaries(int(parts[2]))
        if len(parts) == 4 and [p.lower() for p in parts[:2]] in (
            ["odatafeed", "odata"],
            ["odataapi", "odata"],
        ):
            return self._set("feed" if parts[0].lower() == "odatafeed" else "api", parts[2], parts[3])
        return self._send(404, b"Not Found")

    def _set(self, service: str, name: str, of: str) -> None:
        table = self.standin.tables.get(name)
        if table is None or (service == "feed" and not self.standin.feed):
            self._note(service, name, of, None, -1)
            return self._send(404, b"Not Found")
        if of in DATA_SETS:
            return self._figures(service, table, of)
        rows = table.metadata(of)
        if rows is None:
            return self._send(404, b"Not Found")
        fault = self.standin.faults.draw()
        self._note(service, name, of, fault, len(rows))
        return self._answer({"odata.metadata": f"{self.standin.url}/$metadata#{of}", "value": rows}, fault)

    def _figures(self, service: str, table: Table, of: str) -> None:
        standin = self.standin
        time.sleep(standin.delay)
        try:
            chosen = np.flatnonzero(
                rows_of(table, self._options.get("$filter", "") if standin.filters else "")
            )
        except FilterError as error:
            body = {"odata.error": {"code": "", "message": {"lang": "en-US", "value": str(error)}}}
            self._note(service, table.id, of, None, -1)
            return self._send(400, json.dumps(body).encode())
        skip = int(self._options.get("$skip", "0"))
        if standin.broken_skip is not None and skip >= standin.broken_skip:
            self._note(service, table.id, of, Fault.BROKEN, 0)
            return self._send(500, b"<html>Runtime Error</html>")
        start = skip - 7 if standin.deep_skip is not None and skip >= standin.deep_skip else skip
        select = self._options["$select"].split(",") if "$select" in self._options else []
        some = chosen[start : start + standin.page_rows]
        answer: dict[str, Any] = {"odata.metadata": f"{standin.url}/$metadata#Cbs.OData.{of}"}
        answer["value"] = table.rows(some, select, typed=of == "TypedDataSet")
        if service == "feed" and standin.next_links and start + len(some) < len(chosen):
            answer["odata.nextLink"] = self._next_link(skip + standin.page_rows)
        fault = standin.faults.draw()
        self._note(service, table.id, of, fault, len(some))
        self._answer(answer, fault)
        if fault is None:
            with standin.lock:
                standin.pages += 1
                if standin.on_page:
                    standin.on_page(standin.pages)

    def _next_link(self, skip: int) -> str:
        options = {name: value for name, value in self._options.items() if name != "$skip"}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
        # The servers name themselves with http, also when they were asked with https.
        host = f"http://{self.headers['Host']}"
        return f"{host}{urlsplit(self.path).path}?{query}&$skip={skip}"

    def _boundaries(self, year: int) -> None:
        found = self.standin.boundaries.get(year)
        fault = self.standin.faults.draw()
        self._note("wfs", str(year), "boundaries", fault, 0 if found is None else len(found["features"]))
        if found is None:
            return self._send(404, b"Not Found")
        return self._answer(found, fault)

    def _note(self, service: str, table: str, name: str, fault: Fault | None, rows: int) -> None:
        where, skip = self._options.get("$filter", ""), int(self._options.get("$skip", "0"))
        self.standin.log.append(Asked(service, table, name, where, skip, fault, rows, self._raw))

    def _answer(self, answer: dict[str, Any], fault: Fault | None) -> None:
        body = json.dumps(answer, ensure_ascii=False).encode("utf-8")
        if self.standin.twist:
            body = self.standin.twist(self.path, body)
        match fault:
            case None:
                self._send(200, body)
            case Fault.BUSY | Fault.TOO_MANY:
                self._send(503 if fault is Fault.BUSY else 429, b"busy", {"Retry-After": "1"})
            case Fault.BROKEN:
                self._send(500, b"<html>Runtime Error</html>")
            case Fault.WEB_PAGE:
                self._send(200, b"<html>Log in to the network first</html>")
            case Fault.TRUNCATED:
                self._send(200, body[: len(body) // 2])
            case Fault.SLOW:
                time.sleep(0.6)
                self._reset()
            case Fault.DRIP:
                self._drip(body)
            case Fault.SHORT:
                self._send(200, body[: len(body) // 2], announced=len(body))
                self.close_connection = True
            case Fault.RESET_MID:
                self._send(200, body[: len(body) // 2], announced=len(body))
                self._reset()
            case Fault.RESET:
                self._reset()

    def _send(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, *, announced: int | None = None
    ) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json;charset=utf-8")
            self.send_header("Content-Length", str(len(body) if announced is None else announced))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the reader went away: it was killed, or lost its patience
            self.close_connection = True

    def _drip(self, body: bytes) -> None:
        body = body.ljust(1_000)
        self._send(200, body[:100], announced=len(body))
        for start in range(100, 300):
            time.sleep(0.05)
            try:
                self.wfile.write(body[start : start + 1])
            except OSError:
                break
        self.close_connection = True

    def _reset(self) -> None:
        """Not a polite end (FIN) but a reset (RST), as a failing load balancer sends."""
        self.close_connection = True
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        socket.close(self.connection.detach())
