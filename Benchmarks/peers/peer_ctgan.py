# SPDX-License-Identifier: Apache-2.0
"""Trains the `ctgan` package from PyPI and `tabgan train --preset ctgan` on one file, in turn.

Called by run-ctgan.sh, which makes the environment. Two subcommands:

  compare   runs both A B A B ..., each in a process of its own, and reports training rows per
            second, the seconds of the whole command and its peak memory, as text and JSON
  train     one run of the peer; prints one line of JSON (this is the process that compare measures)

What is compared: the published defaults of CTGAN (batch 500, pac 10, two hidden layers of 256,
embedding 128, Adam 2e-4), the same rows, the same number of epochs, the same number of threads.
`rows/s` is rows x epochs / seconds of the training loop, without reading the file, fitting the
mixtures and transforming the table; `command` is all of it, from start to exit. The peer learns no
missing values and no datetimes, so it is given what makes its work lightest: datetimes as one
number (seconds), missing numbers as the column's mean, missing categories as a category.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time


def train(options):
    """One run of the peer, timed from inside: the loop apart from the fit before it."""
    start = time.perf_counter()
    import ctgan
    import ctgan.synthesizers.ctgan as implementation
    import pandas
    import torch

    torch.set_num_threads(options.threads)
    imported = time.perf_counter()
    table = pandas.read_csv(options.data)
    discrete = [name for name in options.discrete.split(",") if name]
    for name in table.columns:
        column = table[name]
        if name in discrete:
            table[name] = column.astype(object).where(column.notna(), "missing").astype(str)
        elif column.dtype == object:
            seconds = pandas.to_datetime(column, errors="coerce")
            table[name] = (seconds - seconds.min()).dt.total_seconds()
        if name not in discrete:
            table[name] = table[name].astype("float64").fillna(table[name].mean()).fillna(0.0)
    read = time.perf_counter()

    # fit() asks tqdm for its epochs at the moment when training starts: there time is taken.
    moments = []

    class Epochs:
        def __init__(self, epochs, **_):
            self.epochs = epochs

        def set_description(self, _):
            pass

        def __iter__(self):
            moments.append(time.perf_counter())
            for epoch in self.epochs:
                yield epoch
                moments.append(time.perf_counter())

    implementation.tqdm = Epochs
    model = ctgan.CTGAN(epochs=options.epochs, enable_gpu=False)
    model.set_random_state(options.seed)
    model.fit(table, discrete)
    end = time.perf_counter()
    if len(moments) != options.epochs + 1:
        sys.exit("this version of ctgan drives its epochs in another way; the timing does not hold")
    print(json.dumps({
        "rows": len(table),
        "columns": len(table.columns),
        "discreteColumns": len(discrete),
        "encodedWidth": int(model._transformer.output_dimensions),
        "importSeconds": imported - start,
        "readSeconds": read - imported,
        "fitSeconds": moments[0] - read,
        "trainingSeconds": moments[-1] - moments[0],
        "epochSeconds": [later - earlier for earlier, later in zip(moments, moments[1:])],
        "totalSeconds": end - start,
        "versions": {
            "ctgan": ctgan.__version__, "torch": torch.__version__,
            "pandas": pandas.__version__, "python": platform.python_version()},
        "threads": torch.get_num_threads(),
    }))


def measured(command, environment):
    """Runs a command; returns its output, wall seconds, CPU seconds and peak memory in bytes."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text, problems = output.read(), errors.read()
    if child.returncode != 0:
        sys.exit(f"failed with {child.returncode}: {' '.join(command)}\n{problems[-4000:]}")
    return {
        "output": text,
        "commandSeconds": seconds,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        # Kilobytes on Linux, bytes on macOS.
        "peakBytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return re.search(r"model name\s*:\s*(.*)", file.read()).group(1)
    except (OSError, AttributeError):
        return platform.processor() or platform.machine()


def machine(options):
    """What decides the speed of this machine, as the bench describes it; the name alone does not."""
    output = subprocess.run(
        [options.bench, "info", "--json"], check=True, capture_output=True, text=True).stdout
    return {key: value for key, value in json.loads(output).items() if key in ("key", "machine")}


def discrete_columns(options):
    """The columns that tabgan takes as categories; both programs get the same ones."""
    output = subprocess.run(
        [options.tabgan, "inspect", options.data, "--json"], check=True, capture_output=True,
        text=True).stdout
    kinds = {column["name"]: column["kind"] for column in json.loads(output)["columns"]}
    return [name for name, kind in kinds.items() if kind in ("categorical", "boolean", "constant")]


def run_peer(options, discrete, environment):
    run = measured(
        [sys.executable, os.path.abspath(__file__), "train", "--data", options.data,
         "--epochs", str(options.epochs), "--threads", str(options.threads),
         "--seed", str(options.seed), "--discrete", ",".join(discrete)], environment)
    report = json.loads(run.pop("output").splitlines()[-1])
    return {**run, **report}


def run_tabgan(options, environment):
    with tempfile.TemporaryDirectory() as folder:
        run = measured(
            [options.tabgan, "train", options.data, "--monitoring-rows", "0", "-o", os.path.join(folder, "model"),
             "--preset", "ctgan", "--epochs", str(options.epochs),
             "--threads", str(options.threads), "--seed", str(options.seed), "--json"],
            environment)
    report = json.loads(run.pop("output"))
    # The trainer's clock starts with the first step, after reading, fitting and transforming.
    return {**run, "rows": report["outline"]["rows"],
            "encodedWidth": report["outline"]["encodedWidth"],
            "trainingSeconds": report["last"]["seconds"]}


def rows_per_second(run, epochs):
    return run["rows"] * epochs / run["trainingSeconds"]


def compare(options):
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads)}
    discrete = discrete_columns(options)
    described = machine(options)
    runs = {"ctgan": [], "tabgan": []}
    for repeat in range(options.repeats):
        for name in runs:
            run = (run_peer(options, discrete, environment) if name == "ctgan"
                   else run_tabgan(options, environment))
            run["rowsPerSecond"] = rows_per_second(run, options.epochs)
            runs[name].append(run)
            print(f"run {repeat + 1}/{options.repeats}  {name:7}"
                  f"{run['rowsPerSecond']:12,.0f} rows/s", file=sys.stderr)

    summary = {
        name: {key: statistics.median(run[key] for run in several) for key in
               ("rowsPerSecond", "trainingSeconds", "commandSeconds", "cpuSeconds", "peakBytes",
                "encodedWidth")}
        for name, several in runs.items()}
    ratios = [ours["rowsPerSecond"] / theirs["rowsPerSecond"]
              for ours, theirs in zip(runs["tabgan"], runs["ctgan"])]
    result = {
        "data": os.path.basename(options.data), "rows": runs["ctgan"][0]["rows"],
        "epochs": options.epochs, "repeats": options.repeats, "threads": options.threads,
        "processor": processor(), **described, "versions": runs["ctgan"][0]["versions"],
        "discreteColumns": discrete, "summary": summary,
        "rowsPerSecondRatio": statistics.median(ratios), "runs": runs,
    }
    print_summary(result)
    if options.json:
        os.makedirs(os.path.dirname(options.json) or ".", exist_ok=True)
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)
            file.write("\n")
        print(f"written to {options.json}")


