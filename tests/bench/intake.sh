# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run.sh sets them
# Intake: files of 1 to 12.5 million values, checked and stored, beside what users would pick instead.

prepare() {
    need_duckdb
    ! has libcsv || tool libcsv -lcsv
    ! has sqlite || command -v sqlite3 >/dev/null || PEERS=$(echo " $PEERS " | sed 's/ sqlite / /')
}

import() {
    key=$1
    shift
    fresh "$key"
    item "$key" "$KEHOACH" -q -C "$WORK/$key" import "$@"
}

round() {
    import long --form LONG --unit VN "$DATA/long.csv"
    import wide --form WIDE --unit VN "$DATA/wide.csv"
    import row --form ROW --unit VN "$DATA/wide.csv"
    import files --form WIDE "$DATA"/returns/*.csv
    import month --form WIDE "$DATA/returns/WIDE_01_2020-01.csv"
    if has duckdb; then
        duckdb duckdb-long duckdb_long.sql
        duckdb duckdb-wide duckdb_wide.sql
    fi
    if has libcsv; then
        item libcsv-long "$OUT/libcsv" long "$DATA"
        item libcsv-wide "$OUT/libcsv" wide "$DATA"
    fi
    if has sqlite; then
        rm -f "$WORK"/sqlite.db*
        item sqlite-long sqlite3 -init "$(sql_of sqlite_long.sql)" "$WORK/sqlite.db" "SELECT 1"
    fi
}

show() {
    row 'long file, a value a line' long duckdb-long 0.8
    row '  DuckDB with the same checks, no submission' duckdb-long
    row '  sqlite3 shell, typed and keyed' sqlite-long duckdb-long
    row '  libcsv with lookup and checks, no store' libcsv-long duckdb-long
    row 'wide file, 20 measures a line' wide duckdb-wide 0.6
    row '  DuckDB UNPIVOT with the same checks' duckdb-wide
    row '  libcsv, parsed only' libcsv-wide duckdb-wide
    row 'wide file through row(row, out), 20 out:value a line' row wide 2
    row 'the same as a file a province and month, a transaction each' files wide 1.3
    row 'one province and month' month
    awk -v n="$VALUES" -v cpu="$(mid long 1)" -v mib="$(mid long 2)" -v base="$(mid month 2)" 'BEGIN {
        printf "\nlong file: %.0f ns and %.1f bytes of memory a value\n", cpu / n * 1e9, (mib - base) * 1048576 / n }'
}
