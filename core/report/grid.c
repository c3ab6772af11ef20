/* SPDX-License-Identifier: MIT */
/* Views of tables, and tables made from charts and tiles. Linear in the cells; the owner array only where cells are merged. */
#include "report/grid.h"

#include "report/format.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t kh_cell_width(const kh_dcell *c)
{
    return c->colspan ? c->colspan : 1;
}

size_t kh_cell_height(const kh_dcell *c)
{
    return c->rowspan ? c->rowspan : 1;
}

static void grid_init(kh_grid *g, const kh_dcell *cells, size_t rows, size_t cols)
{
    *g = (kh_grid){cells, rows, cols, NULL};
    bool merged = false;
    for (size_t i = 0; i < rows * cols && !merged; i++)
        merged = cells[i].covered;
    if (!merged)
        return;
    g->owner = kh_zalloc(rows * cols, sizeof *g->owner);
    for (size_t i = 0; i < rows * cols; i++) {
        if (!cells[i].covered)
            g->owner[i] = (uint32_t)i;
        for (size_t y = 0; !cells[i].covered && y < kh_cell_height(&cells[i]); y++) {
            for (size_t x = 0; x < kh_cell_width(&cells[i]); x++)
                g->owner[i + y * cols + x] = (uint32_t)i;
        }
    }
}

size_t kh_grid_owner(const kh_grid *g, size_t row, size_t col)
{
    size_t i = row * g->cols + col;
    return g->owner ? g->owner[i] : i;
}

/* A table without head rows whose columns have names gets one row of them. */
static void make_head(kh_view *v)
{
    const kh_dtable *t = v->t;
    kh_buf all = KH_BUF_INIT;
    bool any = false;
    for (size_t i = 0; i < t->n_cols; i++) {
        const char *name = t->cols[i].name, *unit = t->cols[i].unit;
        any = any || name;
        if (unit)
            kh_buf_printf(&all, "%s (%s)", name ? name : "", unit);
        else
            kh_buf_str(&all, name ? name : "");
        kh_buf_char(&all, '\0');
    }
    if (!any) {
        kh_buf_free(&all);
        return;
    }
    v->strings = kh_buf_take(&all);
    v->made_head = kh_zalloc(t->n_cols, sizeof *v->made_head);
    const char *p = v->strings;
    for (size_t i = 0; i < t->n_cols; i++, p += strlen(p) + 1)
        v->made_head[i] = (kh_dcell){.type = KH_D_TEXT, .text = p, .decimals = -1};
}

static void take_notes(kh_view *v, const kh_dcell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *note = cells[i].note;
        if (!note || !*note || kh_map_get(v->note_index, note, strlen(note)) != KH_NONE)
            continue;
        kh_map_set(v->note_index, note, strlen(note), (uint32_t)v->n_notes);
        KH_PUSH(v->notes, v->n_notes, v->cap_notes) = note;
    }
}

void kh_view_init(kh_view *v, const kh_dtable *t)
{
    *v = (kh_view){.t = t, .note_index = kh_map_new()};
    if (t->n_head_rows == 0)
        make_head(v);
    grid_init(&v->head, v->made_head ? v->made_head : t->head, v->made_head ? 1 : t->n_head_rows, t->n_cols);
    grid_init(&v->body, t->body, t->n_rows, t->n_cols);
    v->numeric = kh_zalloc(t->n_cols, sizeof *v->numeric);
    for (size_t i = 0; i < t->n_rows * t->n_cols; i++)
        v->numeric[i % t->n_cols] |= t->body[i].type == KH_D_NUMBER;
    take_notes(v, t->head, t->n_head_rows * t->n_cols);
    take_notes(v, t->body, t->n_rows * t->n_cols);
}

void kh_view_free(kh_view *v)
{
    kh_free(v->head.owner);
    kh_free(v->body.owner);
    kh_free(v->made_head);
    kh_free(v->strings);
    kh_free(v->numeric);
    kh_free(v->notes);
    kh_map_free(v->note_index);
}

size_t kh_view_note(const kh_view *v, const kh_dcell *c)
{
    if (!c->note || !*c->note)
        return 0;
    return kh_map_get(v->note_index, c->note, strlen(c->note)) + 1u;
}

kh_align kh_view_align(const kh_view *v, const kh_dcell *c, size_t col)
{
    if (c->align != KH_ALIGN_AUTO)
        return c->align;
    bool in_head = c >= v->head.cells && c < v->head.cells + v->head.rows * v->head.cols;
    if (in_head)
        return KH_ALIGN_CENTER;
    if (v->t->tinted && c->tone != KH_TONE_NONE)
        return KH_ALIGN_CENTER;
    if (v->t->cols[col].align != KH_ALIGN_AUTO && kh_cell_width(c) == 1)
        return v->t->cols[col].align;
    if (c->type == KH_D_NUMBER || (v->numeric[col] && kh_cell_width(c) == 1))
        return KH_ALIGN_RIGHT;
    return KH_ALIGN_LEFT;
}

