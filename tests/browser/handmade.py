"""An executed notebook made by hand, with every kind of piece a page can hold."""

from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from ivp_analysis.report.figures import Panel, draw_series, draw_small_multiples
from ivp_analysis.report.page.export import write_page
from ivp_analysis.report.page.head import Foot, PageHead, SourceLine, Sources
from ivp_analysis.report.page.pieces import Details, Figure, Heading, Summary, Text, Tile, Tiles
from ivp_analysis.report.page.shown import Parts, Shown
from ivp_analysis.report.page.tables import Column, Missing, Table, Verdict
from ivp_analysis.report.run.index_page import (
    IndexCell,
    IndexFailure,
    IndexLink,
    IndexModel,
    IndexRow,
    render_index,
)

HANDMADE = ("gemeente-vaals.html", "index.html", "los/gemeente-vaals.html")
FAILURE = "/home/someone/meerssen.ipynb, cell 3: InputError: None is no count\n  -> give a count"
YEARS = list(range(2016, 2024))
BURGLARY = [71, 66, 58, 61, 49, 40, 43, 38]
SUBJECTS = {
    "Woninginbraak": (BURGLARY, "daling", "▼"),
    "Fietsendiefstal": ([31, 28, 35, 30, 33, 29, 34, 30], "richting niet vast te stellen", "?"),
    "Burengerucht": ([20, 24, 31, 30, 41, 47, 44, 52], "stijging", "▲"),
    "Winkeldiefstal": ([12, None, 9, 11, 8, 7, 9, 10], "te kleine aantallen", "–"),
}


def head(*, simulated: bool = True) -> PageHead:
    return PageHead(
        title="Veiligheidsbeeld Vaals",
        subtitle="Integraal Veiligheidsplan Heuvelland 2020-2023",
        area="Vaals",
        reference_year=2023,
        data_date=date(2024, 2, 14),
        simulated=simulated,
        description="Geregistreerde criminaliteit en overlast in Vaals tot en met 2023, met trends.",
        slug="gemeente-vaals",
    )


def trend_table() -> Table:
    columns = [
        Column("subject", "Onderwerp"),
        Column("previous", "2022", "aantal", format="count"),
        Column("count", "2023", "aantal", format="count"),
        Column("rate", "2023", "per 1.000 inwoners", format="decimal", digits=1),
        Column("window", "Jaren van de trend"),
        Column("change", "Verandering", "per jaar", format="signed_percent", digits=1),
        Column("margin", "Marge", "per jaar", format="signed_percent_range", digits=1),
        Column("word", "Trend", format="verdict"),
    ]
    rows: list[dict[str, Any]] = [
        {
            "field": "Veilige woon- en leefomgeving", "subject": "Woninginbraak", "previous": 43, "count": 38,
            "rate": 3.84, "window": "2016–2023", "change": -0.0854, "margin": (-0.121, -0.049),
            "word": Verdict("daling", "▼", "good", "laatste jaar −5"),
        },
        {
            "field": "Veilige woon- en leefomgeving", "subject": "Burengerucht", "previous": 44, "count": 52,
            "rate": 5.25, "window": "2016–2023", "change": 0.137, "margin": (0.078, 0.199),
            "word": Verdict("sterke stijging", "▲▲", "bad", "laatste jaar +8"),
        },
        {
            "field": "Veilige woon- en leefomgeving", "subject": "Verward gedrag",
            "previous": 1656, "count": 1702, "rate": 171.9, "window": "2016–2023",
            "change": 0.021, "margin": (-0.011, 0.054),
            "word": Verdict("lijkt te stijgen, niet zeker", "△", "unknown", "laatste jaar +46"),
        },
        {
            "field": "Bedrijvigheid en veiligheid", "subject": "Winkeldiefstal", "previous": 9, "count": 10,
            "rate": 1.01, "window": "2016–2023", "change": Missing("aantallen te klein voor een percentage"),
            "margin": Missing("aantallen te klein voor een percentage"),
            "word": Verdict("te kleine aantallen", "–", "unknown"),
        },
        {
            "field": "Bedrijvigheid en veiligheid", "subject": "Drugshandel", "previous": None, "count": 21,
            "rate": 2.12, "window": "2016–2023", "change": 0.061, "margin": (0.012, 0.112),
            "word": Verdict("stijging", "▲", "neutral"),
        },
    ]  # fmt: skip
    return Table(
        caption="Geregistreerde criminaliteit en overlast in Vaals, 2022 en 2023",
        columns=columns,
        rows=rows,
        notes=["Verandering per jaar: gemiddeld over de genoemde jaren, met een marge van 95%."],
        id="overzicht",
        group=Column("field", "Veiligheidsveld"),
    )


