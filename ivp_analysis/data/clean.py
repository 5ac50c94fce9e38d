"""From a snapshot's file to tidy frames: the source says which reader, the file may be of another shape."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivp_analysis.data.areas import read_areas
from ivp_analysis.data.boundaries import read_boundaries
from ivp_analysis.data.files import read_bytes
from ivp_analysis.data.provisional import mark_provisional, provisional_periods
from ivp_analysis.data.read_delivery import read_delivery
from ivp_analysis.data.read_key_figures import read_keyed, read_nested
from ivp_analysis.data.read_odata import read_observations, read_population
from ivp_analysis.data.read_statline import read_wide_population
from ivp_analysis.data.read_totals import read_totals
from ivp_analysis.data.read_xlsx import is_workbook
from ivp_analysis.data.snapshots import Snapshot, open_snapshot
from ivp_analysis.data.tabular import load_text
from ivp_analysis.data.tidy import Drop, Reading, shortened
from ivp_analysis.errors import BuildError, InputError
from ivp_analysis.registry.records import Registry, Source

# Sources whose files are not figures: boundaries are drawn on, the table of areas checks the registry.
NOT_CLEANED = ("boundaries", "areas")


def source_of(snapshot: Snapshot, registry: Registry) -> Source:
    """The record of the snapshot's source; a folder of an unknown source is an error."""
    if snapshot.source not in registry.sources:
        raise BuildError(
            f"source {snapshot.source!r} is not in the registry",
            where=str(snapshot.path),
            todo=f"use one of {', '.join(sorted(registry.sources))}",
        )
    return registry.sources[snapshot.source]


def clean_snapshot(snapshot: Snapshot, registry: Registry) -> Reading:
    """Open (hash first), read and tidy one vintage."""
    reading = clean_file(open_snapshot(snapshot), source_of(snapshot, registry), registry)
    return mark_provisional(reading, provisional_periods(snapshot.query))


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rows of a file can be used, and what somebody should know about it."""

    rows: int
    notes: tuple[str, ...] = ()


def check_file(path: Path, source: Source, registry: Registry) -> Checked:
    """Whether the file is one of the source, figures or not."""
    match source.kind:
        case "boundaries":
            return Checked(len(read_boundaries(path.read_bytes(), path.name, registry)))
        case "areas":
            return Checked(len(read_areas(load_text(path), path.name)))
        case _:
            reading = clean_file(path, source, registry)
            return Checked(reading.kept, reading.notes)


def clean_file(path: Path, source: Source, registry: Registry) -> Reading:
    """Read a file as the source that it is said to be; every row is accounted for."""
    reading = _read(_load(path, source), path.name, source, registry)
    if reading.kept == 0:
        raise _useless(reading, path.name, source)
    if not reading.accounted:
        lost = reading.rows - reading.kept - sum(reading.dropped.values())
        raise BuildError(
            f"{lost} rows disappeared while reading", where=path.name, todo="report this: it is our fault"
        )
    return reading


def _useless(reading: Reading, name: str, source: Source) -> InputError:
    """Neighbourhoods are told apart: a choice of them would pass for the whole municipality if it were summed."""
    if set(reading.dropped) <= {Drop.LEVEL, Drop.BEFORE_REGISTRY} and (
        which := reading.named.get(Drop.LEVEL)
    ):
        what = f"all its figures are of wijken, buurten or other parts ({shortened(which)}), none of a municipality"
        return InputError(what, where=name, todo="take the table by municipality, such as politie-47013")
    return InputError(
        "no row of it can be used", where=name, todo=f"check that this is a file of {source.id}"
    )


def _load(path: Path, source: Source) -> bytes:
    """A delivery may be a workbook; everything else is text."""
    if source.reader == "delivery" and is_workbook(content := read_bytes(path)):
        return content
    return load_text(path)


def _read(content: bytes, name: str, source: Source, registry: Registry) -> Reading:
    keyed = _has_keys(content)
    match source.reader:
        case "odata":
            read = read_population if source.kind == "population" else read_observations
            return read(content, name, source, registry)
        case "statline-wide":
            read = read_population if keyed else read_wide_population
            return read(content, name, source, registry)
        case "total-by-name":
            return (read_observations if keyed else read_totals)(content, name, source, registry)
        case "key-figures":
            nested = content.lstrip()[:1] == b"{"
            return (read_nested if nested else read_keyed)(content, name, source, registry)
        case "delivery":
            return read_delivery(content, name, source, registry)
        case _:
            raise InputError(
                f"{source.id} holds {source.kind}, not figures", where=name, todo="choose another --source"
            )


def _has_keys(content: bytes) -> bool:
    """Whether the table has the columns of OData (RegioS;Perioden), whatever export the registry expects."""
    header = content.split(b"\n", 1)[0].decode("utf-8", "replace")
    names = [field.strip().strip('"') for field in header.split(";")]
    return "RegioS" in names and "Perioden" in names
