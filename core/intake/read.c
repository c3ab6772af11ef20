/* SPDX-License-Identifier: MIT */
/*
 * The rows, one by one: what kind each is, its unit, period and options, its
 * values. A row's values are gathered first and put into the return only if the
 * whole row is good, so that a refused row leaves nothing behind.
 */
#include "intake/work.h"

#include "base/text.h"

#include <string.h>

/* ---- kinds of rows ---- */

static bool is_blank(const kh_record *r)
{
    for (uint32_t i = 0; i < r->n; i++) {
        const char *s = r->cells[i].s;
        size_t n = r->cells[i].n;
        if (n == 0)
            continue;
        kh_trim(&s, &n);
        if (n)
            return false;
    }
    return true;
}

static kh_row_kind kind_of_text(const kh_work *w, const char *s, size_t n)
{
    kh_row_kind kind = KH_ROW_DATA;
    char *key = kh_text_key(s, n);
    uint32_t found = kh_map_get(w->words, key, strlen(key));
    if (found != KH_NONE)
        kind = (kh_row_kind)found;
    for (size_t i = 0; i < w->form->n_notes && kind == KH_ROW_DATA; i++)
        if (w->notes[i][0] && strncmp(key, w->notes[i], strlen(w->notes[i])) == 0)
            kind = KH_ROW_NOTE;
    kh_free(key);
    return kind;
}

/* The cell as the head keeps it. Files that were put together keep the mark at the beginning of each. */
static void as_in_head(const kh_cell *c, const char **s, size_t *n)
{
    *s = c->s;
    *n = c->n;
    if (*n >= 3 && memcmp(*s, "\xEF\xBB\xBF", 3) == 0) {
        *s += 3;
        *n -= 3;
    }
    kh_trim(s, n);
}

static bool is_same_row(const kh_head_row *h, const kh_record *r)
{
    const char *s;
    size_t n;
    for (uint32_t i = 0; i < h->n || i < r->n; i++) {
        s = NULL;
        n = 0;
        if (i < r->n)
            as_in_head(&r->cells[i], &s, &n);
        if (n != (i < h->n ? h->cells[i].n : 0) || (n && memcmp(s, h->cells[i].s, n) != 0))
            return false;
    }
    return true;
}

/* The header once more, word for word, as at the top of each printed page or where files were put together. It says nothing new. */
static bool is_head_again(kh_work *w, const kh_record *r)
{
    const kh_layout *l = &w->layout;
    size_t to = w->head_again ? l->data : l->from + l->rows; /* column signs only below the titles */
    w->head_again = false;
    for (size_t i = l->from; i < to && i < w->head.n && !w->head_again; i++)
        w->head_again = w->head.rows[i].filled > 1 && is_same_row(&w->head.rows[i], r);
    return w->head_again;
}

kh_row_kind kh_read_kind(kh_work *w, const kh_record *r)
{
    if (is_blank(r) || is_head_again(w, r))
        return KH_ROW_BLANK;
    const kh_form *f = w->form;
    if (!f->n_totals && !f->n_groups && !f->n_notes)
        return KH_ROW_DATA;
    for (uint32_t i = 0; i < r->n; i++) { /* the first cell that says something, */
        const char *s = r->cells[i].s;
        size_t n = r->cells[i].n;
        kh_trim(&s, &n);
        if (n == 0)
            continue;
        kh_row_kind kind = kind_of_text(w, s, n);
        if (kind != KH_ROW_DATA || w->unit_column == UINT32_MAX || i >= w->unit_column || w->unit_column >= r->n)
            return kind;
        break;
    }
    const kh_cell *unit = &r->cells[w->unit_column]; /* and the one where a unit's name would stand */
    return kind_of_text(w, unit->s, unit->n);
}

/* ---- values into the return ---- */

uint32_t kh_target_of(kh_work *w, uint32_t measure, kh_cut cut)
{
    kh_type t = w->c->measures[measure].type;
    bool text = t == KH_TEXT || t == KH_CHOICE;
    if (cut != KH_NO_CUT)
        return kh_return_column_of(w->in->ret, measure, cut, text);
    if (w->targets[measure] == UINT32_MAX)
        w->targets[measure] = kh_return_column_of(w->in->ret, measure, cut, text);
    return w->targets[measure];
}

