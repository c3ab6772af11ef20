/* SPDX-License-Identifier: MIT */
/*
 * The encodings that Vietnamese offices still send, turned into UTF-8 in NFC:
 * Windows-1258 and TCVN3 (with tone marks as bytes of their own), VISCII, and
 * VNI-Win, which writes a letter and its mark as two bytes. All have ASCII below
 * 0x80, so a byte below 0x80 always begins something new: there a text may be
 * cut. Only that place is safe, for a tone may follow its vowel.
 *
 * Own tables and not iconv, because a fault must name its byte and the rest of
 * the file must still be read; a test compares them with iconv's. TCVN3 has no
 * standard meaning for 0x80-0x9F in the files of Windows: dashes and quotation
 * marks are taken as Windows writes them. Capitals of the .VnTimeH fonts are
 * small letters in the file and stay so; matching ignores case.
 */
#include "intake/stages.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD, FAULTS_KEPT = 1000 };

/* 0x80-0x9F of Windows-1252; from 0xA0 on it is Latin-1. 0: no character. */
static const uint16_t windows[32] = {0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160,
                                     0x2039, 0x152, 0, 0x17D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
                                     0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178};

/* From 0xA0. */
static const uint16_t tcvn3[96] = {
    0xA0, 0x102, 0xC2, 0xCA, 0xD4, 0x1A0, 0x1AF, 0x110, 0x103, 0xE2, 0xEA, 0xF4, 0x1A1, 0x1B0, 0x111, 0x1EB0,
    0x300, 0x309, 0x303, 0x301, 0x323, 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1, 0x1EB2, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB4,
    0x1EAE, 0x1EA6, 0x1EA8, 0x1EAA, 0x1EA4, 0x1EC0, 0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0xE8, 0x1EC2, 0x1EBB, 0x1EBD,
    0xE9, 0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0xEC, 0x1EC9, 0x1EC4, 0x1EBE, 0x1ED2, 0x129, 0xED, 0x1ECB, 0xF2,
    0x1ED4, 0x1ECF, 0xF5, 0xF3, 0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3, 0xF9,
    0x1ED6, 0x1EE7, 0x169, 0xFA, 0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5, 0x1ED0};

/* From 0x80 (RFC 1456); six more capitals stand among the control codes. */
static const uint16_t viscii[128] = {
    0x1EA0, 0x1EAE, 0x1EB0, 0x1EB6, 0x1EA4, 0x1EA6, 0x1EA8, 0x1EAC, 0x1EBC, 0x1EB8, 0x1EBE, 0x1EC0, 0x1EC2, 0x1EC4, 0x1EC6, 0x1ED0,
    0x1ED2, 0x1ED4, 0x1ED6, 0x1ED8, 0x1EE2, 0x1EDA, 0x1EDC, 0x1EDE, 0x1ECA, 0x1ECE, 0x1ECC, 0x1EC8, 0x1EE6, 0x168, 0x1EE4, 0x1EF2,
    0xD5, 0x1EAF, 0x1EB1, 0x1EB7, 0x1EA5, 0x1EA7, 0x1EA9, 0x1EAD, 0x1EBD, 0x1EB9, 0x1EBF, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EC7, 0x1ED1,
    0x1ED3, 0x1ED5, 0x1ED7, 0x1EE0, 0x1A0, 0x1ED9, 0x1EDD, 0x1EDF, 0x1ECB, 0x1EF0, 0x1EE8, 0x1EEA, 0x1EEC, 0x1A1, 0x1EDB, 0x1AF,
    0xC0, 0xC1, 0xC2, 0xC3, 0x1EA2, 0x102, 0x1EB3, 0x1EB5, 0xC8, 0xC9, 0xCA, 0x1EBA, 0xCC, 0xCD, 0x128, 0x1EF3,
    0x110, 0x1EE9, 0xD2, 0xD3, 0xD4, 0x1EA1, 0x1EF7, 0x1EEB, 0x1EED, 0xD9, 0xDA, 0x1EF9, 0x1EF5, 0xDD, 0x1EE1, 0x1B0,
    0xE0, 0xE1, 0xE2, 0xE3, 0x1EA3, 0x103, 0x1EEF, 0x1EAB, 0xE8, 0xE9, 0xEA, 0x1EBB, 0xEC, 0xED, 0x129, 0x1EC9,
    0x111, 0x1EF1, 0xF2, 0xF3, 0xF4, 0xF5, 0x1ECF, 0x1ECD, 0x1EE5, 0xF9, 0xFA, 0x169, 0x1EE7, 0xFD, 0x1EE3, 0x1EEE};

