/* SPDX-License-Identifier: MIT */
/*
 * The blank return of a form: title lines that say sender and period, the titles
 * as the form has them (merged ones in rows of their own), a row for each unit
 * that the sender reports on, with its code, and what the form sums. The same
 * form accepts it when it comes back filled in; a test proves it.
 *
 * The titles are Vietnamese whatever the language of the program, as the forms are.
 */
#include "intake/blank.h"

#include "base/msg.h"
#include "intake/work.h"

#include <stdio.h>
#include <string.h>

kh_blank_cell *kh_blank_at(const kh_blank_form *b, size_t row, size_t column)
{
    return &b->cells[row * b->n_columns + column];
}

void kh_blank_free(kh_blank_form *b)
{
    if (b->arena)
        kh_arena_free(b->arena);
    kh_free(b->columns);
    kh_free(b->cells);
    *b = (kh_blank_form){.arena = NULL};
}

static size_t add_row(kh_blank_form *b)
{
    if (b->n_rows == b->cap_rows) {
        b->cap_rows = b->cap_rows ? b->cap_rows * 2 : 64;
        b->cells = kh_realloc(b->cells, b->cap_rows * b->n_columns, sizeof *b->cells);
    }
    for (size_t j = 0; j < b->n_columns; j++)
        *kh_blank_at(b, b->n_rows, j) = (kh_blank_cell){KH_CELL_NONE, ""};
    return b->n_rows++;
}

static void set(kh_blank_form *b, size_t row, size_t column, kh_blank_cell_kind kind, const char *text)
{
    *kh_blank_at(b, row, column) = (kh_blank_cell){kind, kh_arena_strdup(b->arena, text)};
}

/* ---- columns ---- */

static bool is_code_title(const char *heading)
{
    char *key = kh_heading_key(heading, strlen(heading));
    bool code = strncmp(key, "mã", strlen("mã")) == 0;
    kh_free(key);
    return code;
}

/* A form that has the unit's code in a column of its own needs no other. */
static bool wants_code(const kh_form *f)
{
    size_t units = 0;
    for (size_t i = 0; i < f->n_columns; i++)
        units += f->columns[i].as == KH_AS_UNIT ? (is_code_title(f->columns[i].heading) ? 2 : 1) : 0;
    return units == 1;
}

static uint32_t column_called(const kh_blank_form *b, const char *s, size_t n)
{
    char *key = kh_heading_key(s, n);
    uint32_t found = UINT32_MAX;
    for (uint32_t j = 0; j < b->n_columns && found == UINT32_MAX; j++) {
        char *own = b->columns[j].def ? kh_heading_key(b->columns[j].def->heading, strlen(b->columns[j].def->heading)) : NULL;
        if (own && strcmp(own, key) == 0)
            found = j;
        kh_free(own);
    }
    kh_free(key);
    return found;
}

static void find_parts(kh_blank_form *b, kh_blank_column *c)
{
    uint32_t *parts = kh_arena_alloc(b->arena, (b->n_columns + 1) * sizeof *parts);
    for (const char *s = c->def->sum_of; *s;) {
        size_t n = strcspn(s, "+");
        uint32_t j = column_called(b, s, n);
        if (j == UINT32_MAX || c->n_parts == b->n_columns) {
            c->n_parts = 0;
            return;
        }
        parts[c->n_parts++] = j;
        s += n + (s[n] == '+');
    }
    c->parts = parts;
}

static void lay_columns(kh_blank_form *b)
{
    const kh_form *f = b->form;
    bool code = wants_code(f);
    b->columns = kh_zalloc(f->n_columns + 2, sizeof *b->columns);
    for (size_t i = 0; i < f->n_columns; i++) {
        const kh_form_column *def = &f->columns[i];
        if (def->as == KH_AS_UNIT && code)
            b->columns[b->n_columns++] = (kh_blank_column){NULL, UINT32_MAX, NULL, 0};
        b->columns[b->n_columns++] = (kh_blank_column){def, def->as == KH_AS_MEASURE ? def->measure : UINT32_MAX, NULL, 0};
    }
    for (size_t j = 0; j < b->n_columns; j++)
        if (b->columns[j].def && b->columns[j].def->sum_of)
            find_parts(b, &b->columns[j]);
}

/* ---- titles ---- */

static const char *const code_title = "Mã đơn vị";

static const char *title_at(const kh_blank_form *b, size_t j)
{
    return b->columns[j].def ? b->columns[j].def->heading : code_title;
}

static size_t depth_of(const char *heading)
{
    size_t n = 1;
    for (const char *s = heading; (s = strchr(s, '/')) != NULL; s++)
        n++;
    return n;
}

