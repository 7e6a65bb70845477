#!/usr/bin/env python3
"""How good generated tables are: trains, generates and judges, seed by seed, and prints one table.

  Benchmarks/quality/run-quality.py --train TRAIN.csv.gz --holdout HOLDOUT.csv.gz \\
      --seeds 5 --minutes 5 --peers ctgan:30,ctgan:100,tvae:300,copula --json results/quality.json

Sides, each judged on equally many rows against rows that none of them saw:

  tabgan        `tabgan train` with the preset and settings given (--preset, --set, --minutes or
                --epochs), once for each seed
  the peers     generators of the `sdv` package (--peers KIND[:EPOCHS],...), one run each unless
                --peer-seeds says more; PYTHON=... is the interpreter that has the package
  the floor     real holdout rows in the generated rows' place, as the judge reports it

The judge is `tabgan evaluate`, or with --judge FILE.py any program that takes --train, --holdout,
--synthetic and --json and writes the same keys. --rules adds the shares of rows that break what is
known of taxi trips, --variants 'NAME: SETTING=VALUE ...; ...' makes an ablation: every variant is
trained with every seed. --learn N learns from N random rows of the train table, and judges by them.
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


def judge(options, synthetic, report):
    """The judge's figures, by the keys that the table needs."""
    if options.judge:
        command = [options.judge_python, options.judge, "--train", options.train, "--holdout",
                   options.holdout, "--synthetic", synthetic, "--json", report]
    else:
        command = [options.tabgan, "evaluate", "--real", options.train, "--holdout",
                   options.holdout, "--synthetic", synthetic, "--json", report]
    if options.target:
        command += ["--target", options.target]
    run(command)
    with open(report, encoding="utf-8") as file:
        result = json.load(file)
    columns = result["shape_error_pct"]["synthetic"]["columns"]
    usefulness = result.get("tstr") or {}
    rules = result.get("plausibility_pct") or {}
    if "plausibility" in result:
        rules = {side: {rule["rule"]: rule[side + "_pct"] for rule in result["plausibility"]}
                 for side in ("synthetic", "floor")}
    figures = {
        "shape": result["shape_error_pct"]["synthetic"]["mean"],
        "shape, worst column": max(columns.values()),
        "trend": result["trend_error_pct"]["synthetic"]["mean"],
        "AUC": result["c2st"]["synthetic"]["auc"],
        "strict AUC": result["c2st_strict"]["synthetic"]["auc"],
        "linear AUC": pick(result["c2st_linear_auc"], "synthetic"),
        "usefulness, % of real": 100 * usefulness["tstr"] / usefulness["trtr"]
        if usefulness else None,
        "nearer to train": result["copying"]["share"],
        "copying alarm": float(result["copying"]["alarm"]),
    }
    floor = {
        "shape": result["shape_error_pct"]["floor"]["mean"],
        "shape, worst column": max(result["shape_error_pct"]["floor"]["columns"].values()),
        "trend": result["trend_error_pct"]["floor"]["mean"],
        "AUC": result["c2st"]["floor"]["auc"],
        "strict AUC": result["c2st_strict"]["floor"]["auc"],
        "linear AUC": pick(result["c2st_linear_auc"], "floor"),
        "usefulness, % of real": 100.0, "nearer to train": 0.5, "copying alarm": 0.0,
    }
    if options.rules:
        figures |= {"% " + rule: value for rule, value in rules.get("synthetic", {}).items()}
        floor |= {"% " + rule: value for rule, value in rules.get("floor", {}).items()}
    return figures, floor


def pick(value, side):
    return value[side] if isinstance(value, dict) else value


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
    figures, floor = judge(options, synthetic, model + ".json")
    figures["training, min"] = seconds / 60
    figures["passes"] = training["last"]["rowsSeen"] / training["outline"]["rows"]
    figures["rows/s"] = training["last"]["rowsSeen"] / training["last"]["seconds"]
    return figures, floor


def peer(options, text, seed):
    kind, _, epochs = text.partition(":")
    base = os.path.join(options.output, f"peer-{text.replace(':', '-')}-{seed}")
    command = [os.environ.get("PYTHON", sys.executable), os.path.join(HERE, "peer_generator.py"),
               "--data", options.train, "--kind", kind, "--rows", str(options.rows), "--seed",
               str(seed), "--threads", str(options.threads), "-o", base + ".csv"]
    if epochs:
        command += ["--epochs", epochs]
    output, _ = run(command)
    figures, floor = judge(options, base + ".csv", base + ".json")
    figures["training, min"] = json.loads(output.splitlines()[-1])["seconds"] / 60
    return figures, floor


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
    parser.add_argument("--judge")
    parser.add_argument("--judge-python", default=sys.executable)
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
    sides = {"floor": []}

    def record(name, seed, figures, floor):
        sides.setdefault(name, []).append(figures)
        sides["floor"] = [floor]
        print(f"{name}, seed {seed}: " + ", ".join(
            f"{key} {figures[key]:.3f}" for key in ("shape", "trend", "AUC", "strict AUC")
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
