"""Copies of pages for who cannot take a folder: on paper (PDF), and as one file with its tables inside, to send."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ivp_analysis.data.files import make_folder
from ivp_analysis.report.run.jobs import Job

# The folder of pages that lead to no other file.
SINGLE = "los"


def drop_copies(folder: Path, page: str) -> None:
    """A copy is never older than its page: it goes when the page is made again."""
    for copy in (_pdf_of(folder, page), folder / SINGLE / page):
        copy.unlink(missing_ok=True)


def write_pdfs(folder: Path, pages: Sequence[str], *, workers: int) -> list[Path]:
    """The PDF of every page that has none yet, beside it."""
    from ivp_analysis.report.page.pdf import write_pdf

    missing = [folder / page for page in pages if not _pdf_of(folder, page).is_file()]
    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(write_pdf, missing))


def write_single_files(folder: Path, jobs: Sequence[Job]) -> list[Path]:
    """Every page once more as one file, in a folder of its own, from its executed notebook."""
    from ivp_analysis.report.page.export import write_page

    make_folder(folder / SINGLE)
    made: list[Path] = []
    for job in jobs:
        target = folder / SINGLE / job.output
        if not target.is_file():
            made += write_page(folder / job.executed, target, single_file=True)
    return made


def _pdf_of(folder: Path, page: str) -> Path:
    return folder / Path(page).with_suffix(".pdf")
