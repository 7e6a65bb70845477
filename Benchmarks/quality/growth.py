#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How quality grows with rows and with minutes: one table, a training for each cell.

  Benchmarks/quality/growth.py --train TRAIN.csv.gz --holdout HOLDOUT.csv.gz \\
      --sizes 2000,8000,32000,65000 --minutes 1,5,15 -- --rules --evaluator EVALUATOR.py

What follows `--` goes to run-quality.py, which does the work (one seed unless --seeds is among it).
A training that has nothing left to learn ends before its minutes do. Each cell is kept as JSON in
the folder -o; cells that are there are not trained again.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = ["training, min", "epochs", "shape", "trend", "AUC", "engineered AUC",
           "utility, % of real", "DCR share", "memorization"]


def cell(options, size, minutes):
    base = os.path.join(options.output, f"{size}-{minutes:g}")
    if not os.path.exists(base + ".json"):
        command = [sys.executable, os.path.join(HERE, "run-quality.py"), "--train", options.train,
                   "--holdout", options.holdout, "--learn", str(size), "--minutes", str(minutes),
                   "--seeds", "1", "-o", base, "--json", base + ".part"] + options.rest
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        os.rename(base + ".part", base + ".json")
    with open(base + ".json", encoding="utf-8") as file:
        sides = json.load(file)["sides"]
    ours = next(runs for name, runs in sides.items() if name != "holdout")
    mean = {name: statistics.mean(run[name] for run in ours if run.get(name) is not None)
            for name in FIGURES if any(run.get(name) is not None for run in ours)}
    return mean, sides["holdout"][0]


def main():
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True)
    parser.add_argument("--holdout", required=True)
    parser.add_argument("--sizes", default="2000,8000,32000,65000")
    parser.add_argument("--minutes", default="1,5,15")
    parser.add_argument("-o", "--output", default="results/growth")
    options = parser.parse_args(arguments[:split])
    options.rest = arguments[split + 1:]
    os.makedirs(options.output, exist_ok=True)
    print("| rows | minutes | " + " | ".join(FIGURES) + " |")
    print("|---" * (2 + len(FIGURES)) + "|")
    for size in map(int, options.sizes.split(",")):
        for minutes in map(float, options.minutes.split(",")):
            mean, baseline = cell(options, size, minutes)
            print(f"| {size:,} | {minutes:g} | "
                  + " | ".join(f"{mean[name]:.3f}" if name in mean else "" for name in FIGURES)
                  + " |", flush=True)
        print(f"| {size:,} | holdout | "
              + " | ".join(f"{baseline[name]:.3f}" if name in baseline else "" for name in FIGURES)
              + " |", flush=True)


if __name__ == "__main__":
    main()
