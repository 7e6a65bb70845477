#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How good generated tables are: trains, generates and evaluates, seed by seed, and prints one table.

  Benchmarks/quality/run-quality.py --train TRAIN.csv.gz --holdout HOLDOUT.csv.gz \\
      --seeds 5 --minutes 5 --peers ctgan:30,ctgan:100,tvae:300,copula --json results/quality.json

Sides, each evaluated on equally many rows against rows that none of them saw:

  tabgan        `tabgan train` with the preset and settings given (--preset, --set, --minutes or
                --epochs), once for each seed
  the peers     generators of the `sdv` package (--peers KIND[:EPOCHS],...), one run each unless
                --peer-seeds says more; PYTHON=... is the interpreter that has the package
  holdout       the holdout baseline: real holdout rows in place of the generated ones

Rows are evaluated by `tabgan evaluate`, or with --evaluator FILE.py by any program that takes --train,
--holdout, --synthetic and --json and writes such keys. --rules adds the shares of rows that break what is
known of taxi trips, --variants 'NAME: SETTING=VALUE ...; ...' makes an ablation: every variant is
trained with every seed. --learn N learns from N random rows of the train table, and evaluates by them.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    started = time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"run-quality: failed with {result.returncode}: {' '.join(command)}\n"
                 f"{result.stdout[-2000:]}{result.stderr[-4000:]}")
    return result.stdout, time.perf_counter() - started


# Keys of `tabgan evaluate`, and those of external evaluators in their place.
OTHER_KEYS = {"holdout_baseline": "floor", "c2st_engineered": "c2st_strict",
              "c2st_logistic_auc": "c2st_linear_auc", "ml_utility": "tstr",
              "memorization": "copying", "detected": "alarm", "dcr_share": "share"}


def evaluate(options, synthetic, report):
    """The figures of the synthetic rows and of the holdout rows, by the keys that the table needs."""
    if options.evaluator:
        command = [options.evaluator_python, options.evaluator, "--train", options.train,
                   "--holdout", options.holdout, "--synthetic", synthetic, "--json", report]
    else:
        command = [options.tabgan, "evaluate", "--real", options.train, "--holdout",
                   options.holdout, "--synthetic", synthetic, "--json", report]
    if options.target:
        command += ["--target", options.target]
    run(command)
    with open(report, encoding="utf-8") as file:
        result = json.load(file)
    rules = result.get("plausibility_pct") or {}
    if "plausibility" in result:
        rules = {side: {rule["rule"]: rule[side + "_pct"] for rule in result["plausibility"]}
                 for side in ("synthetic", "holdout_baseline")}

    def scores(side):
        figures = {
            "shape": pick(result, "shape_error_pct", side, "mean"),
            "shape, worst column": max(pick(result, "shape_error_pct", side, "columns").values()),
            "trend": pick(result, "trend_error_pct", side, "mean"),
            "AUC": pick(result, "c2st", side, "auc"),
            "engineered AUC": pick(result, "c2st_engineered", side, "auc"),
            "logistic AUC": pick(result, "c2st_logistic_auc", side),
        }
        if options.rules:
            figures |= {"% " + rule: value for rule, value in (pick(rules, side) or {}).items()}
        return figures

    utility, memorization = pick(result, "ml_utility"), pick(result, "memorization")
    figures = scores("synthetic") | {
        "utility, % of real": 100 * utility["tstr"] / utility["trtr"] if utility else None,
        "DCR share": pick(memorization, "dcr_share"),
        "memorization": float(pick(memorization, "detected")),
    }
    baseline = scores("holdout_baseline") | {
        "utility, % of real": 100.0, "DCR share": 0.5, "memorization": 0.0}
    return figures, baseline


def pick(value, *keys):
    """What a path of keys leads to; None where it ends."""
    for key in keys:
        if not isinstance(value, dict):
            return value
        value = value.get(key, value.get(OTHER_KEYS.get(key)))
    return value


def ours(options, name, settings, seed):
    model = os.path.join(options.output, f"{name}-{seed}".replace(" ", "-"))
    synthetic = model + ".csv"
    budget = (["--epochs", str(options.epochs)] if options.epochs
              else ["--minutes", str(options.minutes)])
    checkpoint = os.path.join(model, "checkpoint.safetensors")
    if os.path.exists(checkpoint):
        os.remove(checkpoint)
    output, seconds = run(
        [options.tabgan, "train", options.train, "-o", model, "--preset", options.preset, "--seed",
         str(seed), "--json", "--threads", str(options.threads)] + budget
        + [word for setting in settings for word in ("--set", setting)])
    run([options.tabgan, "generate", model, "-n", str(options.rows), "--seed", str(seed), "-o",
         synthetic])
    training = json.loads(output)
    figures, baseline = evaluate(options, synthetic, model + ".json")
    figures["training, min"] = seconds / 60
    figures["epochs"] = training["last"]["rowsSeen"] / training["outline"]["rows"]
    figures["rows/s"] = training["last"]["rowsSeen"] / training["last"]["seconds"]
    return figures, baseline


