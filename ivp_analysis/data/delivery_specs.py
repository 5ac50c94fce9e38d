"""What each delivery holds, column by column: the one place that template, reader, checks and docs share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivp_analysis.data.regions import BORDERS_FROM
from ivp_analysis.periods import LAST_YEAR

Kind = Literal[
    "area", "place", "code", "question", "theme", "word", "text", "date", "whole", "count", "decimal"
]  # fmt: skip
DATA_SHEET, HELP_SHEET = "Gegevens", "Uitleg"
LARGEST = 1_000_000_000
LONGEST = 2000
WORDING = "vraagtekst"


@dataclass(frozen=True, slots=True)
class DeliveryColumn:
    """One column; meaning, unit and example are Dutch, for the person who fills it in.

    kind: `place` is a municipality or a plan's region, `count` a whole number that may be unknown, `question` a
    known code or one's own with its wording. required: an empty cell is a fault. may_lack: so may the column be,
    for it is younger than the template. low, high: the numbers that can be. words: the only words allowed.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str
    example: str
    required: bool = True
    low: float = 0
    high: float = LARGEST
    words: tuple[str, ...] = ()
    may_lack: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in ("whole", "count", "decimal")


@dataclass(frozen=True, slots=True)
class DeliveryTemplate:
    """The columns of a delivery, which of them make a row unique, and remarks for the person who fills it in."""

    source: str
    title: str
    columns: tuple[DeliveryColumn, ...]
    key: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> DeliveryColumn:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


_AREA = DeliveryColumn("gemeente", "area", "Naam of code van de gemeente.", "naam of GM-code", "Weert")
_YEAR = DeliveryColumn("jaar", "whole", "Kalenderjaar.", "jaar", "2024", low=BORDERS_FROM, high=LAST_YEAR)
_MONTH = DeliveryColumn(
    "maand", "whole", "Maand van 1 tot en met 12; leeg bij een cijfer over het hele jaar.", "maandnummer", "3",
    required=False, low=1, high=12,
)  # fmt: skip
_GAP = "Leeg betekent onbekend; schrijf 0 als het er geen waren."


def _count(meaning: str, unit: str, example: str) -> DeliveryColumn:
    return DeliveryColumn("aantal", "count", f"{meaning} {_GAP}", unit, example, required=False)


