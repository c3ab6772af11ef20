/* SPDX-License-Identifier: MIT */
/*
 * Text for a terminal or a mail: fits the width asked for, measured in columns
 * as they are shown; colour only if asked, and never the only sign. Bars are
 * drawn with blocks, every other chart is a table of its figures.
 */
#include "report/renderers.h"

#include "base/text.h"
#include "report/escape.h"
#include "report/official.h"
#include "report/txt.h"
#include "report/words.h"

#include <math.h>
#include <string.h>

/* ---- lines ----------------------------------------------------------------- */

static void push_line(kh_lines *l, const char *at, size_t len)
{
    size_t n = l->n;
    KH_PUSH(l->at, l->n, l->cap_at) = at;
    KH_PUSH(l->len, n, l->cap_len) = len;
}

/* One line of the source; blanks at a break are dropped. */
static void wrap_line(kh_lines *l, const char *s, size_t n, size_t width)
{
    while (kh_text_width(s, n) > width) {
        size_t fit = kh_text_fit(s, n, width), cut = fit;
        while (cut > 0 && s[cut] != ' ')
            cut--;
        if (cut == 0 || strspn(s, " ") >= cut)
            cut = fit ? fit : n; /* a word longer than the line */
        push_line(l, s, cut);
        while (cut < n && s[cut] == ' ')
            cut++;
        s += cut;
        n -= cut;
    }
    push_line(l, s, n);
}

void kh_lines_wrap(kh_lines *l, const char *text, size_t width)
{
    for (const char *s = text;;) {
        size_t n = strcspn(s, "\n");
        wrap_line(l, s, n, width ? width : 1);
        if (!s[n])
            return;
        s += n + 1;
    }
}

void kh_lines_free(kh_lines *l)
{
    kh_free(l->at);
    kh_free(l->len);
    *l = (kh_lines){0};
}

size_t kh_txt_longest_word(const char *text)
{
    size_t most = 0;
    for (const char *s = text; *s;) {
        size_t n = strcspn(s, " \n"), w = kh_text_width(s, n);
        most = w > most ? w : most;
        s += n;
        s += strspn(s, " \n");
    }
    return most;
}

void kh_txt_spaces(kh_txt *t, size_t n)
{
    while (n-- > 0)
        kh_buf_char(t->out, ' ');
}

void kh_txt_style(kh_txt *t, kh_tone tone, bool bold)
{
    static const char *const codes[] = {"", "\033[32m", "\033[31m", "\033[33m", "\033[90m"};
    if (!t->colour)
        return;
    kh_buf_str(t->out, bold ? "\033[1m" : "");
    kh_buf_str(t->out, codes[tone]);
}

void kh_txt_plain(kh_txt *t)
{
    kh_buf_str(t->out, t->colour ? "\033[0m" : "");
}

void kh_txt_aligned(kh_txt *t, const char *s, size_t n, size_t width, kh_align align)
{
    size_t w = kh_text_width(s, n), room = w < width ? width - w : 0;
    size_t left = align == KH_ALIGN_RIGHT ? room : align == KH_ALIGN_CENTER ? room / 2 : 0;
    kh_txt_spaces(t, left);
    kh_buf_add(t->out, s, n);
    kh_txt_spaces(t, room - left);
}

/* Blanks at the end of a line say nothing. */
static void end_line(kh_txt *t)
{
    while (t->out->len && t->out->data[t->out->len - 1] == ' ')
        t->out->len--;
    kh_buf_char(t->out, '\n');
}

void kh_txt_wrapped(kh_txt *t, const char *text, size_t left, size_t width, kh_align align, kh_tone tone, bool bold)
{
    kh_buf plain = KH_BUF_INIT;
    kh_plain(text, &plain);
    for (size_t i = 0; i < plain.len; i++)
        plain.data[i] = plain.data[i] == '\t' ? ' ' : plain.data[i];
    kh_lines l = {0};
    kh_lines_wrap(&l, kh_buf_cstr(&plain), width);
    for (size_t i = 0; i < l.n; i++) {
        kh_txt_spaces(t, left);
        kh_txt_style(t, tone, bold);
        size_t w = kh_text_width(l.at[i], l.len[i]), room = w < width ? width - w : 0;
        kh_txt_spaces(t, align == KH_ALIGN_RIGHT ? room : align == KH_ALIGN_CENTER ? room / 2 : 0);
        kh_buf_add(t->out, l.at[i], l.len[i]);
        kh_txt_plain(t);
        end_line(t);
    }
    kh_lines_free(&l);
    kh_buf_free(&plain);
}

