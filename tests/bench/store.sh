# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run.sh sets them; flags are words
# The store alone, without reading files: put, read back, the views; beside one row a place and one row a value.

prepare() {
    libs=$(pkg-config --libs lua5.4 sqlite3 libutf8proc xlsxwriter libzip expat nettle gmp)
    rm -f "$OUT/bench_store" # the library may be newer
    tool bench_store -D_GNU_SOURCE -I"$here/../../core" "$BUILD/libkehoach.a" $libs -lcsv -lpthread -lm
}

round() {
    rm -f "$WORK"/store*
    item store "$OUT/bench_store" "$DATA" "$WORK/store.db" rows plain
}

show() {
    row 'all of the below' store
    echo
    cat "$OUT/store.log"
}
