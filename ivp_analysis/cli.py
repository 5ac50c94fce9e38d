"""The commands. Each one is thin: it opens the workspace, calls one function and prints what came of it."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivp_analysis.data.workspace import Workspace
    from ivp_analysis.registry.records import Registry

app = typer.Typer(
    help="Veiligheidsanalyse: police figures in, trends, benchmarks and reports out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

plan_app = typer.Typer(help="Plans.", no_args_is_help=True)
app.add_typer(plan_app, name="plan")

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", help="Folder with the figures and reports; default: the checkout."),
]
PlanOption = Annotated[str | None, typer.Option("--plan", help="Id of the plan (data/registry/plans).")]
YearOption = Annotated[
    int | None, typer.Option("--year", help="Reference year; default: the last full year in the data.")
]
AreasOption = Annotated[
    str,
    typer.Option(
        "--areas", help="Municipal reports of others too: all, or codes and names; default: the plan's alone."
    ),
]


def _open(path: Path | None) -> tuple[Workspace, Registry]:
    from ivp_analysis.data.workspace import open_workspace
    from ivp_analysis.registry import load_registry

    workspace = open_workspace(path)
    return workspace, load_registry(workspace.registry)


@app.command("init")
def init_command(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Make an empty workspace for real figures, outside the checkout."""
    from ivp_analysis.data.workspace import init_workspace

    workspace = init_workspace(folder)
    typer.echo(f"workspace ready: {workspace.root}")
    typer.echo(f'next: ivp import FILE --source ID --workspace "{workspace.root}"')


@app.command("fetch")
def fetch_command(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Source id; may be repeated; default: all.")
    ] = None,
    areas: Annotated[
        str, typer.Option("--areas", help="plan (with its nearest peers), all, or codes: GM0988,PV31.")
    ] = "plan",
    from_year: Annotated[int | None, typer.Option("--from", help="First year.")] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Year of areas and boundaries; the newest.")
    ] = None,
    workspace: WorkspaceOption = None,
    plan: PlanOption = None,
) -> None:
    """Live tables of police and CBS -> dated snapshots; what was fetched before is not fetched again."""
    from ivp_analysis.data.fetch import fetch
    from ivp_analysis.data.fetch_progress import FetchBars
    from ivp_analysis.registry import find_plan
    from ivp_analysis.report.analysis.nearest import nearest_of

    place, registry = _open(workspace)
    chosen = find_plan(registry, plan) if plan is not None or areas == "plan" else None
    with FetchBars() as bars:
        results = fetch(
            place,
            registry,
            sources=source or (),
            areas=areas,
            from_year=from_year,
            year=year,
            plan=chosen,
            # The widest choice of peers, so that another one needs no new fetch.
            nearest=nearest_of(chosen, registry.method.group("peers")["k_large"]) if chosen else None,
            progress=bars,
        )
    for result in results:
        typer.echo("\n".join(result.lines()), err=result.outcome == "failed")
    if place.advice:
        typer.echo(f"note: {place.advice}", err=True)
    if any(result.outcome == "failed" for result in results):
        raise typer.Exit(1)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A StatLine/OData export or a delivery.")],
    source: Annotated[str, typer.Option("--source", help="Source id (data/registry/sources.toml).")],
    workspace: WorkspaceOption = None,
) -> None:
    """Take a file into the workspace as a dated snapshot, after reading it as what it should be."""
    from ivp_analysis.data.intake import import_file

    place, registry = _open(workspace)
    snapshot, checked = import_file(place, registry, file, source)
    typer.echo(f"{source}: {checked.rows} rows, snapshot {snapshot.id} of {snapshot.taken_on.isoformat()}")
    typer.echo(f"kept as {snapshot.path}")
    for note in (*checked.notes, *([place.advice] if place.advice else [])):
        typer.echo(f"note: {note}", err=True)


