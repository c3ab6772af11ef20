/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room share: the host of one Lua state, how a C
 * function is entered, fails and reads its arguments, and how names are
 * documented. Lua's headers end here.
 *
 * The rules that keep a jump harmless:
 * - Every way into Lua is kh_lua_enter, which is a protected call.
 * - A C function owns nothing while it calls what may raise: it reads its arguments, makes its handle closed, and only
 *   then opens into it. Buffers that must live longer stand in a userdata (kh_lua_buf) or belong to the host.
 * - Userdata never get a __concat: Debian's Lua 5.4.4 uses freed stack after one that grows it.
 */
#ifndef KH_SCRIPT_HOST_H
#define KH_SCRIPT_HOST_H

#include "base/buf.h"
#include "base/log.h"
#include "script/script.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <time.h>

/* --- the host --------------------------------------------------------------- */

typedef enum kh_stop { KH_STOP_NONE, KH_STOP_TIME, KH_STOP_MEMORY, KH_STOP_INSTRUCTIONS, KH_STOP_OUTPUT, KH_STOP_INTERRUPTED } kh_stop;
typedef enum kh_phase { KH_PHASE_SETTINGS, KH_PHASE_DEFINITIONS, KH_PHASE_FORMULAS, KH_PHASE_RUN } kh_phase;

typedef struct kh_place { char file[512]; int line; } kh_place; /* file "": unknown */

typedef struct kh_fault { /* the last error that left Lua */
    kh_place place;
    int code;            /* of the kh_error inside an error object; 0: the script's own */
    kh_buf trace;
} kh_fault;

typedef struct kh_handle kh_handle;

struct kh_script {
    lua_State *L;                     /* the main thread */
    lua_State *volatile running;      /* the thread that runs now; the deadline's signal puts its hook there */
    kh_workspace *ws;
    int depth;                        /* entries into Lua, nested ones counted */
    kh_phase phase;
    /* limits (state.c) */
    size_t used, peak, limit;         /* bytes of Lua's heap, malloc's own share included, and `held` */
    size_t held;                      /* of `used`: bytes that C holds for scripts (frames, rows) */
    double seconds;
    int64_t deadline;                 /* ns on the monotonic clock; 0: none */
    volatile sig_atomic_t expired;
    volatile sig_atomic_t ticks;      /* signals since it expired, within this entry */
    volatile sig_atomic_t stop_by_time; /* kh_worker_stop was set by the deadline, not by the user */
    kh_stop stopped;                  /* a stop is on its way out: nothing may catch it */
    kh_place stop_place;
    int64_t instructions, max_instructions;
    int64_t output, max_output;
    unsigned long fail_at;            /* tests: the n-th allocation from now fails */
    bool fail_on;                     /* ... and every one after it */
    bool timer_made;
    timer_t timer;
    /* text under construction, owned here so that a jump loses nothing */
    kh_buf text;
    kh_fault fault;
    /* what is being done */
    const char *def_what;             /* "measure \"x\"", while a definition is read; NULL else */
    kh_place def_place;
    kh_day at;                        /* the day at which units are asked when no other is named */
    struct kh_row_cache *rows;        /* l_row.c */
    bool in_row;                      /* a row function is on the stack */
    uint32_t nodes;                   /* l_expr.c: nodes built by the running formula */
    int co_depth;                     /* coroutines within coroutines */
    int open_rows;                    /* l_sql.c: statements that are open */
    void *docs;                       /* l_doc.c: the open document */
    void *job;                        /* l_job.c: the running job */
};

static inline kh_script *kh_host(lua_State *L) { return *(kh_script **)lua_getextraspace(L); }

/* --- entering (enter.c) ------------------------------------------------------- */
typedef int kh_lua_body(lua_State *L); /* sees its context as light userdata at index 1 */
/*
 * Runs body(ctx) protected on the thread that runs now. Negative code with err: file, line, text, trace; `usage` is the
 * code that a script's own fault gets (KH_ESCRIPT, or KH_EUSAGE for definitions). Results are body's own business.
 */
int kh_lua_enter(kh_script *s, kh_lua_body *body, void *ctx, int usage, kh_error *err);

