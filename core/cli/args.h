/* SPDX-License-Identifier: MIT */
/* Options and operands of a command, by a table: unknown ones name the nearest. */
#ifndef KH_CLI_ARGS_H
#define KH_CLI_ARGS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct kh_opt {
    const char *name;    /* "--form" */
    const char *value;   /* "FORM", or NULL: a switch */
    const char *help;    /* msgid, one line */
} kh_opt; /* a table ends with name NULL */

extern const kh_opt kh_global_options[]; /* of every command: before its name or behind it */

typedef struct kh_args {
    const kh_opt *table;
    const char **values;  /* [options of the table]: NULL not given; "" for a switch */
    char **operands; size_t n_operands;
} kh_args;

const kh_opt *kh_opt_find(const kh_opt *table, const char *word); /* "--x" or "--x=v"; NULL: not in the table (which may be NULL) */
/* The value of an option at argv[*i], from its own word or the next, to which *i then moves; "" for a switch. */
int kh_opt_value(const kh_opt *o, int argc, char **argv, int *i, const char **value, kh_error *err);
int kh_opt_unknown(const kh_opt *table, const char *word, kh_error *err); /* KH_EUSAGE, naming the nearest, of every command's too */

/* `argv` after the command's name. "--x=v" and "--x v"; "--" ends options; "-" is an operand. With `rest` all behind the first operand are operands.
   KH_EUSAGE with the nearest option. */
int kh_args_parse(const kh_opt *table, bool rest, int argc, char **argv, kh_args *out, kh_error *err);
void kh_args_free(kh_args *a);
const char *kh_arg(const kh_args *a, const char *name);  /* NULL: not given */
bool kh_arg_on(const kh_args *a, const char *name);
/* KH_EUSAGE when there are fewer or more operands; `most` SIZE_MAX: any number. */
int kh_args_count(const kh_args *a, size_t least, size_t most, const char *usage, kh_error *err);

#endif
