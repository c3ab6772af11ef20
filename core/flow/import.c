/* SPDX-License-Identifier: MIT */
/*
 * import: one file, one transaction. Intake reads and judges the file; the
 * rules judge its values beside what is stored; only then is anything written.
 * With `check` nothing is written, and the store need not even be there: a
 * department may judge its own file before sending it.
 */
#include "flow/flow.h"

#include "base/log.h"
#include "base/msg.h"
#include "flow/import_refused.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void kh_import_result_clear(kh_import_result *r)
{
    kh_intake_free(r->in);
    kh_free(r->refused_csv);
    kh_free(r->refused_xlsx);
    memset(r, 0, sizeof *r);
}

/* --- what the options name --------------------------------------------------- */

static int read_options(kh_workspace *ws, const kh_import_options *o, kh_intake_options *io, kh_error *err)
{
    memset(io, 0, sizeof *io);
    io->form = o->form;
    io->encoding = o->encoding;
    io->sheet = o->sheet;
    io->partial = o->partial;
    io->sender = KH_NO_UNIT;
    io->row = ws->row;
    io->kept = ws->kept = ws->kept ? ws->kept : kh_intake_kept_new();
    io->by = ws->by;
    io->received = ws->now;
    uint32_t form = UINT32_MAX;
    if (o->form) {
        int rc = kh_catalog_need(ws->catalog, KH_DEF_FORM, o->form, &form, err);
        if (rc != KH_OK)
            return rc;
    }
    if (o->period && !(io->period = kh_period_parse(o->period, strlen(o->period))))
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", o->period);
    if (o->unit) {
        kh_day at = io->period ? kh_period_last(io->period) : ws->today;
        return kh_catalog_need_sender(ws->catalog, form, o->unit, at, &io->sender, err);
    }
    return KH_OK;
}

const char *kh_import_outcome_name(kh_import_outcome o)
{
    static const char *const names[] = {"failed", "stored", "same", "refused", "checked"};
    return names[o];
}

/* --- the submission that it would follow ----------------------------------------- */

typedef struct current { int64_t id; int version; bool same; const char *sha256; } current;

static int note_current(void *ctx, const kh_submission *sub)
{
    current *cur = ctx;
    cur->id = sub->id;
    cur->version = sub->version;
    cur->same = sub->sha256 && strcmp(sub->sha256, cur->sha256) == 0; /* NULL: a damaged store */
    return 0;
}

static int find_current(kh_workspace *ws, const kh_intake *in, current *cur, kh_error *err)
{
    const kh_return *r = in->ret;
    kh_submission_filter f = {.form = ws->catalog->forms[r->form].code, .sender = r->sender, .span = r->span, .status = "current"};
    *cur = (current){.sha256 = in->sha256};
    return kh_store_submissions(ws->store, ws->catalog, &f, note_current, cur, err);
}

/* --- rules over the new values as if they were stored ---------------------------- */

/* Children come before parents in the pool: one pass down from the root sees a shared subtree once. */
static bool touches(const kh_catalog *c, kh_expr e, const kh_form *form)
{
    bool *reached = kh_zalloc((size_t)e + 1, sizeof *reached);
    bool found = false;
    reached[e] = true;
    for (kh_expr i = e + 1; i-- > 0 && !found;) {
        if (!reached[i])
            continue;
        const kh_expr_node *n = kh_expr_get(c->exprs, i);
        kh_expr kids[] = {n->a, n->b, n->c};
        for (size_t k = 0; k < 3; k++)
            if (kids[k] != KH_NO_EXPR)
                reached[kids[k]] = true;
        for (size_t k = 0; n->op == KH_X_MEASURE && k < form->n_measures; k++)
            found |= form->measures[k] == n->ref;
    }
    kh_free(reached);
    return found;
}

