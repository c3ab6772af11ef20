/* SPDX-License-Identifier: MIT */
/*
 * Normal form and the two foldings of text.h. Linear in the length. A NUL
 * inside a string becomes U+FFFD (or a blank in a key), because results end at
 * their NUL.
 */
#include "base/text.h"

#include "base/mem.h"
#include "base/points.h"

#include <string.h>

char *kh_text_nfc(const char *s, size_t n)
{
    kh_points p;
    kh_points_read(&p, s, n, KH_COMPOSED);
    char *text = kh_points_text(&p);
    kh_points_free(&p);
    return text;
}

static bool is_hyphen(int32_t cp)
{
    return cp == '-' || (cp >= 0x2010 && cp <= 0x2015);
}


/*
 * A dot or hyphen between words is a blank (TP.HCM, Bà Rịa - Vũng Tàu); inside
 * a number (1.2, 2018-03) and as its sign (-5) it means something and stays.
 */
static bool is_joint(const kh_points *p, size_t i)
{
    int32_t cp = p->at[i];
    if (cp != '.' && !is_hyphen(cp))
        return false;
    if (i + 1 == p->n || !kh_is_digit(p->at[i + 1]))
        return true;
    return i > 0 && !kh_is_blank(p->at[i - 1]) && !kh_is_digit(p->at[i - 1]);
}

/* Lower case, one blank where there were any, joints, tones: in place. */
static void fold(kh_points *p)
{
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < p->n; i++) {
        int32_t cp = p->at[i];
        if (kh_is_blank(cp) || is_joint(p, i)) {
            gap = n > 0;
            continue;
        }
        int32_t low = kh_lower(cp);
        /* The write stays behind the read: a gap stands for at least one code point that was dropped. */
        if (gap)
            p->at[n++] = ' ';
        gap = false;
        p->at[n++] = low;
    }
    p->n = n;
    kh_settle_tones(p->at, n);
}

static void points_key(kh_points *p, const char *s, size_t n)
{
    kh_points_read(p, s, n, KH_COMPOSED | KH_SEEN);
    fold(p);
}

char *kh_text_key(const char *s, size_t n)
{
    kh_points p;
    points_key(&p, s, n);
    char *text = kh_points_text(&p);
    kh_points_free(&p);
    return text;
}

static int32_t bare_letter(int32_t cp)
{
    return cp == 0x111 ? 'd' : cp;
}

char *kh_text_bare(const char *s, size_t n)
{
    char *key = kh_text_key(s, n);
    kh_points p;
    kh_points_read(&p, key, strlen(key), KH_APART);
    size_t m = 0;
    for (size_t i = 0; i < p.n; i++)
        if (!kh_is_mark(p.at[i]))
            p.at[m++] = bare_letter(p.at[i]);
    p.n = m;
    fold(&p); /* a mark may have stood alone between blanks */
    char *text = kh_points_text(&p);
    kh_points_free(&p);
    kh_free(key);
    return text;
}
