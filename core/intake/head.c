/* SPDX-License-Identifier: MIT */
/*
 * The first records of a file, kept together: title lines, header and some data,
 * as the search for the header and for sender and period needs them. Some at
 * first, and at most 200 records of the first 64 KB; read once for each delimiter
 * that may be meant.
 */
#include "intake/work.h"

#include "base/text.h"

#include <string.h>

typedef struct memory { const kh_buf *text; bool given; } memory;

static int pull_memory(void *ctx, kh_buf *out, kh_error *err)
{
    memory *m = ctx;
    (void)err;
    if (!m->given)
        kh_buf_add(out, m->text->data, m->text->len);
    m->given = true;
    return 0;
}

static void keep_record(kh_head *h, const kh_record *r)
{
    kh_head_row row = {.cells = kh_arena_alloc(h->arena, (r->n + 1) * sizeof *row.cells), .n = r->n, .line = r->line, .to = (size_t)r->to};
    for (uint32_t i = 0; i < r->n; i++) {
        const char *s = r->cells[i].s;
        size_t n = r->cells[i].n;
        kh_trim(&s, &n);
        row.cells[i] = (kh_head_cell){kh_arena_strndup(h->arena, s, n), (uint32_t)n, r->cells[i].line, NULL};
        row.filled += n > 0;
    }
    KH_PUSH(h->rows, h->n, h->cap) = row;
}

int kh_head_read(kh_head *h, const kh_buf *text, bool whole, char delimiter, size_t most, kh_error *err)
{
    memory m = {text, false};
    kh_reader *rows = kh_reader_new(pull_memory, &m, delimiter);
    kh_record r;
    int rc;
    *h = (kh_head){.arena = kh_arena_new(), .delimiter = delimiter, .whole = whole};
    while ((rc = kh_reader_next(rows, &r, err)) > 0 && h->n < most)
        keep_record(h, &r);
    if (rc > 0)
        h->whole = false;
    else if (!whole && h->n > 1)
        h->n--; /* cut off where the head ends */
    kh_reader_free(rows);
    return rc < 0 ? rc : KH_OK;
}

void kh_head_free(kh_head *h)
{
    if (h->arena)
        kh_arena_free(h->arena);
    kh_free(h->rows);
    *h = (kh_head){NULL, NULL, 0, 0, 0, false};
}

const char *kh_head_key(kh_head *h, size_t row, size_t column)
{
    if (row >= h->n || column >= h->rows[row].n)
        return "";
    kh_head_cell *c = &h->rows[row].cells[column];
    if (!c->key) {
        char *key = kh_heading_key(c->s, c->n);
        c->key = kh_arena_strdup(h->arena, key);
        kh_free(key);
    }
    return c->key;
}

char kh_head_declared_delimiter(const kh_buf *text, size_t *skip)
{
    const char *s = text->data;
    size_t n = text->len;
    *skip = 0;
    if (n < 5 || memcmp(s, "sep=", 4) != 0 || !strchr(",;\t|", s[4]) || s[4] == '\0')
        return 0;
    size_t i = 5;
    if (i < n && s[i] == '\r')
        i++;
    if (i < n && s[i] == '\n')
        i++;
    if (i == 5 && n > 5)
        return 0; /* "sep=,x": a line of data */
    *skip = i;
    return s[4];
}
