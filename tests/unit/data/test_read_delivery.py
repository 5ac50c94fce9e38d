"""Deliveries: every fault at once, with the row in the analyst's own file."""

from pathlib import Path

import pandas as pd
import pytest

from ivp_analysis.data.clean import clean_file
from ivp_analysis.data.tidy import Reading
from ivp_analysis.errors import InputError
from ivp_analysis.registry import Registry

INP = """# Levering politie; regels met # zijn uitleg
gemeente;inp_klasse;jaar;maand;aantal
Vaals;E12;2018;;47
GM0994;E13;2018;3;12
Eijsden-Margraten;F95;2018;;
"""


def read(text: str | bytes, registry: Registry, folder: Path, source: str = "police-inp") -> Reading:
    file = folder / "levering.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8-sig"))
    return clean_file(file, registry.sources[source], registry)


def test_a_police_delivery_by_name_or_code_month_or_year(registry: Registry, tmp_path: Path) -> None:
    frame = read(INP, registry, tmp_path).frames["observations"]
    assert frame[["area_code", "code", "period", "status"]].values.tolist() == [
        ["GM0981", "E12", "2018", "exact"],
        ["GM0994", "E13", "2018-03", "exact"],
        ["GM1903", "F95", "2018", "missing"],
    ]
    assert frame["count"].tolist()[:2] == [47, 12]
    assert pd.isna(frame["count"].iloc[2])


def test_a_survey_has_a_share_and_a_design_effect(registry: Registry, tmp_path: Path) -> None:
    head = "gemeente;vraag;jaar;n;percentage;ontwerpeffect\n"
    text = head + "Valkenburg aan de Geul;unsafe_nightlife;2016;812;27,0;\n"
    row = read(text, registry, tmp_path, "survey").frames["survey"].iloc[0]
    assert (row["area_code"], row["year"], row["n"], row["design_effect"]) == ("GM0994", 2016, 812, 1.0)
    assert row["share"] == pytest.approx(0.27)


WORDED = "gemeente;vraag;jaar;n;percentage;ontwerpeffect;vraagtekst;enquete\n"


def test_a_municipality_may_ask_what_it_wants(registry: Registry, tmp_path: Path) -> None:
    text = WORDED + "Vaals;safe_at_school;2024;300;88;;Voelt u zich veilig op school? (ja);Jeugdpanel\n"
    text += "RE10;unsafe_at_times;2023;4305;34,8;1,5;Voelt u zich wel eens onveilig?;Veiligheidsmonitor\n"
    frame = read(text, registry, tmp_path, "survey").frames["survey"]
    assert frame[["area_code", "question", "wording", "survey"]].values.tolist() == [
        ["GM0981", "safe_at_school", "Voelt u zich veilig op school? (ja)", "Jeugdpanel"],
        ["RE10", "unsafe_at_times", "Voelt u zich wel eens onveilig?", "Veiligheidsmonitor"],
    ]


def test_a_delivery_of_before_the_wording_is_still_read(registry: Registry, tmp_path: Path) -> None:
    text = "gemeente;vraag;jaar;n;percentage;ontwerpeffect\nVaals;unsafe_nightlife;2016;812;27;\n"
    row = read(text, registry, tmp_path, "survey").frames["survey"].iloc[0]
    assert (row["wording"], row["survey"]) == ("", "")


@pytest.mark.parametrize(
    ("question", "wording", "said"),
    [
        ("safe_at_school", "", "a question of your own needs its text in vraagtekst"),
        ("unsafe_nightlif", "Voelt u zich onveilig?", "did you mean unsafe_nightlife"),
        ("Veilig op school", "Voelt u zich veilig?", "unknown question"),
    ],
)
def test_a_question_without_its_text_or_misspelt_is_a_fault(
    registry: Registry, tmp_path: Path, question: str, wording: str, said: str
) -> None:
    with pytest.raises(InputError, match="row 2, vraag") as caught:
        read(WORDED + f"Vaals;{question};2024;300;88;;{wording};\n", registry, tmp_path, "survey")
    assert said in str(caught.value)


def test_halt_gives_counts_and_the_number_of_young_people(registry: Registry, tmp_path: Path) -> None:
    text = "gemeente;jaar;aantal;jongeren_12_17\nVaals;2021;4;512\nMeerssen;2021;9;\n"
    frames = read(text, registry, tmp_path, "halt").frames
    assert frames["observations"]["count"].tolist() == [4, 9]
    assert frames["key_figures"].values.tolist() == [["GM0981", 2021, "youth_12_17", 512.0]]


