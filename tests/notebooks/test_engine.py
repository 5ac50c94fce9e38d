"""The engine that runs cells in a forked process against nbclient with a kernel: the same outputs, cell by cell."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ivp_analysis.errors import ReportError
from ivp_analysis.report.run.execute import execute_notebook
from ivp_analysis.report.run.pool import WorkerPool
from ivp_analysis.report.run.worker import CAN_FORK

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CAN_FORK, reason="this system cannot fork")]

CELLS = {
    "text in both streams": "import sys\nprint('uit'); print('fout', file=sys.stderr); print('nog'); n + 1",
    "text around an output": "from IPython.display import display\nprint(1); display(2); print(3)",
    "an output that is shown again": """from IPython.display import HTML
handle = display(HTML('<b>1</b>'), display_id='one', metadata={'text/html': {'alt': 'x'}})
display(HTML('2')); handle.update(HTML('3'))""",
    "output that is cleared": "from IPython.display import clear_output\nprint('weg'); clear_output(); print('blijft')",
    "output that is cleared by the next": "print('weg'); clear_output(wait=True); print('blijft')",
    "a rich object": """class Rich:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'text/html': '<i>r</i>', 'application/vnd.x+json': {'a': [1]}}, {'text/html': {'k': 1}}
    def __repr__(self):
        return 'Rich'
Rich()""",
    "a table": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "a figure of pyplot": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "a figure by itself": "figure, axes = plt.subplots(); axes.bar([1], [2]); display(figure, metadata={'image/png': {'alt': 'y'}})",
    "nothing shown twice": "figure;",
    "the last value": "_",
    "counting": "In[1][:3], len(Out), __name__",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'na'",
    "a shell command": "!echo hallo",
    "a captured cell": "%%capture caught\nprint('stil')",
    "what was captured": "caught.stdout",
    "a warning": "import warnings\nwarnings.warn('pas op')",
    "a log line": "import logging\nlogging.warning('gelogd')",
    "help": "n?",
    "a carriage return": "print('a\\rb')",
    "a class that travels": """import pickle
class Sent:
    def __repr__(self):
        return 'Sent'
pickle.loads(pickle.dumps(Sent()))""",
}
BROKEN_MARKUP = "class Broken:\n    def _repr_html_(self):\n        raise KeyError('stuk')\nBroken()"
BY_ADDRESS = re.compile(r"0x[0-9a-f]+|ipykernel_\d+")


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as made:
        yield made


def _notebook(path: Path, sources: list[str]) -> Path:
    cells = [nbformat.v4.new_code_cell("n: int = 1  # een getal", metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_markdown_cell("## Kop")]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


def _both(tmp_path: Path, pool: WorkerPool, sources: list[str]) -> list[Any]:
    given = _notebook(tmp_path / "in.ipynb", sources)
    found = []
    for name, run in (("kernel", execute_notebook), ("fork", partial(_in_fork, pool))):
        output = tmp_path / f"{name}.ipynb"
        try:
            run(given, output, {"n": 41}, cwd=tmp_path)
        except ReportError as error:
            found.append((str(error).replace(output.name, "out.ipynb"), nbformat.read(output, as_version=4)))
        else:
            found.append(("", nbformat.read(output, as_version=4)))
    return found


def _in_fork(pool: WorkerPool, *given: Any, **options: Any) -> None:
    pool.submit(execute_notebook, *given, **options).result()


def _plain(outputs: list[Any]) -> str:
    """Streams joined, as a reader sees them: how a kernel cuts them depends on the clock."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        stream = output.get("name")
        if stream and joined and joined[-1].get("name") == stream:
            joined[-1]["text"] += output["text"]
        else:
            joined.append(dict(output))
    return BY_ADDRESS.sub("…", repr(joined))


def test_outputs_are_those_of_nbclient(tmp_path: Path, pool: WorkerPool) -> None:
    (_, kernel), (_, fork) = _both(tmp_path, pool, list(CELLS.values()))
    assert fork.metadata.papermill.parameters == kernel.metadata.papermill.parameters == {"n": 41}
    assert fork.metadata.language_info == kernel.metadata.language_info
    assert len(fork.cells) == len(kernel.cells)
    names = ["parameters", "injected", "heading", *CELLS]
    for name, ours, theirs in zip(names, fork.cells, kernel.cells, strict=True):
        assert ours.get("execution_count") == theirs.get("execution_count"), name
        assert _status(ours) == _status(theirs) == "completed", name
        assert ours.metadata.get("tags") == theirs.metadata.get("tags"), name
        assert _plain(ours.get("outputs", [])) == _plain(theirs.get("outputs", [])), name


@pytest.mark.parametrize("source", ["1 / 0", "een fout (", "import afwezig", BROKEN_MARKUP, "exit()"])
def test_a_notebook_that_fails_tells_the_same_and_is_kept_as_far_as_it_came(
    source: str, tmp_path: Path, pool: WorkerPool
) -> None:
    (told, kernel), (ours, fork) = _both(tmp_path, pool, ["print('eerst')", source, "print('nooit')"])
    assert ours
    assert source == "exit()" or ours == told
    assert [_status(c) for c in fork.cells] == [_status(c) for c in kernel.cells]
    if source != "exit()":
        (failed,), (theirs,) = ([c for c in book.cells if c.source == source] for book in (fork, kernel))
        assert _plain(failed.outputs) == _plain(theirs.outputs)
    assert fork.cells[-1].outputs == []


def _status(cell: Any) -> str:
    # A cell that papermill adds above the one that failed has none.
    return str(cell.metadata.get("papermill", {}).get("status", ""))


def test_the_notebook_lies_there_before_its_last_cell_is_done(tmp_path: Path) -> None:
    given = _notebook(tmp_path / "in.ipynb", ["print('eerst')", "import os; os.kill(os.getpid(), 9)"])
    output = tmp_path / "out.ipynb"
    with WorkerPool(1) as pool:
        fault = pool.submit(execute_notebook, given, output, {"n": 1}, cwd=tmp_path).exception()
    assert "signal 9" in str(fault)
    left = nbformat.read(output, as_version=4)
    assert left.cells[-2].outputs[0].text == "eerst\n"
    assert left.cells[-1].metadata.papermill.status == "running"
