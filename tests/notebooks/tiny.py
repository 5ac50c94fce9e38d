"""A home with one small report per municipality, for tests of the run itself: what is run matters little there."""

import shutil
from pathlib import Path

import nbformat

from ivp_analysis.data.workspace import Workspace

ROOT = Path(__file__).parents[2]
OPEN = """from ivp_analysis.report.picture import notebook as report

analysis = report.open_analysis(workspace, plan_id, reference_year, area_code)
area = analysis.area(area_code)
report.page_head(analysis, area, title="Proef", slug=f"gemeente-{area.slug}")"""
SHOW = "report.Summary([f'Versie {version} in {area.name}.'])"
TABLE = "report.field_section(analysis, area, '2')"
PARAMETERS = """area_code: str = "GM0981"  # gemeente
workspace: str = ""  # map
plan_id: str = ""  # plan
reference_year: int = 0  # jaar
version = {version}"""


def make_home(root: Path, *, reports: str = "municipality") -> Path:
    """The registry as it is, with one kind of report."""
    shutil.copytree(ROOT / "data" / "registry", root / "data" / "registry")
    toml = root / "data" / "registry" / "reports.toml"
    head, *records = toml.read_text(encoding="utf-8").split("[[report]]")
    kept = [record for record in records if f'id = "{reports}"\n' in record]
    toml.write_text("[[report]]".join([head, *kept]), encoding="utf-8")
    (root / "notebooks").mkdir()
    write_notebook(root, version=1)
    return root


def write_notebook(home: Path, *, version: int, extra: str = "") -> None:
    """Another version is another page."""
    cells = [
        nbformat.v4.new_code_cell(PARAMETERS.format(version=version), metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(source) for source in (OPEN, SHOW, TABLE, extra) if source),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, home / "notebooks" / "municipality.ipynb")


def copy_workspace(sample: Workspace, root: Path, home: Path) -> Workspace:
    """The sample's build and what was kept beside it, in a workspace of its own; the raw files stay where they are."""
    place = Workspace(root, home)
    shutil.copytree(sample.processed, place.processed)
    place.raw.mkdir(parents=True)
    return place