def count_table() -> Table:
    columns = [
        Column("year", "Jaar", format="year", align="left"),
        Column("count", "Woninginbraken", "aantal", format="count"),
    ]
    rows = [{"year": year, "count": count} for year, count in zip(YEARS, BURGLARY, strict=True)]
    return Table(caption="Woninginbraak in Vaals per jaar", columns=columns, rows=rows, id="woninginbraak")


def pieces(*, simulated: bool = True) -> list[Shown | str]:
    """In page order; a plain text is a Markdown cell."""
    unit = "aantal per jaar"
    series = draw_series(YEARS, BURGLARY, label="Geregistreerde woninginbraak in Vaals", unit=unit)
    panels = [Panel(label, YEARS, counts, word, sign) for label, (counts, word, sign) in SUBJECTS.items()]
    multiples = draw_small_multiples(panels, title="Vier onderwerpen in Vaals", unit=unit)
    return [
        head(simulated=simulated),
        Summary(
            [
                "In Vaals gaat het vaker beter dan slechter, en de regio haalt het doel voor woninginbraak.",
                "Woninginbraak daalde tussen 2016 en 2023 met ongeveer 9% per jaar. Dat is gunstig.",
                "Burengerucht steeg in dezelfde jaren met ongeveer 14% per jaar. Dat is ongunstig.",
                "De kans dat deze daling doorzet is ongeveer 6 op 10.",
                "Van 50% van de onderwerpen is de richting niet vast te stellen.",
            ]
        ),
        Tiles(
            [
                Tile("Woninginbraak", "daling", "▼", "good", "trend 2016–2023", "38 in 2023"),
                Tile("Burengerucht", "sterke stijging", "▲▲", "bad", "trend 2016–2023", "52 in 2023"),
                Tile("Drugshandel", "stijging", "▲", "neutral", "trend 2016–2023", "21 in 2023"),
                Tile("Fietsendiefstal", "richting niet vast te stellen", "?", "unknown", value="30 in 2023"),
            ]
        ),
        "## Veilige woon- en leefomgeving\n\nDit is **geregistreerde** criminaliteit: wat de politie weet.",
        Parts(
            trend_table(),
            Heading("Woninginbraak", 3),
            Figure(series, data=count_table()),
            Heading("Vier onderwerpen naast elkaar", 3),
            Figure(multiples, "Aantallen per jaar in Vaals; elke grafiek heeft een eigen schaal vanaf nul"),
        ),
        Details(
            "Hoe zeker is dit?",
            Text(
                "Een stijging of daling heet pas zo als toeval een onwaarschijnlijke verklaring is.",
                "Richting niet vast te stellen betekent niet dat er niets veranderde.",
            ),
        ),
        "## Verantwoording\n\n### Bronnen",
        Sources(
            [
                SourceLine(
                    "Geregistreerde misdrijven per gemeente", "Politie", date(2024, 2, 14), "2012–2023",
                    "https://data.politie.nl/",
                )
            ]
        ),
        "### Begrippen\n\nRegistratie\n: wat in de systemen van de politie staat.\n",
        Foot({"Plan": "ivp-heuvelland-2020-2023", "Verslagjaar": "2023", "Versie": "ivp-analysis 0.1.0"}),
    ]  # fmt: skip


