/* SPDX-License-Identifier: MIT */
/*
 * The corpus of tests/lua/attacks and tests/lua/legit (tests/lua/README.md
 * explains the form): each case is run by the true command, in a worker under
 * small limits, and judged by its status, its message, and what was left behind.
 *
 *   ATTACKS=all     every case through every way into Lua
 *   ATTACKS=strict  time and memory are judged as well: on a machine that does nothing else; all,strict is both
 *   ATTACKS=bare    as on a kernel without Landlock and seccomp: the sandbox alone
 *   CASE=text       only cases whose name holds the text, or of the file of that name; their messages are shown
 */
#include "base/mem.h"
#include "bare.h"
#include "cm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MB 64
#define OUTPUT_MB 8L
#define LIMIT_S 0.5
#define PATIENCE_S 12 /* where the clock came before the limit that a case is about */
#define HANG_S 20 /* nothing takes so long, even under a sanitizer on a busy machine */

/* Under a sanitizer memory fills slowly, so that time may end first; and its report stands where the place of a crash would. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* The ways into Lua; the last is only for the files of attacks that are definitions. */
enum { SCRIPT, COROUTINE, MODULE, REPORT, JOB, ROW, RULE, FORMULA, EACH, TEST, SHELL, DEFINITIONS, N_WAYS };
static const char *const way_names[] = {"script", "coroutine", "module", "report", "job", "row", "rule", "formula", "each", "test", "shell", "definitions"};

typedef struct test_case { char *file, *name, *expect, *text; int line, way; bool honest; } test_case;
typedef struct outcome { int status; double seconds; long peak_kb, written; char err[8192], out[4096]; bool hung; } outcome;

static char workspace[] = "/tmp/kehoach-attacks-XXXXXX";
static char program[4096];
static bool strict, bare;
static double limit_s = LIMIT_S;
static struct { unsigned stopped, contained, ran, worker_crashed; double slowest; long largest; char slowest_name[200], largest_name[200]; } sum;
static struct { unsigned escaped, hung, crashed, memory, flooded, silent; } broken; /* must all be 0 */
static double *stops; /* seconds beyond the limit of those that a limit ended */
static size_t n_stops, cap_stops;

/* --- running -------------------------------------------------------------------------- */

static void write_text(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void write_text(const char *name, const char *format, ...)
{
    char path[4200];
    va_list ap;
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    va_start(ap, format);
    vfprintf(f, format, ap);
    va_end(ap);
    assert_int_equal(fclose(f), 0);
}

static void remove_file(const char *name)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    unlink(path);
}

static size_t slurp(const char *name, char *out, size_t room)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    FILE *f = fopen(path, "r");
    if (f && fseek(f, 0, SEEK_END) == 0) /* of a flood the end tells how it ended */
        fseek(f, ftell(f) > (long)room - 1 ? -((long)room - 1) : -ftell(f), SEEK_END);
    size_t n = f ? fread(out, 1, room - 1, f) : 0;
    out[n] = '\0';
    if (f)
        fclose(f);
    return n;
}

static long size_of(const char *name)
{
    char path[4200];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    return stat(path, &st) == 0 ? (long)st.st_size : 0;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(char *const argv[], outcome *o)
{
    memset(o, 0, sizeof *o);
    double begun = now();
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char path[4200];
        snprintf(path, sizeof path, "%s/stdout", workspace);
        int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        snprintf(path, sizeof path, "%s/stderr", workspace);
        int err = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        snprintf(path, sizeof path, "%s/stdin", workspace);
        int in = open(path, O_RDONLY);
        if (in < 0)
            in = open("/dev/null", O_RDONLY);
        dup2(in, 0);
        dup2(out, 1);
        dup2(err, 2);
        setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=1", 0); /* leaks are looked for where the code is called directly */
        if (bare && without_guards() != 0)
            _exit(126);
        execv(program, argv);
        _exit(127);
    }
    struct rusage ru;
    int status = 0;
    pid_t r;
    while ((r = wait4(pid, &status, WNOHANG, &ru)) == 0 && now() - begun < HANG_S)
        usleep(2000);
    if (r == 0) {
        o->hung = true;
        kill(pid, SIGTERM);
        usleep(100000);
        kill(pid, SIGKILL);
        wait4(pid, &status, 0, &ru);
    }
    o->seconds = now() - begun;
    o->peak_kb = ru.ru_maxrss;
    o->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    slurp("stderr", o->err, sizeof o->err);
    slurp("stdout", o->out, sizeof o->out);
    o->written = size_of("stdout") + size_of("stderr");
}

