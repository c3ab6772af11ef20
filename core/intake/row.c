/* SPDX-License-Identifier: MIT */
/*
 * What a form's row function sees of a row, and where it puts its values. The
 * function is a pointer with a context (Lua is another room); a fault that it
 * raises becomes a finding at the row, and the reading goes on. Values wait with
 * those of the declared columns until the whole row is known to be good.
 */
#include "intake/work.h"

#include "base/text.h"

#include <string.h>

struct kh_row { kh_work *w; };
struct kh_out { kh_work *w; };

/* A column that the form leaves to its function, and the function passed over in this row: that something stands there must not go unseen. */
static void check_looked(kh_work *w)
{
    for (uint32_t j = 0; j < w->n_columns; j++) {
        if (w->columns[j].as != KH_AS_KEY || w->columns[j].looked == w->row)
            continue;
        const kh_cell *c = kh_cell_at(w, j);
        if (c->n && kh_blank_kind(c->s, c->n) == KH_BLANK_NOT)
            kh_note_cell(w, KH_WARNING, "CELL-UNREAD", j, _("a blank cell, or a row function that reads it"),
                         _("the form's row function did not look at this cell; nothing of it is stored"));
    }
}

static inline void look(kh_work *w, uint32_t column)
{
    if (column < w->n_columns)
        w->columns[column].looked = w->row;
}

int kh_row_run(kh_work *w, kh_error *err)
{
    kh_row row = {w};
    kh_out out = {w};
    kh_error said = KH_ERROR_INIT;
    int rc = w->o->row.call(w->o->row.ctx, w->form->script, &row, &out, &said);
    if (rc == KH_OK && w->errors == w->row_errors)
        check_looked(w);
    if (rc == KH_OK)
        return KH_OK;
    if (rc != KH_EFAULTS && rc != KH_EUSAGE) /* stopped, interrupted, no store: no further row can be read */
        return kh_error_move(err, &said);
    char *text = kh_error_line(&said);
    kh_note_cell(w, KH_ERROR, "SCRIPT", UINT32_MAX, NULL, _("the form's script failed: %s"), text && *text ? text : "?");
    kh_free(text);
    kh_error_clear(&said);
    return KH_OK;
}

uint32_t kh_row_line(const kh_row *r)
{
    return r->w->record->line;
}

kh_period kh_row_period(const kh_row *r)
{
    return r->w->row_period;
}

kh_unit kh_row_place(const kh_row *r)
{
    return r->w->row_unit;
}

size_t kh_row_columns(const kh_row *r)
{
    return r->w->n_columns;
}

const char *kh_row_heading(const kh_row *r, uint32_t column)
{
    return column < r->w->n_columns ? r->w->columns[column].heading : "";
}

/* ---- a column by its title ---- */

/* Is `key` the path or its end ("Nữ" of "Trong đó/Nữ")? */
static bool ends_path(const char *path, const char *key)
{
    size_t n = strlen(path), k = strlen(key);
    return k <= n && strcmp(path + n - k, key) == 0 && (k == n || path[n - k - 1] == '/');
}

static uint32_t find_column(const kh_work *w, const char *key, size_t *count)
{
    uint32_t found = UINT32_MAX;
    *count = 0;
    for (uint32_t j = 0; j < w->layout.n; j++)
        if (strcmp(w->layout.headings[j].key, key) == 0) {
            *count = 1;
            return j;
        }
    for (uint32_t j = 0; j < w->layout.n; j++)
        if (ends_path(w->layout.headings[j].key, key)) {
            found = found == UINT32_MAX ? j : found;
            (*count)++;
        }
    return found;
}

/* The form's own title of a column that the file calls otherwise (`also`). */
static uint32_t find_declared(const kh_work *w, const char *key)
{
    uint32_t found = UINT32_MAX;
    for (uint32_t j = 0; j < w->n_columns && found == UINT32_MAX; j++) {
        const kh_form_column *def = w->columns[j].def;
        char *own = def ? kh_heading_key(def->heading, strlen(def->heading)) : NULL;
        if (own && strcmp(own, key) == 0)
            found = j;
        kh_free(own);
    }
    return found;
}

