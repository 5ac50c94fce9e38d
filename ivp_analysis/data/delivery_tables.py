"""From the checked rows of a delivery to the tables of a build."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ivp_analysis.data.tidy import STATUSES, Reading, as_category, statuses
from ivp_analysis.periods import Period
from ivp_analysis.registry.records import Source


def delivery_tables(frame: pd.DataFrame, source: Source) -> Reading:
    """The tables of the source; the columns of the frame are those of its template."""
    frame = frame.reset_index(drop=True)
    match source.id:
        case "survey":
            return _one("survey", _survey(frame))
        case "halt":
            code = next(iter(source.codes))
            observations, youth = _observations(frame.assign(code=code, maand=None), "code"), _youth(frame)
            tables = {"observations": observations, "key_figures": youth}
            return Reading(tables, len(observations) + len(youth))
        case "measures":
            return _one("measures", _measures(frame))
        case "events":
            return _one("events", _events(frame))
        case "visitors":
            return _one("visitors", _visitors(frame))
        case _:
            code = "indicator" if "indicator" in frame else "inp_klasse"
            return _one("observations", _observations(frame, code))


def _one(name: str, table: pd.DataFrame) -> Reading:
    return Reading({name: table}, len(table))


def _observations(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    moments = zip(frame["jaar"], frame["maand"], strict=True)
    counts = frame["aantal"].astype("Int32").array
    return pd.DataFrame(
        {
            "area_code": as_category(frame["gemeente"]),
            "code": as_category(frame[code]),
            "period": as_category(str(Period(int(y), None if pd.isna(m) else int(m))) for y, m in moments),
            "count": counts,
            "status": statuses(
                np.where(np.asarray(counts.isna()), STATUSES.index("missing"), STATUSES.index("exact"))
            ),
        }
    )


def _youth(frame: pd.DataFrame) -> pd.DataFrame:
    """Inhabitants of 12 to 17, the denominator of the Halt figures."""
    known = frame[frame["jongeren_12_17"].notna()]
    return pd.DataFrame(
        {
            "area_code": known["gemeente"],
            "year": known["jaar"].astype("int64"),
            "feature": "youth_12_17",
            "value": known["jongeren_12_17"].astype("float64"),
        }
    )


def _survey(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": frame["gemeente"],
            "question": frame["vraag"],
            "year": frame["jaar"].astype("int64"),
            "n": frame["n"].astype("int64"),
            "share": frame["percentage"].astype("float64") / 100,
            "design_effect": frame["ontwerpeffect"].fillna(1.0).astype("float64"),
            "wording": frame["vraagtekst"].fillna(""),
            "survey": frame["enquete"].fillna(""),
        }
    )


def _measures(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": frame["gemeente"],
            "theme": frame["thema"],
            "action": frame["actie"],
            "status": frame["status"],
            "note": frame["toelichting"].fillna(""),
        }
    )


def _events(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": frame["gemeente"],
            "event": frame["naam"],
            "category": frame["categorie"],
            "date": frame["datum"],
            "visitors": frame["bezoekers"].astype("Int64"),
        }
    )


def _visitors(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": frame["gemeente"],
            "year": frame["jaar"].astype("int64"),
            "overnight_stays": frame["overnachtingen"].astype("Int64"),
        }
    )
