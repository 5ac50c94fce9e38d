"""Kill a run at a random point, look at what is on the disk, and run it again: in a process of its own.

    python -m faults.kill ACTION FOLDER SEED... [--url URL]

A line of JSON for every seed. The process imports everything once and then forks: a seed costs a fraction of a
second, and what is killed (nothing is asked) is a real process. A third of the seeds die at the n-th moment at
which the program touches the workspace, a third in the middle of a file after so many bytes, a third after a time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import filelock
import pandas as pd
import pandera.pandas
import pyarrow.pandas_compat
import pyarrow.parquet
from faults import small
from standin.quick import QUICK, TODAY

from ivp_analysis.data.build import build
from ivp_analysis.data.fetch import fetch
from ivp_analysis.data.files import TEMP_PREFIX
from ivp_analysis.data.intake import import_file
from ivp_analysis.data.lock import hold
from ivp_analysis.data.odata.resume import FOLDER
from ivp_analysis.data.snapshots import list_snapshots, list_strays, open_snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry, load_registry

ROOT = Path(__file__).parents[2]
# Imported before the fork, for the work of others; a first check makes pandera import the rest of itself.
WARM = (filelock, pyarrow.pandas_compat, pyarrow.parquet)
pandera.pandas.DataFrameSchema({}).validate(pd.DataFrame())
LATER = small.DAY.replace(year=2023)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Action:
    """What is killed: `prepare` makes the workspace before it, `run` is the run itself."""

    prepare: Callable[[Workspace], None]
    run: Callable[[Workspace], None]


@dataclass(frozen=True)
class Told:
    """What came of a seed. killed: False when the run was done before its moment. fault: empty if all is well."""

    seed: int
    how: str
    killed: bool
    fault: str


def actions(registry: Registry, url: str) -> dict[str, Action]:
    """The runs that write in a workspace."""

    def prepare(place: Workspace) -> None:
        small.fill(place, registry)
        build(place, registry)

    def prepare_newer(place: Workspace) -> None:
        prepare(place)
        take_snapshot(place, "cbs-83651", small.thefts(plus=5), name="nieuw.csv", taken_on=LATER)

    def take(place: Workspace) -> None:
        file = place.root.parent / "levering.csv"
        import_file(place, registry, file, "police-inp", taken_on=LATER)

    def get(place: Workspace) -> None:
        policy = replace(QUICK, page_rows=200, feed_rows=1000)
        done = fetch(
            place, registry, sources=["politie-47021"], areas=["GM0981", "NL01"], base_urls={"Politie": url}, today=TODAY,
            policy=policy,
        )  # fmt: skip
        assert done[0].outcome != "failed", done[0].lines()

    return {
        "import": Action(prepare, take),
        "build": Action(prepare_newer, lambda place: build(place, registry) and None),
        "fetch": Action(prepare, get),
    }


def in_child(work: Callable[[], object], kill: Callable[[int], None] = lambda _: None) -> int:
    """Run it in a forked process, and `kill` that from here; its wait status."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    kill(child)
    return os.waitpid(child, 0)[1]


def watch_writes(root: Path, on_write: Callable[[int], None]) -> None:
    """Call `on_write` with 1, 2, 3, ... before each opening for writing, renaming, removing or making below `root`."""
    touched = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal touched
        writes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate")
        writes = writes or (event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITES))
        if writes and str(arguments[0]).startswith(str(root)):
            touched += 1
            on_write(touched)

    sys.addaudithook(hook)


