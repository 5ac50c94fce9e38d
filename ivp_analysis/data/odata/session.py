"""A web session that honours the system's proxy and certificates.

requests reads HTTP(S)_PROXY, NO_PROXY and the proxy settings of Windows and macOS by itself, and
REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE for certificates. It does not look into the certificate store of the
operating system, where an organisation puts the certificate of its own proxy; the context made here does, and
so reads SSL_CERT_FILE too.
"""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context

from ivp_analysis import __version__
from ivp_analysis.errors import FetchError, UsageError

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class SystemTrust(HTTPAdapter):
    """Trusts what the operating system trusts, beside the list that comes with requests."""

    def __init__(self) -> None:
        self._context: ssl.SSLContext = create_urllib3_context()
        self._context.load_default_certs()
        # Repeating is decided in one place, for broken bodies too: not here.
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The same context for direct connections."""
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """And for those through a proxy."""
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)


def make_session() -> requests.Session:
    """A session for reading public tables; a certificate file that is not there is said at once."""
    for name in BUNDLES:
        path = os.environ.get(name)
        if path and not Path(path).exists():
            raise UsageError(
                f"{name} names a file that is not there: {path}",
                where="environment variables",
                todo=f"let {name} point to the .pem file with your organisation's certificate, or remove it",
            )
    session = requests.Session()
    session.mount("https://", SystemTrust())
    session.headers["User-Agent"] = f"ivp-analysis/{__version__} ({session.headers['User-Agent']})"
    session.headers["Accept"] = "application/json"
    return session


def untrusted(url: str, error: Exception) -> FetchError:
    """What to do when a certificate is not trusted: nearly always the organisation's own proxy is between."""
    why = re.search(r"certificate verify failed: ([^(\[]+)", str(error))
    return FetchError(
        "the certificate of the other side is not trusted" + (f" ({why[1].strip()})" if why else ""),
        where=url,
        todo="ask your ICT department for the certificate of the network (a .pem file) and set "
        "REQUESTS_CA_BUNDLE or SSL_CERT_FILE to it, then run the command again",
    )
