# SPDX-License-Identifier: Apache-2.0
"""Trains simulated tables of several sizes on several numbers of threads, in turn.

Called by scaling.sh. Every run is a process of its own with the same training time. `rows/s` is rows
that training saw over the seconds of its loop, without reading, fitting and encoding; `peak` is the
largest resident memory of the whole command as the operating system accounts it, and `allowed` is
4 bytes x columns x rows for the encoded table and 400 MB for everything else.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
from peer_ctgan import measured, processor  # noqa: E402

BYTES_PER_CELL, BESIDE_THE_TABLE = 4, 400e6
LEAST_SPEEDUP, FLATNESS = 1.8, 0.1


def numbers(text):
    return [int(part) for part in text.split(",")]


def simulate(options, rows, folder):
    """Writes a table; returns its path and its number of columns."""
    path = os.path.join(folder, f"{rows}.csv")
    subprocess.run(
        [options.tabgan, "simulate", "-n", str(rows), "--seed", "1", "-o", path, "--json"],
        check=True, stdout=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        return path, len(file.readline().split(","))


def train(options, path, threads):
    """One run: rows per second, peak memory, and the seconds of the command."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            options.tabgan, "train", path, "--monitoring-rows", "0", "-o", os.path.join(folder, "model"),
            "--preset", options.preset, "--minutes", str(options.seconds / 60),
            "--threads", str(threads), "--seed", "1", "--json"]
        if options.batch_size:
            command += ["--batch-size", str(options.batch_size)]
        run = measured(command, os.environ)
    report = json.loads(run.pop("output"))
    return {**run, "rowsPerSecond": report["last"]["rowsSeen"] / report["last"]["seconds"],
            "batchSize": report["outline"]["batchSize"]}


def measure(options):
    """A line for each size and number of threads."""
    lines = []
    for rows in options.rows:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            path, columns = simulate(options, rows, folder)
            runs = {threads: [] for threads in options.threads}
            for repeat in range(options.repeats):
                for threads, several in runs.items():
                    several.append(train(options, path, threads))
                    print(f"{rows:,} rows, {threads} threads, run {repeat + 1}: "
                          f"{several[-1]['rowsPerSecond']:,.0f} rows/s", file=sys.stderr)
        for threads, several in runs.items():
            lines.append({
                "rows": rows, "columns": columns, "threads": threads,
                "batchSize": several[0]["batchSize"],
                "rowsPerSecond": statistics.median(run["rowsPerSecond"] for run in several),
                "peakBytes": max(run["peakBytes"] for run in several),
                "allowedBytes": BYTES_PER_CELL * columns * rows + BESIDE_THE_TABLE,
                "runs": several})
    return lines


def verdict(holds):
    return "holds" if holds else "MISSED"


def conclusions(lines):
    """What the lines say of speed-up, flatness and memory; a comparison with NaN is a miss."""
    found = []
    by_threads = {}
    for line in lines:
        by_threads.setdefault(line["threads"], {})[line["rows"]] = line["rowsPerSecond"]
    if 1 in by_threads and 2 in by_threads:
        for rows, one in by_threads[1].items():
            ratio = by_threads[2][rows] / one
            found.append({"text": f"{rows:,} rows: 2 threads are {ratio:.2f} times 1 "
                                  f"(at least {LEAST_SPEEDUP})", "holds": ratio >= LEAST_SPEEDUP})
    for threads, rates in by_threads.items():
        if len(rates) > 1:
            spread = max(rates.values()) / min(rates.values()) - 1
            found.append({"text": f"{threads} threads: the fastest size is {spread:.0%} above the "
                                  f"slowest (at most {FLATNESS:.0%})", "holds": spread <= FLATNESS})
    for rows in {line["rows"]: None for line in lines}:
        peak, allowed = max(
            (line["peakBytes"], line["allowedBytes"]) for line in lines if line["rows"] == rows)
        found.append({"text": f"{rows:,} rows: peak {peak / 1e6:,.0f} MB (at most "
                              f"{allowed / 1e6:,.0f} MB)", "holds": peak <= allowed})
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parser.add_argument("--tabgan", required=True)
    parser.add_argument("--rows", type=numbers, default=[10**4, 10**5, 10**6])
    parser.add_argument("--threads", type=numbers, default=sorted({1, processors}))
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--preset", default="ctgan")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--json", default="results/training/scaling.json")
    options = parser.parse_args()
    # Large tables do not belong into a memory file system: beside the result.
    options.folder = os.path.dirname(options.json) or "."
    os.makedirs(options.folder, exist_ok=True)

    lines = measure(options)
    found = conclusions(lines)
    print(f"preset {options.preset}, {options.seconds:g} s of training a run, median of "
          f"{options.repeats} runs in turn, {processor()}\n")
    print(f"{'rows':>12}{'threads':>9}{'batch':>7}{'rows/s':>10}{'peak MB':>10}{'allowed MB':>12}")
    for line in lines:
        print(f"{line['rows']:12,}{line['threads']:9}{line['batchSize']:7}"
              f"{line['rowsPerSecond']:10,.0f}{line['peakBytes'] / 1e6:10,.0f}"
              f"{line['allowedBytes'] / 1e6:12,.0f}")
    print()
    for one in found:
        print(f"{verdict(one['holds']):7} {one['text']}")
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump({"preset": options.preset, "seconds": options.seconds,
                   "repeats": options.repeats, "processor": processor(), "lines": lines,
                   "conclusions": found}, file, indent=2)
        file.write("\n")
    print(f"\nwritten to {options.json}")


if __name__ == "__main__":
    main()
