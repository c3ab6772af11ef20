/* SPDX-License-Identifier: MIT */
/*
 * The error object: what failed, where, and what would be right.
 *
 * An operation that can fail takes a `kh_error *` last and returns KH_OK (0) or
 * the negative code that it put there. The code is also the way to the exit
 * status (kh_exit_status). A caller that knows more adds it with kh_wrap; the
 * first cause is kept. `err` may be NULL where nobody wants the text.
 *
 * Three kinds of trouble are never mixed: a failed operation (this), findings
 * about data (model/finding.h: results, not failures), and misuse by the C
 * caller (an assertion).
 *
 * Texts are gettext message ids in English, translated when they are made.
 */
#ifndef KH_BASE_ERR_H
#define KH_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

enum {
    KH_OK = 0,
    KH_EFAULTS = -1, /* done, and the data has faults          exit 1   */
    KH_EUSAGE = -2,  /* wrong usage or definitions             exit 2   */
    KH_ESCRIPT = -3, /* a script failed or met a limit         exit 3   */
    KH_ESTORE = -4,  /* the store or the system failed         exit 4   */
    KH_EBUSY = -5,   /* another run holds the lock, try again  exit 75  */
    KH_EINTR = -6    /* interrupted                            exit 130 */
};

typedef struct kh_error {
    int code;    /* KH_OK or one of the above */
    char *file;  /* NULL, or the file that the fault is in (owned) */
    int line;    /* 0: unknown; else from 1 */
    char *text;  /* what is wrong and what would be right, one line (owned) */
    char *trace; /* NULL, or further lines: a script's traceback (owned) */
} kh_error;

#define KH_ERROR_INIT {0, NULL, 0, NULL, NULL}

#if defined(__GNUC__)
#define KH_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define KH_PRINTF(f, a)
#endif

/* Sets *err (what it held is freed) and returns `code`. `msgid` is translated, then formatted. */
int kh_fail(kh_error *err, int code, const char *msgid, ...) KH_PRINTF(3, 4);
int kh_fail_at(kh_error *err, int code, const char *file, int line, const char *msgid, ...) KH_PRINTF(5, 6);
int kh_failv(kh_error *err, int code, const char *file, int line, const char *msgid, va_list ap) KH_PRINTF(5, 0);
/* Puts "msgid: " before the text that is there; returns err->code. No effect on an empty error. */
int kh_wrap(kh_error *err, const char *msgid, ...) KH_PRINTF(2, 3);
/* Frees what the error holds and makes it KH_OK again. */
void kh_error_clear(kh_error *err);
/* Moves `from` into `to` (which is cleared first); returns the code. */
int kh_error_move(kh_error *to, kh_error *from);
/* "file:line: text", owned by the caller (kh_free). */
char *kh_error_line(const kh_error *err);
/* The exit status of DESIGN 5 for a code. */
int kh_exit_status(int code);

/*
 * The analyzer sees one file at a time and would follow paths on which kh_fail
 * returns KH_OK. It cannot: say so to it.
 */
#ifdef __clang_analyzer__
#define kh_fail(err, code, ...) ((void)(kh_fail)((err), (code), __VA_ARGS__), (int)(code))
#define kh_fail_at(err, code, ...) ((void)(kh_fail_at)((err), (code), __VA_ARGS__), (int)(code))
#endif

#endif