int kh_cell_decimals(const kh_dtable *t, const kh_dcell *c, size_t col)
{
    return c->decimals >= 0 ? c->decimals : t->cols[col].decimals;
}

void kh_dcell_text(const kh_dtable *t, const kh_dcell *c, size_t col, kh_lang lang, kh_buf *out)
{
    if (c->type == KH_D_EMPTY)
        return;
    if (c->text)
        kh_buf_str(out, c->text);
    else if (c->type == KH_D_NUMBER)
        kh_format_number(c->number, kh_cell_decimals(t, c, col), lang, out);
}

void kh_cell_shown(const kh_dtable *t, const kh_dcell *c, size_t col, kh_lang lang, kh_buf *out)
{
    size_t at = out->len;
    kh_dcell_text(t, c, col, lang, out);
    if (!c->sign || !*c->sign)
        return;
    if (out->len > at)
        kh_buf_char(out, ' ');
    kh_buf_str(out, c->sign);
}

void kh_view_title(const kh_view *v, size_t col, const char *join, kh_buf *out)
{
    size_t last = SIZE_MAX, at = out->len;
    for (size_t r = 0; r < v->head.rows; r++) {
        size_t o = kh_grid_owner(&v->head, r, col);
        if (o == last)
            continue;
        last = o;
        kh_buf one = KH_BUF_INIT;
        kh_dcell_text(v->t, &v->head.cells[o], col, KH_LANG_VI, &one);
        if (one.len) {
            if (out->len > at)
                kh_buf_str(out, join);
            kh_buf_str(out, kh_buf_cstr(&one));
        }
        kh_buf_free(&one);
    }
    if (out->len == at && v->t->cols[col].name)
        kh_buf_str(out, v->t->cols[col].name);
}

void kh_runs_plain(const kh_run_text *runs, size_t n, kh_buf *out)
{
    for (size_t i = 0; i < n; i++)
        kh_buf_str(out, runs[i].text ? runs[i].text : "");
}

void kh_digits(double v, int decimals, kh_buf *out)
{
    kh_buf_printf(out, "%.*f", decimals, v);
}

static void put_value(double v, int decimals, kh_lang lang, kh_buf *out)
{
    kh_buf digits = KH_BUF_INIT;
    kh_digits(v, decimals, &digits);
    kh_format_number(kh_buf_cstr(&digits), decimals, lang, out);
    kh_buf_free(&digits);
}

kh_tone kh_series_tone(const kh_series *s, size_t i)
{
    return s->tones ? s->tones[i] : KH_TONE_NONE;
}

bool kh_series_toned(const kh_series *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (kh_series_tone(s, i) != KH_TONE_NONE)
            return true;
    }
    return false;
}

bool kh_chart_toned(const kh_chart *c)
{
    for (size_t k = 0; k < c->n_series; k++) {
        if (kh_series_toned(&c->series[k], c->n_x))
            return true;
    }
    return false;
}

static const char *digits_of(const kh_series *s, size_t i)
{
    return s->labels && s->labels[i] && kh_is_digits(s->labels[i]) ? s->labels[i] : NULL;
}

/* An assessed figure keeps the digits it came with: 14,95 under a target of 15 must not be shown as 15,0. */
static int decimals_of(const kh_chart *c, const kh_series *s, size_t i)
{
    const char *digits = digits_of(s, i), *dot = digits ? strchr(digits, '.') : NULL;
    int own = dot ? (int)strlen(dot + 1) : 0;
    return kh_series_tone(s, i) != KH_TONE_NONE && own > c->decimals ? own : c->decimals;
}

void kh_series_text(const kh_chart *c, size_t series, size_t i, kh_lang lang, kh_buf *out)
{
    const kh_series *s = &c->series[series];
    const char *digits = digits_of(s, i);
    if (digits)
        kh_format_number(digits, decimals_of(c, s, i), lang, out);
    else if (s->labels && s->labels[i])
        kh_buf_str(out, s->labels[i]);
    else if (s->there[i])
        put_value(s->y[i], c->decimals, lang, out);
}

