/* SPDX-License-Identifier: MIT */
/*
 * The workspace: where it is, what it holds, and the only place where the
 * store is opened. Paths that come from users or scripts are resolved here
 * against the root and the granted folders, links included.
 */
#include "flow/workspace.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/msg.h"
#include "base/num.h"
#include "flow/session.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEHOACH_LUA "kehoach.lua"

static bool has_kehoach_lua(const char *dir)
{
    char *path = kh_asprintf("%s/%s", dir, KEHOACH_LUA);
    bool there = access(path, R_OK) == 0;
    kh_free(path);
    return there;
}

int kh_workspace_find(const char *dir, char **root, kh_error *err)
{
    char here[PATH_MAX];
    *root = NULL;
    if (!realpath(dir ? dir : ".", here))
        return kh_fail(err, kh_open_code(errno), "no folder %s: %s", dir ? dir : ".", kh_errno_text(errno));
    if (dir) {
        if (!has_kehoach_lua(here))
            return kh_fail(err, KH_EUSAGE, "%s is no workspace: it holds no kehoach.lua; `kehoach init %s` makes one", dir, dir);
        *root = kh_strdup(here);
        return KH_OK;
    }
    for (char *slash; here[0]; *slash = '\0') {
        if (has_kehoach_lua(here)) {
            *root = kh_strdup(here);
            return KH_OK;
        }
        slash = strrchr(here, '/');
        if (!slash)
            break;
    }
    return kh_fail(err, KH_EUSAGE, "no kehoach.lua here or in a folder above; go to a workspace, name one with -C DIR, or make one with `kehoach init DIR`");
}

/* The account's name; without an entry in passwd (a container's number) what the surroundings say, else the number. */
static char *login_name(void)
{
    const struct passwd *pw = getpwuid(getuid());
    if (pw && pw->pw_name && *pw->pw_name)
        return kh_strdup(pw->pw_name);
    const char *user = getenv("USER");
    if (!user || !*user)
        user = getenv("LOGNAME");
    return user && *user ? kh_strdup(user) : kh_asprintf("uid%ld", (long)getuid());
}

/* Who acts, for the audit: what the administrator sets, else the account and the machine. */
static char *who_acts(void)
{
    const char *by = getenv("KEHOACH_BY");
    if (by && *by)
        return kh_strdup(by);
    char host[64] = "";
    if (gethostname(host, sizeof host - 1) != 0 || !host[0])
        snprintf(host, sizeof host, "localhost");
    char *user = login_name(), *who = kh_asprintf("%s@%s", user, host);
    kh_free(user);
    return who;
}

/* Viet Nam's civil day at a UTC moment "YYYY-MM-DDTHH:MM:SSZ" (UTC+7 all year). */
static kh_day local_day(const char *utc)
{
    kh_day d;
    int hour;
    if (strlen(utc) < 13 || !kh_day_parse(utc, 10, &d))
        return KH_DAY_MAX;
    if (kh_natural(utc + 11, 2, &hour) && hour >= 17)
        d++;
    return d;
}

static bool is_moment(const char *s)
{
    kh_day d;
    int h, m, sec;
    return strlen(s) == 20 && kh_day_parse(s, 10, &d) && s[10] == 'T' && s[13] == ':' && s[16] == ':' && s[19] == 'Z' && kh_natural(s + 11, 2, &h) &&
           kh_natural(s + 14, 2, &m) && kh_natural(s + 17, 2, &sec) && h < 24 && m < 60 && sec < 61;
}

void kh_workspace_clock(kh_workspace *ws, const char *now)
{
    snprintf(ws->now, sizeof ws->now, "%s", now);
    ws->today = local_day(ws->now);
    if (ws->store)
        kh_store_clock(ws->store, ws->now);
    kh_session_drop(ws); /* what is due depends on the day */
}

bool kh_workspace_moment(const char *text) { return is_moment(text); }

kh_workspace *kh_workspace_new(const char *root, const char *store_override)
{
    kh_workspace *ws = kh_zalloc(1, sizeof *ws);
    ws->root = kh_strdup(root);
    ws->catalog = kh_catalog_new();
    ws->store_path = store_override ? kh_strdup(store_override) : NULL;
    ws->settings.store = "kehoach.db";
    ws->settings.memory = 512LL << 20;
    ws->settings.seconds = 600;
    ws->settings.output = 64LL << 20;
    ws->by = who_acts();
    const char *fixed = getenv("KEHOACH_NOW");
    if (fixed && is_moment(fixed)) {
        snprintf(ws->now, sizeof ws->now, "%s", fixed);
    } else {
        if (fixed && *fixed)
            kh_log(KH_LOG_WARNING, "KEHOACH_NOW is not a moment like 2018-07-08T03:00:00Z: the clock is used");
        time_t t = time(NULL);
        struct tm tm;
        gmtime_r(&t, &tm);
        strftime(ws->now, sizeof ws->now, "%Y-%m-%dT%H:%M:%SZ", &tm);
    }
    ws->today = local_day(ws->now);
    return ws;
}

