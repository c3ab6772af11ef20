#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 while many files are imported in one command: every file is wholly in or wholly out, the same command run again
# completes, and what is stored is then the same as without the kills. KILLS=1000 for a night.
set -u
: "${BUILD:=$PWD/build}"
here=$(cd "$(dirname "$0")" && pwd)
kehoach=$BUILD/kehoach
if [ -n "${RUN-}" ]; then # under valgrind a kill comes long before the first file
    echo "0 passed, 0 failed"
    exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
cp -r "$here/fixtures/intake" "$dir/w" && cd "$dir/w" || exit 1

# 60 half-years of two districts, four values each.
mkdir in
for year in $(seq 2001 2030); do
    for half in H1 H2; do
        printf 'Đơn vị,Tổng số hộ,Hộ nghèo\n00101,%s,1\n00104,2,3\n' "$year" >"in/HO-01_01_$year$half.csv"
        printf 'Đơn vị,Tổng số hộ,Hộ nghèo\n00201,%s,1\n00202,2,3\n' "$year" >"in/HO-01_02_$year$half.csv"
    done
done
values() { sqlite3 -readonly -cmd ".timeout 9000" kehoach.db "SELECT form, file, version, measure, unit, period, line, digits FROM v_value ORDER BY 1, 2, 3, 4, 5, 6, 7"; }
whole() { sqlite3 -readonly -cmd ".timeout 9000" kehoach.db "SELECT count(*) FROM (SELECT count(*) AS n FROM v_value GROUP BY submission HAVING n <> 4)"; }
check() { # what, expected, got
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: $3 instead of $2"
    fi
}

"$kehoach" load >/dev/null
cp kehoach.db "$dir/loaded.db"
begin=$(date +%s%N)
"$kehoach" import in/*.csv >/dev/null
whole_time=$((($(date +%s%N) - begin) / 1000000))
values >"$dir/undisturbed"

for i in $(seq "${KILLS:-4}"); do
    rm -f kehoach.db*
    cp "$dir/loaded.db" kehoach.db
    for again in 1 2; do # killed twice, at two places
        "$kehoach" import in/*.csv >/dev/null 2>&1 &
        pid=$!
        sleep "$(awk -v i="$i" -v again="$again" -v ms="$whole_time" 'BEGIN { srand(i * 2 + again); printf "%.3f", rand() * ms / 1000 }')"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        check "kill $i.$again: returns in part" 0 "$(whole)"
    done
    status=75 tries=0
    while [ $status -eq 75 ] && [ $tries -lt 50 ]; do # a killed command's worker may need a moment to be gone
        "$kehoach" import in/*.csv >/dev/null 2>"$dir/err"
        status=$?
        tries=$((tries + 1))
    done
    check "kill $i: the command run again" 0 "$status"
    values | cmp -s - "$dir/undisturbed"
    check "kill $i: what is stored is as without kills (0)" 0 $?
    "$kehoach" audit verify >/dev/null 2>&1
    check "kill $i: the audit is whole" 0 $?
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
