/* SPDX-License-Identifier: MIT */
/*
 * Whether a word is a syllable that Vietnamese could have: an onset, a rhyme,
 * one tone, and no tone but sắc and nặng before a final c, ch, p, t. That is
 * some 7,000 written syllables from two short tables, and what text in a wrong
 * encoding almost never is.
 */
#include "intake/stages.h"

#include <stdlib.h>
#include <string.h>

/* The twelve vowels and đ, in the tables below as single letters; each vowel with its six tones. */
typedef struct vowel { char letter; uint32_t low[6], up[6]; } vowel; /* ngang huyền hỏi ngã sắc nặng */
static const vowel vowels[] = {
    {'a', {'a', 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1}, {'A', 0xC0, 0x1EA2, 0xC3, 0xC1, 0x1EA0}},
    {'A', {0x103, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB7}, {0x102, 0x1EB0, 0x1EB2, 0x1EB4, 0x1EAE, 0x1EB6}},
    {'B', {0xE2, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD}, {0xC2, 0x1EA6, 0x1EA8, 0x1EAA, 0x1EA4, 0x1EAC}},
    {'e', {'e', 0xE8, 0x1EBB, 0x1EBD, 0xE9, 0x1EB9}, {'E', 0xC8, 0x1EBA, 0x1EBC, 0xC9, 0x1EB8}},
    {'E', {0xEA, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7}, {0xCA, 0x1EC0, 0x1EC2, 0x1EC4, 0x1EBE, 0x1EC6}},
    {'i', {'i', 0xEC, 0x1EC9, 0x129, 0xED, 0x1ECB}, {'I', 0xCC, 0x1EC8, 0x128, 0xCD, 0x1ECA}},
    {'o', {'o', 0xF2, 0x1ECF, 0xF5, 0xF3, 0x1ECD}, {'O', 0xD2, 0x1ECE, 0xD5, 0xD3, 0x1ECC}},
    {'O', {0xF4, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9}, {0xD4, 0x1ED2, 0x1ED4, 0x1ED6, 0x1ED0, 0x1ED8}},
    {'P', {0x1A1, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3}, {0x1A0, 0x1EDC, 0x1EDE, 0x1EE0, 0x1EDA, 0x1EE2}},
    {'u', {'u', 0xF9, 0x1EE7, 0x169, 0xFA, 0x1EE5}, {'U', 0xD9, 0x1EE6, 0x168, 0xDA, 0x1EE4}},
    {'U', {0x1B0, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1}, {0x1AF, 0x1EEA, 0x1EEC, 0x1EEE, 0x1EE8, 0x1EF0}},
    {'y', {'y', 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5}, {'Y', 0x1EF2, 0x1EF6, 0x1EF8, 0xDD, 0x1EF4}},
};
enum { VOWELS = sizeof vowels / sizeof *vowels, SAC = 4 };

/* Sorted, for bsearch. A ă, B â, D đ, E ê, O ô, P ơ, U ư. */
static const char *const onsets[] = {"", "D", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
                                     "nh", "p", "ph", "q", "qu", "r", "s", "t", "th", "tr", "v", "x"};
static const char *const rhymes[] = {
    "Ac",  "Am",   "An",  "Ang", "Ap",  "At",   "Bc",   "Bm",   "Bn",  "Bng", "Bp",  "Bt",  "Bu",  "By",   "E",    "Ech", "Em",
    "En",  "Enh",  "Ep",  "Et",  "Eu",  "O",    "Oc",   "Oi",   "Om",  "On",  "Ong", "Op",  "Ot",  "P",    "Pi",   "Pm",  "Pn",
    "Pp",  "Pt",   "U",   "UPc", "UPi", "UPm",  "UPn",  "UPng", "UPp", "UPt", "UPu", "Ua",  "Uc",  "Ui",   "Ung",  "Ut",  "Uu",
    "a",   "ac",   "ach", "ai",  "am",  "an",   "ang",  "anh",  "ao",  "ap",  "at",  "au",  "ay",  "e",    "ec",   "em",  "en",
    "eng", "eo",   "ep",  "et",  "i",   "iEc",  "iEm",  "iEn",  "iEng", "iEp", "iEt", "iEu", "ia", "ich",  "im",   "in",  "inh",
    "ip",  "it",   "iu",  "o",   "oAc", "oAm",  "oAn",  "oAng", "oAt", "oa",  "oac", "oach", "oai", "oam", "oan",  "oang", "oanh",
    "oao", "oap",  "oat", "oay", "oc",  "oe",   "oen",  "oeo",  "oet", "oi",  "om",  "on",  "ong", "ooc",  "oong", "op",  "ot",
    "u",   "uAng", "uB",  "uBn", "uBng", "uBt", "uBy",  "uE",   "uEch", "uEn", "uEnh", "uOc", "uOi", "uOm", "uOn", "uOng", "uOt",
    "uP",  "ua",   "uc",  "ui",  "um",  "un",   "ung",  "up",   "ut",  "uy",  "uyEn", "uyEt", "uya", "uych", "uyn", "uynh", "uyp",
    "uyt", "uyu",  "y",   "yEm", "yEn", "yEng", "yEt",  "yEu",  "ych", "yn",  "ynh", "yt"};

typedef struct letter { char c; int tone; } letter; /* c 0: not a letter of Vietnamese */

static letter letter_of(uint32_t cp)
{
    if (cp == 0x111)
        return (letter){'D', 0};
    if (cp >= 'a' && cp <= 'z' && !strchr("aeiouyfjwz", (int)cp))
        return (letter){(char)cp, 0};
    for (size_t i = 0; i < VOWELS; i++)
        for (int t = 0; t < 6; t++)
            if (vowels[i].low[t] == cp)
                return (letter){vowels[i].letter, t};
    return (letter){0, 0};
}

uint32_t kh_viet_lower(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    if (cp == 0x110)
        return 0x111;
    for (size_t i = 0; i < VOWELS; i++)
        for (int t = 0; t < 6; t++)
            if (vowels[i].up[t] == cp)
                return vowels[i].low[t];
    return cp;
}

bool kh_viet_letter(uint32_t cp)
{
    uint32_t low = kh_viet_lower(cp);
    return (low >= 'a' && low <= 'z') || letter_of(low).c != 0;
}

static int by_text(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool in_table(const char *s, const char *const *table, size_t n)
{
    return bsearch(s, table, n, sizeof *table, by_text) != NULL;
}

static bool stops(const char *rhyme)
{
    size_t n = strlen(rhyme);
    return strchr("cpt", rhyme[n - 1]) != NULL || (n > 1 && strcmp(rhyme + n - 2, "ch") == 0);
}

bool kh_syllable(const uint32_t *cp, size_t n)
{
    char word[KH_SYLLABLE_MOST + 1], onset[4];
    int tone = 0;
    if (n == 0 || n > KH_SYLLABLE_MOST)
        return false;
    for (size_t i = 0; i < n; i++) {
        letter l = letter_of(cp[i]);
        if (!l.c || (l.tone && tone))
            return false;
        word[i] = l.c;
        tone |= l.tone;
    }
    word[n] = '\0';
    for (size_t k = 0; k < n && k <= 3; k++) {
        memcpy(onset, word, k);
        onset[k] = '\0';
        if (in_table(onset, onsets, sizeof onsets / sizeof *onsets) && in_table(word + k, rhymes, sizeof rhymes / sizeof *rhymes))
            return !stops(word + k) || tone >= SAC;
    }
    return false;
}
