# SPDX-License-Identifier: Apache-2.0
"""Writes Tests/Fixtures/evaluation/: what an external evaluator of synthetic tables measures.

    python Scripts/evaluator_goldens.py --evaluator ../shared/evaluation --data ../shared/data

`--evaluator` is the folder that holds judge.py, with the packages of its requirements.txt installed.
Two sets are written, and the tests hold the Swift evaluation against both:

  small  three tables of 300 awkward rows, stored beside the figures. As all three are equally long
         and short, nothing is drawn at random, and copying too is compared digit by digit;
  real   figures for tables that the test makes from the real train rows by the recipes below.
"""
import argparse
import json
import pathlib
import sys

import numpy as np
import pandas as pd

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/evaluation"


def small_table(seed, shift):
    """Awkward rows: ids, free text, missing values, ties, times, truth values, rare levels."""
    g = np.random.default_rng(seed)
    n = 300
    start = pd.Timestamp("2020-02-20") + pd.to_timedelta(g.integers(0, 40 * 86400, n), unit="s")
    seconds = np.round(g.gamma(2, 300, n) * (1 + shift)).astype(int)
    amount = np.round(seconds * 0.01 + g.normal(0, 1, n), 1)
    grade = g.integers(0, 7, n)
    text = lambda values: pd.Series(values).astype(object)
    drop = lambda values, share: text(values).where(g.random(n) >= share, "")
    fmt = "%Y-%m-%d %H:%M:%S"
    return pd.DataFrame({
        "id": np.arange(n) + 1000 * seed,
        "trip_key": g.permutation(100000)[:n],
        "note": [f"note {seed} {i}" for i in range(n)],
        "void": "",
        "started": drop(start.strftime(fmt), 0.02),
        "ended": (start + pd.to_timedelta(seconds, unit="s")).strftime(fmt),
        "amount": drop([f"{v:.1f}" for v in amount], 0.05),
        "ratio": drop(np.where(g.random(n) < 0.02, "inf", [f"{v:.6g}" for v in g.lognormal(0, 3, n)]), 0.02),
        "count": g.poisson(20 + 5 * grade),
        "grade": drop([f"{v}.0" if shift else str(v) for v in grade], 0.03),
        "colour": drop(g.choice([" red", "green", "blue", "NA"] + (["mauve"] if shift else []), n), 0.04),
        "paid": g.choice(["True", "False"], n, p=[0.8 - shift, 0.2 + shift]),
        "constant": 5,
        "area": [f"area {v}" for v in np.minimum(g.geometric(0.06, n), 60)],
        "tariff": g.choice(["1", "2", "cash", "1.0"], n),
    })


# Recipes for tables of as many rows as the holdout file has. Row i is row 4 i mod N of the train
# file, plus noise that is a function of i; in shuffled columns it is another row for each column.
# The tests repeat them.
NOISY = {"trip_distance": 7919, "pickup_longitude": 104729, "dropoff_latitude": 1299709}
SHUFFLED = ["trip_distance", "fare_amount", "tip_amount", "pickup_longitude", "dropoff_latitude"]


def recipe(train, rows, name):
    i = np.arange(rows)
    out = {}
    for k, c in enumerate(train.columns):
        shuffled = name == "shuffled" or name == "partial" and c in SHUFFLED
        values = train[c].values[((1009 + 1226 * k) * i + 7919 if shuffled else 4 * i) % len(train)]
        noise = ((i * NOISY.get(c, 0)) % 2001 - 1000) / 1000
        if name == "jittered" and c in NOISY and c != "trip_distance":
            values = values + noise * 1e-6
        if name == "noisy" and c in NOISY:
            values = values + noise * 1e-3
        out[c] = values
    return pd.DataFrame(out)


def figures(J, train, hold, synth, small):
    enc = J.Encoder(train)
    T, H, S = enc(train), enc(hold), enc(synth)
    trend = J.Trend(enc, T)
    full = J.judge(train, hold, synth)
    kept = ("kinds", "left_out", "shape_error_pct", "plausibility_pct")
    out = {k: full[k] for k in kept}
    out["trend_error_pct"] = {k: full["trend_error_pct"][k] for k in ("synthetic", "floor")}
    out["shape_error_pct"].pop("control")
    for key, X in (("synthetic", S), ("floor", H)):
        if small:
            out["trend_error_pct"][key]["pairs"] = [[a, b, float(v)] for (a, b), v in trend(X).items()]
    out["copying"] = full["copying"]
    if not small:
        out["c2st_auc"] = {k: full["c2st"][k]["auc"] for k in ("synthetic", "floor", "control")}
        out["c2st_strict_auc"] = {k: full["c2st_strict"][k]["auc"] for k in ("synthetic", "floor")}
        out["c2st_linear_auc"] = full["c2st_linear_auc"]
        out["tstr"] = full["tstr"]
    return out


def write(path, value):
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
    print("wrote", path)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--evaluator", required=True)
    ap.add_argument("--data", required=True)
    a = ap.parse_args()
    sys.path.insert(0, a.evaluator)
    import judge as J

    OUT.mkdir(parents=True, exist_ok=True)
    read = lambda path: pd.read_csv(path, skipinitialspace=True, low_memory=False)
    tables = {}
    for name, seed, shift in (("train", 1, 0), ("holdout", 2, 0), ("synthetic", 3, 0.1)):
        table = small_table(seed, shift)
        if name == "synthetic":
            # Some copies, so that the figures on copying are not all nothing.
            table.loc[:39] = tables["train.csv"].loc[:39].values
        tables[f"{name}.csv"] = table
        table.to_csv(OUT / f"{name}.csv", index=False)
    write(OUT / "small.json", figures(J, *(read(OUT / p) for p in tables), small=True))

    data = pathlib.Path(a.data)
    train, hold = (read(data / f"yellow_2016_{part}.csv.gz") for part in ("train", "validation"))
    write(OUT / "real.json", {name: figures(J, train, hold, recipe(train, len(hold), name), small=False)
                              for name in ("jittered", "noisy", "partial", "shuffled")})


if __name__ == "__main__":
    main()
