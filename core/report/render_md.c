/* SPDX-License-Identifier: MIT */
/*
 * Markdown as GitHub shows it. Merged cells do not exist there: a merged head
 * is joined into one line, a merged cell of the body stands in its first place.
 */
#include "report/renderers.h"

#include "report/escape.h"
#include "report/grid.h"
#include "report/official.h"
#include "report/words.h"

#include <string.h>

typedef struct md {
    kh_buf *out;
    const kh_doc *doc;
    kh_lang lang;
    kh_doc *scratch;
} md;

static void put_runs(md *m, const kh_run_text *runs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const kh_run_text *r = &runs[i];
        kh_buf text = KH_BUF_INIT;
        kh_md(r->text ? r->text : "", false, &text);
        /* A mark of emphasis must touch the word: blanks at the ends go outside. */
        const char *s = kh_buf_cstr(&text);
        size_t lead = strspn(s, " "), len = text.len;
        while (len > lead && s[len - 1] == ' ')
            len--;
        const char *mark = len == lead ? "" : r->bold && r->italic ? "***" : r->bold ? "**" : r->italic ? "*" : "";
        bool link = r->link && kh_link_safe(r->link) && r->link[0] != '#';
        kh_buf_add(m->out, s, lead);
        kh_buf_str(m->out, link ? "[" : "");
        kh_buf_str(m->out, mark);
        kh_buf_add(m->out, s + lead, len - lead);
        kh_buf_str(m->out, mark);
        if (link) {
            kh_buf_str(m->out, "](<");
            for (const char *p = r->link; *p; p++) {
                if ((unsigned char)*p > ' ' && *p != '<' && *p != '>' && *p != '\\')
                    kh_buf_char(m->out, *p);
                else
                    kh_buf_printf(m->out, "%%%02X", (unsigned char)*p);
            }
            kh_buf_str(m->out, ">)");
        }
        kh_buf_add(m->out, s + len, text.len - len);
        kh_buf_free(&text);
    }
}

static void put_line(md *m, const char *s, const char *mark)
{
    if (!s || !*s)
        return;
    kh_buf_str(m->out, mark);
    kh_md(s, false, m->out);
    kh_buf_str(m->out, mark);
    kh_buf_str(m->out, "\n\n");
}

static void put_cell(md *m, const kh_view *v, const kh_dcell *c, size_t col, bool bold)
{
    kh_buf shown = KH_BUF_INIT;
    kh_cell_shown(v->t, c, col, m->lang, &shown);
    bool strong = shown.len && (bold || c->bold);
    kh_buf_str(m->out, strong ? " **" : " ");
    kh_md(kh_buf_cstr(&shown), true, m->out);
    kh_buf_str(m->out, strong ? "**" : "");
    size_t note = kh_view_note(v, c);
    if (note)
        kh_buf_printf(m->out, " (%zu)", note);
    kh_buf_str(m->out, " |");
    kh_buf_free(&shown);
}

static void put_table_notes(md *m, const kh_view *v)
{
    const kh_dtable *t = v->t;
    for (size_t i = 0; i < t->n_notes; i++) {
        kh_buf_str(m->out, "- ");
        kh_md(t->notes[i], false, m->out);
        kh_buf_char(m->out, '\n');
    }
    for (size_t i = 0; i < v->n_notes; i++) {
        kh_buf_printf(m->out, "- (%zu) ", i + 1);
        kh_md(v->notes[i], false, m->out);
        kh_buf_char(m->out, '\n');
    }
    if (t->n_notes + v->n_notes)
        kh_buf_char(m->out, '\n');
}

