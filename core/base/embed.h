/* SPDX-License-Identifier: MIT */
/*
 * Text files that the program carries inside itself. The Makefile makes one
 * table a room, sorted by name, ended by a NULL name:
 *
 *   kh_embedded_store    core/store/schema/NAME.sql   name "NAME.sql"
 *   kh_embedded_script   core/script/lua/PATH.lua     name "PATH.lua", folders with '/'; and what every workspace may
 *                        require: scripts/lib/NAME.lua (SHIPPED in the Makefile), name "lib/NAME.lua"
 *   kh_embedded_init     core/cli/template/PATH       name "PATH": what `kehoach init` writes
 *
 * Each text is followed by a NUL that len does not count. The tables always
 * exist; a room without such files has an empty one.
 */
#ifndef KH_BASE_EMBED_H
#define KH_BASE_EMBED_H

#include <stddef.h>

struct kh_embedded {
    const char *name;
    const char *text;
    size_t len;
};

extern const struct kh_embedded kh_embedded_store[];
extern const struct kh_embedded kh_embedded_script[];
extern const struct kh_embedded kh_embedded_init[];

#endif