#define RUN(o, ...) run((char *const[]){(char[]){"kehoach"}, (char[]){"-C"}, workspace, (char[]){"--lang"}, (char[]){"en"}, __VA_ARGS__, NULL}, o)

/* The case's text stands on the same lines in each of the ways, so that messages name the same ones. */
static void run_case(const test_case *c, outcome *o)
{
    switch (c->way) {
    case SCRIPT:
        write_text("case.lua", "%s", c->text);
        RUN(o, (char[]){"run"}, (char[]){"case.lua"});
        return;
    case COROUTINE:
        write_text("case.lua", "local case <const> = coroutine.wrap(function(...) %s\nend) return case(...)\n", c->text);
        RUN(o, (char[]){"run"}, (char[]){"case.lua"});
        return;
    case MODULE:
        write_text("scripts/lib/case.lua", "%s", c->text);
        write_text("main.lua", "require('case')\n");
        RUN(o, (char[]){"run"}, (char[]){"main.lua"});
        remove_file("scripts/lib/case.lua");
        return;
    case REPORT:
        write_text("scripts/case.lua", "report 'case' { build = function(...) %s\nend }\n", c->text);
        RUN(o, (char[]){"report"}, (char[]){"case"}, (char[]){"--period"}, (char[]){"2018"});
        break;
    case JOB:
        write_text("scripts/case.lua", "job 'case' { every = 'year', timeout = %g, run = function(...) %s\nend }\n", limit_s, c->text);
        RUN(o, (char[]){"job"}, (char[]){"run"}, (char[]){"case"}, (char[]){"2018"});
        break;
    case RULE:
        write_text("scripts/case.lua", "rule 'case' { message = 'x', check = function(...) %s\nend }\n", c->text);
        RUN(o, (char[]){"check"}, (char[]){"--period"}, (char[]){"2018"});
        break;
    case FORMULA:
    case EACH:
        write_text("scripts/case.lua", "indicator 'case' { title = 'x', %s = function(...) local m, c = ..., ...; local _ = m.x, c.x; %s\nend }\n", c->way == EACH ? "each" : "formula", c->text);
        RUN(o, (char[]){"compute"}, (char[]){"case"}, (char[]){"--period"}, (char[]){"2018"});
        break;
    case TEST:
        write_text("tests/lua/case_test.lua", "describe('x', function() it('case', function(...) %s\nend) end)\n", c->text);
        RUN(o, (char[]){"test"});
        remove_file("tests/lua/case_test.lua");
        return;
    case SHELL:
        write_text("stdin", "do %s\nend\n", c->text);
        RUN(o, (char[]){"shell"});
        remove_file("stdin");
        return;
    case DEFINITIONS:
        write_text("scripts/case.lua", "%s", c->text);
        RUN(o, (char[]){"load"});
        break;
    default:
        write_text("scripts/case.lua", "form 'case' { every = 'year', reporters = { kind = 'district' }, columns = { { 'Case', as = 'key' } }, measures = { 'y' }, row = function(...) %s\nend }\n", c->text);
        write_text("data/case.csv", "Case\n1\n");
        RUN(o, (char[]){"import"}, (char[]){"--form"}, (char[]){"case"}, (char[]){"--unit"}, (char[]){"a"}, (char[]){"--period"}, (char[]){"2018"}, (char[]){"data/case.csv"});
        remove_file("data/case.csv");
    }
    remove_file("scripts/case.lua");
}

/* --- judging ---------------------------------------------------------------------------- */

static bool stop_is(const outcome *o, const char *words) { return o->status == 3 && strstr(o->err, words); }

static bool has_place(const outcome *o)
{
    const char *p = strstr(o->err, ".lua:");
    return p && p[5] >= '1' && p[5] <= '9';
}

