/* SPDX-License-Identifier: MIT */
/*
 * A table in box-drawing characters. Columns get their natural width; where
 * the line is too short the widest are narrowed and wrap, and where even their
 * longest words do not fit the table is cut into bands of columns, each
 * beginning with the first column again. Merged cells are kept: at each corner
 * the character follows from which of its four lines exist.
 */
#include "report/txt.h"

#include "base/text.h"
#include "report/escape.h"
#include "report/words.h"

#include <string.h>

typedef struct part { /* head or body, with the lines of each cell */
    const kh_grid *g;
    char **text;      /* [rows * cols] as shown; NULL for covered places */
    kh_lines *lines;  /* [rows * cols] */
    size_t *y, *h;    /* [rows] first line and height; a rule before a row takes the line y - 1 */
    bool *rule;       /* [rows] a rule stands before the row */
    bool middle;      /* cells that are higher than their text: in the middle, else at the top */
} part;

typedef struct layout {
    kh_txt *t;
    const kh_view *v;
    part head, body;
    part signs; /* one row of cells that are never merged, for the corners of its rules */
    kh_grid signs_grid;
    size_t *natural, *least, *width; /* [n_cols] */
    size_t *band, n_band;            /* the columns at hand */
} layout;

static const char *const corner[16] = { /* up 1, down 2, left 4, right 8 */
    " ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼"};

static void part_init(layout *l, part *p, const kh_grid *g, bool middle)
{
    size_t n = g->rows * g->cols;
    *p = (part){.g = g, .middle = middle};
    p->text = kh_zalloc(n + 1, sizeof *p->text);
    p->lines = kh_zalloc(n + 1, sizeof *p->lines);
    p->y = kh_zalloc(g->rows + 1, sizeof *p->y);
    p->h = kh_zalloc(g->rows + 1, sizeof *p->h);
    p->rule = kh_zalloc(g->rows + 1, sizeof *p->rule);
    for (size_t i = 0; i < n; i++) {
        const kh_dcell *c = &g->cells[i];
        if (c->covered)
            continue;
        kh_buf shown = KH_BUF_INIT, plain = KH_BUF_INIT;
        kh_cell_shown(l->v->t, c, i % g->cols, l->t->lang, &shown);
        size_t note = kh_view_note(l->v, c);
        if (note)
            kh_buf_printf(&shown, " (%zu)", note);
        kh_plain(kh_buf_cstr(&shown), &plain);
        kh_buf_str(&plain, "");
        for (size_t k = 0; k < plain.len; k++)
            plain.data[k] = plain.data[k] == '\t' ? ' ' : plain.data[k];
        p->text[i] = kh_buf_take(&plain);
        kh_buf_free(&shown);
    }
}

static void part_free(part *p)
{
    for (size_t i = 0; i < p->g->rows * p->g->cols; i++) {
        kh_free(p->text[i]);
        kh_lines_free(&p->lines[i]);
    }
    kh_free(p->text);
    kh_free(p->lines);
    kh_free(p->y);
    kh_free(p->h);
    kh_free(p->rule);
}

static size_t line_width(const char *s)
{
    size_t most = 0;
    for (;;) {
        size_t n = strcspn(s, "\n"), w = kh_text_width(s, n);
        most = w > most ? w : most;
        if (!s[n])
            return most;
        s += n + 1;
    }
}

static void take_widths(layout *l, const part *p)
{
    for (size_t i = 0; i < p->g->rows * p->g->cols; i++) {
        if (!p->text[i] || kh_cell_width(&p->g->cells[i]) > 1)
            continue;
        size_t col = i % p->g->cols, nat = line_width(p->text[i]), word = kh_txt_longest_word(p->text[i]);
        if (nat > l->natural[col])
            l->natural[col] = nat;
        if (word > l->least[col])
            l->least[col] = word;
    }
}

