"""Nothing in the code knows a plan, its region or its municipalities; the generator of the sample is the exception."""

from pathlib import Path

import pytest

from ivp_analysis.registry import Registry, slug

PACKAGE = Path(__file__).parents[2] / "ivp_analysis"
SUFFIXES = (".py", ".j2", ".css", ".json")
# They simulate the committed sample, which is that of one region and its neighbours.
SAMPLE = tuple(sorted(path.name for path in (PACKAGE / "data").glob("sample*.py")))
FILES = [path for path in sorted(PACKAGE.rglob("*")) if path.suffix in SUFFIXES and path.name not in SAMPLE]


@pytest.fixture(scope="module")
def names(registry: Registry) -> set[str]:
    """Codes, names and slugs of every plan that is in force, in lower case."""
    found = set()
    for plan in registry.plans.values():
        places = {code: registry.municipalities[code].name for code in plan.areas}
        found |= {plan.id, plan.region_name, plan.region_slug, *places, *places.values()}
        found |= {slug(name) for name in places.values()}
    return {name.casefold() for name in found}


def test_there_is_something_to_look_for(names: set[str]) -> None:
    assert {"heuvelland", "gm0981", "vaals", "valkenburg-aan-de-geul"} <= names
    assert len(FILES) > 150


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_code_names_a_plan(path: Path, names: set[str]) -> None:
    text = path.read_text(encoding="utf-8").casefold()
    assert [name for name in names if name in text] == []
