/* SPDX-License-Identifier: MIT */
/* Tables and charts of the page. Column heads have their scope, rows theirs; a status is always a word or sign too. */
#include "report/html.h"

#include "base/text.h"
#include "report/chart.h"
#include "report/escape.h"
#include "report/words.h"

#include <stdio.h>
#include <string.h>

typedef struct table {
    kh_html *h;
    const kh_view *v;
    size_t nth;      /* for ids */
    size_t row_head; /* the column that names the rows, which stays in sight while the rest scrolls; n_cols: none */
} table;

static void open_cell(const table *t, const char *tag, const kh_dcell *c, const char *scope, const char *classes)
{
    kh_buf *out = t->h->out;
    kh_buf_printf(out, "<%s", tag);
    if (kh_cell_width(c) > 1)
        kh_buf_printf(out, " colspan=\"%zu\"", kh_cell_width(c));
    if (kh_cell_height(c) > 1)
        kh_buf_printf(out, " rowspan=\"%zu\"", kh_cell_height(c));
    if (scope)
        kh_buf_printf(out, " scope=\"%s\"", scope);
    if (*classes)
        kh_buf_printf(out, " class=\"%s\"", classes);
    kh_html_id(t->h, c->anchor);
    kh_buf_char(out, '>');
}

/* On a tinted ground the sign needs no box of its own. */
static void put_sign(const table *t, const kh_dcell *c)
{
    if (t->v->t->tinted)
        kh_html_text(t->h, c->sign);
    else
        kh_html_badge(t->h, c->tone, c->sign);
}

static void put_content(const table *t, const kh_dcell *c, size_t col)
{
    kh_html *h = t->h;
    kh_buf text = KH_BUF_INIT;
    kh_dcell_text(t->v->t, c, col, h->lang, &text);
    bool link = c->link && kh_link_safe(c->link) && text.len, sign = c->sign && *c->sign;
    bool before = sign && c->type == KH_D_NUMBER && !t->v->t->tinted; /* beside a number the sign goes first, so that the digits stand under each other */
    if (before) {
        put_sign(t, c);
        kh_buf_char(h->out, ' ');
    }
    if (link) {
        kh_buf_str(h->out, "<a");
        kh_html_href(h, c->link);
        kh_buf_char(h->out, '>');
    }
    /* Without a sign of its own the tone colours the words, which say it themselves. */
    bool coloured = c->tone != KH_TONE_NONE && !sign && text.len;
    if (coloured)
        kh_buf_printf(h->out, "<span class=\"%s\">", kh_tone_class(c->tone));
    kh_html_text(h, kh_buf_cstr(&text));
    kh_buf_str(h->out, coloured ? "</span>" : "");
    kh_buf_str(h->out, link ? "</a>" : "");
    if (sign && !before) {
        kh_buf_str(h->out, text.len ? " " : "");
        put_sign(t, c);
    }
    size_t note = kh_view_note(t->v, c);
    if (note)
        kh_buf_printf(h->out, "<sup><a href=\"#t%zun%zu\" aria-label=\"%s %zu\">(%zu)</a></sup>", t->nth, note,
                      kh_word_in(h->lang, KH_W_NOTES), note, note);
    kh_buf_free(&text);
}

static void put_head(const table *t)
{
    kh_html *h = t->h;
    const kh_dtable *d = t->v->t;
    if (t->v->head.rows == 0)
        return;
    kh_buf_str(h->out, "<thead>");
    for (size_t r = 0; r < t->v->head.rows; r++) {
        kh_buf_str(h->out, "<tr>");
        for (size_t i = 0; i < d->n_cols; i++) {
            const kh_dcell *c = &t->v->head.cells[r * d->n_cols + i];
            if (c->covered)
                continue;
            bool empty = (c->type == KH_D_EMPTY || (c->text && !*c->text)) && !c->sign;
            open_cell(t, empty ? "td" : "th", c, empty ? NULL : kh_cell_width(c) > 1 ? "colgroup" : "col", "");
            put_content(t, c, i);
            kh_buf_str(h->out, empty ? "</td>" : "</th>");
        }
        kh_buf_str(h->out, "</tr>\n");
    }
    if (d->signs) {
        kh_buf_str(h->out, "<tr class=\"sg\">");
        for (size_t i = 0; i < d->n_cols; i++) {
            kh_buf_str(h->out, "<td>");
            kh_html_text(h, d->signs[i] ? d->signs[i] : "");
            kh_buf_str(h->out, "</td>");
        }
        kh_buf_str(h->out, "</tr>\n");
    }
    kh_buf_str(h->out, "</thead>\n");
}

