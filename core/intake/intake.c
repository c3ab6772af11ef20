/* SPDX-License-Identifier: MIT */
/*
 * One file from its bytes to a return and its findings: the order of the steps,
 * and who owns what between them. A fault of the file as a whole (no header, a
 * column missing, an encoding that nobody can tell) ends the reading early or
 * refuses the file even where good rows are wanted; every other fault is one of
 * its row.
 *
 * Memory: the return (9 bytes a value, 13 where values have lines of their own),
 * a block, the longest record, and what the findings say.
 */
#include "intake/work.h"

#include "base/text.h"

#include <string.h>

/* ---- text ---- */

static void search_nul(kh_work *w, const kh_buf *out, size_t from)
{
    if (!w->nul_seen && out->len > from)
        w->nul_seen = memchr(out->data + from, 0, out->len - from) != NULL;
}

int kh_work_pull(void *ctx, kh_buf *out, kh_error *err)
{
    kh_work *w = ctx;
    size_t from = out->len;
    if (!w->head_given) {
        w->head_given = true;
        kh_buf_add(out, w->head_text.data, w->head_text.len);
        search_nul(w, out, from);
        kh_buf_free(&w->head_text);
        return 1;
    }
    int rc = kh_decode_pull(&w->decode, out, err);
    search_nul(w, out, from);
    return rc;
}

static void add_words(kh_map *m, const char *text)
{
    char *key = text ? kh_text_key(text, strlen(text)) : NULL;
    for (char *p = key; p && *p;) {
        size_t n = strcspn(p, " /(),:;");
        if (n)
            kh_map_set(m, p, n, 1);
        p += n + (p[n] != '\0');
    }
    kh_free(key);
}

/* The words that the workspace's files are likely to hold. */
kh_map *kh_work_words(void *ctx)
{
    const kh_work *w = ctx;
    kh_map *m = kh_map_new();
    for (size_t i = 0; i < w->c->n_forms; i++) {
        const kh_form *f = &w->c->forms[i];
        add_words(m, f->title);
        for (size_t k = 0; k < f->n_columns; k++)
            add_words(m, f->columns[k].heading);
    }
    for (size_t u = 0; u < kh_units_count(w->c->units); u++)
        add_words(m, kh_units_def(w->c->units, (kh_unit)u)->name);
    return m;
}

static int read_head_text(kh_work *w, kh_error *err)
{
    int rc = 1;
    while (rc > 0 && w->head_text.len < KH_HEAD_BYTES)
        rc = kh_decode_pull(&w->decode, &w->head_text, err);
    kh_buf_cstr(&w->head_text);
    return rc < 0 ? rc : KH_OK;
}

/* ---- form, delimiter, header ---- */

static const char delimiters[] = {',', ';', '\t'};

/* Does the head, cut by this delimiter, look better than the best so far? */
static bool take_better(kh_head *best, kh_layout *layout, kh_head *h, kh_layout *l, const kh_form *f)
{
    size_t cells = 0, best_cells = 0;
    bool better = l->rows && (!layout->rows || l->matched > layout->matched);
    for (size_t i = 0; i < h->n; i++)
        cells += h->rows[i].filled;
    for (size_t i = 0; i < best->n; i++)
        best_cells += best->rows[i].filled;
    if (!f->n_columns || (!l->rows && !layout->rows))
        better = cells > best_cells;
    if (best->arena && !better) {
        kh_head_free(h);
        return false;
    }
    kh_head_free(best);
    *best = *h;
    *layout = *l;
    return true;
}

const kh_map *kh_work_titles(kh_work *w, const kh_form *f)
{
    kh_intake_kept *k = w->kept;
    if (k->titled != f) {
        kh_map_free(k->titles);
        k->titles = kh_form_titles(f);
        k->titled = f;
    }
    return k->titles;
}

static char declared_delimiter(const kh_work *w, const kh_form *f)
{
    size_t skip;
    return w->sheet ? KH_SHEET_DELIMITER : f->delimiter ? f->delimiter : kh_head_declared_delimiter(&w->head_text, &skip);
}

