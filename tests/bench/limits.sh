# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run.sh sets them
# What limits cost scripts: the same library with them and without (limits.c). Wanted: less than 5 %. And what the
# second process costs a command that does nothing.

prepare() {
    # shellcheck disable=SC2046 # flags
    "$CC" -std=gnu11 -D_GNU_SOURCE -O2 -g -I"$here/../../core" -I"$here/../../include" -o "$OUT/limits" "$here/limits.c" \
        "$BUILD/libkehoach.a" $(pkg-config --cflags --libs lua5.4 sqlite3 libutf8proc xlsxwriter libzip expat nettle gmp) -lcsv -lpthread -lm
    fresh scripts
    cat >>"$WORK/scripts/scripts/forms.lua" <<'LUA'
indicator "cell" { title = "cell", each = function(c) return c.m03 and (c.m03 + (c.m04 or 0)) / 2 end }
LUA
    cp "$here"/limits*.lua "$WORK/scripts/"
    "$KEHOACH" -q -C "$WORK/scripts" import --form WIDE --unit VN "$DATA/wide.csv"
    cp -R "$WORK/scripts" "$WORK/nothing"
}

round() {
    for how in limited bare; do
        fresh "row-$how"
        item "row-$how" "$OUT/limits" "$how" "$WORK/row-$how" import ROW "$DATA/wide.csv"
        item "lua-$how" "$OUT/limits" "$how" "$WORK/scripts" run limits.lua
        item "each-$how" "$OUT/limits" "$how" "$WORK/scripts" run limits_each.lua
    done
}

show() {
    row 'a row function over the wide file' row-limited row-bare 1.05
    row 'texts, tables, sorting, calls and coroutines' lua-limited lua-bare
    row 'a formula of columns and one by cell' each-limited each-bare 1.05
    cd "$WORK/nothing" || return
    echo 'print(1)' >nothing.lua
    for how in limited bare; do
        awk -v how="$how" -v ms="$(nothing "$how")" 'BEGIN { printf "an analysis that does nothing, %s: %.1f ms by the clock\n", how, ms }'
    done
}

# The median of 21 runs, milliseconds.
nothing() {
    i=0
    while [ "$i" -lt 21 ]; do
        i=$((i + 1))
        "$OUT/measure" "$OUT/limits" "$1" . run nothing.lua 3>&1 >/dev/null 2>&1 | awk '{ print $3 * 1000 }'
    done | sort -n | sed -n 11p
}