/* Part `k` of "Trong đó/Nữ"; NULL beyond the last. */
static const char *part_of(const char *heading, size_t k, size_t *n)
{
    const char *s = heading;
    while (k-- > 0) {
        s = strchr(s, '/');
        if (!s)
            return NULL;
        s++;
    }
    *n = strcspn(s, "/");
    return s;
}

/* The parts above row k are the same as those of the column before: one merged title spans both. */
static bool same_above(const kh_blank_form *b, size_t j, size_t k)
{
    size_t n, m;
    if (j == 0)
        return false;
    for (size_t i = 0; i <= k; i++) {
        const char *mine = part_of(title_at(b, j), i, &n), *left = part_of(title_at(b, j - 1), i, &m);
        if (!mine || !left || n != m || memcmp(mine, left, n) != 0)
            return false;
    }
    return part_of(title_at(b, j), k + 1, &n) && part_of(title_at(b, j - 1), k + 1, &n);
}

/* Titles deeper than what a header may have stay one cell with its '/'. */
static void lay_header(kh_blank_form *b)
{
    size_t depth = 1;
    for (size_t j = 0; j < b->n_columns; j++)
        if (depth_of(title_at(b, j)) > depth)
            depth = depth_of(title_at(b, j));
    if (b->form->header_rows > 0)
        depth = (size_t)b->form->header_rows;
    bool flat = depth > 3;
    b->head = b->n_rows;
    b->head_rows = flat ? 1 : depth;
    for (size_t k = 0; k < b->head_rows; k++) {
        size_t row = add_row(b);
        for (size_t j = 0; j < b->n_columns; j++) {
            size_t n;
            const char *part = flat ? title_at(b, j) : part_of(title_at(b, j), k, &n);
            set(b, row, j, KH_CELL_HEAD, "");
            if (part && (flat || !same_above(b, j, k)))
                kh_blank_at(b, row, j)->text = flat ? part : kh_arena_strndup(b->arena, part, n);
        }
    }
}

static void lay_titles(kh_blank_form *b, kh_catalog *c, kh_unit sender, kh_period p)
{
    char text[300], title[200] = "", label[100] = "";
    snprintf(text, sizeof text, "%s%s%s", b->form->code, b->form->title ? ": " : "", b->form->title ? b->form->title : "");
    set(b, add_row(b), 0, KH_CELL_TITLE, text);
    if (sender != KH_NO_UNIT)
        kh_units_title(c->units, sender, KH_LANG_VI, title, sizeof title);
    snprintf(text, sizeof text, "Đơn vị báo cáo: %s", title);
    set(b, add_row(b), 0, KH_CELL_TITLE, text);
    kh_period_label(p, KH_LANG_VI, label, sizeof label);
    snprintf(text, sizeof text, "Kỳ báo cáo: %s", label);
    set(b, add_row(b), 0, KH_CELL_TITLE, text);
}

/* ---- rows ---- */

static bool covered(const kh_catalog *c, const kh_selector *s, size_t n, kh_unit u, kh_day at)
{
    for (size_t i = 0; i < n; i++)
        if (kh_selector_has(c->units, &s[i], u, at))
            return true;
    return false;
}

/* Units in the order of the tree: those that the form covers, below the sender; else the sender, or all reporters. */
static kh_unit *units_of(kh_catalog *c, const kh_form *f, kh_unit sender, kh_day at, size_t *n)
{
    const kh_tree *t = kh_units_at(c->units, at);
    kh_unit *out = kh_alloc((t->n + 1) * sizeof *out);
    const kh_selector *s = f->n_covers ? f->covers : f->reporters;
    size_t count = f->n_covers ? f->n_covers : f->n_reporters;
    *n = 0;
    for (size_t i = 0; i < t->n; i++) {
        kh_unit u = t->unit[i];
        bool mine = sender == KH_NO_UNIT || u == sender || (f->n_covers && kh_units_within(c->units, u, sender, at));
        if (mine && (covered(c, s, count, u, at) || (u == sender && !f->n_covers)))
            out[(*n)++] = u;
    }
    return out;
}

/* Each row names its measure. */
static bool is_long(const kh_form *f)
{
    bool named = false;
    for (size_t i = 0; i < f->n_columns; i++)
        named |= f->columns[i].as == KH_AS_MEASURE_CODE;
    return named;
}

/* People read an option's title, programs its code: in a long form, and where the column is for codes. */
static const char *option_text(const kh_form *f, const kh_form_column *def, const kh_option *o)
{
    return o->title && !is_code_title(def->heading) && !is_long(f) ? o->title : o->code;
}