/* Over the declared delimiter, or all that may be. *sure: nothing further down could be a better header. */
static int try_delimiters(kh_work *w, const kh_form *f, size_t most, kh_head *head, kh_layout *layout, bool *sure, kh_error *err)
{
    size_t wanted = 0;
    char declared = declared_delimiter(w, f);
    *head = (kh_head){.arena = NULL};
    *layout = (kh_layout){.rows = 0};
    for (size_t i = 0; i < f->n_columns; i++)
        wanted += !f->columns[i].optional;
    for (size_t i = 0; i < (declared ? 1 : sizeof delimiters); i++) {
        kh_head h;
        kh_layout l;
        int rc = kh_head_read(&h, &w->head_text, w->decode.ended, declared ? declared : delimiters[i], most, err);
        if (rc != KH_OK) {
            kh_head_free(&h);
            return rc;
        }
        kh_layout_find(&h, f, kh_work_titles(w, f), w->c->units, &l);
        if (take_better(head, layout, &h, &l, f) && f->n_columns > 1 && layout->rows && layout->wanted == wanted) {
            *sure = layout->complete && layout->from + layout->rows + 4 < head->n;
            break;
        }
    }
    return KH_OK;
}

/* The one that is tried first. Only a header cut by it is kept: then none that comes before it would do better. */
static char first_delimiter(const kh_work *w, const kh_form *f)
{
    char declared = declared_delimiter(w, f);
    return declared ? declared : delimiters[0];
}

/* The head and layout for one form. Most files have their header at the top; only for others much is read. */
static int find_layout(kh_work *w, const kh_form *f, kh_head *head, kh_layout *layout, kh_error *err)
{
    bool sure = false;
    if (kh_same_head(&w->kept->head, f, &w->head_text, w->decode.ended, first_delimiter(w, f), w->c->units, head, layout))
        return KH_OK;
    int rc = try_delimiters(w, f, KH_HEAD_FEW, head, layout, &sure, err);
    if (rc != KH_OK || sure)
        return rc;
    kh_head_free(head);
    return try_delimiters(w, f, KH_HEAD_RECORDS, head, layout, &sure, err);
}

static void take_layout(kh_work *w, uint32_t form, kh_head head, kh_layout layout)
{
    kh_head_free(&w->head);
    w->head = head;
    w->layout = layout;
    w->form = &w->c->forms[form];
    w->in->form = form;
    w->in->delimiter = head.delimiter;
    if (layout.complete && head.delimiter == first_delimiter(w, w->form))
        kh_kept_head_set(&w->kept->head, w->form, &w->head_text, &w->head, &w->layout);
}

static int use_form(kh_work *w, uint32_t form, kh_error *err)
{
    kh_head head;
    kh_layout layout;
    int rc = find_layout(w, &w->c->forms[form], &head, &layout, err);
    if (rc == KH_OK)
        take_layout(w, form, head, layout);
    return rc;
}

static void note_form_unknown(kh_work *w)
{
    kh_buf b = KH_BUF_INIT;
    kh_buf_str(&b, _("--form with one of: "));
    for (size_t i = 0; i < w->c->n_forms && b.len < 400; i++)
        kh_buf_printf(&b, "%s%s", i ? ", " : "", w->c->forms[i].code);
    kh_note(w, KH_ERROR, "FORM-UNKNOWN", 0, 0, NULL, 0, kh_buf_cstr(&b), _("neither the file's name nor its titles tell which form this is"));
    kh_buf_free(&b);
    w->fatal = true;
}

/* A form fits a file if most of what it wants is there and most of what is there is its own: "Đơn vị" alone fits every form. */
static bool fits(const kh_layout *l, size_t wanted)
{
    size_t titled = 0;
    for (size_t j = 0; l->rows && j < l->n; j++)
        titled += *l->headings[j].key != '\0';
    return l->rows && l->wanted * 4 >= wanted * 3 && l->matched * 2 > titled && l->matched > 1;
}

/* By its titles: the form that fits with the most of them, if it is one alone. */
static int find_form_by_titles(kh_work *w, kh_error *err)
{
    uint32_t best = UINT32_MAX;
    size_t best_matched = 0;
    bool tie = false;
    for (uint32_t i = 0; i < w->c->n_forms; i++) {
        const kh_form *f = &w->c->forms[i];
        kh_head head;
        kh_layout layout;
        size_t wanted = 0;
        for (size_t k = 0; k < f->n_columns; k++)
            wanted += !f->columns[k].optional;
        if (!f->n_columns)
            continue;
        int rc = find_layout(w, f, &head, &layout, err);
        if (rc != KH_OK)
            return rc;
        bool fit = fits(&layout, wanted);
        tie = fit && layout.matched == best_matched ? true : fit && layout.matched > best_matched ? false : tie;
        if (fit && layout.matched > best_matched) {
            best = i;
            best_matched = layout.matched;
        }
        kh_head_free(&head);
    }
    if (best != UINT32_MAX && !tie)
        return use_form(w, best, err);
    note_form_unknown(w);
    return KH_OK;
}

