/* SPDX-License-Identifier: MIT */
/*
 * Which unit and which period a row is about. A big file names few units many
 * times: what a text meant is remembered for as long as the tree of units does
 * not change, and the unit of the row before costs one comparison.
 */
#include "intake/work.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- who may be in the file ---- */

static bool any_selector(const kh_work *w, const kh_selector *s, size_t n, kh_unit unit, kh_day at)
{
    for (size_t i = 0; i < n; i++)
        if (kh_selector_has(w->c->units, &s[i], unit, at))
            return true;
    return false;
}

bool kh_form_reports(const kh_work *w, kh_unit unit, kh_day at)
{
    return w->form->n_reporters == 0 || any_selector(w, w->form->reporters, w->form->n_reporters, unit, at);
}

bool kh_place_allowed(kh_work *w, kh_unit unit, kh_day at)
{
    if (w->in->sender == KH_NO_UNIT || kh_units_within(w->c->units, unit, w->in->sender, at))
        return true;
    return any_selector(w, w->form->covers, w->form->n_covers, unit, at);
}

/* ---- texts that were looked up before ---- */

static void snapshot_clear(kh_snapshot *s)
{
    kh_map_free(s->names);
    kh_free(s->units);
    kh_free(s->states);
    *s = (kh_snapshot){.names = NULL};
}

kh_intake_kept *kh_intake_kept_new(void)
{
    return kh_zalloc(1, sizeof(kh_intake_kept));
}

static void forget(kh_intake_kept *k)
{
    for (size_t i = 0; i < KH_SNAPSHOTS; i++)
        snapshot_clear(&k->snapshots[i]);
    kh_map_free(k->titles);
    k->titles = NULL;
    k->titled = NULL;
    kh_kept_head_free(&k->head);
}

void kh_intake_kept_free(kh_intake_kept *k)
{
    if (!k)
        return;
    forget(k);
    kh_free(k);
}

void kh_kept_begin(kh_intake_kept *k, const kh_catalog *c)
{
    if (k->c != c || k->edition != kh_units_edition(c->units))
        forget(k);
    k->c = c;
    k->edition = kh_units_edition(c->units);
}

static kh_snapshot *oldest_of(kh_intake_kept *k)
{
    kh_snapshot *oldest = &k->snapshots[0];
    for (size_t i = 1; i < KH_SNAPSHOTS; i++)
        if (k->snapshots[i].names && (!oldest->names || k->snapshots[i].used < oldest->used))
            oldest = &k->snapshots[i];
    return oldest;
}

void kh_kept_end(kh_intake_kept *k)
{
    size_t names = 0;
    for (size_t i = 0; i < KH_SNAPSHOTS; i++)
        names += k->snapshots[i].n;
    for (kh_snapshot *s; names > KH_NAMES_KEPT; snapshot_clear(s)) {
        s = oldest_of(k);
        names -= s->n;
    }
}

/* The memory for the days around `at`; where there is no room, the one that was not used for longest gives way. */
static kh_snapshot *snapshot_at(kh_work *w, kh_day at)
{
    kh_intake_kept *k = w->kept;
    kh_snapshot *room = NULL;
    for (size_t i = 0; i < KH_SNAPSHOTS; i++) {
        kh_snapshot *s = &k->snapshots[i];
        if (s->names && s->form == w->form && s->sender == w->in->sender && s->from <= at && at <= s->to) {
            s->used = ++k->clock;
            return s;
        }
        if (!s->names && !room)
            room = s;
    }
    const kh_tree *tree = kh_units_at(w->c->units, at);
    room = room ? room : oldest_of(k);
    snapshot_clear(room);
    *room = (kh_snapshot){.form = w->form, .sender = w->in->sender, .from = tree->from, .to = tree->to, .names = kh_map_new(), .used = ++k->clock};
    return room;
}

static void remember(kh_snapshot *s, const char *text, size_t len, kh_unit unit, uint8_t state)
{
    kh_map_set(s->names, text, len, (uint32_t)s->n);
    KH_PUSH(s->units, s->n, s->cap) = unit;
    s->n--;
    KH_PUSH(s->states, s->n, s->cap_states) = state;
}

/* ---- looking up ---- */

