/* SPDX-License-Identifier: MIT */
/* publish: a report script builds one document; a renderer makes the file; the store notes what was handed out. */
#include "flow/flow.h"
#include "flow/freeze.h"

#include "base/file.h"
#include "base/log.h"
#include "base/msg.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Without a period: the newest one of the report's length that values reach into; it may still be open. */
static int newest_period(kh_workspace *ws, kh_freq every, kh_period *out, kh_error *err)
{
    kh_period *all;
    size_t n;
    int rc = kh_store_periods(ws->store, &all, &n, err);
    if (rc != KH_OK)
        return rc;
    kh_day last = KH_DAY_MIN;
    for (size_t i = 0; i < n; i++)
        if (kh_period_last(all[i]) > last)
            last = kh_period_last(all[i]);
    kh_free(all);
    if (last == KH_DAY_MIN)
        return kh_fail(err, KH_EUSAGE, "the store holds no values yet: import returns first, or name a period with --period");
    *out = kh_period_of(every, last < ws->today ? last : ws->today);
    return KH_OK;
}

static int report_period(kh_workspace *ws, const kh_report_def *def, const char *text, kh_period *out, kh_error *err)
{
    kh_period *p = NULL;
    size_t n = 0;
    *out = KH_NO_PERIOD;
    if (!text && def->every != KH_EVERY_NONE)
        return newest_period(ws, def->every, out, err);
    int rc = kh_periods_of(ws, text, NULL, &p, &n, err);
    if (rc == KH_OK && n > 1)
        rc = kh_fail(err, KH_EUSAGE, "report %s is about one period, and \"%s\" is %zu", def->code, text, n);
    if (rc == KH_OK) {
        *out = p[0];
        if (text && def->every != KH_EVERY_NONE && kh_period_freq(p[0]) != def->every)
            rc = kh_fail(err, KH_EUSAGE, "report %s is about a %s, and %s is a %s", def->code, kh_freq_said(def->every), text, kh_freq_said(kh_period_freq(p[0])));
    }
    kh_free(p);
    return rc;
}

static kh_lang def_lang(const kh_report_def *def)
{
    return strcmp(def->lang, "en") == 0 ? KH_LANG_EN : KH_LANG_VI;
}

/* What is written in one language and asked for in another: for reading, never in place of the document itself. */
static const char *edition(const kh_workspace *ws, const kh_report_def *def)
{
    kh_lang now = kh_msg_lang_now();
    return def->lang && ws->lang_said && def_lang(def) != now ? (now == KH_LANG_EN ? "en" : "vi") : NULL;
}

/* What a report is about, settled: its definition, period and unit. Opens the store. */
typedef struct about { uint32_t report; kh_period period; char span[KH_PERIOD_TEXT]; kh_unit unit; const char *unit_code; const char *edition; /* NULL, or the language in which it is a translation */ } about;

static int settle(kh_workspace *ws, const char *report, const char *period, const char *unit, about *a, kh_error *err)
{
    kh_catalog *c = ws->catalog;
    *a = (about){.unit = KH_NO_UNIT};
    int rc = kh_catalog_need(c, KH_DEF_REPORT, report, &a->report, err);
    if (rc != KH_OK || (rc = kh_workspace_store(ws, KH_STORE_READ, err)) != KH_OK || (rc = report_period(ws, &c->reports[a->report], period, &a->period, err)) != KH_OK)
        return rc;
    kh_period_format(a->period, a->span);
    a->edition = edition(ws, &c->reports[a->report]);
    if (!unit)
        return KH_OK;
    rc = kh_catalog_need_unit(c, unit, kh_period_last(a->period), &a->unit, err);
    if (rc == KH_OK)
        a->unit_code = kh_units_def(c->units, a->unit)->code;
    return rc;
}

int kh_report_span(kh_workspace *ws, const char *report, const char *period, const char *unit, char span[KH_PERIOD_TEXT], const char **unit_code, kh_error *err)
{
    about a;
    int rc = settle(ws, report, period, unit, &a, err);
    memcpy(span, a.span, sizeof a.span);
    *unit_code = a.unit_code;
    return rc;
}

static const char *notice(const kh_workspace *ws, kh_doc *doc, bool edition)
{
    const char *note = kh_say(ws->catalog->note);
    if (!edition)
        return kh_arena_strdup(doc->arena, note);
    kh_buf b = KH_BUF_INIT;
    kh_buf_printf(&b, "%s%s%s", note ? note : "", note && *note ? " " : "", _("A translation for reading: the document itself is the one in its own language."));
    const char *text = kh_arena_strdup(doc->arena, kh_buf_cstr(&b));
    kh_buf_free(&b);
    return text;
}

