"""A page is made again when a file that it rests on changes - so every file that its notebook opens must be known."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks.kinds import KINDS
from notebooks.tiny import copy_workspace

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import Registry
from ivp_analysis.report.run.jobs import Job
from ivp_analysis.report.run.reports import Made, Options, plan_run
from ivp_analysis.report.run.worker import CAN_FORK

YEAR = 2023
SHARED = "shared"
# As a worker does: opens what the pages share, then runs each job in a fork of its own. Prints which files below the
# two folders each of them opened.
WATCH = """
import json, os, sys, tempfile
from pathlib import Path
roots, wanted, opened = [Path(p) for p in sys.argv[1:3]], sys.argv[3:], set()

def listen(event, given):
    if event in ("open", "os.scandir", "os.listdir") and isinstance(given[0], str):
        path = Path(given[0]).absolute()
        opened.update(str(path) for root in roots if path.is_relative_to(root))

sys.addaudithook(listen)
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.registry import load_registry
from ivp_analysis.report.run import worker
from ivp_analysis.report.run.reports import Due, Options, plan_run
from ivp_analysis.report.run.run import Place, render_one
from ivp_analysis.report.run.share import open_everything
place = Workspace(*roots)
run = plan_run(place, load_registry(place.registry), None, 2023, Options())
opened.clear()
open_everything(run.shared([Due(job, "", {}) for job in run.jobs]))
print(json.dumps(["shared", "", sorted(opened)]), flush=True)
for job in run.jobs:
    if job.id in wanted and not os.fork():
        opened.clear()
        worker._in_child = True
        with tempfile.TemporaryDirectory() as scratch:
            rendered = render_one(job, Place(place.notebooks, place.root, Path(scratch)))
        print(json.dumps([job.id, rendered.error, sorted(opened)]), flush=True)
        os._exit(0)
    elif job.id in wanted:
        os.wait()
"""


@pytest.fixture(scope="module")
def place(made: Made, sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """What an earlier run kept, the whole set of notebooks, and stories, which a user may add."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(sample_workspace.home / "data" / "registry", home / "data" / "registry")
    shutil.copytree(sample_workspace.home / "notebooks", home / "notebooks")
    place = copy_workspace(sample_workspace, tmp_path_factory.mktemp("w") / "w", home)
    shutil.copytree(sample_workspace.raw, place.raw, dirs_exist_ok=True)
    place.narrative.mkdir()
    for name in ("voortgang", "voortgang-vaals"):
        (place.narrative / f"{name}.md").write_text("Een verhaal.", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def opened(place: Workspace) -> dict[str, list[Path]]:
    command = [sys.executable, "-c", WATCH, str(place.root), str(place.home), *KINDS]
    done = subprocess.run(command, cwd=place.home, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {name: error for name, error, _ in told if error} == {}
    return {name: [Path(path) for path in paths] for name, _, paths in told}


def _known(job: Job, place: Workspace) -> list[Path]:
    """Files and folders whose content is among the hashes of the job (see Inputs)."""
    by_use = {
        "narrative": [place.narrative],
        "editions": [place.reports / str(job.parameters["plan_id"])],
        "snapshots": [place.raw],
    }
    own = [path for use in job.uses for path in by_use.get(use, [])]
    return [place.processed, place.home / "data", place.notebooks / job.notebook, *own]


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(not CAN_FORK, reason="pages share what is opened only where a worker can fork")
@pytest.mark.parametrize("name", KINDS)
def test_all_that_a_notebook_opens_is_among_its_inputs(
    name: str, opened: dict[str, list[Path]], place: Workspace, registry: Registry
) -> None:
    job = next(j for j in plan_run(place, registry, None, YEAR, Options()).jobs if j.id == name)
    known = _known(job, place)
    # Of all notebooks a worker reads the imports.
    read = {path for path in opened[SHARED] if path.parent != place.notebooks} | set(opened[name])
    strange = [path for path in read if not any(path.is_relative_to(k) for k in known)]
    # Where the notebooks lie is looked at, but only its own is read.
    assert [path for path in strange if path not in (place.notebooks, place.root, place.home)] == []
    assert any(path.is_relative_to(place.processed) for path in read)
    if name.startswith("progress"):
        assert place.narrative / f"{Path(job.output).stem}.md" in opened[name]
