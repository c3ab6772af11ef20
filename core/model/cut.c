/* SPDX-License-Identifier: MIT */
/*
 * Cuts and the categories they are made of. A cut's key is its identity: parts
 * are put in the order of their categories' codes, the key is written and
 * looked up. Parsing a key that is known costs one hash lookup, which is what a
 * long file does once a row.
 *
 * Codes of categories and options must not hold '=' or ';' (the definitions'
 * reader sees to it): a key is also what the store keeps.
 */
#include "model/cut.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <string.h>

typedef struct cut {
    const char *key;
    kh_cut_part *parts;
    size_t n;
    int64_t id;
} cut;

struct kh_cuts {
    kh_arena *arena;
    kh_category *categories;
    size_t n_categories, cap_categories;
    size_t *cap_options; /* beside categories */
    size_t cap_caps;
    kh_map *keys; /* key -> cut */
    cut *cuts;
    size_t n, cap;
};

kh_cuts *kh_cuts_new(void)
{
    kh_cuts *c = kh_zalloc(1, sizeof *c);
    c->arena = kh_arena_new();
    c->keys = kh_map_new();
    KH_PUSH(c->cuts, c->n, c->cap) = (cut){"", NULL, 0, 0};
    kh_map_set(c->keys, "", 0, KH_NO_CUT);
    return c;
}

void kh_cuts_free(kh_cuts *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n_categories; i++)
        kh_free(c->categories[i].options);
    kh_free(c->categories);
    kh_free(c->cap_options);
    kh_free(c->cuts);
    kh_map_free(c->keys);
    kh_arena_free(c->arena);
    kh_free(c);
}

/* ---- categories ---- */

static uint32_t find_category(const kh_cuts *c, const char *code, size_t len)
{
    for (size_t i = 0; i < c->n_categories; i++)
        if (strncmp(c->categories[i].code, code, len) == 0 && !c->categories[i].code[len])
            return (uint32_t)i;
    return UINT32_MAX;
}

static uint32_t find_option(const kh_category *k, const char *code, size_t len)
{
    for (size_t i = 0; i < k->n_options; i++)
        if (strncmp(k->options[i].code, code, len) == 0 && !k->options[i].code[len])
            return (uint32_t)i;
    return UINT32_MAX;
}

uint32_t kh_cuts_category(const kh_cuts *c, const char *code)
{
    return find_category(c, code, strlen(code));
}

uint32_t kh_cuts_option(const kh_cuts *c, uint32_t category, const char *code)
{
    return find_option(&c->categories[category], code, strlen(code));
}

uint32_t kh_cuts_add_category(kh_cuts *c, const char *code, const char *title, const char *file, int line)
{
    uint32_t i = kh_cuts_category(c, code);
    if (i == UINT32_MAX) {
        i = (uint32_t)c->n_categories;
        c->cap_options = kh_grow(c->cap_options, i, &c->cap_caps, sizeof *c->cap_options);
        c->cap_options[i] = 0;
        KH_PUSH(c->categories, c->n_categories, c->cap_categories) =
            (kh_category){.code = kh_arena_strdup(c->arena, code), .file = kh_arena_strdup(c->arena, file), .line = line};
    }
    if (title)
        c->categories[i].title = kh_arena_strdup(c->arena, title);
    return i;
}

uint32_t kh_cuts_add_option(kh_cuts *c, uint32_t category, const char *code, const char *title)
{
    kh_category *k = &c->categories[category];
    uint32_t i = find_option(k, code, strlen(code));
    if (i == UINT32_MAX) {
        i = (uint32_t)k->n_options;
        KH_PUSH(k->options, k->n_options, c->cap_options[category]) = (kh_option){.code = kh_arena_strdup(c->arena, code)};
    }
    if (title)
        k->options[i].title = kh_arena_strdup(c->arena, title);
    return i;
}

size_t kh_cuts_categories(const kh_cuts *c, const kh_category **out)
{
    *out = c->categories;
    return c->n_categories;
}

/* ---- cuts ---- */

static const char *code_of(const kh_cuts *c, const kh_cut_part *p)
{
    return c->categories[p->category].code;
}

/* By insertion: a cut has two or three parts. False: a category twice. */
static bool put_in_order(const kh_cuts *c, kh_cut_part *parts, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0; j--) {
            if (parts[j].category == parts[j - 1].category)
                return false;
            if (strcmp(code_of(c, &parts[j - 1]), code_of(c, &parts[j])) < 0)
                break;
            kh_cut_part swap = parts[j];
            parts[j] = parts[j - 1];
            parts[j - 1] = swap;
        }
    return true;
}

static void write_key(const kh_cuts *c, const kh_cut_part *parts, size_t n, kh_buf *key)
{
    for (size_t i = 0; i < n; i++) {
        const kh_category *k = &c->categories[parts[i].category];
        if (i)
            kh_buf_char(key, ';');
        kh_buf_str(key, k->code);
        kh_buf_char(key, '=');
        kh_buf_str(key, k->options[parts[i].option].code);
    }
    kh_buf_cstr(key);
}