void kh_put_value(kh_work *w, uint32_t target, uint32_t column, kh_unit unit, kh_period period, kh_dec value, const char *text, size_t len)
{
    KH_PUSH(w->puts, w->n_puts, w->cap_puts) = (kh_put){target, column, period, unit, value, text, len};
}

static void take_back(kh_work *w, const kh_put *p)
{
    if (p->unit == KH_NO_UNIT || p->period == KH_NO_PERIOD)
        return; /* was passed over */
    uint32_t group, row = kh_return_row(w->in->ret, p->period, p->unit, w->record->line, &group);
    kh_page *page = kh_return_page(w->in->ret, group, p->target, row / KH_CHUNK);
    page->m[row % KH_CHUNK] = KH_MISSING;
    page->filled--;
    w->in->ret->n_values--;
}

static void note_duplicate(kh_work *w, const kh_put *p, uint32_t first_line)
{
    char title[200], period[KH_PERIOD_TEXT];
    const kh_return_column *c = &w->in->ret->columns[p->target];
    kh_units_title(w->c->units, p->unit, kh_msg_lang_now(), title, sizeof title);
    kh_period_format(p->period, period);
    const char *name = w->c->measures[c->measure].title ? w->c->measures[c->measure].title : w->c->measures[c->measure].code;
    kh_note_cell(w, KH_ERROR, "DUPLICATE", p->column, _("each value once"), _("\"%s\" of %s for %s was given on line %u already"), name, title, period, first_line);
}

/* All of the row's values, or, if one is there already, none. */
static bool commit(kh_work *w, kh_unit unit, kh_period period)
{
    kh_return *ret = w->in->ret;
    uint32_t group = 0, row = 0, line = w->record->line, first;
    kh_unit last_unit = KH_NO_UNIT;
    kh_period last_period = KH_NO_PERIOD;
    for (size_t i = 0; i < w->n_puts; i++) {
        kh_put *p = &w->puts[i];
        if (p->unit == KH_NO_UNIT)
            p->unit = unit;
        if (p->period == KH_NO_PERIOD)
            p->period = period;
        if (p->unit == KH_NO_UNIT || p->period == KH_NO_PERIOD)
            continue;
        if (p->unit != last_unit || p->period != last_period)
            row = kh_return_row(ret, last_period = p->period, last_unit = p->unit, line, &group);
        bool new = p->text ? kh_return_set_text(ret, group, row, p->target, p->text, p->len, line, &first)
                           : kh_return_set(ret, group, row, p->target, p->value.m, p->value.scale, line, &first);
        if (new)
            continue;
        note_duplicate(w, p, first);
        while (i-- > 0)
            take_back(w, &w->puts[i]);
        return false;
    }
    return true;
}

/* ---- unit, period, options ---- */

static bool row_period(kh_work *w, kh_period *out)
{
    *out = w->period;
    if (w->period_column == UINT32_MAX)
        return *out != KH_NO_PERIOD;
    uint32_t errors = w->errors;
    *out = kh_place_period(w, w->period_column);
    if (*out == KH_NO_PERIOD && w->errors == errors)
        kh_note_cell(w, KH_ERROR, "CELL-MISSING", w->period_column, _("a period"), _("this cell must be filled in"));
    return *out != KH_NO_PERIOD;
}

static bool agree(kh_work *w, kh_unit unit, kh_unit by_code)
{
    if (unit == KH_NO_UNIT || by_code == KH_NO_UNIT || unit == by_code)
        return true;
    char title[200];
    kh_units_title(w->c->units, by_code, kh_msg_lang_now(), title, sizeof title);
    kh_note_cell(w, KH_ERROR, "UNIT-DIFFERS", w->unit_column, title, _("the code of this row is that of %s"), title);
    return false;
}

