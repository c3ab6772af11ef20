/* SPDX-License-Identifier: MIT */
/*
 * What each column of the file is for. Resolved once, so that the inner loop
 * asks nothing; and what does not fit is said at once: a column that is missing
 * (with the title that may have been meant), one that is there twice, one that
 * nobody knows.
 */
#include "intake/work.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static uint32_t header_line(const kh_work *w)
{
    return w->in->header_line;
}

/* ---- findings about the header ---- */

static bool is_form_title(const kh_work *w, uint32_t file_column)
{
    return w->layout.headings[file_column].form_column != UINT32_MAX;
}

static const char *last_part(const char *key)
{
    const char *slash = strrchr(key, '/');
    return slash ? slash + 1 : key;
}

/* The unknown title that is nearest to what a missing column is called, or -1. */
static int nearest_title(const kh_work *w, const char *heading)
{
    const char **names = kh_alloc((w->layout.n + 1) * sizeof *names);
    size_t *at = kh_alloc((w->layout.n + 1) * sizeof *at), n = 0;
    for (size_t j = 0; j < w->layout.n; j++)
        if (!is_form_title(w, (uint32_t)j) && *w->layout.headings[j].key) {
            names[n] = w->layout.headings[j].text;
            at[n++] = j;
        }
    int i = kh_text_nearest(heading, names, n), found = i < 0 ? -1 : (int)at[i];
    /* The merged title above it may have got lost, or another one come between: "Nữ" for "Trong đó/Nữ". */
    char *key = kh_heading_key(heading, strlen(heading)), *last = strrchr(key, '/');
    for (size_t k = 0; k < n && found < 0 && last; k++)
        if (strcmp(last_part(w->layout.headings[at[k]].key), last + 1) == 0)
            found = (int)at[k];
    kh_free(key);
    kh_free(names);
    kh_free(at);
    return found;
}

static void note_missing(kh_work *w, const kh_form_column *c)
{
    int near = nearest_title(w, c->heading);
    char *expected = near < 0 ? kh_asprintf(_("a column headed \"%s\""), c->heading)
                              : kh_asprintf(_("\"%s\"; column %d is headed \"%s\": was that meant?"), c->heading, near + 1, w->layout.headings[near].text);
    kh_note(w, KH_ERROR, "COLUMN-MISSING", header_line(w), near < 0 ? 0 : (uint32_t)near + 1, NULL, 0, expected, _("column \"%s\" is missing"), c->heading);
    kh_free(expected);
    w->fatal = true;
}

static void note_missing_columns(kh_work *w)
{
    for (size_t i = 0; i < w->form->n_columns; i++) {
        bool there = w->form->columns[i].optional;
        for (size_t j = 0; j < w->layout.n && !there; j++)
            there = w->layout.headings[j].form_column == i;
        if (!there)
            note_missing(w, &w->form->columns[i]);
    }
}

static void note_unknown_column(kh_work *w, uint32_t j)
{
    const char **names = kh_alloc((w->form->n_columns + 1) * sizeof *names);
    for (size_t i = 0; i < w->form->n_columns; i++)
        names[i] = w->form->columns[i].heading;
    int near = kh_text_nearest(w->layout.headings[j].text, names, w->form->n_columns);
    char *expected = near < 0 ? NULL : kh_asprintf(_("the nearest title of the form is \"%s\""), names[near]);
    kh_note(w, KH_WARNING, "COLUMN-UNKNOWN", header_line(w), j + 1, NULL, 0, expected, _("form %s knows no column \"%s\"; it is not read"), w->form->code, w->layout.headings[j].text);
    kh_free(expected);
    kh_free(names);
}

/* A script asks for columns by title, so there two of the same title are as bad as two for one column of the form. */
static bool is_twice(const kh_work *w, uint32_t j, uint32_t *first)
{
    const kh_heading *h = w->layout.headings;
    for (*first = 0; *first < j; (*first)++) {
        if (h[j].form_column != UINT32_MAX && h[*first].form_column == h[j].form_column)
            return true;
        if (*h[j].key && w->form->script && strcmp(h[*first].key, h[j].key) == 0)
            return true;
    }
    return false;
}

static void note_headings(kh_work *w)
{
    for (uint32_t j = 0; j < w->layout.n; j++) {
        uint32_t first;
        if (is_twice(w, j, &first)) {
            kh_note(w, KH_ERROR, "COLUMN-TWICE", header_line(w), j + 1, NULL, 0, _("titles that tell the two apart, also by the merged title above"),
                    _("column %u has the same title as column %u"), j + 1, first + 1);
            w->fatal = true;
            w->layout.headings[j].twice = w->layout.headings[first].twice = true;
        } else if (!is_form_title(w, j) && !w->layout.headings[j].implied_code && *w->layout.headings[j].key && w->form->n_columns)
            note_unknown_column(w, j);
    }
}

