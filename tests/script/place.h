/* SPDX-License-Identifier: MIT */
/* A workspace in a temporary folder, for the tests of this room: written file by file, loaded and run in this process. */
#ifndef TESTS_SCRIPT_PLACE_H
#define TESTS_SCRIPT_PLACE_H

#include "cm.h"
#include "script/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct place { char root[64]; kh_workspace *ws; kh_script *script; kh_error err; } place;

static inline void place_file(place *p, const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", p->root, name);
    for (char *s = path + strlen(p->root) + 1; (s = strchr(s, '/')); s++) {
        *s = '\0';
        mkdir(path, 0700);
        *s = '/';
    }
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

static inline place *place_new(const char *settings)
{
    place *p = calloc(1, sizeof *p);
    snprintf(p->root, sizeof p->root, "/tmp/kehoach-place-XXXXXX");
    assert_non_null(mkdtemp(p->root));
    kh_msg_lang(KH_LANG_EN);
    place_file(p, "kehoach.lua", settings ? settings : "workspace { lang = 'en', grant = { read = { 'data' }, write = { 'out' } }, limits = { memory = '64M', time = '10s' } }\n");
    place_file(p, "data/.keep", "");
    place_file(p, "scripts/.keep", "");
    return p;
}

static inline int place_load(place *p)
{
    kh_error_clear(&p->err);
    p->ws = kh_workspace_new(p->root, NULL);
    int rc = kh_script_new(&p->script, p->ws, &p->err);
    return rc == KH_OK ? kh_script_load(p->script, &p->err) : rc;
}

/* Runs text as an analysis in the file main.lua. */
static inline int place_run(place *p, const char *text)
{
    char path[600];
    place_file(p, "main.lua", text);
    snprintf(path, sizeof path, "%s/main.lua", p->root);
    kh_error_clear(&p->err);
    return kh_script_run(p->script, path, NULL, 0, &p->err);
}

static inline void place_free(place *p)
{
    char command[128];
    kh_script_free(p->script);
    kh_workspace_free(p->ws);
    kh_error_clear(&p->err);
    snprintf(command, sizeof command, "rm -rf %s", p->root);
    assert_int_equal(system(command), 0);
    free(p);
}

/* "file:line: text" of the error holds all of this. */
static inline void assert_error(place *p, int code, const char *file, int line, const char *part)
{
    char *all = p->err.code ? kh_error_line(&p->err) : NULL;
    if (p->err.code != code || (file && (!p->err.file || !strstr(p->err.file, file))) || (line && p->err.line != line) || !all || !strstr(all, part))
        fail_msg("wanted code %d at %s:%d with \"%s\", got code %d: %s", code, file ? file : "-", line, part, p->err.code, all ? all : "no error");
    kh_free(all);
}

#endif
