/* SPDX-License-Identifier: MIT */
/*
 * Whole commands under faults: the n-th allocation fails, the n-th step on the
 * disk fails or is the last thing the process does, and random kills. After
 * each the store is the one before or the one after, and the same command run
 * again completes.
 *
 *   faults memory [SCENARIO]       every allocation of the command fails, once, and with all that follow: a child is forked at
 *                                  each (shim.c), so that a point costs a few milliseconds. From one call stack only FAULTS_STACKS
 *                                  times (1); FAULTS_STACKS=0: every single one. FAULTS_PART=I:N
 *                                  (I from 0): a share of them, so that several can run at once
 *   faults sweep KIND [SCENARIO]   the command is run anew for each fault: mem-once mem-good disk-once disk-good read-once kill half
 *   faults kill ROUNDS [SCENARIO]  kill -9 at random moments, of the supervisor or of the worker
 *   faults two ROUNDS              two writers at once
 *   faults damaged ROUNDS          stores with flipped bits, torn off or with foreign pages; on a build with sanitizers
 *
 * KEEP=1 stops at the first failure and keeps what it left. FAULTS_STEP=1 takes every n (else steps grow by a part in STEP, 25 by default); BUILD names the build. The last line
 * is "N passed, M failed". A workspace is copied from tests/faults/workspace into memory (/dev/shm) for each run.
 */
#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGS = 16, OUT = 256 * 1024 };

typedef struct scenario {
    const char *name;
    const char *before[8];     /* commands that make the store it begins with */
    const char *command;
    int status;                /* of an undisturbed run */
    const char *facts;         /* NULL: all tables must be equal; else the query whose rows must be */
    bool stages;               /* more than one transaction: in between, the store is whole and neither of the two */
} scenario;

#define LOAD "load"
#define FIRST LOAD, "import data/F_a_2018.csv", "import data/R_a_2018.csv", "import data/F_b_2018.csv"
/* What a job leaves, apart from how often it was tried. */
#define FACTS "SELECT form, sender, span, version, status, sha256 FROM v_submission UNION ALL SELECT unit, period, measure, cut, value, version FROM v_value ORDER BY 1, 2, 3, 4, 5, 6"

static const scenario scenarios[] = {
    {"load", {NULL}, "load", 0, NULL, true},
    {"import", {LOAD, "import data/F_a_2018.csv"}, "import data/F_b_2018.csv", 0, NULL, false},
    {"import-row", {LOAD}, "import data/R_a_2018.csv", 0, NULL, false},
    {"import-correction", {FIRST}, "import --form F --unit b --period 2018 data/F_b_2018_corrected.csv", 0, NULL, false},
    {"import-refused", {FIRST}, "import data/F_c_2018.csv", 1, NULL, false},
    {"compute", {FIRST}, "compute --period 2018", 0, NULL, false},
    {"check", {FIRST}, "check --period 2018", 0, NULL, false},
    {"late", {FIRST}, "late --period 2018", 0, NULL, false},
    {"explain", {FIRST}, "explain T a 2018", 0, NULL, false},
    {"query", {FIRST}, "sql 'SELECT unit, measure, value, line FROM v_value ORDER BY 1, 2, 3'", 0, NULL, false},
    {"run", {FIRST}, "run analysis.lua", 0, NULL, false},
    {"report-txt", {FIRST}, "report r --period 2018 --format txt -o out/", 0, FACTS, false},
    {"report-html", {FIRST}, "report r --period 2018 --format html -o out/", 0, FACTS, false},
    {"report-xlsx", {FIRST}, "report r --period 2018 --format xlsx -o out/", 0, FACTS, false},
    {"report-docx", {FIRST}, "report r --period 2018 --format docx -o out/", 0, FACTS, false},
    {"template", {LOAD}, "template F --unit a --period 2018 -o out/t.xlsx", 0, NULL, false},
    {"job", {LOAD, "import data/F_a_2018.csv"}, "job run all 2018", 0, FACTS, false},
    {"lock", {FIRST}, "lock 2018 --reason closed", 0, NULL, false},
    {"withdraw", {FIRST}, "withdraw 1 --reason wrong", 0, NULL, false},
    {"backup", {FIRST}, "backup out/copy.db", 0, NULL, false},
    {"migration", {LOAD, "old"}, "load", 0, NULL, true},
};
#define N_SCENARIOS (sizeof scenarios / sizeof *scenarios)

static char home[] = "/dev/shm/kehoach-faults-XXXXXX", base[128], work[128], seen[128], pristine[128];
static char program[4096], shim[4096];
static kh_fault_page *page;
static unsigned passed, failed, struck, said;
static const scenario *sc;
static const char *doing;
static unsigned limit_s; /* what runs longer has hung */
static bool true_time; /* nobody waits otherwise: a drop folder looks a second time after a second */
static long n_now;