/* --- stops (state.c) ----------------------------------------------------------- */
_Noreturn void kh_lua_stop(lua_State *L, kh_stop why);  /* raises a stop that no script can catch */
void kh_lua_poll(lua_State *L);                         /* to be called in every loop of ours that a script can make long */
_Noreturn void kh_lua_pass_on(lua_State *L, int status);/* after a protected call ended with a stop: goes on with it (the value on top) */
static inline bool kh_lua_is_stop(lua_State *L, int status) { return kh_host(L)->stopped != KH_STOP_NONE || status == LUA_ERRMEM; }
void kh_lua_room(lua_State *L, size_t bytes);           /* raises the memory stop where there is no room for so much more */
void kh_lua_hold(lua_State *L, size_t bytes);           /* C holds so much for the script; raises the memory stop */
void kh_lua_release(kh_script *s, size_t bytes);
void kh_script_restart(kh_script *s, double seconds);   /* a new run begins: the clock starts again */
bool kh_stop_text(kh_script *s, kh_buf *out);           /* the words for s->stopped */
int kh_state_new(kh_script *s);                         /* 0: made */
void kh_state_limits(kh_script *s);                     /* the settings are read: they count from now on */
void kh_state_free(kh_script *s);
int kh_state_begin(kh_script *s);                       /* entry and leave: the timer is armed while Lua runs */
void kh_state_end(kh_script *s);
void kh_note_place(kh_script *s, kh_place *out);        /* where the running thread is, without allocating; safe in a signal handler */