static int judge(kh_workspace *ws, const kh_intake *in, int64_t without, kh_error *err)
{
    kh_catalog *c = ws->catalog;
    const kh_form *form = &c->forms[in->ret->form];
    uint32_t *only = kh_alloc((c->n_rules + 1) * sizeof *only);
    kh_period *periods = kh_alloc((in->ret->n_rows + 1) * sizeof *periods);
    size_t n = 0;
    for (size_t i = 0; i < c->n_rules; i++)
        if (touches(c, c->rules[i].check, form))
            only[n++] = (uint32_t)i;
    for (size_t i = 0; i < in->ret->n_rows; i++)
        periods[i] = in->ret->rows[i].period;
    int rc = KH_OK;
    if (n) {
        kh_calc *k = NULL;
        kh_calc_options o = {.overlay = in->ret, .without = without, .today = ws->today, .stop = ws->stop};
        if ((rc = kh_calc_open(&k, c, ws->store, &o, err)) == KH_OK)
            rc = kh_calc_rules(k, only, n, periods, in->ret->n_rows, in->findings, err);
        kh_calc_close(k);
    }
    kh_free(only);
    kh_free(periods);
    return rc;
}

static bool bad(const kh_intake *in) { return in->refused || !in->ret || kh_findings_count(in->findings, KH_ERROR) > 0; }

/* A rule that a row breaks cannot be mended by leaving the row out: what is left would be another return. */
static int refuse(kh_workspace *ws, kh_import_result *out, const char *path, bool keep, kh_error *err)
{
    out->outcome = KH_IMPORT_REFUSED;
    out->in->refused = true;
    kh_findings_sort(out->in->findings);
    int rc = keep ? kh_import_write_refused(ws, out->in, &out->refused_csv, &out->refused_xlsx, err) : KH_OK;
    if (rc != KH_OK)
        return rc;
    size_t errors = kh_findings_count(out->in->findings, KH_ERROR);
    if (!out->in->encoding)
        return kh_fail(err, KH_EFAULTS, "%s: refused, its letters cannot be read; nothing of it was stored", path);
    if (strcmp(out->in->encoding, "UTF-8") == 0 && out->in->certainty == 100)
        return kh_fail(err, KH_EFAULTS, kh_trn("%s: refused, %zu error; nothing of it was stored", "%s: refused, %zu errors; nothing of it was stored", errors), path, errors);
    char *encoding = kh_intake_encoding(out->in);
    rc = kh_fail(err, KH_EFAULTS, kh_trn("%s: refused, %zu error; nothing of it was stored (read as %s)", "%s: refused, %zu errors; nothing of it was stored (read as %s)", errors), path, errors, encoding);
    kh_free(encoding);
    return rc;
}

/* --- the write ------------------------------------------------------------------- */

static int store_it(kh_workspace *ws, const char *path, const kh_import_options *o, kh_import_result *out, kh_error *err)
{
    kh_intake *in = out->in;
    current cur;
    int rc = kh_store_begin(ws->store, err);
    if (rc != KH_OK)
        return rc;
    if ((rc = find_current(ws, in, &cur, err)) != KH_OK)
        goto undo;
    if (cur.same) {
        kh_store_rollback(ws->store);
        out->outcome = KH_IMPORT_SAME;
        out->submission = cur.id;
        out->version = cur.version;
        return KH_OK;
    }
    size_t before = kh_findings_count(in->findings, KH_ERROR);
    if (!o->no_rules && (rc = judge(ws, in, cur.id, err)) != KH_OK)
        goto undo;
    if (kh_findings_count(in->findings, KH_ERROR) > before) {
        kh_store_rollback(ws->store);
        return refuse(ws, out, path, true, err);
    }
    rc = kh_store_put(ws->store, ws->catalog, in->ret, in->findings, &out->submission, &out->version, err);
    if (rc == KH_EFAULTS) {
        kh_store_rollback(ws->store);
        kh_error_clear(err);
        return refuse(ws, out, path, true, err);
    }
    if (rc != KH_OK || (rc = kh_store_commit(ws->store, err)) != KH_OK)
        goto undo;
    out->outcome = KH_IMPORT_STORED;
    kh_session_drop(ws);
    return KH_OK;
undo:
    kh_store_rollback(ws->store);
    return rc;
}