static void bad(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void bad(const char *format, ...)
{
    va_list ap;
    failed++;
    if (++said > 5) /* of one sweep the first few tell enough */
        return;
    printf("FAIL %s %s:%ld: ", sc->name, doing, n_now);
    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
}

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- folders ------------------------------------------------------------------ */

static void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    if (!d) {
        unlink(path);
        return;
    }
    for (struct dirent *e; (e = readdir(d));) {
        char sub[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(sub, sizeof sub, "%s/%s", path, e->d_name);
        if (e->d_type == DT_DIR)
            remove_tree(sub);
        else
            unlink(sub);
    }
    closedir(d);
    rmdir(path);
}

static void copy_file(const char *from, const char *to)
{
    static char buf[1 << 16];
    int a = open(from, O_RDONLY), b = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (a < 0 || b < 0)
        die(from);
    for (ssize_t n; (n = read(a, buf, sizeof buf)) > 0;)
        if (write(b, buf, (size_t)n) != n)
            die(to);
    close(a);
    close(b);
}

static void copy_tree(const char *from, const char *to)
{
    DIR *d = opendir(from);
    if (!d)
        die(from);
    mkdir(to, 0755);
    for (struct dirent *e; (e = readdir(d));) {
        char a[4096], b[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(a, sizeof a, "%s/%s", from, e->d_name);
        snprintf(b, sizeof b, "%s/%s", to, e->d_name);
        if (e->d_type == DT_DIR)
            copy_tree(a, b);
        else
            copy_file(a, b);
    }
    closedir(d);
}

/* --- commands ----------------------------------------------------------------- */

typedef struct outcome { int status; char out[OUT], err[OUT]; } outcome;

static int split(const char *command, char *buf, char **argv)
{
    int n = 0;
    char *to = buf;
    for (const char *p = command; *p;) {
        char quote = 0;
        while (*p == ' ')
            p++;
        if (!*p)
            break;
        argv[n++] = to;
        for (; *p && (quote || *p != ' '); p++) {
            if (*p == '\'')
                quote = !quote;
            else
                *to++ = *p;
        }
        *to++ = '\0';
    }
    argv[n] = NULL;
    return n;
}

/* What it prints goes to files of these names in `home`, appended. */
static pid_t start_into(const char *dir, const char *command, const char *fault, const char *out, const char *err)
{
    char line[1600], buf[1600], *argv[ARGS + 8];
    snprintf(line, sizeof line, "kehoach -C %s --lang en %s", dir, command);
    split(line, buf, argv);
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", home, out);
        dup2(open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600), 1);
        snprintf(path, sizeof path, "%s/%s", home, err);
        dup2(open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600), 2);
        dup2(open("/dev/null", O_RDONLY), 0);
        for (int fd = 3; fd < 20; fd++)
            close(fd);
        alarm(limit_s); /* 0: none */
        if (fault)
            setenv("KH_FAULT", fault, 1);
        if (!true_time)
            setenv("LD_PRELOAD", shim, 1);
        execv(program, argv);
        _exit(127);
    }
    return pid;
}

static pid_t start(const char *dir, const char *command, const char *fault)
{
    return start_into(dir, command, fault, "stdout", "stderr");
}

static size_t slurp(const char *name, char out[OUT])
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", home, name);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, out, OUT - 1);
    out[n < 0 ? 0 : n] = '\0';
    if (fd >= 0)
        close(fd);
    return n < 0 ? 0 : (size_t)n;
}

static pid_t live; /* a command that waits for its turn meanwhile */

/* We are the reaper of what a killed supervisor leaves, so that a worker's end can be waited for. */
static int finish(pid_t pid)
{
    int status = -1, s;
    for (pid_t r; (r = waitpid(live ? pid : -1, &s, 0)) > 0 || errno == EINTR;)
        if (r == pid)
            status = s;
    return status < 0 ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void run(const char *dir, const char *command, const char *fault, outcome *o)
{
    page->count = page->hits = 0;
    memset(page->asked, 0, sizeof page->asked);
    o->status = finish(start(dir, command, fault));
    slurp("stdout", o->out);
    slurp("stderr", o->err);
}

/* --- what a store holds --------------------------------------------------------- */

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
    for (const unsigned char *c = p; n--; c++)
        h = (h ^ *c) * 1099511628211ULL;
    return (h ^ 255) * 1099511628211ULL;
}

static uint64_t hash_rows(sqlite3 *db, const char *sql, uint64_t h)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const void *v = sqlite3_column_text(st, i);
            h = mix(h, v ? v : "\1", v ? (size_t)sqlite3_column_bytes(st, i) : 1);
        }
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_DONE)
        bad("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(st);
    return h;
}

static uint64_t hash_tables(sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    uint64_t h = 14695981039346656037ULL;
    sqlite3_prepare_v2(db, "SELECT name, (SELECT group_concat(cid + 1) FROM pragma_table_info(name)) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration' ORDER BY name", -1, &st, NULL);
    while (sqlite3_step(st) == SQLITE_ROW) {
        char sql[1024];
        snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY %s", sqlite3_column_text(st, 0), sqlite3_column_text(st, 1));
        h = mix(h, sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0));
        h = hash_rows(db, sql, h);
    }
    sqlite3_finalize(st);
    return hash_rows(db, "SELECT version, name, sha256 FROM migration ORDER BY 1", h); /* its times are the system's clock's */
}