static kh_unit only_allowed(kh_work *w, const kh_unit_match *m, kh_day at, size_t *count)
{
    kh_unit found = KH_NO_UNIT;
    *count = 0;
    for (size_t i = 0; i < m->n && i < 16; i++)
        if (kh_place_allowed(w, m->units[i], at)) {
            found = m->units[i];
            (*count)++;
        }
    return found;
}

static kh_day some_day_of(const kh_work *w, kh_unit unit)
{
    const kh_unit_def *d = kh_units_def(w->c->units, unit);
    return d->to != KH_DAY_MAX ? d->to : d->from;
}

/* Is there such a unit on some other day? The code or name may be of before or after a merger. One that may be in the file is meant first. */
static bool known_otherwise(kh_work *w, const char *text, size_t len, kh_unit *unit)
{
    kh_unit_match m;
    kh_units_match_ever(w->c->units, text, len, &m);
    *unit = m.n ? m.units[0] : KH_NO_UNIT;
    for (size_t i = m.n; i-- > 0;)
        if (kh_place_allowed(w, m.units[i], some_day_of(w, m.units[i])))
            *unit = m.units[i];
    return m.n > 0;
}

static uint8_t look_up(kh_work *w, const char *text, size_t len, kh_day at, kh_unit *unit)
{
    kh_unit_match m;
    size_t count;
    *unit = KH_NO_UNIT;
    if (w->in->sender != KH_NO_UNIT) {
        kh_units_match(w->c->units, text, len, w->in->sender, at, &m);
        if (m.n == 1) {
            *unit = m.units[0];
            return KH_PLACE_GOOD;
        }
        if (m.n > 1)
            return KH_PLACE_AMBIGUOUS;
    }
    kh_units_match(w->c->units, text, len, KH_NO_UNIT, at, &m);
    *unit = only_allowed(w, &m, at, &count);
    if (count == 1 && m.n <= 16)
        return KH_PLACE_GOOD;
    if (m.n > 1 && count != 0)
        return KH_PLACE_AMBIGUOUS;
    if (m.n) {
        *unit = m.units[0];
        return KH_PLACE_OUTSIDE;
    }
    return known_otherwise(w, text, len, unit) ? KH_PLACE_OTHER_DATE : KH_PLACE_NONE;
}

/* ---- findings ---- */

/* "180 Huyện Cao Lộc, 06268 Xã Vân Mộng (Huyện ...)": who a text may have meant. */
static char *list(kh_work *w, const kh_unit_match *m, kh_day at)
{
    kh_buf b = KH_BUF_INIT;
    char title[200];
    for (size_t i = 0; i < m->n && i < 16 && b.len < 800; i++) {
        kh_unit parent = kh_units_parent(w->c->units, m->units[i], at);
        kh_units_title(w->c->units, m->units[i], kh_msg_lang_now(), title, sizeof title);
        kh_buf_printf(&b, "%s%s %s", i ? "; " : "", kh_units_def(w->c->units, m->units[i])->code, title);
        if (parent != KH_NO_UNIT && m->n > 1) {
            kh_units_title(w->c->units, parent, kh_msg_lang_now(), title, sizeof title);
            kh_buf_printf(&b, " (%s)", title);
        }
    }
    return kh_buf_take(&b);
}

static void title_of(const kh_work *w, kh_unit unit, char *out, size_t room)
{
    kh_units_title(w->c->units, unit, kh_msg_lang_now(), out, room);
}

static bool is_total_word(const char *text, size_t len)
{
    static const char *const totals[] = {"tổng", "tổng số", "tổng cộng", "cộng", "total", "toàn tỉnh", "toàn huyện"};
    char *key = kh_text_key(text, len);
    bool found = false;
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
        found |= strcmp(key, totals[i]) == 0;
    kh_free(key);
    return found;
}

/* Does the row give any figure? Else it may be a heading between the rows. */
static bool has_figures(kh_work *w)
{
    for (size_t i = 0; i < w->n_measure_columns; i++) {
        const kh_cell *c = kh_cell_at(w, w->measure_columns[i]);
        if (kh_blank_kind(c->s, c->n) == KH_BLANK_NOT)
            return true;
    }
    return w->n_measure_columns == 0;
}

