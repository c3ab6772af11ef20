/* SPDX-License-Identifier: MIT */
/*
 * PDF is the Word document, converted by whoever the options name: this room
 * starts no programs. The only format whose bytes are not ours to fix.
 */
#include "report/renderers.h"

#include "base/msg.h"

int kh_render_pdf(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    kh_buf docx = KH_BUF_INIT;
    if (!o->pdf)
        return kh_fail(err, KH_EUSAGE, _("no PDF is made here; use docx"));
    int rc = kh_render_docx(d, o, &docx, err);
    if (rc == KH_OK)
        rc = o->pdf(kh_buf_cstr(&docx), docx.len, out, err);
    kh_buf_free(&docx);
    return rc;
}
