/* SPDX-License-Identifier: MIT */
/*
 * The guard around SQL that users wrote: a read-only connection of its own, an
 * authorizer that allows by name, limits on everything that SQLite can limit,
 * and a progress handler that watches the clock. What a handler cannot stop, a
 * single call of a function, is replaced (sqlite_guard_functions.c) or denied.
 *
 * Our views use SQLite's JSON functions, which this SQLite does not call safe in
 * a schema of unknown origin. The schema is therefore trusted only after it was
 * found to be word for word the one that this program makes.
 */
#include "store/sqlite_guard.h"

#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OPERATIONS = 100 /* between two looks at the clock */ };

/* Sorted. Every table and view of the schema; a test compares. */
static const char *const tables[] = {
    "alias", "assignment", "audit", "budget_year", "category", "category_option", "cut", "cut_part", "form", "form_column", "form_reporter", "indicator", "job", "json_each", "json_tree",
    "lock", "measure", "meta", "migration", "milestone", "period", "pilot", "plan", "publication", "published_figure", "reference", "report", "result", "revision", "rule", "run", "run_log",
    "sqlite_master", "sqlite_schema", "submission", "submission_chunk", "submission_column", "succession", "target", "task", "task_target", "unit", "unit_history", "unit_kind",
    "unit_list", "unit_list_member", "v_audit", "v_budget_year", "v_completeness", "v_lock", "v_milestone", "v_missing", "v_pilot", "v_plan", "v_publication", "v_published_figure", "v_reference", "v_result", "v_revision", "v_run", "v_submission", "v_target", "v_task", "v_unit",
    "v_value", "v_value_all", "v_value_by_unit",
};

/* Sorted. Not here: what reaches files or code (load_extension, fts3_tokenizer), makes bytes from nothing (zeroblob,
   randomblob), is quadratic in one call (json_patch) or tells of the program (sqlite_*). */
static const char *const functions[] = {
    "->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg", "ceil", "ceiling", "char", "coalesce", "cos", "cosh", "count", "cume_dist",
    "current_date", "current_time", "current_timestamp", "date", "datetime", "degrees", "dense_rank", "exp", "first_value", "floor", "format", "glob", "group_concat", "hex", "ifnull",
    "iif", "instr", "json", "json_array", "json_array_length", "json_extract", "json_group_array", "json_group_object", "json_insert", "json_object", "json_quote", "json_remove",
    "json_replace", "json_set", "json_type", "json_valid", "julianday", "lag", "last_value", "lead", "length", "like", "likelihood", "likely", "ln", "log", "log10", "log2", "lower",
    "ltrim", "max", "min", "mod", "nth_value", "ntile", "nullif", "percent_rank", "pi", "pow", "power", "printf", "quote", "radians", "random", "rank", "replace", "round",
    "row_number", "rtrim", "sign", "sin", "sinh", "sqrt", "strftime", "substr", "substring", "sum", "tan", "tanh", "time", "total", "trim", "trunc", "typeof", "unicode", "unixepoch",
    "unlikely", "upper",
};

static int by_text(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

#define LISTED(list, name) (bsearch((name), (list), sizeof(list) / sizeof *(list), sizeof *(list), by_text) != NULL)

/* ---- what may be asked ---- */

static int refuse(kh_guard *g, const char *msgid, const char *what) __attribute__((format(printf, 2, 0)));

static int refuse(kh_guard *g, const char *msgid, const char *what)
{
    if (!g->why[0]) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(g->why, sizeof g->why, kh_tr(msgid), what ? what : "?");
#pragma GCC diagnostic pop
    }
    return SQLITE_DENY;
}

static const char *name_of(int action)
{
    switch (action) {
    case SQLITE_ATTACH: return "ATTACH";
    case SQLITE_DETACH: return "DETACH";
    case SQLITE_PRAGMA: return "PRAGMA";
    case SQLITE_TRANSACTION: return "BEGIN, COMMIT";
    case SQLITE_SAVEPOINT: return "SAVEPOINT";
    case SQLITE_INSERT: return "INSERT";
    case SQLITE_UPDATE: return "UPDATE";
    case SQLITE_DELETE: return "DELETE";
    case SQLITE_ANALYZE: return "ANALYZE";
    case SQLITE_REINDEX: return "REINDEX";
    default: return "CREATE, ALTER, DROP";
    }
}