static int find_form(kh_work *w, kh_error *err)
{
    uint32_t form;
    if (w->o->form) {
        int rc = kh_catalog_need(w->c, KH_DEF_FORM, w->o->form, &form, err);
        return rc == KH_OK ? use_form(w, form, err) : rc;
    }
    if (kh_origin_form_by_name(w->c, w->in->file, &form))
        return use_form(w, form, err);
    return find_form_by_titles(w, err);
}

/* What the file was read as. A workbook's texts are Unicode, but its fonts may still be those of before. */
static const char *encoding_name(const kh_work *w)
{
    if (!w->sheet)
        return kh_decode_name(&w->decode);
    return !w->decode.fonts ? "XLSX" : w->decode.font_charset == KH_CS_TCVN3 ? "XLSX+TCVN3" : "XLSX+VNI-Win";
}

static void note_header_missing(kh_work *w)
{
    kh_buf b = KH_BUF_INIT;
    for (size_t i = 0; i < w->form->n_columns && b.len < 600; i++)
        if (!w->form->columns[i].optional)
            kh_buf_printf(&b, "%s\"%s\"", b.len ? ", " : "", w->form->columns[i].heading);
    const kh_layout *l = &w->layout;
    if (l->matched)
        kh_note(w, KH_ERROR, "HEADER-MISSING", w->head.rows[l->from].line, 0, NULL, 0, b.len ? b.data : NULL, _("no row has the titles of form %s; this one is the nearest, with %zu of them"), w->form->code, l->matched);
    else
        kh_note(w, KH_ERROR, "HEADER-MISSING", 0, 0, NULL, 0, b.len ? b.data : NULL, _("no row has the titles of form %s (the file was read as %s)"), w->form->code, encoding_name(w));
    kh_buf_free(&b);
    w->fatal = true;
}

static uint32_t line_of(const kh_work *w, uint64_t out)
{
    uint32_t line = 1;
    const char *s = w->head_text.data;
    for (size_t i = 0; i < w->head_text.len && i < out; i++)
        line += s[i] == '\n' || (s[i] == '\r' && !(i + 1 < w->head_text.len && s[i + 1] == '\n'));
    return line;
}

static bool is_blank_text(const kh_buf *b)
{
    const char *s = b->data;
    size_t n = b->len;
    if (n)
        kh_trim(&s, &n);
    return n == 0;
}

/* The encoding that was named hides the titles: does the file show them when its encoding is recognised? */
static bool note_other_encoding(kh_work *w)
{
    kh_error none = KH_ERROR_INIT;
    kh_work other = *w;
    kh_head head = {.arena = NULL};
    kh_layout layout = {.rows = 0};
    if (!w->decode.declared)
        return false;
    other.source = kh_source_again(w->source);
    other.head_text = (kh_buf)KH_BUF_INIT;
    kh_decode_init(&other.decode, other.source, kh_work_words, w);
    bool found = read_head_text(&other, &none) == KH_OK && !other.decode.undecided && find_layout(&other, w->form, &head, &layout, &none) == KH_OK && layout.rows;
    if (found) {
        kh_note(w, KH_ERROR, "ENCODING", head.rows[layout.from].line, 0, NULL, 0, kh_decode_name(&other.decode), _("the file is not %s, as was named: read as %s it has the form's titles"),
                kh_decode_name(&w->decode), kh_decode_name(&other.decode));
        w->fatal = true;
    }
    kh_head_free(&head);
    kh_buf_free(&other.head_text);
    kh_decode_free(&other.decode);
    kh_source_free(other.source);
    kh_error_clear(&none);
    return found;
}

static void note_empty(kh_work *w)
{
    kh_note(w, KH_ERROR, "NO-DATA", 0, 0, NULL, 0, NULL, _("the file is empty"));
    w->fatal = true;
}

