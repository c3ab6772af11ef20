# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run.sh sets them
# Calculation from the stored values, each time a cold process: the whole grid of the country to CSV, one report's
# question, and what a cell of a formula and of `each` costs.

MEASURED="m01 m02 m03 m04 m05 m06 m07 m08 m09 m10 m11 m12 m13 m14 m15 m16 m17 m18 m19 m20"
RATIOS="R01 R02 R03 R04 R05 R06 R07 R08 R09 R10"

# What the store holds and what the databases hold beforehand is not part of any figure.
prepare() {
    need_duckdb
    ! has sqlite || command -v sqlite3 >/dev/null || PEERS=$(echo " $PEERS " | sed 's/ sqlite / /')
    fresh calc
    "$KEHOACH" -q -C "$WORK/calc" import --form WIDE "$DATA"/returns/*.csv >/dev/null
    ! has duckdb || node "$OUT/npm/duckdb.mjs" "$WORK/calc.duckdb" "$(sql_of duckdb_calc_load.sql)"
    SPAN=$(awk -v n="$MONTHS" 'BEGIN { printf "2020-01..%04d-%02d,2020..%04d", 2020 + int((n - 1) / 12), (n - 1) % 12 + 1, 2020 + int(n / 12) - 1 }')
    # shellcheck disable=SC2046
    $CC -std=gnu11 -O2 -g -D_GNU_SOURCE -I"$here/../../core" -o "$OUT/bench_calc" "$here/bench_calc.c" "$BUILD/libkehoach.a" \
        $(pkg-config --cflags --libs lua5.4 sqlite3 libutf8proc xlsxwriter libzip expat libedit nettle gmp) -lcsv -lpthread -lm
}

# compute KEY OPTIONS...: into KEY.csv
compute() {
    key=$1
    shift
    # shellcheck disable=SC2016
    item "$key" sh -c 'out=$1; shift; exec "$@" >"$out"' sh "$WORK/$key.csv" "$KEHOACH" -C "$WORK/calc" compute --format csv "$@"
}

again() { # duckdb of lib.sh, on the file that is there
    item "$1" node "$OUT/npm/duckdb.mjs" "$WORK/calc.duckdb" "$(sql_of "$2")"
}

round() {
    # shellcheck disable=SC2086 # lists of names
    compute grid $MEASURED $RATIOS --period "$SPAN" --level all --wide
    # shellcheck disable=SC2086
    compute one $MEASURED $RATIOS --period 2020 --level district --under 01
    compute formula AS_FORMULA --period "$SPAN" --level all --wide
    compute each AS_EACH --period "$SPAN" --level all --wide
    echo "cell $("$OUT/bench_calc" "$WORK/cell.db") 0" >>"$RESULTS"
    if has duckdb; then
        again duckdb-grid duckdb_grid.sql
        again duckdb-grid-wide duckdb_grid_wide.sql
        again duckdb-one duckdb_one.sql
    fi
    if has sqlite; then
        item sqlite-one sh -c "sqlite3 '$WORK/calc/bench.db' \"SELECT u.parent, v.measure, sum(v.value) FROM v_value_by_unit v JOIN v_unit u ON u.code = v.unit JOIN v_unit d ON d.code = u.parent WHERE d.parent = '01' AND v.period BETWEEN '2020-01' AND '2020-12' GROUP BY 1, 2\""
    fi
    item sql-month "$KEHOACH" -C "$WORK/calc" sql "SELECT count(*), sum(value) FROM v_value WHERE measure = 'm01' AND period = '2020-06'"
    item sql-unit "$KEHOACH" -C "$WORK/calc" sql "SELECT * FROM v_value_by_unit WHERE unit = '00003' AND period = '2020-06'"
    item sql-nothing "$KEHOACH" -C "$WORK/calc" sql "SELECT 1"
}

show() {
    rows=$(wc -l <"$WORK/grid.csv")
    row "whole grid to CSV, $((rows - 1)) rows of 20 measures and 10 ratios" grid duckdb-grid 0.25
    row '  DuckDB SQL from a table of values' duckdb-grid
    row '  DuckDB SQL from a table with 20 columns' duckdb-grid-wide duckdb-grid
    row 'one province, one year: its districts' one
    row '  DuckDB SQL' duckdb-one
    row '  sqlite3 on the same store, sums only' sqlite-one
    row 'kehoach sql: nothing' sql-nothing
    row 'kehoach sql: one measure and month' sql-month
    row 'kehoach sql: one unit and month' sql-unit
    awk -v rows="$rows" -v each="$(mid each 1)" -v formula="$(mid formula 1)" -v cell="$(mid cell 1)" -v loop="$(mid cell 2)" 'BEGIN {
        printf "\na cell of 100 * a / b: %.1f ns (a loop of C: %.1f ns); of each with three inputs: %.0f ns more than the same as a formula\n", cell, loop, (each - formula) / (rows - 1) * 1e9 }'
    # The sums of the two agree, so that it is the same work.
    ! has duckdb || awk -F, 'FNR == 1 { file++; next } { sum[file] += $3 } END { d = sum[1] - sum[2]; if (d < 0) d = -d; if (d > 1e-9 * sum[1]) { print "bench: kehoach and DuckDB disagree"; exit 1 } }' \
        "$WORK/grid.csv" "$WORK/duckdb-grid.csv"
}
