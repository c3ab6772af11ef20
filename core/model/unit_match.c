/* SPDX-License-Identifier: MIT */
/*
 * Units by the names that people write.
 *
 * A text is reduced to its key (base/text.h: diacritics stay) and looked up in
 * one table of all units' names and short names, with and without a kind word
 * before it: "Xã", "X.", "TT" ... A kind word that was written restricts the
 * kind. What a text may mean does not depend on the day or the place asked
 * about, so the candidates are remembered by the text as it was written, and a
 * repeated question is one hash lookup and a look at each candidate's validity
 * and ancestors. A name that is unique nowhere (four Xã Hòa Bình) gives them
 * all: to choose is the caller's, never done here.
 *
 * Suggestions compare without diacritics and by edit distance. That is a scan
 * over all units and happens only after a name was not found.
 */
#include "model/unit_int.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { REMEMBERED = 65536, ROOM = 16 };

typedef struct word { /* a form of a kind's word, as a key */
    const char *text;
    size_t len;
    uint32_t kind;
    bool is_short;
} word;

typedef struct entry { kh_unit unit; uint32_t next; } entry; /* chains; KH_NONE ends */
typedef struct meaning { uint32_t first, n; } meaning;       /* candidates[first .. first + n) */

struct kh_names {
    kh_arena *arena;
    word *words; size_t n_words, cap_words;
    kh_map *keys;            /* name key -> first entry */
    kh_map *digits;          /* code of digits without its leading zeros -> first entry */
    entry *entries; size_t n_entries, cap_entries;
    kh_map *texts;           /* text as written -> number of its meaning */
    meaning *meanings; size_t n_meanings, cap_meanings;
    kh_unit *candidates; size_t n_candidates, cap_candidates;
    const char **bare;       /* [units] names without diacritics, NULL until a suggestion is wanted */
};

void kh_names_free(struct kh_names *n)
{
    if (!n)
        return;
    kh_map_free(n->keys);
    kh_map_free(n->digits);
    kh_map_free(n->texts);
    kh_arena_free(n->arena);
    kh_free(n->words);
    kh_free(n->entries);
    kh_free(n->meanings);
    kh_free(n->candidates);
    kh_free(n->bare);
    kh_free(n);
}

/* ---- the table ---- */

static const char *const shortened[][2] = {
    {"tỉnh", "t"},        {"thành phố", "tp"}, {"thành phố", "t p"}, {"thành phố", "t phố"}, {"quận", "q"},
    {"huyện", "h"},       {"thị xã", "tx"},    {"thị xã", "t x"},    {"thị xã", "t xã"},     {"phường", "p"},
    {"thị trấn", "tt"},   {"thị trấn", "t t"}, {"thị trấn", "t trấn"}, {"xã", "x"},          {"đặc khu", "đk"},
};

static void add_word(struct kh_names *n, const char *text, uint32_t kind, bool is_short)
{
    KH_PUSH(n->words, n->n_words, n->cap_words) = (word){kh_arena_strdup(n->arena, text), strlen(text), kind, is_short};
}

static void add_words(struct kh_names *n, const kh_kind *k, uint32_t kind)
{
    if (!*k->title)
        return;
    char *key = kh_text_key(k->title, strlen(k->title));
    add_word(n, key, kind, false);
    for (size_t i = 0; i < sizeof shortened / sizeof *shortened; i++) {
        char *full = kh_text_key(shortened[i][0], strlen(shortened[i][0]));
        if (strcmp(key, full) == 0)
            add_word(n, shortened[i][1], kind, true);
        kh_free(full);
    }
    kh_free(key);
}

static const char *without_zeros(const char *s, size_t *len)
{
    while (*len > 1 && *s == '0') {
        s++;
        --*len;
    }
    return s;
}

static bool all_digits(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return len > 0;
}

/* Wards with a number for a name are written 1 and 01. */
static const char *name_part(const char *key, size_t *len)
{
    return all_digits(key, *len) ? without_zeros(key, len) : key;
}

static void add_entry(struct kh_names *n, kh_map *to, const char *key, size_t len, kh_unit unit)
{
    uint32_t first = kh_map_get(to, key, len);
    if (first != KH_NONE && n->entries[first].unit == unit)
        return; /* the short name is the name */
    kh_map_set(to, key, len, (uint32_t)n->n_entries);
    KH_PUSH(n->entries, n->n_entries, n->cap_entries) = (entry){unit, first};
}