/* Merged cells over columns that are together too narrow for their longest word widen the last of them. */
static void take_span_widths(layout *l, const part *p)
{
    for (size_t i = 0; i < p->g->rows * p->g->cols; i++) {
        size_t span = kh_cell_width(&p->g->cells[i]), col = i % p->g->cols;
        if (!p->text[i] || span < 2)
            continue;
        size_t have = 3 * (span - 1), word = kh_txt_longest_word(p->text[i]);
        for (size_t k = 0; k < span; k++)
            have += l->least[col + k];
        if (word > have)
            l->least[col + span - 1] += word - have;
        for (size_t k = 0; k < span; k++) {
            if (l->natural[col + k] < l->least[col + k])
                l->natural[col + k] = l->least[col + k];
        }
    }
}

static size_t total(const layout *l, const size_t *w)
{
    size_t sum = 1;
    for (size_t i = 0; i < l->n_band; i++)
        sum += w[l->band[i]] + 3;
    return sum;
}

/* Takes columns from `from` on while their least widths fit; the first column leads every band. Returns the next column. */
static size_t next_band(layout *l, size_t from)
{
    size_t n_cols = l->v->t->n_cols;
    l->n_band = 0;
    if (from > 0)
        l->band[l->n_band++] = 0;
    size_t at_start = l->n_band;
    for (; from < n_cols; from++) {
        l->band[l->n_band++] = from;
        if (total(l, l->least) > l->t->width && l->n_band > at_start + 1) {
            l->n_band--;
            break;
        }
    }
    return from;
}

static void choose_widths(layout *l)
{
    for (size_t i = 0; i < l->n_band; i++)
        l->width[l->band[i]] = l->natural[l->band[i]];
    while (total(l, l->width) > l->t->width) {
        size_t widest = SIZE_MAX;
        for (size_t i = 0; i < l->n_band; i++) {
            size_t c = l->band[i];
            if (l->width[c] > l->least[c] && (widest == SIZE_MAX || l->width[c] > l->width[widest]))
                widest = c;
        }
        if (widest == SIZE_MAX) { /* one word alone is too long for the line: it is cut */
            for (size_t i = 0; i < l->n_band; i++) {
                size_t c = l->band[i];
                if (l->width[c] > 4 && (widest == SIZE_MAX || l->width[c] > l->width[widest]))
                    widest = c;
            }
            if (widest == SIZE_MAX)
                return;
        }
        l->width[widest]--;
    }
}

/* Columns that the owner of band place j covers within the band, and their width together. */
static size_t reach(const layout *l, const part *p, size_t row, size_t j, size_t *width)
{
    size_t owner = kh_grid_owner(p->g, row, l->band[j]), n = 0;
    *width = 0;
    while (j + n < l->n_band && kh_grid_owner(p->g, row, l->band[j + n]) == owner) {
        *width += l->width[l->band[j + n]] + (n ? 3 : 0);
        n++;
    }
    return n;
}

static size_t origin_row(const part *p, size_t owner)
{
    return owner / p->g->cols;
}

static void place_rows(layout *l, part *p)
{
    size_t y = 0;
    for (size_t r = 0; r < p->g->rows; r++)
        p->h[r] = 1;
    for (size_t r = 0; r < p->g->rows; r++) {
        for (size_t j = 0, k; j < l->n_band; j += k) {
            size_t width, owner = kh_grid_owner(p->g, r, l->band[j]);
            k = reach(l, p, r, j, &width);
            size_t first = origin_row(p, owner), rows = kh_cell_height(&p->g->cells[owner]);
            if (first == r) {
                kh_lines_free(&p->lines[owner]);
                kh_lines_wrap(&p->lines[owner], p->text[owner], width);
            }
            if (first + rows - 1 != r)
                continue; /* what a merged cell lacks is given to its last row */
            size_t have = 0;
            for (size_t i = first; i <= r; i++)
                have += p->h[i] + (i > first && p->rule[i] ? 1 : 0);
            if (p->lines[owner].n > have)
                p->h[r] += p->lines[owner].n - have;
        }
        y += p->rule[r] ? 1 : 0;
        p->y[r] = y;
        y += p->h[r];
    }
}

