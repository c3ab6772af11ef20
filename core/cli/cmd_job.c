/* SPDX-License-Identifier: MIT */
/* kehoach job: scheduled work. A timer calls `job due`; the rest is for people. */
#include "cli/cli.h"

#include "base/log.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/text.h"
#include "job/systemd.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "kehoach job list | run NAME [PERIOD] | due [--dry-run] | history [NAME] | log RUN | retry NAME PERIOD | skip NAME PERIOD --reason TEXT | units";

static const kh_opt options[] = {
    {"--dry-run", NULL, N_("due: only say what would run")},
    {"--reason", "TEXT", N_("skip: why; kept in the history")},
    {"--user", "NAME", N_("units: the account that the service runs as")},
    {"--minutes", "N", N_("units: minutes between two looks (default 5)")},
    {NULL, NULL, NULL},
};

typedef struct lines { kh_cli *cli; kh_buf out; kh_json json; bool only_ready; size_t n; } lines;

static lines lines_new(kh_cli *cli)
{
    lines l = {.cli = cli};
    return l;
}

static void begin(lines *l)
{
    l->json = (kh_json)KH_JSON(&l->out);
    if (l->cli->json)
        kh_json_begin(&l->json, '[');
}

static int end(lines *l, int rc, kh_error *err)
{
    if (l->cli->json)
        kh_json_end(&l->json, ']'), kh_buf_char(&l->out, '\n');
    if (rc != KH_OK) {
        kh_buf_free(&l->out);
        return rc;
    }
    return kh_print_buf(&l->out, err);
}

/* --- list, due --dry-run -------------------------------------------------------- */

static int show_slot(void *ctx, const kh_job_slot *s)
{
    lines *l = ctx;
    char period[KH_PERIOD_TEXT], since[24];
    if (l->only_ready && !s->ready)
        return 0;
    l->n++;
    kh_period_format(s->slot.period, period);
    kh_moment_format(s->slot.since, since);
    const char *state = kh_run_state_name(s->slot.state);
    if (l->cli->json) {
        kh_json *j = &l->json;
        kh_json_begin(j, '{');
        kh_json_key(j, "job"), kh_json_str(j, s->job->code);
        kh_json_key(j, "period"), kh_json_str(j, period);
        kh_json_key(j, "since"), kh_json_str(j, since);
        kh_json_key(j, "state"), kh_json_str(j, state);
        kh_json_key(j, "ready"), kh_json_bool(j, s->ready);
        kh_json_key(j, "attempt"), kh_json_int(j, s->slot.attempt);
        kh_json_end(j, '}');
    } else {
        kh_buf_printf(&l->out, "%-16s %-10s %s  %s\n", s->job->code, period, since, state);
    }
    return 0;
}

static void show_coming(lines *l)
{
    kh_moment now, at;
    char when[24], period[KH_PERIOD_TEXT];
    if (l->cli->json || !kh_moment_parse(l->cli->ws->now, &now))
        return;
    const kh_catalog *c = l->cli->ws->catalog;
    for (size_t i = 0; i < c->n_jobs; i++) {
        kh_period p = kh_schedule_coming(&c->jobs[i], now, &at);
        if (!p) {
            kh_buf_printf(&l->out, "%-16s %-10s %s\n", c->jobs[i].code, "-", _("by hand only"));
            continue;
        }
        kh_period_format(p, period);
        kh_moment_format(at, when);
        kh_buf_printf(&l->out, "%-16s %-10s %s  %s\n", c->jobs[i].code, period, when, _("comes next"));
    }
}

static int list(kh_cli *cli, const kh_args *args, kh_error *err)
{
    lines l = lines_new(cli);
    begin(&l);
    int rc = kh_jobs_slots(cli->ws, args->n_operands > 1 ? args->operands[1] : NULL, show_slot, &l, err);
    if (rc == KH_OK && args->n_operands < 2)
        show_coming(&l);
    return end(&l, rc, err);
}

static void told(void *ctx, const kh_job_def *job, kh_period p, int rc, const kh_error *why)
{
    lines *l = ctx;
    char period[KH_PERIOD_TEXT];
    kh_period_format(p, period);
    if (l->cli->json) {
        kh_json *j = &l->json;
        kh_json_begin(j, '{');
        kh_json_key(j, "job"), kh_json_str(j, job->code);
        kh_json_key(j, "period"), kh_json_str(j, period);
        kh_json_key(j, "done"), kh_json_bool(j, rc == KH_OK);
        kh_json_key(j, "error"), kh_json_str(j, rc == KH_OK ? NULL : why->text);
        kh_json_end(j, '}');
    }
    if (rc == KH_OK)
        kh_log(KH_LOG_NOTE, "job %s %s: done", job->code, period);
    else
        kh_log(KH_LOG_ERROR, "job %s %s: %s", job->code, period, why->text ? why->text : "");
}

