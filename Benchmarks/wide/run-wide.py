#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the work before the first training step grows with the number of columns.

  Benchmarks/wide/run-wide.py [--columns 10,100,500,1000,2000] [--rows 300] [--threads 2]

Trains for one pass on made-up tables (a category, a normal and a correlated quantity in turn) and
prints the seconds that `tabgan train` reports for reading and encoding, which end with the first
step, and the peak memory. The density ratio is left out: it follows the last step.
"""
import argparse
import os
import random
import re
import subprocess
import tempfile


def table(path, columns, rows, seed=1):
    source = random.Random(seed)
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(f"c{i}" for i in range(columns)) + "\n")
        for _ in range(rows):
            base = source.gauss(0, 1)
            fields = [str(source.randrange(4)) if i % 3 == 0
                      else f"{source.gauss(0, 1):.3f}" if i % 3 == 1
                      else f"{base + source.gauss(0, 0.5):.3f}" for i in range(columns)]
            file.write(",".join(fields) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", default="10,100,500,1000,2000")
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--tabgan", default=".build/release/tabgan")
    options = parser.parse_args()
    tabgan = os.path.abspath(options.tabgan)
    print(f"{'columns':>8} {'reading s':>10} {'encoding s':>11} {'ms a column':>12} {'MB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for columns in map(int, options.columns.split(",")):
            path = f"{folder}/wide.csv"
            table(path, columns, options.rows)
            process = subprocess.Popen(
                [tabgan, "train", path, "-o", f"{folder}/m{columns}", "--epochs", "1", "--threads",
                 str(options.threads), "--progress", "none", "--set", "resampling=null"],
                stdout=subprocess.PIPE, text=True)
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                raise SystemExit(f"run-wide: train ended with {os.waitstatus_to_exitcode(status)}")
            reading, encoding = (float(re.search(name + r" ([\d.]+) s", output).group(1))
                                 for name in ("reading", "encoding"))
            print(f"{columns:8} {reading:10.2f} {encoding:11.2f} "
                  f"{1000 * (reading + encoding) / columns:12.1f} {usage.ru_maxrss / 1024:6.0f}",
                  flush=True)


if __name__ == "__main__":
    main()
