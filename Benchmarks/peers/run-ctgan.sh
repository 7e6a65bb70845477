#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Trains the `ctgan` package from PyPI (PyTorch on the CPU) and `tabgan train --preset ctgan` on the
# same file, in turn, and prints training rows per second, command seconds and peak memory of both.
#
# usage: Benchmarks/peers/run-ctgan.sh [DATA.csv[.gz]] [option ...]
#   DATA           default: 65,000 simulated trips
#   --epochs N     epochs of each run (default 3)
#   --repeats N    how often each program runs, A B A B ... (default 2)
#   --threads N    threads of each (default: the processors of this machine)
#   --json FILE    where the result goes (default: results/peers/ctgan.json)
#
# TORCH=REQUIREMENT chooses the build of PyTorch, for example TORCH='torch==2.13.0+cpu' where the
# machine's package index has it: the default one brings gigabytes of GPU libraries along.
# VENV=FOLDER is where the Python environment is made (default: .venv/ctgan, ignored by git).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

venv=${VENV:-.venv/ctgan}
data=
case ${1:-} in
-h | --help)
  sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "$here/run-ctgan.sh"
  exit 0
  ;;
'' | --*) ;;
*)
  data=$1
  shift
  ;;
esac

if ! "$venv/bin/python" -c 'import ctgan' 2>/dev/null; then
  echo "making $venv with the ctgan package"
  python3 -m venv "$venv" || {
    echo "run-ctgan: no virtual environment (Debian: apt-get install python3-venv)" >&2
    exit 1
  }
  "$venv/bin/pip" install --quiet ${TORCH:+"$TORCH"} ctgan
fi

Scripts/setup
${SWIFT:-swift} build -c release --product tabgan
${SWIFT:-swift} build -c release --product bench

mkdir -p results/peers
if [ -z "$data" ]; then
  data=results/peers/simulated.csv
  .build/release/tabgan simulate -n 65000 --seed 1 -o "$data"
fi

exec "$venv/bin/python" Benchmarks/peers/peer_ctgan.py compare --data "$data" \
  --tabgan .build/release/tabgan --bench .build/release/bench --json results/peers/ctgan.json "$@"