def print_summary(result):
    versions = result["versions"]
    print(f"{result['rows']:,} rows of {result['data']}, {result['epochs']} epochs, "
          f"{result['threads']} threads, median of {result['repeats']} runs in turn, "
          f"{result['processor']}\n")
    print(f"{'':24}{'rows/s':>12}{'training s':>12}{'command s':>12}{'CPU s':>10}"
          f"{'peak MB':>10}{'width':>8}")
    names = {"ctgan": f"ctgan {versions['ctgan']}", "tabgan": "tabgan --preset ctgan"}
    for name, row in result["summary"].items():
        print(f"{names[name]:24}{row['rowsPerSecond']:12,.0f}{row['trainingSeconds']:12.2f}"
              f"{row['commandSeconds']:12.2f}{row['cpuSeconds']:10.1f}"
              f"{row['peakBytes'] / 1e6:10,.0f}{row['encodedWidth']:8.0f}")
    print(f"\ntabgan trains {result['rowsPerSecondRatio']:.2f} times the rows per second of "
          f"ctgan (PyTorch {versions['torch']})")


def add_arguments(parser):
    parser.add_argument("--data", required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    train_parser = commands.add_parser("train")
    add_arguments(train_parser)
    train_parser.add_argument("--discrete", default="", help="column names, separated by commas")
    compare_parser = commands.add_parser("compare")
    add_arguments(compare_parser)
    compare_parser.add_argument("--tabgan", default=".build/release/tabgan")
    compare_parser.add_argument("--bench", default=".build/release/bench")
    compare_parser.add_argument("--repeats", type=int, default=2)
    compare_parser.add_argument("--json", help="also write the result there")
    options = parser.parse_args()
    {"train": train, "compare": compare}[options.command](options)


if __name__ == "__main__":
    main()
