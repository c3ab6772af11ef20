/* SPDX-License-Identifier: MIT */
/* A zip container in memory with fixed dates: parts in the order they are added, the same parts the same bytes. */
#ifndef KH_REPORT_PACKAGE_H
#define KH_REPORT_PACKAGE_H

#include "base/buf.h"
#include "base/err.h"

typedef struct kh_package kh_package;
kh_package *kh_package_new(void);
void kh_package_free(kh_package *p);
void kh_package_add(kh_package *p, const char *name, kh_buf *take_bytes); /* the bytes are taken; the buffer is empty after */
void kh_package_add_first(kh_package *p, const char *name, kh_buf *take_bytes); /* before all that are there */
int kh_package_write(kh_package *p, kh_buf *out, kh_error *err);

#endif
