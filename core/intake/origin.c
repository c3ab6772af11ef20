/* SPDX-License-Identifier: MIT */
/*
 * Whose return it is, and for which period: told by the caller, named in the
 * file's name (by the form's pattern, or code and period among its parts),
 * written in the title lines, or, at the end, evident from the rows. What is
 * found in several places must agree.
 */
#include "intake/work.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- the file's name ---- */

typedef struct piece { const char *s; size_t n; } piece;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static size_t stem_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (size_t)(dot - name) : strlen(name);
}

/* Code of a form at the start of the name, followed by the end or a mark. The longest wins. */
bool kh_origin_form_by_name(const kh_catalog *c, const char *file, uint32_t *form)
{
    const char *name = base_name(file);
    size_t best = 0, stem = stem_length(name);
    for (uint32_t i = 0; i < c->n_forms; i++) {
        size_t n = strlen(c->forms[i].code);
        if (n > best && n <= stem && strncasecmp(name, c->forms[i].code, n) == 0 && (n == stem || strchr("_ .", name[n]))) {
            best = n;
            *form = i;
        }
    }
    return best > 0;
}

typedef struct named { piece unit, period; } named;

/* Matches the name against "DB-01_{unit}_{period}.csv"; a placeholder takes what is up to the next literal. */
static bool by_pattern(const char *pattern, const char *name, named *out)
{
    while (*pattern) {
        if (*pattern != '{') {
            if (strncasecmp(pattern, name, 1) != 0)
                return false;
            pattern++;
            name++;
            continue;
        }
        const char *close = strchr(pattern, '}');
        if (!close)
            return false;
        piece *to = strncmp(pattern, "{unit}", 6) == 0 ? &out->unit : strncmp(pattern, "{period}", 8) == 0 ? &out->period : NULL;
        size_t n = close[1] == '\0' ? strlen(name) : 0;
        while (close[1] && name[n] && name[n] != close[1])
            n++;
        if (close[1] && !name[n])
            return false;
        if (to)
            *to = (piece){name, n};
        name += n;
        pattern = close + 1;
    }
    return *name == '\0';
}

/* A workbook is named like the CSV that the pattern is of. The pieces point into `name`. */
static bool by_pattern_or_workbook(const char *pattern, const char *name, named *out)
{
    size_t n = stem_length(name), k = strlen(pattern);
    if (by_pattern(pattern, name, out))
        return true;
    if (strcasecmp(name + n, ".xlsx") != 0 || k < 4 || strcasecmp(pattern + k - 4, ".csv") != 0)
        return false;
    char *csv = kh_asprintf("%.*s.csv", (int)n, name);
    *out = (named){{NULL, 0}, {NULL, 0}};
    bool found = by_pattern(pattern, csv, out);
    if (out->unit.s)
        out->unit.s = name + (out->unit.s - csv);
    if (out->period.s)
        out->period.s = name + (out->period.s - csv);
    kh_free(csv);
    return found;
}

/* Without a pattern: the parts between '_' and blanks, but for the form's code. */
static size_t parts_of(const kh_work *w, const char *name, piece *out, size_t room)
{
    size_t n = 0, stem = stem_length(name), i = 0, code = w->form ? strlen(w->form->code) : 0;
    if (code && code <= stem && strncasecmp(name, w->form->code, code) == 0)
        i = code;
    while (i < stem && n < room) {
        size_t from = i;
        while (i < stem && name[i] != '_' && name[i] != ' ')
            i++;
        if (i > from)
            out[n++] = (piece){name + from, i - from};
        i++;
    }
    return n;
}

/* ---- what was found, and where ---- */

enum { FOUND = 16 };
typedef struct found_period { kh_period period; const char *where; uint32_t line, column; } found_period;
typedef struct found_unit { kh_unit unit; const char *where; uint32_t line, column; } found_unit;
typedef struct origin {
    found_period periods[FOUND]; size_t n_periods, n_mentions; found_period mentions[FOUND]; /* mentions: in sentences of the title lines */
    found_unit units[FOUND]; size_t n_units, sure_units; /* those from sure_units on are merely mentioned */
} origin;

static void add_to(found_period *list, size_t *n, found_period f)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i].period == f.period)
            return;
    if (f.period && *n < FOUND)
        list[(*n)++] = f;
}

static void add_period(origin *g, kh_period p, const char *where, uint32_t line, uint32_t column)
{
    add_to(g->periods, &g->n_periods, (found_period){p, where, line, column});
}

static void add_unit(origin *g, kh_unit u, const char *where, uint32_t line, uint32_t column)
{
    for (size_t i = 0; i < g->n_units; i++)
        if (g->units[i].unit == u)
            return;
    if (u != KH_NO_UNIT && g->n_units < FOUND)
        g->units[g->n_units++] = (found_unit){u, where, line, column};
}