static void add_name(struct kh_names *n, const char *name, kh_unit unit)
{
    if (!name)
        return;
    char *key = kh_text_key(name, strlen(name));
    size_t len = strlen(key);
    const char *part = name_part(key, &len);
    add_entry(n, n->keys, part, len, unit);
    kh_free(key);
}

static struct kh_names *names_of(const kh_units *u)
{
    struct kh_names *n = kh_zalloc(1, sizeof *n);
    n->arena = kh_arena_new();
    n->keys = kh_map_new();
    n->digits = kh_map_new();
    n->texts = kh_map_new();
    for (size_t i = 0; i < u->n_kinds; i++)
        add_words(n, &u->kinds[i], (uint32_t)i);
    for (kh_unit i = 0; i < u->n; i++) {
        const kh_unit_def *d = &u->defs[i];
        size_t len = strlen(d->code);
        add_name(n, d->name, i);
        add_name(n, d->short_name, i);
        if (all_digits(d->code, len)) {
            const char *code = without_zeros(d->code, &len);
            add_entry(n, n->digits, code, len, i);
        }
    }
    return n;
}

static struct kh_names *names(kh_units *u)
{
    if (!u->names)
        u->names = names_of(u);
    return u->names;
}

/* ---- what a text may mean ---- */

/* The rest of the key after the word, NULL if the key does not begin with it. "p.1" and "q1" need no blank. */
static const char *after_word(const char *key, const word *w)
{
    if (strncmp(key, w->text, w->len) != 0)
        return NULL;
    const char *rest = key + w->len;
    if (*rest == ' ' && rest[1])
        return rest + 1;
    return w->is_short && *rest >= '0' && *rest <= '9' ? rest : NULL;
}

static void add_candidate(struct kh_names *n, size_t from, kh_unit unit)
{
    for (size_t i = from; i < n->n_candidates; i++)
        if (n->candidates[i] == unit)
            return;
    KH_PUSH(n->candidates, n->n_candidates, n->cap_candidates) = unit;
}

/* Units in the chain of a key, of one kind unless kind is KH_NONE. */
static void add_chain(const kh_units *u, struct kh_names *n, size_t from, const kh_map *in, const char *key, size_t len, uint32_t kind)
{
    for (uint32_t e = kh_map_get(in, key, len); e != KH_NONE; e = n->entries[e].next)
        if (kind == KH_NONE || u->defs[n->entries[e].unit].kind == kind)
            add_candidate(n, from, n->entries[e].unit);
}

static int by_unit(const void *a, const void *b)
{
    kh_unit x = *(const kh_unit *)a, y = *(const kh_unit *)b;
    return (x > y) - (x < y);
}

static meaning find_meaning(const kh_units *u, struct kh_names *n, const char *text, size_t len)
{
    size_t from = n->n_candidates;
    char *key = kh_text_key(text, len);
    size_t key_len = strlen(key), part_len = key_len;
    const char *part = name_part(key, &part_len);
    add_chain(u, n, from, n->keys, part, part_len, KH_NONE);
    if (all_digits(key, key_len))
        add_chain(u, n, from, n->digits, part, part_len, KH_NONE);
    for (size_t i = 0; i < n->n_words; i++) {
        const char *rest = after_word(key, &n->words[i]);
        if (!rest)
            continue;
        size_t rest_len = strlen(rest);
        rest = name_part(rest, &rest_len);
        add_chain(u, n, from, n->keys, rest, rest_len, n->words[i].kind);
    }
    kh_free(key);
    size_t found = n->n_candidates - from;
    if (found)
        qsort(n->candidates + from, found, sizeof *n->candidates, by_unit);
    return (meaning){(uint32_t)from, (uint32_t)found};
}

static meaning meaning_of(const kh_units *u, struct kh_names *n, const char *text, size_t len)
{
    uint32_t known = kh_map_get(n->texts, text, len);
    if (known != KH_NONE)
        return n->meanings[known];
    if (n->n_meanings >= REMEMBERED) { /* a file with ever new texts must not fill the memory */
        kh_map_free(n->texts);
        n->texts = kh_map_new();
        n->n_meanings = n->n_candidates = 0;
    }
    meaning m = find_meaning(u, n, text, len);
    kh_map_set(n->texts, text, len, (uint32_t)n->n_meanings);
    return KH_PUSH(n->meanings, n->n_meanings, n->cap_meanings) = m;
}

