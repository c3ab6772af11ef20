/* SPDX-License-Identifier: MIT */
/* kehoach report: one document, in the formats asked for. */
#include "cli/cli.h"

#include "base/file.h"
#include "base/msg.h"
#include "base/text.h"
#include "script/converter.h"

#include <string.h>
#include <unistd.h>

static const kh_opt options[] = {
    {"--period", "PERIOD", N_("what the report is about; default the last closed period of its kind")},
    {"--unit", "UNIT", N_("whose report it is, where a report is about one unit")},
    {"--format", "FORMAT", N_("txt, md, html, csv, xlsx, docx, pdf; several with commas; default txt")},
    {"-o", "PATH", N_("file or folder; without it text formats go to standard output")},
    {"--diff", NULL, N_("which figures of the last publication are different now")},
    {"--excel", NULL, N_("CSV for Excel here: byte order mark, semicolons, decimal comma")},
    {NULL, NULL, NULL},
};

static void put_padded(kh_buf *b, const char *s, size_t width)
{
    size_t n = strlen(s), w = kh_text_width(s, n);
    kh_buf_printf(b, "%s%*s ", s, w < width ? (int)(width - w) : 0, "");
}

static int list_reports(kh_cli *cli, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    kh_json j = KH_JSON(&b);
    const kh_catalog *c = cli->ws->catalog;
    if (cli->json)
        kh_json_begin(&j, '[');
    for (size_t i = 0; i < c->n_reports; i++) {
        const kh_report_def *r = &c->reports[i];
        if (cli->json) {
            kh_json_begin(&j, '{');
            kh_json_key(&j, "report"), kh_json_str(&j, r->code);
            kh_json_key(&j, "title"), kh_json_str(&j, r->title);
            kh_json_key(&j, "every"), kh_json_str(&j, r->every ? kh_freq_name(r->every) : NULL);
            kh_json_end(&j, '}');
        } else {
            put_padded(&b, r->code, 18);
            put_padded(&b, kh_freq_said(r->every), 9);
            kh_buf_printf(&b, "%s\n", r->title ? kh_say(r->title) : "");
        }
    }
    if (cli->json)
        kh_json_end(&j, ']'), kh_buf_char(&b, '\n');
    return kh_print_buf(&b, err);
}

enum { MOST_FORMATS = KH_FMT_PDF + 1 };

static bool to_stdout(kh_format f) { return f == KH_FMT_TXT || f == KH_FMT_MD || f == KH_FMT_CSV || f == KH_FMT_HTML; }

static int print_reports(kh_cli *cli, const kh_args *args, const kh_format *f, size_t n, const kh_render_options *asked, kh_error *err)
{
    kh_doc *doc;
    kh_render_options o = *asked;
    o.colour = cli->colour;
    int rc = kh_report_build(cli->ws, args->operands[0], kh_arg(args, "--period"), kh_arg(args, "--unit"), NULL, &doc, err);
    if (rc != KH_OK)
        return rc;
    for (size_t i = 0; i < n && rc == KH_OK; i++) {
        kh_buf out = KH_BUF_INIT;
        if ((rc = kh_render(doc, f[i], &o, &out, err)) == KH_OK)
            rc = kh_print_buf(&out, err);
        else
            kh_buf_free(&out);
    }
    kh_doc_free(doc);
    return rc;
}

/* A line each, or {"paths": [...]}. */
static void say_paths(const kh_cli *cli, char *const *paths, size_t n, kh_buf *b)
{
    kh_json j = KH_JSON(b);
    if (cli->json) {
        kh_json_begin(&j, '{');
        kh_json_key(&j, "paths"), kh_json_begin(&j, '[');
    }
    for (size_t i = 0; i < n; i++) {
        if (cli->json)
            kh_json_str(&j, paths[i]);
        else
            kh_buf_printf(b, "%s\n", paths[i]);
    }
    if (cli->json) {
        kh_json_end(&j, ']');
        kh_json_end(&j, '}');
        kh_buf_char(b, '\n');
    }
}

static int write_reports(kh_cli *cli, const kh_args *args, const kh_format *f, size_t n, const kh_render_options *o, const char *to, kh_error *err)
{
    char *paths[MOST_FORMATS];
    kh_buf b = KH_BUF_INIT;
    int rc = kh_report_publish(cli->ws, args->operands[0], kh_arg(args, "--period"), kh_arg(args, "--unit"), NULL, f, n, o, to, paths, err);
    size_t written = 0;
    while (written < n && paths[written])
        written++;
    if (rc == KH_OK || !cli->json) /* what was written before a failure is there; in JSON the error alone is the answer */
        say_paths(cli, paths, written, &b);
    for (size_t i = 0; i < written; i++)
        kh_free(paths[i]);
    kh_error unheard = KH_ERROR_INIT;
    int printed = kh_print_buf(&b, rc == KH_OK ? err : &unheard); /* of two failures the first is told */
    kh_error_clear(&unheard);
    return rc != KH_OK ? rc : printed;
}

