/* SPDX-License-Identifier: MIT */
/* How results reach stdout: tables for people, CSV and JSON for programs. */
#include "cli/cli.h"

#include "base/msg.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

int kh_print(const void *bytes, size_t n, kh_error *err)
{
    for (const char *p = bytes; n;) {
        ssize_t put = write(STDOUT_FILENO, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EPIPE)
            _exit(141); /* the reader has seen enough (`| head`): what the shell expects of a program then */
        if (put < 0)
            return kh_fail(err, KH_ESTORE, "cannot write to standard output: %s", kh_errno_text(errno));
        p += put;
        n -= (size_t)put;
    }
    return KH_OK;
}

int kh_print_buf(kh_buf *b, kh_error *err)
{
    int rc = kh_print(b->data, b->len, err);
    kh_buf_free(b);
    return rc;
}

int kh_say_done(const kh_cli *cli, const char *key, const char *value, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    kh_json j = KH_JSON(&b);
    if (!cli->json)
        return KH_OK;
    kh_json_begin(&j, '{');
    kh_json_key(&j, key), kh_json_str(&j, value);
    kh_json_end(&j, '}');
    kh_buf_char(&b, '\n');
    return kh_print_buf(&b, err);
}

int kh_show_parse(const kh_cli *cli, const char *format, kh_show *out, kh_error *err)
{
    *out = cli->json ? KH_SHOW_JSON : KH_SHOW_TABLE;
    if (!format)
        return KH_OK;
    static const char *const names[] = {"table", "csv", "json"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(format, names[i]) == 0) {
            *out = (kh_show)i;
            return KH_OK;
        }
    return kh_fail(err, KH_EUSAGE, "\"%s\" is not a format of this command; use table, csv or json", format);
}

int kh_print_frame(const kh_cli *cli, kh_frame *f, kh_show how, kh_error *err)
{
    kh_buf b = KH_BUF_INIT;
    if (how == KH_SHOW_JSON)
        kh_frame_json(f, &b), kh_buf_char(&b, '\n');
    else if (how == KH_SHOW_CSV)
        kh_frame_csv(f, false, &b);
    else
        kh_frame_print(f, kh_msg_lang_now(), cli->colour, &b);
    kh_frame_free(f);
    return kh_print_buf(&b, err);
}

void kh_change_word(const char *what, kh_buf *out)
{
    const char *word = strcmp(what, "new") == 0 ? _("new") : strcmp(what, "changed") == 0 ? _("changed") : strcmp(what, "withdrawn") == 0 ? _("withdrawn") : what;
    kh_buf_str(out, word);
    for (size_t width = kh_text_width(word, strlen(word)); width < 11; width++)
        kh_buf_char(out, ' ');
}

const char *kh_path_from_here(const char *path)
{
    char here[PATH_MAX];
    size_t n = getcwd(here, sizeof here) ? strlen(here) : 0;
    return n > 1 && strncmp(path, here, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static void add_visible(kh_buf *out, const char *s)
{
    char *shown = kh_text_visible(s, strlen(s), false);
    size_t fit = kh_text_fit(shown, strlen(shown), 120); /* a megabyte in a cell is not shown whole */
    kh_buf_add(out, shown, fit);
    if (shown[fit])
        kh_buf_str(out, "…");
    kh_free(shown);
}

void kh_finding_line(const kh_finding *f, bool colour, kh_buf *out)
{
    static const char *const tint[] = {"\033[31m", "\033[33m", "\033[36m"};
    add_visible(out, f->file ? f->file : "-");
    if (f->line)
        kh_buf_printf(out, ":%u", f->line);
    if (f->line && f->column)
        kh_buf_printf(out, ":%u", f->column);
    kh_buf_printf(out, ": %s%s[%s]%s: ", colour ? tint[f->severity] : "", kh_severity_name(f->severity), f->code, colour ? "\033[0m" : "");
    if (f->heading) {
        kh_buf_printf(out, "%s \"", _("heading"));
        add_visible(out, f->heading);
        kh_buf_str(out, "\", ");
    }
    if (f->value) {
        kh_buf_printf(out, "%s \"", _("value"));
        add_visible(out, f->value);
        kh_buf_str(out, "\"");
    }
    if (f->value || f->heading) {
        if (!f->value)
            out->len -= 2; /* the comma after the heading */
        kh_buf_str(out, ": ");
    }
    char *text = kh_text_visible(f->text ? f->text : "", f->text ? strlen(f->text) : 0, false);
    kh_buf_str(out, text);
    kh_free(text);
    if (f->expected && *f->expected) {
        kh_buf_str(out, "; ");
        char *expected = kh_text_visible(f->expected, strlen(f->expected), false);
        kh_buf_str(out, expected);
        kh_free(expected);
    }
    kh_buf_char(out, '\n');
}

void kh_findings_json(const kh_findings *list, kh_json *j)
{
    const kh_finding *f;
    size_t n = kh_findings_all(list, &f);
    kh_json_begin(j, '[');
    for (size_t i = 0; i < n; i++) {
        kh_json_begin(j, '{');
        kh_json_key(j, "file"), kh_json_str(j, f[i].file);
        kh_json_key(j, "line"), kh_json_int(j, f[i].line);
        kh_json_key(j, "column"), kh_json_int(j, f[i].column);
        kh_json_key(j, "severity"), kh_json_str(j, kh_severity_name(f[i].severity));
        kh_json_key(j, "code"), kh_json_str(j, f[i].code);
        kh_json_key(j, "heading"), kh_json_str(j, f[i].heading);
        kh_json_key(j, "value"), kh_json_str(j, f[i].value);
        kh_json_key(j, "text"), kh_json_str(j, f[i].text);
        kh_json_key(j, "expected"), kh_json_str(j, f[i].expected);
        kh_json_end(j, '}');
    }
    kh_json_end(j, ']');
}

static void csv_field(kh_buf *out, const char *s, char end)
{
    if (!s)
        s = "";
    if (strpbrk(s, ",\"\r\n") || (*s && strchr("=+-@\t", *s))) {
        kh_buf_char(out, '"');
        if (strchr("=+-@\t", *s))
            kh_buf_char(out, '\''); /* a spreadsheet would run it */
        for (; *s; s++) {
            if (*s == '"')
                kh_buf_char(out, '"');
            kh_buf_char(out, *s);
        }
        kh_buf_char(out, '"');
    } else {
        kh_buf_str(out, s);
    }
    kh_buf_char(out, end);
}

void kh_findings_csv(const kh_findings *list, kh_buf *out)
{
    const kh_finding *f;
    size_t n = kh_findings_all(list, &f);
    kh_buf_str(out, "file,line,column,severity,code,heading,value,text,expected\n");
    for (size_t i = 0; i < n; i++) {
        csv_field(out, f[i].file, ',');
        kh_buf_printf(out, "%u,%u,%s,", f[i].line, f[i].column, kh_severity_name(f[i].severity));
        csv_field(out, f[i].code, ',');
        csv_field(out, f[i].heading, ',');
        csv_field(out, f[i].value, ',');
        csv_field(out, f[i].text, ',');
        csv_field(out, f[i].expected, '\n');
    }
}
