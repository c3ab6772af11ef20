#!/bin/sh
# SPDX-License-Identifier: MIT
# The lists of units in data/ are what data/make/units.lua makes of the dated lists.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
made=$(mktemp -d) || exit 1
trap 'rm -rf "$made"' EXIT
passed=0 failed=0
lua5.4 "$root/data/make/units.lua" "$made"
for name in units.csv successors.csv; do
    if cmp "$root/data/$name" "$made/$name"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