static void cell_classes(const table *t, const kh_dcell *c, size_t col, char *out, size_t room)
{
    static const char *const names[] = {"", "", "ce", "n", "ju"};
    kh_align a = kh_view_align(t->v, c, col);
    snprintf(out, room, "%s%s%s%s%s", names[a], c->bold ? " bo" : "", col == t->row_head ? " fx" : "",
             t->v->t->tinted && c->tone != KH_TONE_NONE ? " ti " : "", t->v->t->tinted ? kh_tone_class(c->tone) : "");
}

static void put_row(const table *t, size_t r)
{
    kh_html *h = t->h;
    const kh_dtable *d = t->v->t;
    kh_buf_str(h->out, d->is_total[r] ? "<tr class=\"tot\">" : "<tr>");
    for (size_t i = 0; i < d->n_cols; i++) {
        const kh_dcell *c = &t->v->body.cells[r * d->n_cols + i];
        if (c->covered)
            continue;
        bool head = i == t->row_head && c->type == KH_D_TEXT && c->text && *c->text;
        char classes[48];
        cell_classes(t, c, i, classes, sizeof classes);
        open_cell(t, head ? "th" : "td", c, head ? (kh_cell_height(c) > 1 ? "rowgroup" : "row") : NULL, classes + (*classes == ' '));
        put_content(t, c, i);
        kh_buf_str(h->out, head ? "</th>" : "</td>");
    }
    kh_buf_str(h->out, "</tr>\n");
}

static void put_notes(const table *t)
{
    kh_html *h = t->h;
    const kh_dtable *d = t->v->t;
    if (d->n_notes + t->v->n_notes == 0)
        return;
    kh_buf_str(h->out, "<ul class=\"nt\">\n");
    for (size_t i = 0; i < d->n_notes; i++) {
        kh_buf_str(h->out, "<li>");
        kh_html_text(h, d->notes[i]);
        kh_buf_str(h->out, "</li>\n");
    }
    for (size_t i = 0; i < t->v->n_notes; i++) {
        kh_buf_printf(h->out, "<li id=\"t%zun%zu\">(%zu) ", t->nth, i + 1, i + 1);
        kh_html_text(h, t->v->notes[i]);
        kh_buf_str(h->out, "</li>\n");
    }
    kh_buf_str(h->out, "</ul>\n");
}

static void put_caption(const table *t, bool quiet)
{
    kh_html *h = t->h;
    const kh_dtable *d = t->v->t;
    bool title = d->title && *d->title;
    if (!title && !d->unit_line)
        return;
    kh_buf_printf(h->out, "<caption id=\"t%zu\"%s><span class=\"cp\">", t->nth, quiet ? " class=\"vh\"" : "");
    if (title)
        kh_html_text(h, d->title);
    if (d->unit_line && *d->unit_line) {
        kh_buf_str(h->out, " <span class=\"un\">");
        kh_html_text(h, d->unit_line);
        kh_buf_str(h->out, "</span>");
    }
    kh_buf_str(h->out, "</span></caption>\n");
}

/* Widths are relative to each other; columns without one take what is left. */
static void put_widths(const table *t)
{
    const kh_dtable *d = t->v->t;
    double sum = 0;
    for (size_t i = 0; i < d->n_cols; i++)
        sum += d->cols[i].width > 0 ? d->cols[i].width : 0;
    if (!(sum > 0))
        return;
    kh_buf_str(t->h->out, "<colgroup>");
    for (size_t i = 0; i < d->n_cols; i++) {
        if (d->cols[i].width > 0)
            kh_buf_printf(t->h->out, "<col style=\"width:%.1f%%\">", d->cols[i].width / sum * 100);
        else
            kh_buf_str(t->h->out, "<col>");
    }
    kh_buf_str(t->h->out, "</colgroup>\n");
}

