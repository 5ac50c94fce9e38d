"""From an executed notebook to one page that needs nothing beside it, and its tables as files."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.html import HTMLExporter

from ivp_analysis.data.files import write_files
from ivp_analysis.report.page.checks import ExportError, check_page
from ivp_analysis.report.page.frame import FileLink, Frame, outline, render_frame
from ivp_analysis.report.page.glossary import explain_terms
from ivp_analysis.report.page.notebook_checks import PageParts, read_parts
from ivp_analysis.report.page.safe_html import Html, element, hidden
from ivp_analysis.report.page.shown import PAGE_MIME
from ivp_analysis.report.page.style import TEMPLATE
from ivp_analysis.report.page.table_files import FlatTable, csv_bytes, workbook_bytes

TABLES = "tables"
_MARK = re.compile(r"<!--ivp:files:([a-z0-9-]+)-->")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page, and the files beside it by their name relative to the page's folder."""

    html: bytes
    files: Mapping[str, bytes]


def write_page(executed: Path, target: Path, *, single_file: bool = False) -> tuple[Path, ...]:
    """Write the page of an executed notebook, and its tables in `tables` beside it; all paths written.

    single_file: the tables are inside the page, which then leads to no other file (to send by e-mail). A file that
    is open in Excel is left as it was and its new version stands beside it: the error names them.
    """
    notebook = "" if single_file else Path(os.path.relpath(executed, target.parent)).as_posix()
    page = render_page(executed, stem=target.stem, notebook=notebook, single_file=single_file)
    files = {target.parent / name: content for name, content in page.files.items()} | {target: page.html}
    write_files(files)
    for old in (target.parent / TABLES).glob(f"{target.stem}_*.csv"):
        if old not in files:
            with suppress(PermissionError):  # open in Excel: it goes with the next run
                old.unlink(missing_ok=True)
    return (target, *(path for path in files if path != target))


def render_page(executed: Path, *, stem: str, notebook: str = "", single_file: bool = False) -> Page:
    """The page as bytes: the same outputs give the same bytes.

    stem: the page's file name without .html. notebook: where the executed notebook lies, seen from the page.
    """
    parts = read_parts(executed)
    files = _table_files(parts.tables, stem)
    body, _ = _exporter().from_notebook_node(parts.notebook)
    body = _MARK.sub(lambda mark: _table_link(mark[1], parts, files, stem, single_file), body)
    marked, contents = outline(explain_terms(body, parts.glossary))
    frame = Frame(
        title=f"{parts.head['title']} {parts.head['reference_year']}",
        description=parts.head["description"],
        header=Html(parts.head["header"]),
        body=marked,
        contents=contents,
        foot=Html(parts.foot),
        banner=parts.head["banner"],
        up="" if single_file else "index.html",
        links=_links(parts.tables, files, stem, notebook, single_file),
        landscape=parts.head["landscape"],
    )
    html = render_frame(frame)
    check_page(html, page=f"{stem}.html", outputs=parts.in_body)
    if parts.head["banner"] and parts.head["banner"] not in html:
        raise ExportError("the banner of simulated figures is gone", where=f"{stem}.html")
    return Page(html.encode("utf-8"), {} if single_file else files)


class _BodyExporter(HTMLExporter):
    """nbconvert with our template; without its last step, which gives every picture the same description."""

    def from_notebook_node(  # type: ignore[override]
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **options)


@cache
def _exporter() -> _BodyExporter:
    """One per process: making it costs more than a page."""
    return _BodyExporter(  # type: ignore[no-untyped-call]
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        exclude_anchor_links=True,
        filters={"is_in_body": _is_in_body, "alternative": _alternative},
    )


def warm_exporter() -> None:
    """Make the exporter and its templates now, in a process from which others are forked."""
    _exporter().template  # noqa: B018 - compiled when it is first asked for


def _is_in_body(output: Mapping[str, Any]) -> bool:
    return bool(output.get("data", {}).get(PAGE_MIME, {}).get("part", "main") == "main")


def _alternative(output: Mapping[str, Any]) -> str:
    metadata = output.get("metadata", {})
    return str(metadata.get("image/png", {}).get("alt") or metadata.get("alt") or "")


def _table_files(tables: Sequence[FlatTable], stem: str) -> dict[str, bytes]:
    files = {f"{TABLES}/{stem}_{table.id}.csv": csv_bytes(table) for table in tables}
    return files | ({f"{TABLES}/{stem}.xlsx": workbook_bytes(tables)} if tables else {})


def _table_link(table: str, parts: PageParts, files: Mapping[str, bytes], stem: str, single: bool) -> Html:
    name = f"{TABLES}/{stem}_{table}.csv"
    if name not in files:
        raise ExportError(f"table {table!r} has no values", where=f"{stem}.html", todo="show it as a Table")
    caption = next(found.caption for found in parts.tables if found.id == table)
    href = _embedded("text/csv;charset=utf-8", files[name]) if single else name
    link = element(
        "a",
        "Download deze tabel (CSV voor Excel)",
        hidden(f": {caption}"),
        href=href,
        download=Path(name).name,
    )
    return element("p", link, class_="files")


def _links(
    tables: Sequence[FlatTable], files: Mapping[str, bytes], stem: str, notebook: str, single: bool
) -> list[FileLink]:
    links = []
    name = f"{TABLES}/{stem}.xlsx"
    if tables:
        href = _embedded(_XLSX, files[name]) if single else name
        links.append(FileLink("Alle tabellen van deze pagina (Excel)", href, f"{stem}.xlsx"))
    if notebook:
        links.append(FileLink("De berekening achter deze pagina (Jupyter-notebook)", notebook))
    return links


def _embedded(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