/* ---- labels in title lines ---- */

static bool is_one_of(const char *key, const char *const *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(key, labels[i]) == 0)
            return true;
    return false;
}

static bool is_period_label(const char *key)
{
    static const char *const labels[] = {"kỳ báo cáo", "kỳ", "thời kỳ", "kỳ số liệu", "thời gian", "reporting period", "period"};
    return is_one_of(key, labels, sizeof labels / sizeof *labels);
}

static bool is_unit_label(const char *key)
{
    static const char *const labels[] = {"đơn vị báo cáo", "đơn vị gửi", "đơn vị gửi báo cáo", "tên đơn vị", "đơn vị", "cơ quan báo cáo", "cơ quan", "nơi gửi",
                                         "mã đơn vị báo cáo", "reporting unit", "unit", "sender"};
    return is_one_of(key, labels, sizeof labels / sizeof *labels);
}

typedef void label_fn(kh_work *w, origin *g, const char *s, size_t n, uint32_t line, uint32_t column);

/* Calls fn with what stands behind a label: after its colon, or in the next cell that is filled. */
static void labelled(kh_work *w, origin *g, bool (*is_label)(const char *), label_fn *fn)
{
    for (size_t i = 0; i < w->layout.from; i++) {
        const kh_head_row *r = &w->head.rows[i];
        for (uint32_t j = 0; j < r->n; j++) {
            const char *s = r->cells[j].s, *colon = memchr(s, ':', r->cells[j].n);
            size_t n = colon ? (size_t)(colon - s) : r->cells[j].n;
            if (n == 0 || n > 60)
                continue;
            char *key = kh_text_key(s, n);
            bool label = is_label(key);
            kh_free(key);
            if (!label)
                continue;
            uint32_t k = j;
            const char *v = colon ? colon + 1 : s + n;
            size_t left = r->cells[j].n - (size_t)(v - s);
            kh_trim(&v, &left);
            while (left == 0 && ++k < r->n) {
                v = r->cells[k].s;
                left = r->cells[k].n;
            }
            if (left)
                fn(w, g, v, left, r->cells[k].line, k + 1);
        }
    }
}

/* ---- periods ---- */

static kh_freq every_of(const kh_work *w)
{
    return w->form->every;
}

static void period_in(kh_work *w, origin *g, const char *s, size_t n, uint32_t line, uint32_t column)
{
    kh_period p = kh_phrase_period(s, n), some[8];
    if (!p && kh_phrase_periods(s, n, every_of(w), some, 8) == 1)
        p = some[0];
    add_period(g, p, _("in the title lines"), line, column);
}

static void periods_in_titles(kh_work *w, origin *g)
{
    labelled(w, g, is_period_label, period_in);
    if (every_of(w) == KH_EVERY_NONE)
        return;
    kh_period p[8];
    for (size_t i = 0; i < w->layout.from; i++)
        for (uint32_t j = 0; j < w->head.rows[i].n; j++) {
            const kh_head_cell *c = &w->head.rows[i].cells[j];
            size_t n = c->n ? kh_phrase_periods(c->s, c->n, every_of(w), p, 8) : 0;
            for (size_t k = 0; k < n && k < 8; k++)
                add_to(g->mentions, &g->n_mentions, (found_period){p[k], _("in the title lines"), c->line, j + 1});
        }
}

static bool of_every(const kh_work *w, kh_period p)
{
    return every_of(w) == KH_EVERY_NONE || kh_period_freq(p) == every_of(w);
}

static void period_in_name(kh_work *w, origin *g)
{
    const char *name = base_name(w->in->file);
    named by = {{NULL, 0}, {NULL, 0}};
    piece parts[8];
    if (w->form->file_pattern && by_pattern_or_workbook(w->form->file_pattern, name, &by)) {
        if (by.period.n)
            add_period(g, kh_phrase_period(by.period.s, by.period.n), _("in the file's name"), 0, 0);
        return;
    }
    size_t n = parts_of(w, name, parts, 8), found = 0;
    kh_period only = KH_NO_PERIOD;
    for (size_t i = 0; i < n; i++) {
        kh_period p = kh_period_parse(parts[i].s, parts[i].n);
        if (p && of_every(w, p)) {
            only = p;
            found++;
        }
    }
    if (found == 1)
        add_period(g, only, _("in the file's name"), 0, 0);
}

static void note_period_differs(kh_work *w, const found_period *a, const found_period *b)
{
    char one[KH_PERIOD_TEXT], other[KH_PERIOD_TEXT];
    kh_period_format(a->period, one);
    kh_period_format(b->period, other);
    kh_note(w, KH_ERROR, "PERIOD-DIFFERS", b->line, b->column, NULL, 0, one, _("the period is %s %s, but %s %s"), one, a->where, other, b->where);
    w->fatal = true;
}

