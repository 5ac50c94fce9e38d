"""A notebook is thin: one parameters cell, then compute - show - say in a few lines; no outputs committed."""

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.Lambda, ast.For, ast.While)
MOST_LINES = 8


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def _code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _parameter_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in _code(notebook) if "parameters" in cell.metadata.get("tags", [])]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_exactly_one_parameters_cell_of_annotated_defaults(notebook: nbformat.NotebookNode) -> None:
    (cell,) = _parameter_cells(notebook)
    for statement in ast.parse(cell.source).body:
        assert isinstance(statement, ast.AnnAssign), cell.source
    for line in cell.source.splitlines():
        assert re.fullmatch(r"\w+: (str|int|float|bool) = \S.*  # \S.*", line), line


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_papermill_reads_every_parameter(path: Path) -> None:
    (cell,) = _parameter_cells(nbformat.read(path, as_version=4))
    assert set(papermill.inspect_notebook(str(path))) == {
        line.split(":")[0] for line in cell.source.splitlines()
    }


def test_cells_are_thin(notebook: nbformat.NotebookNode) -> None:
    for cell in _code(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= MOST_LINES, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, FORBIDDEN), f"{type(node).__name__} in:\n{cell.source}"


def test_notebooks_import_no_command_line_and_nothing_private(notebook: nbformat.NotebookNode) -> None:
    for cell in _code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom):
                assert node.module is not None
                assert not node.module.startswith(("ivp_analysis.cli", "ivp_analysis.__main__"))
                assert not any(alias.name.startswith("_") for alias in node.names)


def test_no_outputs_are_committed(notebook: nbformat.NotebookNode) -> None:
    for cell in _code(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_first_cell_tells_in_dutch_how_to_run_it(notebook: nbformat.NotebookNode) -> None:
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert "papermill notebooks/" in first.source
    assert re.search(r"\bparameters?\b", first.source)


def test_kernel_is_the_environment_s_own(notebook: nbformat.NotebookNode) -> None:
    assert notebook.metadata.kernelspec.name == "python3"
    assert "papermill" not in notebook.metadata
