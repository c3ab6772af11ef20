/* SPDX-License-Identifier: MIT */
/* What l_doc.c, l_table.c and l_chart.c share: the open document. */
#ifndef KH_SCRIPT_L_DOC_H
#define KH_SCRIPT_L_DOC_H

#include "script/host.h"

/* doc NULL: its report is over. A part's handle asks the document's own (root, kept by the user value), so that none outlives it. */
typedef struct kh_doc_handle { kh_doc *doc; kh_dblock *in; struct kh_doc_handle *root; } kh_doc_handle;

kh_doc *kh_lua_doc(lua_State *L, kh_dblock **in);       /* argument 1 */
const char *kh_doc_text(lua_State *L, kh_doc *d, const char *text); /* copied, counted as output; NULL stays NULL */
kh_tone kh_table_tone(const kh_table *t, const char *key);
kh_align kh_table_align(const kh_table *t, const char *key);
/* A cell's words: a unit's title, a period's name, a number's digits. */
const char *kh_doc_words(lua_State *L, kh_doc *d, const kh_cell *c, bool brief);
int kh_doc_l_table(lua_State *L);
int kh_doc_l_chart(lua_State *L);
extern const kh_key kh_keys_doc_table[], kh_keys_doc_cell[], kh_keys_doc_chart[], kh_keys_official[], kh_keys_sign[], kh_keys_tile[];
kh_frame *kh_lua_total(lua_State *L, int at);

#endif
