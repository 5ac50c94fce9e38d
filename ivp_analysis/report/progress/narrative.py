"""The story behind the figures: the analyst's own text from the workspace, and the aims that have no figure."""

from __future__ import annotations

from pathlib import Path

from ivp_analysis.errors import InputError
from ivp_analysis.report.analysis.analysis import Analysis
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.page.cells import Column
from ivp_analysis.report.page.pieces import Details, Heading, Text
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.page.tables import Table

TITLE = "Het verhaal achter de cijfers"


def read_narrative(analysis: Analysis, area: Area) -> Parts:
    """narrative/voortgang.md or voortgang-<slug>.md, `## ` as headings and the rest as paragraphs."""
    path = narrative_path(analysis, area)
    text = _read(path) if path.is_file() else ""
    own: list[Shown] = [_block(block) for block in text.split("\n\n") if block.strip()]
    if not own:
        own = [Text("Bij deze cijfers is nog geen toelichting geschreven.")]
    aims = (
        [Details("Doelen en thema's zonder streefwaarde", _tabulate_aims(analysis))] if area.is_region else []
    )
    return Parts(Heading(TITLE), *own, *aims)


def narrative_path(analysis: Analysis, area: Area) -> Path:
    """Where the analyst writes it."""
    name = "voortgang.md" if area.is_region else f"voortgang-{area.slug}.md"
    return analysis.workspace.narrative / name


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(
            "the text is not UTF-8", where=path.name, todo="save it as UTF-8 in the editor"
        ) from error


def _block(block: str) -> Shown:
    """A heading is a line by itself; a text is shown as it is, never as HTML."""
    text = " ".join(line.strip() for line in block.strip().splitlines())
    return Heading(text.lstrip("#").strip(), 3) if text.startswith("#") else Text(text)


def _tabulate_aims(analysis: Analysis) -> Table:
    columns = [
        Column("label", "Doel of thema"),
        Column("quote", "Het plan zegt"),
        Column("by", "Waaraan het wordt beoordeeld"),
    ]
    rows = [{"label": aim.label, "quote": aim.quote, "by": aim.evaluated_by} for aim in analysis.plan.aims]
    return Table(
        caption="Doelen en thema's zonder streefwaarde", columns=columns, rows=rows, notes=[], id="in-woorden"
    )
