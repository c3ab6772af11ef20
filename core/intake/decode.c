/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a file as UTF-8, block by block. While only ASCII comes by,
 * nothing needs deciding; at the first other byte a window of up to a megabyte
 * from there is read, guessed, and decoded with the rest. Valid Unicode is then
 * looked at once more: its letters may be codes of the old fonts, which came
 * through a program that took them for Western European.
 *
 * A window begins at the start of a line and has a fixed length, so that a
 * decision depends on the file alone and never on where a block happens to end.
 *
 * Memory: the window while it is gathered, a block afterwards.
 */
#include "intake/stages.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { HEAD = 256, WINDOW = 1 << 20, TEXT_WINDOW = 256 << 10, LONG_LINE = 64 << 10, BEFORE = 1024 };
enum { AT_START, IN_ASCII, IN_WINDOW, DECIDED };

typedef struct name { const char *name; kh_charset charset; bool fonts, utf16; } name;
/* The first of each kind is how it is called; the others are accepted. */
static const name names[] = {
    {"UTF-8", KH_CS_UTF8, false, false},
    {"UTF-16LE", KH_CS_UTF16LE, false, true},
    {"UTF-16BE", KH_CS_UTF16BE, false, true},
    {"windows-1258", KH_CS_1258, false, false},
    {"TCVN3", KH_CS_TCVN3, false, false},
    {"VNI-Win", KH_CS_VNI, false, false},
    {"VISCII", KH_CS_VISCII, false, false},
    {"UTF-8+TCVN3", KH_CS_TCVN3, true, false},
    {"UTF-8+VNI-Win", KH_CS_VNI, true, false},
    {"UTF-16+TCVN3", KH_CS_TCVN3, true, true},
    {"UTF-16+VNI-Win", KH_CS_VNI, true, true},
    {"utf8", KH_CS_UTF8, false, false},
    {"utf-16", KH_CS_UTF16LE, false, true},
    {"cp1258", KH_CS_1258, false, false},
    {"1258", KH_CS_1258, false, false},
    {"ABC", KH_CS_TCVN3, false, false},
    {"TCVN5712", KH_CS_TCVN3, false, false},
    {"TCVN-5712", KH_CS_TCVN3, false, false},
    {"TCVN", KH_CS_TCVN3, false, false},
    {"VNI", KH_CS_VNI, false, false},
};
enum { NAMES = sizeof names / sizeof *names, PROPER = 11 };

void kh_decode_init(kh_decode *d, kh_source *s, kh_words_fn *words, void *ctx)
{
    *d = (kh_decode){.source = s, .words = words, .ctx = ctx, .charset = KH_CS_UTF8, .certainty = 100};
}

void kh_decode_free(kh_decode *d)
{
    kh_buf_free(&d->raw);
    kh_buf_free(&d->text);
    kh_free(d->faults.items);
}

/*
 * For codes in Unicode the bytes are UTF-8 or UTF-16, and the charset is that
 * of the codes; `state` then keeps which Unicode it was in the name only, for
 * the byte order mark says it.
 */
int kh_decode_as(kh_decode *d, const char *encoding, kh_error *err)
{
    for (size_t i = 0; i < NAMES; i++)
        if (strcasecmp(encoding, names[i].name) == 0) {
            d->declared = d->fonts_known = true;
            d->fonts = names[i].fonts;
            d->font_charset = names[i].fonts ? names[i].charset : KH_CS_UTF8;
            d->charset = !names[i].fonts ? names[i].charset : names[i].utf16 ? KH_CS_UTF16LE : KH_CS_UTF8;
            return KH_OK;
        }
    return kh_fail(err, KH_EUSAGE, "unknown encoding \"%s\"; known are UTF-8, UTF-16LE, UTF-16BE, windows-1258, TCVN3 (ABC), VNI-Win, VISCII, and codes of old fonts in Unicode: UTF-8+TCVN3, UTF-8+VNI-Win", encoding);
}

const char *kh_decode_name(const kh_decode *d)
{
    bool utf16 = d->charset == KH_CS_UTF16LE || d->charset == KH_CS_UTF16BE;
    kh_charset seen = d->fonts ? d->font_charset : d->charset;
    for (size_t i = 0; i < PROPER; i++)
        if (names[i].charset == seen && names[i].fonts == d->fonts && (!d->fonts || names[i].utf16 == utf16))
            return names[i].name;
    return names[0].name;
}

/* ---- fonts ---- */

static void put_fonts(kh_decode *d, const char *s, size_t n, kh_buf *out)
{
    kh_buf run = KH_BUF_INIT;
    for (const char *p = s, *end = s + n; p <= end;) {
        const char *at = p;
        int b = p < end ? kh_charset_font_byte(kh_utf8_next(&p, end)) : (p++, -1);
        if (b >= 0) {
            kh_buf_char(&run, (char)b);
            continue;
        }
        kh_charset_decode(d->font_charset, kh_buf_cstr(&run), run.len, 0, 0, out, NULL);
        kh_buf_clear(&run);
        if (at < end)
            kh_buf_add(out, at, (size_t)(p - at));
    }
    kh_buf_free(&run);
}

