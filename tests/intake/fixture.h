/* SPDX-License-Identifier: MIT */
/*
 * A small workspace made by hand, for the tests of intake: some units of Lạng
 * Sơn through a merger, a few measures, and forms of each shape.
 */
#ifndef KH_TEST_INTAKE_FIXTURE_H
#define KH_TEST_INTAKE_FIXTURE_H

#include "intake/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef FX_FUZZ /* fuzz targets have no cmocka */
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define fx_must(x) do { if (!(x)) abort(); } while (0)
#else
#include "cm.h"
#define fx_must(x) assert_true(x)
#endif

static inline void fx_ok(int rc, kh_error *err)
{
    if (rc != KH_OK)
        fprintf(stderr, "%s\n", err->text ? err->text : "failed");
    fx_must(rc == KH_OK);
}

static inline kh_day fx_day(const char *s)
{
    kh_day d = KH_DAY_MIN;
    if (*s)
        fx_must(kh_day_parse(s, strlen(s), &d));
    return d;
}

static inline void fx_unit(kh_catalog *c, const char *code, const char *name, const char *kind, const char *parent, const char *from, const char *to)
{
    kh_error err = KH_ERROR_INIT;
    kh_unit_def d = {.code = code, .name = name, .kind = kh_units_kind(c->units, kind), .parent_code = parent, .from = fx_day(from), .to = *to ? fx_day(to) : KH_DAY_MAX};
    kh_unit u;
    fx_must(d.kind != UINT32_MAX);
    fx_ok(kh_units_add(c->units, &d, &u, &err), &err);
}

static inline uint32_t fx_measure(kh_catalog *c, const char *code, const char *title, const char *unit, kh_type type)
{
    kh_error err = KH_ERROR_INIT;
    uint32_t i;
    kh_measure m = {.code = code, .title = title, .unit = unit, .type = type, .over_units = KH_AGG_SUM, .over_time = KH_AGG_SUM, .file = "measures.lua", .line = 1};
    fx_ok(kh_catalog_add(c, KH_DEF_MEASURE, &m, &i, &err), &err);
    return i;
}

static inline void *fx_copy(kh_catalog *c, const void *p, size_t n)
{
    void *q = kh_arena_alloc(c->arena, n);
    if (n)
        memcpy(q, p, n);
    return q;
}

/* Columns, reporters and texts are copied, so that literals on the stack will do. */
static inline uint32_t fx_form(kh_catalog *c, kh_form f, const kh_form_column *columns, size_t n)
{
    kh_error err = KH_ERROR_INIT;
    uint32_t i;
    f.columns = fx_copy(c, columns, n * sizeof *columns);
    f.n_columns = n;
    if (!f.measures) {
        uint32_t *m = kh_arena_alloc(c->arena, (n + 1) * sizeof *m);
        for (size_t k = 0; k < n; k++)
            if (columns[k].as == KH_AS_MEASURE)
                m[f.n_measures++] = columns[k].measure;
        f.measures = m;
    }
    f.file = "forms.lua";
    f.line = 1;
    fx_ok(kh_catalog_add(c, KH_DEF_FORM, &f, &i, &err), &err);
    return i;
}

enum fx_form_index { FX_DB01, FX_NS01, FX_DQ01, FX_LONG, FX_NV01, FX_MONTH, FX_GT01, FX_SCRIPT, FX_TQ01 };

static inline void fx_units_of(kh_catalog *c)
{
    static const struct { const char *code, *name, *kind, *parent, *from, *to; } units[] = {
        {"20", "Lạng Sơn", "tinh", NULL, "", ""},
        {"178", "Lạng Sơn", "thanh-pho", "20", "", ""},
        {"180", "Tràng Định", "huyen", "20", "", ""},
        {"181", "Bình Gia", "huyen", "20", "", ""},
        {"183", "Cao Lộc", "huyen", "20", "", ""},
        {"188", "Đình Lập", "huyen", "20", "", ""},
        {"05977", "Hoàng Văn Thụ", "phuong", "178", "", ""},
        {"06064", "Bình Gia", "thi-tran", "181", "", "2019-12-31"},
        {"06112", "Bình Gia", "thi-tran", "181", "2020-01-01", ""},
        {"06073", "Quý Hòa", "xa", "181", "", ""},
        {"06076", "Hòa Bình", "xa", "181", "", ""},
        {"06184", "Đồng Đăng", "thi-tran", "183", "", ""},
        {"06187", "Cao Lộc", "thi-tran", "183", "", ""},
        {"06190", "Bảo Lâm", "xa", "183", "", ""},
        {"06205", "Hòa Cư", "xa", "183", "", ""},
        {"06613", "Đình Lập", "thi-tran", "188", "", ""},
        {"06616", "Đình Lập", "xa", "188", "", ""},
        {"stc", "Sở Tài chính", "agency", "20", "", ""},
    };
    for (size_t i = 0; i < COUNT(units); i++)
        fx_unit(c, units[i].code, units[i].name, units[i].kind, units[i].parent, units[i].from, units[i].to);
}