static bool row_unit(kh_work *w, kh_period period, kh_unit *out)
{
    kh_day at = period ? kh_period_last(period) : w->at;
    *out = w->in->sender;
    if (w->unit_column == UINT32_MAX)
        return true;
    uint32_t errors = w->errors;
    kh_unit by_code = KH_NO_UNIT;
    /* With a code beside it, a name need not be unique. */
    if (w->code_column != UINT32_MAX)
        by_code = kh_place_unit(w, w->code_column, at);
    if (by_code != KH_NO_UNIT && kh_place_same(w, w->unit_column, by_code, at)) {
        *out = by_code;
        return true;
    }
    *out = kh_place_unit(w, w->unit_column, at);
    if (w->errors > errors || !agree(w, *out, by_code))
        return false;
    if (*out == KH_NO_UNIT)
        *out = by_code;
    if (*out == KH_NO_UNIT)
        kh_note_cell(w, KH_ERROR, "CELL-MISSING", w->unit_column, _("the code or the name of a unit"), _("this cell must be filled in"));
    return *out != KH_NO_UNIT;
}

static uint32_t option_by_title(const kh_category *cat, const char *s, size_t n)
{
    char *key = kh_text_key(s, n);
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < cat->n_options && found == UINT32_MAX; i++) {
        char *code = kh_text_key(cat->options[i].code, strlen(cat->options[i].code));
        char *title = cat->options[i].title ? kh_text_key(cat->options[i].title, strlen(cat->options[i].title)) : NULL;
        if (strcmp(key, code) == 0 || (title && strcmp(key, title) == 0))
            found = i;
        kh_free(code);
        kh_free(title);
    }
    kh_free(key);
    return found;
}

static void note_option(kh_work *w, uint32_t column, const kh_category *cat)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, _("one of: "));
    for (size_t i = 0; i < cat->n_options && b.len < 600; i++) {
        kh_buf_printf(&b, "%s%s", i ? ", " : "", cat->options[i].code);
        if (cat->options[i].title && strcmp(cat->options[i].title, cat->options[i].code) != 0)
            kh_buf_printf(&b, " (%s)", cat->options[i].title);
    }
    kh_note_cell(w, KH_ERROR, "OPTION-UNKNOWN", column, kh_buf_cstr(&b), _("\"%s\" has no such option"), cat->title ? cat->title : cat->code);
    kh_buf_free(&b);
}

static bool row_option(kh_work *w, size_t i)
{
    uint32_t column = w->option_columns[i];
    const kh_category *all, *cat;
    kh_cuts_categories(w->c->cuts, &all);
    cat = &all[w->columns[column].def->category];
    const kh_cell *cell = kh_cell_at(w, column);
    if (cell->n == 0) {
        kh_note_cell(w, KH_ERROR, "CELL-MISSING", column, cat->title ? cat->title : cat->code, _("this cell must be filled in"));
        return false;
    }
    char key[80];
    uint32_t category = w->columns[column].def->category, option = KH_NONE;
    size_t n = cell->n + sizeof category;
    bool small = n <= sizeof key;
    if (small) {
        memcpy(key, &category, sizeof category);
        memcpy(key + sizeof category, cell->s, cell->n);
        option = kh_map_get(w->option_codes, key, n);
    }
    if (option == KH_NONE) {
        option = option_by_title(cat, cell->s, cell->n);
        if (option == UINT32_MAX) {
            note_option(w, column, cat);
            return false;
        }
        if (small)
            kh_map_set(w->option_codes, key, n, option);
    }
    w->parts[i] = (kh_cut_part){category, option};
    return true;
}

static bool row_options(kh_work *w)
{
    bool good = true;
    for (size_t i = 0; i < w->n_option_columns; i++)
        good &= row_option(w, i);
    return good;
}

/* The cut of a column together with the row's options. */
static kh_cut cut_with(kh_work *w, kh_cut cut)
{
    const kh_cut_part *own;
    kh_cut_part parts[16];
    size_t n = kh_cut_parts(w->c->cuts, cut, &own);
    if (n + w->n_option_columns > 16)
        return KH_CUT_BAD;
    if (n)
        memcpy(parts, own, n * sizeof *own);
    memcpy(parts + n, w->parts, w->n_option_columns * sizeof *parts);
    return kh_cut_make(w->c->cuts, parts, n + w->n_option_columns);
}