/* Text of length n, which stood at d->out_at before the fonts, goes out; faults in it move to where their text is now. */
static void convert_fonts(kh_decode *d, const char *s, size_t n, uint64_t before, uint64_t after, kh_buf *out)
{
    size_t done = 0, start = out->len;
    for (; d->moved < d->faults.n && d->faults.items[d->moved].out < before + n; d->moved++) {
        kh_fault *f = &d->faults.items[d->moved];
        size_t upto = (size_t)(f->out - before);
        put_fonts(d, s + done, upto - done, out);
        done = upto;
        f->out = after + (out->len - start);
    }
    put_fonts(d, s + done, n - done, out);
}

static size_t first_high(const char *s, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, s + i, 8);
        if (w & 0x8080808080808080u)
            break;
    }
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

/*
 * How much of s may go before a decision: the lines before the one with the first byte that is not ASCII, or, if there is none
 * yet, before the one that is not complete. Of a very long line what is near enough to matter stays.
 */
static size_t undisputed(const char *s, size_t n, size_t high)
{
    size_t line = high;
    while (line > 0 && s[line - 1] != '\n' && s[line - 1] != '\r')
        line--;
    if (high < n)
        return high - line > BEFORE ? high - BEFORE : line;
    return n - line > LONG_LINE ? n - BEFORE : line;
}

static void let_go(kh_decode *d, size_t n, kh_buf *out)
{
    kh_buf_add(out, d->text.data, n);
    d->out_at += n;
    d->text_at += n;
    memmove(d->text.data, d->text.data + n, d->text.len - n);
    d->text.len -= n;
}

/* Looks at the first letters beyond ASCII once there are enough of them. False: more text is needed. */
static bool know_fonts(kh_decode *d, bool last, kh_buf *out)
{
    size_t high = first_high(d->text.data, d->text.len);
    if (high == d->text.len && last)
        return true;
    let_go(d, undisputed(d->text.data, d->text.len, high), out);
    high = first_high(d->text.data, d->text.len);
    if (high == d->text.len || (!last && d->text.len < TEXT_WINDOW))
        return false;
    kh_guess g;
    kh_guess_fonts(d->text.data, d->text.len < TEXT_WINDOW ? d->text.len : TEXT_WINDOW, d->words, d->ctx, &g);
    d->fonts_known = true;
    d->fonts = g.fonts;
    d->font_charset = g.charset;
    if (g.fonts)
        d->certainty = g.certainty;
    return true;
}

/* Lets go what is whole, once it is known what its letters are. */
static void pass_text(kh_decode *d, bool last, kh_buf *out)
{
    if (!d->text.len || (!d->fonts_known && !know_fonts(d, last, out)))
        return;
    if (!d->fonts) {
        let_go(d, d->text.len, out);
        return;
    }
    size_t n = kh_charset_whole(d->font_charset, d->text.data, d->text.len, last), start = out->len;
    convert_fonts(d, d->text.data, n, d->text_at, d->out_at, out);
    d->out_at += out->len - start;
    d->text_at += n;
    memmove(d->text.data, d->text.data + n, d->text.len - n);
    d->text.len -= n;
}

/* ---- bytes ---- */

static bool is_unicode(kh_charset cs)
{
    return cs == KH_CS_UTF8 || cs == KH_CS_UTF16LE || cs == KH_CS_UTF16BE;
}

/* Decodes whole sequences of the decided charset; returns the bytes used. */
static size_t decode_some(kh_decode *d, const char *s, size_t n, bool last, kh_buf *out)
{
    size_t whole = kh_charset_whole(d->charset, s, n, last);
    if (!is_unicode(d->charset) || (d->fonts_known && !d->fonts)) {
        size_t start = out->len;
        kh_charset_decode(d->charset, s, whole, d->in_at, d->out_at - start, out, &d->faults);
        d->out_at += out->len - start;
    } else {
        kh_charset_decode(d->charset, s, whole, d->in_at, d->text_at, &d->text, &d->faults);
        pass_text(d, last, out);
    }
    d->in_at += whole;
    return whole;
}

static void keep(kh_decode *d, const char *s, size_t n)
{
    kh_buf_add(&d->raw, s, n);
}

static void drop(kh_decode *d, size_t n)
{
    if (n == 0)
        return;
    memmove(d->raw.data, d->raw.data + n, d->raw.len - n);
    d->raw.len -= n;
}

static void set_unicode(kh_decode *d, kh_charset cs, size_t mark)
{
    bool utf16 = cs != KH_CS_UTF8, said16 = d->charset == KH_CS_UTF16LE || d->charset == KH_CS_UTF16BE;
    d->contradicted = d->declared && (!is_unicode(d->charset) || utf16 != said16);
    if (d->contradicted)
        d->fonts = false;
    d->charset = cs;
    d->state = DECIDED;
    d->in_at = mark;
    drop(d, mark);
}

