"""What a page is made from, as hashes of content: a page is made again when one of them is another.

They stand in the manifest beside the pages. Numbers that pages do not show could be tried until the hash fits, so what
holds a delivery is hashed with a key of the workspace, which is not beside the pages.
"""

from __future__ import annotations

import hmac
import json
import platform
import secrets
from collections.abc import Callable, Mapping, Set
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from ivp_analysis import __version__
from ivp_analysis.data.build_facts import BUILD, Facts
from ivp_analysis.data.files import sha256_bytes, sha256_file, sha256_folder, write_bytes
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import slug
from ivp_analysis.registry.records import Plan
from ivp_analysis.report.run.jobs import Job

PACKAGE = Path(__file__).parents[2]
# The libraries that make figures, pictures or pages; another version may make other bytes.
LIBRARIES = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill", "nbconvert", "ipykernel")
ABSENT = sha256_bytes(b"absent")
KEY, _KEY_BYTES = ".hash-key", 32


def library_versions() -> dict[str, str]:
    """Of this package, Python, and the libraries that a page depends on."""
    own = {"ivp-analysis": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}


def code_hashes() -> dict[str, str]:
    """Of what makes pages from figures, on this machine."""
    return {
        "package": sha256_folder(PACKAGE, ("*.py", "*.json")),
        "template": sha256_folder(PACKAGE, ("*.j2", "*.css")),
        "libraries": _hash_of(library_versions()),
    }


def hash_build(workspace: Workspace) -> str:
    """Of the build, with the key: all figures lie behind it."""
    return _keyed(workspace, _hash(workspace.processed / BUILD))


class Inputs:
    """The hashes of one run, each taken once, before the first page is made. delivered: sources that are not public."""

    def __init__(
        self, workspace: Workspace, plan: Plan, year: int, facts: Facts, delivered: Set[str]
    ) -> None:
        self.workspace, self.plan, self.year, self.facts = workspace, plan, year, facts
        self.delivered = delivered
        self._own: dict[str, Callable[[Job], str]] = {
            "narrative": self._narrative,
            "editions": lambda job: self._editions,
            "snapshots": lambda job: self._snapshots,
        }

    def of(self, job: Job) -> dict[str, str]:
        """By name; whatever the page shows lies behind one of these."""
        own = {name: self._own[name](job) for name in job.uses if name in self._own}
        asked = [dict(job.parameters), job.output]
        return {
            **self.shared,
            "notebook": _hash(self.workspace.notebooks / job.notebook),
            "parameters": sha256_bytes(json.dumps(asked, sort_keys=True).encode()),
            **own,
        }

    @cached_property
    def shared(self) -> dict[str, str]:
        """What all pages of a plan depend on. The other plans and the list of reports change no page."""
        registry = self.workspace.registry
        decided = {p.name: sha256_file(p) for p in registry.iterdir() if p.suffix in (".toml", ".csv")}
        decided.pop("reports.toml", None)
        return {
            **self._taken,
            "build": hash_build(self.workspace),
            "registry": _hash_of(decided),
            "plan": self._plan(registry / "plans" / f"{self.plan.id}.toml"),
            **code_hashes(),
        }

    def _plan(self, usual: Path) -> str:
        """Its file; a file of another name is not searched for, what was read from it tells the same."""
        return sha256_file(usual) if usual.is_file() else sha256_bytes(repr(self.plan).encode())

    @property
    def _taken(self) -> dict[str, str]:
        """The files behind the build, for who asks where a figure came from."""
        return {
            f"snapshot:{source}/{snapshot['file']}": self._of_source(source, str(snapshot["sha256"]))
            for source, told in self.facts["sources"].items()
            for snapshot in told["snapshots"]
        }

    def _of_source(self, source: str, digest: str) -> str:
        return _keyed(self.workspace, digest) if source in self.delivered else digest

    def _narrative(self, job: Job) -> str:
        """The texts that may be told on the page: of its own municipality, or all on a page about them together."""
        ending = f"-{slug(job.area)}" if "area_code" in job.parameters else ""
        return _hash_of({name: kept for name, kept in self._texts.items() if name.endswith(ending)})

    @cached_property
    def _texts(self) -> dict[str, str]:
        found = sorted(self.workspace.narrative.glob("*.md"))
        return {path.stem.casefold(): sha256_file(path) for path in found}

    @cached_property
    def _editions(self) -> str:
        """Kept editions of earlier years: what they reported is told again."""
        root = self.workspace.reports / self.plan.id
        kept = [p for name in ("edition", "figures") for p in root.glob(f"[0-9]*/editions/*/{name}.json")]
        earlier = [p for p in kept if int(p.relative_to(root).parts[0]) < self.year]
        return _hash_of({p.relative_to(root).as_posix(): sha256_file(p) for p in earlier})

    @cached_property
    def _snapshots(self) -> str:
        """The origins of all files taken, also of those that no build has read yet; each holds its file's hash."""
        return _keyed(self.workspace, sha256_folder(self.workspace.raw, ("*.origin.json",)))


def _hash(path: Path) -> str:
    return sha256_file(path) if path.is_file() else ABSENT


def _keyed(workspace: Workspace, digest: str) -> str:
    """A key that is lost or cut off is made anew; then all pages are made again."""
    path = workspace.raw.parent / KEY
    if not path.is_file() or path.stat().st_size != _KEY_BYTES:
        write_bytes(path, secrets.token_bytes(_KEY_BYTES))
    return hmac.new(path.read_bytes(), digest.encode("ascii"), "sha256").hexdigest()


def _hash_of(hashes: Mapping[str, str]) -> str:
    return sha256_bytes(json.dumps(hashes, sort_keys=True).encode())