/* ---- charts ---------------------------------------------------------------- */

/* Bars of one series of values that are not negative; eighths of a block at the end. */
static bool can_draw(const kh_chart *c, double *most)
{
    if ((c->kind != KH_CHART_BAR && c->kind != KH_CHART_BULLET) || c->n_series != 1)
        return false;
    *most = c->has_target ? c->target : 0;
    for (size_t i = 0; i < c->n_x; i++) {
        if (!c->series[0].there[i])
            continue;
        if (c->series[0].y[i] < 0)
            return false;
        *most = fmax(*most, c->series[0].y[i]);
    }
    return *most > 0;
}

static void put_bar(kh_txt *t, double share, size_t width)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t n = (size_t)lround(share * (double)width * 8);
    for (size_t i = 0; i < n / 8; i++)
        kh_buf_str(t->out, "█");
    kh_buf_str(t->out, eighths[n % 8]);
}

static void put_chart_row(kh_txt *t, const kh_chart *c, size_t i, double most, size_t label, size_t bar)
{
    const kh_series *s = &c->series[0];
    kh_tone tone = kh_series_tone(s, i);
    kh_buf name = KH_BUF_INIT, value = KH_BUF_INIT;
    kh_plain_line(c->x[i], &name);
    size_t fit = kh_text_fit(kh_buf_cstr(&name), name.len, label);
    kh_txt_aligned(t, kh_buf_cstr(&name), fit, label, KH_ALIGN_LEFT);
    kh_buf_char(t->out, ' ');
    kh_series_text(c, 0, i, t->lang, &value);
    if (s->there[i]) {
        kh_txt_style(t, tone, false);
        put_bar(t, s->y[i] / most, bar);
        kh_txt_plain(t);
        kh_buf_str(t->out, s->y[i] > 0 ? " " : "");
    } else if (!value.len) {
        kh_buf_str(&value, kh_word_in(t->lang, KH_W_MISSING));
    }
    kh_plain_line(kh_buf_cstr(&value), t->out);
    if (tone != KH_TONE_NONE)
        kh_buf_printf(t->out, " %s", kh_tone_mark(tone));
    kh_buf_char(t->out, '\n');
    if (fit < name.len) /* a label longer than its column is given whole in the next lines */
        kh_txt_wrapped(t, kh_buf_cstr(&name) + fit, 0, label, KH_ALIGN_LEFT, KH_TONE_NONE, false);
    kh_buf_free(&name);
    kh_buf_free(&value);
}

void kh_txt_chart(kh_txt *t, const kh_chart *c)
{
    double most;
    if (!can_draw(c, &most)) {
        kh_txt_table(t, kh_chart_table(t->scratch, c, t->lang));
        return;
    }
    kh_buf line = KH_BUF_INIT;
    kh_buf_str(&line, c->title ? c->title : "");
    if (c->unit && *c->unit)
        kh_buf_printf(&line, " (%s)", c->unit);
    kh_txt_wrapped(t, kh_buf_cstr(&line), 0, t->width, KH_ALIGN_LEFT, KH_TONE_NONE, true);
    kh_buf_clear(&line);
    size_t label = 0;
    for (size_t i = 0; i < c->n_x; i++) {
        size_t w = kh_text_width(c->x[i], strlen(c->x[i]));
        label = w > label ? w : label;
    }
    label = label > t->width / 3 ? t->width / 3 : label;
    size_t bar = t->width > label + 24 ? t->width - label - 24 : 8;
    for (size_t i = 0; i < c->n_x; i++)
        put_chart_row(t, c, i, most, label, bar);
    kh_chart_target_text(c, t->lang, &line);
    if (line.len) {
        kh_txt_spaces(t, label + 1 + (size_t)(c->target / most * (double)bar));
        kh_buf_str(t->out, "▲ ");
        kh_plain_line(kh_buf_cstr(&line), t->out);
        kh_buf_char(t->out, '\n');
    }
    kh_buf_char(t->out, '\n');
    kh_buf_free(&line);
}

/* ---- blocks ---------------------------------------------------------------- */

static void put_runs(kh_txt *t, const char *before, const kh_run_text *runs, size_t n, size_t left, kh_align align, kh_tone tone, bool bold)
{
    kh_buf text = KH_BUF_INIT;
    kh_buf_str(&text, before);
    for (size_t i = 0; i < n; i++) {
        kh_buf_str(&text, runs[i].text ? runs[i].text : "");
        if (runs[i].link && runs[i].link[0] != '#' && (!runs[i].text || strcmp(runs[i].text, runs[i].link) != 0))
            kh_buf_printf(&text, " <%s>", runs[i].link);
    }
    kh_txt_wrapped(t, kh_buf_cstr(&text), left, t->width - left, align, tone, bold);
    kh_buf_free(&text);
}