void kh_workspace_free(kh_workspace *ws)
{
    if (!ws)
        return;
    kh_session_drop(ws);
    kh_store_close(ws->store);
    kh_intake_kept_free(ws->kept);
    kh_catalog_free(ws->catalog);
    kh_free(ws->settings.scripts.items);
    kh_free(ws->settings.read.items);
    kh_free(ws->settings.write.items);
    kh_map_free(ws->refused);
    kh_free(ws->root);
    kh_free(ws->store_path);
    kh_free(ws->by);
    kh_free(ws);
}

static int use_alias(void *ctx, const char *text, const char *code)
{
    kh_units_alias(ctx, text, code);
    return 0;
}

static int count_change(void *ctx, const char *kind, const char *code, const char *what)
{
    (void)kind, (void)code, (void)what;
    ++*(unsigned *)ctx;
    return 0;
}

/* Changed definitions are mirrored before anything else is written, so that no value refers to what the store does not know. */
static int mirror_if_needed(kh_workspace *ws, kh_error *err)
{
    bool needed = false;
    unsigned changes = 0;
    int rc = kh_store_mirror_needed(ws->store, ws->catalog, &needed, err);
    if (rc != KH_OK || !needed)
        return rc;
    if ((rc = kh_store_begin(ws->store, err)) != KH_OK)
        return rc;
    if ((rc = kh_store_mirror(ws->store, ws->catalog, count_change, &changes, err)) == KH_OK)
        rc = kh_store_commit(ws->store, err);
    if (rc != KH_OK) {
        kh_store_rollback(ws->store);
        return rc;
    }
    kh_log(KH_LOG_DETAIL, "%u definitions new or changed since the last load: mirrored into the store", changes);
    return KH_OK;
}

/* A relative store path is the workspace's when kehoach.lua says it, the caller's when --store says it. */
static void settle_store_path(kh_workspace *ws)
{
    if (ws->store_path)
        return;
    const char *p = ws->settings.store;
    ws->store_path = p[0] == '/' || strcmp(p, ":memory:") == 0 ? kh_strdup(p) : kh_asprintf("%s/%s", ws->root, p);
}

int kh_workspace_store_unmirrored(kh_workspace *ws, kh_store **out, kh_error *err)
{
    settle_store_path(ws);
    bool memory = strcmp(ws->store_path, ":memory:") == 0;
    int rc = kh_store_open(out, ws->store_path, memory ? KH_STORE_MEMORY : KH_STORE_CREATE, err);
    if (rc == KH_OK) {
        kh_store_actor(*out, ws->by);
        kh_store_clock(*out, ws->now);
    }
    return rc;
}

int kh_workspace_store(kh_workspace *ws, kh_store_mode mode, kh_error *err)
{
    bool writing = mode != KH_STORE_READ;
    settle_store_path(ws);
    if (strcmp(ws->store_path, ":memory:") == 0)
        mode = KH_STORE_MEMORY;
    if (ws->store && (ws->mode != KH_STORE_READ || !writing))
        return KH_OK;
    if (ws->store) {
        kh_session_drop(ws);
        kh_store_close(ws->store);
        ws->store = NULL;
    }
    int rc = kh_store_open(&ws->store, ws->store_path, mode, err);
    if (rc != KH_OK)
        return rc;
    ws->mode = mode;
    kh_store_actor(ws->store, ws->by);
    kh_store_clock(ws->store, ws->now);
    if (mode != KH_STORE_READ && (rc = mirror_if_needed(ws, err)) != KH_OK)
        goto fail;
    if ((rc = kh_store_bind(ws->store, ws->catalog, err)) != KH_OK)
        goto fail;
    if ((rc = kh_store_aliases(ws->store, use_alias, ws->catalog->units, err)) != KH_OK)
        goto fail;
    return KH_OK;
fail:
    kh_store_close(ws->store);
    ws->store = NULL;
    return rc;
}

