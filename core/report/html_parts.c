/* SPDX-License-Identifier: MIT */
/* The official head, the signature and the tiles of the page. */
#include "report/html.h"

#include "base/text.h"
#include "report/chart.h"
#include "report/escape.h"
#include "report/official.h"
#include "report/words.h"

#include <string.h>

static void put_p(kh_html *h, const char *cls, const char *text)
{
    if (!text || !*text)
        return;
    kh_buf_printf(h->out, "<p class=\"%s\">", cls);
    kh_html_text(h, text);
    kh_buf_str(h->out, "</p>");
}

static void put_office(kh_html *h, const char *name, bool last)
{
    kh_buf line = KH_BUF_INIT;
    kh_official_office(name, last, &line);
    kh_html_text(h, kh_buf_cstr(&line));
    kh_buf_free(&line);
}

static void put_to(kh_html *h, const char *to)
{
    const char *lines[12];
    size_t n = kh_split_lines(to, h->scratch->arena, lines, 12);
    kh_buf_printf(h->out, "<p class=\"to\">%s ", kh_word_in(h->lang, KH_W_TO));
    if (n == 1)
        kh_html_text(h, lines[0]);
    for (size_t i = 0; n > 1 && i < n; i++) {
        kh_buf_str(h->out, "<br>");
        put_office(h, lines[i], i + 1 == n);
    }
    kh_buf_str(h->out, "</p>\n");
}

void kh_html_official(kh_html *h, const kh_official *o)
{
    kh_buf text = KH_BUF_INIT;
    kh_buf_str(h->out, "<div class=\"off\"><div>");
    put_p(h, "", o->superior);
    put_p(h, "up ln", o->agency);
    kh_official_number(o, h->lang, &text);
    put_p(h, "nm", kh_buf_cstr(&text));
    if (!o->kind)
        put_p(h, "", o->subject);
    put_p(h, "mark", o->secrecy);
    if (o->secrecy && o->urgency)
        kh_buf_str(h->out, "<br>");
    put_p(h, "mark", o->urgency);
    kh_buf_str(h->out, "</div><div>");
    kh_buf_printf(h->out, "<p class=\"up\">%s</p><p class=\"up ln mt\">%s</p>", kh_word_in(h->lang, KH_W_NATION), kh_word_in(h->lang, KH_W_MOTTO));
    kh_buf_clear(&text);
    kh_official_place_date(o, h->lang, &text);
    put_p(h, "pl", kh_buf_cstr(&text));
    kh_buf_str(h->out, "</div></div>\n");
    if (o->kind) {
        kh_buf_str(h->out, "<div class=\"ttl\"><h1><span>");
        kh_html_text(h, o->kind);
        kh_buf_str(h->out, "</span>");
        if (o->subject && *o->subject) {
            kh_buf_str(h->out, " <span class=\"sub\">");
            kh_html_text(h, o->subject);
            kh_buf_str(h->out, "</span>");
        }
        kh_buf_str(h->out, "</h1></div>\n");
    }
    if (o->to && *o->to)
        put_to(h, o->to);
    kh_buf_free(&text);
}

void kh_html_sign(kh_html *h, const kh_sign *s)
{
    const char *lines[KH_SIGN_LINES];
    size_t n = kh_sign_lines(s, h->scratch->arena, lines);
    kh_buf_str(h->out, "<div class=\"sgn\"><div>");
    if (s->n_recipients) {
        kh_buf_printf(h->out, "<p class=\"nn\">%s</p><ul>", kh_word_in(h->lang, KH_W_RECIPIENTS));
        for (size_t i = 0; i < s->n_recipients; i++) {
            kh_buf_str(h->out, "<li>");
            put_office(h, s->recipients[i], i + 1 == s->n_recipients);
            kh_buf_str(h->out, "</li>");
        }
        kh_buf_str(h->out, "</ul>");
    }
    kh_buf_str(h->out, "</div><div class=\"rt\">");
    for (size_t i = 0; i < n; i++)
        put_p(h, "", lines[i]);
    put_p(h, "nmn", s->name);
    kh_buf_str(h->out, "</div></div>\n");
}

