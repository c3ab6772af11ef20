/* SPDX-License-Identifier: MIT */
/*
 * The header: found by the form's titles, below any number of title lines. One
 * to three rows; a heading over several columns is written once with blanks to
 * its right, and a column's full title is the path from top to bottom, "Trong
 * đó/Nữ". The place where most titles of the form are found is the header. A
 * form that names no columns (its script does) gets the first rows that fill
 * the width of the file. The row of column signs (A, B, 1, 2, 3=2/1) below is
 * no data.
 *
 * Left out: guessing a column from its values. A title must say what it is.
 */
#include "intake/work.h"

#include "base/text.h"

#include <string.h>

enum { HEADER_ROWS = 3 };

char *kh_heading_key(const char *s, size_t n)
{
    if (!memchr(s, '/', n))
        return kh_text_key(s, n);
    kh_buf out = KH_BUF_INIT;
    for (size_t from = 0; from <= n;) {
        const char *slash = from < n ? memchr(s + from, '/', n - from) : NULL;
        size_t to = slash ? (size_t)(slash - s) : n;
        char *part = kh_text_key(s + from, to - from);
        if (from)
            kh_buf_char(&out, '/');
        kh_buf_str(&out, part);
        kh_free(part);
        from = to + 1;
    }
    return kh_buf_take(&out);
}

/* ---- titles of the form ---- */

kh_map *kh_form_titles(const kh_form *f)
{
    kh_map *m = kh_map_new();
    for (size_t i = f->n_columns; i-- > 0;) {
        const kh_form_column *c = &f->columns[i];
        for (size_t k = 0; k <= c->n_also; k++) {
            const char *heading = k == 0 ? c->heading : c->also[k - 1];
            char *key = kh_heading_key(heading, strlen(heading));
            kh_map_set(m, key, strlen(key), (uint32_t)i);
            kh_free(key);
        }
    }
    return m;
}

/* ---- paths ---- */

typedef struct span { kh_head *h; size_t from, rows, width; } span;

static bool filled(const span *p, size_t row, size_t column)
{
    const kh_head_row *r = &p->h->rows[p->from + row];
    return column < r->n && r->cells[column].n > 0;
}

/* The column whose cell of that row stands over `column`: itself, or the nearest filled one to the left that spans to it. */
static size_t over(const span *p, size_t row, size_t column)
{
    bool below = false;
    for (size_t k = row + 1; k < p->rows; k++)
        below |= filled(p, k, column);
    if (filled(p, row, column) || !below)
        return column;
    for (size_t j = column; j-- > 0;) {
        if (filled(p, row, j))
            return j;
        bool edge = false; /* an upper title that begins right of j ends the span */
        for (size_t k = 0; k < row; k++)
            edge |= filled(p, k, j + 1);
        if (edge)
            return column;
    }
    return column;
}

/* Text and key of a column's path, parts joined by '/'. */
static void path_of(const span *p, size_t column, kh_buf *text, kh_buf *key)
{
    const char *last = "";
    kh_buf_clear(text);
    kh_buf_clear(key);
    for (size_t row = 0; row < p->rows; row++) {
        size_t j = over(p, row, column);
        const char *k = kh_head_key(p->h, p->from + row, j);
        if (!filled(p, row, j) || strcmp(k, last) == 0)
            continue; /* a merged cell may be repeated in the row below */
        const kh_head_cell *c = &p->h->rows[p->from + row].cells[j];
        if (text->len)
            kh_buf_char(text, '/');
        if (key->len)
            kh_buf_char(key, '/');
        kh_buf_add(text, c->s, c->n);
        kh_buf_str(key, k);
        last = k;
    }
}

/* The form's column of a path: the whole of it, else without its upper parts. */
static uint32_t match_path(const kh_map *titles, const char *key, bool *whole)
{
    *whole = true;
    for (const char *k = key; k; k = strchr(k, '/')) {
        k += *k == '/';
        uint32_t c = kh_map_get(titles, k, strlen(k));
        if (c != KH_NONE)
            return c;
        *whole = false;
    }
    return KH_NONE;
}

static size_t width_of(const kh_head *h, size_t from, size_t rows)
{
    size_t w = 0;
    for (size_t i = from; i < from + rows; i++)
        if (h->rows[i].n > w)
            w = h->rows[i].n;
    return w;
}

typedef struct score { size_t matched, wanted, whole; } score;

static bool better(score a, score b)
{
    return a.matched > b.matched || (a.matched == b.matched && a.whole > b.whole);
}