static bool mentions(const origin *g, kh_period p)
{
    for (size_t i = 0; i < g->n_mentions; i++)
        if (g->mentions[i].period == p)
            return true;
    return false;
}

/*
 * What was told, named or labelled must be one period, and where sentences of the title lines name periods it must be among
 * them ("compared with quarter I of 2017" may stand there as well). If there are only sentences, they must name one.
 */
static void decide_period(kh_work *w, const origin *g)
{
    for (size_t i = 1; i < g->n_periods; i++)
        note_period_differs(w, &g->periods[0], &g->periods[i]);
    if (g->n_periods) {
        w->period = g->periods[0].period;
        if (g->n_periods == 1 && g->n_mentions && !mentions(g, w->period) && w->period_column == UINT32_MAX)
            note_period_differs(w, &g->periods[0], &g->mentions[0]);
    } else if (g->n_mentions == 1)
        w->period = g->mentions[0].period;
    else if (g->n_mentions > 1 && w->period_column == UINT32_MAX) {
        kh_note(w, KH_ERROR, "PERIOD", g->mentions[1].line, g->mentions[1].column, NULL, 0, _("the period with --period, or a line \"Kỳ báo cáo: …\""), _("the title lines name several periods"));
        w->fatal = true;
    }
}

static void check_every(kh_work *w)
{
    char name[KH_PERIOD_TEXT];
    bool by_rows = w->period_column != UINT32_MAX;
    if (!w->period || of_every(w, w->period) || by_rows)
        return;
    kh_period_format(w->period, name);
    char *expected = kh_asprintf(_("a period of the kind \"%s\""), kh_freq_said(every_of(w)));
    kh_note(w, KH_ERROR, "PERIOD", 0, 0, name, strlen(name), expected, _("%s is not a period of this form, which is sent every %s"), name, kh_freq_said(every_of(w)));
    kh_free(expected);
    w->fatal = true;
}

static void find_period(kh_work *w)
{
    origin g = {.n_periods = 0};
    if (w->o->period)
        add_period(&g, w->o->period, _("by option"), 0, 0);
    period_in_name(w, &g);
    periods_in_titles(w, &g);
    decide_period(w, &g);
    check_every(w);
    if (!w->period && w->period_column == UINT32_MAX && !w->fatal && !w->form->script) {
        kh_note(w, KH_ERROR, "PERIOD", 0, 0, NULL, 0, _("the period with --period, in the file's name, or in a line \"Kỳ báo cáo: …\""), _("the file does not say which period it is for"));
        w->fatal = true;
    }
}

/* ---- the sender ---- */

static kh_unit unit_of(kh_work *w, const char *s, size_t n, bool must_report)
{
    kh_unit_match m;
    kh_unit found = KH_NO_UNIT;
    size_t count = 0;
    if (n == 0 || n > 200)
        return KH_NO_UNIT;
    kh_units_match(w->c->units, s, n, KH_NO_UNIT, w->at, &m);
    if (m.n == 1 && !must_report)
        return m.units[0];
    for (size_t i = 0; i < m.n && i < 16; i++)
        if (kh_form_reports(w, m.units[i], w->at)) {
            found = m.units[i];
            count++;
        }
    return count == 1 && m.n <= 16 ? found : KH_NO_UNIT;
}

static void unit_in(kh_work *w, origin *g, const char *s, size_t n, uint32_t line, uint32_t column)
{
    static const char *const before[] = {"UBND ", "Ủy ban nhân dân ", "Uỷ ban nhân dân ", "ỦY BAN NHÂN DÂN ", "UỶ BAN NHÂN DÂN ", "BCHQS ", "Ban CHQS ", "BAN CHQS "};
    kh_unit u = unit_of(w, s, n, false);
    for (size_t i = 0; i < sizeof before / sizeof *before && u == KH_NO_UNIT; i++) {
        size_t k = strlen(before[i]);
        if (n > k && memcmp(s, before[i], k) == 0)
            u = unit_of(w, s + k, n - k, true);
    }
    add_unit(g, u, _("in the title lines"), line, column);
}

/* A title cell that is nothing but a reporter's name, or that behind "UBND". */
static void units_in_titles(kh_work *w, origin *g)
{
    labelled(w, g, is_unit_label, unit_in);
    g->sure_units = g->n_units;
    if (w->form->n_reporters == 0)
        return;
    origin only = {.n_units = 0};
    for (size_t i = 0; i < w->layout.from; i++)
        for (uint32_t j = 0; j < w->head.rows[i].n; j++) {
            const kh_head_cell *c = &w->head.rows[i].cells[j];
            unit_in(w, &only, c->s, c->n, c->line, j + 1);
        }
    for (size_t i = 0; i < only.n_units; i++)
        if (kh_form_reports(w, only.units[i].unit, w->at))
            add_unit(g, only.units[i].unit, only.units[i].where, only.units[i].line, only.units[i].column);
}

