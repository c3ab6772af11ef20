/* SPDX-License-Identifier: MIT */
/* kehoach import: many files in one command, each its own transaction, one summary. */
#include "cli/cli.h"

#include "base/file.h"
#include "base/log.h"
#include "base/msg.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const kh_opt options[] = {
    {"--form", "FORM", N_("the form; else recognised by the file's name and headings")},
    {"--period", "PERIOD", N_("the period; else from the file's name, a title cell or a column")},
    {"--unit", "UNIT", N_("the sender, by code or name; else from the file's name or a title cell")},
    {"--encoding", "NAME", N_("utf-8, windows-1258, tcvn3, vni, viscii, utf-16le, utf-16be; else recognised")},
    {"--sheet", "NAME", N_("of a workbook; else the only one filled in, or with the form's titles")},
    {"--check", NULL, N_("change nothing; show the findings and the difference to what is stored")},
    {"--partial", NULL, N_("take the good rows of a file with errors")},
    {"--findings", "FORMAT", N_("how findings are shown: text, csv or json")},
    {"--arrivals", "FILE", N_("import the files listed in this CSV (file,received) in its order, with its times of arrival")},
    {NULL, NULL, NULL},
};

typedef struct totals { size_t files, stored, same, refused, partial, checked, unreadable; uint64_t values; } totals;

typedef struct import_call { kh_cli *cli; kh_import_options o; totals t; const char *findings; kh_json json; kh_buf out; bool faults, many; } import_call;

static int show_diff(void *ctx, const char *what, kh_period p, kh_unit unit, uint32_t measure, kh_cut cut, const char *before, const char *after, uint32_t line)
{
    import_call *c = ctx;
    kh_catalog *cat = c->cli->ws->catalog;
    char period[KH_PERIOD_TEXT];
    kh_period_format(p, period);
    const char *cut_key = kh_cut_key(cat->cuts, cut);
    if (c->cli->json)
        return 0;
    kh_buf_str(&c->out, "  ");
    kh_change_word(what, &c->out);
    kh_buf_printf(&c->out, "%s%s%s%s  %s %s  %s -> %s", cat->measures[measure].code, *cut_key ? "{" : "", cut_key, *cut_key ? "}" : "",
                  kh_units_def(cat->units, unit)->code, period, before ? before : "…", after ? after : "…");
    if (line)
        kh_buf_printf(&c->out, _("  (line %u)"), line);
    kh_buf_char(&c->out, '\n');
    return 0;
}

/* --- one file's result ----------------------------------------------------------- */

static void json_result(import_call *c, const char *path, const kh_import_result *r, const kh_error *err)
{
    kh_json *j = &c->json;
    const kh_catalog *cat = c->cli->ws->catalog;
    kh_json_begin(j, '{');
    kh_json_key(j, "file"), kh_json_str(j, path);
    kh_json_key(j, "outcome"), kh_json_str(j, kh_import_outcome_name(r->outcome));
    if (r->in) {
        kh_json_key(j, "sha256"), kh_json_str(j, r->in->sha256);
        kh_json_key(j, "form"), kh_json_str(j, r->in->form != UINT32_MAX ? cat->forms[r->in->form].code : NULL);
        kh_json_key(j, "sender"), kh_json_str(j, r->in->sender != KH_NO_UNIT ? kh_units_def(cat->units, r->in->sender)->code : NULL);
        kh_json_key(j, "period"), kh_json_str(j, r->in->ret ? r->in->ret->span : NULL);
        kh_json_key(j, "encoding"), kh_json_str(j, r->in->encoding);
        kh_json_key(j, "sheet"), kh_json_str(j, r->in->sheet);
        kh_json_key(j, "certainty"), kh_json_int(j, r->in->certainty);
        kh_json_key(j, "rows"), kh_json_int(j, r->in->rows_read);
        kh_json_key(j, "rows_refused"), kh_json_int(j, r->in->rows_refused);
        kh_json_key(j, "values"), kh_json_int(j, r->in->ret ? (int64_t)r->in->ret->n_values : 0);
    }
    if (r->in && (r->outcome == KH_IMPORT_STORED || r->outcome == KH_IMPORT_SAME)) {
        kh_json_key(j, "submission"), kh_json_int(j, r->submission);
        kh_json_key(j, "version"), kh_json_int(j, r->version);
    }
    if (c->o.check) {
        kh_json_key(j, "difference");
        kh_json_begin(j, '{');
        kh_json_key(j, "new"), kh_json_int(j, (int64_t)r->difference.added);
        kh_json_key(j, "changed"), kh_json_int(j, (int64_t)r->difference.changed);
        kh_json_key(j, "withdrawn"), kh_json_int(j, (int64_t)r->difference.withdrawn);
        kh_json_key(j, "same"), kh_json_int(j, (int64_t)r->difference.same);
        kh_json_end(j, '}');
    }
    kh_json_key(j, "refused_rows"), kh_json_str(j, r->refused_csv);
    if (err->code && err->code != KH_EFAULTS)
        kh_json_key(j, "error"), kh_json_str(j, err->text);
    kh_json_key(j, "findings");
    if (r->in) {
        kh_findings_json(r->in->findings, j);
    } else {
        kh_json_begin(j, '[');
        kh_json_end(j, ']');
    }
    kh_json_end(j, '}');
}