static int show_diff(kh_cli *cli, const kh_args *args, kh_error *err)
{
    kh_publication_diff d;
    kh_show how;
    int rc = kh_show_parse(cli, kh_arg(args, "--format"), &how, err);
    if (rc != KH_OK || (rc = kh_report_diff(cli->ws, args->operands[0], kh_arg(args, "--period"), kh_arg(args, "--unit"), how == KH_SHOW_TABLE, &d, err)) != KH_OK)
        return rc;
    if (how == KH_SHOW_TABLE) {
        kh_buf b = KH_BUF_INIT;
        kh_buf_printf(&b, _("published %s with %zu figures: %zu are different now"), d.at, d.figures, d.changed->n);
        kh_buf_char(&b, '\n');
        if (d.lost)
            kh_buf_printf(&b, _("%zu figures are of what is no longer defined"), d.lost), kh_buf_char(&b, '\n');
        rc = kh_print_buf(&b, err);
    }
    if (rc != KH_OK || (how == KH_SHOW_TABLE && !d.changed->n)) {
        kh_frame_free(d.changed);
        return rc;
    }
    return kh_print_frame(cli, d.changed, how, err);
}

/* "docx,html"; each once. */
static int read_formats(const char *text, const char *to, kh_format *out, size_t *n, kh_error *err)
{
    char *copy = kh_strdup(text), *save = NULL;
    int rc = KH_OK;
    *n = 0;
    for (char *name = strtok_r(copy, ",", &save); name && rc == KH_OK; name = strtok_r(NULL, ",", &save)) {
        kh_format f;
        bool twice = false;
        if (!kh_format_parse(name, &f)) {
            rc = kh_fail(err, KH_EUSAGE, "\"%s\" is not a format of reports; use txt, md, html, csv, xlsx, docx or pdf", name);
            break;
        }
        for (size_t i = 0; i < *n; i++)
            twice = twice || out[i] == f;
        if (!twice)
            out[(*n)++] = f;
        if (!to && !to_stdout(f))
            rc = kh_fail(err, KH_EUSAGE, "a %s is not for the terminal: name a file or a folder with -o", name);
    }
    if (rc == KH_OK && *n == 0)
        rc = kh_fail(err, KH_EUSAGE, "\"%s\" is not a format of reports; use txt, md, html, csv, xlsx, docx or pdf", text);
    if (rc == KH_OK && *n > 1 && to && !kh_report_folder(to))
        rc = kh_fail(err, KH_EUSAGE, "%zu formats do not go into one file: name a folder with -o %s/", *n, to);
    kh_free(copy);
    return rc;
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    const char *to = kh_arg(args, "-o"), *formats = kh_arg(args, "--format");
    kh_format f[MOST_FORMATS];
    size_t n;
    int rc = KH_OK;
    for (const kh_opt *o = options; !args->n_operands && o->name; o++)
        if (kh_arg(args, o->name))
            return kh_fail(err, KH_EUSAGE, "%s is for a report, and none is named; `kehoach report` lists them", o->name);
    if (!args->n_operands)
        return list_reports(cli, err);
    rc = kh_args_count(args, 1, 1, "kehoach report NAME [--period PERIOD] [--format FORMAT] [-o PATH]", err);
    if (rc != KH_OK)
        return rc;
    if (kh_arg_on(args, "--diff"))
        return show_diff(cli, args, err);
    if (!formats) { /* the ending of -o says it */
        const char *dot = to && !kh_report_folder(to) ? strrchr(to, '.') : NULL;
        formats = dot && dot[1] && !strchr(dot, '/') ? dot + 1 : "txt";
    }
    if ((rc = read_formats(formats, to, f, &n, err)) != KH_OK)
        return rc;
    kh_render_options o = {.excel = kh_arg_on(args, "--excel"), .pdf = kh_worker_pdf};
    return to ? write_reports(cli, args, f, n, &o, to, err) : print_reports(cli, args, f, n, &o, err);
}

const kh_command kh_cmd_report = {
    "report", "kehoach report [NAME [--period PERIOD] [--unit UNIT] [--format FORMAT] [-o PATH]]", N_("write a report; without a name, list them"),
    N_("Builds the document once and writes it in each format asked for.\n"
       "\n"
       "  kehoach report                                      which reports are there\n"
       "  kehoach report nam --period 2020                    on the terminal\n"
       "  kehoach report nam --period 2020 --format docx,xlsx,html -o out/\n"
       "  kehoach report nam --period 2020 --diff             published figures that are different now\n"
       "  kehoach report phieu-nhiem-vu --unit stc --period 2020 -o out/stc.docx\n"),
    options, true, run};
