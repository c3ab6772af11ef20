/* SPDX-License-Identifier: MIT */
/* cmocka with the headers that it wants before it. */
#ifndef TESTS_CM_H
#define TESTS_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* Valgrind ends with a fault of its own where a call that ends the process (execve, kill) is refused by the kernel's guards. */
static inline int under_valgrind(void)
{
    const char *run = getenv("RUN");
    return run && strstr(run, "valgrind");
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
