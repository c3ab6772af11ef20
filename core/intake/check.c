/* SPDX-License-Identifier: MIT */
/*
 * Sums that the sender wrote are checked, never taken: a column that is the sum
 * of others within its row, and totals rows over the rows they total. A totals
 * row may stand below its rows or above them, and total a group or the whole
 * file; it is wrong only if it is none of these. Where a part was refused
 * nothing is said, for the sum cannot be judged.
 */
#include "intake/work.h"

#include <stdio.h>
#include <string.h>

/* ---- exact sums ---- */

static bool lift(kh_sum *s, uint8_t scale)
{
    for (; s->scale < scale; s->scale++)
        if (__builtin_mul_overflow(s->m, (__int128)10, &s->m))
            return false;
    return true;
}

void kh_sum_add(kh_sum *s, kh_dec d)
{
    __int128 m = d.m;
    s->any = true;
    if (d.scale > s->scale && !lift(s, d.scale))
        s->torn = true;
    if (d.scale < s->scale)
        m *= kh_pow10[s->scale - d.scale];
    if (__builtin_add_overflow(s->m, m, &s->m))
        s->torn = true;
}

static bool equals(kh_sum s, kh_dec d)
{
    __int128 m = d.m;
    if (d.scale > s.scale && !lift(&s, d.scale))
        return false;
    if (d.scale < s.scale)
        m *= kh_pow10[s.scale - d.scale];
    return s.m == m;
}

static void sum_text(const kh_sum *s, char *out, size_t room)
{
    char text[KH_DEC_TEXT];
    if (s->m > INT64_MAX || s->m <= INT64_MIN) {
        snprintf(out, room, "…");
        return;
    }
    kh_dec_format((kh_dec){(int64_t)s->m, s->scale}, text);
    snprintf(out, room, "%s", text);
}

/* ---- within a row ---- */

static void check_sum(kh_work *w, uint32_t j)
{
    const kh_file_column *c = &w->columns[j];
    kh_sum sum = {0, 0, false, false};
    char text[64];
    for (size_t i = 0; i < c->n_parts; i++)
        if (w->columns[c->parts[i]].has_value)
            kh_sum_add(&sum, w->columns[c->parts[i]].value);
    if (!sum.any || sum.torn || equals(sum, c->value))
        return;
    sum_text(&sum, text, sizeof text);
    char *expected = kh_asprintf(_("expected %s"), text);
    kh_note_cell(w, KH_ERROR, "SUM", j, expected, _("this is not the sum of %s, which is %s"), c->def->sum_of, text);
    kh_free(expected);
}

void kh_check_sums(kh_work *w)
{
    for (size_t i = 0; i < w->n_measure_columns && w->has_sums; i++) {
        uint32_t j = w->measure_columns[i];
        if (w->columns[j].n_parts && w->columns[j].has_value)
            check_sum(w, j);
    }
}

/* ---- over rows ---- */

void kh_check_data_row(kh_work *w, bool good)
{
    for (uint32_t j = 0; j < w->n_columns; j++) {
        kh_file_column *c = &w->columns[j];
        if (!c->summed)
            continue;
        if (c->has_value) {
            kh_sum_add(&c->segment, c->value);
            kh_sum_add(&c->all, c->value);
        }
        /* Which cell of a bad row is bad is known only where a value is missing though something stands there. */
        bool lost = !good && !c->has_value && kh_blank_kind(kh_cell_at(w, j)->s, kh_cell_at(w, j)->n) == KH_BLANK_NOT;
        c->segment.torn |= lost;
        c->all.torn |= lost;
    }
}

/* A row of totals or the heading of a group ends the rows before it. */
static void end_segment(kh_work *w)
{
    if (w->n_totals && !w->totals[w->n_totals - 1].after) {
        kh_sum *after = kh_zalloc(w->n_columns + 1, sizeof *after);
        for (size_t j = 0; j < w->n_columns; j++)
            after[j] = w->columns[j].segment;
        w->totals[w->n_totals - 1].after = after;
    }
}

static void begin_segment(kh_work *w)
{
    for (size_t j = 0; j < w->n_columns; j++)
        w->columns[j].segment = (kh_sum){0, 0, false, false};
}

void kh_check_group_row(kh_work *w)
{
    end_segment(w);
    begin_segment(w);
}