/* What of the file's beginning is no text, where no header could be found to read on from. */
static void note_head_faults(kh_work *w)
{
    const kh_faults *f = &w->decode.faults;
    for (size_t i = 0; i < f->n && i < 10; i++)
        kh_note(w, KH_ERROR, "ENCODING", line_of(w, f->items[i].out), 0, NULL, 0, _("the file's own encoding: name it with --encoding, or save the file as UTF-8"),
                _("byte 0x%02X at offset %llu of the file is no text in %s"), f->items[i].unit, (unsigned long long)f->items[i].in, kh_decode_name(&w->decode));
}

static void place_header(kh_work *w)
{
    const kh_layout *l = &w->layout;
    w->in->header_line = w->head.rows[l->from].line;
    w->in->data_line = l->data < w->head.n ? w->head.rows[l->data].line : w->head.rows[w->head.n - 1].line + 1;
}

/* ---- before and after the rows ---- */

static void prepare(kh_work *w)
{
    const kh_form *f = w->form;
    w->words = kh_map_new();
    for (size_t i = 0; i < f->n_groups + f->n_totals; i++) {
        const char *text = i < f->n_groups ? f->groups[i] : f->totals[i - f->n_groups];
        char *key = kh_text_key(text, strlen(text));
        kh_map_set(w->words, key, strlen(key), i < f->n_groups ? KH_ROW_GROUP : KH_ROW_TOTAL);
        kh_free(key);
    }
    w->notes = kh_zalloc(f->n_notes + 1, sizeof *w->notes);
    for (size_t i = 0; i < f->n_notes; i++)
        w->notes[i] = kh_text_key(f->notes[i], strlen(f->notes[i]));
    w->measure_codes = kh_map_new();
    for (size_t pass = 0; pass < 2 && w->name_column != UINT32_MAX; pass++) /* a code wins over another measure's title */
        for (size_t i = 0; i < f->n_measures; i++) {
            const kh_measure *m = &w->c->measures[f->measures[i]];
            const char *text = pass ? m->code : m->title;
            char *key = text ? kh_text_key(text, strlen(text)) : NULL;
            if (key)
                kh_map_set(w->measure_codes, key, strlen(key), f->measures[i]);
            if (pass && text)
                kh_map_set(w->measure_codes, m->code, strlen(m->code), f->measures[i]);
            kh_free(key);
        }
    w->option_codes = kh_map_new();
    w->tuples = kh_map_new();
    w->choices = kh_zalloc(w->c->n_measures + 1, sizeof *w->choices);
    w->carried = kh_zalloc(w->c->n_measures + 1, sizeof *w->carried);
    for (size_t i = 0; i < w->form->n_measures; i++)
        w->carried[w->form->measures[i]] = true;
    if (!w->form->n_measures) /* a form without a list may carry any */
        memset(w->carried, 1, w->c->n_measures);
    w->script_unit = KH_NO_UNIT;
    w->targets = kh_alloc((w->c->n_measures + 1) * sizeof *w->targets);
    memset(w->targets, 0xFF, (w->c->n_measures + 1) * sizeof *w->targets);
    w->parts = kh_zalloc(w->n_option_columns + 1, sizeof *w->parts);
    w->row_texts = kh_arena_new();
    w->rows = kh_reader_new(kh_work_pull, w, w->in->delimiter);
    kh_return *r = w->in->ret = kh_return_new(kh_units_count(w->c->units));
    r->form = w->in->form;
}

static void describe_return(kh_work *w)
{
    kh_return *r = w->in->ret;
    char first[KH_PERIOD_TEXT], last[KH_PERIOD_TEXT];
    r->sender = w->in->sender;
    r->period = w->in->period = w->period ? w->period : w->several ? KH_NO_PERIOD : w->first_period;
    kh_period_format(r->period ? r->period : w->first_period, first);
    kh_period_format(w->last_period, last);
    kh_buf span = KH_BUF_INIT;
    kh_buf_str(&span, first);
    if (!r->period && w->several)
        kh_buf_printf(&span, "..%s", last);
    memcpy(r->span, kh_buf_cstr(&span), span.len < sizeof r->span ? span.len + 1 : sizeof r->span - 1);
    kh_buf_free(&span);
    r->file = kh_strdup(w->in->file);
    r->received = w->o->received ? kh_strdup(w->o->received) : NULL;
    r->by = w->o->by ? kh_strdup(w->o->by) : NULL;
}

