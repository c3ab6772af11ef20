/* SPDX-License-Identifier: MIT */
/* The workspace's open calculation session; flows share it so that columns are read once. */
#ifndef KH_FLOW_SESSION_H
#define KH_FLOW_SESSION_H

#include "calc/calc.h"

struct kh_workspace;
int kh_session(struct kh_workspace *ws, kh_calc **out, kh_error *err);
/*
 * For this question alone: where it is about a small part of the units, a session that reads no more than those. The
 * first such question gets one; another that goes beyond it gets the session of all units.
 */
int kh_session_for(struct kh_workspace *ws, const kh_question *q, kh_calc **out, kh_error *err);
void kh_session_drop(struct kh_workspace *ws);

#endif
