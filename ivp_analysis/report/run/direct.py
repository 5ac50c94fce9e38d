"""A papermill engine that runs the cells in this very process, for a process that lives for one notebook.

Cells run in the shell class of ipykernel, and each message that the shell would send to a notebook goes straight to
nbclient's own handling of messages: the same outputs, without a kernel's sockets, threads and start. Only what a
cell writes past Python (`os.system`, C libraries) is not caught: it goes to the console.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

NAME = "ivp-direct"


class DirectEngine(Engine):  # type: ignore[misc]
    """`papermill.execute_notebook(…, engine_name=NAME)`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> None:
        """Run all cells; papermill saves the notebook before and after each."""
        _Client(nb_man, kernel_name=kernel_name, record_timing=False).execute()


def register() -> None:
    """Make the engine known to papermill."""
    papermill_engines.register(NAME, DirectEngine)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's book-keeping of cells and outputs, with a shell in the place of a kernel."""

    def execute(self, **options: Any) -> None:
        self.reset_execution_trackers()
        self._session = _Session()
        self._shell = _open_shell(self._session)
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = IPythonKernel.language_info

    def papermill_execute_cells(self) -> None:
        """papermill's own loop, but a notebook is saved before each cell of code and at the end, and no more."""
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as fault:
                self.nb_man.cell_exception(cell, cell_index=index, exception=fault)
                break
            finally:
                with self._unsaved():
                    self.nb_man.cell_complete(cell, cell_index=index)

    @contextmanager
    def _unsaved(self) -> Iterator[None]:
        """The start of the next cell saves what the last one gave; writing it all takes as long as many cells do."""
        path, self.nb_man.output_path = self.nb_man.output_path, None
        try:
            yield
        finally:
            self.nb_man.output_path = path

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        self.code_cells_executed += 1
        cell.outputs, self.clear_before_next_output = [], False
        self._session.deliver = lambda message: self.process_message(message, cell, cell_index)
        with (
            redirect_stdout(_Stream("stdout", self._session)),
            redirect_stderr(_Stream("stderr", self._session)),
        ):
            result = self._shell.run_cell(cell.source, store_history=True)
            sys.stdout.flush()
            sys.stderr.flush()
        cell["execution_count"] = self.code_cells_executed
        self._check(cell, result)
        return cell

    def _check(self, cell: NotebookNode, result: Any) -> None:
        """What the kernel would have answered: an error in the code, or in showing its result; or no answer at all."""
        shell = self._shell
        if shell.exit_now:
            raise DeadKernelError("the notebook ended its own process")
        failed = not result.success or shell._last_traceback_during_displayhook
        if failed and "raises-exception" not in cell.metadata.get("tags", []):
            fault = result.error_before_exec or result.error_in_exec
            told = {
                "ename": type(fault).__name__,
                "evalue": str(fault),
                "traceback": shell._last_traceback or [],
            }
            raise CellExecutionError.from_cell_and_msg(cell, told)


class _Session(Session):
    """Where the shell's messages go: to the cell that runs."""

    deliver: Callable[[dict[str, Any]], object]

    def send(  # type: ignore[override]
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **rest: Any
    ) -> Any:
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        self.deliver(message)
        return message


class _Stream(io.TextIOBase):
    """stdout or stderr of a cell: one message each time that something else is shown, as the kernel does."""

    encoding = "UTF-8"

    def __init__(self, name: str, session: _Session) -> None:
        self._name, self._session, self._parts = name, session, list[str]()

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if text:
            self._session.send(None, "stream", {"name": self._name, "text": text})


class _NoKernel:
    """What the shell asks of its kernel."""

    eventloop = None


def _open_shell(session: _Session) -> Any:
    """The one shell of this process; without a history file, which needs a thread and outlives the run."""
    options = Config()
    options.HistoryManager.enabled = False
    shell: Any = ZMQInteractiveShell.instance(
        config=options, kernel=_NoKernel(), compiler_class=XCachingCompiler
    )
    shell.displayhook.session, shell.displayhook.topic = session, b"execute_result"
    shell.display_pub.session = session
    return shell