static void put_table(md *m, const kh_dtable *t)
{
    put_line(m, t->title, "**");
    put_line(m, t->unit_line, "*");
    kh_view v;
    kh_view_init(&v, t);
    kh_buf_char(m->out, '|');
    for (size_t i = 0; i < t->n_cols; i++) {
        kh_buf title = KH_BUF_INIT;
        kh_view_title(&v, i, " / ", &title);
        kh_buf_char(m->out, ' ');
        kh_md(kh_buf_cstr(&title), true, m->out);
        kh_buf_str(m->out, " |");
        kh_buf_free(&title);
    }
    kh_buf_str(m->out, "\n|");
    for (size_t i = 0; i < t->n_cols; i++) {
        kh_align a = t->cols[i].align != KH_ALIGN_AUTO ? t->cols[i].align : v.numeric[i] ? KH_ALIGN_RIGHT : KH_ALIGN_LEFT;
        kh_buf_str(m->out, a == KH_ALIGN_RIGHT ? " ---: |" : a == KH_ALIGN_CENTER ? " :---: |" : " --- |");
    }
    kh_buf_char(m->out, '\n');
    if (t->signs) {
        kh_buf_char(m->out, '|');
        for (size_t i = 0; i < t->n_cols; i++) {
            kh_buf_str(m->out, " ");
            kh_md(t->signs[i] ? t->signs[i] : "", true, m->out);
            kh_buf_str(m->out, " |");
        }
        kh_buf_char(m->out, '\n');
    }
    for (size_t r = 0; r < t->n_rows; r++) {
        kh_buf_char(m->out, '|');
        for (size_t i = 0; i < t->n_cols; i++)
            put_cell(m, &v, &t->body[r * t->n_cols + i], i, t->is_total[r]);
        kh_buf_char(m->out, '\n');
    }
    kh_buf_char(m->out, '\n');
    put_table_notes(m, &v);
    kh_view_free(&v);
}

static void put_official(md *m, const kh_official *o)
{
    kh_buf b = KH_BUF_INIT;
    put_line(m, o->superior, "");
    put_line(m, o->agency, "**");
    put_line(m, kh_word_in(m->lang, KH_W_NATION), "**");
    put_line(m, kh_word_in(m->lang, KH_W_MOTTO), "**");
    kh_official_number(o, m->lang, &b);
    put_line(m, kh_buf_cstr(&b), "");
    kh_buf_clear(&b);
    kh_official_place_date(o, m->lang, &b);
    put_line(m, kh_buf_cstr(&b), "*");
    put_line(m, o->secrecy, "**");
    put_line(m, o->urgency, "**");
    if (o->kind) {
        kh_buf_str(m->out, "# ");
        kh_md(o->kind, true, m->out);
        kh_buf_str(m->out, "\n\n");
    }
    put_line(m, o->subject, "**");
    if (o->to) {
        kh_buf_clear(&b);
        kh_official_to(o, m->lang, &b);
        put_line(m, kh_buf_cstr(&b), "");
    }
    kh_buf_free(&b);
}

static void put_sign(md *m, const kh_sign *s)
{
    const char *lines[KH_SIGN_LINES];
    size_t n = kh_sign_lines(s, m->scratch->arena, lines);
    for (size_t i = 0; i < n; i++)
        put_line(m, lines[i], "**");
    put_line(m, s->name, "**");
    if (s->n_recipients)
        put_line(m, kh_word_in(m->lang, KH_W_RECIPIENTS), "***");
    for (size_t i = 0; i < s->n_recipients; i++) {
        kh_buf line = KH_BUF_INIT;
        kh_official_office(s->recipients[i], i + 1 == s->n_recipients, &line);
        kh_buf_str(m->out, "- ");
        kh_md(kh_buf_cstr(&line) + 2, false, m->out);
        kh_buf_str(m->out, "\n");
        kh_buf_free(&line);
    }
    kh_buf_str(m->out, s->n_recipients ? "\n" : "");
}

static void put_list(md *m, const kh_dblock *b)
{
    for (size_t i = 0; i < b->n_items; i++) {
        if (b->ordered)
            kh_buf_printf(m->out, "%zu. ", i + 1);
        else
            kh_buf_str(m->out, "- ");
        put_runs(m, b->items[i], b->n_item_runs[i]);
        kh_buf_char(m->out, '\n');
    }
    kh_buf_char(m->out, '\n');
}