static void put_trend(kh_html *h, const kh_tile *t)
{
    if (t->n_trend < 2)
        return;
    kh_buf words = KH_BUF_INIT;
    kh_buf_printf(&words, "%s ", kh_word_in(h->lang, KH_W_TREND));
    if (t->trend_from && t->trend_to)
        kh_buf_printf(&words, "%s–%s", t->trend_from, t->trend_to);
    kh_buf_str(&words, ": ");
    kh_trend_text(t, h->lang, &words);
    kh_buf_str(h->out, "<div class=\"sp\">");
    put_p(h, "vh", kh_buf_cstr(&words));
    kh_sparkline_svg(t->trend, t->trend_there, t->n_trend, t->tone, t->has_target ? &t->target : NULL, h->out);
    if (t->trend_from && t->trend_to) {
        kh_buf_str(h->out, "<div class=\"yr\" aria-hidden=\"true\"><span>");
        kh_html_text(h, t->trend_from);
        kh_buf_str(h->out, "</span><span>");
        kh_html_text(h, t->trend_to);
        kh_buf_str(h->out, "</span></div>");
    }
    kh_buf_str(h->out, "</div>");
    kh_buf_free(&words);
}

static void put_tile(kh_html *h, const kh_tile *t)
{
    kh_buf_printf(h->out, "<li class=\"tile %s\"><p class=\"tt\">", kh_tone_class(t->tone));
    bool link = t->link && kh_link_safe(t->link);
    if (link) {
        kh_buf_str(h->out, "<a");
        kh_html_href(h, t->link);
        kh_buf_char(h->out, '>');
    }
    kh_html_text(h, t->title ? t->title : "");
    kh_buf_str(h->out, link ? "</a></p>" : "</p>");
    kh_buf_str(h->out, "<div class=\"bt\"><div>");
    /* A long amount gets smaller figures, so that it stays in one line of its tile. */
    bool large = t->value && kh_text_width(t->value, strlen(t->value)) > 11;
    kh_buf_str(h->out, large ? "<p class=\"tv lg\">" : "<p class=\"tv\">");
    kh_html_text(h, t->value && *t->value ? t->value : "–");
    if (t->unit && *t->unit) {
        kh_buf_str(h->out, " <small>");
        kh_html_text(h, t->unit);
        kh_buf_str(h->out, "</small>");
    }
    kh_buf_str(h->out, "</p>");
    if ((t->sign && *t->sign) || t->tone != KH_TONE_NONE) {
        kh_buf sign = KH_BUF_INIT;
        if (t->sign && *t->sign)
            kh_buf_str(&sign, t->sign);
        else
            kh_buf_printf(&sign, "%s %s", kh_tone_mark(t->tone), kh_tone_word(h->lang, t->tone));
        kh_buf_str(h->out, "<p class=\"rw\">");
        kh_html_badge(h, t->tone, kh_buf_cstr(&sign));
        kh_buf_str(h->out, "</p>");
        kh_buf_free(&sign);
    }
    kh_buf_str(h->out, "</div>");
    put_trend(h, t);
    kh_buf_str(h->out, "</div>");
    put_p(h, "tn", t->note);
    kh_buf_str(h->out, "</li>\n");
}

void kh_html_tiles(kh_html *h, const kh_dblock *b)
{
    /* At most three or four in a row where that leaves no row half empty. */
    kh_buf_printf(h->out, "<ul class=\"tiles%s\"", b->n_tiles % 4 == 0 ? " n4" : b->n_tiles % 3 == 0 ? " n3" : "");
    kh_html_id(h, b->anchor);
    kh_buf_str(h->out, ">\n");
    for (size_t i = 0; i < b->n_tiles; i++)
        put_tile(h, &b->tiles[i]);
    kh_buf_str(h->out, "</ul>\n");
}
