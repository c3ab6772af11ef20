#!/bin/sh
# SPDX-License-Identifier: MIT
# No name is exported twice: a static library would link whichever came first, without a word.
set -u
cd "$(dirname "$0")/.." || exit 1
twice=$(nm -A -g --defined-only "${BUILD:-build}"/obj/*/*.o 2>/dev/null | awk '{ print $NF }' | sort | uniq -d)
if [ -n "$twice" ]; then
    # shellcheck disable=SC2086 # names without blanks
    printf 'exported twice: %s\n' $twice
    echo "0 passed, 1 failed"
    exit 1
fi
echo "1 passed, 0 failed"
