/* SPDX-License-Identifier: MIT */
/*
 * Messy files with exact results: each tests/intake/corpus/NAME.expect says how
 * NAME.csv is imported, and what must come of it. Lines before "--" are options:
 *
 *   form CODE | period P | unit CODE | partial | encoding E | name FILE | from OTHER.csv
 *
 * Lines behind it are all findings, all values, and what else is worth saying:
 *
 *   finding LINE:COLUMN SEVERITY CODE [VALUE]
 *   value UNIT PERIOD MEASURE[:CUT] LINE VALUE
 *   refused | accepted | encoding E | sender CODE | for PERIOD | header LINE | rows READ GOOD REFUSED
 *
 * Findings and values are compared as a whole: one too many fails as one too few.
 */
#include "intake/fixture.h"

#include <dirent.h>

typedef struct expect {
    char *options[16]; size_t n_options;
    kh_buf findings, values;
    char *facts[16]; size_t n_facts;
} expect;

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    kh_buf b = KH_BUF_INIT;
    char block[4096];
    size_t k;
    if (!f)
        fail_msg("cannot open %s", path);
    while ((k = fread(block, 1, sizeof block, f)) > 0)
        kh_buf_add(&b, block, k);
    fclose(f);
    *n = b.len;
    kh_buf_cstr(&b);
    return kh_buf_take(&b);
}

static void take_line(expect *e, const char *line, bool results)
{
    if (!*line || *line == '#')
        return;
    if (!results)
        e->options[e->n_options++] = kh_strdup(line);
    else if (strncmp(line, "finding ", 8) == 0)
        kh_buf_printf(&e->findings, "%s\n", line + 8);
    else if (strncmp(line, "value ", 6) == 0)
        kh_buf_printf(&e->values, "%s\n", line + 6);
    else
        e->facts[e->n_facts++] = kh_strdup(line);
}

static void read_expect(const char *path, expect *e)
{
    size_t n;
    char *text = read_all(path, &n), *save = NULL;
    bool results = false;
    memset(e, 0, sizeof *e);
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (strcmp(line, "--") == 0)
            results = true;
        else
            take_line(e, line, results);
    }
    kh_buf_cstr(&e->findings);
    kh_buf_cstr(&e->values);
    kh_free(text);
}

static void free_expect(expect *e)
{
    for (size_t i = 0; i < e->n_options; i++)
        kh_free(e->options[i]);
    for (size_t i = 0; i < e->n_facts; i++)
        kh_free(e->facts[i]);
    kh_buf_free(&e->findings);
    kh_buf_free(&e->values);
}

/* The argument of an option or fact, or NULL. */
static const char *arg(char *const *lines, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (strncmp(lines[i], word, len) == 0 && (lines[i][len] == ' ' || lines[i][len] == '\0'))
            return lines[i][len] ? lines[i] + len + 1 : "";
    return NULL;
}

static char *findings_of(const kh_intake *in, const char *wanted)
{
    kh_buf b = KH_BUF_INIT;
    const kh_finding *all;
    size_t n = kh_findings_all(in->findings, &all);
    const char *w = wanted;
    for (size_t i = 0; i < n; i++) {
        /* A value is compared where the expectation names one. */
        char *line = kh_asprintf("%u:%u %s %s", all[i].line, all[i].column, kh_severity_name(all[i].severity), all[i].code);
        size_t len = strlen(line);
        kh_buf_str(&b, line);
        if (w && strncmp(w, line, len) == 0 && w[len] == ' ')
            kh_buf_printf(&b, " %s", all[i].value ? all[i].value : "");
        kh_buf_char(&b, '\n');
        w = w ? strchr(w, '\n') : NULL;
        w = w ? w + 1 : NULL;
        kh_free(line);
    }
    kh_buf_cstr(&b);
    return kh_buf_take(&b);
}

static int differ(const char *name, const char *what, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) == 0)
        return 0;
    print_error("%s: %s\n--- wanted\n%s--- got\n%s---\n", name, what, wanted, got);
    return 1;
}

static const char *code_of(const kh_catalog *c, kh_unit u)
{
    return u == KH_NO_UNIT ? "none" : kh_units_def(c->units, u)->code;
}

