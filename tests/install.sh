#!/bin/sh
# SPDX-License-Identifier: MIT
# An installation is whole, works away from the source, can be built against, and leaves nothing when it goes.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
BUILD=${BUILD:-$root/build}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
verdict() { # rule, what breaks it (nothing: kept)
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'not kept: %s\n%s\n' "$1" "$2"
}
# What stands on a recipe's `install` of a build that is there; nothing is compiled here.
unset MAKEFLAGS MFLAGS MAKELEVEL
make_to() { make --no-print-directory -s -C "$root" BUILD="$BUILD" PREFIX=/opt/kehoach DESTDIR="$dir/image" "$1" >"$dir/log" 2>&1 || cat "$dir/log"; }

verdict 'make install succeeds' "$(make_to install)"
verdict 'everything goes below DESTDIR and PREFIX' "$(find "$dir/image" -type f ! -path "$dir/image/opt/kehoach/*")"
prefix=$dir/image/opt/kehoach
verdict 'program, library, header, pkg-config file and messages are there' "$(
    for f in bin/kehoach lib/libkehoach.a include/kehoach.h lib/pkgconfig/kehoach.pc share/locale/vi/LC_MESSAGES/kehoach.mo; do
        [ -s "$prefix/$f" ] || echo "$f"
    done
)"

verdict 'the manual page is there in both languages, with every command' "$(
    for page in man/man1 man/vi/man1; do
        for command in $(KEHOACH_LANG=en "$BUILD/kehoach" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'); do
            grep -q "^\.SS \"$(echo "$command" | sed 's/-/\\\\-/g')\"$" "$prefix/share/$page/kehoach.1" || echo "$page: $command"
        done
    done
    command -v groff >/dev/null || exit 0 # it says no more where there is no roff
    for page in man/man1 man/vi/man1; do
        groff -ww -K utf8 -man -Tutf8 -z "$prefix/share/$page/kehoach.1" 2>&1
    done
)"

cd "$dir" || exit 1
kehoach() { env -i PATH=/usr/bin:/bin "$prefix/bin/kehoach" "$@"; }
verdict 'it makes a workspace, imports into it and speaks Vietnamese, far from the source' "$(
    kehoach init ws 2>&1 | grep -q 'ws nay là một không gian làm việc' || echo init
    kehoach -C ws import inbox/NS-01_101_2024Q1.csv >/dev/null 2>&1 || echo import
    kehoach -C ws compute CLEAN --period 2024Q1 --level district --format csv 2>&1 | grep -q '^CLEAN,.*,101,2024Q1,95[.]8' || echo compute
)"

cat >embed.c <<'C'
#include <kehoach.h>
#include <stdio.h>
int main(void)
{
    char value[64];
    kehoach *k = kehoach_open("ws", NULL);
    int bad = kehoach_error(k) != NULL || kehoach_load(k) != 0 || kehoach_value(k, "households", "101", "2024Q1", value, sizeof value) != 0;
    printf("%s\n", bad ? kehoach_error(k) : value);
    bad = bad || kehoach_run(k, "missing.lua", NULL, 0) == 0 || !kehoach_error(k);
    kehoach_close(k);
    return bad;
}
C
verdict 'a program is built with pkg-config and the library, and reads a figure' "$(
    PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    export PKG_CONFIG_PATH
    # The libraries of Debian are not below DESTDIR: only our own paths are moved there.
    flags=$(pkg-config --define-variable=prefix="$prefix" --cflags --libs kehoach) || echo pkg-config
    case $BUILD in *-san) flags="$flags -fsanitize=address,undefined" ;; esac
    # shellcheck disable=SC2086
    ${CC:-cc} -Wall -Werror -o embed embed.c $flags 2>&1 || echo build
    said=$(ASAN_OPTIONS=detect_leaks=0 ./embed 2>&1) || echo "run: $said"
    [ "$said" = 1200 ] || echo "1200 households expected: $said"
)"

verdict 'make uninstall succeeds' "$(make_to uninstall)"
verdict 'uninstall leaves no file' "$(find "$dir/image" ! -type d)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
