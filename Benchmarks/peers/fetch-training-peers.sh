#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a Python environment in Benchmarks/.peers/training (which git ignores) with what `bench train
# --peers` measures the training step against: PyTorch for the CPU and JAX, from PyPI, in pinned
# versions. Nothing outside that folder is changed.
#
# usage: Benchmarks/peers/fetch-training-peers.sh [FOLDER]
#   FOLDER   default: Benchmarks/.peers/training
#
# TORCH=REQUIREMENT and JAX=REQUIREMENT choose other versions. Where the machine's package index has
# PyTorch's build for the CPU (+cpu) it is taken: the other brings gigabytes of GPU libraries along.
# torch.compile needs a C++ compiler (c++, or what CXX names) when it runs.
set -euo pipefail
cd "$(dirname "$0")/../.."

case ${1:-} in
-h | --help)
  sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "Benchmarks/peers/fetch-training-peers.sh"
  exit 0
  ;;
esac
folder=${1:-Benchmarks/.peers/training}
version=2.13.0

[ -x "$folder/bin/python" ] || python3 -m venv "$folder" || {
  echo "fetch-training-peers: no virtual environment (Debian: apt-get install python3-venv)" >&2
  exit 1
}

# install REQUIREMENT...: quietly.
install() { "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"; }

missing=()
install numpy setuptools
if [ -n "${TORCH:-}" ]; then
  install "$TORCH" || missing+=(torch)
else
  install "torch==$version+cpu" 2>/dev/null || install "torch==$version" || missing+=(torch)
fi
install "${JAX:-jax==0.10.2}" || missing+=(jax)

"$folder/bin/pip" list --disable-pip-version-check 2>/dev/null | grep -E '^(torch|jax|jaxlib|numpy) '
if [ ${#missing[@]} -gt 0 ]; then
  echo "could not be had: ${missing[*]}" >&2
  exit 1
fi