static int check_facts(const char *name, const kh_catalog *c, const kh_intake *in, const expect *e)
{
    int bad = 0;
    char rows[64], header[16], period[KH_PERIOD_TEXT];
    const char *v;
    snprintf(rows, sizeof rows, "%u %u %u", in->rows_read, in->rows_good, in->rows_refused);
    snprintf(header, sizeof header, "%u", in->header_line);
    kh_period_format(in->period, period);
    bad += differ(name, "outcome", in->refused ? "refused" : "accepted", arg(e->facts, e->n_facts, "refused") ? "refused" : "accepted");
    if ((v = arg(e->facts, e->n_facts, "encoding")))
        bad += differ(name, "encoding", in->encoding, v);
    if ((v = arg(e->facts, e->n_facts, "sender")))
        bad += differ(name, "sender", code_of(c, in->sender), v);
    if ((v = arg(e->facts, e->n_facts, "for")))
        bad += differ(name, "period", period, v);
    if ((v = arg(e->facts, e->n_facts, "header")))
        bad += differ(name, "header line", header, v);
    if ((v = arg(e->facts, e->n_facts, "rows")))
        bad += differ(name, "rows", rows, v);
    return bad;
}

static int check(kh_catalog *c, kh_intake_kept *kept, const char *dir, const char *stem)
{
    expect e;
    char *path = kh_asprintf("%s/%s.expect", dir, stem);
    read_expect(path, &e);
    kh_free(path);
    const char *from = arg(e.options, e.n_options, "from"), *name = arg(e.options, e.n_options, "name"), *unit = arg(e.options, e.n_options, "unit"),
               *period = arg(e.options, e.n_options, "period");
    char *own = kh_asprintf("%s.csv", stem);
    path = kh_asprintf("%s/%s", dir, from ? from : own);
    size_t n;
    char *bytes = read_all(path, &n);
    kh_intake_options o = fx_options();
    o.kept = kept;
    o.form = arg(e.options, e.n_options, "form");
    o.encoding = arg(e.options, e.n_options, "encoding");
    o.partial = arg(e.options, e.n_options, "partial") != NULL;
    o.period = period ? kh_period_parse(period, strlen(period)) : KH_NO_PERIOD;
    o.sender = unit ? kh_units_find(c->units, unit, fx_day("2018-06-30")) : KH_NO_UNIT;
    kh_intake *in = fx_read(c, name ? name : own, bytes, n, &o);
    char *findings = findings_of(in, e.findings.data), *values = fx_values(c, in);
    int bad = differ(stem, "findings", findings, e.findings.data) + differ(stem, "values", values, e.values.data) + check_facts(stem, c, in, &e);
    kh_free(findings);
    kh_free(values);
    kh_intake_free(in);
    kh_free(bytes);
    kh_free(path);
    kh_free(own);
    free_expect(&e);
    return bad;
}

static int is_expect(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot && strcmp(dot, ".expect") == 0;
}

/* How many files were checked; *bad: differences. */
static int check_all(kh_catalog *c, kh_intake_kept *kept, int *bad)
{
    struct dirent **list;
    const char *only = getenv("CORPUS"), *dir = TEST_SOURCE "/tests/intake/corpus";
    int n = scandir(dir, &list, is_expect, alphasort), done = 0;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        *strrchr(list[i]->d_name, '.') = '\0';
        if (!only || strstr(list[i]->d_name, only)) {
            *bad += check(c, kept, dir, list[i]->d_name);
            done++;
        }
        free(list[i]);
    }
    free(list);
    return done;
}

static void every_file_gives_exactly_its_values_and_findings(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    int bad = 0, done = check_all(c, NULL, &bad);
    kh_catalog_free(c);
    assert_true(getenv("CORPUS") || done >= 40);
    assert_int_equal(bad, 0);
}

/* All of them read one after the other, twice, with what each leaves for the next. */
static void what_is_kept_from_file_to_file_changes_nothing(void **state)
{
    (void)state;
    kh_catalog *c = fx_catalog();
    kh_intake_kept *kept = kh_intake_kept_new();
    int bad = 0;
    check_all(c, kept, &bad);
    check_all(c, kept, &bad);
    kh_intake_kept_free(kept);
    kh_catalog_free(c);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_gives_exactly_its_values_and_findings),
        cmocka_unit_test(what_is_kept_from_file_to_file_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
