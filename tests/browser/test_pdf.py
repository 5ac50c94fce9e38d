"""A page on paper: tagged, in Dutch, with its title; and a clear message where nothing can print."""

import re
import sys
import zlib
from pathlib import Path

import pytest

from ivp_analysis.errors import ReportError
from ivp_analysis.report.page.pdf import check_pdf_possible, find_browser, write_pdf


@pytest.fixture
def without_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def _facts(pdf: bytes) -> tuple[int, bytes]:
    sides = re.findall(rb"/Type\s*/Page\b(?!s)", pdf)
    lang = re.search(rb"/Lang\s*\((?:\xfe\xff)?([^)]*)\)", pdf)
    return len(sides), lang[1].replace(b"\0", b"") if lang else b""


def test_a_browser_prints_a_tagged_page_in_dutch(site: Path) -> None:
    if find_browser() is None:
        pytest.skip("no Chromium on this machine (apt install chromium)")
    made = write_pdf(site / "gemeente-vaals.html")
    assert made.name == "gemeente-vaals.pdf"
    pdf = made.read_bytes()
    sides, lang = _facts(pdf)
    assert pdf.startswith(b"%PDF-")
    assert sides >= 1
    assert lang == b"nl"
    assert b"/StructTreeRoot" in pdf
    assert b"/Title" in pdf
    assert not list(site.glob(".ivp-tmp-*"))


def test_without_a_browser_weasyprint_prints_it(site: Path, without_browser: None) -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        pytest.skip("WeasyPrint is not installed, or not its Pango (pip install -e .[pdf])")
    pdf = write_pdf(site / "gemeente-vaals.html").read_bytes()
    assert pdf.startswith(b"%PDF-")
    # The catalogue, which holds the language, lies in a packed stream.
    unpacked = b"".join(
        zlib.decompress(found)
        for found in re.findall(rb"/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    )
    assert re.search(rb"/Lang\s*\(nl\)", pdf + unpacked)


def test_without_either_it_says_what_to_install(
    without_browser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ReportError, match="nothing here can make a PDF") as caught:
        check_pdf_possible()
    assert "pip install weasyprint" in caught.value.todo


def test_a_browser_that_fails_leaves_the_earlier_pdf(
    site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if sys.platform == "win32":
        pytest.skip("a browser of one line needs a shell script")
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho no display >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    page = site / "gemeente-vaals.html"
    page.with_suffix(".pdf").write_bytes(b"earlier")
    with pytest.raises(ReportError, match="ended with 3: no display"):
        write_pdf(page)
    assert page.with_suffix(".pdf").read_bytes() == b"earlier"