static int read_all(kh_work *w, kh_error *err)
{
    prepare(w);
    int rc = kh_read_rows(w, err);
    if (rc != KH_OK)
        return rc;
    if (w->in->rows_read == 0 && !w->fatal && !w->decode.undecided) {
        kh_note(w, KH_ERROR, "NO-DATA", w->in->header_line, 0, NULL, 0, NULL, _("the file has no row of data"));
        w->fatal = true;
    }
    if (w->in->rows_good && !w->errors && !w->in->ret->n_values) {
        kh_note(w, KH_ERROR, "NO-DATA", w->in->header_line, 0, NULL, 0, _("the figures filled in; 0 where there is nothing to report"), _("no row holds a value"));
        w->fatal = true;
    }
    if (w->in->sender == KH_NO_UNIT && !w->fatal && w->in->rows_good)
        kh_origin_from_rows(w);
    describe_return(w);
    kh_return_seal(w->in->ret);
    kh_check_own_total(w);
    return KH_OK;
}

/* ---- the encoding ---- */

static int begin_decoding(kh_work *w, kh_error *err)
{
    const char *encoding = w->o->encoding;
    uint32_t form = UINT32_MAX;
    kh_decode_init(&w->decode, w->source, kh_work_words, w);
    if (w->sheet)
        return KH_OK; /* its text is Unicode; only its letters may be codes of old fonts */
    /* The form may name the encoding, if the form is known before the file is read. */
    if (!encoding && w->o->form)
        form = kh_catalog_find(w->c, KH_DEF_FORM, w->o->form);
    else if (!encoding)
        kh_origin_form_by_name(w->c, w->in->file, &form);
    if (form != UINT32_MAX)
        encoding = w->c->forms[form].encoding;
    return encoding ? kh_decode_as(&w->decode, encoding, err) : KH_OK;
}

/* The text ends where nothing explains the bytes: the last fault says where. */
static void note_undecided(kh_work *w, uint32_t line)
{
    const kh_fault *f = &w->decode.faults.items[w->decode.faults.n - 1];
    kh_note(w, KH_ERROR, "ENCODING", line, 0, NULL, 0, _("the file's encoding: name it with --encoding, or save the file as UTF-8"),
            _("the encoding cannot be told: from byte 0x%02X at offset %llu on, the file is no UTF-8, and no Vietnamese in any known encoding"), f->unit, (unsigned long long)f->in);
    w->fatal = true;
}

static void note_contradiction(kh_work *w)
{
    kh_note(w, KH_ERROR, "ENCODING", 1, 0, NULL, 0, kh_decode_name(&w->decode), _("the file begins with the mark of %s, but another encoding was named"), kh_decode_name(&w->decode));
    w->fatal = true;
}

/* ---- all of it ---- */

static int read_file(kh_work *w, kh_error *err)
{
    int rc = kh_workbook_open(w, err);
    if (rc != KH_OK || w->fatal)
        return rc;
    rc = begin_decoding(w, err);
    if (rc != KH_OK || (rc = read_head_text(w, err)) != KH_OK)
        return rc;
    if (w->decode.contradicted)
        note_contradiction(w);
    if (w->decode.undecided) {
        note_undecided(w, line_of(w, w->decode.faults.items[w->decode.faults.n - 1].out));
        return KH_OK;
    }
    if (is_blank_text(&w->head_text) && w->decode.ended) {
        note_empty(w);
        return KH_OK;
    }
    if ((rc = find_form(w, err)) != KH_OK || !w->form)
        return rc;
    if (!w->layout.rows) {
        if (!note_other_encoding(w)) {
            note_head_faults(w);
            note_header_missing(w);
        }
        return KH_OK;
    }
    place_header(w);
    kh_map_columns(w);
    if ((rc = kh_origin_find(w, err)) != KH_OK)
        return rc;
    rc = read_all(w, err);
    if (rc == KH_OK && w->decode.undecided)
        note_undecided(w, kh_reader_line(w->rows));
    return rc;
}