typedef struct filler { kh_catalog *c; kh_blank_form *b; kh_period period; const char *code, *name; char title[200]; kh_cut_part options[16]; } filler; /* title: room for the name */

static void fill_row(filler *x, uint32_t measure)
{
    kh_blank_form *b = x->b;
    size_t row = add_row(b), option = 0;
    const kh_category *categories;
    char period[KH_PERIOD_TEXT];
    kh_period_format(x->period, period);
    kh_cuts_categories(x->c->cuts, &categories);
    for (size_t j = 0; j < b->n_columns; j++) {
        const kh_form_column *def = b->columns[j].def;
        if (!def) {
            set(b, row, j, KH_CELL_FIXED, x->code);
            continue;
        }
        switch (def->as) {
        case KH_AS_UNIT: set(b, row, j, KH_CELL_FIXED, is_code_title(def->heading) ? x->code : x->name); break;
        case KH_AS_PERIOD: set(b, row, j, *period ? KH_CELL_FIXED : KH_CELL_INPUT, period); break;
        case KH_AS_MEASURE_CODE: set(b, row, j, KH_CELL_FIXED, measure == UINT32_MAX ? "" : x->c->measures[measure].code); break;
        case KH_AS_OPTION: set(b, row, j, KH_CELL_FIXED, option_text(b->form, def, &categories[def->category].options[x->options[option++].option])); break;
        case KH_AS_MEASURE: set(b, row, j, b->columns[j].n_parts ? KH_CELL_SUM : KH_CELL_INPUT, ""); break;
        default: set(b, row, j, KH_CELL_INPUT, ""); break;
        }
    }
}

/* A row for each measure that a long form carries, or one row. */
static void fill_measures(filler *x)
{
    const kh_form *f = x->b->form;
    if (!is_long(f))
        fill_row(x, UINT32_MAX);
    for (size_t i = 0; is_long(f) && i < f->n_measures; i++)
        fill_row(x, f->measures[i]);
}

/* A row for each combination of the options that the form has columns for, from its `from`th column on. */
static void fill_options(filler *x, size_t from, size_t option)
{
    const kh_form *f = x->b->form;
    const kh_category *categories;
    kh_cuts_categories(x->c->cuts, &categories);
    size_t i = from;
    while (i < f->n_columns && f->columns[i].as != KH_AS_OPTION)
        i++;
    if (i == f->n_columns || option == 16) {
        fill_measures(x);
        return;
    }
    for (uint32_t k = 0; k < categories[f->columns[i].category].n_options; k++) {
        x->options[option] = (kh_cut_part){f->columns[i].category, k};
        fill_options(x, i + 1, option + 1);
    }
}

static bool has_units(const kh_form *f)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].as == KH_AS_UNIT)
            return true;
    return false;
}

/* ---- rows that the form lists ---- */

/* {unit}, {code} and {n} in a row's text. */
static const char *expand(filler *x, const char *text, size_t number)
{
    kh_buf out = KH_BUF_INIT;
    while (*text) {
        if (strncmp(text, "{unit}", 6) == 0) {
            kh_buf_str(&out, x->name);
            text += 6;
        } else if (strncmp(text, "{code}", 6) == 0) {
            kh_buf_str(&out, x->code);
            text += 6;
        } else if (strncmp(text, "{n}", 3) == 0) {
            kh_buf_printf(&out, "%zu", number);
            text += 3;
        } else
            kh_buf_char(&out, *text++);
    }
    const char *own = kh_arena_strdup(x->b->arena, kh_buf_cstr(&out));
    kh_buf_free(&out);
    return own;
}

static void fill_listed(filler *x, const kh_form_row *listed, size_t number)
{
    kh_blank_form *b = x->b;
    size_t row = add_row(b);
    for (size_t j = 0; j < b->n_columns; j++) {
        const kh_form_column *def = b->columns[j].def;
        const char *text = def ? listed->texts[def - b->form->columns] : NULL;
        if (text || !def)
            set(b, row, j, KH_CELL_FIXED, text ? expand(x, text, number) : x->code);
        else
            set(b, row, j, b->columns[j].n_parts ? KH_CELL_SUM : KH_CELL_INPUT, "");
    }
}

static bool is_kind(const kh_catalog *c, const char *kind, kh_unit u, kh_day at)
{
    kh_selector s = {.kinds = &kind, .n_kinds = 1};
    return kh_selector_has(c->units, &s, u, at);
}

