/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, taken as a return of some form, end with a result: values only of
 * the form's measures and of units that may be in it, every value from a line of
 * the file, findings within the file, and the copies for the sender can be made.
 */
#define FX_FUZZ
#include "../intake/fixture.h"

const unsigned char fuzz_corpus_heads[2] = {9, 4}; /* replay.c: first bytes for the files of tests/intake/corpus */

static kh_catalog *catalog;

static int row(void *ctx, void *script, kh_row *r, kh_out *o, kh_error *err)
{
    uint32_t column;
    (void)ctx;
    (void)script;
    if (kh_row_column(r, "Đơn vị", strlen("Đơn vị"), &column, err) != KH_OK)
        return KH_EUSAGE;
    kh_unit u = kh_row_unit(r, column, KH_NO_PERIOD);
    for (uint32_t j = 0; j < kh_row_columns(r); j++) {
        const char *text;
        size_t len;
        kh_row_text(r, j, &text, &len);
        kh_row_date(r, j);
        kh_dec d = kh_row_number(r, j, j % 2);
        if (u != KH_NO_UNIT && j != column && kh_out_number(o, 3, u, KH_NO_PERIOD, j % 3, d, err) != KH_OK)
            return KH_EUSAGE;
    }
    return KH_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kh_intake *in = NULL;
    kh_error err = KH_ERROR_INIT;
    if (n < 2)
        return 0;
    if (!catalog)
        catalog = fx_catalog();
    kh_intake_options o = fx_options();
    char name[32];
    o.form = catalog->forms[bytes[0] % catalog->n_forms].code;
    o.partial = bytes[1] & 1;
    o.row = (kh_row_hook){row, NULL};
    o.period = bytes[1] & 2 ? KH_NO_PERIOD : kh_period_make(catalog->forms[bytes[0] % catalog->n_forms].every, 2018, 1);
    o.sender = bytes[1] & 4 ? KH_NO_UNIT : kh_units_find(catalog->units, bytes[1] & 8 ? "183" : "20", fx_day("2018-06-30"));
    snprintf(name, sizeof name, "x.csv");
    fx_must(kh_intake_bytes(catalog, name, bytes + 2, n - 2, &o, &in, &err) == KH_OK);
    const kh_finding *all;
    size_t count = kh_findings_all(in->findings, &all);
    for (size_t i = 0; i < count; i++)
        fx_must(all[i].line <= n && all[i].text && all[i].code);
    fx_must(in->refused || kh_findings_count(in->findings, KH_ERROR) == 0 || o.partial);
    fx_must(in->rows_good + in->rows_refused == in->rows_read);
    size_t values = 0;
    for (char *v = fx_values(catalog, in), *p = v; v; p = strchr(p, '\n') + 1) {
        if (!*p) {
            kh_free(v);
            break;
        }
        values += 1;
        if (!strchr(p, '\n'))
            abort();
    }
    (void)values;
    kh_buf b = KH_BUF_INIT;
    fx_must(kh_intake_refused_csv(in, &b, &err) == KH_OK);
    kh_buf_free(&b);
    kh_intake_free(in);
    return 0;
}
