/* SPDX-License-Identifier: MIT */
/* Files as a whole: read at once, written so that a reader sees the old one or the new one, never a half. */
#ifndef KH_BASE_FILE_H
#define KH_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* Whose fault it is that a file cannot be opened: KH_EUSAGE (not there, not allowed, no file), or KH_ESTORE (the disk, the system). */
int kh_open_code(int errnum);
int kh_may_read(const char *path, kh_error *err); /* before anything is done with it; also that it is no folder */
int kh_read_file(const char *path, size_t most, kh_buf *out, kh_error *err); /* KH_EUSAGE: not there, or larger than `most` */
/* The same for a path that was resolved before: refused if a component is a link by now, or the file is none. */
int kh_read_plain(const char *path, size_t most, kh_buf *out, kh_error *err);
int kh_write_plain(const char *path, const void *bytes, size_t n, kh_error *err);
/* Temporary name in the same folder, fsync, rename, fsync the folder. */
int kh_write_file(const char *path, const void *bytes, size_t n, kh_error *err);
/* Opens such a temporary file (mode 0666 less the umask); *temp is its name (kh_free). */
int kh_temp_open(const char *path, char **temp, int *fd, kh_error *err);
/* fsync, close, rename over `path`, fsync the folder; removes the temporary file on failure. Frees temp, closes fd. */
int kh_temp_keep(const char *path, char *temp, int fd, kh_error *err);
void kh_temp_drop(char *temp, int fd); /* removes and frees */
int kh_make_folders(const char *path, kh_error *err); /* like mkdir -p */

#endif