/* Of a copy, with its log, so that the run that comes after begins with what the fault left. 0: there is no store. */
static uint64_t contents(const char *dir)
{
    static const char *const parts[] = {"", "-wal", "-journal"};
    char from[256], to[256];
    sqlite3 *db = NULL;
    uint64_t h = 0;
    struct stat st;
    remove_tree(seen);
    mkdir(seen, 0700);
    for (int i = 0; i < 3; i++) {
        snprintf(from, sizeof from, "%s/kehoach.db%s", dir, parts[i]);
        snprintf(to, sizeof to, "%s/s.db%s", seen, parts[i]);
        if (stat(from, &st) == 0)
            copy_file(from, to);
    }
    snprintf(to, sizeof to, "%s/s.db", seen);
    if (stat(to, &st) != 0 || st.st_size == 0)
        return 0;
    if (sqlite3_open_v2(to, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        bad("the store cannot be opened");
    sqlite3_stmt *check = NULL;
    if (sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &check, NULL) != SQLITE_OK || sqlite3_step(check) != SQLITE_ROW || strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
        bad("the store is damaged: %s", sqlite3_errmsg(db));
    sqlite3_finalize(check);
    sqlite3_stmt *any = NULL; /* a store that was only begun has no tables: as if it were not there */
    sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema", -1, &any, NULL);
    bool empty = sqlite3_step(any) != SQLITE_ROW;
    sqlite3_finalize(any);
    if (!empty)
        h = sc->facts ? hash_rows(db, sc->facts, 1) : hash_tables(db);
    sqlite3_close(db);
    return h;
}

/* All files of a folder by name and content, but for the log's index and temporary files, which a new start makes or leaves. */
static uint64_t files(const char *dir)
{
    struct dirent **list;
    uint64_t h = 14695981039346656037ULL;
    int n = scandir(dir, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[4096];
        struct stat st;
        size_t len = strlen(list[i]->d_name);
        const char *end = len > 4 ? list[i]->d_name + len - 4 : "";
        snprintf(path, sizeof path, "%s/%s", dir, list[i]->d_name);
        if (strcmp(list[i]->d_name, ".") != 0 && strcmp(list[i]->d_name, "..") != 0 && strcmp(end, ".tmp") != 0 && strcmp(end, "-shm") != 0 && stat(path, &st) == 0) {
            h = mix(h, list[i]->d_name, len);
            if (S_ISDIR(st.st_mode)) {
                uint64_t inner = files(path);
                h = mix(h, &inner, sizeof inner);
            } else if (st.st_size > 0) {
                int fd = open(path, O_RDONLY);
                void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
                if (p == MAP_FAILED)
                    die(path);
                h = mix(h, p, (size_t)st.st_size);
                munmap(p, (size_t)st.st_size);
                close(fd);
            }
        }
        free(list[i]);
    }
    if (n >= 0)
        free(list);
    return h;
}

/* --- a scenario ------------------------------------------------------------------ */

static uint64_t before, after, after_files; /* of the store; of all files */
static outcome ref, got;

/* Runs a statement, or says what was wrong with it. */
static void exec(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        bad("%s: %s", sql, why ? why : "?");
    sqlite3_free(why);
}

static int64_t number_in(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int64_t n = -1;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK && sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

/* The store becomes one that an older program made: the tables of schema 1, the mark of that version, nothing in it. */
static void make_old_store(void)
{
    char path[4096], sql[4400];
    static char schema[1 << 17];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/core/store/schema/001_store.sql", getenv("SOURCE"));
    int fd = open(path, O_RDONLY);
    if (fd < 0 || read(fd, schema, sizeof schema - 1) <= 0)
        die(path);
    close(fd);
    snprintf(path, sizeof path, "%s/kehoach.db", base);
    snprintf(sql, sizeof sql, "ATTACH '%s' AS new; BEGIN; PRAGMA user_version = 1; INSERT INTO migration SELECT * FROM new.migration WHERE version = 1; COMMIT", path);
    char old[256];
    snprintf(old, sizeof old, "%s/old.db", base);
    sqlite3_open(old, &db);
    exec(db, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
    exec(db, schema);
    exec(db, sql);
    snprintf(sql, sizeof sql, "PRAGMA application_id = %lld", (long long)number_in(path, "PRAGMA application_id"));
    exec(db, sql);
    sqlite3_close(db);
    if (rename(old, path) != 0)
        die(path);
}

static bool prepare(const scenario *s)
{
    sc = s;
    said = 0;
    doing = "prepare";
    remove_tree(base);
    copy_tree(pristine, base);
    char sub[256];
    snprintf(sub, sizeof sub, "%s/inbox", base);
    mkdir(sub, 0755);
    snprintf(sub, sizeof sub, "%s/out", base);
    mkdir(sub, 0755);
    if (strcmp(s->name, "job") == 0) {
        char from[256], to[256];
        snprintf(from, sizeof from, "%s/data/F_b_2018.csv", base);
        snprintf(to, sizeof to, "%s/inbox/F_b_2018.csv", base);
        copy_file(from, to);
    }
    for (int i = 0; i < 8 && s->before[i]; i++) {
        if (strcmp(s->before[i], "old") == 0) {
            make_old_store();
            continue;
        }
        run(base, s->before[i], NULL, &ref);
        if (ref.status != 0) {
            bad("%s: status %d: %s", s->before[i], ref.status, ref.err);
            return false;
        }
    }
    remove_tree(work);
    copy_tree(base, work);
    before = contents(base);
    run(work, s->command, NULL, &ref);
    if (ref.status != s->status) {
        bad("undisturbed: status %d: %s", ref.status, ref.err);
        return false;
    }
    after = contents(work);
    after_files = files(work);
    return true;
}

/* Temporary files that nobody will ever look at again. */
static unsigned leftovers(const char *path)
{
    DIR *d = opendir(path);
    unsigned n = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        char sub[4096];
        size_t len = strlen(e->d_name);
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n += len > 4 && strcmp(e->d_name + len - 4, ".tmp") == 0;
        snprintf(sub, sizeof sub, "%s/%s", path, e->d_name);
        if (e->d_type == DT_DIR)
            n += leftovers(sub);
    }
    if (d)
        closedir(d);
    return n;
}

static void check_store(const char *dir, const char *when, bool must_be_new)
{
    uint64_t h = contents(dir);
    if (h != after && (must_be_new || (h != before && !sc->stages)))
        bad("%s: the store is neither as before nor as after", when);
}

static void run_again(const char *dir)
{
    run(dir, sc->command, NULL, &got);
    /* what was already done is a fault of its own for these */
    bool done_before = (strcmp(sc->name, "lock") == 0 || strcmp(sc->name, "withdraw") == 0) && got.status == 2;
    bool copied = strcmp(sc->name, "backup") == 0 && got.status == 2 && strstr(got.err, "there already");
    if (got.status != sc->status && !done_before && !copied)
        bad("run again: status %d: %s", got.status, got.err);
    check_store(dir, "run again", true);
}

static void judge(bool died)
{
    unsigned had = failed;
    if (!died) {
        if (strstr(got.err, "crashed") || strstr(got.err, "without protection") || got.status > 128)
            bad("status %d: %s", got.status, got.err);
        else if (got.status == sc->status) {
            if (sc->status == 0 && strcmp(got.out, ref.out) != 0)
                bad("status %d, and yet another output: %s", got.status, got.out);
            check_store(work, "done", true);
        } else if (got.status != 3 && got.status != 4)
            bad("status %d: %s", got.status, got.err);
        else if (!got.err[0])
            bad("status %d without a word", got.status);
    }
    check_store(work, "after the fault", false);
    if (failed != had && getenv("KEEP")) {
        printf("kept: %s\n%s%s", work, got.out, got.err);
        exit(1);
    }
    if (failed == had)
        run_again(work);
    passed += failed == had;
}

static void restore(void)
{
    remove_tree(work);
    copy_tree(base, work);
}

static long next_n(long n)
{
    const char *step = getenv("FAULTS_STEP");
    double part = step ? atof(step) : 25;
    return part <= 1 ? n + 1 : n + 1 + (long)((double)n / part);
}

static void sweep(const char *kind)
{
    bool killed = strcmp(kind, "kill") == 0 || strcmp(kind, "half") == 0;
    const char *dash = strchr(kind, '-');
    char what[32], fault[64];
    snprintf(what, sizeof what, "%.*s", killed ? 4 : (int)(dash - kind), killed ? "disk" : kind);
    doing = kind;
    long n = 1, hits = 0;
    unsigned left = 0;
    for (;; n = next_n(n)) {
        n_now = n;
        restore();
        snprintf(fault, sizeof fault, "%s:%ld:%s", what, n, killed ? kind : dash + 1);
        run(work, sc->command, fault, &got);
        if (!page->hits)
            break;
        hits++;
        left += !killed && leftovers(work) > 0;
        judge(killed);
    }
    struck += (unsigned)hits;
    printf("%-18s %-10s %6ld faults of %ld%s", sc->name, kind, hits, page->count, got.status == sc->status ? "" : "; AND NOT DONE AT THE END");
    if (left)
        printf("; %u left a temporary file", left);
    putchar('\n');
    fflush(stdout);
    if (got.status != sc->status)
        bad("no fault and status %d: %s", got.status, got.err);
}

/* --- a child at each allocation -------------------------------------------------------- */

/* The workspace at a point of the run, to be put back after each child. Each file is held by a second name as well, so
   that what the parent has open stays the same file. */
typedef struct kept { char path[300]; bool dir; ino_t inode; size_t len, room; unsigned char *bytes; } kept;
enum { KEPT = 256 };
static kept snap[KEPT];
static size_t n_snap;

static void link_name(size_t i, char *out, size_t room) { snprintf(out, room, "%s/links/%zu", home, i); }

static bool is_index(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, "-shm") == 0;
}

static size_t read_whole(const char *path, unsigned char **bytes, size_t *room)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) != 0)
        die(path);
    size_t n = (size_t)st.st_size;
    if (n > *room && !(*bytes = realloc(*bytes, *room = n)))
        die("realloc");
    if (read(fd, *bytes, n) != (ssize_t)n)
        die(path);
    close(fd);
    return n;
}

