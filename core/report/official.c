/* SPDX-License-Identifier: MIT */
/*
 * Both layouts leave a range for most sizes; one value of the range is chosen,
 * the same for both where the ranges meet, so that offices see one look.
 */
#include "report/official.h"

#include "base/text.h"
#include "report/format.h"
#include "report/words.h"

#include <string.h>

static const kh_layout nd30 = {"nd30", 20, 20, 30, 15, true, 13, 12, 13, 12, 13, 13, 14, 14, 14, 12, 11};
static const kh_layout tt01 = {"tt01", 20, 20, 30, 15, false, 13, 12, 13, 12, 13, 13, 14, 14, 14, 12, 11};

const kh_layout *kh_official_layout(const kh_official *o)
{
    if (!o)
        return &nd30;
    if (o->layout)
        return strcmp(o->layout, "tt01") == 0 ? &tt01 : &nd30;
    if (o->year <= 0)
        return &nd30;
    int month = o->month > 0 ? o->month : 12, day = o->day > 0 ? o->day : 31; /* a blank is filled in later: the later rule */
    return o->year * 10000 + month * 100 + day >= 20200305 ? &nd30 : &tt01;
}

const kh_official *kh_doc_official(const kh_doc *d)
{
    for (size_t i = 0; i < d->n_blocks; i++) {
        if (d->blocks[i]->kind == KH_B_OFFICIAL)
            return d->blocks[i]->official;
    }
    return NULL;
}

void kh_official_number(const kh_official *o, kh_lang lang, kh_buf *out)
{
    kh_buf_printf(out, "%s %s", kh_word_in(lang, KH_W_NUMBER), o->number ? o->number : "…");
}

void kh_official_place_date(const kh_official *o, kh_lang lang, kh_buf *out)
{
    if (o->place)
        kh_buf_printf(out, "%s, ", o->place);
    kh_format_date_long(o->year, o->month, o->day, lang, out);
}

/* "BÁO CÁO" -> "Báo cáo" */
static void put_sentence_case(const char *s, kh_buf *out)
{
    const char *p = s;
    kh_utf8_next(&p, s + strlen(s));
    kh_buf_add(out, s, (size_t)(p - s));
    char *lower = kh_text_key(p, strlen(p));
    kh_buf_str(out, lower);
    kh_free(lower);
}

void kh_official_enclosed(const kh_official *o, kh_lang lang, kh_buf *out)
{
    if (!o || !o->number)
        return;
    kh_buf_printf(out, "(%s ", kh_word_in(lang, KH_W_ENCLOSED));
    if (o->kind && *o->kind)
        put_sentence_case(o->kind, out);
    else
        kh_buf_str(out, lang == KH_LANG_EN ? "letter" : "Công văn");
    kh_buf_printf(out, lang == KH_LANG_EN ? " No. %s" : " số %s", o->number);
    kh_buf_char(out, ' ');
    if (lang == KH_LANG_EN && o->year > 0)
        kh_buf_str(out, "of ");
    kh_format_date_long(o->year, o->month, o->day, lang, out);
    if (o->issuer && *o->issuer)
        kh_buf_printf(out, lang == KH_LANG_EN ? " by %s" : " của %s", o->issuer);
    kh_buf_char(out, ')');
}

void kh_official_office(const char *name, bool last, kh_buf *out)
{
    size_t n = strlen(name);
    while (n > 0 && strchr(" ;.,", name[n - 1])) /* what a script put there itself */
        n--;
    kh_buf_str(out, "- ");
    kh_buf_add(out, name, n);
    kh_buf_str(out, last ? "." : ";");
}

size_t kh_split_lines(const char *s, kh_arena *a, const char **lines, size_t most)
{
    size_t n = 0;
    while (s && *s && n < most) {
        const char *slash = strstr(s, " / "), *line = strchr(s, '\n');
        const char *end = slash && (!line || slash < line) ? slash : line;
        if (n + 1 == most || !end) { /* the last place takes all that is left */
            lines[n++] = kh_arena_strdup(a, s);
            break;
        }
        lines[n++] = kh_arena_strndup(a, s, (size_t)(end - s));
        s = end + (end == slash ? 3 : 1);
    }
    return n;
}

void kh_official_to(const kh_official *o, kh_lang lang, kh_buf *out)
{
    const char *lines[12];
    kh_arena *a = kh_arena_new();
    size_t n = kh_split_lines(o->to, a, lines, 12);
    kh_buf_str(out, kh_word_in(lang, KH_W_TO));
    if (n == 1)
        kh_buf_printf(out, " %s", lines[0]);
    for (size_t i = 0; n > 1 && i < n; i++) {
        kh_buf_char(out, '\n');
        kh_official_office(lines[i], i + 1 == n, out);
    }
    kh_arena_free(a);
}

size_t kh_sign_lines(const kh_sign *s, kh_arena *a, const char *lines[KH_SIGN_LINES])
{
    size_t n = 0;
    if (s->authority)
        n += kh_split_lines(s->authority, a, lines, 2);
    if (s->deputy)
        return n + kh_split_lines(s->deputy, a, lines + n, KH_SIGN_LINES - n);
    if (s->title)
        n += kh_split_lines(s->title, a, lines + n, KH_SIGN_LINES - n);
    return n;
}
