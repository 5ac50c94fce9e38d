"""A page on paper: printed to PDF by the browser that is there, else by WeasyPrint (extra `pdf`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ivp_analysis.data.files import atomic_path
from ivp_analysis.errors import ReportError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
)
# Where Windows and macOS keep a browser that is not on the path; the first that exists is taken.
_PLACES = (
    ("PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
    ("PROGRAMFILES", "Microsoft/Edge/Application/msedge.exe"),
    ("PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
    ("LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
)
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_SECONDS = 120
# No profile of a person, no traffic of its own, no date and address at the edges: the page has its own.
_FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)  # fmt: skip


def find_browser() -> Path | None:
    """The first Chromium-like browser of this machine."""
    return next(_candidates(), None)


def _candidates() -> Iterator[Path]:
    for name in BROWSERS:
        if found := shutil.which(name):
            yield Path(found)
    for variable, place in _PLACES:
        folder = os.environ.get(variable)
        if folder and (Path(folder) / place).is_file():
            yield Path(folder) / place
    yield from (Path(place) for place in _MAC if sys.platform == "darwin" and Path(place).is_file())


def check_pdf_possible() -> None:
    """Say before a run what is needed, instead of after it."""
    if find_browser() is None and not _has_weasyprint():
        raise ReportError(
            "nothing here can make a PDF",
            where="--pdf",
            todo="install Chromium, Chrome or Edge, or: pip install weasyprint; the pages print from any browser too",
        )


def write_pdf(page: Path) -> Path:
    """The PDF of a page beside it, tagged, with the page's title and language."""
    target = page.with_suffix(".pdf")
    browser = find_browser()
    with atomic_path(target) as temp:
        if browser is not None:
            _print(browser, page, temp)
        else:
            _weasyprint(page, temp)
    return target


def _print(browser: Path, page: Path, target: Path) -> None:
    # Not cleaned up with an error: on Windows the browser may hold its profile a moment longer.
    with tempfile.TemporaryDirectory(prefix="ivp-", ignore_cleanup_errors=True) as profile:
        sandbox = ["--no-sandbox"] if _is_root() else []
        command = [str(browser), *_FLAGS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
        try:
            done = subprocess.run(
                [*command, page.resolve().as_uri()], capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failed(page, f"{browser.name}: {error}") from error
    if done.returncode or not target.is_file() or not target.stat().st_size:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _failed(
            page, f"{browser.name} ended with {done.returncode}: {said[-1] if said else 'no reason'}"
        )


def _is_root() -> bool:
    """Chromium's sandbox refuses to run for root, as in a container."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _has_weasyprint() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):  # OSError: its own libraries (Pango) are not there
        return False
    return True


def _weasyprint(page: Path, target: Path) -> None:
    check_pdf_possible()
    import weasyprint

    weasyprint.HTML(filename=str(page)).write_pdf(str(target), pdf_variant="pdf/ua-1")


def _failed(page: Path, why: str) -> ReportError:
    return ReportError(
        f"no PDF of {page.name} ({why})",
        where=str(page),
        todo="open the page in a browser and print it there",
    )
