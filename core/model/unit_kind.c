/* SPDX-License-Identifier: MIT */
/*
 * Kinds of units, their levels, and titles with the kind's word. The kinds of
 * Vietnamese administration are there from the start; a workspace may replace
 * them or add its own.
 */
#include "model/unit_int.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const kh_kind usual[] = {
    {"tinh", "province", "Tỉnh", "Province"},
    {"thanh-pho-tw", "province", "Thành phố", "City"},
    {"quan", "district", "Quận", "Urban District"},
    {"huyen", "district", "Huyện", "District"},
    {"thi-xa", "district", "Thị xã", "Town"},
    {"thanh-pho", "district", "Thành phố", "City"},
    {"phuong", "commune", "Phường", "Ward"},
    {"thi-tran", "commune", "Thị trấn", "Township"},
    {"xa", "commune", "Xã", "Commune"},
    {"dac-khu", "commune", "Đặc khu", "Special Zone"},
    {"agency", "agency", "", ""}, /* an agency's name says what it is */
};

uint32_t kh_units_add_kind(kh_units *u, const char *code, const char *level, const char *title, const char *title_en)
{
    uint32_t i = kh_units_kind(u, code);
    if (i == KH_NONE) {
        i = (uint32_t)u->n_kinds;
        KH_PUSH(u->kinds, u->n_kinds, u->cap_kinds) = (kh_kind){.code = kh_arena_strdup(u->arena, code)};
    }
    u->kinds[i].level = kh_arena_strdup(u->arena, level ? level : code);
    u->kinds[i].title = kh_arena_strdup(u->arena, title ? title : "");
    u->kinds[i].title_en = kh_arena_strdup(u->arena, title_en ? title_en : "");
    kh_names_free(u->names); /* they know the kinds' words */
    u->names = NULL;
    return i;
}

void kh_units_add_usual_kinds(kh_units *u)
{
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        kh_units_add_kind(u, usual[i].code, usual[i].level, usual[i].title, usual[i].title_en);
}

uint32_t kh_units_kind(const kh_units *u, const char *code)
{
    for (size_t i = 0; i < u->n_kinds; i++)
        if (strcmp(u->kinds[i].code, code) == 0)
            return (uint32_t)i;
    return KH_NONE;
}

size_t kh_units_kinds(const kh_units *u, const kh_kind **out)
{
    *out = u->kinds;
    return u->n_kinds;
}

const kh_kind *kh_units_kind_of(const kh_units *u, kh_unit unit)
{
    return &u->kinds[u->defs[unit].kind];
}

static bool is_kind(const kh_kind *k, const char *kind_or_level)
{
    return strcmp(k->code, kind_or_level) == 0 || strcmp(k->level, kind_or_level) == 0;
}

bool kh_units_is(const kh_units *u, kh_unit unit, const char *kind_or_level)
{
    return is_kind(kh_units_kind_of(u, unit), kind_or_level);
}

bool kh_units_knows_kind(const kh_units *u, const char *kind_or_level)
{
    for (size_t i = 0; i < u->n_kinds; i++)
        if (is_kind(&u->kinds[i], kind_or_level))
            return true;
    return false;
}

const char *kh_units_nearest_kind(const kh_units *u, const char *kind_or_level)
{
    const char **names = kh_zalloc(2 * u->n_kinds + 1, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < u->n_kinds; i++) {
        names[n++] = u->kinds[i].level;
        names[n++] = u->kinds[i].code;
    }
    int at = kh_text_nearest(kind_or_level, names, n);
    const char *near = at >= 0 ? names[at] : NULL;
    kh_free(names);
    return near;
}

static bool begins_with_word(const char *name, const char *word)
{
    size_t n = strlen(word);
    return n > 0 && strncmp(name, word, n) == 0 && name[n] == ' ';
}

void kh_units_title(const kh_units *u, kh_unit unit, kh_lang lang, char *out, size_t room)
{
    const char *name = kh_say_in(lang, u->defs[unit].name);
    const kh_kind *k = kh_units_kind_of(u, unit);
    if (room == 0)
        return;
    if (lang == KH_LANG_VI && *k->title && !begins_with_word(name, k->title))
        snprintf(out, room, "%s %s", k->title, name);
    else if (lang == KH_LANG_EN && *k->title_en && !begins_with_word(name, k->title))
        snprintf(out, room, *name >= '0' && *name <= '9' ? "%2$s %1$s" : "%1$s %2$s", name, k->title_en); /* Ward 1 */
    else
        snprintf(out, room, "%s", name);
}
