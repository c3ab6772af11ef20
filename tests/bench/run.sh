#!/bin/sh
# SPDX-License-Identifier: MIT
# make bench [BENCH="intake calc"] [SIZE=1m] [RUNS=3] [PEERS="duckdb sqlite libcsv"]
#
# Each tests/bench/SECTION.sh is a section. It defines
#   prepare    what must be there before anything is measured
#   round      one run of each command: item KEY COMMAND...
#   show       the table: row LABEL KEY [PEER [FACTOR]]
# Rounds are repeated RUNS times and medians shown, so that the noise of a
# shared machine falls on kehoach and its peers alike. Whole processes are
# measured: CPU seconds of all threads, the largest process's peak memory.
# SIZE is tiny, 1m, 3m, 10m, full (12.5 million values) or 30m; data stays in build/bench.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${BUILD:=$here/../../build}" "${SIZE:=1m}" "${RUNS:=3}" "${BENCH:=}" "${PEERS=duckdb sqlite libcsv}" "${CC:=cc}"
BUILD=$(cd "$BUILD" && pwd)
OUT=$BUILD/bench
DATA=$OUT/$SIZE
KEHOACH=$BUILD/kehoach
export BUILD OUT DATA KEHOACH
mkdir -p "$OUT"
# shellcheck source=tests/bench/lib.sh
. "$here/lib.sh"

tool gen
tool measure
if ! [ -f "$DATA/meta" ]; then
    echo "making the data in $DATA"
    "$OUT/gen" "$SIZE" "$DATA"
fi
# shellcheck disable=SC1091 # made by gen
. "$DATA/meta"

for f in "$here"/*.sh; do
    case ${f##*/} in run.sh | lib.sh) continue ;; esac
    name=${f##*/}
    ALL="${ALL:-} ${name%.sh}"
done
for section in ${BENCH:-$ALL}; do
    [ -f "$here/$section.sh" ] || { echo "bench: no section $section" >&2; exit 2; }
    (
        RESULTS=$OUT/$section.results
        WORK=$OUT/work-$section
        rm -rf "$WORK" "$RESULTS"
        mkdir -p "$WORK"
        # shellcheck disable=SC1090 # a section by name
        . "$here/$section.sh"
        prepare
        i=0
        while [ "$i" -lt "$RUNS" ]; do
            i=$((i + 1))
            echo "$section: round $i of $RUNS" >&2
            round
        done
        printf '\n%s: %s values, %s units, %s months; medians of %s\n\n' "$section" "$VALUES" "$UNITS" "$MONTHS" "$RUNS"
        printf '%-58s %8s %8s  %s\n' '' 'CPU s' 'MiB' 'against'
        show
        rm -rf "$WORK"
    )
done