/* Two columns of lines, side by side: the agency and the nation, who receives and who signs. The right one is centred. */
static void put_columns(kh_txt *t, const char *left, const char *right, kh_align left_align)
{
    size_t half = t->width * 45 / 100, rest = t->width - half;
    kh_lines a = {0}, b = {0};
    kh_buf pa = KH_BUF_INIT, pb = KH_BUF_INIT;
    kh_plain_line(left, &pa);
    kh_plain_line(right, &pb);
    kh_lines_wrap(&a, kh_buf_cstr(&pa), half - 2);
    kh_lines_wrap(&b, kh_buf_cstr(&pb), rest);
    for (size_t i = 0; i < a.n || i < b.n; i++) {
        kh_txt_aligned(t, i < a.n ? a.at[i] : "", i < a.n ? a.len[i] : 0, half, left_align);
        kh_txt_aligned(t, i < b.n ? b.at[i] : "", i < b.n ? b.len[i] : 0, rest, KH_ALIGN_CENTER);
        end_line(t);
    }
    kh_lines_free(&a);
    kh_lines_free(&b);
    kh_buf_free(&pa);
    kh_buf_free(&pb);
}

static void put_sides(kh_txt *t, const char *left, const char *right)
{
    put_columns(t, left, right, KH_ALIGN_CENTER);
}

static void put_official(kh_txt *t, const kh_official *o)
{
    kh_buf number = KH_BUF_INIT, place = KH_BUF_INIT;
    kh_official_number(o, t->lang, &number);
    kh_official_place_date(o, t->lang, &place);
    put_sides(t, o->superior ? o->superior : o->agency, kh_word_in(t->lang, KH_W_NATION));
    put_sides(t, o->superior ? o->agency : "─────────", kh_word_in(t->lang, KH_W_MOTTO));
    put_sides(t, o->superior ? "─────────" : "", "──────────────────────────");
    put_sides(t, kh_buf_cstr(&number), kh_buf_cstr(&place));
    if (!o->kind && o->subject)
        put_sides(t, o->subject, "");
    if (o->secrecy)
        put_sides(t, o->secrecy, "");
    if (o->urgency)
        put_sides(t, o->urgency, "");
    kh_buf_char(t->out, '\n');
    if (o->kind) {
        kh_txt_wrapped(t, o->kind, 0, t->width, KH_ALIGN_CENTER, KH_TONE_NONE, true);
        if (o->subject)
            kh_txt_wrapped(t, o->subject, t->width / 8, t->width - t->width / 4, KH_ALIGN_CENTER, KH_TONE_NONE, true);
        kh_buf_char(t->out, '\n');
    }
    if (o->to) {
        kh_buf_clear(&number);
        kh_official_to(o, t->lang, &number);
        bool several = strchr(kh_buf_cstr(&number), '\n');
        size_t indent = several ? t->width / 3 : t->width / 8;
        kh_txt_wrapped(t, kh_buf_cstr(&number), indent, t->width - 2 * indent, several ? KH_ALIGN_LEFT : KH_ALIGN_CENTER, KH_TONE_NONE, false);
        kh_buf_char(t->out, '\n');
    }
    kh_buf_free(&number);
    kh_buf_free(&place);
}

static void put_sign(kh_txt *t, const kh_sign *s)
{
    const char *lines[KH_SIGN_LINES];
    size_t n = kh_sign_lines(s, t->scratch->arena, lines), rows = n + (s->name ? 4 : 0);
    for (size_t i = 0; i < rows || i < s->n_recipients + 1; i++) {
        kh_buf left = KH_BUF_INIT;
        if (s->n_recipients && i == 0)
            kh_buf_str(&left, kh_word_in(t->lang, KH_W_RECIPIENTS));
        else if (i > 0 && i <= s->n_recipients)
            kh_official_office(s->recipients[i - 1], i == s->n_recipients, &left);
        const char *right = i < n ? lines[i] : s->name && i + 1 == rows ? s->name : "";
        put_columns(t, kh_buf_cstr(&left), right, KH_ALIGN_LEFT);
        kh_buf_free(&left);
    }
    kh_buf_char(t->out, '\n');
}

