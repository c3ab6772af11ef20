#!/bin/sh
# SPDX-License-Identifier: MIT
# A sample of what `make faults` and `make kill` do at length: whole commands with the n-th allocation or step on the
# disk failing, kills, two writers. Left out under a sanitizer or valgrind, which have an allocator of their own.
set -u
: "${BUILD:=$PWD/build}"
export BUILD
here=$(cd "$(dirname "$0")/.." && pwd)
if [ -n "${RUN-}" ] || nm "$BUILD/kehoach" | grep -q __asan_init; then
    echo "0 passed, 0 failed"
    exit 0
fi
passed=0 failed=0
sample() {
    step=$1
    shift
    out=$(SOURCE=$here FAULTS_STEP=$step "$BUILD/tests/faults/faults" "$@")
    printf '%s\n' "$out"
    counts=$(printf '%s\n' "$out" | sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
    passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
}
for scenario in import compute; do
    sample 1.5 sweep mem-once $scenario
done
sample 1.5 sweep mem-good import-row
sample 1 memory template
sample 2 sweep read-once compute
for scenario in import job migration; do
    sample 3 sweep disk-once $scenario
    sample 3 sweep kill $scenario
done
sample 3 sweep half import-correction
sample 3 sweep disk-good backup
sample 1 kill 5 job
sample 1 two 6
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