/* One of the expectations that '|' joins. */
static bool meets(const test_case *c, const outcome *o, const char *want, size_t n)
{
    char text[200];
    bool as_script = c->way == SCRIPT || c->way == COROUTINE || c->way == MODULE || c->way == JOB; /* elsewhere a fault is one of the definitions or of the data */
    if (n == 4 && memcmp(want, "time", 4) == 0)
        return stop_is(o, "ran longer than its limit");
    if (n == 6 && memcmp(want, "memory", 6) == 0)
        return stop_is(o, "needs more memory") || (SANITIZED && stop_is(o, "ran longer than its limit"));
    if (n == 6 && memcmp(want, "output", 6) == 0)
        return stop_is(o, "wrote more than");
    if (n == 2 && memcmp(want, "ok", 2) == 0)
        return o->status == 0 || (SANITIZED && stop_is(o, "ran longer than its limit"));
    if (n == 9 && memcmp(want, "contained", 9) == 0)
        return o->status == 0 || (o->status == 3 && o->err[0]);
    snprintf(text, sizeof text, "%.*s", (int)n, want);
    if (strncmp(text, "error:", 6) == 0)
        return (o->status == 3 || (!as_script && o->status >= 1 && o->status <= 3)) && strstr(o->err, text + 6);
    return o->status == 3 && strstr(o->err, text);
}

static bool met(const test_case *c, const outcome *o)
{
    for (const char *w = c->expect; *w;) {
        size_t n = strcspn(w, "|");
        if (meets(c, o, w, n))
            return true;
        w += n + (w[n] == '|');
    }
    return false;
}

/* What was stored by then: no case that fails may change it, but those that import. */
static int64_t stored(void)
{
    char path[4200];
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int64_t n = -1;
    snprintf(path, sizeof path, "%s/kehoach.db", workspace);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "SELECT count(*) * 1000003 + coalesce(sum(id * version), 0) FROM submission", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

/* What no case may do, whatever it is and however it came in. */
static bool sound(const test_case *c, const outcome *o, int64_t before)
{
    bool limit_met = strstr(o->err, "stopped:") != NULL;
    bool escaped = access("/tmp/kehoach-attack", F_OK) == 0 || access("/tmp/kehoach-attack.db", F_OK) == 0 || access("/tmp/x.csv", F_OK) == 0 ||
                   (o->status != 0 && !strstr(c->text, "import") && stored() != before);
    bool crashed = o->status > 128 || o->status < 0 || strstr(o->err, "without protection");
    bool silent = o->status != 0 && !o->err[0] && !o->out[0];
    bool flooded = o->written > (OUTPUT_MB + 1) << 20, memory = strict && o->peak_kb > (LIMIT_MB + 32) * 1024L;
    if (c->way == SCRIPT && o->status == 3)
        silent = silent || !(has_place(o) || (SANITIZED && strstr(o->err, "crashed the worker")));
    if (limit_met && o->seconds > limit_s)
        KH_PUSH(stops, n_stops, cap_stops) = o->seconds - limit_s;
    broken.escaped += escaped;
    broken.hung += o->hung;
    broken.crashed += crashed;
    broken.silent += silent;
    broken.flooded += flooded;
    broken.memory += memory;
    return !escaped && !o->hung && !crashed && !silent && !flooded && !memory;
}

/* Through another way in, a case may rightly end otherwise: a report may not write, a row's fault is a finding. What stays: it ends, and says why. */
static bool met_elsewhere(const test_case *c, const outcome *o)
{
    if (met(c, o))
        return true;
    bool ends = strstr(c->expect, "time") || strstr(c->expect, "memory") || strstr(c->expect, "output");
    if (ends && o->status == 0 && c->way != SHELL) /* the shell goes on after what it was told */
        return false;
    return o->status >= 0 && o->status <= 3 && (o->status == 0 || o->err[0] || o->out[0]);
}

static bool raw_control(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 32 && *s != '\n' && *s != '\t')
            return true;
    return false;
}

static void set_limit(double seconds)
{
    limit_s = seconds;
    write_text("kehoach.lua", "workspace { name = 'limits', store = 'kehoach.db', lang = 'en', scripts = { 'scripts' }, grant = { read = { 'data' }, write = { 'out' } },\n"
                              "  limits = { memory = '64M', time = %g, output = '8M' } }\n", seconds);
}