static void put_list(kh_txt *t, const kh_dblock *b)
{
    for (size_t i = 0; i < b->n_items; i++) {
        kh_buf mark = KH_BUF_INIT;
        if (b->ordered)
            kh_buf_printf(&mark, "%zu. ", i + 1);
        else
            kh_buf_str(&mark, "- ");
        put_runs(t, kh_buf_cstr(&mark), b->items[i], b->n_item_runs[i], 2, KH_ALIGN_LEFT, KH_TONE_NONE, false);
        kh_buf_free(&mark);
    }
    kh_buf_char(t->out, '\n');
}

static void put_headline(kh_txt *t, const kh_dblock *b)
{
    kh_buf number = KH_BUF_INIT;
    if (b->number && b->kind != KH_B_APPENDIX)
        kh_buf_printf(&number, "%s ", b->number);
    if (b->kind == KH_B_APPENDIX)
        kh_buf_printf(&number, "%s%s%s. ", kh_word_in(t->lang, KH_W_APPENDIX), b->number ? " " : "", b->number ? b->number : "");
    put_runs(t, kh_buf_cstr(&number), b->runs, b->n_runs, 0, KH_ALIGN_LEFT, KH_TONE_NONE, true);
    kh_buf_char(t->out, '\n');
    kh_buf_free(&number);
}

static void put_blocks(kh_txt *t, kh_dblock *const *blocks, size_t n);

static void put_block(kh_txt *t, const kh_dblock *b)
{
    switch (b->kind) {
    case KH_B_OFFICIAL: put_official(t, b->official); break;
    case KH_B_HEADING: case KH_B_APPENDIX: put_headline(t, b); break;
    case KH_B_PARA:
        put_runs(t, "", b->runs, b->n_runs, 0, b->align == KH_ALIGN_AUTO ? KH_ALIGN_LEFT : b->align, KH_TONE_NONE, false);
        kh_buf_char(t->out, '\n');
        break;
    case KH_B_LIST: put_list(t, b); break;
    case KH_B_TABLE: kh_txt_table(t, b->table); break;
    case KH_B_CHART: kh_txt_chart(t, b->chart); break;
    case KH_B_TILES: kh_txt_table(t, kh_tiles_table(t->scratch, b, t->lang)); break;
    case KH_B_BREAK: kh_buf_str(t->out, "\n"); break;
    case KH_B_NOTE: {
        kh_buf mark = KH_BUF_INIT;
        kh_buf_printf(&mark, "%s%s", kh_tone_mark(b->tone), b->tone == KH_TONE_NONE ? "" : " ");
        put_runs(t, kh_buf_cstr(&mark), b->runs, b->n_runs, 2, KH_ALIGN_LEFT, b->tone, false);
        kh_buf_char(t->out, '\n');
        kh_buf_free(&mark);
        break;
    }
    case KH_B_SIGN: put_sign(t, b->sign); break;
    case KH_B_DETAILS:
        put_runs(t, "▸ ", b->runs, b->n_runs, 0, KH_ALIGN_LEFT, KH_TONE_NONE, true);
        kh_buf_char(t->out, '\n');
        put_blocks(t, b->children, b->n_children);
        break;
    case KH_B_COLUMNS: case KH_B_PART: put_blocks(t, b->children, b->n_children); break;
    }
}

static void put_blocks(kh_txt *t, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_block(t, blocks[i]);
}

static void put_notice(kh_txt *t)
{
    if (t->doc->notice && *t->doc->notice)
        kh_txt_wrapped(t, t->doc->notice, 0, t->width, KH_ALIGN_LEFT, KH_TONE_WARN, true);
}

int kh_render_txt(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)err; /* cannot fail */
    kh_txt t = {.out = out, .doc = d, .scratch = kh_doc_new("", KH_LANG_VI), .lang = kh_doc_lang(d), .colour = o->colour,
                .width = o->width <= 0 ? 100 : o->width < 40 ? 40 : (size_t)o->width};
    put_notice(&t);
    kh_buf_str(out, d->notice && *d->notice ? "\n" : "");
    if (!kh_doc_official(d) && *d->title) {
        kh_txt_wrapped(&t, d->title, 0, t.width, KH_ALIGN_LEFT, KH_TONE_NONE, true);
        kh_buf_char(out, '\n');
    }
    put_blocks(&t, d->blocks, d->n_blocks);
    put_notice(&t);
    while (out->len > 1 && out->data[out->len - 1] == '\n' && out->data[out->len - 2] == '\n')
        out->data[--out->len] = '\0';
    kh_doc_free(t.scratch);
    return KH_OK;
}