static bool inside(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool kh_workspace_inside(const kh_workspace *ws, const char *path)
{
    char real[PATH_MAX], root[PATH_MAX];
    return realpath(path, real) && realpath(ws->root, root) && (strcmp(root, "/") == 0 || inside(real, root));
}

static bool granted(const kh_workspace *ws, const char *path, const kh_texts *folders)
{
    for (size_t i = 0; i < folders->n; i++) {
        const char *f = folders->items[i];
        char real[PATH_MAX];
        char *full = f[0] == '/' ? kh_strdup(f) : kh_asprintf("%s/%s", ws->root, f);
        bool ok = realpath(full, real) && inside(path, real);
        kh_free(full);
        if (ok)
            return true;
    }
    return false;
}

/* The folder must exist; the last component need not. Links are followed before anything is decided. */
static int resolve(const char *full, bool may_be_new, char real[PATH_MAX], kh_error *err)
{
    if (realpath(full, real))
        return KH_OK;
    if (!may_be_new || errno != ENOENT)
        return kh_fail(err, kh_open_code(errno), "cannot open %s: %s", full, kh_errno_text(errno));
    char *copy = kh_strdup(full);
    char *slash = strrchr(copy, '/');
    const char *name = slash ? slash + 1 : copy;
    char folder[PATH_MAX];
    int rc = KH_OK;
    if (slash)
        *slash = '\0';
    struct stat link;
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || lstat(full, &link) == 0)
        rc = kh_fail(err, KH_EUSAGE, "%s is no name for a new file", full);
    else if (!realpath(slash ? (*copy ? copy : "/") : ".", folder))
        rc = kh_fail(err, kh_open_code(errno), "no folder %s: %s", slash ? copy : ".", kh_errno_text(errno));
    else if (snprintf(real, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        rc = kh_fail(err, KH_EUSAGE, "the path %s is too long", full);
    kh_free(copy);
    return rc;
}

int kh_workspace_path(const kh_workspace *ws, const char *path, bool write, char **out, kh_error *err)
{
    char real[PATH_MAX];
    char *full = path[0] == '/' ? kh_strdup(path) : kh_asprintf("%s/%s", ws->root, path);
    *out = NULL;
    int rc = resolve(full, write, real, err);
    kh_free(full);
    if (rc != KH_OK)
        return rc;
    if (!granted(ws, real, write ? &ws->settings.write : &ws->settings.read) && !(!write && granted(ws, real, &ws->settings.write))) {
        if (write)
            return kh_fail(err, KH_EUSAGE, "%s lies outside the folders that kehoach.lua grants for writing (grant = { write = { ... } })", path);
        return kh_fail(err, KH_EUSAGE, "%s lies outside the folders that kehoach.lua grants for reading (grant = { read = { ... } })", path);
    }
    *out = kh_strdup(real);
    return KH_OK;
}

/* A file is written by a rename: it takes the place of the name, whatever a link of that name leads to. */
static bool place_of(const char *path, char real[PATH_MAX])
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    char *up = !slash ? kh_strdup(".") : slash == path ? kh_strdup("/") : kh_strndup(path, (size_t)(slash - path));
    bool ok = realpath(up, folder) && snprintf(real, PATH_MAX, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, slash ? slash + 1 : path) < PATH_MAX;
    kh_free(up);
    return ok;
}

static bool belongs_to_store(const kh_workspace *ws, const char *real)
{
    char store[PATH_MAX];
    if (!ws->store_path || strcmp(ws->store_path, ":memory:") == 0)
        return false;
    if (!realpath(ws->store_path, store) && !place_of(ws->store_path, store))
        return false;
    size_t n = strlen(store);
    return strncmp(real, store, n) == 0 && (!real[n] || real[n] == '-'); /* -wal, -shm, -journal */
}

int kh_workspace_spare(const kh_workspace *ws, const char *path, kh_error *err)
{
    char real[PATH_MAX], root[PATH_MAX];
    if (!place_of(path, real))
        return KH_OK; /* no such folder: writing says so */
    if (belongs_to_store(ws, real))
        return kh_fail(err, KH_EUSAGE, "%s is the store: nothing is written over it; name another file", path);
    if (!realpath(ws->root, root) || !inside(real, root) || strlen(real) <= strlen(root))
        return KH_OK;
    const char *rest = real + strlen(root) + 1;
    bool own = strcmp(rest, "kehoach.lua") == 0;
    for (size_t i = 0; i < ws->settings.scripts.n && !own; i++)
        own = inside(rest, ws->settings.scripts.items[i]);
    if (own)
        return kh_fail(err, KH_EUSAGE, "%s belongs to the workspace's definitions: nothing is written there; name another file", rest);
    return KH_OK;
}