/* The return's columns for the row's options, by column of the file. */
static uint32_t *tuple_targets(kh_work *w)
{
    size_t bytes = w->n_option_columns * sizeof *w->parts, old = w->n_tuples;
    uint32_t t = kh_map_get(w->tuples, (const char *)w->parts, bytes);
    if (t == KH_NONE) {
        t = (uint32_t)w->n_tuples++;
        kh_map_set(w->tuples, (const char *)w->parts, bytes, t);
        w->tuple_targets = kh_realloc(w->tuple_targets, w->n_tuples * (w->n_columns + 1), sizeof *w->tuple_targets);
        for (size_t i = old * (w->n_columns + 1); i < w->n_tuples * (w->n_columns + 1); i++)
            w->tuple_targets[i] = UINT32_MAX;
    }
    return w->tuple_targets + (size_t)t * (w->n_columns + 1);
}

static uint32_t column_target(kh_work *w, uint32_t j, uint32_t *targets)
{
    kh_file_column *c = &w->columns[j];
    uint32_t *target = targets ? &targets[j] : &c->target;
    if (*target == UINT32_MAX) {
        kh_cut cut = targets ? cut_with(w, c->def->cut) : c->def->cut;
        if (cut == KH_CUT_BAD) {
            kh_note_cell(w, KH_ERROR, "OPTION-UNKNOWN", j, NULL, _("the column and the row both give an option of one category"));
            return UINT32_MAX;
        }
        *target = kh_target_of(w, c->measure, cut);
    }
    return *target;
}

/* ---- declared columns ---- */

static void read_measures(kh_work *w)
{
    uint32_t *targets = w->n_option_columns ? tuple_targets(w) : NULL;
    for (size_t i = 0; i < w->n_measure_columns; i++) {
        uint32_t j = w->measure_columns[i], target = column_target(w, j, targets);
        if (target != UINT32_MAX)
            kh_cell_measure(w, j, w->columns[j].measure, target);
    }
}

static void note_measure(kh_work *w, const kh_cell *cell)
{
    const char **names = kh_alloc((w->form->n_measures + 1) * sizeof *names);
    for (size_t i = 0; i < w->form->n_measures; i++)
        names[i] = w->c->measures[w->form->measures[i]].code;
    char *text = kh_strndup(cell->s, cell->n);
    int near = kh_text_nearest(text, names, w->form->n_measures);
    char *expected = near < 0 ? kh_strdup(_("the code of a measure of this form")) : kh_asprintf(_("nearest: %s"), names[near]);
    kh_note_cell(w, KH_ERROR, "MEASURE-UNKNOWN", w->name_column, expected, _("form %s carries no such measure"), w->form->code);
    kh_free(expected);
    kh_free(text);
    kh_free(names);
}

/* A long file: the row names its measure. */
static void read_named(kh_work *w)
{
    const kh_cell *cell = kh_cell_at(w, w->name_column);
    if (cell->n == 0) {
        kh_note_cell(w, KH_ERROR, "CELL-MISSING", w->name_column, _("the code of a measure of this form"), _("this cell must be filled in"));
        return;
    }
    uint32_t measure = kh_map_get(w->measure_codes, cell->s, cell->n);
    if (measure == KH_NONE) {
        char *key = kh_text_key(cell->s, cell->n);
        measure = kh_map_get(w->measure_codes, key, strlen(key));
        kh_free(key);
    }
    if (measure == KH_NONE) {
        note_measure(w, cell);
        return;
    }
    kh_cut own = w->columns[w->value_column].def->cut, cut = w->n_option_columns ? cut_with(w, own) : own;
    if (cut == KH_CUT_BAD) {
        kh_note_cell(w, KH_ERROR, "OPTION-UNKNOWN", w->value_column, NULL, _("the column and the row both give an option of one category"));
        return;
    }
    kh_cell_measure(w, w->value_column, measure, kh_target_of(w, measure, cut));
}