static void take_snapshot(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        die(dir);
    for (struct dirent *e; (e = readdir(d));) {
        char link_path[300];
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (n_snap == KEPT) {
            fprintf(stderr, "more than %d files in a workspace\n", KEPT);
            exit(1);
        }
        kept *k = &snap[n_snap];
        snprintf(k->path, sizeof k->path, "%s/%s", dir, e->d_name);
        if (stat(k->path, &st) != 0)
            die(k->path);
        k->dir = S_ISDIR(st.st_mode);
        k->inode = st.st_ino;
        link_name(n_snap++, link_path, sizeof link_path);
        unlink(link_path);
        if (k->dir)
            take_snapshot(k->path);
        else if (link(k->path, link_path) != 0)
            die(link_path);
        else
            k->len = read_whole(k->path, &k->bytes, &k->room);
    }
    closedir(d);
}

static bool in_snapshot(const char *path)
{
    for (size_t i = 0; i < n_snap; i++)
        if (strcmp(snap[i].path, path) == 0)
            return true;
    return false;
}

static void remove_new(const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (!in_snapshot(path))
            remove_tree(path);
        else if (e->d_type == DT_DIR)
            remove_new(path);
    }
    if (d)
        closedir(d);
}

static void put_back(void)
{
    static unsigned char *bytes;
    static size_t room;
    for (size_t i = 0; i < n_snap; i++) {
        kept *k = &snap[i];
        struct stat st;
        char from[300];
        if (k->dir) {
            mkdir(k->path, 0755);
            continue;
        }
        if (stat(k->path, &st) != 0 || st.st_ino != k->inode) {
            link_name(i, from, sizeof from);
            unlink(k->path);
            if (link(from, k->path) != 0)
                die(k->path);
        }
        if (is_index(k->path) || (read_whole(k->path, &bytes, &room) == k->len && memcmp(bytes, k->bytes, k->len) == 0))
            continue; /* the index the parent puts back itself */
        int fd = open(k->path, O_WRONLY);
        if (fd < 0 || pwrite(fd, k->bytes, k->len, 0) != (ssize_t)k->len || ftruncate(fd, (off_t)k->len) != 0)
            die(k->path);
        close(fd);
    }
    remove_new(work);
}

