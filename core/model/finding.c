/* SPDX-License-Identifier: MIT */
/*
 * A list of findings. Texts are copied into an arena; a heading, a file or a
 * code that many findings share is kept once. Adding is O(1), sorting n log n
 * and stable.
 */
#include "model/finding.h"

#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct kh_findings {
    kh_arena *arena;
    kh_map *known;       /* text -> index in shared */
    const char **shared;
    size_t n_shared, cap_shared;
    kh_finding *items;
    size_t n, cap;
    size_t counts[3];
};

kh_findings *kh_findings_new(void)
{
    kh_findings *f = kh_zalloc(1, sizeof *f);
    f->arena = kh_arena_new();
    f->known = kh_map_new();
    return f;
}

void kh_findings_free(kh_findings *f)
{
    if (!f)
        return;
    kh_map_free(f->known);
    kh_arena_free(f->arena);
    kh_free(f->shared);
    kh_free(f->items);
    kh_free(f);
}

static const char *share(kh_findings *f, const char *s)
{
    if (!s)
        return NULL;
    size_t len = strlen(s);
    uint32_t i = kh_map_get(f->known, s, len);
    if (i != KH_NONE)
        return f->shared[i];
    kh_map_set(f->known, s, len, (uint32_t)f->n_shared);
    return KH_PUSH(f->shared, f->n_shared, f->cap_shared) = kh_arena_strndup(f->arena, s, len);
}

void kh_findings_add(kh_findings *f, const kh_finding *finding)
{
    kh_finding copy = *finding;
    copy.file = share(f, finding->file);
    copy.code = share(f, finding->code);
    copy.heading = share(f, finding->heading);
    copy.value = kh_arena_strdup(f->arena, finding->value);
    copy.text = kh_arena_strdup(f->arena, finding->text);
    copy.expected = kh_arena_strdup(f->arena, finding->expected);
    KH_PUSH(f->items, f->n, f->cap) = copy;
    f->counts[finding->severity]++;
}

size_t kh_findings_count(const kh_findings *f, kh_severity severity)
{
    return f->counts[severity];
}

size_t kh_findings_all(const kh_findings *f, const kh_finding **out)
{
    *out = f->items;
    return f->n;
}

typedef struct ranked { kh_finding item; uint32_t file; size_t seq; } ranked;

static int three_way(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *x, const void *y)
{
    const ranked *a = x, *b = y;
    if (a->file != b->file)
        return three_way(a->file, b->file);
    if (a->item.line != b->item.line)
        return three_way(a->item.line, b->item.line);
    if (a->item.column != b->item.column)
        return three_way(a->item.column, b->item.column);
    return three_way(a->seq, b->seq);
}

void kh_findings_sort(kh_findings *f)
{
    /* Files share their text, so the order in which the names first came is that of a map over them. */
    kh_map *seen = kh_map_new();
    uint32_t files = 1; /* 0: no file */
    ranked *all = kh_zalloc(f->n, sizeof *all);
    for (size_t i = 0; i < f->n; i++) {
        all[i] = (ranked){f->items[i], 0, i};
        if (!f->items[i].file)
            continue;
        size_t len = strlen(f->items[i].file);
        all[i].file = kh_map_get(seen, f->items[i].file, len);
        if (all[i].file == KH_NONE)
            kh_map_set(seen, f->items[i].file, len, all[i].file = files++);
    }
    qsort(all, f->n, sizeof *all, by_place);
    for (size_t i = 0; i < f->n; i++)
        f->items[i] = all[i].item;
    kh_free(all);
    kh_map_free(seen);
}

const char *kh_severity_name(kh_severity s)
{
    static const char *const names[] = {"error", "warning", "note"};
    return names[s];
}