/* ---- a row ---- */

static void check_width(kh_work *w)
{
    const kh_record *r = w->record;
    for (uint32_t j = (uint32_t)w->n_columns; j < r->n; j++) {
        const kh_cell *c = kh_cell_at(w, j);
        if (c->n == 0)
            continue;
        kh_note_cell(w, KH_ERROR, "ROW-LONG", j, _("as many cells as there are titles; a cell with a delimiter in it must stand in quotes"),
                     _("the row has %u cells, the header has %zu"), r->n, w->n_columns);
        break;
    }
    for (uint32_t j = r->n; j < w->n_columns && !w->sheet /* there a blank cell leaves no trace */; j++)
        if (w->columns[j].as != KH_AS_SKIP) {
            kh_note_cell(w, KH_ERROR, "ROW-SHORT", UINT32_MAX, _("as many cells as there are titles"), _("the row has %u cells, the header has %zu"), r->n, w->n_columns);
            w->row_short = true;
            break;
        }
}

/* A column that has no title is nobody's; that something stands in it must not go unseen. */
static void check_untitled(kh_work *w)
{
    for (uint32_t j = 0; j < w->n_columns && j < w->record->n; j++)
        if (w->columns[j].untitled && kh_cell_at(w, j)->n) {
            kh_note_cell(w, KH_WARNING, "COLUMN-UNKNOWN", j, _("a title above the column, if it is to be read"), _("this column has no title; what stands in it is not read"));
            w->columns[j].untitled = false;
        }
}

static void check_nul(kh_work *w)
{
    for (uint32_t j = 0; j < w->record->n; j++)
        if (w->record->cells[j].n && memchr(w->record->cells[j].s, 0, w->record->cells[j].n))
            kh_note_cell(w, KH_ERROR, "NUL-BYTE", j, _("text without NUL bytes: save the file again from the program that made it"), _("the cell holds a NUL byte"));
    w->row_broken = true;
}

static uint32_t broken_cell(const kh_record *r, uint32_t from)
{
    for (uint32_t j = from; j < r->n; j++)
        if (r->cells[j].n >= 3 && memmem(r->cells[j].s, r->cells[j].n, "\xEF\xBF\xBD", 3))
            return j;
    return UINT32_MAX;
}

/* What the decoder could not read, at the cells where it stood. */
static void check_faults(kh_work *w)
{
    const kh_faults *f = &w->decode.faults;
    uint32_t column = 0;
    while (w->next_fault < f->n && f->items[w->next_fault].out < w->record->to && !(w->decode.undecided && w->next_fault + 1 == f->n)) {
        const kh_fault *fault = &f->items[w->next_fault++];
        w->row_broken = true;
        uint32_t at = broken_cell(w->record, column);
        kh_note_cell(w, KH_ERROR, "ENCODING", at, _("the file's own encoding: name it with --encoding, or save the file as UTF-8"),
                     _("byte 0x%02X at offset %llu of the file is no text in %s"), fault->unit, (unsigned long long)fault->in, kh_decode_name(&w->decode));
        column = at == UINT32_MAX ? column : at + 1;
        if (broken_cell(w->record, column) == UINT32_MAX)
            column = at == UINT32_MAX ? 0 : at;
    }
}

static void read_values(kh_work *w, kh_error *err, int *rc)
{
    kh_period period;
    kh_unit unit;
    check_width(w);
    bool dated = row_period(w, &period), placed = true;
    period = dated ? period : KH_NO_PERIOD;
    unit = w->in->sender;
    if (w->n_measure_columns || w->value_column != UINT32_MAX || w->unit_column != UINT32_MAX)
        placed = row_unit(w, dated ? period : w->period, &unit);
    if (!row_options(w))
        placed = false;
    else if (w->name_column != UINT32_MAX && w->value_column != UINT32_MAX)
        read_named(w);
    if (w->n_measure_columns && (placed || w->n_option_columns == 0))
        read_measures(w);
    kh_check_sums(w);
    w->row_unit = placed ? unit : KH_NO_UNIT;
    w->row_period = period;
    if (w->form->script && w->o->row.call && (*rc = kh_row_run(w, err)) != KH_OK)
        return;
    /* Without a period or a unit for the whole file, which is a finding of the file, the rows are judged but not kept. */
    bool has_place = unit != KH_NO_UNIT && period != KH_NO_PERIOD;
    if (w->errors == w->row_errors && placed && w->n_puts && (has_place || w->form->script))
        commit(w, unit, period);
}