/* Line `y` of the part as it crosses band place j: the text of the cell there, in its style. */
static void put_content(layout *l, const part *p, size_t row, size_t j, size_t y, size_t width, bool bold)
{
    size_t owner = kh_grid_owner(p->g, row, l->band[j]), first = origin_row(p, owner);
    const kh_dcell *c = &p->g->cells[owner];
    size_t last = first + kh_cell_height(c) - 1;
    size_t high = p->y[last] + p->h[last] - p->y[first], from = p->middle ? (high - p->lines[owner].n) / 2 : 0;
    size_t i = y - p->y[first];
    const kh_lines *lines = &p->lines[owner];
    bool has = i >= from && i - from < lines->n;
    kh_txt_style(l->t, c->tone, bold || c->bold);
    kh_txt_aligned(l->t, has ? lines->at[i - from] : "", has ? lines->len[i - from] : 0, width, kh_view_align(l->v, c, l->band[j]));
    kh_txt_plain(l->t);
}

static void put_row(layout *l, const part *p, size_t row, bool bold)
{
    for (size_t y = p->y[row]; y < p->y[row] + p->h[row]; y++) {
        kh_buf_str(l->t->out, "│");
        for (size_t j = 0, k; j < l->n_band; j += k) {
            size_t width;
            k = reach(l, p, row, j, &width);
            kh_buf_char(l->t->out, ' ');
            put_content(l, p, row, j, y, width, bold);
            kh_buf_str(l->t->out, " │");
        }
        kh_buf_char(l->t->out, '\n');
    }
}

static bool edge(const layout *l, const part *p, size_t row, size_t j)
{
    if (!p)
        return false;
    if (j == 0 || j == l->n_band)
        return true;
    return kh_grid_owner(p->g, row, l->band[j - 1]) != kh_grid_owner(p->g, row, l->band[j]);
}

/* A rule under row ra of a and above row rb of b; either may be absent. */
static void put_rule(layout *l, const part *a, size_t ra, const part *b, size_t rb)
{
    bool left = false;
    for (size_t j = 0; j <= l->n_band; j++) {
        bool through = j < l->n_band && a && a == b && kh_grid_owner(a->g, ra, l->band[j]) == kh_grid_owner(b->g, rb, l->band[j]);
        bool right = j < l->n_band && !through;
        kh_buf_str(l->t->out, corner[(edge(l, a, ra, j) ? 1 : 0) | (edge(l, b, rb, j) ? 2 : 0) | (left ? 4 : 0) | (right ? 8 : 0)]);
        left = right;
        if (j == l->n_band)
            break;
        if (through) {
            size_t width, k = reach(l, a, ra, j, &width);
            kh_buf_char(l->t->out, ' ');
            put_content(l, a, ra, j, b->y[rb] - 1, width, a->middle);
            kh_buf_char(l->t->out, ' ');
            j += k - 1;
        } else {
            for (size_t i = 0; i < l->width[l->band[j]] + 2; i++)
                kh_buf_str(l->t->out, "─");
        }
    }
    kh_buf_char(l->t->out, '\n');
}

static void put_signs(layout *l)
{
    kh_buf_str(l->t->out, "│");
    for (size_t j = 0; j < l->n_band; j++) {
        const char *s = l->v->t->signs[l->band[j]] ? l->v->t->signs[l->band[j]] : "";
        size_t n = kh_text_fit(s, strlen(s), l->width[l->band[j]]);
        kh_buf_char(l->t->out, ' ');
        kh_txt_aligned(l->t, s, n, l->width[l->band[j]], KH_ALIGN_CENTER);
        kh_buf_str(l->t->out, " │");
    }
    kh_buf_char(l->t->out, '\n');
}

static void put_band(layout *l)
{
    const kh_dtable *t = l->v->t;
    const part *above = NULL;
    size_t row = 0;
    for (size_t r = 0; r < l->head.g->rows; r++) {
        put_rule(l, above, row, &l->head, r);
        put_row(l, &l->head, r, true);
        above = &l->head;
        row = r;
    }
    if (t->signs && above) {
        put_rule(l, above, row, &l->signs, 0);
        put_signs(l);
        above = &l->signs;
        row = 0;
    }
    for (size_t r = 0; r < t->n_rows; r++) {
        if (r == 0 || l->body.rule[r])
            put_rule(l, above, row, &l->body, r);
        put_row(l, &l->body, r, t->is_total[r]);
        above = &l->body;
        row = r;
    }
    put_rule(l, above, row, NULL, 0);
}