static void text_findings(import_call *c, const kh_import_result *r)
{
    const kh_finding *f;
    size_t n = r->in ? kh_findings_all(r->in->findings, &f) : 0;
    kh_buf b = KH_BUF_INIT;
    kh_progress_end();
    if (c->findings && strcmp(c->findings, "csv") == 0 && n) {
        kh_findings_csv(r->in->findings, &c->out);
        return;
    }
    for (size_t i = 0; i < n; i++)
        kh_finding_line(&f[i], c->cli->colour && isatty(STDERR_FILENO), &b);
    if (b.len)
        fwrite(b.data, 1, b.len, stderr);
    kh_buf_free(&b);
}

/* What was decided about the file, and how sure; only when it went well: else the findings say it. */
static void text_result(import_call *c, const char *path, const kh_import_result *r)
{
    const kh_catalog *cat = c->cli->ws->catalog;
    kh_buf *b = &c->out;
    if (!r->in || r->outcome == KH_IMPORT_FAILED || r->outcome == KH_IMPORT_REFUSED) {
        if (r->refused_csv)
            kh_log(KH_LOG_NOTE, "the refused rows with their reasons, to send back: %s and %s", kh_path_from_here(r->refused_csv), kh_path_from_here(r->refused_xlsx));
        return;
    }
    char title[256], *encoding = kh_intake_encoding(r->in);
    kh_units_title(cat->units, r->in->ret->sender, kh_msg_lang_now(), title, sizeof title);
    kh_buf_printf(b, "%s: %s, %s, %s: ", path, cat->forms[r->in->form].code, title, r->in->ret->span);
    if (r->outcome == KH_IMPORT_STORED)
        kh_buf_printf(b, _("stored as version %d (%llu values, %s)"), r->version, (unsigned long long)r->in->ret->n_values, encoding);
    else if (r->outcome == KH_IMPORT_SAME)
        kh_buf_printf(b, _("the same file is stored already as version %d; nothing changed"), r->version);
    else if (r->version)
        kh_buf_printf(b, _("would become version %d: %llu new, %llu changed, %llu withdrawn, %llu the same; nothing was stored"), r->version + 1,
                      (unsigned long long)r->difference.added, (unsigned long long)r->difference.changed, (unsigned long long)r->difference.withdrawn,
                      (unsigned long long)r->difference.same);
    else
        kh_buf_printf(b, _("good (%llu values, %s); nothing was stored"), (unsigned long long)r->in->ret->n_values, encoding);
    kh_buf_char(b, '\n');
    kh_free(encoding);
}