@app.command("template")
def template_command(
    kind: Annotated[
        str,
        typer.Argument(help="police-inp, police-figures, survey, halt, measures, events or visitors."),
    ],
    out: Annotated[Path | None, typer.Option("--out", help="File to write (.csv or .xlsx).")] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="A workbook instead of a CSV.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write an empty, explained delivery file to fill in."""
    from ivp_analysis.data.templates import write_template

    place, registry = _open(workspace)
    file = write_template(kind, registry, out, workbook=xlsx)
    typer.echo(f"fill in {file}")
    room = "DIR (a workspace of yours; ivp init DIR makes one)" if place.is_checkout else f'"{place.root}"'
    typer.echo(f'next: ivp import "{file}" --source {kind} --workspace {room}')


@app.command("build")
def build_command(
    workspace: WorkspaceOption = None,
    allow_shrink: Annotated[
        bool,
        typer.Option(
            "--allow-shrink", help="Accept that areas, years or codes are gone since the last build."
        ),
    ] = False,
) -> None:
    """Snapshots -> checked, cleaned, harmonised observations."""
    from ivp_analysis.data.build import build

    place, registry = _open(workspace)
    result = build(place, registry, allow_shrink=allow_shrink)
    for line in result.lines():
        typer.echo(line)


@app.command("diff")
def diff_command(
    source: Annotated[str, typer.Argument(help="Source id.")],
    a: Annotated[str | None, typer.Argument(help="Older vintage: its date or the start of its hash.")] = None,
    b: Annotated[str | None, typer.Argument(help="Newer vintage; default: the newest.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """What changed between two vintages of a source; writes nothing."""
    from ivp_analysis.data.revisions import compare_snapshots

    place, registry = _open(workspace)
    compared = compare_snapshots(place, registry, source, a, b)
    for line in compared.lines(registry.sources[source].codes):
        typer.echo(line)


@app.command("verify")
def verify_command(workspace: WorkspaceOption = None, plan: PlanOption = None) -> None:
    """Hashes of raw files and kept editions, the registry, overdue reviews, published baselines against ours."""
    from ivp_analysis.data.verify import verify
    from ivp_analysis.data.workspace import open_workspace
    from ivp_analysis.report.progress.editions import check_editions

    place = open_workspace(workspace)
    done = verify(place, plan_id=plan)
    for line in done.lines():
        typer.echo(line)
    changed = check_editions(place)
    for fault in changed:
        typer.echo(f"kept edition: {fault}", err=True)
    if changed or not done.ok:
        raise typer.Exit(1)


@app.command("list")
def list_command(
    workspace: WorkspaceOption = None,
    plan: PlanOption = None,
    year: YearOption = None,
    areas: AreasOption = "plan",
) -> None:
    """The report jobs of a plan; figures are needed only for those of other areas."""
    from ivp_analysis.report.run.reports import listed_jobs

    place, registry = _open(workspace)
    for job in listed_jobs(place, registry, plan, year, areas):
        typer.echo(f"{job.id:<40} {job.output:<44} {job.title}")


@app.command("reports")
def reports_command(
    workspace: WorkspaceOption = None,
    plan: PlanOption = None,
    year: YearOption = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Job or kind of job; may be repeated.")
    ] = None,
    areas: AreasOption = "plan",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Jobs side by side.")] = os.cpu_count()
    or 1,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="Address of a Dask scheduler, tcp://HOST:PORT, for the jobs.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Also run what is up to date.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going/--fail-fast", help="Go on with the other jobs when one fails.")
    ] = True,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=1, help="Seconds after which a job is stopped.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also a PDF of every page, beside it.")] = False,
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Also every page with its tables inside, in `los`.")
    ] = False,
) -> None:
    """Run the notebooks whose pages are not up to date; write the pages, the index and the manifest."""
    from ivp_analysis.report.run.reports import Options, make_reports

    place, registry = _open(workspace)
    options = Options(tuple(only or ()), areas, workers, scheduler, force, keep_going)
    limit = {"limit": time_limit} if time_limit else {}
    copies = {"pdf": pdf, "single_file": single_file}
    made = make_reports(place, registry, plan_id=plan, year=year, options=options, **limit, **copies)
    for outcome in made.outcomes:
        if outcome.outcome in ("failed", "not started"):
            typer.echo(f"{outcome.outcome}: {outcome.job.id}: {outcome.error}", err=True)
    typer.echo(made.summary)
    typer.echo(str(made.index))
    if any(outcome.outcome in ("failed", "not started") for outcome in made.outcomes):
        raise typer.Exit(1)


@app.command("freeze")
def freeze_command(
    status: Annotated[str, typer.Option("--status", help="concept or vastgesteld (adopted).")] = "concept",
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the edition; default: today."),
    ] = None,
    workspace: WorkspaceOption = None,
    plan: PlanOption = None,
    year: YearOption = None,
) -> None:
    """Keep the edition of a year as it is: pages to the byte, figures and hashes. Later editions refer to it."""
    from ivp_analysis.report.run.freeze import freeze

    place, registry = _open(workspace)
    chosen = day.date() if day else date.today()
    edition = freeze(place, registry, plan_id=plan, year=year, status=status, day=chosen)
    typer.echo(f"{edition.status}: {len(edition.files)} files of {edition.year} kept")
    typer.echo(str(edition.folder))


@plan_app.command("new")
def plan_new_command(
    title: Annotated[str, typer.Option("--title", help="Title of the new plan.")],
    first_year: Annotated[int, typer.Option("--first-year", help="First year of the new plan.")],
    last_year: Annotated[int, typer.Option("--last-year", help="Last year, for which targets are set.")],
    out: Annotated[Path | None, typer.Option("--out", help="File to write (.toml).")] = None,
    workspace: WorkspaceOption = None,
    plan: PlanOption = None,
    year: YearOption = None,
) -> None:
    """A plan file to fill in: per indicator the five candidates, each with what it asks, beside an open choice."""
    from ivp_analysis.report.targets.plan_template import NewPlan, write_plan_template

    place, registry = _open(workspace)
    new = NewPlan(title, first_year, last_year)
    file, home = write_plan_template(place, registry, new, plan_id=plan, year=year, out=out)
    typer.echo(f"fill in {file}")
    typer.echo(f"then save it as {home} and run: ivp verify --plan {home.stem}")
