/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON (RFC 8259) into a buffer, as it goes: commas and nesting are
 * kept here, so that no caller can forget one. Invalid UTF-8 is replaced.
 */
#ifndef KH_BASE_JSON_H
#define KH_BASE_JSON_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct kh_json {
    kh_buf *out;
    bool comma;
} kh_json;

#define KH_JSON(buf) {(buf), false}

void kh_json_begin(kh_json *j, char bracket);           /* '{' or '[' */
void kh_json_end(kh_json *j, char bracket);             /* '}' or ']' */
void kh_json_key(kh_json *j, const char *key);
void kh_json_str(kh_json *j, const char *s);            /* NULL gives null */
void kh_json_strn(kh_json *j, const char *s, size_t n);
void kh_json_int(kh_json *j, int64_t v);
void kh_json_num(kh_json *j, double v);                 /* shortest text that reads back the same; not finite gives null */
void kh_json_raw(kh_json *j, const char *text);         /* a number's own digits */
void kh_json_bool(kh_json *j, bool v);
void kh_json_null(kh_json *j);

#endif
