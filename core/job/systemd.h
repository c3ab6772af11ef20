/* SPDX-License-Identifier: MIT */
/*
 * The two systemd units that run a workspace's due jobs: a service that does it
 * once, and a timer that starts it every few minutes. The timer knows nothing
 * of jobs; what is due is for `kehoach job due` to say, so that a changed job
 * needs no new unit. Texts only: nothing is installed here.
 */
#ifndef KH_JOB_SYSTEMD_H
#define KH_JOB_SYSTEMD_H

#include "base/buf.h"
#include "base/err.h"

typedef struct kh_systemd {
    const char *program;  /* absolute path of kehoach */
    const char *root;     /* absolute path of the workspace */
    const char *title;    /* of the workspace, for people; NULL: its folder's name */
    const char *user;     /* NULL: none is set (a user's own manager) */
    const char *const *write; size_t n_write; /* absolute paths outside the root that reports go to */
    int minutes;          /* between two looks, 1..60; 0: 5 */
} kh_systemd;

/* KH_EUSAGE: a path that is not absolute, or a control byte in a text: no unit file could say it. */
int kh_systemd_service(const kh_systemd *s, kh_buf *out, kh_error *err);
int kh_systemd_timer(const kh_systemd *s, kh_buf *out, kh_error *err);
/* "kehoach-lang-son": the units' name, from the folder's. */
void kh_systemd_name(const kh_systemd *s, kh_buf *out);

#endif
