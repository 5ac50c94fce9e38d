"""Monthly regression, serial correlation and EARS against R."""

import numpy as np
import pytest

from ivp_analysis.methods.autocorrelation import check_autocorrelation
from ivp_analysis.methods.ears import fit_ears
from ivp_analysis.methods.seasonal import fit_quasi_poisson, season_design


def test_covid_step_quasipoisson(vector):
    v = vector("covid_step_quasipoisson")
    counts, months, covid = (v["inputs"][name] for name in ("count", "month", "covid"))
    expected, tolerance = v["outputs"], v["rel_tol"]
    fit = fit_quasi_poisson(counts, season_design(months, period=12, harmonics=1, covariates=covid))
    plain = fit_quasi_poisson(counts, season_design(months, period=12, harmonics=1))
    assert fit.coefficients == pytest.approx(expected["coef"], rel=tolerance)
    assert fit.se == pytest.approx(expected["se"], rel=tolerance)
    assert fit.raw_dispersion == pytest.approx(expected["dispersion"], rel=tolerance)
    assert plain.coefficients[1] == pytest.approx(expected["slope_without_covid_term"], rel=tolerance)
    f = (plain.deviance - fit.deviance) / fit.raw_dispersion
    assert f == pytest.approx(expected["F_covid"], rel=tolerance)
    # lmtest::dwtest takes the formula of a glm and looks at the residuals of least squares.
    design = season_design(months, period=12, harmonics=1, covariates=covid)
    straight = np.array(counts) - design @ np.linalg.lstsq(design, np.array(counts), rcond=None)[0]
    found = check_autocorrelation(straight, lags=12)
    assert found.durbin_watson == pytest.approx(expected["dw"], rel=tolerance)
    residuals = vector("ljung_box")["inputs"]["residuals"]
    assert fit.residuals == pytest.approx(residuals, rel=tolerance), "the Pearson residuals of this model"


def test_ljung_box(vector):
    v = vector("ljung_box")
    found = check_autocorrelation(v["inputs"]["residuals"], lags=12)
    assert found.statistic == pytest.approx(v["outputs"]["stat"], rel=v["rel_tol"])
    assert found.p == pytest.approx(v["outputs"]["p"], rel=v["rel_tol"])


def test_ears_c1_c2_c3(vector):
    v = vector("ears_c1_c2_c3")
    ears = fit_ears(v["inputs"]["monthly_count"])
    at = np.array(v["inputs"]["monitored_index_1based"]) - 1
    alarms = np.array([ears.alarms(i) for i in at])
    for column, (name, bound) in enumerate({"C1": ears.c1, "C2": ears.c2, "C3": ears.c3}.items()):
        assert bound[at] == pytest.approx(v["outputs"][f"{name}_upper"], rel=v["rel_tol"])
        assert alarms[:, column].tolist() == v["outputs"][f"{name}_alarm"]