void kh_chart_target_text(const kh_chart *c, kh_lang lang, kh_buf *out)
{
    if (!c->has_target)
        return;
    if (c->target_label && *c->target_label) {
        kh_buf_str(out, c->target_label);
        return;
    }
    kh_buf_printf(out, "%s: ", kh_word_in(lang, KH_W_TARGET));
    /* A target's own digits, not the chart's decimals: 85, not 85,0 */
    int decimals = fabs(c->target - round(c->target)) > 1e-9 || (c->has_target_hi && fabs(c->target_hi - round(c->target_hi)) > 1e-9) ? 1 : 0;
    put_value(c->target, decimals, lang, out);
    if (c->has_target_hi) {
        kh_buf_str(out, "–");
        put_value(c->target_hi, decimals, lang, out);
    }
    if (c->unit && *c->unit)
        kh_buf_printf(out, "%s%s", strcmp(c->unit, "%") != 0 ? " " : lang == KH_LANG_VI ? "\xc2\xa0" : "", c->unit);
}

static void alt_series(const kh_chart *c, size_t s, kh_lang lang, kh_buf *out)
{
    for (size_t i = 0; i < c->n_x; i++) {
        kh_buf_str(out, i ? "; " : "");
        kh_buf_printf(out, "%s: ", c->x[i] ? c->x[i] : "");
        size_t at = out->len;
        kh_series_text(c, s, i, lang, out);
        if (out->len == at)
            kh_buf_str(out, kh_word_in(lang, KH_W_MISSING));
        kh_tone tone = kh_series_tone(&c->series[s], i);
        if (tone != KH_TONE_NONE)
            kh_buf_printf(out, " (%s)", kh_tone_word(lang, tone));
    }
}

void kh_chart_alt(const kh_chart *c, kh_lang lang, kh_buf *out)
{
    if (c->alt && *c->alt) {
        kh_buf_str(out, c->alt);
        return;
    }
    if (c->unit && *c->unit)
        kh_buf_printf(out, "%s: %s. ", kh_word_in(lang, KH_W_UNIT), c->unit);
    for (size_t s = 0; s < c->n_series; s++) {
        if (c->n_series > 1)
            kh_buf_printf(out, "%s – ", c->series[s].name ? c->series[s].name : "");
        alt_series(c, s, lang, out);
        kh_buf_str(out, ". ");
    }
    size_t at = out->len;
    kh_chart_target_text(c, lang, out);
    if (out->len > at)
        kh_buf_char(out, '.');
}

static void put_text(kh_doc *d, kh_dcell *c, const char *text)
{
    *c = (kh_dcell){.type = KH_D_TEXT, .text = kh_arena_strdup(d->arena, text ? text : ""), .decimals = -1};
}

static const char *arena_take(kh_doc *d, kh_buf *b)
{
    const char *s = kh_arena_strdup(d->arena, kh_buf_cstr(b));
    kh_buf_free(b);
    return s;
}

static void value_cell(kh_doc *d, const kh_chart *c, size_t s, size_t i, kh_lang lang, kh_dcell *out)
{
    const kh_series *se = &c->series[s];
    kh_tone tone = kh_series_tone(se, i);
    const char *digits = digits_of(se, i);
    kh_buf shown = KH_BUF_INIT;
    kh_series_text(c, s, i, lang, &shown);
    if (se->there[i]) {
        kh_buf made = KH_BUF_INIT;
        if (!digits)
            kh_digits(se->y[i], c->decimals, &made);
        *out = (kh_dcell){.type = KH_D_NUMBER, .number = digits ? digits : arena_take(d, &made), .decimals = decimals_of(c, se, i)};
        if (!digits && se->labels && se->labels[i])
            out->text = arena_take(d, &shown);
    } else { /* a status without a figure says its word */
        put_text(d, out, shown.len ? kh_buf_cstr(&shown) : tone != KH_TONE_NONE && c->kind == KH_CHART_STRIP ? kh_tone_word(lang, tone) : c->kind == KH_CHART_HEAT ? "–" : kh_word_in(lang, KH_W_MISSING));
        out->tone = KH_TONE_MUTED;
        out->align = c->kind == KH_CHART_STRIP || c->kind == KH_CHART_HEAT ? KH_ALIGN_CENTER : KH_ALIGN_RIGHT;
    }
    kh_buf_free(&shown);
    if (tone == KH_TONE_NONE)
        return;
    out->tone = tone;
    out->sign = kh_tone_mark(tone);
}

