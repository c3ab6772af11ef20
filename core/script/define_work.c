/* SPDX-License-Identifier: MIT */
/* Definitions of reports and jobs. */
#include "script/define.h"

#include "base/msg.h"
#include "base/num.h"

#include <string.h>

const kh_key kh_keys_report[] = {
    {"title", "string?", "its name for people"},
    {"params", "table?", "{ period = \"year\" }: the length of its period; other names take what --param gives"},
    {"build", "fun(doc: Doc, p: table)", "writes the document"},
    {"lang", "\"vi\"|\"en\"?", "the language that it is written in, whatever is asked; left out: the one that is asked"},
    {"note", "string?", "a remark"},
    {NULL, NULL, NULL},
};
const kh_key kh_keys_job[] = {
    {"title", "string?", "its name for people"},
    {"every", "\"year\"|\"nine\"|\"half\"|\"quarter\"|\"month\"|\"week\"|\"day\"", "the length of its periods"},
    {"calendar", "\"civil\"|\"nd09\"?", "when a period's window closes; default the workspace's"},
    {"after", "integer?", "days after the window closes; default 0"},
    {"at", "string?", "the time of day, \"06:00\"; default 00:00"},
    {"timeout", "string|number?", "\"30m\"; default the workspace's time limit"},
    {"retries", "integer?", "how often a failed run is tried again; default 0"},
    {"wait", "string|number?", "\"10m\" between two tries"},
    {"catch_up", "integer?", "how many past periods that were missed are made up for; default 1"},
    {"run", "fun(job: Job)", "does the work"},
    {NULL, NULL, NULL},
};

void kh_define_report(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_report);
    kh_arena *a = d->c->arena;
    kh_report_def r = {.code = kh_defn_code(d), .title = kh_defn_title(&t, d, "title"), .note = kh_table_text_in(&t, "note", a)};
    r.lang = kh_table_text_in(&t, "lang", a);
    if (r.lang && strcmp(r.lang, "vi") != 0 && strcmp(r.lang, "en") != 0)
        kh_table_bad(&t, "lang", _("must be \"vi\" or \"en\", not \"%s\""), r.lang);
    int type = kh_table_push(&t, "params");
    if (type == LUA_TTABLE) {
        lua_pushliteral(L, "period");
        if (lua_rawget(L, -2) == LUA_TSTRING) {
            r.every = kh_freq_parse(lua_tostring(L, -1));
            if (r.every == KH_EVERY_NONE)
                kh_table_bad(&t, "params", _("period = \"%s\": a length is year, nine, half, quarter, month, week or day"), lua_tostring(L, -1));
        }
        lua_pop(L, 1);
    } else if (type != LUA_TNIL) {
        kh_table_bad(&t, "params", _("must be a table like { period = \"year\" }"));
    }
    r.file = kh_defn_file(d);
    r.line = d->place->line;
    r.script = kh_defn_function(&t, "build", true);
    kh_defn_add(L, d, KH_DEF_REPORT, &r);
}

static int minutes_of(const kh_table *t, const char *key)
{
    const char *s = kh_table_text(t, key);
    int h, m;
    if (!s)
        return 0;
    const char *colon = strchr(s, ':');
    if (!colon || colon - s > 2 || strlen(colon + 1) != 2 || !kh_natural(s, (size_t)(colon - s), &h) || !kh_natural(colon + 1, 2, &m) || h > 23 || m > 59)
        kh_table_bad(t, key, _("must be a time of day like \"06:00\", not \"%s\""), s);
    return h * 60 + m;
}

void kh_define_job(lua_State *L, const kh_defn *d)
{
    kh_table t = kh_table_open(L, d->table, d->what, kh_keys_job);
    kh_job_def j = {.code = kh_defn_code(d), .title = kh_defn_title(&t, d, "title")};
    j.every = kh_table_freq(&t, "every");
    j.calendar = kh_table_calendar(&t, "calendar", d->c->calendar);
    j.after = (int)kh_table_int(&t, "after", -366, 366, 0);
    j.at = minutes_of(&t, "at");
    j.timeout = (int)kh_table_duration(&t, "timeout", d->s->ws->settings.seconds);
    j.wait = (int)kh_table_duration(&t, "wait", 0);
    j.retries = (int)kh_table_int(&t, "retries", 0, 1000, 0);
    j.catch_up = (int)kh_table_int(&t, "catch_up", 0, 10000, 1);
    j.file = kh_defn_file(d);
    j.line = d->place->line;
    kh_canonical_sha256(L, d->table, j.sha256);
    j.script = kh_defn_function(&t, "run", true);
    kh_defn_add(L, d, KH_DEF_JOB, &j);
}
