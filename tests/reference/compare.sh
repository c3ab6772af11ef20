#!/bin/sh
# SPDX-License-Identifier: MIT
# compare.sh [STORE]: T1-T9 of plan 100 as kehoach computes them against the
# independent reference, then where they come from: file and line of every input
# that explain leads to. Without a STORE it imports all returns into a new one.
# KEHOACH: the program; default the one just built.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
kehoach=${KEHOACH:-${BUILD:-$root/build}/kehoach}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export KEHOACH_NOW=2021-02-15T02:00:00Z

store=${1-}
if [ -z "$store" ]; then
    store=$work/kehoach.db
    cp -R "$root/kehoach.lua" "$root/scripts" "$root/data" "$work"
    "$kehoach" -q -C "$work" --store "$store" load >/dev/null
    # 1: one return is refused, as it has to be
    "$kehoach" -q -C "$work" --store "$store" import --arrivals "$root/data/returns/arrivals.csv" >"$work/import.log" 2>&1 || [ $? -eq 1 ] ||
        { tail -n 5 "$work/import.log"; exit 1; }
fi
compute() { "$kehoach" -q -C "$root" --store "$store" --lang en compute T1 T2 T3 T4 T5 T6 T7 T8 T9 --period 2016..2020 --every year --level "$1" --format csv; }
compute province >"$work/computed.csv"
compute district | tail -n +2 >>"$work/computed.csv"
lua5.4 "$here/reference.lua" "$root" >"$work/reference.csv" 2>/dev/null
status=0
counts=$(lua5.4 "$here/compare.lua" "$work/reference.csv" "$work/computed.csv") || status=1
printf '%s\n' "$counts" | sed '$d'
passed=$(printf '%s\n' "$counts" | sed -n '$s/ passed.*//p') failed=$(printf '%s\n' "$counts" | sed -n '$s/.* \([0-9]*\) failed/\1/p')

# The province in every year; Huu Lung with its corrected file; Binh Gia and Dinh Lap with their late ones.
figures=
for year in 2016 2017 2018 2019 2020; do
    for t in T1 T2 T3 T4 T5 T6 T7 T8 T9; do figures="$figures $t:20:$year"; done
done
figures="$figures T7:186:2019 T7:186:2018 T5:181:2018 T1:181:2020 T6:181:2019 T9:189:2018 T9:189:2020 T7:189:2017"
# shellcheck disable=SC2086 # a word for each figure
lua5.4 "$here/reference.lua" "$root" $figures >"$work/reference.txt" 2>/dev/null
cp "$here/trace.lua" "$work"
# shellcheck disable=SC2086
"$kehoach" -q -C "$root" --store "$store" run "$work/trace.lua" $figures >"$work/traced.txt"
for figure in $figures; do
    for side in reference traced; do awk -v f="# $figure" '/^#/ { on = $0 == f } on && !/^#/' "$work/$side.txt" >"$work/$side.one"; done
    if [ -s "$work/reference.one" ] && cmp -s "$work/reference.one" "$work/traced.one"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$figure comes from other lines (< reference, > explain):"
        diff "$work/reference.one" "$work/traced.one" | head -n 6
    fi
done
echo "$passed passed, $failed failed"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ]