/* States of the workspace that were judged already, by the files and by whether the command said that it was done. */
static struct { uint64_t files; bool done, sound; } judged[4096];
static size_t n_judged;
static unsigned states, leaked, tolerated, refused;

static bool judge_state(uint64_t now, bool done)
{
    static char probe[160];
    unsigned had = failed;
    if (now == after_files)
        return true;
    for (size_t i = 0; i < n_judged; i++)
        if (judged[i].files == now && judged[i].done == done)
            return judged[i].sound;
    states++;
    snprintf(probe, sizeof probe, "%s/probe", home);
    remove_tree(probe);
    copy_tree(work, probe);
    char index[200];
    snprintf(index, sizeof index, "%s/kehoach.db-shm", probe);
    unlink(index);
    if (done) {
        check_store(probe, "done", true);
        char a[200], b[200];
        snprintf(a, sizeof a, "%s/out", probe);
        snprintf(b, sizeof b, "%s/out-after", home);
        if (files(a) != files(b))
            bad("done, and yet other files");
    } else {
        check_store(probe, "after the fault", false);
        char asked[sizeof page->asked];
        long count = page->count, hits = page->hits;
        memcpy(asked, page->asked, sizeof asked);
        outcome *keep = malloc(sizeof *keep);
        if (!keep)
            die("malloc");
        *keep = got;
        run_again(probe);
        got = *keep;
        free(keep);
        page->count = count, page->hits = hits;
        memcpy(page->asked, asked, sizeof asked);
    }
    if (n_judged < sizeof judged / sizeof *judged) {
        judged[n_judged].files = now;
        judged[n_judged].done = done;
        judged[n_judged++].sound = failed == had;
    }
    return failed == had;
}

