/* SPDX-License-Identifier: MIT */
#include "intake/stages.h"

#include "base/mem.h"
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* "LINE:[a|b]" for each record, "!" and the place for a faulty one. */
static char *records(const char *s, size_t n, size_t step, bool libcsv)
{
    input i = {s, n, 0, step};
    kh_error err = KH_ERROR_INIT;
    kh_reader *r = kh_reader_new(pull, &i, ',');
    kh_record rec;
    kh_buf b = KH_BUF_INIT;
    if (libcsv)
        kh_reader_by_libcsv(r);
    while (kh_reader_next(r, &rec, &err) > 0) {
        kh_buf_printf(&b, "%u:", rec.line);
        if (rec.fault)
            kh_buf_printf(&b, "!%d@%u:%u ", rec.fault, rec.fault_line, rec.fault_column);
        kh_buf_char(&b, '[');
        for (uint32_t k = 0; k < rec.n; k++) {
            kh_buf_printf(&b, "%s", k ? "|" : "");
            if (rec.cells[k].line != rec.line)
                kh_buf_printf(&b, "(%u)", rec.cells[k].line);
            kh_buf_add(&b, rec.cells[k].s, rec.cells[k].n);
        }
        kh_buf_str(&b, "] ");
    }
    kh_reader_free(r);
    kh_buf_cstr(&b);
    return kh_buf_take(&b);
}

enum { OPEN = KH_RECORD_QUOTE_OPEN, STRAY = KH_RECORD_QUOTE_STRAY };

static void cells_lines_and_faults_are_exact(void **state)
{
    (void)state;
    static const struct { const char *text, *records; } rows[] = {
        {"", ""},
        {"a,b", "1:[a|b] "},
        {"a,b\n", "1:[a|b] "},
        {"a,b\r\nc\r\n", "1:[a|b] 2:[c] "},
        {"a\rb\r", "1:[a] 2:[b] "},
        {"a\r\n\nb\n\rc", "1:[a] 3:[b] 5:[c] "},
        {",\n", "1:[|] "},
        {"a,\n,b", "1:[a|] 2:[|b] "},
        {" a , b \n", "1:[ a | b ] "},           /* blanks are kept */
        {"\"a,b\",c\n", "1:[a,b|c] "},
        {"\"a\"\"b\"\n", "1:[a\"b] "},
        {"\"\"\n", "1:[] "},                      /* one cell, empty: a record */
        {"\"a\nb\",c,\"d\"\ne\n", "1:[a\nb|(2)c|(2)d] 3:[e] "},
        {"x,\"a\r\nb\r\nc\"\r\ny\r\n", "1:[x|a\r\nb\r\nc] 4:[y] "},
        {"\"a\rb\"\rc", "1:[a\rb] 3:[c] "},
        {"\"a", "1:!1@1:1 [] "},
        {"x,\"a\ny\nz", "1:!1@1:2 [x] 2:[y] 3:[z] "},
        {"x\na,\"b\n\"c\",d\n", "1:[x] 2:!1@2:2 [a] 3:[c|d] "}, /* reported where it opens, though another quote came */
        {"\"a\nb\",\"c\nd\n", "1:!1@2:2 [a\nb] 3:[d] "},         /* the second cell opens on line 2 */
        {"a\"b,c\nd\n", "1:!2@1:1 [] 2:[d] "},
        {"\"a\"b\nd\n", "1:!2@1:1 [] 2:[d] "},
        {"a,\"b\" \nd\n", "1:!2@1:2 [a] 2:[d] "},                /* a blank behind the closing quote is not forgiven */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t step = 1; step <= 40; step += step < 8 ? 1 : 16)
            for (int libcsv = 0; libcsv < 2; libcsv++) {
                char *got = records(rows[i].text, strlen(rows[i].text), step, libcsv);
                if (strcmp(got, rows[i].records) != 0)
                    fail_msg("\"%s\" by %zu%s: %s, not %s", rows[i].text, step, libcsv ? " through libcsv" : "", got, rows[i].records);
                kh_free(got);
            }
}

static void a_cell_of_a_megabyte_is_exact(void **state)
{
    (void)state;
    kh_buf in = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    kh_record rec;
    for (int quoted = 0; quoted < 2; quoted++) {
        kh_buf_clear(&in);
        kh_buf_str(&in, quoted ? "a,\"" : "a,");
        for (int i = 0; i < 1 << 20; i++)
            kh_buf_char(&in, quoted && i % 100 == 99 ? '\n' : 'x');
        kh_buf_str(&in, quoted ? "\",b\nc\n" : ",b\nc\n");
        input i = {in.data, in.len, 0, 65536};
        kh_reader *r = kh_reader_new(pull, &i, ',');
        assert_int_equal(kh_reader_next(r, &rec, &err), 1);
        assert_int_equal(rec.n, 3);
        assert_int_equal(rec.cells[1].n, 1 << 20);
        assert_int_equal(rec.cells[2].n, 1);
        assert_int_equal(kh_reader_next(r, &rec, &err), 1);
        assert_int_equal(rec.line, quoted ? 2 + (1 << 20) / 100 : 2);
        assert_int_equal(kh_reader_next(r, &rec, &err), 0);
        kh_reader_free(r);
    }
    kh_buf_free(&in);
}

/* What is too long is given up at a bound, and the line after it is read. */
static void a_record_without_end_does_not_fill_the_memory(void **state)
{
    (void)state;
    kh_buf in = KH_BUF_INIT;
    kh_error err = KH_ERROR_INIT;
    kh_record rec;
    for (int quoted = 0; quoted < 2; quoted++) {
        kh_buf_clear(&in);
        kh_buf_str(&in, quoted ? "a,\"" : "a,");
        for (int i = 0; i < KH_RECORD_MOST + (1 << 20); i++)
            kh_buf_char(&in, 'x');
        kh_buf_str(&in, "\nc\n");
        input i = {in.data, in.len, 0, 65536};
        kh_reader *r = kh_reader_new(pull, &i, ',');
        assert_int_equal(kh_reader_next(r, &rec, &err), 1);
        assert_int_equal(rec.fault, quoted ? KH_RECORD_QUOTE_OPEN : KH_RECORD_TOO_LONG);
        assert_int_equal(rec.fault_line, 1);
        assert_int_equal(kh_reader_next(r, &rec, &err), 1);
        assert_int_equal(rec.line, 2);
        assert_int_equal(rec.cells[0].n, 1);
        assert_int_equal(kh_reader_next(r, &rec, &err), 0);
        kh_reader_free(r);
    }
    kh_buf_free(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_lines_and_faults_are_exact),
        cmocka_unit_test(a_cell_of_a_megabyte_is_exact),
        cmocka_unit_test(a_record_without_end_does_not_fill_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
