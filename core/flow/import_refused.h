/* SPDX-License-Identifier: MIT */
/* What a refused return leaves behind, to send back: the bad rows with the reason beside each. */
#ifndef KH_FLOW_IMPORT_REFUSED_H
#define KH_FLOW_IMPORT_REFUSED_H

#include "flow/workspace.h"

/*
 * Writes NAME.refused.csv and NAME.refused.xlsx into refused/ of the first folder granted for writing. The paths (kh_free) are
 * NULL when the workspace grants none: then the findings on the terminal are all there is.
 * Files of one name in several folders get NAME-2, NAME-3, ... within one run.
 */
int kh_import_write_refused(kh_workspace *ws, const kh_intake *in, char **csv, char **xlsx, kh_error *err);

#endif
