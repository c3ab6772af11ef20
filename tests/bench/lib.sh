# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC3013 # run.sh sets them; every sh has -nt
# What the sections of the benchmark share; run.sh says how they are made.

# tool NAME [FLAGS...]: tests/bench/NAME.c (or peers/NAME.c) as $OUT/NAME.
tool() {
    name=$1
    shift
    src=$here/$name.c
    [ -f "$src" ] || src=$here/peers/$name.c
    [ "$OUT/$name" -nt "$src" ] || $CC -std=gnu11 -O2 -g -o "$OUT/$name" "$src" "$@"
}

# item KEY COMMAND...: runs it and notes what it cost. Its words go to $OUT/KEY.log.
item() {
    key=$1
    shift
    if ! "$OUT/measure" "$@" >"$OUT/$key.log" 2>&1 3>"$OUT/measured"; then
        echo "bench: $key failed: $*" >&2
        tail -n 20 "$OUT/$key.log" >&2
        exit 1
    fi
    echo "$key $(cat "$OUT/measured")" >>"$RESULTS"
}

# mid KEY COLUMN: the median; 1 CPU seconds, 2 MiB, 3 seconds by the clock. Nothing if it was not measured.
mid() {
    awk -v key="$1" -v f="$(($2 + 1))" '$1 == key { print $f }' "$RESULTS" | sort -n | awk '{ a[NR] = $1 } END { if (NR) print a[int((NR + 1) / 2)] }'
}

# row LABEL KEY [PEER [FACTOR]]: a line of the table; FACTOR: the ratio to reach.
row() {
    cpu=$(mid "$2" 1)
    [ -n "$cpu" ] || return 0
    peer=$(mid "${3:-}" 1)
    awk -v label="$1" -v cpu="$cpu" -v mib="$(mid "$2" 2)" -v name="${3:-}" -v peer="$peer" -v want="${4:-}" 'BEGIN {
        printf "%-58s %8.2f %8.0f", label, cpu, mib
        if (peer != "" && want != "") printf "  %.2f x %s, wanted %s: %s", cpu / peer, name, want, cpu / peer <= want ? "reached" : "MISSED"
        else if (peer != "") printf "  %.2f x %s", cpu / peer, name
        printf "\n" }'
}

# fresh KEY: an empty workspace $WORK/KEY with the units of the data.
fresh() {
    rm -rf "${WORK:?}/$1"
    mkdir -p "$WORK/$1/data"
    cp -R "$here/workspace/." "$WORK/$1/"
    cp "$DATA/units.csv" "$WORK/$1/data/"
}

has() {
    case " $PEERS " in *" $1 "*) return 0 ;; esac
    return 1
}

# DuckDB as its npm package, in the build folder. PEERS is left without it where it cannot be had.
need_duckdb() {
    has duckdb || return 0
    if ! [ -d "$OUT/npm/node_modules/@duckdb/node-api" ]; then
        mkdir -p "$OUT/npm"
        if ! command -v npm >/dev/null || ! (cd "$OUT/npm" && npm install --no-audit --no-fund --silent @duckdb/node-api >"$OUT/npm.log" 2>&1); then
            echo "bench: DuckDB is left out: node and npm with access to a registry are needed" >&2
            PEERS=$(echo " $PEERS " | sed 's/ duckdb / /')
            return 0
        fi
    fi
    cp "$here/peers/duckdb.mjs" "$OUT/npm/"
}

# sql_of NAME: peers/NAME with the folders filled in.
sql_of() {
    sed -e "s|{DATA}|$DATA|g" -e "s|{WORK}|$WORK|g" "$here/peers/$1" >"$WORK/$1"
    echo "$WORK/$1"
}

# duckdb KEY FILE.sql: a fresh database, the statements of the file one after the other.
duckdb() {
    rm -f "$WORK/$1.duckdb" "$WORK/$1.duckdb.wal"
    item "$1" node "$OUT/npm/duckdb.mjs" "$WORK/$1.duckdb" "$(sql_of "$2")"
}