class Room:
    """One action in one folder: before it, after it undisturbed, and what that takes."""

    def __init__(self, action: Action, folder: Path, registry: Registry) -> None:
        self.action, self.folder = action, folder
        self.before, self.work = Workspace(folder / "before", ROOT), Workspace(folder / "work", ROOT)
        (folder / "levering.csv").write_bytes(small.disputes(registry, count=lambda n, year: 30 + n))
        assert in_child(lambda: action.prepare(init_workspace(self.before.root))) == 0
        self.old = small.files_of(self.before.root)
        self._renew()
        count, start = folder / "touched", time.monotonic()
        assert in_child(lambda: self._counted(count)) == 0
        self.seconds = time.monotonic() - start
        self.touches = int(count.read_text(encoding="ascii"))
        self.new = small.files_of(self.work.root)
        self.fresh = sorted(set(self.new.values()) - set(self.old.values()))

    def try_seed(self, seed: int) -> Told:
        """Kill it, look, run it again, look again."""
        chance = random.Random(seed)
        self._renew()
        moment, length, delay = 0, 0, 0.0
        if seed % 3 == 0:
            moment = chance.randint(1, self.touches)
            how = f"at write {moment} of {self.touches}"
        elif seed % 3 == 1:
            length = chance.randrange(len(chance.choice(self.fresh)))
            how = f"after {length} bytes of a file"
        else:
            delay = chance.random() * self.seconds
            how = f"after {delay:.3f} of {self.seconds:.3f} s"
        status = in_child(lambda: self._doomed(moment, length), lambda child: _shoot(child, delay))
        fault = self._look_between()
        if not fault and in_child(lambda: self._any_run()) != 0:
            fault = "the next run finds something it does not know"
        if not fault and in_child(lambda: self.action.run(self.work)) != 0:
            fault = "the same run again does not complete"
        return Told(seed, how, os.WIFSIGNALED(status), fault or self._look_after())

    def _renew(self) -> None:
        shutil.rmtree(self.work.root, ignore_errors=True)
        shutil.copytree(self.before.root, self.work.root)

    def _counted(self, count: Path) -> None:
        total = 0

        def note(touched: int) -> None:
            nonlocal total
            total = touched

        watch_writes(self.work.root, note)
        self.action.run(self.work)
        count.write_text(str(total), encoding="ascii")

    def _doomed(self, moment: int, length: int) -> None:
        if length:
            # The system ends a process that goes on writing beyond this; Python has it ignored from its start.
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (length, length))
        if moment:
            watch_writes(
                self.work.root, lambda n: os.kill(os.getpid(), signal.SIGKILL) if n == moment else None
            )
        self.action.run(self.work)

    def _any_run(self) -> None:
        """Whatever runs next in the workspace removes what was left half-written; all that was taken is whole."""
        with hold(self.work, "ivp build"):
            assert not list(self.work.root.rglob(f"{TEMP_PREFIX}*"))
        for snapshot in list_snapshots(self.work):
            open_snapshot(snapshot)

    def _look_between(self) -> str:
        """Every file is whole old or whole new, and none is gone. Unfinished pages and half-written files are apart."""
        found = small.files_of(self.work.root)
        for name, content in found.items():
            apart = TEMP_PREFIX in name or f"/{FOLDER}/" in name or name.endswith(".lock-owner.json")
            if not apart and content not in (self.old.get(name), self.new.get(name)):
                return f"{name} is neither old nor new"
        gone = [name for name in self.old if name in self.new and name not in found]
        return f"{gone[0]} is gone" if gone else ""

    def _look_after(self) -> str:
        found = small.files_of(self.work.root)
        if found != self.new:
            names = [name for name in {**found, **self.new} if found.get(name) != self.new.get(name)]
            return f"{', '.join(names)}: not as after an undisturbed run"
        return "a stray stays" if list_strays(self.work) else ""


def _shoot(child: int, delay: float) -> None:
    if delay:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("action")
    parser.add_argument("folder", type=Path)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    registry = load_registry(ROOT / "data" / "registry")
    room = Room(actions(registry, asked.url)[asked.action], asked.folder, registry)
    for seed in asked.seeds:
        print(json.dumps(asdict(room.try_seed(seed))), flush=True)


if __name__ == "__main__":
    main()