static int check_it(kh_workspace *ws, const char *path, const kh_import_options *o, kh_difference_fn *diff, void *diff_ctx, kh_import_result *out, kh_error *err)
{
    kh_intake *in = out->in;
    current cur = {0};
    int rc;
    out->outcome = KH_IMPORT_CHECKED;
    if (!ws->store)
        return KH_OK; /* no store here: the file alone was judged */
    if ((rc = find_current(ws, in, &cur, err)) != KH_OK)
        return rc;
    out->version = cur.version;
    out->submission = cur.id;
    if (cur.same)
        out->outcome = KH_IMPORT_SAME;
    size_t before = kh_findings_count(in->findings, KH_ERROR);
    if (!o->no_rules && (rc = judge(ws, in, cur.id, err)) != KH_OK)
        return rc;
    if ((rc = kh_store_difference(ws->store, ws->catalog, in->ret, &out->difference, diff, diff_ctx, err)) != KH_OK)
        return rc;
    return kh_findings_count(in->findings, KH_ERROR) > before ? refuse(ws, out, path, false, err) : KH_OK;
}

/* All at once: what the good rows break is told beside what the bad cells are. Without a store there is nothing to ask. */
static int judge_refused(kh_workspace *ws, const kh_intake *in, kh_error *err)
{
    current cur;
    if (!ws->store || !in->ret || !in->ret->n_values)
        return KH_OK;
    int rc = find_current(ws, in, &cur, err);
    return rc != KH_OK ? rc : judge(ws, in, cur.id, err);
}

/* For `check`, a store that is not there or may not be read is no fault. */
static int open_for(kh_workspace *ws, const kh_import_options *o, kh_error *err)
{
    if (!o->check) {
        int rc = kh_workspace_store(ws, KH_STORE_CREATE, err);
        return rc == KH_OK && o->many ? kh_store_share_syncs(ws->store, err) : rc;
    }
    kh_error none = KH_ERROR_INIT;
    if (kh_workspace_store(ws, KH_STORE_READ, &none) != KH_OK) {
        if (!ws->store_missed)
            kh_log(KH_LOG_NOTE, "without a store: the file alone is checked, not what is stored beside it (%s)", none.text);
        ws->store_missed = true;
        kh_error_clear(&none);
    }
    return KH_OK;
}

static bool can_be_opened(const char *path)
{
    struct stat st;
    return strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISDIR(st.st_mode) && access(path, R_OK) == 0);
}

/* What was kept of a file whose other rows were refused. */
static int tell_partial(const kh_import_result *out, const char *path, kh_error *err)
{
    const kh_intake *in = out->in;
    switch (out->outcome) {
    case KH_IMPORT_CHECKED: return kh_fail(err, KH_EFAULTS, "%s: rows that are good: %u, refused: %u; nothing was stored", path, in->rows_good, in->rows_refused);
    case KH_IMPORT_SAME: return kh_fail(err, KH_EFAULTS, "%s: rows stored before: %u, refused: %u; nothing changed", path, in->rows_good, in->rows_refused);
    default: return kh_fail(err, KH_EFAULTS, "%s: rows stored: %u, refused: %u", path, in->rows_good, in->rows_refused);
    }
}

int kh_import_settle(kh_workspace *ws, kh_error *err)
{
    return ws->store ? kh_store_settle(ws->store, err) : KH_OK;
}

int kh_import(kh_workspace *ws, const char *path, const kh_import_options *o, kh_difference_fn *diff, void *diff_ctx, kh_import_result *out, kh_error *err)
{
    kh_intake_options io;
    memset(out, 0, sizeof *out);
    int rc = open_for(ws, o, err); /* first: the clerk's aliases come from it */
    if (rc != KH_OK || (rc = read_options(ws, o, &io, err)) != KH_OK)
        return rc;
    if ((rc = kh_intake_file(ws->catalog, path, &io, &out->in, err)) != KH_OK) {
        out->unreadable = rc == KH_EUSAGE && !can_be_opened(path);
        return rc;
    }
    bool partial = out->in->ret && out->in->rows_refused && !out->in->refused; /* by option, or because the form says so */
    if (bad(out->in) && !partial) {
        if (!o->no_rules && (rc = judge_refused(ws, out->in, err)) != KH_OK)
            return rc;
        return refuse(ws, out, path, !o->check, err);
    }
    rc = o->check ? check_it(ws, path, o, diff, diff_ctx, out, err) : store_it(ws, path, o, out, err);
    if (rc == KH_OK && partial) {
        if (!o->check && out->outcome != KH_IMPORT_SAME && (rc = kh_import_write_refused(ws, out->in, &out->refused_csv, &out->refused_xlsx, err)) != KH_OK)
            return rc;
        return tell_partial(out, path, err);
    }
    return rc;
}
