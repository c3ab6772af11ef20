#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh sweep | kill ROUNDS: every kind of fault on every command, or random kills of every command and two writers.
set -u
faults=$BUILD/tests/faults/faults
status=0
case $1 in
sweep)
    "$faults" memory || status=1
    for kind in mem-once mem-good read-once disk-once disk-good kill half; do
        "$faults" sweep $kind || status=1
    done
    ;;
kill)
    "$faults" kill "$2" || status=1
    "$faults" two "$2" || status=1
    ;;
esac
exit $status