static void finish(kh_work *w)
{
    kh_intake *in = w->in;
    in->encoding = w->decode.undecided ? NULL : encoding_name(w);
    in->certainty = w->decode.undecided ? 0 : w->decode.certainty;
    if (w->unlisted) {
        const kh_finding *all;
        size_t listed = kh_findings_all(in->findings, &all);
        kh_finding more = {.file = in->file, .severity = KH_ERROR, .code = "MORE"};
        char *text = kh_asprintf(_("%zu findings are listed, %llu more are not"), listed, (unsigned long long)w->unlisted);
        more.text = text;
        kh_findings_add(in->findings, &more);
        kh_free(text);
    }
    bool partial = (w->o->partial || (w->form && w->form->partial)) && !w->fatal && in->rows_good > 0;
    in->refused = w->fatal || (w->errors > 0 && !partial);
    if (in->ret)
        memcpy(in->ret->sha256, in->sha256, sizeof in->sha256);
    kh_findings_sort(in->findings);
}

static void work_free(kh_work *w)
{
    for (size_t i = 0; w->notes && i < w->form->n_notes; i++)
        kh_free(w->notes[i]);
    kh_free(w->notes);
    for (size_t i = 0; w->choices && i < w->c->n_measures; i++)
        kh_map_free(w->choices[i]);
    kh_free(w->choices);
    kh_map_free(w->words);
    kh_map_free(w->measure_codes);
    kh_map_free(w->option_codes);
    kh_map_free(w->tuples);
    kh_free(w->tuple_targets);
    kh_free(w->targets);
    kh_free(w->carried);
    kh_free(w->parts);
    kh_free(w->puts);
    kh_check_free(w);
    kh_unmap_columns(w);
    if (w->row_texts)
        kh_arena_free(w->row_texts);
    kh_reader_free(w->rows);
    kh_head_free(&w->head);
    kh_buf_free(&w->head_text);
    kh_decode_free(&w->decode);
}

static int run(kh_catalog *c, const char *name, kh_source *s, const kh_intake_options *o, kh_intake **out, kh_error *err)
{
    kh_intake *in = kh_zalloc(1, sizeof *in);
    kh_intake_kept *kept = o->kept ? o->kept : kh_intake_kept_new();
    kh_work w = {.c = c, .o = o, .in = in, .source = s, .kept = kept, .unit_column = UINT32_MAX, .code_column = UINT32_MAX,
                 .period_column = UINT32_MAX, .name_column = UINT32_MAX, .value_column = UINT32_MAX};
    in->file = kh_strdup(name);
    in->form = UINT32_MAX;
    in->sender = KH_NO_UNIT;
    in->findings = kh_findings_new();
    kh_kept_begin(kept, c);
    int rc = read_file(&w, err);
    if (rc == KH_OK)
        rc = kh_source_finish(s, in->sha256, &in->bytes, err);
    if (rc == KH_OK) {
        finish(&w);
        in->refusals = kh_refusals_new(&w);
    }
    if (w.source != s)
        kh_source_free(w.source);
    kh_buf_free(&w.sheet_text);
    work_free(&w);
    kh_kept_end(kept);
    if (!o->kept)
        kh_intake_kept_free(kept);
    if (rc != KH_OK) {
        kh_intake_free(in);
        in = NULL;
    }
    *out = in;
    return rc;
}

int kh_intake_file(kh_catalog *c, const char *path, const kh_intake_options *o, kh_intake **out, kh_error *err)
{
    kh_source *s;
    *out = NULL;
    int rc = kh_source_open(&s, path, err);
    if (rc != KH_OK)
        return rc;
    rc = run(c, path, s, o, out, err);
    kh_source_free(s);
    return rc;
}

int kh_intake_bytes(kh_catalog *c, const char *name, const void *bytes, size_t n, const kh_intake_options *o, kh_intake **out, kh_error *err)
{
    kh_source *s = kh_source_bytes(bytes, n);
    int rc = run(c, name, s, o, out, err);
    kh_source_free(s);
    return rc;
}

char *kh_intake_encoding(const kh_intake *in)
{
    return in->certainty == 100 ? kh_strdup(in->encoding) : kh_asprintf("%s %d %%", in->encoding, in->certainty);
}

void kh_intake_free(kh_intake *in)
{
    if (!in)
        return;
    kh_refusals_free(in->refusals);
    kh_return_free(in->ret);
    kh_findings_free(in->findings);
    kh_free(in->file);
    kh_free(in->sheet);
    kh_free(in);
}
