"""One polite, patient reader of web addresses: pauses, time-outs, back-off, errors that say what to do next.

Whether and how long to wait before trying again is urllib3's Retry. requests applies it only until the first
byte of the answer, while these servers often break off later: the attempts are counted here, body and all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from json import JSONDecodeError
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from requests import Response
from requests import exceptions as problems
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
)
from urllib3.util import Retry

from ivp_analysis.data.odata.session import make_session, untrusted
from ivp_analysis.errors import FetchError

T = TypeVar("T")
AGAIN = (429, 500, 502, 503, 504)
UNREACHABLE = (ConnectTimeoutError, NewConnectionError, ProxyError)
_PIECE = 1 << 16
# How the libraries say it -> how we do.
_SIGNS = {
    "NameResolutionError": "the name of the server is not found: is there a network?",
    "Name or service": "the name of the server is not found: is there a network?",
    "getaddrinfo": "the name of the server is not found: is there a network?",
    "refused": "the server refuses the connection",
    "unreachable": "there is no way to the server: is there a network?",
    "IncompleteRead": "the connection broke: the answer stopped halfway",
    "reset by peer": "the connection broke: the server hung up",
    "10054": "the connection broke: the server hung up",
    "without response": "the connection broke: the server hung up",
    "not finished after": "the answer came too slowly",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient and how polite; times in seconds. page_rows: how many rows these services give at once."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    whole_timeout: float = 300.0
    pause: float = 0.25
    attempts: int = 8
    backoff: float = 0.5
    longest_wait: float = 120.0
    page_rows: int = 10_000
    feed_rows: int = 50_000

    def retries(self) -> Retry:
        """A fresh count. A server that cannot be reached, or keeps answering 500, is given up sooner."""
        return Retry(
            total=self.attempts,
            connect=min(self.attempts, 4),
            other=min(self.attempts, 4),
            status=min(self.attempts, 6),
            backoff_factor=self.backoff,
            backoff_max=self.longest_wait,
            allowed_methods=frozenset({"GET"}),
            status_forcelist=AGAIN,
        )


class NotServedError(FetchError):
    """The server is there but does not give this; another of its services may."""


class _AgainError(Exception):
    """An attempt failed in a way that often passes."""

    def __init__(self, said: str, cause: HTTPError | None, response: Response | None = None) -> None:
        super().__init__(said)
        self.said, self.cause, self.response = said, cause, response


class Client:
    """Reads addresses one after the other. tell: hears what is being waited for."""

    def __init__(self, policy: Policy, tell: Callable[[str], None] | None = None) -> None:
        self.policy, self.requests = policy, 0
        self.tell = tell or (lambda _: None)
        self._session = make_session()
        self._earliest = 0.0
        self._gone: dict[str, FetchError] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def read(self, url: str, parse: Callable[[bytes], T]) -> T:
        """The parsed answer. parse: raises ValueError for a body that is not whole: it is read again."""
        host = urlsplit(url).netloc
        if host in self._gone:
            raise self._gone[host]
        retries = self.policy.retries()
        while True:
            self._wait_turn()
            try:
                return self._attempt(url, parse)
            except _AgainError as fault:
                retries = self._count(retries, url, fault)
                self._back_off(retries, host, fault)

    def _wait_turn(self) -> None:
        time.sleep(max(0.0, self._earliest - time.monotonic()))
        self._earliest = time.monotonic() + self.policy.pause
        self.requests += 1

    def _attempt(self, url: str, parse: Callable[[bytes], T]) -> T:
        timeout = (self.policy.connect_timeout, self.policy.read_timeout)
        try:
            with self._session.get(url, stream=True, timeout=timeout) as response:
                body = self._body(response)
        except problems.SSLError as error:
            if "certificate" in str(error).lower():
                self._give_up(url, untrusted(url, error), error)
            raise _AgainError("the secure connection broke", ProtocolError(str(error))) from error
        except (problems.ConnectionError, problems.Timeout) as error:
            raise _AgainError(_reason(error), _cause(error)) from error
        except HTTPError as error:
            raise _AgainError(_reason(error), ProtocolError(str(error))) from error
        except problems.RequestException as error:
            raise FetchError(
                f"this address cannot be read ({error})", where=url, todo="check the settings of the proxy"
            ) from error
        _check_status(response, url, body)
        try:
            return parse(body)
        except ValueError as error:
            detail = "" if isinstance(error, JSONDecodeError | UnicodeDecodeError) else f" ({error})"
            page = body.lstrip()[:1] == b"<"
            what = "a web page instead of figures" if page else f"no whole answer{detail}"
            raise _AgainError(what[:200], ProtocolError(what)) from error

    def _body(self, response: Response) -> bytes:
        """The whole body. A body that trickles would never be later than the read time-out."""
        deadline = time.monotonic() + self.policy.whole_timeout
        pieces: list[bytes] = []
        # read1 gives what has arrived; a read of a fixed size would wait for all of it, however slow.
        while piece := response.raw.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise ProtocolError(f"not finished after {self.policy.whole_timeout:g} s")
        return b"".join(pieces)

    def _count(self, retries: Retry, url: str, fault: _AgainError) -> Retry:
        try:
            if fault.response is not None:
                return retries.increment("GET", url, response=fault.response.raw)
            return retries.increment("GET", url, error=fault.cause)
        except MaxRetryError as error:
            tries = f"{len(retries.history) + 1} attempts"
            if isinstance(fault.cause, UNREACHABLE):
                self._give_up(url, _unreachable(url, fault.said, tries), error)
            raise NotServedError(
                f"no usable answer after {tries}: {fault.said}",
                where=url,
                todo="try again later: what was fetched is kept and will not be fetched again",
            ) from error

    def _back_off(self, retries: Retry, host: str, fault: _AgainError) -> None:
        asked = None if fault.response is None else retries.get_retry_after(fault.response.raw)
        wait = min(asked or retries.get_backoff_time(), self.policy.longest_wait)
        self.tell(f"{host}: {fault.said}; trying again" + (f" in {wait:.0f} s" if wait >= 1 else ""))
        time.sleep(wait)

    def _give_up(self, url: str, error: FetchError, cause: Exception) -> NoReturn:
        """The next table of the same server need not find out again."""
        self._gone[urlsplit(url).netloc] = error
        raise error from cause


def _check_status(response: Response, url: str, body: bytes) -> None:
    status = response.status_code
    if status < 400:
        return
    said = " ".join(body[:300].decode("utf-8", "replace").split())
    if status in AGAIN:
        raise _AgainError(f"answers {status} {response.reason}", None, response)
    if status == 407:
        raise FetchError(
            "the proxy asks for a name and password",
            where=url,
            todo="set HTTPS_PROXY to http://name:password@proxy:port, or ask your ICT department",
        )
    raise NotServedError(
        f"the server refuses this: {status} {response.reason} {said}".rstrip(),
        where=url,
        todo="check the table in data/registry/sources.toml; it may have been withdrawn or renamed",
    )


def _cause(error: Exception) -> HTTPError:
    """The fault below the one of requests: Retry tells unreachable from broken off by its type."""
    inner = error.args[0] if error.args else error
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return reason if isinstance(reason, HTTPError) else ProtocolError(str(error))


def _reason(error: Exception) -> str:
    """In plain words: the text of the libraries is of no use to who reads it."""
    if isinstance(error, problems.ProxyError):
        return "the proxy refuses or does not answer"
    if isinstance(error, problems.Timeout):
        return "no answer in time"
    said = str(error)
    return next((words for sign, words in _SIGNS.items() if sign in said), "the connection broke")


def _unreachable(url: str, said: str, tries: str) -> FetchError:
    return FetchError(
        f"cannot be reached after {tries}: {said}",
        where=url,
        todo="check the network; behind a proxy set HTTPS_PROXY (and NO_PROXY for addresses inside), then run"
        " again: what was fetched is kept",
    )
