/* SPDX-License-Identifier: MIT */
/* The workspace's open calculation session; flows share it so that columns are read once. */
#ifndef KH_FLOW_SESSION_H
#define KH_FLOW_SESSION_H

#include "calc/calc.h"

struct kh_workspace;
int kh_session(struct kh_workspace *ws, kh_calc **out, kh_error *err);
void kh_session_drop(struct kh_workspace *ws);

#endif