static int build(kh_workspace *ws, const char *report, const about *a, const char *const *params, kh_doc **out, kh_error *err)
{
    const kh_report_def *def = &ws->catalog->reports[a->report];
    kh_lang asked = kh_msg_lang_now();
    if (def->lang && !ws->lang_said) /* a document in one language: its words, numbers and statuses as well */
        kh_msg_lang(def_lang(def));
    kh_doc *doc = kh_doc_new(def->title ? kh_say(def->title) : report, kh_msg_lang_now());
    doc->created = kh_arena_strdup(doc->arena, ws->now);
    doc->notice = notice(ws, doc, a->edition != NULL);
    int rc = ws->build(ws->hook_ctx, def->script, ws, doc, a->period, a->unit, params, err);
    kh_msg_lang(asked);
    if (rc == KH_OK)
        *out = doc;
    else
        kh_doc_free(doc);
    return rc;
}

int kh_report_build(kh_workspace *ws, const char *report, const char *period, const char *unit, const char *const *params, kh_doc **out, kh_error *err)
{
    about a;
    *out = NULL;
    int rc = settle(ws, report, period, unit, &a, err);
    return rc == KH_OK ? build(ws, report, &a, params, out, err) : rc;
}

/* REPORT_PERIOD[_UNIT][_LANG].FORMAT; only letters, digits, '-' and '_' of the parts, so that no name leaves the folder. */
static char *file_name(const char *report, const char *span, const char *unit, const char *lang, kh_format f)
{
    kh_buf b = KH_BUF_INIT;
    const char *parts[] = {report, span, unit, lang};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i] || !*parts[i])
            continue;
        if (b.len)
            kh_buf_char(&b, '_');
        for (const char *s = parts[i]; *s; s++)
            kh_buf_char(&b, strchr("/\\:*?\"<>| \t\n", *s) || (unsigned char)*s < 32 ? '-' : *s);
    }
    kh_buf_printf(&b, ".%s", kh_format_name(f));
    if (b.data[0] == '.')
        b.data[0] = '-';
    return kh_buf_take(&b);
}

bool kh_report_folder(const char *to)
{
    struct stat st;
    const char *slash = strrchr(to, '/'), *name = slash ? slash + 1 : to;
    return stat(to, &st) == 0 ? S_ISDIR(st.st_mode) : !strchr(name, '.'); /* a new "out" is one too: a file would be nam.docx */
}

/* Into a folder under the report's own name, or the file that `to` names. */
static int target_path(const char *report, const about *a, const char *unit, kh_format f, const char *to, char **path, kh_error *err)
{
    size_t n = strlen(to);
    if (!kh_report_folder(to)) {
        *path = kh_strdup(to);
        return KH_OK;
    }
    char *name = file_name(report, a->span, unit, a->edition, f);
    int rc = kh_make_folders(to, err);
    if (rc == KH_OK)
        *path = kh_asprintf("%s%s%s", to, n && to[n - 1] == '/' ? "" : "/", name);
    kh_free(name);
    return rc;
}

static int note_publication(kh_workspace *ws, const kh_publication *p, kh_error *err)
{
    int rc = kh_workspace_store(ws, KH_STORE_WRITE, err);
    if (rc != KH_OK || (rc = kh_store_begin(ws->store, err)) != KH_OK)
        return rc;
    if ((rc = kh_store_publish(ws->store, ws->catalog, p, err)) == KH_OK)
        rc = kh_store_commit(ws->store, err);
    if (rc != KH_OK)
        kh_store_rollback(ws->store);
    return rc;
}

static int write_one(kh_workspace *ws, const kh_doc *doc, const kh_publication *base, kh_format f, const kh_render_options *o, const char *path, kh_error *err)
{
    char sha[65];
    kh_publication p = *base;
    int rc = kh_workspace_spare(ws, path, err);
    if (rc != KH_OK || (rc = kh_render_file(doc, f, o, path, sha, err)) != KH_OK)
        return rc;
    p.format = kh_format_name(f);
    p.path = path;
    p.sha256 = sha;
    return note_publication(ws, &p, err);
}

int kh_report_publish(kh_workspace *ws, const char *report, const char *period, const char *unit, const char *const *params, const kh_format *f, size_t n, const kh_render_options *o,
                      const char *to, char **paths, kh_error *err)
{
    kh_doc *doc = NULL;
    about a;
    for (size_t i = 0; i < n; i++)
        paths[i] = NULL;
    int rc = settle(ws, report, period, unit, &a, err);
    if (rc != KH_OK)
        return rc;
    kh_freezer *before = ws->freezer, *freezer = ws->freezer = kh_freezer_new();
    rc = build(ws, report, &a, params, &doc, err);
    ws->freezer = before; /* a report may be published while another is built */
    for (size_t i = 0; i < n && rc == KH_OK; i++) {
        kh_publication p = {.report = report, .span = a.span, .unit = a.unit_code, .figures = freezer->figures, .n = freezer->n};
        if ((rc = target_path(report, &a, unit, f[i], to, &paths[i], err)) == KH_OK)
            rc = write_one(ws, doc, &p, f[i], o, paths[i], err);
        if (rc != KH_OK) {
            kh_free(paths[i]);
            paths[i] = NULL;
        }
    }
    kh_doc_free(doc);
    kh_freezer_free(freezer);
    return rc;
}
