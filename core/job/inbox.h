/* SPDX-License-Identifier: MIT */
/*
 * A drop folder: senders put files in, the import takes them out.
 *
 *   inbox/           what has arrived; names and contents are data, not to be trusted
 *   inbox/.taken/N/  private: a file under work, under its own name
 *   inbox/done/      imported
 *   inbox/refused/   refused, each with its findings beside it as NAME.txt
 *
 * A file is taken when it no longer grows, by a rename, so that whoever dropped
 * it cannot exchange it under the reader; and it leaves .taken only when its
 * import is over. What a killed run leaves there is taken first by the next one:
 * importing the same bytes twice changes nothing.
 *
 * Left alone: names that begin with '.' or "~$", or end with .part, .tmp,
 * .crdownload, .filepart or '~' (somebody is still writing, or never meant it).
 * Told and left alone: what is no regular file, has a second name (a hard link
 * through which it could be changed), or is too large.
 */
#ifndef KH_JOB_INBOX_H
#define KH_JOB_INBOX_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kh_inbox_options {
    int64_t most;     /* bytes; 0: 1 GiB */
    int quiet;        /* a file that nothing has touched for so many seconds is complete; 0: 10; -1: every file is */
    int look_ms;      /* a younger one is looked at twice, so many milliseconds apart; 0: 1,000 */
} kh_inbox_options;

typedef struct kh_taken { /* strings are the inbox's until kh_inbox_finish or the next take */
    const char *name;       /* as it was dropped */
    const char *path;       /* where it is now */
    int64_t size;
    bool left;              /* by a run that was killed */
} kh_taken;

/* Something in the folder that stays there, and why (translated). */
typedef void kh_inbox_note(void *ctx, const char *name, const char *why);

typedef struct kh_inbox kh_inbox;
/* Opens the folder (it must be there; its subfolders are made) and looks at what there is. `note` may be NULL. */
int kh_inbox_open(const char *folder, const kh_inbox_options *o, kh_inbox_note *note, void *ctx, kh_inbox **out, kh_error *err);
void kh_inbox_close(kh_inbox *in); /* NULL is allowed; a file that is taken and not finished is for the next run */
size_t kh_inbox_waiting(const kh_inbox *in); /* files still to be taken */
/* Takes the next one, in the order of names, left ones first. *any false: there is none. */
int kh_inbox_take(kh_inbox *in, kh_taken *out, bool *any, kh_error *err);
/* Is it still the file that was taken (size and time of change)? To be asked when it has been read, before it is stored. */
bool kh_inbox_same(const kh_inbox *in);
/*
 * Moves the taken file to done/, or to refused/ with `text` beside it as NAME.txt. A name that is there already gets a
 * number: "a.csv", "a_2.csv". *where: the path of the file now (kh_free), may be NULL.
 */
int kh_inbox_finish(kh_inbox *in, bool refused, const char *text, size_t len, char **where, kh_error *err);

#endif
