"""The whole report set of the sample: by the command, by the plain tools one after the other, and by one script."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench_pages import measure_pages
from measure import CORES, ROOT, Peak, Row, Times, clear, ratio, run, spread, timed

# One page of each kind that a council reads.
SHOWN = ("region", "municipality:vaals", "progress")


def measure_reports(repetitions: int) -> Iterator[Row]:
    """Cold: from a fresh build, nothing kept. All of it in a workspace of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
        ours, peak = ["ivp", "reports", "--workspace", folder], Peak()
        yield "`ivp --help`", spread(timed(lambda: run("ivp", "--help"), 5)), ""
        built = timed(lambda: run("ivp", "build", "--workspace", folder), repetitions)
        yield "`ivp build` on the sample", spread(built), ""
        # A run that is watched is not timed: reading what each process holds takes a tenth of a core.
        clear(root)
        with peak.watched():
            run(*ours)
        cold = timed(lambda: run(*ours), repetitions, before=lambda: clear(root))
        jobs = _jobs(root)
        yield f"full set, {len(jobs)} pages, cold", spread(cold), f"{CORES} workers"
        warm = timed(lambda: run(*ours), repetitions, before=lambda: clear(root, kept=False))
        yield "full set, shared results kept", spread(warm), "as after a change of a notebook"
        yield "full set, unchanged", spread(timed(lambda: run(*ours), 5)), "nothing runs"
        yield "peak memory of all processes", f"{peak.all / 2**20:.0f} MB", "shared pages counted once"
        yield (
            "peak memory of one worker",
            f"{peak.worker / 2**20:.0f} MB",
            "with the child that runs its page",
        )
        yield from _compare(root, jobs, cold, repetitions)


def _jobs(root: Path) -> list[dict[str, object]]:
    (manifest,) = root.glob("reports/*/*/manifest.json")
    jobs: list[dict[str, object]] = json.loads(manifest.read_text(encoding="utf-8"))["jobs"]
    return jobs


def _compare(root: Path, jobs: list[dict[str, object]], cold: Times, repetitions: int) -> Iterator[Row]:
    # The plain way starts without pages; those to be compared are put aside.
    (root / "ours").mkdir()
    for job in jobs:
        if job["id"] in SHOWN:
            shutil.copy(next((root / "reports").rglob(str(job["output"]))), root / "ours")
    # The plain way takes minutes: once is enough to tell a third from a half.
    plain = timed(lambda: _plain(root, jobs), 1, before=lambda: clear(root))
    yield (
        "plain `papermill`, then `jupyter nbconvert`, one after the other",
        spread(plain),
        "what the pages share is kept by the first that needs it",
    )
    yield "full set cold / plain papermill + nbconvert", ratio(cold, plain), "aim: at most 0.35"
    yield from measure_pages(
        {
            str(job["output"]): (root / "plain" / f"{number}.html", root / "ours" / str(job["output"]))
            for number, job in enumerate(jobs)
            if job["id"] in SHOWN
        }
    )
    for processes in dict.fromkeys((1, CORES)):
        command = ["python", str(ROOT / "benchmarks" / "plain_script.py"), str(root), str(processes)]
        floor = timed(lambda c=command: run(*c), repetitions, before=lambda: clear(root))
        yield f"plain script, {processes} process(es)", spread(floor), "same cells, no papermill, no pages"
        aim = "aim: at most 1.5" if processes == CORES else ""
        yield f"full set cold / that script with {processes}", ratio(cold, floor), aim


def _plain(root: Path, jobs: list[dict[str, object]]) -> None:
    """A command a notebook, then one for all pages."""
    out = root / "plain"
    out.mkdir(exist_ok=True)
    for number, job in enumerate(jobs):
        given = out / f"{number}.yaml"
        # JSON is YAML: an area code stays text.
        given.write_text(json.dumps({**dict(job["parameters"]), "workspace": str(root)}), encoding="utf-8")  # type: ignore[call-overload]
        made = str(out / f"{number}.ipynb")
        run(
            "papermill",
            str(job["notebook"]),
            made,
            "-f",
            str(given),
            "--no-progress-bar",
            cwd=ROOT / "notebooks",
        )
    run("jupyter", "nbconvert", "--to", "html", *(str(out / f"{n}.ipynb") for n in range(len(jobs))))
    if len(list(out.glob("*.html"))) != len(jobs):
        sys.exit("nbconvert made fewer pages than there are notebooks")