static void put_heading(md *m, const char *hashes, const char *number, const kh_dblock *b)
{
    kh_buf_str(m->out, hashes);
    kh_buf_char(m->out, ' ');
    if (number) {
        kh_md(number, true, m->out);
        kh_buf_char(m->out, ' ');
    }
    kh_buf text = KH_BUF_INIT; /* a heading is one line */
    kh_runs_plain(b->runs, b->n_runs, &text);
    kh_buf line = KH_BUF_INIT;
    kh_plain_line(kh_buf_cstr(&text), &line);
    kh_md(kh_buf_cstr(&line), true, m->out);
    kh_buf_free(&line);
    kh_buf_free(&text);
    kh_buf_str(m->out, "\n\n");
}

static void put_blocks(md *m, kh_dblock *const *blocks, size_t n);

static void put_block(md *m, const kh_dblock *b)
{
    static const char *const hashes[] = {"##", "##", "###", "####", "#####"};
    switch (b->kind) {
    case KH_B_OFFICIAL: put_official(m, b->official); break;
    case KH_B_HEADING: put_heading(m, hashes[b->level], b->number, b); break;
    case KH_B_PARA:
        put_runs(m, b->runs, b->n_runs);
        kh_buf_str(m->out, "\n\n");
        break;
    case KH_B_LIST: put_list(m, b); break;
    case KH_B_TABLE: put_table(m, b->table); break;
    case KH_B_CHART: put_table(m, kh_chart_table(m->scratch, b->chart, m->lang)); break;
    case KH_B_TILES: put_table(m, kh_tiles_table(m->scratch, b, m->lang)); break;
    case KH_B_BREAK: kh_buf_str(m->out, "---\n\n"); break;
    case KH_B_NOTE:
        kh_buf_str(m->out, "> ");
        if (b->tone != KH_TONE_NONE)
            kh_buf_printf(m->out, "**%s** ", kh_tone_mark(b->tone));
        put_runs(m, b->runs, b->n_runs);
        kh_buf_str(m->out, "\n\n");
        break;
    case KH_B_SIGN: put_sign(m, b->sign); break;
    case KH_B_APPENDIX: {
        kh_buf number = KH_BUF_INIT;
        kh_buf_printf(&number, "%s%s%s.", kh_word_in(m->lang, KH_W_APPENDIX), b->number ? " " : "", b->number ? b->number : "");
        put_heading(m, "##", kh_buf_cstr(&number), b);
        kh_buf_free(&number);
        break;
    }
    case KH_B_DETAILS:
        put_heading(m, "####", NULL, b);
        put_blocks(m, b->children, b->n_children);
        break;
    case KH_B_COLUMNS: case KH_B_PART: put_blocks(m, b->children, b->n_children); break;
    }
}

static void put_blocks(md *m, kh_dblock *const *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_block(m, blocks[i]);
}

static void put_notice(md *m)
{
    if (!m->doc->notice || !*m->doc->notice)
        return;
    kh_buf_str(m->out, "> **");
    kh_md(m->doc->notice, true, m->out);
    kh_buf_str(m->out, "**\n\n");
}

int kh_render_md(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)o;
    (void)err; /* cannot fail */
    md m = {.out = out, .doc = d, .lang = kh_doc_lang(d), .scratch = kh_doc_new("", KH_LANG_VI)};
    put_notice(&m);
    if (!kh_doc_official(d) && *d->title) {
        kh_buf_str(out, "# ");
        kh_md(d->title, true, out);
        kh_buf_str(out, "\n\n");
    }
    put_blocks(&m, d->blocks, d->n_blocks);
    put_notice(&m);
    while (out->len > 1 && out->data[out->len - 1] == '\n' && out->data[out->len - 2] == '\n')
        out->data[--out->len] = '\0';
    kh_doc_free(m.scratch);
    return KH_OK;
}