static void note_unknown(kh_work *w, uint32_t column, const char *text, size_t len, kh_day at)
{
    kh_unit_match m;
    char *expected = NULL;
    kh_units_suggest(w->c->units, text, len, w->in->sender, at, &m);
    if (m.n == 0 && w->in->sender != KH_NO_UNIT)
        kh_units_suggest(w->c->units, text, len, KH_NO_UNIT, at, &m);
    if (m.n) {
        char *names = list(w, &m, at);
        expected = kh_asprintf(_("nearest: %s"), names);
        kh_free(names);
    } else if (is_total_word(text, len))
        expected = kh_strdup(_("a unit; a totals row must be named in the form's `totals`"));
    else if (!has_figures(w))
        expected = kh_strdup(_("a unit; a heading between the rows must be named in the form's `groups`, a footnote in its `notes`"));
    else
        expected = kh_strdup(_("the code or the name of a unit"));
    kh_note_cell(w, KH_ERROR, "UNIT-UNKNOWN", column, expected, _("no unit has this code or name"));
    kh_free(expected);
}

static void note_ambiguous(kh_work *w, uint32_t column, const char *text, size_t len, kh_day at)
{
    kh_unit_match m;
    kh_units_match(w->c->units, text, len, w->in->sender, at, &m);
    if (m.n < 2)
        kh_units_match(w->c->units, text, len, KH_NO_UNIT, at, &m);
    char *names = list(w, &m, at), *expected = kh_asprintf(_("the code of one of: %s"), names);
    kh_note_cell(w, KH_ERROR, "UNIT-AMBIGUOUS", column, expected, _("%zu units have this name"), m.n);
    kh_free(expected);
    kh_free(names);
}

void kh_place_note_outside(kh_work *w, uint32_t column, kh_unit unit)
{
    char title[200], sender[200];
    title_of(w, unit, title, sizeof title);
    title_of(w, w->in->sender, sender, sizeof sender);
    char *expected = kh_asprintf(_("a unit of %s, or one that form %s covers"), sender, w->form->code);
    kh_note_cell(w, KH_ERROR, "UNIT-OUTSIDE", column, expected, _("%s is not below the sender, %s"), title, sender);
    kh_free(expected);
}

void kh_place_note_date(kh_work *w, uint32_t column, kh_unit unit, kh_day at)
{
    char title[200], from[KH_DAY_TEXT], to[KH_DAY_TEXT], day[KH_DAY_TEXT];
    const kh_unit_def *d = kh_units_def(w->c->units, unit);
    bool split = false;
    kh_unit now = d->from <= at ? kh_units_successor(w->c->units, unit, at, &split) : KH_NO_UNIT;
    char *expected = NULL;
    title_of(w, unit, title, sizeof title);
    kh_day_format(d->from, from);
    kh_day_format(d->to, to);
    kh_day_format(at, day);
    if (now != KH_NO_UNIT && now != unit) {
        char name[200];
        title_of(w, now, name, sizeof name);
        expected = kh_asprintf(_("on that day it is part of %s %s"), kh_units_def(w->c->units, now)->code, name);
    } else
        expected = kh_strdup(_("a unit that existed on the period's last day"));
    kh_note_cell(w, KH_ERROR, "UNIT-DATE", column, expected, _("%s did not exist on %s (valid from %s to %s)"), title, day, *from ? from : "…", *to ? to : "…");
    kh_free(expected);
}

static void note_place(kh_work *w, uint32_t column, uint8_t state, kh_unit unit, const char *text, size_t len, kh_day at)
{
    switch (state) {
    case KH_PLACE_OUTSIDE: kh_place_note_outside(w, column, unit); break;
    case KH_PLACE_AMBIGUOUS: note_ambiguous(w, column, text, len, at); break;
    case KH_PLACE_OTHER_DATE: kh_place_note_date(w, column, unit, at); break;
    default: note_unknown(w, column, text, len, at);
    }
}

/* ---- the unit of a cell ---- */