/*
 * A table of which no column is named ("count(*)") comes as the user wrote it, and so do names that a WITH gives. What is
 * neither ours nor a stranger's can only be such a name.
 */
static bool may_count(const kh_guard *g, const char *name)
{
    char lower[64];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof lower; n++)
        lower[n] = (char)(name[n] >= 'A' && name[n] <= 'Z' ? name[n] - 'A' + 'a' : name[n]);
    lower[n] = '\0';
    if (LISTED(tables, lower))
        return true;
    return !name[n] && strncmp(lower, "sqlite_", 7) != 0 && strncmp(lower, "pragma_", 7) != 0 && kh_map_get(g->strangers, lower, n) == KH_NONE;
}

static int note_stranger(void *ctx, int n, char **values, char **names)
{
    (void)n, (void)names;
    if (values[0] && !LISTED(tables, values[0]))
        kh_map_set(ctx, values[0], strlen(values[0]), 1);
    return 0;
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *database, const char *inside)
{
    kh_guard *g = ctx;
    (void)inside;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ:
        if (a && (database ? strcmp(database, "main") == 0 && LISTED(tables, a) : may_count(g, a)))
            return SQLITE_OK;
        return refuse(g, N_("the table %s may not be read by a query; docs/store.md lists those that may"), a);
    case SQLITE_FUNCTION:
        if (b && LISTED(functions, b))
            return SQLITE_OK;
        return refuse(g, N_("the function %s may not be used in a query"), b);
    default: return refuse(g, N_("%s is not for queries: they only read"), name_of(action));
    }
}

/* ---- time ---- */

int64_t kh_guard_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int watch(void *ctx)
{
    kh_guard *g = ctx;
    g->late = g->late || (g->deadline && kh_guard_clock() >= g->deadline);
    return g->late;
}

/* ---- opening ---- */

static void limit(sqlite3 *db)
{
    static const int limits[][2] = {
        {SQLITE_LIMIT_LENGTH, 1000000},      {SQLITE_LIMIT_SQL_LENGTH, 100000},  {SQLITE_LIMIT_COLUMN, 100},         {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COMPOUND_SELECT, 20},  {SQLITE_LIMIT_VDBE_OP, 25000},      {SQLITE_LIMIT_FUNCTION_ARG, 16},    {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50}, {SQLITE_LIMIT_VARIABLE_NUMBER, 100}, {SQLITE_LIMIT_TRIGGER_DEPTH, 10}, {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        sqlite3_limit(db, limits[i][0], limits[i][1]);
}

static void configure(sqlite3 *db, bool trusted)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, trusted ? 1 : 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

static int prepare(kh_store *s, kh_guard *g, bool trusted)
{
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite3_open_v2(s->path, &g->db, flags, s->mode == KH_STORE_MEMORY ? "memdb" : NULL);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_busy_timeout(g->db, kh_store_patience);
    configure(g->db, trusted);
    rc = sqlite3_exec(g->db, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL, NULL, NULL);
    g->strangers = kh_map_new();
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(g->db, "SELECT lower(name) FROM sqlite_schema UNION SELECT lower(name) FROM pragma_module_list", note_stranger, g->strangers, NULL);
    if (rc == SQLITE_OK)
        rc = kh_guard_functions(g->db);
    limit(g->db);
    sqlite3_set_authorizer(g->db, authorize, g);
    sqlite3_progress_handler(g->db, OPERATIONS, watch, g);
    return rc;
}

int kh_guard_open(kh_store *s, kh_guard **out, kh_error *err)
{
    bool trusted;
    int rc = kh_store_schema_is_ours(s, &trusted, err);
    *out = NULL;
    if (rc != KH_OK)
        return rc;
    kh_guard *g = kh_zalloc(1, sizeof *g);
    rc = prepare(s, g, trusted);
    *out = g;
    if (rc == SQLITE_OK)
        return KH_OK;
    rc = kh_fail(err, (rc & 0xff) == SQLITE_BUSY ? KH_EBUSY : KH_ESTORE, "the store %s cannot be opened for queries: %s", s->path, g->db ? sqlite3_errmsg(g->db) : sqlite3_errstr(rc));
    kh_guard_close(g);
    *out = NULL;
    return rc;
}

void kh_guard_close(kh_guard *g)
{
    if (!g)
        return;
    sqlite3_close(g->db);
    kh_map_free(g->strangers);
    kh_free(g);
}