static int no_column(const kh_work *w, const char *heading, size_t len, kh_error *err)
{
    const char **names = kh_alloc((w->layout.n + 1) * sizeof *names);
    char *text = kh_strndup(heading, len);
    for (size_t j = 0; j < w->layout.n; j++)
        names[j] = w->layout.headings[j].text;
    int near = kh_text_nearest(text, names, w->layout.n);
    int rc = near < 0 ? kh_fail(err, KH_EUSAGE, "the file has no column \"%s\"", text)
                      : kh_fail(err, KH_EUSAGE, "the file has no column \"%s\"; did you mean \"%s\"?", text, names[near]);
    kh_free(text);
    kh_free(names);
    return rc;
}

int kh_row_column(const kh_row *r, const char *heading, size_t len, uint32_t *column, kh_error *err)
{
    const kh_work *w = r->w;
    size_t count;
    char *key = kh_heading_key(heading, len);
    uint32_t j = find_column(w, key, &count);
    if (count == 0)
        j = find_declared(w, key);
    kh_free(key);
    if (count > 1)
        return kh_fail(err, KH_EUSAGE, "%zu columns are called \"%.*s\"; name the title above as well, as in \"Trong đó/Nữ\"", count, (int)len, heading);
    if (j == UINT32_MAX)
        return no_column(w, heading, len, err);
    *column = j;
    return KH_OK;
}

/* ---- cells ---- */

void kh_row_text(const kh_row *r, uint32_t column, const char **text, size_t *len)
{
    const kh_cell *c = kh_cell_at(r->w, column);
    look(r->w, column);
    *len = c->n;
    *text = kh_cell_text(r->w, c->s, len);
}

kh_dec kh_row_number(kh_row *r, uint32_t column, bool integer)
{
    kh_dec d = {KH_MISSING, 0};
    look(r->w, column);
    if (column >= r->w->n_columns || !kh_cell_number(r->w, column, NULL, integer, &d))
        d = (kh_dec){KH_MISSING, 0};
    return d;
}

kh_unit kh_row_unit(kh_row *r, uint32_t column, kh_period at)
{
    kh_work *w = r->w;
    kh_period period = at ? at : w->row_period;
    kh_day day = period ? kh_period_last(period) : w->at;
    uint32_t errors = w->errors;
    look(w, column);
    kh_unit u = column < w->n_columns ? kh_place_unit(w, column, day) : KH_NO_UNIT;
    w->unit_asked = column;
    w->unit_told |= w->errors > errors;
    return u;
}

void kh_row_unit_missing(kh_row *r)
{
    if (!r->w->unit_told)
        kh_note_cell(r->w, KH_ERROR, "CELL-MISSING", r->w->unit_asked, _("the code or the name of a unit"), _("this row names no unit"));
    r->w->unit_told = true;
}

kh_day kh_row_date(kh_row *r, uint32_t column)
{
    look(r->w, column);
    return column < r->w->n_columns ? kh_cell_date(r->w, column) : KH_DAY_MIN;
}

void kh_row_finding(kh_row *r, kh_severity severity, uint32_t column, const char *code, const char *text, const char *expected)
{
    look(r->w, column); /* who finds fault with a cell has seen it */
    kh_note_own(r->w, severity, code, column, expected, text);
}

/* ---- values ---- */

/* Is the unit there at the period, and the sender's to speak of? */
static bool check_unit(kh_work *w, kh_unit unit, kh_period period)
{
    kh_day at = kh_period_last(period);
    if (!kh_units_valid(w->c->units, unit, at))
        kh_place_note_date(w, UINT32_MAX, unit, at);
    else if (!kh_place_allowed(w, unit, at))
        kh_place_note_outside(w, UINT32_MAX, unit);
    else
        return true;
    return false;
}