static inline kh_catalog *fx_catalog(void)
{
    static const char *const districts[] = {"district"}, *const communes[] = {"commune"}, *const any[] = {"district", "agency"}, *const provinces[] = {"province"};
    static const char *const totals[] = {"Tổng cộng", "Cộng"}, *const groups[] = {"Khối xã", "Khối phường"}, *const notes[] = {"Ghi chú", "Người lập biểu"};
    static const char *const states[] = {"done", "late", "open"}, *const state_titles[] = {"Hoàn thành", "Chậm", "Đang làm"};
    static const char *const also[] = {"Tổng số"};
    kh_catalog *c = kh_catalog_new();
    kh_error err = KH_ERROR_INIT;
    kh_selector *of_districts = fx_copy(c, &(kh_selector){.kinds = districts, .n_kinds = 1}, sizeof(kh_selector));
    kh_selector *of_communes = fx_copy(c, &(kh_selector){.kinds = communes, .n_kinds = 1}, sizeof(kh_selector));
    kh_selector *of_any = fx_copy(c, &(kh_selector){.kinds = any, .n_kinds = 2}, sizeof(kh_selector));
    kh_selector *of_provinces = fx_copy(c, &(kh_selector){.kinds = provinces, .n_kinds = 1}, sizeof(kh_selector));
    (void)of_communes;
    fx_units_of(c);
    uint32_t gender = kh_cuts_add_category(c->cuts, "gender", "Giới tính", "cuts.lua", 1);
    kh_cuts_add_option(c->cuts, gender, "male", "Nam");
    kh_cuts_add_option(c->cuts, gender, "female", "Nữ");
    uint32_t group = kh_cuts_add_category(c->cuts, "group", "Nhóm", "cuts.lua", 2);
    for (int i = 1; i <= 4; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", i);
        kh_cuts_add_option(c->cuts, group, code, NULL);
    }
    kh_cut male = kh_cut_parse(c->cuts, "gender=male", 11, &err), female = kh_cut_parse(c->cuts, "gender=female", 13, &err);
    uint32_t registered = fx_measure(c, "registered", "Quân nhân dự bị đã đăng ký", "người", KH_INTEGER);
    uint32_t matched = fx_measure(c, "matched", "Xếp đúng chuyên nghiệp", "người", KH_INTEGER);
    uint32_t spent = fx_measure(c, "spent", "Kinh phí đã chi", "đồng", KH_MONEY);
    uint32_t area = fx_measure(c, "area", "Diện tích", "ha", KH_NUMBER);
    uint32_t rate = fx_measure(c, "rate", "Tỷ lệ", "%", KH_NUMBER);
    uint32_t strength = fx_measure(c, "strength", "Quân số dân quân", "người", KH_INTEGER);
    uint32_t state = fx_measure(c, "state", "Tình trạng", "", KH_CHOICE);
    uint32_t words = fx_measure(c, "words", "Thuyết minh", "", KH_TEXT);
    uint32_t done = fx_measure(c, "held", "Đã tổ chức", "", KH_YESNO);
    c->measures[rate].over_units = KH_AGG_NONE;
    c->measures[registered].has_min = c->measures[registered].has_max = true;
    c->measures[registered].max = 1000000;
    c->measures[state].choices = states;
    c->measures[state].choice_titles = state_titles;
    c->measures[state].n_choices = 3;
    c->measures[words].max_length = 20;
    /* FX_DB01: by districts, each half-year; units below the sender */
    kh_form_column db01[] = {
        {.heading = "STT", .as = KH_AS_SKIP, .optional = true},
        {.heading = "Đơn vị", .as = KH_AS_UNIT},
        {.heading = "Tổng số QNDB đã đăng ký", .also = also, .n_also = 1, .as = KH_AS_MEASURE, .measure = registered},
        {.heading = "Số xếp đúng chuyên nghiệp QS", .as = KH_AS_MEASURE, .measure = matched},
        {.heading = "Tỷ lệ", .as = KH_AS_MEASURE, .measure = rate, .optional = true},
    };
    fx_form(c, (kh_form){.code = "DB-01", .title = "Quân nhân dự bị", .every = KH_HALF, .reporters = of_districts, .n_reporters = 1, .totals = totals, .n_totals = 2,
                         .groups = groups, .n_groups = 2, .notes = notes, .n_notes = 2}, db01, COUNT(db01));
    /* FX_NS01: money in million đồng, and areas; sent by anyone, no unit column */
    kh_form_column ns01[] = {
        {.heading = "Kinh phí (triệu đồng)", .as = KH_AS_MEASURE, .measure = spent, .factor10 = 6},
        {.heading = "Diện tích (ha)", .as = KH_AS_MEASURE, .measure = area},
        {.heading = "Ghi chú", .as = KH_AS_MEASURE, .measure = words, .optional = true},
    };
    fx_form(c, (kh_form){.code = "NS-01", .title = "Ngân sách", .every = KH_YEAR, .reporters = of_any, .n_reporters = 1}, ns01, COUNT(ns01));
    /* FX_DQ01: merged headings, a sum */
    kh_form_column dq01[] = {
        {.heading = "Đơn vị", .as = KH_AS_UNIT},
        {.heading = "Quân số", .as = KH_AS_MEASURE, .measure = strength, .sum_of = "Trong đó/Nam + Trong đó/Nữ"},
        {.heading = "Trong đó/Nam", .as = KH_AS_MEASURE, .measure = strength, .cut = male},
        {.heading = "Trong đó/Nữ", .as = KH_AS_MEASURE, .measure = strength, .cut = female},
    };
    fx_form(c, (kh_form){.code = "DQ-01", .title = "Dân quân", .every = KH_QUARTER, .reporters = of_districts, .n_reporters = 1}, dq01, COUNT(dq01));
    /* FX_LONG: unit, period, measure, gender, value; any period */
    uint32_t all[] = {registered, matched, spent, area, strength};
    kh_form_column longc[] = {
        {.heading = "unit", .as = KH_AS_UNIT},
        {.heading = "period", .as = KH_AS_PERIOD},
        {.heading = "measure", .as = KH_AS_MEASURE_CODE},
        {.heading = "gender", .as = KH_AS_OPTION, .category = gender, .optional = true},
        {.heading = "value", .as = KH_AS_VALUE, .style = KH_STYLE_PLAIN},
    };
    fx_form(c, (kh_form){.code = "LONG", .title = "Dạng dài", .every = KH_MONTH, .reporters = of_provinces, .n_reporters = 1, .measures = fx_copy(c, all, sizeof all), .n_measures = COUNT(all)},
            longc, COUNT(longc));
    /* FX_NV01: words */
    kh_form_column nv01[] = {
        {.heading = "Đơn vị", .as = KH_AS_UNIT},
        {.heading = "Tình trạng", .as = KH_AS_MEASURE, .measure = state, .required = true},
        {.heading = "Thuyết minh", .as = KH_AS_MEASURE, .measure = words},
        {.heading = "Đã tổ chức", .as = KH_AS_MEASURE, .measure = done},
    };
    fx_form(c, (kh_form){.code = "NV-01", .title = "Nhiệm vụ", .every = KH_QUARTER, .reporters = of_districts, .n_reporters = 1}, nv01, COUNT(nv01));
    /* FX_MONTH: each month, blanks by rule, numbers by evidence */
    kh_form_column month[] = {
        {.heading = "Xã", .as = KH_AS_UNIT},
        {.heading = "Diện tích", .as = KH_AS_MEASURE, .measure = area, .dash = KH_EMPTY_ZERO, .dots = KH_EMPTY_MISSING, .blank = KH_EMPTY_ERROR},
        {.heading = "Diện tích 2", .as = KH_AS_MEASURE, .measure = area, .cut = male, .optional = true},
        {.heading = "Kinh phí", .as = KH_AS_MEASURE, .measure = spent, .optional = true},
    };
    fx_form(c, (kh_form){.code = "M-01", .title = "Hằng tháng", .every = KH_MONTH, .reporters = of_districts, .n_reporters = 1, .file_pattern = "M-01 {period} {unit}.csv"}, month, COUNT(month));
    /* FX_GT01: options by column */
    kh_form_column gt01[] = {
        {.heading = "Đơn vị", .as = KH_AS_UNIT},
        {.heading = "Giới tính", .as = KH_AS_OPTION, .category = gender},
        {.heading = "Quân số", .as = KH_AS_MEASURE, .measure = strength},
    };
    fx_form(c, (kh_form){.code = "GT-01", .title = "Theo giới tính", .every = KH_QUARTER, .reporters = of_districts, .n_reporters = 1}, gt01, COUNT(gt01));
    /* FX_SCRIPT: no columns; a row function reads */
    static char row[] = "row";
    uint32_t *script_measures = fx_copy(c, &(uint32_t[]){registered, area}, 2 * sizeof(uint32_t));
    fx_form(c, (kh_form){.code = "S-01", .title = "Bằng script", .every = KH_QUARTER, .reporters = of_districts, .n_reporters = 1, .header_rows = 2, .script = row,
                         .measures = script_measures, .n_measures = 2}, NULL, 0);
    /* FX_TQ01: sender only, declared style */
    kh_form_column tq01[] = {
        {.heading = "Chỉ tiêu", .as = KH_AS_MEASURE, .measure = registered},
        {.heading = "Diện tích", .as = KH_AS_MEASURE, .measure = area},
    };
    fx_form(c, (kh_form){.code = "TQ-01", .title = "Tuyển quân", .every = KH_YEAR, .reporters = of_districts, .n_reporters = 1, .style = KH_STYLE_VI}, tq01, COUNT(tq01));
    fx_ok(kh_catalog_seal(c, &err), &err);
    return c;
}

