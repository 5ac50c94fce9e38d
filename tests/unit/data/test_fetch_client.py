"""The reader against every bad day of a server, through a proxy, and with certificates; over real sockets."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from standin import made
from standin.faults import Fault, Faults
from standin.quick import QUICK
from standin.server import StandIn
from standin.table import Table

from ivp_analysis.data.odata.client import Client, NotServedError, Policy
from ivp_analysis.data.odata.service import Service
from ivp_analysis.errors import FetchError, UsageError
from ivp_analysis.registry import load_registry

ROOT = Path(__file__).parents[3]
ENVIRONMENT = (
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE",
)  # fmt: skip
IMPATIENT = replace(QUICK, read_timeout=0.3, whole_timeout=0.3, attempts=3)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def table() -> Table:
    registry = load_registry(ROOT / "data" / "registry")
    return made.police_table(registry, "politie-47021", years=range(2024, 2026))


@contextmanager
def _client(policy: Policy = IMPATIENT) -> Iterator[Client]:
    client = Client(policy)
    try:
        yield client
    finally:
        client.close()


def _modified(client: Client, server: StandIn, table: Table) -> str:
    return Service(client, server.url, table.id).modified()[0]


@pytest.mark.parametrize("fault", Fault)
def test_one_fault_of_each_kind_is_overcome(fault: Fault, table: Table) -> None:
    began = time.monotonic()
    with StandIn([table], faults=Faults(order=[fault])) as server, _client() as client:
        assert _modified(client, server, table) == table.modified
    assert client.requests == 2
    assert time.monotonic() - began < 5, "a body that trickles for ten seconds was waited for"
    assert [asked.fault for asked in server.log] == [fault, None]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.BROKEN, "500"),
        (Fault.RESET, "the connection broke: the server hung up"),
        (Fault.SHORT, "the connection broke: the answer stopped halfway"),
        (Fault.TRUNCATED, "no whole answer"),
        (Fault.WEB_PAGE, "a web page instead of figures"),
        (Fault.SLOW, "no answer in time"),
    ],
)
def test_a_fault_that_stays_is_an_error_after_the_last_attempt(fault: Fault, said: str, table: Table) -> None:
    with (
        StandIn([table], faults=Faults(rate=1, kinds=[fault])) as server,
        _client() as client,
        pytest.raises(NotServedError) as error,
    ):
        client.read(f"{server.url}/ODataFeed/odata/{table.id}/TableInfos?$format=json", json.loads)
    assert client.requests == 1 + IMPATIENT.attempts
    assert error.value.what.endswith(said) or fault is Fault.BROKEN
    assert said in error.value.what
    assert "47021NED" in error.value.where
    assert "kept" in error.value.todo


def test_what_the_server_does_not_have_is_not_asked_again(table: Table) -> None:
    with StandIn([]) as server, _client() as client, pytest.raises(NotServedError, match="404"):
        _modified(client, server, table)
    assert [asked.service for asked in server.log] == ["feed", "api"]


@pytest.mark.parametrize(
    ("fault", "longest", "least", "most"), [(Fault.BUSY, 5.0, 1.0, 4.0), (Fault.TOO_MANY, 0.2, 0.2, 0.9)]
)
def test_retry_after_is_obeyed_up_to_our_own_limit(
    fault: Fault, longest: float, least: float, most: float, table: Table
) -> None:
    policy = replace(QUICK, longest_wait=longest)
    with StandIn([table], faults=Faults(order=[fault])) as server, _client(policy) as client:
        began = time.monotonic()
        _modified(client, server, table)
    assert least <= time.monotonic() - began <= most


def test_waits_grow(table: Table) -> None:
    policy = replace(QUICK, backoff=0.05, longest_wait=0.4)
    heard: list[str] = []
    with StandIn([table], faults=Faults(order=[Fault.RESET] * 4)) as server, _client(policy) as client:
        client.tell = heard.append
        began = time.monotonic()
        _modified(client, server, table)
    # The first repeat comes at once, then 0.05 x 2, 4 and 8.
    assert 0.7 <= time.monotonic() - began <= 2.5
    assert len(heard) == 4


def test_requests_are_spaced(table: Table) -> None:
    with StandIn([table]) as server, _client(replace(QUICK, pause=0.1)) as client:
        began = time.monotonic()
        for _ in range(5):
            _modified(client, server, table)
    assert time.monotonic() - began >= 0.4


def test_a_server_that_cannot_be_reached_is_given_up_for_all_its_tables() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _client() as client:
        service = Service(client, f"http://127.0.0.1:{port}", "47021NED")
        with pytest.raises(FetchError, match="cannot be reached") as error:
            service.modified()
        assert not isinstance(error.value, NotServedError)
        assert error.value.what.endswith("the server refuses the connection")
        assert "HTTPS_PROXY" in error.value.todo
        tried = client.requests
        with pytest.raises(FetchError, match="cannot be reached"):
            Service(client, f"http://127.0.0.1:{port}", "47013NED").modified()
        assert client.requests == tried


class _Forward(BaseHTTPRequestHandler):
    """A proxy of twenty lines: it gets whole addresses and passes them on."""

    seen: ClassVar[list[str]] = []

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.seen.append(self.path)
        to = urlsplit(self.path)
        onward = HTTPConnection(to.netloc, timeout=5)
        onward.request("GET", f"{to.path}?{to.query}", headers={"Host": to.netloc})
        answer = onward.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        onward.close()


@pytest.fixture
def proxy() -> Iterator[str]:
    _Forward.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Forward)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_proxy_of_the_environment_is_used(
    table: Table, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with StandIn([table]) as server, _client() as client:
        assert _modified(client, server, table) == table.modified
        assert len(_Forward.seen) == 1
        assert _Forward.seen[0].startswith(f"{server.url}/ODataFeed/")
        monkeypatch.setenv("NO_PROXY", "localhost")
        _modified(client, server, table)
    assert len(_Forward.seen) == 1


def test_a_proxy_that_is_not_there_is_named(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with StandIn([table]) as server, _client() as client, pytest.raises(FetchError, match="proxy") as error:
        _modified(client, server, table)
    assert "HTTPS_PROXY" in error.value.todo


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that no system trusts, with its key, made for this run."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    key, public, both = folder / "key.pem", folder / "public.pem", folder / "both.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(public)],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(key.read_text() + public.read_text())
    return both


def test_an_unknown_certificate_is_an_error_that_names_what_to_set(table: Table, certificate: Path) -> None:
    with StandIn([table], certificate=str(certificate)) as server, _client() as client:
        with pytest.raises(FetchError, match="not trusted") as error:
            _modified(client, server, table)
        assert client.requests == 1
    assert "REQUESTS_CA_BUNDLE" in error.value.todo
    assert "SSL_CERT_FILE" in error.value.todo
    assert server.url in error.value.where


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_certificate_of_the_environment_is_trusted_and_links_stay_on_https(
    variable: str, table: Table, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(certificate.with_name("public.pem")))
    with StandIn([table], certificate=str(certificate), page_rows=1_000) as server:
        policy = replace(IMPATIENT, page_rows=1_000, read_timeout=2, whole_timeout=5)
        with _client(policy) as client:
            service = Service(client, server.url, table.id)
            page = service.page(service.url("TypedDataSet", "feed"))
            assert page.next_url is not None
            assert page.next_url.startswith(server.url)
            assert service.page(page.next_url).rows[0]["ID"] == 1_000


def test_a_certificate_file_that_is_not_there_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/gemeente.pem")
    with pytest.raises(UsageError, match=r"gemeente\.pem"):
        Client(QUICK)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (
            "http://other.example/ODataFeed/odata/T/TypedDataSet?$format=json&$skip=10",
            "$format=json&$skip=10",
        ),
        ("TypedDataSet?$skip=10", "$format=json&$skip=10"),
    ],
)
def test_a_link_to_the_next_page_is_followed_on_the_server_that_was_asked(link: str, expected: str) -> None:
    with _client() as client:
        service = Service(client, "https://dataderden.cbs.nl", "T")
        here = service.url("TypedDataSet", "feed")
        assert (
            service._follow(here, link)
            == f"https://dataderden.cbs.nl/ODataFeed/odata/T/TypedDataSet?{expected}"
        )
        with pytest.raises(FetchError, match="another table"):
            service._follow(here, "https://dataderden.cbs.nl/ODataFeed/odata/U/TypedDataSet?$skip=10")