static void judge_child(uint64_t files_now)
{
    unsigned had = failed;
    int s = page->status, status = WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
    bool died = status > 128 || strstr(got.err, "crashed");
    got.status = status;
    if (status == KH_LEAK || strstr(got.err, "LeakSanitizer")) {
        leaked++;
        bad("leak: %s", got.err);
    } else if (died || strstr(got.err, "without protection") || strstr(got.err, "Sanitizer") || strstr(got.err, "runtime error")) {
        bad("status %d, asked by %s: %s", status, page->asked, got.err);
    } else if (status == sc->status) {
        tolerated++;
        if (strcmp(got.out, ref.out) != 0)
            bad("status %d, and yet another output: %s", status, got.out);
        if (!judge_state(files_now, true) && failed == had)
            bad("done, in a state that was bad before");
    } else if (status != 3 && status != 4)
        bad("status %d: %s", status, got.err);
    else {
        refused++;
        if (!got.err[0])
            bad("status %d without a word", status);
        if (!judge_state(files_now, false) && failed == had)
            bad("ended, in a state that was bad before");
    }
    if (failed != had && getenv("KEEP")) {
        printf("kept: %s\n%s%s", work, got.out, got.err);
        kill(page->child, SIGKILL);
        exit(1);
    }
    passed += failed == had;
}

/* Waits for the command's next turn; false: it has ended. */
static bool next_turn(pid_t pid, int *status)
{
    static double since;
    int turn, s;
    since = now();
    while ((turn = __atomic_load_n(&page->turn, __ATOMIC_SEQ_CST)) == KH_TURN_RUN) {
        struct timespec t = {.tv_nsec = 50000000};
        syscall(SYS_futex, &page->turn, FUTEX_WAIT, KH_TURN_RUN, &t, NULL, 0);
        if (waitpid(pid, &s, WNOHANG) == pid) {
            *status = WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
            return false;
        }
        if (now() - since > 120 && page->child) {
            bad("a child hangs");
            kill(page->child, SIGKILL);
            since = now();
        }
    }
    return true;
}

/* What a child left running (a worker whose supervisor ended) has become ours: it must not touch what is put back. */
static void end_orphans(void)
{
    char path[64];
    int pid;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "r");
    while (f && fscanf(f, "%d", &pid) == 1)
        if (pid != live) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
        }
    if (f)
        fclose(f);
}

static void go_on(void)
{
    __atomic_store_n(&page->turn, KH_TURN_RUN, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &page->turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void truncate_to(const char *name, size_t n)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", home, name);
    if (truncate(path, (off_t)n) != 0)
        die(path);
}

static void sweep_memory(void)
{
    static char scrap[OUT];
    const char *stacks = getenv("FAULTS_STACKS"), *part = getenv("FAULTS_PART");
    char fault[64], from[200], to[200];
    long steps = -1;
    int status = -1;
    uint64_t files_now = 0;
    unsigned begun[] = {failed, states, tolerated, refused, leaked}, left = 0;
    double t = now();
    doing = "memory";
    snprintf(from, sizeof from, "%s/out", work);
    snprintf(to, sizeof to, "%s/out-after", home);
    remove_tree(to);
    copy_tree(from, to);
    restore();
    n_judged = 0;
    memset(page, 0, sizeof *page);
    snprintf(fault, sizeof fault, "fork:%ld:%s", stacks ? atol(stacks) : 1, part ? part : "0:1");
    live = start_into(work, sc->command, fault, "live-out", "live-err");
    while (next_turn(live, &status)) {
        n_now = page->count;
        if (page->turn == KH_TURN_POINT) {
            n_snap = 0;
            take_snapshot(work);
            files_now = files(work);
            steps = page->steps;
            judge_state(files_now, false); /* as if it ended here */
        } else {
            bool touched = page->steps != steps;
            if (touched)
                end_orphans();
            slurp("live-out", got.out);
            size_t n = slurp("live-err", scrap);
            memcpy(got.err, scrap + page->err, n - (size_t)page->err + 1); /* its own words */
            left += touched && leftovers(work) > 0;
            judge_child(touched ? files(work) : files_now);
            if (touched)
                put_back();
            truncate_to("live-out", (size_t)page->out);
            truncate_to("live-err", (size_t)page->err);
        }
        go_on();
    }
    live = 0;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    refused += (unsigned)page->ended;
    passed += (unsigned)page->ended;
    struck += 2 * (unsigned)page->hits;
    slurp("live-out", got.out);
    slurp("live-err", got.err);
    if (status != sc->status || strcmp(got.out, ref.out) != 0)
        bad("at the end: status %d: %s%s", status, got.err, got.out);
    if (files(work) != after_files) {
        check_store(work, "at the end", true);
        snprintf(from, sizeof from, "%s/out", work);
        if (files(from) != files(to))
            bad("at the end: other files than undisturbed");
    }
    printf("%-18s memory     %6ld of %6ld allocations, %6ld faults: %6u ended with a message, %5u done all the same, %u failed, %u leaks; %u states judged; %u left a temporary file; %.0f s\n",
           sc->name, page->hits, page->count, 2 * page->hits, refused - begun[3], tolerated - begun[2], failed - begun[0], leaked - begun[4], states - begun[1], left, now() - t);
    fflush(stdout);
}

/* --- random kills ------------------------------------------------------------------ */

static pid_t child_of(pid_t pid)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    FILE *f = fopen(path, "r");
    if (f) {
        if (fscanf(f, "%d", &child) != 1)
            child = 0;
        fclose(f);
    }
    return child;
}

