"""Rooms and the only direction of imports: cli -> report -> methods | data -> registry -> errors, periods."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ivp_analysis"
MAY_IMPORT = {
    "errors": set(),
    "periods": {"errors"},
    "registry": {"errors", "periods"},
    "methods": {"errors", "periods"},
    "data": {"registry", "errors", "periods"},
    "report": {"methods", "data", "registry", "errors", "periods"},
    "cli": {"report", "methods", "data", "registry", "errors", "periods"},
    "__main__": {"cli", "errors"},
    "__init__": set(),
}
# Within the report room: each may import those before it.
REPORT_ROOMS = (
    "page",
    "figures",
    "analysis",
    "wording",
    "ledger",
    "forecast",
    "targets",
    "context",
    "story",
    "progress",
    "monitor",
    "benchmark",
    "picture",
    "priorities",
    "accountability",
    "run",
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def _imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [
                f"{node.module}.{a.name}" if node.module == "ivp_analysis" else str(node.module)
                for a in node.names
            ]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        else:
            continue
        found |= {n.split(".")[1] for n in names if n.startswith("ivp_analysis.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    room = _room(path)
    assert room in MAY_IMPORT, f"{path.name} stands in no room of the layout"
    assert _imported_rooms(path) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", sorted((PACKAGE / "report").glob("*/*.py")), ids=lambda p: p.as_posix())
def test_rooms_of_the_report_are_built_on_each_other(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    own = REPORT_ROOMS.index(path.parent.name)
    for node in ast.walk(tree):
        module = (getattr(node, "module", "") or "").split(".")
        if module[:2] == ["ivp_analysis", "report"] and id(node) not in typing_only:
            assert len(module) > 2, "import a module of a room, not the room"
            assert REPORT_ROOMS.index(module[2]) <= own, f"{path.name} imports {'.'.join(module)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_module_grows_past_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
