#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh ROOM DIR EXT [FILE...] > embed_ROOM.c: the table of embed.h for every DIR/**/*.EXT,
# and for each FILE as lib/NAME.
# Texts become C strings line by line, so that a debugger and a reader still see them.
set -eu
LC_ALL=C
export LC_ALL
room=$1 dir=$2 ext=$3
shift 3

files() {
    if [ -d "$dir" ]; then
        find "$dir" -type f -name "*.$ext" | sort
    fi
}

name() {
    case $1 in
    "$dir"/*) echo "${1#"$dir"/}" ;;
    *) echo "lib/${1##*/}" ;;
    esac
}

echo '/* Made by core/base/embed.sh; do not edit. */'
echo '#include "base/embed.h"'
n=0
for f in $(files) "$@"; do
    printf '\nstatic const char text_%d[] = /* %s */\n' "$n" "$f"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$/\\n"/' "$f"
    echo '    "";'
    n=$((n + 1))
done
printf '\nconst struct kh_embedded kh_embedded_%s[] = {\n' "$room"
n=0
for f in $(files) "$@"; do
    printf '    {"%s", text_%d, sizeof text_%d - 1},\n' "$(name "$f")" "$n" "$n"
    n=$((n + 1))
done
echo '    {0, 0, 0},'
echo '};'