/* ---- asking ---- */

static bool fits(const kh_units *u, kh_unit unit, kh_unit under, kh_day at)
{
    return kh_units_valid(u, unit, at) && (under == KH_NO_UNIT || kh_units_within(u, unit, under, at));
}

static void trim(const char **s, size_t *len)
{
    while (*len && isspace((unsigned char)**s)) {
        ++*s;
        --*len;
    }
    while (*len && isspace((unsigned char)(*s)[*len - 1]))
        --*len;
}

static bool by_code(const kh_units *u, const char *code, size_t len, kh_unit under, kh_day at, kh_unit_match *out)
{
    uint32_t number = kh_map_get(u->codes, code, len);
    for (kh_unit i = number == KH_NONE ? KH_NO_UNIT : u->first[number]; i != KH_NO_UNIT; i = u->next[i])
        if (fits(u, i, under, at)) {
            *out = (kh_unit_match){.n = 1, .units = {i}};
            return true;
        }
    return false;
}

static bool by_alias(const kh_units *u, const char *text, size_t len, kh_unit under, kh_day at, kh_unit_match *out)
{
    if (kh_map_count(u->aliases) == 0)
        return false;
    char *key = kh_text_key(text, len);
    uint32_t i = kh_map_get(u->aliases, key, strlen(key));
    kh_free(key);
    return i != KH_NONE && by_code(u, u->alias_codes[i], strlen(u->alias_codes[i]), under, at, out);
}

void kh_units_match(kh_units *u, const char *text, size_t len, kh_unit under, kh_day at, kh_unit_match *out)
{
    out->n = 0;
    trim(&text, &len);
    if (len == 0 || by_code(u, text, len, under, at, out) || by_alias(u, text, len, under, at, out))
        return;
    struct kh_names *n = names(u);
    meaning m = meaning_of(u, n, text, len);
    for (uint32_t i = 0; i < m.n; i++) {
        kh_unit unit = n->candidates[m.first + i];
        if (!fits(u, unit, under, at))
            continue;
        if (out->n < ROOM)
            out->units[out->n] = unit;
        out->n++;
    }
}

void kh_units_match_ever(kh_units *u, const char *text, size_t len, kh_unit_match *out)
{
    out->n = 0;
    trim(&text, &len);
    uint32_t number = kh_map_get(u->codes, text, len);
    for (kh_unit i = number == KH_NONE ? KH_NO_UNIT : u->first[number]; i != KH_NO_UNIT && out->n < ROOM; i = u->next[i])
        out->units[out->n++] = i;
    struct kh_names *n = names(u);
    meaning m = len && !out->n ? meaning_of(u, n, text, len) : (meaning){0, 0};
    for (uint32_t i = 0; i < m.n && out->n < ROOM; i++)
        out->units[out->n++] = n->candidates[m.first + i];
}

void kh_units_alias(kh_units *u, const char *text, const char *code)
{
    char *key = kh_text_key(text, strlen(text));
    const char *own = kh_arena_strdup(u->arena, code);
    uint32_t i = kh_map_get(u->aliases, key, strlen(key));
    if (i == KH_NONE) {
        kh_map_set(u->aliases, key, strlen(key), (uint32_t)u->n_aliases);
        KH_PUSH(u->alias_codes, u->n_aliases, u->cap_aliases) = own;
    } else {
        u->alias_codes[i] = own;
    }
    u->edition++;
    kh_free(key);
}

uint64_t kh_units_edition(const kh_units *u)
{
    return u->edition;
}

/* ---- suggesting ---- */

typedef struct guess { kh_unit unit; unsigned distance; bool other_kind; } guess;

static void make_bare(const kh_units *u, struct kh_names *n)
{
    if (n->bare)
        return;
    n->bare = kh_zalloc(u->n, sizeof *n->bare);
    for (kh_unit i = 0; i < u->n; i++) {
        char *bare = kh_text_bare(u->defs[i].name, strlen(u->defs[i].name));
        n->bare[i] = kh_arena_strdup(n->arena, bare);
        kh_free(bare);
    }
}