static void unit_in_name(kh_work *w, origin *g)
{
    const char *name = base_name(w->in->file);
    named by = {{NULL, 0}, {NULL, 0}};
    piece parts[8];
    kh_unit found = KH_NO_UNIT;
    size_t count = 0;
    if (w->form->file_pattern && by_pattern_or_workbook(w->form->file_pattern, name, &by)) {
        add_unit(g, unit_of(w, by.unit.s, by.unit.n, false), _("in the file's name"), 0, 0);
        return;
    }
    size_t n = parts_of(w, name, parts, 8);
    for (size_t i = 0; i < n; i++) {
        char *code = kh_strndup(parts[i].s, parts[i].n);
        kh_unit u = kh_period_parse(parts[i].s, parts[i].n) ? KH_NO_UNIT : kh_units_find(w->c->units, code, w->at);
        kh_free(code);
        if (u != KH_NO_UNIT) {
            found = u;
            count++;
        }
    }
    if (count == 1)
        add_unit(g, found, _("in the file's name"), 0, 0);
}

static void note_sender_differs(kh_work *w, const found_unit *a, const found_unit *b)
{
    char one[200], other[200];
    kh_units_title(w->c->units, a->unit, kh_msg_lang_now(), one, sizeof one);
    kh_units_title(w->c->units, b->unit, kh_msg_lang_now(), other, sizeof other);
    kh_note(w, KH_ERROR, "SENDER-DIFFERS", b->line, b->column, NULL, 0, one, _("the sender is %s %s, but %s %s"), one, a->where, other, b->where);
    w->fatal = true;
}

static void check_reporter(kh_work *w)
{
    if (w->in->sender == KH_NO_UNIT || kh_form_reports(w, w->in->sender, w->at))
        return;
    char title[200];
    kh_units_title(w->c->units, w->in->sender, kh_msg_lang_now(), title, sizeof title);
    kh_note(w, KH_ERROR, "SENDER", 0, 0, NULL, 0, _("a unit that the form's `reporters` name"), _("%s does not send form %s"), title, w->form->code);
    w->fatal = true;
}

static void find_sender(kh_work *w)
{
    origin g = {.n_units = 0};
    add_unit(&g, w->o->sender, _("by option"), 0, 0);
    unit_in_name(w, &g);
    units_in_titles(w, &g);
    size_t sure = g.sure_units;
    for (size_t i = 1; i < sure; i++)
        note_sender_differs(w, &g.units[0], &g.units[i]);
    if (sure || g.n_units == 1)
        w->in->sender = g.units[0].unit;
    check_reporter(w);
}

/* ---- both ---- */

static kh_day today(const kh_work *w)
{
    kh_day d;
    if (w->o->received && strlen(w->o->received) >= 10 && kh_day_parse(w->o->received, 10, &d))
        return d;
    time_t now = time(NULL);
    struct tm t;
    gmtime_r(&now, &t);
    return kh_day_make(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
}

int kh_origin_find(kh_work *w, kh_error *err)
{
    (void)err;
    find_period(w);
    w->at = w->period ? kh_period_last(w->period) : today(w);
    find_sender(w);
    return KH_OK;
}

/* ---- from the rows ---- */

/* The reporter at or above a unit, or KH_NO_UNIT. */
static kh_unit reporter_of(const kh_work *w, kh_unit unit, kh_day at)
{
    for (kh_unit u = unit; u != KH_NO_UNIT; u = kh_units_parent(w->c->units, u, at))
        if (kh_form_reports(w, u, at))
            return u;
    return KH_NO_UNIT;
}

void kh_origin_from_rows(kh_work *w)
{
    const kh_return *ret = w->in->ret;
    kh_unit only = KH_NO_UNIT;
    bool one = true;
    for (size_t g = 0; g < ret->n_rows && one && w->form->n_reporters; g++)
        for (uint32_t i = 0; i < ret->rows[g].n && one; i++) {
            kh_unit r = reporter_of(w, ret->rows[g].unit[i], kh_period_last(ret->rows[g].period));
            one = r != KH_NO_UNIT && (only == KH_NO_UNIT || only == r);
            only = r;
        }
    if (one && only != KH_NO_UNIT) {
        w->in->sender = only;
        return;
    }
    kh_note(w, KH_ERROR, "SENDER", 0, 0, NULL, 0, _("the sender with --unit, in the file's name, or in a line \"Đơn vị báo cáo: …\""), _("the file does not say who sends it"));
    w->fatal = true;
}