/* How many columns of the form the header [from, from + rows) would have. */
static score try_rows(kh_head *h, size_t from, size_t rows, const kh_form *f, const kh_map *titles)
{
    span p = {h, from, rows, width_of(h, from, rows)};
    kh_buf text = KH_BUF_INIT, key = KH_BUF_INIT;
    bool *seen = kh_zalloc(f->n_columns + 1, sizeof *seen), whole;
    score s = {0, 0, 0};
    for (size_t j = 0; j < p.width; j++) {
        path_of(&p, j, &text, &key);
        uint32_t c = key.len ? match_path(titles, key.data, &whole) : KH_NONE;
        if (c == KH_NONE || seen[c])
            continue;
        seen[c] = true;
        s.matched++;
        s.whole += whole;
        s.wanted += !f->columns[c].optional;
    }
    kh_free(seen);
    kh_buf_free(&text);
    kh_buf_free(&key);
    return s;
}

/* ---- where ---- */

static size_t columns_wanted(const kh_form *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_columns; i++)
        n += !f->columns[i].optional;
    return n;
}

/* Nothing further down is looked at: all that must be there is, or all that may be. */
static bool complete(score s, size_t wanted, const kh_form *f, const kh_head *h, size_t row)
{
    bool all = s.matched == s.wanted || (s.matched == f->n_columns && s.whole == s.matched);
    return s.wanted == wanted && all && (wanted > 1 || h->rows[row].filled > 1 || h->n == 1);
}

/* The best header that begins at row i, if it is better than `best`. */
static void try_at(kh_head *h, size_t i, const kh_form *f, const kh_map *titles, score *best, kh_layout *out)
{
    size_t least = f->header_rows > 0 ? (size_t)f->header_rows : 1, most = f->header_rows > 0 ? (size_t)f->header_rows : HEADER_ROWS;
    for (size_t rows = least; rows <= most && i + rows <= h->n; rows++) {
        score s = try_rows(h, i, rows, f, titles);
        /* Of two heights that find the same, the taller: its lower row is blank below every title found, so it is no data. */
        bool taller = s.matched && i == out->from && out->rows && !better(*best, s);
        if (!better(s, *best) && !taller)
            continue;
        out->from = i;
        out->rows = rows;
        *best = s;
    }
}

static void find_by_titles(kh_head *h, const kh_form *f, const kh_map *titles, kh_layout *out)
{
    size_t wanted = columns_wanted(f);
    score best = {0, 0, 0};
    for (size_t i = 0; i < h->n && !out->complete; i++) {
        try_at(h, i, f, titles, &best, out);
        out->complete = out->rows && complete(best, wanted, f, h, out->from);
    }
    /* A title line above may have come along as an upper row. */
    while (out->rows > 1 && f->header_rows == 0 && !better(best, try_rows(h, out->from + 1, out->rows - 1, f, titles))) {
        out->from++;
        out->rows--;
    }
    /* One title of many may stand in any sentence. Where it is stays known, for the finding. */
    if (best.matched * 2 < wanted)
        out->rows = 0;
    out->matched = best.matched;
}

static bool looks_like_data(const kh_head_row *r)
{
    kh_num num;
    size_t numbers = 0;
    for (uint32_t i = 0; i < r->n; i++)
        numbers += r->cells[i].n && kh_num_read(r->cells[i].s, r->cells[i].n, &num) != KH_NUM_NONE;
    return numbers * 2 >= r->filled && numbers > 0;
}

/* No titles are declared: the first row that is filled to more than half of the file's width and is not numbers. */
static void find_by_shape(kh_head *h, const kh_form *f, kh_layout *out)
{
    size_t rows = f->header_rows > 0 ? (size_t)f->header_rows : 1, width = 0;
    for (size_t i = 0; i < h->n; i++)
        if (h->rows[i].filled > width)
            width = h->rows[i].filled;
    for (size_t i = 0; i + rows <= h->n; i++) {
        size_t best = 0;
        for (size_t k = i; k < i + rows; k++)
            if (h->rows[k].filled > best)
                best = h->rows[k].filled;
        if (best * 2 > width && h->rows[i].filled * (rows + 1) > width && !looks_like_data(&h->rows[i])) {
            out->from = i;
            out->rows = rows;
            return;
        }
    }
}

/* ---- column signs ---- */