static uint32_t from_windows(unsigned char b)
{
    return b < 0x80 || b >= 0xA0 ? b : windows[b - 0x80];
}

static uint32_t from_1258(unsigned char b)
{
    switch (b) {
    case 0x8A: case 0x8E: case 0x9A: case 0x9E: return 0;
    case 0xC3: return 0x102;
    case 0xCC: return 0x300;
    case 0xD0: return 0x110;
    case 0xD2: return 0x309;
    case 0xD5: return 0x1A0;
    case 0xDD: return 0x1AF;
    case 0xDE: return 0x303;
    case 0xE3: return 0x103;
    case 0xEC: return 0x301;
    case 0xF0: return 0x111;
    case 0xF2: return 0x323;
    case 0xF5: return 0x1A1;
    case 0xFD: return 0x1B0;
    case 0xFE: return 0x20AB;
    default: return from_windows(b);
    }
}

static uint32_t from_tcvn3(unsigned char b)
{
    if (b >= 0xA0)
        return tcvn3[b - 0xA0];
    return b < 0x80 || b == 0x85 || (b >= 0x91 && b <= 0x97) ? from_windows(b) : 0;
}

static uint32_t from_viscii(unsigned char b)
{
    switch (b) {
    case 0x02: return 0x1EB2;
    case 0x05: return 0x1EB4;
    case 0x06: return 0x1EAA;
    case 0x14: return 0x1EF6;
    case 0x19: return 0x1EF8;
    case 0x1E: return 0x1EF4;
    default: return b < 0x80 ? b : viscii[b - 0x80];
    }
}

/* ---- VNI-Win ---- */

/* What a mark byte (small form) adds: a hat (^ circumflex, ( breve, 0 none) and a tone as a combining mark. */
typedef struct vni_mark { unsigned char byte; char hat; uint16_t tone; } vni_mark;
static const vni_mark vni_marks[] = {
    {0xF9, 0, 0x301},   {0xF8, 0, 0x300},   {0xFB, 0, 0x309},   {0xF5, 0, 0x303},   {0xEF, 0, 0x323},
    {0xE2, '^', 0},     {0xE1, '^', 0x301}, {0xE0, '^', 0x300}, {0xE5, '^', 0x309}, {0xE3, '^', 0x303}, {0xE4, '^', 0x323},
    {0xEA, '(', 0},     {0xE9, '(', 0x301}, {0xE8, '(', 0x300}, {0xFA, '(', 0x309}, {0xFC, '(', 0x303}, {0xEB, '(', 0x323}};

typedef struct vni_letter { unsigned char byte; uint16_t cp; } vni_letter;
static const vni_letter vni_letters[] = {
    {0xED, 0xED}, {0xEC, 0xEC}, {0xE6, 0x1EC9}, {0xF3, 0x129}, {0xF2, 0x1ECB}, {0xEE, 0x1EF5}, {0xF1, 0x111}, {0xF4, 0x1A1}, {0xF6, 0x1B0},
    {0xCD, 0xCD}, {0xCC, 0xCC}, {0xC6, 0x1EC8}, {0xD3, 0x128}, {0xD2, 0x1ECA}, {0xCE, 0x1EF4}, {0xD1, 0x110}, {0xD4, 0x1A0}, {0xD6, 0x1AF}};

/* `letter` with what the mark byte adds, as a base and a combining tone (0: none); false: the two do not go together. */
static bool vni_pair(uint32_t letter, unsigned char mark, uint32_t *base, uint32_t *tone)
{
    unsigned char small = mark >= 0xC0 && mark < 0xE0 ? (unsigned char)(mark + 0x20) : mark;
    if (letter < 0x80 && (letter == 0 || !strchr("aeouyAEOUY", (int)letter)))
        return false;
    for (size_t i = 0; i < sizeof vni_marks / sizeof *vni_marks; i++) {
        const vni_mark *m = &vni_marks[i];
        if (m->byte != small)
            continue;
        *tone = m->tone;
        *base = letter;
        if (m->hat == 0)
            return true;
        static const char hatted[] = "aAeEoO";
        static const uint16_t circumflex[] = {0xE2, 0xC2, 0xEA, 0xCA, 0xF4, 0xD4};
        const char *at = letter < 0x80 ? strchr(m->hat == '^' ? "aAeEoO" : "aA", (int)letter) : NULL;
        if (!at)
            return false;
        *base = m->hat == '(' ? (letter == 'a' ? 0x103 : 0x102) : circumflex[strchr(hatted, (int)letter) - hatted];
        return true;
    }
    return false;
}