static int one_file(import_call *c, const char *path, kh_error *err)
{
    kh_import_result r;
    kh_error e = KH_ERROR_INIT;
    kh_buf diff = KH_BUF_INIT;
    size_t mark = c->out.len;
    int rc = kh_import(c->cli->ws, path, &c->o, show_diff, c, &r, &e);
    if (rc != KH_OK) { /* something is told at once, and may name what was stored before */
        kh_error lost = KH_ERROR_INIT;
        int settled = kh_import_settle(c->cli->ws, &lost);
        if (settled != KH_OK) {
            kh_error_clear(&e);
            kh_import_result_clear(&r);
            return kh_error_move(err, &lost);
        }
    }
    if (c->out.len > mark) { /* the cells come after the line that sums them up */
        kh_buf_add(&diff, c->out.data + mark, c->out.len - mark);
        c->out.len = mark;
    }
    c->t.files++;
    c->t.stored += rc == KH_OK && r.outcome == KH_IMPORT_STORED;
    c->t.same += rc == KH_OK && r.outcome == KH_IMPORT_SAME;
    c->t.checked += rc == KH_OK && r.outcome == KH_IMPORT_CHECKED;
    bool partly = rc == KH_EFAULTS && r.outcome != KH_IMPORT_REFUSED;
    c->t.partial += partly;
    c->t.refused += rc == KH_EFAULTS && !partly;
    c->t.unreadable += r.unreadable;
    c->t.values += r.outcome == KH_IMPORT_STORED && (rc == KH_OK || partly) ? r.in->ret->n_values : 0;
    c->faults |= rc == KH_EFAULTS;
    if (c->cli->json) {
        json_result(c, path, &r, &e);
    } else {
        text_findings(c, &r);
        text_result(c, path, &r);
        kh_buf_add(&c->out, diff.data, diff.len);
        if ((rc == KH_EFAULTS || (r.unreadable && c->many)) && e.text)
            kh_log_line(KH_LOG_ERROR, e.text);
    }
    bool go_on = rc == KH_OK || rc == KH_EFAULTS || (r.unreadable && c->many);
    kh_buf_free(&diff);
    kh_import_result_clear(&r);
    if (go_on) {
        kh_error_clear(&e);
        return KH_OK;
    }
    return kh_error_move(err, &e); /* the store failed, or the command was wrong: the next file would meet the same */
}

/* --- arrivals ---------------------------------------------------------------------- */

/* A line "file,received" of our own list: plain fields, paths relative to the list. */
static int arrival(import_call *c, const char *list, char *line, unsigned n, kh_error *err)
{
    char *comma = strrchr(line, ',');
    if (n == 1 && comma && strcmp(line, "file,received") == 0)
        return KH_OK;
    if (!comma || !kh_workspace_moment(comma + 1))
        return kh_fail_at(err, KH_EUSAGE, list, (int)n, "a line of the list is FILE,RECEIVED with a moment like 2018-07-08T03:00:00Z");
    *comma = '\0';
    const char *slash = strrchr(list, '/');
    char *path = line[0] == '/' || !slash ? kh_strdup(line) : kh_asprintf("%.*s/%s", (int)(slash - list), list, line);
    kh_workspace_clock(c->cli->ws, comma + 1);
    int rc = one_file(c, path, err);
    kh_free(path);
    return rc;
}

static int all_arrivals(import_call *c, const char *list, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    int rc = kh_read_file(list, 64u << 20, &b, err);
    unsigned n = 0, lines = 0;
    for (size_t i = 0; i < b.len; i++)
        lines += b.data[i] == '\n';
    char *save = NULL;
    for (char *line = rc == KH_OK ? strtok_r(b.data, "\n", &save) : NULL; line && rc == KH_OK; line = strtok_r(NULL, "\n", &save)) {
        line[strcspn(line, "\r")] = '\0';
        n++;
        kh_progress(_("importing"), n, lines);
        if (*line)
            rc = arrival(c, list, line, n, err);
    }
    kh_progress_end();
    kh_buf_free(&b);
    return rc;
}

/* --- the command --------------------------------------------------------------------- */

