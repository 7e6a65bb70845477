#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the libraries that `bench peers` measures the kernels against into Benchmarks/.peers (which
# git ignores): OpenBLAS, MKL and oneDNN from PyPI, BLIS and libxsmm from Debian. Nothing is
# installed and no root is needed; what cannot be had is named and left out.
#
# usage: Benchmarks/peers/fetch-kernel-peers.sh [FOLDER]
#   FOLDER   default: Benchmarks/.peers
#
# For x86-64 Linux. Debian's packages need apt-get with current lists, PyPI's python3 with pip.
set -uo pipefail
cd "$(dirname "$0")/../.."

case ${1:-} in
-h | --help)
  sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "Benchmarks/peers/fetch-kernel-peers.sh"
  exit 0
  ;;
esac
folder=${1:-Benchmarks/.peers}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missing=()

# keep NAME FILE...: makes FOLDER/NAME hold the files.
keep() {
  local name=$1
  shift
  mkdir -p "$folder/$name"
  cp -L "$@" "$folder/$name/"
}

# from_pypi NAME REQUIREMENT PATTERN...: the files of a wheel whose names match.
from_pypi() {
  local name=$1 requirement=$2 files=() file
  shift 2
  mkdir -p "$work/$name"
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    -d "$work/$name" "$requirement" && python3 -m zipfile -e "$work/$name"/*.whl "$work/$name"; then
    for pattern in "$@"; do
      while read -r file; do files+=("$file"); done < <(find "$work/$name" -name "$pattern")
    done
  fi
  if [ ${#files[@]} -gt 0 ]; then keep "$name" "${files[@]}"; else missing+=("$name"); fi
}

# from_debian PACKAGE: unpacks it into WORK/PACKAGE.
from_debian() {
  mkdir -p "$work/$1"
  chmod a+rwx "$work" "$work/$1"
  (cd "$work/$1" && apt-get download -qq "$1" && dpkg -x ./*.deb .)
}

from_pypi openblas scipy-openblas32 'libscipy_openblas.so'
# The kernels of each processor are libraries of their own, which MKL opens as it needs them.
from_pypi mkl mkl 'libmkl_core.so.*' 'libmkl_intel_lp64.so.*' 'libmkl_gnu_thread.so.*' \
  'libmkl_def.so.*' 'libmkl_mc3.so.*' 'libmkl_avx*.so.*'
# The last wheel that threads with OpenMP; later ones need TBB and SYCL.
from_pypi onednn onednn-cpu-gomp 'libdnnl.so.3'

if from_debian libblis4-openmp; then
  keep blis "$work"/libblis4-openmp/usr/lib/*/blis-openmp/libblis.so.4
else
  missing+=(blis)
fi
# Debian has libxsmm as archives only; without a BLAS behind it, it does what it generates itself.
if from_debian libxsmm-dev && mkdir -p "$folder/libxsmm" &&
  cc -shared -o "$folder/libxsmm/libxsmm.so" -Wl,--whole-archive \
    "$work/libxsmm-dev/usr/lib/libxsmm.a" -Wl,--no-whole-archive \
    "$work/libxsmm-dev/usr/lib/libxsmmnoblas.a" -lm -lpthread -ldl; then :; else
  missing+=(libxsmm)
fi

find "$folder" -type f -printf '%P\n' | sort
if [ ${#missing[@]} -gt 0 ]; then
  echo "could not be had: ${missing[*]}" >&2
  exit 1
fi
