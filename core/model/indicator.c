/* SPDX-License-Identifier: MIT */
/* Names of comparators and of the states of a target. */
#include "model/indicator.h"

#include <string.h>

static const char *const comparator_names[] = {"at_least", "above", "at_most", "below", "between", "exactly"};
static const char *const status_names[] = {"", "met", "not_met", "not_due", "no_data", "partial"};

const char *kh_comparator_name(kh_comparator c)
{
    return comparator_names[c];
}

bool kh_comparator_parse(const char *s, kh_comparator *out)
{
    for (unsigned i = 0; i < sizeof comparator_names / sizeof *comparator_names; i++)
        if (strcmp(s, comparator_names[i]) == 0) {
            *out = (kh_comparator)i;
            return true;
        }
    return false;
}

const char *kh_status_name(kh_status s)
{
    return status_names[s];
}