/* Interns parts that are in order. */
static kh_cut intern(kh_cuts *c, const kh_cut_part *parts, size_t n)
{
    kh_buf key = KH_BUF_INIT;
    write_key(c, parts, n, &key);
    uint32_t found = kh_map_get(c->keys, key.data, key.len);
    if (found == KH_NONE) {
        found = (uint32_t)c->n;
        cut k = {kh_arena_strndup(c->arena, key.data, key.len), kh_arena_alloc(c->arena, n * sizeof *parts), n, 0};
        memcpy(k.parts, parts, n * sizeof *parts);
        KH_PUSH(c->cuts, c->n, c->cap) = k;
        kh_map_set(c->keys, key.data, key.len, found);
    }
    kh_buf_free(&key);
    return found;
}

kh_cut kh_cut_make(kh_cuts *c, const kh_cut_part *parts, size_t n)
{
    if (n == 0)
        return KH_NO_CUT;
    kh_cut_part *own = kh_alloc(n * sizeof *own);
    memcpy(own, parts, n * sizeof *own);
    kh_cut made = put_in_order(c, own, n) ? intern(c, own, n) : KH_CUT_BAD;
    kh_free(own);
    return made;
}

static void unknown_category(const kh_cuts *c, const char *code, int len, kh_error *err)
{
    const char **names = kh_zalloc(c->n_categories, sizeof *names);
    for (size_t i = 0; i < c->n_categories; i++)
        names[i] = c->categories[i].code;
    char *text = kh_strndup(code, (size_t)len);
    int near = kh_text_nearest(text, names, c->n_categories);
    if (near >= 0)
        kh_fail(err, KH_EUSAGE, N_("unknown category \"%s\"; did you mean \"%s\"?"), text, names[near]);
    else
        kh_fail(err, KH_EUSAGE, N_("unknown category \"%s\""), text);
    kh_free(text);
    kh_free(names);
}

static void unknown_option(const kh_category *k, const char *code, int len, kh_error *err)
{
    const char **names = kh_zalloc(k->n_options, sizeof *names);
    for (size_t i = 0; i < k->n_options; i++)
        names[i] = k->options[i].code;
    char *text = kh_strndup(code, (size_t)len);
    int near = kh_text_nearest(text, names, k->n_options);
    if (near >= 0)
        kh_fail(err, KH_EUSAGE, N_("category \"%s\" has no option \"%s\"; did you mean \"%s\"?"), k->code, text, names[near]);
    else
        kh_fail(err, KH_EUSAGE, N_("category \"%s\" has no option \"%s\""), k->code, text);
    kh_free(text);
    kh_free(names);
}

static int parse_part(const kh_cuts *c, const char *s, size_t len, kh_cut_part *out, kh_error *err)
{
    const char *equals = memchr(s, '=', len);
    if (!equals)
        return kh_fail(err, KH_EUSAGE, N_("\"%.*s\" is not of the form category=option"), (int)len, s);
    size_t left = (size_t)(equals - s), right = len - left - 1;
    out->category = find_category(c, s, left);
    if (out->category == UINT32_MAX) {
        unknown_category(c, s, (int)left, err);
        return KH_EUSAGE;
    }
    out->option = find_option(&c->categories[out->category], equals + 1, right);
    if (out->option == UINT32_MAX) {
        unknown_option(&c->categories[out->category], equals + 1, (int)right, err);
        return KH_EUSAGE;
    }
    return KH_OK;
}

kh_cut kh_cut_parse(kh_cuts *c, const char *key, size_t len, kh_error *err)
{
    uint32_t known = kh_map_get(c->keys, key, len);
    if (known != KH_NONE)
        return known;
    kh_cut_part *parts = NULL;
    size_t n = 0, cap = 0;
    kh_cut made = KH_CUT_BAD;
    for (const char *at = key, *end = key + len; at <= end;) {
        const char *stop = memchr(at, ';', (size_t)(end - at));
        if (!stop)
            stop = end;
        kh_cut_part part;
        if (parse_part(c, at, (size_t)(stop - at), &part, err) != KH_OK)
            goto out;
        KH_PUSH(parts, n, cap) = part;
        at = stop + 1;
    }
    made = kh_cut_make(c, parts, n);
    if (made == KH_CUT_BAD)
        kh_fail(err, KH_EUSAGE, N_("\"%.*s\" names a category twice"), (int)len, key);
out:
    kh_free(parts);
    return made;
}

const char *kh_cut_key(const kh_cuts *c, kh_cut k)
{
    return c->cuts[k].key;
}

size_t kh_cut_parts(const kh_cuts *c, kh_cut k, const kh_cut_part **out)
{
    *out = c->cuts[k].parts;
    return c->cuts[k].n;
}

bool kh_cut_within(const kh_cuts *c, kh_cut k, kh_cut wanted)
{
    const cut *a = &c->cuts[k], *w = &c->cuts[wanted];
    size_t i = 0; /* both in the order of the categories' codes */
    for (size_t j = 0; j < w->n; j++) {
        while (i < a->n && a->parts[i].category != w->parts[j].category)
            i++;
        if (i == a->n || a->parts[i].option != w->parts[j].option)
            return false;
    }
    return true;
}

size_t kh_cuts_count(const kh_cuts *c)
{
    return c->n;
}

int64_t kh_cut_id(const kh_cuts *c, kh_cut k)
{
    return c->cuts[k].id;
}

void kh_cut_set_id(kh_cuts *c, kh_cut k, int64_t id)
{
    c->cuts[k].id = id;
}
