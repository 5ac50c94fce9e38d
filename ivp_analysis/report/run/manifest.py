"""manifest.json beside the pages: what was made from what, with which versions, and what came of every job."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ivp_analysis import __version__
from ivp_analysis.data.files import sha256_file, write_text
from ivp_analysis.data.series import Build
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.report.run.run import Outcome

NAME = "manifest.json"
VERSIONS = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill", "nbconvert", "ipykernel")


def hash_inputs(workspace: Workspace, build: Build) -> dict[str, str]:
    """Hashes of everything that all pages of a build depend on; the notebook of each job comes on top."""
    snapshots = {
        f"snapshot:{source}/{snapshot['file']}": str(snapshot["sha256"])
        for source, facts in build.sources.items()
        for snapshot in facts["snapshots"]
    }
    return {
        **snapshots,
        "build": sha256_file(workspace.processed / "build.json"),
        "registry": hash_folder(workspace.registry, ("*.toml", "*.csv")),
        "package": hash_folder(Path(__file__).parents[2], ("*.py", "*.j2", "*.css", "*.json")),
    }


def hash_folder(folder: Path, patterns: Sequence[str]) -> str:
    """One hash over names and contents, the same on every system."""
    total = hashlib.sha256()
    files = {path for pattern in patterns for path in folder.rglob(pattern)}
    for path in sorted(files, key=lambda p: p.relative_to(folder).as_posix()):
        total.update(f"{path.relative_to(folder).as_posix()}\0{sha256_file(path)}\n".encode())
    return total.hexdigest()


def write_manifest(folder: Path, outcomes: Sequence[Outcome], facts: Mapping[str, Any]) -> None:
    """Write the jobs of this run over those of earlier ones, so that --only does not forget the others."""
    path = folder / NAME
    earlier = {job["id"]: job for job in read_manifest(folder).get("jobs", [])}
    jobs = {**earlier, **{o.job.id: _job(o) for o in outcomes if o.outcome != "not started"}}
    known = facts["known_jobs"]
    manifest = {
        "format": 1,
        **{key: value for key, value in facts.items() if key != "known_jobs"},
        "versions": {"ivp-analysis": __version__, "python": platform.python_version()}
        | {name: version(name) for name in VERSIONS},
        "platform": sys.platform,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "jobs": [jobs[name] for name in known if name in jobs],
    }
    write_text(path, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an earlier run; empty when there is none that can be read."""
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        # A manifest that somebody's editor broke must not stop the next run: it is written anew.
        return {}
    return found if isinstance(found, dict) else {}


def _job(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.job.id,
        "notebook": outcome.job.notebook,
        "parameters": dict(outcome.job.parameters),
        "output": outcome.job.output,
        "outcome": outcome.outcome,
        "seconds": outcome.seconds,
        "inputs": dict(outcome.inputs),
        **({"error": outcome.error} if outcome.error else {}),
    }
