/* SPDX-License-Identifier: MIT */
/*
 * The state and its limits inside the process, the polite first line: the
 * supervisor (supervisor.c) is the one that can always stop a script.
 *
 *   memory        an allocator that counts, malloc's own share included; what C holds for scripts counts too
 *   time          a timer that is armed while Lua runs. Its signal sets a hook on the running thread, as lua.c does for
 *                 an interrupt; before the deadline there is no hook at all, hence no cost: a count hook makes every
 *                 instruction a call
 *   instructions  only when a workspace asks for it: a count hook
 *
 * A stop is a flag beside the error. Whatever catches errors in scripts (pcall, xpcall, coroutines) is ours and looks at
 * the flag, so that the error's value does not matter. Signals go to the thread that runs Lua, never to one of the
 * calculation's.
 */
#include "script/host.h"

#include "base/log.h"
#include "base/msg.h"
#include "script/worker.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

#define COUNT_STEP 1000            /* instructions between two looks at the budget */
#define RESERVE (1u << 20)         /* bytes beyond the limit for what makes the message after a stop */

static kh_script *volatile timed;  /* whom the signal is for: one state runs at a time */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- memory -------------------------------------------------------------------- */

/* What malloc really takes: 8 bytes before each block, in steps of 16, at least 32. */
static size_t charge(size_t n)
{
    if (n == 0)
        return 0;
    size_t c = (n + 8 + 15) & ~(size_t)15;
    return c < 32 ? 32 : c;
}

static bool fails_now(kh_script *s)
{
    if (!s->fail_at)
        return false;
    if (s->fail_at > 1) {
        s->fail_at--;
        return false;
    }
    if (!s->fail_on)
        s->fail_at = 0;
    return true;
}

static void *limited(void *ud, void *ptr, size_t osize, size_t nsize)
{
    kh_script *s = ud;
    size_t before = ptr ? charge(osize) : 0, after = charge(nsize);
    if (nsize == 0) {
        free(ptr);
        s->used -= before;
        return NULL;
    }
    if (after > before) {
        size_t limit = s->limit + (s->stopped ? RESERVE : 0);
        if (fails_now(s) || after - before > limit || s->used > limit - (after - before)) {
            kh_note_place(s, &s->stop_place); /* a memory error runs no message handler: this is the last chance */
            return NULL;
        }
    }
    void *p = realloc(ptr, nsize);
    if (!p) {
        if (after <= before)
            return ptr; /* shrinking must not fail */
        kh_note_place(s, &s->stop_place);
        return NULL;
    }
    s->used = s->used - before + after;
    if (s->used > s->peak)
        s->peak = s->used;
    return p;
}

void kh_lua_room(lua_State *L, size_t bytes)
{
    kh_script *s = kh_host(L);
    if (bytes <= s->limit && s->used <= s->limit - bytes)
        return;
    lua_gc(L, LUA_GCCOLLECT); /* handles that nobody holds any more give theirs back */
    if (bytes > s->limit || s->used > s->limit - bytes)
        kh_lua_stop(L, KH_STOP_MEMORY);
}

void kh_lua_hold(lua_State *L, size_t bytes)
{
    kh_script *s = kh_host(L);
    kh_lua_room(L, bytes);
    s->used += bytes;
    s->held += bytes;
    if (s->used > s->peak)
        s->peak = s->used;
}

void kh_lua_release(kh_script *s, size_t bytes)
{
    s->used -= bytes;
    s->held -= bytes;
}

/* --- where a thread is --------------------------------------------------------------- */

void kh_place_set(kh_place *p, const char *file, int line)
{
    size_t n = strlen(file);
    if (n >= sizeof p->file)
        n = sizeof p->file - 1;
    memcpy(p->file, file, n);
    p->file[n] = '\0';
    p->line = line;
}

void kh_note_place(kh_script *s, kh_place *out)
{
    lua_Debug ar;
    for (int level = 0; level < 50 && s->running && lua_getstack(s->running, level, &ar); level++) {
        if (!lua_getinfo(s->running, "Sl", &ar) || ar.currentline <= 0 || ar.source[0] != '@')
            continue;
        kh_place_set(out, ar.source + 1, ar.currentline);
        return;
    }
}