/* ---- columns ---- */

static kh_style style_of(kh_number_style s)
{
    switch (s) {
    case KH_STYLE_VI: return (kh_style){KH_MARK_COMMA, true, false, true, 0};
    case KH_STYLE_EN: return (kh_style){KH_MARK_POINT, true, false, true, 0};
    case KH_STYLE_PLAIN: return (kh_style){KH_MARK_POINT, true, true, true, 0};
    default: return (kh_style){KH_MARK_UNKNOWN, false, false, false, 0};
    }
}

static bool is_summed(const kh_work *w, const kh_file_column *c)
{
    return w->form->n_totals && c->m && c->m->over_units == KH_AGG_SUM && (c->m->type == KH_NUMBER || c->m->type == KH_INTEGER || c->m->type == KH_MONEY);
}

static void map_column(kh_work *w, uint32_t j)
{
    kh_file_column *c = &w->columns[j];
    const kh_heading *h = &w->layout.headings[j];
    *c = (kh_file_column){.heading = h->text, .as = KH_AS_SKIP, .measure = UINT32_MAX, .target = UINT32_MAX, .style = style_of(w->form->style)};
    c->untitled = !*h->key;
    w->has_untitled |= c->untitled;
    if (h->implied_code)
        w->code_column = j;
    if (h->form_column == UINT32_MAX || h->twice)
        return;
    c->def = &w->form->columns[h->form_column];
    c->as = c->def->as;
    if (c->def->style != KH_STYLE_EVIDENCE)
        c->style = style_of(c->def->style);
    switch (c->as) {
    case KH_AS_UNIT:
        if (w->unit_column == UINT32_MAX)
            w->unit_column = j;
        else
            w->code_column = j; /* a second column for the unit must agree with the first */
        break;
    case KH_AS_PERIOD: w->period_column = j; break;
    case KH_AS_MEASURE_CODE: w->name_column = j; break;
    case KH_AS_VALUE: w->value_column = j; break;
    case KH_AS_OPTION: w->option_columns[w->n_option_columns++] = j; break;
    case KH_AS_MEASURE:
        c->measure = c->def->measure;
        c->m = &w->c->measures[c->measure];
        c->summed = is_summed(w, c);
        w->measure_columns[w->n_measure_columns++] = j;
        break;
    default: break;
    }
}

static uint32_t column_by_heading(const kh_work *w, const char *s, size_t n)
{
    char *key = kh_heading_key(s, n);
    uint32_t found = UINT32_MAX;
    for (uint32_t j = 0; j < w->n_columns && found == UINT32_MAX; j++) {
        if (!w->columns[j].def)
            continue;
        char *k = kh_heading_key(w->columns[j].def->heading, strlen(w->columns[j].def->heading));
        if (strcmp(k, key) == 0)
            found = j;
        kh_free(k);
    }
    kh_free(key);
    return found;
}

/* "Nam + Nữ": the columns whose sum a column must be. One that the file lacks (it is optional, or a finding already) ends the check. */
static void map_sum(kh_work *w, kh_file_column *c)
{
    const char *s = c->def->sum_of;
    size_t cap = 0;
    while (*s) {
        size_t n = strcspn(s, "+");
        uint32_t j = column_by_heading(w, s, n);
        if (j == UINT32_MAX || w->columns[j].as != KH_AS_MEASURE) {
            c->n_parts = 0;
            return;
        }
        KH_PUSH(c->parts, c->n_parts, cap) = j;
        s += n + (s[n] == '+');
    }
    w->has_sums |= c->n_parts > 0;
}

void kh_map_columns(kh_work *w)
{
    size_t n = w->layout.n;
    w->n_columns = n;
    w->columns = kh_zalloc(n + 1, sizeof *w->columns);
    w->measure_columns = kh_zalloc(n + 1, sizeof *w->measure_columns);
    w->option_columns = kh_zalloc(n + 1, sizeof *w->option_columns);
    w->unit_column = w->code_column = w->period_column = w->name_column = w->value_column = UINT32_MAX;
    for (uint32_t j = 0; j < n; j++)
        w->columns[j].heading = w->layout.headings[j].text; /* for the findings about the header */
    note_missing_columns(w);
    note_headings(w);
    for (uint32_t j = 0; j < n; j++)
        map_column(w, j);
    for (uint32_t j = 0; j < n; j++)
        if (w->columns[j].def && w->columns[j].def->sum_of && w->columns[j].as == KH_AS_MEASURE)
            map_sum(w, &w->columns[j]);
}

void kh_unmap_columns(kh_work *w)
{
    for (size_t j = 0; j < w->n_columns; j++) {
        kh_free(w->columns[j].parts);
        kh_free(w->columns[j].small);
    }
    kh_free(w->columns);
    kh_free(w->measure_columns);
    kh_free(w->option_columns);
}
