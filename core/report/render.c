/* SPDX-License-Identifier: MIT */
/* Chooses the renderer, and writes its bytes so that a reader finds the old file or the new one, never a half. */
#include "report/render.h"

#include "base/file.h"
#include "base/hash.h"
#include "report/check.h"
#include "report/renderers.h"

#include <string.h>

typedef int render_fn(const kh_doc *, const kh_render_options *, kh_buf *, kh_error *);

static const struct { const char *name; render_fn *render; } formats[] = {
    [KH_FMT_TXT] = {"txt", kh_render_txt},   [KH_FMT_MD] = {"md", kh_render_md},       [KH_FMT_HTML] = {"html", kh_render_html},
    [KH_FMT_CSV] = {"csv", kh_render_csv},   [KH_FMT_XLSX] = {"xlsx", kh_render_xlsx}, [KH_FMT_DOCX] = {"docx", kh_render_docx},
    [KH_FMT_PDF] = {"pdf", kh_render_pdf}};

const char *kh_format_name(kh_format f)
{
    return formats[f].name;
}

bool kh_format_parse(const char *s, kh_format *out)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(s, formats[i].name) == 0) {
            *out = (kh_format)i;
            return true;
        }
    }
    return false;
}

int kh_render(const kh_doc *d, kh_format f, const kh_render_options *o, kh_buf *out, kh_error *err)
{
    static const kh_render_options plain = {0};
    int rc = kh_doc_check(d, err);
    if (rc != KH_OK)
        return rc;
    return formats[f].render(d, o ? o : &plain, out, err);
}

int kh_render_file(const kh_doc *d, kh_format f, const kh_render_options *o, const char *path, char sha256[65], kh_error *err)
{
    kh_buf out = KH_BUF_INIT;
    int rc = kh_render(d, f, o, &out, err);
    if (rc == KH_OK)
        rc = kh_write_file(path, kh_buf_cstr(&out), out.len, err);
    if (rc == KH_OK && sha256)
        kh_sha256_of(kh_buf_cstr(&out), out.len, sha256);
    kh_buf_free(&out);
    return rc;
}