/* --- stops ---------------------------------------------------------------------------- */

bool kh_stop_text(kh_script *s, kh_buf *out)
{
    switch (s->stopped) {
    case KH_STOP_NONE: return false;
    case KH_STOP_TIME: kh_buf_printf(out, _("stopped: the script ran longer than its limit of %g s (limits = { time = ... } in kehoach.lua)"), s->seconds); break;
    case KH_STOP_MEMORY:
        kh_buf_printf(out, _("stopped: the script needs more memory than its limit of %zu MiB (limits = { memory = ... } in kehoach.lua)"), s->limit >> 20);
        break;
    case KH_STOP_INSTRUCTIONS:
        kh_buf_printf(out, _("stopped: the script ran more than its limit of %" PRId64 " instructions (limits = { instructions = ... } in kehoach.lua)"), s->max_instructions);
        break;
    case KH_STOP_OUTPUT:
        kh_buf_printf(out, _("stopped: the script wrote more than its limit of %" PRId64 " MiB (limits = { output = ... } in kehoach.lua)"), s->max_output >> 20);
        break;
    case KH_STOP_INTERRUPTED: kh_buf_str(out, _("interrupted")); break;
    }
    return true;
}

void kh_lua_stop(lua_State *L, kh_stop why)
{
    kh_script *s = kh_host(L);
    if (!s->stopped) {
        s->stopped = why;
        kh_note_place(s, &s->stop_place); /* where nothing of the script is on the stack any more, the place of its last fault stays */
    }
    lua_pushnil(L); /* the value does not matter, and nil needs no memory */
    lua_error(L);
    abort();
}

void kh_lua_pass_on(lua_State *L, int status)
{
    kh_script *s = kh_host(L);
    if (!s->stopped && status == LUA_ERRMEM)
        s->stopped = KH_STOP_MEMORY;
    lua_pushnil(L);
    lua_error(L);
    abort();
}

static kh_stop why_expired(const kh_script *s)
{
    return kh_worker_stop && !s->stop_by_time ? KH_STOP_INTERRUPTED : KH_STOP_TIME;
}

void kh_lua_poll(lua_State *L)
{
    if (kh_host(L)->expired || kh_worker_stop)
        kh_lua_stop(L, why_expired(kh_host(L)));
}

