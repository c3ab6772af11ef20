/* SPDX-License-Identifier: MIT */
/*
 * How near two words are, for "did you mean". Quadratic in their lengths: for
 * names, not for documents.
 */
#include "base/mem.h"
#include "base/points.h"
#include "base/text.h"

#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table are kept. */
static unsigned distance(const kh_points *a, const kh_points *b)
{
    size_t w = b->n + 1;
    unsigned *rows = kh_zalloc(3 * w, sizeof *rows), *before = rows, *last = rows + w, *now = rows + 2 * w;
    for (size_t j = 0; j < w; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a->n; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j < w; j++) {
            unsigned swap_or_same = last[j - 1] + (a->at[i - 1] != b->at[j - 1]);
            now[j] = least(swap_or_same, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        unsigned *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    unsigned d = last[w - 1];
    kh_free(rows);
    return d;
}

unsigned kh_text_distance(const char *a, const char *b, unsigned limit)
{
    kh_points p, q;
    kh_points_read(&p, a, strlen(a), KH_COMPOSED);
    kh_points_read(&q, b, strlen(b), KH_COMPOSED);
    size_t gap = p.n > q.n ? p.n - q.n : q.n - p.n;
    unsigned d = gap > limit ? limit + 1 : distance(&p, &q);
    kh_points_free(&p);
    kh_points_free(&q);
    return d > limit ? limit + 1 : d;
}

static size_t count_points(const char *s)
{
    size_t n = 0;
    for (const char *end = s + strlen(s); s < end; n++)
        kh_utf8_next(&s, end);
    return n;
}

int kh_text_nearest(const char *s, const char *const *names, size_t n)
{
    char *mine = kh_text_bare(s, strlen(s));
    size_t len = count_points(mine);
    /* A third of the letters may differ: more than that is another word. */
    unsigned limit = len < 2 ? 0 : len < 6 ? 1 : (unsigned)(len / 3);
    int nearest = -1;
    for (size_t i = 0; i < n; i++) {
        char *other = kh_text_bare(names[i], strlen(names[i]));
        unsigned d = kh_text_distance(mine, other, limit);
        kh_free(other);
        if (d > limit)
            continue;
        nearest = (int)i;
        if (d == 0)
            break;
        limit = d - 1; /* from here on only a nearer one */
    }
    kh_free(mine);
    return nearest;
}
