"""A workspace in which everything is odd at once: series that no method likes, small numbers, texts that attack."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from faults import small
from unit.data.given import FIVE, population_export, theft_table, total_table

from ivp_analysis.data.build import build
from ivp_analysis.data.snapshots import take_snapshot
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.registry import Registry, load_registry

ROOT = Path(__file__).parents[2]
LAST = max(small.YEARS)
# Municipalities by another name, as a registry of one's own may have them; and files as they may come in.
NAMES = {"GM0994": "../../Geul", "GM1729": "..\\Gulpen/a", "GM0935": "<b>Maas</b>|..\\x"}
FILES = {
    "cbs-83651": "..\\..\\x.csv",
    "cbs-83648": "C:\\x.csv",
    "cbs-37230": "a/../../b.csv",
    "police-inp": "con.csv",
    "halt": "<img src=x onerror=alert(1)>.csv",
    "measures": "x.csv:stream",
}
# Of the delivery: the small number, and the next-smallest of its sum, both with what may be in their place.
SMALL, NEXT = (3, 7919), (1, 7921)
ATTACKS = (
    "<script>document.title='executed'</script>",
    "<img src=x onerror=\"document.title='executed'\">",
    "<svg onload=document.title='executed'>",
    "</title></style></textarea><script>document.title='executed'</script>",
    '"><iframe srcdoc="<script>parent.document.title=1</script>"></iframe>',
    "{{7*7}}{% raw %}${7*7}#{7*7}",
    "<a href=\"javascript:document.title='executed'\">hier</a>",
    "<meta http-equiv=refresh content='0;url=https://aanval.example/'>",
    "<base href=https://aanval.example/><link rel=stylesheet href=//aanval.example/a.css>",
    "[hier](javascript:document.title='executed') ![x](https://aanval.example/x.png)",
    "<math><mtext></p><style><img src=x onerror=document.title='executed'>",
    "<details open ontoggle=document.title='executed'>",
)
Shape = Callable[[int, int], int | None]
# By code: municipality n and year i, counted from 0.
SHAPES: dict[str, Shape] = {
    "CRI1134": lambda n, i: 1 if (n, i) == (3, 4) else 0,  # all but one are zero
    "CRI1128": lambda n, i: 0,
    "CRI1125": lambda n, i: 10,  # constant
    "CRI1124": lambda n, i: 10,
    "CRI1122": lambda n, i: 14_000 + 400 * ((n + i) % 3),  # nearly one a head
    "CRI1123": lambda n, i: 14_000,
    "CRI1132": lambda n, i: None if i % 2 else 30 + i,  # gaps
    "CRI1144": lambda n, i: None if i % 2 else 5,
    "CRI1133": lambda n, i: 0 if i < 4 else 500,  # nothing, then much
    "CRI1137": lambda n, i: 25 if i == 7 else None,  # one year
}


def fill(root: Path, *, hidden: tuple[int, int], line_end: str = "\n") -> Workspace:
    """Snapshots, texts and a registry of its own; `hidden` are the numbers that no page may show."""
    place = init_workspace(root)
    attack_registry(place)
    registry = load_registry(place.registry)
    small_ones = dict(zip(("GM0981", "GM0938"), hidden, strict=True))

    def disputes(n: int, year: int) -> int:
        usual = 8101 + 108 * n
        return small_ones.get(FIVE[n], usual) if year == LAST else usual

    files = {
        "cbs-83651": thefts(),
        "cbs-83648": crimes(registry),
        "cbs-37230": people(registry),
        "police-inp": small.disputes(registry, count=disputes),
        "halt": small.halts(registry, count=lambda n, year: 8),
        "measures": measures(),
    }  # fmt: skip
    for source, content in files.items():
        take_snapshot(place, source, content, name=FILES[source], taken_on=small.DAY)
    place.narrative.mkdir(exist_ok=True)
    text = "naam: A. Nalist\ndatum: 2022-03-01\n\n" + "\n\n".join(ATTACKS)
    for name in ("voortgang.md", "voortgang-vaals.md"):
        (place.narrative / name).write_text(text, encoding="utf-8")
    for path in (*place.narrative.rglob("*.md"), *place.registry.rglob("*.*")):
        path.write_bytes(path.read_bytes().replace(b"\n", line_end.encode()))
    build(place, load_registry(place.registry))
    return place


def thefts() -> bytes:
    return theft_table(
        ("T001540", code, gm, f"{year}JJ00", "       ." if (count := shape(n, i)) is None else str(count))
        for code, shape in SHAPES.items()
        for n, gm in enumerate(small.PLACES)
        for i, year in enumerate(small.YEARS)
    )


def crimes(registry: Registry) -> bytes:
    """A fit without any scatter."""
    names = [registry.municipalities[gm].name for gm in small.PLACES]
    return total_table(
        (name, year, str(round(200 * 1.1**i))) for name in names for i, year in enumerate(small.YEARS)
    )


def people(registry: Registry) -> bytes:
    """Of Vaals one year is missing, and of the neighbour all but the first."""
    ends = [min(small.YEARS) - 1, *small.YEARS]
    told: dict[str, list[int | None]] = {}
    for n, gm in enumerate(small.PLACES):
        told[registry.municipalities[gm].name] = [15_000 + 900 * n] * len(ends)
    told["Vaals"][3] = None
    told[registry.municipalities[small.PLACES[-1]].name][2:] = [None] * (len(ends) - 2)
    return population_export(ends, told)


def measures() -> bytes:
    rows = [f'"Actie {n}: {_quoted(one)}";1.3;Vaals;loopt;"{_quoted(one)}"' for n, one in enumerate(ATTACKS)]
    return ("actie;thema;gemeente;status;toelichting\n" + "\n".join(rows) + "\n").encode()


def attack_registry(place: Workspace) -> None:
    """Names that people gave: an attack is added to titles of sources, labels, the plan and a caveat.

    Municipalities bear the names of folders.
    """
    own = shutil.copytree(ROOT / "data" / "registry", place.root / "data" / "registry", dirs_exist_ok=True)
    for name, old in (
        ("sources.toml", "Geregistreerde diefstallen; diefstallen en gebruik geweld, regio"),
        ("caveats.toml", "Politiecijfers meten wat de politie registreert."),
        ("indicators.toml", 'label = "winkeldiefstal'),
        ("plans/ivp-heuvelland-2020-2023.toml", 'title = "'),
    ):
        path = own / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name}: {old}"
        attack = ATTACKS[1].replace('"', "'")
        path.write_text(text.replace(old, f"{old}{attack}", 1), encoding="utf-8", newline="\n")
    path = own / "municipalities.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    for at, line in enumerate(lines):
        code, _, rest = line.partition(",")
        if code in NAMES:
            lines[at] = f"{code},{NAMES[code]},{rest.partition(',')[2]}"
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _quoted(text: str) -> str:
    return text.replace('"', '""')
