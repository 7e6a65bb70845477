# SPDX-License-Identifier: Apache-2.0
# What Scripts/test-embedding and Scripts/test-installed-kernels share: the programs of
# docs/guide/embedding.md, what they print, and checks. To be sourced from the root of the repository.

page=$PWD/docs/guide/embedding.md
checks=0

fail() {
  printf '%s: FAILED: %s\n' "${0##*/}" "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

pass() {
  checks=$((checks + 1))
  printf '  ok: %s\n' "$*"
}

# work_folder [FOLDER]: sets $work to FOLDER, which is kept, or to a temporary one.
work_folder() {
  if [ $# -gt 0 ]; then
    mkdir -p "$1"
    work=$(cd "$1" && pwd)
  else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
  fi
}

# page_file PATH TO: writes the block of the page that follows `<!-- file: PATH -->`.
page_file() {
  mkdir -p "$(dirname "$2")"
  page_block "file: $1" >"$2"
  [ -s "$2" ] || fail "docs/guide/embedding.md holds no $1"
}

# page_output NAME: what the page says that a program prints, less the line about the machine.
page_output() {
  page_block "prints: $1" | grep -v 'OpenMP: '
}

page_block() {
  awk -v wanted="<!-- $1 -->" '
    $0 == wanted { armed = 1; next }
    /^```/ && armed { if (inside) exit; inside = 1; next }
    inside { print }' "$page"
}

# The best instruction set of this machine, as the kernel of the system names its features.
instruction_set() {
  local features=" $(grep -m 1 '^flags' /proc/cpuinfo 2>/dev/null) "
  has() {
    local feature
    for feature; do [[ $features = *" $feature "* ]] || return 1; done
  }
  if [[ $(uname -m) = a*64 ]]; then # aarch64, arm64
    echo neon
  elif has avx512f avx512bw avx512vl avx512dq fma; then
    echo avx512
  elif has avx2 fma; then
    echo avx2
  else
    echo portable
  fi
}

# check_output NAME OPENMP OUTPUT: the first line is about this machine and the build (OPENMP is true
# or false), the others are the page's.
check_output() {
  local first="$(instruction_set), OpenMP: $2"
  [ "$(head -n 1 <<<"$3")" = "$first" ] || fail "the first line is not '$first':" "$3"
  [ "$(tail -n +2 <<<"$3")" = "$(page_output "$1")" ] ||
    fail "other numbers than in docs/guide/embedding.md:" "$3"
}