/* Misuse is the script's fault and an error; a place that the data gave wrongly is a finding. */
static int judge_place(kh_work *w, kh_unit *unit, kh_period *period, bool *skip, kh_error *err)
{
    bool faulty = w->errors > w->row_errors; /* the row is lost: what it lacks has been said */
    *skip = false;
    if (*period == KH_NO_PERIOD)
        *period = w->row_period;
    else if (!kh_place_period_fits(w, *period, UINT32_MAX))
        *skip = true;
    if (*period == KH_NO_PERIOD && !faulty)
        return kh_fail(err, KH_EUSAGE, "the return has no period of its own, so each value must be given one");
    if (*unit == KH_NO_UNIT && !faulty)
        return kh_fail(err, KH_EUSAGE, "a value must have a unit; this cell was blank");
    *skip |= *unit == KH_NO_UNIT || *period == KH_NO_PERIOD || !check_unit(w, *unit, *period);
    if (!*skip) {
        kh_place_seen(w, *period);
        w->script_unit = *unit;
        w->script_period = *period;
    }
    return KH_OK;
}

/* Most values go where the one before went. */
static inline int check_place(kh_work *w, kh_unit *unit, kh_period *period, bool *skip, kh_error *err)
{
    *skip = false;
    return *unit == w->script_unit && *period == w->script_period && *unit != KH_NO_UNIT ? KH_OK : judge_place(w, unit, period, skip, err);
}

static inline int check_measure(const kh_work *w, uint32_t measure, kh_error *err)
{
    if (measure < w->c->n_measures && w->carried[measure])
        return KH_OK;
    return kh_fail(err, KH_EUSAGE, "form %s does not carry measure %s; name it in the form's `measures`", w->form->code,
                   measure < w->c->n_measures ? w->c->measures[measure].code : "?");
}

int kh_out_number(kh_out *o, uint32_t measure, kh_unit unit, kh_period period, kh_cut cut, kh_dec value, kh_error *err)
{
    kh_work *w = o->w;
    bool skip;
    if (value.m == KH_MISSING)
        return KH_OK; /* nothing was said, and nothing is kept */
    int rc = check_measure(w, measure, err);
    if (rc != KH_OK || (rc = check_place(w, &unit, &period, &skip, err)) != KH_OK)
        return rc;
    const kh_measure *m = &w->c->measures[measure];
    if (!kh_type_is_number(m->type))
        return kh_fail(err, KH_EUSAGE, "measure %s holds %s, not numbers", m->code, kh_type_name(m->type));
    if (!skip && kh_cell_check(w, UINT32_MAX, m, &value))
        kh_put_value(w, kh_target_of(w, measure, cut), UINT32_MAX, unit, period, value, NULL, 0);
    return KH_OK;
}

int kh_out_text(kh_out *o, uint32_t measure, kh_unit unit, kh_period period, kh_cut cut, const char *text, size_t len, kh_error *err)
{
    kh_work *w = o->w;
    bool skip;
    int rc = check_measure(w, measure, err);
    if (rc != KH_OK || (rc = check_place(w, &unit, &period, &skip, err)) != KH_OK)
        return rc;
    const kh_measure *m = &w->c->measures[measure];
    if (m->type != KH_TEXT && m->type != KH_CHOICE)
        return kh_fail(err, KH_EUSAGE, "measure %s holds %s, not texts", m->code, kh_type_name(m->type));
    const char *kept = kh_arena_strndup(w->row_texts, text, len);
    if (!skip && kh_words_check(w, UINT32_MAX, measure, &kept, &len))
        kh_put_value(w, kh_target_of(w, measure, cut), UINT32_MAX, unit, period, (kh_dec){KH_MISSING, 0}, kept, len);
    return KH_OK;
}
