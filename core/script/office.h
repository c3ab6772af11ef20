/* SPDX-License-Identifier: MIT */
/*
 * LibreOffice, once: a Word document to PDF, in a private folder, confined,
 * within a time. Starts processes, so never in a confined worker (converter.h).
 */
#ifndef KH_SCRIPT_OFFICE_H
#define KH_SCRIPT_OFFICE_H

#include "base/buf.h"
#include "base/err.h"

typedef enum kh_office {
    KH_OFFICE_DONE,
    KH_OFFICE_MISSING, /* no soffice in PATH */
    KH_OFFICE_FOLDER,  /* the private folder could not be made or written; errno */
    KH_OFFICE_START,   /* the process could not be started; errno */
    KH_OFFICE_FAILED,  /* it ended badly */
    KH_OFFICE_LATE,    /* it took longer than kh_office_seconds(), and was killed */
    KH_OFFICE_NOTHING, /* it ended well and left no PDF */
    KH_OFFICE_GONE     /* who asked is gone, or wants it no more */
} kh_office;

/*
 * `asker`: a socket whose other end belongs to who asked; the work is given up when that end is closed. -1: none. The folder
 * and all processes are gone on return, whatever came of it. pdf is added to, and only by KH_OFFICE_DONE.
 */
kh_office kh_office_pdf(const void *docx, size_t n, int asker, kh_buf *pdf, int *errnum);
int kh_office_seconds(void); /* KEHOACH_PDF_SECONDS, else 180 */
/* Makes this process one that cleans up when it is asked to end (SIGTERM, or its parent's death), and outlives Ctrl-C. */
void kh_office_become_converter(void);
/* KH_OK, or the error in words. */
int kh_office_tell(kh_office what, int errnum, kh_error *err);

#endif
