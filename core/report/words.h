/* SPDX-License-Identifier: MIT */
/*
 * The few fixed words of a document, by the document's own language: the same
 * document gives the same bytes whatever language the process speaks, which is
 * why these do not go through gettext.
 */
#ifndef KH_REPORT_WORDS_H
#define KH_REPORT_WORDS_H

#include "base/msg.h"
#include "report/doc.h"

typedef enum kh_word {
    KH_W_SKIP, KH_W_CONTENTS, KH_W_NOTES, KH_W_UNIT, KH_W_TARGET, KH_W_MISSING, KH_W_CHART_DATA, KH_W_APPENDIX,
    KH_W_TO, KH_W_RECIPIENTS, KH_W_NUMBER, KH_W_ENCLOSED, KH_W_CONTINUED, KH_W_COLUMNS, KH_W_TOTAL, KH_W_STATUS,
    KH_W_TILE_NAME, KH_W_TILE_VALUE, KH_W_TILE_NOTE, KH_W_TREND, KH_W_SHEET_TEXT, KH_W_SHEET_TABLE, KH_W_SHEET_CHARTS,
    KH_W_SHEET_DATA, KH_W_EXACT_TEXT, KH_W_GOOD, KH_W_BAD, KH_W_WARN, KH_W_MUTED, KH_W_ITEM, KH_W_PAGE, KH_W_OVERVIEW,
    KH_W_NOTE_OF, KH_W_SCROLL, KH_W_REPORT, KH_W_NATION, KH_W_MOTTO
} kh_word;

kh_lang kh_doc_lang(const kh_doc *d);
const char *kh_word_in(kh_lang lang, kh_word w);
/* A sign that carries a tone without colour: ✓ ✗ ! ○; "" for none. */
const char *kh_tone_mark(kh_tone t);
const char *kh_tone_word(kh_lang lang, kh_tone t); /* "đạt", "không đạt", ... ; "" for none */
const char *kh_tone_class(kh_tone t);              /* "good" "bad" "warn" "muted"; "" for none */

#endif