static int due(kh_cli *cli, const kh_args *args, kh_error *err)
{
    size_t n;
    lines l = lines_new(cli);
    begin(&l);
    if (kh_arg_on(args, "--dry-run")) {
        l.only_ready = true;
        return end(&l, kh_jobs_slots(cli->ws, NULL, show_slot, &l, err), err);
    }
    int rc = kh_jobs_run_due(cli->ws, told, &l, &n, err);
    if (rc == KH_OK && n == 0)
        kh_log(KH_LOG_DETAIL, "nothing is due");
    if (!cli->json || (rc != KH_OK && n == 0))
        return end(&l, rc, err);
    cli->answered = true; /* what failed stands in the list */
    int put = end(&l, KH_OK, rc == KH_OK ? err : NULL);
    return rc != KH_OK ? rc : put;
}

/* --- history, log ------------------------------------------------------------------ */

static int show_run(void *ctx, const kh_run *r)
{
    lines *l = ctx;
    char period[KH_PERIOD_TEXT];
    kh_period_format(r->period, period);
    if (l->cli->json) {
        kh_json *j = &l->json;
        kh_json_begin(j, '{');
        kh_json_key(j, "run"), kh_json_int(j, r->id);
        kh_json_key(j, "job"), kh_json_str(j, r->job);
        kh_json_key(j, "period"), kh_json_str(j, period);
        kh_json_key(j, "attempt"), kh_json_int(j, r->attempt);
        kh_json_key(j, "state"), kh_json_str(j, r->state);
        kh_json_key(j, "started"), kh_json_str(j, r->started);
        kh_json_key(j, "ended"), kh_json_str(j, r->ended);
        kh_json_key(j, "error"), kh_json_str(j, r->error);
        kh_json_end(j, '}');
        return 0;
    }
    char *error = kh_text_visible(r->error ? r->error : "", r->error ? strlen(r->error) : 0, false);
    kh_buf_printf(&l->out, "%6lld  %-16s %-10s #%d  %-12s %s  %s%s%s\n", (long long)r->id, r->job, period, r->attempt, r->state, r->started ? r->started : "",
                  r->ended ? r->ended : "-", *error ? "  " : "", error);
    kh_free(error);
    return 0;
}

static int history(kh_cli *cli, const kh_args *args, kh_error *err)
{
    const char *job = args->n_operands > 1 ? args->operands[1] : NULL;
    uint32_t i;
    lines l = lines_new(cli);
    int rc = job ? kh_catalog_need(cli->ws->catalog, KH_DEF_JOB, job, &i, err) : KH_OK;
    if (rc != KH_OK || (rc = kh_workspace_store(cli->ws, KH_STORE_READ, err)) != KH_OK)
        return rc;
    begin(&l);
    return end(&l, kh_store_runs(cli->ws->store, job, KH_NO_PERIOD, show_run, &l, err), err);
}

static int show_log(void *ctx, int64_t run, const char *at, const char *level, const char *text)
{
    lines *l = ctx;
    if (l->cli->json) {
        kh_json_begin(&l->json, '{');
        kh_json_key(&l->json, "run"), kh_json_int(&l->json, run);
        kh_json_key(&l->json, "at"), kh_json_str(&l->json, at);
        kh_json_key(&l->json, "level"), kh_json_str(&l->json, level);
        kh_json_key(&l->json, "text"), kh_json_str(&l->json, text);
        kh_json_end(&l->json, '}');
        return 0;
    }
    char *shown = kh_text_visible(text, strlen(text), false);
    kh_buf_printf(&l->out, "%s  %-7s %s\n", at, level, shown);
    kh_free(shown);
    return 0;
}

static int run_log(kh_cli *cli, const kh_args *args, kh_error *err)
{
    char *rest;
    lines l = lines_new(cli);
    errno = 0;
    long long id = args->n_operands == 2 ? strtoll(args->operands[1], &rest, 10) : 0;
    if (args->n_operands != 2 || errno || *rest || id <= 0)
        return kh_fail(err, KH_EUSAGE, "name a run by its number: `kehoach job history` lists them");
    int rc = kh_workspace_store(cli->ws, KH_STORE_READ, err);
    if (rc != KH_OK)
        return rc;
    begin(&l);
    return end(&l, kh_store_run_logs(cli->ws->store, id, show_log, &l, err), err);
}

