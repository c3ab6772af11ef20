/* SPDX-License-Identifier: MIT */
/* Names of measure types and of the ways to consolidate. */
#include "model/measure.h"

#include <string.h>

static const char *const type_names[] = {"number", "integer", "money", "choice", "text", "yesno"};
static const char *const agg_names[] = {"sum", "mean", "min", "max", "last", "first", "count", "none", "stddev", "variance"};

const char *kh_type_name(kh_type t)
{
    return type_names[t];
}

bool kh_type_parse(const char *s, kh_type *out)
{
    for (unsigned i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (strcmp(s, type_names[i]) == 0) {
            *out = (kh_type)i;
            return true;
        }
    return false;
}

bool kh_type_is_number(kh_type t)
{
    return t != KH_CHOICE && t != KH_TEXT;
}

const char *kh_agg_name(kh_agg a)
{
    return agg_names[a];
}

bool kh_agg_parse(const char *s, kh_agg *out)
{
    for (unsigned i = 0; i < sizeof agg_names / sizeof *agg_names; i++)
        if (strcmp(s, agg_names[i]) == 0) {
            *out = (kh_agg)i;
            return true;
        }
    return false;
}