/* --- failing (fail.c) ------------------------------------------------------------ */
/* Misuse: raises "file:line: text", at the place in the user's script. `format` is translated by the caller with _(). */
_Noreturn void kh_lua_raise(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void kh_lua_raise_at(lua_State *L, const kh_place *place, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Raises what failed as an error object and clears err. */
_Noreturn void kh_lua_throw(lua_State *L, kh_error *err);
/* nil, error object; clears err. An interruption is raised instead. */
int kh_lua_fail(lua_State *L, kh_error *err);
int kh_lua_message(lua_State *L);                       /* the handler of kh_lua_enter */
void kh_lua_where(lua_State *L, kh_place *out);         /* the nearest user script on the stack, else the definition's place */
void kh_place_set(kh_place *p, const char *file, int line);
void kh_fail_open(lua_State *L);
/* " (did you mean X?)" or "", in the host's own memory until the next call. */
const char *kh_lua_near(lua_State *L, const char *name, const char *const *names, size_t n);
const char *kh_lua_near_kind(lua_State *L, const char *kind); /* the same among kinds and levels of units */

/* --- arguments (arg.c) ------------------------------------------------------------ */
typedef struct kh_key { const char *name, *type, *doc; } kh_key; /* type: LuaLS, "?" after it where it may be left out; NULL name ends */
typedef struct kh_table { lua_State *L; int at; const char *what; const kh_key *keys; } kh_table;
/* The table at `at`: unknown and missing keys raise, naming the nearest right one and the line. */
kh_table kh_table_open(lua_State *L, int at, const char *what, const kh_key *keys);
bool kh_table_has(const kh_table *t, const char *key);
int kh_table_push(const kh_table *t, const char *key); /* type of the value pushed */
const char *kh_table_text(const kh_table *t, const char *key); /* NULL if absent; lives as long as the table holds it */
char *kh_table_text_in(const kh_table *t, const char *key, kh_arena *a);
bool kh_table_bool(const kh_table *t, const char *key, bool otherwise);
int64_t kh_table_int(const kh_table *t, const char *key, int64_t lo, int64_t hi, int64_t otherwise);
double kh_table_num(const kh_table *t, const char *key, double otherwise);
bool kh_table_dec(const kh_table *t, const char *key, kh_dec *out);
size_t kh_table_texts(const kh_table *t, const char *key, kh_arena *a, const char *const **out); /* one text or a list */
double kh_table_duration(const kh_table *t, const char *key, double otherwise); /* seconds, "30s" "10m" "2h" "1d" */
kh_freq kh_table_freq(const kh_table *t, const char *key);
kh_calendar kh_table_calendar(const kh_table *t, const char *key, kh_calendar otherwise);
kh_period kh_table_period(const kh_table *t, const char *key); /* KH_NO_PERIOD if absent */
kh_day kh_table_day(const kh_table *t, const char *key, kh_day otherwise);
bool kh_table_selector(const kh_table *t, const char *key, kh_arena *a, kh_selector *out);
size_t kh_table_selectors(const kh_table *t, const char *key, kh_arena *a, kh_selector **out);
_Noreturn void kh_table_bad(const kh_table *t, const char *key, const char *format, ...) __attribute__((format(printf, 3, 4)));

const char *kh_lua_text(lua_State *L, int arg, size_t *len);       /* strictly a string */
const char *kh_lua_text_or(lua_State *L, int arg, const char *otherwise);
int64_t kh_lua_int(lua_State *L, int arg);                         /* strictly an integer */
void kh_lua_no_more(lua_State *L, int most);                       /* arguments beyond `most` raise */
_Noreturn void kh_lua_bad_arg(lua_State *L, int arg, const char *wanted);
kh_dec kh_lua_dec(lua_State *L, int at, const char *what);         /* the exact decimal that a Lua number shows */
void kh_lua_push_dec(lua_State *L, kh_dec d);
kh_day kh_lua_day(lua_State *L, int at, kh_day otherwise);         /* "2018-01-31", a period (its last day), or nil */
const char *kh_lua_type(lua_State *L, int at);                     /* the type's name for messages, our classes by their names */

/* --- buffers that survive a jump ---------------------------------------------------- */
kh_buf *kh_lua_buf(lua_State *L); /* pushes a userdata that owns it */
void kh_lua_push_buf(lua_State *L, kh_buf *b); /* pushes its bytes */
typedef struct kh_owner { void *p; void (*free)(void *p); } kh_owner;
kh_owner *kh_lua_own(lua_State *L, void (*release)(void *)); /* pushes a userdata that releases p (set it afterwards) */
void kh_owner_release(kh_owner *o); /* now, once */

/* --- documented names (apidoc.c) ------------------------------------------------------ */
typedef struct kh_fn { const char *name; lua_CFunction fn; const char *sig, *doc; } kh_fn; /* sig: "name: string, at?: string -> Unit?, string?" */
typedef struct kh_prop { const char *name, *type, *doc; } kh_prop;
typedef struct kh_ns {
    const char *name;         /* "kh", "string", or a class: "kh.Frame" */
    const char *doc;
    const kh_fn *fns;         /* ended by a NULL name */
    const kh_prop *props;     /* NULL, or a class's fields */
    lua_CFunction index;      /* NULL, or (self, key): a field that is no method; pushes nil for unknown */
    const luaL_Reg *meta;     /* NULL, or further metamethods */
    bool is_class;
} kh_ns;
typedef struct kh_options_doc { const char *name, *doc; const kh_key *keys; } kh_options_doc; /* the tables that functions take */
extern const kh_ns *const kh_namespaces[];           /* ended by NULL */
extern const kh_options_doc *const kh_option_tables[]; /* ended by NULL */
void kh_lua_class(lua_State *L, const kh_ns *ns);     /* makes its metatable, pops nothing */
void kh_lua_strict(lua_State *L, const kh_ns *ns);     /* the table on top: unknown names raise, naming the nearest */
void kh_lua_functions(lua_State *L, const kh_fn *fns);/* sets them in the table on top */

/* --- sandbox.c -------------------------------------------------------------------------- */
void kh_sandbox_open(lua_State *L);                    /* builds the environments */
void kh_lua_protect(lua_State *L);                     /* replaces the table on top by a read-only view of it */
bool kh_lua_is_protected(lua_State *L, int at);
void kh_sandbox_global(lua_State *L, const char *name);/* the value on top becomes a global of all scripts; pops it */
typedef enum kh_env { KH_ENV_SETTINGS, KH_ENV_SCRIPTS, KH_ENV_RUN, KH_ENV_SHELL, KH_ENV_TEST } kh_env;
void kh_sandbox_push_env(lua_State *L, kh_env which);
void kh_sandbox_new_env(lua_State *L);                  /* a fresh one that may be written to, over the scripts' */
const char *kh_global_near(lua_State *L, const char *name);
int kh_undeclared_global(lua_State *L);                 /* __newindex of environments */

/* --- loader.c ---------------------------------------------------------------------------- */
/* Compiles text (never bytecode) with the environment on top (popped); leaves the function, or raises. */
void kh_lua_compile(lua_State *L, const char *text, size_t len, const char *chunkname);
const char *kh_source_text(kh_script *s, const char *file, size_t *len); /* of a file that was loaded; NULL */
/* The lines first..last of a loaded file, into out. */
void kh_source_lines(kh_script *s, const char *file, int first, int last, kh_buf *out);
int kh_source_key_line(kh_script *s, const kh_place *from, const char *key); /* where the key stands, from->line if not found */
void kh_add_fault(kh_error *all, kh_error *one); /* the first stays the error, the others follow in its trace */
#define KH_SOURCE_MAX (256u << 10) /* bytes of one script: keeps every quadratic case of Lua's compiler under a second */

/* --- the binding files' openers and what they lend each other --------------------------- */
void kh_open_define(lua_State *L);
void kh_open_kh(lua_State *L); /* all of `kh` */
int kh_define_finish(kh_script *s, kh_error *err); /* reads all definitions that were noted */
int kh_define_settings(kh_script *s, kh_error *err);
void kh_canonical(lua_State *L, int at, kh_buf *out); /* the canonical text of a definition, functions by their source */
void kh_canonical_sha256(lua_State *L, int at, char hex[65]);

kh_expr kh_lua_formula(lua_State *L, int fn, const char *what);    /* runs function(m), gives its expression */
void kh_each_make(lua_State *L, int fn, int inputs /* 0: found */, kh_indicator *ind);
void kh_lua_push_expr(lua_State *L, kh_expr e);
void kh_lua_push_m(lua_State *L);
bool kh_lua_selector_cut(lua_State *L, int at, kh_cut *out);       /* { gender = "female" } */

void kh_lua_push_period(lua_State *L, kh_period p);                /* nil for KH_NO_PERIOD */
kh_period kh_lua_period(lua_State *L, int at);                     /* a period or its text */
kh_period kh_lua_period_or(lua_State *L, int at, kh_period otherwise);
bool kh_lua_is_period(lua_State *L, int at, kh_period *out);
void kh_lua_push_unit(lua_State *L, kh_unit u);                    /* nil for KH_NO_UNIT */
kh_unit kh_lua_unit(lua_State *L, int at, kh_day day);             /* a unit, its code or name */
bool kh_lua_is_unit(lua_State *L, int at, kh_unit *out);
kh_frame **kh_lua_new_frame(lua_State *L);                         /* born closed */
void kh_lua_frame_opened(lua_State *L, kh_frame **f);              /* counts its memory */
kh_frame *kh_lua_frame(lua_State *L, int at);
void kh_lua_push_cell(lua_State *L, const kh_cell *c);
void kh_lua_push_findings(lua_State *L, const kh_findings *f);
kh_workspace *kh_lua_store(lua_State *L, bool write);              /* the workspace with its store open; raises otherwise */
void kh_lua_print(lua_State *L, const char *text, size_t len);     /* to stdout, counted, control bytes shown */
void kh_lua_count_output(lua_State *L, size_t bytes);
int kh_lua_write_file(lua_State *L, const char *path, kh_buf *b);  /* path, or nil and an error */
void kh_lua_doc_of_frame(lua_State *L, kh_doc *d, kh_frame *f);    /* its only block: a table of all columns */
int kh_lua_frame_xlsx(lua_State *L, kh_frame *f, const char *path);
const char *kh_lua_granted(lua_State *L, const char *path, bool write); /* the resolved path, pushed; raises */
void kh_lua_periods(lua_State *L, int at, kh_buf *out);            /* a period, a list of them or a text as kh_periods_of reads it */
kh_expr kh_lua_leaf(lua_State *L, const char *name);
void kh_lua_log(lua_State *L, kh_log_level level, const char *text); /* log, and the run's log within a job */

int kh_row_call(void *ctx, void *script, kh_row *row, kh_out *out, kh_error *err);
int kh_build_call(void *ctx, void *script, kh_workspace *ws, kh_doc *doc, kh_period period, kh_unit unit, const char *const *params, kh_error *err);
int kh_job_call(void *ctx, void *script, kh_workspace *ws, const kh_job_def *job, kh_period period, int64_t run, kh_error *err);
void kh_row_free(kh_script *s);

/* A definition's function is kept as a registry reference in a void *. */
static inline void *kh_ref_ptr(int ref) { return (void *)(intptr_t)ref; }
static inline int kh_ptr_ref(void *p) { return (int)(intptr_t)p; }

#endif