static void put_notes(kh_txt *t, const kh_view *v)
{
    for (size_t i = 0; i < v->t->n_notes; i++)
        kh_txt_wrapped(t, v->t->notes[i], 2, t->width - 2, KH_ALIGN_LEFT, KH_TONE_MUTED, false);
    for (size_t i = 0; i < v->n_notes; i++) {
        kh_buf note = KH_BUF_INIT;
        kh_buf_printf(&note, "(%zu) %s", i + 1, v->notes[i]);
        kh_txt_wrapped(t, kh_buf_cstr(&note), 2, t->width - 2, KH_ALIGN_LEFT, KH_TONE_MUTED, false);
        kh_buf_free(&note);
    }
}

static void put_title(kh_txt *t, const kh_dtable *table, const layout *l, bool again)
{
    size_t width = total(l, l->width) < t->width ? total(l, l->width) : t->width;
    if (again) {
        kh_buf more = KH_BUF_INIT;
        kh_buf_printf(&more, "%s (%s)", table->title ? table->title : "", kh_word_in(t->lang, KH_W_CONTINUED));
        kh_txt_wrapped(t, kh_buf_cstr(&more), 0, t->width, KH_ALIGN_LEFT, KH_TONE_NONE, true);
        kh_buf_free(&more);
        return;
    }
    if (table->title && *table->title)
        kh_txt_wrapped(t, table->title, 0, t->width, KH_ALIGN_LEFT, KH_TONE_NONE, true);
    if (table->unit_line && *table->unit_line)
        kh_txt_wrapped(t, table->unit_line, 0, width, KH_ALIGN_RIGHT, KH_TONE_MUTED, false);
}

void kh_txt_table(kh_txt *t, const kh_dtable *table)
{
    kh_view v;
    kh_view_init(&v, table);
    layout l = {.t = t, .v = &v, .signs_grid = {.rows = 1, .cols = table->n_cols}};
    l.signs.g = &l.signs_grid;
    part_init(&l, &l.head, &v.head, true);
    part_init(&l, &l.body, &v.body, false);
    for (size_t r = 1; r < v.head.rows; r++)
        l.head.rule[r] = true;
    for (size_t r = 1; r < table->n_rows; r++)
        l.body.rule[r] = table->is_total[r] != table->is_total[r - 1];
    l.natural = kh_zalloc(table->n_cols, sizeof *l.natural);
    l.least = kh_zalloc(table->n_cols, sizeof *l.least);
    l.width = kh_zalloc(table->n_cols, sizeof *l.width);
    l.band = kh_zalloc(table->n_cols + 1, sizeof *l.band);
    for (size_t i = 0; i < table->n_cols; i++)
        l.least[i] = table->signs && table->signs[i] ? kh_text_width(table->signs[i], strlen(table->signs[i])) : 1;
    take_widths(&l, &l.head);
    take_widths(&l, &l.body);
    for (size_t i = 0; i < table->n_cols; i++)
        l.natural[i] = l.natural[i] < l.least[i] ? l.least[i] : l.natural[i];
    take_span_widths(&l, &l.head);
    take_span_widths(&l, &l.body);
    for (size_t from = 0; from < table->n_cols;) {
        bool again = from > 0;
        from = next_band(&l, from);
        choose_widths(&l);
        place_rows(&l, &l.head);
        place_rows(&l, &l.body);
        put_title(t, table, &l, again);
        put_band(&l);
    }
    put_notes(t, &v);
    kh_buf_char(t->out, '\n');
    part_free(&l.head);
    part_free(&l.body);
    kh_free(l.natural);
    kh_free(l.least);
    kh_free(l.width);
    kh_free(l.band);
    kh_view_free(&v);
}