static void kills(long rounds)
{
    double begun = now();
    doing = "kill";
    restore();
    run(work, sc->command, NULL, &got);
    double whole = now() - begun;
    long in_time = 0;
    for (n_now = 1; n_now <= rounds; n_now++) {
        restore();
        pid_t pid = start(work, sc->command, NULL);
        usleep((useconds_t)((double)random() / 2147483648.0 * whole * 1.1e6));
        pid_t worker = n_now % 2 ? child_of(pid) : 0;
        kill(worker > 0 ? worker : pid, SIGKILL);
        int status = finish(pid);
        in_time += status != sc->status;
        slurp("stderr", got.err);
        if (worker > 0 && status != sc->status && status != 3 && status != 4 && status != 128 + SIGKILL)
            bad("status %d: %s", status, got.err);
        judge(true);
    }
    struck += (unsigned)in_time;
    printf("%-18s kill -9    %6ld rounds, %ld of them in time\n", sc->name, rounds, in_time);
    fflush(stdout);
}

/* --- two writers at once ------------------------------------------------------------- */

static int64_t number(const char *sql)
{
    char path[256];
    snprintf(path, sizeof path, "%s/kehoach.db", work);
    return number_in(path, sql);
}

/* Two imports of different returns, or of the same one, or two jobs: each is done once, or one is told to come again (75). */
static void two(long rounds)
{
    static const scenario pair = {.name = "two", .before = {LOAD}, .command = "load"};
    static const char *const a[] = {"import data/F_a_2018.csv", "import data/F_b_2018.csv", "job run all 2018"};
    static const char *const b[] = {"import data/R_a_2018.csv", "import data/F_b_2018.csv", "job run all 2018"};
    static const int64_t stored[] = {2, 1, 1};
    long busy = 0;
    if (!prepare(&pair))
        return;
    doing = "two";
    true_time = true;
    char from[256], to[256];
    snprintf(from, sizeof from, "%s/data/F_b_2018.csv", base);
    snprintf(to, sizeof to, "%s/inbox/F_b_2018.csv", base);
    copy_file(from, to);
    for (n_now = 1; n_now <= rounds; n_now++) {
        unsigned had = failed;
        int kind = (int)(n_now % 3), status[2] = {-1, -1}, s;
        restore();
        pid_t first = start(work, a[kind], NULL);
        usleep((useconds_t)(random() % 12000));
        pid_t second = start(work, b[kind], NULL);
        for (pid_t r; (r = waitpid(-1, &s, 0)) > 0;)
            status[r == second] = r == first || r == second ? WEXITSTATUS(s) : status[r == second];
        for (int i = 0; i < 2; i++) {
            busy += status[i] == 75;
            if (status[i] != 0 && status[i] != 75)
                bad("%s and %s: status %d", a[kind], b[kind], status[i]);
            if (status[i] == 75)
                run(work, i ? b[kind] : a[kind], NULL, &got);
        }
        if (number("SELECT count(*) FROM submission") != stored[kind] || number("SELECT count(*) FROM (SELECT form, sender, span, version FROM submission GROUP BY 1, 2, 3, 4 HAVING count(*) > 1)") != 0)
            bad("%s and %s: %lld submissions", a[kind], b[kind], (long long)number("SELECT count(*) FROM submission"));
        run(work, "audit verify", NULL, &got);
        if (got.status != 0)
            bad("audit: %s", got.err);
        passed += failed == had;
    }
    printf("two writers        %6ld rounds, %ld told to come again\n", rounds, busy);
}

/* --- damaged stores --------------------------------------------------------------------- */

static size_t below(size_t n) { return n ? (size_t)random() % n : 0; }

/* Bits flipped, a page copied over another, zeroed or torn off, or nonsense as its log. */
static void damage(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < 8192)
        die(path);
    size_t n = (size_t)st.st_size, pages = n / 8192;
    unsigned char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        die(path);
    switch (random() % 6) {
    case 0:
    case 1:
        for (size_t i = 1 + below(20); i--;)
            p[below(n)] ^= (unsigned char)(1 << below(8));
        break;
    case 2: /* near the heads of pages, where the structure is */
        for (size_t i = 1 + below(8); i--;)
            p[below(pages) * 8192 + below(64)] = (unsigned char)random();
        break;
    case 3: memcpy(p + below(pages) * 8192, p + below(pages) * 8192, 8192); break;
    case 4: memset(p + below(pages) * 8192 + below(4096), 0, below(4096)); break;
    default:
        if (ftruncate(fd, (off_t)below(n)) != 0)
            die(path);
    }
    munmap(p, n);
    close(fd);
    if (random() % 8 == 0) {
        char wal[300], junk[20000];
        snprintf(wal, sizeof wal, "%s-wal", path);
        for (size_t i = 0; i < sizeof junk; i++)
            junk[i] = (char)random();
        memcpy(junk, "\x37\x7f\x06\x82\x00\x2d\xe2\x18\x00\x00\x20\x00", 12);
        int w = open(wal, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (w < 0 || write(w, junk, sizeof junk) < 0)
            die(wal);
        close(w);
    }
}

