/* SPDX-License-Identifier: MIT */
/* A table of options is all that a command writes; everything about parsing is here. */
#include "cli/args.h"

#include "base/mem.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

static size_t table_size(const kh_opt *table)
{
    size_t n = 0;
    while (table && table[n].name)
        n++;
    return n;
}

static int unknown(const kh_opt *table, const char *word, kh_error *err)
{
    size_t n = table_size(table);
    const char **names = kh_alloc((n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = table[i].name;
    int near = kh_text_nearest(word, names, n);
    kh_free(names);
    if (near >= 0)
        return kh_fail(err, KH_EUSAGE, "unknown option %s; did you mean %s?", word, table[near].name);
    return kh_fail(err, KH_EUSAGE, "unknown option %s; --help lists the options", word);
}

static int one_option(kh_args *a, char **argv, int argc, int *i, kh_error *err)
{
    char *word = argv[*i];
    char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    size_t n = table_size(a->table);
    for (size_t k = 0; k < n; k++) {
        const kh_opt *o = &a->table[k];
        if (strlen(o->name) != len || strncmp(o->name, word, len) != 0)
            continue;
        if (!o->value && equals)
            return kh_fail(err, KH_EUSAGE, "option %s takes no value", o->name);
        if (!o->value) {
            a->values[k] = "";
            return KH_OK;
        }
        if (!equals && *i + 1 >= argc)
            return kh_fail(err, KH_EUSAGE, "option %s needs a value: %s %s", o->name, o->name, o->value);
        a->values[k] = equals ? equals + 1 : argv[++*i];
        return KH_OK;
    }
    if (equals)
        *equals = '\0';
    return unknown(a->table, word, err);
}

int kh_args_parse(const kh_opt *table, int argc, char **argv, kh_args *out, kh_error *err)
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
            int rc = one_option(out, argv, argc, &i, err);
            if (rc != KH_OK)
                return rc;
        } else {
            out->operands[out->n_operands++] = argv[i];
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