/* --- units -------------------------------------------------------------------------- */

static int units(kh_cli *cli, const kh_args *args, kh_error *err)
{
    char program[PATH_MAX];
    const char *minutes = kh_arg(args, "--minutes");
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0)
        return kh_fail(err, KH_ESTORE, "cannot tell where this program lies: %s", kh_errno_text(errno));
    program[n] = '\0';
    kh_systemd s = {.program = program, .root = cli->ws->root, .title = cli->ws->settings.name, .user = kh_arg(args, "--user"), .minutes = 0};
    if (minutes && (strlen(minutes) > 2 || !kh_natural(minutes, strlen(minutes), &s.minutes) || s.minutes < 1 || s.minutes > 60))
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a number of minutes from 1 to 60", minutes);
    kh_buf out = KH_BUF_INIT, name = KH_BUF_INIT, text[2] = {KH_BUF_INIT, KH_BUF_INIT};
    kh_json j = KH_JSON(&out);
    kh_systemd_name(&s, &name);
    int rc = kh_systemd_service(&s, &text[0], err);
    if (rc == KH_OK)
        rc = kh_systemd_timer(&s, &text[1], err);
    if (cli->json)
        kh_json_begin(&j, '[');
    for (size_t i = 0; i < 2; i++) {
        char *path = kh_asprintf("/etc/systemd/system/%s.%s", kh_buf_cstr(&name), i == 0 ? "service" : "timer");
        if (cli->json) {
            kh_json_begin(&j, '{');
            kh_json_key(&j, "path"), kh_json_str(&j, path);
            kh_json_key(&j, "text"), kh_json_strn(&j, text[i].data, text[i].len);
            kh_json_end(&j, '}');
        } else {
            kh_buf_printf(&out, "%s# %s\n%s", i ? "\n" : "", path, kh_buf_cstr(&text[i]));
        }
        kh_free(path);
        kh_buf_free(&text[i]);
    }
    if (cli->json) {
        kh_json_end(&j, ']');
        kh_buf_char(&out, '\n');
    }
    kh_buf_free(&name);
    if (rc == KH_OK)
        return kh_print_buf(&out, err);
    kh_buf_free(&out);
    return rc;
}

/* --- the command ---------------------------------------------------------------------- */

static int done(const kh_cli *cli, const char *what, const kh_args *args, int rc, kh_error *err)
{
    return rc == KH_OK ? kh_say_done(cli, what, args->operands[1], err) : rc;
}

static int run(kh_cli *cli, const kh_args *args, kh_error *err)
{
    const char *what = args->n_operands ? args->operands[0] : "list";
    size_t n = args->n_operands ? args->n_operands - 1 : 0;
    if (strcmp(what, "list") == 0 && n <= 1)
        return list(cli, args, err);
    if (strcmp(what, "run") == 0 && (n == 1 || n == 2))
        return done(cli, "ran", args, kh_job_run(cli->ws, args->operands[1], n == 2 ? args->operands[2] : NULL, err), err);
    if (strcmp(what, "retry") == 0 && n == 2) /* whatever ran before */
        return done(cli, "ran", args, kh_job_run(cli->ws, args->operands[1], args->operands[2], err), err);
    if (strcmp(what, "due") == 0 && n == 0)
        return due(cli, args, err);
    if (strcmp(what, "history") == 0 && n <= 1)
        return history(cli, args, err);
    if (strcmp(what, "log") == 0)
        return run_log(cli, args, err);
    if (strcmp(what, "skip") == 0 && n == 2)
        return done(cli, "skipped", args, kh_job_skip(cli->ws, args->operands[1], args->operands[2], kh_arg(args, "--reason"), err), err);
    if (strcmp(what, "units") == 0 && n == 0)
        return units(cli, args, err);
    return kh_fail(err, KH_EUSAGE, "the command is written: %s", usage);
}

const kh_command kh_cmd_job = {"job", usage, N_("scheduled work: list, run, due, history, log, retry, skip, units"),
                               N_("A job's unit of work is (job, period), with its state in the store. A timer calls `job due`\n"
                                  "every few minutes; what is due runs once, what failed is tried again by the job's own rules.\n"
                                  "\n"
                                  "  kehoach job list\n"
                                  "  kehoach job run tong-hop-quy 2020Q4\n"
                                  "  kehoach job due --dry-run\n"
                                  "  kehoach job units --user kehoach\n"),
                               options, true, run};