kh_dtable *kh_chart_table(kh_doc *d, const kh_chart *c, kh_lang lang)
{
    /* Heat tables, strips and small multiples read as series down, categories across; the others the other way. */
    bool across = c->kind == KH_CHART_HEAT || c->kind == KH_CHART_STRIP || c->kind == KH_CHART_MULTIPLES;
    size_t rows = across ? c->n_series : c->n_x, cols = across ? c->n_x : c->n_series;
    kh_dtable *t = kh_table_new(d, cols + 1, 1);
    t->title = kh_arena_strdup(d->arena, c->title);
    if (c->unit && *c->unit) {
        kh_buf unit = KH_BUF_INIT;
        kh_buf_printf(&unit, "%s: %s", kh_word_in(lang, KH_W_UNIT), c->unit);
        t->unit_line = arena_take(d, &unit);
    }
    put_text(d, kh_table_head(t, 0, 0), across ? "" : kh_word_in(lang, KH_W_ITEM));
    for (size_t i = 0; i < cols; i++) {
        const char *name = across ? c->x[i] : c->series[i].name;
        put_text(d, kh_table_head(t, 0, i + 1), name && *name ? name : kh_word_in(lang, KH_W_TILE_VALUE));
    }
    for (size_t r = 0; r < rows; r++) {
        kh_dcell *row = kh_table_row(d, t, false);
        put_text(d, &row[0], across ? c->series[r].name : c->x[r]);
        for (size_t i = 0; i < cols; i++)
            value_cell(d, c, across ? r : i, across ? i : r, lang, &row[i + 1]);
    }
    t->notes = kh_arena_alloc(d->arena, 2 * sizeof *t->notes);
    kh_buf note = KH_BUF_INIT;
    kh_chart_target_text(c, lang, &note);
    if (note.len)
        t->notes[t->n_notes++] = kh_arena_strdup(d->arena, kh_buf_cstr(&note));
    kh_buf_clear(&note);
    kh_buf_printf(&note, "–: %s", kh_word_in(lang, KH_W_MISSING));
    if (c->kind == KH_CHART_HEAT)
        t->notes[t->n_notes++] = kh_arena_strdup(d->arena, kh_buf_cstr(&note));
    kh_buf_free(&note);
    return t;
}

void kh_trend_text(const kh_tile *tile, kh_lang lang, kh_buf *out)
{
    for (size_t i = 0; i < tile->n_trend; i++) {
        kh_buf_str(out, i ? " → " : "");
        if (tile->trend_there && !tile->trend_there[i]) {
            kh_buf_str(out, "…");
            continue;
        }
        int decimals = fabs(tile->trend[i] - round(tile->trend[i])) > 1e-9 ? 1 : 0;
        put_value(tile->trend[i], decimals, lang, out);
    }
}

kh_dtable *kh_tiles_table(kh_doc *d, const kh_dblock *b, kh_lang lang)
{
    bool trend = false, note = false;
    for (size_t i = 0; i < b->n_tiles; i++) {
        trend = trend || b->tiles[i].n_trend > 1;
        note = note || b->tiles[i].note;
    }
    size_t cols = 3u + (trend ? 1u : 0u) + (note ? 1u : 0u);
    kh_dtable *t = kh_table_new(d, cols, 1);
    put_text(d, kh_table_head(t, 0, 0), kh_word_in(lang, KH_W_TILE_NAME));
    put_text(d, kh_table_head(t, 0, 1), kh_word_in(lang, KH_W_TILE_VALUE));
    t->cols[1].align = KH_ALIGN_RIGHT;
    put_text(d, kh_table_head(t, 0, 2), lang == KH_LANG_EN ? "Status" : "Đánh giá");
    if (trend)
        put_text(d, kh_table_head(t, 0, 3), kh_word_in(lang, KH_W_TREND));
    if (note)
        put_text(d, kh_table_head(t, 0, cols - 1), kh_word_in(lang, KH_W_TILE_NOTE));
    for (size_t i = 0; i < b->n_tiles; i++) {
        const kh_tile *tile = &b->tiles[i];
        kh_dcell *row = kh_table_row(d, t, false);
        put_text(d, &row[0], tile->title);
        row[0].link = tile->link;
        kh_buf v = KH_BUF_INIT;
        kh_buf_printf(&v, "%s%s%s", tile->value ? tile->value : "", tile->unit && *tile->unit ? " " : "", tile->unit ? tile->unit : "");
        put_text(d, &row[1], kh_buf_cstr(&v));
        kh_buf_clear(&v);
        put_text(d, &row[2], tile->sign ? tile->sign : "");
        row[2].tone = tile->tone;
        if (trend) {
            kh_trend_text(tile, lang, &v);
            put_text(d, &row[3], v.len ? kh_buf_cstr(&v) : "");
        }
        kh_buf_free(&v);
        if (note)
            put_text(d, &row[cols - 1], tile->note);
    }
    return t;
}