void kh_check_total_row(kh_work *w)
{
    kh_total t = {.line = w->record->line};
    end_segment(w);
    t.values = kh_zalloc(w->n_columns + 1, sizeof *t.values);
    t.before = kh_zalloc(w->n_columns + 1, sizeof *t.before);
    for (uint32_t j = 0; j < w->n_columns; j++) {
        kh_file_column *c = &w->columns[j];
        t.before[j] = c->segment;
        t.values[j].m = KH_MISSING;
        if (c->summed && kh_blank_kind(kh_cell_at(w, j)->s, kh_cell_at(w, j)->n) == KH_BLANK_NOT) {
            kh_dec v;
            if (kh_cell_number(w, j, c->m, false, &v))
                t.values[j] = v;
        }
    }
    KH_PUSH(w->totals, w->n_totals, w->cap_totals) = t;
    begin_segment(w);
}

static bool holds(const kh_sum *s, kh_dec v)
{
    return s->torn || equals(*s, v);
}

static void check_total(kh_work *w, const kh_total *t, uint32_t j)
{
    const kh_file_column *c = &w->columns[j];
    char said[KH_DEC_TEXT], text[64];
    bool segments = w->n_totals > 1;
    if (holds(&c->all, t->values[j]) || (segments && (holds(&t->before[j], t->values[j]) || holds(&t->after[j], t->values[j]))))
        return;
    const kh_sum *nearest = segments && t->before[j].any ? &t->before[j] : &c->all;
    kh_dec_format(t->values[j], said);
    sum_text(nearest, text, sizeof text);
    char *expected = kh_asprintf(_("expected %s"), text);
    kh_note(w, KH_ERROR, "TOTAL", t->line, j + 1, said, strlen(said), expected, _("the total is not the sum of its rows, which is %s"), text);
    kh_free(expected);
}

void kh_check_totals(kh_work *w)
{
    end_segment(w);
    for (size_t i = 0; i < w->n_totals; i++)
        for (uint32_t j = 0; j < w->n_columns; j++)
            if (w->columns[j].summed && w->totals[i].values[j].m != KH_MISSING)
                check_total(w, &w->totals[i], j);
}

/* ---- the sender's own row ---- */

static bool cell_of(const kh_return *r, uint32_t group, uint32_t column, uint32_t row, kh_dec *out)
{
    const kh_page *page = kh_return_page(r, group, column, row / KH_CHUNK);
    uint32_t k = row % KH_CHUNK;
    if (!page || page->m[k] == KH_MISSING)
        return false;
    *out = (kh_dec){page->m[k], page->scale[k]};
    return true;
}

/* Does the sender's value equal the sum of the others'? *parts: how many of those are not 0. */
static bool is_sum_of_others(const kh_return *r, uint32_t group, uint32_t column, uint32_t own, size_t *parts)
{
    kh_sum sum = {0, 0, false, false};
    kh_dec v, said;
    *parts = 0;
    if (!cell_of(r, group, column, own, &said))
        return true;
    for (uint32_t row = 0; row < r->rows[group].n; row++)
        if (row != own && cell_of(r, group, column, row, &v)) {
            kh_sum_add(&sum, v);
            *parts += v.m != 0;
        }
    return sum.any && equals(sum, said);
}

/* All columns of the sender's row are the sums of the other rows, and at least one is of two figures or more: a total under a name. */
static bool own_row_is_total(const kh_work *w, uint32_t group, uint32_t own)
{
    const kh_return *r = w->in->ret;
    bool real = false;
    for (uint32_t column = 0; column < r->n_columns; column++) {
        size_t parts;
        if (r->columns[column].text || w->c->measures[r->columns[column].measure].over_units != KH_AGG_SUM)
            continue;
        if (!is_sum_of_others(r, group, column, own, &parts))
            return false;
        real |= parts > 1;
    }
    return real;
}

/* What a unit reports of itself is added to what the units below it report: a total in its row would count twice. */
void kh_check_own_total(kh_work *w)
{
    const kh_return *r = w->in->ret;
    kh_unit sender = w->in->sender;
    if (sender == KH_NO_UNIT || w->unit_column == UINT32_MAX)
        return;
    for (uint32_t group = 0; group < r->n_rows; group++) {
        uint32_t own = r->rows[group].place[sender];
        char title[200];
        if (own == UINT32_MAX || !own_row_is_total(w, group, own))
            continue;
        kh_units_title(w->c->units, sender, kh_msg_lang_now(), title, sizeof title);
        kh_note(w, KH_WARNING, "TOTAL", r->rows[group].line[own], w->unit_column + 1, title, strlen(title), _("if it is a total, the row left out, or named in the form's `totals`"),
                _("the row of the sender itself is the sum of the other rows; it is read as a figure of its own and would count twice"));
    }
}

void kh_check_free(kh_work *w)
{
    for (size_t i = 0; i < w->n_totals; i++) {
        kh_free(w->totals[i].values);
        kh_free(w->totals[i].before);
        kh_free(w->totals[i].after);
    }
    kh_free(w->totals);
}
