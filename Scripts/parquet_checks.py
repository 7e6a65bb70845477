# SPDX-License-Identifier: Apache-2.0
"""The checks of Scripts/test-parquet.

usage: parquet_checks.py TABGAN WORK MUTANTS [FOLDER]
"""

import datetime
import glob
import os
import random
import subprocess
import sys
import tempfile

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

tabgan, work, mutants = sys.argv[1], sys.argv[2], int(sys.argv[3])
folder = sys.argv[4] if len(sys.argv) > 4 else None
failures = []


def run(*arguments):
    return subprocess.run([tabgan, *arguments], capture_output=True, text=True, cwd=work)


def check(condition, text):
    if not condition:
        failures.append(text)
        print(f"FAILED: {text}")


def held_rows(count, share, seed=1):
    """The rows that `tabgan split` holds out: the last of a permutation by SplitMix64 keys."""
    increment = np.uint64(0x9E3779B97F4A7C15)

    def finalized(z):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))

    with np.errstate(over="ignore"):
        rows = np.arange(count, dtype=np.uint64)
        keys = finalized(finalized(np.uint64(seed)) + increment * (rows + np.uint64(1)))
    order = np.lexsort((rows, keys))
    held = int(count * share + 1e-9)
    return np.sort(order[: count - held]), np.sort(order[count - held:])


def is_nested(field):
    return pa.types.is_nested(field.type) or pa.types.is_binary(field.type)


