"""manifest.json beside the pages: what was made from what, why each job ran or not, and what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from ivp_analysis.data.files import sha256_file, write_text
from ivp_analysis.report.run.inputs import library_versions
from ivp_analysis.report.run.jobs import Job

NAME = "manifest.json"
Word = Literal["made", "skipped", "failed", "not started"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job. why: the reason that it ran or was skipped. inputs, files: names with their hashes."""

    job: Job
    outcome: Word
    seconds: float
    inputs: Mapping[str, str]
    why: str
    files: Mapping[str, str]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made: outcomes in the order of the jobs, the index, and the wall time."""

    outcomes: list[Outcome]
    index: Path
    seconds: float

    @property
    def summary(self) -> str:
        """How many jobs came to what, for the terminal."""
        tally = {word: sum(o.outcome == word for o in self.outcomes) for word in get_args(Word)}
        told = ", ".join(f"{n} {word}" for word, n in tally.items() if n or word != "not started")
        return f"{told} in {self.seconds:.1f} s"


def why_run(
    job: Job, inputs: Mapping[str, str], earlier: Mapping[str, Any], folder: Path, *, force: bool
) -> str:
    """Why a job must run; empty when what it would make lies there already, to the byte."""
    if force:
        return "--force"
    if not earlier:
        return "not made before"
    if earlier.get("outcome") not in ("made", "skipped"):
        return "failed before"
    known: Mapping[str, str] = earlier.get("inputs", {})
    changed = [name for name in sorted({*known, *inputs}) if known.get(name) != inputs.get(name)]
    if changed:
        # A new snapshot changes the build too; what is nearest to a person's hand is named.
        return f"{', '.join(_spoken(changed))} changed"
    files: Mapping[str, str] = earlier.get("files", {})
    lost = [n for n, kept in files.items() if not (folder / n).is_file() or sha256_file(folder / n) != kept]
    if lost or job.output not in files:
        return f"{', '.join(lost[:3]) or job.output} is gone or was changed"
    return ""


def _spoken(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys("snapshots" if name.startswith("snapshot:") else name for name in names))


class Ledger:
    """The manifest of a folder while a run goes on: earlier jobs stay known, and what is done is not forgotten."""

    def __init__(self, folder: Path, known: Sequence[Job], facts: Mapping[str, Any]) -> None:
        self._folder, self._facts = folder, facts
        told = read_manifest(folder)
        self.index: dict[str, Any] = told.get("index", {})
        jobs = [job for job in told.get("jobs", []) if isinstance(job, dict)]
        self._jobs: dict[str, dict[str, Any]] = {str(job.get("id")): job for job in jobs}
        self._order = {job.id: place for place, job in enumerate(known)}

    def earlier(self, job: Job) -> Mapping[str, Any]:
        """What is known of the job; empty when it never ran."""
        return self._jobs.get(job.id, {})

    def enter(self, outcome: Outcome) -> None:
        """Take in what came of a job; one that was not started keeps what was known of it."""
        if outcome.outcome != "not started":
            self._jobs[outcome.job.id] = _entry(outcome)

    def others(self) -> list[dict[str, Any]]:
        """Jobs of earlier runs that are not among those of now (other areas), as far as their page is there."""
        return [j for name, j in self._jobs.items() if name not in self._order and self._is_there(j)]

    def write(self) -> None:
        """Write it whole, over what was there."""
        own = sorted(
            (j for n, j in self._jobs.items() if n in self._order), key=lambda j: self._order[j["id"]]
        )
        manifest = {
            "format": 2,
            **self._facts,
            "versions": library_versions(),
            "platform": sys.platform,
            "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "index": self.index,
            "jobs": [*own, *self.others()],
        }
        write_text(self._folder / NAME, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")

    def _is_there(self, job: Mapping[str, Any]) -> bool:
        return bool(job.get("guest")) and (self._folder / str(job["output"])).is_file()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an earlier run; empty when there is none that can be read."""
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        found = None
    # A manifest that somebody's editor broke must not stop the next run: it is written anew.
    jobs = found.get("jobs", []) if isinstance(found, dict) else None
    return found if isinstance(found, dict) and isinstance(jobs, list) and all(map(_is_job, jobs)) else {}


def _is_job(told: Any) -> bool:
    kinds = {"id": str, "outcome": str, "inputs": dict}
    return isinstance(told, dict) and all(isinstance(told.get(key), kind) for key, kind in kinds.items())


def _entry(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.job.id,
        "notebook": outcome.job.notebook,
        "parameters": dict(outcome.job.parameters),
        "output": outcome.job.output,
        "outcome": outcome.outcome,
        "why": outcome.why,
        "seconds": outcome.seconds,
        "inputs": dict(outcome.inputs),
        "files": dict(outcome.files),
        **({"guest": True, "area": outcome.job.area} if outcome.job.is_guest else {}),
        **({"error": outcome.error} if outcome.error else {}),
    }
