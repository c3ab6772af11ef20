#!/bin/sh
# SPDX-License-Identifier: MIT
# deps.sh install|ensure|check GROUP...: the packages of ../debian-packages.
#   check    fails with a message when one is missing
#   ensure   installs what is missing, and asks apt-get for nothing when all is there
#   install  lets apt-get look at all of them
set -eu
list=$(dirname "$0")/../debian-packages
what=$1
shift
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT

wanted() {
    for group in "$@"; do
        awk -v g="$group" '$1 == g { print $2 }' "$list"
    done
}

# One question to dpkg for all: this runs before every build.
missing() {
    # shellcheck disable=SC2046 # one word a package
    dpkg-query -W -f='${db:Status-Status} ${Package}\n' $(wanted "$@") 2>/dev/null |
        awk '$1 == "installed" { print $2 }' >"$tmp" || true
    wanted "$@" | awk -v have="$tmp" 'BEGIN { while ((getline p <have) > 0) there[p] = 1 } !($1 in there)'
}

apt_install() {
    if ! command -v apt-get >/dev/null; then
        echo "deps: there is no apt-get here; please install what debian-packages lists (groups: $groups)." >&2
        exit 1
    fi
    run='env DEBIAN_FRONTEND=noninteractive'
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "deps: installing needs root or sudo. As root: apt-get install --no-install-recommends $*" >&2
            exit 1
        fi
        run="sudo $run"
    fi
    $run apt-get update -q
    $run apt-get install -q -y --no-install-recommends "$@"
}

groups=$*
if ! command -v dpkg-query >/dev/null; then
    if [ "$what" = install ]; then
        apt_install
    fi
    exit 0 # not Debian: the compiler will say what is missing
fi
case $what in
install)
    # shellcheck disable=SC2046 # one word a package
    apt_install $(wanted "$@")
    ;;
ensure)
    need=$(missing "$@")
    if [ -n "$need" ]; then
        # shellcheck disable=SC2086
        apt_install $need
    fi
    ;;
check)
    need=$(missing "$@" | tr '\n' ' ')
    if [ -n "$need" ]; then
        echo "deps: missing packages: ${need}- run 'make deps' (as root or with sudo)." >&2
        exit 1
    fi
    ;;
*)
    echo "deps.sh: install, ensure or check, then groups" >&2
    exit 2
    ;;
esac
