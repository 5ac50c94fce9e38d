"""What an executed notebook must be before a page is made of it, and the parts that the export needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.reader import NotJSONError

from ivp_analysis.report.page.checks import ExportError
from ivp_analysis.report.page.glossary import GlossaryTerm
from ivp_analysis.report.page.shown import PAGE_MIME
from ivp_analysis.report.page.table_files import FlatTable

# What a page can show; text/plain alone is how a program speaks to a programmer.
_SHOWN_KINDS = ("text/html", "image/svg+xml", "text/markdown", "image/png")


@dataclass(frozen=True, slots=True)
class PageParts:
    """An executed notebook that may become a page. in_body: how many outputs its body shows."""

    notebook: nbformat.NotebookNode
    head: dict[str, Any]
    foot: str
    tables: list[FlatTable]
    glossary: list[GlossaryTerm]
    in_body: int


def read_parts(executed: Path) -> PageParts:
    """Read the notebook and refuse what no reader may meet."""
    notebook = _read(executed)
    outputs = list(_outputs(notebook))
    for number, output in outputs:
        _check_output(number, output, executed.name)
    data = [output["data"].get(PAGE_MIME, {"part": "main", "tables": []}) for _, output in outputs]
    heads = [found for found in data if found["part"] == "head"]
    feet = [found["html"] for found in data if found["part"] == "foot"]
    if len(heads) != 1:
        raise ExportError(
            f"{len(heads)} page heads", where=executed.name, todo="show one PageHead, before all else"
        )
    if len(feet) > 1:
        raise ExportError(f"{len(feet)} page feet", where=executed.name, todo="show one Foot, last")
    tables = [FlatTable.from_json(table) for found in data for table in found["tables"]]
    _check_names(tables, executed.name)
    in_body = len(outputs) - len(heads) - len(feet)
    return PageParts(notebook, heads[0], "".join(feet), tables, _glossary(data), in_body)


def _glossary(data: list[dict[str, Any]]) -> list[GlossaryTerm]:
    return [GlossaryTerm.from_json(term) for found in data for term in found.get("glossary", [])]


def _read(executed: Path) -> nbformat.NotebookNode:
    try:
        notebook: nbformat.NotebookNode = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
        return notebook
    except (OSError, NotJSONError, nbformat.ValidationError) as error:
        raise ExportError(f"cannot read the executed notebook ({error})", where=executed.name) from error


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            yield from ((number, output) for output in cell.outputs)


def _check_output(number: int, output: dict[str, Any], name: str) -> None:
    where, kind = f"{name}, cell {number}", output["output_type"]
    if kind == "error":
        raise ExportError(f"the cell failed: {output['ename']}: {output['evalue']}", where=where)
    if kind == "stream":
        text = " ".join("".join(output["text"]).split())[:200]
        todo = "solve the warning, or show the text with Text"
        raise ExportError(f"{output['name']} on a page: {text!r}", where=where, todo=todo)
    if not any(mime in output["data"] for mime in _SHOWN_KINDS):
        plain = str(output["data"].get("text/plain", ""))[:80]
        raise ExportError(
            f"an output that a page cannot show: {plain!r}",
            where=where,
            todo="end the line with ; or show a piece",
        )


def _check_names(tables: list[FlatTable], name: str) -> None:
    names = [table.id for table in tables]
    twice = sorted({found for found in names if names.count(found) > 1})
    if twice:
        raise ExportError(
            f"two tables with id {twice[0]!r}", where=name, todo="their files would overwrite each other"
        )