static void read_data(kh_work *w, kh_error *err, int *rc)
{
    w->row++;
    w->in->rows_read++;
    w->n_puts = 0;
    for (size_t i = 0; i < w->n_measure_columns; i++)
        w->columns[w->measure_columns[i]].has_value = false;
    if (w->nul_seen)
        check_nul(w);
    if (w->has_untitled)
        check_untitled(w);
    read_values(w, err, rc);
    bool good = w->errors == w->row_errors;
    if (w->form->n_totals)
        kh_check_data_row(w, good);
    if (good)
        w->in->rows_good++;
    else
        w->in->rows_refused++;
}

static void note_broken(kh_work *w, const kh_record *r)
{
    switch (r->fault) {
    case KH_RECORD_QUOTE_OPEN:
        kh_note(w, KH_ERROR, "QUOTE-OPEN", r->fault_line, r->fault_column, NULL, 0, _("a closing quotation mark at the end of the cell"), _("a quotation mark opens here and is not closed rightly"));
        break;
    case KH_RECORD_QUOTE_STRAY:
        kh_note(w, KH_ERROR, "QUOTE-STRAY", r->fault_line, r->fault_column, NULL, 0, _("the whole cell in quotation marks, and those inside it doubled"), _("a quotation mark in the middle of a cell, or text behind a closing one"));
        break;
    default:
        kh_note(w, KH_ERROR, "RECORD-LONG", r->fault_line, r->fault_column, NULL, 0, _("records of at most 8 MB"), _("the record is too long"));
    }
}

/* Text that a long file keeps for a row is given up now and then; rows come by the million. */
static void fresh_texts(kh_work *w)
{
    if (w->row % 4096 != 0)
        return;
    kh_arena_free(w->row_texts);
    w->row_texts = kh_arena_new();
}

/* KH_ROW_NOTE: the rest is no data. */
static kh_row_kind read_record(kh_work *w, const kh_record *r, kh_error *err, int *rc)
{
    w->record = r;
    w->row_errors = w->errors;
    w->row_broken = w->row_short = w->unit_told = false;
    w->unit_asked = UINT32_MAX;
    if (w->next_fault < w->decode.faults.n)
        check_faults(w);
    if (r->line < w->in->data_line || r->fault) {
        if (r->fault) {
            note_broken(w, r);
            w->row++;
            w->in->rows_refused += r->line >= w->in->data_line;
            w->in->rows_read += r->line >= w->in->data_line;
        }
        return KH_ROW_BLANK;
    }
    kh_row_kind kind = kh_read_kind(w, r);
    if (kind == KH_ROW_DATA)
        read_data(w, err, rc);
    else if (kind == KH_ROW_TOTAL)
        kh_check_total_row(w);
    else if (kind == KH_ROW_GROUP)
        kh_check_group_row(w);
    fresh_texts(w);
    return kind;
}

int kh_read_rows(kh_work *w, kh_error *err)
{
    kh_record r;
    int rc, failed = KH_OK;
    bool notes = false;
    while ((rc = kh_reader_next(w->rows, &r, err)) > 0 && failed == KH_OK) {
        if (notes) { /* footnotes are not data, but they must be text */
            w->record = &r;
            if (w->next_fault < w->decode.faults.n)
                check_faults(w);
        } else
            notes = read_record(w, &r, err, &failed) == KH_ROW_NOTE;
    }
    w->record = NULL;
    if (rc < 0 || failed != KH_OK)
        return rc < 0 ? rc : failed;
    kh_check_totals(w);
    return KH_OK;
}