static void check_case(void **state)
{
    const test_case *c = *state;
    outcome o;
    int64_t before = stored();
    if (c->honest && limit_s < PATIENCE_S)
        set_limit(PATIENCE_S);
    run_case(c, &o);
    if (!c->honest && stop_is(&o, "ran longer than its limit") && !met(c, &o)) {
        /* On a busy machine the clock comes first: what the case is about is then judged without hurry. */
        if (!sound(c, &o, before))
            fail_msg("%s:%d: \"%s\" as %s, stopped by time: %s", c->file, c->line, c->name, way_names[c->way], o.err);
        set_limit(PATIENCE_S);
        run_case(c, &o);
        set_limit(LIMIT_S);
    }
    if (getenv("CASE"))
        print_message("%s:%d %s as %s\nstatus %d, %.2f s, %ld kB\n%s%s\n", c->file, c->line, c->name, way_names[c->way], o.status, o.seconds, o.peak_kb, o.err, o.out);
    bool as_wanted = c->way == SCRIPT || c->way == DEFINITIONS ? met(c, &o) : met_elsewhere(c, &o);
    if (!sound(c, &o, before) || !as_wanted)
        fail_msg("%s:%d: \"%s\" as %s: wanted %s, got status %d%s after %.2f s, %ld MiB, %ld bytes written: %s", c->file, c->line, c->name, way_names[c->way], c->expect, o.status,
                 o.hung ? " (hung)" : "", o.seconds, o.peak_kb / 1024, o.written, o.err[0] ? o.err : o.out);
    assert_false(raw_control(o.err));
    assert_false(raw_control(o.out));
    sum.worker_crashed += strstr(o.err, "crashed the worker") != NULL;
    sum.ran += o.status == 0;
    sum.stopped += o.status == 3 && (strstr(o.err, "stopped:") != NULL);
    sum.contained += o.status != 0;
    if (o.seconds > sum.slowest && o.seconds < PATIENCE_S) {
        sum.slowest = o.seconds;
        snprintf(sum.slowest_name, sizeof sum.slowest_name, "%s", c->name);
    }
    if (o.peak_kb > sum.largest) {
        sum.largest = o.peak_kb;
        snprintf(sum.largest_name, sizeof sum.largest_name, "%s", c->name);
    }
}

/* --- reading the corpus ------------------------------------------------------------------- */

static test_case *cases;
static size_t n_cases, cap_cases;

static void add_case(const char *file, int line, char *head, const char *from, const char *to, int way, bool honest)
{
    char *bar = strstr(head, " | ");
    const char *only = getenv("CASE");
    assert_non_null(bar);
    *bar = '\0';
    if (only && !strstr(head, only) && strcmp(file, only) != 0)
        return;
    test_case c = {.file = kh_strdup(file), .name = kh_strdup(head), .expect = kh_strdup(bar + 3), .line = line, .way = way, .honest = honest};
    /* as many empty lines before it as in the file, so that a message's line is the file's */
    char *text = kh_alloc((size_t)line + (size_t)(to - from) + 1);
    memset(text, '\n', (size_t)line);
    memcpy(text + line, from, (size_t)(to - from));
    text[(size_t)line + (size_t)(to - from)] = '\0';
    c.text = text;
    KH_PUSH(cases, n_cases, cap_cases) = c;
}

static void read_cases(const char *path, const char *name, int way, bool honest)
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char *all = kh_alloc(1 << 20);
    size_t n = fread(all, 1, (1 << 20) - 1, f);
    fclose(f);
    all[n] = '\0';
    int line = 1;
    for (char *s = all; *s;) {
        char *nl = strchr(s, '\n'), *next = nl ? nl + 1 : s + strlen(s);
        if (strncmp(s, "--@ ", 4) != 0) {
            s = next;
            line++;
            continue;
        }
        char *head = kh_strndup(s + 4, (size_t)((nl ? nl : next) - s - 4));
        char *end = strstr(next, "\n--@ ");
        end = end ? end + 1 : next + strlen(next);
        add_case(name, line, head, next, end, way, honest);
        kh_free(head);
        for (; s < end; s++)
            line += *s == '\n';
    }
    kh_free(all);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static void read_folder(const char *folder, int way)
{
    struct dirent **list;
    char path[4096];
    bool all = strcmp(folder, "attacks") == 0;
    snprintf(path, sizeof path, "%s/tests/lua/%s", TEST_SOURCE, folder);
    int n = scandir(path, &list, NULL, by_name);
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        size_t len = strlen(list[i]->d_name);
        bool definitions = strcmp(list[i]->d_name, "definitions.lua") == 0;
        if (len > 4 && strcmp(list[i]->d_name + len - 4, ".lua") == 0 && (!all || definitions == (way == DEFINITIONS))) {
            char file[4400];
            snprintf(file, sizeof file, "%s/%s", path, list[i]->d_name);
            read_cases(file, list[i]->d_name, way, !all);
        }
        free(list[i]);
    }
    free(list);
}