TEMPLATES: dict[str, DeliveryTemplate] = {
    template.source: template
    for template in (
        DeliveryTemplate(
            "police-inp",
            "Levering van de politie volgens de indeling INP2013",
            (
                _AREA,
                DeliveryColumn("inp_klasse", "code", "Incidentcode van de politie.", "code", "E12"),
                _YEAR,
                _MONTH,
                _count("Geregistreerde incidenten.", "incidenten", "47"),
            ),
            ("gemeente", "inp_klasse", "jaar", "maand"),
            ("Burenruzie en woonoverlast is de som van E12, E13, E321 en F95: lever ze alle vier.",),
        ),
        DeliveryTemplate(
            "police-figures",
            "Cijfers van indicatoren zoals de politie ze aan de gemeenten leverde",
            (
                DeliveryColumn(
                    "gemeente", "place", "Gemeente, of de naam van de regio bij een cijfer voor alle gemeenten samen.",
                    "naam of GM-code", "Weert",
                ),
                DeliveryColumn(
                    "indicator", "code", "Code of naam van de indicator.", "code of naam", "nuisance_total"
                ),
                _YEAR,
                _MONTH,
                _count("Het cijfer van de politie.", "zoals bij de indicator", "412"),
            ),
            ("gemeente", "indicator", "jaar", "maand"),
            (
                "Lever alle gemeenten van het plan en alle jaren die u heeft. Zo'n reeks gaat voor op de open data en "
                "wordt er nooit mee gemengd.",
                "Een los jaar, of een cijfer voor de regio als geheel, dient alleen om de uitgangswaarde van het plan "
                "na te rekenen; de reeks blijft dan die van de open data.",
            ),
        ),
        DeliveryTemplate(
            "survey",
            "Enquête van de gemeente onder inwoners",
            (
                _AREA,
                DeliveryColumn(
                    "vraag", "question",
                    "Code van de vraag; voor een eigen vraag een woord in kleine letters, met de vraag in vraagtekst.",
                    "code", "unsafe_nightlife",
                ),
                _YEAR,
                DeliveryColumn(
                    "n", "whole", "Aantal inwoners dat de vraag beantwoordde.", "inwoners", "812", low=1
                ),
                DeliveryColumn(
                    "percentage", "decimal", "Aandeel dat zo antwoordde; schrijf 27 of 27,0 en niet 0,27.",
                    "procent", "27,0", high=100,
                ),
                DeliveryColumn(
                    "ontwerpeffect", "decimal",
                    "Hoeveel onzekerder de steekproef is dan een eenvoudige, door weging; leeg is 1.",
                    "verhouding", "1,3", required=False, low=0.2, high=20,
                ),
                DeliveryColumn(
                    WORDING, "text", "De vraag zoals zij is gesteld, met de antwoorden die zijn geteld.", "tekst",
                    "Voelt u zich wel eens onveilig in het uitgaansgebied? (vaak of soms)", required=False,
                    may_lack=True,
                ),
                DeliveryColumn(
                    "enquete", "text", "Naam van de enquête.", "tekst", "Leefbaarheidsenquête", required=False,
                    may_lack=True,
                ),
            ),
            ("gemeente", "vraag", "jaar"),
            (
                "Verandert de vraag, schrijf dan de nieuwe tekst op; verandert de werkwijze, geef de enquête dan een "
                "andere naam. Metingen met een andere vraag of enquête worden niet met elkaar vergeleken.",
                "Ook de Veiligheidsmonitor past hier, als achtergrond: schrijf bij gemeente de code van de "
                "politieregio, van de provincie of van het land (RE10, PV31 of NL01).",
            ),
        ),
        DeliveryTemplate(
            "halt",
            "Verwijzingen naar Halt",
            (
                _AREA,
                _YEAR,
                _count("Jongeren van 12 tot en met 17 jaar die naar Halt zijn verwezen.", "jongeren", "4"),
                DeliveryColumn(
                    "jongeren_12_17", "count",
                    "Inwoners van 12 tot en met 17 jaar, om per 1.000 jongeren te rekenen; leeg betekent onbekend.",
                    "inwoners", "512", required=False,
                ),
            ),
            ("gemeente", "jaar"),
        ),
        DeliveryTemplate(
            "measures",
            "Maatregelen van het uitvoeringsplan",
            (
                DeliveryColumn("actie", "text", "Wat er gebeurt, in één zin.", "tekst", "Buurtpreventie in Weert"),
                DeliveryColumn(
                    "thema", "theme", "Thema of prioriteit van het plan, met naam of nummer.", "naam of nummer",
                    "Veilig uitgaan",
                ),
                DeliveryColumn(
                    "gemeente", "place", "Gemeente, of de naam van de regio als het voor alle gemeenten geldt.",
                    "naam of GM-code", "Weert",
                ),
                DeliveryColumn(
                    "status", "word", "Hoe het ermee staat.", "gepland, loopt, afgerond of vervallen", "loopt",
                    words=("gepland", "loopt", "afgerond", "vervallen"),
                ),
                DeliveryColumn("toelichting", "text", "Wat een lezer erbij moet weten.", "tekst", "Gestart in maart",
                               required=False),
            ),
            ("actie", "thema", "gemeente"),
            (
                "Een nieuwe levering vervangt de status van dezelfde actie. Haal een actie die niet doorgaat niet weg, "
                "maar geef haar de status vervallen.",
            ),
        ),
        DeliveryTemplate(
            "events",
            "Evenementen",
            (
                _AREA,
                DeliveryColumn("naam", "text", "Naam van het evenement.", "tekst", "Kerstmarkt"),
                DeliveryColumn(
                    "categorie", "word", "Risicoklasse van de vergunning.", "A, B of C", "B", words=("A", "B", "C")
                ),
                DeliveryColumn("datum", "date", "Eerste dag.", "dag-maand-jaar", "14-12-2024"),
                DeliveryColumn(
                    "bezoekers", "count", "Bezoekers over alle dagen; leeg betekent onbekend.", "bezoekers", "5000",
                    required=False,
                ),
            ),
            ("gemeente", "naam", "datum"),
        ),
        DeliveryTemplate(
            "visitors",
            "Overnachtingen van bezoekers",
            (
                _AREA,
                _YEAR,
                DeliveryColumn(
                    "overnachtingen", "count", "Overnachtingen van toeristen. " + _GAP, "overnachtingen", "310000",
                    required=False,
                ),
            ),
            ("gemeente", "jaar"),
        ),
    )
}  # fmt: skip
