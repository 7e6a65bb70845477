#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes Tests/Fixtures/mixtures.json with scikit-learn's BayesianGaussianMixture, set as CTGAN sets it.

    python3 -m venv .venv && .venv/bin/pip install -r Scripts/goldens/requirements.txt
    .venv/bin/python Scripts/goldens/make_mixture_goldens.py

Each case holds the values that were fitted, and of scikit-learn's fit the components with a weight
above 0.005 and the mean log density of the values under them.
"""
import json
import pathlib
import warnings

import numpy as np
from sklearn.mixture import BayesianGaussianMixture

FIXTURE = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "mixtures.json"
ROWS = 1200
THRESHOLD = 0.005


def cases(rng):
    yield "three separate normals", np.concatenate([
        rng.normal(-20, 1, ROWS // 4), rng.normal(0, 0.5, ROWS // 2), rng.normal(35, 4, ROWS // 4)])
    yield "log-normal fares", 2.5 + rng.lognormal(2, 0.6, ROWS)
    yield "zero or a tip", np.where(rng.random(ROWS) < 0.6, 0, 1 + rng.exponential(2, ROWS))
    yield "coordinates with a missing fix", np.where(
        rng.random(ROWS) < 0.02, 0, rng.normal(-73.98, 0.03, ROWS))
    yield "one normal", rng.normal(5, 2, ROWS)
    yield "few whole numbers", rng.choice([1.0, 2, 3, 5, 6], ROWS, p=[0.7, 0.14, 0.05, 0.06, 0.05])


def log_density(values, weights, means, deviations):
    z = (values[:, None] - means) / deviations
    logs = np.log(weights) - np.log(deviations) - 0.5 * z * z - 0.5 * np.log(2 * np.pi)
    top = logs.max(axis=1, keepdims=True)
    return float(np.mean(top[:, 0] + np.log(np.exp(logs - top).sum(axis=1))))


def golden(name, values):
    values = np.round(values, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # CTGAN does not wait for convergence either
        fit = BayesianGaussianMixture(
            n_components=10, weight_concentration_prior_type="dirichlet_process",
            weight_concentration_prior=0.001, n_init=1, random_state=0).fit(values[:, None])
    kept = fit.weights_ > THRESHOLD
    weights = fit.weights_[kept] / fit.weights_[kept].sum()
    means = fit.means_[kept, 0]
    deviations = np.sqrt(fit.covariances_[kept, 0, 0])
    return {
        "name": name, "values": values.tolist(), "weights": weights.tolist(),
        "means": means.tolist(), "deviations": deviations.tolist(),
        "logDensity": log_density(values, weights, means, deviations),
    }


def main():
    rng = np.random.default_rng(7)
    text = json.dumps([golden(*case) for case in cases(rng)], indent=None, separators=(",", ":"))
    FIXTURE.write_text(text + "\n")


if __name__ == "__main__":
    main()