/* "A", "(A)", "(1)", "3=2/1", "(4)=(2)+(3)": *number is its first number, 0 for a letter. */
static bool is_sign(const kh_head_cell *c, int *number)
{
    const char *s = c->s, *end = s + c->n;
    bool bracket = s < end && (*s == '(' || *s == '['), equation = false;
    s += bracket;
    const char *first = s;
    *number = 0;
    for (; s < end && *s >= '0' && *s <= '9' && s - first < 3; s++)
        *number = *number * 10 + (*s - '0');
    if (s == first && s < end && ((*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z')))
        s++;
    else if (*number == 0)
        return false;
    if (bracket && s < end && (*s == ')' || *s == ']'))
        s++;
    if (s < end) /* how the column is computed */
        for (equation = memchr(s, '=', (size_t)(end - s)) != NULL; equation && s < end; s++)
            equation = *s && strchr("0123456789=()[]+-*/:x, %", *s);
    return s == end;
}

static bool is_sign_row(const kh_head_row *r)
{
    int expect = 1, number;
    size_t signs = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        if (!r->cells[i].n)
            continue;
        if (!is_sign(&r->cells[i], &number) || (number && number != expect))
            return false;
        expect += number != 0;
        signs++;
    }
    return signs >= 2 && expect > 1;
}

/* A row of a unit whose code happens to be a sign is data. */
static bool names_unit(const kh_layout *l, const kh_form *f, kh_units *units, const kh_head_row *r)
{
    for (size_t j = 0; j < l->n && j < r->n; j++) {
        uint32_t c = l->headings[j].form_column;
        if (c == UINT32_MAX || f->columns[c].as != KH_AS_UNIT || !r->cells[j].n)
            continue;
        if (kh_units_find(units, r->cells[j].s, KH_DAY_MAX - 1) != KH_NO_UNIT)
            return true;
    }
    return false;
}

/* ---- the headings ---- */

static bool is_unit_code(const char *key)
{
    static const char *const keys[] = {"mã đơn vị", "mã đv", "mã", "unit code", "code"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static bool has_unit_column(const kh_form *f)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].as == KH_AS_UNIT)
            return true;
    return false;
}

/* A path that is the title itself comes before one that only ends like it. */
static void drop_weaker(kh_layout *l, const bool *whole)
{
    for (size_t i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->n; j++)
            if (i != j && l->headings[i].form_column != UINT32_MAX && l->headings[i].form_column == l->headings[j].form_column && whole[j] && !whole[i]) {
                l->headings[i].form_column = UINT32_MAX;
                break;
            }
}

static void name_columns(kh_head *h, const kh_form *f, const kh_map *titles, kh_layout *out)
{
    span p = {h, out->from, out->rows, width_of(h, out->from, out->rows)};
    kh_buf text = KH_BUF_INIT, key = KH_BUF_INIT;
    bool *whole = kh_zalloc(p.width + 1, sizeof *whole), unit = has_unit_column(f), *seen = kh_zalloc(f->n_columns + 1, sizeof *seen);
    out->n = p.width;
    out->headings = kh_arena_alloc(h->arena, (p.width + 1) * sizeof *out->headings);
    out->matched = out->wanted = 0;
    for (size_t j = 0; j < p.width; j++) {
        path_of(&p, j, &text, &key);
        uint32_t c = key.len ? match_path(titles, key.data, &whole[j]) : KH_NONE;
        out->headings[j] = (kh_heading){kh_arena_strdup(h->arena, kh_buf_cstr(&text)), kh_arena_strdup(h->arena, kh_buf_cstr(&key)), c,
                                        c == KH_NONE && unit && is_unit_code(kh_buf_cstr(&key)), false};
    }
    while (out->n > 1 && !*out->headings[out->n - 1].key) /* separators at the end: what stands below them has no title */
        out->n--;
    drop_weaker(out, whole);
    for (size_t j = 0; j < out->n; j++) {
        uint32_t c = out->headings[j].form_column;
        if (c == UINT32_MAX || seen[c])
            continue;
        seen[c] = true;
        out->matched++;
        out->wanted += !f->columns[c].optional;
    }
    kh_free(whole);
    kh_free(seen);
    kh_buf_free(&text);
    kh_buf_free(&key);
}

void kh_layout_find(kh_head *h, const kh_form *f, const kh_map *titles, kh_units *units, kh_layout *out)
{
    *out = (kh_layout){.rows = 0};
    if (f->n_columns)
        find_by_titles(h, f, titles, out);
    else
        find_by_shape(h, f, out);
    if (!out->rows)
        return;
    name_columns(h, f, titles, out);
    out->data = out->from + out->rows;
    if (out->data < h->n && is_sign_row(&h->rows[out->data]) && !names_unit(out, f, units, &h->rows[out->data]))
        out->data++;
}

/* ---- the same header again ---- */

static const char *last_part(const char *key)
{
    const char *slash = strrchr(key, '/');
    return slash ? slash + 1 : key;
}

void kh_kept_head_free(kh_kept_head *p)
{
    kh_map_free(p->ends);
    kh_arena_free(p->arena);
    kh_free(p->text);
    *p = (kh_kept_head){.form = NULL};
}

static void add_end(kh_kept_head *p, const char *heading)
{
    char *key = kh_heading_key(heading, strlen(heading));
    const char *end = last_part(key);
    kh_map_set(p->ends, end, strlen(end), 1);
    kh_free(key);
}

void kh_kept_head_set(kh_kept_head *p, const kh_form *f, const kh_buf *text, const kh_head *h, const kh_layout *l)
{
    size_t n = h->rows[l->data - 1].to;
    if (p->form == f && p->delimiter == h->delimiter && p->n == n && memcmp(p->text, text->data, n) == 0)
        return;
    kh_kept_head_free(p);
    *p = (kh_kept_head){.form = f, .ends = kh_map_new(), .text = kh_strndup(text->data, n), .n = n, .delimiter = h->delimiter, .layout = *l, .arena = kh_arena_new()};
    p->layout.headings = kh_arena_alloc(p->arena, (l->n + 1) * sizeof *l->headings);
    for (size_t j = 0; j < l->n; j++) {
        p->layout.headings[j] = l->headings[j];
        p->layout.headings[j].text = kh_arena_strdup(p->arena, l->headings[j].text);
        p->layout.headings[j].key = kh_arena_strdup(p->arena, l->headings[j].key);
    }
    for (size_t i = 0; i < f->n_columns; i++) {
        add_end(p, f->columns[i].heading);
        for (size_t k = 0; k < f->columns[i].n_also; k++)
            add_end(p, f->columns[i].also[k]);
    }
}

/* Could the row be part of a header? No, if none of its cells is the end of a title. */
static bool is_plain(const kh_kept_head *p, kh_head *h, size_t row)
{
    for (size_t j = 0; j < h->rows[row].n; j++) {
        const char *end = last_part(kh_head_key(h, row, j));
        if (*end && kh_map_get(p->ends, end, strlen(end)) != KH_NONE)
            return false;
    }
    return true;
}

static bool fills_a_column(const kh_layout *l, const kh_head_row *r)
{
    for (size_t j = 0; j < l->n && j < r->n; j++)
        if (l->headings[j].form_column != UINT32_MAX && r->cells[j].n)
            return true;
    return false;
}

/*
 * Would the search find the same? It looks at windows of up to HEADER_ROWS rows. One that reaches into the data finds less
 * than the part of it above the data, if the rows of data that it could reach hold no end of a title and the first of them
 * fills a column that was found (a row that is blank there would count as part of a taller header).
 */
static bool still_fits(const kh_kept_head *p, kh_head *h, kh_units *units)
{
    const kh_layout *l = &p->layout;
    for (size_t i = l->data; i < h->n && i < l->data + HEADER_ROWS - 1; i++)
        if (!is_plain(p, h, i))
            return false;
    if (l->data >= h->n || !fills_a_column(l, &h->rows[l->data]))
        return false;
    return l->data > l->from + l->rows || !is_sign_row(&h->rows[l->data]) || names_unit(l, p->form, units, &h->rows[l->data]);
}

bool kh_same_head(const kh_kept_head *p, const kh_form *f, const kh_buf *text, bool whole, char delimiter, kh_units *units, kh_head *h, kh_layout *out)
{
    kh_error none = KH_ERROR_INIT;
    *h = (kh_head){.arena = NULL};
    if (p->form != f || p->delimiter != delimiter || text->len <= p->n || memcmp(text->data, p->text, p->n) != 0)
        return false;
    bool same = kh_head_read(h, text, whole, delimiter, p->layout.data + HEADER_ROWS - 1, &none) == KH_OK && h->n >= p->layout.data &&
                h->rows[p->layout.data - 1].to == p->n && still_fits(p, h, units);
    kh_error_clear(&none);
    if (!same) {
        kh_head_free(h);
        return false;
    }
    *out = p->layout;
    out->headings = kh_arena_alloc(h->arena, (out->n + 1) * sizeof *out->headings);
    memcpy(out->headings, p->layout.headings, out->n * sizeof *out->headings);
    return true;
}
