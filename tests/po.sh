#!/bin/sh
# SPDX-License-Identifier: MIT
# The Vietnamese catalogue says what the code says: no message is missing, left
# untranslated or only guessed at by msgmerge, none is left over, and each keeps
# its format directives. `make po` brings the catalogue up to the code.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
po=core/po/vi.po
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

verdict() { # rule, what breaks it (nothing: kept)
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'not kept: %s\n%s\n' "$1" "$2"
}

# A catalogue's messages, one a line: msgid, a tab, the translation; both as they are escaped there.
pairs() {
    msgcat --no-wrap --force-po "$@" | awk '
        function text(line) { sub(/^[^"]*"/, "", line); sub(/"$/, "", line); return line }
        function finish() { if (id != "") print id "\t" str; id = str = "" }
        /^msgid /        { finish(); part = "id" }
        /^msgid_plural / { part = "plural" }
        /^msgstr/        { part = "str" }
        /^(msg|")/       { if (part == "id") id = id text($0); else if (part == "str") str = str text($0) }
        END              { finish() }'
}

# The template is made as `make po` makes it, with the same keywords.
unset MAKEFLAGS MFLAGS MAKELEVEL
make --no-print-directory -s BUILD="$dir" "$dir/kehoach.pot" >"$dir/log" 2>&1
verdict 'the messages of the code can be read' "$(
    [ -s "$dir/kehoach.pot" ] || echo 'there is no template'
    cat "$dir/log"
)"

# What the code says now, with what the catalogue has for it; no guesses.
msgmerge --quiet --no-fuzzy-matching --no-wrap "$po" "$dir/kehoach.pot" >"$dir/now.po" 2>"$dir/log"
verdict 'the catalogue fits the code' "$(cat "$dir/log")"
verdict 'every message of the code is in the catalogue, translated' \
    "$(msgattrib --untranslated --no-obsolete "$dir/now.po" | pairs -)"
verdict 'no translation is a guess that nobody looked at' "$(msgattrib --only-fuzzy --no-obsolete "$po" | pairs -)"
verdict 'the catalogue holds nothing that the code no longer says' \
    "$(msgattrib --only-obsolete "$dir/now.po" | grep '^#~ msgid')"

# Directives, leading and trailing newlines, the header; and the plural forms.
verdict 'every translation keeps the format of its message' \
    "$(msgfmt --check -o /dev/null "$dir/now.po" 2>&1)"
verdict 'the catalogue can be built' "$(msgfmt --check -o /dev/null "$po" 2>&1)"

# A name of a person or a machine, a date or a line number would change it at each run.
verdict 'the catalogue holds no dates, persons or line numbers' \
    "$(grep -nE '^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|X-Generator): [^\\]|^#: .*:[0-9]' "$po")"

# A text at an edge is joined to another: the blanks there are part of it.
verdict 'every translation begins and ends with the blanks of its message' "$(
    pairs "$po" | awk -F '\t' '
        function edges(s,  head, tail) {
            head = tail = s
            sub(/[^ ].*/, "", head)
            sub(/.*[^ ]/, "", tail)
            return head "|" tail
        }
        edges($1) != edges($2) { print $1 }'
)"

# What is quoted as a command is typed as it stands.
verdict 'what stands in backquotes is not translated' "$(
    pairs "$po" | awk -F '\t' '
        {
            for (s = $1; match(s, /`[^`]*`/); s = substr(s, RSTART + RLENGTH))
                if (!index($2, substr(s, RSTART, RLENGTH))) print $1
        }'
)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
