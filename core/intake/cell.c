/* SPDX-License-Identifier: MIT */
/*
 * A cell -> a value of a measure, or a finding that says why not. Numbers are
 * exact: nothing goes through a double, a money column in million đồng becomes
 * đồng by moving the point, and what would have to be rounded is refused.
 */
#include "intake/work.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- texts ---- */

static size_t blank_before(const char *s, size_t n)
{
    if (n && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n'))
        return 1;
    return n >= 2 && memcmp(s, "\xC2\xA0", 2) == 0 ? 2 : n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static size_t blank_behind(const char *s, size_t n)
{
    if (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r' || s[n - 1] == '\n'))
        return 1;
    return n >= 2 && memcmp(s + n - 2, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

void kh_trim(const char **s, size_t *n)
{
    size_t k;
    while ((k = blank_before(*s, *n)) != 0) {
        *s += k;
        *n -= k;
    }
    while ((k = blank_behind(*s, *n)) != 0)
        *n -= k;
}

const kh_cell *kh_cell_at(kh_work *w, uint32_t column)
{
    static const kh_cell none = {"", 0, 0, 0};
    if (column >= w->record->n)
        return &none;
    const kh_cell *c = &w->record->cells[column];
    if (c->n == 0 || ((unsigned char)c->s[0] > ' ' && c->s[0] < 0x7F && (unsigned char)c->s[c->n - 1] > ' ' && (unsigned char)c->s[c->n - 1] < 0x7F))
        return c;
    const char *s = c->s;
    size_t n = c->n;
    kh_trim(&s, &n);
    w->blank = (kh_cell){s, (uint32_t)n, c->line, 0};
    return &w->blank;
}

kh_blank kh_blank_kind(const char *s, size_t n)
{
    static const char *const dashes[] = {"-", "–", "—", "−", "--", "---"};
    static const char *const dots[] = {"…", "...", "..", "....", ".....", "……"};
    if (n == 0)
        return KH_BLANK_EMPTY;
    if (n > 6 || (*s >= '0' && *s <= '9'))
        return KH_BLANK_NOT;
    for (size_t i = 0; i < 6; i++) {
        if (strlen(dashes[i]) == n && memcmp(dashes[i], s, n) == 0)
            return KH_BLANK_DASH;
        if (strlen(dots[i]) == n && memcmp(dots[i], s, n) == 0)
            return KH_BLANK_DOTS;
    }
    return KH_BLANK_NOT;
}

/* A quote that was put before a formula so that no spreadsheet runs it comes off again. */
const char *kh_cell_text(kh_work *w, const char *s, size_t *n)
{
    if (*n >= 2 && *s == '\'' && strchr("=+-@\t\r", s[1])) {
        s++;
        (*n)--;
    }
    bool ascii = true;
    for (size_t i = 0; i < *n && ascii; i++)
        ascii = (unsigned char)s[i] < 0x80;
    if (ascii)
        return s;
    char *nfc = kh_text_nfc(s, *n);
    *n = strlen(nfc);
    const char *kept = kh_arena_strndup(w->row_texts, nfc, *n);
    kh_free(nfc);
    return kept;
}

/* ---- blanks ---- */

/* What a cell without a value means. True: a zero. */
static bool blank_is_zero(kh_work *w, uint32_t column, kh_blank kind)
{
    const kh_form_column *def = w->columns[column].def;
    kh_empty rule = !def ? KH_EMPTY_MISSING : kind == KH_BLANK_EMPTY ? def->blank : kind == KH_BLANK_DASH ? def->dash : def->dots;
    bool required = def && def->required && rule != KH_EMPTY_ZERO;
    if (rule == KH_EMPTY_ERROR || required)
        kh_note_cell(w, KH_ERROR, "CELL-MISSING", column, _("a value"), _("this cell must be filled in"));
    return rule == KH_EMPTY_ZERO;
}

/* ---- what is no number, and why ---- */

static bool is_scientific(const char *s, size_t n)
{
    size_t i = 0, digits = 0;
    for (; i < n && (strchr("0123456789.,", s[i]) && s[i]); i++)
        digits++;
    if (!digits || i == n || (s[i] != 'E' && s[i] != 'e'))
        return false;
    i++;
    i += i < n && (s[i] == '+' || s[i] == '-');
    size_t first = i;
    while (i < n && s[i] >= '0' && s[i] <= '9')
        i++;
    return i == n && i > first;
}

/* １２３, as East Asian keyboards write it. */
static bool has_wide_digit(const char *s, size_t n)
{
    for (size_t i = 0; i + 3 <= n; i++)
        if (memcmp(s + i, "\xEF\xBC", 2) == 0 && (unsigned char)s[i + 2] >= 0x90 && (unsigned char)s[i + 2] <= 0x99)
            return true;
    return false;
}

static bool is_dateish(const char *s, size_t n)
{
    kh_day d;
    kh_date_kind k = kh_phrase_date(s, n, &d);
    return k == KH_DATE_GOOD || k == KH_DATE_ENGLISH || k == KH_DATE_NO_DAY || k == KH_DATE_MONTH_FIRST || k == KH_DATE_SHORT_YEAR;
}

static const char *number_expected(const kh_work *w, uint32_t column)
{
    const kh_style *s = &w->columns[column].style;
    if (s->plain)
        return _("digits without grouping, such as 1234567.89");
    if (s->mark == KH_MARK_COMMA)
        return _("a number such as 1.234.567,89");
    if (s->mark == KH_MARK_POINT)
        return _("a number such as 1,234,567.89");
    return _("a number, with nothing else in the cell");
}

/* "1.540.000 đ", "12,5 triệu": a number with a word behind it; but not "12O". */
static bool has_word_behind(const char *s, size_t n)
{
    size_t i = 0, to;
    kh_num num;
    while (i < n && s[i] && strchr("0123456789.,-() ", s[i]))
        i++;
    for (to = i; to > 0 && s[to - 1] == ' ';)
        to--;
    if (to == 0 || i == n || (to == i && n - i < 2) || s[i] == '%' || s[i] == '/')
        return false;
    for (size_t k = i; k < n; k++)
        if ((unsigned char)s[k] < ' ' || (s[k] >= '0' && s[k] <= '9'))
            return false;
    kh_num_kind k = kh_num_read(s, to, &num);
    return k != KH_NUM_NONE && k != KH_NUM_HUGE;
}

static void note_not_number(kh_work *w, uint32_t column, const char *s, size_t n)
{
    if (*s == '#')
        kh_note_cell(w, KH_ERROR, "NUMBER", column, number_expected(w, column), _("the spreadsheet could not compute or show this cell"));
    else if (*s == '=')
        kh_note_cell(w, KH_ERROR, "NUMBER", column, number_expected(w, column), _("this is a formula and not its result"));
    else if (is_scientific(s, n))
        kh_note_cell(w, KH_ERROR, "NUMBER", column, _("all digits: format the column as a number and save again"), _("the spreadsheet has shortened this number, and digits are lost"));
    else if (*s == '\'')
        kh_note_cell(w, KH_ERROR, "NUMBER", column, _("the number without the apostrophe before it"), _("an apostrophe makes this a text"));
    else if (has_wide_digit(s, n))
        kh_note_cell(w, KH_ERROR, "NUMBER", column, _("ordinary digits: 0 to 9"), _("these are full-width digits"));
    else if (is_dateish(s, n))
        kh_note_cell(w, KH_ERROR, "DATE-MANGLED", column, _("the number itself: format the column as text before it is filled in"), _("this is a date; spreadsheets turn numbers such as 1/5 or 5.1 into dates"));
    else if (has_word_behind(s, n))
        kh_note_cell(w, KH_ERROR, "NUMBER", column, _("the number alone; what it is counted in stands in the form"), _("there is a word behind the number"));
    else
        kh_note_cell(w, KH_ERROR, "NUMBER", column, number_expected(w, column), _("this is not a number"));
}

/* ---- grouping or dividing ---- */

static void note_torn(kh_work *w, uint32_t column, kh_num_kind kind)
{
    const kh_style *s = &w->columns[column].style;
    const char *text = kind == KH_NUM_POINT ? _("a decimal point here, but a decimal comma elsewhere in this column") : _("a decimal comma here, but a decimal point elsewhere in this column");
    if (s->declared)
        kh_note_cell(w, KH_ERROR, "NUMBER", column, number_expected(w, column), _("the number is not written as the form says"));
    else {
        char *expected = s->line ? kh_asprintf(_("one way of writing in the whole column (line %u shows the other)"), s->line) : kh_strdup(_("one way of writing in the whole column"));
        kh_note_cell(w, KH_ERROR, "NUMBER-MIXED", column, expected, "%s", text);
        kh_free(expected);
        w->fatal = true; /* cells that were read by the evidence of the others are in doubt as well */
    }
}

static bool note_ambiguous(kh_work *w, uint32_t column, const kh_num *num, kh_num_kind kind)
{
    char grouped[KH_DEC_TEXT], divided[KH_DEC_TEXT];
    kh_dec_format((kh_dec){num->m, 0}, grouped);
    kh_dec_format((kh_dec){num->m, 3}, divided);
    char *expected = kh_asprintf(_("the form (`style = \"vi\"` or `\"en\"`) must say which, or another number of the column"));
    kh_note_cell(w, KH_ERROR, "NUMBER-AMBIGUOUS", column, expected, _("this may be %s or %s, and nothing in the file tells whether a %s groups or divides"), grouped, divided,
                 kind == KH_NUM_DOT ? _("point") : _("comma"));
    kh_free(expected);
    w->fatal = true;
    return false;
}

/* A mark seen for certain: does it fit what the column does? The first one says it. */
static bool accept_mark(kh_work *w, uint32_t column, kh_num_kind kind)
{
    kh_style *s = &w->columns[column].style;
    kh_mark mark = kind == KH_NUM_POINT ? KH_MARK_POINT : KH_MARK_COMMA;
    if (s->mark == mark)
        return true;
    if (s->mark == KH_MARK_UNKNOWN) {
        s->mark = mark;
        s->line = w->record->line;
        return true;
    }
    note_torn(w, column, kind);
    return false;
}

/* 1.540: by the column, by the file, by the type. `whole`: the value must be whole and has no factor, so 1.540 groups; but 2.000 may be a 2. */
static bool resolve(kh_work *w, uint32_t column, kh_num_kind kind, bool whole, kh_num *num)
{
    kh_style *s = &w->columns[column].style;
    if (s->mark == KH_MARK_UNKNOWN && !s->sought)
        kh_style_seek(w, column);
    bool divides;
    if (s->mark == KH_MARK_POINT || s->mark == KH_MARK_COMMA)
        divides = (s->mark == KH_MARK_POINT) == (kind == KH_NUM_DOT);
    else if (s->mark == KH_MARK_UNKNOWN && whole && num->m % 1000 != 0)
        divides = false;
    else
        return note_ambiguous(w, column, num, kind);
    num->scale = divides ? 3 : 0;
    num->grouped = !divides;
    return true;
}

/* ---- numbers ---- */

static bool within(kh_dec v, int64_t lo, int64_t hi, bool has_lo, bool has_hi)
{
    return (!has_lo || kh_dec_cmp(v, (kh_dec){lo, 0}) >= 0) && (!has_hi || kh_dec_cmp(v, (kh_dec){hi, 0}) <= 0);
}

static void note_range(kh_work *w, uint32_t column, const kh_measure *m)
{
    char *expected;
    if (m->has_min && m->has_max)
        expected = kh_asprintf(_("from %lld to %lld"), (long long)m->min, (long long)m->max);
    else if (m->has_min)
        expected = kh_asprintf(_("at least %lld"), (long long)m->min);
    else
        expected = kh_asprintf(_("at most %lld"), (long long)m->max);
    kh_note_cell(w, KH_ERROR, "NUMBER-RANGE", column, expected, _("the value is outside the bounds of \"%s\""), m->title ? m->title : m->code);
    kh_free(expected);
}

bool kh_cell_check(kh_work *w, uint32_t column, const kh_measure *m, kh_dec *value)
{
    if ((m->type == KH_INTEGER || m->type == KH_MONEY) && value->scale && !kh_dec_rescale(*value, 0, value)) {
        kh_note_cell(w, KH_ERROR, "INTEGER", column, m->type == KH_MONEY ? _("a whole amount in the measure's unit") : _("a whole number"),
                     _("\"%s\" is a whole number, this is not"), m->title ? m->title : m->code);
        return false;
    }
    if ((m->has_min || m->has_max) && !within(*value, m->min, m->max, m->has_min, m->has_max)) {
        note_range(w, column, m);
        return false;
    }
    return true;
}

/* value * 10^factor, exactly. */
static bool shift(kh_dec *v, int32_t factor)
{
    int scale = (int)v->scale - factor;
    if (scale > KH_DEC_SCALE_MAX || scale < -18)
        return v->m == 0;
    if (scale < 0 && __builtin_mul_overflow(v->m, kh_pow10[-scale], &v->m))
        return false;
    v->scale = (uint8_t)(scale < 0 ? 0 : scale);
    return v->m != KH_MISSING;
}

static bool note_huge(kh_work *w, uint32_t column)
{
    kh_note_cell(w, KH_ERROR, "NUMBER-RANGE", column, _("at most 9223372036854775807, and 18 decimals"), _("the number has more digits than can be kept exactly"));
    return false;
}

static bool note_percent(kh_work *w, uint32_t column)
{
    kh_note_cell(w, KH_ERROR, "NUMBER", column, _("a number without a percent sign"), _("the measure is not in percent"));
    return false;
}

static void note_share(kh_work *w, uint32_t column, uint32_t line, const char *s, size_t n, uint32_t percent_line)
{
    kh_note(w, KH_ERROR, "NUMBER-MIXED", line, column + 1, s, n, _("all percentages of the column with their sign, or all without it (85, not 0,85)"),
            _("line %u of this column bears a percent sign, and this number below 1 none: it may be a share of 1"), percent_line);
    w->fatal = true;
}

/* In a column of percent: 85% in one cell and 0,85 in another cannot both be meant as they stand. */
static void see_percent(kh_work *w, uint32_t column, const kh_num *num, const kh_cell *cell)
{
    kh_file_column *c = &w->columns[column];
    int64_t one = kh_pow10[num->scale];
    if (num->percent && !c->percent_line) {
        c->percent_line = w->record->line;
        for (size_t i = 0; i < c->n_small; i++)
            note_share(w, column, c->small[i], NULL, 0, c->percent_line);
    } else if (!num->percent && num->m && num->m < one && num->m > -one) {
        if (c->percent_line)
            note_share(w, column, w->record->line, cell->s, cell->n, c->percent_line);
        else
            KH_PUSH(c->small, c->n_small, c->cap_small) = w->record->line;
    }
}

/* 1540.5 or 1.543, and the point divides. */
static kh_num_kind plain_kind(kh_num_kind kind, kh_num *num)
{
    if (kind == KH_NUM_DOT)
        *num = (kh_num){num->m, 3, num->percent, false};
    return kind == KH_NUM_DOT || kind == KH_NUM_POINT ? KH_NUM_PLAIN : kind;
}

bool kh_cell_number(kh_work *w, uint32_t column, const kh_measure *m, bool integer, kh_dec *out)
{
    const kh_cell *cell = kh_cell_at(w, column);
    const char *s = cell->s;
    size_t n = cell->n;
    const kh_file_column *c = &w->columns[column];
    kh_blank blank = kh_blank_kind(s, n);
    *out = (kh_dec){0, 0};
    if (blank != KH_BLANK_NOT)
        return blank_is_zero(w, column, blank);
    kh_num num;
    int32_t factor = c->def ? c->def->factor10 : 0;
    bool whole = factor <= 0 && (m ? m->type == KH_INTEGER || m->type == KH_MONEY : integer);
    kh_num_kind kind = kh_num_read(s, n, &num);
    if (cell->number) /* a workbook's own: nothing about it can be in doubt */
        kind = plain_kind(kind, &num);
    switch (kind) {
    case KH_NUM_NONE: note_not_number(w, column, s, n); return false;
    case KH_NUM_HUGE: return note_huge(w, column);
    case KH_NUM_POINT:
    case KH_NUM_DECIMAL_COMMA:
        if (!accept_mark(w, column, kind))
            return false;
        break;
    case KH_NUM_DOT:
    case KH_NUM_COMMA:
        if (!resolve(w, column, kind, whole, &num))
            return false;
        break;
    default: break;
    }
    if (c->style.plain && !cell->number && (num.grouped || memchr(s, ',', n))) {
        kh_note_cell(w, KH_ERROR, "NUMBER", column, number_expected(w, column), _("the number is not written as the form says"));
        return false;
    }
    bool percent = m && m->unit && strcmp(m->unit, "%") == 0;
    if (num.percent && !percent && m)
        return note_percent(w, column);
    if (percent)
        see_percent(w, column, &num, cell);
    *out = (kh_dec){num.m, num.scale};
    if (factor && !shift(out, factor))
        return note_huge(w, column);
    if (!m && integer && out->scale && !kh_dec_rescale(*out, 0, out)) {
        kh_note_cell(w, KH_ERROR, "INTEGER", column, _("a whole number"), _("a whole number is asked for, this is not"));
        return false;
    }
    return !m || kh_cell_check(w, column, m, out);
}

/* ---- words ---- */

static kh_map *choice_keys(const kh_measure *m)
{
    kh_map *keys = kh_map_new();
    for (size_t pass = 0; pass < 2; pass++) /* codes win over titles */
        for (size_t i = 0; i < m->n_choices; i++) {
            const char *word = pass == 0 ? (m->choice_titles ? m->choice_titles[i] : NULL) : m->choices[i];
            char *key = word ? kh_text_key(word, strlen(word)) : NULL;
            if (key)
                kh_map_set(keys, key, strlen(key), (uint32_t)i);
            kh_free(key);
        }
    return keys;
}

static void note_choice(kh_work *w, uint32_t column, const kh_measure *m)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, _("one of: "));
    for (size_t i = 0; i < m->n_choices && b.len < 600; i++) {
        const char *title = m->choice_titles ? m->choice_titles[i] : NULL;
        kh_buf_printf(&b, "%s%s", i ? ", " : "", m->choices[i]);
        if (title && strcmp(title, m->choices[i]) != 0)
            kh_buf_printf(&b, " (%s)", title);
    }
    kh_note_cell(w, KH_ERROR, "CHOICE", column, kh_buf_cstr(&b), _("this is none of the choices"));
    kh_buf_free(&b);
}

static size_t points_in(const char *s, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        k += ((unsigned char)s[i] & 0xC0) != 0x80;
    return k;
}

static uint32_t choice_of(kh_work *w, uint32_t measure, const char *s, size_t n)
{
    if (!w->choices[measure])
        w->choices[measure] = choice_keys(&w->c->measures[measure]);
    char *key = kh_text_key(s, n);
    uint32_t i = kh_map_get(w->choices[measure], key, strlen(key));
    kh_free(key);
    return i;
}

bool kh_words_check(kh_work *w, uint32_t column, uint32_t measure, const char **text, size_t *n)
{
    const kh_measure *m = &w->c->measures[measure];
    if (m->type == KH_CHOICE) {
        uint32_t i = choice_of(w, measure, *text, *n);
        if (i == KH_NONE) {
            note_choice(w, column, m);
            return false;
        }
        *text = m->choices[i];
        *n = strlen(m->choices[i]);
        return true;
    }
    size_t most = m->max_length ? m->max_length : 4000, points = points_in(*text, *n);
    if (points > most) {
        char *expected = kh_asprintf(_("at most %zu characters"), most);
        kh_note_cell(w, KH_ERROR, "TEXT-LONG", column, expected, _("the text has %zu characters"), points);
        kh_free(expected);
        return false;
    }
    return true;
}

bool kh_cell_words(kh_work *w, uint32_t column, uint32_t measure, const char **text, size_t *n)
{
    const kh_cell *cell = kh_cell_at(w, column);
    kh_type type = w->c->measures[measure].type;
    *text = cell->s;
    *n = cell->n;
    kh_blank blank = kh_blank_kind(*text, *n);
    if (blank == KH_BLANK_EMPTY || (blank != KH_BLANK_NOT && type == KH_CHOICE)) {
        blank_is_zero(w, column, blank);
        return false;
    }
    if (type == KH_TEXT)
        *text = kh_cell_text(w, *text, n);
    return kh_words_check(w, column, measure, text, n);
}

static bool yes_or_no(kh_work *w, uint32_t column, kh_dec *out)
{
    static const char *const yes[] = {"có", "x", "1", "đúng", "yes", "true", "đạt", "rồi"};
    static const char *const no[] = {"không", "0", "sai", "no", "false", "chưa", "không đạt", "ko"};
    const kh_cell *cell = kh_cell_at(w, column);
    kh_blank blank = kh_blank_kind(cell->s, cell->n);
    *out = (kh_dec){0, 0};
    if (blank != KH_BLANK_NOT)
        return blank_is_zero(w, column, blank);
    char *key = kh_text_key(cell->s, cell->n);
    int found = -1;
    for (int i = 0; i < 8; i++)
        found = strcmp(key, yes[i]) == 0 ? 1 : strcmp(key, no[i]) == 0 ? 0 : found;
    kh_free(key);
    if (found < 0)
        kh_note_cell(w, KH_ERROR, "YESNO", column, _("có or không (yes or no, 1 or 0, x)"), _("this says neither yes nor no"));
    out->m = found;
    return found >= 0;
}

void kh_cell_measure(kh_work *w, uint32_t column, uint32_t measure, uint32_t target)
{
    const kh_measure *m = &w->c->measures[measure];
    kh_file_column *c = &w->columns[column];
    kh_dec value = {KH_MISSING, 0};
    const char *text = NULL;
    size_t n = 0;
    if (m->type == KH_TEXT || m->type == KH_CHOICE) {
        if (kh_cell_words(w, column, measure, &text, &n))
            kh_put_value(w, target, column, KH_NO_UNIT, KH_NO_PERIOD, value, text, n);
        return;
    }
    if (m->type == KH_YESNO ? !yes_or_no(w, column, &value) : !kh_cell_number(w, column, m, false, &value))
        return;
    c->value = value;
    c->has_value = true;
    kh_put_value(w, target, column, KH_NO_UNIT, KH_NO_PERIOD, value, NULL, 0);
}

/* ---- days ---- */

kh_day kh_cell_date(kh_work *w, uint32_t column)
{
    const kh_cell *cell = kh_cell_at(w, column);
    kh_day day;
    if (kh_blank_kind(cell->s, cell->n) != KH_BLANK_NOT)
        return KH_DAY_MIN;
    switch (kh_phrase_date(cell->s, cell->n, &day)) {
    case KH_DATE_GOOD: return day;
    case KH_DATE_NO_DAY: kh_note_cell(w, KH_ERROR, "DATE", column, _("a day that exists, as dd/mm/yyyy"), _("there is no such day")); break;
    case KH_DATE_MONTH_FIRST: kh_note_cell(w, KH_ERROR, "DATE-MANGLED", column, _("the day first: dd/mm/yyyy"), _("the month stands before the day")); break;
    case KH_DATE_SHORT_YEAR: kh_note_cell(w, KH_ERROR, "DATE-MANGLED", column, _("the year with four digits: dd/mm/yyyy"), _("the year has two digits only")); break;
    case KH_DATE_SERIAL: kh_note_cell(w, KH_ERROR, "DATE-MANGLED", column, _("a day as dd/mm/yyyy: format the column as a date and save again"), _("this is a spreadsheet's number of a day, not the day")); break;
    case KH_DATE_ENGLISH: kh_note_cell(w, KH_ERROR, "DATE-MANGLED", column, _("a day as dd/mm/yyyy"), _("the spreadsheet has rewritten this day")); break;
    default: kh_note_cell(w, KH_ERROR, "DATE", column, _("a day as dd/mm/yyyy"), _("this is not a day"));
    }
    return KH_DAY_MIN;
}
