"""environment.yml holds the same names and bounds as pyproject.toml, and the lock pins them all with hashes."""

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Where conda-forge calls a package otherwise.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-tzdata": "tzdata"}
# Extras that an analyst with conda does not need: the tests of pages, and PDF where Windows has Edge.
NOT_IN_CONDA = {"browser", "pdf"}
# Parts of ipykernel, nbconvert and jinja2, which cannot do without them; and the extra `pdf`.
NOT_LISTED = {"jupyter_client", "nbformat", "traitlets", "markupsafe", "weasyprint"}
REQUIREMENT = re.compile(r"(?P<name>[a-z0-9-]+)\s*(?P<bounds>[<>=!].*)?")


def _split(requirement: str) -> tuple[str, str]:
    match = REQUIREMENT.fullmatch(requirement)
    assert match is not None, requirement
    return match["name"], (match["bounds"] or "").replace(" ", "")


def _pyproject() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for name, extra in project["project"]["optional-dependencies"].items():
        listed += extra if name not in NOT_IN_CONDA else []
    names = dict(map(_split, listed))
    return {**names, "python": project["project"]["requires-python"]}


def _environment_lines() -> list[str]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    return re.findall(r"^ {2}- (.+)$", text, flags=re.M)


def test_conda_environment_equals_pyproject() -> None:
    listed = [line for line in _environment_lines() if line not in ("conda-forge", "nodefaults", "pip")]
    conda = {CONDA_NAMES.get(name, name): bounds for name, bounds in map(_split, listed)}
    assert conda == _pyproject()


def test_conda_environment_is_named_and_free_of_defaults_and_editable_installs() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "\nname: ivp-heuvelland\n" in text
    assert _environment_lines()[:2] == ["conda-forge", "nodefaults"]
    assert "pip:" not in text
    assert "-e " not in text


def test_lock_pins_every_dependency_with_hashes_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.M))
    assert set(_pyproject()) - {"python", "hatchling"} <= pinned
    assert "://" not in lock
    for block in re.split(r"\n(?=[a-z0-9])", lock):
        if "==" in block:
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_what_the_package_imports_is_listed() -> None:
    """A library that another brings along today may be gone tomorrow."""
    names = {name.replace("-", "_") for name in _pyproject()}
    imported = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else name.name).partition(".")[0]
        for path in (ROOT / "ivp_analysis").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    known = names | set(sys.stdlib_module_names) | {"ivp_analysis"} | NOT_LISTED
    assert imported - known == set()
