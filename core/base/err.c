/* SPDX-License-Identifier: MIT */
/*
 * The error object. A text is made (translated and formatted) before the old
 * one is freed, so that a new text may quote the one that it replaces.
 */
#include "base/err.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/msg.h"

#include <assert.h>

void kh_error_clear(kh_error *err)
{
    if (!err)
        return;
    kh_free(err->file);
    kh_free(err->text);
    kh_free(err->trace);
    *err = (kh_error)KH_ERROR_INIT;
}

int kh_failv(kh_error *err, int code, const char *file, int line, const char *msgid, va_list ap)
{
    assert(code < 0);
    if (!err)
        return code;
    kh_buf text = KH_BUF_INIT;
    kh_buf_vprintf(&text, kh_tr(msgid), ap);
    char *where = file ? kh_strdup(file) : NULL;
    kh_error_clear(err);
    err->code = code;
    err->file = where;
    err->line = line;
    err->text = kh_buf_take(&text);
    return code;
}

int(kh_fail)(kh_error *err, int code, const char *msgid, ...)
{
    va_list ap;
    va_start(ap, msgid);
    code = kh_failv(err, code, NULL, 0, msgid, ap);
    va_end(ap);
    return code;
}

int(kh_fail_at)(kh_error *err, int code, const char *file, int line, const char *msgid, ...)
{
    va_list ap;
    va_start(ap, msgid);
    code = kh_failv(err, code, file, line, msgid, ap);
    va_end(ap);
    return code;
}

int kh_wrap(kh_error *err, const char *msgid, ...)
{
    if (!err)
        return KH_ESTORE; /* the true code went with the object: never look like success */
    if (err->code == KH_OK)
        return KH_OK;
    kh_buf text = KH_BUF_INIT;
    va_list ap;
    va_start(ap, msgid);
    kh_buf_vprintf(&text, kh_tr(msgid), ap);
    va_end(ap);
    kh_buf_str(&text, ": ");
    kh_buf_str(&text, err->text ? err->text : "");
    kh_free(err->text);
    err->text = kh_buf_take(&text);
    return err->code;
}

int kh_error_move(kh_error *to, kh_error *from)
{
    int code = from->code;
    if (to == from)
        return code;
    if (to) {
        kh_error_clear(to);
        *to = *from;
        *from = (kh_error)KH_ERROR_INIT;
    } else {
        kh_error_clear(from);
    }
    return code;
}

char *kh_error_line(const kh_error *err)
{
    kh_buf line = KH_BUF_INIT;
    if (err->file && err->line > 0)
        kh_buf_printf(&line, "%s:%d: ", err->file, err->line);
    else if (err->file)
        kh_buf_printf(&line, "%s: ", err->file);
    kh_buf_str(&line, err->text ? err->text : "");
    return kh_buf_take(&line);
}

int kh_exit_status(int code)
{
    switch (code) {
    case KH_OK: return 0;
    case KH_EFAULTS: return 1;
    case KH_EUSAGE: return 2;
    case KH_ESCRIPT: return 3;
    case KH_EBUSY: return 75; /* EX_TEMPFAIL: what schedulers take for "try again" */
    case KH_EINTR: return 130;
    default: return 4;
    }
}