static uint32_t vni_single(unsigned char b)
{
    for (size_t i = 0; i < sizeof vni_letters / sizeof *vni_letters; i++)
        if (vni_letters[i].byte == b)
            return vni_letters[i].cp;
    /* A mark that follows no vowel is no letter. Signs and dashes are those of Windows. */
    return b < 0xC0 ? from_windows(b) : 0;
}

/* ---- writing ---- */

typedef struct writer {
    kh_buf *out;
    kh_faults *faults;
    uint64_t in_at, out_at;
    uint32_t last;   /* the code point written last, */
    size_t last_len; /* and its bytes */
} writer;

static void put(writer *w, uint32_t cp)
{
    char bytes[4];
    w->last = cp;
    w->last_len = kh_utf8_put(cp, bytes);
    kh_buf_add(w->out, bytes, w->last_len);
}

static void bad(writer *w, size_t at, uint32_t unit)
{
    kh_faults *f = w->faults;
    kh_fault fault = {w->out_at + w->out->len, w->in_at + at, unit};
    if (!f) { /* codes of a font among other text: what is none stays as it was */
        put(w, from_windows((unsigned char)unit));
        return;
    }
    if (f->n < FAULTS_KEPT)
        KH_PUSH(f->items, f->n, f->cap) = fault;
    else
        f->more++;
    put(w, REPLACEMENT);
}

/* A combining mark joins the letter before it where the two have one code point. */
static void put_mark(writer *w, uint32_t mark)
{
    char pair[8];
    size_t n = kh_utf8_put(w->last, pair);
    n += kh_utf8_put(mark, pair + n);
    char *joined = w->last_len && w->last >= 'A' ? kh_text_nfc(pair, n) : NULL;
    const char *p = joined, *end = joined ? joined + strlen(joined) : NULL;
    uint32_t cp = joined ? kh_utf8_next(&p, end) : 0;
    if (joined && p == end) {
        w->out->len -= w->last_len;
        put(w, cp);
    } else
        put(w, mark);
    kh_free(joined);
}

static void put_any(writer *w, uint32_t cp)
{
    if (cp >= 0x300 && cp < 0x370)
        put_mark(w, cp);
    else
        put(w, cp);
}

static void decode_bytes(writer *w, const unsigned char *s, size_t n, uint32_t (*table)(unsigned char))
{
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = table(s[i]);
        if (cp == 0 && s[i] != 0)
            bad(w, i, s[i]);
        else
            put_any(w, cp);
    }
}

static void decode_vni(writer *w, const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = s[i] < 0x80 ? s[i] : vni_single(s[i]), base, tone;
        bool pair = i + 1 < n && s[i + 1] >= 0xC0 && (cp < 0x80 || cp == 0x1A0 || cp == 0x1A1 || cp == 0x1AF || cp == 0x1B0) &&
                    vni_pair(cp, s[i + 1], &base, &tone);
        if (pair) {
            put(w, base);
            if (tone)
                put_mark(w, tone);
            i++;
        } else if (cp == 0 && s[i] != 0)
            bad(w, i, s[i]);
        else
            put(w, cp);
    }
}

/* ---- Unicode ---- */

/* Length of the sequence at s, or 0: then *good bytes could have begun one, and *cut says that the bytes end there. */
static size_t utf8_sequence(const unsigned char *s, size_t left, bool *cut, size_t *good)
{
    static const unsigned char second[8][2] = {{0xC2, 0xDF}, {0xE0, 0xE0}, {0xE1, 0xEC}, {0xED, 0xED}, {0xEE, 0xEF}, {0xF0, 0xF0}, {0xF1, 0xF3}, {0xF4, 0xF4}};
    static const unsigned char range[8][2] = {{0x80, 0xBF}, {0xA0, 0xBF}, {0x80, 0xBF}, {0x80, 0x9F}, {0x80, 0xBF}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0x8F}};
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4, k = 0;
    *cut = false;
    *good = 1;
    if (n == 1)
        return 1;
    while (k < 8 && !(s[0] >= second[k][0] && s[0] <= second[k][1]))
        k++;
    if (k == 8)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (i == left) {
            *cut = true;
            return 0;
        }
        unsigned char lo = i == 1 ? range[k][0] : 0x80, hi = i == 1 ? range[k][1] : 0xBF;
        if (s[i] < lo || s[i] > hi)
            return 0;
        *good = i + 1;
    }
    return n;
}

