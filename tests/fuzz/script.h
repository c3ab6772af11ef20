/* SPDX-License-Identifier: MIT */
/* A workspace in a temporary folder and a script host in this process, for the targets that run Lua. */
#ifndef TESTS_FUZZ_SCRIPT_H
#define TESTS_FUZZ_SCRIPT_H

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "script/host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char fuzz_root[] = "/tmp/kehoach-fuzz-XXXXXX";

static inline void must(bool ok)
{
    if (!ok)
        abort();
}

static inline void fuzz_file(const char *name, const char *text, size_t n)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", fuzz_root, name);
    FILE *f = fopen(path, "w");
    must(f && fwrite(text, 1, n, f) == n && fclose(f) == 0);
}

static void fuzz_forget(void)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf %s", fuzz_root);
    must(system(command) == 0);
}

static const char fuzz_settings[] = "workspace { lang = 'en', store = ':memory:', grant = { read = { 'data' }, write = { 'out' } }, limits = { memory = '32M', time = 0.3, output = '1M' } }\n";

/* What scripts print goes nowhere; standard output is the target's own again afterwards. */
static inline void fuzz_quiet(bool quiet)
{
    static int own = -1, nowhere = -1;
    if (own < 0) {
        own = dup(STDOUT_FILENO);
        nowhere = open("/dev/null", O_WRONLY);
    }
    fflush(stdout);
    must(dup2(quiet ? nowhere : own, STDOUT_FILENO) >= 0);
}

/* Once: the folder. */
static inline void fuzz_place(void)
{
    char path[300];
    kh_log_limit(KH_LOG_ERROR);
    kh_msg_lang(KH_LANG_EN);
    must(mkdtemp(fuzz_root) != NULL);
    atexit(fuzz_forget);
    static const char *const folders[] = {"scripts", "data", "out"};
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", fuzz_root, folders[i]);
        must(mkdir(path, 0700) == 0);
    }
    fuzz_file("kehoach.lua", fuzz_settings, sizeof fuzz_settings - 1);
    fuzz_file("data/F_a_2018.csv", "Don vi,So\na,7\n", 14);
}

static inline int fuzz_load(kh_workspace **ws, kh_script **s, kh_error *err)
{
    *ws = kh_workspace_new(fuzz_root, NULL);
    int rc = kh_script_new(s, *ws, err);
    return rc == KH_OK ? kh_script_load(*s, err) : rc;
}

#endif