static void damaged(long rounds)
{
    static const char *const commands[] = {"doctor", "compute --period 2018", "import --form F --unit b --period 2018 data/F_b_2018_corrected.csv", "check --period 2018", "explain T a 2018", "load",
                                           "sql 'SELECT unit, measure, value, line FROM v_value'", "submissions", "audit verify", "run analysis.lua", "report r --period 2018 --format html -o out/", "backup out/copy.db", "late --period 2018"};
    static const scenario whole = {.name = "damaged", .before = {FIRST}, .command = "doctor"};
    long seen_it = 0;
    true_time = true; /* a sanitizer has its own allocator */
    if (!prepare(&whole))
        return;
    doing = "damaged";
    limit_s = 60;
    for (n_now = 1; n_now <= rounds; n_now++) {
        char path[256];
        unsigned had = failed;
        restore();
        snprintf(path, sizeof path, "%s/kehoach.db", work);
        damage(path);
        run(work, commands[below(sizeof commands / sizeof *commands)], NULL, &got);
        seen_it += got.status != 0;
        if (got.status > 128 || got.status < 0 || strstr(got.err, "crashed") || strstr(got.err, "AddressSanitizer") || strstr(got.err, "runtime error"))
            bad("status %d: %s", got.status, got.err);
        else if (got.status != 0 && !got.err[0] && !got.out[0])
            bad("status %d without a word", got.status);
        passed += failed == had;
    }
    printf("damaged stores     %6ld, %ld of them refused or repaired by a message\n", rounds, seen_it);
}

/* --- the whole ------------------------------------------------------------------------ */

static void set_up(void)
{
    char path[256];
    const char *build = getenv("BUILD"), *source = getenv("SOURCE");
    if (!build || !source) {
        fprintf(stderr, "BUILD and SOURCE must name the build and the project's folder\n");
        exit(1);
    }
    if (access("/dev/shm", W_OK) != 0)
        memcpy(home, "/tmp/////", 9); /* a slower place */
    if (!mkdtemp(home))
        die(home);
    snprintf(program, sizeof program, "%s/kehoach", build);
    snprintf(shim, sizeof shim, "%s/tests/faults/shim.so", build);
    snprintf(pristine, sizeof pristine, "%s/pristine", home);
    snprintf(base, sizeof base, "%s/base", home);
    snprintf(work, sizeof work, "%s/work", home);
    snprintf(seen, sizeof seen, "%s/seen", home);
    snprintf(path, sizeof path, "%s/tests/faults/workspace", source);
    copy_tree(path, pristine);
    snprintf(path, sizeof path, "%s/links", home);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/page", home);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *page) != 0 || (page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED)
        die(path);
    close(fd);
    setenv("KH_FAULT_PAGE", path, 1);
    setenv("KEHOACH_NOW", "2019-03-01T00:00:00Z", 1);
    setenv("KEHOACH_BY", "faults", 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 || (argc > 1 && strcmp(argv[1], "memory") == 0) ? argv[1] : "";
    bool memory = strcmp(what, "memory") == 0;
    const char *only = argc > 3 - memory ? argv[3 - memory] : NULL;
    if (!memory && strcmp(what, "sweep") != 0 && strcmp(what, "kill") != 0 && strcmp(what, "two") != 0 && strcmp(what, "damaged") != 0) {
        fprintf(stderr, "faults memory [SCENARIO] | sweep KIND [SCENARIO] | kill ROUNDS [SCENARIO] | two ROUNDS | damaged ROUNDS\n");
        return 2;
    }
    srandom((unsigned)time(NULL));
    set_up();
    bool commands = memory || strcmp(what, "sweep") == 0 || strcmp(what, "kill") == 0;
    if (strcmp(what, "two") == 0)
        two(atol(argv[2]));
    else if (!commands)
        damaged(atol(argv[2]));
    for (size_t i = 0; commands && i < N_SCENARIOS; i++) {
        if ((only && strcmp(only, scenarios[i].name) != 0) || !prepare(&scenarios[i]))
            continue;
        if (memory)
            sweep_memory();
        else if (strcmp(what, "sweep") == 0)
            sweep(argv[2]);
        else
            kills(atol(argv[2]));
    }
    printf("%u faults struck\n%u passed, %u failed\n", struck, passed, failed);
    remove_tree(home);
    return failed != 0;
}