def test_all_faults_are_reported_at_once_with_rows_and_near_names(registry: Registry, tmp_path: Path) -> None:
    text = (
        "gemeente;inp_klasse;jaar;maand;aantal\n"
        "Vals;E12;2018;;47\n"
        "Vaals;E21;2018;;47\n"
        "Vaals;E12;18;;47\n"
        "Vaals;E12;2018;13;47\n"
        "Vaals;E12;2018;;-4\n"
        "Vaals;E12;2018;;4,5\n"
        "Vaals;E12;2018;;=SOM(A1:A9)\n"
        "Vaals;E13;2018;;5\n"
        "GM0981;E13;2018;;6\n"
    )
    with pytest.raises(InputError) as caught:
        read(text, registry, tmp_path)
    said = str(caught.value)
    assert caught.value.where == "levering.csv"
    assert "10 faults" in said
    assert "row 2, gemeente: unknown municipality 'Vals', did you mean Vaals" in said
    assert "row 3, inp_klasse: unknown code 'E21', did you mean" in said
    assert "row 4, jaar: '18' is not a whole number from 2010 to 2100" in said
    assert "row 5, maand: '13' is not a whole number from 1 to 12" in said
    assert "row 6, aantal: count '-4' is negative" in said
    assert "row 7, aantal: count '4,5' is not a whole number" in said
    assert "row 8, aantal: '=SOM(A1:A9)' is a formula; paste the value instead" in said
    assert "row 8: the same gemeente, inp_klasse, jaar, maand as row 6" in said
    assert "row 10: the same gemeente, inp_klasse, jaar, maand as row 9" in said


@pytest.mark.parametrize(
    ("name", "year", "says"),
    [
        ("Eijsden", 2018, "Eijsden does not exist since 2011-01-01, did you mean Eijsden-Margraten?"),
        ("Margraten", 2012, "Margraten does not exist since 2011-01-01, did you mean Eijsden-Margraten?"),
        ("GM0951", 2019, "Nuth does not exist since 2019-01-01, did you mean Beekdaelen?"),
        ("Haaren", 2021, "Haaren does not exist since 2021-01-01, did you mean Boxtel"),
        # Into Giessenlanden, which in its turn became Molenlanden; the chain is followed.
        ("Graafstroom", 2020, "did you mean Molenlanden?"),
    ],
)
def test_a_municipality_that_had_ended_is_refused_with_what_it_became(
    registry: Registry, tmp_path: Path, name: str, year: int, says: str
) -> None:
    """Its row would pass, and then be left out of the build."""
    with pytest.raises(InputError) as caught:
        read(f"gemeente;inp_klasse;jaar;maand;aantal\n{name};E12;{year};;4\n", registry, tmp_path)
    assert f"row 2, gemeente: {name if name[:2] != 'GM' else 'Nuth'} does not exist" in str(caught.value)
    assert says in str(caught.value)


def test_an_event_or_measure_of_an_ended_municipality_is_refused_too(
    registry: Registry, tmp_path: Path
) -> None:
    event = "gemeente;naam;categorie;datum;bezoekers\nEijsden;Kermis;A;14-06-2018;\n"
    with pytest.raises(InputError, match="Eijsden does not exist since 2011-01-01"):
        read(event, registry, tmp_path, "events")
    measure = "actie;thema;gemeente;status;toelichting\nX;1.1;Nuth;loopt;\n"
    with pytest.raises(InputError, match="Nuth does not exist since 2019-01-01"):
        read(measure, registry, tmp_path, "measures")


def test_a_year_that_cannot_be_read_is_one_fault(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 fault\n") as caught:
        read("gemeente;inp_klasse;jaar;maand;aantal\nNuth;E12;vorig;;4\n", registry, tmp_path)
    assert "jaar: 'vorig'" in str(caught.value)


def test_a_municipality_in_its_own_years_or_before_them_is_taken(registry: Registry, tmp_path: Path) -> None:
    rows = "Nuth;E12;2018;;4\nEijsden;E12;2010;;3\nBeekdaelen;E12;2015;;9\nWeesp;E12;2022;;1\n"
    frame = read(f"gemeente;inp_klasse;jaar;maand;aantal\n{rows}", registry, tmp_path).frames["observations"]
    assert frame["area_code"].tolist() == ["GM0951", "GM0905", "GM1954", "GM0457"]


def test_of_very_many_faults_a_hundred_are_shown(registry: Registry, tmp_path: Path) -> None:
    text = "gemeente;inp_klasse;jaar;maand;aantal\n" + "Nergens;E12;2018;;4\n" * 133
    with pytest.raises(InputError, match="133 faults") as caught:
        read(text, registry, tmp_path)
    assert str(caught.value).count("Nergens") == 100
    assert "and 33 more" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("gemeente,inp_klasse,jaar,maand,aantal\nVaals,E12,2018,,4\n", "separated by commas"),
        ("gemeente;inp_klasse;jaar;aantal\nVaals;E12;2018;4\n", "column 'maand' is missing"),
        ("gemeente;inp_klasse;jaar;maand;aantal\nVaals;E12;2018;4\n", "4 columns where 5"),
        ("gemeente;inp_klasse;jaar;maand;aantal\n", "a header but no rows"),
        ("# alleen uitleg\n;;;;\n", "no header"),
        (INP.replace("Vaals", "Súdwest-Fryslân").encode("cp1252"), "not UTF-8"),
        (b"PK\x03\x04", "Excel"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_not_the_template_is_refused(
    registry: Registry, tmp_path: Path, text: str | bytes, what: str
) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read(text, registry, tmp_path)
    assert caught.value.where.startswith("levering.csv")


def test_rows_are_counted_as_the_analyst_sees_them(registry: Registry, tmp_path: Path) -> None:
    head = "# uitleg\n\ngemeente;inp_klasse;jaar;maand;aantal\n"
    text = head + "Vaals;E12;2018;;4\n\n# nog iets\nVaals;E12;2019;;vier\n"
    with pytest.raises(InputError, match="row 7, aantal: 'vier' is not a count"):
        read(text, registry, tmp_path)
