"""What the notebooks show of the ledger: beside the figures of a field, and as a whole."""

from __future__ import annotations

from ivp_analysis.methods.ledger import Verdict
from ivp_analysis.report.analysis.findings import Area
from ivp_analysis.report.ledger.accents import tabulate_accents
from ivp_analysis.report.ledger.ledger import Entry, Ledger
from ivp_analysis.report.ledger.tables import tabulate_entries, tabulate_tally
from ivp_analysis.report.page.pieces import Details, Heading, Text
from ivp_analysis.report.page.shown import Parts, Shown


def statement_section(ledger: Ledger, area: Area, field: str) -> Parts:
    """What the plan says of this area in one field, beside its figures."""
    if ledger.analysis.home:
        # The plan does not cover this municipality: what it says of others is not its matter.
        return Parts()
    entries = ledger.of(area, field)
    label = ledger.analysis.registry.fields[field].label
    if not entries:
        return Parts(Text(f"Het plan zegt in dit veiligheidsveld niets over {area.in_words} apart."))
    caption = f"Wat het plan zegt over {area.in_words}: {label[:1].lower()}{label[1:]}"
    return Parts(tabulate_entries(entries, ledger, caption=caption, id=f"uitspraken-veld-{field}"))


def ledger_section(ledger: Ledger) -> Parts:
    """Every statement of the plan, folded a field at a time, with how many are supported."""
    if not ledger.entries:
        return Parts(Text("Dit plan bevat geen uitspraken over het veiligheidsbeeld."))
    folded: list[Shown] = []
    for field in ledger.analysis.registry.fields.values():
        entries = _by_area(ledger, field.id)
        if entries:
            caption = f"Alle uitspraken van het plan: {field.label[:1].lower()}{field.label[1:]}"
            table = tabulate_entries(
                entries, ledger, caption=caption, id=f"grootboek-veld-{field.id}", by_area=True
            )
            folded.append(Details(f"{field.label}: {len(entries)} uitspraken", table))
    return Parts(Text(*say_tally(ledger)), tabulate_tally(ledger), *folded)


def _by_area(ledger: Ledger, field: str) -> list[Entry]:
    areas = [ledger.analysis.region, *(a for a in ledger.analysis.areas if not a.is_region)]
    return [entry for area in areas for entry in ledger.of(area, field)]


def accent_section(ledger: Ledger) -> Parts:
    """The plan's own table of accents, from the figures."""
    fields = ledger.analysis.registry.fields.values()
    tables = [Details(field.label, tabulate_accents(ledger, field.id)) for field in fields]
    return Parts(
        Heading("Accenten voor een volgend plan"),
        Text(
            "Dezelfde tabel als in het plan, met de accenten die de cijfers nu leggen. Een volgend plan kan hier beginnen."
        ),
        *tables,
    )


def say_tally(ledger: Ledger) -> list[str]:
    """How much of what the plan says figures can test, and what came of it."""
    then, now = ledger.tally()
    total, topics = len(ledger.claims), len(ledger.entries) - len(ledger.claims)
    tested = total - then[Verdict.UNTESTABLE]
    plan, year = ledger.analysis.plan, ledger.analysis.year
    said = [
        f"Het plan noemt {total} keer een richting of een omvang; {tested} daarvan zijn met deze cijfers te toetsen.",
        f"Over de jaren waar het plan over gaat, steunen de cijfers er {then[Verdict.SUPPORTED]}; bij "
        f"{then[Verdict.CONTRARY]} wijzen zij de andere kant op en bij {then[Verdict.OPEN]} geven zij geen uitsluitsel.",
    ]
    if year > plan.base_year:
        said.append(
            f"Is dat in {year} nog zo? Nu steunen de cijfers er {now[Verdict.SUPPORTED]}; bij {now[Verdict.CONTRARY]} "
            f"wijzen zij de andere kant op en bij {now[Verdict.OPEN]} geven zij geen uitsluitsel."
        )
    said.append(
        f"Nog {topics} uitspraken noemen alleen een onderwerp; die staan er met wat er nodig is om te toetsen."
    )
    return said