static uint8_t recall(kh_work *w, const char *text, size_t len, kh_day at, kh_unit *unit)
{
    if (!w->snapshot || at < w->snapshot->from || at > w->snapshot->to)
        w->snapshot = snapshot_at(w, at);
    kh_snapshot *s = w->snapshot;
    uint32_t i = kh_map_get(s->names, text, len);
    if (i == KH_NONE) {
        uint8_t state = look_up(w, text, len, at, unit);
        remember(s, text, len, *unit, state);
        return state;
    }
    *unit = s->units[i];
    return s->states[i];
}

kh_unit kh_place_unit(kh_work *w, uint32_t column, kh_day at)
{
    const kh_cell *cell = kh_cell_at(w, column);
    if (cell->n == 0)
        return KH_NO_UNIT;
    if (w->last_unit.n == cell->n && w->last_unit.at == at && memcmp(w->last_unit.text, cell->s, cell->n) == 0)
        return w->last_unit.unit;
    kh_unit unit;
    uint8_t state = recall(w, cell->s, cell->n, at, &unit);
    if (state != KH_PLACE_GOOD) {
        note_place(w, column, state, unit, cell->s, cell->n, at);
        return KH_NO_UNIT;
    }
    if (cell->n <= sizeof w->last_unit.text) {
        memcpy(w->last_unit.text, cell->s, cell->n);
        w->last_unit.n = cell->n;
        w->last_unit.unit = unit;
        w->last_unit.at = at;
    }
    return unit;
}

bool kh_place_same(kh_work *w, uint32_t column, kh_unit unit, kh_day at)
{
    const kh_cell *cell = kh_cell_at(w, column);
    kh_unit_match m;
    if (cell->n == 0)
        return true;
    kh_units_match(w->c->units, cell->s, cell->n, KH_NO_UNIT, at, &m);
    for (size_t i = 0; i < m.n && i < 16; i++)
        if (m.units[i] == unit)
            return true;
    return false;
}

/* ---- the period of a cell ---- */

void kh_place_seen(kh_work *w, kh_period p)
{
    if (w->first_period == p)
        return;
    if (w->first_period == KH_NO_PERIOD) {
        w->first_period = w->last_period = p;
        return;
    }
    w->several = true;
    if (p < w->first_period)
        w->first_period = p;
    if (p > w->last_period)
        w->last_period = p;
}

bool kh_place_period_fits(kh_work *w, kh_period p, uint32_t column)
{
    char name[KH_PERIOD_TEXT], fixed[KH_PERIOD_TEXT];
    kh_freq every = w->form->every;
    bool fits = every == KH_EVERY_NONE || kh_period_freq(p) == every;
    if (fits && (w->period == KH_NO_PERIOD || w->period == p || (kh_period_freq(w->period) != kh_period_freq(p) && kh_period_contains(w->period, p))))
        return true;
    kh_period_format(p, name);
    if (!fits) {
        char *expected = kh_asprintf(_("a period of the kind \"%s\""), kh_freq_said(every));
        kh_note_cell(w, KH_ERROR, "PERIOD", column, expected, _("%s is not a period of this form, which is sent every %s"), name, kh_freq_said(every));
        kh_free(expected);
        return false;
    }
    kh_period_format(w->period, fixed);
    kh_note_cell(w, KH_ERROR, "PERIOD-DIFFERS", column, fixed, _("the row is for %s, but the return is for %s"), name, fixed);
    return false;
}

kh_period kh_place_period(kh_work *w, uint32_t column)
{
    const kh_cell *cell = kh_cell_at(w, column);
    if (cell->n == 0)
        return KH_NO_PERIOD;
    if (cell->n == w->last_period_cell.n && memcmp(cell->s, w->last_period_cell.text, cell->n) == 0)
        return w->last_period_cell.period;
    kh_period p = kh_phrase_period(cell->s, cell->n);
    if (p == KH_NO_PERIOD) {
        kh_note_cell(w, KH_ERROR, "PERIOD", column, _("a period, such as 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15"), _("this is not a period"));
        return KH_NO_PERIOD;
    }
    if (!kh_place_period_fits(w, p, column))
        return KH_NO_PERIOD;
    if (cell->n < sizeof w->last_period_cell.text) {
        memcpy(w->last_period_cell.text, cell->s, cell->n);
        w->last_period_cell.n = cell->n;
        w->last_period_cell.period = p;
    }
    kh_place_seen(w, p);
    return p;
}