def notebook_of(shown: list[Shown | str]) -> nbformat.NotebookNode:
    """The notebook as papermill would leave it."""
    v4 = nbformat.v4
    cells = [v4.new_markdown_cell("Verander de cel met `parameters`.", metadata={"tags": ["toelichting"]})]
    for number, piece in enumerate(shown, start=1):
        if isinstance(piece, str):
            cells.append(v4.new_markdown_cell(piece))
        else:
            output = v4.new_output("execute_result", piece._repr_mimebundle_(), execution_count=number)
            cells.append(v4.new_code_cell(f"show({number})", outputs=[output], execution_count=number))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return v4.new_notebook(cells=cells)


def save(notebook: nbformat.NotebookNode, path: Path) -> Path:
    nbformat.write(notebook, path)
    return path


def overview(*, simulated: bool = True) -> IndexModel:
    down = IndexCell(38, "daling", "▼", "good", BURGLARY)
    up = IndexCell(1656, "sterke stijging", "▲▲", "bad", [1100, 1210, 1190, 1300, None, 1480, 1590, 1656])
    flat = IndexCell(30, "vrijwel gelijk gebleven", "■", "unknown", [31, 28, 35, 30, 33, 29, 34, 30])
    unclear = IndexCell(12, "richting niet vast te stellen", "?", "unknown", [12, 9, 14, 8, 15, 11, 9, 12])
    police = IndexCell(21, "stijging", "▲", "neutral", [11, 12, 15, 14, 18, 17, 20, 21])
    absent = IndexCell(absent="geen cijfers in deze bron")
    names = ["Eijsden-Margraten", "Gulpen-Wittem", "Meerssen", "Vaals", "Valkenburg aan de Geul"]
    vaals = "gemeente-vaals.html"
    areas = [IndexLink(name, vaals if name == "Vaals" else "") for name in [*names, "Heuvelland"]]
    living, business = "Veilige woon- en leefomgeving", "Bedrijvigheid en veiligheid"
    return IndexModel(
        title="Veiligheid in Heuvelland",
        subtitle="Integraal Veiligheidsplan Heuvelland 2020-2023",
        area="Heuvelland",
        reference_year=2023,
        data_date=date(2024, 2, 14),
        simulated=simulated,
        description="Overzicht van de veiligheid in vijf gemeenten en de regio Heuvelland in 2023.",
        areas=areas,
        rows=[
            IndexRow(living, "Woninginbraak", [down, unclear, down, down, flat, down]),
            IndexRow(living, "Overlast door verward gedrag", [up, up, flat, up, police, up]),
            IndexRow(business, "Winkeldiefstal", [unclear, flat, absent, unclear, flat, unclear]),
            IndexRow(business, "Drugshandel", [police, police, unclear, police, police, police]),
        ],
        pages=[
            IndexLink("Veiligheidsbeeld Vaals", vaals, "Hoe veilig is het in Vaals, en wat verandert er?"),
            IndexLink("Veiligheidsbeeld van de regio", vaals, "Welke gemeente bepaalt de verandering?"),
        ],
        failures=[IndexFailure("Veiligheidsbeeld Meerssen", FAILURE)],
        sentences=["In Heuvelland gaat het vaker beter dan slechter; 3 van de 8 streefwaarden zijn gehaald."],
        notes=["Elke lijn begint bij nul en loopt van 2016 tot en met 2023."],
        facts={"Versie": "ivp-analysis 0.1.0"},
    )


def make_site(folder: Path) -> Path:
    """A folder of pages as `ivp reports` leaves it, and in `los` the page as one file."""
    (folder / "los").mkdir()
    executed = save(notebook_of(pieces()), folder / "gemeente-vaals.ipynb")
    write_page(executed, folder / HANDMADE[0])
    write_page(executed, folder / HANDMADE[2], single_file=True)
    (folder / HANDMADE[1]).write_bytes(render_index(overview()))
    return folder
