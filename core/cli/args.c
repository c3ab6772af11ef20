/* SPDX-License-Identifier: MIT */
/* A table of options is all that a command writes; everything about parsing is here. */
#include "cli/args.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* Options of every command: before its name or behind it, where people type them. */
const kh_opt kh_global_options[] = {
    {"-C", "DIR", N_("work as if called in this folder")},
    {"--store", "FILE", N_("this store in place of the workspace's")},
    {"--lang", "vi|en", N_("the language of messages and reports; else KEHOACH_LANG, kehoach.lua, the locale")},
    {"--json", NULL, N_("the result, or what went wrong, as one JSON document")},
    {"-q", NULL, N_("only warnings and errors beside the result")},
    {"-v", NULL, N_("tell more")},
    {"--help", NULL, N_("this list; with a COMMAND: its options and examples")},
    {"--version", NULL, N_("the version")},
    {NULL, NULL, NULL},
};

static size_t table_size(const kh_opt *table)
{
    size_t n = 0;
    while (table && table[n].name)
        n++;
    return n;
}

static size_t name_length(const char *word)
{
    return word[0] == '-' && word[1] == '-' ? strcspn(word, "=") : strlen(word);
}

const kh_opt *kh_opt_find(const kh_opt *table, const char *word)
{
    size_t len = name_length(word);
    for (const kh_opt *o = table; o && o->name; o++)
        if (strlen(o->name) == len && strncmp(o->name, word, len) == 0)
            return o;
    return NULL;
}

int kh_opt_value(const kh_opt *o, int argc, char **argv, int *i, const char **value, kh_error *err)
{
    const char *word = argv[*i];
    size_t len = name_length(word);
    *value = "";
    if (!o->value)
        return word[len] ? kh_fail(err, KH_EUSAGE, "option %s takes no value", o->name) : KH_OK;
    if (!word[len] && *i + 1 >= argc)
        return kh_fail(err, KH_EUSAGE, "option %s needs a value: %s %s", o->name, o->name, o->value);
    *value = word[len] ? word + len + 1 : argv[++*i];
    return KH_OK;
}

int kh_opt_unknown(const kh_opt *table, const char *word, kh_error *err)
{
    size_t own = table_size(table), n = own + table_size(kh_global_options);
    const char **names = kh_alloc((n + 1) * sizeof *names);
    char *name = kh_strndup(word, name_length(word));
    for (size_t i = 0; i < n; i++)
        names[i] = i < own ? table[i].name : kh_global_options[i - own].name;
    int near = kh_text_nearest(name, names, n);
    int rc = near >= 0 ? kh_fail(err, KH_EUSAGE, "unknown option %s; did you mean %s?", name, names[near])
                       : kh_fail(err, KH_EUSAGE, "unknown option %s; --help lists the options", name);
    kh_free(names);
    kh_free(name);
    return rc;
}

int kh_args_parse(const kh_opt *table, bool rest, int argc, char **argv, kh_args *out, kh_error *err)
{
    out->table = table;
    out->values = kh_zalloc(table_size(table) + 1, sizeof *out->values);
    out->operands = kh_zalloc((size_t)argc + 1, sizeof *out->operands);
    out->n_operands = 0;
    bool options = true;
    for (int i = 0; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1]) {
            const kh_opt *o = kh_opt_find(table, argv[i]);
            int rc = o ? kh_opt_value(o, argc, argv, &i, &out->values[o - table], err) : kh_opt_unknown(table, argv[i], err);
            if (rc != KH_OK)
                return rc;
        } else {
            out->operands[out->n_operands++] = argv[i];
            options = options && !rest;
        }
    }
    return KH_OK;
}

void kh_args_free(kh_args *a)
{
    kh_free(a->values);
    kh_free(a->operands);
    memset(a, 0, sizeof *a);
}

const char *kh_arg(const kh_args *a, const char *name)
{
    for (size_t k = 0; a->table && a->table[k].name; k++)
        if (strcmp(a->table[k].name, name) == 0)
            return a->values[k];
    assert(0 && "an option that is not in the command's table");
    return NULL;
}

bool kh_arg_on(const kh_args *a, const char *name) { return kh_arg(a, name) != NULL; }

int kh_args_count(const kh_args *a, size_t least, size_t most, const char *usage, kh_error *err)
{
    if (a->n_operands < least)
        return kh_fail(err, KH_EUSAGE, "something is missing; the command is written: %s", usage);
    if (a->n_operands > most)
        return kh_fail(err, KH_EUSAGE, "\"%s\" is too much; the command is written: %s", a->operands[most], usage);
    return KH_OK;
}