static void summary(import_call *c)
{
    if (c->t.files < 2)
        return;
    if (c->o.check)
        kh_buf_printf(&c->out, _("%zu files: %zu good, %zu the same as stored, %zu with errors\n"), c->t.files, c->t.checked, c->t.same, c->t.refused);
    else
        kh_buf_printf(&c->out, _("%zu files: %zu stored (%llu values), %zu the same as before, %zu refused\n"), c->t.files, c->t.stored, (unsigned long long)c->t.values,
                      c->t.same, c->t.refused);
    if (c->t.partial)
        kh_buf_printf(&c->out, _("besides, in part, for some rows were refused: %zu\n"), c->t.partial);
    if (c->t.unreadable)
        kh_buf_printf(&c->out, _("besides, not opened: %zu\n"), c->t.unreadable);
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    const char *list = kh_arg(args, "--arrivals"), *how = kh_arg(args, "--findings");
    import_call c = {.cli = cli,
                     .o = {.form = kh_arg(args, "--form"), .period = kh_arg(args, "--period"), .unit = kh_arg(args, "--unit"), .encoding = kh_arg(args, "--encoding"), .sheet = kh_arg(args, "--sheet"),
                           .check = kh_arg_on(args, "--check"), .partial = kh_arg_on(args, "--partial")},
                     .findings = how};
    c.json = (kh_json)KH_JSON(&c.out);
    c.many = list || args->n_operands > 1;
    int rc = kh_args_count(args, list ? 0 : 1, SIZE_MAX, "kehoach import [--form FORM] [--period PERIOD] [--unit UNIT] FILE...", err);
    if (rc == KH_OK && how && strcmp(how, "text") != 0 && strcmp(how, "csv") != 0 && strcmp(how, "json") != 0)
        rc = kh_fail(err, KH_EUSAGE, "\"%s\" is not a way to show findings; use text, csv or json", how);
    if (rc != KH_OK)
        return rc;
    cli->json |= how && strcmp(how, "json") == 0;
    if (cli->json)
        kh_json_begin(&c.json, '{'), kh_json_key(&c.json, "files"), kh_json_begin(&c.json, '[');
    c.o.many = c.many;
    if (list)
        rc = all_arrivals(&c, list, err);
    for (size_t i = 0; rc == KH_OK && i < args->n_operands; i++) {
        if (args->n_operands > 1)
            kh_progress(_("importing"), i + 1, args->n_operands);
        rc = one_file(&c, args->operands[i], err);
    }
    kh_progress_end();
    kh_error lost = KH_ERROR_INIT;
    if (kh_import_settle(cli->ws, &lost) != KH_OK) { /* then nothing is told of any file */
        kh_buf_free(&c.out);
        kh_error_clear(err);
        return kh_error_move(err, &lost);
    }
    if (cli->json) {
        kh_json_end(&c.json, ']'), kh_json_end(&c.json, '}');
        kh_buf_char(&c.out, '\n');
        cli->answered = c.t.files > 0;
    } else {
        summary(&c);
    }
    int put = kh_print_buf(&c.out, rc == KH_OK ? err : NULL);
    if (rc == KH_OK && c.t.unreadable)
        rc = kh_fail(err, KH_EUSAGE, "%zu of %zu files could not be opened", c.t.unreadable, c.t.files);
    return rc != KH_OK ? rc : put != KH_OK ? put : c.faults ? KH_EFAULTS : KH_OK;
}

const kh_command kh_cmd_import = {
    "import", "kehoach import [--check] [--partial] [--form FORM] [--period PERIOD] [--unit UNIT] FILE...",
    N_("import returns; --check changes nothing and shows the difference"),
    N_("Reads each file, checks every cell and rule, and stores it whole or refuses it whole.\n"
       "A refused file leaves its bad rows with the reasons in the output folder, to send back.\n"
       "\n"
       "  kehoach import DB-01_180_2018H1.csv           form, sender and period from the name\n"
       "  kehoach import --check corrected.csv          what would change?\n"
       "  kehoach import --form TQ-01 --unit 183 --period 2019 data.csv\n"
       "  iconv -f utf-16 data.csv | kehoach import --form TQ-01 --unit 183 --period 2019 -\n"),
    options, true, run};
