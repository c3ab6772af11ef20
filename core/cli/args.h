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

typedef struct kh_args {
    const kh_opt *table;
    const char **values;  /* [options of the table]: NULL not given; "" for a switch */
    char **operands; size_t n_operands;
} kh_args;

/* `argv` after the command's name. "--x=v" and "--x v"; "--" ends options; "-" is an operand. KH_EUSAGE with the nearest option. */
int kh_args_parse(const kh_opt *table, int argc, char **argv, kh_args *out, kh_error *err);
void kh_args_free(kh_args *a);
const char *kh_arg(const kh_args *a, const char *name);  /* NULL: not given */
bool kh_arg_on(const kh_args *a, const char *name);
/* KH_EUSAGE when there are fewer or more operands; `most` SIZE_MAX: any number. */
int kh_args_count(const kh_args *a, size_t least, size_t most, const char *usage, kh_error *err);

#endif
