/* SPDX-License-Identifier: MIT */
/*
 * Any text is cut into the same records with the short cut and by libcsv alone,
 * read at once or in two parts; lines count up; records lie behind one another.
 */
#include "intake/stages.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

const unsigned char fuzz_corpus_heads[2] = {3, 2}; /* replay.c: first bytes for the files of tests/intake/corpus */

static void must(bool ok)
{
    if (!ok)
        abort();
}

typedef struct input { const char *s; size_t n, at, step; } input;

static int pull(void *ctx, kh_buf *out, kh_error *err)
{
    input *i = ctx;
    (void)err;
    size_t left = i->n - i->at, k = left < i->step ? left : i->step;
    kh_buf_add(out, i->s + i->at, k);
    i->at += k;
    return i->at < i->n;
}

/* Everything about every record, as bytes. */
static void dump(const char *s, size_t n, size_t step, bool libcsv, char delimiter, kh_buf *out)
{
    input i = {s, n, 0, step};
    kh_error err = KH_ERROR_INIT;
    kh_reader *r = kh_reader_new(pull, &i, delimiter);
    kh_record rec;
    uint64_t to = 0;
    uint32_t line = 0;
    int rc;
    if (libcsv)
        kh_reader_by_libcsv(r);
    while ((rc = kh_reader_next(r, &rec, &err)) > 0) {
        must(rec.from >= to && rec.to >= rec.from && rec.to <= n && rec.line > line);
        must(rec.n > 0 || rec.fault);
        to = rec.to;
        line = rec.line;
        kh_buf_printf(out, "%u %u %d %u %u %llu\n", rec.line, rec.n, rec.fault, rec.fault ? rec.fault_line : 0, rec.fault ? rec.fault_column : 0, (unsigned long long)rec.to);
        for (uint32_t k = 0; k < rec.n; k++) {
            must(rec.cells[k].line >= rec.line);
            kh_buf_printf(out, "%u %u:", rec.cells[k].line, rec.cells[k].n);
            kh_buf_add(out, rec.cells[k].s, rec.cells[k].n);
            kh_buf_char(out, '\n');
        }
    }
    must(rc == 0);
    kh_buf_printf(out, "%u", kh_reader_line(r));
    kh_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kh_buf a = KH_BUF_INIT, b = KH_BUF_INIT, c = KH_BUF_INIT;
    if (n < 2)
        return 0;
    char delimiter = ",;\t"[bytes[0] % 3];
    size_t step = bytes[1] ? bytes[1] : 1;
    const char *s = (const char *)bytes + 2;
    dump(s, n - 2, n, false, delimiter, &a);
    dump(s, n - 2, step, false, delimiter, &b);
    dump(s, n - 2, n, true, delimiter, &c);
    must(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
    must(a.len == c.len && memcmp(a.data, c.data, a.len) == 0);
    kh_buf_free(&a);
    kh_buf_free(&b);
    kh_buf_free(&c);
    return 0;
}