/* UTF-16 without its mark: the upper bytes of its ASCII are NUL, and hardly any of the lower. *cs is set if it is. */
static bool looks_utf16(const unsigned char *p, size_t n, kh_charset *cs)
{
    size_t nul[2] = {0, 0}, units = (n < HEAD ? n : HEAD) / 2;
    for (size_t i = 0; i < units * 2; i++)
        nul[i % 2] += !p[i];
    bool le = nul[1] > nul[0];
    *cs = le ? KH_CS_UTF16LE : KH_CS_UTF16BE;
    return units >= 2 && nul[le] * 4 >= units && nul[!le] * 8 <= nul[le];
}

/* The first bytes: a byte order mark, or what looks like UTF-16 without one. */
static void begin(kh_decode *d)
{
    const unsigned char *p = (const unsigned char *)kh_buf_cstr(&d->raw);
    size_t n = d->raw.len;
    kh_charset cs;
    d->state = d->declared ? DECIDED : IN_ASCII;
    if (n >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF)
        set_unicode(d, KH_CS_UTF8, 3);
    else if (n >= 2 && p[0] == 0xFF && p[1] == 0xFE)
        set_unicode(d, KH_CS_UTF16LE, 2);
    else if (n >= 2 && p[0] == 0xFE && p[1] == 0xFF)
        set_unicode(d, KH_CS_UTF16BE, 2);
    else if (!d->declared && looks_utf16(p, n, &cs))
        set_unicode(d, cs, 0);
}

static void decide(kh_decode *d, bool last, kh_buf *out)
{
    kh_guess g;
    size_t n = d->raw.len < WINDOW ? d->raw.len : WINDOW;
    kh_guess_bytes(kh_buf_cstr(&d->raw), n, last && n == d->raw.len, d->words, d->ctx, &g);
    d->charset = g.charset;
    d->certainty = g.certainty;
    d->state = DECIDED;
    if (g.decided)
        return;
    /* What stands before the byte that nothing explains can still be read and placed. */
    kh_buf_add(out, d->raw.data, g.first);
    d->out_at += g.first;
    d->undecided = true;
    kh_fault f = {d->out_at, d->in_at + g.first, (unsigned char)d->raw.data[g.first]};
    KH_PUSH(d->faults.items, d->faults.n, d->faults.cap) = f;
}

/* ASCII is the same text in every encoding but UTF-16. */
static void pass_ascii(kh_decode *d, const char *s, size_t n, kh_buf *out)
{
    kh_buf_add(out, s, n);
    d->in_at += n;
    d->out_at += n;
    d->text_at = d->out_at;
}

static void step(kh_decode *d, bool last, kh_buf *out)
{
    if (d->state == AT_START && (d->raw.len >= HEAD || last))
        begin(d);
    if (d->state == IN_ASCII) {
        size_t high = first_high(kh_buf_cstr(&d->raw), d->raw.len);
        bool ascii = high == d->raw.len;
        size_t n = ascii && last ? d->raw.len : undisputed(d->raw.data, d->raw.len, high);
        pass_ascii(d, d->raw.data, n, out);
        drop(d, n);
        if (!ascii)
            d->state = IN_WINDOW;
    }
    if (d->state == IN_WINDOW && (d->raw.len >= WINDOW || last))
        decide(d, last, out);
    if (d->state == DECIDED && !d->undecided) {
        size_t used = decode_some(d, kh_buf_cstr(&d->raw), d->raw.len, last, out);
        drop(d, used);
    }
}

/* The common cases need no copy: ASCII whose line began before, and text when nothing waits. */
static bool straight(kh_decode *d, const char *block, size_t n, kh_buf *out)
{
    if (d->state == DECIDED && d->raw.len == 0 && n) {
        size_t used = decode_some(d, block, n, false, out);
        keep(d, block + used, n - used);
        return true;
    }
    if (d->state != IN_ASCII || !n || first_high(block, n) < n)
        return false;
    size_t k = undisputed(block, n, n);
    if (k == 0)
        return false;
    pass_ascii(d, d->raw.data, d->raw.len, out);
    pass_ascii(d, block, k, out);
    d->raw.len = 0;
    keep(d, block + k, n - k);
    return true;
}

int kh_decode_pull(kh_decode *d, kh_buf *out, kh_error *err)
{
    const char *block;
    size_t n;
    if (d->ended || d->undecided)
        return 0;
    int rc = kh_source_read(d->source, &block, &n, err);
    if (rc != KH_OK)
        return rc;
    d->ended = n == 0;
    if (straight(d, block, n, out))
        return 1;
    keep(d, block, n);
    step(d, d->ended, out);
    return !d->ended && !d->undecided;
}
