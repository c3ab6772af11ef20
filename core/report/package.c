/* SPDX-License-Identifier: MIT */
/*
 * libzip behind package.h (and nowhere else in this room). Parts are kept until
 * the end, because libzip reads its sources when it closes the archive.
 */
#include "report/package.h"

#include "base/mem.h"
#include "base/msg.h"

#include <string.h>
#include <time.h>
#include <zip.h>

typedef struct part { char *name, *bytes; size_t len; } part;
struct kh_package { part *parts; size_t n, cap; };

kh_package *kh_package_new(void)
{
    return kh_zalloc(1, sizeof(kh_package));
}

void kh_package_free(kh_package *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++) {
        kh_free(p->parts[i].name);
        kh_free(p->parts[i].bytes);
    }
    kh_free(p->parts);
    kh_free(p);
}

void kh_package_add(kh_package *p, const char *name, kh_buf *take_bytes)
{
    size_t len = take_bytes->len;
    kh_buf_cstr(take_bytes);
    KH_PUSH(p->parts, p->n, p->cap) = (part){kh_strdup(name), kh_buf_take(take_bytes), len};
}

void kh_package_add_first(kh_package *p, const char *name, kh_buf *take_bytes)
{
    kh_package_add(p, name, take_bytes);
    part first = p->parts[p->n - 1];
    memmove(p->parts + 1, p->parts, (p->n - 1) * sizeof *p->parts);
    p->parts[0] = first;
}

/* 1980-01-01 00:00 as this machine's local time: libzip turns it back into exactly these fields, whatever the zone. */
static time_t fixed_time(void)
{
    struct tm tm = {.tm_year = 80, .tm_mon = 0, .tm_mday = 1, .tm_hour = 0, .tm_isdst = -1};
    return mktime(&tm);
}

static int add_part(zip_t *z, const part *p, time_t when)
{
    zip_source_t *s = zip_source_buffer(z, p->bytes, p->len, 0);
    if (!s)
        return -1;
    zip_int64_t at = zip_file_add(z, p->name, s, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(s);
        return -1;
    }
    return zip_file_set_mtime(z, (zip_uint64_t)at, when, 0) == 0 && zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_DEFLATE, 6) == 0 ? 0 : -1;
}

static int read_source(zip_source_t *s, kh_buf *out)
{
    char chunk[16384];
    if (zip_source_open(s) != 0)
        return -1;
    zip_int64_t n;
    while ((n = zip_source_read(s, chunk, sizeof chunk)) > 0)
        kh_buf_add(out, chunk, (size_t)n);
    zip_source_close(s);
    return n == 0 ? 0 : -1;
}

int kh_package_write(kh_package *p, kh_buf *out, kh_error *err)
{
    zip_error_t e;
    zip_error_init(&e);
    int rc = KH_OK;
    time_t when = fixed_time();
    zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_t *z = s ? zip_open_from_source(s, ZIP_TRUNCATE, &e) : NULL;
    if (!z) {
        if (s)
            zip_source_free(s);
        rc = kh_fail(err, KH_ESTORE, _("the document's container could not be made: %s"), zip_error_strerror(&e));
        zip_error_fini(&e);
        return rc;
    }
    zip_source_keep(s); /* it outlives the archive: the bytes are read from it */
    for (size_t i = 0; i < p->n && rc == KH_OK; i++) {
        if (add_part(z, &p->parts[i], when) != 0)
            rc = kh_fail(err, KH_ESTORE, _("the part '%s' of the document could not be added: %s"), p->parts[i].name, zip_strerror(z));
    }
    if (rc != KH_OK) {
        zip_discard(z);
    } else if (zip_close(z) != 0) {
        rc = kh_fail(err, KH_ESTORE, _("the document's container could not be written: %s"), zip_strerror(z));
        zip_discard(z);
    } else if (read_source(s, out) != 0) {
        rc = kh_fail(err, KH_ESTORE, _("the document's container could not be read back"));
    }
    zip_source_free(s);
    zip_error_fini(&e);
    return rc;
}
