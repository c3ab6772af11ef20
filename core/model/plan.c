/* SPDX-License-Identifier: MIT */
/* Names of the roles in an assignment. */
#include "model/plan.h"

#include <string.h>

static const char *const role_names[] = {"lead", "with", "standing"};

const char *kh_role_name(kh_role r)
{
    return role_names[r];
}

bool kh_role_parse(const char *s, kh_role *out)
{
    for (unsigned i = 0; i < sizeof role_names / sizeof *role_names; i++)
        if (strcmp(s, role_names[i]) == 0) {
            *out = (kh_role)i;
            return true;
        }
    return false;
}