static int by_nearness(const guess *a, const guess *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    if (a->other_kind != b->other_kind)
        return a->other_kind ? 1 : -1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* Keeps the nearest ROOM of all that come, in order; *n counts them all. */
static void keep(guess *best, size_t *n, guess g)
{
    size_t have = *n < ROOM ? *n : ROOM, i = have;
    while (i > 0 && by_nearness(&g, &best[i - 1]) < 0)
        i--;
    if (i < ROOM) {
        size_t moved = have < ROOM ? have : ROOM - 1;
        memmove(&best[i + 1], &best[i], (moved - i) * sizeof *best);
        best[i] = g;
    }
    ++*n;
}

typedef struct query { const char *text; size_t len; unsigned limit; uint32_t kind; } query;

static query query_of(const char *text, uint32_t kind)
{
    size_t len = strlen(text);
    return (query){text, len, len < 4 ? 1 : len < 8 ? 2 : 3, kind};
}

/* The text as a name, and after each kind word that it begins with. */
static size_t queries_of(const struct kh_names *n, const char *bare, query *out, size_t room)
{
    size_t found = 0;
    out[found++] = query_of(bare, KH_NONE);
    for (size_t i = 0; i < n->n_words && found < room; i++) {
        char *form = kh_text_bare(n->words[i].text, n->words[i].len);
        size_t len = strlen(form);
        if (strncmp(bare, form, len) == 0 && bare[len] == ' ')
            out[found++] = query_of(bare + len + 1, n->words[i].kind);
        kh_free(form);
    }
    return found;
}

static bool near(const kh_units *u, const char *name, kh_unit unit, const query *q, guess *out)
{
    size_t len = strlen(name);
    if (len > q->len + q->limit || q->len > len + q->limit)
        return false;
    unsigned d = kh_text_distance(q->text, name, q->limit);
    bool other = q->kind != KH_NONE && u->defs[unit].kind != q->kind;
    if (d > q->limit || (out->unit != KH_NO_UNIT && d >= out->distance && (d > out->distance || other >= out->other_kind)))
        return false;
    *out = (guess){unit, d, other};
    return true;
}

/* "Hồng Phong mới", "Tân Thành (xã cũ)": a name with something behind it. */
static bool begins_with(const char *name, const query *q, unsigned *more)
{
    size_t len = strlen(name);
    *more = (unsigned)(q->len - len);
    return len >= 3 && len < q->len && strncmp(q->text, name, len) == 0 && strchr(" (,-", q->text[len]);
}

/* The longest names that the text begins with. */
static void suggest_beginnings(const kh_units *u, const struct kh_names *n, const query *queries, size_t n_queries, kh_unit under, kh_day at, guess *best, size_t *found)
{
    for (kh_unit i = 0; i < u->n; i++) {
        guess g = {.unit = KH_NO_UNIT};
        unsigned more;
        for (size_t q = 0; q < n_queries; q++)
            if (begins_with(n->bare[i], &queries[q], &more) && (g.unit == KH_NO_UNIT || more <= g.distance))
                g = (guess){i, more, queries[q].kind != KH_NONE && u->defs[i].kind != queries[q].kind};
        if (g.unit != KH_NO_UNIT && fits(u, i, under, at))
            keep(best, found, g);
    }
}

/* How many of the n to keep: beside one that differs only by its diacritics the others are noise, and else those much farther. */
static size_t worth_telling(const guess *best, size_t n)
{
    size_t i = 0, kept = n < ROOM ? n : ROOM;
    while (i < kept && (best[0].distance ? best[i].distance <= best[0].distance + 1 : !best[i].distance && best[i].other_kind == best[0].other_kind))
        i++;
    return i < kept ? i : n;
}

void kh_units_suggest(kh_units *u, const char *text, size_t len, kh_unit under, kh_day at, kh_unit_match *out)
{
    struct kh_names *n = names(u);
    query queries[32];
    guess best[ROOM] = {{0}};
    char *bare = kh_text_bare(text, len);
    size_t n_queries = queries_of(n, bare, queries, sizeof queries / sizeof *queries);
    out->n = 0;
    make_bare(u, n);
    for (kh_unit i = 0; i < u->n; i++) {
        guess g = {.unit = KH_NO_UNIT};
        for (size_t q = 0; q < n_queries; q++)
            near(u, n->bare[i], i, &queries[q], &g);
        if (g.unit != KH_NO_UNIT && fits(u, i, under, at))
            keep(best, &out->n, g);
    }
    if (out->n == 0)
        suggest_beginnings(u, n, queries, n_queries, under, at, best, &out->n);
    out->n = worth_telling(best, out->n);
    for (size_t i = 0; i < out->n && i < ROOM; i++)
        out->units[i] = best[i].unit;
    kh_free(bare);
}