static void name_unit(filler *x, kh_unit u)
{
    x->title[0] = '\0';
    if (u != KH_NO_UNIT)
        kh_units_title(x->c->units, u, KH_LANG_VI, x->title, sizeof x->title);
    x->name = x->title;
    x->code = u == KH_NO_UNIT ? "" : kh_units_def(x->c->units, u)->code;
}

static void fill_each(filler *x, const kh_form_row *listed, kh_unit sender, kh_day at)
{
    const kh_tree *t = kh_units_at(x->c->units, at);
    size_t number = 0;
    /* A sender that has no units of its own (an agency) reports on those of the whole. */
    for (int whole = 0; whole < 2 && number == 0; whole++)
        for (size_t i = 0; i < t->n; i++) {
            kh_unit u = t->unit[i];
            if (!is_kind(x->c, listed->each, u, at) || (!whole && sender != KH_NO_UNIT && !kh_units_within(x->c->units, u, sender, at)))
                continue;
            name_unit(x, u);
            fill_listed(x, listed, ++number);
        }
}

static void lay_listed(filler *x, kh_unit sender, kh_day at)
{
    const kh_form *f = x->b->form;
    for (size_t i = 0; i < f->n_rows; i++) {
        const kh_form_row *listed = &f->rows[i];
        if (listed->of && sender != KH_NO_UNIT && !is_kind(x->c, listed->of, sender, at))
            continue;
        if (listed->each)
            fill_each(x, listed, sender, at);
        else {
            name_unit(x, sender);
            fill_listed(x, listed, i + 1);
        }
    }
}

static void lay_rows(kh_blank_form *b, kh_catalog *c, kh_unit sender, kh_period p)
{
    kh_day at = p ? kh_period_last(p) : KH_DAY_MAX - 1;
    filler x = {.c = c, .b = b, .period = p, .code = "", .name = ""};
    b->data = b->n_rows;
    if (b->form->n_rows) {
        lay_listed(&x, sender, at);
        return;
    }
    if (!has_units(b->form)) {
        fill_options(&x, 0, 0);
        return;
    }
    size_t n;
    kh_unit *units = units_of(c, b->form, sender, at, &n);
    for (size_t i = 0; i < n; i++) {
        name_unit(&x, units[i]);
        fill_options(&x, 0, 0);
    }
    kh_free(units);
}

static bool is_totalled(const kh_catalog *c, const kh_blank_column *col)
{
    if (col->measure == UINT32_MAX)
        return false;
    const kh_measure *m = &c->measures[col->measure];
    return m->over_units == KH_AGG_SUM && (m->type == KH_NUMBER || m->type == KH_INTEGER || m->type == KH_MONEY);
}

static void lay_total(kh_blank_form *b, const kh_catalog *c)
{
    size_t at = 0;
    if (!b->form->n_totals || b->n_rows == b->data)
        return;
    b->total = add_row(b);
    for (size_t j = 0; j < b->n_columns; j++) {
        if (b->columns[j].def && b->columns[j].def->as == KH_AS_UNIT)
            at = j;
        if (is_totalled(c, &b->columns[j]))
            set(b, b->total, j, KH_CELL_TOTAL, "");
    }
    set(b, b->total, at, KH_CELL_FIXED, b->form->totals[0]);
}

int kh_blank_build(kh_catalog *c, uint32_t form, kh_unit sender, kh_period p, kh_blank_form *out, kh_error *err)
{
    *out = (kh_blank_form){.arena = kh_arena_new(), .form = &c->forms[form]};
    const kh_form *f = out->form;
    if (!f->n_columns)
        return kh_fail(err, KH_EUSAGE, "form %s names no columns (its script reads them), so no blank can be made; give it a `columns` table", f->code);
    lay_columns(out);
    lay_titles(out, c, sender, p);
    lay_header(out);
    lay_rows(out, c, sender, p);
    lay_total(out, c);
    return KH_OK;
}

int kh_template_csv(kh_catalog *c, uint32_t form, kh_unit sender, kh_period p, kh_buf *out, kh_error *err)
{
    kh_blank_form b;
    int rc = kh_blank_build(c, form, sender, p, &b, err);
    if (rc == KH_OK) {
        char delimiter = b.form->delimiter ? b.form->delimiter : ',';
        kh_buf_str(out, "\xEF\xBB\xBF");
        for (size_t i = 0; i < b.n_rows; i++) {
            for (size_t j = 0; j < b.n_columns; j++) {
                const char *text = kh_blank_at(&b, i, j)->text;
                if (j)
                    kh_buf_char(out, delimiter);
                kh_csv_cell(out, text, strlen(text), delimiter);
            }
            kh_buf_str(out, "\r\n");
        }
    }
    kh_blank_free(&b);
    return rc;
}