def plain(column):
    """The values, where only the way of storing them may differ."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    # INT96 is read in nanoseconds, and DuckDB has it in microseconds.
    return column


def same(expected, found):
    if pa.types.is_null(expected.type):
        return found.null_count == len(found) == len(expected)
    if pa.types.is_timestamp(expected.type) and expected.type != found.type:
        expected = expected.cast(found.type, safe=False)
    if expected.type != found.type:
        found = found.cast(expected.type)
    return expected.equals(found)


def same_type(expected, found):
    if pa.types.is_dictionary(expected):
        expected = expected.value_type
    if pa.types.is_large_string(expected):
        expected = pa.string()
    if pa.types.is_null(expected):
        expected = pa.int32()
    return expected == found


def compare(path):
    """A file by way of a table: half of the rows to Parquet, half to CSV."""
    before = len(failures)
    table = pq.read_table(path, partitioning=None)
    kept = [field.name for field in table.schema if not is_nested(field)]
    skipped = len(table.schema) - len(kept)
    name = os.path.basename(path)
    source = path
    if skipped:
        refused = run("inspect", path)
        nested = [field.name for field in table.schema if is_nested(field)]
        check(refused.returncode == 65 and all(n in refused.stderr for n in nested),
              f"{name}: nested columns are not refused by name: {refused.stderr}")
        accepted = run("inspect", path, "--skip-unsupported")
        check(accepted.returncode == 0, f"{name}: {accepted.stderr}")
        # split has no such option: the columns are taken out first, by the library that is the judge.
        source = f"{work}/flat-{name}"
        pq.write_table(table.select(kept), source)
    table = table.select(kept)
    result = run("split", source, "--holdout", "0.5", "-o", "a.parquet", "--holdout-output", "b.csv")
    if result.returncode != 0:
        check(False, f"{name}: {result.stderr}")
        return
    first, second = held_rows(table.num_rows, 0.5)
    parquet = pq.read_table(f"{work}/a.parquet")
    check(parquet.column_names == kept, f"{name}: columns {parquet.column_names}")
    expected = table.take(pa.array(first))
    for column in kept:
        a, b = plain(expected[column]), plain(parquet[column])
        check(same(a, b), f"{name}: {column}: other values in Parquet")
        check(same_type(table.schema.field(column).type, parquet.schema.field(column).type),
              f"{name}: {column}: {table.schema.field(column).type} became "
              f"{parquet.schema.field(column).type}")
    expected = table.take(pa.array(second))
    text = pyarrow.csv.read_csv(
        f"{work}/b.csv",
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={c: plain(expected[c]).type for c in kept
                          if not pa.types.is_null(expected[c].type)},
            strings_can_be_null=True, quoted_strings_can_be_null=False))
    for column in kept:
        a, b = plain(expected[column]), plain(text[column])
        if pa.types.is_floating(a.type) or pa.types.is_integer(a.type):
            a, b = a.cast(pa.float64()), b.cast(pa.float64())
        check(same(a, b), f"{name}: {column}: other values in CSV")
    print(f"{name}: {table.num_rows} rows, {len(kept)} columns "
          + ("equal" if len(failures) == before else "differ")
          + (f", {skipped} nested refused and skipped" if skipped else ""))


def made_file():
    """A file with a column of every type that a table holds, with missing values."""
    n = 5000
    rng = np.random.default_rng(3)
    gaps = rng.random(n) < 0.1

    def column(values, type):
        return pa.array([None if gap else v for gap, v in zip(gaps, values)], type)

    days = [datetime.date(2016, 1, 1) + datetime.timedelta(days=int(i)) for i in rng.integers(0, 366, n)]
    times = 1451606400 * 10**6 + rng.integers(0, 10**13, n)
    columns = {}
    for bits in (8, 16, 32, 64):
        top = min(2 ** (bits - 1), 2**53) - 1
        columns[f"int{bits}"] = column(rng.integers(-top, top, n).tolist(), getattr(pa, f"int{bits}")())
        columns[f"uint{bits}"] = column(rng.integers(0, top, n).tolist(), getattr(pa, f"uint{bits}")())
    columns["float32"] = column(rng.normal(size=n).astype(np.float32).tolist(), pa.float32())
    columns["float64"] = column(rng.normal(size=n).tolist(), pa.float64())
    columns["cents"] = column((rng.integers(0, 10000, n) / 100).tolist(), pa.float64())
    columns["decimal"] = column([int(v) for v in rng.integers(0, 10**6, n)], pa.int64()).cast(
        pa.decimal128(20, 0)).cast(pa.decimal128(22, 2))
    columns["bool"] = column((rng.random(n) < 0.3).tolist(), pa.bool_())
    columns["text"] = column([f"wörd {i}" for i in rng.integers(0, 50, n)], pa.string())
    columns["dictionary"] = column([f"d{i}" for i in rng.integers(0, 9, n)], pa.string()).dictionary_encode()
    columns["date"] = column(days, pa.date32())
    columns["clock"] = column((times % (86400 * 10**6)).tolist(), pa.time64("us"))
    columns["us"] = column(times.tolist(), pa.timestamp("us"))
    columns["ms"] = column((times // 1000).tolist(), pa.timestamp("ms"))
    columns["ns"] = column((times * 1000).tolist(), pa.timestamp("ns"))
    columns["utc"] = column(times.tolist(), pa.timestamp("us", "UTC"))
    columns["nulls"] = pa.array([None] * n, pa.int32())
    path = f"{work}/every-type.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=1700)
    return path


def check_readers():
    """Simulated rows, read by everybody."""
    run("simulate", "-n", "20000", "-o", "sim.csv")
    result = run("simulate", "-n", "20000", "-o", "sim.parquet")
    check(result.returncode == 0, result.stderr)
    text = pyarrow.csv.read_csv(f"{work}/sim.csv")
    arrow = pq.read_table(f"{work}/sim.parquet")
    frame = polars.read_parquet(f"{work}/sim.parquet")
    duck = duckdb.sql(f"select * from '{work}/sim.parquet'").to_arrow_table()
    for column in text.column_names:
        values = plain(text[column])
        for reader, other in (("PyArrow", arrow[column]), ("Polars", frame[column].to_arrow()),
                              ("DuckDB", duck[column])):
            other = plain(other)
            try:
                equal = pc.all(pc.equal(values, other.cast(values.type)), min_count=0).as_py()
            except pa.ArrowInvalid as error:
                equal = str(error)
            check(equal is True, f"simulated {column} differs in {reader}: {equal}")
    print(f"simulated rows: {arrow.num_rows} rows, {len(text.column_names)} columns equal in PyArrow, "
          "Polars and DuckDB")


def mutate(data, rng):
    data = bytearray(data)
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.randrange(1, 20)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        for _ in range(rng.randrange(1, 6)):
            data[max(0, len(data) - 1 - rng.randrange(4000))] = rng.randrange(256)
    elif kind == 2:
        del data[rng.randrange(len(data)):]
    elif kind == 3:
        start = rng.randrange(len(data))
        del data[start:start + rng.randrange(1, 5000)]
    else:
        start = rng.randrange(len(data))
        data[start:start] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 200)))
    return data


def check_mutants(paths):
    rng = random.Random(5)
    counts = {}
    for i in range(mutants):
        path = paths[i % len(paths)]
        with open(path, "rb") as file:
            data = mutate(file.read(), rng)
        with open(f"{work}/mutant.parquet", "wb") as file:
            file.write(data)
        result = run("inspect", "mutant.parquet", "--skip-unsupported", "--threads", "2")
        status = result.returncode
        counts[status] = counts.get(status, 0) + 1
        fine = status == 0 or status in (65, 71, 74) and result.stderr.startswith(("tabgan:", "note:"))
        if not fine:
            keep = os.path.join(tempfile.gettempdir(), f"mutant-{i}.parquet")
            with open(keep, "wb") as file:
                file.write(data)
        check(fine, f"mutant {i} of {os.path.basename(path)}: status {status}: {result.stderr[:500]}")
    print(f"{mutants} damaged files: " + ", ".join(f"{n} ended with {s}" for s, n in sorted(counts.items())))


made = made_file()
files = sorted(glob.glob(f"{folder}/*.parquet")) if folder else []
for path in [made] + files:
    compare(path)
check_readers()
small = [made] + [p for p in files if os.path.getsize(p) < 2_000_000]
check_mutants(small)
print(f"test-parquet: {len(failures)} failures")
sys.exit(1 if failures else 0)
