#!/bin/sh
# SPDX-License-Identifier: MIT
# compare.sh [STORE]: T1-T9 of plan 100 as kehoach computes them against the
# independent reference. Without a STORE it imports all returns into a new one.
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
lua5.4 "$here/compare.lua" "$work/reference.csv" "$work/computed.csv"