/* --- the whole ------------------------------------------------------------------------------ */

static void nothing_was_written_outside(void **state)
{
    (void)state;
    outcome o;
    assert_int_not_equal(access("/tmp/kehoach-attack", F_OK), 0);
    assert_int_not_equal(access("/tmp/kehoach-attack.db", F_OK), 0);
    assert_int_not_equal(access("/tmp/x.csv", F_OK), 0);
    RUN(&o, (char[]){"sql"}, (char[]){"SELECT count(*) AS n FROM submission WHERE form <> 'F' AND form <> 'R' AND form <> 'KEEPS' AND form <> 'case'"});
    if (o.status != 0) /* `form` is a number or a code, as the store has it: either way no attack may have put one */
        RUN(&o, (char[]){"submissions"});
    assert_int_equal(o.status, 0);
    RUN(&o, (char[]){"audit"}, (char[]){"verify"});
    assert_int_equal(o.status, 0);
}

static int make_workspace(void)
{
    char command[9000];
    const char *build = getenv("BUILD");
    if (!build || !mkdtemp(workspace))
        return -1;
    snprintf(program, sizeof program, "%s/kehoach", build);
    snprintf(command, sizeof command,
             "cp -r %s/tests/fixtures/script/. %s && mkdir -p %s/tests/lua && ln -s /etc %s/data/link-to-etc && mkfifo %s/data/fifo && ln -s /tmp %s/out/link-out && ln -s /tmp/kehoach-nothing %s/out/dangling", TEST_SOURCE,
             workspace, workspace, workspace, workspace, workspace, workspace);
    return system(command);
}

static void remove_workspace(void)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf %s", workspace);
    if (system(command) != 0)
        print_message("left behind: %s\n", workspace);
}

int main(void)
{
    const char *how = getenv("ATTACKS"), *under = getenv("RUN");
    if (make_workspace() != 0 || access(program, X_OK) != 0) {
        fprintf(stderr, "no %s, or no workspace: BUILD must name the folder of the build\n", program);
        return 1;
    }
    outcome o;
    RUN(&o, (char[]){"load"});
    if (o.status != 0) {
        fprintf(stderr, "the workspace does not load: %s\n", o.err);
        return 1;
    }
    strict = how && strstr(how, "strict");
    bare = how && strstr(how, "bare");
    for (int way = 0; way < N_WAYS; way++)
        if (way == SCRIPT || way == DEFINITIONS || (how && strstr(how, "all")))
            read_folder("attacks", way);
    size_t attacks = n_cases;
    read_folder("legit", SCRIPT);
    if (under && *under) /* valgrind looks at the code, not at what a worker does in half a second */
        n_cases = n_cases > 40 ? 40 : n_cases;
    struct CMUnitTest *tests = kh_zalloc(n_cases + 1, sizeof *tests);
    for (size_t i = 0; i < n_cases; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, &cases[i]};
    tests[n_cases] = (struct CMUnitTest){"nothing_was_written_outside", nothing_was_written_outside, NULL, NULL, NULL};
    int failed = _cmocka_run_group_tests("attacks", tests, n_cases + 1, NULL, NULL);
    fprintf(stderr, "%zu attacks and %zu honest scripts: %u stopped at a limit, %u ended with an error, %u ran, %u crashed their worker, which was reported\n", attacks,
            n_cases > attacks ? n_cases - attacks : 0, sum.stopped, sum.contained - sum.stopped - sum.worker_crashed, sum.ran, sum.worker_crashed);
    fprintf(stderr, "escaped %u, hung %u, crashed %u, memory %u, flooded %u, silent %u\n", broken.escaped, broken.hung, broken.crashed, broken.memory, broken.flooded, broken.silent);
    if (n_stops)
        qsort(stops, n_stops, sizeof *stops, by_size);
    fprintf(stderr, "stopped after the limit of %g s: median %.2f s, 99th percentile %.2f s; slowest of all %.2f s (%s); largest %ld MiB (%s) at a limit of %d MiB\n", LIMIT_S,
            n_stops ? stops[n_stops / 2] : 0, n_stops ? stops[n_stops * 99 / 100] : 0, sum.slowest, sum.slowest_name, sum.largest / 1024, sum.largest_name, LIMIT_MB);
    if (strict && n_stops && stops[n_stops * 99 / 100] > 1)
        failed++;
    remove_workspace();
    return failed;
}