/* Among the first three columns that are not of numbers: the one with names rather than codes ("II.4", "DB-01"). */
static size_t row_head(const kh_view *v)
{
    const kh_dtable *d = v->t;
    size_t best = d->n_cols, most = 0;
    for (size_t i = 0; i < d->n_cols && i < 3 && most <= 8; i++) {
        size_t longest = 0;
        for (size_t r = 0; !v->numeric[i] && r < d->n_rows && r < 200; r++) {
            const kh_dcell *c = &d->body[r * d->n_cols + i];
            size_t n = c->type == KH_D_TEXT && c->text && kh_cell_width(c) == 1 ? kh_text_width(c->text, strlen(c->text)) : 0;
            longest = n > longest ? n : longest;
        }
        if (longest > most) {
            most = longest;
            best = i;
        }
    }
    return best;
}

void kh_html_table(kh_html *h, const kh_dtable *d, bool quiet)
{
    kh_view v;
    kh_view_init(&v, d);
    table t = {.h = h, .v = &v, .nth = ++h->n_tables, .row_head = d->n_cols};
    t.row_head = row_head(&v);
    bool named = (d->title && *d->title) || d->unit_line;
    kh_buf_printf(h->out, "<div class=\"tb%s\"", d->landscape ? " wide" : "");
    kh_html_id(h, d->anchor);
    kh_buf_str(h->out, "><div class=\"tw\" role=\"group\" tabindex=\"0\" ");
    if (named)
        kh_buf_printf(h->out, "aria-labelledby=\"t%zu\">\n", t.nth);
    else
        kh_buf_printf(h->out, "aria-label=\"%s\">\n", kh_word_in(h->lang, KH_W_SCROLL));
    kh_buf_str(h->out, d->tinted ? "<table class=\"heat\">\n" : "<table>\n");
    put_caption(&t, quiet);
    put_widths(&t);
    put_head(&t);
    kh_buf_str(h->out, "<tbody>\n");
    for (size_t r = 0; r < d->n_rows; r++)
        put_row(&t, r);
    kh_buf_str(h->out, "</tbody>\n</table></div>\n");
    put_notes(&t);
    kh_buf_str(h->out, "</div>\n");
    kh_view_free(&v);
}

/* Drawn for a width; the style shows the one that fits the reader's screen. */
static void put_picture(kh_html *h, const kh_chart *c, const char *id, const char *classes, double width)
{
    kh_buf_printf(h->out, "<div class=\"%s\" role=\"group\" tabindex=\"0\" aria-labelledby=\"c%zu-f\">", classes, h->n_charts);
    kh_chart_svg(c, h->lang, id, false, width, h->out);
    kh_buf_str(h->out, "</div>\n");
}

void kh_html_chart(kh_html *h, const kh_chart *c, const char *anchor)
{
    char id[32];
    snprintf(id, sizeof id, "c%zu", ++h->n_charts);
    kh_buf_str(h->out, "<figure");
    kh_html_id(h, anchor);
    kh_buf_printf(h->out, "><figcaption id=\"%s-f\">", id);
    kh_html_text(h, c->title && *c->title ? c->title : kh_word_in(h->lang, KH_W_SHEET_CHARTS));
    if (c->unit && *c->unit) {
        kh_buf_printf(h->out, " <span class=\"un\">%s: ", kh_word_in(h->lang, KH_W_UNIT));
        kh_html_text(h, c->unit);
        kh_buf_str(h->out, "</span>");
    }
    kh_buf_str(h->out, "</figcaption>\n");
    bool cells = c->kind == KH_CHART_HEAT || c->kind == KH_CHART_STRIP; /* as wide as their cells: they scroll */
    put_picture(h, c, id, cells ? "cw" : "cw wd", h->narrow ? 540 : KH_CHART_WIDTH);
    if (!cells) {
        char small[40];
        snprintf(small, sizeof small, "%sn", id);
        put_picture(h, c, small, "cw nw", 350);
    }
    kh_buf_printf(h->out, "<details><summary>%s</summary>\n", kh_word_in(h->lang, KH_W_CHART_DATA));
    kh_html_table(h, kh_chart_table(h->scratch, c, h->lang), true);
    kh_buf_str(h->out, "</details></figure>\n");
}