static size_t ascii_run(const char *s, size_t n)
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

static void decode_utf8(writer *w, const char *s, size_t n)
{
    size_t done = 0, i = 0, good;
    bool cut;
    while (i < n) {
        i += ascii_run(s + i, n - i);
        if (i == n)
            break;
        size_t k = utf8_sequence((const unsigned char *)s + i, n - i, &cut, &good);
        if (k) {
            i += k;
            continue;
        }
        kh_buf_add(w->out, s + done, i - done);
        bad(w, i, (unsigned char)s[i]); /* one fault for all of a broken sequence */
        i += good;
        done = i;
    }
    kh_buf_add(w->out, s + done, n - done);
}

static uint32_t unit16(const unsigned char *s, bool big)
{
    return big ? (uint32_t)(s[0] << 8 | s[1]) : (uint32_t)(s[1] << 8 | s[0]);
}

static void decode_utf16(writer *w, const unsigned char *s, size_t n, bool big)
{
    size_t i = 0;
    while (i + 1 < n) {
        uint32_t u = unit16(s + i, big), v = i + 3 < n ? unit16(s + i + 2, big) : 0;
        if (u >= 0xD800 && u < 0xDC00 && v >= 0xDC00 && v < 0xE000) {
            put(w, 0x10000 + ((u - 0xD800) << 10) + (v - 0xDC00));
            i += 4;
            continue;
        }
        if (u >= 0xD800 && u < 0xE000)
            bad(w, i, u);
        else
            put(w, u);
        i += 2;
    }
    if (i < n)
        bad(w, i, s[i]);
}

/* ---- the two operations ---- */

size_t kh_charset_whole(kh_charset cs, const char *s, size_t n, bool last)
{
    const unsigned char *p = (const unsigned char *)s;
    if (last || n == 0)
        return n;
    if (cs == KH_CS_UTF8) {
        bool cut = false;
        size_t good;
        for (size_t back = 1; back <= 3 && back <= n; back++) {
            if (p[n - back] >= 0xC0)
                return utf8_sequence(p + n - back, back, &cut, &good) == 0 && cut ? n - back : n;
            if (p[n - back] < 0x80)
                break;
        }
        return n;
    }
    if (cs == KH_CS_UTF16LE || cs == KH_CS_UTF16BE) {
        size_t even = n & ~(size_t)1;
        uint32_t u = even ? unit16(p + even - 2, cs == KH_CS_UTF16BE) : 0;
        return u >= 0xD800 && u < 0xDC00 ? even - 2 : even;
    }
    size_t i = n - 1;
    while (i > 0 && p[i] >= 0x80)
        i--; /* the byte that is left begins something that a next one may still change */
    return i == 0 && n > 4096 ? n : i; /* so long without one byte of ASCII: no text, cut anywhere */
}

void kh_charset_decode(kh_charset cs, const char *s, size_t n, uint64_t in_at, uint64_t out_at, kh_buf *out, kh_faults *faults)
{
    writer w = {.out = out, .faults = faults, .in_at = in_at, .out_at = out_at};
    const unsigned char *p = (const unsigned char *)s;
    kh_buf_reserve(out, n + n / 2);
    switch (cs) {
    case KH_CS_UTF8: decode_utf8(&w, s, n); break;
    case KH_CS_UTF16LE: decode_utf16(&w, p, n, false); break;
    case KH_CS_UTF16BE: decode_utf16(&w, p, n, true); break;
    case KH_CS_1258: decode_bytes(&w, p, n, from_1258); break;
    case KH_CS_TCVN3: decode_bytes(&w, p, n, from_tcvn3); break;
    case KH_CS_VISCII: decode_bytes(&w, p, n, from_viscii); break;
    case KH_CS_VNI: decode_vni(&w, p, n); break;
    }
}

int kh_charset_font_byte(uint32_t cp)
{
    if (cp < 0x80 || (cp >= 0xA0 && cp <= 0xFF))
        return (int)cp;
    for (int i = 0; i < 32; i++)
        if (windows[i] == cp)
            return 0x80 + i;
    return cp < 0xA0 ? (int)cp : -1; /* what has no character in Windows-1252 comes through as a control code */
}
