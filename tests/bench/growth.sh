# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154,SC1090,SC1091 # run.sh sets or reads them; meta is made by gen
# Growth: the same work over 1, 3, 10 and 30 million values, whatever SIZE says; GROWTH="1m 3m" asks less.
# Importing all returns (once) and the whole grid to CSV, so that a line shows what a value costs at each size.

: "${GROWTH:=1m 3m 10m 30m}"

prepare() {
    for size in $GROWTH; do
        [ -f "$OUT/$size/meta" ] || "$OUT/gen" "$size" "$OUT/$size"
        (
            DATA=$OUT/$size
            fresh "$size"
        )
        item "import-$size" "$KEHOACH" -q -C "$WORK/$size" import --form WIDE "$OUT/$size"/returns/*.csv
    done
}

round() {
    for size in $GROWTH; do
        . "$OUT/$size/meta"
        # shellcheck disable=SC2016
        item "grid-$size" sh -c '"$@" >/dev/null' sh "$KEHOACH" -C "$WORK/$size" compute --format csv --wide --level all R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 \
            --period "$(awk -v n="$MONTHS" 'BEGIN { printf "2020-01..%d-12,2020..%d", 2019 + n / 12, 2019 + n / 12 }')"
    done
}

show() {
    printf '%12s  %s\n' values 'import: CPU s, ns a value, MiB; whole grid of ten ratios: CPU s, ns a value, MiB'
    for size in $GROWTH; do
        . "$OUT/$size/meta"
        awk -v n="$VALUES" -v i="$(mid "import-$size" 1)" -v im="$(mid "import-$size" 2)" -v g="$(mid "grid-$size" 1)" -v gm="$(mid "grid-$size" 2)" 'BEGIN {
            printf "%12d  %8.2f %6.0f %6.0f  %8.2f %6.0f %6.0f\n", n, i, i / n * 1e9, im, g, g / n * 1e9, gm }'
    done
}
