/* SPDX-License-Identifier: MIT */
/* The manual page, kehoach(1), out of the same texts that `--help` shows: in roff, in the language that is set. */
#include "cli/cli.h"

#include "base/msg.h"

#include <string.h>

/* Text as roff takes it: a hyphen stays the one that is typed, and no line begins a request. */
static void put(kh_buf *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool first = out->len == 0 || out->data[out->len - 1] == '\n';
        if (first && (s[i] == '.' || s[i] == '\''))
            kh_buf_str(out, "\\&");
        if (s[i] == '\\')
            kh_buf_str(out, "\\e");
        else if (s[i] == '-')
            kh_buf_str(out, "\\-");
        else
            kh_buf_char(out, s[i]);
    }
}

static void put_str(kh_buf *out, const char *s) { put(out, s, strlen(s)); }

static void head(kh_buf *out, const char *macro, const char *title)
{
    kh_buf_printf(out, "%s \"", macro);
    put_str(out, title);
    kh_buf_str(out, "\"\n");
}

/* An option or word with what it means beside it. */
static void entry(kh_buf *out, const char *name, const char *value, const char *text)
{
    kh_buf_str(out, ".TP\n\\fB");
    put_str(out, name);
    kh_buf_str(out, "\\fR");
    if (value) {
        kh_buf_str(out, " \\fI");
        put_str(out, value);
        kh_buf_str(out, "\\fR");
    }
    kh_buf_char(out, '\n');
    put_str(out, text);
    kh_buf_char(out, '\n');
}

/* Help as `--help` shows it: paragraphs, and examples set in by two blanks, which stand as they are. */
static void text(kh_buf *out, const char *s)
{
    bool example = false, para = true;
    while (*s) {
        size_t n = strcspn(s, "\n");
        bool in = n > 2 && s[0] == ' ' && s[1] == ' ';
        if (in != example)
            kh_buf_str(out, in ? ".PP\n.nf\n.RS 2\n" : ".RE\n.fi\n");
        example = in;
        if (n == 0)
            para = true;
        else if (in) {
            put(out, s + 2, n - 2);
            kh_buf_char(out, '\n');
        } else {
            if (para)
                kh_buf_str(out, ".PP\n");
            para = false;
            put(out, s, n);
            kh_buf_char(out, '\n');
        }
        s += n + (s[n] == '\n');
    }
    if (example)
        kh_buf_str(out, ".RE\n.fi\n");
}

static void options(kh_buf *out, const kh_opt *table)
{
    for (const kh_opt *o = table; o && o->name; o++)
        entry(out, o->name, o->value, _(o->help));
}

static void command(kh_buf *out, const kh_command *c)
{
    head(out, ".SS", c->name);
    kh_buf_str(out, _(c->summary));
    kh_buf_str(out, ".\n.PP\n\\fB");
    put_str(out, c->usage);
    kh_buf_str(out, "\\fR\n");
    text(out, _(c->help));
    options(out, c->options);
}

static void statuses(kh_buf *out)
{
    entry(out, "0", NULL, _("done"));
    entry(out, "1", NULL, _("done, and the data has faults: a return refused, a rule broken"));
    entry(out, "2", NULL, _("wrong usage or definitions"));
    entry(out, "3", NULL, _("a script failed or met a limit"));
    entry(out, "4", NULL, _("the store or the system failed"));
    entry(out, "75", NULL, _("another run holds the lock; try again"));
    entry(out, "130", NULL, _("interrupted"));
}

static void files(kh_buf *out)
{
    entry(out, "kehoach.lua", NULL, _("names the workspace, its store, scripts and limits; it is looked for from the current folder upwards"));
    entry(out, "kehoach.db", NULL, _("the store: one SQLite file"));
    entry(out, "~/.kehoach_history", NULL, _("what was typed in the shell; with XDG_STATE_HOME, kehoach_history there"));
}

static void environment(kh_buf *out)
{
    entry(out, "KEHOACH_LANG", NULL, _("vi or en"));
    entry(out, "KEHOACH_BY", NULL, _("who did it, for the audit; else the account's name"));
    entry(out, "KEHOACH_NOW", NULL, _("the moment that counts as now, as 2020-12-22T02:00:00Z; for trying things out"));
    entry(out, "NO_COLOR", NULL, _("no colours"));
}

void kh_man_page(kh_buf *out)
{
    kh_buf_str(out, ".\\\" -*- coding: utf-8 -*-\n.\\\" Made by `kehoach manual man`; do not edit.\n");
    kh_buf_str(out, ".TH KEHOACH 1 \"\" \"kehoach " KH_VERSION "\"\n.nh\n.ad l\n");
    head(out, ".SH", _("NAME"));
    kh_buf_str(out, "kehoach \\- ");
    kh_buf_str(out, _("follow a government plan, from returns to reports"));
    kh_buf_char(out, '\n');
    head(out, ".SH", _("SYNOPSIS"));
    kh_buf_str(out, "\\fBkehoach\\fR [\\fB\\-C\\fR \\fIDIR\\fR] [\\fB\\-\\-store\\fR \\fIFILE\\fR] [\\fB\\-\\-lang\\fR vi|en] [\\fB\\-\\-json\\fR] "
                    "[\\fB\\-q\\fR|\\fB\\-v\\fR] \\fICOMMAND\\fR ...\n");
    head(out, ".SH", _("DESCRIPTION"));
    put_str(out, _("kehoach follows a plan: imports returns, computes indicators against targets, writes reports.\n"));
    head(out, ".SH", _("OPTIONS"));
    options(out, kh_global_options);
    head(out, ".SH", _("COMMANDS"));
    for (size_t i = 0; i < kh_n_commands; i++)
        if (kh_commands[i]->summary)
            command(out, kh_commands[i]);
    head(out, ".SH", _("EXIT STATUS"));
    statuses(out);
    head(out, ".SH", _("ENVIRONMENT"));
    environment(out);
    head(out, ".SH", _("FILES"));
    files(out);
    head(out, ".SH", _("SEE ALSO"));
    put_str(out, _("The pages in share/doc/kehoach beside the program; `kehoach COMMAND --help`; sqlite3(1)."));
    kh_buf_char(out, '\n');
}
