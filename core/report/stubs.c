/* SPDX-License-Identifier: MIT */
/* Word and Excel, until their own files are here. */
#include "report/renderers.h"

int kh_render_docx(const kh_doc *d, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    (void)d, (void)o, (void)out;
    return kh_fail(err, KH_ESTORE, _("docx is not built yet"));
}
