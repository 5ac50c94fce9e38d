"""Jobs are declared in the registry, listable and selectable."""

from pathlib import Path

import pytest

from ivp_analysis.data.workspace import init_workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.registry import Registry, find_plan
from ivp_analysis.report.run.jobs import Job, declare_jobs, select_jobs
from ivp_analysis.report.run.reports import listed_jobs


@pytest.fixture
def jobs(registry: Registry) -> list[Job]:
    return declare_jobs(registry, find_plan(registry, None), 2023)


def test_every_municipality_and_the_region_have_a_job(jobs: list[Job]) -> None:
    outputs = [job.output for job in jobs]
    for slug in ("eijsden-margraten", "gulpen-wittem", "meerssen", "vaals", "valkenburg-aan-de-geul"):
        assert f"gemeente-{slug}.html" in outputs
    assert "heuvelland.html" in outputs
    assert len(outputs) == len(set(outputs))


def test_parameters_are_those_of_the_job(jobs: list[Job]) -> None:
    vaals = next(job for job in jobs if job.id == "municipality:vaals")
    assert vaals.parameters == {
        "plan_id": "ivp-heuvelland-2020-2023",
        "reference_year": 2023,
        "area_code": "GM0981",
    }
    assert vaals.executed == "gemeente-vaals.ipynb"


def test_the_jobs_are_listed_without_any_figures(registry: Registry, jobs: list[Job], tmp_path: Path) -> None:
    listed = listed_jobs(init_workspace(tmp_path / "leeg"), registry, None, None)
    assert [job.output for job in listed] == [job.output for job in jobs]


def test_selection_by_job_and_by_kind(jobs: list[Job]) -> None:
    assert [job.id for job in select_jobs(jobs, ["municipality:vaals"])] == ["municipality:vaals"]
    assert len(select_jobs(jobs, ["municipality"])) == 5
    assert select_jobs(jobs, []) == jobs


def test_an_unknown_job_is_an_error_with_the_nearest_name(jobs: list[Job]) -> None:
    with pytest.raises(
        UsageError, match=r"no report job 'municipality:vals'(.|\n)*did you mean .*'municipality:vaals'"
    ):
        select_jobs(jobs, ["municipality:vals"])


def test_an_unknown_plan_names_those_there_are(registry: Registry) -> None:
    with pytest.raises(UsageError, match=r"no plan 'ivp-elders'(.|\n)*ivp-heuvelland-2020-2023"):
        find_plan(registry, "ivp-elders")