static void stop_hook(lua_State *L, lua_Debug *ar)
{
    kh_script *s = kh_host(L);
    (void)ar;
    if (!s->expired && !kh_worker_stop) { /* left over from an earlier run, on a coroutine that slept */
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    kh_lua_stop(L, s->stopped ? s->stopped : why_expired(s));
}

static void count_hook(lua_State *L, lua_Debug *ar)
{
    kh_script *s = kh_host(L);
    (void)ar;
    s->instructions += COUNT_STEP;
    if (s->expired || kh_worker_stop)
        kh_lua_stop(L, s->stopped ? s->stopped : why_expired(s));
    if (s->instructions > s->max_instructions)
        kh_lua_stop(L, KH_STOP_INSTRUCTIONS);
}

/* Once stopped, whatever still runs (close handlers) meets the hook at its first instruction. */
static void hook_now(kh_script *s)
{
    lua_State *L = s->running;
    if (L)
        lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static void on_tick(int sig)
{
    int saved = errno;
    kh_script *s = timed;
    (void)sig;
    if (s) {
        s->expired = 1;
        if (s->depth > 0) {
            hook_now(s);
            if (++s->ticks == 2) { /* a C function holds on */
                if (!s->stopped)
                    kh_note_place(s, &s->stop_place);
                kh_worker_note(s->stop_place.file, s->stop_place.line); /* the supervisor may have to end it */
                s->stop_by_time = !kh_worker_stop;
                kh_worker_stop = 1; /* ends a calculation of ours */
            }
        }
    }
    errno = saved;
}

/* For the supervisor's signals: the same hook. */
void kh_script_interrupt(void)
{
    kh_script *s = timed;
    if (s && s->depth > 0)
        hook_now(s);
}

/* For a crash: what is known of the place, from a signal handler. */
void kh_script_place(const char **file, int *line)
{
    static kh_place p;
    kh_script *s = timed;
    p.file[0] = '\0';
    p.line = 0;
    if (s && s->depth > 0)
        kh_note_place(s, &p);
    *file = p.file;
    *line = p.line;
}

/* --- the timer --------------------------------------------------------------------------- */

static void make_timer(kh_script *s)
{
    struct sigaction sa = {0};
    sa.sa_handler = on_tick;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    struct sigevent ev = {0};
    ev.sigev_notify = SIGEV_THREAD_ID;
    ev.sigev_signo = SIGALRM;
    ev.sigev_notify_thread_id = (int)syscall(SYS_gettid);
    s->timer_made = timer_create(CLOCK_MONOTONIC, &ev, &s->timer) == 0;
    if (!s->timer_made)
        kh_log(KH_LOG_WARNING, "no timer for the scripts' time limit (%s): only the supervisor keeps it", kh_errno_text(errno));
}

/* Armed once a run, not once an entry: a row script is entered a million times. */
static void arm(kh_script *s)
{
    if (!s->timer_made)
        return;
    struct itimerspec t = {0};
    if (s->deadline) {
        int64_t left = s->deadline - now_ns();
        if (left < 1)
            left = 1;
        t.it_value.tv_sec = left / 1000000000;
        t.it_value.tv_nsec = left % 1000000000;
        t.it_interval.tv_nsec = 20000000;
    }
    timer_settime(s->timer, 0, &t, NULL);
}

void kh_script_restart(kh_script *s, double seconds)
{
    s->seconds = seconds;
    s->deadline = seconds > 0 ? now_ns() + (int64_t)(seconds * 1e9) : 0;
    s->expired = 0;
    s->ticks = 0;
    s->instructions = 0;
    s->output = 0;
    timed = s;
    arm(s);
    kh_worker_limits(seconds, (int64_t)s->limit);
}

int kh_state_begin(kh_script *s)
{
    if (s->depth++ == 0) {
        kh_worker_in_script(true);
        s->ticks = 0;
        timed = s;
        s->stopped = KH_STOP_NONE;
        s->stop_place.file[0] = '\0';
        s->running = s->L;
        if (s->expired || kh_worker_stop)
            hook_now(s); /* the run's time is over: no further script begins */
    }
    return s->depth;
}

void kh_state_end(kh_script *s)
{
    if (--s->depth > 0)
        return;
    kh_worker_in_script(false);
    if (s->stop_by_time) {
        s->stop_by_time = false;
        kh_worker_stop = 0;
    }
    if (s->stopped || s->expired)
        lua_sethook(s->L, s->max_instructions ? count_hook : NULL, s->max_instructions ? LUA_MASKCOUNT : 0, COUNT_STEP);
    s->running = s->L;
    s->co_depth = 0;
}

/* --- the state ------------------------------------------------------------------------------ */

static int panic(lua_State *L)
{
    /* Unreachable by design: every entry is protected. */
    kh_script *s = kh_host(L);
    kh_log(KH_LOG_ERROR, "internal error: Lua was entered without protection (near %s:%d)", s->stop_place.file, s->stop_place.line);
    _exit(4);
}

int kh_state_new(kh_script *s)
{
    s->limit = (size_t)s->ws->settings.memory;
    s->max_output = s->ws->settings.output;
    s->L = lua_newstate(limited, s);
    if (!s->L)
        return -1;
    s->running = s->L;
    *(kh_script **)lua_getextraspace(s->L) = s; /* new threads copy it */
    lua_atpanic(s->L, panic);
    make_timer(s);
    return 0;
}

void kh_state_limits(kh_script *s)
{
    const kh_settings *set = &s->ws->settings;
    s->limit = (size_t)set->memory;
    s->max_output = set->output;
    s->max_instructions = set->instructions;
    if (s->max_instructions)
        lua_sethook(s->L, count_hook, LUA_MASKCOUNT, COUNT_STEP);
    kh_script_restart(s, set->seconds);
}

void kh_state_free(kh_script *s)
{
    if (timed == s)
        timed = NULL;
    if (s->timer_made)
        timer_delete(s->timer);
    if (s->L)
        lua_close(s->L); /* scripts have no finalisers (sandbox.c refuses __gc), so that no script code runs here */
    s->L = NULL;
}
