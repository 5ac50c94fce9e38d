"""What the region's sentence about its peers says, and the same figures by statsmodels, municipality by municipality."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm

from ivp_analysis.data.series import indicator_counts, populations
from ivp_analysis.report.analysis.analysis import Analysis

FIGURES = re.compile(
    r"\((?P<first>\d{4})–(?P<last>\d{4}), daar (?P<there>[−+]?[\d,]+)% per jaar; "
    r"verschil (?P<apart>[−+]?[\d,]+)%(?P<rest>[^)]*)\)\.$"
)


def about_the_region(sentences: Sequence[str]) -> str:
    """The one sentence of a summary that sets the total of the region beside its peers."""
    start = "De totale geregistreerde criminaliteit in het Heuvelland "
    (found,) = [s for s in sentences if s.startswith(start) and "vergelijkbare gemeenten" in s]
    return found.removeprefix(start)


def read_figures(sentence: str) -> tuple[int, int, float, float, str]:
    """First and last year, yearly change of the peers and of the difference (%), and what follows."""
    found = FIGURES.search(sentence)
    assert found is not None, sentence
    there, apart = (float(found[name].replace("−", "-").replace(",", ".")) for name in ("there", "apart"))
    return int(found["first"]), int(found["last"]), there, apart, found["rest"]


def yearly_change(counts: pd.DataFrame, exposure: pd.DataFrame) -> float:
    """Shared yearly change in %, a level for each area (rows): Poisson GLM with a dummy for each."""
    areas, years = counts.shape
    time = np.tile(np.arange(years, dtype=float), areas)
    design = np.column_stack([np.repeat(np.eye(areas), years, axis=0), time])
    model = sm.GLM(
        counts.to_numpy(dtype=float).ravel(),
        design,
        offset=np.log(exposure.to_numpy(dtype=float).ravel()),
        family=sm.families.Poisson(),
    )
    return 100 * float(np.expm1(model.fit(tol=1e-12).params[-1]))


def expected_of_peers(
    counts: pd.DataFrame, people: pd.DataFrame, peers: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """What each area would have had at the rate of its own peers; one without some figure is no peer."""
    complete = (counts.notna() & people.notna()).all(axis=1)
    rows = {}
    for area, group in peers.items():
        known = [peer for peer in group if complete[peer]]
        rows[area] = people.loc[area] * counts.loc[known].sum() / people.loc[known].sum()
    return pd.DataFrame(rows).T


def changes_beside_peers(
    counts: pd.DataFrame, people: pd.DataFrame, peers: Mapping[str, Sequence[str]]
) -> tuple[float, float, float]:
    """Yearly change in % of the areas together, of their peers, and the difference; a row for each area."""
    own = list(peers)
    here = yearly_change(counts.loc[own], people.loc[own])
    apart = yearly_change(counts.loc[own], expected_of_peers(counts, people, peers))
    return here, 100 * ((1 + here / 100) / (1 + apart / 100) - 1), apart


def total_crime(
    a: Analysis, years: Sequence[int]
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Sequence[str]]]:
    """Counts and inhabitants of the areas of an analysis and of all their peers, and who is whose peer."""
    peers = {code: group.peers for code, group in a.peers.items()}
    codes = sorted(set(peers).union(*peers.values()))
    counts = indicator_counts(a.build, a.registry, "crime_total", codes).counts[list(map(str, years))]
    counts.columns = pd.Index(years)
    return counts, populations(a.build, codes, years), peers
