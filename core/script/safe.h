/* SPDX-License-Identifier: MIT */
/* The standard functions as scripts get them: rows of the allow-list, one file for each library. */
#ifndef KH_SCRIPT_SAFE_H
#define KH_SCRIPT_SAFE_H

#include "script/host.h"

typedef struct kh_allowed { /* fn NULL: Lua's own of this name */
    const char *name;
    lua_CFunction fn;
    const char *why;        /* the reason why it may be had, or what was bounded */
} kh_allowed;

extern const kh_allowed kh_allowed_base[], kh_allowed_string[], kh_allowed_table[], kh_allowed_coroutine[]; /* ended by a NULL name */

#endif