static inline kh_intake_options fx_options(void)
{
    return (kh_intake_options){.sender = KH_NO_UNIT, .received = "2018-07-10T00:00:00Z", .by = "test"};
}

/* Findings, one a line: "line:column severity CODE value". */
static inline char *fx_findings(const kh_intake *in)
{
    kh_buf b = KH_BUF_INIT;
    const kh_finding *all;
    size_t n = kh_findings_all(in->findings, &all);
    for (size_t i = 0; i < n; i++)
        kh_buf_printf(&b, "%u:%u %s %s\n", all[i].line, all[i].column, kh_severity_name(all[i].severity), all[i].code);
    kh_buf_cstr(&b);
    return kh_buf_take(&b);
}

static inline int fx_by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Values, one a line, in order of their text: "unit period measure cut line value". */
static inline char *fx_values(const kh_catalog *c, const kh_intake *in)
{
    char **lines = NULL;
    size_t n = 0, cap = 0;
    const kh_return *r = in->ret;
    for (size_t g = 0; r && g < r->n_rows; g++)
        for (uint32_t i = 0; i < r->rows[g].n; i++)
            for (uint32_t k = 0; k < r->n_columns; k++) {
                const kh_page *page = kh_return_page(r, (uint32_t)g, k, i / KH_CHUNK);
                if (!page || page->m[i % KH_CHUNK] == KH_MISSING)
                    continue;
                char period[KH_PERIOD_TEXT], number[KH_DEC_TEXT];
                kh_period_format(r->rows[g].period, period);
                kh_dec_format((kh_dec){page->m[i % KH_CHUNK], page->scale[i % KH_CHUNK]}, number);
                uint32_t line = r->rows[g].line[i] + (page->lines ? (uint32_t)page->lines[i % KH_CHUNK] : 0);
                const char *cut = kh_cut_key(c->cuts, r->columns[k].cut);
                KH_PUSH(lines, n, cap) = kh_asprintf("%s %s %s%s%s %u %s", kh_units_def(c->units, r->rows[g].unit[i])->code, period, c->measures[r->columns[k].measure].code, *cut ? ":" : "", cut,
                                                     line, r->columns[k].text ? r->texts + page->m[i % KH_CHUNK] : number);
            }
    if (n)
        qsort(lines, n, sizeof *lines, fx_by_text);
    kh_buf b = KH_BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        kh_buf_printf(&b, "%s\n", lines[i]);
        kh_free(lines[i]);
    }
    kh_free(lines);
    kh_buf_cstr(&b);
    return kh_buf_take(&b);
}

static inline kh_intake *fx_read(kh_catalog *c, const char *name, const char *text, size_t n, const kh_intake_options *o)
{
    kh_error err = KH_ERROR_INIT;
    kh_intake *in = NULL;
    kh_intake_options plain = fx_options();
    fx_ok(kh_intake_bytes(c, name, text, n, o ? o : &plain, &in, &err), &err);
    return in;
}

#endif