def peer(options, text, seed):
    kind, _, epochs = text.partition(":")
    base = os.path.join(options.output, f"peer-{text.replace(':', '-')}-{seed}")
    command = [os.environ.get("PYTHON", sys.executable), os.path.join(HERE, "peer_generator.py"),
               "--data", options.train, "--kind", kind, "--rows", str(options.rows), "--seed",
               str(seed), "--threads", str(options.threads), "-o", base + ".csv"]
    if epochs:
        command += ["--epochs", epochs]
    output, _ = run(command)
    figures, baseline = evaluate(options, base + ".csv", base + ".json")
    figures["training, min"] = json.loads(output.splitlines()[-1])["seconds"] / 60
    return figures, baseline


def subset(path, count, folder):
    """A file of `count` random rows of a table, in their order."""
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        header, *rows = file.readlines()
    chosen = sorted(random.Random(count).sample(range(len(rows)), min(count, len(rows))))
    target = os.path.join(folder, f"learned-{count}.csv")
    with open(target, "w", encoding="utf-8", newline="") as file:
        file.writelines([header] + [rows[row] for row in chosen])
    return target


def table(sides):
    names = list(dict.fromkeys(key for side in sides.values() for run in side for key in run))
    print(f"\n{'':34}" + "".join(f"{name:>22}" for name in sides))
    for key in names:
        cells = []
        for runs in sides.values():
            values = [run[key] for run in runs if run.get(key) is not None]
            if not values:
                cells.append("")
            elif len(values) == 1:
                cells.append(f"{values[0]:.3f}")
            else:
                cells.append(f"{statistics.mean(values):.3f} ± {statistics.stdev(values):.3f}")
        print(f"{key:34}" + "".join(f"{cell:>22}" for cell in cells))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True)
    parser.add_argument("--holdout", required=True)
    parser.add_argument("--seeds", type=int, default=5, help="runs of each side of ours")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--learn", type=int, help="rows of the train table to learn, default all")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--preset", default="default")
    parser.add_argument("--variants", default="", help="'NAME: SETTING=VALUE ...; NAME: ...'")
    parser.add_argument("--peers", default="", help="KIND[:EPOCHS],...")
    parser.add_argument("--peer-seeds", type=int, default=1)
    parser.add_argument("--rows", type=int, default=65000, help="rows to generate")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--target")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--evaluator")
    parser.add_argument("--evaluator-python", default=sys.executable)
    parser.add_argument("--tabgan", default=".build/release/tabgan")
    parser.add_argument("-o", "--output", default="results/quality")
    parser.add_argument("--json")
    options = parser.parse_args()
    os.makedirs(options.output, exist_ok=True)
    if options.learn:
        options.train = subset(options.train, options.learn, options.output)

    variants = {}
    for text in filter(None, (part.strip() for part in options.variants.split(";"))):
        name, _, settings = text.partition(":")
        variants[name.strip()] = settings.split()
    sides = {"holdout": []}

    def record(name, seed, figures, baseline):
        sides.setdefault(name, []).append(figures)
        sides["holdout"] = [baseline]
        print(f"{name}, seed {seed}: " + ", ".join(
            f"{key} {figures[key]:.3f}" for key in ("shape", "trend", "AUC", "engineered AUC")
            if figures.get(key) is not None), file=sys.stderr, flush=True)
        if options.json:
            os.makedirs(os.path.dirname(options.json) or ".", exist_ok=True)
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump({"train": os.path.basename(options.train), "minutes": options.minutes,
                           "epochs": options.epochs, "rows": options.rows, "sides": sides}, file,
                          indent=1)

    for seed in range(options.first_seed, options.first_seed + options.seeds):
        for name, settings in (variants or {f"tabgan {options.preset}": []}).items():
            record(name, seed, *ours(options, name, settings, seed))
    for text in filter(None, options.peers.split(",")):
        for seed in range(1, options.peer_seeds + 1):
            record(text, seed, *peer(options, text, seed))
    table(sides)


if __name__ == "__main__":
    main()
