#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures how training scales on simulated trips: rows per second by threads and by rows, and the
# peak memory of a training beside what the encoded table may take.
#
# usage: Benchmarks/training/scaling.sh [option ...]
#   --rows LIST      tables (default 10000,100000,1000000)
#   --threads LIST   threads of each (default: 1 and the processors of this machine)
#   --seconds S      training time of each run (default 15)
#   --repeats N      how often each run is made, in turn (default 3)
#   --preset NAME    what is trained (default ctgan)
#   --batch-size B   rows in a step (default: the preset's)
#   --json FILE      where the result goes (default: results/training/scaling.json)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

case ${1:-} in
-h | --help)
  sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "$here/scaling.sh"
  exit 0
  ;;
esac
Scripts/setup
${SWIFT:-swift} build -c release --product tabgan
exec python3 Benchmarks/training/scaling.py --tabgan .build/release/tabgan "$@"
