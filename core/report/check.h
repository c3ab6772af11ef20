/* SPDX-License-Identifier: MIT */
/* What a script can get wrong in a document, found once before any renderer reads it. */
#ifndef KH_REPORT_CHECK_H
#define KH_REPORT_CHECK_H

#include "report/doc.h"

/* KH_EUSAGE with the block and what would be right. Renderers rely on what is proved here. */
int kh_doc_check(const kh_doc *d, kh_error *err);

#endif
