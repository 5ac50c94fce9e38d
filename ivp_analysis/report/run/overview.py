"""What the overview of a year links to: pages that are there, pages that failed, and pages about others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivp_analysis.data.files import sha256_bytes
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.manifest import Ledger

NEVER_STARTED = "niet gestart na een eerdere fout"


@dataclass(frozen=True, slots=True)
class Overview:
    """Jobs of the plan whose page is there, jobs that failed (title, what the program said), and guests (name of the
    municipality, page).
    """

    ready: tuple[Job, ...]
    failed: tuple[tuple[str, str], ...]
    guests: tuple[tuple[str, str], ...]

    def hash(self) -> str:
        """Of all that the overview says of the pages."""
        return sha256_bytes(repr(self).encode())


def survey(folder: Path, jobs: Sequence[Job], ledger: Ledger, unstarted: Sequence[Job]) -> Overview:
    """A page that failed is not shown as if it were fresh, though that of an earlier run may lie there."""
    failed = {job.id: NEVER_STARTED for job in unstarted}
    for job in jobs:
        told = ledger.earlier(job)
        if told.get("outcome") == "failed":
            failed[job.id] = str(told.get("error", ""))
    there = [job for job in jobs if job.id not in failed and (folder / job.output).is_file()]
    others = [*(_guest(job) for job in there if job.is_guest), *map(_told_guest, ledger.others())]
    return Overview(
        tuple(job for job in there if not job.is_guest),
        tuple((job.title, failed[job.id]) for job in jobs if job.id in failed),
        tuple(sorted(others)),
    )


def _guest(job: Job) -> tuple[str, str]:
    return job.area, job.output


def _told_guest(told: Mapping[str, Any]) -> tuple[str, str]:
    return str(told["area"]), str(told["output"])
