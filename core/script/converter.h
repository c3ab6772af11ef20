/* SPDX-License-Identifier: MIT */
/*
 * PDF for the worker. The worker starts no programs (confine.c), so it sends the
 * Word document over a socket that it was born with; the supervisor forks a
 * converter, which runs LibreOffice (office.h) and answers. Where no PDF is asked
 * for, nothing of it exists but the socket.
 *
 * Question: the length as uint64_t, the bytes. Answer: an `answer`, the bytes.
 */
#ifndef KH_SCRIPT_CONVERTER_H
#define KH_SCRIPT_CONVERTER_H

#include "base/buf.h"
#include "base/err.h"

#include <sys/types.h>

/* In the supervisor. */
typedef struct kh_converter { int ends[2]; /* ours, the worker's; -1 */ pid_t pid; /* 0: none at work */ int pidfd; } kh_converter;
void kh_converter_open(kh_converter *c);        /* before the fork; without a socket PDF is told to be impossible */
void kh_converter_of_worker(kh_converter *c);   /* after it, in the worker */
void kh_converter_of_supervisor(kh_converter *c);
/* What to wait on now; -1: nothing. Readable: call kh_converter_work. */
int kh_converter_fd(const kh_converter *c);
void kh_converter_work(kh_converter *c);        /* a question has come: forks; or the converter has ended: takes it away */
void kh_converter_close(kh_converter *c);       /* the worker has ended: waits until the converter has cleaned up */

/* In the worker (asks), and where there is no supervisor (does it). Of the type kh_pdf_fn. */
int kh_worker_pdf(const void *docx, size_t n, kh_buf *pdf, kh_error *err);

#endif
